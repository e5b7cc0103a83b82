"""Signing in as a person of the demonstration."""

import time
from typing import Final

from playwright.sync_api import Page

from entaxis.accounts import demonstration
from tests.browser.checks import assert_accessible
from tests.browser.server import Server

KEEPER: Final = "administrator@example.org"


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
    if time.time() % 30 > 24:  # a code that is about to end
        time.sleep(6)
    page.locator("#id_code").fill(server.command("sign_in_code", address).strip())
    send(page)
    page.wait_for_selector("#id_code", state="detached")


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
