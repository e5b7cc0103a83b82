"""One door for reading a table, whatever its format."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from entaxis.core import uploads
from entaxis.core.tabular import delimited, workbook
from entaxis.core.tabular.limits import LIMITS, MEGABYTE, Deadline, Limits
from entaxis.core.tabular.problems import TableProblem, TableRefusedError
from entaxis.core.tabular.writing import harmless_undone


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (from 1) and its cells, as many as there are headings."""

    line: int
    cells: tuple[str, ...]


@dataclass
class Table:
    """A table being read: its headings at once, its rows one after another."""

    kind: str
    headings: tuple[str, ...]
    heading_line: int
    notes: list[TableProblem]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rows_read: int = 0
    _lines: Iterator[tuple[int, Sequence[str]]] = field(default_factory=lambda: iter(()), repr=False)
    _limits: Limits = LIMITS

    def __iter__(self) -> Iterator[Row]:
        """The rows that hold anything, in the order of the file; raises `TableRefusedError`."""
        width = len(self.headings)
        deadline = Deadline(self._limits)
        for line, cells in self._lines:
            if not any(cells):
                continue
            self.rows_read += 1
            if self.rows_read > self._limits.rows:
                raise TableRefusedError("rows", limit=self._limits.rows)
            if self.rows_read % 500 == 0:
                deadline.check()
            texts = tuple(harmless_undone(cell) for cell in cells)
            if any(texts[width:]):
                self.notes.append(TableProblem("surplus", {"at": line}, line=line))
            yield Row(line, (*texts[:width], *("",) * (width - len(texts))))


@contextmanager
def opened(
    path: Path, *, limits: Limits = LIMITS, encoding: str | None = None, sheet: str | None = None
) -> Iterator[Table]:
    """The table in ``path``; its kind is told from the content, never from the name.

    Every cell is text: numbers with a point, dates as 2026-11-22, times as 08:00. ``encoding`` (CSV) and
    ``sheet`` (workbooks; else the first visible one) may be stated. Raises `TableRefusedError`.
    """
    kind = _kind(path, limits)
    if kind == "xlsx":
        with workbook.opened(path, limits=limits, sheet=sheet) as found:
            yield _table(kind, found.lines, found.notes, limits, sheet=found.sheet)
    else:
        with delimited.opened(path, limits=limits, encoding=encoding) as text:
            yield _table(
                kind, text.lines, text.notes, limits, encoding=text.encoding, delimiter=text.delimiter
            )


def _kind(path: Path, limits: Limits) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            kind = uploads.kind_of(stream)
    except OSError:
        raise TableRefusedError("no_file") from None
    except uploads.UploadRefusedError as fault:
        raise TableRefusedError(fault.problem.key, limit=limits.members) from None
    if size > limits.file_bytes:
        raise TableRefusedError("too_large", megabytes=limits.file_bytes // MEGABYTE)
    if size == 0:
        raise TableRefusedError("empty")
    if kind in {"xlsx", "text"}:
        return "csv" if kind == "text" else kind
    keys = {"ole": "old_workbook", "ods": "open_document", "xlsm": "macros"}
    if kind in keys:
        raise TableRefusedError(keys[kind])
    if kind == "unknown":
        raise TableRefusedError("format")
    raise TableRefusedError("other_kind", kind=uploads.KINDS[kind])


def _table(
    kind: str,
    lines: Iterator[tuple[int, Sequence[str]]],
    notes: list[TableProblem],
    limits: Limits,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
) -> Table:
    heading_line, headings = _headings(lines, limits)
    return Table(
        kind, headings, heading_line, notes, encoding, delimiter, sheet, _lines=lines, _limits=limits
    )


def _headings(lines: Iterator[tuple[int, Sequence[str]]], limits: Limits) -> tuple[int, tuple[str, ...]]:
    for line, cells in lines:
        headings = [" ".join(harmless_undone(cell).split()) for cell in cells]
        while headings and not headings[-1]:
            headings.pop()
        if headings:
            if len(headings) > limits.columns:
                raise TableRefusedError("columns", limit=limits.columns)
            _refuse_twins(headings)
            return line, tuple(headings)
    raise TableRefusedError("no_headings")


def _refuse_twins(headings: list[str]) -> None:
    seen: dict[str, int] = {}
    for number, heading in enumerate(headings, 1):
        name = heading.casefold()
        if name and name in seen:
            raise TableRefusedError("heading_twice", heading=heading, columns=f"{seen[name]}, {number}")
        seen[name] = number
