"""Names for the arrays that kernels take and give; arrays from outside, checked once; labels as numbers."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from socialstats.errors import ColumnError, DataError, OptionError, WeightError, first_rows, numbered

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.signedinteger[Any]]
BoolArray = NDArray[np.bool_]


BLOCK = 1 << 20
"""Rows worked on at a time where a temporary column of all of them would cost too much memory."""


def blocks(size: int) -> Iterator[slice]:
    """Slices that cover 0 … size-1 in order."""
    for begin in range(0, size, BLOCK):
        yield slice(begin, min(begin + BLOCK, size))


def codes(labels: NDArray[Any]) -> tuple[IntArray, NDArray[Any]]:
    """Each label's place among the sorted distinct labels, shape (n,), and these, shape (k,).

    Args:
        labels: whole numbers or text, none missing, shape (n,).
    """
    if labels.dtype.kind in "iu" and labels.size:
        numbered = _ascending_codes(labels)
        if numbered is not None:
            return numbered
    series = pl.Series(labels)
    ranks = series.rank("dense").to_numpy().astype(whole_numbers(labels.size)) - 1
    return ranks, series.unique().sort().to_numpy()


def whole_numbers(count: int) -> type[np.signedinteger[Any]]:
    """The narrowest of two kinds of whole numbers that counts so far."""
    return np.int32 if count < 2**31 else np.int64


def _ascending_codes(labels: NDArray[Any]) -> tuple[IntArray, NDArray[Any]] | None:
    """The same in one pass where the labels ascend; None where they do not."""
    numbered = np.empty(labels.size, dtype=whole_numbers(labels.size))
    numbered[0] = 0
    firsts = [labels[:1]]
    for part in blocks(labels.size - 1):
        here, there = labels[part], labels[part.start + 1 : part.stop + 1]
        if (there < here).any():
            return None
        change = there != here
        np.cumsum(change, out=numbered[part.start + 1 : part.stop + 1])
        numbered[part.start + 1 : part.stop + 1] += numbered[part.start]
        firsts.append(there[change])
    return numbered, np.concatenate(firsts)


def tally(code: IntArray, kinds: int, who: BoolArray | None = None) -> IntArray:
    """How many rows carry each code 0 … kinds-1 (of those chosen), shape (kinds,); code -1 is nobody's.

    Args:
        code: shape (n,).
        kinds: number of codes.
        who: rows that count, shape (n,); all by default.
    """
    found = np.zeros(kinds + 1, dtype=np.int64)
    for part in blocks(code.size):
        chosen = code[part] if who is None else code[part][who[part]]
        found += np.bincount(chosen.astype(np.int64) + 1, minlength=kinds + 1)
    return found[1:]


def sums(group: IntArray, values: FloatArray, size: int = 0) -> FloatArray:
    """Sum of values in each group 0 … size-1 (all that occur, when size is smaller), shape (size,)."""
    return np.bincount(group, weights=values, minlength=size).astype(np.float64, copy=False)


def inner(first: FloatArray, second: FloatArray) -> float:
    """Σ a·b by pairwise summation: more exact than a threaded BLAS, and the same on any number of cores."""
    return float(np.add.reduce(first * second))


def rows(mask: NDArray[np.bool_]) -> str:
    """The places where a mask holds, as words; they count from 1."""
    return first_rows([int(place) for place in np.flatnonzero(mask)])


def floats(name: str, values: ArrayLike, *, dimensions: int = 1) -> FloatArray:
    """Finite numbers.

    Args:
        name: what the values are, for the message.
        values: numbers; strings are refused even where they could be read as numbers.
        dimensions: 1 for a column, 2 for a matrix.

    Raises:
        ColumnError: not numbers, or of another shape.
        DataError: missing or infinite values.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        message = f"{name}: numbers are needed; this is {array.dtype}."
        raise ColumnError(message)
    if array.ndim != dimensions:
        message = f"{name}: {dimensions} dimension(s) are needed; this has {array.ndim}."
        raise ColumnError(message)
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        wrong = ~np.isfinite(array) if dimensions == 1 else ~np.isfinite(array).all(axis=1)
        message = f"{name}: {int(wrong.sum())} missing or infinite values ({rows(wrong)})."
        raise DataError(message)
    return array


def check_weights(values: ArrayLike, name: str = "weights") -> FloatArray:
    """Weights as numbers: finite and above zero, shape (n,), n at least 1.

    Raises:
        WeightError: with counts and first rows; also when there are none.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "biuf" or array.ndim != 1:
        message = f"{name}: one number for each row is needed."
        raise WeightError(message)
    if not array.size:
        message = f"There are no {name}: the file holds no rows."
        raise WeightError(message)
    array = array.astype(np.float64, copy=False)
    for wrong, what in ((~np.isfinite(array), "missing or infinite"), (array <= 0, "zero or negative")):
        if wrong.any():
            message = f"{int(wrong.sum())} of {array.size} {name} are {what} ({rows(wrong)})."
            places = numbered(np.flatnonzero(wrong).tolist())
            raise WeightError(
                message, fault="weights", count=int(wrong.sum()), size=array.size, rows=places
            )
    return array


def same_length(**columns: NDArray[Any]) -> int:
    """The common number of rows.

    Raises:
        DataError: the columns differ in length.
    """
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        message = "Columns of different length: " + ", ".join(f"{k} {v}" for k, v in lengths.items()) + "."
        raise DataError(message)
    return next(iter(lengths.values()))


def grouped(name: str, values: ArrayLike) -> tuple[NDArray[Any], IntArray]:
    """The sorted distinct labels of a column and each row's position among them.

    Raises:
        DataError: a label is missing.
    """
    array = np.asarray(values)
    if array.dtype == object:
        missing = np.array([_is_missing(value) for value in array], dtype=bool)
    elif array.dtype.kind == "f":
        missing = np.isnan(array)
    else:
        missing = np.zeros(len(array), dtype=bool)
    if missing.any():
        message = f"{name}: {int(missing.sum())} rows have no label ({rows(missing)})."
        raise DataError(message)
    if array.dtype == object:
        try:
            labels, codes = np.unique(array, return_inverse=True)
        except TypeError as error:
            message = f"{name}: labels of different kinds stand in one column."
            raise ColumnError(message) from error
    else:
        labels, codes = np.unique(array, return_inverse=True)
    return labels, codes.astype(np.intp)


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """One word out of a list.

    Raises:
        OptionError: another word.
    """
    if value not in allowed:
        message = f"{name} is one of {', '.join(allowed)}; not {value!r}."
        raise OptionError(message)
    return value
