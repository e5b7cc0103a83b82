"""Attacks on withheld figures with everything that is public, in one release and in two successive ones."""

import random
import re
import subprocess
from collections.abc import Mapping

import pytest
from django.test import Client

from entaxis.accounts.models import User
from entaxis.geography.models import Area, Level
from entaxis.indicators import actions, suppression
from entaxis.indicators.models import Candidate, IndicatorVersion, Release
from tests import factories
from tests.maps import attacker
from tests.maps.attacker import Key, Numbers

COUNTED, ASKED = "gmi_beneficiaries", "arop"
PERIODS = {COUNTED: "2024-12", ASKED: "2023"}
SEXES, AGES = attacker.PARTITIONS
NAMES = {
    "total": "everybody", "sex=female": "women", "sex=male": "men", "age=0-17": "aged 0–17",
    "age=18-29": "aged 18–29", "age=30-44": "aged 30–44", "age=45-54": "aged 45–54",
    "age=55-64": "aged 55–64", "age=65plus": "aged 65 or over",
}  # fmt: skip


@pytest.fixture
def above(thessaly: Area) -> dict[str, str]:
    """The code of the area above each."""
    rows = Area.objects.current().of(thessaly).filter(level__in=(Level.MUNICIPALITY, Level.REGIONAL_UNIT))
    return {area.code: area.parent.code for area in rows.select_related("parent") if area.parent}


@pytest.fixture
def people(thessaly: Area) -> tuple[User, User]:
    return factories.editor(thessaly), factories.region_administrator(thessaly)


def counts(above: Mapping[str, str], *, seed: int = 5, ages: bool = True, of: int = 1) -> dict[Key, int]:
    """Persons of a register by area, sex and age, or every ``of``-th of them; many cells are small."""
    chance = random.Random(seed)
    towns = [code for code in above if len(code) == 4]
    found: dict[Key, int] = {}
    for town in sorted(towns):
        size = chance.lognormvariate(1.1, 0.9)
        for sex in SEXES:
            for age in AGES:
                number = round(chance.expovariate(1 / size)) // of
                for area in (town, above[town], above[above[town]]):
                    for key in ("total", sex, *([age] if ages else [])):
                        found[area, key] = found.get((area, key), 0) + number
    return found


def publish(
    cells: Mapping[Key, dict[str, object]], people: tuple[User, User], region: Area, *, code: str = COUNTED,
    supersedes: Release | None = None,
) -> Release:  # fmt: skip
    """Such figures through the platform's own door: proposed, protected, approved by another."""
    version = IndicatorVersion.objects.filter(indicator__code=code).latest("number")
    areas = dict(Area.objects.current().of(region).values_list("code", "pk")) | {region.code: region.pk}
    rows = [
        Candidate(version=version, period=PERIODS[code], area_id=areas[area], breakdown=breakdown, **cell)
        for (area, breakdown), cell in cells.items()
    ]
    release = actions.propose(
        region=region, titles={"el": "Έκδοση", "en": "Release"}, sources={"el": "Μητρώο", "en": "Register"},
        cells=rows, is_synthetic=True, by=people[0], supersedes=supersedes,
        notes={"el": "Διόρθωση", "en": "Correction"} if supersedes else None,
    )  # fmt: skip
    actions.approve(release=release, by=people[1])
    return release


def counted(numbers: Mapping[Key, int]) -> dict[Key, dict[str, object]]:
    """Counts of a register as candidates."""
    nothing = dict.fromkeys(("standard_error", "ci_low", "ci_high", "n", "n_effective"))
    said = {"kind": Candidate.COUNT, "flag": "", "note": ""} | nothing
    return {key: said | {"value": float(number), "members": number} for key, number in numbers.items()}


def asked(numbers: Mapping[Key, int], having: Mapping[Key, int]) -> dict[Key, dict[str, object]]:
    """Shares of a sample as candidates: how many were asked, how many of them have it."""
    found: dict[Key, dict[str, object]] = {}
    for key, number in numbers.items():
        share = 100 * having[key] / number if number else None
        told = {"value": share, "standard_error": 2.0, "ci_low": 0.0, "ci_high": 100.0}
        found[key] = (told if number else dict.fromkeys(told)) | {
            "kind": Candidate.DIRECT, "n": number, "n_effective": number / 2, "members": number,
            "numerator": having[key], "note": "",
            "flag": ":u" if number < 20 else "u" if number < 50 else "",
        }  # fmt: skip
    return found


def exposed(
    seen: Mapping[Key, float], truth: Mapping[Key, int], above: Mapping[str, str], *, least: int
) -> dict[Key, tuple[float, float]]:
    """Small cells that an attacker encloses more narrowly than the protection promises."""
    small = [key for key, number in truth.items() if 0 < number < least and key not in seen]
    assert small
    nobody = {key: 0.0 for key, number in truth.items() if not number}
    found = attacker.enclosed(dict(seen) | nobody, truth, above, small)
    needed = {key: max(truth[key], least) for key in small}
    return {
        key: ends
        for key, ends in found.items()
        if ends[0] > max(0, truth[key] - needed[key]) + 1e-6 or ends[1] < truth[key] + needed[key] - 1e-6
    }


def doors_agree(found: Mapping[str, Numbers], truth: Mapping[Key, int]) -> None:
    """Every file tells the same cells, and the truth of them: none opens a door that another shuts."""
    interface = found["interface"]
    assert interface
    for door, numbers in found.items():
        assert {key: numbers[key] for key in numbers if key not in interface} == {}, door
        assert all(numbers[key] == truth[key] for key in numbers), door
    for door in ("interface, CSV", "tables, JSON", "tables, CSV", "tables, XLSX"):
        assert found[door] == interface, door
    assert all(set(numbers) <= set(interface) for numbers in found.values())
    assert len(found) == 8


@pytest.mark.usefixtures("thessaly")
def test_no_small_count_is_enclosed_by_all_that_is_public(
    client: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    truth = counts(above)
    publish(counted(truth), people, thessaly)
    found = gathered(client)
    doors_agree(found, truth)
    assert exposed(attacker.together(found), truth, above, least=suppression.MINIMUM_COUNT) == {}


def gathered(
    client: Client, *, code: str = COUNTED, column: str = "value", names: Mapping[str, str] = NAMES
) -> dict[str, Numbers]:
    return attacker.gather(client, code, PERIODS[code], names, column)


@pytest.fixture
def unprotected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small cells are withheld, and none that protects them."""
    monkeypatch.setattr(
        suppression, "withheld", lambda _persons, _parents, *, unsafe, **_named: frozenset(unsafe)
    )


@pytest.mark.usefixtures("unprotected")
def test_the_attack_opens_what_is_only_withheld_and_not_protected(
    client: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    """The attacker is not blind: without the cells that protect others it works the small ones out."""
    truth = counts(above)
    publish(counted(truth), people, thessaly)
    found = exposed(attacker.together(gathered(client)), truth, above, least=suppression.MINIMUM_COUNT)
    assert len(found) > 5
    assert any(low == high == truth[key] for key, (low, high) in found.items()), "some to the person"


@pytest.mark.usefixtures("thessaly")
def test_a_second_release_with_more_breakdowns_opens_nothing(
    client: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    """The first tells both sexes, the second the ages as well: together they tell no more."""
    truth = counts(above)
    few = {key: number for key, number in truth.items() if not key[1].startswith("age=")}
    names = {key: name for key, name in NAMES.items() if not key.startswith("age=")}
    first = publish(counted(few), people, thessaly)
    before = attacker.together(gathered(client, names=names))
    publish(counted(truth), people, thessaly, supersedes=first)
    after = attacker.together(gathered(client))
    assert any(key[1].startswith("age=") for key in after)
    assert exposed(before | after, truth, above, least=suppression.MINIMUM_COUNT) == {}


@pytest.mark.usefixtures("thessaly")
def test_a_correction_elsewhere_opens_nothing(
    client: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    """One town is counted again. Who takes the others for unchanged joins both releases."""
    truth = counts(above, ages=False)
    first = publish(counted(truth), people, thessaly)
    before = attacker.together(gathered(client, names=dict(list(NAMES.items())[:3])))
    towns = {code for code in above if above[code] in above}
    town = max((key for key in truth if key[0] in towns and key[1] == "total"), key=truth.__getitem__)[0]
    moved = dict(truth)
    for area in (town, above[town], above[above[town]]):
        for key in ("total", "sex=female"):
            moved[area, key] += 17
    publish(counted(moved), people, thessaly, supersedes=first)
    after = attacker.together(gathered(client, names=dict(list(NAMES.items())[:3])))
    same = {key: number for key, number in before.items() if truth[key] == moved[key]}
    least = suppression.MINIMUM_COUNT
    assert exposed(same | after, moved, above, least=least) == {}
    kept = {key: number for key, number in after.items() if truth[key] == moved[key]}
    assert exposed(before | kept, truth, above, least=least) == {}


@pytest.mark.usefixtures("thessaly")
def test_no_small_sample_is_enclosed_by_the_numbers_of_persons_asked(
    client: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    truth, having = (
        {
            key: number
            for key, number in counts(above, seed=8, ages=False, of=of).items()
            if key[1] == "total" or key[0] not in above or above[key[0]] not in above  # towns: as a whole
        }
        for of in (1, 4)
    )
    publish(asked(truth, having), people, thessaly, code=ASKED)
    names = dict(list(NAMES.items())[:3])
    found = gathered(client, code=ASKED, column="n", names=names)
    doors_agree(found, truth)
    assert exposed(attacker.together(found), truth, above, least=suppression.MINIMUM) == {}
    # a share and its number of persons give those who have it: they are no more enclosed, nor the others
    shares = attacker.together(gathered(client, code=ASKED, names=names))
    assert set(attacker.together(found)) <= set(shares)
    for part in (having, {key: truth[key] - having[key] for key in truth}):
        seen = {key: part[key] for key in shares}
        nobody = {key: 0 for key in truth if not truth[key]}
        small = [key for key, number in truth.items() if 0 < number < suppression.MINIMUM]
        ends = attacker.enclosed(seen | nobody, truth, above, [key for key in small if key not in seen])
        assert ends
        assert [
            key for key, (low, high) in ends.items() if low > max(0, part[key] - 1) or high < part[key] + 1
        ] == []


@pytest.mark.usefixtures("thessaly")
def test_no_page_drawing_or_paper_writes_a_withheld_number(
    client: Client, above: dict[str, str], people: tuple[User, User], thessaly: Area
) -> None:
    """Larger numbers, each of its own, so that one can be searched for."""
    truth = spread(above)
    publish(counted(truth), people, thessaly)
    found = gathered(client, names={"total": "everybody"})
    hidden = {key for key in truth if key not in attacker.together(found)}
    large = {key: truth[key] for key in hidden if truth[key] > 999}
    assert large
    pages = attacker.texts(client, COUNTED, PERIODS[COUNTED])
    texts = {door: attacker.text_of(text) for door, text in pages.items()}
    towns = sorted({area for area, _ in hidden if len(area) == 4})
    texts |= {
        door: attacker.text_of(text)
        for door, text in attacker.profiles(client, [*towns, "22", "EL61"]).items()
    }
    texts |= {door: attacker.text_of(text) for door, text in attacker.passports(client, COUNTED).items()}
    for code in (towns[0], "EL61"):
        paper = client.get(f"/en/profiles/{code}.pdf", **attacker.THESSALY).content
        texts[f"paper {code}"] = subprocess.run(
            ["/usr/bin/pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True
        ).stdout.decode()
    for (area, breakdown), value in large.items():
        for door, text in texts.items():
            assert not says(text, value), f"{door} tells {area} {breakdown}"
    shown = max(attacker.together(found).values())
    assert any(says(text, int(shown)) for text in texts.values()), "the search finds what is shown"


def spread(above: Mapping[str, str]) -> dict[Key, int]:
    """Towns of thousands, each of its own number, and in three units one that is too small."""
    towns = sorted(code for code in above if len(code) == 4)
    found: dict[Key, int] = {}
    small = [
        next(town for town in towns if above[town] == unit)
        for unit in sorted({above[one] for one in towns})
    ]
    for place, town in enumerate(towns):
        number = 3 if town in small[:3] else 1009 * (10 + place) + 7
        for area in (town, above[town], above[above[town]]):
            found[area, "total"] = found.get((area, "total"), 0) + number
    return found


def says(text: str, value: int) -> bool:
    """Whether a number stands in a text, however its thousands are parted."""
    return any(
        re.search(rf"(?<![\d.,]){re.escape(one)}(?![\d])", text)
        for one in (
            str(value),
            f"{value:,}",
            f"{value:,}".replace(",", "."),
            f"{value:,}".replace(",", "\xa0"),
        )
    )
