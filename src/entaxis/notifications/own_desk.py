"""The room's own task on the desk of those who work here."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.desk import Group, Task, register
from entaxis.accounts.models import User
from entaxis.accounts.rules import is_region_administrator
from entaxis.geography.models import Area
from entaxis.notifications import queries


def _in_trouble(user: User, region: Area) -> int:
    return queries.in_trouble(region).count()


register(
    Task(
        Group.REGION,
        _("Mail that did not arrive"),
        "notifications:trouble",
        is_region_administrator,
        _in_trouble,
    )
)
