"""Laws that hold for any sample: scale of weights, order of rows, replication, domains, ties."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import socialstats as ss

NAMES = [
    "arpt",
    "arop",
    "gap",
    "gini",
    "s80s20",
    "fgt1",
    "sen",
    "mean",
    "median",
    "lorenz40",
    "palma",
    "theil",
    "mld",
    "atkinson",
]
SMOOTH = [name for name in NAMES if name != "gap"]
laws = settings(max_examples=25, deadline=None, derandomize=True)


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    """Between 24 and 60 households, incomes with ties, every stratum with at least two of them."""
    count = draw(st.integers(24, 60))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    income = rng.lognormal(9, 0.7, count)
    if draw(st.booleans()):
        income = np.round(income, -3) + 1000  # many ties
    size = rng.integers(1, 4, count)
    home = np.repeat(np.arange(count), size)
    return pl.DataFrame(
        {
            "household": home,
            "stratum": (np.arange(count) % 3)[home],
            "income": income[home],
            "weight": rng.uniform(1, 20, count)[home],
            "group": (np.arange(count) % 2)[home],
        }
    )


def survey(frame: pl.DataFrame) -> ss.Survey:
    return ss.Survey.of(
        frame, weight="weight", income="income", strata="stratum", psu="household", household="household"
    )


def numbers(found: ss.Estimates) -> tuple[list[float | None], list[float | None]]:
    return [row.value for row in found], [row.se for row in found]


def poor_enough(frame: pl.DataFrame) -> bool:
    """Somebody is below the line: median gap and Sen's index exist."""
    row = ss.estimate(survey(frame), "arop").one("arop")
    return bool(row.value)


@laws
@given(frames(), st.sampled_from([1e-12, 1e-3, 7.0, 1e12]))
def test_the_scale_of_weights_changes_neither_points_nor_errors(frame: pl.DataFrame, scale: float) -> None:
    names = NAMES if poor_enough(frame) else SMOOTH[:1]
    one = numbers(ss.estimate(survey(frame), names))
    other = numbers(ss.estimate(survey(frame.with_columns(pl.col("weight") * scale)), names))
    assert other[0] == pytest.approx(one[0], rel=1e-8)
    assert other[1] == pytest.approx(one[1], rel=1e-6)


@laws
@given(frames(), st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(frame: pl.DataFrame, seed: int) -> None:
    names = NAMES if poor_enough(frame) else SMOOTH[:1]
    mixed = frame.sample(fraction=1, shuffle=True, seed=seed)
    one, other = (numbers(ss.estimate(survey(f), names)) for f in (frame, mixed))
    assert other[0] == pytest.approx(one[0], rel=1e-9)
    assert other[1] == pytest.approx(one[1], rel=1e-6)


@laws
@given(frames(), st.floats(0.01, 1000))
def test_shares_do_not_feel_the_currency(frame: pl.DataFrame, rate: float) -> None:
    names = ["arop", "gini", "s80s20", "lorenz40", "palma", "theil", "mld", "atkinson"]
    one = numbers(ss.estimate(survey(frame), names))
    other = numbers(ss.estimate(survey(frame.with_columns(pl.col("income") * rate)), names))
    # an income exactly at the line may fall on either side of a rounded product
    assert other[0][1:] == pytest.approx(one[0][1:], rel=1e-6)
    assert other[1][1] == pytest.approx(one[1][1], rel=1e-6)


@laws
@given(frames())
def test_a_population_twice_over_is_the_same_population(frame: pl.DataFrame) -> None:
    again = frame.with_columns(pl.col("household") + 1000)
    names = ["arpt", "arop", "mean", "theil", "mld", "atkinson", "fgt1", "fgt2", "gini", "lorenz40"]
    one = numbers(ss.estimate(survey(frame), names))[0]
    two = numbers(ss.estimate(survey(pl.concat([frame, again])), names))[0]
    assert two == pytest.approx(one, rel=1e-9)


@laws
@given(frames())
def test_equal_weights_are_plain_counts(frame: pl.DataFrame) -> None:
    even = frame.with_columns(pl.lit(3.0).alias("weight"))
    found = ss.estimate(survey(even), ["median", "mean", "arop"])
    income = even["income"].to_numpy()
    assert found.one("median").value == pytest.approx(np.median(income), rel=1e-12)
    assert found.one("mean").value == pytest.approx(income.mean(), rel=1e-12)
    assert found.one("arop").value == pytest.approx(
        100 * (income < 0.6 * np.median(income)).mean(), rel=1e-12
    )


@laws
@given(frames())
def test_domains_add_up_to_the_total(frame: pl.DataFrame) -> None:
    found = ss.estimate(survey(frame), "arop", by="group")
    sizes = dict(frame.group_by("group").agg(pl.col("weight").sum()).iter_rows())
    parts = sum(sizes[group] * found.one("arop", group=str(group)).value for group in sizes)
    assert parts / sum(sizes.values()) == pytest.approx(found.one("arop").value, abs=1e-9)


@laws
@given(frames())
def test_intervals_hold_their_estimate_and_shares_stay_shares(frame: pl.DataFrame) -> None:
    for row in ss.estimate(survey(frame), ["arop", "gini", "mean"], by="group"):
        assert row.ci_low <= row.value <= row.ci_high
        if row.indicator == "arop":
            assert row.ci_low >= 0
            assert row.ci_high <= 100


@laws
@given(frames())
def test_the_bootstrap_agrees_with_itself_in_any_order(frame: pl.DataFrame) -> None:
    mixed = frame.sample(fraction=1, shuffle=True, seed=1)
    first, second = (
        numbers(ss.estimate(survey(f), ["gini", "arpt", "mean"], variance="bootstrap:20", seed=2))
        for f in (frame, mixed)
    )
    assert second[1] == pytest.approx(first[1], rel=1e-8)
