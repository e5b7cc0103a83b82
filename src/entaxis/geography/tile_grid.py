"""A region as squares of one size, each near its area's place: small areas are seen as well as large ones.

Squares are given out so that the sum of squared ways from the areas' places is least (linear assignment,
as in the equal-area tile maps of McNeill and Hale 2017, "Generating Tile Maps", CGF 36(3)).
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from shapely import MultiPolygon

SIDE_M: Final = 10_000
ROOM: Final = 1.35
"""Squares for each area: some stay empty, so that bays and islands can be told."""
WIDEST: Final = 1.6  # of a grid beside its height
SPREAD: Final = 0.6
"""How much of a place is its order among all (1: crowded parts are pulled apart), the rest its measure."""


def tiles(shapes: Sequence[MultiPolygon]) -> list[MultiPolygon]:
    """A square for each shape, in its order; the same shapes give the same squares."""
    if not shapes:
        return []
    middles = np.array([_middle(shape) for shape in shapes])
    columns, rows = _grid(middles)
    places = np.column_stack([_spread(middles[:, 0]) * (columns - 1), _spread(middles[:, 1]) * (rows - 1)])
    cells = np.array([(x, y) for y in range(rows) for x in range(columns)], dtype=float)
    ways = ((places[:, None, :] - cells[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(ways)
    return [_square(*cells[cell]) for cell in chosen]


def _middle(shape: MultiPolygon) -> tuple[float, float]:
    main = max(shape.geoms, key=lambda part: part.area).centroid
    return main.x, main.y


def _grid(middles: np.ndarray) -> tuple[int, int]:
    """Columns and rows."""
    width, height = np.ptp(middles, axis=0) + 1.0
    aspect = min(max(width / height, 1 / WIDEST), WIDEST)
    wanted = len(middles) * ROOM
    columns = max(1, round(math.sqrt(wanted * aspect)))
    return columns, math.ceil(wanted / columns)


def _spread(values: np.ndarray) -> np.ndarray:
    """Between 0 and 1: part measure, part order."""
    measure = (values - values.min()) / (np.ptp(values) or 1.0)
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable") / max(len(values) - 1, 1)
    found: np.ndarray = (1 - SPREAD) * measure + SPREAD * order
    return found


def _square(x: float, y: float) -> MultiPolygon:
    corner = x * SIDE_M, y * SIDE_M
    return MultiPolygon([shapely.box(*corner, corner[0] + SIDE_M, corner[1] + SIDE_M)])
