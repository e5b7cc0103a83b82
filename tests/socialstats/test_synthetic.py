"""Synthetic data: seeded, whole, with the margins asked for, and enough for every indicator."""

import numpy as np
import polars as pl
import pytest

import socialstats as ss
from socialstats.synthetic import SYNTHETIC_MAP, Municipality, synthetic_population, synthetic_sample

PLACES = [
    Municipality("A", "north", 900, 8000.0),
    Municipality("B", "north", 600, 12000.0),
    Municipality("C", "south", 1200),
]


@pytest.fixture(scope="module")
def population() -> pl.DataFrame:
    return synthetic_population(PLACES, seed=3)


def drawn(population: pl.DataFrame, seed: int = 1) -> ss.Survey:
    frame = synthetic_sample(population, areas=6, households=15, seed=seed)
    return ss.with_map(
        ss.Survey.of(
            frame, weight="weight", income="income", income_before_transfers="income_before_transfers",
            strata="region", psu="area", household="household", person="person", age="age",
            fpc="area_count", second="household", second_fpc="household_count",
        ),
        SYNTHETIC_MAP,
    )  # fmt: skip


def test_the_same_seed_gives_the_same(population: pl.DataFrame) -> None:
    assert synthetic_population(PLACES, seed=3).equals(population)
    assert not synthetic_population(PLACES, seed=4).equals(population)
    assert drawn(population).frame.equals(drawn(population).frame)


def test_margins_are_kept(population: pl.DataFrame) -> None:
    homes = population.group_by("municipality").agg(
        pl.col("household").n_unique(), pl.col("income").median()
    )
    counts = dict(homes.select("municipality", "household").iter_rows())
    assert counts == {"A": 900, "B": 600, "C": 1200}
    medians = dict(homes.select("municipality", "income").iter_rows())
    assert medians["A"] == pytest.approx(8000, rel=0.1)
    assert medians["B"] == pytest.approx(12000, rel=0.1)


def test_couples_and_ages_make_sense(population: pl.DataFrame) -> None:
    assert population["age"].is_between(0, 95).all()
    assert population["sex"].is_in([1, 2]).all()
    partners = population.filter(pl.col("partner") == 1).group_by("household").len()
    assert partners["len"].unique().to_list() == [2]
    assert population.group_by("household").agg(pl.col("age").max())["age"].min() >= 18


def test_every_indicator_can_be_estimated(population: pl.DataFrame) -> None:
    survey = drawn(population)
    names = ["arpt", "arop", "arop_before_transfers", *ss.INDICATORS, *survey.flags]
    found = ss.estimate(survey, names, by="sex")
    assert all(row.value is not None and np.isfinite(row.value) and row.se is not None for row in found)
    assert found.one("arop_before_transfers").value >= found.one("arop").value


def test_the_weighted_sample_is_the_population_on_average(population: pl.DataFrame) -> None:
    sizes = [drawn(population, seed).design.weights.sum() for seed in range(30)]
    assert np.mean(sizes) == pytest.approx(population.height, rel=0.03)


def test_two_stages_are_both_in_the_error(population: pl.DataFrame) -> None:
    """Over repeated samples the estimated error of a mean is that of its spread."""
    rows = [ss.estimate(drawn(population, seed), "mean").one("mean") for seed in range(120)]
    spread = np.std([row.value for row in rows], ddof=1)
    assert np.sqrt(np.mean([row.se**2 for row in rows])) == pytest.approx(spread, rel=0.2)


def test_impossible_margins_are_refused() -> None:
    with pytest.raises(ss.OptionError):
        synthetic_population([Municipality("A", "north", 0)])
    with pytest.raises(ss.OptionError):
        synthetic_sample(pl.DataFrame(), areas=1)
