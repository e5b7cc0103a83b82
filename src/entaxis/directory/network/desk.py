"""The network's tasks on the desk of those who work here."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.desk import Group, Task, register
from entaxis.accounts.models import User
from entaxis.accounts.rules import is_body_member
from entaxis.directory.network import queries
from entaxis.geography.models import Area


def _letters(user: User, region: Area) -> int:
    return queries.letters_for(user, region).filter(answered_at=None).count()


register(
    Task(Group.NETWORK, _("Bodies, and what they say of themselves"), "network:office", is_body_member),
    Task(Group.NETWORK, _("Messages to bodies"), "network:office-letters", is_body_member, _letters),
)
