"""``python -m socialstats describe``: what is in a file, before anything is estimated."""

import argparse

import polars as pl

from socialstats.command import HELP
from socialstats.command.common import Progress, add_survey_arguments, frame_from, survey_from
from socialstats.reading import read_table


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its arguments."""
    parser = commands.add_parser("describe", help=HELP["describe"], description=__doc__)
    parser.add_argument("file", metavar="FILE")
    add_survey_arguments(parser, weight_required=False)
    parser.set_defaults(run=run)


def columns(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a column: kind, missing entries, distinct values, smallest and largest."""
    rows = []
    for name in frame.columns:
        column = frame[name]
        plain = column.dtype.is_numeric() or column.dtype == pl.String
        rows.append(
            {
                "column": name,
                "kind": str(column.dtype),
                "missing": column.null_count(),
                "distinct": column.n_unique(),
                "smallest": str(column.min()) if plain else "",
                "largest": str(column.max()) if plain else "",
            }
        )
    return pl.DataFrame(rows)


def run(options: argparse.Namespace) -> int:
    """Describe and write.

    Raises:
        SocialStatsError: whatever is wrong, as a sentence.
    """
    progress = Progress(options.quiet)
    if not options.weight:
        frame = read_table(options.file)
        print(f"{frame.height:,} rows")
        with pl.Config(
            tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, fmt_str_lengths=40
        ):
            print(columns(frame))
        return 0
    survey = survey_from(options, frame_from(options.file, progress), progress)
    design = survey.design
    print(f"persons in the sample   {survey.size:,}")
    print(f"persons in the population {design.weights.sum():,.0f}")
    print(f"weights from {design.weights.min():,.2f} to {design.weights.max():,.2f}")
    kish = design.weights.size * (design.weights**2).sum() / design.weights.sum() ** 2
    print(f"design effect of unequal weights (Kish) {kish:.3f}")
    print(
        f"strata {design.fraction.size:,}, PSUs {design.psu_count:,}, degrees of freedom "
        f"{design.degrees_of_freedom:,}"
    )
    print(f"fewest PSUs in a stratum {int(design.psu_counts.min())}")
    if survey.household is not None:
        print(f"households {int(survey.household.max()) + 1:,}")
    for name, flag in survey.flags.items():
        about = int(flag.population.sum())
        unknown = int((flag.population & ~flag.known).sum())
        print(f"condition {name}: {about:,} persons, {unknown:,} unknown · {flag.label}")
    for note in survey.notes:
        print(f"· {note}")
    return 0
