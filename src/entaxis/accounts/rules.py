"""Who may do what: named predicates. Views and templates ask these and nothing else."""

from django.contrib.auth.models import AnonymousUser

from entaxis.accounts.models import Membership, User
from entaxis.geography.models import Area

Somebody = User | AnonymousUser


def is_editor(user: Somebody, region: Area) -> bool:
    """May edit the Observatory's content of this region."""
    return _holds(user, region, Membership.Role.EDITOR, Membership.Role.REGION_ADMINISTRATOR)


def is_region_administrator(user: Somebody, region: Area) -> bool:
    """May manage this region's people, bodies and confidential places."""
    return _holds(user, region, Membership.Role.REGION_ADMINISTRATOR)


def is_administrator(user: Somebody) -> bool:
    """Keeps the platform itself."""
    return user.is_active and user.is_superuser


def _holds(user: Somebody, region: Area, *roles: Membership.Role) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    # One query a person a request, however often a page asks.
    held: set[tuple[int, str]] | None = getattr(user, "_roles_in_force", None)
    if held is None:
        held = set(user.memberships.in_force().values_list("region_id", "role"))
        user._roles_in_force = held  # type: ignore[attr-defined]
    return user.is_superuser or any((region.pk, role.value) in held for role in roles)
