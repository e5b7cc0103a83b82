"""Every type of page, found by links as a reader finds it: accessible, narrow, by key, without script."""

import pytest

from entaxis.config.access import ROUTES, VISITOR
from tests.browser import people
from tests.browser.checks import assert_fits
from tests.browser.server import Server
from tests.browser.walk import Walk

PUBLIC = frozenset(name for name, (_methods, role) in ROUTES.items() if role == VISITOR)
STARTS = {
    "el": ["/el/", "/el/structures/", "/el/structures/counts/", "/el/maps/", "/el/emergency/"],
    "en": ["/en/", "/en/structures/", "/en/maps/", "/en/indicators/"],
    "ar": ["/ar/emergency/", "/ar/rights/", "/ar/structures/"],
}  # fmt: skip

# the ring stands around the element or around the box that holds it
SEEN = """() => {
  const ring = e => (s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')(getComputedStyle(e));
  const e = document.activeElement;
  return ring(e) || ring(e.parentElement) || ring(e.parentElement.parentElement);
}"""


@pytest.mark.parametrize("language", STARTS)
def test_every_type_of_page_is_accessible_and_narrow(visit, server: Server, language: str) -> None:
    walk = Walk(language, list(STARTS[language]))
    faults = walk.through(visit(STARTS[language][0], width=360, height=740), server)
    assert not faults, "\n\n".join(faults)
    assert len(walk.seen) >= (3 if language == "ar" else 6)


@pytest.mark.parametrize("name", ["administrator", "chair", "clerk"])
def test_every_type_of_page_of_those_who_sign_in_is_accessible_and_narrow(
    visit, server: Server, name: str
) -> None:
    """By links from their desk and their account, in Greek: what no link leads to they do not find."""
    walk = Walk("el", ["/el/office/", "/el/me/"], but=PUBLIC, most=1)
    page = visit("/el/account/login/", width=360, height=740)
    people.sign_in(page, server, name)
    faults = walk.through(page, server)
    assert not faults, "\n\n".join(faults)
    assert len(walk.seen) >= 10


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
