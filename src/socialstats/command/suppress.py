"""``python -m socialstats suppress``: a table of counts with its margins, safe to publish."""

import argparse
from typing import Any

import polars as pl

from socialstats import disclosure
from socialstats.command import HELP
from socialstats.command.common import Progress
from socialstats.command.tables import add_output, column, emit, numbers, pairs
from socialstats.errors import DataError
from socialstats.reading import read_table


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its arguments."""
    parser = commands.add_parser(
        "suppress",
        help=HELP["suppress"],
        description=__doc__,
        epilog="Totals are added over every column of --by; --parent adds levels between.",
    )
    parser.add_argument("file", metavar="FILE", help="one row a combination of finest categories")
    parser.add_argument("--by", metavar="C", nargs="+", required=True, help="columns of the table")
    parser.add_argument("--count", metavar="C", required=True)
    parser.add_argument(
        "--parent",
        metavar="C=D",
        nargs="+",
        default=[],
        help="column D of FILE holds the parent of C's category",
    )
    parser.add_argument(
        "--published-before", metavar="FILE", help="cells that are out already, same columns"
    )
    parser.add_argument("--minimum", type=int, default=5, help="smallest count that is shown (5)")
    parser.add_argument("--method", choices=("optimal", "quick"), default="optimal")
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Protect and write.

    Raises:
        SocialStatsError: whatever is wrong, as a sentence.
    """
    progress = Progress(options.quiet)
    frame = read_table(options.file)
    values, sums = disclosure.cross(_counts(frame, options), _hierarchies(frame, options))
    before = _before(options) if options.published_before else None
    tables = disclosure.tables(values, sums, published_before=before)
    progress(f"{len(values):,} cells with their margins")
    rule = disclosure.CountRule(minimum=options.minimum, width=float(options.minimum))
    result = disclosure.suppress_counts(tables, rule=rule, method=options.method)
    progress(str(result))
    table = result.to_polars().drop("cell")
    keys: list[Any] = [key for key, hidden in zip(tables.keys, tables.hidden, strict=True) if not hidden]
    labels = pl.DataFrame(keys, schema=options.by, orient="row")
    emit(labels.hstack(table), options.format)
    return 0


def _counts(frame: pl.DataFrame, options: argparse.Namespace) -> pl.DataFrame:
    labels = {name: column(frame, name).astype(str) for name in options.by}
    table = pl.DataFrame({**labels, "count": numbers(frame, options.count)})
    twice = table.select(options.by).is_duplicated()
    if twice.any():
        message = (
            f"{int(twice.sum())} rows share their categories with another: one row a combination is needed."
        )
        raise DataError(message)
    return table


def _hierarchies(frame: pl.DataFrame, options: argparse.Namespace) -> dict[str, dict[str, str]]:
    """For each column of the table the parent of every category, read along ``--parent`` columns."""
    wanted = pairs(options.parent, "--parent")
    trees: dict[str, dict[str, str]] = {}
    for name in options.by:
        tree: dict[str, str] = {}
        below = name
        while below in wanted:
            above = wanted.pop(below)
            children, parents = column(frame, below).astype(str), column(frame, above).astype(str)
            for child, parent in zip(children, parents, strict=True):
                if tree.setdefault(child, parent) != parent:
                    message = f"{below} {child} has two parents in {above}: {tree[child]} and {parent}."
                    raise DataError(message)
            below = above
        trees[name] = tree
    if wanted:
        message = f"--parent names {', '.join(wanted)}, which stands in no line from --by."
        raise DataError(message)
    return trees


def _before(options: argparse.Namespace) -> dict[tuple[Any, ...], float]:
    earlier = read_table(options.published_before)
    labels = [column(earlier, name).astype(str) for name in options.by]
    amounts = numbers(earlier, options.count)
    rows = zip(*labels, amounts, strict=True)
    # an empty amount was suppressed then: nothing to remember
    return {tuple(map(str, row[:-1])): float(row[-1]) for row in rows if row[-1] == row[-1]}
