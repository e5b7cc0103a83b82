"""Boundary files → outlines in degrees, or a plain refusal. The dangerous part is in `bounded`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import MultiPolygon, Polygon

from entaxis.geography.importing import bounded
from entaxis.geography.importing.problems import ImportRefusedError, problem
from entaxis.geography.projection import DEGREES, GREECE_DEGREES, GREEK_GRID, to_degrees

MAX_FILE_MB = 200
LIMITS: dict[str, Any] = {
    "memory_mb": 3000,
    "seconds": 120,
    "written_mb": 600,
    "unpacked_mb": 400,
    "outlines": 20_000,
}
_SOURCES = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One outline of the file. ``row`` counts from 1; ``geometry`` is None where ``kind`` is odd."""

    row: int
    properties: dict[str, Any]
    kind: str
    geometry: Polygon | MultiPolygon | None


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """What a file holds: its format, the system its coordinates were in, its outlines in degrees."""

    format: str
    crs: int
    outlines: list[Drawn]


def read_boundaries(path: Path, *, crs: int | None = None, layer: str | None = None) -> BoundaryFile:
    """Read a file of any of the formats. Raises :class:`ImportRefusedError`.

    ``crs`` (4326 or 2100) overrides what the file says; where neither says, the numbers tell.
    """
    _check_size(path)
    header, records = _in_a_bounded_process(path, layer)
    if not records:
        raise ImportRefusedError(problem("no_features"))
    drawn = [_drawn(row, record) for row, record in enumerate(records, start=1)]
    system = crs or _stated(header["crs"]) or _guessed(drawn)
    placed = [_placed(outline, system) for outline in drawn]
    _check_place(placed)
    return BoundaryFile(header["format"], system, placed)


def _check_size(path: Path) -> None:
    if not path.is_file():
        raise ImportRefusedError(problem("no_file", name=path.name))
    if path.stat().st_size == 0:
        raise ImportRefusedError(problem("empty"))
    if path.stat().st_size > MAX_FILE_MB * 2**20:
        raise ImportRefusedError(problem("too_large", megabytes=MAX_FILE_MB))


def _in_a_bounded_process(path: Path, layer: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="entaxis-boundaries-") as scratch:
        out = Path(scratch) / "outlines.jsonl"
        limits = {**LIMITS, "layer": layer, "scratch": scratch}
        status = _run([str(path.resolve()), str(out), json.dumps(limits)])
        if status == bounded.EXIT_UNREADABLE:
            said = json.loads(out.read_text(encoding="utf-8"))
            raise ImportRefusedError(problem(said.pop("key"), **said))
        if status == bounded.EXIT_MEMORY:
            raise ImportRefusedError(problem("reading_memory"))
        if status != 0:
            raise ImportRefusedError(problem("reading"))
        header, *records = _lines(out)
    return header, records


def _run(arguments: list[str]) -> int:
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_SOURCES), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", bounded.__name__, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LIMITS["seconds"] * 1.5,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ImportRefusedError(problem("reading_time", seconds=LIMITS["seconds"])) from error
    return done.returncode


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def _drawn(row: int, record: dict[str, Any]) -> Drawn:
    kind = record["kind"]
    usable = kind in ("Polygon", "MultiPolygon")
    geometry = shapely.from_wkb(record["wkb"]) if usable else None
    if geometry is not None and geometry.is_empty:
        kind, geometry = "None", None
    return Drawn(row, record["properties"], kind, geometry)


# --- where the coordinates are ----------------------------------------------------------------


def _stated(name: str | None) -> int | None:
    """The EPSG number that the file gives; None where it gives nothing usable."""
    if not name:
        return None
    try:
        said = CRS.from_user_input(name)
    except CRSError:
        return None
    if said.equals(CRS(DEGREES), ignore_axis_order=True):
        return DEGREES
    if said.to_epsg(min_confidence=60) == GREEK_GRID or "GGRS" in said.name.upper():
        return GREEK_GRID if said.is_projected else None
    if said.is_geographic and said.to_epsg(min_confidence=60) == DEGREES:
        return DEGREES
    raise ImportRefusedError(problem("crs_other", crs=said.name[:80]))


def _guessed(drawn: list[Drawn]) -> int:
    west, south, east, north = _bounds(drawn)
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return DEGREES
    if west >= 0 and east <= 1_200_000 and south >= 3_700_000 and north <= 4_800_000:
        return GREEK_GRID
    raise ImportRefusedError(problem("crs_unknown"))


def _bounds(drawn: list[Drawn]) -> tuple[float, float, float, float]:
    geometries = [outline.geometry for outline in drawn if outline.geometry is not None]
    if not geometries:
        raise ImportRefusedError(problem("no_features"))
    west, south, east, north = shapely.total_bounds(geometries)
    return float(west), float(south), float(east), float(north)


def _placed(drawn: Drawn, system: int) -> Drawn:
    if drawn.geometry is None or system == DEGREES:
        return drawn
    return Drawn(drawn.row, drawn.properties, drawn.kind, to_degrees(drawn.geometry))


def _check_place(drawn: list[Drawn]) -> None:
    west, south, east, north = _bounds(drawn)
    least_x, least_y, most_x, most_y = GREECE_DEGREES
    inside = least_x <= west and east <= most_x and least_y <= south and north <= most_y
    if not inside:
        raise ImportRefusedError(problem("outside_greece"))
