"""Who may do what with an entry: named predicates. The database is asked once a person and request."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from entaxis.accounts import queries
from entaxis.accounts.models import Body, Membership, User
from entaxis.accounts.rules import Somebody, is_editor, may_act_for
from entaxis.directory.choices import Status
from entaxis.directory.models import Proposal, Structure, StructureGrant
from entaxis.geography.models import Area


def tends(user: Somebody, structure: Structure) -> bool:
    """Keeps the entry: acts for its body, or holds a right on this one structure."""
    entry = structure.changes or structure
    return may_act_for(user, entry.body) or entry.pk in granted(user)


def may_see(user: Somebody, structure: Structure) -> bool:
    """May open the entry in the back office."""
    return is_editor(user, structure.region) or tends(user, structure)


def may_register(user: Somebody, region: Area) -> bool:
    """May enter a new structure: an editor, or whoever acts for a body of the region."""
    return (
        isinstance(user, User)
        and user.is_active
        and (is_editor(user, region) or queries.bodies_of(user, region).exists())
    )


def keeps_entries(user: Somebody, region: Area) -> bool:
    """Has entries of their own to keep in this region; editors keep them all."""
    if not isinstance(user, User) or not user.is_active or is_editor(user, region):
        return False
    granted_here = Structure.objects.filter(pk__in=list(granted(user)), region=region)
    return queries.bodies_of(user, region).exists() or granted_here.exists()


def may_propose(user: Somebody, structure: Structure) -> bool:
    """May begin changes to an entry that readers see; to a closed one only editors do."""
    return (
        structure.changes_id is None
        and structure.status in {Status.PUBLISHED, Status.SUSPENDED}
        and tends(user, structure)
    )


def may_write(user: Somebody, structure: Structure) -> bool:
    """May write on this row as it stands: editors, others on a draft that is not under review.

    What was joined with another entry says nothing any more, and nobody writes on it.
    """
    if structure.status == Status.MERGED:
        return False
    if is_editor(user, structure.region):
        return True
    if structure.status != Status.DRAFT or not tends(user, structure):
        return False
    proposal = proposal_of(structure)
    return proposal is None or proposal.is_written_on


def may_review(user: Somebody, region: Area) -> bool:
    """May publish what others wrote, or ask it back."""
    return is_editor(user, region)


def keepers_of(structure: Structure) -> QuerySet[User]:
    """The people whom `tends` lets keep the entry, without the Observatory's own."""
    body = structure.body
    held = Membership.objects.in_force().filter(body=body)
    if body.is_municipal and not body.is_dissolved:
        held |= Membership.objects.in_force().filter(
            municipality=body.municipality_id, role__in=Membership.OF_MUNICIPALITY
        )
    granted = StructureGrant.objects.in_force().filter(structure=structure)
    kept = Q(pk__in=held.values("user")) | Q(pk__in=granted.values("user"))
    return User.objects.filter(kept, is_active=True).order_by("pk")


def keepers_of_each(structures: Iterable[Structure]) -> dict[UUID, list[User]]:
    """`keepers_of` of many at once, by structure: three queries. ``body`` of each is at hand."""
    rows = list(structures)
    towns = {row.pk: _town_of(row.body) for row in rows}
    held = Membership.objects.in_force().filter(
        Q(body__in={row.body_id for row in rows})
        | Q(municipality__in=set(towns.values()) - {None}, role__in=Membership.OF_MUNICIPALITY)
    )
    of_body: dict[UUID | None, set[UUID]] = defaultdict(set)
    of_town: dict[int | None, set[UUID]] = defaultdict(set)
    for user, body, town in held.values_list("user", "body", "municipality"):
        (of_body[body] if body else of_town[town]).add(user)
    of_one: dict[UUID, set[UUID]] = defaultdict(set)
    granted_here = StructureGrant.objects.in_force().filter(structure__in=rows)
    for user, structure in granted_here.values_list("user", "structure"):
        of_one[structure].add(user)
    ids = {row.pk: of_one[row.pk] | of_body[row.body_id] | of_town[towns[row.pk]] for row in rows}
    people = User.objects.filter(is_active=True).in_bulk({pk for some in ids.values() for pk in some})
    return {pk: [people[user] for user in sorted(some) if user in people] for pk, some in ids.items()}


def _town_of(body: Body) -> int | None:
    """The municipality whose people keep the entries of this body."""
    return body.municipality_id if body.is_municipal and not body.is_dissolved else None


def proposal_of(structure: Structure) -> Proposal | None:
    """The open proposal that this row – an entry, a draft or a working copy – belongs to."""
    for proposal in structure.changes.proposals.all() if structure.changes else structure.proposals.all():
        if proposal.is_open:
            return proposal
    return None


def granted(user: Somebody) -> dict[UUID, date | None]:
    """The structures this person holds a right on today, with its last day; read once a request."""
    if not isinstance(user, User) or not user.is_active:
        return {}
    held: dict[UUID, date | None] | None = getattr(user, "_structures_granted", None)
    if held is None:
        rows = StructureGrant.objects.in_force().filter(user=user)
        held = dict(rows.values_list("structure_id", "until"))
        user._structures_granted = held  # type: ignore[attr-defined]
    return held


def forget(user: User) -> None:
    """Read this person's rights again when next asked: they have changed."""
    user.__dict__.pop("_structures_granted", None)
