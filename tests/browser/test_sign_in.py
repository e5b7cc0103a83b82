"""Signing in, in a real browser."""

import pytest

from tests.browser.checks import assert_accessible, assert_fits

PAGES = ["/el/account/login/", "/en/account/login/", "/el/account/password/reset/", "/el/account/signup/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_doors_are_accessible(visit, path: str, width: int) -> None:
    page = visit(path, width=width)
    assert_accessible(page)
    assert_fits(page)


def test_a_passkey_that_is_not_there_is_no_accident(visit, watch) -> None:
    page = visit("/el/account/login/")
    page.get_by_label("Ηλεκτρονική διεύθυνση").or_(page.locator("#id_login")).first.fill(
        "nobody@example.org"
    )
    page.locator("#id_password").fill("wrong")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector(".errors")
    assert_accessible(page)
