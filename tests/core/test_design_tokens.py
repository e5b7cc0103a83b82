"""Contrast is measured, not believed: every pair that carries text, in every palette."""

import re
from pathlib import Path

import pytest

from entaxis.core.design import PALETTES

TOKENS = Path("src/entaxis/core/assets/styles/tokens.css").read_text(encoding="utf-8")
TEXT_AT_LEAST = 4.5
BORDER_AT_LEAST = 3.0

TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "ground"), ("ink", "brand-mist"), ("ink", "brand-soft"),
    ("ink-soft", "paper"), ("ink-soft", "ground"), ("ink-soft", "brand-mist"),
    ("ink-on-brand", "brand"), ("ink-on-brand", "brand-deep"), ("ink-on-brand", "danger"),
    ("brand", "paper"), ("brand", "brand-soft"), ("brand", "brand-mist"), ("brand-deep", "brand-mist"),
    ("link", "paper"), ("link", "ground"), ("link", "brand-soft"), ("link", "brand-mist"),
    ("link-hover", "paper"), ("link-visited", "paper"),
    ("info", "info-soft"), ("success", "success-soft"), ("warning", "warning-soft"),
    ("danger", "danger-soft"), ("demonstration", "demonstration-soft"),
    ("ink", "info-soft"), ("ink", "success-soft"), ("ink", "warning-soft"), ("ink", "danger-soft"),
    ("ink", "demonstration-soft"), ("success", "paper"), ("danger", "paper"), ("ink", "focus"),
]  # fmt: skip
BORDER_PAIRS = [("line-strong", "paper"), ("line-strong", "brand-mist"), ("brand-mid", "paper")]


def colours(palette: str) -> dict[str, str]:
    """The tokens that are colours, as this palette leaves them."""
    blocks = [re.search(r":root \{(.*?)\}", TOKENS, re.DOTALL)]
    blocks.append(re.search(rf'\[data-palette="{palette}"\] \{{(.*?)\}}', TOKENS, re.DOTALL))
    found: dict[str, str] = {}
    for block in blocks:
        if block is not None:
            found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block[1]))
    return found


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("palette", PALETTES)
def test_text_is_readable_on_its_ground(palette: str) -> None:
    tokens = colours(palette)
    poor = {
        pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2)
        for pair in TEXT_PAIRS
        if contrast(tokens[pair[0]], tokens[pair[1]]) < TEXT_AT_LEAST
    }
    assert not poor


@pytest.mark.parametrize("palette", PALETTES)
def test_borders_of_controls_are_seen(palette: str) -> None:
    tokens = colours(palette)
    assert all(contrast(tokens[one], tokens[other]) >= BORDER_AT_LEAST for one, other in BORDER_PAIRS)


@pytest.mark.parametrize("palette", [palette for palette in PALETTES if palette != "aegean"])
def test_every_palette_of_the_living_page_exists(palette: str) -> None:
    assert f'[data-palette="{palette}"]' in TOKENS
