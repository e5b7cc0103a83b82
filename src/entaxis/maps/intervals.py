"""Figures as points with their intervals on one axis: a drawing beside a table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Figure
from entaxis.maps import writing

LEFT, WIDTH, RIGHT = 230, 620, 40  # names, axis, room for the last number
LINE, HEAD, FOOT = 30, 16, 34
TICKS = 4


@dataclass(frozen=True, slots=True)
class _Mark:
    name: str
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
) -> SafeString:
    """A line for each named figure that has a value; ``reference`` is drawn as a band behind them."""
    shown = [(name, figure) for name, figure in figures if figure.value is not None]
    if not shown:
        return SafeString("")
    scale = _Scale.of([figure for _, figure in shown] + ([reference] if reference else []))
    marks = [_mark(name, figure, place, scale, indicator) for place, (name, figure) in enumerate(shown)]
    height = HEAD + LINE * len(marks) + FOOT
    context = {
        "title": title,
        "unit": writing.unit(indicator),
        "width": LEFT + WIDTH + RIGHT,
        "height": height,
        "marks": marks,
        "bottom": height - FOOT + 4,
        "ticks": [(scale.x(value), writing.number(value, indicator)) for value in scale.ticks()],
        "band": scale.band(reference) if reference else None,
        "names_x": LEFT - 12,
        "axis_x": LEFT,
        "axis_width": WIDTH,
    }
    return render_to_string("maps/intervals.svg", context)


def _mark(name: str, figure: Figure, place: int, scale: "_Scale", indicator: Indicator) -> _Mark:
    low, high = _ends(figure)
    label = f"{name}: {writing.amount(figure.value or 0.0, indicator)}"
    interval = writing.interval(figure, indicator)
    y = HEAD + LINE * place + LINE // 2
    return _Mark(
        name,
        f"{label} ({interval})" if interval else label,
        y,
        scale.x(figure.value or 0.0),
        scale.x(low),
        scale.x(high),
        figure.is_unreliable,
    )


def _ends(figure: Figure) -> tuple[float, float]:
    value = figure.value or 0.0
    return (
        value if figure.ci_low is None else figure.ci_low,
        value if figure.ci_high is None else figure.ci_high,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values → units of the drawing, from nought (or the least value below it) to the greatest end."""

    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> "_Scale":
        ends = [end for figure in figures if figure.value is not None for end in _ends(figure)]
        low, high = min(0.0, *ends), max(0.0, *ends)
        return cls(low, high if high > low else low + 1)

    def x(self, value: float) -> float:
        return round(LEFT + WIDTH * (value - self.low) / (self.high - self.low), 1)

    def ticks(self) -> list[float]:
        return [self.low + (self.high - self.low) * step / TICKS for step in range(TICKS + 1)]

    def band(self, figure: Figure) -> tuple[float, float, float] | None:
        """Left end, width and middle of the reference."""
        if figure.value is None:
            return None
        low, high = _ends(figure)
        return self.x(low), round(self.x(high) - self.x(low), 1), self.x(figure.value)
