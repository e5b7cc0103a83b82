"""Bringing a table in, and taking it back: each in one transaction, or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pghistory
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from psycopg.types.json import Jsonb

from entaxis.accounts.models import Body, User
from entaxis.accounts.rules import is_region_administrator
from entaxis.core.text import listed
from entaxis.directory.duplicates import finding
from entaxis.directory.importing import content, planning, store, vault
from entaxis.directory.importing.checking import HIDDEN, Draft
from entaxis.directory.importing.columns import BY_KEY, LINE_HEADING, REASON_HEADING
from entaxis.directory.importing.planning import Plan, Progress, Request, silent
from entaxis.directory.importing.problems import ImportRefusedError, RowProblem
from entaxis.directory.models import (
    Claim,
    ImportedRow,
    ImportRun,
    ImportSource,
    Proposal,
    Structure,
    StructureGrant,
)
from entaxis.directory.models.upkeep import OPEN_STATES
from entaxis.geography.models import Area

PROBLEMS_KEPT = 2000  # of a report; the file of rejected rows has them all
ROWS_SHOWN = 25
ACTS = ("created", "changed", "unchanged")
PURPOSE = "Import of structures from the table of a source"
LOCK = 0x656E7461  # one import of a region at a time


def source_named(*, region: Area, name: str) -> ImportSource:
    """The source of that name, entered where it is new."""
    cleaned = " ".join(name.split())[:64]
    return ImportSource.objects.get_or_create(region=region, name=cleaned or "file")[0]


@transaction.atomic
def bring_in(
    *,
    run: ImportRun,
    request: Request,
    by: User | None,
    expected: str = "",
    progress: Progress = silent,
) -> Plan:
    """Check the table of ``request`` and write it; ``run`` says how and keeps what happened.

    Raises `ImportRefusedError` and changes nothing where rows are rejected and the run does not accept
    the good ones alone, or where the plan is not the ``expected`` one that a person has seen.
    """
    _one_at_a_time(run.region)
    found = planning.plan(request, progress)
    if expected and found.digest != expected:
        raise ImportRefusedError("changed_meanwhile")
    if found.rejected and not run.accepts_valid:
        describe(run, found)
        raise RejectedRowsError(found)
    try:
        # What changed is kept with the import it came from; and a context spares each row an exception.
        with pghistory.context(source=run.source.name), transaction.atomic():
            _write(run, found, by, progress)
    except IntegrityError:
        # A row that somebody entered between our look and our write, or a rule of the tables that the
        # checks do not know: the database has refused, and nothing of the table is in.
        raise ImportRefusedError("changed_meanwhile") from None
    return found


class RejectedRowsError(ImportRefusedError):
    """Rows have problems and all or nothing was asked for; ``plan`` says which."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("rows_rejected", count=len(plan.rejected), total=len(plan.drafts))
        self.plan = plan


def _write(run: ImportRun, found: Plan, by: User | None, progress: Progress) -> None:
    total = len(found.created) + len(found.changed)
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress("writing", done, total)

    writer = store.Writer(run.region, is_synthetic=run.is_synthetic, progress=count)
    created = {pk: _content(draft) for pk, draft in found.created.items()}
    sources = {pk: (run.source.name, draft.code) for pk, draft in found.created.items()}
    changed = {pk: (found.former[pk], _content(draft)) for pk, draft in found.changed.items()}
    with store.documents_once([*created, *changed]):
        writer.create(created, sources)
        writer.change(changed)
    _seal(run, found, by)
    run.state = ImportRun.State.DONE
    run.finished_at = timezone.now()
    describe(run, found)
    run.save()
    finding.soon(run.region)
    run.new_bodies.set(writer.new_bodies)
    _remember(run, found, created, {pk: pair[1] for pk, pair in changed.items()})


def _content(draft: Draft) -> content.Content:
    if draft.content is None:
        raise ValueError("only rows without problems are written")
    return draft.content


def _seal(run: ImportRun, found: Plan, by: User | None) -> None:
    rows = {**found.created, **found.changed}
    places = {pk: draft.place for pk, draft in rows.items() if draft.place is not None}
    if not places:
        return
    if by is None:
        raise ImportRefusedError("confidential_rights")
    former = vault.places(places)
    vault.keep_former(run.pk, {pk: former.get(pk) for pk in places})
    vault.write_places(places, by=by, purpose=PURPOSE)


def _remember(
    run: ImportRun,
    found: Plan,
    created: Mapping[UUID, content.Content],
    changed: Mapping[UUID, content.Content],
) -> None:
    """Keep what stood there before and the fingerprint of what the database now says."""
    acts = ImportedRow.Act
    rows: list[tuple[Any, ...]] = [
        (run.pk, pk, found.created[pk].line, acts.CREATED.value, None, c.fingerprint)
        for pk, c in created.items()
    ]
    for pk, c in changed.items():
        former = Jsonb(content.as_json(found.former[pk]))
        rows.append((run.pk, pk, found.changed[pk].line, acts.CHANGED.value, former, c.fingerprint))
    store.copy(ImportedRow, ("run_id", "structure_id", "line", "act", "former", "fingerprint"), rows)


def describe(run: ImportRun, found: Plan) -> None:
    """Write the counts and the report of ``found`` into ``run`` (not yet saved)."""
    for name, number in found.counts.items():
        setattr(run, f"{name}_count", number)
    run.done = run.total = len(found.drafts)
    run.digest = found.digest
    run.headings = list(found.headings)
    problems = [problem.as_json() for draft in found.drafts for problem in draft.problems]
    warnings = [problem.as_json() for draft in found.drafts for problem in draft.warnings]
    acts = {draft.line: act for act in ACTS for draft in getattr(found, act).values()}
    run.report = {
        "problems": problems[:PROBLEMS_KEPT],
        "problem_count": len(problems),
        "warnings": warnings[:PROBLEMS_KEPT],
        "warning_count": len(warnings),
        "notes": [note.as_json() for note in found.notes],
        "mapping": found.mapping,
        "first_rows": [_shown(acts, draft) for draft in found.drafts[:ROWS_SHOWN]],
        "places": [
            _place(draft)
            for draft in found.drafts
            if draft.is_good and (_is_doubtful(draft) or str(draft.line) in run.picks)
        ][:PROBLEMS_KEPT],
    }


def _shown(acts: Mapping[int, str], draft: Draft) -> dict[str, object]:
    """A row for the preview; nothing of a confidential place."""
    row = draft.content
    return {
        "line": draft.line,
        "act": acts.get(draft.line, "rejected"),
        "name": row.name_el if row else "" if draft.is_confidential else draft.cells.get("name", "")[:200],
        "kind": row.kind if row else "",
        "municipality": row.municipality if row else "",
        "hours": content.as_json(row)["hours"] if row else [],
        "services": [offer.service for offer in row.offers] if row else [],
        "is_confidential": draft.is_confidential and draft.is_kind_known,
    }


DOUBTS = {"place_seat", "locality_unknown"}


def _is_doubtful(draft: Draft) -> bool:
    return not draft.is_confidential and any(problem.key in DOUBTS for problem in draft.warnings)


def _place(draft: Draft) -> dict[str, object]:
    row = draft.content
    return {
        "line": draft.line,
        "name": row.name_el if row else "",
        "municipality": row.municipality if row else "",
        "locality": row.locality if row else "",
        "point": list(row.point) if row and row.point else None,
    }


# --- undoing ----------------------------------------------------------------------------------------


class UndoRefusedError(ImportRefusedError):
    """The run cannot be taken back; its text says why."""


@transaction.atomic
def take_back(*, run: ImportRun, by: User) -> list[Body]:
    """Put back what stood there before ``run``; refused where one of its rows was edited since.

    Returns the bodies that the run entered and that stay, because people belong to them by now or ask to.
    """
    _one_at_a_time(run.region)
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != ImportRun.State.DONE:
        raise UndoRefusedError("undo_state")
    rows = list(run.rows.all())
    now = store.contents(Structure.objects.filter(pk__in=[row.structure_id for row in rows]))
    edited = [row.line for row in rows if _was_edited(row, now)]
    if edited:
        lines = ", ".join(map(str, edited[:10])) + (" …" if len(edited) > 10 else "")
        raise UndoRefusedError("undo_edited", count=len(edited), lines=lines)
    places = vault.former_places(run.pk)
    if places and not is_region_administrator(by, run.region):
        raise UndoRefusedError("confidential_rights")
    created = [row.structure_id for row in rows if row.act == ImportedRow.Act.CREATED]
    _refuse_attached(created)
    _refuse_kept(created)
    vault.write_places(places, by=by, purpose=f"{PURPOSE}: taken back")
    former = {row.structure_id: content.from_json(row.former) for row in rows if row.former is not None}
    with store.documents_once(list(former)):
        store.Writer(run.region).change({pk: (now[pk], before) for pk, before in former.items()})
        _delete(created)
    staying = _delete_bodies(run)
    run.state = ImportRun.State.UNDONE
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "finished_at"])
    return staying


def _was_edited(row: ImportedRow, now: Mapping[UUID, content.Content]) -> bool:
    current = now.get(row.structure_id)
    return current is None or current.fingerprint != row.fingerprint


def _refuse_attached(created: list[UUID]) -> None:
    """A structure that another one now belongs to cannot go."""
    others = Structure.objects.filter(parent_id__in=created).exclude(pk__in=created)
    if others.exists():
        raise UndoRefusedError("undo_attached", count=others.count())


def _refuse_kept(created: list[UUID]) -> None:
    """What people keep, ask for or write on is theirs by now."""
    of_people = Q(pk__in=StructureGrant.objects.in_force().values("structure"))
    of_people |= Q(pk__in=Claim.objects.filter(state=Claim.State.OPEN).values("structure"))
    of_people |= Q(pk__in=Proposal.objects.filter(state__in=OPEN_STATES).values("structure"))
    kept = Structure.objects.filter(of_people, pk__in=created).count()
    if kept:
        raise UndoRefusedError("undo_kept", count=kept)


def _delete(created: list[UUID]) -> None:
    Structure.objects.filter(pk__in=created).exclude(parent=None).update(parent=None)
    Structure.objects.filter(pk__in=created).delete()


def _delete_bodies(run: ImportRun) -> list[Body]:
    """Delete the bodies that the run entered and nobody uses; return those that people use."""
    staying = []
    for body in run.new_bodies.all():
        if not body.structures.exists() and not _is_used(body):
            staying += _deleted(body)
        elif not body.structures.exists():
            staying.append(body)
    return staying


def _is_used(body: Body) -> bool:
    """Whether people belong to it, were invited or have asked to come."""
    return body.memberships.exists() or body.invitations.exists() or body.access_requests.exists()


def _deleted(body: Body) -> list[Body]:
    """Delete a body; the body itself where something of another room stands on it."""
    try:
        with transaction.atomic():
            body.delete()
    except ProtectedError:
        return [body]
    return []


# --- helpers of both --------------------------------------------------------------------------------


def _one_at_a_time(region: Area) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, region.pk])


def rejected_rows(found: Plan, *, hides_confidential: bool) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of what was rejected, with the line and the reasons in front.

    The columns are those of the table, so that the file can be mended and brought in again; its two
    additional columns are then left out.
    """
    headings = [str(LINE_HEADING), str(REASON_HEADING), *found.headings]
    rows = []
    for draft in found.rejected:
        cells = []
        for heading in found.headings:
            key = found.mapping.get(heading, "")
            is_hidden = hides_confidential and draft.is_confidential and key in HIDDEN
            cells.append("" if is_hidden else draft.cells.get(key, ""))
        reasons = listed(_reason(problem) for problem in draft.problems)
        rows.append([str(draft.line), reasons, *cells])
    return headings, rows


def _reason(problem: RowProblem) -> str:
    column = BY_KEY.get(problem.column)
    return f"{column.heading}: {problem}" if column else str(problem)


def with_mapping(request: Request, source: ImportSource) -> Request:
    """``request`` with what the source's headings are remembered to mean."""
    return replace(request, mapping={**source.mapping, **request.mapping})
