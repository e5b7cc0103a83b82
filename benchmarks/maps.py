"""Maps of indicators: what they weigh, how soon a slow telephone has one, kept ones and ones made anew.

The peer of a kept map is a static file of about its size from the same server; that of a map made anew is
the answer of a page that asks nothing.
"""

import http.client
import statistics
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import sync_playwright
from tests import template_database
from tests.browser.server import Server, serving

from benchmarks import pages
from benchmarks.pages import EMPTY, _weight
from benchmarks.tiles import HOST, _look, _rounds, _row, _static_file

PAGE = "/el/maps/indicators/?indicator=arope&period=2023&breakdown=total&level=municipality&mode=hatched"
KEPT = PAGE.replace("indicators/?", "indicators.svg?")
INDICATORS = ("arope", "arop", "smsd", "low_work_intensity", "gini", "median_income")
PERIODS = ("2021", "2022", "2023")
P95_GOAL_MS = 50


def run() -> Iterator[dict[str, Any]]:
    """Weight, kept map, and the times of page and data by six indicators of three years."""
    template_database.prepare()
    with serving("bench", processes=2) as server:
        yield _weight("maps.indicator_page.weight", server, PAGE) | {"peer": "its HTML with geometry alone"}
        yield from _on_a_phone(server)
        size, etag = _look(server, KEPT)
        peer, peer_size = _static_file(server, size)
        told = f"a static file of {peer_size} bytes"
        yield _row("maps.drawing.kept", _rounds(server, KEPT, peer), told, size) | {"goal_requests": 500}
        unchanged = _rounds(server, KEPT, peer, {"If-None-Match": etag})
        yield _row("maps.drawing.not_modified", unchanged, told, 0)
        floor = _p95([_taken(server, EMPTY) for _ in range(40)])
        for name, path in (("csv", "/el/maps/indicators.csv"), ("page", "/el/maps/indicators/")):
            _taken(server, f"{path}?indicator=neet")  # the outlines are read once for a process
            _taken(server, f"{path}?indicator=neet&mode=blended")
            times = [_taken(server, address) for address in _addresses(path)]
            yield _time(f"maps.{name}.made_anew_p95", times, floor)


def _on_a_phone(server: Server) -> Iterator[dict[str, Any]]:
    """How soon the map and its table can be read and used on the throttled telephone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=pages.CHROMIUM, args=[*pages.ARGUMENTS, "--no-sandbox"]
        )
        floor = pages._times(browser, server, EMPTY, "body")
        found = pages._times(browser, server, PAGE, "main table tbody a")
        browser.close()
    yield pages._row("maps.indicator_page.usable_on_a_slow_phone", found, floor)


def _addresses(path: str) -> list[str]:
    """Each asked for once: nothing of them is kept."""
    return [f"{path}?indicator={code}&period={period}" for code in INDICATORS for period in PERIODS]


def _taken(server: Server, path: str) -> float:
    """Milliseconds from the question to the last byte."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Host": HOST})
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path}: {answer.status}")
    return (time.perf_counter() - began) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def _time(name: str, times: list[float], floor: float) -> dict[str, Any]:
    value = _p95(times)
    return {
        "name": name,
        "value": round(value, 1),
        "unit": "ms",
        "median": round(statistics.median(times), 1),
        "peer": "an answer that asks nothing of the database's figures",
        "peer_value": round(floor, 1),
        "ratio": round(value / floor, 2),
        "goal": P95_GOAL_MS,
    }
