"""Scales on which an area model may hold, and the way back without the bias of the naive way."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.special

from socialstats.arrays import FloatArray
from socialstats.errors import DataError, OptionError, first_rows


@dataclass(frozen=True)
class AreaScale:
    """A transformation of direct estimates.

    Attributes:
        name: ``none``, ``log``, ``logit`` or ``arcsine``.
        forward: direct estimates and their variances to the model's scale.
        back: mean of the original quantity where the transformed one is normal with this mean and variance.
        inverse: the plain inverse, for the ends of intervals.
        slope: change of the original quantity where the transformed one moves by one, at an original value.
    """

    name: str
    forward: Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
    back: Callable[[FloatArray, FloatArray], FloatArray]
    inverse: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]


def area_scale(name: str) -> AreaScale:
    """The scale of a name.

    Raises:
        OptionError: there is none of that name.
    """
    scales = {"none": _none, "log": _log, "logit": _logit, "arcsine": _arcsine}
    if name not in scales:
        message = f"transform is one of {', '.join(scales)}; not {name!r}."
        raise OptionError(message)
    return scales[name]()


def _none() -> AreaScale:
    return AreaScale("none", lambda y, v: (y, v), lambda mean, _: mean, lambda t: t, np.ones_like)


def _log() -> AreaScale:
    """Delta method forward; back by the mean of a log-normal (Slud and Maiti 2006, JRSS B 68, 239–257)."""

    def forward(y: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        if (y <= 0).any():
            rows = [int(k) for k in np.flatnonzero(y <= 0)]
            message = f"The log scale needs estimates above zero; {len(rows)} are not ({first_rows(rows)})."
            raise DataError(message)
        return np.log(y), v / y**2

    def back(mean: FloatArray, variance: FloatArray) -> FloatArray:
        value: FloatArray = np.exp(mean + variance / 2)
        return value

    return AreaScale("log", forward, back, np.exp, lambda y: y)


def _logit() -> AreaScale:
    """Shares and coefficients between 0 and 1: back by the mean of the logistic normal.

    The mean has no closed form: Gauss and Hermite's rule with 21 nodes (1e-9 for variances up to 1).
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(21)
    weights = weights / weights.sum()

    def slope(y: FloatArray) -> FloatArray:
        value: FloatArray = y * (1 - y)
        return value

    def forward(y: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        if ((y <= 0) | (y >= 1)).any():
            rows = [int(k) for k in np.flatnonzero((y <= 0) | (y >= 1))]
            message = (
                f"The logit scale needs estimates inside 0 and 1; {len(rows)} are not ({first_rows(rows)})."
            )
            raise DataError(message)
        return scipy.special.logit(y), v / slope(y) ** 2

    def back(mean: FloatArray, variance: FloatArray) -> FloatArray:
        points = mean[:, None] + np.sqrt(variance)[:, None] * nodes
        value: FloatArray = np.sum(scipy.special.expit(points) * weights, axis=1)
        return value

    return AreaScale("logit", forward, back, scipy.special.expit, slope)


def _arcsine() -> AreaScale:
    """Shares: sin⁻¹√p has variance 1/(4ñ) with the effective sample size ñ.

    The variances given are 1/(4ñ) already. Back by E sin²(T) = (1 − e^(−2v) cos 2m)/2 for T ~ N(m, v);
    Hadam, Würz and Kreutzmann (2020) take the same mean over 0 to π/2 alone.
    """

    def forward(y: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        if ((y < 0) | (y > 1)).any():
            rows = [int(k) for k in np.flatnonzero((y < 0) | (y > 1))]
            message = (
                f"The arcsine scale needs shares from 0 to 1; {len(rows)} are not ({first_rows(rows)})."
            )
            raise DataError(message)
        return np.arcsin(np.sqrt(y)), v

    def back(mean: FloatArray, variance: FloatArray) -> FloatArray:
        value: FloatArray = (1 - np.exp(-2 * variance) * np.cos(2 * mean)) / 2
        return value

    def inverse(t: FloatArray) -> FloatArray:
        value: FloatArray = np.sin(np.clip(t, 0, np.pi / 2)) ** 2
        return value

    return AreaScale("arcsine", forward, back, inverse, lambda y: 2 * np.sqrt(y * (1 - y)))
