"""Bringing a file in: judged whole, staged in pieces, made current in one swap or not at all."""

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as Table
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.utils import formats, timezone

from entaxis.accounts.models import User
from entaxis.core.uploads import safe_name
from entaxis.geography.models import Area
from entaxis.sources import contradicting, identity
from entaxis.sources.importing import checking, tables, vault
from entaxis.sources.importing.checking import Checked, Options, Progress
from entaxis.sources.importing.problems import RejectedError, SourceProblem, SourceRefusedError
from entaxis.sources.models import Mapping, PlaceQuestion, Source, SourceEdition, TableValue

State = SourceEdition.State
PIECE_ROWS: Final = 100_000  # of one transaction: what a kill can cost
LOCK: Final = 0x50C3


def bring_in(
    *,
    source: Source,
    path: Path,
    by: User | None,
    file_name: str = "",
    columns: Table[str, str] | None = None,
    options: Table[str, Any] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    period: tuple[date, date] | None = None,
    is_synthetic: bool = False,
    progress: Progress = lambda *_: None,
) -> SourceEdition:
    """Read, judge and stage ``path``; the edition is then ready or waits for decisions on places.

    A file whose reading was cut off goes on where it stopped when it comes again. Every file of a synthetic
    source is synthetic; ``is_synthetic``: this one of another source is, too.

    Raises:
        TableRefusedError: the file cannot be read as a table.
        RejectedError: rows have problems; nothing is kept of them but the report.
        SourceRefusedError: the columns cannot be understood, or the file is known already.
    """
    if source.kind == Source.Kind.PHENOMENA:
        raise SourceRefusedError("by_report", source=source.key)
    with _one_at_a_time(source):
        _refuse_other_key(source)
        checksum = _checksum(path)
        _refuse_known(source, checksum)
        mapping = mapping_of(source=source, columns=columns or {}, options=options or {}, by=by)
        edition = _begun(source, mapping, checksum) or SourceEdition(
            source=source,
            mapping=mapping,
            person=by,
            state=State.READING,
            file_name=identity.masked(safe_name(file_name or path.name)),
            checksum=checksum,
            key_check=identity.key_check(),
            is_synthetic=source.is_synthetic or is_synthetic,
        )
        judge = checking.check if source.holds_persons else tables.check
        found = judge(
            path,
            source=source,
            remembered=mapping.columns,
            options=Options.of(mapping.options),
            encoding=encoding,
            sheet=sheet,
            period=period,
            progress=progress,
        )
        if found.findings.count:
            _name_places(found)
        _describe(edition, found)
        if found.findings.count:
            _refuse(edition, found)
        _stage(edition, found, progress)
        return edition


def read_as(
    *, source: Source, columns: Table[str, str], options: Table[str, Any], by: User | None
) -> Mapping:
    """Let files of ``source`` be read so from now on, whatever was said before."""
    latest = source.mappings.first()
    return Mapping.objects.create(
        source=source,
        version=latest.version + 1 if latest else 1,
        columns=dict(columns),
        options=asdict(Options.of(options)),
        created_by=by,
    )


def mapping_of(
    *, source: Source, columns: Table[str, str], options: Table[str, Any], by: User | None
) -> Mapping:
    """The reading in force of ``source``; a new version of it where something new was said."""
    latest = source.mappings.first()
    known: dict[str, Any] = asdict(Options.of(latest.options)) if latest else asdict(Options())
    wanted_columns = {**(latest.columns if latest else {}), **columns}
    wanted_options = asdict(Options.of({**known, **options}))
    if latest and (latest.columns, known) == (wanted_columns, wanted_options):
        return latest
    return read_as(source=source, columns=wanted_columns, options=wanted_options, by=by)


# --- staging ----------------------------------------------------------------------------------------


def _begun(source: Source, mapping: Mapping, checksum: str) -> SourceEdition | None:
    """The edition whose staging was cut off, if it was read as it would be now; else it is forgotten."""
    begun = source.editions.filter(state=State.READING, checksum=checksum).first()
    if begun is None:
        return None
    if begun.mapping_id == mapping.pk and begun.key_check == identity.key_check():
        return begun
    discard(edition=begun)
    return None


def _refuse(edition: SourceEdition, found: Checked) -> None:
    with transaction.atomic():
        vault.forget(edition.pk)
        edition.state = State.REFUSED
        edition.ended_at = timezone.now()
        edition.save()
    raise RejectedError(found.findings)


def _stage(edition: SourceEdition, found: Checked, progress: Progress) -> None:
    rows = found.rows
    edition.pieces_total = -(-rows.height // PIECE_ROWS)
    edition.save()
    for piece in range(edition.pieces_done, edition.pieces_total):
        with transaction.atomic():
            copy = vault.copy if edition.source.holds_persons else vault.copy_cells
            copy(edition.pk, rows.slice(piece * PIECE_ROWS, PIECE_ROWS))
            edition.pieces_done = piece + 1
            edition.save(update_fields=["pieces_done"])
        progress("staging", min((piece + 1) * PIECE_ROWS, rows.height), rows.height)
    with transaction.atomic():
        _ask(edition, found)
        edition.rows_kept = rows.height
        edition.state = State.WAITING if found.places.asked else State.STAGED
        edition.save()


def _ask(edition: SourceEdition, found: Checked) -> None:
    """Store the questions about places, with what may be meant."""
    ids = {}
    for asked in found.places.asked.values():
        question = PlaceQuestion.objects.create(
            edition=edition,
            text=asked.text,
            form=asked.form,
            reason=asked.reason,
            rows=asked.rows,
            first_line=asked.first_line,
        )
        question.candidates.set(asked.candidates)
        ids[asked.number] = question.pk
    if ids:
        vault.number_questions(edition.pk, ids)


def _name_places(found: Checked) -> None:
    """Whoever mends a refused file learns at once of the places too, on which nobody can decide yet."""
    fields = found.reading.fields
    heading = fields.get("municipality", fields.get("area", ""))
    found.findings.places = [
        SourceProblem(f"place_{each.reason}", {}, each.first_line, heading, each.text)
        for each in sorted(found.places.asked.values(), key=lambda each: each.first_line)
    ]


def _describe(edition: SourceEdition, found: Checked) -> None:
    edition.rows_read = found.rows_read
    edition.rows_left_out = found.left_out
    edition.since, edition.until = found.since, found.until
    edition.report = found.findings.as_json()


# --- what a person decides --------------------------------------------------------------------------


@transaction.atomic
def decide(*, question: PlaceQuestion, area: Area | None, by: User | None) -> None:
    """Say which municipality a way of writing means, or change it; None: its rows are left out.

    Rows take their place when the edition is put in force: until then a decision can be changed.

    Raises:
        SourceRefusedError: its edition is in force or gone.
        ValueError: the area is no municipality of the source's region.
    """
    edition = SourceEdition.objects.select_for_update().get(pk=question.edition_id)
    question = PlaceQuestion.objects.select_for_update().get(pk=question.pk)
    if edition.state not in {State.WAITING, State.STAGED}:
        raise SourceRefusedError("state")
    if area is not None and (area.region_id != edition.source.region_id or area.level != "municipality"):
        raise ValueError("not a municipality of the region")
    question.area, question.is_left_out = area, area is None
    question.decided_by, question.decided_at = by, timezone.now()
    question.save()
    if not edition.questions.filter(decided_at=None).exists():
        edition.state = State.STAGED
    edition.save()


@transaction.atomic
def make_current(
    *, edition: SourceEdition, by: User | None, amounts_stand: bool = False
) -> list[SourceEdition]:
    """Put an edition in force; returns those it takes the place of, whose rows are deleted.

    Args:
        edition: which.
        by: who decides it.
        amounts_stand: whether this person looked at payments above what is guaranteed and lets them stand.

    Raises:
        SourceRefusedError: places or amounts wait for a decision, it is not ready, or months would be lost.
    """
    source = Source.objects.select_for_update().get(pk=edition.source_id)
    edition = SourceEdition.objects.select_for_update().get(pk=edition.pk)
    open_questions = edition.questions.filter(decided_at=None).count()
    if edition.state == State.WAITING and open_questions:
        raise SourceRefusedError("questions_open", count=open_questions)
    if edition.state != State.STAGED or edition.since is None or edition.until is None:
        raise SourceRefusedError("state")
    if edition.doubt_count:
        _let_stand(edition, by, amounts_stand)
    _place_rows(edition)
    former = source.editions.filter(
        state=State.CURRENT, since__lte=edition.until, until__gte=edition.since
    ).select_for_update()
    gone = list(former)
    for each in gone:
        if each.since < edition.since or each.until > edition.until:  # type: ignore[operator]  # a constraint
            raise SourceRefusedError(
                "would_lose", file=each.file_name, since=f"{each.since:%Y-%m}", until=f"{each.until:%Y-%m}"
            )
    now = timezone.now()
    for each in gone:
        each.state, each.ended_at = State.SUPERSEDED, now
        each.save(update_fields=["state", "ended_at"])
        vault.forget(each.pk)
        TableValue.objects.filter(edition=each).delete()
    edition.state, edition.in_force_at = State.CURRENT, now
    edition.save(update_fields=["state", "in_force_at", "report", "rows_kept", "rows_left_out"])
    if source.kind == Source.Kind.NATIONAL_TABLE:
        contradicting.publish(edition)
    return gone


def _place_rows(edition: SourceEdition) -> None:
    """Give rows the municipalities that were decided, or leave them out."""
    for question in edition.questions.all():
        rows = vault.answer(edition.pk, question.pk, question.area_id)
        if question.is_left_out:
            edition.rows_kept -= rows
            edition.rows_left_out += rows


def _let_stand(edition: SourceEdition, by: User | None, amounts_stand: bool) -> None:
    """Write down who let payments above what is guaranteed stand."""
    if not amounts_stand:
        raise SourceRefusedError("doubts_open", count=edition.doubt_count)
    edition.report["amounts_stand"] = {"by": str(by.pk) if by else None}


@transaction.atomic
def discard(*, edition: SourceEdition) -> None:
    """Throw an edition away with all its rows, also one in force.

    Raises:
        SourceRefusedError: nothing of it is there any more.
    """
    edition = SourceEdition.objects.select_for_update().get(pk=edition.pk)
    if edition.state not in SourceEdition.HOLD_ROWS:
        raise SourceRefusedError("state")
    vault.forget(edition.pk)
    TableValue.objects.filter(edition=edition).delete()
    edition.state, edition.ended_at = State.DISCARDED, timezone.now()
    edition.save(update_fields=["state", "ended_at"])


# --- helpers ----------------------------------------------------------------------------------------


@contextmanager
def _one_at_a_time(source: Source) -> Iterator[None]:
    """One file of a source at a time; a killed process lets go of the lock by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, source.pk])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, source.pk])


def _checksum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise SourceRefusedError("no_file") from None


def _refuse_known(source: Source, checksum: str) -> None:
    same = source.editions.filter(
        checksum=checksum, state__in=(State.WAITING, State.STAGED, State.CURRENT)
    ).first()
    if same is not None:
        raise SourceRefusedError("known", day=formats.date_format(timezone.localdate(same.created_at)))


def _refuse_other_key(source: Source) -> None:
    held = SourceEdition.objects.filter(source__region=source.region_id, state__in=SourceEdition.HOLD_ROWS)
    if held.exclude(key_check=identity.key_check()).exclude(key_check="").exists():
        raise SourceRefusedError("key_changed")
