"""Where a row's structure lies: from its point, its town or village, or its municipality's seat."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from entaxis.core import greek
from entaxis.directory.choices import PointQuality
from entaxis.directory.importing.content import Point
from entaxis.directory.importing.terms import hint
from entaxis.directory.importing.values import ValueFault
from entaxis.geography.models import Area, Level, Outline, PlaceName
from entaxis.geography.naming import AreaNames

GREECE = (19.2, 34.7, 29.8, 41.8)  # west, south, east, north
GRID = (90_000.0, 3_800_000.0, 1_100_000.0, 4_650_000.0)  # the same on the Greek Grid, in metres
TOLERANCE_M = 300.0  # by which a point may lie beyond a line, at least


@dataclass(frozen=True, slots=True)
class Placed:
    """A place found: which municipality, where, how surely, and whether a person should look."""

    municipality: Area
    point: Point | None
    quality: str
    doubts: tuple[tuple[str, str, dict[str, str]], ...] = ()  # column, key, facts


class Places:
    """The places of one region, ready to be asked many times."""

    def __init__(self, region: Area) -> None:
        self.region = region
        self._names, self._elsewhere, self._served = AreaNames(), AreaNames(), AreaNames()
        for area in Area.objects.current().exclude(level=Level.COMMUNITY).select_related("region"):
            if region.pk in {area.region_id, area.pk}:
                self._served.add(area)
            if area.level == Level.MUNICIPALITY:
                (self._names if area.region_id == region.pk else self._elsewhere).add(area)
        self.by_code = {area.code: area for area in self._names.areas.values()}
        self._outlines = _Outlines(region)
        self._villages = _villages(region)
        self.municipality = lru_cache(maxsize=4096)(self._municipality)

    def find(self, cells: dict[str, str], picked: Point | None = None) -> Placed:
        """The place that the cells of a row name; raises `ValueFault` with its column as a fact."""
        stated = self.municipality(cells["municipality"]) if cells.get("municipality") else None
        point = picked or point_of(cells.get("latitude", ""), cells.get("longitude", ""))
        if point is not None:
            return self._at(point, stated)
        if stated is None:
            raise ValueFault("municipality_needed", column="municipality")
        return self._near(cells.get("locality", ""), stated)

    def served(self, word: str) -> Area:
        """A municipality, regional unit or the region itself."""
        found = self._served.find(word)
        if not found and greek.fold(word) in {"περιφερεια", "ολη η περιφερεια", "region", "whole region"}:
            return self.region
        areas = [self._served.areas[pk] for pk in found]
        if not areas:
            raise ValueFault("area_unknown", word=word[:60])
        # A unit often bears the name of its largest municipality; who means the unit writes so.
        return min(areas, key=lambda area: (area.level != Level.MUNICIPALITY, area.code))

    def _municipality(self, text: str) -> Area:
        found = self._names.find(text)
        if len(found) == 1:
            return self._names.areas[next(iter(found))]
        if found:
            names = ", ".join(sorted(f"{self._names.areas[pk].name_official_el}" for pk in found))
            raise ValueFault("municipality_ambiguous", column="municipality", names=names)
        foreign = self._elsewhere.find(text)
        if foreign:
            area = self._elsewhere.areas[min(foreign)]
            raise ValueFault(
                "municipality_elsewhere", column="municipality", name=area.name, region=str(area.region)
            )
        like = self._names.likest(text)
        raise ValueFault(
            "municipality_unknown",
            column="municipality",
            region=self.region.name,
            hint=hint(like.name) if like else "",
        )

    def _at(self, point: Point, stated: Area | None) -> Placed:
        if not _inside(point, GREECE):
            raise ValueFault("point_outside", column="latitude")
        found = self._outlines.at(point)
        if found is None and self._outlines.are_known:
            raise ValueFault("point_sea", column="latitude", region=self.region.name)
        municipality = self.by_code.get(found or "", stated)
        if municipality is None:
            raise ValueFault("municipality_needed", column="municipality")
        if stated is not None and stated != municipality and not self._outlines.is_near(point, stated.code):
            raise ValueFault("point_other", column="latitude", found=municipality.name, stated=stated.name)
        return Placed(stated or municipality, point, PointQuality.EXACT)

    def _near(self, locality: str, municipality: Area) -> Placed:
        village = self._villages.get((municipality.pk, greek.sound(locality))) if locality else None
        if village is not None:
            return Placed(municipality, village, PointQuality.LOCALITY)
        seat = municipality.seat
        point = _rounded(seat.x, seat.y) if seat else None
        if locality:
            facts = {"locality": locality, "municipality": municipality.name}
            doubt = ("locality", "locality_unknown", facts)
        else:
            doubt = ("locality", "place_seat", {"municipality": municipality.name})
        return Placed(municipality, point, PointQuality.SEAT if point else "", (doubt,))


class _Outlines:
    """The outlines in force of a region, in metres."""

    def __init__(self, region: Area) -> None:
        rows = Outline.objects.filter(boundary_set__region=region, boundary_set__is_active=True)
        self._codes: list[str] = []
        shapes = []
        self._tolerance_m = TOLERANCE_M
        for code, geometry, accuracy_m in rows.values_list(
            "area__code", "geometry", "boundary_set__accuracy_m"
        ):
            self._codes.append(code)
            shapes.append(shapely.from_wkb(bytes(geometry.wkb)))
            self._tolerance_m = max(TOLERANCE_M, float(accuracy_m))
        metres = _transformer(4326, 2100)
        self._shapes = shapely.transform(shapes, lambda xy: np.column_stack(metres.transform(*xy.T)))
        self._tree: Any = shapely.STRtree(self._shapes)

    @property
    def are_known(self) -> bool:
        return bool(self._codes)

    def at(self, point: Point) -> str | None:
        """The code of the municipality in which ``point`` lies, as far as the lines are accurate."""
        if not self._codes:
            return None
        place = _on_the_grid(point)
        inside = self._tree.query(place, predicate="intersects")
        if len(inside):
            return self._codes[int(min(inside))]
        near = self._tree.query_nearest(place, max_distance=self._tolerance_m)
        return self._codes[int(min(near))] if len(near) else None

    def is_near(self, point: Point, code: str) -> bool:
        """Whether ``point`` may lie in the municipality ``code``."""
        if code not in self._codes:
            return True
        place = _on_the_grid(point)
        distance = shapely.distance(self._shapes[self._codes.index(code)], place)
        return bool(distance <= self._tolerance_m)


def point_of(latitude: str, longitude: str) -> Point | None:
    """The point of two cells, in degrees or on the Greek Grid; raises `ValueFault`."""
    if not latitude and not longitude:
        return None
    if not latitude or not longitude:
        raise ValueFault("point_half", column="longitude" if latitude else "latitude")
    north, east = _number(latitude, "latitude"), _number(longitude, "longitude")
    if _inside((east, north), GRID):
        east, north = _transformer(2100, 4326).transform(east, north)
    if not _inside((east, north), GREECE) and _inside((north, east), GREECE):
        raise ValueFault("point_swapped", column="latitude")
    if not _inside((east, north), GREECE):
        raise ValueFault("point_outside", column="latitude")
    return _rounded(east, north)


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _on_the_grid(point: Point) -> shapely.Point:
    return shapely.Point(*_transformer(4326, 2100).transform(*point))


def _number(raw: str, column: str) -> float:
    try:
        number = float(raw.strip().rstrip("°").replace(",", ".", 1))
    except ValueError:
        raise ValueFault("point_number", column=column) from None
    if not -1e7 < number < 1e7:  # also refuses what is no number at all
        raise ValueFault("point_number", column=column)
    return number


def _inside(point: Point, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north


def _rounded(east: float, north: float) -> Point:
    return round(east, 6), round(north, 6)


def _villages(region: Area) -> dict[tuple[int, str], Point]:
    """Municipality and sound of a name → point; a name that two places bear is left out."""
    found: dict[tuple[int, str], set[Point]] = defaultdict(set)
    names = PlaceName.objects.filter(
        region=region, kind__in=[PlaceName.Kind.SEAT, PlaceName.Kind.COMMUNITY], point__isnull=False
    )
    for pk, parent, level, sound, point in names.values_list(
        "area_id", "area__parent_id", "area__level", "sound", "point"
    ):
        municipality = pk if level == Level.MUNICIPALITY or parent is None else parent
        if point is None:
            continue
        found[municipality, sound].add(_rounded(point.x, point.y))
    return {key: next(iter(points)) for key, points in found.items() if len(points) == 1}
