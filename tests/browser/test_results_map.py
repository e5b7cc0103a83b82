"""The map of the results: by key, by finger, from tiles; names that attack stay text."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import Visit
from tests.browser.server import Server

MARK = ".find__cluster, .find__point"
ATTACK = "<img src=x onerror=window.attacked=1>"
PLANT = f"""
import json
from django.contrib.gis.geos import Point
from entaxis.directory import tiles
from entaxis.directory.models import Structure
placed = Structure.objects.filter(region__code="EL65", point__isnull=False)
one = placed.filter(kind__key="social_pharmacy").first()
kept = [str(one.pk), one.name_el, one.name_en, one.locality, *one.point.coords]
one.name_el = one.name_en = one.locality = "{ATTACK}"
one.point = Point(22.1, 36.4, srid=4326)
one.save()
print(json.dumps([kept, tiles.current_version(one.region)]))
"""
RESTORE = """
from django.contrib.gis.geos import Point
from entaxis.directory.models import Structure
pk, name_el, name_en, locality, x, y = {kept!r}
Structure.objects.filter(pk=pk).update(
    name_el=name_el, name_en=name_en, locality=locality, point=Point(x, y, srid=4326))
"""


@pytest.fixture(scope="module")
def planted(server: Server) -> Iterator[str]:
    """A structure whose name is markup, alone in the south of the Peloponnese; the tiles' version."""
    kept, version = json.loads(server.command("shell", "--no-imports", "-c", PLANT))
    yield version
    server.command("shell", "--no-imports", "-c", RESTORE.format(kept=kept))


def open_map(page: Page) -> None:
    page.get_by_role("button", name="Δείτε στον χάρτη").click()
    page.wait_for_selector(MARK)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_map_is_accessible_and_fits(visit: Visit, width: int) -> None:
    page = visit("/el/structures/", width=width)
    open_map(page)
    assert_accessible(page)
    assert_fits(page)


def test_a_key_opens_clusters_down_to_a_structure_and_back(visit: Visit) -> None:
    page = visit("/el/structures/?kind=social_pharmacy", locale="en-GB")
    open_map(page)
    for _ in range(8):
        if page.locator(".find__point").count():
            break
        page.locator(".find__cluster").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(1000)
    page.locator(".find__point").first.focus()
    page.keyboard.press("Enter")
    link = page.locator(".maplibregl-popup a")
    expect(link).to_be_focused()
    expect(link).to_contain_text(re.compile("Φαρμακείο"))  # the page's language, whatever the browser's
    assert "/el/structures/" in (link.get_attribute("href") or "")
    page.get_by_role("button", name="Κλείσιμο").last.click()
    expect(page.locator(".find__point:focus")).to_be_visible()


def test_a_card_and_its_mark_point_at_each_other(visit: Visit) -> None:
    page = visit("/el/structures/?kind=social_pharmacy&municipality=2401")
    open_map(page)
    page.locator(".find__point").first.click()
    expect(page.locator("[data-results] > .is-chosen")).to_have_count(1)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Κλείσιμο").last.click()
    page.mouse.move(0, 0)  # a pointer that rests on another card would choose that one too
    page.locator("[data-results] > li a").first.focus()
    expect(page.locator(".find__point.is-chosen")).to_have_count(1)


@pytest.mark.parametrize("source", ["points", "tiles"])
def test_a_name_that_is_markup_is_read_as_text(visit: Visit, planted: str, source: str) -> None:
    page = visit("/el/structures/?kind=social_pharmacy", host="peloponnese.localhost")
    if source == "tiles":
        page.evaluate(
            """address => Object.assign(document.querySelector('[data-map]').dataset, {
              structureTiles: address, bounds: '[21.9, 36.2, 22.3, 36.6]',
              structurePage: '/el/structures/00000000-0000-0000-0000-000000000000/' })""",
            f"/tiles/{planted}/structures/{{z}}/{{x}}/{{y}}.mvt",
        )
    open_map(page)
    mark = page.get_by_role("button", name=ATTACK)
    for _ in range(6):
        if mark.count():
            break
        page.locator(".find__cluster").last.press("Enter")
        page.wait_for_timeout(1000)
    mark.press("Enter")
    link = page.locator(".maplibregl-popup a")
    expect(link).to_have_text(ATTACK)
    assert page.locator("img[src=x]").count() == 0
    assert page.evaluate("window.attacked === undefined")
    link.press("Enter")
    expect(page.locator("main h1")).to_have_text(ATTACK)
    assert page.evaluate("window.attacked === undefined")
