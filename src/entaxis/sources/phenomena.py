"""Reports of phenomena: written by municipalities, validated by the Observatory, added up by `aggregates`.

How many households and persons a report speaks of lies in a sealed schema, since a few are soon known by
name; only `write` and `counts` of this module enter it, for those whom `rules` lets see the report.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.core import review, sealed
from entaxis.core.review import May, State, Step
from entaxis.geography.models import Area
from entaxis.sources import messages, rules
from entaxis.sources.models import PhenomenonReport
from entaxis.vocabularies.models import Term
from entaxis.vocabularies.queries import choices

LIST: Final = "vulnerable_groups"
QUARTERS: Final = 8  # so far back a service may report
NEVER: Final = (Step.ARCHIVE,)


@dataclass(frozen=True, slots=True)
class Count:
    """What a report says; None: the service counted households only."""

    households: int
    persons: int | None


def phenomena() -> list[Term]:
    """What may be reported: the sub-groups of the list in force."""
    return [term for term in choices(LIST) if term.parent_id is not None]


def quarters(today: date) -> list[str]:
    """The quarter that runs and those before it, the latest first: ``2026-Q4``."""
    last = today.year * 4 + (today.month - 1) // 3
    return [f"{number // 4}-Q{number % 4 + 1}" for number in range(last, last - QUARTERS, -1)]


def seen_by(user: User, region: Area) -> QuerySet[PhenomenonReport]:
    """The reports that this person may open: editors all, others those of their municipalities."""
    rows = PhenomenonReport.objects.filter(region=region).select_related("municipality")
    if not rules.may_validate(user, region):
        rows = rows.filter(municipality__in=rules.reported_by(user, region))
    return rows


def may(report: PhenomenonReport, user: User) -> May[PhenomenonReport]:
    """What this person may do with it."""
    return May(
        write=report.municipality_id in rules.reported_by(user, report.region),
        review=rules.may_validate(user, report.region),
    )


def steps(report: PhenomenonReport, user: User) -> list[Step]:
    """What this person may do with it as it stands."""
    return [step for step in review.steps_for(report, may(report, user)) if step not in NEVER]


@transaction.atomic
def save(*, report: PhenomenonReport, count: Count, seen: int, by: User) -> PhenomenonReport:
    """Store what was written; ``seen`` is the version the writer saw, 0 for a new report.

    Raises:
        NotAllowedError: it is not this person's municipality.
        OvertakenError: somebody changed it, or it is not written on any more.
    """
    report.changed_by, report.changed_at = by, timezone.now()
    if report._state.adding:
        report.created_by = by
    else:
        held = PhenomenonReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if held.version != seen or not held.is_written_on:
            raise review.overtaken(held)
        if not may(held, by).write:
            raise review.NotAllowedError
        report.version = held.version + 1
    if not may(report, by).write:
        raise review.NotAllowedError
    report.save()
    write(report.pk, count)
    return report


@transaction.atomic
def take(
    *, report: PhenomenonReport, step: Step, by: User, version: int, reason: str = ""
) -> PhenomenonReport:
    """Take a step with a report, and tell those whom it concerns.

    Raises:
        ReviewError: it may not be taken, or somebody was quicker.
    """
    if step in NEVER:
        raise review.NotAllowedError
    taken = review.take(report, step, by=by, may=may(report, by), version=version, reason=reason)
    messages.tell_step(taken, step, by)
    return taken


def waiting(user: User, region: Area) -> int:
    """How many wait for this person: sent ones for the Observatory, those asked back for a municipality."""
    is_reviewer = rules.may_validate(user, region)
    state = State.SUBMITTED if is_reviewer else State.ASKED_BACK
    return seen_by(user, region).filter(state=state).count()


def write(report: UUID, count: Count) -> None:
    """Put the numbers of a report under seal."""
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sources_sealed.phenomenon (report_id, households, persons) VALUES (%s, %s, %s) "
            "ON CONFLICT (report_id) DO UPDATE "
            "SET households = excluded.households, persons = excluded.persons",
            [report, count.households, count.persons],
        )


def counts(reports: Iterable[UUID]) -> dict[UUID, Count]:
    """The numbers of these reports; one query."""
    asked = list(reports)  # before the role is taken: it reads no other table
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(
            "SELECT report_id, households, persons FROM sources_sealed.phenomenon "
            "WHERE report_id = ANY(%s)",
            [asked],
        )
        return {pk: Count(households, persons) for pk, households, persons in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Sum:
    """A phenomenon in a quarter over the municipalities that reported it."""

    phenomenon: str
    municipalities: int
    households: int
    persons: int | None
    """None where a municipality counted households only."""


def latest(region: Area) -> str | None:
    """The last quarter of which something is validated, as far back as one may report."""
    rows = PhenomenonReport.objects.filter(
        region=region, state=State.PUBLISHED, period__in=quarters(timezone.localdate())
    )
    return rows.order_by("-period").values_list("period", flat=True).first()


def summary(region: Area, period: str) -> list[Sum]:
    """Validated reports of a quarter added up, unsuppressed: for those who validate, and nobody else."""
    rows = PhenomenonReport.objects.filter(region=region, period=period, state=State.PUBLISHED)
    told: dict[str, list[UUID]] = {}
    for pk, phenomenon in rows.order_by("phenomenon").values_list("pk", "phenomenon"):
        told.setdefault(phenomenon, []).append(pk)
    numbers = counts(pk for pks in told.values() for pk in pks)
    return [_sum(phenomenon, [numbers[pk] for pk in pks]) for phenomenon, pks in told.items()]


def _sum(phenomenon: str, told: list[Count]) -> Sum:
    persons: list[Any] = [count.persons for count in told]
    return Sum(
        phenomenon,
        len(told),
        sum(count.households for count in told),
        None if None in persons else sum(persons),
    )
