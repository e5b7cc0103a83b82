"""What is told of an import: its problems as a table that can be taken away."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from entaxis.core import tabular
from entaxis.sources.importing.problems import SourceProblem


def rejected_csv(problems: Iterable[SourceProblem]) -> bytes:
    """Line, column, value and reason of each problem; no number of any person stands in it."""
    headings = [_("Line"), _("Column"), _("Value"), _("Reason")]
    rows = [[str(each.line or ""), each.column, each.value, str(each)] for each in problems]
    return tabular.csv_bytes(headings, rows)
