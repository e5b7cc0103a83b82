"""A table as rows by column name, from whatever the office that sent it uses: CSV or XLSX."""

from dataclasses import dataclass
from pathlib import Path

from entaxis.core import tabular
from entaxis.geography.importing.problems import ImportRefusedError


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows by column name, each with its line in the file."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def read_table(path: Path) -> TextTable:
    """Read the whole table. Raises :class:`ImportRefusedError`."""
    try:
        with tabular.opened(path) as table:
            columns = list(table.headings)
            rows = [(row.line, dict(zip(columns, row.cells, strict=True))) for row in table]
        if not rows:
            raise tabular.TableRefusedError("no_rows")
    except tabular.TableRefusedError as fault:
        raise ImportRefusedError(fault.problem) from fault
    return TextTable(columns, rows)
