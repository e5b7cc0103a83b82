"""Who may do what: named predicates. Views and templates ask these and nothing else.

A person's memberships in force are read once a request, whatever a page asks. A membership that has
ended, one in a dissolved body and a person made inactive open nothing from the next request on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from django.contrib.auth.models import AnonymousUser

from entaxis.accounts.models import Body, Membership, User
from entaxis.geography.models import Area, Level

Somebody = User | AnonymousUser
Predicate = Callable[[Somebody, Area], bool]
Given = Membership.Role  # a role that is given, with a scope; `Role` below is a height of the ladder


class Role(IntEnum):
    """The ladder of doors: who stands higher passes every door that those below pass.

    A door says only how high one must stand in the region; which object one may touch behind it is
    asked with `may_act_for` and its like.
    """

    VISITOR = 0
    SIGNED_IN = 1
    BODY_MEMBER = 2  # of a body or a municipality, as member, editor or administrator
    EDITOR = 3
    REGION_ADMINISTRATOR = 4
    ADMINISTRATOR = 5

    @property
    def is_staff(self) -> bool:
        """Works in the Observatory: a second factor is compulsory."""
        return self >= Role.EDITOR


@dataclass(frozen=True)
class Scope:
    """Where a role holds: exactly one of the three places that roles have, the region always known."""

    region_id: int
    municipality_id: int | None = None
    body: Body | None = None

    @classmethod
    def of(cls, place: Area | Body) -> Self:
        """The scope of a region, a municipality or a body.

        Raises:
            ValueError: an area of another level.
        """
        if isinstance(place, Body):
            return cls(place.region_id, body=place)
        if place.level == Level.REGION:
            return cls(place.pk)
        if place.level == Level.MUNICIPALITY and place.region_id:
            return cls(place.region_id, place.pk)
        raise ValueError(f"no role is held in a {place.level}")


def is_signed_in(user: Somebody, region: Area) -> bool:
    """Is a known person, whatever the region."""
    return isinstance(user, User) and user.is_active


def is_body_member(user: Somebody, region: Area) -> bool:
    """Belongs to a body or a municipality of this region, or works in its Observatory."""
    return _is_superuser(user) or any(held.region_id == region.pk for held in memberships(user))


def is_editor(user: Somebody, region: Area) -> bool:
    """May edit the Observatory's content of this region."""
    return _holds(user, *Membership.OF_REGION, region=region.pk)


def is_region_administrator(user: Somebody, region: Area) -> bool:
    """May manage this region's people, bodies and confidential places."""
    return _holds(user, Given.REGION_ADMINISTRATOR, region=region.pk)


def is_administrator(user: Somebody, region: Area | None = None) -> bool:
    """Keeps the platform itself, in every region."""
    return _is_superuser(user)


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


def may_act_for(user: Somebody, body: Body) -> bool:
    """May write in the body's name and keep the entries of its structures."""
    if body.is_dissolved:
        return False
    return (
        _holds(user, *Membership.OF_REGION, region=body.region_id)
        or _holds(user, *Membership.OF_BODY, body=body)
        or (
            body.is_municipal
            and _holds(user, *Membership.OF_MUNICIPALITY, municipality=body.municipality_id)
        )
    )


def may_write_for(user: Somebody, municipality: Area) -> bool:
    """May write for the municipality as such."""
    return _holds(user, *Membership.OF_REGION, region=municipality.region_id) or _holds(
        user, *Membership.OF_MUNICIPALITY, municipality=municipality.pk
    )


def may_administer_body(user: Somebody, body: Body) -> bool:
    """May change what the body says of itself, and its people; nobody may once it is dissolved."""
    return not body.is_dissolved and (
        _holds(user, Given.REGION_ADMINISTRATOR, region=body.region_id)
        or _holds(user, Given.BODY_ADMINISTRATOR, body=body)
        or (
            body.is_municipal
            and _holds(user, Given.MUNICIPAL_ADMINISTRATOR, municipality=body.municipality_id)
        )
    )


def may_dissolve(user: Somebody, body: Body) -> bool:
    """May end a body: those above it, not its own administrators."""
    return not body.is_dissolved and (
        _holds(user, Given.REGION_ADMINISTRATOR, region=body.region_id)
        or (
            body.is_municipal
            and body.kind != Body.Kind.MUNICIPALITY
            and _holds(user, Given.MUNICIPAL_ADMINISTRATOR, municipality=body.municipality_id)
        )
    )


def may_administer_people(user: Somebody, place: Area | Body) -> bool:
    """May see, invite and end the people of a region, a municipality or a body."""
    if isinstance(place, Body):
        return may_administer_body(user, place)
    scope = Scope.of(place)
    return _holds(user, Given.REGION_ADMINISTRATOR, region=scope.region_id) or (
        scope.municipality_id is not None
        and _holds(user, Given.MUNICIPAL_ADMINISTRATOR, municipality=scope.municipality_id)
    )


def may_give(user: Somebody, role: Given, place: Area | Body) -> bool:
    """May give, change and end ``role`` there: never one above one's own, never outside one's scope."""
    return role in roles_of(place) and may_administer_people(user, place)


def roles_of(place: Area | Body) -> tuple[Given, ...]:
    """The roles that are held in a region, a municipality or a body, highest first."""
    if isinstance(place, Body):
        return Membership.OF_BODY
    return Membership.OF_MUNICIPALITY if Scope.of(place).municipality_id else Membership.OF_REGION


def administers_people(user: Somebody) -> bool:
    """Decides over other people somewhere: a second factor is compulsory."""
    return _is_superuser(user) or any(held.role in ADMINISTRATORS for held in memberships(user))


ADMINISTRATORS = (Given.REGION_ADMINISTRATOR, Given.MUNICIPAL_ADMINISTRATOR, Given.BODY_ADMINISTRATOR)


def memberships(user: Somebody) -> list[Membership]:
    """The memberships of this person in force, read once a request; none of somebody inactive."""
    if not isinstance(user, User) or not user.is_active:
        return []
    held: list[Membership] | None = getattr(user, "_memberships_in_force", None)
    if held is None:
        places = ("region", "municipality", "body")
        held = list(user.memberships.in_force().select_related(*places).order_by("pk"))
        user._memberships_in_force = held  # type: ignore[attr-defined]
    return held


def forget(user: User) -> None:
    """Read this person's memberships again when next asked: they have changed."""
    user.__dict__.pop("_memberships_in_force", None)


def _is_superuser(user: Somebody) -> bool:
    return isinstance(user, User) and user.is_active and user.is_superuser


def _holds(
    user: Somebody,
    *roles: Given,
    region: int | None = None,
    municipality: int | None = None,
    body: Body | None = None,
) -> bool:
    """Whether one of ``roles`` is held in the one place that is named."""
    return _is_superuser(user) or any(
        held.role in roles
        and (region is None or held.region_id == region)
        and (municipality is None or held.municipality_id == municipality)
        and (body is None or held.body_id == body.pk)
        for held in memberships(user)
    )
