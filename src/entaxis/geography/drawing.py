"""The project's own drawing of municipalities: few points, shared borders exact.

Official outlines carry some 2,700 points each; a map of a region on a screen shows about eighty.
The drawing is made in four steps, each of which keeps the borders shared and uncrossed:

1. specks of land in the sea below ``min_island_km2`` are left out (never a part that touches
   another municipality, never the largest part of one);
2. the coverage is cut into arcs (:mod:`.topology`);
3. points go one by one, the least weighty first (Visvalingam and Whyatt 1993, "Line
   generalisation by repeated elimination of points", Cartographic Journal 30; weighted against
   sharp turns), as long as the triangle that goes with the point holds no other point;
4. every point left moves to the nearest grid point that crosses nothing.

Lengths and areas are measured in the Greek Grid (EPSG:2100), in metres.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from math import floor, hypot
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from entaxis.geography.projection import as_multi, to_degrees, to_metres
from entaxis.geography.topology import Arc, Point, Topology, cut, to_topojson

GRID_DEGREES = 0.002
MAX_MAIN_POINTS = 80
MIN_ISLAND_KM2 = 1.0
LEAST_TRIANGLE_M2 = 60_000.0
LEAST_TRIANGLE_SHARE = 0.004
LEAST_RING_POINTS = 7


class DrawingError(ValueError):
    """The outlines cannot be drawn; the message says which and why."""


def draw(outlines: Mapping[str, Polygon | MultiPolygon]) -> Topology:
    """Draw outlines given in degrees (EPSG:4326); the result's points are whole grid numbers.

    Raises :class:`DrawingError` where the outlines are not a coverage or the grid is too coarse.
    """
    metres = {code: as_multi(to_metres(outline)) for code, outline in outlines.items()}
    if not shapely.coverage_is_valid(list(metres.values())):
        raise DrawingError("The outlines overlap or their shared borders differ.")
    topology = cut(without_specks(metres))
    Simplifier(topology).run()
    snap(topology)
    return topology


def without_specks(outlines: Mapping[str, MultiPolygon]) -> dict[str, MultiPolygon]:
    """Leave out islets below ``MIN_ISLAND_KM2`` that touch nobody; the largest part stays."""
    parts = [(code, part) for code, outline in outlines.items() for part in outline.geoms]
    tree = shapely.STRtree([part for _, part in parts])
    kept: dict[str, list[Polygon]] = defaultdict(list)
    for code, part in parts:
        largest = max(outlines[code].geoms, key=lambda other: other.area)
        alone = len(tree.query(part, predicate="intersects")) == 1
        if part is largest or part.equals(largest) or not alone or part.area >= MIN_ISLAND_KM2 * 1e6:
            kept[code].append(part)
    return {code: MultiPolygon(kept[code]) for code in outlines}


def write(topology: Topology, path: Path, credit: Mapping[str, Any]) -> None:
    """Write the drawing as TopoJSON, an arc a line, so that a change of one border reads as one."""
    document = to_topojson(topology, name="municipalities", step_degrees=GRID_DEGREES, credit=credit)
    collection = document["objects"]["municipalities"]
    areas, collection["geometries"] = collection["geometries"], ["@areas"]
    arcs, document["arcs"] = document["arcs"], ["@arcs"]
    text = json.dumps(document, ensure_ascii=False)
    text = text.replace('["@areas"]', _a_line_each(areas)).replace('["@arcs"]', _a_line_each(arcs))
    path.write_text(text + "\n", encoding="utf-8")


def _a_line_each(values: list[Any]) -> str:
    lines = ",\n".join(json.dumps(value, separators=(",", ":")) for value in values)
    return f"[\n{lines}\n]"


# --- step 3 -----------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Vertex:
    """A point inside an arc, with its neighbours along the arc."""

    point: Point
    arc: int
    before: _Vertex | None = None
    after: _Vertex | None = None
    version: int = 0
    gone: bool = False

    def sides(self) -> tuple[_Vertex, _Vertex]:
        """Both neighbours; only for a point inside its arc."""
        if self.before is None or self.after is None:
            raise ValueError("the end of an arc has one neighbour")
        return self.before, self.after


class Simplifier:
    """Takes points out of the arcs of ``topology`` in place, least weighty first."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.rings_of_arc, self.ring_points, self.ring_area, self.ring_main = _ring_facts(topology)
        self.least = [
            min(min(LEAST_TRIANGLE_M2, LEAST_TRIANGLE_SHARE * self.ring_area[r]) for r in rings)
            for rings in self.rings_of_arc
        ]
        self.heads: list[_Vertex] = []
        self.index: dict[tuple[int, int], set[_Vertex]] = defaultdict(set)
        self.heap: list[tuple[float, int, int, _Vertex]] = []
        self.pushed = 0

    def run(self) -> None:
        """Take points out until no weightless one and no main part above the limit is left."""
        for number, arc in enumerate(self.topology.arcs):
            self._chain(number, arc)
        waiting = self._inner()
        while waiting:
            for vertex in waiting:
                self._push(vertex)
            before = self._points()
            waiting = self._drain()
            if self._points() == before:
                break
        self.topology.arcs = [[v.point for v in _along(head)] for head in self.heads]

    def _points(self) -> int:
        return sum(self.ring_points)

    def _inner(self) -> list[_Vertex]:
        return [v for head in self.heads for v in _along(head) if v.before and v.after]

    def _chain(self, number: int, arc: Arc) -> None:
        turned = _from_farthest(arc) if arc[0] == arc[-1] else arc
        chain = [_Vertex(point, number) for point in turned]
        for first, second in pairwise(chain):
            first.after, second.before = second, first
        self.heads.append(chain[0])
        for vertex in chain:
            self.index[_cell(vertex.point)].add(vertex)

    def _push(self, vertex: _Vertex) -> None:
        if vertex.before is None or vertex.after is None:
            return
        vertex.version += 1
        self.pushed += 1
        weight = _weight(vertex.before.point, vertex.point, vertex.after.point)
        heapq.heappush(self.heap, (weight, self.pushed, vertex.version, vertex))

    def _drain(self) -> list[_Vertex]:
        """Empty the heap; returns the points that should go but could not."""
        held: list[_Vertex] = []
        while self.heap:
            weight, _, version, vertex = heapq.heappop(self.heap)
            if vertex.gone or version != vertex.version or not self._should_go(vertex, weight):
                continue
            if self._in_the_way(vertex):
                held.append(vertex)
            else:
                self._remove(vertex)
        return [vertex for vertex in held if not vertex.gone]

    def _should_go(self, vertex: _Vertex, weight: float) -> bool:
        rings = self.rings_of_arc[vertex.arc]
        if any(self.ring_points[ring] <= LEAST_RING_POINTS for ring in rings):
            return False
        if weight < self.least[vertex.arc]:
            return True
        return any(self.ring_main[r] and self.ring_points[r] > MAX_MAIN_POINTS for r in rings)

    def _in_the_way(self, vertex: _Vertex) -> bool:
        """Another point lies in the triangle: taking this one out would cross a border."""
        before, after = vertex.sides()
        corners = (before.point, vertex.point, after.point)
        own = (before, vertex, after)
        for cell in _cells(corners):
            for other in self.index.get(cell, ()):
                if other in own or other.point in (corners[0], corners[2]):
                    continue
                if _inside(other.point, *corners):
                    return True
        return corners[0] == corners[2]

    def _remove(self, vertex: _Vertex) -> None:
        before, after = vertex.sides()
        before.after, after.before = after, before
        vertex.gone = True
        self.index[_cell(vertex.point)].discard(vertex)
        for ring in self.rings_of_arc[vertex.arc]:
            self.ring_points[ring] -= 1
        self._push(before)
        self._push(after)


def _ring_facts(
    topology: Topology,
) -> tuple[list[list[int]], list[int], list[float], list[bool]]:
    """For every arc its rings; for every ring its points, its area in m², whether it is a main part."""
    rings_of_arc: list[list[int]] = [[] for _ in topology.arcs]
    points: list[int] = []
    areas: list[float] = []
    main: list[bool] = []
    for polygons in topology.shapes.values():
        sizes = [Polygon(topology.ring(rings[0])).area for rings in polygons]
        for rings, size in zip(polygons, sizes, strict=True):
            for position, ring in enumerate(rings):
                closed = topology.ring(ring)
                for reference in ring:
                    rings_of_arc[max(reference, ~reference)].append(len(points))
                points.append(len(closed) - 1)
                areas.append(Polygon(closed).area)
                main.append(position == 0 and size == max(sizes))
    return rings_of_arc, points, areas, main


def _from_farthest(ring: Arc) -> Arc:
    """Turn a closed ring so that it starts at a tip: the point farthest from the middle."""
    points = ring[:-1]
    mx = sum(x for x, _ in points) / len(points)
    my = sum(y for _, y in points) / len(points)
    start = max(range(len(points)), key=lambda i: hypot(points[i][0] - mx, points[i][1] - my))
    return [*points[start:], *points[:start], points[start]]


def _along(head: _Vertex) -> Iterator[_Vertex]:
    vertex: _Vertex | None = head
    while vertex is not None:
        yield vertex
        vertex = vertex.after


_CELL_METRES = 1000.0


def _cell(point: Point) -> tuple[int, int]:
    return floor(point[0] / _CELL_METRES), floor(point[1] / _CELL_METRES)


def _cells(points: tuple[Point, ...]) -> Iterator[tuple[int, int]]:
    xs, ys = zip(*(_cell(point) for point in points), strict=True)
    return product(range(min(xs), max(xs) + 1), range(min(ys), max(ys) + 1))


def _cross(o: Point, a: Point, b: Point) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _weight(a: Point, b: Point, c: Point) -> float:
    """The triangle's area in m², less for a sharp turn, which on a small map is a spike."""
    area = abs(_cross(a, b, c)) / 2
    ab, bc = hypot(b[0] - a[0], b[1] - a[1]), hypot(c[0] - b[0], c[1] - b[1])
    if not ab or not bc:
        return 0.0
    cosine = ((a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1])) / (ab * bc)
    return area * (1 - 0.7 * cosine)


def _inside(p: Point, a: Point, b: Point, c: Point) -> bool:
    signs = (_cross(a, b, p), _cross(b, c, p), _cross(c, a, p))
    return all(s >= 0 for s in signs) or all(s <= 0 for s in signs)


# --- step 4 -----------------------------------------------------------------------------------


def snap(topology: Topology) -> None:
    """Move every point to the nearest grid point at which no border crosses or touches another."""
    places = sorted({point for arc in topology.arcs for point in arc})
    number = {point: index for index, point in enumerate(places)}
    chains = [[number[point] for point in arc] for arc in topology.arcs]
    edges = sorted({_pair(a, b) for chain in chains for a, b in pairwise(chain)})
    snapper = _Snapper(np.array(_grid(places)), np.array(edges))
    for vertex in range(len(places)):
        snapper.settle(vertex)
    final = [(int(x), int(y)) for x, y in snapper.at]
    topology.arcs = [[final[vertex] for vertex in chain] for chain in chains]


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _grid(points: list[Point]) -> list[Point]:
    """Metres → grid numbers, not yet whole."""
    moved = to_degrees(shapely.MultiPoint(points))
    return [(point.x / GRID_DEGREES, point.y / GRID_DEGREES) for point in moved.geoms]


class _Snapper:
    """Points (float, n × 2, in grid numbers) and edges (whole, m × 2) of an uncrossed drawing."""

    def __init__(self, at: np.ndarray, edges: np.ndarray) -> None:
        self.at = at
        self.edges = edges
        self.beside: dict[int, list[int]] = defaultdict(list)
        for a, b in edges.tolist():
            self.beside[a].append(b)
            self.beside[b].append(a)

    def settle(self, vertex: int) -> None:
        old = self.at[vertex].copy()
        for candidate in _candidates(old):
            if self._free(vertex, old, candidate):
                self.at[vertex] = candidate
                return
        raise DrawingError(f"No free grid point near {old * GRID_DEGREES} degrees.")

    def _free(self, vertex: int, old: np.ndarray, new: np.ndarray) -> bool:
        if (self.at == new).all(axis=1).any() and not (old == new).all():
            return False
        neighbours = self.beside[vertex]
        if self._sweeps_over(vertex, old, new, neighbours):
            return False
        return not any(self._crosses(vertex, new, neighbour) for neighbour in neighbours)

    def _sweeps_over(self, vertex: int, old: np.ndarray, new: np.ndarray, neighbours: list[int]) -> bool:
        """Some other point lies where an edge of the moving point passes."""
        for neighbour in neighbours:
            others = np.ones(len(self.at), dtype=bool)
            others[[vertex, neighbour]] = False
            if _any_inside(self.at[others], old, new, self.at[neighbour]):
                return True
        return False

    def _crosses(self, vertex: int, new: np.ndarray, neighbour: int) -> bool:
        a, b = self.edges[:, 0], self.edges[:, 1]
        apart = (a != vertex) & (b != vertex) & (a != neighbour) & (b != neighbour)
        p, q = self.at[a[apart]], self.at[b[apart]]
        if _segments_meet(new, self.at[neighbour], p, q).any():
            return True
        return self._folds(vertex, new, neighbour)

    def _folds(self, vertex: int, new: np.ndarray, neighbour: int) -> bool:
        """The edge would lie upon another that leaves from one of its ends."""
        here, there = new, self.at[neighbour]
        pairs = [(here, there, self.at[n]) for n in self.beside[vertex] if n != neighbour]
        pairs += [(there, here, self.at[n]) for n in self.beside[neighbour] if n != vertex]
        return any(_same_way(*pair) for pair in pairs)


def _candidates(old: np.ndarray) -> list[np.ndarray]:
    """Whole grid points around, nearest first."""
    base = np.round(old)
    around = [base + step for step in product((-2, -1, 0, 1, 2), repeat=2)]
    return sorted(around, key=lambda c: (float(((c - old) ** 2).sum()), *c.tolist()))


def _orient(o: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    turned: np.ndarray = (a[..., 0] - o[..., 0]) * (b[..., 1] - o[..., 1]) - (a[..., 1] - o[..., 1]) * (
        b[..., 0] - o[..., 0]
    )
    return turned


def _any_inside(points: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> bool:
    low, high = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    near = points[((points >= low) & (points <= high)).all(axis=1)]
    signs = np.stack([_orient(a, b, near), _orient(b, c, near), _orient(c, a, near)])
    return bool(((signs >= 0).all(axis=0) | (signs <= 0).all(axis=0)).any())


def _segments_meet(a: np.ndarray, b: np.ndarray, p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Whether segment a–b meets each segment p–q (touching counts)."""
    boxes = (np.minimum(p, q) <= np.maximum(a, b)).all(axis=1)
    boxes &= (np.maximum(p, q) >= np.minimum(a, b)).all(axis=1)
    d1, d2 = _orient(a, b, p), _orient(a, b, q)
    d3, d4 = _orient(p, q, a), _orient(p, q, b)
    meeting: np.ndarray = boxes & (d1 * d2 <= 0) & (d3 * d4 <= 0)
    return meeting


def _same_way(corner: np.ndarray, a: np.ndarray, b: np.ndarray) -> bool:
    along = float(((a - corner) * (b - corner)).sum())
    return bool(_orient(corner, a, b) == 0) and along > 0
