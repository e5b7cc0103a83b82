"""Who came and who went never tell who was there: attacks on the four measures of one month together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from entaxis.indicators.suppression import flows
from entaxis.indicators.suppression.questions import MINIMUM_COUNT, withheld

PARENTS = {11: 1, 12: 1, 21: 2, 22: 2, 1: 9, 2: 9}
TOWNS = (11, 12, 21, 22)
SIGNS = {"stock": 1, "exits": 1, "before": -1, "entries": -1}


def whole(towns: dict[int, int]) -> dict[int, int]:
    """With the units and the region."""
    units = {unit: sum(n for town, n in towns.items() if PARENTS[town] == unit) for unit in (1, 2)}
    return towns | units | {9: sum(units.values())}


def month_of(stays: list[int], came: list[int], went: list[int]) -> flows.Month:
    """Stocks withheld as their own tables are."""
    measures = {
        "stock": [a + b for a, b in zip(stays, came, strict=True)],
        "before": [a + b for a, b in zip(stays, went, strict=True)],
        "entries": came,
        "exits": went,
    }
    counts = {
        (name, area): number
        for name, numbers in measures.items()
        for area, number in whole(dict(zip(TOWNS, numbers, strict=True))).items()
    }
    hidden = set()
    for name in ("stock", "before"):
        persons = {(area, "total"): number for (one, area), number in counts.items() if one == name}
        unsafe = [key for key, number in persons.items() if 0 < number < MINIMUM_COUNT]
        needed = {key: max(number, MINIMUM_COUNT) for key, number in persons.items()}
        hidden |= {(name, area) for area, _ in withheld(persons, PARENTS, unsafe=unsafe, needed=needed)}
    return flows.Month(counts, hidden)


def attack(month: flows.Month, seen: set[flows.Cell], cell: flows.Cell) -> tuple[float, float]:
    """The fewest and the most that an outsider must allow for, by a program of its own."""
    cells = list(month.counts)
    place = {one: at for at, one in enumerate(cells)}
    lines = []
    for area in (*TOWNS, 1, 2, 9):
        line = np.zeros(len(cells))
        for name, sign in SIGNS.items():
            line[place[name, area]] = sign
        lines.append(line)
    for name in SIGNS:
        for above in (1, 2, 9):
            line = np.zeros(len(cells))
            line[place[name, above]] = -1
            line[[place[name, area] for area, parent in PARENTS.items() if parent == above]] = 1
            lines.append(line)
    stayed = np.zeros((2 * len(PARENTS) + 2, len(cells)))  # nobody came who is not here
    for at, area in enumerate((*TOWNS, 1, 2, 9)):
        for line, (part, of) in zip(
            stayed[2 * at : 2 * at + 2], [("entries", "stock"), ("exits", "before")], strict=True
        ):
            line[place[part, area]], line[place[of, area]] = 1, -1
    bounds = [(month.counts[one],) * 2 if one in seen else (0, 10_000) for one in cells]
    cost = np.zeros(len(cells))
    cost[place[cell]] = 1
    low, high = (
        linprog(
            sign * cost,
            A_ub=stayed,
            b_ub=np.zeros(len(stayed)),
            A_eq=np.array(lines),
            b_eq=np.zeros(len(lines)),
            bounds=bounds,
        )
        for sign in (1, -1)
    )
    assert low.success
    assert high.success
    return low.fun, -high.fun


def seen_of(month: flows.Month, gone: frozenset[flows.Cell]) -> set[flows.Cell]:
    return set(month.counts) - set(month.hidden) - gone


def test_the_persons_of_two_months_and_who_moved_would_tell_the_withheld_town() -> None:
    month = month_of(stays=[3, 80, 70, 60], came=[0, 7, 8, 9], went=[40, 6, 5, 9])
    assert ("stock", 11) in month.hidden
    assert ("before", 11) not in month.hidden
    everything = seen_of(month, frozenset())
    assert attack(month, everything, ("stock", 11)) == (3, 3), "the attack is not blind"
    low, high = attack(month, seen_of(month, flows.withheld(month, PARENTS)), ("stock", 11))
    assert low <= 1e-6
    assert high >= 3 + MINIMUM_COUNT - 1e-6


def test_somebody_who_moved_to_the_next_town_is_allowed_for() -> None:
    """Persons of two months need not balance in a town: a move is neither an entry nor an exit."""
    month = month_of(stays=[3, 80, 70, 60], came=[0, 7, 8, 9], went=[40, 6, 5, 9])
    counts = {**month.counts, ("stock", 11): 4, ("stock", 12): month.counts["stock", 12] - 1}
    gone = flows.withheld(flows.Month(counts, month.hidden), PARENTS)
    assert {("entries", 11), ("exits", 11)} & gone


def test_nothing_is_withheld_where_everybody_may_know() -> None:
    assert not flows.withheld(month_of([30, 80, 70, 60], [0, 7, 8, 9], [10, 6, 5, 9]), PARENTS)


numbers = st.lists(st.integers(0, 30), min_size=4, max_size=4)


@given(stays=st.lists(st.integers(0, 90), min_size=4, max_size=4), came=numbers, went=numbers)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_small_number_is_enclosed_more_closely_than_what_is_open_anyway(
    stays: list[int], came: list[int], went: list[int]
) -> None:
    month = month_of(stays, came, went)
    seen = seen_of(month, flows.withheld(month, PARENTS))
    stocks = {cell for cell in month.counts if cell[0] not in flows.FLOWS} - set(month.hidden)
    for cell, number in month.counts.items():
        if not 0 < number < MINIMUM_COUNT or (cell[0] not in flows.FLOWS and cell not in month.hidden):
            continue
        assert cell not in seen
        open_low, open_high = attack(month, stocks, cell)
        low, high = attack(month, seen, cell)
        assert low <= max(0, open_low) + 1e-6
        assert high >= min(number + MINIMUM_COUNT, open_high) - 1e-6


def test_a_town_that_everybody_left_tells_no_small_number_of_who_went() -> None:
    """Four of six moved to the next town: nobody outside knows that, and the other towns' exits add up."""
    before = whole({11: 6, 12: 60, 21: 50, 22: 70})
    came, went = whole({11: 0, 12: 5, 21: 7, 22: 9}), whole({11: 2, 12: 8, 21: 5, 22: 6})
    moved = {11: -4, 12: 4}
    counts: dict[flows.Cell, int] = {}
    for area in before:
        stock = before[area] + came[area] - went[area] + moved.get(area, 0)
        counts |= {("stock", area): stock, ("before", area): before[area]}
        counts |= {("entries", area): came[area], ("exits", area): went[area]}
    gone = flows.withheld(flows.Month(counts, hidden=set()), PARENTS)
    exits = {area for name, area in gone if name == "exits"}
    assert 11 in exits
    assert len(exits & {11, 12, 1}) > 1, "the others of its unit would tell it"


def test_large_persons_withheld_for_a_small_part_of_them_are_not_worked_out() -> None:
    """Persons of a town stay back because one of them is a woman: who came would tell how many they are."""
    month = month_of(stays=[20, 60, 70, 80], came=[2, 7, 8, 9], went=[0, 6, 5, 9])
    shut = {("stock", 11), ("stock", 12)}
    held = flows.Month(month.counts, shut)
    assert attack(held, seen_of(held, frozenset()), ("stock", 11)) == (22, 22)
    low, high = attack(held, seen_of(held, flows.withheld(held, PARENTS)), ("stock", 11))
    assert low <= 22 - MINIMUM_COUNT + 1e-6
    assert high >= 22 + MINIMUM_COUNT - 1e-6
