"""Small areas from direct estimates and area covariates: the model of Fay and Herriot (1979)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import scipy.stats
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, choice, floats, grouped, same_length
from socialstats.errors import DataError, EstimationError, OptionError
from socialstats.publication import ModelledRule
from socialstats.random import stream
from socialstats.smallarea import area_level
from socialstats.smallarea.area_level import AreaFit
from socialstats.smallarea.transforms import AreaScale, area_scale

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class FayHerriot:
    """Direct, synthetic and composite estimates of every area.

    Attributes:
        areas: one name an area.
        direct: direct estimates, missing without a sample, shape (m,).
        variances: their sampling variances on the model's scale, missing without a sample, shape (m,).
        synthetic: what the regression says, on the original scale, shape (m,).
        estimates: composite estimates (EBLUP) on the original scale, shape (m,).
        mse: their mean squared error, shape (m,).
        low: lower ends of 95 % intervals, shape (m,).
        high: upper ends, shape (m,).
        gamma: weight of the direct estimate, 0 without a sample, shape (m,).
        residuals: standardised residuals of the sampled areas, missing elsewhere, shape (m,).
        model: the fitted model.
        method: of estimating the variance between areas.
        transform: scale of the model.
        mse_method: ``analytic``, ``delta`` or ``bootstrap:B``.
        seed: of the bootstrap.
    """

    areas: tuple[str, ...]
    direct: FloatArray
    variances: FloatArray
    synthetic: FloatArray
    estimates: FloatArray
    mse: FloatArray
    low: FloatArray
    high: FloatArray
    gamma: FloatArray
    residuals: FloatArray
    model: AreaFit
    method: str
    transform: str
    mse_method: str
    seed: int

    def diagnostics(self) -> dict[str, float]:
        """How well the model holds: variance between areas, fit, normality, agreement."""
        inside = ~np.isnan(self.direct)
        rest = self.residuals[inside]
        parameters = len(self.model.beta) + 1
        shapiro = scipy.stats.shapiro(rest).pvalue if inside.sum() >= 3 and np.ptp(rest) > 0 else np.nan
        return {
            "areas": float(len(self.areas)),
            "areas_without_sample": float((~inside).sum()),
            "variance_between": self.model.between,
            "log_likelihood": self.model.log_likelihood,
            "aic": -2 * self.model.log_likelihood + 2 * parameters,
            "bic": -2 * self.model.log_likelihood + parameters * np.log(inside.sum()),
            "normality_p_value": float(shapiro),
            "correlation_with_direct": _correlation(self.direct[inside], self.estimates[inside]),
            "median_gamma": float(np.median(self.gamma[inside])),
        }

    def to_polars(self, rule: ModelledRule | None = None) -> pl.DataFrame:
        """One row an area: direct, synthetic and composite side by side, RRMSE in percent and flag."""
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = 100 * np.sqrt(self.mse) / np.abs(self.estimates)
        return pl.DataFrame(
            {
                "area": self.areas,
                "direct": self.direct,
                "synthetic": self.synthetic,
                "composite": self.estimates,
                "gamma": self.gamma,
                "mse": self.mse,
                "rrmse_percent": relative,
                "ci_low": self.low,
                "ci_high": self.high,
                "residual": self.residuals,
                "sampled": ~np.isnan(self.direct),
                "flag": (rule or ModelledRule()).judge(self.estimates, self.mse),
                "method": [f"modelled: fay-herriot {self.method}, {self.transform}"] * len(self.areas),
            }
        ).with_columns(pl.col("direct", "residual").fill_nan(None))

    def plot(self) -> "alt.TopLevelMixin":
        """A point and an interval for each area that may be published."""
        from socialstats.smallarea.plotting import area_chart

        return area_chart(self.to_polars(), "composite", "composite estimate")

    def __str__(self) -> str:
        lines = "\n".join(f"{name:>26} {value:.6g}" for name, value in self.diagnostics().items())
        head = f"Fay–Herriot ({self.method}, scale {self.transform}, MSE {self.mse_method})"
        return f"{head}\n{lines}\n{self.to_polars()}"


def fay_herriot(
    direct: ArrayLike,
    variances: ArrayLike,
    covariates: ArrayLike,
    *,
    areas: ArrayLike | None = None,
    method: str = "reml",
    transform: str = "none",
    replicates: int = 0,
    delta: bool = False,
    seed: int = 0,
) -> FayHerriot:
    """Composite estimates of areas.

    Args:
        direct: direct estimates, NaN for an area without a sample, shape (m,).
        variances: their sampling variances, shape (m,), taken as known (smooth them first); for ``arcsine``
            the effective sample sizes ñ are wanted instead and 1/(4ñ) is used.
        covariates: known of every area, intercept included, shape (m, p).
        areas: names, shape (m,).
        method: ``reml``, ``ml``, ``fay-herriot`` or ``prasad-rao``.
        transform: ``none``, ``log``, ``logit`` or ``arcsine`` (both of shares from 0 to 1).
        replicates: of a parametric bootstrap of the MSE on the original scale; 0 takes the analytic MSE,
            which exists for ``none`` only, and 500 for the others.
        delta: without a bootstrap, carry the analytic MSE of the model's scale back by the slope at the
            estimate: exact to the first order, and as good as the scale is straight over an interval.
        seed: of the bootstrap.

    Raises:
        DataError: shapes that do not fit, missing covariates, estimates outside the scale's reach.
        EstimationError: fewer sampled areas than coefficients (plus one), or collinear covariates.
        OptionError: unknown method or transform.
    """
    choice("method", method, area_level.METHODS)
    scale = area_scale(transform)
    y, d, x, names = _checked(direct, variances, covariates, areas, transform)
    inside = ~np.isnan(y)
    z, dz = np.full(len(y), np.nan), np.full(len(y), np.inf)
    z[inside], dz[inside] = scale.forward(y[inside], d[inside])
    _refuse_unfit(x[inside])
    model = area_level.fit(z[inside], x[inside], dz[inside], method)
    mean, g1 = area_level.predictor(model, z, x, dz)
    scaled_mse = area_level.mse(model, x, dz)
    count = replicates or (0 if transform == "none" or delta else 500)
    estimates = scale.back(mean, g1)
    error = (
        _bootstrap(model, x, dz, scale, method, count, seed)
        if count
        else scale.slope(estimates) ** 2 * scaled_mse
    )
    half = area_level.quantile(model, dz, scaled_mse) * np.sqrt(scaled_mse)
    return FayHerriot(
        areas=names,
        direct=y,
        variances=np.where(inside, dz, np.nan),
        synthetic=scale.back(x @ model.beta, np.full(len(y), model.between)),
        estimates=estimates,
        mse=error,
        low=scale.inverse(mean - half),
        high=scale.inverse(mean + half),
        gamma=np.where(inside, model.between / (model.between + dz), 0.0),
        residuals=(z - x @ model.beta) / np.sqrt(model.between + np.where(inside, dz, 1.0)),
        model=model,
        method=method,
        transform=transform,
        mse_method=f"bootstrap:{count}" if count else "analytic" if transform == "none" else "delta",
        seed=seed,
    )


def _checked(
    direct: ArrayLike, variances: ArrayLike, covariates: ArrayLike, areas: ArrayLike | None, transform: str
) -> tuple[FloatArray, FloatArray, FloatArray, tuple[str, ...]]:
    x = floats("covariates", covariates, dimensions=2)
    y = np.asarray(direct)
    if y.dtype.kind not in "biuf" or y.ndim != 1:
        message = "direct: one number an area is needed (NaN without a sample)."
        raise DataError(message)
    y = y.astype(np.float64)
    given = np.asarray(variances, dtype=np.float64)
    same_length(direct=y, variances=given, covariates=x)
    if np.isinf(y).any():
        message = "direct: infinite estimates cannot be modelled."
        raise DataError(message)
    inside = ~np.isnan(y)
    wrong = inside & ~(np.isfinite(given) & (given > 0))
    if wrong.any():
        what = "effective sample sizes" if transform == "arcsine" else "variances"
        message = (
            f"{what}: {int(wrong.sum())} sampled areas have none above zero; "
            "smooth them or treat the area as unsampled."
        )
        raise DataError(message)
    d = 1 / (4 * np.where(inside, given, 1.0)) if transform == "arcsine" else given
    names = np.arange(1, len(y) + 1) if areas is None else np.asarray(areas)
    same_length(direct=y, areas=names)
    if len(grouped("area", names)[0]) < len(names):
        message = "areas: an area stands twice."
        raise DataError(message)
    return y, d, x, tuple(str(name) for name in names)


def _refuse_unfit(x: FloatArray) -> None:
    m, p = x.shape
    if m < p + 2:
        message = (
            f"{m} sampled areas cannot carry {p} coefficients and a variance: at least {p + 2} are needed."
        )
        raise EstimationError(message)
    size = np.linalg.norm(x, axis=0)
    if (size == 0).any() or np.linalg.matrix_rank(x / np.where(size > 0, size, 1), tol=1e-9) < p:
        message = "The covariates repeat each other among the sampled areas: leave some out."
        raise EstimationError(message)


def _bootstrap(  # noqa: PLR0917
    model: AreaFit, x: FloatArray, d: FloatArray, scale: AreaScale, method: str, replicates: int, seed: int
) -> FloatArray:
    """Parametric bootstrap (Butar and Lahiri 2003; González-Manteiga et al. 2008) on the original scale."""
    if replicates < 2:
        message = f"A bootstrap needs at least 2 replicates; not {replicates}."
        raise OptionError(message)
    inside = ~np.isinf(d)
    noise = np.sqrt(np.where(inside, d, 0.0))
    total = np.zeros(len(x))
    for number in range(replicates):
        draw = stream(seed, "fay-herriot", number)
        true = x @ model.beta + np.sqrt(model.between) * draw.standard_normal(len(x))
        z = true + noise * draw.standard_normal(len(x))
        again = area_level.fit(z[inside], x[inside], d[inside], method)
        mean, g1 = area_level.predictor(again, z, x, d)
        total += (scale.back(mean, g1) - scale.back(true, np.zeros(len(x)))) ** 2
    return total / replicates


def _correlation(first: FloatArray, second: FloatArray) -> float:
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])
