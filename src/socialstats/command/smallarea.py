"""``python -m socialstats smallarea``: modelled estimates of areas."""

import argparse

import numpy as np
import polars as pl
from numpy.typing import NDArray

from socialstats.command import HELP
from socialstats.command.common import Progress
from socialstats.command.tables import add_output, column, emit, matrix, pairs
from socialstats.errors import DataError, OptionError
from socialstats.frame import numbers
from socialstats.reading import read_table
from socialstats.smallarea import INDICATORS, benchmark, ebp, fay_herriot
from socialstats.smallarea.area_level import METHODS
from socialstats.smallarea.nested import KINDS


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its arguments."""
    parser = commands.add_parser(
        "smallarea",
        help=HELP["smallarea"],
        description="FILE: one row an area (Fay–Herriot); with --population a row a sampled person.",
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--area", metavar="C", required=True, help="area")
    parser.add_argument("--covariates", metavar="C", nargs="+", default=[], help="numeric columns")
    parser.add_argument("--replicates", type=int, default=0, help="of the bootstrap of the MSE")
    parser.add_argument("--seed", type=int, default=0)
    area = parser.add_argument_group("from direct estimates")
    area.add_argument("--direct", metavar="C", help="direct estimates, empty without a sample")
    area.add_argument("--variance", metavar="C", help="their variances (arcsine: effective sample sizes)")
    area.add_argument("--method", choices=METHODS, default="reml")
    area.add_argument("--transform", choices=("none", "log", "logit", "arcsine", "box-cox"), default="none")
    area.add_argument("--size", metavar="C", help="persons, for benchmarking")
    area.add_argument("--region", metavar="C", help="region, for benchmarking")
    area.add_argument(
        "--benchmark",
        metavar="REGION=FIGURE",
        nargs="+",
        default=[],
        help="the region's figure; all=FIGURE for one",
    )
    unit = parser.add_argument_group("from persons")
    unit.add_argument("--population", metavar="FILE", help="everyone, with the same area and covariates")
    unit.add_argument("--income", metavar="C")
    unit.add_argument("--weight", metavar="C", help="survey weight")
    unit.add_argument("--line-amount", type=float, metavar="EURO", help="poverty line")
    unit.add_argument("--indicator", choices=INDICATORS, help="one of them (all without it)")
    unit.add_argument("--simulations", type=int, default=50)
    spread = unit.add_mutually_exclusive_group()
    spread.add_argument("--jobs", type=int, default=1, help="threads; -1 = all cores")
    spread.add_argument("--dask", metavar="ADDRESS", help="scheduler of a Dask cluster")
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Model and write.

    Raises:
        SocialStatsError: whatever is wrong, as a sentence.
    """
    progress = Progress(options.quiet)
    frame = read_table(options.file)
    progress(f"{frame.height:,} rows")
    model = _from_persons if options.population else _from_areas
    emit(model(options, frame, progress), options.format)
    return 0


def _needed(options: argparse.Namespace, *names: str) -> None:
    missing = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name) is None]
    if missing:
        message = f"This model needs {', '.join(missing)}."
        raise OptionError(message)


def _from_areas(options: argparse.Namespace, frame: pl.DataFrame, progress: Progress) -> pl.DataFrame:
    _needed(options, "direct", "variance")
    intercept = np.ones((frame.height, 1))
    x = np.hstack([intercept, matrix(frame, options.covariates)]) if options.covariates else intercept
    result = fay_herriot(
        numbers(frame, options.direct),
        numbers(frame, options.variance),
        x,
        areas=column(frame, options.area),
        method=options.method,
        transform=options.transform,
        replicates=options.replicates,
        seed=options.seed,
    )
    for name, value in result.diagnostics().items():
        progress(f"{name} {value:.6g}")
    table = result.to_polars()
    if not options.benchmark:
        return table
    _needed(options, "size")
    return _benchmarked(options, frame, table, result.estimates, result.mse)


def _benchmarked(
    options: argparse.Namespace,
    frame: pl.DataFrame,
    table: pl.DataFrame,
    estimates: NDArray[np.float64],
    mse: NDArray[np.float64],
) -> pl.DataFrame:
    figures = {}
    for name, text in pairs(options.benchmark, "--benchmark").items():
        try:
            figures[name] = float(text)
        except ValueError as error:
            message = f"--benchmark takes REGION=FIGURE; {text!r} is no number."
            raise OptionError(message) from error
    regions = column(frame, options.region).astype(str) if options.region else None
    moved = benchmark(estimates, mse, numbers(frame, options.size), figures, regions=regions)
    return table.with_columns(
        pl.Series("benchmarked", moved.estimates), pl.Series("benchmarked_mse", moved.mse)
    )


def _from_persons(options: argparse.Namespace, frame: pl.DataFrame, progress: Progress) -> pl.DataFrame:
    _needed(options, "income", "line_amount")
    if not options.covariates:
        message = "EBP needs --covariates that sample and population share."
        raise OptionError(message)
    if options.transform not in KINDS:
        message = f"From persons the transform is one of {', '.join(KINDS)}; not {options.transform}."
        raise OptionError(message)
    everyone = read_table(options.population)
    if everyone.height == 0:
        message = f"{options.population} has no rows: nobody to simulate."
        raise DataError(message)
    progress(f"population: {everyone.height:,} rows")
    result = ebp(
        numbers(frame, options.income),
        matrix(frame, options.covariates),
        column(frame, options.area).astype(str),
        matrix(everyone, options.covariates),
        column(everyone, options.area).astype(str),
        line=options.line_amount,
        transform=options.transform,
        weights=numbers(frame, options.weight) if options.weight else None,
        simulations=options.simulations,
        replicates=options.replicates,
        seed=options.seed,
        n_jobs=options.jobs,
        dask=options.dask,
    )
    model = result.model
    progress(f"between areas {model.between:.6g}, within {model.within:.6g}, λ {model.power:.4g}")
    return result.to_polars(options.indicator)
