"""How soon a person with a slow telephone can read and use the first pages, and what they weigh.

The peer of a page's time is an empty page from the same server on the same throttled line: what is
left is ours. Weights are of everything a page needs but the map, compressed as a reverse proxy does.
"""

import gzip
import re
import statistics
import time
import urllib.request
from collections.abc import Iterator
from html import unescape
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests import template_database
from tests.browser.conftest import ARGUMENTS, CHROMIUM, like_a_phone
from tests.browser.server import Server, serving

ROUNDS = 7
PAGES = {
    "home": ("/el/", "main input"),
    "results": ("/el/structures/?q=%CF%86%CE%AC%CF%81%CE%BC%CE%B1%CE%BA%CE%B1", "main article a"),
}
EMPTY = "/health/live"


def run() -> Iterator[dict[str, Any]]:
    """Times on the phone profile, then weights."""
    template_database.prepare()
    with serving("bench") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, "--no-sandbox"])
        floor = _times(browser, server, EMPTY, "body")
        for name, (path, wanted) in PAGES.items():
            _read(server, path)  # the server's own caches are warm; the telephone's are cold
            yield _row(f"pages.{name}.usable_on_a_slow_phone", _times(browser, server, path, wanted), floor)
        browser.close()
        for name, (path, _) in PAGES.items():
            yield _weight(f"pages.{name}.weight_without_map", server, path)


def _times(browser: Browser, server: Server, path: str, wanted: str) -> list[float]:
    """Seconds until ``wanted`` is on the screen and the page answers, each with a cold cache."""
    return [_time(browser, server.url(path), wanted) for _ in range(ROUNDS)]


def _time(browser: Browser, url: str, wanted: str) -> float:
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page = context.new_page()
    like_a_phone(page)
    began = time.perf_counter()
    page.goto(url, wait_until="domcontentloaded")
    page.wait_for_selector(wanted, state="visible")
    _answers(page)
    taken = time.perf_counter() - began
    context.close()
    return taken


def _answers(page: Page) -> None:
    """A painted frame after everything that was waiting on the main thread."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def _row(name: str, seconds: list[float], floor: list[float]) -> dict[str, Any]:
    value, peer = statistics.median(seconds), statistics.median(floor)
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "s",
        "worst": round(max(seconds), 3),
        "peer": "an empty page on the same line",
        "peer_value": round(peer, 3),
        "ratio": round(value / peer, 2),
        "goal": 1.5,
    }


def _weight(name: str, server: Server, path: str) -> dict[str, Any]:
    page = _read(server, path)
    text = page.decode()
    parts = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js|svg))"', text)
    files = {unescape(part) for part in parts if "maplibre" not in part and "favicon" not in part}
    bare = len(gzip.compress(page, 6))
    total = bare + sum(len(gzip.compress(_read(server, file), 6)) for file in files)
    return {
        "name": name,
        "value": round(total / 1024, 1),
        "unit": "KB gzipped",
        "peer": "the page alone",
        "peer_value": round(bare / 1024, 1),
        "ratio": round(total / bare, 2),
        "goal": 60,
    }


def _read(server: Server, path: str) -> bytes:
    request = urllib.request.Request(server.url(path, "127.0.0.1"), headers={"Accept-Language": "el"})
    with urllib.request.urlopen(request) as answer:
        content: bytes = answer.read()
    return content
