"""Messages, subscriptions and their mails, in a real browser."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server


def _checked(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_subscribes_confirms_in_their_mailbox_and_leaves(
    visit, server: Server, watch, javascript: bool
) -> None:
    watch.forgive("422")  # an address that is none
    address = f"reader{time.time_ns()}@example.org"
    reader = visit("/el/", width=360, javascript=javascript)
    reader.locator("footer").get_by_role("link", name="Νέα με ηλεκτρονικό ταχυδρομείο").click()
    reader.locator("#id_follow").select_option("municipality:2401")
    reader.locator("#id_address").fill("κανένας")
    reader.get_by_role("button", name="Στέλνετέ μου νέα").click()
    reader.wait_for_selector(".errors")
    if javascript:
        _checked(reader)
    reader.locator("#id_address").fill(address)
    reader.get_by_role("button", name="Στέλνετέ μου νέα").click()
    reader.wait_for_url("**/subscribe/sent/")
    if javascript:
        _checked(reader)
    server.command("procrastinate", "worker", "--one-shot", "--queues", "mail")

    keeper = visit("/el/account/login/?next=/el/demo-mail/", width=360)
    people.keeper_signs_in(keeper, server)
    keeper.goto(server.url("/el/demo-mail/"))
    _checked(keeper)
    mail = keeper.locator(".card", has_text=address)
    link = mail.locator("a", has_text=re.compile("/subscribe/confirm/")).get_attribute("href")
    assert link

    reader.goto(link)
    if javascript:
        _checked(reader)
    expect(reader.locator("main")).to_contain_text("Βόλος")
    reader.get_by_role("button", name="Ναι").click()
    expect(reader.locator("h1")).to_have_text("Η εγγραφή ισχύει")
    if javascript:
        _checked(reader)
    assert address not in server.log.read_text(encoding="utf-8")
    assert "/subscribe/confirm/…/" in server.log.read_text(encoding="utf-8")


def test_the_pages_of_messages_are_accessible(visit, server: Server) -> None:
    page = visit("/el/account/login/", width=360)
    people.sign_in(page, server, "administrator")
    for path in ("/el/messages/", "/el/messages/preferences/", "/el/office/mail/", "/en/messages/"):
        page.goto(server.url(path))
        expect(page.locator("main h1")).to_be_visible()
        _checked(page)


def test_a_dead_link_says_so(visit, watch) -> None:
    watch.forgive("404")
    page = visit("/el/subscribe/leave/nothing/", width=360)
    expect(page.locator("h1")).to_be_visible()
    _checked(page)
