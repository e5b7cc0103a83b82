"""Where the residents of a region are taken to live: the finest places that the census gives.

Where every community of a municipality has residents and a place, its residents live in these; elsewhere
they are spread evenly over the land of the municipality, over the points of a grid. The first is nearly
true, the second an assumption that whoever uses it must say.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from django.contrib.gis.geos import Point
from numpy.typing import NDArray
from shapely import MultiPolygon, STRtree

from entaxis.geography import queries
from entaxis.geography.models import Area, BoundarySet, Level, Outline, Population
from entaxis.geography.projection import as_multi, to_metres
from entaxis.geography.queries import Residents

SPACING_M: Final = 1000.0
LEAST_POINTS: Final = 200
"""A small municipality has a finer grid, until it has so many points."""
FINEST_M: Final = 125.0
ISLET_KM2: Final = 2.0
"""Smaller islands hold nobody, unless they are all there is."""
TOUCH_M: Final = 60.0
"""Land parted by less is one: lines of neighbours may lie apart by what drawing took away."""

Points = NDArray[np.float64]
Numbers = NDArray[np.int64]
Placed = tuple[Points, NDArray[np.float64]]
"""Points, shape (n, 2), and how many live at each, shape (n,)."""


@dataclass(frozen=True)
class Homes:
    """Points at which residents are taken to live, in metres of the Greek Grid (EPSG:2100)."""

    codes: tuple[str, ...]
    """The municipalities that have outlines and residents."""
    points: Points
    """Shape (n, 2)."""
    persons: NDArray[np.float64]
    """At each point, shape (n,)."""
    municipality: Numbers
    """The place of each point's municipality among the codes, shape (n,)."""
    lands: tuple[shapely.Geometry, ...]
    """The mainland and each island."""
    outlines: Mapping[str, MultiPolygon]
    """By code of municipality, in metres."""
    of_communities: frozenset[str]
    """Municipalities whose residents are placed by community."""
    residents: Residents
    boundary_set: BoundarySet

    def land_of(self, points: Points) -> Numbers:
        """On which of the lands each point lies, or nearest to which, shape (n,)."""
        nearest = STRtree(self.lands).nearest(shapely.points(points)) if len(points) else []
        return np.asarray(nearest, dtype=np.int64)


def homes(region: Area) -> Homes | None:
    """Of a region; None where it has no outlines in force or no residents. Five queries."""
    boundary_set, residents = queries.active_boundaries(region), queries.residents(region)
    if boundary_set is None or residents is None:
        return None
    rows = Outline.objects.filter(boundary_set=boundary_set).values_list("area__code", "geometry")
    outlines = {
        code: as_multi(to_metres(shapely.from_wkb(bytes(shape.wkb))))
        for code, shape in rows.order_by("area__code")
    }
    codes = tuple(code for code in outlines if residents.persons.get(code))
    placed = _communities(region, residents)
    found = [_spread(code, outlines[code], placed, residents) for code in codes]
    return Homes(
        codes=codes,
        points=np.concatenate([points for points, _ in found]) if found else np.empty((0, 2)),
        persons=np.concatenate([persons for _, persons in found]) if found else np.empty(0),
        municipality=np.repeat(np.arange(len(codes)), [len(points) for points, _ in found]),
        lands=lands(list(outlines.values())),
        outlines=outlines,
        of_communities=frozenset(placed) & frozenset(codes),
        residents=residents,
        boundary_set=boundary_set,
    )


def state(region: Area) -> str | None:
    """Another whenever `homes` would be; None where it would be None. Five queries, and no geometry."""
    boundary_set, residents = queries.active_boundaries(region), queries.residents(region)
    if boundary_set is None or residents is None:
        return None
    areas = Area.objects.current().of(region).order_by("pk")
    communities = Population.objects.filter(area__region=region, area__level=Level.COMMUNITY).order_by("pk")
    facts = (
        (SPACING_M, LEAST_POINTS, FINEST_M, ISLET_KM2, TOUCH_M),
        boundary_set.version,
        (residents.year, residents.vintage, residents.source, sorted(residents.persons.items())),
        [(code, seat.coords if seat else None) for code, seat in areas.values_list("code", "seat")],
        list(communities.values_list("area", "year", "vintage", "persons")),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def metres(places: Sequence[Point]) -> Points:
    """Points in degrees as rows of metres, shape (n, 2)."""
    moved = to_metres(shapely.MultiPoint([(place.x, place.y) for place in places]))
    found: Points = shapely.get_coordinates(moved)
    return found


def grid(outline: MultiPolygon) -> Points:
    """Points spread evenly over an outline in metres; one inside it where the finest grid meets none."""
    outline = _without_islets(outline)
    shapely.prepare(outline)
    spacing = SPACING_M
    points = _lattice(outline, spacing)
    while len(points) < LEAST_POINTS and spacing > FINEST_M:
        spacing /= 2
        points = _lattice(outline, spacing)
    if len(points):
        return points
    inside = outline.representative_point()
    return np.array([[inside.x, inside.y]])


def lands(outlines: Sequence[MultiPolygon]) -> tuple[shapely.Geometry, ...]:
    """The pieces of land that outlines in metres make together."""
    wider = shapely.buffer(shapely.simplify(list(outlines), TOUCH_M / 3), TOUCH_M / 2, quad_segs=2)
    return tuple(shapely.get_parts(shapely.union_all(wider)))


def _without_islets(outline: MultiPolygon) -> MultiPolygon:
    largest = max(part.area for part in outline.geoms)
    return MultiPolygon([part for part in outline.geoms if part.area >= min(largest, ISLET_KM2 * 1e6)])


def _lattice(outline: MultiPolygon, spacing: float) -> Points:
    """The middles of the squares of a net laid over the country, as far as they lie in the outline."""
    west, south, east, north = outline.bounds
    xs, ys = _middles(west, east, spacing), _middles(south, north, spacing)
    x, y = (each.ravel() for each in np.meshgrid(xs, ys))
    inside = shapely.contains_xy(outline, x, y)
    return np.column_stack([x[inside], y[inside]])


def _middles(first: float, last: float, spacing: float) -> NDArray[np.float64]:
    return np.arange(np.floor(first / spacing), np.ceil(last / spacing) + 1) * spacing + spacing / 2


def _spread(code: str, outline: MultiPolygon, placed: Mapping[str, Placed], residents: Residents) -> Placed:
    """The points of a municipality, and how many live at each."""
    if code in placed:
        return placed[code]
    points = grid(outline)
    return points, np.full(len(points), residents.persons[code] / len(points))


def _communities(region: Area, residents: Residents) -> dict[str, Placed]:
    """Of the municipalities whose communities are all placed and add up to it."""
    rows = Area.objects.current().of(region).filter(level=Level.COMMUNITY).order_by("code")
    persons = dict(
        Population.objects.filter(
            area__in=rows, year=residents.year, vintage=residents.vintage
        ).values_list("area", "persons")
    )
    found: dict[str, list[tuple[Point | None, int | None]]] = {}
    for pk, parent, seat in rows.values_list("pk", "parent__code", "seat"):
        found.setdefault(parent, []).append((seat, persons.get(pk)))
    return {
        code: placed
        for code, places in found.items()
        if (placed := _placed(places)) and placed[1].sum() == residents.persons.get(code)
    }


def _placed(places: Sequence[tuple[Point | None, int | None]]) -> Placed | None:
    """Communities as points with residents; None where of one either is not known."""
    known = [(seat, persons) for seat, persons in places if seat is not None and persons is not None]
    if len(known) < len(places):
        return None
    return metres([seat for seat, _ in known]), np.array([float(persons) for _, persons in known])
