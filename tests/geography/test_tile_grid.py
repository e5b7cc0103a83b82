"""Squares for areas: one for each, none twice, near their places, the same every time."""

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon

from entaxis.geography.tile_grid import SIDE_M, tiles


def at(x: float, y: float) -> MultiPolygon:
    return MultiPolygon([shapely.box(x, y, x + 1000, y + 1000)])


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_every_area_has_a_square_of_its_own(places: list[tuple[int, int]]) -> None:
    shapes = [at(x * 1000.0, y * 1000.0) for x, y in places]
    found = tiles(shapes)
    corners = {shape.bounds for shape in found}
    assert len(corners) == len(shapes)
    assert all(shape.area == SIDE_M**2 for shape in found)
    assert [shape.bounds for shape in tiles(shapes)] == [shape.bounds for shape in found]


def test_directions_stay() -> None:
    west, east, north = tiles([at(0, 0), at(300_000, 0), at(150_000, 300_000)])
    assert west.bounds[0] < east.bounds[0]
    assert north.bounds[1] > west.bounds[1]


def test_no_area_no_square() -> None:
    assert tiles([]) == []
