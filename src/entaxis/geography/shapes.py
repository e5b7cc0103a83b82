"""Outlines in force as paths of a drawing: projected, whole numbers, each step from the last.

Made once for a version of the outlines and kept: a version never changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely import MultiPolygon, Polygon

from entaxis.geography.models import BoundarySet, Level, Outline
from entaxis.geography.projection import as_multi, to_metres
from entaxis.geography.tile_grid import tiles
from entaxis.geography.topology import Point, cut

WIDTH = 2000  # units of the drawing across the wider side
MARGIN = 12


@dataclass(frozen=True, slots=True)
class AreaShape:
    """One area: its path, the code of the area above it, and where a name fits.

    A circle of ``room`` around (``x``, ``y``) lies within the area.
    """

    code: str
    unit: str
    path: str
    x: int
    y: int
    room: int


@dataclass(frozen=True, slots=True)
class MapShapes:
    """Everything of a region's map that does not depend on figures."""

    version: str
    width: int
    height: int
    areas: tuple[AreaShape, ...]
    inner_borders: str
    outer_borders: str
    """Coasts, the region's border, and the borders of its regional units."""
    canvas: "_Canvas"

    def place(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Where a point in degrees lies on the drawing."""
        point = to_metres(shapely.Point(longitude, latitude))
        return self.canvas._place((point.x, point.y))


def map_shapes(boundary_set: BoundarySet, level: Level, *, as_tiles: bool = False) -> MapShapes:
    """The shapes of the municipalities or regional units of a set of outlines, or a square for each."""
    return _map_shapes(boundary_set.pk, boundary_set.version, level, as_tiles)


@lru_cache(maxsize=32)
def _map_shapes(pk: int, version: str, level: Level, as_tiles: bool) -> MapShapes:
    rows = (
        Outline.objects.filter(boundary_set=pk)
        .order_by("area__code")
        .values_list("area__code", "area__parent__code", "display")
    )
    municipalities = [
        (code, unit, as_multi(to_metres(shapely.from_wkb(bytes(display.wkb)))))
        for code, unit, display in rows
    ]
    if level == Level.REGIONAL_UNIT:
        municipalities = _joined(municipalities)
    if as_tiles:
        squares = tiles([shape for _, _, shape in municipalities])
        pairs = zip(municipalities, squares, strict=True)
        municipalities = [(code, unit, square) for (code, unit, _), square in pairs]
    return _drawn(version, municipalities)


def _joined(municipalities: list[tuple[str, str, MultiPolygon]]) -> list[tuple[str, str, MultiPolygon]]:
    units = sorted({unit for _, unit, _ in municipalities})
    return [
        (unit, unit, as_multi(shapely.union_all([shape for _, u, shape in municipalities if u == unit])))
        for unit in units
    ]


def _drawn(version: str, areas: Sequence[tuple[str, str, MultiPolygon]]) -> MapShapes:
    canvas = _Canvas.around([shape for _, _, shape in areas])
    inner, outer = _borders({code: shape for code, _, shape in areas}, {c: u for c, u, _ in areas})
    return MapShapes(
        version=version,
        width=canvas.width,
        height=canvas.height,
        areas=tuple(
            AreaShape(code, unit, canvas.area(shape), *canvas.name_place(shape))
            for code, unit, shape in areas
        ),
        inner_borders="".join(canvas.line(line) for line in inner),
        outer_borders="".join(canvas.line(line) for line in outer),
        canvas=canvas,
    )


def _borders(
    shapes: Mapping[str, MultiPolygon], units: Mapping[str, str]
) -> tuple[list[list[Point]], list[list[Point]]]:
    """Arcs between two areas of one unit, and all others. Units alone have thin lines between them."""
    topology = cut(shapes)
    alone = all(code == unit for code, unit in units.items())
    inner: list[list[Point]] = []
    outer: list[list[Point]] = []
    for number, users in topology.users().items():
        codes = {code for code, _ in users}
        within = len(codes) == 2 and (alone or len({units[code] for code in codes}) == 1)
        (inner if within else outer).append(topology.arcs[number])
    return inner, outer


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Metres of the Greek Grid → whole units, y downwards."""

    west: float
    north: float
    scale: float
    width: int
    height: int

    @classmethod
    def around(cls, shapes: Sequence[MultiPolygon]) -> "_Canvas":
        west, south, east, north = shapely.total_bounds(shapes) if shapes else (0, 0, 1, 1)
        scale = (WIDTH - 2 * MARGIN) / max(east - west, north - south)
        width, height = (round(side * scale) + 2 * MARGIN for side in (east - west, north - south))
        return cls(west, north, scale, width, height)

    def area(self, shape: MultiPolygon) -> str:
        return "".join(
            self._path(list(ring.coords[:-1]), closed=True) for part in shape.geoms for ring in _rings(part)
        )

    def name_place(self, shape: MultiPolygon) -> tuple[int, int, int]:
        main = max(shape.geoms, key=lambda part: part.area)
        radius = shapely.maximum_inscribed_circle(main, tolerance=200)
        x, y = self._place(radius.coords[0])
        return x, y, round(radius.length * self.scale)

    def line(self, points: list[Point]) -> str:
        return self._path(points, closed=False)

    def _path(self, points: Sequence[Point], *, closed: bool) -> str:
        placed = list(_without_repeats(self._place(point) for point in points))
        (x, y), *others = placed
        path = f"M{x} {y}"
        if others:
            path += "l"
        for px, py in others:
            path += f"{px - x} {py - y} "
            x, y = px, py
        return path.rstrip().replace(" -", "-") + ("z" if closed else "")

    def _place(self, point: Point) -> tuple[int, int]:
        x = MARGIN + (point[0] - self.west) * self.scale
        y = MARGIN + (self.north - point[1]) * self.scale
        return round(x), round(y)


def _rings(part: Polygon) -> list[shapely.LinearRing]:
    return [part.exterior, *part.interiors]


def _without_repeats(points: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    last = None
    for point in points:
        if point != last:
            yield point
        last = point


def neighbours(boundary_set: BoundarySet) -> frozenset[frozenset[str]]:
    """The pairs of municipalities, by code, that share a border; a corner is no border."""
    return _neighbours(boundary_set.pk, boundary_set.version)


@lru_cache(maxsize=32)
def _neighbours(pk: int, version: str) -> frozenset[frozenset[str]]:
    rows = Outline.objects.filter(boundary_set=pk).values_list("area__code", "display")
    outlines = {code: as_multi(shapely.from_wkb(bytes(display.wkb))) for code, display in rows}
    return frozenset(cut(outlines).neighbours())
