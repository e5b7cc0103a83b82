"""One scale for quantities of different kinds."""

import numpy as np
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, check_weights, choice, floats, same_length
from socialstats.errors import EstimationError, OptionError

METHODS = ("z", "minmax", "robust", "rank")


def standard_scores(
    values: ArrayLike,
    *,
    method: str = "z",
    weights: ArrayLike | None = None,
    higher_is: str = "worse",
) -> FloatArray:
    """Scores that rise with deprivation.

    Args:
        values: of one indicator, shape (m,).
        method: ``z`` (mean 0, standard deviation 1, divisor m or Σw), ``minmax`` (0 to 1), ``robust``
            (median 0, by 1.4826 × the median absolute deviation), ``rank`` (mid-ranks from 0 to 1).
        weights: population for ``z``, shape (m,).
        higher_is: ``worse`` or ``better``; the latter turns the sign.

    Raises:
        EstimationError: all values are equal, so nothing tells areas apart.
        OptionError: unknown words, or weights where they mean nothing.
    """
    value = floats("values", values)
    choice("method", method, METHODS)
    choice("higher_is", higher_is, ("worse", "better"))
    if weights is not None and method != "z":
        message = f"Weights belong to z scores, not to {method}."
        raise OptionError(message)
    weight = np.ones(len(value)) if weights is None else check_weights(weights)
    same_length(values=value, weights=weight)
    if len(value) < 2 or np.ptp(value) <= 1e-12 * np.abs(value).max():
        message = "All values are equal: scores cannot tell the areas apart."
        raise EstimationError(message)
    turned = value if higher_is == "worse" else -value
    return _scored(turned, weight, method)


def _scored(value: FloatArray, weight: FloatArray, method: str) -> FloatArray:
    if method == "z":
        mean = np.average(value, weights=weight)
        spread = np.sqrt(np.average((value - mean) ** 2, weights=weight))
        scores: FloatArray = (value - mean) / spread
    elif method == "minmax":
        scores = (value - value.min()) / np.ptp(value)
    elif method == "robust":
        middle = np.median(value)
        deviation = 1.4826 * np.median(np.abs(value - middle))
        if deviation == 0:
            message = "More than half of the values are equal: robust scores do not exist; use z or rank."
            raise EstimationError(message)
        scores = (value - middle) / deviation
    else:
        scores = mid_ranks(value)
        scores = (scores - 1) / (len(value) - 1)
    return scores


def mid_ranks(value: FloatArray) -> FloatArray:
    """Ranks from 1 (smallest) with ties sharing their mean, shape (m,)."""
    ordered = np.sort(value)
    first = np.searchsorted(ordered, value, side="left")
    last = np.searchsorted(ordered, value, side="right")
    ranks: FloatArray = (first + last + 1) / 2
    return ranks
