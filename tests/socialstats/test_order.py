"""The order of rows changes no bit of any result: points, errors, replicates, differences, changes."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import socialstats as ss

NAMES = ["arpt", "arop", "gap", "gini", "s80s20", "fgt1", "mean", "median", "theil", "atkinson"]
SHARES = ["lacks", "either"]
laws = settings(max_examples=12, deadline=None, derandomize=True)


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    """Households with ties in everything: incomes, weights, sexes; some incomes missing."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    count = draw(st.integers(40, 90))
    home = np.repeat(np.arange(count), rng.integers(1, 6, count))
    income = np.round(rng.lognormal(9, 0.7, count), draw(st.sampled_from([-3, 2]))) + 1000
    weight = rng.choice([0.1, 0.7, 1.3, 2.9], count)
    return pl.DataFrame(
        {
            "household": home + 17,
            "area": home // 3,
            "stratum": np.asarray(["c", "a", "b"])[home // 3 % 3],
            "income": np.where(home % 13 == 5, np.nan, income[home]),
            "before": income[home] / 1.7,
            "weight": weight[home],
            "sex": rng.integers(1, 3, home.size),
            "region": np.asarray(["N", "S"])[home % 2],
            "lacks": (rng.random(home.size) < 0.3).astype(float),
            "r1": weight[home] * rng.choice([0.0, 1.1, 2.2], count)[home],
            "r2": weight[home] * rng.choice([0.0, 1.1, 2.2], count)[home],
            "r3": weight[home] * rng.choice([0.3, 1.1, 2.2], count)[home],
        }
    )


def survey(frame: pl.DataFrame, **columns: Any) -> ss.Survey:
    """With the design asked for and two conditions, one of which knows the line."""
    chosen: dict[str, Any] = {"strata": "stratum", "psu": "area", "household": "household"} | columns
    made = ss.Survey.of(
        frame, weight="weight", income="income", income_before_transfers="before",
        **{key: value for key, value in chosen.items() if value is not None},
    )  # fmt: skip
    lacks = frame["lacks"].to_numpy()
    everyone = np.ones(frame.height, dtype=bool)
    return made.with_flags(
        lacks=ss.Flag(lacks, lacks, everyone, everyone, "Lacks"),
        either=ss.Flag(np.ones(frame.height), lacks, everyone, everyone, "Poor or lacks"),
    )


def bits(found: ss.Estimates) -> list[tuple[Any, ...]]:
    """Every number of every row, as it is."""
    return [
        (row.indicator, row.domain_text, row.value, row.se, row.ci_low, row.ci_high, row.n, row.deff)
        for row in found
    ]


DESIGNS: list[dict[str, Any]] = [
    {},
    {"psu": None},
    {"psu": None, "household": None},
    {"second": "household"},
]


@laws
@given(frames(), st.integers(0, 99), st.sampled_from(DESIGNS), st.sampled_from(["default", "convey"]))
def test_linearised(frame: pl.DataFrame, seed: int, columns: dict[str, Any], density: Any) -> None:
    mixed = frame.sample(fraction=1, shuffle=True, seed=seed)
    names = ["arop_before_transfers", *NAMES, *SHARES]
    one, other = (
        bits(ss.estimate(survey(f, **columns), names, by=["region", "sex", "region*sex"], density=density))
        for f in (frame, mixed)
    )
    assert other == one


@laws
@given(
    frames(),
    st.integers(0, 99),
    st.sampled_from(DESIGNS[:3]),
    st.sampled_from(["bootstrap:12", "jkn", "none"]),
    st.sampled_from([[*NAMES, *SHARES], ["arop", "arpt", "either"]]),
)
def test_resampled(
    frame: pl.DataFrame, seed: int, columns: dict[str, Any], variance: str, names: list[str]
) -> None:
    mixed = frame.sample(fraction=1, shuffle=True, seed=seed)
    one, other = (
        bits(ss.estimate(survey(f, **columns), names, by=["sex", "region"], variance=variance))
        for f in (frame, mixed)
    )
    assert other == one


@laws
@given(frames(), st.integers(0, 99))
def test_replicate_weights_from_outside(frame: pl.DataFrame, seed: int) -> None:
    mixed = frame.sample(fraction=1, shuffle=True, seed=seed)
    one, other = (
        bits(
            ss.estimate(
                survey(f, replicate_weights=["r1", "r2", "r3"]), ["mean", "gini", "either"], by="sex",
                variance="replicates",
            )
        )
        for f in (frame, mixed)
    )  # fmt: skip
    assert other == one


@laws
@given(frames(), st.integers(0, 99))
def test_differences_and_changes(frame: pl.DataFrame, seed: int) -> None:
    later = frame.with_columns(pl.col("income") * 1.1).filter(pl.col("area") % 5 != 0)
    mixed, later_mixed = (f.sample(fraction=1, shuffle=True, seed=seed) for f in (frame, later))
    one, other = (
        bits(ss.change(survey(f), survey(g), ["arop", "gini", "either"], by="sex"))
        for f, g in ((frame, later), (mixed, later_mixed))
    )
    assert other == one
    one, other = (
        bits(ss.change(survey(f), survey(g), ["arop", "theil"], by="sex", variance="bootstrap:9"))
        for f, g in ((frame, later), (mixed, later_mixed))
    )
    assert other == one
    first, second = (ss.difference(survey(f), "arop", {"sex": "1"}, {"sex": "2"}) for f in (frame, mixed))
    assert (first.value, first.se) == (second.value, second.se)


def test_persons_without_a_psu_are_nobodys_match() -> None:
    frame = pl.DataFrame({"income": [1.0, 2, 3, 4, 5, 6, 7, 8], "weight": [1.0] * 8})
    made = ss.Survey.of(frame, weight="weight", income="income")
    row = ss.change(made, made, "mean").one("mean")
    alone = ss.estimate(made, "mean").one("mean").se
    assert row.se == pytest.approx(alone * 2**0.5, rel=1e-12)
