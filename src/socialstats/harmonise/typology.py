"""Areas that are alike: Ward's hierarchical clustering, without chance and whatever the order of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.cluster.hierarchy
import scipy.spatial.distance
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, IntArray, floats
from socialstats.errors import DataError, EstimationError, OptionError
from socialstats.harmonise.scores import standard_scores


@dataclass(frozen=True)
class Typology:
    """Types of areas.

    Attributes:
        types: from 1, the type with the highest mean score first, shape (m,).
        silhouettes: how well each area sits in its type, −1 to 1, shape (m,).
        scores: z scores of the indicators, shape (m, k).
        names: of the indicators.
        compared: mean silhouette for each number of types that was tried.
    """

    types: IntArray
    silhouettes: FloatArray
    scores: FloatArray
    names: tuple[str, ...]
    compared: dict[int, float]

    def to_polars(self) -> pl.DataFrame:
        """One row a type: number of areas, mean silhouette, mean score of each indicator."""
        rows = []
        for kind in range(1, int(self.types.max()) + 1):
            inside = self.types == kind
            means = self.scores[inside].mean(axis=0)
            rows.append(
                {
                    "type": kind,
                    "areas": int(inside.sum()),
                    "silhouette": float(self.silhouettes[inside].mean()),
                    **{name: float(means[k]) for k, name in enumerate(self.names)},
                }
            )
        return pl.DataFrame(rows)


def typology(
    indicators: ArrayLike, names: Sequence[str], *, types: int | Sequence[int] = (2, 3, 4, 5, 6)
) -> Typology:
    """Group areas by z scores with Ward's criterion (Ward 1963, JASA 58); silhouettes of Rousseeuw (1987).

    Args:
        indicators: shape (m, k), nothing missing.
        names: of the indicators.
        types: how many, or numbers to try; the highest mean silhouette wins.

    Raises:
        DataError: missing values, or names that do not fit.
        EstimationError: an indicator whose values are all equal, or areas that are all alike.
        OptionError: fewer than 2 types, or as many as areas.
    """
    table = floats("indicators", indicators, dimensions=2)
    if len(names) != table.shape[1]:
        message = f"{table.shape[1]} indicators need as many names; not {len(names)}."
        raise DataError(message)
    wanted = [types] if isinstance(types, int) else [number for number in types if number < len(table)]
    if not wanted or min(wanted) < 2 or max(wanted) >= len(table):
        message = f"{len(table)} areas can be put into 2 to {len(table) - 1} types; not {types}."
        raise OptionError(message)
    scores = np.stack([standard_scores(column) for column in table.T], axis=1)
    distance = scipy.spatial.distance.squareform(scipy.spatial.distance.pdist(scores))
    tree = scipy.cluster.hierarchy.linkage(scores, "ward")
    tried = {
        number: scipy.cluster.hierarchy.fcluster(tree, number, criterion="maxclust") for number in wanted
    }
    widths = {number: _silhouettes(distance, labels) for number, labels in tried.items()}
    compared = {number: float(width.mean()) for number, width in widths.items()}
    best = max(compared, key=lambda number: (compared[number], -number))
    if len(np.unique(tried[best])) < 2:
        message = "The areas are too much alike to tell types apart."
        raise EstimationError(message)
    return Typology(_ordered(tried[best], scores), widths[best], scores, tuple(names), compared)


def _silhouettes(distance: FloatArray, labels: IntArray) -> FloatArray:
    kinds = np.unique(labels)
    size = np.array([(labels == kind).sum() for kind in kinds])
    mean = np.stack([distance[:, labels == kind].sum(axis=1) for kind in kinds], axis=1)
    own = np.searchsorted(kinds, labels)
    place = np.arange(len(labels))
    inside = mean[place, own] / np.maximum(size[own] - 1, 1)
    outside = mean / size
    outside[place, own] = np.inf
    nearest = outside.min(axis=1)
    scale = np.maximum(inside, nearest)
    usable = np.isfinite(scale) & (scale > 0)
    width: FloatArray = np.zeros(len(labels))
    width[usable] = (nearest - inside)[usable] / scale[usable]
    width[size[own] == 1] = 0.0
    return width


def _ordered(labels: IntArray, scores: FloatArray) -> IntArray:
    """Types numbered by their mean score, highest first."""
    kinds = np.unique(labels)
    level = [-scores[labels == kind].mean() for kind in kinds]
    number = {int(kinds[place]): rank + 1 for rank, place in enumerate(np.argsort(level, kind="stable"))}
    return np.array([number[int(label)] for label in labels], dtype=np.intp)
