"""Do neighbouring areas resemble each other more than chance allows, and where?

Local statistics with permutation inference and control of the false discovery rate: they point at groups
of neighbouring areas with high or low values, that is at conditions of places and never at people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from socialstats.arrays import FloatArray, IntArray, choice, floats
from socialstats.errors import DataError, EstimationError, OptionError
from socialstats.random import stream

METHODS: Final = ("moran", "getis_ord")
ROUNDING: Final = 1e-9
"""Two sums of the same numbers in another order count as equal, relative to their scale."""


@dataclass(frozen=True)
class LocalStatistics:
    """One statistic an area, with what chance alone would make of it.

    Attributes:
        values: of the areas, shape (m,).
        statistics: local Moran's I_i or z-scores of G*_i; NaN for an area without neighbours, shape (m,).
        p_values: two-sided, from conditional permutations; NaN without neighbours, shape (m,).
        adjusted: of Benjamini and Hochberg over the areas with neighbours, shape (m,).
        kinds: ``high`` (high among high), ``low`` (low among low), ``high_low`` (high among low),
            ``low_high`` (low among high), or ``none`` where the false discovery rate does not allow a
            claim; ``island`` without neighbours, shape (m,).
        neighbours: number of neighbours, shape (m,).
        rate: false discovery rate of ``kinds``.
        method: ``moran`` or ``getis_ord``.
        permutations: number of permutations an area.
        seed: of the permutations.
    """

    values: FloatArray
    statistics: FloatArray
    p_values: FloatArray
    adjusted: FloatArray
    kinds: tuple[str, ...]
    neighbours: IntArray
    rate: float
    method: str
    permutations: int
    seed: int

    def to_polars(self, areas: ArrayLike | None = None) -> pl.DataFrame:
        """One row an area."""
        names = np.arange(1, len(self.values) + 1) if areas is None else np.asarray(areas)
        return pl.DataFrame(
            {
                "area": [str(name) for name in names],
                "value": self.values,
                "neighbours": self.neighbours,
                "statistic": self.statistics,
                "p_value": self.p_values,
                "adjusted_p_value": self.adjusted,
                "kind": self.kinds,
                "method": [f"{self.method}:{self.permutations}:{self.seed}"] * len(self.values),
            }
        )


@dataclass(frozen=True)
class GlobalMoran:
    """Whether neighbours resemble each other at all.

    Attributes:
        statistic: Moran's I.
        expected: under chance, −1 / (m − 1).
        p_value: two-sided, from permutations.
        permutations: how many.
        seed: of the permutations.
    """

    statistic: float
    expected: float
    p_value: float
    permutations: int
    seed: int


def local_moran(
    values: ArrayLike,
    neighbours: Sequence[Sequence[int]],
    *,
    rate: float = 0.05,
    permutations: int = 9999,
    seed: int = 0,
) -> LocalStatistics:
    """Local Moran's I (Anselin 1995) of row-standardised contiguity weights.

    I_i = z_i · mean of z over the neighbours of i, z = (x − mean) / s with divisor m.

    Args:
        values: one an area, shape (m,).
        neighbours: for each area the places (from 0) of its neighbours; symmetric.
        rate: false discovery rate under which an area counts as part of a pocket.
        permutations: of the other areas' values, for each area.
        seed: of the permutations.

    Raises:
        DataError: missing values, or neighbours that are not mutual.
        EstimationError: fewer than four areas with neighbours, or values that are all equal.
        OptionError: a rate outside (0, 1) or fewer than 99 permutations.
    """
    return _local(values, neighbours, "moran", rate, permutations, seed)


def getis_ord(
    values: ArrayLike,
    neighbours: Sequence[Sequence[int]],
    *,
    rate: float = 0.05,
    permutations: int = 9999,
    seed: int = 0,
) -> LocalStatistics:
    """G*_i (Ord and Getis 1995) as a z-score; the area itself counts among its neighbours.

    G*_i = (Σ_j x_j − mean · n_i) / (s · √((m · n_i − n_i²) / (m − 1))), j over the area and its
    neighbours, n_i their number, s with divisor m.

    Args:
        values: one an area, shape (m,).
        neighbours: for each area the places (from 0) of its neighbours; symmetric.
        rate: false discovery rate under which an area counts as part of a pocket.
        permutations: of the other areas' values, for each area.
        seed: of the permutations.

    Raises:
        DataError: missing values, or neighbours that are not mutual.
        EstimationError: fewer than four areas with neighbours, or values that are all equal.
        OptionError: a rate outside (0, 1) or fewer than 99 permutations.
    """
    return _local(values, neighbours, "getis_ord", rate, permutations, seed)


def moran(
    values: ArrayLike, neighbours: Sequence[Sequence[int]], *, permutations: int = 9999, seed: int = 0
) -> GlobalMoran:
    """Moran's I over all areas with row-standardised contiguity weights (Cliff and Ord 1981).

    Areas without neighbours count in the mean and the spread, not in the sum of weights.

    Raises:
        DataError: missing values, or neighbours that are not mutual.
        EstimationError: fewer than four areas with neighbours, or values that are all equal.
        OptionError: fewer than 99 permutations.
    """
    value, beside = _checked(values, neighbours, 0.05, permutations)
    score = _scores(value)
    weight = _row_standardised(beside)
    linked = sum(bool(len(some)) for some in beside)
    draw = stream(seed, "moran")
    order = np.argsort(draw.random((permutations, len(score))), axis=1)
    mixed = score[order]
    drawn = np.einsum("pi,pi->p", mixed, mixed @ weight.T) / linked
    found = float(score @ weight @ score) / linked
    p_value = _two_sided(np.array([found]), drawn[:, None])[0]
    return GlobalMoran(found, -1 / (len(score) - 1), float(p_value), permutations, seed)


def false_discovery(p_values: ArrayLike) -> FloatArray:
    """P-values adjusted for the false discovery rate (Benjamini and Hochberg 1995), NaN kept, shape (m,).

    Raises:
        DataError: a p-value outside 0 to 1.
    """
    p_value = np.asarray(p_values, dtype=np.float64)
    tested = np.flatnonzero(~np.isnan(p_value))
    if ((p_value[tested] < 0) | (p_value[tested] > 1)).any():
        message = "p_values lie between 0 and 1."
        raise DataError(message)
    adjusted: FloatArray = np.full(len(p_value), np.nan)
    order = tested[np.argsort(p_value[tested], kind="stable")]
    scaled = p_value[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def _local(  # noqa: PLR0917
    values: ArrayLike,
    neighbours: Sequence[Sequence[int]],
    method: str,
    rate: float,
    permutations: int,
    seed: int,
) -> LocalStatistics:
    choice("method", method, METHODS)
    value, beside = _checked(values, neighbours, rate, permutations)
    score = _scores(value)
    count = np.array([len(some) for some in beside], dtype=np.intp)
    around = np.array([score[some].sum() for some in beside])
    statistic, p_value = np.full((2, len(score)), np.nan)
    for at in np.flatnonzero(count):
        statistic[at] = _statistic(score[at], around[at], count[at], len(score), method)
        drawn = _around_by_chance(score, at, int(count[at]), permutations, seed)
        by_chance = _statistic(score[at], drawn, count[at], len(score), method)
        p_value[at] = _two_sided(statistic[at : at + 1], by_chance[:, None])[0]
    adjusted = false_discovery(p_value)
    kinds = tuple(
        _kind(score[at], around[at], count[at], adjusted[at], rate, method) for at in range(len(score))
    )
    return LocalStatistics(
        value, statistic, p_value, adjusted, kinds, count, rate, method, permutations, seed
    )


def _checked(
    values: ArrayLike, neighbours: Sequence[Sequence[int]], rate: float, permutations: int
) -> tuple[FloatArray, list[IntArray]]:
    value = floats("values", values)
    if not 0 < rate < 1 or permutations < 99:
        message = f"Needs 0 < rate < 1 and at least 99 permutations; not {rate} and {permutations}."
        raise OptionError(message)
    if len(neighbours) != len(value):
        message = f"{len(value)} areas need as many lists of neighbours; not {len(neighbours)}."
        raise DataError(message)
    pairs = {(here, there) for here, some in enumerate(neighbours) for there in some}
    lost = [(a, b) for a, b in pairs if a == b or not 0 <= b < len(value) or (b, a) not in pairs]
    if lost or sum(map(len, neighbours)) != len(pairs):
        message = "Neighbours are mutual, stand once, and no area is its own."
        raise DataError(message)
    if sum(bool(some) for some in map(list, neighbours)) < 4:
        message = "Pockets need at least four areas that have neighbours."
        raise EstimationError(message)
    if np.ptp(value) <= 1e-12 * np.abs(value).max():
        message = "All values are equal: there is nothing that could cluster."
        raise EstimationError(message)
    return value, [np.array(sorted(some), dtype=np.intp) for some in neighbours]


def _scores(value: FloatArray) -> FloatArray:
    scored: FloatArray = (value - value.mean()) / value.std()
    return scored


def _row_standardised(beside: Sequence[IntArray]) -> FloatArray:
    weight: FloatArray = np.zeros((len(beside), len(beside)))
    for here, some in enumerate(beside):
        weight[here, some] = 1 / max(len(some), 1)
    return weight


def _around_by_chance(
    score: FloatArray, at: np.intp, count: int, permutations: int, seed: int
) -> FloatArray:
    """Sums of neighbours' scores, the other areas' values dealt anew, shape (permutations,)."""
    others = np.delete(score, at)
    draw = stream(seed, "spatial", int(at))
    # the smallest of uniform numbers are a set of places drawn without replacement
    order = np.argpartition(draw.random((permutations, len(others))), count - 1, axis=1)[:, :count]
    drawn: FloatArray = others[order].sum(axis=1)
    return drawn


def _statistic(
    own: float, around: FloatArray | float, count: int, areas: int, method: str
) -> NDArray[np.float64]:
    """From the scores (mean 0, standard deviation 1) of an area and the sum of its neighbours'."""
    if method == "moran":
        return np.asarray(own * around / count, dtype=np.float64)
    inside = count + 1
    spread = ((areas * inside - inside**2) / (areas - 1)) ** 0.5
    # an area that borders all others is compared with nothing
    return np.asarray((own + around) / spread if spread else 0.0 * around, dtype=np.float64)


def _two_sided(found: FloatArray, drawn: FloatArray) -> FloatArray:
    """Twice the smaller tail, the observed arrangement counted among the drawn, at most 1."""
    near = ROUNDING * np.maximum(np.abs(found), 1.0)
    above = (drawn >= found - near).sum(axis=0)
    below = (drawn <= found + near).sum(axis=0)
    tail: FloatArray = 2 * (np.minimum(above, below) + 1) / (len(drawn) + 1)
    return np.minimum(tail, 1.0)


def _kind(  # noqa: PLR0917
    own: float, around: float, count: int, adjusted: float, rate: float, method: str
) -> str:
    if not count:
        return "island"
    if adjusted > rate:
        return "none"
    if method == "getis_ord":
        return "high" if own + around > 0 else "low"
    if (own > 0) == (around > 0):
        return "high" if own > 0 else "low"
    return "high_low" if own > 0 else "low_high"
