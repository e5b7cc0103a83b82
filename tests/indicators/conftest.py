"""A region with two regional units and six municipalities of very different size, and figures for it."""

from collections.abc import Callable, Mapping

import pytest

from entaxis.accounts.models import User
from entaxis.geography.models import Area, Population
from entaxis.indicators import actions, demonstration
from entaxis.indicators.models import Candidate, IndicatorVersion, Release
from tests import factories

SIZES = {"2201": 60_000, "2202": 40_000, "2203": 30_000, "2301": 50_000, "2302": 40_000, "2303": 30_000}
PERSONS = {"2201": 300, "2202": 60, "2203": 12, "2301": 200, "2302": 80, "2303": 70}
"""Persons asked: too few in one municipality alone."""

Publish = Callable[..., Release]
File = tuple[bytes, str]
"""A survey's frozen file and its description."""


@pytest.fixture
def region(db: None) -> Area:
    whole = factories.region()
    for code, persons in SIZES.items():
        unit = factories.regional_unit(code[:2], inside=whole, name_el=f"Ενότητα {code[:2]}")
        area = factories.municipality(code, unit=unit, name_el=f"Δήμος {code}", name_en=f"Town {code}")
        Population.objects.create(
            area=area, year=2021, vintage="provisional", persons=persons, source="test"
        )
    factories.catalogue()
    return whole


@pytest.fixture
def maker(region: Area) -> User:
    return factories.editor(region)


@pytest.fixture
def approver(region: Area) -> User:
    return factories.region_administrator(region)


def cells(
    region: Area, *, code: str = "arop", period: str = "2023", persons: Mapping[str, int] = PERSONS
) -> list[Candidate]:
    """Direct figures of one indicator: the region, its units, their municipalities and both sexes."""
    version = IndicatorVersion.objects.get(indicator__code=code, number=1)
    areas = {area.code: area for area in Area.objects.of(region)} | {region.code: region}
    asked = {(one, "total"): number for one, number in persons.items()}
    for unit in sorted({one[:2] for one in persons}):
        asked[unit, "total"] = sum(number for one, number in persons.items() if one.startswith(unit))
    asked[region.code, "total"] = sum(persons.values())
    for one in {one[:2] for one in persons} | {region.code}:
        asked[one, "sex=female"] = asked[one, "total"] // 2 + 7
        asked[one, "sex=male"] = asked[one, "total"] - asked[one, "sex=female"]
    units = [asked[unit, "sex=female"] for unit in sorted({one[:2] for one in persons})]
    asked[region.code, "sex=female"] = sum(units)
    asked[region.code, "sex=male"] = asked[region.code, "total"] - sum(units)
    return [
        Candidate(
            version=version,
            period=period,
            area_id=areas[one].pk,
            breakdown=breakdown,
            kind=Candidate.DIRECT,
            value=20.0 + number % 7,
            standard_error=2.0,
            ci_low=16.0,
            ci_high=31.0,
            n=number,
            n_effective=number / 2,
            members=number,
            flag=":u" if number < 20 else "u" if number < 50 else "",
            note="",
        )
        for (one, breakdown), number in asked.items()
    ]


@pytest.fixture
def lists(region: Area) -> None:
    """The list of vulnerable groups is in force."""
    factories.vulnerable_groups()


@pytest.fixture
def file(region: Area, lists: None, monkeypatch: pytest.MonkeyPatch) -> File:
    monkeypatch.setattr(demonstration, "AREAS_A_UNIT", 8)
    return demonstration.edition_of(actions.places(region), 2023)


@pytest.fixture
def propose(region: Area, maker: User) -> Publish:
    """A checked release of such figures."""

    def make(rows: list[Candidate] | None = None, **named: object) -> Release:
        return actions.propose(
            region=region,
            titles={"el": "Έκδοση", "en": "Release"},
            sources={"el": "Έρευνα", "en": "Survey"},
            cells=cells(region) if rows is None else rows,
            is_synthetic=True,
            by=maker,
            **named,
        )

    return make


@pytest.fixture
def publish(propose: Publish, approver: User) -> Publish:
    """The same, approved and published."""

    def make(rows: list[Candidate] | None = None, **named: object) -> Release:
        release = propose(rows, **named)
        actions.approve(release=release, by=approver)
        release.refresh_from_db()
        return release

    return make
