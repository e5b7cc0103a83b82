"""What the commands for weights, areas and tables share: columns by name, and frames on standard output."""

import argparse
import sys
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from socialstats.errors import OptionError
from socialstats.frame import check_column, numbers


def add_output(parser: argparse.ArgumentParser) -> None:
    """Format and silence."""
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument(
        "--json", action="store_const", const="json", dest="format", help="same as --format json"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")


def column(frame: pl.DataFrame, name: str) -> NDArray[Any]:
    """A column by its name.

    Raises:
        ColumnError: the file has none of that name; the nearest are said.
    """
    check_column(frame, name)
    return frame[name].to_numpy()


def matrix(frame: pl.DataFrame, names: list[str]) -> NDArray[np.float64]:
    """Numeric columns side by side, shape (n, k).

    Raises:
        ColumnError: the file lacks one, or it holds text.
    """
    return np.column_stack([numbers(frame, name) for name in names])


def pairs(given: list[str], option: str) -> dict[str, str]:
    """``A=B`` arguments as a mapping.

    Raises:
        OptionError: an argument without its equals sign, or a name twice.
    """
    found: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name or not value or name in found:
            message = f"{option} takes NAME=VALUE, each name once; not {text!r}."
            raise OptionError(message)
        found[name] = value
    return found


def emit(frame: pl.DataFrame, form: str) -> None:
    """A frame on standard output: a table, CSV or JSON lines."""
    if form == "json":
        sys.stdout.write(frame.write_ndjson())
    elif form == "csv":
        sys.stdout.write(frame.write_csv())
    else:
        with pl.Config(
            tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
            tbl_width_chars=200, fmt_str_lengths=40,
        ):  # fmt: skip
            print(frame)
