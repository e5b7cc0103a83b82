"""The map to move about in: areas as they are drawn, without numbers of their own; what lies over them."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from entaxis.core import kept
from entaxis.directory.choices import Status
from entaxis.geography.models import Area
from entaxis.maps import layers
from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
ASKED = "indicator=arop&level=municipality&period=2023"
AREAS = f"/en/maps/indicators/areas.geojson?{ASKED}"


def areas(client: Client, mode: str = "hatched") -> dict[str, dict[str, str]]:
    found = json.loads(client.get(f"{AREAS}&mode={mode}", **THESSALY).content)
    return {one["properties"]["code"]: one["properties"] for one in found["features"]}


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize("mode", ["hatched", "blended", "difference"])
def test_a_withheld_area_brings_no_value_no_class_and_its_pattern(client: Client, mode: str) -> None:
    agia = areas(client, mode)["2202"]
    assert set(agia) == {"code", "fill", "patterns", "label", "url"}
    assert (agia["fill"], agia["patterns"]) == ("#ffffff", "withheld")
    assert re.findall(r"\d", agia["label"]) == []


@pytest.mark.usefixtures("three_years")
def test_no_number_travels_but_in_the_words_that_the_page_says(client: Client) -> None:
    found = json.loads(client.get(AREAS, **THESSALY).content)
    told = [value for one in found["features"] for value in one["properties"].values()]
    assert all(isinstance(value, str) for value in told)
    page = client.get(f"/en/maps/indicators/?{ASKED}", **THESSALY).content.decode()
    assert all(one["properties"]["label"] in page for one in found["features"])


@pytest.mark.usefixtures("three_years")
def test_colours_and_patterns_are_those_of_the_drawing(client: Client) -> None:
    page = client.get(f"/en/maps/indicators/?{ASKED}", **THESSALY).content.decode()
    for code, facts in areas(client).items():
        drawn = re.search(rf'<a href="/en/profiles/{code}/" fill="([^"]+)".*?</a>', page)
        assert drawn, code
        assert drawn.group(1) == facts["fill"]
        assert re.findall(r"url\(#map-(\w+)\)", drawn.group()) == facts["patterns"].split()
    assert areas(client)["2203"]["patterns"] == "unreliable"
    assert areas(client)["2204"]["patterns"] == "modelled"
    assert areas(client)["2201"]["url"] == "/en/profiles/2201/"


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize("query", ["indicator=nothing", "indicator=arop&period=1900"])
def test_what_does_not_exist_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/en/maps/indicators/areas.geojson?{query}", **THESSALY).status_code == 404


def test_layers_are_kinds_that_have_an_open_place(thessaly: Area) -> None:
    kept.forget()
    factories.structure("social_pharmacy", region=thessaly)
    factories.structure("soup_kitchen", region=thessaly, point=None)
    factories.structure("nursery", region=thessaly, status=Status.DRAFT)
    factories.confidential_structure(region=thessaly)
    assert [value for value, _ in layers.layers(thessaly)] == ["kind=social_pharmacy"]


def test_kinds_and_structures_cost_no_queries(
    client: Client, publish: Publish, queries_stay: Callable[..., int]
) -> None:
    publish({"2201": figure(30.0)})

    def grow(count: int) -> None:
        for number in range(count):
            factories.structure(f"kind_{number}")

    assert (
        queries_stay(grow=grow, read=lambda: client.get(f"/en/maps/indicators/?{ASKED}", **THESSALY)) < 25
    )
