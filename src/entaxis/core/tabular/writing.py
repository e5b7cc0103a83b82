"""Writing tables that open well in the local Excel and run nothing there."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from typing import IO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

Value = str | int | float | Decimal | bool | date | datetime | time | None

# A text that a spreadsheet would take for a formula, also behind blanks, marks or our own apostrophe.
_FORMULA = re.compile(r"'*(?:[\s\x00-\x1f\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n])")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
HEADING_FONT = Font(bold=True, color="FFFFFF")
HEADING_FILL = PatternFill("solid", fgColor="003375")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV is written."""

    delimiter: str
    has_mark: bool
    decimal_comma: bool


EXCEL = Dialect(delimiter=";", has_mark=True, decimal_comma=True)  # what a Greek Excel opens rightly
PLAIN = Dialect(delimiter=",", has_mark=False, decimal_comma=False)  # what other programs expect


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; ``choices`` offers a list of allowed values for a column (from 0)."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()
    choices: dict[int, str] = field(default_factory=dict)  # column → range, such as Keys!$A$2:$A$19


def harmless(text: str) -> str:
    """``text`` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def harmless_undone(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def csv_lines(
    headings: Sequence[str], rows: Iterable[Sequence[Value]], dialect: Dialect = EXCEL
) -> Iterator[str]:
    """The lines of a CSV, one after another, for answers that stream."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=dialect.delimiter, lineterminator="\r\n")
    if dialect.has_mark:
        yield "\ufeff"
    writer.writerow([_text(heading, dialect) for heading in headings])
    for row in rows:
        yield _taken(buffer)
        writer.writerow([_text(value, dialect) for value in row])
    yield _taken(buffer)


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Value]], dialect: Dialect = EXCEL) -> bytes:
    """The same as one file in UTF-8."""
    return "".join(csv_lines(headings, rows, dialect)).encode()


def write_workbook(stream: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook, a row at a time, to ``stream``."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book, sheet)
    book.save(stream)


def _write_sheet(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(re.sub(r"[\\/?*\[\]:]", " ", sheet.title)[:31])
    page.freeze_panes = "A2"
    for number in range(1, len(sheet.headings) + 1):
        width = sheet.widths[number - 1] if number <= len(sheet.widths) else 24
        page.column_dimensions[get_column_letter(number)].width = width
    for column, source in sheet.choices.items():
        letter = get_column_letter(column + 1)
        validation = DataValidation(type="list", formula1=f"={source}", allow_blank=True)
        validation.add(f"{letter}2:{letter}5000")
        page.data_validations.append(validation)
    page.append([_heading_cell(page, heading) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_cell(value) for value in row])


def _heading_cell(page: object, heading: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=_legal(heading))
    cell.font, cell.fill = HEADING_FONT, HEADING_FILL
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(value: Value) -> Value:
    if isinstance(value, datetime):
        return _local(value)
    return _legal(value) if isinstance(value, str) else value


def _text(value: Value, dialect: Dialect) -> str:
    match value:
        case None:
            text = ""
        case str():
            text = harmless(_ILLEGAL.sub("", value))
        case bool():
            text = "1" if value else "0"
        case datetime():
            text = _local(value).isoformat(sep=" ", timespec="seconds")
        case time():
            text = value.isoformat(timespec="minutes")
        case float() | Decimal():
            text = str(value).replace(".", ",") if dialect.decimal_comma else str(value)
        case _:
            text = str(value)
    return text


def _local(moment: datetime) -> datetime:
    """The clock on the wall: spreadsheets know no time zones."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _legal(text: str) -> str:
    """Harmless, without the characters that XML cannot hold, and no longer than a cell may be."""
    return harmless(_ILLEGAL.sub("", text))[:32_767]


def _taken(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
