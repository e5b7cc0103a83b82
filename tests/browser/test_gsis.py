"""The state's sign-in in a real browser: its policy lets the form go to GSIS, the pages are accessible."""

import pytest
from playwright.sync_api import Page

from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server


def _press(page: Page) -> None:
    page.locator("main form button").first.click()


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


@pytest.fixture
def visit_gsis(visit, server: Server, watch):
    """GSIS is the one place the platform may lead to."""
    watch.forgive(f"a request left the machine: {server.state.url}/")
    return visit


def test_one_ties_an_account_and_comes_in_with_taxisnet(visit_gsis, server: Server, watch) -> None:
    watch.forgive("status of 403")  # nobody knows the codes at first
    page = visit_gsis("/el/account/login/", width=360, height=740)
    page.get_by_role("link", name="Με κωδικούς TAXISnet").click()
    _look(page)
    _press(page)
    page.wait_for_url("**/account/gsis/citizen/**")
    _look(page)  # nobody knows these codes yet
    page.get_by_role("link", name="Είσοδος και σύνδεση με τους κωδικούς").click()
    people.first_step(page, "body")
    page.wait_for_url("**/el/me/gsis/")
    _look(page)
    page.get_by_role("link", name="Σύνδεση με τον λογαριασμό μου – Κωδικοί TAXISnet").click()
    people.give_password(page)  # asked once more who it is
    page.wait_for_url("**/el/me/gsis/citizen/")
    _look(page)
    _press(page)
    page.wait_for_url("**/el/me/gsis/")
    page.get_by_role("button", name="Αφαίρεση της σύνδεσης").wait_for()
    _look(page)
    page.goto(server.url("/el/account/logout/"))
    page.locator("main form button[type=submit]").first.click()
    page.goto(server.url("/el/account/login/"))
    page.get_by_role("link", name="Με κωδικούς TAXISnet").click()
    _press(page)
    page.wait_for_url("**/el/office/")
    page.goto(server.url("/el/account/logout/"))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/el/gsis/citizen/left/")
    _look(page)
    page.goto(server.url("/en/account/login/"))
    _look(page)


def test_what_gsis_refuses_is_a_sentence(visit_gsis, server: Server, watch) -> None:
    server.state.instead["token"] = lambda asked: asked.answer("{}", "application/json", 400)
    watch.forgive("status of 400")
    try:
        page = visit_gsis("/el/gsis/civil-servant/", width=360, height=740)
        _press(page)
        page.wait_for_url("**/account/gsis/civil-servant/**")
        _look(page)
        assert "δεν δέχτηκε" in page.locator("main").inner_text()
    finally:
        server.state.instead.clear()
