"""What commands share: the columns of a survey, output, progress."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from socialstats.concepts import read_map, with_map
from socialstats.errors import OptionError
from socialstats.frame import Survey
from socialstats.reading import read_table
from socialstats.results import Estimates


class Progress:
    """Says on standard error what is being done and how long it took."""

    def __init__(self, quiet: bool) -> None:
        """Silent when quiet."""
        self.quiet = quiet
        self.since = time.perf_counter()

    def __call__(self, words: str) -> None:
        """One line with the seconds since the beginning."""
        if not self.quiet:
            print(f"[{time.perf_counter() - self.since:6.2f} s] {words}", file=sys.stderr, flush=True)


def add_survey_arguments(parser: argparse.ArgumentParser, *, weight_required: bool = True) -> None:
    """The columns that make a survey of a file."""
    group = parser.add_argument_group("columns of the file")
    group.add_argument("--weight", metavar="C", required=weight_required, help="person weight")
    group.add_argument("--income", metavar="C", help="equivalised disposable income, euro a year")
    group.add_argument("--before-transfers", metavar="C", help="the same before social transfers")
    group.add_argument("--strata", metavar="C", help="stratum of the first stage")
    group.add_argument("--psu", metavar="C", help="primary sampling unit (the household without it)")
    group.add_argument("--household", metavar="C", help="household")
    group.add_argument("--person", metavar="C", help="identifier that must be unique")
    group.add_argument("--age", metavar="C", help="age in years")
    group.add_argument(
        "--fpc", metavar="C", help="PSUs in the stratum's population, or the sampling fraction"
    )
    group.add_argument("--second", metavar="C", help="unit of the second stage")
    group.add_argument(
        "--second-fpc", metavar="C", help="its population in the PSU, or the sampling fraction"
    )
    group.add_argument(
        "--replicate-weights", metavar="PREFIX", help="columns of replicate weights begin so"
    )
    group.add_argument("--replicate-kind", choices=("bootstrap", "brr", "given"), default="bootstrap")
    group.add_argument(
        "--map", metavar="FILE.toml", help="names the columns of deprivation, work, housing …"
    )
    parser.add_argument(
        "--single-psu",
        choices=("refuse", "certainty", "centre"),
        default="refuse",
        help="a stratum with one PSU: refuse it, count it as certain, or centre it on the mean of all",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")


def frame_from(path: str, progress: Progress) -> pl.DataFrame:
    """A file's table, its size said."""
    frame = read_table(path)
    progress(f"{Path(path).name}: {frame.height:,} rows, {frame.width} columns")
    return frame


def survey_from(options: argparse.Namespace, frame: pl.DataFrame, progress: Progress) -> Survey:
    """The survey that the arguments describe.

    Raises:
        SocialStatsError: a column or the map is not as it should be.
    """
    columns = read_map(options.map) if options.map else {}
    replicates = _replicate_columns(frame, options.replicate_weights)
    age = options.age or columns.get("survey", {}).get("age")
    survey = Survey.of(
        frame,
        weight=options.weight,
        income=options.income,
        income_before_transfers=options.before_transfers,
        strata=options.strata,
        psu=options.psu,
        household=options.household,
        person=options.person,
        age=age if isinstance(age, str) else None,
        fpc=options.fpc,
        second=options.second,
        second_fpc=options.second_fpc,
        replicate_weights=replicates,
        replicate_kind=options.replicate_kind,
        single_psu=options.single_psu,
    )
    progress(f"{survey.design.fraction.size} strata, {survey.design.psu_count:,} PSUs")
    return with_map(survey, columns) if columns else survey


def _replicate_columns(frame: pl.DataFrame, prefix: str | None) -> Sequence[str]:
    if prefix is None:
        return ()
    found = [name for name in frame.columns if name.startswith(prefix)]
    if len(found) < 2:
        message = f"Fewer than 2 columns begin with {prefix}: there are no replicate weights."
        raise OptionError(message)
    return found


def write(estimates: Estimates, form: str) -> None:
    """Results on standard output: a table, CSV or JSON lines."""
    if form == "json":
        print(estimates.to_json_lines())
    elif form == "csv":
        sys.stdout.write(estimates.to_polars().write_csv())
    else:
        print(estimates)
