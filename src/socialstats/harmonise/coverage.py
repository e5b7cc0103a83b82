"""Persons counted in a file per hundred persons whom a survey estimates: how far a benefit reaches."""

from dataclasses import dataclass

import numpy as np
import scipy.stats
from numpy.typing import ArrayLike

from socialstats.arrays import BoolArray, FloatArray, floats, rows, same_length
from socialstats.errors import DataError, OptionError


@dataclass(frozen=True)
class Coverage:
    """How many are reached of those estimated.

    Attributes:
        cases: counted, shape (m,).
        needy: persons estimated, share × population, shape (m,).
        values: cases per 100 of them, shape (m,); may exceed 100, since the two are not the same persons.
        standard_errors: by the delta method, shape (m,).
        low: lower ends of the intervals, shape (m,).
        high: upper ends, shape (m,).
        level: of the intervals.
    """

    cases: FloatArray
    needy: FloatArray
    values: FloatArray
    standard_errors: FloatArray
    low: FloatArray
    high: FloatArray
    level: float


def coverage(
    cases: ArrayLike,
    population: ArrayLike,
    share: ArrayLike,
    standard_error: ArrayLike,
    *,
    level: float = 0.95,
) -> Coverage:
    """Cases of a complete count by persons that a survey estimates.

    With C cases, N persons and p̂ the estimated share, T = 100·C / (N·p̂). C is a complete count and N is
    given, so that Var(T) = (∂T/∂p)²·Var(p̂) and se(T) = T·se(p̂)/p̂. The interval is that of log T,
    T·exp(±z·se(p̂)/p̂): T is skewed where p̂ is unsure, and never below nought.

    Args:
        cases: whole numbers, shape (m,).
        population: persons, above zero, shape (m,).
        share: estimated, above 0 and at most 1, shape (m,).
        standard_error: of the share, not below zero, shape (m,).
        level: of the intervals.

    Raises:
        DataError: cases that are no counts, a population or share that is not above zero, a share over 1.
        OptionError: a level outside (0, 1).
    """
    count, size = floats("cases", cases), floats("population", population)
    part, error = floats("share", share), floats("standard_error", standard_error)
    same_length(cases=count, population=size, share=part, standard_error=error)
    if not 0 < level < 1:
        message = f"level lies between 0 and 1; not {level}."
        raise OptionError(message)
    _refuse("cases", (count < 0) | (count != np.floor(count)), "are no counts")
    _refuse("population", size <= 0, "are not above zero")
    _refuse("share", (part <= 0) | (part > 1), "are not above 0 and at most 1")
    _refuse("standard_error", error < 0, "are below zero")
    needy = size * part
    value = 100 * count / needy
    relative = error / part
    spread = np.exp(scipy.stats.norm.ppf((1 + level) / 2) * relative)
    return Coverage(count, needy, value, value * relative, value / spread, value * spread, level)


def _refuse(name: str, wrong: BoolArray, what: str) -> None:
    if wrong.any():
        message = f"{name}: {int(wrong.sum())} {what} ({rows(wrong)})."
        raise DataError(message)
