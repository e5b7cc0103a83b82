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


def test_whoever_administers_a_body_invites_and_sees_what_waits(visit, server: Server) -> None:
    page = visit(LOGIN, width=360, height=740)
    people.sign_in(page, server, "chair")
    assert_accessible(page)
    assert page.url.endswith("/el/office/")
    _look(page, "/el/me/requests/new/", "/el/account/sessions/", "/el/people/", "/el/people/requests/")
    page.goto(page.url.split("/el/")[0] + "/el/people/")
    page.locator("main table a").first.click()
    assert_accessible(page)
    page.locator("main a.button").first.click()
    assert_accessible(page)
    assert_fits(page)
    page.locator("#id_email").fill("eleni@example.org")
    page.locator("input[name=role][value=body_member]").check()
    page.locator("main form.form button").first.click()
    page.wait_for_selector("#invitations")
    assert_accessible(page)
    assert_fits(page)
    page.locator("main table a").first.click()
    assert_accessible(page)
    page.locator("main .list-links a").first.click()
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
