"""Two maps side by side: nothing is claimed that the intervals do not support."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client

from entaxis.geography.models import Area
from entaxis.indicators.models import Indicator
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
PAGE = "/en/maps/beside/"


def text(client: Client, query: str) -> str:
    answer = client.get(f"{PAGE}?{query}", **THESSALY)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def put_two_years(publish: Publish) -> None:
    """Larissa rises beyond both intervals, Volos falls within them, Agia is withheld in one of the two."""
    publish({"2201": figure(20.0), "2401": figure(22.0), "2202": figure(None)}, period="2022")
    publish({"2201": figure(30.0), "2401": figure(21.0), "2202": figure(18.0)}, period="2023")


@pytest.fixture
def two_years(publish: Publish) -> None:
    put_two_years(publish)


@pytest.mark.usefixtures("two_years")
def test_it_begins_with_the_period_before(client: Client) -> None:
    page = text(client, "indicator=arop&period=2023")
    assert "Lower in 2022 than in 2023: Larissa." in page
    assert "For the other areas the two cannot be told apart." in page
    assert {"left", "right"} <= set(re.findall(r'id="beside-(\w+)"', page))


def test_a_break_of_the_series_forbids_to_compare(
    client: Client, publish: Publish, arop: Indicator
) -> None:
    version = arop.versions.latest("number")
    version.breaks = [{"period": "2023", "note_el": "Νέο ερωτηματολόγιο", "note_en": "New questionnaire"}]
    version.save()
    put_two_years(publish)
    page = text(client, "indicator=arop&period=2022&with_period=2023")
    assert "The series breaks between the two periods" in page
    assert "told apart" not in page


@pytest.mark.usefixtures("two_years")
def test_of_two_indicators_nothing_is_claimed(client: Client, publish: Publish) -> None:
    publish({"2201": figure(90.0), "2401": figure(1.0)}, code="smsd")
    page = text(client, "indicator=arop&with=smsd")
    assert "prove no connection" in page
    assert "told apart" not in page
    rows = list(
        csv.DictReader(
            io.StringIO(
                client.get("/en/maps/beside.csv?indicator=arop&with=smsd", **THESSALY).content.decode(
                    "utf-8-sig"
                )
            ),
            delimiter=";",
        )
    )
    assert {row["Code of the indicator"] for row in rows if row["Code"] == "2201"} == {"arop", "smsd"}
    assert all(not row["Value"] for row in rows if row["Why there is no figure"])


@pytest.mark.usefixtures("two_years")
def test_an_indicator_without_the_level_gives_way(client: Client, publish: Publish) -> None:
    version = Indicator.objects.get(code="smsd").versions.latest("number")
    version.levels = ["region", "regional_unit"]
    version.save()
    publish({"22": figure(90.0)}, code="smsd", period="2020")
    query = "indicator=arop&level=municipality&period=2023&with=smsd&with_period=2020"
    page = text(client, query)
    assert f"“{version.name}” has no figures at the level “Municipality”. Shown instead: " in page
    assert client.get(f"/en/maps/beside.csv?{query}", **THESSALY).status_code == 404
    assert "has no figures at" not in text(client, query.replace("=municipality", "=regional_unit"))


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize(
    "query", ["with=nothing", "with_period=1999", "with=arop&with_period=x", "indicator=x"]
)
def test_what_does_not_exist_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"{PAGE}?{query}", **THESSALY).status_code == 404
    assert client.get(f"/en/maps/beside.csv?{query}", **THESSALY).status_code == 404


def test_a_region_without_figures_says_so(client: Client, thessaly: Area) -> None:
    assert "No figures yet" in client.get(PAGE, **THESSALY).content.decode()
    assert client.get("/en/maps/beside.csv", **THESSALY).status_code == 404


def test_periods_cost_no_queries(
    client: Client, publish: Publish, queries_stay: Callable[..., int]
) -> None:
    years = iter(range(1990, 2030))

    def grow(number: int) -> None:
        for _ in range(number):
            publish({"2201": figure(20.0)}, period=str(next(years)))

    assert queries_stay(grow=grow, read=lambda: client.get(f"{PAGE}?indicator=arop", **THESSALY)) < 30
