"""A real browser before a really served platform.

    def test_something(visit):
        page = visit("/el/", width=360)

Every page is watched: an error in the console, a refusal by the Content-Security-Policy, a request that
leaves the machine, or an answer of 500 fails the test at its end.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.server import Server, serving

CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), None)
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--metrics-recording-only",
    # whatever else the browser wants to look up does not exist
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
HERE = Path(__file__).parent
Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys; each worker serves a demonstration of its own for those it takes."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.demonstration)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The platform, served with the demonstration data."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    with serving(worker) as running:
        yield running


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    # Playwright keeps a loop running in this thread, which Django takes for asynchronous code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(_playwright: Playwright) -> Iterator[Browser]:
    """One browser for all journeys."""
    assert CHROMIUM, "Chromium is missing; bin/setup --test installs it"
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    browser = _playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield browser
    browser.close()


@dataclass
class Watch:
    """What went wrong while a page was open."""

    port: int
    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Listen to everything this page does."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("response", lambda answer: self._answer(answer.url, answer.status))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"data", "blob"}:
            return
        if parts.port != self.port or not (parts.hostname or "").endswith(("localhost", "127.0.0.1")):
            self.faults.append(f"a request left the machine: {url}")

    def _answer(self, url: str, status: int) -> None:
        if status >= 500:
            self.faults.append(f"{status}: {url}")

    def forgive(self, part: str) -> None:
        """Expect a fault whose text has this part, for example a 404 that the journey is about."""
        self.forgiven.append(part)

    def left(self) -> list[str]:
        """The faults that nobody expected."""
        return [fault for fault in self.faults if not any(part in fault for part in self.forgiven)]


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:
    """Fails the test at its end where a page misbehaved."""
    watching = Watch(server.port)
    yield watching
    assert not watching.left(), "\n".join(watching.left())


@pytest.fixture
def visit(server: Server, chromium: Browser, watch: Watch) -> Iterator[Visit]:
    """Opens an address in a new window of its own: no cookie, no cache of another test."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str = "/",
        *,
        host: str = "thessaly.localhost",
        width: int = 1280,
        height: int = 900,
        javascript: bool = True,
        slow: bool = False,
        **options: Any,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            is_mobile=width < 600,
            has_touch=width < 600,
            locale=options.pop("locale", "el-GR"),
            timezone_id="Europe/Athens",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        if slow:
            like_a_phone(page)
        page.goto(server.url(path, host))
        return page

    yield open_page
    for context in contexts:
        context.close()


def like_a_phone(page: Page) -> None:
    """A slow telephone: a quarter of the processor, 1.6 Mbit/s, 150 ms to the server and back."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send("Network.enable")
    bytes_a_second = 1.6e6 / 8
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 150,
            "downloadThroughput": bytes_a_second,
            "uploadThroughput": bytes_a_second / 2,
        },
    )
