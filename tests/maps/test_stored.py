"""Files of maps are made once for a state: asked again they cost no query; another state, another file."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entaxis.core import kept
from entaxis.core.shelves import Shelf
from entaxis.geography.models import Area
from entaxis.indicators.models import Indicator
from entaxis.vocabularies.models import Vocabulary
from entaxis.vocabularies.queries import terms
from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
MAP = "/el/maps/indicators.svg?indicator=arop&level=municipality"


def test_the_second_who_asks_costs_no_query_of_figures(client: Client, publish: Publish) -> None:
    publish({"2201": figure(30.0)})
    first = client.get(MAP, **THESSALY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        second = client.get(MAP, **THESSALY)
    assert second.content == first.content
    assert [
        one["sql"] for one in queries if "indicators_" in one["sql"] or "geography_" in one["sql"]
    ] == []


def test_a_release_makes_another_file(client: Client, publish: Publish) -> None:
    publish({"2201": figure(30.0)})
    first = client.get(MAP, **THESSALY)
    assert client.get(MAP, headers={"if-none-match": first["ETag"]}, **THESSALY).status_code == 304
    publish({"2201": figure(31.0)}, period="2024")
    kept.forget()
    second = client.get(MAP, headers={"if-none-match": first["ETag"]}, **THESSALY)
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]


def _turned() -> None:
    Indicator.objects.filter(code="arop").update(direction="high_is_good")


def _rounded() -> None:
    Indicator.objects.filter(code="arop").update(digits=0)


def _renamed() -> None:
    terms("vulnerable_groups").filter(key="roma").update(label_el="Ρομά και Ρόμισσες")


def _moved() -> None:
    Area.objects.filter(code="2202").update(parent=Area.objects.get(code="23"))


@pytest.mark.parametrize("change", [_turned, _rounded, _renamed, _moved])
def test_what_a_file_shows_and_no_release_tells_makes_another_file(
    client: Client, publish: Publish, change: Callable[[], None]
) -> None:
    factories.term("roma", inside=Vocabulary.Name.VULNERABLE_GROUPS)
    publish({"2201": figure(30.0), "2202": figure(20.0)})
    address = MAP.replace(".svg", ".csv")
    first = client.get(address, **THESSALY)
    kept.forget()
    assert client.get(address, **THESSALY)["ETag"] == first["ETag"]
    change()
    kept.forget()
    assert client.get(address, **THESSALY)["ETag"] != first["ETag"]


def test_what_an_address_adds_makes_no_file(client: Client, publish: Publish) -> None:
    publish({"2201": figure(30.0)})
    first = client.get(MAP, **THESSALY)
    assert client.get(f"{MAP}&x=1&kind=x", **THESSALY)["ETag"] == first["ETag"]


@pytest.mark.parametrize("query", ["indicator=nothing", "indicator=arop&period=1999", "indicator=../../x"])
def test_what_does_not_exist_is_not_kept(client: Client, publish: Publish, query: str) -> None:
    publish({"2201": figure(30.0)})
    assert client.get(f"/el/maps/indicators.svg?{query}", **THESSALY).status_code == 404
    shelf = Shelf("maps", "svg", 10)
    assert list(shelf._place().glob("*.svg")) == []


def test_languages_and_regions_have_files_of_their_own(client: Client, publish: Publish) -> None:
    publish({"2201": figure(30.0)})
    greek = client.get(MAP, **THESSALY)
    english = client.get(MAP.replace("/el/", "/en/"), **THESSALY)
    assert greek["ETag"] != english["ETag"]
    assert client.get(MAP, HTTP_HOST="peloponnese.localhost").status_code == 404
