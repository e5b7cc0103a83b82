"""Places with what is possible: a drawing beside a table with the same numbers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 340
LEFT, RIGHT, TOP, ROW = 128, 12, 22, 17
LONGEST_NAME: Final = 19


@dataclass(frozen=True)
class Bar:
    """One area: its name, its place, the places that its error allows, and those under other choices.

    Where its figure is withheld as too unsure its error allows nearly all places: those alone are drawn.
    """

    name: str
    y: float
    at: float
    low: float
    high: float
    choice_low: float
    choice_high: float
    is_told: bool


@dataclass(frozen=True)
class Chart:
    """What the template draws, in the drawing's own units."""

    bars: Sequence[Bar]
    ticks: Sequence[tuple[float, int]]
    height: int
    bottom: int


def chart(result: Mapping[str, Any], names: Mapping[str, str], withheld: Collection[str] = ()) -> Chart:
    """Areas from the first place to the last, those that have none below."""
    count = len(result["areas"])

    def x(place: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (place - 1) / max(count - 1, 1), 1)

    keys = ("places", "best", "worst", "choice_low", "choice_high")
    rows = sorted(
        zip(result["areas"], *(result[key] for key in keys), strict=True),
        key=lambda row: (row[0] in withheld, 0 if row[0] in withheld else row[1], row[0]),
    )
    bars = [
        Bar(
            _short(names[code]),
            TOP + ROW * (at + 0.5),
            x(place),
            x(best),
            x(worst),
            x(least),
            x(most),
            is_told=code not in withheld,
        )
        for at, (code, place, best, worst, least, most) in enumerate(rows)
    ]
    bottom = TOP + ROW * count
    steps = sorted({1, count, *range(5, count - 2, 5)})
    return Chart(bars, [(x(place), place) for place in steps], bottom + 8, bottom)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
