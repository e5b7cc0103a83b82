"""Fay–Herriot against published results, R, and laws."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialstats import errors
from socialstats.smallarea import benchmark, fay_herriot

FOLDER = Path(__file__).parents[1] / "reference" / "socialstats"


def stored(name: str) -> pl.DataFrame:
    return pl.read_csv((FOLDER / name).read_text(encoding="utf-8").replace(" ", "").encode())


@pytest.fixture(scope="module")
def milk() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    frame = stored("milk.csv")
    major = frame["major_area"].to_numpy()
    x = np.column_stack([np.ones(len(major)), *(major == k for k in (2, 3, 4))]).astype(float)
    return frame["direct_est"].to_numpy(), frame["std_error"].to_numpy() ** 2, x


@pytest.mark.parametrize(
    ("method", "column"), [("reml", "reml"), ("ml", "ml"), ("fay-herriot", "fh"), ("prasad-rao", "pr")]
)
def test_milk_is_as_r_computes_it(milk, method, column):
    result = fay_herriot(*milk, method=method)
    reference = stored("fay_herriot.csv")
    summary = dict(stored("fay_herriot_summary.csv").iter_rows())
    assert result.model.between == pytest.approx(summary[f"{column}_A"], rel=1e-6)
    np.testing.assert_allclose(
        result.model.beta, [summary[f"{column}_beta{k}"] for k in (1, 2, 3, 4)], rtol=1e-7
    )
    np.testing.assert_allclose(result.estimates, reference[f"{column}_eblup"], rtol=1e-7)
    np.testing.assert_allclose(result.mse, reference[f"{column}_mse"], rtol=1e-6)


def test_milk_is_as_published(milk):
    result = fay_herriot(*milk)
    published = stored("milk_sae.csv")
    np.testing.assert_allclose(result.estimates, published["reml_eblup"], atol=5e-6)
    np.testing.assert_allclose(result.mse, published["reml_mse"], rtol=2e-5)
    assert result.diagnostics()["log_likelihood"] == pytest.approx(12.677478, abs=1e-4)


@pytest.mark.parametrize(("transform", "divisor"), [("log", 1), ("logit", 2)])
def test_scales_are_as_r_computes_them(milk, transform, divisor):
    """Estimates and the MSE by the slope; R's own bootstrap says how good that one is."""
    y, d, x = milk
    result = fay_herriot(y / divisor, d / divisor**2, x, transform=transform, delta=True)
    reference = stored("fay_herriot_scales.csv")
    assert result.mse_method == "delta"
    np.testing.assert_allclose(result.estimates, reference[f"{transform}_eblup"], rtol=1e-7)
    np.testing.assert_allclose(result.mse, reference[f"{transform}_delta"], rtol=1e-6)
    ratio = np.sqrt(result.mse / reference[f"{transform}_bootstrap"].to_numpy())
    assert ratio.mean() == pytest.approx(1, abs=0.03)
    assert 0.8 < ratio.min() < ratio.max() < 1.15


def test_areas_without_a_sample_get_the_synthetic_estimate(milk):
    y, d, x = milk
    result = fay_herriot(np.append(y, np.nan), np.append(d, np.nan), np.vstack([x, x[0]]))
    plain = fay_herriot(y, d, x)
    np.testing.assert_allclose(result.estimates[:-1], plain.estimates, rtol=1e-12)
    assert result.estimates[-1] == pytest.approx(plain.model.beta[0])
    covariance = plain.model.covariance[0, 0]
    assert result.mse[-1] == pytest.approx(plain.model.between + covariance)
    table = result.to_polars()
    assert table["direct"][-1] is None
    assert not table["sampled"][-1]


def test_bootstrap_and_analytic_mse_agree(milk):
    analytic = fay_herriot(*milk).mse
    bootstrap = fay_herriot(*milk, replicates=400, seed=4).mse
    assert bootstrap.mean() == pytest.approx(analytic.mean(), rel=0.05)


def simulated(seed: int, transform: str) -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(seed)
    x = np.column_stack([np.ones(400), draw.normal(0, 1, 400)])
    if transform == "log":
        theta = x @ [1.0, 0.3] + draw.normal(0, 0.4, 400)
        d = draw.uniform(0.05, 0.3, 400)
        direct = np.exp(theta + draw.normal(0, np.sqrt(d)))
        return direct, d * direct**2, x, np.exp(theta)
    if transform == "logit":
        theta = x @ [-1.0, 0.3] + draw.normal(0, 0.4, 400)
        d = draw.uniform(0.05, 0.3, 400)
        direct = 1 / (1 + np.exp(-theta - draw.normal(0, np.sqrt(d))))
        return direct, d * (direct * (1 - direct)) ** 2, x, 1 / (1 + np.exp(-theta))
    n = draw.integers(10, 40, 400)
    theta = x @ [0.5, 0.05] + draw.normal(0, 0.12, 400)
    z = np.clip(theta + draw.normal(0, np.sqrt(1 / (4 * n))), 0, np.pi / 2)
    return np.sin(z) ** 2, n.astype(float), x, np.sin(theta) ** 2


@pytest.mark.parametrize("transform", ["log", "logit", "arcsine"])
def test_the_way_back_leaves_no_bias(transform):
    """On average over many areas the estimates meet the truth; the naive way back would not on the log
    scale."""
    gaps, naive, size = [], [], []
    for seed in range(12):
        direct, variances, x, truth = simulated(seed, transform)
        result = fay_herriot(direct, variances, x, transform=transform, replicates=2)
        gaps.append((result.estimates - truth).mean())
        size.append(truth.mean())
        if transform == "log":
            naive.append((np.sqrt(result.low * result.high) - truth).mean())
    error = np.std(gaps) / np.sqrt(12)
    assert abs(np.mean(gaps)) < 3 * error + 0.004 * np.mean(size)
    if naive:
        assert np.mean(naive) < -3 * error


@pytest.mark.parametrize("transform", ["log", "logit", "arcsine"])
def test_bootstrap_mse_meets_the_true_error(transform):
    direct, variances, x, truth = simulated(99, transform)
    result = fay_herriot(direct, variances, x, transform=transform, replicates=60, seed=1)
    assert result.mse.mean() == pytest.approx(np.mean((result.estimates - truth) ** 2), rel=0.3)
    inside = (truth >= result.low) & (truth <= result.high)
    assert 0.91 <= inside.mean() <= 0.985


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100), method=st.sampled_from(["reml", "ml"]))
def test_scale_and_order_carry_through(seed, factor, method):
    draw = np.random.default_rng(seed)
    x = np.column_stack([np.ones(30), draw.normal(size=30)])
    d = draw.uniform(0.2, 2, 30)
    y = x @ [3, 1] + draw.normal(0, 1, 30) + draw.normal(0, np.sqrt(d))
    plain = fay_herriot(y, d, x, method=method)
    scaled = fay_herriot(y * factor, d * factor**2, x, method=method)
    np.testing.assert_allclose(scaled.estimates, plain.estimates * factor, rtol=1e-6)
    order = draw.permutation(30)
    np.testing.assert_allclose(
        fay_herriot(y[order], d[order], x[order]).estimates, fay_herriot(y, d, x).estimates[order]
    )
    assert ((plain.gamma >= 0) & (plain.gamma < 1)).all()
    between = np.sort(np.stack([plain.direct, plain.synthetic]), axis=0)
    assert (plain.estimates >= between[0] - 1e-9).all()
    assert (plain.estimates <= between[1] + 1e-9).all()


def test_no_variance_between_areas_leaves_the_regression():
    x = np.column_stack([np.ones(20), np.arange(20.0)])
    y = x @ [1.0, 2.0] + 1e-4 * np.tile([1, -1], 10)
    result = fay_herriot(y, np.ones(20), x)
    assert result.model.between == 0
    np.testing.assert_allclose(result.estimates, result.synthetic)
    assert (result.mse > 0).all()


# --- benchmarking ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["ratio", "difference", "error"])
def test_areas_add_up_to_their_region(method):
    draw = np.random.default_rng(2)
    value, mse, size = (
        draw.uniform(0.1, 0.4, 12),
        draw.uniform(1e-4, 4e-3, 12),
        draw.integers(1000, 90_000, 12),
    )
    regions = np.repeat(["Thessaly", "Peloponnese"], 6)
    figures = {"Thessaly": 0.25, "Peloponnese": 0.3}
    result = benchmark(value, mse, size, figures, regions=regions, method=method)
    for region, figure in figures.items():
        inside = regions == region
        assert np.average(result.estimates[inside], weights=size[inside]) == pytest.approx(
            figure, rel=1e-12
        )
    assert (result.mse >= mse).all()
    table = result.to_polars()
    np.testing.assert_allclose(table["after"], table["target"], rtol=1e-12)


def test_benchmarking_by_error_leaves_firm_estimates():
    result = benchmark([0.2, 0.3], [1e-8, 1e-2], [1000, 1000], 0.3, method="error")
    assert result.estimates[0] == pytest.approx(0.2, abs=1e-6)
    assert result.estimates[1] == pytest.approx(0.4, abs=1e-6)


def test_what_meets_its_figure_stays():
    result = benchmark([0.2, 0.4], [0.01, 0.01], [300, 100], 0.25)
    np.testing.assert_allclose(result.estimates, [0.2, 0.4], rtol=1e-12)


def test_benchmarks_that_cannot_be_met_are_refused():
    with pytest.raises(errors.DataError, match="without a figure: b"):
        benchmark([0.2, 0.4], [0.01, 0.01], [1, 1], {"a": 0.3}, regions=["a", "b"])
    with pytest.raises(errors.DataError, match="all zero"):
        benchmark([0.0, 0.0], [0.01, 0.01], [1, 1], 0.3)
    with pytest.raises(errors.DataError, match="MSE of zero"):
        benchmark([0.1, 0.2], [0.0, 0.0], [1, 1], 0.3, method="error")


# --- bad input -------------------------------------------------------------------------------------


def test_models_that_cannot_be_fitted_are_refused(milk):
    y, d, x = milk
    with pytest.raises(errors.EstimationError, match="5 sampled areas cannot carry 4"):
        fay_herriot(y[:5], d[:5], x[:5])
    with pytest.raises(errors.EstimationError, match="repeat each other"):
        fay_herriot(y, d, np.column_stack([x, x[:, 0]]))
    with pytest.raises(errors.DataError, match=r"variances: 1 sampled areas have none above zero"):
        fay_herriot(y, np.where(np.arange(43) == 3, 0, d), x)
    with pytest.raises(errors.DataError, match="covariates: 1 missing"):
        fay_herriot(y, d, np.where(np.arange(172).reshape(43, 4) == 7, np.nan, x))
    with pytest.raises(errors.DataError, match="stands twice"):
        fay_herriot(y, d, x, areas=np.ones(43))
    with pytest.raises(errors.DataError, match="log scale needs"):
        fay_herriot(y - 1, d, x, transform="log")
    with pytest.raises(errors.DataError, match="arcsine scale needs"):
        fay_herriot(y, d, x, transform="arcsine")
    with pytest.raises(errors.DataError, match="logit scale needs"):
        fay_herriot(y * 2, d, x, transform="logit")
    with pytest.raises(errors.DataError, match="one number an area"):
        fay_herriot([str(v) for v in y], d, x)
    with pytest.raises(errors.OptionError, match="method is one of"):
        fay_herriot(y, d, x, method="guess")
    with pytest.raises(errors.OptionError, match="transform is one of"):
        fay_herriot(y, d, x, transform="square")


def test_a_chart_shows_what_may_be_published(milk):
    chart = fay_herriot(*milk).plot().to_dict()
    (rows,) = chart["datasets"].values()
    assert len(rows) == 43
    assert all(row["ci_low"] < row["estimate"] < row["ci_high"] for row in rows)
    y, d, x = milk
    with pytest.raises(errors.OptionError, match="nothing to draw"):
        fay_herriot(y / 1000, d, x).plot()


def test_the_result_prints_as_a_table(milk):
    text = str(fay_herriot(*milk))
    assert "variance_between" in text
    assert "composite" in text
