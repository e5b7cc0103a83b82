"""An attack on a benefit's file: persons, households, entries and exits of all its months at once."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from scipy.optimize import linprog
from scipy.sparse import csr_array, lil_array

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, proposing, suppression
from entaxis.indicators.suppression import flows
from entaxis.sources.importing import actions as importing
from tests import factories
from tests.maps import attacker
from tests.maps.attacker import THESSALY, Key
from tests.maps.test_attack import above, doors_agree, people
from tests.sources import files

__all__ = ["above", "people"]

MONTHS = ["2023-11", "2023-12", "2024-01"]
MEASURES = ("beneficiaries", "households", "entries", "exits")
LEAST = suppression.MINIMUM_COUNT
Cell = tuple[str, str, Key]
"""Measure, month, and area with breakdown."""


def rows_of(above: dict[str, str]) -> list[dict[str, str]]:
    """Persons of towns large and tiny, each in some of the months."""
    towns = sorted(code for code in above if len(code) == 4)
    weighted = [town for at, town in enumerate(towns) for _ in range(1 + (at % 5) ** 3)]
    return list(files.many(1_500, seed=4, municipalities=weighted, months=MONTHS))


def truth_of(rows: Iterable[dict[str, str]], above: dict[str, str]) -> dict[Cell, int]:
    """What the file says, counted without the platform: of everybody, of both sexes."""
    held: dict[tuple[str, Key], set[str]] = defaultdict(set)
    homes: dict[tuple[str, Key], set[str]] = defaultdict(set)
    for row in rows:
        town = row["municipality"]
        sex = "sex=female" if row["sex"] == "Γ" else "sex=male"
        for area in (town, above[town], above[above[town]]):
            for breakdown in ("total", sex):
                held[row["month"], (area, breakdown)].add(row["amka"])
            homes[row["month"], (area, "total")].add(row["household"])
    areas = {*above, *above.values()}
    found = {}
    for month in MONTHS:
        for area in areas:
            found["households", month, (area, "total")] = len(homes[month, (area, "total")])
            for breakdown in ("total", *attacker.PARTITIONS[0]):
                found["beneficiaries", month, (area, breakdown)] = len(held[month, (area, breakdown)])
    for before, month in pairwise(MONTHS):
        for area in areas:
            now, then = held[month, (area, "total")], held[before, (area, "total")]
            found["entries", month, (area, "total")] = len(now - then)
            found["exits", month, (area, "total")] = len(then - now)
    return found


def seen_by(client: Client) -> dict[Cell, float]:
    """Every number that the interface gives of these measures."""
    found = {}
    for measure in MEASURES:
        for row in attacker.pages_of(client, f"/api/v1/observations?indicator=gmi_{measure}"):
            if row["value"] is not None:
                found[measure, str(row["period"]), (row["area"], row["breakdown"])] = float(row["value"])
    return found


def enclosed(
    known: dict[Cell, float], cells: Iterable[Cell], above: dict[str, str], wanted: Iterable[Cell]
) -> dict[Cell, tuple[float, float]]:
    """The least and the most of each wanted cell, for who knows all of them hang together."""
    order = sorted(cells)
    at = {cell: place for place, cell in enumerate(order)}
    equal: list[dict[Cell, float]] = []
    smaller: list[dict[Cell, float]] = []
    for measure in MEASURES:
        for month in MONTHS:
            keys = [key for one, when, key in order if (one, when) == (measure, month)]
            whole, inside = attacker.sums(keys, above)
            equal += [
                {(measure, month, total): -1, **{(measure, month, part): 1 for part in parts}}
                for total, parts in whole
            ]
            smaller += [{(measure, month, part): 1, (measure, month, total): -1} for part, total in inside]
    places = {key for measure, _month, key in order if measure == "entries"}
    for before, month in pairwise(MONTHS):
        for key in places:
            now, then = ("beneficiaries", month, key), ("beneficiaries", before, key)
            came, went = ("entries", month, key), ("exits", month, key)
            equal.append({now: 1, went: 1, then: -1, came: -1})
            smaller += [{came: 1, now: -1}, {went: 1, then: -1}]
    for measure, month, key in order:
        if measure == "households":
            smaller.append({("households", month, key): 1, ("beneficiaries", month, key): -1})
    bounds = [(known[cell],) * 2 if cell in known else (0, 100_000) for cell in order]
    found = {}
    for cell in wanted:
        cost = np.zeros(len(order))
        cost[at[cell]] = 1
        ends = [
            linprog(
                sign * cost, A_eq=_matrix(equal, at), b_eq=np.zeros(len(equal)),
                A_ub=_matrix(smaller, at), b_ub=np.zeros(len(smaller)), bounds=bounds,
            )
            for sign in (1, -1)
        ]  # fmt: skip
        assert all(end.success for end in ends), ends[0].message
        found[cell] = ends[0].fun, -ends[1].fun
    return found


def _matrix(lines: list[dict[Cell, float]], at: dict[Cell, int]) -> csr_array:
    matrix = lil_array((len(lines), len(at)))
    for line, factors in enumerate(lines):
        for cell, factor in factors.items():
            matrix[line, at[cell]] = factor
    return csr_array(matrix)


@pytest.fixture
def truth(
    above: dict[str, str], people: tuple[User, User], thessaly: Area, tmp_path: Path
) -> dict[Cell, int]:
    """A file that came in by its door, counted, protected, approved by another."""
    factories.vulnerable_groups()
    rows = rows_of(above)
    path = files.write(tmp_path / "gmi.csv", rows)
    edition = importing.bring_in(source=factories.source("gmi", home=thessaly), path=path, by=None)
    importing.make_current(edition=edition, by=None)
    edition.refresh_from_db()
    release = proposing.begin(edition=edition, by=people[0])
    proposing.count(release=release)
    release.refresh_from_db()
    actions.approve(release=release, by=people[1])
    return truth_of(rows, above)


def too_narrow(
    seen: dict[Cell, float], truth: dict[Cell, int], above: dict[str, str]
) -> dict[Cell, object]:
    """Small numbers that everything together encloses in fewer than `LEAST`."""
    told = {cell: number for cell, number in seen.items() if cell in truth}
    assert told.items() <= truth.items()
    persons = ("beneficiaries", "households")
    nobody = {cell: 0.0 for cell, number in truth.items() if not number and cell[0] in persons}
    small = [cell for cell, number in truth.items() if 0 < number < LEAST]
    assert {measure for measure, *_ in small} == set(MEASURES)
    assert not told.keys() & set(small)
    ends = enclosed(told | nobody, truth, above, small)
    return {cell: (low, high) for cell, (low, high) in ends.items() if high - low < LEAST - 1e-6}


def test_all_that_is_told_of_a_file_together_encloses_no_small_number(
    client: Client, truth: dict[Cell, int], above: dict[str, str]
) -> None:
    client.defaults |= THESSALY
    assert too_narrow(seen_by(client), truth, above) == {}


def test_files_and_maps_of_households_and_of_who_came_tell_what_the_interface_tells(
    client: Client, truth: dict[Cell, int]
) -> None:
    for measure in ("households", "entries"):
        found = attacker.gather(client, f"gmi_{measure}", MONTHS[-1], {"total": "everybody"}, "value")
        doors_agree(
            found, {key: n for (one, when, key), n in truth.items() if (one, when) == (measure, MONTHS[-1])}
        )


@pytest.fixture
def _flows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries and exits protected for their own smallness and not beside the persons."""

    def small(month: flows.Month, _parents: object) -> frozenset[flows.Cell]:
        return frozenset(
            cell for cell, number in month.counts.items() if cell[0] in flows.FLOWS and 0 < number < LEAST
        )

    monkeypatch.setattr(flows, "withheld", small)


@pytest.mark.usefixtures("_flows_alone")
def test_the_attack_works_out_persons_from_who_came_and_who_went(
    client: Client, truth: dict[Cell, int], above: dict[str, str]
) -> None:
    """The attacker is not blind."""
    client.defaults |= THESSALY
    found = too_narrow(seen_by(client), truth, above)
    assert any(measure == "beneficiaries" for measure, *_ in found)
