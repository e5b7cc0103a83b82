"""A table of text with named columns, however the office that sent it wrote it."""

import csv
from dataclasses import dataclass
from pathlib import Path

from entaxis.geography.importing.problems import ImportRefusedError, problem

MAX_TABLE_MB = 20
MAX_ROWS = 50_000
SEPARATORS = ";,\t"


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows by column name, stripped; ``rows`` counts from 2, as a spreadsheet shows them."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def read_table(path: Path) -> TextTable:
    """CSV in UTF-8 or Greek Windows, separated by ``;``, ``,`` or tabulators."""
    text = _text(path)
    lines = text.splitlines()
    if not lines:
        raise ImportRefusedError(problem("empty"))
    separator = max(SEPARATORS, key=lines[0].count)
    reader = csv.DictReader(lines, delimiter=separator, restval="")
    columns = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = columns
    try:
        rows = [(reader.line_num, _stripped(row)) for row in reader]
    except csv.Error as error:
        raise ImportRefusedError(problem("encoding")) from error
    return TextTable(columns, _bounded([row for row in rows if any(row[1].values())]))


def _text(path: Path) -> str:
    if not path.is_file():
        raise ImportRefusedError(problem("no_file", name=path.name))
    if path.stat().st_size > MAX_TABLE_MB * 2**20:
        raise ImportRefusedError(problem("too_large", megabytes=MAX_TABLE_MB))
    content = path.read_bytes()
    if b"\0" in content:
        raise ImportRefusedError(problem("encoding"))
    for encoding in ("utf-8-sig", "cp1253"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportRefusedError(problem("encoding"))


def _stripped(row: dict[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in row.items() if isinstance(name, str)}


def _bounded(rows: list[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    if not rows:
        raise ImportRefusedError(problem("no_rows"))
    if len(rows) > MAX_ROWS:
        raise ImportRefusedError(problem("too_many_rows", limit=MAX_ROWS))
    return rows
