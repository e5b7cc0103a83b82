"""Degrees (EPSG:4326, longitude first) and the Greek Grid (EPSG:2100, metres)."""

from __future__ import annotations

from typing import TypeVar

import shapely
from pyproj import Transformer
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

DEGREES = 4326
GREEK_GRID = 2100

# What Greece covers, with a margin: west, south, east, north.
GREECE_DEGREES = (18.5, 33.8, 30.5, 42.5)

_TO_METRES = Transformer.from_crs(DEGREES, GREEK_GRID, always_xy=True)
_TO_DEGREES = Transformer.from_crs(GREEK_GRID, DEGREES, always_xy=True)

Geometry = TypeVar("Geometry", bound=BaseGeometry)


def to_metres(geometry: Geometry) -> Geometry:
    """Degrees → metres of the Greek Grid."""
    moved: Geometry = shapely.transform(geometry, _TO_METRES.transform, interleaved=False)
    return moved


def to_degrees(geometry: Geometry) -> Geometry:
    """Metres of the Greek Grid → degrees."""
    moved: Geometry = shapely.transform(geometry, _TO_DEGREES.transform, interleaved=False)
    return moved


def as_multi(outline: Polygon | MultiPolygon) -> MultiPolygon:
    """The same outline as several parts, even where it has one."""
    return outline if isinstance(outline, MultiPolygon) else MultiPolygon([outline])


def area_km2(outline: Polygon | MultiPolygon) -> float:
    """The area of an outline given in degrees."""
    return float(to_metres(outline).area) / 1e6
