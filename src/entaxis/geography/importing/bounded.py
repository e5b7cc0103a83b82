"""Reading a foreign boundary file in a process of its own that may die.

Run as ``python -m entaxis.geography.importing.bounded FILE OUT LIMITS``: reads the outlines of
``FILE`` and writes them to ``OUT``, one JSON object a line: first what the file says of itself,
then one outline a line with its properties and its geometry as WKB in hexadecimal. It knows
nothing of Django and holds no connection; memory, processor time and written bytes are limited
before a byte of the file is read.

Exit status: 0 done, 3 memory, 4 not readable (the reason is the only line of ``OUT``).
"""

from __future__ import annotations

import contextlib
import json
import math
import resource
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXIT_MEMORY, EXIT_UNREADABLE = 3, 4
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
Record = dict[str, Any]


class UnreadableError(Exception):
    """The key of a sentence in :mod:`.problems`, with its facts."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


def main() -> int:
    """Read the file that the command line names; returns the exit status."""
    path, out, limits = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    _limit(limits)
    try:
        with out.open("w", encoding="utf-8") as target:
            for record in read(path, limits):
                target.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
    except MemoryError:
        return EXIT_MEMORY
    except UnreadableError as error:
        out.write_text(json.dumps({"key": error.key, **error.facts}), encoding="utf-8")
        return EXIT_UNREADABLE
    return 0


def _limit(limits: Record) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory_mb"] * 2**20),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, limits["written_mb"] * 2**20),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def read(path: Path, limits: Record) -> Iterator[Record]:
    """The header, then the outlines. The format is told by the first bytes, not by the name."""
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(b"PK"):
        yield from _zipped_shapefile(path, limits)
    elif start.startswith(b"SQLite format 3\0"):
        yield from _with_gdal(path, "GPKG", limits)
    elif start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from _json(path, limits)
    elif start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise UnreadableError("markup")
    else:
        raise UnreadableError("format")


# --- GeoJSON and TopoJSON ---------------------------------------------------------------------


def _json(path: Path, limits: Record) -> Iterator[Record]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError("format") from error
    if document.get("type") == "Topology":
        yield from _topojson(document, limits)
    elif document.get("type") == "FeatureCollection":
        yield from _geojson(document, limits)
    else:
        raise UnreadableError("format")


def _geojson(document: Record, limits: Record) -> Iterator[Record]:
    features = document.get("features")
    if not isinstance(features, list):
        raise UnreadableError("format")
    _bound(len(features), limits)
    yield {"format": "GeoJSON", "crs": _named_crs(document)}
    for feature in features:
        yield _geojson_feature(feature)


def _geojson_feature(feature: Any) -> Record:
    import shapely
    from shapely.geometry import shape

    if not isinstance(feature, dict):
        raise UnreadableError("format")
    properties = feature.get("properties")
    named = dict(properties) if isinstance(properties, dict) else {}
    if "id" in feature:
        named.setdefault("id", feature["id"])
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        return {"properties": named, "kind": "None"}
    try:
        return _record(named, shape(geometry))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError):
        return {"properties": named, "kind": "damaged"}


def _named_crs(document: Record) -> str | None:
    """``crs`` of GeoJSON 2008, which official files still carry."""
    with contextlib.suppress(AttributeError, TypeError):
        name = document["crs"]["properties"]["name"] if "crs" in document else None
        return str(name) if name else None
    return None


def _topojson(document: Record, limits: Record) -> Iterator[Record]:
    from entaxis.geography.topology import TopologyError, read_topojson

    try:
        features = read_topojson(document)
    except (TopologyError, RecursionError) as error:
        raise UnreadableError("format") from error
    _bound(len(features), limits)
    yield {"format": "TopoJSON", "crs": _named_crs(document)}
    for feature in features:
        yield _record(feature.properties, feature.outline)


# --- Shapefile and GeoPackage -----------------------------------------------------------------


def _zipped_shapefile(path: Path, limits: Record) -> Iterator[Record]:
    with tempfile.TemporaryDirectory(dir=limits["scratch"]) as folder:
        shapefile = _unzip(path, Path(folder), limits)
        yield from _with_gdal(shapefile, "ESRI Shapefile", limits)


def _unzip(path: Path, folder: Path, limits: Record) -> Path:
    """Take out the parts of the one Shapefile under names of our own, counting every byte."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _shapefile_members(archive)
            left = limits["unpacked_mb"] * 2**20
            for suffix, member in members.items():
                with archive.open(member) as source, (folder / f"in{suffix}").open("wb") as target:
                    left = _copy(source, target, left, limits)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableError("zip_damaged") from error
    return folder / "in.shp"


def _copy(source: Any, target: Any, left: int, limits: Record) -> int:
    while chunk := source.read(2**20):
        left -= len(chunk)
        if left < 0:
            raise UnreadableError("zip_bomb", megabytes=limits["unpacked_mb"])
        target.write(chunk)
    return left


def _shapefile_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = [i for i in archive.infolist() if not i.is_dir() and "__MACOSX" not in i.filename]
    shapes = [i for i in infos if i.filename.lower().endswith(".shp")]
    if len(shapes) != 1 or len(infos) > 1000:
        raise UnreadableError("zip_content")
    stem = shapes[0].filename[:-4].lower()
    members = {
        suffix: info
        for info in infos
        for suffix in SHAPEFILE_PARTS
        if info.filename.lower() == stem + suffix
    }
    if not {".shp", ".shx", ".dbf"} <= set(members):
        raise UnreadableError("zip_content")
    return members


def _with_gdal(path: Path, driver: str, limits: Record) -> Iterator[Record]:
    import pyogrio
    import shapely

    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind]
        layer = _layer(layers, limits.get("layer"))
        _bound(pyogrio.read_info(path, layer=layer)["features"], limits)
        meta, _, geometries, fields = pyogrio.raw.read(
            path, layer=layer, force_2d=True, datetime_as_string=True
        )
    except pyogrio.errors.DataSourceError as error:
        raise UnreadableError("reading") from error
    except pyogrio.errors.DataLayerError as error:
        raise UnreadableError("reading") from error
    yield {"format": driver, "crs": meta["crs"]}
    names = [str(name) for name in meta["fields"]]
    for position, wkb in enumerate(geometries):
        properties = {n: _plain(c[position]) for n, c in zip(names, fields, strict=True)}
        yield (
            {"properties": properties, "kind": "None"}
            if wkb is None
            else _record(properties, shapely.from_wkb(wkb))
        )


def _layer(layers: list[str], wanted: str | None) -> str:
    if wanted in layers:
        return wanted
    if len(layers) != 1:
        raise UnreadableError("layers", layers=", ".join(layers)[:200])
    return layers[0]


# --- common -----------------------------------------------------------------------------------


def _bound(count: int, limits: Record) -> None:
    if count > limits["outlines"]:
        raise UnreadableError("too_many", limit=limits["outlines"])


def _plain(value: Any) -> Any:
    """A numpy value as JSON knows it; 2201.0 stays a number for the codes to make sense of."""
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and math.isnan(plain) else plain


def _record(properties: Record, geometry: Any) -> Record:
    import shapely

    flat = shapely.force_2d(geometry)
    scalars = {
        str(k)[:100]: v if isinstance(v, int | float | bool | None) else str(v)[:500]
        for k, v in properties.items()
    }
    return {"properties": scalars, "kind": flat.geom_type, "wkb": shapely.to_wkb(flat, hex=True)}


if __name__ == "__main__":
    sys.exit(main())
