"""Classes of a choropleth: natural breaks and colours that every reader can tell apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Cividis (Nuñez, Anderton and Renslow 2018, PLOS ONE 13(7): e0199239) by number of classes,
# sampled evenly from 0.95 (little) to 0.10 (much): more is darker.
PALETTES: dict[int, tuple[str, ...]] = {
    0: (),
    1: ("#aea371",),
    2: ("#f3db42", "#083370"),
    3: ("#f3db42", "#828079", "#083370"),
    4: ("#f3db42", "#a59c74", "#636670", "#083370"),
    5: ("#f3db42", "#b8aa6e", "#828079", "#535a6d", "#083370"),
}
MAX_CLASSES = 5


@dataclass(frozen=True, slots=True)
class ValueClass:
    """One class: the least and the greatest value that occur in it, and its colour."""

    low: float
    high: float
    colour: str

    def holds(self, value: float) -> bool:
        """Whether ``value`` falls into the class."""
        return self.low <= value <= self.high


def natural_breaks(values: Iterable[float], count: int = MAX_CLASSES) -> list[tuple[float, float]]:
    """The ``count`` classes (or fewer) with the least squared deviation within classes.

    Fisher, W. D. (1958), "On grouping for maximum homogeneity", JASA 53: exact, by dynamic
    programming over the distinct values. Returns (least, greatest) value of each class.
    """
    weights = Counter(float(value) for value in values)
    distinct = sorted(weights)
    count = min(count, len(distinct))
    if not distinct:
        return []
    starts = _best_starts(distinct, [weights[v] for v in distinct], count)
    ends = [*(start - 1 for start in starts[1:]), len(distinct) - 1]
    return [(distinct[s], distinct[e]) for s, e in zip(starts, ends, strict=True)]


def _best_starts(values: list[float], weights: list[int], count: int) -> list[int]:
    """The first index of every class in the best partition."""
    deviation = _Deviation(values, weights)
    n = len(values)
    cost = deviation(0, np.arange(n))
    chosen: list[IntArray] = []
    for _ in range(1, count):
        # cost[:j] of the classes before, plus one class from each start 1…j to j
        step, starts = np.zeros(n), np.zeros(n, dtype=np.int64)
        for j in range(1, n):
            totals = cost[:j] + deviation(np.arange(1, j + 1), j)
            best = int(totals.argmin())
            step[j], starts[j] = totals[best], best + 1
        chosen.append(starts)
        cost = step
    first, end = [0], n - 1
    for row in reversed(chosen):
        first.insert(1, int(row[end]))
        end = int(row[end]) - 1
    return first


class _Deviation:
    """Squared deviation from the mean of values i…j, from running sums; either end may be an array."""

    def __init__(self, values: list[float], weights: list[int]) -> None:
        value, weight = np.asarray(values), np.asarray(weights, dtype=float)
        self.n, self.sums, self.squares = (
            np.concatenate(([0.0], np.cumsum(weight * value**power))) for power in (0, 1, 2)
        )

    def __call__(self, i: int | IntArray, j: int | IntArray) -> FloatArray:
        n = self.n[j + 1] - self.n[i]
        total = self.sums[j + 1] - self.sums[i]
        spread: FloatArray = self.squares[j + 1] - self.squares[i] - total * total / n
        return spread


def value_classes(values: Iterable[float], count: int = MAX_CLASSES) -> list[ValueClass]:
    """Natural breaks with their colours, light for little."""
    breaks = natural_breaks(values, count)
    return [
        ValueClass(low, high, colour)
        for (low, high), colour in zip(breaks, PALETTES[len(breaks)], strict=True)
    ]


def widened(classes: Sequence[ValueClass], values: Iterable[float]) -> list[ValueClass]:
    """The classes, reaching to those of ``values`` that lie nearest to it: the lower of two as near."""
    ends = [[one.low, one.high] for one in classes]
    for value in values:
        nearest = min(range(len(classes)), key=lambda at: _apart(classes[at], value))
        ends[nearest] = [min(ends[nearest][0], value), max(ends[nearest][1], value)]
    return [replace(one, low=low, high=high) for one, (low, high) in zip(classes, ends, strict=True)]


def _apart(one: ValueClass, value: float) -> float:
    return max(one.low - value, value - one.high, 0.0)
