"""Reads with a name: bodies, people and rights."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from entaxis.accounts import rights, rules
from entaxis.accounts.models import Body, Membership, User
from entaxis.accounts.rights import Right
from entaxis.geography.models import Area, Level

Role = Membership.Role
_HEIGHT = Case(*(When(role=role, then=Value(height)) for height, role in enumerate(Role)))


def bodies_of(user: User | AnonymousUser, region: Area) -> QuerySet[Body]:
    """The bodies of the region that the person may act for: `rules.may_act_for`, as a query."""
    bodies = Body.objects.standing().filter(region=region)
    if rules.is_editor(user, region):
        return bodies
    held = rules.memberships(user)
    return bodies.filter(
        Q(pk__in=[membership.body_id for membership in held if membership.body_id])
        | Q(
            municipality__in=[m.municipality_id for m in held if m.municipality_id],
            kind__in=Body.MUNICIPAL_KINDS,
        )
    )


def municipalities_of(user: User | AnonymousUser, region: Area) -> QuerySet[Area]:
    """The municipalities of the region that the person may write for: `rules.may_write_for`."""
    inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY)
    if rules.is_editor(user, region):
        return inside
    return inside.filter(pk__in=[m.municipality_id for m in rules.memberships(user) if m.municipality_id])


def bodies_administered_by(user: User | AnonymousUser, region: Area) -> QuerySet[Body]:
    """The bodies of the region whose people the person administers: `rules.may_administer_body`."""
    bodies = Body.objects.standing().filter(region=region).select_related("municipality")
    if rules.is_region_administrator(user, region):
        return bodies
    held = rules.memberships(user)
    return bodies.filter(
        Q(pk__in=[m.body_id for m in held if m.role == Role.BODY_ADMINISTRATOR])
        | Q(
            municipality__in=[m.municipality_id for m in held if m.role == Role.MUNICIPAL_ADMINISTRATOR],
            kind__in=Body.MUNICIPAL_KINDS,
        )
    )


def municipalities_administered_by(user: User | AnonymousUser, region: Area) -> QuerySet[Area]:
    """The municipalities of the region whose people the person administers."""
    inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY).order_by("name_el")
    if rules.is_region_administrator(user, region):
        return inside
    held = rules.memberships(user)
    return inside.filter(pk__in=[m.municipality_id for m in held if m.role == Role.MUNICIPAL_ADMINISTRATOR])


def people_of(place: Area | Body) -> QuerySet[Membership]:
    """The memberships in force in exactly this place, administrators first, then by name."""
    scope = rules.Scope.of(place)
    return (
        Membership.objects.in_force()
        .filter(region=scope.region_id, municipality=scope.municipality_id, body=scope.body)
        .select_related("user", "region", "municipality", "body")
        .order_by(_HEIGHT, "user__display_name", "user__email", "pk")
    )


def administrators_of(place: Area | Body) -> QuerySet[User]:
    """The active people who decide in exactly this place."""
    return User.objects.filter(
        is_active=True, memberships__in=people_of(place).filter(role__in=rules.ADMINISTRATORS)
    ).distinct()


def rights_of(user: User, region: Area) -> list[Right]:
    """What the person may do in the region, through which membership, until when."""
    held = [membership for membership in rules.memberships(user) if membership.region_id == region.pk]
    rows = [
        Right(what=what, where=str(membership.scope), through=str(membership), until=membership.until)
        for membership in held
        for what in what_may(Role(membership.role))
    ]
    if rules.is_administrator(user):
        rows.insert(0, Right(_("Everything, in every region"), _("The platform"), _("Administrator")))
    return rows + rights.told_by_rooms(user, region)


def what_may(role: Membership.Role) -> list[str]:
    """What a role allows, in sentences, what is its own first."""
    write = _("Write in its name, and keep the entries of its structures")
    content = _("Edit, check and publish the content of the region")
    people = _("Invite people, give and end roles")
    sentences = {
        Role.REGION_ADMINISTRATOR: [
            people,
            content,
            _("Keep the places of shelters, the bodies, the brand"),
        ],
        Role.EDITOR: [content],
        Role.MUNICIPAL_ADMINISTRATOR: [people, _("Keep the municipality's bodies"), write],
        Role.MUNICIPAL_EDITOR: [write],
        Role.BODY_ADMINISTRATOR: [people, _("Keep what the body says of itself"), write],
        Role.BODY_MEMBER: [write],
    }
    return sentences[role]
