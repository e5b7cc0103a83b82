"""Which single figures may be shown: rules for direct estimates, modelled estimates, counts and amounts.

The thresholds for direct estimates are those of Eurostat's own published code (flags ``unrel`` 1 and 2:
fewer than 50 or 20 observations, more than 20 or 50 percent item non-response); those for modelled
estimates follow the practice of Statistics Canada for coefficients of variation. All of them are the
caller's to change.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialstats._arrays import Codes, Flags, Floats, floats, grouped, same_length
from socialstats.errors import DataError, OptionError


class Reliability(IntEnum):
    """What may be done with an estimate; Eurostat's codes."""

    PUBLISH = 0
    WARN = 1
    SUPPRESS = 2


@dataclass(frozen=True)
class DirectRule:
    """Direct estimates, by the unweighted observations of the cell (for a share: of its denominator).

    Attributes:
        suppress_below: fewest observations that are published at all.
        warn_below: fewest observations that are published without the flag ``u``.
        suppress_nonresponse_percent: item non-response above which nothing is published.
        warn_nonresponse_percent: item non-response above which the flag is set.
    """

    suppress_below: int = 20
    warn_below: int = 50
    suppress_nonresponse_percent: float = 50.0
    warn_nonresponse_percent: float = 20.0

    def judge(self, n: ArrayLike, nonresponse_percent: ArrayLike = 0.0) -> NDArray[np.int8]:
        """A :class:`Reliability` for each cell, shape (k,); a missing n or non-response suppresses."""
        number = np.asarray(n, dtype=np.float64)
        missing = np.asarray(nonresponse_percent, dtype=np.float64)
        fine = (number >= self.warn_below) & (missing <= self.warn_nonresponse_percent)
        usable = (number >= self.suppress_below) & (missing <= self.suppress_nonresponse_percent)
        return _levels(usable, fine)


@dataclass(frozen=True)
class ModelledRule:
    """Model-based estimates, by their relative root mean squared error in percent.

    Attributes:
        warn_above: larger errors are published with a warning.
        suppress_above: larger errors are not published.
    """

    warn_above: float = 16.6
    suppress_above: float = 33.3

    def judge(self, estimate: ArrayLike, mse: ArrayLike) -> NDArray[np.int8]:
        """A :class:`Reliability` for each area, shape (k,); what is missing suppresses."""
        value = np.asarray(estimate, dtype=np.float64)
        error = np.asarray(mse, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = 100 * np.sqrt(np.where(error >= 0, error, np.nan)) / np.abs(value)
        return _levels(relative <= self.suppress_above, relative <= self.warn_above)


def _levels(usable: NDArray[np.bool_], fine: NDArray[np.bool_]) -> NDArray[np.int8]:
    # comparisons with NaN are false, so that what is unknown is never published
    level = np.where(
        usable & fine, Reliability.PUBLISH, np.where(usable, Reliability.WARN, Reliability.SUPPRESS)
    )
    return np.atleast_1d(level).astype(np.int8)


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

    def unsafe(self, values: ArrayLike) -> Flags:
        """Counts too small to show, shape (k,).

        Raises:
            DataError: a count is negative or no whole number.
        """
        count = floats("counts", values)
        wrong = (count < 0) | (count != np.floor(count))
        if wrong.any():
            message = f"Counts are whole and not negative; {int(wrong.sum())} are not."
            raise DataError(message)
        small: Flags = (count < self.minimum) & (count > 0 if self.zero_is_safe else count >= 0)
        return small

    def protection(self, values: ArrayLike) -> tuple[Floats, Floats]:
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

    def _judged(self, labels: list[str], codes: Codes, amount: Floats) -> "Amounts":
        order = np.lexsort((-amount, codes))
        starts = np.searchsorted(codes[order], np.arange(len(labels)))
        rank = np.arange(len(order)) - starts[codes[order]]
        total: Floats = np.bincount(codes, amount, len(labels)).astype(np.float64)
        number = np.bincount(codes[amount > 0], minlength=len(labels))

        def top(count: int) -> Floats:
            sums: Floats = np.bincount(
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
    totals: Floats
    unsafe: Flags
    protection: Floats
