"""The network in a real browser: bodies, letters and answers, offers of help."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server

LOGIN = "/el/account/login/"
BODY = re.compile("Φορέας επίδειξης")


def _checked(page: Page, heading: str | re.Pattern[str]) -> None:
    """The page of this heading is there, accessible and narrow."""
    expect(page.locator("h1")).to_have_text(heading)
    page.wait_for_load_state()
    assert_accessible(page)
    assert_fits(page)


def test_somebody_finds_a_body_writes_and_the_body_answers(visit, server: Server, watch) -> None:
    watch.forgive("422")
    address = f"reader{time.time_ns()}@example.org"
    reader = visit("/el/", width=360, height=740)
    reader.locator("footer").get_by_role("link", name="Δικτύωση").click()
    _checked(reader, "Δικτύωση")
    reader.locator("main").get_by_role("link", name="Φορείς", exact=True).click()
    reader.locator("#id_q").fill("φορεας επιδειξης")
    reader.locator("main form[role=search] button").click()
    reader.wait_for_url("**q=**")
    _checked(reader, "Φορείς")
    reader.locator("main .card a", has_text=BODY).first.click()
    _checked(reader, BODY)
    reader.get_by_role("link", name="Γράψτε στον φορέα").click()
    _checked(reader, "Γράψτε στον φορέα")
    reader.get_by_role("button", name="Αποστολή").click()
    reader.wait_for_selector(".errors")
    _checked(reader, "Γράψτε στον φορέα")
    reader.locator("#id_name").fill("Ελένη")
    reader.locator("#id_address").fill(address)
    reader.locator("#id_text").fill("Πότε είστε ανοιχτά;")
    reader.get_by_role("button", name="Αποστολή").click()
    expect(reader.locator("main")).to_contain_text("Στάλθηκε")
    assert address not in server.log.read_text(encoding="utf-8")

    member = visit(LOGIN, width=360, height=740)
    people.first_step(member, "body")
    member.wait_for_url("**/office/")
    member.locator("main").get_by_role("link", name=re.compile("Μηνύματα προς φορείς")).click()
    _checked(member, "Μηνύματα προς φορείς")
    member.locator("main table a").first.click()
    _checked(member, "Μήνυμα προς τον φορέα")
    expect(member.locator("main")).not_to_contain_text(address)
    member.locator("#id_text").fill("Κάθε πρωί.")
    member.get_by_role("button", name="Αποστολή της απάντησης").click()
    expect(member.locator("main")).to_contain_text("Η απάντηση έφυγε")


def test_the_page_where_a_body_describes_itself_is_accessible(visit, server: Server) -> None:
    page = visit(LOGIN, width=360, height=740)
    people.sign_in(page, server, "chair")
    page.goto(server.url("/el/office/network/"))
    _checked(page, "Οι φορείς σας")
    page.get_by_role("link", name=re.compile("Τι λέει ο φορέας")).first.click()
    _checked(page, "Τι λέει ο φορέας για τον εαυτό του")
    page.locator("#id_description_el").fill("Στηρίζουμε οικογένειες.")
    page.get_by_role("button", name="Αποθήκευση").click()
    expect(page.locator("main")).to_contain_text("Στηρίζουμε οικογένειες.")
    page.goto(server.url("/el/network/mine/"))
    _checked(page, "Όσα έγραψα")
