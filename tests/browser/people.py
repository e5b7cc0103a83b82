"""Signing in as a person of the demonstration."""

import time

from playwright.sync_api import Page

from entaxis.accounts import demonstration
from tests.browser.server import Server


def sign_in(page: Page, server: Server, name: str, *, region: str = "EL61") -> None:
    """Sign in with both steps as ``name`` ("editor", "administrator"); the sign-in page is open."""
    email = demonstration.address(name, region)
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(demonstration.PASSWORD)
    page.locator("main form.form button[type=submit]").first.click()
    page.wait_for_selector("#id_code")
    if time.time() % 30 > 24:  # a code that is about to end
        time.sleep(6)
    page.locator("#id_code").fill(server.command("sign_in_code", email).strip())
    page.locator("main form.form button[type=submit]").first.click()
    page.wait_for_selector("#id_code", state="detached")
