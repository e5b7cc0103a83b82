"""The pages of people and bodies: accessible and narrow, by those who use them; somebody invites."""

from playwright.sync_api import Page

from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server

LOGIN = "/el/account/login/"


def _look(page: Page, *addresses: str) -> None:
    for address in addresses:
        page.goto(page.url.split("/el/")[0] + address)
        assert_accessible(page)
        assert_fits(page)


def _follow(page: Page, link: str) -> None:
    """Wait for the page behind it: a click alone leaves the old one to be looked at, or half of it."""
    with page.expect_navigation():
        page.locator(link).first.click()


def test_whoever_administers_a_body_invites_and_sees_what_waits(visit, server: Server) -> None:
    page = visit(LOGIN, width=360, height=740)
    people.sign_in(page, server, "chair")
    assert_accessible(page)
    assert page.url.endswith("/el/office/")
    _look(page, "/el/me/requests/new/", "/el/account/sessions/", "/el/people/", "/el/people/requests/")
    page.goto(page.url.split("/el/")[0] + "/el/people/")
    _follow(page, "main table a")
    assert_accessible(page)
    _follow(page, "main a.button")
    assert_accessible(page)
    assert_fits(page)
    page.locator("#id_email").fill("eleni@example.org")
    page.locator("input[name=role][value=body_member]").check()
    page.locator("main form.form button").first.click()
    page.wait_for_selector("#invitations")
    assert_accessible(page)
    assert_fits(page)
    _follow(page, "main table a")
    assert_accessible(page)
    _follow(page, "main .list-links a")
    assert_accessible(page)
    assert_fits(page)


def test_coming_in_is_accessible_and_narrow(visit) -> None:
    page = visit("/el/join/", width=360, height=740)
    assert_accessible(page)
    assert_fits(page)
    page.locator("#id_email").fill("nea@example.org")
    page.locator("main form.form button").first.click()
    page.wait_for_selector("#id_email", state="detached")
    assert_accessible(page)
    assert_fits(page)
