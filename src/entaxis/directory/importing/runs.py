"""The life of an uploaded table: stored under seal, looked at, confirmed, brought in, forgotten."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import connections, transaction
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.accounts.rules import is_region_administrator
from entaxis.core import tabular, uploads
from entaxis.directory.importing import actions, columns, planning, vault
from entaxis.directory.importing.content import Point
from entaxis.directory.importing.planning import Plan, Request
from entaxis.directory.importing.problems import ImportRefusedError, RowProblem
from entaxis.directory.models import ImportRun, ImportSource
from entaxis.geography.models import Area

AT_ONCE_BYTES = 150_000  # a larger table is a task: its reader does not wait before a white page
State = ImportRun.State


@transaction.atomic
def begin(
    *,
    region: Area,
    source: ImportSource,
    name: str,
    content: bytes,
    by: User,
    encoding: str = "",
    sheet: str = "",
) -> ImportRun:
    """Take a table in: its file goes under seal, nothing is read yet."""
    vault.forget_old()
    run = ImportRun.objects.create(
        region=region,
        source=source,
        person=by,
        file_name=uploads.safe_name(name),
        encoding=encoding,
        sheet=sheet[:60],
    )
    vault.keep(run.pk, vault.UPLOAD, content)
    return run


def is_small(run: ImportRun) -> bool:
    """Whether the table is dealt with while its reader waits."""
    return len(vault.kept(run.pk, vault.UPLOAD) or b"") <= AT_ONCE_BYTES


def look(*, run: ImportRun, by: User) -> None:
    """Check the table and say in the run's report what an import would do; nothing is brought in."""
    _enter(run, State.RUNNING)
    with _mended(run), _table(run) as path:
        if path is None:
            _refuse(run, RowProblem("file_gone"), State.REFUSED)
            return
        try:
            run.headings = list(_headings(run, path))
            with _Progress(run) as progress:
                found = planning.plan(_request(run, path, by), progress)
        except tabular.TableRefusedError as refusal:
            problem = refusal.problem
            _refuse(run, RowProblem(problem.key, problem.facts), State.REFUSED)
            vault.forget(run.pk, vault.UPLOAD)
            return
        except ImportRefusedError as refusal:
            _refuse(run, _problem(refusal), State.UPLOADED)  # headings can be mended
            return
    actions.describe(run, found)
    run.state = State.CHECKED
    run.save()


def finish(*, run: ImportRun, by: User) -> None:
    """Bring in what the run's reader has seen and confirmed; then forget the file."""
    _enter(run, State.RUNNING)
    with _mended(run), _table(run) as path:
        if path is None:
            _refuse(run, RowProblem("file_gone"), State.REFUSED)
            return
        try:
            with _Progress(run) as progress:
                found = actions.bring_in(
                    run=run, request=_request(run, path, by), by=by, expected=run.digest, progress=progress
                )
        except ImportRefusedError as refusal:
            _refuse(run, _problem(refusal), State.UPLOADED)
            return
    _keep_rejected(run, found, by)
    vault.forget(run.pk, vault.UPLOAD)


def discard(*, run: ImportRun) -> None:
    """Throw the table away; the directory was not touched."""
    if ImportRun.objects.filter(pk=run.pk, state__in=[State.UPLOADED, State.CHECKED]).update(
        state=State.DISCARDED, finished_at=timezone.now(), report={}
    ):
        vault.forget(run.pk, vault.UPLOAD)


def read_headings_as(*, run: ImportRun, mapping: Mapping[str, str]) -> None:
    """Remember for the source what its headings mean; raises `ImportRefusedError` where that is no use."""
    known = {heading: key for heading, key in mapping.items() if heading in run.headings}
    columns.check(known)
    source = run.source
    source.mapping = {**source.mapping, **known}
    source.save()
    _wait_for_look(run)


def forget_headings(*, run: ImportRun) -> None:
    """Forget what the source's headings were said to mean; the table is read by what they say."""
    source = run.source
    source.mapping = {}
    source.save()
    _wait_for_look(run)


def place(*, run: ImportRun, line: int, point: Point) -> None:
    """Remember the point that a person chose for a row; the table is then looked at again."""
    lines = {row["line"] for row in run.report.get("places", [])} | {int(known) for known in run.picks}
    if line not in lines:
        raise ImportRefusedError("pick_line")
    run.picks = {**run.picks, str(line): list(point)}
    run.digest = ""  # what was shown is no longer what would be done
    run.save(update_fields=["picks", "digest"])


def confirm(*, run: ImportRun, accepts_valid: bool) -> bool:
    """Let the run be brought in; False where it is no longer waiting for that."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=State.CHECKED)
    if not run.digest or (run.rejected_count and not accepts_valid):
        return False
    return bool(waiting.update(state=State.QUEUED, accepts_valid=accepts_valid, done=0))


def _wait_for_look(run: ImportRun) -> None:
    run.state = State.UPLOADED
    run.save(update_fields=["state"])


def _enter(run: ImportRun, state: "ImportRun.State") -> None:
    run.state, run.done, run.total = state, 0, 0
    run.save(update_fields=["state", "done", "total"])


def _refuse(run: ImportRun, problem: RowProblem, state: "ImportRun.State") -> None:
    run.report = {**run.report, "refusal": problem.as_json()}
    run.state = state
    if state == State.REFUSED:
        run.finished_at = timezone.now()
    run.save()


def _problem(refusal: ImportRefusedError) -> RowProblem:
    return RowProblem(refusal.problem.key, refusal.problem.facts)


def _request(run: ImportRun, path: Path, by: User) -> Request:
    request = Request(
        path,
        run.region,
        run.source.name,
        may_seal=is_region_administrator(by, run.region),
        encoding=run.encoding or None,
        sheet=run.sheet or None,
        picks={int(line): (point[0], point[1]) for line, point in run.picks.items()},
    )
    return actions.with_mapping(request, run.source)


def _headings(run: ImportRun, path: Path) -> tuple[str, ...]:
    with tabular.opened(path, encoding=run.encoding or None, sheet=run.sheet or None) as table:
        return table.headings


def _keep_rejected(run: ImportRun, found: Plan, by: User) -> None:
    if found.rejected:
        hides = not is_region_administrator(by, run.region)
        headings, rows = actions.rejected_rows(found, hides_confidential=hides)
        vault.keep(run.pk, vault.REJECTED, tabular.csv_bytes(headings, rows))


@contextmanager
def _mended(run: ImportRun) -> Iterator[None]:
    """Let a run that stopped for a reason nobody foresaw be tried again; the reason goes to the log."""
    try:
        yield
    except Exception:
        _refuse(run, RowProblem("failed"), State.UPLOADED)
        raise


@contextmanager
def _table(run: ImportRun) -> Iterator[Path | None]:
    """The uploaded file where a reader of files finds it, for as long as the block lasts."""
    content = vault.kept(run.pk, vault.UPLOAD)
    if content is None:
        yield None
        return
    with tempfile.NamedTemporaryFile(prefix="entaxis-") as stream:  # made for its owner's eyes alone
        stream.write(content)
        stream.flush()
        yield Path(stream.name)


class _Progress:
    """Writes how far a run is over a connection of its own: the run's transaction is not yet seen."""

    def __init__(self, run: ImportRun) -> None:
        self._run: UUID = run.pk
        self._connection = connections.create_connection("default")
        self._shown = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if abs(done - self._shown) < 500:
            return
        self._shown = done
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE directory_importrun SET done = %s, total = %s WHERE id = %s",
                [done, total or 0, self._run],
            )
