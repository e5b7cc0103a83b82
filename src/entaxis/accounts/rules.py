"""Who may do what: named predicates. Views and templates ask these and nothing else."""

from collections.abc import Callable
from enum import IntEnum

from django.contrib.auth.models import AnonymousUser

from entaxis.accounts.models import Membership, User
from entaxis.geography.models import Area

Somebody = User | AnonymousUser
Predicate = Callable[[Somebody, Area], bool]


class Role(IntEnum):
    """The ladder of roles: who stands higher may do in the region what those below may."""

    VISITOR = 0
    SIGNED_IN = 1
    BODY_MEMBER = 2
    EDITOR = 3
    REGION_ADMINISTRATOR = 4
    ADMINISTRATOR = 5

    @property
    def is_staff(self) -> bool:
        """Works in the Observatory: a second factor is compulsory."""
        return self >= Role.EDITOR


def is_signed_in(user: Somebody, region: Area) -> bool:
    """Is a known person, whatever the region."""
    return isinstance(user, User) and user.is_active


def is_body_member(user: Somebody, region: Area) -> bool:
    """Belongs to a body of this region, or works in its Observatory."""
    return _holds(user, region, *Membership.Role)


def is_editor(user: Somebody, region: Area) -> bool:
    """May edit the Observatory's content of this region."""
    return _holds(user, region, Membership.Role.EDITOR, Membership.Role.REGION_ADMINISTRATOR)


def is_region_administrator(user: Somebody, region: Area) -> bool:
    """May manage this region's people, bodies and confidential places."""
    return _holds(user, region, Membership.Role.REGION_ADMINISTRATOR)


def is_administrator(user: Somebody, region: Area | None = None) -> bool:
    """Keeps the platform itself, in every region."""
    return isinstance(user, User) and user.is_active and user.is_superuser


PREDICATES: dict[Role, Predicate] = {
    Role.SIGNED_IN: is_signed_in,
    Role.BODY_MEMBER: is_body_member,
    Role.EDITOR: is_editor,
    Role.REGION_ADMINISTRATOR: is_region_administrator,
    Role.ADMINISTRATOR: is_administrator,
}


def holds(user: Somebody, region: Area, role: Role) -> bool:
    """Stands at least as high as ``role`` in this region."""
    return role is Role.VISITOR or PREDICATES[role](user, region)


def _holds(user: Somebody, region: Area, *roles: Membership.Role) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    # One query a person a request, however often a page asks.
    held: set[tuple[int, str]] | None = getattr(user, "_roles_in_force", None)
    if held is None:
        held = set(user.memberships.in_force().values_list("region_id", "role"))
        user._roles_in_force = held  # type: ignore[attr-defined]
    return user.is_superuser or any((region.pk, role.value) in held for role in roles)
