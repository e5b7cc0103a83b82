"""Samples for tests: the reference file where it is, and small ones of our own."""

import os
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import socialstats as ss

REFERENCE = (
    Path(os.environ.get("ENTAXIS_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    / "reference/eusilc.csv"
)

needs_reference = pytest.mark.skipif(
    not REFERENCE.is_file(), reason="the reference file eusilc.csv is not beside this checkout"
)


@cache
def reference() -> ss.Survey:
    """The synthetic Austrian EU-SILC of laeken as a survey."""
    return ss.read_survey(
        REFERENCE,
        weight="rb050",
        income="eqIncome",
        strata="db040",
        psu="db030",
        household="db030",
        age="age",
    )


def sample(seed: int = 1, *, households: int = 400, strata: int = 4) -> pl.DataFrame:
    """Households of 1–5 persons in strata, with incomes, weights and a few columns to break down by."""
    rng = np.random.default_rng(seed)
    size = rng.integers(1, 6, households)
    income = np.round(rng.lognormal(9.2, 0.6, households), 2)
    stratum = np.sort(rng.integers(0, strata, households))
    weight = rng.uniform(50, 500, households)
    home = np.repeat(np.arange(households), size)
    return pl.DataFrame(
        {
            "household": home,
            "stratum": stratum[home],
            "income": income[home],
            "weight": weight[home],
            "region": [f"R{code % 3}" for code in home],
            "sex": rng.integers(1, 3, home.size),
            "age": rng.integers(0, 90, home.size),
        }
    )


def survey(frame: pl.DataFrame | None = None) -> ss.Survey:
    """That sample as a survey with households as PSUs."""
    frame = sample() if frame is None else frame
    return ss.Survey.of(
        frame, weight="weight", income="income", strata="stratum", psu="household", household="household"
    )
