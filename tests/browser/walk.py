"""Following links from page to page, as a reader does."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Error, Page

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server


@dataclass
class Walk:
    """Where a reader of one language gets by following links."""

    language: str
    waiting: list[str]
    but: frozenset[str] = frozenset()  # types that need no look
    most: int = 2  # pages of one type that are looked at
    seen: dict[str, list[str]] = field(default_factory=dict)  # type of page → addresses looked at
    known: set[str] = field(default_factory=set)

    def next(self) -> str | None:
        """The next address of a type that was not looked at often enough."""
        while self.waiting:
            address = self.waiting.pop(0)
            kind = _type(address)
            if (
                kind
                and kind.partition(" ")[0] not in self.but
                and len(self.seen.setdefault(kind, [])) < self.most
            ):
                self.seen[kind].append(address)
                return address
        return None

    def through(self, page: Page, server: Server) -> list[str]:
        """Follow links until every type was looked at; returns what is wrong, a text a page."""
        faults = []
        while address := self.next():
            try:
                answer = page.goto(server.url(address))
            except Error as error:
                if "Download is starting" not in str(error):
                    raise
                continue
            if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            self.add(page)
            for check in (assert_accessible, assert_fits):
                try:
                    check(page)
                except AssertionError as error:
                    faults.append(str(error))
            assert page.locator("html").get_attribute("lang") == self.language
            assert page.locator("html").get_attribute("dir") == ("rtl" if self.language == "ar" else "ltr")
            assert answer.ok, f"{address}: {answer.status}"
        return faults

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
    if PurePosixPath(path).suffix:  # a picture, a table, a calendar
        return None
    try:
        with translation.override(path.split("/")[1]):
            match = resolve(path)
    except Resolver404:
        return None
    files = ("-csv", "-xlsx", "-svg", "-png", ":feed", ":events")
    if match.view_name.endswith(files) or "download" in match.view_name:
        return None
    if match.view_name == "indicators:office-new-recipe":  # every kind of recipe asks something else
        return f"{match.view_name} {urlsplit(address).query}"
    depth = f" {address.strip('/').count('/')}" if match.view_name == "wagtail_serve" else ""
    return match.view_name + depth
