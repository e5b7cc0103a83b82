"""Drawings made from edited data: an organisation chart and a diagram of steps, as SVG.

Beside every drawing stands the same content as text; the drawing itself is hidden from screen readers.
"""

from dataclasses import dataclass, field
from math import cos, pi, sin
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

UNIT_WIDTH, UNIT_HEIGHT, GAP_X, GAP_Y = 188, 84, 16, 44
LETTERS_A_LINE = 21


@dataclass
class Unit:
    """A unit of an organisation with those below it."""

    name: str
    text: str
    children: list["Unit"] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    head: str = ""
    email: str = ""
    telephone: str = ""
    key: str = ""


def tree(rows: list[tuple[int, str, str]]) -> list[Unit]:
    """Rows of (level, name, text) as a forest: a row belongs to the last row above of a smaller level."""
    roots: list[Unit] = []
    above: list[tuple[int, Unit]] = []
    for level, name, text in rows:
        unit = Unit(name, text)
        while above and above[-1][0] >= level:
            above.pop()
        (above[-1][1].children if above else roots).append(unit)
        above.append((level, unit))
    return roots


def draw(roots: list[Unit]) -> SafeString:
    """The forest as SVG: a unit stands centred above those below it."""
    width = 0.0
    for root in roots:
        width = _place(root, width, 0) + GAP_X
    units = [unit for root in roots for unit in _walk(root)]
    if not units:
        return SafeString("")
    height = max(unit.y for unit in units) + UNIT_HEIGHT
    return format_html(
        '<svg viewBox="-2 -2 {} {}" aria-hidden="true" focusable="false">'
        '<g fill="none" stroke="var(--brand-mid)" stroke-width="2">{}</g>{}</svg>',
        round(width - GAP_X + 4),
        round(height + 4),
        format_html_join("", '<path d="{}"/>', ((path,) for unit in units for path in _branches(unit))),
        format_html_join("", "{}", ((_box(unit),) for unit in units)),
    )


def draw_cycle(titles: list[str]) -> SafeString:
    """Steps on a circle, numbered, with arrows from each to the next and from the last to the first."""
    count = len(titles)
    radius_x, radius_y, centre_x, centre_y = 370.0, 205.0, 485.0, 275.0
    places = []
    for index in range(count):
        angle = -pi / 2 + 2 * pi * index / count
        places.append((centre_x + radius_x * cos(angle), centre_y + radius_y * sin(angle)))
    return format_html(
        '<svg viewBox="0 0 970 {}" aria-hidden="true" focusable="false">'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0 10 5 0 10z" fill="var(--brand-mid)"/></marker></defs>'
        '<g fill="none" stroke="var(--brand-mid)" stroke-width="2.5">{}</g>{}</svg>',
        round(max(y for _x, y in places) + STEP_HEIGHT / 2 + 8),
        format_html_join(
            "", '<path marker-end="url(#tip)" d="{}"/>', ((path,) for path in _arrows(places))
        ),
        format_html_join(
            "",
            "{}",
            (
                (_step(number, title, *place),)
                for number, (title, place) in enumerate(zip(titles, places, strict=True), 1)
            ),
        ),
    )


def _place(unit: Unit, left: float, depth: int) -> float:
    """Give `unit` and those below it their places from `left` on; the right edge comes back."""
    unit.y = depth * (UNIT_HEIGHT + GAP_Y)
    if not unit.children:
        unit.x = left
        return left + UNIT_WIDTH
    right = left
    for child in unit.children:
        right = _place(child, right, depth + 1) + GAP_X
    unit.x = (unit.children[0].x + unit.children[-1].x) / 2
    return right - GAP_X


def _walk(unit: Unit) -> list[Unit]:
    return [unit, *(below for child in unit.children for below in _walk(child))]


def _branches(unit: Unit) -> list[str]:
    start_x, start_y = unit.x + UNIT_WIDTH / 2, unit.y + UNIT_HEIGHT
    middle = start_y + GAP_Y / 2
    return [
        f"M{_n(start_x)} {_n(start_y)}V{_n(middle)}H{_n(child.x + UNIT_WIDTH / 2)}V{_n(child.y)}"
        for child in unit.children
    ]


def _n(number: float) -> str:
    """A coordinate, a tenth of a pixel sharp; never in the reader's language."""
    return f"{round(number, 1):g}"


def _box(unit: Unit) -> SafeString:
    root = unit.y == 0
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="8" fill="var({})" stroke="var(--brand)"/>{}',
        _n(unit.x),
        _n(unit.y),
        UNIT_WIDTH,
        UNIT_HEIGHT,
        "--brand" if root else "--paper",
        _lines(unit.name, unit.x + UNIT_WIDTH / 2, unit.y + UNIT_HEIGHT / 2, is_light=root),
    )


def _lines(
    text: str, x: float, y: float, *, is_light: bool = False, letters: int = LETTERS_A_LINE, size: int = 15
) -> SafeString:
    lines = wrap(text, letters)[:4]
    top = y - (len(lines) - 1) * (size + 4) / 2 + size / 3
    spans = format_html_join(
        "",
        '<tspan x="{}" y="{}">{}</tspan>',
        ((_n(x), _n(top + n * (size + 4)), line) for n, line in enumerate(lines)),
    )
    return format_html(
        '<text text-anchor="middle" font-size="{}" font-weight="600" fill="var({})">{}</text>',
        size,
        "--ink-on-brand" if is_light else "--ink",
        spans,
    )


STEP_WIDTH, STEP_HEIGHT = 214, 92


def _step(number: int, title: str, x: float, y: float) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="12" fill="var(--paper)" stroke="var(--brand)" '
        'stroke-width="1.5"/><circle cx="{}" cy="{}" r="15" fill="var(--brand)"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="15" font-weight="700" '
        'fill="var(--ink-on-brand)">{}</text>{}',
        _n(x - STEP_WIDTH / 2),
        _n(y - STEP_HEIGHT / 2),
        STEP_WIDTH,
        STEP_HEIGHT,
        _n(x),
        _n(y - STEP_HEIGHT / 2),
        _n(x),
        _n(y - STEP_HEIGHT / 2 + 5),
        number,
        _lines(title, x, y + 8, letters=20, size=18),
    )


def _arrows(places: list[tuple[float, float]]) -> list[str]:
    """From the edge of each step's box to the edge of the next one's."""
    arrows = []
    for (x1, y1), (x2, y2) in zip(places, places[1:] + places[:1], strict=True):
        start, end = _edge(x1, y1, x2, y2), _edge(x2, y2, x1, y1)
        arrows.append(f"M{start[0]:.0f} {start[1]:.0f}L{end[0]:.0f} {end[1]:.0f}")
    return arrows


def _edge(x: float, y: float, towards_x: float, towards_y: float) -> tuple[float, float]:
    """Where the line from the middle of a box leaves it, and a little further."""
    across, down = towards_x - x, towards_y - y
    reach = min(
        (STEP_WIDTH / 2 + 8) / abs(across) if across else 9.0,
        (STEP_HEIGHT / 2 + 12) / abs(down) if down else 9.0,
    )
    return x + across * reach, y + down * reach
