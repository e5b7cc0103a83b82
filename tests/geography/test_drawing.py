"""Laws of the project's own drawing of the municipalities, on the file that is shipped."""

from __future__ import annotations

import contextlib
import csv
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import shapely
import shapely.ops
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from entaxis.geography import drawing
from entaxis.geography.projection import area_km2, to_degrees, to_metres
from entaxis.geography.topology import Topology, TopologyError, cut, read_topojson, to_topojson

DATA = Path(drawing.__file__).parent / "data"
OFFICIAL = Path(__file__).parents[3] / "shared" / "geo"
DOCUMENT: dict[str, Any] = json.loads((DATA / "outlines.json").read_text(encoding="utf-8"))
AREAS = list(csv.DictReader((DATA / "areas.csv").read_text(encoding="utf-8").splitlines(), delimiter=";"))
MUNICIPALITIES = {
    row["code"]: row for row in AREAS if row["level"] == "municipality" and row["register"] == "2019"
}


@pytest.fixture(scope="module")
def outlines() -> dict[str, MultiPolygon]:
    return {f.properties["id"]: f.outline for f in read_topojson(DOCUMENT)}


def grid_arcs() -> list[list[tuple[int, int]]]:
    arcs = []
    for steps in DOCUMENT["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x, y))
        arcs.append(arc)
    return arcs


def references() -> dict[str, list[list[list[int]]]]:
    areas = DOCUMENT["objects"]["municipalities"]["geometries"]
    return {area["id"]: area["arcs"] for area in areas}


def test_it_is_small_and_credits_its_source() -> None:
    assert (DATA / "outlines.json").stat().st_size < 60_000
    assert "geodata.gov.gr" in DOCUMENT["source"]
    assert DOCUMENT["licence"] == "CC BY 3.0"
    assert DOCUMENT["transform"]["scale"] == [0.002, 0.002]


def test_every_municipality_is_drawn_and_nothing_else(outlines: dict[str, MultiPolygon]) -> None:
    assert set(outlines) == set(MUNICIPALITIES)
    assert len(outlines) == 51


def test_points_are_whole_steps_and_arcs_are_held_once() -> None:
    arcs = grid_arcs()
    assert all(isinstance(n, int) for arc in DOCUMENT["arcs"] for step in arc for n in step)
    once = Counter(min(tuple(arc), tuple(reversed(arc))) for arc in arcs)
    assert max(once.values()) == 1
    assert all(here != there for arc in arcs for here, there in pairwise(arc))


def test_no_main_part_has_more_than_eighty_points(outlines: dict[str, MultiPolygon]) -> None:
    for code, outline in outlines.items():
        main = max(outline.geoms, key=lambda part: part.area)
        assert len(main.exterior.coords) - 1 <= 80, code


def test_the_coverage_is_valid_for_geos(outlines: dict[str, MultiPolygon]) -> None:
    assert all(outline.is_valid for outline in outlines.values())
    assert shapely.coverage_is_valid(list(outlines.values()))


def test_no_border_crosses_or_touches_another_in_whole_numbers() -> None:
    """Independent of GEOS: exact integer arithmetic over every pair of segments that come near."""
    segments = [(a, b) for arc in grid_arcs() for a, b in pairwise(arc)]
    assert len(set(map(frozenset, segments))) == len(segments)
    cells: dict[tuple[int, int], set[int]] = {}
    for number, (a, b) in enumerate(segments):
        for cell in covered_cells(a, b):
            cells.setdefault(cell, set()).add(number)
    pairs = {(i, j) for held in cells.values() for i in held for j in held if i < j}
    assert not [(segments[i], segments[j]) for i, j in pairs if meet(segments[i], segments[j])]


Grid = tuple[int, int]


def covered_cells(a: Grid, b: Grid) -> list[Grid]:
    xs, ys = sorted((a[0] // 16, b[0] // 16)), sorted((a[1] // 16, b[1] // 16))
    return [(x, y) for x in range(xs[0], xs[1] + 1) for y in range(ys[0], ys[1] + 1)]


def turn(o: Grid, a: Grid, b: Grid) -> int:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def on(p: Grid, a: Grid, b: Grid) -> bool:
    between = all(min(a[k], b[k]) <= p[k] <= max(a[k], b[k]) for k in (0, 1))
    return between and turn(a, b, p) == 0


def meet(first: tuple[Grid, Grid], second: tuple[Grid, Grid]) -> bool:
    """Segments meet elsewhere than in a common end."""
    (a, b), (c, d) = first, second
    common = {a, b} & {c, d}
    if common:
        return any(on(p, *second) for p in {a, b} - common) or any(on(p, *first) for p in {c, d} - common)
    if any((on(a, c, d), on(b, c, d), on(c, a, b), on(d, a, b))):
        return True
    opposite = (turn(a, b, c) > 0) != (turn(a, b, d) > 0)
    return opposite and (turn(c, d, a) > 0) != (turn(c, d, b) > 0)


def test_every_border_has_one_area_on_each_side_or_the_outside() -> None:
    """An arc is walked at most once each way: so two areas never lie on the same side of it."""
    walked = Counter(r for rings in references().values() for ring in rings for part in ring for r in part)
    assert max(walked.values()) == 1
    arcs = len(DOCUMENT["arcs"])
    assert {max(r, ~r) for r in walked} == set(range(arcs))


def test_no_gap_is_enclosed(outlines: dict[str, MultiPolygon]) -> None:
    union = shapely.union_all(list(outlines.values()))
    assert not [ring for part in union.geoms for ring in part.interiors]


def test_areas_add_up_to_what_they_cover(outlines: dict[str, MultiPolygon]) -> None:
    each = sum(outline.area for outline in outlines.values())
    assert each == pytest.approx(shapely.union_all(list(outlines.values())).area, rel=1e-9)


def test_each_area_has_about_the_size_that_is_known(outlines: dict[str, MultiPolygon]) -> None:
    known = {code: float(row["area_km2"]) for code, row in MUNICIPALITIES.items()}
    drawn = {code: area_km2(outline) for code, outline in outlines.items()}
    assert sum(drawn.values()) == pytest.approx(sum(known.values()), rel=0.01)
    for code, size in drawn.items():
        assert size == pytest.approx(known[code], rel=0.08, abs=1.0), code


def test_every_municipality_can_be_seen(outlines: dict[str, MultiPolygon]) -> None:
    for code, outline in outlines.items():
        west, south, east, north = to_metres(outline).bounds
        assert min(east - west, north - south) > 2500, code


def test_seats_that_are_surely_placed_lie_in_their_municipality(
    outlines: dict[str, MultiPolygon],
) -> None:
    for code, row in MUNICIPALITIES.items():
        if row["seat_quality"] == "good":
            seat = to_metres(shapely.Point(float(row["seat_lon"]), float(row["seat_lat"])))
            assert to_metres(outlines[code]).distance(seat) < 700, code


@pytest.fixture(scope="module")
def official() -> dict[str, MultiPolygon]:
    path = OFFICIAL / "boundaries_th_pe_2011geom_2021codes.geojson"
    if not path.exists():
        pytest.skip("the official outlines are not beside this checkout")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["elstat_2021"]: shapely.geometry.shape(f["geometry"]) for f in features}


def test_neighbours_are_those_of_the_official_outlines(official: dict[str, MultiPolygon]) -> None:
    arcs = [[(float(x), float(y)) for x, y in arc] for arc in grid_arcs()]
    assert Topology(arcs, references()).neighbours() == cut(official).neighbours()


def test_the_drawing_lies_upon_the_official_outlines(
    official: dict[str, MultiPolygon], outlines: dict[str, MultiPolygon]
) -> None:
    for code, outline in outlines.items():
        common = outline.intersection(official[code]).area
        assert common / outline.union(official[code]).area > 0.88, code


def test_islands_from_one_km2_up_are_kept(
    official: dict[str, MultiPolygon], outlines: dict[str, MultiPolygon]
) -> None:
    for code, outline in official.items():
        large = [part for part in outline.geoms if area_km2(part) >= 1]
        assert len(outlines[code].geoms) == max(1, len(large)), code


# --- the method, on coverages made here -------------------------------------------------------


def quarters(points: int = 60) -> dict[str, MultiPolygon]:
    """Four neighbours around Larissa with wavy borders, in degrees."""
    wave = [(k / points, 0.04 * ((k * 7919) % 11 - 5) / 5) for k in range(points + 1)]
    across = shapely.LineString([(360_000 + 40_000 * t, 4_380_000 + 4e4 * w) for t, w in wave])
    down = shapely.LineString([(380_000 + 4e4 * w, 4_360_000 + 40_000 * t) for t, w in wave])
    frame = box(360_500, 4_360_500, 399_500, 4_399_500)
    pieces = shapely.ops.polygonize(shapely.union_all([frame.boundary, across, down]).geoms)
    inside = [piece for piece in pieces if frame.contains(piece.representative_point())]
    return {str(k): MultiPolygon([to_degrees(piece)]) for k, piece in enumerate(inside)}


def test_a_drawing_keeps_neighbours_and_shares_borders() -> None:
    outlines = {code: o for code, o in quarters().items() if area_km2(o) > 1}
    drawn = drawing.draw(outlines)
    assert drawn.neighbours() == cut(outlines).neighbours()
    assert shapely.coverage_is_valid(list(drawn.outlines().values()))


def test_outlines_that_overlap_are_refused() -> None:
    first, second = box(22.0, 39.0, 22.2, 39.2), box(22.1, 39.0, 22.3, 39.2)
    with pytest.raises(drawing.DrawingError):
        drawing.draw({"a": MultiPolygon([first]), "b": MultiPolygon([second])})


def test_specks_go_and_exclaves_and_only_islets_stay() -> None:
    main, islet = box(0, 0, 5000, 5000), box(9000, 0, 9500, 500)
    neighbour, exclave = box(5000, 0, 10000, 5000).difference(islet), islet
    kept = drawing.without_specks(
        {
            "a": MultiPolygon([main, exclave]),
            "b": MultiPolygon([neighbour, box(20000, 0, 20500, 500)]),
            "c": MultiPolygon([box(30000, 0, 30400, 400)]),
        }
    )
    assert {code: len(outline.geoms) for code, outline in kept.items()} == {"a": 2, "b": 1, "c": 1}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=4, max_size=9, unique=True),
    st.integers(0, 10_000),
)
def test_topojson_written_and_read_gives_the_same_outlines(
    seeds: list[tuple[int, int]], shift: int
) -> None:
    cells = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=box(0, 0, 400, 400))
    coverage = {
        str(k): Polygon([(round(x) + shift, round(y) - shift) for x, y in cell.exterior.coords])
        for k, cell in enumerate(cells.geoms)
    }
    if not all(cell.is_valid for cell in coverage.values()):
        return
    topology = cut(coverage)
    document = json.loads(json.dumps(to_topojson(topology, name="x", step_degrees=1, credit={})))
    read = {f.properties["id"]: f.outline for f in read_topojson(document)}
    for code, cell in coverage.items():
        assert read[code].equals(MultiPolygon([cell]))


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "arcs", "objects", "geometries", "transform", "scale", "translate", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(arcs=NONSENSE, objects=NONSENSE, transform=NONSENSE)
def test_a_nonsensical_topology_is_refused_and_breaks_nothing(
    arcs: Any, objects: Any, transform: Any
) -> None:
    document = {"type": "Topology", "arcs": arcs, "objects": objects, "transform": transform}
    with contextlib.suppress(TopologyError):
        assert isinstance(read_topojson(document), list)


@settings(max_examples=200, deadline=None)
@given(
    references=st.lists(st.lists(st.integers(-4, 4), max_size=4), max_size=3),
    points=st.lists(st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), max_size=5), max_size=4),
)
def test_arcs_that_do_not_close_are_refused_and_break_nothing(
    references: list[list[int]], points: list[list[list[int]]]
) -> None:
    geometry = {"type": "Polygon", "arcs": references}
    try:
        found = read_topojson({"type": "Topology", "arcs": points, "objects": {"a": geometry}})
    except TopologyError:
        return
    assert all(isinstance(feature.outline, MultiPolygon) for feature in found)
