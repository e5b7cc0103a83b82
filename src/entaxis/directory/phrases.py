"""The words by which searching understands people, as the office keeps them.

The lists serve every region: what one editor writes, everybody's search hears. So an editor proposes, and
a region's administrator puts into force, changes, takes out and puts back. Nothing is deleted; every step
is kept with its author and can be taken back for as long as nobody went on from it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pghistory
from django.db import transaction
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.core import greek
from entaxis.vocabularies.models import Synonym, Term, Vocabulary

MOST_STEPS: Final = 100
Event: Any = Synonym.pgh_event_model  # type: ignore[attr-defined]  # made by pghistory
STATE: Final = ("weight", "status", "is_removed")


class KnownError(Exception):
    """The phrase leads to this term already, or waits to."""


class OvertakenError(Exception):
    """Somebody went on from here: the step can no longer be taken back by itself."""


@dataclass(frozen=True)
class Wording:
    """A phrase, where it leads, and how surely (``weight`` 0–1)."""

    term: Term
    language: str
    phrase: str
    weight: Decimal = Decimal(1)
    status: str = Synonym.Status.DRAFT


# --- reads ----------------------------------------------------------------------------------------


def phrases(wanted: dict[str, Any]) -> QuerySet[Synonym]:
    """The phrases of the lists in force, narrowed as the form says; also those taken out or waiting."""
    rows = Synonym.objects.filter(term__vocabulary__is_current=True)
    if wanted.get("term"):
        rows = rows.filter(term=wanted["term"])
    if wanted.get("language"):
        rows = rows.filter(language=wanted["language"])
    if wanted.get("state"):
        rows = rows.filter(**STATES[wanted["state"]])
    folded = Func(F("phrase"), function="entaxis_fold", output_field=TextField())
    for word in greek.words(wanted.get("q") or ""):
        rows = rows.filter(GreaterThan(StrIndex(folded, Value(word)), 0))
    return rows.select_related("term__vocabulary").order_by("language", "phrase", "pk")


STATES: Final[dict[str, dict[str, Any]]] = {
    "proposed": {"status": Synonym.Status.PROPOSED, "is_removed": False},
    "removed": {"is_removed": True},
    "office": {"origin": Synonym.Origin.OFFICE, "is_removed": False},
    "unchecked": {"status": Synonym.Status.DRAFT, "is_removed": False},
}


# --- changes --------------------------------------------------------------------------------------


@contextmanager
def _changing(vocabulary_id: int, by: User) -> Iterator[None]:
    """One transaction in the name of a person, while no new version of the list is published.

    Raises:
        OvertakenError: a new version has been published meanwhile.
    """
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        if not Vocabulary.objects.select_for_update().get(pk=vocabulary_id).is_current:
            raise OvertakenError
        yield


def add(*, wording: Wording, by: User) -> Synonym:
    """Put a phrase into the list; one that was taken out comes back.

    Raises:
        KnownError: it stands there already.
    """
    with _changing(wording.term.vocabulary_id, by):
        return _add(wording)


def _add(wording: Wording) -> Synonym:
    identity = {"term": wording.term, "language": wording.language, "phrase": wording.phrase}
    known = Synonym.objects.filter(**identity).first()
    if known and not known.is_removed:
        raise KnownError
    row = known or Synonym(**identity)
    row.weight, row.status, row.is_removed = wording.weight, wording.status, False
    row.save()
    return row


def change(*, synonym: Synonym, wording: Wording, by: User) -> Synonym:
    """Give a phrase another weight or status, or put another wording in its place.

    Raises:
        KnownError: the other wording stands there already.
    """
    with _changing(synonym.term.vocabulary_id, by):
        same = (synonym.term_id, synonym.language, synonym.phrase)
        if same == (wording.term.pk, wording.language, wording.phrase):
            return _write(synonym.pk, weight=wording.weight, status=wording.status)
        _write(synonym.pk, is_removed=True)
        return _add(wording)


def remove(*, synonym: Synonym, by: User) -> None:
    """Take a phrase out, or turn a proposal down: searching no longer hears it."""
    with _changing(synonym.term.vocabulary_id, by):
        _write(synonym.pk, is_removed=True)


def restore(*, synonym: Synonym, by: User) -> None:
    """Put a phrase back that was taken out, or put a proposal into force."""
    is_proposed = synonym.status == Synonym.Status.PROPOSED
    status = Synonym.Status.DRAFT if is_proposed else synonym.status
    with _changing(synonym.term.vocabulary_id, by):
        _write(synonym.pk, is_removed=False, status=status)


def _write(pk: int, **state: Any) -> Synonym:
    row = Synonym.objects.get(pk=pk)
    for name, value in state.items():
        setattr(row, name, value)
    row.save()
    return row


# --- history --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What became of one phrase: its state before (None: it is new) and after."""

    row: Any
    before: Any
    after: Any

    @property
    def was(self) -> str:
        """Its state before, in words."""
        return in_words(self.before) if self.before else "–"

    @property
    def became(self) -> str:
        """Its state after, in words."""
        return in_words(self.after)


@dataclass
class Step:
    """What one person did at one moment."""

    id: UUID
    at: datetime
    who: str
    lines: list[Line] = field(default_factory=list)
    can_be_undone: bool = True


def in_words(row: Any) -> str:
    """The state of a phrase, whether in the list or in its history."""
    if row.is_removed:
        return _("taken out")
    return _("weight %(weight)s, %(status)s") % {
        "weight": f"{row.weight:.2f}",
        "status": Synonym.Status(row.status).label,
    }


def steps() -> list[Step]:
    """The latest steps of the office, latest first; what files brought is not among them."""
    after = Event.objects.filter(pgh_context__metadata__has_key="user").exclude(pgh_label="before")
    latest = after.order_by("-pgh_id")[:MOST_STEPS]
    return _steps(latest.select_related("pgh_context", "term__vocabulary"))


def _steps(events: Iterable[Any]) -> list[Step]:
    rows = list(events)
    before = {
        (event.pgh_context_id, event.pgh_obj_id): event
        for event in Event.objects.filter(
            pgh_label="before", pgh_context__in={event.pgh_context_id for event in rows}
        )
    }
    in_force = Synonym.objects.filter(term__vocabulary__is_current=True)
    now = in_force.in_bulk([event.pgh_obj_id for event in rows])
    people = User.objects.in_bulk({event.pgh_context.metadata["user"] for event in rows})
    names = {str(pk): str(person) for pk, person in people.items()}
    found: dict[UUID, Step] = {}
    for event in rows:
        key = event.pgh_context_id
        who = names.get(event.pgh_context.metadata["user"], "–")
        step = found.setdefault(key, Step(key, event.pgh_created_at, who))
        step.lines.append(Line(event, before.get((key, event.pgh_obj_id)), event))
        live = now.get(event.pgh_obj_id)
        step.can_be_undone &= live is not None and _state(live) == _state(event)
    return list(found.values())


def _state(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in STATE)


def undo(*, step: UUID, by: User) -> None:
    """Make the phrases of a step what they were before it; one that was new is taken out.

    Raises:
        OvertakenError: a phrase of it was changed again, or stands in a former version of its list.
        LookupError: there is no such step.
    """
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        held = Vocabulary.objects.select_for_update().filter(is_current=True)
        list(held.order_by("pk"))  # nobody else changes a phrase until this is done
        events = Event.objects.filter(pgh_context=step, pgh_context__metadata__has_key="user")
        events = events.exclude(pgh_label="before").select_related("pgh_context", "term__vocabulary")
        found = _steps(events)
        if not found:
            raise LookupError(step)
        if not found[0].can_be_undone:
            raise OvertakenError
        for line in found[0].lines:
            state = {name: getattr(line.before, name) for name in STATE} if line.before else {}
            _write(line.row.pgh_obj_id, **(state or {"is_removed": True}))
