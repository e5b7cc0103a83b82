"""Names for the arrays that kernels take and give, and labels turned into numbers."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def codes(labels: NDArray[Any]) -> tuple[IntArray, NDArray[Any]]:
    """Each label's place among the sorted distinct labels, shape (n,), and these, shape (k,).

    Args:
        labels: whole numbers or text, none missing, shape (n,).
    """
    if labels.dtype.kind in "iu" and labels.size:
        step = np.diff(labels)
        if (step >= 0).all():
            change = step > 0
            numbered = np.concatenate([[0], np.cumsum(change)])
            return numbered.astype(np.int64), labels[np.concatenate([[True], change])]
    series = pl.Series(labels)
    ranks = series.rank("dense").to_numpy().astype(np.int64) - 1
    return ranks, series.unique().sort().to_numpy()


def sums(group: IntArray, values: FloatArray, size: int = 0) -> FloatArray:
    """Sum of values in each group 0 … size-1 (all that occur, when size is smaller), shape (size,)."""
    return np.bincount(group, weights=values, minlength=size).astype(np.float64, copy=False)


def inner(first: FloatArray, second: FloatArray) -> float:
    """Σ a·b by pairwise summation: more exact than a threaded BLAS, and the same on any number of cores."""
    return float(np.add.reduce(first * second))
