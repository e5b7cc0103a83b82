"""The portal in a real browser: narrow and wide, by key, from right to left, and the way out."""

import pytest
from playwright.sync_api import expect

from tests.browser.checks import assert_accessible, assert_fits, focus_order
from tests.browser.conftest import Visit, Watch

PAGES = ["/el/design/", "/el/observatory/how-it-works/", "/el/sheet/2401/", "/ar/emergency/", "/uk/rights/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits_a_phone(visit: Visit, path: str) -> None:
    page = visit(path, width=360)
    assert_fits(page)
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert_fits(page)


def test_a_missing_page_is_accessible_too(visit: Visit, watch: Watch) -> None:
    watch.forgive("404")
    assert_accessible(visit("/el/nowhere/", width=360))


@pytest.mark.parametrize("palette", ["pine", "olive", "murex"])
def test_the_living_page_stands_in_every_palette(visit: Visit, palette: str) -> None:
    page = visit("/el/design/")
    page.evaluate("palette => { document.documentElement.dataset.palette = palette }", palette)
    assert_accessible(page)


def test_the_keyboard_reaches_the_question_soon_and_sees_where_it_is(visit: Visit) -> None:
    page = visit("/el/")
    reached = focus_order(page, steps=16)
    assert reached[0].startswith("Μετάβαση στο περιεχόμενο")
    assert not [name for name in reached if "(invisible)" in name]
    assert any(name == "q" for name in reached), reached


def test_the_menu_of_a_phone_opens_and_closes_without_script(visit: Visit) -> None:
    page = visit("/el/", width=360, javascript=False)
    sections = page.get_by_role("navigation", name="Ενότητες")
    expect(sections).to_be_hidden()
    page.get_by_role("button", name="Μενού").click()
    expect(sections.get_by_role("link", name="Το Παρατηρητήριο")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sections).to_be_hidden()


def test_somebody_says_a_need_and_chooses_a_town_from_the_first_page(visit: Visit) -> None:
    page = visit("/el/", width=360)
    page.get_by_label("Πείτε το με δικά σας λόγια").fill("χρειάζομαι φάρμακα")
    page.get_by_label("Δήμος", exact=True).select_option(label="Βόλος")
    page.get_by_role("button", name="Βρείτε βοήθεια").click()
    expect(page.get_by_role("link", name="Κοινωνικό Φαρμακείο Δήμου Βόλου")).to_be_visible()


@pytest.mark.parametrize("how", ["button", "keys"])
def test_the_way_out_leaves_nothing_to_come_back_to(visit: Visit, watch: Watch, how: str) -> None:
    page = visit("/el/rights/")
    neutral = page.url.replace("/rights/", "/news/")
    page.goto(page.url.replace("/rights/", "/emergency/"))
    page.evaluate("address => { document.querySelector('[data-exit]').href = address }", neutral)
    if how == "button":
        page.get_by_role("link", name="Φύγετε από τη σελίδα τώρα").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url("**/news/")
    page.go_back()
    assert page.url.endswith("/rights/")  # the emergency page's place in the history was taken


def test_arabic_stands_on_the_right(visit: Visit) -> None:
    page = visit("/ar/emergency/")
    box = page.locator("h1").bounding_box()
    assert box is not None
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    number = page.locator(".line__number").first.bounding_box()
    card = page.locator(".line").first.bounding_box()
    assert number is not None
    assert card is not None
    assert number["x"] > card["x"] + card["width"] / 2


def test_targets_are_large_enough_for_a_finger(visit: Visit) -> None:
    page = visit("/el/", width=360)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, select, input:not([type=hidden])')]
          .map(e => [e, e.getBoundingClientRect()])
          .filter(([e, box]) => box.width > 1 && box.height > 1 && box.height < 24)
          .map(([e]) => e.outerHTML.slice(0, 120))"""
    )
    assert not small, "\n".join(small)
