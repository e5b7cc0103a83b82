"""Outlines that share their borders: every border is held once, as an arc.

A coverage of polygons (municipalities that touch without gap or overlap) is cut into arcs at
the points where borders meet. Two neighbours refer to the same arc, one of them backwards, so
whatever is done to the arc is done to both: they cannot come apart.

The written form is TopoJSON (https://github.com/topojson/topojson-specification), so that other
programs read the drawing too; the decoder serves the import of boundary files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import MultiPolygon, Polygon

Point = tuple[float, float]
Arc = list[Point]
Ring = list[int]
"""Numbers of arcs in order; ``~n`` (that is, ``-n - 1``) is arc ``n`` walked backwards."""


class TopologyError(ValueError):
    """The file is not a readable topology; the message says where."""


@dataclass(slots=True)
class Topology:
    """``arcs`` held once; ``shapes[code]`` is polygons → rings (outer first) → arc numbers."""

    arcs: list[Arc]
    shapes: dict[str, list[list[Ring]]]

    def ring(self, references: Ring) -> list[Point]:
        """The closed ring of points that the arc numbers spell."""
        points: list[Point] = []
        for reference in references:
            arc = self.arcs[reference] if reference >= 0 else self.arcs[~reference][::-1]
            points.extend(arc if not points else arc[1:])
        return points

    def outline(self, code: str) -> MultiPolygon:
        """The outline of one area, in the unit of the arcs."""
        return MultiPolygon(
            [
                Polygon(self.ring(rings[0]), [self.ring(hole) for hole in rings[1:]])
                for rings in self.shapes[code]
            ]
        )

    def outlines(self) -> dict[str, MultiPolygon]:
        """All outlines by code."""
        return {code: self.outline(code) for code in self.shapes}

    def users(self) -> dict[int, list[tuple[str, bool]]]:
        """For every arc, who uses it and whether forwards."""
        users: dict[int, list[tuple[str, bool]]] = defaultdict(list)
        for code, polygons in self.shapes.items():
            for reference in (r for rings in polygons for ring in rings for r in ring):
                users[reference if reference >= 0 else ~reference].append((code, reference >= 0))
        return dict(users)

    def neighbours(self) -> set[frozenset[str]]:
        """The pairs of areas that share a border."""
        pairs = ({code for code, _ in users} for users in self.users().values())
        return {frozenset(pair) for pair in pairs if len(pair) == 2}


def cut(outlines: Mapping[str, Polygon | MultiPolygon]) -> Topology:
    """Cut a valid coverage (shared borders match point by point) into arcs."""
    rings = {
        code: [_rings(polygon) for polygon in _polygons(outline)] for code, outline in outlines.items()
    }
    nodes = _nodes(ring for polygons in rings.values() for polygon in polygons for ring in polygon)
    store = _ArcStore()
    shapes = {
        code: [
            [[store.reference(arc) for arc in _arcs(ring, nodes)] for ring in polygon]
            for polygon in polygons
        ]
        for code, polygons in rings.items()
    }
    return Topology(store.arcs, shapes)


def _polygons(outline: Polygon | MultiPolygon) -> list[Polygon]:
    return list(outline.geoms) if isinstance(outline, MultiPolygon) else [outline]


def _rings(polygon: Polygon) -> list[list[Point]]:
    """The rings of a polygon without the closing point."""
    return [[(x, y) for x, y, *_ in ring.coords[:-1]] for ring in (polygon.exterior, *polygon.interiors)]


def _nodes(rings: Iterable[list[Point]]) -> set[Point]:
    """The points where borders meet: those with other than two different neighbours."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
            beside[here].add(there)
            beside[there].add(here)
    return {point for point, points in beside.items() if len(points) != 2}


def _arcs(ring: list[Point], nodes: set[Point]) -> list[Arc]:
    starts = [index for index, point in enumerate(ring) if point in nodes]
    if not starts:
        first = ring.index(min(ring))
        return [[*ring[first:], *ring[:first], ring[first]]]
    turned = ring[starts[0] :] + ring[: starts[0] + 1]
    arcs: list[Arc] = [[turned[0]]]
    for point in turned[1:]:
        arcs[-1].append(point)
        if point in nodes:
            arcs.append([point])
    return arcs[:-1]


class _ArcStore:
    """Arcs by their points, whichever way they are walked."""

    def __init__(self) -> None:
        self.arcs: list[Arc] = []
        self._numbers: dict[tuple[Point, ...], int] = {}

    def reference(self, arc: Arc) -> int:
        forwards, backwards = tuple(arc), tuple(reversed(arc))
        if forwards in self._numbers:
            return self._numbers[forwards]
        if backwards in self._numbers:
            return ~self._numbers[backwards]
        self._numbers[forwards] = len(self.arcs)
        self.arcs.append(arc)
        return self._numbers[forwards]


# --- TopoJSON ---------------------------------------------------------------------------------


def to_topojson(
    topology: Topology, *, name: str, step_degrees: float, credit: Mapping[str, Any]
) -> dict[str, Any]:
    """Write arcs on a grid of ``step_degrees`` as whole numbers, each point as a step from the last.

    ``arcs`` must hold grid numbers (degrees / step, whole).
    """
    x0 = min(int(x) for arc in topology.arcs for x, _ in arc)
    y0 = min(int(y) for arc in topology.arcs for _, y in arc)
    return {
        "type": "Topology",
        **credit,
        "transform": {
            "scale": [step_degrees, step_degrees],
            "translate": [round(x0 * step_degrees, 6), round(y0 * step_degrees, 6)],
        },
        "objects": {
            name: {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "MultiPolygon", "id": code, "arcs": polygons}
                    for code, polygons in sorted(topology.shapes.items())
                ],
            }
        },
        "arcs": [_deltas(arc, x0, y0) for arc in topology.arcs],
    }


def _deltas(arc: Arc, x0: int, y0: int) -> list[list[int]]:
    steps, (x, y) = [], (x0, y0)
    for px, py in arc:
        steps.append([int(px) - x, int(py) - y])
        x, y = int(px), int(py)
    return steps


@dataclass(frozen=True, slots=True)
class Feature:
    """One outline of a file as it was read: its properties, with TopoJSON's ``id`` among them."""

    properties: dict[str, Any]
    outline: Polygon | MultiPolygon


MAX_ARC_POINTS = 5_000_000


def read_topojson(document: Mapping[str, Any]) -> list[Feature]:
    """Decode every polygon of every object. Raises :class:`TopologyError`."""
    if document.get("type") != "Topology":
        raise TopologyError("no Topology at the top")
    arcs = _read_arcs(document)
    features: list[Feature] = []
    objects = document.get("objects")
    if not isinstance(objects, Mapping):
        raise TopologyError("objects")
    for geometry in objects.values():
        features.extend(_features(geometry, arcs, depth=0))
    return features


def _read_arcs(document: Mapping[str, Any]) -> list[Arc]:
    transform = document.get("transform")
    arcs = document.get("arcs")
    if not isinstance(arcs, list):
        raise TopologyError("arcs")
    if sum(len(arc) if isinstance(arc, list) else 0 for arc in arcs) > MAX_ARC_POINTS:
        raise TopologyError("too many points")
    try:
        if transform is None:
            return [[(float(p[0]), float(p[1])) for p in arc] for arc in arcs]
        (kx, ky), (tx, ty) = transform["scale"], transform["translate"]
        return [_undelta(arc, float(kx), float(ky), float(tx), float(ty)) for arc in arcs]
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise TopologyError("arcs") from error


def _undelta(steps: Sequence[Any], kx: float, ky: float, tx: float, ty: float) -> Arc:
    arc, x, y = [], 0, 0
    for step in steps:
        x, y = x + step[0], y + step[1]
        arc.append((round(x * kx + tx, 9), round(y * ky + ty, 9)))
    return arc


def _features(geometry: Any, arcs: list[Arc], *, depth: int) -> list[Feature]:
    if not isinstance(geometry, Mapping) or depth > 8:
        raise TopologyError("objects")
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        members = geometry.get("geometries")
        if not isinstance(members, list):
            raise TopologyError("geometries")
        return [f for member in members for f in _features(member, arcs, depth=depth + 1)]
    if kind not in ("Polygon", "MultiPolygon"):
        raise TopologyError(f"type {kind!r:.40}")
    try:
        polygons = [geometry["arcs"]] if kind == "Polygon" else geometry["arcs"]
        outline = Topology(arcs, {"": polygons}).outline("")
    except Exception as error:  # any shape of nonsense in a foreign file
        raise TopologyError("arcs of a geometry") from error
    return [Feature(_properties(geometry), outline)]


def _properties(geometry: Mapping[str, Any]) -> dict[str, Any]:
    properties = geometry.get("properties")
    named = dict(properties) if isinstance(properties, Mapping) else {}
    if "id" in geometry:
        named.setdefault("id", geometry["id"])
    return named
