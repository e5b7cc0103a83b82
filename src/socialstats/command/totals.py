"""Known totals from a file, for the commands that calibrate."""

import polars as pl

from socialstats import weighting
from socialstats.command.tables import column
from socialstats.errors import DataError
from socialstats.frame import numbers


def margins_of(frame: pl.DataFrame, totals: pl.DataFrame) -> weighting.Margins:
    """The totals of a table with the columns margin, class, total, answered by a file's columns.

    Raises:
        DataError: the table lacks a column.
        ColumnError: the file does.
        CalibrationError: a class without a total, or a total that nobody answers.
    """
    if missing := {"margin", "class", "total"} - set(totals.columns):
        message = (
            f"The totals need the columns margin, class, total; missing: {', '.join(sorted(missing))}."
        )
        raise DataError(message)
    parts = []
    for name, group in totals.group_by("margin", maintain_order=True):
        margin = str(name[0])
        amounts = numbers(group, "total")
        classes = ["" if entry is None else str(entry) for entry in group["class"].to_list()]
        if classes == [""]:
            parts.append(weighting.amount(margin, numbers(frame, margin), float(amounts[0])))
        else:
            wanted = dict(zip(classes, amounts.tolist(), strict=True))
            parts.append(weighting.counts(margin, column(frame, margin).astype(str), wanted))
    return weighting.together(parts)
