"""How large a figure's error is beside the figure: one judgement for estimating, publishing and maps."""

import math
from typing import Final

NORMAL_95: Final = 1.96
NOTABLE_FROM: Final = 1 / 6
LARGE_FROM: Final = 1 / 3
"""Relative errors, after the practice of Statistics Canada for coefficients of variation (16.6, 33.3 %)."""


def error(
    value: float | None, standard_error: float | None, low: float | None, high: float | None
) -> float | None:
    """The error that a figure is judged by; None for one without an error and without an interval.

    The standard error, or what the longer side of the 95 % interval amounts to where that is more: the
    linearised error of a share of nought is nought, its interval is not, and few clusters make it wide.
    """
    if value is None:
        return None
    sides = [] if low is None or high is None else [(value - low) / NORMAL_95, (high - value) / NORMAL_95]
    return max([*sides, *([] if standard_error is None else [standard_error])], default=None)


def relative(
    value: float | None, standard_error: float | None, low: float | None, high: float | None
) -> float:
    """That error as a part of the value; 0 for a figure without an error, infinite beside nought."""
    size = error(value, standard_error, low, high)
    if not size or value is None:
        return 0.0
    return size / abs(value) if value else math.inf
