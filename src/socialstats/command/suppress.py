"""``python -m socialstats suppress``: tables of counts or amounts with their margins, safe to publish."""

import argparse
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from socialstats import disclosure
from socialstats.command import HELP
from socialstats.command.common import Progress
from socialstats.command.tables import add_output, column, emit, pairs
from socialstats.disclosure.tables import Sum
from socialstats.errors import ColumnError, DataError, OptionError
from socialstats.frame import check_column, numbers
from socialstats.reading import read_table

Key = tuple[Any, ...]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its arguments."""
    parser = commands.add_parser(
        "suppress",
        help=HELP["suppress"],
        description=__doc__,
        epilog="Totals are added over every column of --by; --parent adds levels between. Several files "
        "are linked tables: each is crossed by the columns of --by that it has, and margins of one name "
        "are one cell. Groups that overlap (--overlapping) have no total of their own; a file without "
        "their column says how many persons there are, and the difference is protected too.",
    )
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="one row a combination (of --amount: a contribution)"
    )
    parser.add_argument("--by", metavar="C", nargs="+", required=True, help="columns of the tables")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--count", metavar="C", help="persons of each combination")
    what.add_argument("--amount", metavar="C", help="a contribution, for example euro")
    parser.add_argument(
        "--parent",
        metavar="C=D",
        nargs="+",
        default=[],
        help="column D of FILE holds the parent of C's category",
    )
    parser.add_argument("--overlapping", metavar="C", help="column of groups that a person may share")
    parser.add_argument(
        "--published-before", metavar="FILE", help="cells that are out already, same columns"
    )
    parser.add_argument("--minimum", type=int, default=5, help="smallest count that is shown (5)")
    parser.add_argument("--contributor", metavar="C", help="whose contribution (each row its own without)")
    parser.add_argument("--largest", type=int, default=1, help="n of the dominance rule (1)")
    parser.add_argument("--dominance", type=float, default=75.0, metavar="PERCENT", help="its share (75)")
    parser.add_argument("--p-percent", type=float, default=10.0, metavar="PERCENT", help="p %% rule (10)")
    parser.add_argument("--contributors", type=int, default=3, help="fewest of a shown amount (3)")
    parser.add_argument("--method", choices=("optimal", "quick"), default="optimal")
    add_output(parser)
    parser.set_defaults(run=run)


@dataclass
class _Cells:
    """Cells of all tables by their categories, what ties them, and how far unsafe amounts must reach."""

    values: dict[Key, float] = field(default_factory=dict)
    sums: dict[tuple[Hashable, ...], Sum] = field(default_factory=dict)
    unsafe: dict[Key, float] = field(default_factory=dict)

    def add(self, values: dict[Key, float], sums: Iterable[Sum], unsafe: dict[Key, float]) -> None:
        """One more table; a cell that another has too is the same cell.

        Raises:
            DataError: two tables give a cell two values.
        """
        for key, value in values.items():
            if abs(self.values.setdefault(key, value) - value) > 1e-9 * max(abs(value), 1.0):
                name, other = " | ".join(map(str, key)), self.values[key]
                message = f"The tables disagree about {name}: {other:g} and {value:g}."
                raise DataError(message)
        for total, parts in sums:
            self.sums[total, *parts] = (total, parts)
        for key, need in unsafe.items():
            self.unsafe[key] = max(need, self.unsafe.get(key, 0.0))


def run(options: argparse.Namespace) -> int:
    """Protect and write.

    Raises:
        SocialStatsError: whatever is wrong, as a sentence.
    """
    progress = Progress(options.quiet)
    if options.overlapping and options.overlapping not in options.by:
        message = f"--overlapping names {options.overlapping}, which is no column of --by."
        raise OptionError(message)
    frames = [(path, read_table(path)) for path in options.files]
    if options.overlapping and not any(options.overlapping in frame.columns for _, frame in frames):
        check_column(frames[0][1], options.overlapping)
    cells = _Cells()
    trees = _hierarchies([frame for _, frame in frames], options)
    for path, frame in frames:
        cells.add(*_table(path, frame, trees, options))
    before = _before(options) if options.published_before else None
    wholes = list(_wholes(cells, options)) if options.overlapping else []
    tables = disclosure.tables(cells.values, cells.sums.values(), at_most=wholes, published_before=before)
    progress(f"{len(cells.values):,} cells with their margins")
    result = _protected(tables, cells, options)
    progress(str(result))
    table = result.to_polars().drop("cell")
    keys: list[Any] = [key for key, hidden in zip(tables.keys, tables.hidden, strict=True) if not hidden]
    labels = pl.DataFrame(keys, schema=options.by, orient="row")
    if options.count:
        table = table.with_columns(pl.col("value").cast(pl.Int64))
    emit(labels.hstack(table).sort(options.by), options.format)
    return 0


def _protected(
    tables: disclosure.Tables, cells: _Cells, options: argparse.Namespace
) -> disclosure.Suppression:
    if options.count:
        rule = disclosure.CountRule(minimum=options.minimum, width=float(options.minimum))
        return disclosure.suppress_counts(tables, rule=rule, method=options.method)
    need = np.array([cells.unsafe.get(key, 0.0) for key in tables.keys])  # type: ignore[call-overload]
    return disclosure.suppress(tables, need > 0, need, need, method=options.method)


def _table(
    path: str, frame: pl.DataFrame, trees: dict[str, dict[str, str]], options: argparse.Namespace
) -> tuple[dict[Key, float], list[Sum], dict[Key, float]]:
    """One file's cells and sums by all columns of ``--by``; the total stands for a column it lacks.

    Raises:
        ColumnError: the file has none of the columns.
    """
    by = [name for name in options.by if name in frame.columns]
    if not by or (len(options.files) == 1 and len(by) < len(options.by)):
        for name in options.by:
            check_column(frame, name)
        message = f"{path} has none of the columns {', '.join(options.by)}."
        raise ColumnError(message)
    trees = {name: trees[name] for name in by}
    labels = {name: column(frame, name).astype(str) for name in by}
    value = options.count or options.amount
    table = pl.DataFrame({**labels, "value": numbers(frame, value)})
    if options.amount and options.contributor:
        table = table.with_columns(pl.Series("contributor", column(frame, options.contributor)))
    if options.count:
        _refuse_twice(table, by)
    if options.overlapping not in by:
        return _padded(_crossed(table, trees, options), by, {}, options)
    inner = [name for name in by if name != options.overlapping]
    values: dict[Key, float] = {}
    sums: list[Sum] = []
    unsafe: dict[Key, float] = {}
    for (group,), rows in table.group_by(options.overlapping, maintain_order=True):
        made = _crossed(rows, {name: trees[name] for name in inner}, options)
        own = _padded(made, inner, {options.overlapping: group}, options)
        values |= own[0]
        sums += own[1]
        unsafe |= own[2]
    return values, sums, unsafe


def _refuse_twice(table: pl.DataFrame, by: list[str]) -> None:
    twice = table.select(by).is_duplicated()
    if twice.any():
        message = (
            f"{int(twice.sum())} rows share their categories with another: one row a combination is needed."
        )
        raise DataError(message)


def _crossed(
    table: pl.DataFrame, trees: dict[str, dict[str, str]], options: argparse.Namespace
) -> tuple[dict[Key, float], list[Sum], dict[Key, float]]:
    if options.count:
        return *disclosure.cross(table, trees, value="value"), {}
    rule = disclosure.AmountRule(
        options.largest, options.dominance, options.p_percent, options.contributors
    )
    whose = "contributor" if options.contributor else None
    return disclosure.cross_amounts(table, trees, value="value", contributor=whose, rule=rule)


def _padded(
    made: tuple[dict[Key, float], list[Sum], dict[Key, float]],
    by: list[str],
    fixed: dict[str, Any],
    options: argparse.Namespace,
) -> tuple[dict[Key, float], list[Sum], dict[Key, float]]:
    """The same with keys over all columns of ``--by``."""
    place = {name: at for at, name in enumerate(by)}

    def pad(key: Any) -> Key:
        return tuple(
            fixed.get(name, key[place[name]] if name in place else disclosure.TOTAL) for name in options.by
        )

    values, sums, unsafe = made
    return (
        {pad(key): value for key, value in values.items()},
        [(pad(total), [pad(part) for part in parts]) for total, parts in sums],
        {pad(key): need for key, need in unsafe.items()},
    )


def _wholes(cells: _Cells, options: argparse.Namespace) -> Iterable[tuple[Key, Key]]:
    """Each group's cell and the cell of all persons of which it is a part, where a table has it."""
    at = options.by.index(options.overlapping)
    for key in cells.values:
        whole = (*key[:at], disclosure.TOTAL, *key[at + 1 :])
        if key != whole and whole in cells.values:
            yield key, whole


def _hierarchies(frames: list[pl.DataFrame], options: argparse.Namespace) -> dict[str, dict[str, str]]:
    """For each column of --by the parent of every category, read along ``--parent`` columns."""
    wanted = pairs(options.parent, "--parent")
    trees: dict[str, dict[str, str]] = {}
    for name in options.by:
        trees[name], below = {}, name
        while below in wanted:
            above = wanted.pop(below)
            having = [frame for frame in frames if {below, above} <= set(frame.columns)]
            for frame in having or frames[:1]:
                _grow(trees[name], below, column(frame, below), above, column(frame, above))
            below = above
    if wanted:
        message = f"--parent names {', '.join(wanted)}, which stands in no line from --by."
        raise DataError(message)
    return trees


def _grow(tree: dict[str, str], below: str, children: Any, above: str, parents: Any) -> None:
    for child, parent in zip(children.astype(str), parents.astype(str), strict=True):
        if tree.setdefault(child, parent) != parent:
            message = f"{below} {child} has two parents in {above}: {tree[child]} and {parent}."
            raise DataError(message)


def _before(options: argparse.Namespace) -> dict[Key, float]:
    earlier = read_table(options.published_before)
    labels = [
        column(earlier, name).astype(str)
        if name in earlier.columns
        else np.full(earlier.height, disclosure.TOTAL)
        for name in options.by
    ]
    value = next((name for name in (options.count, options.amount, "value") if name in earlier.columns), "")
    if not value:
        check_column(earlier, options.count or options.amount)
    rows = zip(*labels, numbers(earlier, value), strict=True)
    # an empty amount was suppressed then: nothing to remember
    return {tuple(map(str, row[:-1])): float(row[-1]) for row in rows if row[-1] == row[-1]}
