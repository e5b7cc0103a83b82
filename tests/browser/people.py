"""Signing in as a person of the demonstration."""

import time
from typing import Final

from playwright.sync_api import Page, expect

from entaxis.accounts import demonstration
from tests.browser.checks import assert_accessible
from tests.browser.server import Server

KEEPER: Final = "administrator@example.org"
_used: dict[tuple[int, str], str] = {}  # the last code of each


def sign_in(page: Page, server: Server, name: str, *, region: str = "EL61") -> None:
    """Sign in as ``name`` ("editor", "clerk"), with both steps where they have two; the page is open."""
    first_step(page, name, region=region)
    if not next(sample for sample in demonstration.SAMPLES if sample.name == name).has_second_factor:
        return
    page.wait_for_selector("#id_code")
    assert_accessible(page)
    _second_step(page, server, demonstration.address(name, region))


def keeper_signs_in(page: Page, server: Server) -> None:
    """Sign in as the platform's administrator, who may read the demonstration's mails."""
    page.locator("#id_login").fill(KEEPER)
    give_password(page)
    _second_step(page, server, KEEPER)


def _second_step(page: Page, server: Server, address: str) -> None:
    page.wait_for_selector("#id_code")
    page.locator("#id_code").fill(_unused_code(server, address))
    send(page)
    page.wait_for_selector("#id_code", state="detached")
    page.wait_for_load_state()
    expect(page.locator("#id_code")).to_have_count(0)


def _unused_code(server: Server, address: str) -> str:
    """A code of the second step counts once: who signed in with this one waits for the next."""
    while (code := server.command("sign_in_code", address).strip()) == _used.get((server.port, address)):
        time.sleep(30 - time.time() % 30)
    _used[server.port, address] = code
    return code


def first_step(page: Page, name: str, *, region: str = "EL61") -> None:
    """Give the e-mail address and the password."""
    page.locator("#id_login").fill(demonstration.address(name, region))
    give_password(page)


def give_password(page: Page) -> None:
    """Give the password that all of them have."""
    page.locator("#id_password").fill(demonstration.PASSWORD)
    send(page)


def send(page: Page) -> None:
    """Press the form's own button."""
    page.locator("main form.form button[type=submit]").first.click()
