"""Vector tiles: PostGIS cuts them, addresses carry a version, so that they may be kept for ever.

A layer belongs to a room: ``geography`` brings the outlines in force; another room registers its own
with :func:`register` when it starts. A version never changes what it holds; what changes gets another.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import caches
from django.db import connection
from django.urls import reverse

from entaxis.geography import queries
from entaxis.geography.models import Area, BoundarySet

MAX_ZOOM = 16
KEPT_ZOOM = 10  # tiles up to here are few and dear: kept in memory
FULL_DETAIL_ZOOM = 11
KEPT_SECONDS = 24 * 3600

Place = tuple[int, int, int]
"""Zoom, column from the west, row from the north."""


@dataclass(frozen=True, slots=True)
class TileLayer:
    """A layer of tiles.

    ``current_version`` names what a region's pages should ask for (None: nothing to show).
    ``render`` cuts one tile, ``(region code, version, place)``; None where the region never had the
    version, or where it cannot be drawn any more. ``newer`` then names the version in its place, so that
    a map that was open meanwhile goes on; None where there never was such a version.
    """

    name: str
    current_version: Callable[[Area], str | None]
    render: Callable[[str, str, Place], bytes | None]
    newer: Callable[[str, str], str | None] = lambda region_code, version: None


_layers: dict[str, TileLayer] = {}


def register(layer: TileLayer) -> None:
    """Serve ``layer`` under its name."""
    _layers[layer.name] = layer


def address(layer_name: str, region: Area) -> str | None:
    """The address of a layer's tiles with ``{z}/{x}/{y}``, as MapLibre takes it; None: nothing to show."""
    version = _layers[layer_name].current_version(region)
    if version is None:
        return None
    whole = reverse("tile", args=(version, layer_name, 0, 0, 0))
    return whole.removesuffix("0/0/0.mvt") + "{z}/{x}/{y}.mvt"


def tile(layer_name: str, region_code: str, version: str, place: Place) -> bytes | None:
    """One tile; None where there is no such layer, version or place in the pyramid."""
    layer = _layers.get(layer_name)
    z, x, y = place
    if layer is None or not is_place(place):
        return None
    if z > KEPT_ZOOM:
        return layer.render(region_code, version, place)
    key = f"tile:{region_code}:{version}:{layer_name}:{z}:{x}:{y}"
    kept: bytes | None = caches["local"].get(key)
    if kept is None:
        kept = layer.render(region_code, version, place)
        if kept is not None:
            caches["local"].set(key, kept, KEPT_SECONDS)
    return kept


def newer_version(layer_name: str, region_code: str, version: str) -> str | None:
    """The version of a layer that stands in the place of ``version``; None: there never was one."""
    layer = _layers.get(layer_name)
    return layer.newer(region_code, version) if layer else None


def is_place(place: Place) -> bool:
    """Whether the pyramid of tiles has this place."""
    z, x, y = place
    return z <= MAX_ZOOM and x < 2**z and y < 2**z


# --- our own layer --------------------------------------------------------------------------------

_OUTLINES = """
WITH edge AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS tile),
shapes AS (
  SELECT area.id, area.code, area.name_el, area.name_en, unit.code AS regional_unit,
    ST_AsMVTGeom(ST_Transform({column}, 3857), edge.tile, 4096, 64) AS geom
  FROM geography_outline AS outline
  JOIN geography_area AS area ON area.id = outline.area_id
  JOIN geography_area AS unit ON unit.id = area.parent_id
  CROSS JOIN edge
  WHERE outline.boundary_set_id = %(boundary_set)s
    AND {column} && ST_Transform(ST_Expand(edge.tile, %(margin)s), 4326)
)
SELECT ST_AsMVT(shapes, 'municipalities', 4096, 'geom', 'id') FROM shapes WHERE geom IS NOT NULL
"""
WORLD_M = 40_075_016.69


def _outlines_version(region: Area) -> str | None:
    active = queries.active_boundaries(region)
    return active.version if active else None


def _outlines_tile(region_code: str, version: str, place: Place) -> bytes | None:
    z, x, y = place
    boundary_set = _boundary_set(region_code, version)
    if boundary_set is None:
        return None
    column = "outline.geometry" if z >= FULL_DETAIL_ZOOM else "outline.display"
    facts = {"z": z, "x": x, "y": y, "boundary_set": boundary_set.pk, "margin": WORLD_M / 2**z / 64}
    with connection.cursor() as cursor:
        cursor.execute(_OUTLINES.format(column=column), facts)
        return bytes(cursor.fetchone()[0])


def _boundary_set(region_code: str, version: str) -> BoundarySet | None:
    number = version.partition("-")[0]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    found = BoundarySet.objects.filter(pk=int(number), region__code=region_code).first()
    return found if found is not None and found.version == version else None


register(TileLayer("municipalities", _outlines_version, _outlines_tile))
