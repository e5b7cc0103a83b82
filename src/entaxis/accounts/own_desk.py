"""The room's own tasks on the desk of those who work here."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts import requesting
from entaxis.accounts.desk import Group, Task, register
from entaxis.accounts.models import AccessRequest, User
from entaxis.accounts.rules import Somebody, administers_people
from entaxis.geography.models import Area


def _decides(user: Somebody, region: Area) -> bool:
    return administers_people(user)


def _requests(user: User, region: Area) -> int:
    return requesting.for_decider(user, region).filter(state=AccessRequest.State.OPEN).count()


register(
    Task(Group.PEOPLE, _("People and bodies"), "accounts:places", _decides),
    Task(Group.PEOPLE, _("Requests for access"), "accounts:requests", _decides, _requests),
)
