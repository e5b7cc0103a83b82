"""Weighting against R's survey package, against laws, and with input that must be refused."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialstats import errors, weighting

FOLDER = Path(__file__).parents[1] / "reference" / "socialstats"


@pytest.fixture(scope="module")
def persons() -> pl.DataFrame:
    return pl.read_csv(FOLDER / "weighting_input.csv")


@pytest.fixture(scope="module")
def reference() -> pl.DataFrame:
    text = (FOLDER / "weighting.csv").read_text(encoding="utf-8").replace(" ", "")
    return pl.read_csv(text.encode())


@pytest.fixture(scope="module")
def summary() -> dict[str, float]:
    lines = (FOLDER / "weighting_summary.csv").read_text(encoding="utf-8").replace(" ", "").splitlines()[1:]
    return {name: float(value) for name, value in (line.split(",") for line in lines)}


def sex_and_age(frame: pl.DataFrame) -> weighting.Margins:
    return weighting.together(
        [
            weighting.counts("sex", frame["sex"].to_numpy(), {1: 3600, 2: 3800}),
            weighting.counts(
                "age", frame["age"].to_numpy(), {"0-17": 1300, "18-39": 2100, "40-64": 2500, "65+": 1500}
            ),
        ]
    )


def with_income(frame: pl.DataFrame) -> weighting.Margins:
    return sex_and_age(frame) + weighting.amount("income", frame["income"].to_numpy(), 7.9e7)


CASES = [
    ("linear", "linear", None, False),
    ("raked", "raking", None, False),
    ("logit", "logit", (0.4, 2.5), False),
    ("truncated", "truncated", (0.6, 1.4), False),
    ("household", "linear", None, True),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_calibrated_weights_are_those_of_survey(persons, reference, case):
    column, method, bounds, integrative = case
    result = weighting.calibrate(
        persons["weight"].to_numpy(),
        with_income(persons),
        method=method,
        bounds=bounds,
        households=persons["household"].to_numpy() if integrative else None,
    )
    np.testing.assert_allclose(result.weights, reference[column].to_numpy(), rtol=1e-9)
    assert result.diagnostics()["largest_relative_error"] < 1e-10


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_residuals_give_the_standard_error_of_survey(persons, summary, case):
    column, method, bounds, integrative = case
    result = weighting.calibrate(
        persons["weight"].to_numpy(),
        with_income(persons),
        method=method,
        bounds=bounds,
        households=persons["household"].to_numpy() if integrative else None,
    )
    outcome = persons["income"].to_numpy() * (persons["age"] == "65+").to_numpy()
    assert result.weights @ outcome == pytest.approx(summary[f"{column}_total_income65"], rel=1e-10)
    households = persons.select("household", "stratum").with_columns(
        part=result.weights * result.residuals(outcome)
    )
    clusters = households.group_by("stratum", "household").agg(pl.col("part").sum())
    variance = clusters.group_by("stratum").agg(v=pl.len() * pl.col("part").var())["v"].sum()
    assert np.sqrt(variance) == pytest.approx(summary[f"{column}_se_income65"], rel=1e-9)


def test_raking_of_counts_is_iterative_proportional_fitting(persons, reference):
    result = weighting.calibrate(persons["weight"].to_numpy(), sex_and_age(persons))
    np.testing.assert_allclose(result.weights, reference["margins"].to_numpy(), rtol=1e-7)


def test_trimming_with_equal_shares_is_that_of_survey(persons, reference):
    result = weighting.trim(persons["weight"].to_numpy(), high=40, share="equal")
    np.testing.assert_allclose(result.weights, reference["trimmed"].to_numpy(), rtol=1e-9)


def test_propensity_model_is_that_of_glm(persons, summary):
    covariates = np.column_stack([persons["sex"].to_numpy() == 2, np.log(persons["income"].to_numpy())])
    result = weighting.response_propensity(
        persons["weight"].to_numpy(), persons["responded"].to_numpy(), covariates, classes=None
    )
    expected = [summary[f"propensity_{k}"] for k in range(3)]
    np.testing.assert_allclose(result.coefficients, expected, rtol=1e-8)


def test_response_cells_keep_the_total_of_each_cell(persons):
    weights = persons["weight"].to_numpy()
    result = weighting.response_cells(weights, persons["responded"].to_numpy(), persons["age"].to_numpy())
    for age in ("0-17", "65+"):
        inside = (persons["age"] == age).to_numpy()
        assert result.weights[inside].sum() == pytest.approx(weights[inside].sum(), rel=1e-12)
    assert (result.weights[persons["responded"].to_numpy() == 0] == 0).all()


def test_propensity_classes_keep_the_total(persons):
    weights = persons["weight"].to_numpy()
    covariates = np.log(persons["income"].to_numpy())[:, None]
    result = weighting.response_propensity(weights, persons["responded"].to_numpy(), covariates, classes=4)
    assert result.weights.sum() == pytest.approx(weights.sum(), rel=1e-12)
    assert result.to_polars().height == 4


def test_a_small_response_cell_is_refused_or_joined_to_its_like():
    weights = np.ones(30)
    cells = np.repeat(["a", "b", "c"], 10)
    responded = np.array([1] * 9 + [0] + [1] * 4 + [0] * 6 + [1] * 3 + [0] * 7)
    with pytest.raises(errors.EmptyDomainError, match="Cell c has 3 respondents"):
        weighting.response_cells(weights, responded, cells, minimum=4)
    joined = weighting.response_cells(weights, responded, cells, minimum=4, join_small=True)
    assert joined.labels == ("a", "b + c")
    assert joined.weights.sum() == pytest.approx(30)


def test_design_weights_multiply_the_stages():
    np.testing.assert_allclose(weighting.design_weights([0.1, 0.5], [0.5, 1.0]), [20, 2])
    with pytest.raises(errors.WeightError, match="stage 2: 1 outside"):
        weighting.design_weights([0.1, 0.5], [0.5, 1.2])


def test_bounds_hold_and_are_counted(persons):
    result = weighting.calibrate(
        persons["weight"].to_numpy(), with_income(persons), method="truncated", bounds=(0.6, 1.4)
    )
    assert result.g.min() >= 0.6 - 1e-12
    assert result.g.max() <= 1.4 + 1e-12
    assert result.n_at_bounds > 0


def test_replicates_meet_the_totals_without_bounds_of_memory(persons):
    base = persons["weight"].to_numpy()
    result = weighting.calibrate(base, sex_and_age(persons))
    draw = np.random.default_rng(3)
    households = persons["household"].to_numpy()
    replicates = (base * draw.poisson(1, households.max() + 1)[households] for _ in range(5))
    made = list(result.recalibrate(replicates))
    assert len(made) == 5
    for weights in made:
        np.testing.assert_allclose(weights @ result.margins.matrix, result.margins.totals, rtol=1e-8)
        assert (weights == 0).any()


def test_recalibrating_the_design_weights_gives_the_weights(persons):
    base = persons["weight"].to_numpy()
    result = weighting.calibrate(
        base,
        with_income(persons),
        method="logit",
        bounds=(0.4, 2.5),
        households=persons["household"].to_numpy(),
    )
    (again,) = result.recalibrate([base])
    np.testing.assert_allclose(again, result.weights, rtol=1e-7)


def test_a_replicate_without_a_class_is_refused_by_number(persons):
    base = persons["weight"].to_numpy()
    result = weighting.calibrate(base, sex_and_age(persons))
    lacking = np.where(persons["age"].to_numpy() == "65+", 0.0, base)
    with pytest.raises(errors.CalibrationError, match=r"Replicate 2: Nobody .* age=65\+; join"):
        list(result.recalibrate([base, lacking]))


# --- laws ------------------------------------------------------------------------------------------

methods = st.sampled_from(
    [("linear", None), ("raking", None), ("logit", (0.1, 8.0)), ("truncated", (0.1, 8.0))]
)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), method=methods, factor=st.floats(0.6, 1.7))
def test_calibration_meets_reachable_totals_and_ignores_row_order(seed, method, factor):
    draw = np.random.default_rng(seed)
    base = np.exp(draw.normal(2, 0.5, 80))
    classes = draw.integers(0, 3, 80)
    values = draw.gamma(2, 100, 80)
    true = base * factor * np.exp(draw.normal(0, 0.1, 80))

    def solve(order):
        margins = weighting.together(
            [
                weighting.counts("class", classes[order], {k: true[classes == k].sum() for k in range(3)}),
                weighting.amount("value", values[order], float(true @ values)),
            ]
        )
        return weighting.calibrate(base[order], margins, method=method[0], bounds=method[1]).weights

    straight = solve(np.arange(80))
    order = draw.permutation(80)
    np.testing.assert_allclose(solve(order), straight[order], rtol=1e-7)
    assert straight @ values == pytest.approx(true @ values, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_weights_that_meet_the_totals_stay(seed):
    draw = np.random.default_rng(seed)
    base = np.exp(draw.normal(0, 1, 50))
    classes = draw.integers(0, 4, 50)
    margins = weighting.counts(
        "class", classes, {k: base[classes == k].sum() for k in set(classes.tolist())}
    )
    np.testing.assert_allclose(weighting.calibrate(base, margins).weights, base, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), times=st.floats(1.2, 5))
def test_trimming_keeps_sum_and_limit(seed, times):
    weights = np.exp(np.random.default_rng(seed).normal(0, 1.5, 60))
    if times * np.median(weights) < weights.mean():
        with pytest.raises(errors.WeightError, match="no trimming keeps the sum"):
            weighting.trim(weights, times_median=times)
        return
    result = weighting.trim(weights, times_median=times)
    assert result.weights.sum() == pytest.approx(weights.sum(), rel=1e-12)
    assert result.weights.max() <= result.high * (1 + 1e-12)


@settings(max_examples=20, deadline=None)
@given(scale=st.sampled_from([1e-12, 1e-3, 1.0, 1e12]))
def test_extreme_scales_of_weights_change_nothing(scale):
    draw = np.random.default_rng(1)
    base = np.exp(draw.normal(0, 0.5, 60))
    classes = draw.integers(0, 3, 60)
    totals = {k: 1.1 * base[classes == k].sum() + 1 for k in range(3)}
    plain = weighting.calibrate(base, weighting.counts("c", classes, totals)).weights
    scaled = weighting.calibrate(
        base * scale, weighting.counts("c", classes, {k: t * scale for k, t in totals.items()})
    ).weights
    np.testing.assert_allclose(scaled / scale, plain, rtol=1e-9)


# --- bad input -------------------------------------------------------------------------------------


def test_weights_from_tiny_to_huge_are_calibrated_or_refused_by_name():
    base = np.array([1e-12, 1e12, 1.0, 2.0, 1e-12, 1e12])
    margins = weighting.counts("c", [0, 0, 1, 1, 2, 2], {0: 2e12, 1: 5.0, 2: 3e12})
    result = weighting.calibrate(base, margins)
    np.testing.assert_allclose(result.achieved, margins.totals, rtol=1e-9)


def test_three_observations_cannot_meet_five_totals():
    matrix = np.random.default_rng(0).normal(size=(3, 5))
    margins = weighting.Margins(matrix, np.arange(5.0) + 1, tuple("abcde"))
    with pytest.raises(errors.CalibrationError, match="with these 3 observations"):
        weighting.calibrate(np.ones(3), margins)


def test_contradictory_margins_are_named():
    margins = weighting.counts("sex", [1, 2, 1, 2], {1: 50, 2: 50}) + weighting.counts(
        "age", ["o", "o", "y", "y"], {"y": 60, "o": 50}
    )
    with pytest.raises(errors.CalibrationError, match=r"contradict each other: .* follows from"):
        weighting.calibrate(np.ones(4), margins)


def test_margins_out_of_the_bounds_reach_are_named():
    margins = weighting.counts("sex", [1, 2, 1, 2], {1: 500, 2: 2})
    with pytest.raises(errors.CalibrationError, match="sex=1: wanted 500, at best 6"):
        weighting.calibrate(np.ones(4), margins, method="logit", bounds=(0.3, 3))


def test_impossible_positive_margins_are_explained():
    margins = weighting.amount("children", [1.0, 2.0, 3.0], 100) + weighting.amount(
        "persons", [1.0, 1.0, 1.0], 10
    )
    with pytest.raises(errors.CalibrationError, match="weights above zero"):
        weighting.calibrate(np.ones(3), margins, method="raking")


def test_a_million_fold_outlier_is_met():
    values = np.append(np.arange(1.0, 51), 5e7)
    margins = weighting.amount("value", values, values.sum() * 1.05) + weighting.amount(
        "n", np.ones(51), 51
    )
    result = weighting.calibrate(np.ones(51), margins)
    np.testing.assert_allclose(result.achieved, margins.totals, rtol=1e-9)


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        ([1, 0, 2, 1], errors.WeightError),
        ([1, -1, 2, 1], errors.WeightError),
        ([1, np.nan, 2, 1], errors.WeightError),
        (["1", "2", "3", "4"], errors.WeightError),
        ([1, 1, 1], errors.DataError),
        ([], errors.WeightError),
    ],
)
def test_impossible_weights_are_refused(weights, error):
    margins = weighting.counts("sex", [1, 2, 1, 2], {1: 5, 2: 2})
    with pytest.raises(error):
        weighting.calibrate(weights, margins)


def test_unmatched_classes_are_named():
    with pytest.raises(errors.CalibrationError, match="classes without a total: 3"):
        weighting.counts("sex", [1, 2, 3], {1: 5, 2: 2})
    with pytest.raises(errors.CalibrationError, match=r"nobody in the sample .* 3"):
        weighting.counts("sex", [1, 2, 2], {1: 5, 2: 2, 3: 4})
    with pytest.raises(errors.DataError, match=r"1 rows have no label \(row 2\)"):
        weighting.counts("sex", np.array(["m", None], dtype=object), {"m": 1})


def test_households_with_two_design_weights_are_refused():
    margins = weighting.counts("sex", [1, 2, 1, 2], {1: 5, 2: 2})
    with pytest.raises(errors.DesignError, match="1 households"):
        weighting.calibrate([1, 2, 1, 1], margins, households=[1, 1, 2, 2])


def test_perfect_separation_is_refused():
    with pytest.raises(errors.ConvergenceError, match="separate"):
        weighting.response_propensity(np.ones(20), np.arange(20) >= 10, np.arange(20.0)[:, None])


@pytest.mark.parametrize("bounds", [None, (0.5, 0.9), (1.2, 3), (-1, 2), (0.5, np.inf)])
def test_senseless_bounds_are_refused(bounds):
    with pytest.raises(errors.OptionError, match="bounds are two"):
        weighting.calibrate(
            [1, 1], weighting.counts("c", [1, 2], {1: 1, 2: 2}), method="logit", bounds=bounds
        )


def test_results_print_as_tables(persons):
    result = weighting.calibrate(persons["weight"].to_numpy(), sex_and_age(persons))
    assert "design_effect_after" in str(result)
    assert result.to_polars().columns == ["margin", "target", "before", "after", "n"]
    assert "Trimming" in str(weighting.trim(persons["weight"].to_numpy(), high=60))
