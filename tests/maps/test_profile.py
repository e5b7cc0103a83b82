"""Social profiles: published figures alone, better and worse only beyond the intervals, peers as known."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from entaxis.directory.models import KindCompleteness
from entaxis.geography.models import Area, Population
from entaxis.indicators import country
from entaxis.maps.profile import ground, profile
from tests import factories
from tests.maps.conftest import Publish, figure
from tests.maps.test_permalinks import OF_COUNTRY
from tests.maps.test_printing import text_of

THESSALY = {"HTTP_HOST": "thessaly.localhost"}


def said(area: Area, region: Area) -> str:
    with translation.override("en"):
        return " ".join(profile(area, ground(region)).sentences)


def test_better_and_worse_follow_the_direction_of_the_indicator(thessaly: Area, publish: Publish) -> None:
    publish({"2201": figure(40.0), "2401": figure(21.0), "2301": figure(5.0)})
    publish({"2201": figure(9000.0)}, code="median_income", region=figure(10000.0))
    areas = {area.code: area for area in Area.objects.municipalities().of(thessaly)}
    assert said(areas["2201"], thessaly).startswith(
        "Worse than in the region as a whole: At risk of poverty; Median"
    )
    assert said(areas["2301"], thessaly).startswith(
        "Better than in the region as a whole: At risk of poverty."
    )
    assert said(areas["2401"], thessaly).startswith(
        "For no indicator can we say that it is better or worse"
    )


def test_a_peer_of_which_nobody_knows_takes_no_part(thessaly: Area) -> None:
    kind = factories.term("community_centre")
    karditsa = Area.objects.municipalities().get(code="2301")
    shown = profile(karditsa, ground(thessaly)).structures
    assert len(shown.peers) == 5
    assert karditsa not in shown.peers
    KindCompleteness.objects.create(
        kind=kind, municipality=shown.peers[0], state=KindCompleteness.State.COMPLETE
    )
    line = profile(karditsa, ground(thessaly)).structures.lines[0]
    assert line.cell.count is None
    assert line.rate is None
    assert (line.peers_rate, line.peers_known) == (0.0, 1)


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("code", ["2201", "2202", "22", "EL61", "2603"])
def test_the_page_stands_in_both_languages(client: Client, language: str, code: str) -> None:
    answer = client.get(f"/{language}/profiles/{code}/", **THESSALY)
    assert answer.status_code == 200
    assert ("Κοινωνικό προφίλ" if language == "el" else "Social profile") in answer.content.decode()


@pytest.mark.parametrize("code", ["4201", "EL65", "41", "9999", "220101"])
def test_areas_of_elsewhere_are_not_found(client: Client, thessaly: Area, code: str) -> None:
    assert client.get(f"/el/profiles/{code}/", **THESSALY).status_code == 404


def test_periods_and_indicators_cost_no_queries(
    client: Client, publish: Publish, queries_stay: Callable[..., int]
) -> None:
    years = iter(range(1990, 2030))

    def grow(number: int) -> None:
        for _ in range(number):
            publish({"2201": figure(30.0)}, period=str(next(years)))

    assert queries_stay(grow=grow, read=lambda: client.get("/el/profiles/2201/", **THESSALY)) < 30


def test_vulnerable_groups_stand_on_the_page_and_on_paper(client: Client, publish: Publish) -> None:
    factories.vulnerable_groups()
    publish(
        {"2201": figure(45.0), "2202": figure(None)},
        code="municipal_beneficiaries",
        breakdown="subgroup=long_term_unemployed",
        region=figure(500.0),
    )
    page = client.get("/en/profiles/2201/", **THESSALY).content.decode()
    row = next(one for one in page.split("<tr>") if "/en/vulnerable-groups/long_term_unemployed/" in one)
    assert re.search(r'href="/en/figures/[^"]+">45<', row)
    assert "their numbers do not add up" in page
    paper = text_of(client.get("/en/profiles/2201.pdf", **THESSALY).content)
    assert "Long-term unemployed 45" in " ".join(paper.split())
    withheld = client.get("/en/profiles/2202/", **THESSALY).content.decode()
    row = next(one for one in withheld.split("<tr>") if "long_term_unemployed" in one)
    assert "not given" in row
    nothing = client.get("/en/profiles/2301/", **THESSALY).content.decode()
    assert 'id="groups"' not in nothing


def test_a_partial_nought_is_at_least_and_no_rate(client: Client, thessaly: Area) -> None:
    kind = factories.term("social_pharmacy")
    larissa = Area.objects.current().get(code="2201")
    KindCompleteness.objects.create(kind=kind, municipality=larissa, state=KindCompleteness.State.PARTIAL)
    for municipality in Area.objects.current().filter(level="municipality").exclude(pk=larissa.pk):
        Population.objects.get_or_create(
            area=municipality,
            year=2021,
            vintage="provisional",
            defaults={"persons": 1000, "source": "test"},
        )
    line = next(line for line in profile(larissa, ground(thessaly)).structures.lines if line.kind == kind)
    assert (line.cell.count, line.rate) == (0, None)
    with translation.override("en"):
        assert line.count_written == "at least 0"
    page = client.get("/en/profiles/2201/", **THESSALY).content.decode()
    assert ">at least 0<" in page
    assert "0.00" not in page[page.index('id="structures-table"') :]


def test_a_sub_group_that_the_last_month_does_not_tell_shows_its_last_one_and_says_which(
    client: Client, publish: Publish
) -> None:
    factories.vulnerable_groups()
    for period, group, value in (("2023-12", "roma", 45.0), ("2024-03", "long_term_unemployed", 80.0)):
        publish(
            {"2201": figure(value)},
            code="gmi_beneficiaries",
            period=period,
            breakdown=f"subgroup={group}",
            region={"value": 10 * value},
        )
    for address in ("/en/profiles/2201/", "/en/vulnerable-groups/"):
        page = client.get(address, **THESSALY).content.decode()
        rows = {
            group: next(one for one in page.split("<tr>") if f"/en/vulnerable-groups/{group}/" in one)
            for group in ("roma", "long_term_unemployed")
        }
        assert "(2023-12)" in rows["roma"]
        assert "(20" not in rows["long_term_unemployed"]
    assert "(450)" not in page, "numbers of two months are not set in a row"


def test_an_invented_country_is_marked_beside_its_figure(client: Client, publish: Publish) -> None:
    publish({"2201": figure(30.0)}, period="2022")
    country.load(OF_COUNTRY, by=None, is_synthetic=True)
    page = client.get("/en/profiles/2201/", **THESSALY).content.decode()
    assert "Greece (synthetic data): 18.0" in page
    assert re.search(r"Greece <span[^>]*>\(synthetic data\)</span></th>", page)
