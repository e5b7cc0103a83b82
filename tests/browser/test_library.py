"""The library with documents in it, as readers and editors see it."""

import pytest

from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server


@pytest.mark.parametrize("width", [360, 1280])
def test_a_document_is_found_by_its_words_and_read(visit, width: int) -> None:
    page = visit("/el/documentation/library/?q=κοινωνικά", width=width)
    assert_accessible(page)
    assert_fits(page)
    page.locator("main ol h3 a").first.click()
    page.wait_for_selector("#citation")
    assert_accessible(page)
    assert_fits(page)


def test_editors_see_what_has_no_english(visit, server: Server) -> None:
    page = visit("/el/account/login/", width=360, height=740)
    people.sign_in(page, server, "editor")
    page.goto(server.url("/el/office/untranslated/?what=bodies"))
    page.wait_for_selector("main table")
    assert_accessible(page)
    assert_fits(page)
