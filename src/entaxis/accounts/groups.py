"""Django's groups, one for each role and region: what Wagtail's editing pages go by.

The room above gives a group its rights over the region's pages, pictures and documents. Who belongs
to which group follows from the memberships and from nothing else.
"""

from django.contrib.auth.models import Group

from entaxis.accounts.models import Membership, User
from entaxis.geography.models import Area

STAFF = (Membership.Role.EDITOR, Membership.Role.REGION_ADMINISTRATOR)
PREFIX = "entaxis:"


def name_of(role: Membership.Role, region: Area) -> str:
    """How the group of this role in this region is called."""
    return f"{PREFIX}{role.value}:{region.code}"


def group_of(role: Membership.Role, region: Area) -> Group:
    """The group, made where it is not there yet."""
    return Group.objects.get_or_create(name=name_of(role, region))[0]


def renew(user: User) -> None:
    """Make ``is_staff`` and the groups of this person what their memberships in force say."""
    held = user.memberships.in_force().filter(role__in=STAFF).select_related("region")
    theirs = [group_of(Membership.Role(membership.role), membership.region) for membership in held]
    others = list(user.groups.exclude(name__startswith=PREFIX))
    user.groups.set([*others, *theirs])
    is_staff = bool(theirs) or user.is_superuser
    if user.is_staff != is_staff:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])
