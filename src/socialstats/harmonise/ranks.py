"""Which area is worst, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.stats
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, choice, floats, same_length
from socialstats.errors import DataError, OptionError
from socialstats.harmonise.scores import mid_ranks
from socialstats.random import stream


@dataclass(frozen=True)
class Ranks:
    """Ranks from 1, the highest value.

    Attributes:
        values: of the areas, shape (m,).
        standard_errors: of the values, shape (m,).
        ranks: by the values, ties share the mean, shape (m,).
        low: best rank that cannot be excluded, shape (m,).
        high: worst rank that cannot be excluded, shape (m,).
        top: probability to be among the ``among`` highest; NaN for joint intervals, shape (m,).
        among: how many count as highest.
        level: of the intervals.
        method: ``joint`` or ``simulated:draws:seed``.
    """

    values: FloatArray
    standard_errors: FloatArray
    ranks: FloatArray
    low: FloatArray
    high: FloatArray
    top: FloatArray
    among: int
    level: float
    method: str

    def to_polars(self, areas: ArrayLike | None = None) -> pl.DataFrame:
        """One row an area, highest first."""
        names = np.arange(1, len(self.values) + 1) if areas is None else np.asarray(areas)
        return pl.DataFrame(
            {
                "area": [str(name) for name in names],
                "value": self.values,
                "standard_error": self.standard_errors,
                "rank": self.ranks,
                "rank_low": self.low,
                "rank_high": self.high,
                f"probability_top_{self.among}": self.top,
                "method": [self.method] * len(self.values),
            }
        ).sort("rank", maintain_order=True)


def ranks(
    values: ArrayLike,
    standard_errors: ArrayLike,
    *,
    method: str = "joint",
    level: float = 0.95,
    among: int = 5,
    draws: int = 10_000,
    seed: int = 0,
) -> Ranks:
    """Ranks with intervals.

    Args:
        values: estimates, shape (m,).
        standard_errors: of independent errors, 0 or more, shape (m,).
        method: ``joint``: all true ranks lie in their intervals together with at least this probability
            (Klein, Wright and Wieczorek 2020, JRSS A 183, 589–606, with intervals of Šidák);
            ``simulated``: area by area, from values redrawn within their errors (Goldstein and
                Spiegelhalter 1996), narrower and without that promise.
        level: of the intervals.
        among: number of highest areas for the probability to be among them (simulated only).
        draws: of the simulation.
        seed: of the simulation.

    Raises:
        DataError: negative or missing errors.
        OptionError: unknown method, a level outside (0, 1), or draws below 100.
    """
    value, error = floats("values", values), floats("standard_errors", standard_errors)
    same_length(values=value, standard_errors=error)
    choice("method", method, ("joint", "simulated"))
    if (error < 0).any():
        message = f"standard_errors: {int((error < 0).sum())} are negative."
        raise DataError(message)
    if not 0 < level < 1 or draws < 100 or among < 1:
        message = f"Needs 0 < level < 1, draws >= 100, among >= 1; not {level}, {draws}, {among}."
        raise OptionError(message)
    point = mid_ranks(-value)
    if method == "joint":
        low, high = _joint(value, error, level)
        top = np.full(len(value), np.nan)
        return Ranks(value, error, point, low, high, top, among, level, "joint")
    low, high, top = _simulated(value, error, level, among, draws, seed)
    return Ranks(value, error, point, low, high, top, among, level, f"simulated:{draws}:{seed}")


def _joint(value: FloatArray, error: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """An area is surely behind those whose joint interval lies wholly above its own."""
    each = level ** (1 / len(value))
    half = scipy.stats.norm.ppf((1 + each) / 2) * error
    low, high = value - half, value + half
    above = (low[None, :] > high[:, None]).sum(axis=1)
    below = (high[None, :] < low[:, None]).sum(axis=1)
    return 1.0 + above, (len(value) - below).astype(np.float64)


def _simulated(  # noqa: PLR0917
    value: FloatArray, error: FloatArray, level: float, among: int, draws: int, seed: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    draw = stream(seed, "ranks")
    drawn = value + error * draw.standard_normal((draws, len(value)))
    # draws of areas without error may tie: ties share the mean rank, as in the point ranks
    places = np.stack([mid_ranks(-row) for row in drawn])
    tail = (1 - level) / 2
    low = np.quantile(places, tail, axis=0, method="inverted_cdf")
    high = np.quantile(places, 1 - tail, axis=0, method="inverted_cdf")
    return low, high, (places <= among).mean(axis=0)
