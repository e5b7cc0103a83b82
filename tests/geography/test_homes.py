"""Where residents are taken to live: a grid over the land, communities where all are known, lands apart."""

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import Point
from shapely import MultiPolygon, box

from entaxis.geography import homes
from entaxis.geography.models import Area, Level, Population
from tests import factories


@pytest.fixture
def thessaly(db: None) -> Area:
    factories.geography()
    return Area.objects.get(code="EL61")


def square(*corners: float) -> MultiPolygon:
    return MultiPolygon([box(*corners)])


def test_a_grid_lies_in_the_outline_and_covers_it_evenly() -> None:
    outline = square(400_100, 4_300_100, 430_100, 4_320_100)
    points = homes.grid(outline)
    assert len(points) == 30 * 20  # one a square kilometre
    assert shapely.contains_xy(outline, points[:, 0], points[:, 1]).all()
    halves = points[:, 0] < 415_100
    assert halves.sum() == len(points) / 2


def test_a_small_outline_has_a_finer_grid_and_the_smallest_still_a_point() -> None:
    assert len(homes.grid(square(0, 0, 7_000, 7_000))) >= homes.LEAST_POINTS
    assert len(homes.grid(square(10, 10, 20, 20))) == 1


def test_an_islet_holds_nobody_unless_it_is_all() -> None:
    island, islet = box(0, 0, 9_000, 9_000), box(20_000, 0, 21_000, 1_000)
    assert homes.grid(MultiPolygon([island, islet]))[:, 0].max() < 9_000
    assert len(homes.grid(MultiPolygon([islet]))) > 1


def test_neighbours_are_one_land_and_an_island_is_another() -> None:
    found = homes.lands(
        [square(0, 0, 9_000, 9_000), square(9_030, 0, 20_000, 9_000), square(25_000, 0, 30_000, 5_000)]
    )
    assert len(found) == 2


def test_everybody_of_the_census_lives_somewhere(thessaly: Area) -> None:
    found = homes.homes(thessaly)
    assert found is not None
    assert found.persons.sum() == pytest.approx(687_527)
    assert len(found.codes) == 25
    assert found.of_communities == frozenset()
    lands = found.land_of(found.points)
    main = np.bincount(lands).argmax()
    codes = np.array(found.codes)[found.municipality]
    islands = {"Σκιάθου", "Σκοπέλου", "Αλοννήσου"}
    named = Area.objects.municipalities().filter(name_el_genitive__in=islands)
    assert named.count() == 3
    for area in named:
        assert main not in lands[codes == area.code]
    assert set(lands[codes == "2401"]) == {main}


def community(municipality: Area, code: str, persons: int, *, seat: Point | None) -> Area:
    made = Area.objects.create(
        level=Level.COMMUNITY,
        register_year=2019,
        code=code,
        name_el=code,
        parent=municipality,
        region=municipality.region,
        seat=seat,
    )
    Population.objects.create(area=made, year=2021, vintage="provisional", persons=persons, source="x")
    return made


def test_communities_stand_in_the_place_of_the_grid_only_where_all_are_known(thessaly: Area) -> None:
    volos = Area.objects.municipalities().get(code="2401")
    persons = volos.populations.get(year=2021).persons
    before = homes.state(thessaly)
    community(volos, "24010101", 100_000, seat=Point(22.944, 39.366))
    found = homes.homes(thessaly)
    assert found is not None
    assert found.of_communities == frozenset()  # the others are missing: they do not add up
    last = community(volos, "24010102", persons - 100_000, seat=Point(22.99, 39.35))
    found = homes.homes(thessaly)
    assert found is not None
    assert found.of_communities == {"2401"}
    here = found.municipality == found.codes.index("2401")
    assert sorted(found.persons[here]) == [persons - 100_000, 100_000]
    assert homes.state(thessaly) != before
    last.seat = None
    last.save()
    found = homes.homes(thessaly)
    assert found is not None
    assert found.of_communities == frozenset()


def test_without_outlines_or_residents_there_are_none(thessaly: Area) -> None:
    Population.objects.all().delete()
    assert homes.homes(thessaly) is None
    assert homes.state(thessaly) is None


def test_the_state_changes_with_residents_and_seats(thessaly: Area) -> None:
    first = homes.state(thessaly)
    assert homes.state(thessaly) == first
    Area.objects.filter(code="2401").update(seat=Point(22.9, 39.4))
    second = homes.state(thessaly)
    Population.objects.filter(area__code="2401").update(persons=1)
    assert len({first, second, homes.state(thessaly)}) == 3
