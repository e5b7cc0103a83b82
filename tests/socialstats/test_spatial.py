"""Local statistics against an independent library, whole enumeration, laws and bad input."""

from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialstats import errors, spatial

REFERENCE = Path(__file__).parents[1] / "reference" / "socialstats" / "spatial.csv"
RING = [[(at - 1) % 12, (at + 1) % 12] for at in range(12)]


@pytest.fixture(scope="module")
def reference() -> pl.DataFrame:
    return pl.read_csv(REFERENCE)


def beside(reference: pl.DataFrame) -> list[list[int]]:
    return [[int(one) for one in (text or "").split()] for text in reference["neighbours"]]


# --- against esda ----------------------------------------------------------------------------------


def test_local_moran_is_that_of_esda(reference):
    # no area is certain at a rate of 0.05 here; a generous one names enough of them to compare
    found = spatial.local_moran(reference["value"], beside(reference), rate=0.4, permutations=9999, seed=3)
    linked = found.neighbours > 0
    expected = reference["moran"].to_numpy()[linked] * 30 / 29  # divisor m − 1 there, m here
    np.testing.assert_allclose(found.statistics[linked], expected, rtol=1e-9)
    one_sided = reference["moran_p"].to_numpy()[linked]  # folded there, both tails here
    np.testing.assert_allclose(found.p_values[linked], np.minimum(2 * one_sided, 1), atol=0.04)
    quadrant = reference["quadrant"].to_numpy()
    names = {1: "high", 2: "low_high", 3: "low", 4: "high_low"}
    certain = [at for at, kind in enumerate(found.kinds) if kind in names.values()]
    assert len(certain) >= 4
    assert all(found.kinds[at] == names[quadrant[at]] for at in certain)


def test_getis_ord_is_that_of_esda(reference):
    found = spatial.getis_ord(reference["value"], beside(reference), permutations=9999, seed=3)
    linked = found.neighbours > 0
    expected = reference["getis_ord"].to_numpy()[linked]
    np.testing.assert_allclose(found.statistics[linked], expected, rtol=1e-9)


def test_global_moran_is_that_of_esda(reference):
    found = spatial.moran(reference["value"], beside(reference), permutations=999)
    assert found.statistic == pytest.approx(reference["global_moran"][0], rel=1e-9)
    assert found.p_value == 2 / 1000


# --- against whole enumeration ---------------------------------------------------------------------


@pytest.mark.parametrize("method", [spatial.local_moran, spatial.getis_ord])
def test_permutations_agree_with_all_arrangements(method):
    value = np.array([9.0, 8.5, 8, 7, 3, 2.5, 1, 2, 4, 5, 5.5, 6])
    found = method(value, RING, permutations=19_999, seed=11)
    for at in range(len(value)):
        others = np.delete(value, at)
        sums = np.array([sum(pair) for pair in combinations(others, 2)])
        # both statistics rise (or fall) with the sum of the neighbours
        around = value[RING[at]].sum()
        tail = min((sums >= around - 1e-9).mean(), (sums <= around + 1e-9).mean())
        assert found.p_values[at] == pytest.approx(min(2 * tail, 1), abs=0.02)


# --- laws ------------------------------------------------------------------------------------------

numbers = st.lists(st.integers(-50, 50), min_size=12, max_size=12).filter(lambda some: len(set(some)) > 1)


@given(numbers, st.floats(0.1, 30), st.floats(-90, 90))
@settings(max_examples=25)
def test_unit_and_zero_point_do_not_matter(values, factor, shift):
    first = spatial.local_moran(values, RING, permutations=199)
    second = spatial.local_moran(np.array(values) * factor + shift, RING, permutations=199)
    np.testing.assert_allclose(first.statistics, second.statistics, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(first.p_values, second.p_values)
    assert first.kinds == second.kinds


@given(numbers)
@settings(max_examples=25)
def test_turning_the_values_turns_high_and_low(values):
    first = spatial.getis_ord(values, RING, permutations=199, rate=0.5)
    second = spatial.getis_ord(-np.array(values), RING, permutations=199, rate=0.5)
    np.testing.assert_allclose(first.statistics, -second.statistics, atol=1e-9)
    turned = {"high": "low", "low": "high"}
    assert [turned.get(kind, kind) for kind in first.kinds] == list(second.kinds)


@given(numbers)
@settings(max_examples=25)
def test_global_moran_is_the_mean_of_the_local_ones(values):
    local = spatial.local_moran(values, RING, permutations=99)
    whole = spatial.moran(values, RING, permutations=99)
    assert whole.statistic == pytest.approx(local.statistics.mean(), abs=1e-9)


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), min_size=1, max_size=30))
def test_adjusted_p_values_keep_their_order_and_never_fall_below(p_values):
    raw = np.array(p_values)
    adjusted = spatial.false_discovery(raw)
    assert (np.isnan(adjusted) == np.isnan(raw)).all()
    tested = ~np.isnan(raw)
    assert (adjusted[tested] >= raw[tested] - 1e-12).all()
    order = np.argsort(raw[tested], kind="stable")
    assert (np.diff(adjusted[tested][order]) >= -1e-12).all()


def test_adjusted_p_values_are_those_of_benjamini_and_hochberg():
    # their example of 1995, table 1 (15 tests, four rejected at 0.05)
    given_there = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
        0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    adjusted = spatial.false_discovery(given_there)
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)


def test_the_seed_alone_decides_the_chance(reference):
    one, same, other = (
        spatial.local_moran(reference["value"], beside(reference), permutations=999, seed=seed)
        for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(one.p_values, same.p_values)
    assert not np.array_equal(one.p_values, other.p_values, equal_nan=True)


def test_chance_alone_rarely_makes_pockets():
    """Under independence the share of sets with any pocket stays near the rate (5 %, 200 sets)."""
    draw = np.random.default_rng(7)
    lattice = [
        [r * 5 + c for r, c in ((i // 5 - 1, i % 5), (i // 5 + 1, i % 5), (i // 5, i % 5 - 1),
         (i // 5, i % 5 + 1)) if 0 <= r < 5 and 0 <= c < 5]
        for i in range(25)
    ]  # fmt: skip
    hits = 0
    for number in range(200):
        found = spatial.local_moran(draw.normal(size=25), lattice, permutations=999, seed=number)
        hits += any(kind in {"high", "low", "high_low", "low_high"} for kind in found.kinds)
    assert hits / 200 <= 0.09


# --- islands and bad input -------------------------------------------------------------------------


def test_an_island_has_no_statistic_and_is_not_counted_among_the_tests(reference):
    found = spatial.local_moran(reference["value"], beside(reference), permutations=999)
    assert found.kinds[29] == "island"
    assert np.isnan([found.statistics[29], found.p_values[29], found.adjusted[29]]).all()
    again = spatial.false_discovery(found.p_values[:29])
    np.testing.assert_array_equal(found.adjusted[:29], again)
    table = found.to_polars()
    assert table["kind"][29] == "island"


@pytest.mark.parametrize(
    ("values", "neighbours", "options", "wrong"),
    [
        ([1.0, 2, np.nan, 4] * 3, RING, {}, errors.DataError),
        ([1.0] * 12, RING, {}, errors.EstimationError),
        (range(12), RING[:11], {}, errors.DataError),
        (range(12), [[1], *([[]] * 11)], {}, errors.DataError),
        (range(12), [[0, 0], *RING[1:]], {}, errors.DataError),
        (range(4), [[1], [0], [], []], {}, errors.EstimationError),
        (range(12), RING, {"rate": 0}, errors.OptionError),
        (range(12), RING, {"permutations": 10}, errors.OptionError),
    ],
)
def test_bad_input_is_named(values, neighbours, options, wrong):
    with pytest.raises(wrong):
        spatial.local_moran(list(values), neighbours, **options)


def test_a_p_value_outside_is_refused():
    with pytest.raises(errors.DataError):
        spatial.false_discovery([0.2, 1.2])


def test_an_area_that_borders_all_others_is_compared_with_nothing():
    star = [[1, 2, 3, 4], [0], [0], [0], [0]]
    found = spatial.getis_ord([1.0, 2, 3, 4, 9], star, permutations=99)
    assert found.statistics[0] == 0
    assert found.p_values[0] == 1
