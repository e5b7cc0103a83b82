"""One order of rows for every sample: sums over it give the same bits in whatever order the file came."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialstats.arrays import IntArray, blocks

Key = NDArray[Any]


def arrangement(keys: Sequence[Key]) -> IntArray | None:
    """Positions of the rows by ascending keys, shape (n,); None where they stand so already.

    Rows that agree in every key are alike: which of them comes first changes nothing.

    Args:
        keys: numbers, the first decides first, shape (n,) each; nan comes last.
    """
    return None if in_order(keys) else np.lexsort(tuple(reversed(keys)))


def in_order(keys: Sequence[Key]) -> bool:
    """Whether rows ascend by keys, the first deciding first; block by block, without copies of columns."""
    size = keys[0].size
    for part in blocks(size - 1):
        tied = np.ones(part.stop - part.start, dtype=np.bool_)
        for key in keys:
            here, there = _comparable(key[part.start : part.stop + 1])
            if np.any(tied & (here > there)):
                return False
            tied &= here == there
            if not tied.any():
                break
    return True


def _comparable(values: Key) -> tuple[Key, Key]:
    if values.dtype.kind == "f" and np.isnan(values).any():
        values = np.where(np.isnan(values), np.inf, values)
    return values[:-1], values[1:]


def fingerprint(matrix: NDArray[np.float64]) -> NDArray[np.uint64]:
    """One number for each row of a matrix, equal where the rows are equal, shape (n,).

    Args:
        matrix: shape (n, k); columns are read one by one, nothing of that shape is made.
    """
    mixed = np.zeros(matrix.shape[0], dtype=np.uint64)
    for column in matrix.T:
        mixed ^= np.ascontiguousarray(column).view(np.uint64)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed
