"""Every type of page, found by links as a reader finds it: accessible, narrow, by key, without script."""

from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Page

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server

MOST_OF_A_TYPE = 2  # pages of one type that are looked at
STARTS = {
    "el": ["/el/", "/el/structures/", "/el/structures/counts/", "/el/maps/", "/el/emergency/"],
    "en": ["/en/", "/en/structures/", "/en/maps/"],
    "ar": ["/ar/emergency/", "/ar/rights/", "/ar/structures/"],
}  # fmt: skip

# the ring stands around the element or around the box that holds it
SEEN = """() => {
  const ring = e => (s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')(getComputedStyle(e));
  const e = document.activeElement;
  return ring(e) || ring(e.parentElement) || ring(e.parentElement.parentElement);
}"""


@dataclass
class Walk:
    """Where a reader of one language gets by following links."""

    language: str
    waiting: list[str]
    seen: dict[str, list[str]] = field(default_factory=dict)  # type of page → addresses looked at
    known: set[str] = field(default_factory=set)

    def next(self) -> str | None:
        """The next address of a type that was not looked at often enough."""
        while self.waiting:
            address = self.waiting.pop(0)
            kind = _type(address)
            if kind and len(self.seen.setdefault(kind, [])) < MOST_OF_A_TYPE:
                self.seen[kind].append(address)
                return address
        return None

    def add(self, page: Page) -> None:
        """Remember the links of this page that stay in the language."""
        for href in page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))"):
            address = urldefrag(urljoin(page.url, href)).url
            parts = urlsplit(address)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            inside = parts.hostname == urlsplit(page.url).hostname and parts.path.startswith(
                f"/{self.language}/"
            )
            if inside and path not in self.known:
                self.known.add(path)
                self.waiting.append(path)


def _type(address: str) -> str | None:
    """The route of an address, for editors' pages its depth as well; None for what is no page."""
    path = urlsplit(address).path
    try:
        with translation.override(path.split("/")[1]):
            match = resolve(path)
    except Resolver404:
        return None
    if match.view_name.endswith(("-csv", "-xlsx", "-svg", "-png")) or "download" in match.view_name:
        return None
    depth = f" {address.strip('/').count('/')}" if match.view_name == "wagtail_serve" else ""
    return match.view_name + depth


@pytest.mark.parametrize("language", STARTS)
def test_every_type_of_page_is_accessible_and_narrow(visit, server: Server, language: str) -> None:
    walk = Walk(language, list(STARTS[language]))
    page = visit(STARTS[language][0], width=360, height=740)
    faults = []
    while address := walk.next():
        answer = page.goto(server.url(address))
        if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        walk.add(page)
        for check in (assert_accessible, assert_fits):
            try:
                check(page)
            except AssertionError as error:
                faults.append(str(error))
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert answer.ok, f"{address}: {answer.status}"
    assert not faults, "\n\n".join(faults)
    assert len(walk.seen) >= (3 if language == "ar" else 6)


@pytest.mark.parametrize("path", ["/el/", "/el/structures/", "/el/structures/counts/", "/el/maps/"])
def test_large_letters_fit(visit, path: str) -> None:
    """At 200 % a window of 1280 has the room of one of 640."""
    page = visit(path, width=640, height=450, device_scale_factor=2)
    assert_fits(page)


@pytest.mark.parametrize(
    "path", ["/el/", "/el/emergency/", "/en/emergency/", "/ru/emergency/", "/ar/emergency/"]
)
def test_the_number_of_a_help_line_leaves_its_name_readable(visit, path: str) -> None:
    page = visit(path, width=360, height=740)
    covered = page.eval_on_selector_all(
        ".line",
        """lines => lines.filter(line => {
          const letters = document.createRange();
          letters.selectNodeContents(line.querySelector('.line__number'));
          const box = e => e.getBoundingClientRect();
          const number = box(letters), name = box(line.querySelector('.line__name'));
          return number.left < name.right && name.left < number.right
            && number.top < name.bottom && name.top < number.bottom;
        }).map(line => line.innerText)""",
    )
    assert covered == []


@pytest.mark.parametrize("path", ["/el/", "/el/structures/", "/el/maps/"])
def test_without_a_script_nothing_is_missing(visit, path: str) -> None:
    page = visit(path, javascript=False)
    assert page.locator("main h1").first.is_visible()
    assert page.locator("main").inner_text().strip()


@pytest.mark.parametrize("path", ["/el/", "/el/structures/"])
def test_the_keyboard_reaches_the_question(visit, path: str) -> None:
    page = visit(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main input, main textarea')"):
            break
    else:
        pytest.fail("twelve steps behind the skip link there is no question to answer")
    assert page.evaluate(SEEN), "the focus cannot be seen"
