"""Whole journeys, as people make them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server

WORDS = {"el": "χρειάζομαι φάρμακα", "en": "I need medicines"}
PHARMACY = {
    "el": re.compile("Κοινωνικό Φαρμακείο"),
    "en": re.compile("Social Pharmacy|Κοινωνικό Φαρμακείο"),
}


def _ask(page: Page, words: str, town: str) -> None:
    page.locator("input[name=q]").first.fill(words)
    page.locator("main select[name=municipality]").first.select_option(town)
    page.locator("main form[role=search] button:not([type=button])").first.click()


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_who_needs_medicines_finds_the_pharmacy_of_volos(
    visit, server: Server, language: str, width: int, javascript: bool
) -> None:
    page = visit(f"/{language}/structures/", width=width, javascript=javascript)
    _ask(page, WORDS[language], "2401")
    results = page.locator(".result")
    expect(results.first).to_be_visible()
    first_five = [results.nth(number).inner_text() for number in range(min(5, results.count()))]
    assert any(PHARMACY[language].search(text) for text in first_five), first_five
    if javascript:
        assert_accessible(page)
        assert_fits(page)
    results.filter(has_text=PHARMACY[language]).first.locator("a").first.click()
    expect(page.locator("main h1")).to_be_visible()
    structure = page.locator("main").inner_text()
    assert re.search(r"\d{1,2}[:.]\d{2}", structure), "the hours are missing"
    assert page.locator("main a[href^='tel:']").count()
    if javascript:
        assert_accessible(page)
        assert_fits(page)


def test_words_of_a_search_stay_out_of_the_address_and_the_log(visit, server: Server) -> None:
    page = visit("/el/structures/")
    page.locator("input[name=q]").first.fill("με χτυπάει ο άντρας μου")
    page.locator("main form[role=search] button:not([type=button])").first.click()
    page.wait_for_load_state()
    assert "?" not in page.url
    assert "15900" in page.locator("body").inner_text()
    log = server.log.read_text(encoding="utf-8")
    assert "χτυπάει" not in log
    assert "%CF%87%CF%84" not in log


def test_staff_sign_in_with_two_steps_and_reach_the_editing_pages(visit, server: Server) -> None:
    page = visit("/el/account/login/")
    people.sign_in(page, server, "editor")
    assert_accessible(page)
    page.get_by_role("link", name="Σελίδες της πύλης").click()
    page.wait_for_url("**/editing/")
    expect(page.locator("main h1")).to_be_visible()


def test_a_newcomer_of_the_staff_is_led_to_a_second_step(visit, server: Server) -> None:
    page = visit("/editing/")
    people.first_step(page, "newcomer")
    page.wait_for_url("**/account/2fa/")
    assert_accessible(page)
    assert_fits(page)
    page.locator("main a[href$='/2fa/totp/activate/']").click()
    people.give_password(page)  # once more, before something delicate
    expect(page.locator("img.qr")).to_be_visible()
    assert_accessible(page)


def test_a_structure_prints_without_the_furniture(visit) -> None:
    page = visit("/el/structures/")
    page.locator(".result a").first.click()
    page.wait_for_load_state()
    page.emulate_media(media="print")
    assert not page.locator("nav.sections").is_visible()
    assert page.locator("main h1").is_visible()


def test_a_table_of_structures_comes_in_and_the_counts_and_the_map_change(visit, server: Server) -> None:
    page = visit("/el/account/login/")
    people.sign_in(page, server, "administrator")
    count, drawing = _registered(page, server)
    page.goto(server.url("/el/office/imports/"))
    assert_accessible(page)
    table = "Κωδικός;Όνομα;Είδος;Δήμος\r\nΦ-1;Κοινωνικό Φαρμακείο Δοκιμής;Κοινωνικό Φαρμακείο;Βόλου\r\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "δομές.csv", "mimeType": "text/csv", "buffer": table.encode("cp1253")}
    )
    page.locator("#id_source").fill("Δήμος Βόλου")
    page.get_by_role("button", name="Έλεγχος").first.click()
    page.wait_for_url("**/office/imports/*-*/")
    assert _registered(page, server) == (count, drawing)
    _work(page, server)
    assert_accessible(page)
    page.locator("form[action$='confirm/'] button").click()
    page.wait_for_load_state()
    _work(page, server)
    after, redrawn = _registered(page, server)
    assert after == count + 1
    assert redrawn != drawing


def _work(page: Page, server: Server) -> None:
    """What the queue's worker does beside the server; then look again."""
    server.command("procrastinate", "worker", "--one-shot", "--queues", "imports")
    page.reload()


def _registered(page: Page, server: Server) -> tuple[int, str]:
    """How many social pharmacies the open data know, and how their map is drawn."""
    # a bare host serves Thessaly too, and needs no look-up of its name
    counts = page.request.get(server.url("/api/v1/structures/counts", "127.0.0.1")).json()
    rows = counts if isinstance(counts, list) else counts["results"]
    drawing = page.request.get(server.url("/el/maps/structures.svg?kind=social_pharmacy", "127.0.0.1"))
    assert drawing.ok
    return sum(row["count"] or 0 for row in rows if row["kind"] == "social_pharmacy"), drawing.text()


def test_an_error_on_a_page_that_leaves_no_trace_can_be_told(visit) -> None:
    """Its referrer policy must not make the browser send the form from nowhere."""
    page = visit("/el/structures/", width=360)
    page.locator("form .need[value=safety]").click()
    page.locator(".result a").first.click()
    page.locator("#report").click()
    page.locator("input[name=topic]").first.check()
    page.wait_for_timeout(3500)  # nobody reads and writes faster
    page.locator("form[action$='/report/'] button").click()
    expect(page.locator("main")).to_contain_text("Ευχαριστούμε")
