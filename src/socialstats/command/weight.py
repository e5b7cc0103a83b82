"""``python -m socialstats weight``: non-response and calibration of a file's weights to known totals."""

import argparse
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from socialstats import weighting
from socialstats.command import HELP
from socialstats.command.common import Progress
from socialstats.command.tables import add_output, column, emit
from socialstats.command.totals import margins_of
from socialstats.errors import OptionError
from socialstats.frame import numbers
from socialstats.reading import read_table
from socialstats.weighting.distances import METHODS


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its arguments."""
    parser = commands.add_parser(
        "weight",
        help=HELP["weight"],
        description=__doc__,
        epilog="TOTALS has the columns margin, class, total: one row a class of a column of FILE, "
        "or a row with an empty class for the total of a numeric column.",
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--weight", metavar="C", required=True, help="design weight")
    parser.add_argument("--totals", metavar="TOTALS", help="csv of known totals")
    parser.add_argument("--method", choices=METHODS, default="raking")
    parser.add_argument("--bounds", type=float, nargs=2, metavar=("LOW", "HIGH"), help="of the change")
    parser.add_argument("--household", metavar="C", help="its members share one weight")
    parser.add_argument("--responded", metavar="C", help="1 for those who answered, 0 for the rest")
    parser.add_argument("--cells", metavar="C", nargs="+", default=[], help="cells of equal response")
    parser.add_argument("--minimum", type=int, default=1, help="fewest respondents in a cell")
    parser.add_argument("--trim-times-median", type=float, metavar="X", help="trim before calibrating")
    parser.add_argument("--output", metavar="FILE.csv", help="the file with a column final_weight")
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Weight, write the file if asked, and show the margins.

    Raises:
        SocialStatsError: whatever is wrong, as a sentence.
    """
    progress = Progress(options.quiet)
    frame = read_table(options.file)
    weights = numbers(frame, options.weight)
    if options.responded:
        weights, frame = _answered(options, frame, weights, progress)
    elif options.cells:
        message = "--cells needs --responded."
        raise OptionError(message)
    if options.trim_times_median:
        trimmed = weighting.trim(weights, times_median=options.trim_times_median)
        progress(f"{int(trimmed.trimmed.sum())} weights trimmed to {trimmed.high:.6g}")
        weights = trimmed.weights
    table = pl.DataFrame({"sum": [float(weights.sum())], "n": [len(weights)]})
    if options.totals:
        result = weighting.calibrate(
            weights,
            margins_of(frame, read_table(options.totals)),
            method=options.method,
            bounds=tuple(options.bounds) if options.bounds else None,
            households=column(frame, options.household) if options.household else None,
        )
        weights, table = result.weights, result.to_polars()
        for name, value in result.diagnostics().items():
            progress(f"{name} {value:.6g}")
    if options.output:
        frame.with_columns(pl.Series("final_weight", weights)).write_csv(Path(options.output))
        progress(f"{options.output}: {len(weights):,} rows")
    emit(table, options.format)
    return 0


def _answered(
    options: argparse.Namespace, frame: pl.DataFrame, weights: NDArray[np.float64], progress: Progress
) -> tuple[NDArray[np.float64], pl.DataFrame]:
    """Weights and rows of those who answered."""
    responded = numbers(frame, options.responded)
    columns = [column(frame, name) for name in options.cells]
    cells = np.array(
        [" × ".join(map(str, row)) for row in zip(*columns, strict=True)] or ["all"] * len(weights)
    )
    result = weighting.response_cells(weights, responded, cells, minimum=options.minimum)
    for row in result.to_polars().iter_rows(named=True):
        progress(f"cell {row['group']}: {row['n_responded']} of {row['n']} answered")
    return result.weights[result.responded], frame.filter(pl.Series(result.responded))
