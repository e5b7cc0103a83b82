"""Tables from outside and for outside: CSV and XLSX, read within bounds and written without formulas.

    with tabular.opened(path) as table:
        for row in table:
            row.line, row.cells

    tabular.csv_bytes(headings, rows)
    tabular.write_workbook(stream, [tabular.Sheet("Structures", headings, rows)])

A file that cannot be read raises `TableRefusedError` with a sentence in the reader's language; what was
read all the same but is worth knowing stands in ``table.notes``.
"""

from entaxis.core.tabular.limits import LIMITS, Limits
from entaxis.core.tabular.problems import TableProblem, TableRefusedError
from entaxis.core.tabular.reading import Row, Table, opened
from entaxis.core.tabular.writing import (
    EXCEL,
    PLAIN,
    Dialect,
    Sheet,
    csv_bytes,
    csv_lines,
    harmless,
    harmless_undone,
    write_workbook,
)

__all__ = [
    "EXCEL",
    "LIMITS",
    "PLAIN",
    "Dialect",
    "Limits",
    "Row",
    "Sheet",
    "Table",
    "TableProblem",
    "TableRefusedError",
    "csv_bytes",
    "csv_lines",
    "harmless",
    "harmless_undone",
    "opened",
    "write_workbook",
]
