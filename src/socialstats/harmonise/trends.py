"""Whether something changes over the years, for short series."""

from dataclasses import dataclass

import numpy as np
import scipy.stats
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, floats, same_length
from socialstats.errors import DataError, EstimationError


@dataclass(frozen=True)
class Trend:
    """Change per year.

    Attributes:
        slope: change per year.
        low: lower end of the interval of the slope.
        high: upper end.
        p_value: of no trend, two-sided.
        periods: values used.
        level: of the interval.
        method: ``weighted least squares`` (known standard errors) or ``Mann–Kendall, Sen``.
        heterogeneity_p_value: whether the values scatter around the line more than their errors allow;
            NaN without errors.
    """

    slope: float
    low: float
    high: float
    p_value: float
    periods: int
    level: float
    method: str
    heterogeneity_p_value: float

    def __str__(self) -> str:
        interval = f"{100 * self.level:.0f} % interval {self.low:.4g} to {self.high:.4g}"
        test = f"p = {self.p_value:.3g}, {self.periods} periods, {self.method}"
        return f"{self.slope:+.4g} a year ({interval}), {test}"


def trend(
    years: ArrayLike, values: ArrayLike, standard_errors: ArrayLike | None = None, *, level: float = 0.95
) -> Trend:
    """A straight trend.

    With standard errors (independent editions): least squares weighted by 1/se², whose error follows
    from the given ones alone. Without: Kendall's rank test (exact where no values tie; Mann 1945,
    Kendall 1975) and the slope of Sen (1968) with his interval. Overlapping samples make editions
    dependent: use the engine's estimate of change instead.

    Args:
        years: distinct, shape (t,).
        values: shape (t,).
        standard_errors: above zero, shape (t,).
        level: of the interval.

    Raises:
        DataError: a year stands twice, or an error is not above zero.
        EstimationError: fewer than three periods.
    """
    time, value = floats("years", years), floats("values", values)
    same_length(years=time, values=value)
    if len(np.unique(time)) < len(time):
        message = "years: a year stands twice."
        raise DataError(message)
    if len(time) < 3:
        message = f"A trend needs at least three periods; not {len(time)}."
        raise EstimationError(message)
    order = np.argsort(time)
    if standard_errors is None:
        return _ranked(time[order], value[order], level)
    error = floats("standard_errors", standard_errors)
    same_length(years=time, standard_errors=error)
    if (error <= 0).any():
        message = f"standard_errors: {int((error <= 0).sum())} are not above zero."
        raise DataError(message)
    return _weighted(time[order], value[order], error[order], level)


def _weighted(time: FloatArray, value: FloatArray, error: FloatArray, level: float) -> Trend:
    weight = error**-2.0
    centre = np.average(time, weights=weight)
    spread = float(weight @ (time - centre) ** 2)
    slope = float(weight @ ((time - centre) * value)) / spread
    half = float(scipy.stats.norm.ppf((1 + level) / 2)) / spread**0.5
    rest = value - np.average(value, weights=weight) - slope * (time - centre)
    return Trend(
        slope=slope,
        low=slope - half,
        high=slope + half,
        p_value=float(2 * scipy.stats.norm.sf(abs(slope) * spread**0.5)),
        periods=len(time),
        level=level,
        method="weighted least squares",
        heterogeneity_p_value=float(scipy.stats.chi2.sf(weight @ rest**2, len(time) - 2)),
    )


def _ranked(time: FloatArray, value: FloatArray, level: float) -> Trend:
    if np.ptp(value) == 0:
        return Trend(0.0, 0.0, 0.0, 1.0, len(time), level, "Mann–Kendall, Sen", float("nan"))
    tied = len(np.unique(value)) < len(value)
    test = scipy.stats.kendalltau(time, value, method="asymptotic" if tied else "exact")
    slope, _, low, high = scipy.stats.theilslopes(value, time, alpha=level)
    return Trend(
        slope=float(slope),
        low=float(low),
        high=float(high),
        p_value=float(test.pvalue),
        periods=len(time),
        level=level,
        method="Mann–Kendall, Sen",
        heterogeneity_p_value=float("nan"),
    )
