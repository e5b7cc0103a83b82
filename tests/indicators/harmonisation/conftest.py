"""Two published indicators whose values differ, and a recipe of them."""

from collections.abc import Callable

import pytest

from entaxis.geography.models import Area
from entaxis.indicators.harmonisation import source
from entaxis.indicators.harmonisation.models import Recipe
from entaxis.indicators.models import Candidate
from tests.indicators.conftest import (
    PERSONS,
    Publish,
    approver,
    cells,
    lists,
    maker,
    propose,
    publish,
    region,
)

__all__ = ["approver", "lists", "maker", "propose", "publish", "region"]

SHARES = {
    "arop": {"2201": 35.0, "2202": 22.0, "2203": 21.0, "2301": 12.0, "2302": 18.0, "2303": 20.0},
    "smsd": {"2201": 14.0, "2202": 9.0, "2203": 8.0, "2301": 5.0, "2302": 9.5, "2303": 6.0},
}
EVERYWHERE = PERSONS | {"2203": 90}
"""Persons asked, enough in every municipality."""

Rows = Callable[..., list[Candidate]]


def shares(region: Area, *, error: float = 1.0, persons: dict[str, int] = EVERYWHERE) -> list[Candidate]:
    """Both indicators for every municipality, its unit and the region."""
    codes = {area.pk: area.code for area in Area.objects.of(region)}
    rows = [row for code in SHARES for row in cells(region, code=code, persons=persons)]
    for row in rows:
        code = row.version.indicator.code
        row.value = SHARES[code].get(codes.get(row.area_id, ""), 18.0)
        row.standard_error, row.ci_low, row.ci_high = error, row.value - 2 * error, row.value + 2 * error
    return rows


def with_model(region: Area, rows: list[Candidate], *, code: str = "arop", town: str = "2302") -> None:
    """Give a town's direct figure a large error, and add one of a model that takes its place."""
    place = Area.objects.get(code=town).pk
    direct = next(
        row
        for row in rows
        if (row.version.indicator.code, row.area_id, row.breakdown) == (code, place, "total")
    )
    direct.standard_error, direct.flag = 9.0, "u"
    named = {name: getattr(direct, name) for name in ("version", "period", "area_id", "breakdown")}
    rows.append(
        Candidate(
            **named, kind=Candidate.MODELLED, value=19.0, standard_error=1.5, ci_low=16.0, ci_high=22.0,
            n=80, members=80, flag="", note="",
        )
    )  # fmt: skip


@pytest.fixture
def recipe(region: Area) -> Recipe:
    """Of the two, half and half."""
    source.load()
    found = Recipe.objects.get(version__indicator__code="deprivation_index")
    inputs = [one for one in found.steps["inputs"] if one["indicator"] in SHARES]
    found.steps = found.steps | {"inputs": inputs}
    found.save()
    return found


@pytest.fixture
def published(publish: Publish, region: Area) -> None:
    """Both indicators are public for 2023."""
    publish(shares(region))
