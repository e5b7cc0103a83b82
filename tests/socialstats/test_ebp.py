"""The unit-level model against lme4 and closed forms; its simulation, bootstrap and refusals."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from socialstats import errors
from socialstats.smallarea import INDICATORS, ebp, kernels, nested

FOLDER = Path(__file__).parents[1] / "reference" / "socialstats"


def stored(name: str) -> pl.DataFrame:
    return pl.read_csv((FOLDER / name).read_text(encoding="utf-8").replace(" ", "").encode())


@pytest.fixture(scope="module")
def summary() -> dict[str, float]:
    return dict(stored("ebp_summary.csv").iter_rows())


@pytest.fixture(scope="module")
def data() -> dict[str, np.ndarray]:
    sample, population = stored("ebp_sample.csv"), stored("ebp_population.csv")
    return {
        "incomes": sample["income"].to_numpy(),
        "covariates": sample.select("age", "work").to_numpy(),
        "areas": sample["area"].to_numpy(),
        "population_covariates": population.select("age", "work").to_numpy(),
        "population_areas": population["area"].to_numpy(),
        "weights": sample["weight"].to_numpy(),
    }


def run(data, **options):
    arguments = {key: value for key, value in data.items() if key != "weights"}
    return ebp(**{"line": 9000.0, "transform": "log", "simulations": 20, **arguments, **options})


def test_the_model_is_that_of_lme4(data, summary):
    model = run(data, simulations=1).model
    assert model.between == pytest.approx(summary["log_between"], rel=1e-6)
    assert model.within == pytest.approx(summary["log_within"], rel=1e-6)
    np.testing.assert_allclose(model.beta, [summary[f"log_beta{k}"] for k in (1, 2, 3)], rtol=1e-6)


def test_the_corn_data_of_battese_harter_and_fuller(summary):
    corn = stored("county_crops.csv")
    codes = corn["county_id"].to_numpy() - 1
    x = np.column_stack([np.ones(37), corn["corn_pixel"], corn["soybeans_pixel"]])
    model = nested.fit(nested.sample_of(x, codes, 12, None, "none"), corn["corn_area"].to_numpy())
    assert model.between == pytest.approx(summary["corn_between"], rel=1e-6)
    assert model.within == pytest.approx(summary["corn_within"], rel=1e-6)
    np.testing.assert_allclose(model.beta, [summary[f"corn_beta{k}"] for k in (1, 2, 3)], rtol=1e-5)


def test_the_power_is_that_of_the_highest_restricted_likelihood(data, summary):
    assert run(data, simulations=1, transform="box-cox").model.power == pytest.approx(
        summary["box_cox_power"], abs=2e-4
    )


@pytest.mark.parametrize("prefix", ["", "weighted_"])
def test_simulations_meet_the_closed_form(data, prefix):
    """Mean and head count of the log model have closed forms: the simulations come near as their number
    grows."""
    reference = stored("ebp_areas.csv")
    result = run(data, simulations=6000, weights=data["weights"] if prefix else None, seed=3)
    for indicator, tolerance in (("mean", 0.01), ("head_count", 0.024)):
        gap = result.of(indicator) / reference[prefix + indicator].to_numpy() - 1
        assert np.abs(gap).max() < tolerance
        assert abs(gap.mean()) < tolerance / 3
    assert result.n[6] == 0


def test_weighted_coefficients_are_those_of_you_and_rao(data, summary):
    model = run(data, simulations=1, weights=data["weights"]).model
    np.testing.assert_allclose(model.beta, [summary[f"weighted_beta{k}"] for k in (1, 2, 3)], rtol=1e-5)


def test_indicators_of_a_population_are_the_plain_ones():
    values = np.array([5.0, 1, 2, 9, 4, 7, 3, 8, 6, 10])
    out = np.zeros(len(INDICATORS))
    kernels.describe(values.copy(), 3.5, out)
    found = dict(zip(INDICATORS, out, strict=True))
    assert found["mean"] == 5.5
    assert found["head_count"] == pytest.approx(0.3)
    assert found["poverty_gap"] == pytest.approx((2.5 + 1.5 + 0.5) / 3.5 / 10)
    assert found["gini"] == pytest.approx(np.abs(values[:, None] - values).sum() / (2 * 100 * 5.5))
    assert found["s80_s20"] == pytest.approx(19 / 3)
    assert (found["p10"], found["p25"], found["median"], found["p90"]) == (1.5, 3, 5.5, 9.5)


def test_threads_row_order_and_repetition_change_no_digit(data):
    one = run(data, simulations=3, replicates=4, seed=8)
    two = run(data, simulations=3, replicates=4, seed=8, n_jobs=2)
    np.testing.assert_array_equal(one.mse, two.mse)
    order = np.random.default_rng(0).permutation(240)
    turned = run(
        data,
        simulations=3,
        seed=8,
        incomes=data["incomes"][order],
        covariates=data["covariates"][order],
        areas=data["areas"][order],
    )
    np.testing.assert_allclose(turned.estimates, one.estimates, rtol=1e-9)
    assert not np.array_equal(run(data, simulations=3, seed=9).estimates, one.estimates)


def test_equal_weights_are_no_weights(data):
    plain = run(data, simulations=2)
    equal = run(data, simulations=2, weights=np.full(240, 7.5))
    np.testing.assert_allclose(equal.estimates, plain.estimates, rtol=1e-9)


@pytest.mark.parametrize("transform", ["none", "log", "box-cox"])
def test_money_scales_through(data, transform):
    plain = run(data, transform=transform, simulations=3)
    cents = run(data, transform=transform, simulations=3, incomes=data["incomes"] * 100, line=900_000.0)
    np.testing.assert_allclose(cents.of("head_count"), plain.of("head_count"), atol=2e-3)
    np.testing.assert_allclose(cents.of("gini"), plain.of("gini"), atol=1e-3)
    np.testing.assert_allclose(cents.of("mean"), 100 * plain.of("mean"), rtol=1e-3)


def test_the_bootstrap_meets_the_true_error():
    """Populations drawn from the model: the mean squared error over them is what the bootstrap says.

    Sampled persons are not identified in the population, in the model's bootstrap as here.
    """
    draw = np.random.default_rng(11)
    area = np.repeat(np.arange(30), 60)
    x = draw.normal(size=(1800, 1))
    rows = np.flatnonzero(np.arange(1800) % 6 == 0)
    squared, claimed = [], []
    for trial in range(40):
        effect = draw.normal(0, 0.3, 30)[area]
        level = 9 + 0.3 * x[:, 0] + effect
        income = np.exp(level + draw.normal(0, 0.5, 1800))
        answers = np.exp(level + draw.normal(0, 0.5, 1800))
        truth = np.bincount(area, income < 7000) / 60
        result = ebp(
            answers[rows], x[rows], area[rows], x, area, line=7000, transform="log", simulations=20,
            replicates=10 if trial < 8 else 0, seed=trial,
        )  # fmt: skip
        squared.append(np.mean((result.of("head_count") - truth) ** 2))
        if trial < 8:
            claimed.append(result.mse_of("head_count").mean())
    assert np.mean(claimed) == pytest.approx(np.mean(squared), rel=0.15)


# --- awkward and bad input -------------------------------------------------------------------------


def test_a_sampled_area_that_the_population_lacks_is_listed_without_figure(data):
    keep = data["population_areas"] != 3
    result = run(
        data,
        replicates=2,
        simulations=2,
        population_covariates=data["population_covariates"][keep],
        population_areas=data["population_areas"][keep],
    )
    assert result.areas[-1] == "3"
    assert result.population[-1] == 0
    assert result.n[-1] == (data["areas"] == 3).sum()
    table = result.to_polars("head_count")
    assert table["estimate"][-1] is None
    assert table["flag"][-1] == 2
    assert table["estimate"].null_count() == 1


def test_negative_incomes_are_shifted_by_box_cox_and_refused_by_log(data):
    incomes = data["incomes"].copy()
    incomes[:3] = [-500, 0, -20]
    assert run(data, incomes=incomes, transform="box-cox", simulations=2).model.shift == 501
    with pytest.raises(errors.DataError, match="3 are not"):
        run(data, incomes=incomes)


def test_an_outlier_of_a_million_times_keeps_figures_finite(data):
    incomes = data["incomes"].copy()
    incomes[0] *= 1e6
    for transform in ("none", "log", "box-cox"):
        result = run(data, incomes=incomes, transform=transform, simulations=2)
        assert np.isfinite(result.of("head_count")).all()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"line": 0}, errors.OptionError, "poverty line"),
        ({"simulations": 0}, errors.OptionError, "At least 1 simulation"),
        ({"replicates": 1}, errors.OptionError, "2 and more"),
        ({"transform": "square"}, errors.OptionError, "transform is one of"),
        ({"incomes": np.full(240, 9.0)}, errors.EstimationError, "All incomes are equal"),
        ({"areas": np.ones(240)}, errors.EstimationError, "at least two areas"),
        ({"covariates": np.ones((240, 2))}, errors.EstimationError, "repeat each other"),
        ({"covariates": np.ones((240, 3))}, errors.DataError, "3 covariates, the population 2"),
        ({"incomes": np.full(240, "9")}, errors.ColumnError, "numbers are needed"),
        ({"weights": np.zeros(240)}, errors.WeightError, "zero or negative"),
        ({"weights": np.ones(3)}, errors.DataError, "different length"),
        ({"replicates": 2, "n_jobs": 0}, errors.OptionError, "number of jobs"),
    ],
)
def test_impossible_input_is_refused_in_words(data, change, error, words):
    with pytest.raises(error, match=words):
        run(data, **change)


def test_a_chart_needs_errors(data):
    chart = run(data, simulations=5, replicates=5).plot("gini").to_dict()
    (rows,) = chart["datasets"].values()
    assert 0 < len(rows) <= 12
    with pytest.raises(errors.OptionError, match="nothing to draw"):
        run(data, simulations=2).plot()


def test_an_unknown_indicator_is_refused_and_the_rest_prints(data):
    result = run(data, simulations=1)
    with pytest.raises(errors.OptionError, match="indicator is one of"):
        result.of("happiness")
    assert "share of variance between areas" in str(result)
    assert result.to_polars().height == 12 * len(INDICATORS)
