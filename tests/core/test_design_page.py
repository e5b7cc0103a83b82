"""The living page and the weight of what every page loads."""

import gzip
from pathlib import Path

import pytest
from django.test import Client

from tests import factories

BUILD = Path("src/entaxis/core/static/core/build")


@pytest.mark.django_db
def test_the_living_page_shows_every_component(client: Client) -> None:
    factories.region()
    page = client.get("/el/design/").content.decode()
    for component in ("search-box", "need", "card", "result", "fold", "tag", "notice", "table--stack"):
        assert component in page
    for component in (
        "figure__interval",
        "hours",
        "line__number",
        "exit",
        "errors",
        "empty",
        "crumbs",
        "pages",
    ):
        assert component in page


@pytest.mark.django_db
def test_no_style_or_script_stands_inside_the_page(client: Client) -> None:
    factories.region()
    page = client.get("/el/design/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count('<script type="module" src=')


@pytest.mark.parametrize(("file", "kilobytes"), [("site.css", 12), ("site.js", 6)])
def test_what_every_page_loads_stays_light(file: str, kilobytes: int) -> None:
    assert len(gzip.compress((BUILD / file).read_bytes())) <= kilobytes * 1024
