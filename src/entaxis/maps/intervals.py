"""Figures as points with their intervals on one axis: a drawing beside a table that says the same."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Figure
from entaxis.maps import writing
from entaxis.maps.surety import is_unsure

LINE, HEAD, FOOT = 30, 16, 34
LETTERS, BASE = 14, 5
"""Of a line of a name: its height, and how far its foot lies below the middle of the mark."""
HIGHER: Final = 12
"""What a mark needs more where names have two lines: else one would run into the next."""


@dataclass(frozen=True, slots=True)
class Form:
    """How wide a drawing is: room for names, axis, room for the last number; steps on the axis.

    ``letters`` of a name fit on one line; a longer name has two.
    """

    left: int
    width: int
    right: int
    ticks: int
    letters: int


WIDE: Final = Form(230, 620, 40, 4, 24)
NARROW: Final = Form(52, 250, 34, 2, 10)
"""For names as short as a year, where the drawing stands in a column."""


@dataclass(frozen=True, slots=True)
class _Mark:
    name: list[tuple[int, str]]
    """Height and text of each of its lines."""
    label: str
    y: int
    x: float
    low: float
    high: float
    is_unreliable: bool


def intervals_svg(
    figures: Sequence[tuple[str, Figure]],
    indicator: Indicator,
    *,
    title: str,
    reference: Figure | None = None,
    beside: Iterable[Figure] = (),
    form: Form = WIDE,
) -> SafeString:
    """A line for each named figure that has a value; ``reference`` is drawn as a band behind them.

    ``beside``: the figures of drawings that share the axis.
    """
    shown = [(name, figure) for name, figure in figures if figure.value is not None]
    if not shown:
        return SafeString("")
    references = [reference] if reference else []
    scale = _Scale.of([*(figure for _, figure in shown), *references, *beside], form)
    is_high = any(len(_texts(name, form.letters)) > 1 for name, _figure in shown)
    line = LINE + HIGHER if is_high else LINE
    marks = [
        _mark(name, figure, HEAD + line * place + line // 2, scale, indicator)
        for place, (name, figure) in enumerate(shown)
    ]
    height = HEAD + line * len(marks) + FOOT
    context = {
        "title": title,
        "unit": writing.unit(indicator),
        "width": form.left + form.width + form.right,
        "height": height,
        "marks": marks,
        "bottom": height - FOOT + 4,
        "ticks": [(scale.x(value), writing.number(value, indicator)) for value in scale.ticks()],
        "band": scale.band(reference) if reference else None,
        "names_x": form.left - 12,
        "axis_x": form.left,
        "axis_width": form.width,
    }
    return render_to_string("maps/intervals.svg", context)


def _mark(name: str, figure: Figure, y: int, scale: "_Scale", indicator: Indicator) -> _Mark:
    low, high = _ends(figure)
    return _Mark(
        _lines(name, y, scale.form.letters),
        f"{name}: {writing.sentence(figure, indicator)}",
        y,
        scale.x(figure.value or 0.0),
        scale.x(low),
        scale.x(high),
        is_unsure(figure),
    )


def _lines(name: str, y: int, letters: int) -> list[tuple[int, str]]:
    """One line in the middle of ``y``, or two around it; what two do not hold is in the mark's label."""
    texts = _texts(name, letters)
    first = y + BASE - LETTERS // 2 * (len(texts) - 1)
    return [(first + LETTERS * place, text) for place, text in enumerate(texts)]


def _texts(name: str, letters: int) -> list[str]:
    """Parted before what stands in brackets, where both parts fit; else where the first line is full."""
    parts = name.replace(" (", "\n(", 1).split("\n")
    if len(name) > letters and max(map(len, parts)) <= letters:
        return parts
    return wrap(name, letters, max_lines=2, placeholder=" …")


def _ends(figure: Figure) -> tuple[float, float]:
    value = figure.value or 0.0
    return (
        value if figure.ci_low is None else figure.ci_low,
        value if figure.ci_high is None else figure.ci_high,
    )


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, not below ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values → units of the drawing, from nought (or below) to beyond the greatest end, in round steps."""

    low: float
    high: float
    step: float
    form: Form

    @classmethod
    def of(cls, figures: Sequence[Figure], form: Form) -> "_Scale":
        ends = [end for figure in figures if figure.value is not None for end in _ends(figure)]
        low, high = min(0.0, *ends), max(0.0, *ends)
        step = _round_step((high - low or 1.0) / form.ticks)
        return cls(math.floor(low / step) * step, math.ceil(high / step or 1) * step, step, form)

    def x(self, value: float) -> float:
        place = (value - self.low) / (self.high - self.low)
        return round(self.form.left + self.form.width * place, 1)

    def ticks(self) -> list[float]:
        number = round((self.high - self.low) / self.step)
        return [self.low + self.step * place for place in range(number + 1)]

    def band(self, figure: Figure) -> tuple[float, float, float] | None:
        """Left end, width and middle of the reference."""
        if figure.value is None:
            return None
        low, high = _ends(figure)
        return self.x(low), round(self.x(high) - self.x(low), 1), self.x(figure.value)
