"""Classes of a choropleth: natural breaks and colours that every reader can tell apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

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
    cost = [deviation(0, j) for j in range(n)]
    chosen: list[list[int]] = []
    for _ in range(1, count):
        # cost[i - 1] of the classes before, plus one class from i to j
        step = [
            min(((cost[i - 1] + deviation(i, j), i) for i in range(1, j + 1)), default=(0.0, 0))
            for j in range(n)
        ]
        chosen.append([start for _, start in step])
        cost = [total for total, _ in step]
    starts, end = [0], n - 1
    for row in reversed(chosen):
        starts.insert(1, row[end])
        end = row[end] - 1
    return starts


class _Deviation:
    """Squared deviation from the mean of values i…j, from running sums."""

    def __init__(self, values: list[float], weights: list[int]) -> None:
        self.n, self.sums, self.squares = [0.0], [0.0], [0.0]
        for value, weight in zip(values, weights, strict=True):
            self.n.append(self.n[-1] + weight)
            self.sums.append(self.sums[-1] + weight * value)
            self.squares.append(self.squares[-1] + weight * value * value)

    def __call__(self, i: int, j: int) -> float:
        n = self.n[j + 1] - self.n[i]
        total = self.sums[j + 1] - self.sums[i]
        return self.squares[j + 1] - self.squares[i] - total * total / n


def value_classes(values: Iterable[float], count: int = MAX_CLASSES) -> list[ValueClass]:
    """Natural breaks with their colours, light for little."""
    breaks = natural_breaks(values, count)
    return [
        ValueClass(low, high, colour)
        for (low, high), colour in zip(breaks, PALETTES[len(breaks)], strict=True)
    ]
