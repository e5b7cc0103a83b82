"""Wagtail's own pages, apart from ours: what axe-core finds there is known and does not grow."""

import pytest
from playwright.sync_api import Page

from tests.browser import people
from tests.browser.checks import violations
from tests.browser.server import Server

KNOWN = {  # faults of Wagtail itself, told in docs/accessibility.md
    "landmark-unique",  # the second search form of a page
    "label",  # the field for tags of a picture
}
PAGES = (
    "/editing/",
    "/editing/pages/",
    "/editing/images/",
    "/editing/images/add/",
    "/editing/documents/",
    "/editing/account/",
    "/editing/reports/site-history/",
)


@pytest.fixture
def editing(visit, server: Server) -> Page:
    page = visit("/editing/")
    people.sign_in(page, server, "editor")
    page.wait_for_url("**/editing/")
    return page


def test_what_axe_finds_in_wagtails_own_pages_is_known(editing: Page, server: Server) -> None:
    found = {}
    editing.goto(server.url("/editing/pages/"))
    edit = editing.locator("a[href^='/editing/pages/'][href$='/edit/']").first.get_attribute("href")
    for path in (*PAGES, edit):
        answer = editing.goto(server.url(path))
        editing.wait_for_load_state()
        assert answer.ok, path
        found[path] = {rule.split(" ")[0]: nodes for rule, nodes in violations(editing).items()}
    new = {path: rules.keys() - KNOWN for path, rules in found.items() if rules.keys() - KNOWN}
    assert not new
    gone = KNOWN - {rule for rules in found.values() for rule in rules}
    assert not gone, "mended upstream: take them out of KNOWN"
