"""Reads with a name: bodies, what they do, their people and letters."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from entaxis.accounts.models import Body, Membership, User
from entaxis.accounts.queries import bodies_administered_by
from entaxis.accounts.rules import Somebody, is_editor, memberships
from entaxis.core import greek
from entaxis.directory.models.structures import Structure
from entaxis.directory.network.choices import with_narrower
from entaxis.directory.network.models import (
    BodyProfile,
    Introduction,
    Letter,
    Network,
    NetworkMember,
    Notice,
    NoticeFile,
    Practice,
    VolunteerOffer,
    VolunteerRequest,
)
from entaxis.geography.models import Area
from entaxis.vocabularies.models import Term

MOST_WORDS: Final = 6  # of a question
SHORTEST_CUT: Final = 6  # letters; shorter words keep their endings


@dataclass(frozen=True)
class Asked:
    """What a reader wants of the bodies; empty values ask nothing."""

    words: str = ""
    kind: str = ""
    municipality: str = ""
    theme: str = ""
    group: str = ""


def bodies(region: Area, asked: Asked) -> QuerySet[Body]:
    """The standing bodies of the region that answer, by name, each with its number of structures.

    What a body does, where and for whom is what it says itself, and what its structures offer.
    """
    found: QuerySet[Body] = (
        Body.objects.standing().filter(region=region).select_related("municipality", "profile")
    )
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.municipality:
        found = found.filter(
            Q(municipality__code=asked.municipality)
            | Q(profile__area_codes__contains=[asked.municipality])
            | Exists(_open_structures().filter(municipality__code=asked.municipality))
        )
    if asked.theme:
        needs = Q(offers__needs__key=asked.theme) | Q(offers__needs__parent__key=asked.theme)
        found = found.filter(
            Q(profile__themes__contains=[asked.theme]) | Exists(_open_structures().filter(needs))
        )
    if asked.group:
        keys = with_narrower(asked.group)
        found = found.filter(
            Q(profile__target_groups__overlap=keys)
            | Exists(_open_structures().filter(offers__target_groups__key__in=keys))
        )
    found = _holding(found, asked.words)
    return found.annotate(
        structure_count=Count(
            "structures",
            filter=Q(structures__status="published", structures__is_confidential=False),
        )
    ).order_by("name_el", "pk")


def _open_structures() -> QuerySet[Structure]:
    """Structures of the body that readers see. Confidential ones betray nothing about anybody here."""
    return Structure.objects.published().placed().filter(body=OuterRef("pk"))


OF_BODY: Final = ("name_el", "name_en", "description_el", "description_en")


def _holding(found: Any, words: str, parts: tuple[str, ...] = OF_BODY) -> Any:
    """Those whose ``parts`` hold every word; accents, case and endings are forgiven."""
    asked = [_cut(word) for word in greek.words(words)][:MOST_WORDS]
    if words.strip() and not asked:
        return found.none()
    if asked:
        glued = Concat(
            *(value for part in parts for value in (F(part), Value(" "))), output_field=TextField()
        )
        found = found.annotate(said=Func(glued, function="entaxis_fold", output_field=TextField()))
    for word in asked:
        found = found.filter(said__contains=word)
    return found


def _cut(word: str) -> str:
    """The word without the two letters that inflection changes."""
    return word[:-2] if len(word) >= SHORTEST_CUT else word


@dataclass(frozen=True)
class Work:
    """What the structures of a body say it does, where and for whom."""

    structures: list[Structure]
    services: list[Term]
    groups: list[Term]
    municipalities: list[Area]


def work_of(body: Body) -> Work:
    """Read from its published structures, without confidential ones (3 queries)."""
    rows = list(
        Structure.objects.published()
        .placed()
        .filter(body=body)
        .select_related("kind", "municipality")
        .order_by("kind__order", "name_el", "pk")
    )
    places = {row.municipality.pk: row.municipality for row in rows if row.municipality}
    return Work(
        structures=rows,
        services=_terms_of(rows, "offers"),
        groups=_terms_of(rows, "offers_for_group"),
        municipalities=sorted(places.values(), key=lambda area: area.name),
    )


def _terms_of(rows: list[Structure], relation: str) -> list[Term]:
    if not rows:
        return []
    found = Term.objects.filter(**{f"{relation}__structure__in": rows}).distinct()
    return list(found.order_by("order", "label_el"))


def profile_of(body: Body) -> BodyProfile:
    """What the body says of itself; an empty one that is not stored where it said nothing."""
    try:
        return body.profile
    except BodyProfile.DoesNotExist:
        return BodyProfile(body=body)


def areas_of(region: Area, codes: list[str]) -> list[Area]:
    """The municipalities of these codes, by name."""
    found = Area.objects.municipalities().of(region).filter(code__in=codes) if codes else []
    return sorted(found, key=lambda area: area.name)


# --- people ----------------------------------------------------------------------------------------


def people_of(body: Body) -> QuerySet[User]:
    """Those whom `rules.belongs_to` lets in."""
    held = Membership.objects.in_force().filter(body=body)
    if body.is_municipal:
        held |= Membership.objects.in_force().filter(municipality=body.municipality_id)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")


def readers_of(body: Body) -> QuerySet[User]:
    """Who reads what is written to the body: its people, or the Observatory's where it has none."""
    theirs = people_of(body)
    if theirs.exists():
        return theirs
    return editors_of(body.region)


def editors_of(region: Area) -> QuerySet[User]:
    """The Observatory's people of the region."""
    editors = Membership.objects.in_force().filter(region=region, role__in=Membership.OF_REGION)
    return User.objects.filter(pk__in=editors.values("user"), is_active=True).order_by("pk")


def vetters_of(body: Body, volunteer: User | None = None) -> QuerySet[User]:
    """Who checks a volunteer for the body: those who administer it, or the Observatory's editors.

    Nobody checks themselves.
    """
    held = Membership.objects.in_force().filter(body=body, role=Membership.Role.BODY_ADMINISTRATOR)
    if body.is_municipal:
        held |= Membership.objects.in_force().filter(
            municipality=body.municipality_id, role=Membership.Role.MUNICIPAL_ADMINISTRATOR
        )
    apart = Q(pk=volunteer.pk) if volunteer else Q(pk=None)
    theirs = User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(apart).order_by("pk")
    return theirs if theirs.exists() else editors_of(body.region).exclude(apart)


def bodies_of(user: Somebody, region: Area) -> QuerySet[Body]:
    """The bodies of the region that the person belongs to: `rules.belongs_to`, as a query."""
    return Body.objects.standing().filter(_belonging(user), region=region)


def bodies_read_by(user: Somebody, region: Area) -> QuerySet[Body]:
    """The bodies whose letters the person reads: `readers_of`, the other way round."""
    theirs = _belonging(user)
    if is_editor(user, region):
        in_force = Membership.objects.in_force().filter(user__is_active=True)
        own = Exists(in_force.filter(body=OuterRef("pk")))
        municipal = Q(kind__in=Body.MUNICIPAL_KINDS) & Exists(
            in_force.filter(municipality=OuterRef("municipality"))
        )
        theirs |= ~Q(own | municipal)
    return Body.objects.standing().filter(theirs, region=region)


def _belonging(user: Somebody) -> Q:
    held = memberships(user)
    return Q(pk__in=[row.body_id for row in held if row.body_id]) | Q(
        municipality__in=[row.municipality_id for row in held if row.municipality_id],
        kind__in=Body.MUNICIPAL_KINDS,
    )


def letters_for(user: Somebody, region: Area) -> QuerySet[Letter]:
    """The letters that the person reads, those that wait first, the oldest of them first."""
    rows = Letter.objects.filter(body__in=bodies_read_by(user, region)).select_related(
        "body", "answered_by"
    )
    return rows.order_by(F("answered_at").asc(nulls_first=True), "created_at", "pk")


# --- volunteering ----------------------------------------------------------------------------------


def open_requests(region: Area, *, theme: str = "", municipality: str = "") -> Any:
    """The requests that volunteers may answer today, the newest first."""
    found = (
        VolunteerRequest.objects.of(region)
        .published()
        .filter(expires_on__gte=timezone.localdate(), body__dissolved_on=None)
        .select_related("body", "municipality", "structure")
    )
    if theme:
        found = found.filter(themes__contains=[theme])
    if municipality:
        found = found.filter(Q(municipality__code=municipality) | Q(municipality=None))
    return found.order_by("-published_at", "pk")


def matches(request: VolunteerRequest) -> QuerySet[VolunteerOffer]:
    """Open offers that fit by theme and place, those that name the place first; none asked already.

    Where minors or old people are concerned, only people who were checked for it.
    """
    found = VolunteerOffer.objects.filter(
        region=request.region,
        state=VolunteerOffer.State.OPEN,
        expires_on__gte=timezone.localdate(),
        themes__overlap=request.themes,
    ).exclude(introductions__request=request)
    if request.needs_vetting:
        found = found.filter(with_protected=True, vetted_at__isnull=False)
    if request.municipality:
        found = found.filter(Q(area_codes__contains=[request.municipality.code]) | Q(area_codes=[]))
    return found.order_by(F("area_codes__len").desc(nulls_last=True), "-created_at", "pk")


def introductions_for(user: Somebody, region: Area) -> QuerySet[Introduction]:
    """What volunteers wrote to the bodies whose letters the person reads, those that wait first."""
    rows = Introduction.objects.filter(
        request__region=region,
        request__body__in=bodies_read_by(user, region),
        state__in=[Introduction.State.OPEN, Introduction.State.ANSWERED],
    )
    return rows.select_related("request__body", "answered_by").order_by(
        F("answered_at").asc(nulls_first=True), "created_at", "pk"
    )


def introductions_to_check(user: User, region: Area) -> QuerySet[Introduction]:
    """The volunteers whom the person may check, the longest waiting first; never themselves."""
    rows = Introduction.objects.filter(request__region=region, state=Introduction.State.VETTING)
    rows = rows.exclude(user=user)
    if not is_editor(user, region):
        rows = rows.filter(request__body__in=bodies_administered_by(user, region))
    else:
        rows = rows.filter(request__body__dissolved_on=None)
    return rows.select_related("request__body", "request__region").order_by("created_at", "pk")


def offers_to_check(user: User, region: Area) -> QuerySet[VolunteerOffer]:
    """The offers that wait for the Observatory, for its editors; never their own."""
    rows = VolunteerOffer.objects.filter(region=region, state=VolunteerOffer.State.VETTING)
    rows = rows.exclude(user=user)
    return rows.order_by("created_at", "pk") if is_editor(user, region) else rows.none()


# --- practices, networks, notices ------------------------------------------------------------------


def practices(region: Area, *, theme: str = "", municipality: str = "") -> Any:
    """The published good practices, the newest first."""
    found = Practice.objects.of(region).published().select_related("body", "municipality")
    if theme:
        found = found.filter(themes__contains=[theme])
    if municipality:
        found = found.filter(municipality__code=municipality)
    return found.order_by("-published_at", "pk")


def networks(region: Area) -> Any:
    """The published networks by name, each with its number of members."""
    standing = Q(members__state=NetworkMember.State.MEMBER, members__body__dissolved_on=None)
    found = Network.objects.of(region).published().select_related("body", "region")
    return found.annotate(member_count=Count("members", filter=standing)).order_by("title_el", "pk")


def pieces_holding(region: Area, words: str, few: int) -> list[dict[str, Any]]:
    """Of practices, networks and open requests the first ``few`` that hold every word, in one query.

    Rows of ``sort`` (practice, network, request), ``pk``, ``title_el``, ``title_en``.
    """
    parts = ("title_el", "title_en", "text_el", "text_en")
    kinds = (("practice", practices), ("network", networks), ("request", open_requests))
    found = [
        _holding(rows(region), words, parts)
        .annotate(sort=Value(sort))
        .values("sort", "pk", "title_el", "title_en")[:few]
        for sort, rows in kinds
    ]
    return list(found[0].union(*found[1:], all=True))


def members_of(network: Network) -> list[Body]:
    """The standing bodies that agreed to be in it, beside the one that coordinates."""
    rows = network.members.filter(state=NetworkMember.State.MEMBER, body__dissolved_on=None)
    return [row.body for row in rows.select_related("body__municipality").exclude(body=network.body_id)]


def bodies_outside(network: Network) -> QuerySet[Body]:
    """The standing bodies of the region that are not in it and were not asked."""
    standing = Body.objects.standing().filter(region=network.region_id).exclude(pk=network.body_id)
    return standing.exclude(network_memberships__network=network)


def notices(region: Area) -> QuerySet[Notice]:
    """What hangs on the board today."""
    rows = Notice.objects.filter(region=region, expires_on__gte=timezone.localdate())
    return rows.select_related("body", "region").prefetch_related(
        Prefetch("files", NoticeFile.objects.defer("content"))
    )
