"""Areas that add up to their region: estimates moved as little as their errors allow.

Pfeffermann (2013), "New important developments in small area estimation", Statistical Science 28,
section 6; Steorts and Ghosh (2013), Statistica Sinica 23, for the error that benchmarking adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, IntArray, check_weights, choice, floats, grouped, same_length
from socialstats.errors import DataError


@dataclass(frozen=True)
class Benchmarked:
    """Estimates that meet their region's figure.

    Attributes:
        estimates: after benchmarking, shape (m,).
        before: before, shape (m,).
        mse: MSE before plus the squared move, a careful bound, shape (m,).
        shares: each area's share in its region's figure, shape (m,).
        groups: region of each area, shape (m,).
        labels: names of the regions.
        targets: figure of each region.
        method: ``ratio``, ``difference`` or ``error``.
    """

    estimates: FloatArray
    before: FloatArray
    mse: FloatArray
    shares: FloatArray
    groups: IntArray
    labels: tuple[str, ...]
    targets: FloatArray
    method: str

    def to_polars(self) -> pl.DataFrame:
        """One row a region: target, before, after, largest relative move of an area."""
        width = len(self.labels)
        move = np.abs(self.estimates - self.before) / np.maximum(np.abs(self.before), 1e-300)
        largest = np.zeros(width)
        np.maximum.at(largest, self.groups, move)
        return pl.DataFrame(
            {
                "region": self.labels,
                "target": self.targets,
                "before": np.bincount(self.groups, self.shares * self.before, width),
                "after": np.bincount(self.groups, self.shares * self.estimates, width),
                "largest_move_percent": 100 * largest,
            }
        )


def benchmark(
    estimates: ArrayLike,
    mse: ArrayLike,
    sizes: ArrayLike,
    targets: Mapping[Any, float] | float,
    *,
    regions: ArrayLike | None = None,
    method: str = "ratio",
) -> Benchmarked:
    """Move area estimates so that their mean (by size) is the region's reliable figure.

    Args:
        estimates: of means or shares, shape (m,).
        mse: their mean squared errors, shape (m,).
        sizes: persons in each area (the denominator of the figure), shape (m,).
        targets: the region's figure, or one for each region.
        regions: region of each area, shape (m,).
        method: ``ratio`` multiplies all by one factor; ``difference`` adds one amount; ``error`` moves
            each area in proportion to its share and MSE, so that firm estimates stay.

    Raises:
        DataError: a region without a target, or estimates of zero that no factor can move.
    """
    value, error = floats("estimates", estimates), floats("mse", mse)
    size = check_weights(sizes, "sizes")
    choice("method", method, ("ratio", "difference", "error"))
    labels, codes = grouped("region", ["all"] * len(value) if regions is None else regions)
    same_length(estimates=value, mse=error, sizes=size, regions=codes)
    wanted = _targets(labels, targets)
    share = size / np.bincount(codes, size)[codes]
    width = len(labels)
    gap = wanted - np.bincount(codes, share * value, width)
    if method == "ratio":
        current = wanted - gap
        if (current == 0).any():
            message = "A region's estimates are all zero: no factor meets its figure; use difference."
            raise DataError(message)
        moved = value * (wanted / current)[codes]
    else:
        pull = np.ones(len(value)) if method == "difference" else share * error
        weight = np.bincount(codes, share * pull, width)
        if (weight <= 0).any():
            message = "A region whose areas all have an MSE of zero: error cannot move it; use ratio."
            raise DataError(message)
        moved = value + pull * (gap / weight)[codes]
    return Benchmarked(
        moved,
        value,
        error + (moved - value) ** 2,
        share,
        codes,
        tuple(str(k) for k in labels),
        wanted,
        method,
    )


def _targets(labels: Any, targets: Mapping[Any, float] | float) -> FloatArray:
    if not isinstance(targets, Mapping):
        return floats("targets", [float(targets)] * len(labels))
    plain = [label.item() if isinstance(label, np.generic) else label for label in labels]
    if missing := [str(label) for label in plain if label not in targets]:
        message = f"Regions without a figure: {', '.join(missing)}."
        raise DataError(message)
    return floats("targets", [float(targets[label]) for label in plain])
