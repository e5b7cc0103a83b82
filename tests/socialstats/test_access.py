"""Reach and floating catchments: by hand, against plain loops, laws and bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialstats import access, errors

# --- by hand ---------------------------------------------------------------------------------------


def test_three_villages_and_two_places_by_hand():
    """100, 200 and 300 persons; the first place (2) reaches the first two, the second (3) the last two."""
    found = access.floating_catchment([100, 200, 300], [2, 3], [(0, 0), (1, 0), (1, 1), (2, 1)])
    assert found.demand.tolist() == [300, 500]
    np.testing.assert_allclose(found.ratios, [2 / 300, 3 / 500])
    np.testing.assert_allclose(found.access, [2 / 300, 2 / 300 + 3 / 500, 3 / 500])


def test_a_place_that_reaches_nobody_gives_nothing():
    found = access.floating_catchment([10, 0], [5, 7], [(1, 1)])
    assert found.ratios.tolist() == [0, 0]
    assert found.access.tolist() == [0, 0]


def test_who_lives_exactly_so_far_is_within():
    found = access.persons_within([10, 20, 40], [5, 5.001, np.inf], [5, 10], [0, 0, 1], 2)
    assert found.tolist() == [[10, 30], [0, 0]]


# --- against plain loops, and laws -----------------------------------------------------------------


@st.composite
def towns(draw):
    """Persons, supply and who reaches what, as a matrix of yes and no."""
    n, m = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    amounts = st.floats(0, 1e5, allow_subnormal=False).map(lambda one: round(one, 3))
    persons = draw(st.lists(amounts, min_size=n, max_size=n))
    supply = draw(st.lists(amounts, min_size=m, max_size=m))
    near = draw(st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=n, max_size=n))
    return np.array(persons), np.array(supply), np.array(near)


@given(towns())
def test_it_is_what_plain_loops_make(town):
    persons, supply, near = town
    expected = np.zeros(len(persons))
    for j in range(len(supply)):
        demand = sum(persons[i] for i in range(len(persons)) if near[i, j])
        for i in range(len(persons)):
            if near[i, j] and demand > 0:
                expected[i] += supply[j] / demand
    found = access.floating_catchment(persons, supply, np.argwhere(near))
    np.testing.assert_allclose(found.access, expected, rtol=1e-9)


@given(towns())
def test_all_that_is_offered_to_anybody_is_shared_out(town):
    persons, supply, near = town
    found = access.floating_catchment(persons, supply, np.argwhere(near))
    reaches_somebody = (persons[:, None] * near).sum(axis=0) > 0
    assert (persons * found.access).sum() == pytest.approx(supply[reaches_somebody].sum(), rel=1e-9)


@given(towns(), st.floats(0.1, 50), st.floats(0.1, 50))
def test_more_supply_is_more_and_more_people_are_less_for_each(town, more, people):
    persons, supply, near = town
    pairs = np.argwhere(near)
    first = access.floating_catchment(persons, supply, pairs)
    second = access.floating_catchment(persons * people, supply * more, pairs)
    np.testing.assert_allclose(second.access, first.access * more / people, rtol=1e-9)


@given(towns())
def test_a_village_in_two_halves_is_the_same_village(town):
    persons, supply, near = town
    halves = np.concatenate([persons / 2, persons / 2])
    whole = access.floating_catchment(persons, supply, np.argwhere(near))
    parted = access.floating_catchment(halves, supply, np.argwhere(np.concatenate([near, near])))
    np.testing.assert_allclose(parted.access, np.tile(whole.access, 2), rtol=1e-9)


@given(towns(), st.lists(st.floats(0, 40), min_size=1, max_size=4))
def test_farther_never_holds_fewer_and_areas_add_up(town, limits):
    persons, _, _ = town
    nearest = np.linspace(0, 40, len(persons))
    ends = sorted(limits)
    areas = np.arange(len(persons)) % 3
    found = access.persons_within(persons, nearest, ends, areas, 3)
    assert (np.diff(found, axis=1) >= -1e-9).all()
    whole = access.persons_within(persons, nearest, ends, np.zeros(len(persons), dtype=int), 1)
    np.testing.assert_allclose(found.sum(axis=0), whole[0], rtol=1e-9)


# --- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persons", "supply", "reach"),
    [
        ([-1, 2], [1], [(0, 0)]),
        ([1, 2], [-1], [(0, 0)]),
        ([1, np.nan], [1], [(0, 0)]),
        ([1, 2], [1], [(2, 0)]),
        ([1, 2], [1], [(0, 1)]),
        ([1, 2], [1], [(-1, 0)]),
        ([1, 2], [1], [(0, 0), (0, 0)]),
        ([1, 2], [1], [(0.5, 0)]),
        ([1, 2], [1], [0, 1]),
        (["a"], [1], [(0, 0)]),
    ],
)
def test_what_makes_no_sense_is_refused(persons, supply, reach):
    with pytest.raises(errors.SocialStatsError):
        access.floating_catchment(persons, supply, reach)


@pytest.mark.parametrize(
    ("nearest", "areas"), [([1.0], [0, 0]), ([np.nan, 1], [0, 0]), ([-1, 1], [0, 0]), ([1, 1], [0, 2])]
)
def test_a_distance_or_an_area_that_is_none_is_refused(nearest, areas):
    with pytest.raises(errors.SocialStatsError):
        access.persons_within([1, 1], nearest, [5], areas, 2)
