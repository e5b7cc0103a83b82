"""The display form of imported outlines: fewer points, the same shared borders.

GEOS simplifies a coverage as a whole (Visvalingam and Whyatt, areas kept uncrossed and shared
borders alike), so neighbours cannot come apart. The tolerance is the least, in steps of √2, at which
an outline has about ``POINTS_EACH`` points: what a map of a region on a screen can show.
"""

from collections.abc import Sequence

import shapely
from shapely import MultiPolygon, Polygon

from entaxis.geography.projection import as_multi, to_degrees, to_metres

POINTS_EACH = 120
SPECK_KM2 = 0.3
FIRST_TOLERANCE_M = 10.0
LAST_TOLERANCE_M = 2000.0


def display_outlines(outlines: Sequence[MultiPolygon]) -> list[MultiPolygon]:
    """Generalise outlines (degrees) of one region together; their order is kept."""
    few = shapely.get_num_coordinates(list(outlines)).sum() <= POINTS_EACH * len(outlines)
    if few and shapely.coverage_is_valid(list(outlines)):
        return list(outlines)
    clean = _as_coverage([_without_specks(as_multi(to_metres(outline))) for outline in outlines])
    tolerance = FIRST_TOLERANCE_M
    simple = clean
    while tolerance <= LAST_TOLERANCE_M:
        simple = list(shapely.coverage_simplify(clean, tolerance))
        if shapely.get_num_coordinates(simple).sum() <= POINTS_EACH * len(outlines):
            break
        tolerance *= 2**0.5
    return [as_multi(to_degrees(_polygons_of(shape))) for shape in simple]


def _without_specks(outline: MultiPolygon) -> MultiPolygon:
    """Islets too small to be seen go; the largest part stays whatever its size."""
    largest = max(part.area for part in outline.geoms)
    return MultiPolygon([part for part in outline.geoms if part.area >= min(largest, SPECK_KM2 * 1e6)])


def _as_coverage(outlines: list[MultiPolygon]) -> list[MultiPolygon]:
    """Slivers between neighbours closed, so that borders are shared point by point."""
    if shapely.coverage_is_valid(outlines):
        return outlines
    return [_polygons_of(shape) for shape in shapely.coverage_clean(outlines)]


def _polygons_of(shape: Polygon | MultiPolygon) -> MultiPolygon:
    return MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
