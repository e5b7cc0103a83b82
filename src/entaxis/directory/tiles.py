"""The region's structures as vector tiles: for maps of more points than a page may carry.

A tile holds cells of an even grid: where one structure stands in a cell, the structure; where several
do, how many of which kind – and on the last zoom their names, since there they share one door. Nobody's
search is in an address: a tile holds every public structure, and the reader's own browser leaves out
the kinds not asked for. Confidential structures have no point, and are left out besides (R12).
"""

from typing import Final

from django.db import connection

from entaxis.directory.search import store
from entaxis.geography.models import Area
from entaxis.geography.tiles import MAX_ZOOM, Place, TileLayer, register

LAYER: Final = "structures"
CELLS: Final = 8  # of a tile's side: a cluster is the finger's breadth from the next
FINEST_CELLS: Final = 128  # on the last zoom: some three metres
MOST_NAMES: Final = 50  # of one cell

# Versions are counted and drawn by one statement: a tile never shows another state than its version.
# geography && asks the index; x and y then keep every point in one tile alone.
_TILE: Final = """
WITH edge AS (
  SELECT tile, ST_XMin(tile) AS west, ST_YMax(tile) AS north, (ST_XMax(tile) - ST_XMin(tile)) AS side
  FROM ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS tile
), state AS (
  SELECT count(*) AS changes, max(id) AS last FROM directory_searchchange WHERE what = 'documents'
), points AS (
  SELECT d.structure_id, d.kind, d.name_el, d.name_en, s.is_synthetic, at,
    floor((ST_X(at) - edge.west) / edge.side * %(cells)s) AS east,
    floor((edge.north - ST_Y(at)) / edge.side * %(cells)s) AS south
  FROM directory_searchdocument d
  JOIN directory_structure s ON s.id = d.structure_id AND NOT s.is_confidential
  JOIN geography_area region ON region.id = d.region_id AND region.code = %(region)s
  CROSS JOIN edge
  CROSS JOIN LATERAL ST_Transform(d.point::geometry, 3857) AS at
  WHERE NOT d.is_confidential
    AND d.point && ST_Transform(ST_Expand(edge.tile, edge.side / 1000), 4326)::geography
), cells AS (
  SELECT east, south, ST_Centroid(ST_Collect(at)) AS at, count(*) AS count,
    bool_or(is_synthetic) AS is_synthetic,
    (array_agg(kind ORDER BY structure_id))[1] AS kind,
    (array_agg(structure_id::text ORDER BY structure_id))[1] AS id,
    (array_agg(name_el ORDER BY structure_id))[1] AS name_el,
    (array_agg(name_en ORDER BY structure_id))[1] AS name_en,
    (jsonb_agg(jsonb_build_object(
       'id', structure_id, 'kind', kind, 'name_el', name_el, 'name_en', name_en,
       'is_synthetic', is_synthetic) ORDER BY structure_id)
      FILTER (WHERE %(is_last)s)) AS those
  FROM points WHERE east BETWEEN 0 AND %(cells)s - 1 AND south BETWEEN 0 AND %(cells)s - 1
  GROUP BY east, south
), kinds AS (
  SELECT east, south, jsonb_object_agg('kind_' || kind, number) AS numbers
  FROM (SELECT east, south, kind, count(*) AS number FROM points GROUP BY 1, 2, 3) counted
  GROUP BY east, south
), shown AS (
  SELECT ST_AsMVTGeom(cells.at, edge.tile, 4096, 64) AS geom, cells.count, cells.is_synthetic,
    CASE WHEN count = 1 THEN cells.id END AS id,
    CASE WHEN count = 1 THEN cells.kind END AS kind,
    CASE WHEN count = 1 THEN cells.name_el END AS name_el,
    CASE WHEN count = 1 THEN cells.name_en END AS name_en,
    CASE WHEN count > 1 THEN jsonb_path_query_array(cells.those, %(first)s::jsonpath)::text END AS those,
    CASE WHEN count > 1 THEN kinds.numbers END AS numbers
  FROM cells JOIN kinds USING (east, south) CROSS JOIN edge
)
SELECT (SELECT ST_AsMVT(shown, 'structures', 4096, 'geom') FROM shown), changes, last FROM state
"""


def current_version(region: Area) -> str | None:
    """The state of the documents: another after every change of a structure."""
    return _written(store.versions().get("documents", store.NOTHING))


def _written(version: store.Version) -> str:
    changes, last = version
    return f"{last}-{changes}"


def _read(version: str) -> store.Version | None:
    last, _, changes = version.partition("-")
    if not all(number.isascii() and number.isdigit() and len(number) < 19 for number in (last, changes)):
        return None
    return int(changes), int(last)


def draw(region_code: str, version: str, place: Place) -> bytes | None:
    """One tile of the structures of a region; None where ``version`` is not the state of now."""
    z, x, y = place
    facts: dict[str, str | int | bool] = {
        "z": z,
        "x": x,
        "y": y,
        "region": region_code,
        "cells": FINEST_CELLS if z == MAX_ZOOM else CELLS,
        "is_last": z == MAX_ZOOM,
        "first": f"$[0 to {MOST_NAMES - 1}]",
    }
    if _read(version) is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_TILE, facts)
        content, changes, last = cursor.fetchone()
    return bytes(content) if version == _written((changes, last or 0)) else None


def newer(region_code: str, version: str) -> str | None:
    """The version of now, for a map opened in an earlier one."""
    asked = _read(version)
    now = store.versions().get("documents", store.NOTHING)
    return _written(now) if asked and asked[1] <= now[1] and asked != now else None


register(TileLayer(LAYER, current_version, draw, newer))
