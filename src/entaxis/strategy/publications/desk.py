"""Publishing on the desk of those who work here."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.desk import Group, Task, register
from entaxis.accounts.models import User
from entaxis.accounts.rules import is_editor
from entaxis.geography.models import Area
from entaxis.strategy.publications import queries, rules


def _for_review(user: User, region: Area) -> int:
    return queries.waiting(region)


register(
    Task(Group.PUBLISHING, _("My publications"), "publishing:space", rules.publishes),
    Task(Group.PUBLISHING, _("Waiting for review"), "publishing:queue", is_editor, _for_review),
)
