"""What every page must stand: accessibility, narrow screens, large letters."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """What axe-core finds: rule with its weight and sentence → the elements; ``but`` leaves rules out."""
    page.evaluate(_axe())
    rules = {rule: {"enabled": False} for rule in but}
    found: dict[str, Any] = page.evaluate(
        "options => axe.run(document, options)",
        {"runOnly": {"type": "tag", "values": RULES}, "rules": rules, "resultTypes": ["violations"]},
    )
    return {
        f"{each['id']} ({each['impact']}): {each['help']}": [node["html"][:200] for node in each["nodes"]]
        for each in found["violations"]
    }


def assert_accessible(page: Page, *, but: tuple[str, ...] = ()) -> None:
    """axe-core finds nothing on this page; ``but`` names rules that a test has a reason to leave out."""
    lines = [
        f"{rule}\n" + "\n".join(f"    {element}" for element in elements[:5])
        for rule, elements in violations(page, but=but).items()
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    wide = page.evaluate(
        """() => {
          const limit = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= limit) return [];
          return [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > limit + 1)
            .slice(0, 8).map(e => e.outerHTML.slice(0, 120));
        }"""
    )
    assert not wide, f"{page.url} is wider than its window:\n" + "\n".join(wide)


def focus_order(page: Page, *, steps: int) -> list[str]:
    """What the Tab key reaches, as it would be read out."""
    reached = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                  const e = document.activeElement;
                  const shown = e.getBoundingClientRect();
                  const seen = shown.width > 0 && shown.height > 0 ? '' : ' (invisible)';
                  return (e.getAttribute('aria-label') || e.innerText || e.name || e.tagName).trim() + seen;
                }"""
            )
        )
    return reached
