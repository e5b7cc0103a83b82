"""Attacks: what is withheld must not follow from what is shown, in one release or in two."""

from itertools import pairwise

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from scipy.optimize import linprog

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, suppression
from entaxis.indicators.models import Candidate, IndicatorVersion, Observation, Reason, Release
from tests.indicators.conftest import PERSONS, Publish, cells

pytestmark = pytest.mark.django_db
Key = tuple[str, str]


def shown(release: Release) -> set[Key]:
    rows = Observation.objects.filter(series__release=release, value__isnull=False)
    return set(rows.values_list("area__code", "breakdown"))


def derivable(known: set[Key], everything: set[Key]) -> set[Key]:
    """Cells that the sums determine from the known ones, by linear algebra alone."""
    order = sorted(everything)
    place = {key: at for at, key in enumerate(order)}
    lines = []
    for area, breakdown in order:
        parts = [key for key in order if key[1] == breakdown and _above(key[0]) == area]
        sexes = [key for key in order if key[0] == area and key[1].startswith("sex=")]
        for group in (parts, sexes if breakdown == "total" else []):
            if group:
                line = np.zeros(len(order))
                line[place[area, breakdown]] = -1
                line[[place[key] for key in group]] = 1
                lines.append(line)
    unknown = [place[key] for key in order if key not in known]
    matrix = np.array(lines)[:, unknown]
    _u, singular, rows = np.linalg.svd(matrix)
    null = rows[(singular > 1e-9).sum() :]
    free = np.abs(null).max(axis=0) > 1e-9 if len(null) else np.zeros(len(unknown), dtype=bool)
    return {order[at] for at, is_free in zip(unknown, free, strict=True) if not is_free}


def _above(code: str) -> str:
    return "EL61" if len(code) == 2 else code[:2] if len(code) == 4 and code != "EL61" else ""


def keys(rows: list[Candidate]) -> set[Key]:
    codes = dict(Area.objects.values_list("pk", "code"))
    return {(codes[row.area_id], row.breakdown) for row in rows}


def test_a_withheld_municipality_does_not_follow_from_its_unit(publish: Publish, region: Area) -> None:
    release = publish()
    seen = shown(release)
    assert ("2203", "total") not in seen
    hidden = {key for key in keys(cells(region)) if key not in seen}
    assert len(hidden) > 1, "the only withheld part of a total is no secret"
    assert not derivable(seen, keys(cells(region)))


def test_the_attack_finds_a_cell_that_nothing_protects(region: Area) -> None:
    """The attack itself works: it is not blind."""
    everything = keys(cells(region))
    assert derivable(everything - {("2203", "total")}, everything) == {("2203", "total")}


def test_two_releases_together_give_nothing_away(
    publish: Publish, propose: Publish, region: Area, approver: User
) -> None:
    first = publish()
    persons = PERSONS | {"2203": 12, "2202": 18, "2302": 15}  # other cells become too small
    again = propose(cells(region, persons=persons), supersedes=first, notes={"el": "Διόρθωση"})
    with pytest.raises(actions.NotNowError, match="δεν προστατεύονται"):
        actions.approve(release=again, by=approver)
    assert not shown(again)
    exposed = derivable(shown(first), keys(cells(region)))
    assert ("2203", "total") not in exposed


def test_the_same_figures_again_withhold_no_other_cells(publish: Publish, region: Area) -> None:
    """Else each repetition would show what the former one hid to protect another."""
    first = publish()
    again = publish(supersedes=first, notes={"el": "Ξανά"})
    assert not derivable(shown(first) | shown(again), keys(cells(region)))


def test_withheld_rows_tell_the_reason_and_nothing_else(publish: Publish) -> None:
    publish()
    row = Observation.objects.get(area__code="2203")
    assert (row.reason, row.value, row.n, row.n_effective, row.flag) == (
        Reason.SMALL_SAMPLE,
        None,
        None,
        None,
        "",
    )
    others = Observation.objects.filter(reason=Reason.PROTECTS)
    assert others.exists()


def test_a_model_stands_in_for_a_thin_sample(publish: Publish, region: Area) -> None:
    rows = cells(region)
    small = next(row for row in rows if row.area_id == Area.objects.get(code="2203").pk)
    fields = {
        name: getattr(small, name) for name in ("version", "period", "area_id", "breakdown", "members", "n")
    }
    model = Candidate(
        **fields,
        kind=Candidate.MODELLED,
        value=21.0,
        standard_error=2.5437,
        ci_low=16.0144,
        ci_high=25.9856,
        flag="",
        note="",
    )
    publish([*rows, model])
    row = Observation.objects.get(area__code="2203")
    assert row.is_modelled
    assert row.value == 21.0
    assert row.n is None, "fewer than 20 persons: not even their number"
    assert (row.standard_error, row.ci_low, row.ci_high) == (2.5, 16.0, 26.0), "nor an error that tells it"


def test_small_counts_of_a_register_and_their_complements_are_withheld(
    publish: Publish, region: Area
) -> None:
    version = IndicatorVersion.objects.get(indicator__code="gmi_beneficiaries")
    counts = {"2201": 900, "2202": 40, "2203": 3, "2301": 500, "2302": 60, "2303": 70}
    units = {unit: sum(v for k, v in counts.items() if k.startswith(unit)) for unit in ("22", "23")}
    areas = dict(Area.objects.values_list("code", "pk"))
    everything = counts | units | {"EL61": sum(counts.values())}
    rows = [
        Candidate(
            version=version, period="2024-05", area_id=areas[code], breakdown="total", kind=Candidate.COUNT,
            value=float(number), standard_error=None, ci_low=None, ci_high=None, n=None, n_effective=None,
            members=number, flag="", note="",
        )
        for code, number in everything.items()
    ]  # fmt: skip
    release = publish(rows)
    assert Observation.objects.get(area__code="2203").reason == Reason.SMALL_COUNT
    assert not derivable(shown(release), {(code, "total") for code in everything})
    assert all(a != b for a, b in pairwise(sorted(everything)))


def test_overlapping_groups_are_protected_in_pieces_and_proved_together() -> None:
    """Sub-groups of which one may have several, below totals, sexes and ages that add up."""
    rng = np.random.default_rng(7)
    parents = {place: 10 + place % 3 for place in range(100, 112)} | {10: 1, 11: 1, 12: 1}
    persons: dict[tuple[int, str], int] = {}
    for place in range(100, 112):
        women, men = (int(one) for one in rng.integers(3, 60, 2))
        persons |= {(place, "total"): women + men, (place, "sex=female"): women, (place, "sex=male"): men}
        for group in ("a", "b", "c"):
            persons[place, f"subgroup={group}"] = int(rng.binomial(women + men, 0.12))
    for above in (10, 11, 12, 1):
        for breakdown in ("total", "sex=female", "sex=male", *(f"subgroup={one}" for one in "abc")):
            persons[above, breakdown] = sum(
                number
                for (area, key), number in persons.items()
                if key == breakdown and parents.get(area) == above
            )
    unsafe = {key for key, number in persons.items() if 0 < number < 5}
    assert any("subgroup" in key for _, key in unsafe)
    needed = {key: max(number, 5) for key, number in persons.items()}
    hidden = suppression.withheld(persons, parents, unsafe=unsafe, needed=needed)
    assert unsafe <= hidden
    sums, pairs, _leaving_out = suppression.relations(persons, parents)
    assert all("subgroup" in part[1] for part, _ in pairs)
    # an outsider with every sum and "a group is part of all": no unsafe count is enclosed
    cells = list(persons)
    place_of = {key: at for at, key in enumerate(cells)}
    lines = np.zeros((len(sums), len(cells)))
    for line, (whole, parts) in zip(lines, sums, strict=True):
        line[place_of[whole]] = -1
        line[[place_of[part] for part in parts]] = 1
    parts_of = np.zeros((len(pairs), len(cells)))
    for line, (part, whole) in zip(parts_of, pairs, strict=True):
        line[place_of[part]], line[place_of[whole]] = 1, -1
    bounds = [(0, None) if key in hidden else (persons[key],) * 2 for key in cells]
    for key in unsafe:
        cost = np.zeros(len(cells))
        cost[place_of[key]] = -1
        most = linprog(
            cost,
            A_eq=lines,
            b_eq=np.zeros(len(sums)),
            A_ub=parts_of,
            b_ub=np.zeros(len(pairs)),
            bounds=bounds,
        )
        assert most.status == 3 or -most.fun >= persons[key] + 5 - 1e-6


def test_a_table_that_nothing_protects_waits_for_a_person(
    publish: Publish, propose: Publish, region: Area, approver: User
) -> None:
    """What is public already encloses the small cell: nothing is approved until it is left out."""
    large = PERSONS | {"2203": 70, "2202": 80}
    first = publish(cells(region, persons=large) + cells(region, code="arope", persons=large))
    small = cells(region, persons=large | {"2203": 12})
    release = propose(
        small + cells(region, code="arope", persons=large), supersedes=first, notes={"el": "Διόρθωση"}
    )
    assert not release.checks["passed"]
    assert release.checks["undecided"] == 1
    with pytest.raises(actions.NotNowError):
        actions.approve(release=release, by=approver)
    version = small[0].version
    with pytest.raises(actions.NotNowError):
        actions.leave_out(release=release, version=version, period="1999", by=approver)
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(approver)
    address = reverse("indicators:office-release", args=[release.pk])
    assert "δεν προστατεύ" in client.get(address).content.decode()
    step = {"step": "leave_out", "table": f"{version.pk}/2023"}
    client.post(reverse("indicators:office-step", args=[release.pk]), step)
    release.refresh_from_db()
    actions.check(release=release)
    assert release.checks["passed"]
    actions.approve(release=release, by=approver)
    assert not Observation.objects.filter(series__release=release, series__indicator__code="arop").exists()
    assert Observation.objects.filter(series__indicator__code="arop", series__is_current=True).exists()


def test_the_poor_of_a_small_cell_do_not_follow_from_those_of_the_others(
    publish: Publish, region: Area
) -> None:
    """All the poor stand in cells that protecting the persons alone would show: the small one has none."""
    rows = cells(region)
    for row in rows:
        row.numerator = row.members // 5
    codes = dict(Area.objects.values_list("pk", "code"))
    towns = {
        codes[row.area_id]: row
        for row in rows
        if row.breakdown == "total" and len(codes[row.area_id]) == 4 and codes[row.area_id] != "EL61"
    }
    persons_alone = shown_by_persons_alone(region, rows)
    hidden = {code for code in towns if (code, "total") not in persons_alone}
    assert "2203" in hidden
    for code in hidden:
        towns[code].numerator = 0
    by = {(codes[row.area_id], row.breakdown): row for row in rows}
    for unit in ("22", "23"):
        inside = [row.numerator or 0 for code, row in towns.items() if code.startswith(unit)]
        by[unit, "total"].numerator = sum(inside)
    by["EL61", "total"].numerator = sum(by[unit, "total"].numerator or 0 for unit in ("22", "23"))
    for place in ("22", "23"):
        by[place, "sex=female"].numerator = (by[place, "total"].numerator or 0) // 2
        by[place, "sex=male"].numerator = (by[place, "total"].numerator or 0) - (
            by[place, "sex=female"].numerator or 0
        )
    for sex in ("sex=female", "sex=male"):
        by["EL61", sex].numerator = sum(by[unit, sex].numerator or 0 for unit in ("22", "23"))
    poor = {key: row.numerator or 0 for key, row in by.items()}
    # the attack works where persons alone were protected: nobody poor is left for the small town
    assert most_poor("2203", persons_alone, poor) == 0
    seen = shown(publish(rows))
    assert ("2203", "total") not in seen
    assert most_poor("2203", seen, poor) >= 1


def shown_by_persons_alone(region: Area, rows: list[Candidate]) -> set[Key]:
    codes = dict(Area.objects.values_list("pk", "code"))
    parents = {area.pk: area.parent_id for area in Area.objects.of(region) if area.parent_id}
    persons = {(row.area_id, row.breakdown): row.members for row in rows}
    unsafe = [(row.area_id, row.breakdown) for row in rows if row.flag == ":u"]
    hidden = suppression.withheld(persons, parents, unsafe=unsafe, needed=dict.fromkeys(persons, 20))
    return {(codes[area], key) for area, key in persons if (area, key) not in hidden}


def most_poor(code: str, seen: set[Key], poor: dict[Key, int]) -> float:
    """The most poor that an outsider must allow for in a town, knowing those of every cell shown."""
    order = sorted(poor)
    place = {key: at for at, key in enumerate(order)}
    lines, answers = [], []
    for area, breakdown in order:
        parts = [key for key in order if key[1] == breakdown and _above(key[0]) == area]
        sexes = [key for key in order if key[0] == area and key[1].startswith("sex=")]
        for group in (parts, sexes if breakdown == "total" else []):
            if group:
                line = np.zeros(len(order))
                line[place[area, breakdown]] = -1
                line[[place[key] for key in group]] = 1
                lines.append(line)
                answers.append(0)
    cost = np.zeros(len(order))
    cost[place[code, "total"]] = -1
    bounds = [(poor[key],) * 2 if key in seen else (0, 1000) for key in order]
    return float(-linprog(cost, A_eq=np.array(lines), b_eq=answers, bounds=bounds).fun)


def test_a_person_of_unknown_sex_leaves_no_small_count_alone() -> None:
    """Two men beside 97 women and one of whom it is not known: a little more than two is no secret."""
    persons = {(1, "total"): 100, (1, "sex=female"): 97, (1, "sex=male"): 2, (2, "total"): 300}
    persons |= {(2, "sex=female"): 140, (2, "sex=male"): 160, (9, "total"): 400}
    persons |= {(9, "sex=female"): 237, (9, "sex=male"): 162}
    holds = suppression.relations(persons, {1: 9, 2: 9})
    assert ((1, "total"), [(1, "sex=female"), (1, "sex=male")]) in holds.leaving_out
    needed = {key: max(number, 5) for key, number in persons.items()}
    hidden = suppression.withheld(persons, {1: 9, 2: 9}, unsafe=[(1, "sex=male")], needed=needed)
    assert hidden & {(1, "sex=female"), (1, "total")}
    assert len(hidden) >= 4


def test_a_group_hardly_smaller_than_everybody_takes_everybody_with_it() -> None:
    """Three of four have it: neither can stand beside the other, and the unit hides both."""
    parents = {11: 1, 12: 1, 13: 1}
    everybody, group = {11: 7, 12: 60, 13: 80}, {11: 4, 12: 30, 13: 22}
    persons = {
        **{(area, "total"): number for area, number in (everybody | {1: 147}).items()},
        **{(area, "subgroup=a"): number for area, number in (group | {1: 56}).items()},
    }
    needed = {key: max(number, 5) for key, number in persons.items()}
    hidden = suppression.withheld(persons, parents, unsafe=[(11, "subgroup=a")], needed=needed)
    assert {(11, "subgroup=a"), (11, "total")} <= hidden
    assert hidden != set(persons), "not everything goes"


def test_cells_withheld_for_another_reason_cannot_be_worked_out_either() -> None:
    persons = {(1, "total"): 12, (1, "sex=female"): 6, (1, "sex=male"): 6, (2, "total"): 90}
    persons |= {(2, "sex=female"): 40, (2, "sex=male"): 50, (9, "total"): 102}
    persons |= {(9, "sex=female"): 46, (9, "sex=male"): 56}
    needed = dict.fromkeys(persons, 5)
    hidden = suppression.withheld(persons, {1: 9, 2: 9}, unsafe=[], needed=needed, already=[(1, "total")])
    assert hidden & {(1, "sex=female"), (1, "sex=male")}
    assert hidden & {(2, "total"), (9, "total")}


def counts_of(towns: dict[str, int], period: str = "2024-05") -> list[Candidate]:
    """Persons of municipalities with the sums of units and of the region, as candidates."""
    version = IndicatorVersion.objects.get(indicator__code="gmi_beneficiaries")
    units = {unit: sum(v for k, v in towns.items() if k.startswith(unit)) for unit in ("22", "23")}
    areas = dict(Area.objects.values_list("code", "pk"))
    return [
        Candidate(
            version=version, period=period, area_id=areas[code], breakdown="total", kind=Candidate.COUNT,
            value=float(number), standard_error=None, ci_low=None, ci_high=None, n=None, n_effective=None,
            members=number, flag="", note="",
        )
        for code, number in (towns | units | {"EL61": sum(towns.values())}).items()
    ]  # fmt: skip


@pytest.mark.parametrize("corrected", [8, 0])
def test_a_corrected_count_does_not_tell_what_it_was(
    publish: Publish, region: Area, corrected: int
) -> None:
    """3 and its neighbour are withheld; shown beside a corrected 3, the neighbour would tell the former."""
    towns = {"2201": 900, "2202": 40, "2203": 3, "2301": 500, "2302": 60, "2303": 70}
    first = publish(counts_of(towns))
    beside = {
        key for key in (("2201", "total"), ("2202", "total"), ("22", "total")) if key not in shown(first)
    }
    assert beside
    second = publish(
        counts_of(towns | {"2203": corrected}),
        supersedes=first,
        notes={"el": "Διόρθωση", "en": "Correction"},
    )
    assert not beside & shown(second)
    assert ("2203", "total") not in shown(second)


def test_a_late_report_does_not_tell_what_was_withheld(publish: Publish, region: Area) -> None:
    """The third town reports later: it, not the second, could hide the small one now."""
    towns = {"2202": 20, "2203": 3, "2301": 500, "2302": 60, "2303": 70}
    first = publish(counts_of(towns))
    assert not {("2202", "total"), ("2203", "total")} & shown(first) or ("22", "total") not in shown(first)
    second = publish(
        counts_of(towns | {"2201": 7}), supersedes=first, notes={"el": "Διόρθωση", "en": "Correction"}
    )
    hidden = {("2202", "total"), ("2203", "total"), ("22", "total")} - shown(first)
    assert not hidden & shown(second)
