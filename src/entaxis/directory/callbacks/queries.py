"""Which calls somebody owes, and who calls."""

from django.db.models import Q, QuerySet

from entaxis.accounts import rules
from entaxis.accounts.models import Membership, User
from entaxis.accounts.queries import municipalities_of
from entaxis.accounts.rules import Somebody
from entaxis.directory.models import Callback
from entaxis.geography.models import Area


def callbacks_for(user: User, region: Area) -> QuerySet[Callback]:
    """The calls this person may make, the longest waiting first, then those that ended, latest first."""
    rows = Callback.objects.filter(region=region).select_related("municipality", "region", "handled_by")
    if rules.is_editor(user, region):
        return rows
    return rows.filter(municipality__in=municipalities_of(user, region).values("pk"))


def calls(user: Somebody, region: Area) -> bool:
    """Belongs to those who call: the Observatory's people and the municipalities'."""
    return isinstance(user, User) and (
        rules.is_editor(user, region)
        or any(
            held.region_id == region.pk and held.role in Membership.OF_MUNICIPALITY
            for held in rules.memberships(user)
        )
    )


def callers_of(callback: Callback) -> list[User]:
    """The people of the municipality; nobody where it has none, or where none was named."""
    if callback.municipality_id is None:
        return []
    return _people(Q(municipality=callback.municipality_id, role__in=Membership.OF_MUNICIPALITY))


def observatory_of(region_id: int) -> list[User]:
    """The people of the region's Observatory."""
    return _people(Q(region=region_id, role__in=Membership.OF_REGION))


def _people(held: Q) -> list[User]:
    members = Membership.objects.in_force().filter(held)
    return list(User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("pk"))
