"""Which counts and amounts may be shown; the rules for estimates are in ``socialstats.publication``.

All thresholds are the caller's to change.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from socialstats.arrays import BoolArray, FloatArray, IntArray, floats, grouped, same_length
from socialstats.errors import DataError, OptionError


@dataclass(frozen=True)
class CountRule:
    """Counts of persons.

    Attributes:
        minimum: smallest count that is shown.
        zero_is_safe: whether "nobody" may be said.
        width: narrowest interval in which an outsider may enclose a suppressed count.
    """

    minimum: int = 5
    zero_is_safe: bool = True
    width: float = 5.0

    def unsafe(self, values: ArrayLike) -> BoolArray:
        """Counts too small to show, shape (k,).

        Raises:
            DataError: a count is negative or no whole number.
        """
        count = floats("counts", values)
        wrong = (count < 0) | (count != np.floor(count))
        if wrong.any():
            message = f"Counts are whole and not negative; {int(wrong.sum())} are not."
            raise DataError(message)
        small: BoolArray = (count < self.minimum) & (count > 0 if self.zero_is_safe else count >= 0)
        return small

    def protection(self, values: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """How far below and above its value an outsider's interval must reach.

        At least [0, 2 × value] and the width.

        Returns:
            Distances below and above, each of shape (k,).
        """
        count = floats("counts", values)
        return count, np.maximum(count, self.width - count)


@dataclass(frozen=True)
class AmountRule:
    """Amounts that add up contributions (euro of benefits by body): dominance and p %.

    Attributes:
        largest: n of the (n, k) dominance rule.
        dominance_percent: k: an amount is unsafe where its n largest contributions exceed this share.
        p_percent: unsafe where the second largest contributor can estimate the largest closer than this.
        minimum_contributors: fewest contributors of a shown amount.
    """

    largest: int = 1
    dominance_percent: float = 75.0
    p_percent: float = 10.0
    minimum_contributors: int = 3

    def judge(self, cells: ArrayLike, contributions: ArrayLike) -> "Amounts":
        """Totals by cell and whether they may be shown.

        Args:
            cells: each contribution's cell, shape (n,).
            contributions: amounts, not negative, shape (n,).

        Raises:
            DataError: negative or missing contributions.
            OptionError: a rule that means nothing.
        """
        if self.largest < 1 or not 0 < self.dominance_percent <= 100 or self.p_percent < 0:
            message = (
                "An amount rule needs largest >= 1, 0 < dominance_percent <= 100 and p_percent >= 0; "
                f"not {self}."
            )
            raise OptionError(message)
        labels, codes = grouped("cell", cells)
        amount = floats("contributions", contributions)
        same_length(cells=codes, contributions=amount)
        if (amount < 0).any():
            message = f"Contributions are not negative; {int((amount < 0).sum())} are."
            raise DataError(message)
        return self._judged([str(label) for label in labels], codes, amount)

    def _judged(self, labels: list[str], codes: IntArray, amount: FloatArray) -> "Amounts":
        order = np.lexsort((-amount, codes))
        starts = np.searchsorted(codes[order], np.arange(len(labels)))
        rank = np.arange(len(order)) - starts[codes[order]]
        total: FloatArray = np.bincount(codes, amount, len(labels)).astype(np.float64)
        number = np.bincount(codes[amount > 0], minlength=len(labels))

        def top(count: int) -> FloatArray:
            sums: FloatArray = np.bincount(
                codes[order], np.where(rank < count, amount[order], 0.0), len(labels)
            ).astype(np.float64)
            return sums

        first = top(1)
        remainder = total - top(2)
        dominated = top(self.largest) > self.dominance_percent / 100 * total
        close = remainder < self.p_percent / 100 * first
        few = (number > 0) & (number < self.minimum_contributors)
        need = np.maximum(self.p_percent / 100 * first - remainder, 0.0)
        unsafe = (dominated | close | few) & (total > 0)
        # dominance and too few contributors have no margin of their own: they take p % of the largest
        need = np.where(unsafe, np.maximum(need, self.p_percent / 100 * first), 0.0)
        return Amounts(tuple(labels), total, unsafe, need)


@dataclass(frozen=True)
class Amounts:
    """Amounts judged.

    Attributes:
        names: one name a cell.
        totals: amounts, shape (k,).
        unsafe: not to be shown, shape (k,).
        protection: how far an outsider's interval must reach on either side, shape (k,).
    """

    names: tuple[str, ...]
    totals: FloatArray
    unsafe: BoolArray
    protection: FloatArray
