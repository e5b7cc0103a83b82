"""What bodies write for readers: saved, sent for review, published, asked back, withdrawn.

Requests for volunteers, good practices and pages of networks pass the same way (`core.review`).
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import User
from entaxis.core import review
from entaxis.core.review import May, State, Step
from entaxis.directory.network import kinds, queries, rules
from entaxis.directory.network.models import Network, Practice, VolunteerRequest
from entaxis.directory.network.models.pieces import Piece
from entaxis.directory.rules import granted
from entaxis.geography.models import Area
from entaxis.notifications.actions import notify
from entaxis.notifications.kinds import Words


@dataclass(frozen=True)
class Sort:
    """One sort of piece: its table and words, the route of its public page."""

    name: str
    model: Any
    plural: Words
    new: Words
    route: str


SORTS: Final = {
    sort.name: sort
    for sort in (
        Sort(
            "requests",
            VolunteerRequest,
            gettext_lazy("Requests for volunteers"),
            gettext_lazy("New request"),
            "network:request",
        ),
        Sort(
            "practices",
            Practice,
            gettext_lazy("Good practices"),
            gettext_lazy("New good practice"),
            "network:practice",
        ),
        Sort(
            "networks",
            Network,
            gettext_lazy("Networks of bodies"),
            gettext_lazy("New network"),
            "network:network",
        ),
    )
}


def sort_of(piece: Piece) -> Sort:
    """What sort it is."""
    return next(sort for sort in SORTS.values() if isinstance(piece, sort.model))


def may(piece: Piece, user: User) -> May[Any]:
    """What this person may do with it."""
    return May(write=rules.may_write(user, piece), review=rules.may_review(user, piece.region))


def steps(piece: Piece, user: User) -> list[Step]:
    """What this person may do with it as it stands; nothing is archived here."""
    found = review.steps_for(piece, may(piece, user))
    return [step for step in found if step is not Step.ARCHIVE]


def seen_by(user: User, region: Area, sort: Sort) -> QuerySet[Any]:
    """The pieces that the person may open: an editor all, others those of their bodies and structures."""
    rows: QuerySet[Any] = sort.model.objects.of(region).select_related("body", "region")
    if not rules.may_review(user, region):
        theirs = Q(body__in=queries.bodies_of(user, region))
        if sort.model is VolunteerRequest:
            theirs |= Q(structure__in=list(granted(user)), body__dissolved_on=None)
        rows = rows.filter(theirs)
    return rows.order_by("-changed_at", "pk")


def waiting(region: Area) -> int:
    """How many wait for the editors."""
    return sum(
        sort.model.objects.of(region).filter(state=State.SUBMITTED).count() for sort in SORTS.values()
    )


@transaction.atomic
def save(*, piece: Piece, seen: int, by: User) -> Piece:
    """Store what was written; ``seen`` is the version the writer saw, 0 for a new piece.

    Raises:
        NotAllowedError: it is not this person's.
        OvertakenError: somebody changed it, or it is not written on any more.
    """
    piece.changed_by, piece.changed_at = by, timezone.now()
    if piece._state.adding:
        piece.created_by = by
    else:
        held = type(piece)._default_manager.select_for_update(of=("self",)).get(pk=piece.pk)
        if not rules.may_write(by, held):
            raise review.NotAllowedError
        if held.version != seen or not held.is_written_on:
            raise review.overtaken(held)
        piece.version = held.version + 1
    if not rules.may_write(by, piece):
        raise review.NotAllowedError
    piece.save()
    return piece


@transaction.atomic
def take(*, piece: Piece, step: Step, by: User, version: int, reason: str = "") -> Piece:
    """Take a step, and tell those whom it concerns.

    Raises:
        ReviewError: it may not be taken, or somebody was quicker.
    """
    also = {"published_at": piece.published_at or timezone.now()} if step is Step.PUBLISH else {}
    held: Piece = review.take(
        piece, step, by=by, may=may(piece, by), version=version, reason=reason, **also
    )
    if step is Step.SUBMIT:
        people = [user for user in queries.editors_of(held.region) if user != by]
        _tell(held, kinds.REVIEW_ASKED, people, gettext_lazy("A text of a body waits for review"))
        if not rules.belongs_to(by, held.body):  # the staff of one structure wrote it: the body hears of it
            about = gettext_lazy("A structure of your body asks for volunteers: read what it wrote")
            _tell(held, kinds.ASKED, list(queries.people_of(held.body)), about)
    elif step in {Step.PUBLISH, Step.ASK_BACK, Step.WITHDRAW}:
        abouts = {
            Step.PUBLISH: gettext_lazy("A text of your body was published"),
            Step.ASK_BACK: gettext_lazy("A text of your body was asked back"),
            Step.WITHDRAW: gettext_lazy("A text of your body was withdrawn"),
        }
        _tell(held, kinds.REVIEWED, _writers(held, by), abouts[step])
    return held


def _writers(piece: Any, by: User) -> list[User]:
    sent = piece.passings.filter(step=Step.SUBMIT).select_related("by")
    writers = {passing.by for passing in sent} | {piece.created_by}
    return [user for user in writers if user is not None and user != by]


def _tell(piece: Piece, kind: Any, people: list[User], about: Words) -> None:
    url = reverse_lazy("network:office-piece", kwargs={"sort": sort_of(piece).name, "pk": piece.pk})
    occasion = f"{piece._meta.model_name}:{piece.pk}:{piece.version}"
    notify(kind=kind, to=people, region=piece.region, about=about, url=url, occasion=occasion)
