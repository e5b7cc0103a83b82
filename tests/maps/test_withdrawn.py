"""Figures that were taken back: maps, rankings, comparisons and profiles say so in their place."""

import re

import pytest
from django.test import Client

from entaxis.accounts.models import User
from entaxis.core import kept
from entaxis.geography.models import Area
from entaxis.indicators import actions, withdrawing
from entaxis.indicators.models import Release
from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
ASKED = "indicator=arop&level=municipality"


@pytest.fixture
def taken_back(publish: Publish, thessaly: Area) -> Release:
    """2022 is in force; 2023 was, and was taken back."""
    publish({"2201": figure(31.7), "2202": figure(22.2)}, period="2022")
    last = publish({"2201": figure(41.3), "2202": figure(23.4)}, region=figure(27.9))
    people: list[User] = [factories.editor(thessaly), factories.region_administrator(thessaly)]
    made = withdrawing.begin(release=last, note_el="Λάθος βάρη.", note_en="Wrong weights.", by=people[0])
    actions.approve(release=made, by=people[1])
    kept.forget()
    return made


@pytest.mark.usefixtures("taken_back")
@pytest.mark.parametrize(
    "path",
    [
        f"maps/indicators/?{ASKED}",
        f"maps/indicators/?{ASKED}&mode=difference",
        f"maps/indicators/?{ASKED}&mode=blended",
        f"maps/indicators/embed/?{ASKED}",
        f"maps/indicators.svg?{ASKED}",
        f"maps/indicators.csv?{ASKED}",
        f"maps/indicators.geojson?{ASKED}",
        f"maps/ranking/?{ASKED}",
        f"maps/comparison/?{ASKED}&area=2201&area=2202",
        "profiles/2201/",
        "profiles/EL61/",
        "indicators/",
        "indicators/tables/?indicator=arop",
    ],
)
def test_nothing_that_was_taken_back_is_told_any_more(client: Client, path: str) -> None:
    answer = client.get(f"/en/{path}", **THESSALY)
    assert answer.status_code == 200
    shapes = r"(points|d|viewBox|x|y)=\"[^\"]*\"|\"coordinates\":[\[\]\d.,-]*"
    text = re.sub(shapes, "", answer.content.decode())
    for gone in ("41.3", "41,3", "23.4", "23,4", "27.9", "27,9"):
        assert gone not in text, gone


@pytest.mark.usefixtures("taken_back")
@pytest.mark.parametrize(
    "path",
    [f"maps/indicators/?{ASKED}", f"maps/indicators.csv?{ASKED}", "profiles/2201/", "indicators/arop/"],
)
def test_the_reason_stands_in_its_place(client: Client, path: str) -> None:
    assert "taken back" in client.get(f"/en/{path}", **THESSALY).content.decode()


@pytest.mark.usefixtures("taken_back")
def test_what_is_still_in_force_stays(client: Client) -> None:
    assert "31.7" in client.get(f"/en/maps/indicators/?{ASKED}&period=2022", **THESSALY).content.decode()
