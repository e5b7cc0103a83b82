"""How a calibrated weight may move away from its design weight: g = F(u), u = x'λ.

Deville and Särndal (1992), "Calibration estimators in survey sampling", JASA 87, 376–382, cases 1 (linear),
2 (multiplicative: raking), 6 (logit, bounded) and 7 (truncated linear, bounded).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from socialstats.arrays import FloatArray
from socialstats.errors import OptionError

METHODS = ("linear", "raking", "logit", "truncated")


@dataclass(frozen=True)
class Distance:
    """A distance function's inverse derivative ``g(u)`` with its slope and the interval g can reach."""

    name: str
    g: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]
    low: float
    high: float


def distance(method: str, bounds: tuple[float, float] | None = None) -> Distance:
    """The distance of a name.

    Args:
        method: ``linear`` (GREG; weights may become negative), ``raking`` (always positive), ``logit`` or
            ``truncated`` (both stay within bounds).
        bounds: smallest and largest g, with 0 <= low < 1 < high; for ``logit`` and ``truncated`` only.

    Raises:
        OptionError: unknown method, or bounds that do not hold 1 or are not wanted.
    """
    if method in {"linear", "raking"}:
        if bounds is not None:
            message = f"{method} takes no bounds; use logit or truncated."
            raise OptionError(message)
        return _linear() if method == "linear" else _raking()
    if method not in METHODS:
        message = f"method is one of {', '.join(METHODS)}; not {method!r}."
        raise OptionError(message)
    low, high = _bounds(bounds)
    return _logit(low, high) if method == "logit" else _truncated(low, high)


def _bounds(bounds: tuple[float, float] | None) -> tuple[float, float]:
    if bounds is None or not (0 <= bounds[0] < 1 < bounds[1] < np.inf):
        message = (
            f"bounds are two finite numbers, 0 <= low < 1 < high, for example (0.3, 3); not {bounds!r}."
        )
        raise OptionError(message)
    return float(bounds[0]), float(bounds[1])


def _linear() -> Distance:
    return Distance("linear", lambda u: 1 + u, np.ones_like, -np.inf, np.inf)


def _raking() -> Distance:
    return Distance("raking", np.exp, np.exp, 0.0, np.inf)


def _logit(low: float, high: float) -> Distance:
    rate = (high - low) / ((1 - low) * (high - 1))

    def share(u: FloatArray) -> FloatArray:
        # the logistic curve in the form that neither overflows nor loses digits at either end
        odds = np.log((1 - low) / (high - 1)) + rate * u
        small = np.exp(-np.abs(odds))
        part: FloatArray = np.where(odds >= 0, 1, small) / (1 + small)
        return part

    def g(u: FloatArray) -> FloatArray:
        moved: FloatArray = low + (high - low) * share(u)
        return moved

    def slope(u: FloatArray) -> FloatArray:
        part = share(u)
        steep: FloatArray = (high - low) * rate * part * (1 - part)
        return steep

    return Distance("logit", g, slope, low, high)


def _truncated(low: float, high: float) -> Distance:
    def slope(u: FloatArray) -> FloatArray:
        return ((1 + u > low) & (1 + u < high)).astype(np.float64)

    return Distance("truncated", lambda u: np.clip(1 + u, low, high), slope, low, high)
