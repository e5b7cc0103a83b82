"""Large weights cut back, their excess shared among the others.

Potter (1990), "A study of procedures to identify and trim extreme sampling weights", JSM; the repeated
form with equal shares is that of ``trimWeights`` in R's survey package.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from socialstats.arrays import BoolArray, FloatArray, check_weights, choice, grouped, same_length
from socialstats.errors import OptionError, WeightError


@dataclass(frozen=True)
class Trimming:
    """Weights within limits, with the totals they had.

    Attributes:
        weights: trimmed weights, shape (n,).
        before: the weights before, shape (n,).
        trimmed: which were cut or lifted, shape (n,).
        low: lower limit.
        high: upper limit.
        rounds: how often the excess had to be shared out again.
    """

    weights: FloatArray
    before: FloatArray
    trimmed: BoolArray
    low: float
    high: float
    rounds: int

    def to_polars(self) -> pl.DataFrame:
        """One row: limits, units trimmed, share of the total moved, effect of unequal weights."""
        moved = np.abs(self.before - np.clip(self.before, self.low, self.high)).sum() / self.before.sum()
        n = len(self.before)
        effect = [float(n * (w @ w) / w.sum() ** 2) for w in (self.before, self.weights)]
        return pl.DataFrame(
            {
                "low": [self.low],
                "high": [self.high],
                "n_trimmed": [int(self.trimmed.sum())],
                "share_moved": [float(moved)],
                "design_effect_before": effect[:1],
                "design_effect_after": effect[1:],
            }
        )

    def __str__(self) -> str:
        return f"Trimming to [{self.low:.6g}, {self.high:.6g}] in {self.rounds} rounds\n{self.to_polars()}"


def trim(
    weights: ArrayLike,
    *,
    high: float | None = None,
    low: float = 0.0,
    times_median: float | None = None,
    within: ArrayLike | None = None,
    share: str = "proportional",
) -> Trimming:
    """Bring weights within limits and keep their sum, by group where groups are given.

    Args:
        weights: shape (n,).
        high: largest weight; or give ``times_median``.
        low: smallest weight.
        times_median: largest weight as a multiple of the median weight, for example 3.5.
        within: the excess stays within these groups, shape (n,).
        share: ``proportional`` to the untrimmed weights, or ``equal`` amounts for each.

    Raises:
        OptionError: limits that leave no room, or none given.
        WeightError: the weights' sum cannot be held within the limits.
    """
    base = check_weights(weights)
    choice("share", share, ("proportional", "equal"))
    if (high is None) == (times_median is None):
        message = "Give either high or times_median."
        raise OptionError(message)
    limit = float(high) if high is not None else float(times_median or 0) * float(np.median(base))
    if not 0 <= low < limit:
        message = f"Limits need 0 <= low < high; not {low:g} and {limit:g}."
        raise OptionError(message)
    codes = np.zeros(len(base), dtype=np.intp) if within is None else grouped("within", within)[1]
    same_length(weights=base, within=codes)
    result = base.copy()
    rounds = 0
    for group in range(int(codes.max()) + 1):
        rows = np.flatnonzero(codes == group)
        result[rows], turns = _trim_group(base[rows], low, limit, share)
        rounds = max(rounds, turns)
    return Trimming(result, base, (base < low) | (base > limit), low, limit, rounds)


def _trim_group(base: FloatArray, low: float, high: float, share: str) -> tuple[FloatArray, int]:
    mean = base.mean()
    if not low * (1 - 1e-12) <= mean <= high * (1 + 1e-12):
        message = (
            f"The mean weight {mean:.6g} lies outside [{low:.6g}, {high:.6g}]: no trimming keeps the sum."
        )
        raise WeightError(message)
    current = base
    fixed: BoolArray = np.zeros(len(base), dtype=bool)
    for turn in range(len(base) + 1):
        outside = (current < low) | (current > high)
        if not outside.any():
            return current, turn
        fixed = fixed | outside
        clipped = np.clip(current, low, high)
        current = _shared(clipped, ~fixed, base.sum() - clipped.sum(), share)
    return np.clip(current, low, high), len(base)


def _shared(clipped: FloatArray, free: BoolArray, excess: float, share: str) -> FloatArray:
    if not free.any():
        return np.full_like(clipped, clipped.mean() + excess / len(clipped))
    result = clipped.copy()
    if share == "equal":
        result[free] += excess / free.sum()
    else:
        result[free] *= 1 + excess / clipped[free].sum()
    return result
