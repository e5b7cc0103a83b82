"""``python -m socialstats estimate``: indicators of a file, or the change between two."""

import argparse
from typing import TYPE_CHECKING

import polars as pl

from socialstats.command import HELP
from socialstats.command.common import Progress, add_survey_arguments, frame_from, survey_from, write
from socialstats.comparison import change
from socialstats.errors import OptionError
from socialstats.estimation import estimate
from socialstats.frame import numbers
from socialstats.indicators import INCOME
from socialstats.lines import Line
from socialstats.publication import PublicationRule
from socialstats.reading import read_table

if TYPE_CHECKING:
    from socialstats.weighting import Calibration

METHODS = ("linear", "raking", "logit", "truncated")
DEFAULT = "arpt,arop,gap,gini,s80s20"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its arguments."""
    parser = commands.add_parser(
        "estimate",
        help=HELP["estimate"],
        description="Indicators with standard errors and publication flags; two files: the change.",
        epilog="Indicators of income: arpt, "
        + ", ".join(INCOME)
        + "; arop40 … arop70 take their own line.",
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="csv, parquet, arrow, sav or dta; two compare editions"
    )
    add_survey_arguments(parser)
    parser.add_argument(
        "--by", metavar="C", nargs="+", action="extend", default=[], help="breakdowns; a*b crosses"
    )
    parser.add_argument("--indicators", default=DEFAULT, help=f"keys with commas between ({DEFAULT})")
    line = parser.add_mutually_exclusive_group()
    line.add_argument("--line", type=float, metavar="PERCENT", help="of the sample's median (60)")
    line.add_argument(
        "--line-amount", type=float, nargs="+", metavar="EURO", help="given line; two for two editions"
    )
    line.add_argument("--line-of-domain", type=float, metavar="PERCENT", help="of each domain's own median")
    parser.add_argument(
        "--variance", default="linearised", help="linearised, bootstrap:R, jkn or replicates"
    )
    parser.add_argument(
        "--totals", metavar="TOTALS", help="calibrate the weights first (columns margin, class, total)"
    )
    parser.add_argument("--calibration", choices=METHODS, default="raking", help="how (raking)")
    parser.add_argument("--bounds", type=float, nargs=2, metavar=("LOW", "HIGH"), help="of the change")
    parser.add_argument("--density", choices=("default", "convey"), default="default")
    parser.add_argument("--tails", choices=("eurostat", "inclusive"), default="eurostat")
    parser.add_argument("--gini", choices=("eurostat", "convey"), default="eurostat")
    parser.add_argument("--epsilon", type=float, default=1.0, help="of Atkinson's index")
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals")
    parser.add_argument(
        "--interval", choices=("standard", "percentile"), help="percentile: of the bootstrap"
    )
    parser.add_argument("--minimum", type=int, default=20, help="fewer observations are not published (20)")
    parser.add_argument("--reliable", type=int, default=50, help="fewer observations are flagged u (50)")
    parser.add_argument("--seed", type=int, help="of the bootstrap (1)")
    spread = parser.add_mutually_exclusive_group()
    spread.add_argument("--jobs", type=int, help="threads; -1 = all cores")
    spread.add_argument("--dask", metavar="ADDRESS", help="scheduler of a Dask cluster")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument(
        "--json", action="store_const", const="json", dest="format", help="same as --format json"
    )
    parser.set_defaults(run=run)


def _lines(options: argparse.Namespace) -> list[Line]:
    if options.line_amount:
        if len(options.line_amount) > len(options.files):
            message = f"{len(options.line_amount)} lines are given for {len(options.files)} files."
            raise OptionError(message)
        given = [Line.given(amount) for amount in options.line_amount]
        return given if len(given) == 2 else given * 2
    if options.line_of_domain is not None:
        return [Line.of_domain(options.line_of_domain)] * 2
    return [Line.of_sample(60.0 if options.line is None else options.line)] * 2


def _calibrate(
    options: argparse.Namespace, frames: list[pl.DataFrame], progress: Progress
) -> "Calibration":
    """Calibrate the first frame's weights in place of its column.

    Raises:
        OptionError: two files.
        SocialStatsError: the totals cannot be read or met.
    """
    from socialstats import weighting
    from socialstats.command.totals import margins_of

    if len(frames) > 1:
        message = "--totals calibrates one file; weight two editions first, each to its own totals."
        raise OptionError(message)
    frame = frames[0]
    found = weighting.calibrate(
        numbers(frame, options.weight),
        margins_of(frame, read_table(options.totals)),
        method=options.calibration,
        bounds=tuple(options.bounds) if options.bounds else None,
    )
    frames[0] = frame.with_columns(pl.Series(options.weight, found.weights))
    progress(f"weights changed by {found.g.min():.3g} to {found.g.max():.3g} to meet the totals")
    return found


def run(options: argparse.Namespace) -> int:
    """Estimate and write.

    Raises:
        SocialStatsError: whatever is wrong, as a sentence.
    """
    if len(options.files) > 2:
        message = f"One file is estimated, two are compared; {len(options.files)} are given."
        raise OptionError(message)
    progress = Progress(options.quiet)
    frames = [frame_from(path, progress) for path in options.files]
    calibration = _calibrate(options, frames, progress) if options.totals else None
    surveys = [survey_from(options, frame, progress) for frame in frames]
    names = [name.strip() for name in options.indicators.split(",") if name.strip()]
    lines = _lines(options)
    shape = {"tails": options.tails, "gini": options.gini, "epsilon": options.epsilon}
    rule = PublicationRule(options.minimum, options.reliable)
    common = {"by": options.by, "density": options.density, "level": options.level, "rule": rule, **shape}
    resampling = {
        "seed": options.seed,
        "n_jobs": options.jobs,
        "dask": options.dask,
        "interval": options.interval,
    }
    given = {key: value for key, value in resampling.items() if value is not None}
    if options.variance == "linearised":
        given.pop("seed", None)
        given.pop("n_jobs", None)
    if len(surveys) == 2:
        found = change(
            surveys[0],
            surveys[1],
            names,
            line=(lines[0], lines[1]),
            variance=options.variance,
            resampling=given,
            **common,
        )
    else:
        if options.variance.startswith("bootstrap"):
            progress("resampling; the first run on a machine also compiles the kernels")
        found = estimate(
            surveys[0],
            names,
            line=lines[0],
            variance=options.variance,
            calibration=calibration,
            **common,
            **given,
        )
    progress(f"{len(found)} estimates")
    write(found, options.format)
    return 0
