"""How sure a figure is, judged by its error beside its value."""

import math
from enum import StrEnum
from typing import Final

from entaxis.indicators.queries import Figure

NORMAL_95: Final = 1.96


def error(figure: Figure) -> float | None:
    """The error that a figure is judged by; None for one without an error and without an interval.

    The standard error, or what the longer side of the 95 % interval amounts to where that is more: the
    linearised error of a share of nought is nought, its interval is not.
    """
    if figure.value is None:
        return None
    sides = []
    if figure.ci_low is not None and figure.ci_high is not None:
        sides = [(figure.value - figure.ci_low) / NORMAL_95, (figure.ci_high - figure.value) / NORMAL_95]
    if figure.standard_error is not None:
        sides.append(figure.standard_error)
    return max(sides, default=None)


class Surety(StrEnum):
    """How large a figure's standard error is beside the figure itself."""

    SURE = "sure"
    LESS_SURE = "less_sure"
    UNSURE = "unsure"


LESS_SURE_FROM: Final = 1 / 6
UNSURE_FROM: Final = 1 / 3
"""Relative standard errors: the bounds that a model's figures are published by (docs/indicators.md)."""


def is_unsure(figure: Figure) -> bool:
    """Flagged as unreliable, or with an error beyond a third of it: hatched wherever it is drawn."""
    return figure.is_unreliable or surety(figure) == Surety.UNSURE


def surety(figure: Figure) -> Surety:
    """How sure a published figure is; one without an error (a register's count) is sure unless flagged."""
    size = error(figure)
    relative = 0.0
    if size and figure.value is not None:
        relative = size / abs(figure.value) if figure.value else math.inf
    if relative > UNSURE_FROM:
        return Surety.UNSURE
    return Surety.LESS_SURE if relative > LESS_SURE_FROM or figure.is_unreliable else Surety.SURE
