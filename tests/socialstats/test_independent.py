"""Errors that no package here gives, beside a brute-force account of their definitions in R."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import socialstats as ss

HERE = Path(__file__).parents[1] / "reference/socialstats"
R = {row["indicator"]: row for row in pl.read_csv(HERE / "independent.csv").to_dicts()}


def survey() -> ss.Survey:
    frame = pl.read_csv(HERE / "one_stage.csv").with_columns(before=pl.col("income") - 40 * pl.col("age"))
    return ss.Survey.of(
        frame, weight="weight", income="income", strata="stratum", household="household",
        income_before_transfers="before",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["gini", "arop", "arop_before_transfers", "gap"])
def test_points_and_linearised_errors(name: str) -> None:
    row = ss.estimate(survey(), name).one(name)
    assert row.value == pytest.approx(R[name]["value"], rel=1e-12)
    assert row.se == pytest.approx(R[name]["se"], rel=1e-9)


def test_persistent_poverty() -> None:
    made = survey()
    home = made.frame["household"].to_numpy()
    years = {f"y{k}": np.where((home + k) % 11 == 0, np.nan, (home * (k + 2)) % 7 < 3) for k in range(4)}
    frame = made.frame.with_columns(
        **{name: pl.Series(values).fill_nan(None) for name, values in years.items()}
    )
    made = ss.Survey.of(frame, weight="weight", strata="stratum", household="household")
    panel = {"panel": {"poor_now": "y0", "poor_1": "y1", "poor_2": "y2", "poor_3": "y3"}}
    row = ss.estimate(ss.with_map(made, panel), "persistent").one("persistent")
    assert row.value == pytest.approx(R["persistent"]["value"], rel=1e-12)
    assert row.se == pytest.approx(R["persistent"]["se"], rel=1e-10)
