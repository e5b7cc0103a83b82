"""Reading text with separated columns, a row at a time."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from entaxis.core.tabular import encodings
from entaxis.core.tabular.limits import Limits
from entaxis.core.tabular.problems import TableProblem, TableRefusedError

DELIMITERS = (";", "\t", ",")  # in this order where they are equally frequent
STATEMENT = "sep="  # Excel's own first line
EXPECTED = {"utf-8-sig", "utf-8"}


@dataclass
class Text:
    """A text being read as rows of cells."""

    lines: Iterator[tuple[int, Sequence[str]]]
    notes: list[TableProblem]
    encoding: str
    delimiter: str


@contextmanager
def opened(path: Path, *, limits: Limits, encoding: str | None) -> Iterator[Text]:
    """The rows of ``path`` with the number of the line on which each begins."""
    found = encodings.stated(path, encoding) if encoding else encodings.detect(path)
    with path.open(encoding=found, newline="") as stream:
        delimiter, skipped = _delimiter(stream, limits)
        notes = []
        if found not in EXPECTED and not encoding:
            notes.append(TableProblem("read_as", {"encoding": encodings.NAMES[found]}))
        yield Text(
            _lines(stream, delimiter, skipped, limits), notes, encodings.NAMES.get(found, found), delimiter
        )


def _delimiter(stream: TextIOWrapper, limits: Limits) -> tuple[str, int]:
    """The separator of the first line that holds anything, and how many lines to leave out for it.

    A line that hardly has any may be a title: then the next one tells. The stream stands where the
    table begins.
    """
    head = stream.read(limits.columns * 200)
    stream.seek(0)
    told = [line for line in head.splitlines() if line.strip(" \t;,")][:2] or [""]
    first = told[0]
    if first.lower().startswith(STATEMENT) and first[len(STATEMENT) :][:1] in DELIMITERS:
        skipped = head.splitlines().index(first) + 1
        for _ in range(skipped):
            stream.readline()
        return first[len(STATEMENT)], skipped
    best = [_most_frequent(line) for line in told]
    return (best[0] if best[0][1] > 1 or best[-1][1] < 2 else best[-1])[0], 0


def _most_frequent(line: str) -> tuple[str, int]:
    bare = "".join(line.split('"')[::2])  # what stands between quotation marks does not separate
    sign = max(DELIMITERS, key=bare.count)
    return sign, bare.count(sign)


def _lines(
    stream: TextIOWrapper, delimiter: str, skipped: int, limits: Limits
) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + skipped + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if "field larger" in str(fault):
                raise _too_long(line, 1, limits) from None
            raise TableRefusedError("quotes", at=line) from None
        yield line, _clean(cells, line, limits)


def _clean(cells: list[str], line: int, limits: Limits) -> list[str]:
    for number, cell in enumerate(cells, 1):
        if len(cell) > limits.cell_characters:
            raise _too_long(line, number, limits)
        if "\0" in cell:
            raise TableRefusedError("null_byte", at=line)
    return [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]


def _too_long(line: int, number: int, limits: Limits) -> TableRefusedError:
    return TableRefusedError("cell", at=line, column_letter=number, limit=limits.cell_characters)
