"""One domain's incomes in order, with what every estimator asks of them: quantiles, densities, sums."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from socialstats.arrays import FloatArray, IntArray, inner, sums
from socialstats.errors import EmptyDomainError

TIE = 1e-12
"""Relative distance at which a cumulative weight counts as equal to p·W (SAS PCTLDEF=5 with weights)."""

DensityRule = Literal["default", "convey"]

_ROOT_TWO_PI = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True)
class Distribution:
    """Incomes of one domain in ascending order.

    Attributes:
        x: incomes, ascending, shape (k,), euro a year.
        w: weights in the same order, shape (k,), none negative.
        members: positions of these persons in the whole sample, shape (k,).
        independent: effective number of independent incomes; decides the default bandwidth.
        rule: which bandwidth the kernel density takes.
    """

    x: FloatArray
    w: FloatArray
    members: IntArray
    independent: float
    rule: DensityRule = "default"

    @cached_property
    def cumulative(self) -> FloatArray:
        """Weights of everyone up to and including each person, shape (k,)."""
        return np.cumsum(self.w)

    @cached_property
    def population(self) -> float:
        """Sum of weights: persons in the population.

        Raises:
            EmptyDomainError: nobody carries a positive weight.
        """
        total = float(self.cumulative[-1]) if self.x.size else 0.0
        if total <= 0:
            message = "Nobody with a known income and a positive weight is in this domain."
            raise EmptyDomainError(message)
        return total

    @cached_property
    def income_total(self) -> float:
        """Sum of weighted incomes, euro."""
        return inner(self.w, self.x)

    def position(self, amount: float) -> int:
        """How many persons have an income strictly below an amount."""
        return int(np.searchsorted(self.x, amount, side="left"))

    def weight_below(self, amount: float) -> float:
        """Population with an income strictly below an amount."""
        at = self.position(amount)
        return float(self.cumulative[at - 1]) if at else 0.0

    def quantile(self, p: float, population: float | None = None) -> float:
        """Weighted quantile: Eurostat's rule (SAS PCTLDEF=5), averaged at ties with p·W.

        Args:
            p: between 0 and 1.
            population: W, when the quantile is of the poorest part alone; all by default.
        """
        target = p * (self.population if population is None else population)
        return weighted_quantile(self.x, self.cumulative, target)

    @cached_property
    def bandwidth(self) -> float:
        """Of the Gaussian kernel, in euro; 0 where all incomes are equal.

        ``default``: 0.9·min(sd, IQR/1.34)·m^(-1/5) (Silverman 1986, 3.31), m the effective number of
        independent
        incomes: weights on any scale give the same. ``convey``: sd·W^(-1/5), W the sum of weights, kept
            to compare.
        """
        mean = self.income_total / self.population
        deviation = self.x - mean
        sd = float(np.sqrt(inner(self.w, deviation * deviation) / self.population))
        if self.rule == "convey":
            return float(sd / self.population**0.2)
        spread = (self.quantile(0.75) - self.quantile(0.25)) / 1.34
        scale = min(sd, spread) if spread > 0 else sd
        # rounding alone leaves equal incomes a deviation of some 1e-16 of their size
        if sd <= 1e-12 * abs(mean):
            return 0.0
        return float(0.9 * scale / max(self.independent, 1.0) ** 0.2)

    def _kernel(self, amount: float) -> tuple[FloatArray, slice]:
        """Gaussian kernel around an amount, and the slice of persons near enough to count."""
        h = self.bandwidth
        if self.rule == "convey":
            near = slice(0, self.x.size)
        else:
            ends = np.searchsorted(self.x, [amount - 8 * h, amount + 8 * h])
            near = slice(int(ends[0]), int(ends[1]))
        u = (self.x[near] - amount) / h
        return np.exp(-0.5 * u * u) / (_ROOT_TWO_PI * h), near

    def density(self, amount: float, mass: FloatArray | None = None) -> float:
        """Kernel estimate of the density at an amount, per euro.

        Args:
            amount: euro.
            mass: what each person counts for instead of 1, shape (k,); the sum is still divided by the
                whole W.
        """
        if self.bandwidth == 0:
            return 0.0
        kernel, near = self._kernel(amount)
        w = self.w[near] if mass is None else self.w[near] * mass[near]
        return inner(w, kernel) / self.population

    def quantile_influence(self, q: float, p: float) -> FloatArray:
        """Influence of each person on a quantile: -(1[x <= q] - p) / (W·f(q)), shape (k,).

        Zero where the density vanishes: equal incomes leave the quantile no room to move.
        """
        height = self.density(q)
        if height <= 0:
            return np.zeros_like(self.x)
        return -((self.x <= q).astype(np.float64) - p) / (self.population * height)


def weighted_quantile(x: FloatArray, cumulative: FloatArray, target: float) -> float:
    """First income whose cumulative weight passes a target; the mean of two where it ties with the target.

    Args:
        x: ascending, shape (k,).
        cumulative: cumulative weights, shape (k,).
        target: p·W.
    """
    last = x.size - 1
    reached = int(np.searchsorted(cumulative, target * (1 - TIE), side="left"))
    passed = int(np.searchsorted(cumulative, target * (1 + TIE), side="right"))
    low, high = float(x[min(reached, last)]), float(x[min(passed, last)])
    return low if low == high else (low + high) / 2


def independent_incomes(w: FloatArray, household: IntArray | None = None) -> float:
    """Effective number of independent incomes: (ΣW)²/ΣW² over households (Kish 1965), else persons.

    Args:
        w: weights, shape (k,).
        household: household of each person as codes, shape (k,): its members share one income.
    """
    if household is not None and household.size:
        w = sums(household - household.min(), w)
    squares = inner(w, w)
    return float(w.sum()) ** 2 / squares if squares > 0 else 0.0
