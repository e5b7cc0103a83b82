"""Rates, scores, ranks, indices, types and trends against R, laws and bad input."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialstats import errors, harmonise

FOLDER = Path(__file__).parents[1] / "reference" / "socialstats"


def stored(name: str) -> pl.DataFrame:
    return pl.read_csv((FOLDER / name).read_text(encoding="utf-8").replace(" ", "").encode())


@pytest.fixture(scope="module")
def reference() -> dict[str, float]:
    return dict(stored("harmonise.csv").iter_rows())


@pytest.fixture(scope="module")
def cars() -> np.ndarray:
    return stored("mtcars.csv").to_numpy().astype(float)


NAMES = ("mpg", "hp", "wt", "qsec")
SENSES = ("better", "worse", "worse", "better")


# --- rates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["share", "events"])
def test_exact_intervals_are_those_of_r(reference, kind):
    result = harmonise.rates([0, 1, 7, 25, 40], [40, 120, 350, 900, 40], per=1, kind=kind)
    np.testing.assert_allclose(result.low, [reference[f"{kind}_low{k}"] for k in range(1, 6)], rtol=1e-9)
    np.testing.assert_allclose(result.high, [reference[f"{kind}_high{k}"] for k in range(1, 6)], rtol=1e-9)


@pytest.mark.parametrize(("kind", "law"), [("events", "gamma"), ("share", "beta")])
def test_the_prior_is_the_most_likely_one(reference, kind, law):
    cases, size = [3, 11, 4, 25, 8, 0, 14, 9], [400, 700, 650, 900, 300, 250, 1000, 420]
    result = harmonise.rates(cases, size, per=1, kind=kind, shrink=True)
    assert result.prior[0] == pytest.approx(reference[f"{law}_mean"], rel=1e-5)
    assert result.prior[1] == pytest.approx(reference[f"{law}_weight"], rel=1e-4)
    exact = harmonise.rates(cases, size, per=1, kind=kind)
    assert (np.abs(result.values - result.prior[0]) <= np.abs(exact.values - result.prior[0])).all()
    assert ((result.low < result.values) & (result.values < result.high)).all()


def test_areas_without_spread_shrink_to_one_rate():
    result = harmonise.rates([10, 20, 30, 40], [1000, 2000, 3000, 4000], shrink=True)
    np.testing.assert_allclose(result.values, 10, rtol=2e-5)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), per=st.sampled_from([1.0, 100.0, 1e5]))
def test_intervals_hold_the_rate_and_scale(seed, per):
    draw = np.random.default_rng(seed)
    size = draw.integers(1, 500, 12)
    cases = draw.binomial(size, 0.1)
    result = harmonise.rates(cases, size, per=per)
    assert ((result.low <= result.values) & (result.values <= result.high)).all()
    assert (result.high <= per * (1 + 1e-12)).all()
    np.testing.assert_allclose(result.values / per, cases / size)


def test_exact_intervals_cover_at_least_what_they_say():
    draw = np.random.default_rng(1)
    cases = draw.binomial(60, 0.07, 4000)
    result = harmonise.rates(cases, np.full(4000, 60), per=1)
    assert ((result.low <= 0.07) & (result.high >= 0.07)).mean() >= 0.95


@pytest.mark.parametrize(
    ("cases", "size", "options", "error", "words"),
    [
        ([-1, 2], [9, 9], {}, errors.DataError, "are no counts"),
        ([1.5, 2], [9, 9], {}, errors.DataError, "are no counts"),
        ([1, 2], [9, 0], {}, errors.DataError, "not above zero"),
        ([10, 2], [9, 9], {}, errors.DataError, "exceed their population"),
        ([1, np.nan], [9, 9], {}, errors.DataError, "missing"),
        ([1, 2], [9, 9], {"shrink": True}, errors.EstimationError, "three areas"),
        ([0, 0, 0], [9, 9, 9], {"shrink": True}, errors.EstimationError, "three areas"),
        ([1, 2], [9, 9], {"level": 1.0}, errors.OptionError, "level lies"),
        ([1, 2], [9, 9], {"kind": "odds"}, errors.OptionError, "kind is one of"),
    ],
)
def test_impossible_rates_are_refused(cases, size, options, error, words):
    with pytest.raises(error, match=words):
        harmonise.rates(cases, size, **options)


# --- scores and ranks ------------------------------------------------------------------------------


def test_scores_by_hand():
    values = [2.0, 4, 4, 10]
    np.testing.assert_allclose(harmonise.standard_scores(values), (np.array(values) - 5) / 3)
    np.testing.assert_allclose(harmonise.standard_scores(values, method="minmax"), [0, 0.25, 0.25, 1])
    np.testing.assert_allclose(harmonise.standard_scores(values, method="rank"), [0, 0.5, 0.5, 1])
    np.testing.assert_allclose(
        harmonise.standard_scores(values, method="robust"), (np.array(values) - 4) / 1.4826
    )
    np.testing.assert_allclose(
        harmonise.standard_scores([0.0, 10], weights=[3, 1])[1], 7.5 / np.sqrt(18.75)
    )
    np.testing.assert_allclose(
        harmonise.standard_scores(values, higher_is="better"), -harmonise.standard_scores(values)
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.floats(-1e3, 1e3), factor=st.floats(0.01, 100))
def test_scores_forget_the_unit(seed, shift, factor):
    values = np.random.default_rng(seed).normal(size=15)
    for method in ("z", "minmax", "robust", "rank"):
        np.testing.assert_allclose(
            harmonise.standard_scores(values * factor + shift, method=method),
            harmonise.standard_scores(values, method=method),
            atol=1e-7,
        )


@pytest.mark.parametrize("method", ["z", "minmax", "robust", "rank"])
def test_equal_values_have_no_scores(method):
    with pytest.raises(errors.EstimationError, match="equal"):
        harmonise.standard_scores([3.0, 3, 3], method=method)


def test_ranks_without_error_are_certain():
    for method in ("joint", "simulated"):
        result = harmonise.ranks([5.0, 9, 7], [0, 0, 0], method=method, draws=100, among=1)
        assert result.ranks.tolist() == [3, 1, 2]
        np.testing.assert_array_equal(result.low, result.ranks)
        np.testing.assert_array_equal(result.high, result.ranks)


def test_joint_rank_intervals_hold_all_true_ranks():
    draw = np.random.default_rng(7)
    truth = np.linspace(0, 5, 8)
    true_rank = 8 - np.arange(8)
    held = 0
    for _ in range(400):
        result = harmonise.ranks(truth + draw.normal(0, 0.5, 8), np.full(8, 0.5))
        held += ((result.low <= true_rank) & (true_rank <= result.high)).all()
    assert held >= 0.95 * 400


def test_simulated_ranks_follow_their_seed_and_know_ties():
    one = harmonise.ranks([1.0, 1, 3], [0.5, 0.5, 0.1], method="simulated", seed=3, among=1)
    two = harmonise.ranks([1.0, 1, 3], [0.5, 0.5, 0.1], method="simulated", seed=3, among=1)
    np.testing.assert_array_equal(one.top, two.top)
    assert one.ranks.tolist() == [2.5, 2.5, 1]
    assert one.top[2] > 0.99
    assert one.to_polars(["a", "b", "c"])["area"][0] == "c"


def test_impossible_ranks_are_refused():
    with pytest.raises(errors.DataError, match="1 are negative"):
        harmonise.ranks([1, 2], [0.1, -1])
    with pytest.raises(errors.OptionError, match="draws >= 100"):
        harmonise.ranks([1, 2], [0.1, 1], draws=5)


# --- index and types -------------------------------------------------------------------------------


def test_principal_component_weights_and_alpha_are_those_of_r(cars, reference):
    result = harmonise.composite(cars, NAMES, higher_is=SENSES, weights="pca")
    np.testing.assert_allclose(
        result.weights, [reference[f"pca_weight{k}"] for k in (1, 2, 3, 4)], rtol=1e-9
    )
    assert result.explained == pytest.approx(reference["pca_explained"], rel=1e-9)
    assert result.alpha == pytest.approx(reference["alpha"], rel=1e-9)
    assert result.against == ()


def test_an_indicator_that_points_the_other_way_is_named(cars):
    assert harmonise.composite(cars, NAMES).against == ("mpg", "qsec")


def test_experts_weights_and_the_geometric_mean_by_hand():
    table = np.array([[1.0, 10], [2, 30], [3, 20]])
    plain = harmonise.composite(table, ["a", "b"], normalisation="minmax", weights={"a": 3, "b": 1})
    np.testing.assert_allclose(plain.index, [0, 0.75 * 0.5 + 0.25, 0.75 + 0.25 * 0.5])
    product = harmonise.composite(table, ["a", "b"], normalisation="minmax", aggregation="geometric")
    np.testing.assert_allclose(product.index, [1, np.sqrt(50.5 * 100), np.sqrt(100 * 50.5)])
    assert product.ranks.tolist() == [3, 1.5, 1.5]


def test_an_index_stores_its_method_and_inputs(cars):
    result = harmonise.composite(cars, NAMES, higher_is=SENSES)
    np.testing.assert_array_equal(result.inputs, cars)
    assert result.to_polars()["method"][0] == "z scores, equal weights, arithmetic mean"
    assert result.to_polars().width == 8


def test_sensitivity_tells_how_far_ranks_move(cars):
    result = harmonise.composite(cars, NAMES, higher_is=SENSES)
    sensitivity = result.sensitivity(draws=50, seed=1)
    again = result.sensitivity(draws=50, seed=1)
    np.testing.assert_array_equal(sensitivity.ranks, again.ranks)
    assert {"z, equal, arithmetic", "z, pca, geometric", "without hp", "weights 50"} <= set(
        sensitivity.choices
    )
    own = sensitivity.choices.index("z, equal, arithmetic")
    np.testing.assert_array_equal(sensitivity.ranks[own], result.ranks)
    assert 0 < sensitivity.mean_shift < 10
    assert (sensitivity.to_polars()["largest_change"] >= 0).all()


def test_impossible_indices_are_refused(cars):
    with pytest.raises(errors.EstimationError, match="flat: All values are equal"):
        harmonise.composite(np.column_stack([cars[:, 0], np.ones(32)]), ["mpg", "flat"])
    with pytest.raises(errors.DataError, match="as many different names"):
        harmonise.composite(cars, ["a", "b"])
    with pytest.raises(errors.OptionError, match="exactly mpg, hp, wt, qsec"):
        harmonise.composite(cars, NAMES, weights={"mpg": 1})
    with pytest.raises(errors.OptionError, match="not all zero"):
        harmonise.composite(cars, NAMES, weights=dict.fromkeys(NAMES, 0))
    with pytest.raises(errors.EstimationError, match="three areas"):
        harmonise.composite(cars[:2], NAMES)
    with pytest.raises(errors.DataError, match="missing"):
        harmonise.composite(np.where(cars > 300, np.nan, cars), NAMES)


def test_types_and_silhouettes_are_those_of_r(cars, reference):
    turned = cars * [-1, 1, 1, -1]
    result = harmonise.typology(turned, NAMES, types=3)
    expected = np.array([reference[f"ward{k}"] for k in range(1, 33)])
    pairs = {(int(a), int(b)) for a, b in zip(expected, result.types, strict=True)}
    assert len(pairs) == 3
    assert result.silhouettes.mean() == pytest.approx(reference["silhouette"], rel=1e-9)
    table = result.to_polars()
    means = table.select(NAMES).to_numpy().mean(axis=1)
    assert (np.diff(means) <= 0).all()


def test_types_do_not_depend_on_the_order_of_areas(cars):
    order = np.random.default_rng(3).permutation(32)
    plain = harmonise.typology(cars, NAMES)
    turned = harmonise.typology(cars[order], NAMES)
    np.testing.assert_array_equal(turned.types, plain.types[order])
    assert max(plain.compared, key=plain.compared.get) == plain.types.max()


def test_impossible_typologies_are_refused(cars):
    with pytest.raises(errors.OptionError, match="2 to 31 types"):
        harmonise.typology(cars, NAMES, types=1)
    with pytest.raises(errors.DataError, match="as many names"):
        harmonise.typology(cars, NAMES[:2])


# --- trends ----------------------------------------------------------------------------------------

YEARS = np.arange(2018, 2025)
VALUES = np.array([21.3, 20.1, 20.9, 19.4, 19.6, 18.2, 18.5])
ERRORS = np.array([0.9, 0.8, 1.1, 0.7, 0.9, 1.2, 0.8])


def test_trends_are_those_of_r(reference):
    result = harmonise.trend(YEARS, VALUES, ERRORS)
    assert result.slope == pytest.approx(reference["slope"], rel=1e-9)
    assert (result.high - result.low) / 2 == pytest.approx(
        1.959963984540054 * reference["slope_se"], rel=1e-9
    )
    assert result.heterogeneity_p_value == pytest.approx(reference["heterogeneity"], rel=1e-9)
    assert harmonise.trend(YEARS, VALUES).p_value == pytest.approx(reference["kendall_p"], rel=1e-9)


def test_trend_of_a_line_is_its_slope_whatever_the_order():
    order = [3, 0, 2, 1]
    for values_error in (None, np.ones(4)):
        result = harmonise.trend(YEARS[:4][order], (2.5 * YEARS[:4])[order], values_error)
        assert result.slope == pytest.approx(2.5)
    assert "a year" in str(result)


def test_no_change_is_no_trend():
    result = harmonise.trend([1, 2, 3, 4], [7.0, 7, 7, 7])
    assert (result.slope, result.p_value) == (0, 1)


def test_impossible_trends_are_refused():
    with pytest.raises(errors.EstimationError, match="three periods"):
        harmonise.trend([1, 2], [1, 2])
    with pytest.raises(errors.DataError, match="stands twice"):
        harmonise.trend([1, 2, 2], [1, 2, 3])
    with pytest.raises(errors.DataError, match="not above zero"):
        harmonise.trend([1, 2, 3], [1, 2, 3], [1, 0, 1])


# --- what an index inherits from its inputs ---------------------------------------------------------


@pytest.mark.parametrize(
    ("normalisation", "correlation"), [("z", 0.0), ("minmax", 0.4), ("robust", 0.0), ("z", 1.0)]
)
def test_the_error_of_an_index_is_that_of_redrawn_inputs_on_the_same_scale(
    cars, normalisation, correlation
):
    columns = cars[:, [0, 1, 2]]
    result = harmonise.composite(
        columns, ("a", "b", "c"), higher_is=("better", "worse", "worse"), normalisation=normalisation,
        weights={"a": 2, "b": 1, "c": 1},
    )  # fmt: skip
    error = 0.05 * np.abs(columns) + 0.1
    draw = np.random.default_rng(3)
    # errors that make areas worse go together, whichever way their indicator counts
    senses = np.array([-1, 1, 1])
    placed = []
    for _ in range(4000):
        own, shared = draw.normal(size=error.shape), draw.normal(size=(len(error), 1))
        noise = senses * (np.sqrt(1 - correlation) * own + np.sqrt(correlation) * shared)
        placed.append(result.placed(columns + error * noise))
    found = result.standard_errors(error, correlation=correlation)
    np.testing.assert_allclose(found, np.std(placed, axis=0), rtol=0.06)
    np.testing.assert_allclose(result.placed(columns), result.index, atol=1e-12)


def test_the_error_of_a_geometric_index_is_that_of_small_steps(cars):
    columns = cars[:, [0, 1, 2]]
    result = harmonise.composite(columns, ("a", "b", "c"), aggregation="geometric")
    low, span = columns.min(axis=0), np.ptp(columns, axis=0)
    positive = 1 + 99 * (columns - low) / span
    error = 1e-4 * span * np.ones_like(columns)
    by_hand = result.index * np.sqrt((((99 * error / span) / positive) ** 2).sum(axis=1)) / 3
    np.testing.assert_allclose(result.standard_errors(error), by_hand)


def test_errors_that_cannot_be_followed_are_refused(cars):
    columns = cars[:, [0, 2]]
    ranked = harmonise.composite(columns, ("a", "b"), normalisation="rank")
    with pytest.raises(errors.OptionError):
        ranked.standard_errors(np.ones_like(columns))
    with pytest.raises(errors.OptionError):
        ranked.placed(columns)
    plain = harmonise.composite(columns, ("a", "b"))
    with pytest.raises(errors.OptionError):
        plain.standard_errors(np.ones_like(columns), correlation=1.5)
    with pytest.raises(errors.DataError):
        plain.standard_errors(-np.ones_like(columns))
    with pytest.raises(errors.DataError):
        plain.standard_errors(np.ones(3)[:, None])
    assert len(plain.standard_errors(np.ones((2, 2)))) == 2
    with pytest.raises(errors.DataError):
        plain.placed(np.ones((2, 3)))
