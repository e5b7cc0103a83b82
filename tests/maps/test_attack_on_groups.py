"""Attacks on sub-groups: tables, files, maps, group pages, profiles, papers and the dashboard of bodies."""

import random
import subprocess
from collections.abc import Mapping

import pytest
from django.test import Client
from django.utils import translation

from entaxis.accounts.models import Membership, User
from entaxis.geography.models import Area
from entaxis.indicators import breaking_down, suppression
from tests import factories
from tests.maps import attacker
from tests.maps.attacker import Key, Numbers
from tests.maps.test_attack import (
    COUNTED,
    PERIODS,
    above,
    counted,
    doors_agree,
    exposed,
    people,
    publish,
    says,
    unprotected,
)

__all__ = ["above", "people", "unprotected"]
PERIOD = PERIODS[COUNTED]
GROUPS = {"long_term_unemployed": 0.35, "roma": 0.12}
SEXES, AGES = attacker.PARTITIONS
LEAST = suppression.MINIMUM_COUNT


@pytest.fixture(autouse=True)
def _lists(thessaly: Area) -> None:
    factories.vulnerable_groups()


def counts(above: Mapping[str, str], *, crossed: bool = True, seed: int = 3) -> dict[Key, int]:
    """Persons one by one: of municipalities by sex, age and group, above them by all three at once."""
    chance = random.Random(seed)
    found: dict[Key, int] = {}
    for town in sorted(code for code in above if len(code) == 4):
        places = (town, above[town], above[above[town]])
        for key in keys(crossed=False):
            found |= {(area, key): found.get((area, key), 0) for area in places}
        for _ in range(round(chance.lognormvariate(3.6, 0.8))):
            sex, age = chance.choice(SEXES), chance.choice(AGES)
            groups = [f"subgroup={key}" for key, share in GROUPS.items() if chance.random() < share]
            for area in places:
                for key in ("total", sex, age, *groups):
                    found[area, key] += 1
                if crossed and area != town:
                    for key in crossings(sex, age, groups):
                        found[area, key] = found.get((area, key), 0) + 1
    if crossed:
        found = {(area, key): 0 for area in {*above.values()} for key in keys()} | found
    return found


def crossings(sex: str, age: str, groups: list[str]) -> list[str]:
    parts = [f"{age};{sex}"]
    for group in groups:
        parts += [f"{group};{age}", f"{group};{sex}", f"{group};{age};{sex}"]
    return parts


def keys(*, crossed: bool = True) -> list[str]:
    groups = [f"subgroup={key}" for key in GROUPS]
    found = ["total", *SEXES, *AGES, *groups]
    if crossed:
        found += [part for sex in SEXES for age in AGES for part in crossings(sex, age, groups)]
    return list(dict.fromkeys(found))


def gathered(client: Client, *, crossed: bool = True) -> dict[str, Numbers]:
    with translation.override("en"):
        every = {key: breaking_down.label(key) for key in keys(crossed=crossed)}
    return attacker.gather(client, COUNTED, PERIOD, every, "value")


def pages(region: Area, above: Mapping[str, str]) -> dict[str, list[str]]:
    """Where sub-groups are told, by door; the dashboard is for who works for a body."""
    asked = f"source={COUNTED}&period={PERIOD}"
    towns = sorted(code for code in above if len(code) == 4)
    places = [*towns[::6], *sorted({above[town] for town in towns}), region.code]
    return {
        "group pages": [
            "/en/vulnerable-groups/",
            *(
                f"/en/vulnerable-groups/{key}/?{asked}&who={who}"
                for key in GROUPS
                for who in ("total", "sex=female", "age=30-44;sex=male")
            ),
        ],
        "profiles": [f"/en/profiles/{code}/" for code in places],
        "dashboard": [
            f"/en/office/dashboard/?{asked}&area={code}&sex={sex}"
            for code in places
            for sex in ("", "female", "male")
        ],
    }


@pytest.fixture
def member(thessaly: Area, client: Client) -> Client:
    """Somebody of a body, for whom the dashboard is."""
    body = factories.body(thessaly)
    insider = Client()
    insider.force_login(factories.member(Membership.Role.BODY_MEMBER, body))
    return insider


def everything(member: Client, region: Area, above: Mapping[str, str]) -> dict[str, Numbers]:
    found = gathered(member)
    for door, paths in pages(region, above).items():
        found[door] = attacker.linked(member, COUNTED, PERIOD, paths)
        assert found[door], door
    return found


@pytest.mark.usefixtures("thessaly")
def test_no_small_count_of_a_sub_group_is_enclosed_by_all_that_is_public(
    member: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    truth = counts(above)
    publish(counted(truth), people, thessaly)
    found = everything(member, thessaly, above)
    more = {door: found.pop(door) for door in pages(thessaly, above)}
    doors_agree(found, truth)
    for door, numbers in more.items():
        assert numbers.items() <= found["interface"].items(), door
    crossed = [key for key in more["dashboard"] if key[1].count(";") == 2]
    assert crossed, "the dashboard tells groups by sex and age"
    assert {area for area, _key in crossed} <= {*above.values()}
    seen = attacker.together(found | more)
    small = [key for key in truth if 0 < truth[key] < LEAST and key not in seen]
    assert any(key[1].startswith("subgroup=") for key in small)
    assert exposed(seen, truth, above, least=LEAST) == {}


@pytest.mark.usefixtures("unprotected")
def test_the_attack_opens_sub_groups_that_nothing_protects(
    member: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    """The attacker is not blind to groups, to their sexes and ages either."""
    truth = counts(above)
    publish(counted(truth), people, thessaly)
    found = exposed(attacker.together(gathered(member)), truth, above, least=LEAST)
    for kinds in (0, 1, 2):
        assert [key for key in found if "subgroup" in key[1] and key[1].count(";") == kinds], kinds


@pytest.mark.usefixtures("thessaly")
def test_crossings_that_come_with_a_later_release_open_nothing(
    member: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    """The first tells sub-groups, the second also by sex and age: together they tell no more."""
    truth = counts(above)
    few = {key: truth[key] for key in truth if ";" not in key[1]}
    first = publish(counted(few), people, thessaly)
    before = attacker.together(gathered(member, crossed=False))
    publish(counted(truth), people, thessaly, supersedes=first)
    after = attacker.together(everything(member, thessaly, above))
    assert any(key[1].count(";") == 2 for key in after)
    assert exposed(before | after, truth, above, least=LEAST) == {}


@pytest.mark.usefixtures("thessaly")
def test_no_page_or_paper_writes_a_withheld_number_of_a_sub_group(
    member: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    """Larger numbers, each of its own, so that one can be searched for."""
    truth = spread(above)
    publish(counted(truth), people, thessaly)
    shown = attacker.together(gathered(member))
    large = {key: number for key, number in truth.items() if key not in shown and number > 999}
    assert {key[1] for key in large} >= {"subgroup=roma"}
    texts = {
        path: attacker.text_of(member.get(path, **attacker.THESSALY).content.decode())
        for paths in pages(thessaly, above).values()
        for path in paths
    }
    texts |= {door: attacker.text_of(text) for door, text in attacker.passports(member, COUNTED).items()}
    unit = next(area for area, key in large if ";" in key)
    town = next(area for area, key in large if area in above and above[area] in above)
    for code in (town, unit, thessaly.code):
        paper = member.get(f"/en/profiles/{code}.pdf", **attacker.THESSALY).content
        texts[f"paper {code}"] = subprocess.run(
            ["/usr/bin/pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True
        ).stdout.decode()
    for key, value in large.items():
        for door, text in texts.items():
            assert not says(text, value), f"{door} tells {key}"
    most = max(number for key, number in shown.items() if key[1] == "subgroup=roma")
    assert sum(says(text, int(most)) for text in texts.values()) > 2, "the search finds what is shown"


def spread(above: Mapping[str, str]) -> dict[Key, int]:
    """Towns of thousands, each of its own number; in some a sub-group is too small, in a unit its women."""
    found: dict[Key, int] = {}
    towns = sorted(code for code in above if len(code) == 4)
    thin = above[towns[-1]]
    for place, town in enumerate(towns):
        women = 1009 * (10 + place) + 7 if above[town] != thin else 3 * (town == towns[-1])
        men = 1021 * (27 + place) + 5
        if place % 6 == 1:
            women, men = 2, 0
        told = {
            "total": 9 * (1013 * (60 + place) + 11), "subgroup=roma": women + men,
            "subgroup=roma;sex=female": women, "subgroup=roma;sex=male": men,
        }  # fmt: skip
        for area in (town, above[town], above[above[town]]):
            for key, number in told.items():
                if area != town or ";" not in key:
                    found[area, key] = found.get((area, key), 0) + number
    return found
