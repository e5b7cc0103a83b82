"""Where no outlines are loaded nothing is drawn, and everything else is told: the sources too."""

import pytest
from django.test import Client

from entaxis.geography.models import BoundarySet
from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}


@pytest.fixture
def figures(publish: Publish) -> None:
    for code in ("arop", "smsd"):
        publish({"2201": figure(40.0), "2401": figure(21.0)}, code=code)
    factories.structure("community_centre")
    BoundarySet.objects.all().delete()


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize(
    "address",
    [
        "indicators/?indicator=arop",
        "indicators/?indicator=arop&drawing=tiles",
        "indicators/embed/?indicator=arop",
        "beside/?indicator=arop&with=smsd",
        "together/?indicator=arop&kind=community_centre",
    ],
)
def test_the_source_of_the_figures_stands_without_a_drawing(client: Client, address: str) -> None:
    page = client.get(f"/en/maps/{address}", **THESSALY).content.decode()
    assert 'class="choropleth"' not in page
    assert "Source: Survey. Release: Release." in page
    assert "Boundaries: " not in page
    assert "()" not in page


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("name", ["structures", "together"])
def test_the_census_and_the_day_of_the_count_stand_without_a_drawing(client: Client, name: str) -> None:
    page = client.get(f"/en/maps/{name}/?kind=community_centre", **THESSALY).content.decode()
    assert "Structures registered so far, counted on " in page
    assert "Residents: census of 2021" in page


def test_a_ranking_without_places_names_its_source(client: Client, publish: Publish) -> None:
    publish({"2201": figure(40.0)})
    page = client.get("/en/maps/ranking/?indicator=arop", **THESSALY).content.decode()
    assert "Source: Survey. Release: Release." in page
