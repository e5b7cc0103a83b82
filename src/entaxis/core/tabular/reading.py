"""One door for reading a table, whatever its format."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from entaxis.core import uploads
from entaxis.core.tabular import delimited, workbook
from entaxis.core.tabular.limits import LIMITS, MEGABYTE, Deadline, Limits
from entaxis.core.tabular.problems import TableProblem, TableRefusedError
from entaxis.core.tabular.writing import harmless_undone

TITLE_ROWS: Final = 10  # the headings stand among so many first rows, where titles may stand above them
Score = Callable[[Sequence[str]], float]
"""How surely a row is the one of headings; infinite where nothing is missing."""


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
    first: tuple[
        tuple[int, Sequence[str]], ...
    ] = ()  # the first rows, with what may stand above the headings
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rows_read: int = 0
    _lines: Iterator[tuple[int, Sequence[str]]] = field(default_factory=lambda: iter(()), repr=False)
    _limits: Limits = LIMITS

    @property
    def above(self) -> list[tuple[int, Sequence[str]]]:
        """Lines of titles above the headings, which are left out."""
        return [(line, texts) for line, texts in self.first if line < self.heading_line]

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
    path: Path,
    *,
    limits: Limits = LIMITS,
    encoding: str | None = None,
    sheet: str | None = None,
    score: Score | None = None,
) -> Iterator[Table]:
    """The table in ``path``; its kind is told from the content, never from the name.

    Every cell is text: numbers with a point, dates as 2026-11-22, times as 08:00. ``encoding`` (CSV) and
    ``sheet`` (workbooks; else the first visible one) may be stated. The headings are the first row, or by
    ``score`` the likeliest of the first `TITLE_ROWS`. Raises `TableRefusedError`.
    """
    kind = _kind(path, limits)
    if kind == "xlsx":
        with workbook.opened(path, limits=limits, sheet=sheet) as found:
            yield _table(kind, found.lines, found.notes, limits, score, sheet=found.sheet)
    else:
        with delimited.opened(path, limits=limits, encoding=encoding) as text:
            yield _table(
                kind,
                text.lines,
                text.notes,
                limits,
                score,
                encoding=text.encoding,
                delimiter=text.delimiter,
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
    score: Score | None,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
) -> Table:
    first = _first(lines, limits, TITLE_ROWS if score else 1)
    at = _likeliest(first, score) if score else 0
    heading_line, headings = first[at][0], first[at][2]
    _refuse_twins(headings)
    rest = chain(((line, cells) for line, cells, _headings in first[at + 1 :]), lines)
    looked_at = tuple((line, texts) for line, _cells, texts in first)
    return Table(
        kind,
        headings,
        heading_line,
        notes,
        looked_at,
        encoding,
        delimiter,
        sheet,
        _lines=rest,
        _limits=limits,
    )


def _first(
    lines: Iterator[tuple[int, Sequence[str]]], limits: Limits, number: int
) -> list[tuple[int, Sequence[str], tuple[str, ...]]]:
    """The first lines that hold anything: their number, their cells, and these as headings."""
    found: list[tuple[int, Sequence[str], tuple[str, ...]]] = []
    for line, cells in lines:
        headings = [" ".join(harmless_undone(cell).split()) for cell in cells]
        while headings and not headings[-1]:
            headings.pop()
        if headings:
            if len(headings) > limits.columns:
                raise TableRefusedError("columns", limit=limits.columns)
            found.append((line, cells, tuple(headings)))
        if len(found) == number:
            break
    if not found:
        raise TableRefusedError("no_headings")
    return found


def _likeliest(first: list[tuple[int, Sequence[str], tuple[str, ...]]], score: Score) -> int:
    """The first row that has everything, else the first of those that have most."""
    best, most = 0, 0.0
    for number, (_line, _cells, headings) in enumerate(first):
        if (found := score(headings)) > most:
            best, most = number, found
        if most == math.inf:
            break
    return best


def _refuse_twins(headings: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for number, heading in enumerate(headings, 1):
        name = heading.casefold()
        if name and name in seen:
            raise TableRefusedError("heading_twice", heading=heading, columns=f"{seen[name]}, {number}")
        seen[name] = number
