"""Access to services: who has one within reach, and how much of it there is for all who share it.

Distances are given, not made: nothing here knows a map, a road or a projection.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, IntArray, floats, rows, same_length, sums
from socialstats.errors import ColumnError, DataError


@dataclass(frozen=True)
class Catchment:
    """A two-step floating catchment.

    Attributes:
        demand: persons within reach of each place of service, shape (m,).
        ratios: supply for each of these persons, shape (m,); 0 where a place reaches nobody.
        access: the ratios of all places within reach of each home added up, shape (n,).
    """

    demand: FloatArray
    ratios: FloatArray
    access: FloatArray


def floating_catchment(persons: ArrayLike, supply: ArrayLike, reach: ArrayLike) -> Catchment:
    """Supply for each person, where everybody within reach of a place shares it.

    R_j = S_j / Σ_{i: i reaches j} P_i and A_i = Σ_{j: i reaches j} R_j (Luo and Wang 2003, Environment and
    Planning B 30, 865–884). Σ P_i·A_i is the supply of all places that reach anybody.

    Args:
        persons: at each home, shape (n,).
        supply: of each place of service, in places, staff or 1 for its being there, shape (m,).
        reach: pairs of a home (0 … n-1) and a place (0 … m-1) within reach, each once, shape (pairs, 2).

    Raises:
        DataError: numbers below 0, pairs that name no home or place, or a pair that stands twice.
        ColumnError: not numbers, or of another shape.
    """
    living, offered = _amounts("persons", persons), _amounts("supply", supply)
    home, place = _pairs(reach, living.size, offered.size)
    demand = sums(place, living[home], offered.size)
    ratios = np.divide(offered, demand, out=np.zeros_like(demand), where=demand > 0)
    return Catchment(demand, ratios, sums(home, ratios[place], living.size))


def persons_within(
    persons: ArrayLike, nearest: ArrayLike, limits: ArrayLike, areas: ArrayLike, count: int
) -> FloatArray:
    """Persons of each area whose nearest place of service is within each distance, shape (count, limits).

    Args:
        persons: at each home, shape (n,).
        nearest: distance of each home to its nearest place, in the unit of the limits; infinite where
            none can be reached, shape (n,).
        limits: distances; a home that lies exactly so far is within, shape (limits,).
        areas: the number of each home's area, 0 … count-1, shape (n,).
        count: number of areas.

    Raises:
        DataError: numbers below 0, missing distances, areas that do not exist, or columns of different
            lengths.
        ColumnError: not numbers, or of another shape.
    """
    living, ends = _amounts("persons", persons), _amounts("limits", limits)
    far = np.asarray(nearest, dtype=np.float64)
    if far.ndim != 1 or np.isnan(far).any() or (far < 0).any():
        message = "nearest: one distance of 0 or more is needed for each home; infinite where none is."
        raise DataError(message)
    where = _numbers("areas", areas, count)
    same_length(persons=living, nearest=far, areas=where)
    return np.column_stack([sums(where, living * (far <= end), count) for end in ends])


def _amounts(name: str, values: ArrayLike) -> FloatArray:
    array = floats(name, values)
    if (array < 0).any():
        message = f"{name}: below 0 ({rows(array < 0)})."
        raise DataError(message)
    return array


def _pairs(reach: ArrayLike, homes: int, places: int) -> tuple[IntArray, IntArray]:
    pairs = np.asarray(reach)
    if pairs.size == 0:
        pairs = np.empty((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        message = "reach: pairs of a home and a place are needed."
        raise ColumnError(message)
    home = _numbers("reach, homes", pairs[:, 0], homes)
    place = _numbers("reach, places", pairs[:, 1], places)
    if np.unique(home * max(places, 1) + place).size < home.size:
        message = "reach: a home and a place stand together more than once."
        raise DataError(message)
    return home, place


def _numbers(name: str, values: ArrayLike, count: int) -> IntArray:
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        message = f"{name}: whole numbers are needed; this is {array.dtype}."
        raise DataError(message)
    wrong = (array < 0) | (array >= count)
    if wrong.any():
        message = f"{name}: numbers that stand for nothing ({rows(wrong)}); they go from 0 to {count - 1}."
        raise DataError(message)
    return array.astype(np.int64)
