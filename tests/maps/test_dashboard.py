"""The dashboard of those who work for a body: their own place, published figures alone."""

import re
from typing import Any

import pytest
from django.test import Client

from entaxis.accounts.models import Membership, User
from entaxis.geography.models import Area
from entaxis.indicators.models import Candidate, IndicatorVersion
from entaxis.notifications.choices import Scope
from tests import factories
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
pytestmark = pytest.mark.django_db
LONGEST = "long_term_unemployed"
ADDRESS = "/el/office/dashboard/"
EVERYWHERE = PERSONS | {"2203": 90}


@pytest.fixture
def adviser(region: Area) -> User:
    """Works for the social service of one municipality."""
    town = Area.objects.municipalities().get(code="2201")
    body = factories.body(region, kind="municipal_social_service", municipality=town)
    return factories.member(Membership.Role.BODY_MEMBER, body)


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def year(region: Area, period: str, values: dict[str, float], width: float = 1.0) -> list[Candidate]:
    """One indicator of a year: some areas with their own value, the others with 20 %."""
    codes = {area.pk: area.code for area in Area.objects.of(region)} | {region.pk: region.code}
    rows = cells(region, period=period, persons=EVERYWHERE)
    for row in rows:
        row.value = values.get(codes[row.area_id], 20.0)
        row.standard_error, row.ci_low, row.ci_high = width / 2, row.value - width, row.value + width
    return rows


def counts(region: Area) -> list[Candidate]:
    """One sub-group of two municipalities by sex, a handful of men in one of them."""
    version = IndicatorVersion.objects.get(indicator__code="municipal_beneficiaries", number=1)
    areas = {area.code: area.pk for area in Area.objects.of(region)}
    told = {"2201": (40, 30), "2202": (25, 3), "2203": (20, 20)}
    rows = []
    for code, (women, men) in told.items():
        for who, persons in (("", women + men), (";sex=female", women), (";sex=male", men)):
            rows.append(
                Candidate(
                    version=version, period="2023", area_id=areas[code],
                    breakdown=f"subgroup={LONGEST}{who}",
                    kind=Candidate.COUNT, value=float(persons), members=persons, flag="", note="",
                )
            )  # fmt: skip
    return rows


def test_it_opens_at_ones_own_place_with_its_groups(
    region: Area, publish: Publish, adviser: User, lists: None
) -> None:
    publish(counts(region))
    client = signed_in(adviser)
    page = text_of(client.get(ADDRESS))
    assert "<h1>Δήμος 2201</h1>" in page
    assert "Μακροχρόνια άνεργοι" in page
    assert ">70<" in page
    assert "οι αριθμοί τους δεν αθροίζονται" in page
    assert ">40<" in text_of(client.get(f"{ADDRESS}?sex=female"))
    there = text_of(client.get(f"{ADDRESS}?area=2202&sex=male"))
    assert "✱" in there
    assert ">3<" not in there
    assert ADDRESS in text_of(client.get("/el/office/"))


def test_a_benefit_crosses_sub_groups_above_the_municipality_and_says_so(
    region: Area, publish: Publish, adviser: User, lists: None
) -> None:
    """Files of benefits: a sub-group in every area, by sex and age in units and the region alone."""
    version = IndicatorVersion.objects.get(indicator__code="gmi_beneficiaries")
    towns = Area.objects.municipalities().of(region)
    sizes = dict.fromkeys(towns, 40)
    for town in towns:
        for above in (town.parent, region):
            sizes[above] = sizes.get(above, 0) + 40
    cells = [
        Candidate(
            version=version, period="2024-01", area_id=area.pk, breakdown=f"subgroup={LONGEST}{who}",
            kind=Candidate.COUNT, value=size // part, members=size // part, flag="", note="",
        )
        for area, size in sizes.items()
        for who, part in (("", 1), (";age=30-44", 1), (";sex=female", 2), (";sex=male", 2),
                          (";age=30-44;sex=female", 2), (";age=30-44;sex=male", 2))
        if not who or area not in towns
    ]  # fmt: skip
    publish(cells)
    client = signed_in(adviser)
    here = text_of(client.get(ADDRESS))
    assert ">40<" in here
    assert "θα έμεναν πολύ λίγα άτομα σε κάθε κελί" in here
    there = text_of(client.get(f"{ADDRESS}?area=22&sex=female"))
    assert "θα έμεναν πολύ λίγα" not in there
    assert "30–44" in there
    assert ">60<" in there
    group = text_of(client.get(f"/el/vulnerable-groups/{LONGEST}/"))
    assert "30–44" in group, "the region's by sex and age"
    assert 'value="age=30-44;sex=female"' not in group, "no municipality has it"
    page = text_of(client.get("/el/indicators/gmi_beneficiaries/"))
    assert "age=30-44;sex=female" not in page


def test_change_is_said_only_where_the_intervals_allow_it(
    region: Area, publish: Publish, adviser: User
) -> None:
    publish(year(region, "2021", {"2201": 30.0, "2202": 21.0}))
    publish(year(region, "2023", {"2201": 25.0, "2202": 21.5, "22": 20.0}))
    client = signed_in(adviser)
    page = text_of(client.get("/en/office/dashboard/"))
    assert "has fallen since 2021" in page
    assert "higher than the regional unit" in page
    assert "higher than the region" in page
    there = text_of(client.get("/en/office/dashboard/?area=2202"))
    assert "since 2021 no change can be claimed" in there
    assert "higher than the regional unit" not in there


def test_what_one_follows_and_the_newest_releases(region: Area, publish: Publish, adviser: User) -> None:
    factories.subscription(region, user=adviser, address="", scope=Scope.INDICATOR, indicator="arop")
    release = publish(year(region, "2023", {"2201": 25.0}))
    page = text_of(signed_in(adviser).get(ADDRESS))
    followed = page.split('id="followed"')[1].split("</section>")[0]
    assert "Κίνδυνος φτώχειας" in followed
    assert f"/el/indicators/releases/{release.pk}/" in page


def test_units_and_the_region_can_be_chosen_and_others_are_not_found(
    region: Area, publish: Publish, adviser: User
) -> None:
    publish(year(region, "2023", {}))
    client = signed_in(adviser)
    for code in ("22", "EL61", "2303"):
        assert client.get(f"{ADDRESS}?area={code}").status_code == 200
    assert client.get(f"{ADDRESS}?area=9999").status_code == 404
    assert client.get(f"{ADDRESS}?source=nothing").status_code == 200, "nothing is counted yet"
    assert Client(headers={"host": "thessaly.localhost"}).get(ADDRESS).status_code == 302
    assert signed_in(factories.user()).get(ADDRESS).status_code == 404


def test_a_body_without_a_municipality_begins_with_the_region(region: Area) -> None:
    client = signed_in(factories.body_member(region))
    assert f"<h1>{region.name_el}</h1>" in text_of(client.get(ADDRESS))


def test_it_asks_as_much_for_many_indicators(
    region: Area, publish: Publish, adviser: User, lists: None, queries_stay: Any
) -> None:
    publish(counts(region))
    codes = iter(
        IndicatorVersion.objects.filter(indicator__unit="percent").values_list("indicator__code", flat=True)
    )
    client = signed_in(adviser)

    def grow(more: int) -> None:
        for code, _number in zip(codes, range(min(more, 14)), strict=False):
            rows = cells(region, code=code, persons=EVERYWHERE)
            publish(rows)

    assert queries_stay(grow=grow, read=lambda: client.get(ADDRESS)) < 45


def test_places_are_chosen_by_level(adviser: User) -> None:
    """A regional unit often bears the name of its seat."""
    page = text_of(signed_in(adviser).get("/en/office/dashboard/"))
    select = page[page.index('id="area"') :]
    select = select[: select.index("</select>")]
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', select)
    told = {label: re.findall(r'value="(\w+)"', inside) for label, inside in groups}
    assert list(told) == ["Region", "Regional unit", "Municipality"]
    assert told["Region"] == ["EL61"]
    assert "22" in told["Regional unit"]
    assert "2201" in told["Municipality"]
    assert 'value="2201" selected' in select
