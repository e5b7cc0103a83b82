"""Drawings of a series: an SVG that needs no script and no style, beside a table with the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Figure, Point
from entaxis.indicators.wording import written

WIDTH, HEIGHT = 340, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 12, 170
TICKS: Final = 4
LABEL: Final = 48  # as wide as a month is written


@dataclass(frozen=True)
class Mark:
    """A figure on the drawing; ``low`` and ``high`` are ends of its interval."""

    x: float
    y: float
    low: float | None
    high: float | None
    is_hollow: bool


@dataclass(frozen=True)
class Chart:
    """What the template draws, in the drawing's own units."""

    marks: Sequence[Mark]
    lines: Sequence[str]
    ticks: Sequence[tuple[float, str]]
    labels: Sequence[tuple[float, str]]
    breaks: Sequence[float]


def chart(points: Sequence[Point], indicator: Indicator) -> Chart | None:
    """A series over its periods; the line is broken where the series is. None where nothing is shown."""
    figures = [point.figure for point in points]
    top = _top(figures)
    if top is None:
        return None
    step = (WIDTH - LEFT - RIGHT) / max(len(points), 1)
    xs = [LEFT + step * (at + 0.5) for at in range(len(points))]

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * max(value, 0.0) / top, 1)

    marks: list[Mark] = []
    lines: list[list[str]] = []
    run: list[str] = []
    is_broken = _breaks(points)
    for point, x, breaks_here in zip(points, xs, is_broken, strict=True):
        figure = point.figure
        if breaks_here or figure.value is None:
            lines.append(run)
            run = []
        if figure.value is None:
            continue
        low = None if figure.ci_low is None else y(figure.ci_low)
        high = None if figure.ci_high is None else y(figure.ci_high)
        marks.append(Mark(round(x, 1), y(figure.value), low, high, figure.is_unreliable))
        run.append(f"{x:.1f},{y(figure.value)}")
    ticks = [(y(top * at / TICKS), written(top * at / TICKS, indicator)) for at in range(TICKS + 1)]
    every = max(1, -int(-LABEL // step))
    labels = [(round(x, 1), point.period.key) for point, x in zip(points, xs, strict=True)][::every]
    breaks = [round(x - step / 2, 1) for x, breaks_here in zip(xs, is_broken, strict=True) if breaks_here]
    return Chart(marks, [" ".join(one) for one in (*lines, run) if len(one) > 1], ticks, labels, breaks)


def _breaks(points: Sequence[Point]) -> list[bool]:
    """Whether the series breaks before each point: since the one before it, or at its own period."""
    since = [bool(now.period.breaks_since(then.period)) for then, now in pairwise(points)]
    return [*(point.period.has_break for point in points[:1]), *since]


def _top(figures: Sequence[Figure]) -> float | None:
    """A round number above everything drawn; the scale begins at nought."""
    ends = [max(one.value, one.ci_high or 0.0) for one in figures if one.value is not None]
    highest = max(ends, default=0.0)
    if highest <= 0:
        return 1.0 if ends else None
    scale: float = 10.0 ** (len(str(int(highest))) - 1) if highest >= 1 else 0.1
    return next(scale * step for step in (1, 2, 4, 5, 8, 10, 20) if scale * step >= highest)


def trend(figures: Sequence[Figure]) -> str:
    """Points of a line of 96 × 24 for a list; empty where fewer than two figures are shown."""
    values = [(at, figure.value) for at, figure in enumerate(figures) if figure.value is not None]
    if len(values) < 2:
        return ""
    low, high = min(value for _, value in values), max(value for _, value in values)
    spread = (high - low) or 1.0
    last = len(figures) - 1
    return " ".join(
        f"{4 + 88 * at / last:.1f},{20 - 16 * (value - low) / spread:.1f}" for at, value in values
    )


BAR_ROW: Final = 36
BAR_MOST: Final = 320.0


@dataclass(frozen=True)
class Bar:
    """A figure with its name above it."""

    name: str
    text: str
    y: int
    width: float


@dataclass(frozen=True)
class Bars:
    """Bars below one another, the longest first; ``hidden``: how many are withheld, and drawn nowhere."""

    rows: Sequence[Bar]
    hidden: int

    @property
    def height(self) -> int:
        """Of the drawing."""
        return BAR_ROW * len(self.rows) + 4


def bars(told: Sequence[tuple[str, Figure, str]]) -> Bars | None:
    """Counts by name, each with the words for its value; None where nothing is shown."""
    shown = [(figure.value, name, text) for name, figure, text in told if figure.value is not None]
    highest = max((value for value, _name, _text in shown), default=0.0)
    if highest <= 0:
        return None
    order = sorted(shown, key=lambda one: (-one[0], one[1]))
    return Bars(
        [
            Bar(name, text, at * BAR_ROW, round(BAR_MOST * value / highest, 1))
            for at, (value, name, text) in enumerate(order)
        ],
        len(told) - len(shown),
    )
