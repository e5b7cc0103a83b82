"""Reading the sheet of an XLSX workbook as a stream, one pass over its XML and nothing unpacked before.

We read the sheets ourselves: openpyxl would fill gaps up to row 1,048,576, knows either a formula or its
value, and needs six times as long. Its knowledge of number formats and dates is used.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.parsers import expat  # every DOCTYPE is refused before an entity can exist
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from openpyxl.utils.escape import unescape

from entaxis.core import archives
from entaxis.core.tabular.limits import MEGABYTE, Deadline, Limits
from entaxis.core.tabular.problems import TableProblem, TableRefusedError

SMALL_PART = 8 * MEGABYTE  # of a part that is not a sheet or its texts
TOKEN = 2 * MEGABYTE  # of one tag or one piece of text
NOTES = 20  # formulas and the like that are named one by one
Attributes = dict[str, str]


@dataclass
class Book:
    """A sheet being read as rows of cells."""

    lines: Iterator[tuple[int, Sequence[str]]]
    notes: list[TableProblem]
    sheet: str


@contextmanager
def opened(path: Path, *, limits: Limits, sheet: str | None) -> Iterator[Book]:
    """The rows of one sheet: the named one, else the first that is not hidden."""
    bounds = archives.Bounds(limits.members, limits.inflated_bytes, limits.inflation_ratio)
    with path.open("rb") as stream:
        try:
            with archives.opened(stream, bounds) as package:
                yield _book(package, sheet, limits)
        except archives.ArchiveRefusedError as fault:
            raise TableRefusedError(fault.key, limit=limits.members) from None


def _book(package: ZipFile, sheet: str | None, limits: Limits) -> Book:
    parts = _Parts(package, Deadline(limits))
    name, part = parts.sheet(sheet, limits)
    notes: list[TableProblem] = []
    visible = [known for known, is_hidden in parts.sheets if not is_hidden]
    if len(visible) > 1 and sheet is None:
        notes.append(TableProblem("sheets_left", {"sheet": name, "count": len(visible)}))
    reader = _SheetReader(parts.texts(limits), parts.formats(), parts.epoch, limits, notes)
    return Book(_rows(parts, part, reader), notes, name)


def _rows(parts: "_Parts", part: str, reader: "_SheetReader") -> Iterator[tuple[int, Sequence[str]]]:
    for _ in parts.parse(part, reader.start, reader.end, reader.text):
        yield from reader.take()
    reader.finish()


class _Parts:
    """The parts of a workbook's package, found through its relations."""

    def __init__(self, package: ZipFile, deadline: Deadline) -> None:
        self._package = package
        self._deadline = deadline
        self._names = {name.lstrip("/").lower(): name for name in package.namelist()}
        self.epoch = CALENDAR_WINDOWS_1900
        self.sheets: list[tuple[str, bool]] = []
        self._book = self._related("_rels/.rels", "officeDocument") or "xl/workbook.xml"
        self._relations: list[str] = []
        self._read_book()

    def parse(
        self,
        name: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Feed a part to the handlers, stopping after each piece; raises `TableRefusedError`."""
        parser = _parser(start, end, text)
        fed = 0
        try:
            for piece in archives.chunks(self._package, self._names[name.lower()]):
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > TOKEN:
                    raise TableRefusedError("damaged")
                self._deadline.check()
                yield
            parser.Parse(b"", True)
        except (expat.ExpatError, KeyError, StopIteration, ValueError, OverflowError, UnicodeError):
            raise TableRefusedError("damaged") from None
        yield

    def sheet(self, wanted: str | None, limits: Limits) -> tuple[str, str]:
        """Name and part of the wanted sheet, or of the first that is not hidden."""
        if not self.sheets:
            raise TableRefusedError("no_sheet")
        if len(self.sheets) > limits.sheets:
            raise TableRefusedError("sheets", limit=limits.sheets)
        for (name, is_hidden), relation in zip(self.sheets, self._relations, strict=True):
            if name == wanted or (wanted is None and not is_hidden):
                part = self._related(_relations_of(self._book), "worksheet", relation)
                if part is None:
                    raise TableRefusedError("damaged")
                return name, part
        if wanted is None:
            raise TableRefusedError("no_sheet")
        names = ", ".join(f"“{name}”" for name, _ in self.sheets)
        raise TableRefusedError("sheet_unknown", sheet=wanted[:60], sheets=names)

    def texts(self, limits: Limits) -> list[str]:
        """The texts that cells refer to by number."""
        name = self._related(_relations_of(self._book), "sharedStrings")
        if name is None or name.lower() not in self._names:
            return []
        reader = _TextReader(limits)
        for _ in self.parse(name, reader.start, reader.end, reader.text):
            pass
        return reader.texts

    def formats(self) -> list[str]:
        """For each style of a cell: number, date, time or span."""
        name = self._related(_relations_of(self._book), "styles")
        if name is None or name.lower() not in self._names:
            return []
        reader = _FormatReader()
        self._read_small(name, reader.start, reader.end)
        return reader.kinds()

    def _read_book(self) -> None:
        def start(tag: str, attributes: Attributes) -> None:
            if tag == "sheet":
                self.sheets.append((attributes["name"], attributes.get("state", "visible") != "visible"))
                relation = next(value for key, value in attributes.items() if key.endswith(":id"))
                self._relations.append(relation)
            elif tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
                self.epoch = CALENDAR_MAC_1904

        self._read_small(self._book, start)

    def _related(self, relations: str, kind: str, identifier: str | None = None) -> str | None:
        found: list[str] = []

        def start(tag: str, attributes: Attributes) -> None:
            if tag != "Relationship" or attributes.get("TargetMode") == "External":
                return
            if not attributes.get("Type", "").endswith(f"/{kind}"):
                return
            if identifier is None or attributes.get("Id") == identifier:
                found.append(_target(relations, attributes["Target"]))

        if relations.lower() not in self._names:
            return None
        self._read_small(relations, start)
        return found[0] if found else None

    def _read_small(
        self,
        name: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
    ) -> None:
        stored = self._names.get(name.lower())
        if stored is None or self._package.getinfo(stored).file_size > SMALL_PART:
            raise TableRefusedError("damaged")
        for _ in self.parse(name, start, end):
            pass


def _parser(
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None,
    text: Callable[[str], None] | None,
) -> Any:
    """An expat parser that knows local names alone and refuses every DOCTYPE."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local = _Local()

    def refuse(*_: Any) -> None:
        raise TableRefusedError("doctype")

    def local_start(tag: str, attributes: Attributes) -> None:
        start(local[tag], attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = local_start
    if end is not None:
        parser.EndElementHandler = lambda tag: end(local[tag])
    if text is not None:
        parser.CharacterDataHandler = text
    return parser


class _Local(dict[str, str]):
    """Tag → its name without the prefix, worked out once a tag."""

    def __missing__(self, tag: str) -> str:
        self[tag] = name = tag.rpartition(":")[2]
        return name


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _target(relations: str, target: str) -> str:
    """The part that a relation points to, from the folder above its ``_rels``."""
    if target.startswith("/"):
        return target.lstrip("/")
    steps = relations.split("/")[:-2]
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


class _TextReader:
    """The shared texts: runs of rich text joined, hints on how to read Japanese left out."""

    def __init__(self, limits: Limits) -> None:
        self.texts: list[str] = []
        self._limits = limits
        self._pieces: list[str] = []
        self._is_text = self._is_hint = False
        self._length = 0

    def start(self, tag: str, _attributes: Attributes) -> None:
        if tag == "si":
            self._pieces, self._length = [], 0
        elif tag == "rPh":
            self._is_hint = True
        self._is_text = tag == "t" and not self._is_hint

    def end(self, tag: str) -> None:
        self._is_text = False
        if tag == "rPh":
            self._is_hint = False
        elif tag == "si":
            self.texts.append(_unescaped("".join(self._pieces)))

    def text(self, piece: str) -> None:
        if self._is_text:
            self._length += len(piece)
            if self._length <= self._limits.cell_characters:
                self._pieces.append(piece)
            else:  # refused where a cell uses it: one space too many
                self._pieces = [" " * (self._limits.cell_characters + 1)]


class _FormatReader:
    """Which styles show a number as a date."""

    def __init__(self) -> None:
        self._formats = dict(BUILTIN_FORMATS)
        self._styles: list[int] = []
        self._is_inside = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:200]
        elif tag == "cellXfs":
            self._is_inside = True
        elif tag == "xf" and self._is_inside:
            self._styles.append(int(attributes.get("numFmtId", 0)))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._is_inside = False

    def kinds(self) -> list[str]:
        known = {number: _kind_of_format(self._formats.get(number, "")) for number in set(self._styles)}
        return [known[number] for number in self._styles]


def _kind_of_format(code: str) -> str:
    if is_timedelta_format(code):
        return "span"
    return "date" if is_date_format(code) else "number"


@dataclass
class _Cell:
    """The cell being read."""

    column: int
    reference: str
    kind: str
    style: int
    has_formula: bool = False
    pieces: list[str] = field(default_factory=list)
    length: int = 0


class _SheetReader:
    """Handlers that turn the XML of a sheet into rows of texts."""

    def __init__(
        self,
        texts: list[str],
        formats: list[str],
        epoch: datetime,
        limits: Limits,
        notes: list[TableProblem],
    ) -> None:
        self._texts, self._formats, self._epoch = texts, formats, epoch
        self._limits, self._notes = limits, notes
        self._rows: list[tuple[int, Sequence[str]]] = []
        self._line = 0
        self._cells: dict[int, str] = {}
        self._cell: _Cell | None = None
        self._column = 0
        self._is_value = self._is_hint = False
        self._formulas = 0

    def take(self) -> list[tuple[int, Sequence[str]]]:
        """The rows read since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def finish(self) -> None:
        """Say how many formulas there were, where they were too many to name."""
        if self._formulas > NOTES:
            self._notes.append(TableProblem("formulas", {"count": self._formulas}))

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag in {"v", "t"}:
            self._is_value = not self._is_hint
        elif tag == "f" and self._cell is not None:
            self._cell.has_formula = True
        elif tag == "rPh":
            self._is_hint = True
        elif tag == "row":
            self._line = int(attributes["r"]) if "r" in attributes else self._line + 1
            self._cells, self._column = {}, 0
        elif tag == "mergeCell" and len(self._notes) < NOTES:
            self._notes.append(TableProblem("merged", {"range": attributes.get("ref", "")[:40]}))

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self._is_value = False
        elif tag == "rPh":
            self._is_hint = False
        elif tag == "c" and self._cell is not None:
            value = self._value(self._cell)
            if value:
                self._keep(self._cell.column, value)
            self._cell = None
        elif tag == "row" and self._cells:
            width = max(self._cells)
            self._rows.append((self._line, [self._cells.get(n, "") for n in range(1, width + 1)]))

    def text(self, piece: str) -> None:
        cell = self._cell
        if self._is_value and cell is not None:
            cell.length += len(piece)
            if cell.length > self._limits.cell_characters:
                raise self._too_long(cell.column)
            cell.pieces.append(piece)

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r", "")
        letters = reference.rstrip("0123456789")
        self._column = column_index_from_string(letters) if letters else self._column + 1
        self._cell = _Cell(
            self._column,
            reference or f"{get_column_letter(self._column)}{self._line}",
            attributes.get("t", "n"),
            int(attributes.get("s", 0)),
        )

    def _keep(self, column: int, value: str) -> None:
        if column > self._limits.columns:
            raise TableRefusedError("columns", limit=self._limits.columns)
        if len(value) > self._limits.cell_characters:
            raise self._too_long(column)
        self._cells[column] = value

    def _value(self, cell: _Cell) -> str:
        raw = "".join(cell.pieces)
        value = self._plain(cell, raw)
        if cell.has_formula:
            self._formulas += 1
            if not value and cell.kind != "e":
                self._note("formula_empty", cell=cell.reference)
            elif cell.kind != "e":
                self._note("formula", cell=cell.reference, value=value[:60])
        return value

    def _plain(self, cell: _Cell, raw: str) -> str:
        match cell.kind:
            case _ if not raw:
                text = ""
            case "s":
                text = self._shared(int(raw))
            case "str" | "inlineStr":
                text = _unescaped(raw)
            case "b":
                text = "1" if raw.strip() == "1" else "0"
            case "e":
                self._note("error_value", cell=cell.reference, value=raw[:20])
                text = ""
            case "d":
                text = raw.strip().removesuffix("T00:00:00")
            case _:
                kind = self._formats[cell.style] if cell.style < len(self._formats) else "number"
                text = _number(raw.strip(), kind, self._epoch)
        return text

    def _shared(self, number: int) -> str:
        if not 0 <= number < len(self._texts):
            raise TableRefusedError("damaged")
        return self._texts[number]

    def _note(self, key: str, **facts: Any) -> None:
        if len(self._notes) < NOTES:
            self._notes.append(TableProblem(key, facts, line=self._line))

    def _too_long(self, column: int) -> TableRefusedError:
        return TableRefusedError(
            "cell",
            at=self._line,
            column_letter=get_column_letter(column),
            limit=self._limits.cell_characters,
        )


def _unescaped(text: str) -> str:
    return (unescape(text) if "_x" in text else text).replace("\r\n", "\n").replace("\r", "\n")


def _number(raw: str, kind: str, epoch: datetime) -> str:
    """A number as a person would type it: 2201, 39.3666, 2026-11-22, 08:00."""
    number = float(raw)
    if kind != "number":
        try:
            return _moment(from_excel(number, epoch, timedelta=kind == "span"))
        except (ValueError, OverflowError, TypeError):
            pass  # a date beyond the calendar: the number itself
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def _moment(moment: datetime | date | time | timedelta | None) -> str:
    if isinstance(moment, timedelta):
        minutes = round(moment.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(moment, datetime):
        if moment.time() == time():
            return moment.date().isoformat()
        return moment.isoformat(sep=" ", timespec="minutes")
    if isinstance(moment, time):
        return moment.isoformat(timespec="minutes")
    return str(moment or "")
