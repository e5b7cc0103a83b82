"""Change between two periods, as far as the published intervals support it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Figure, Period, Point
from entaxis.maps import writing


@dataclass(frozen=True, slots=True)
class Change:
    """Of one area from ``first`` to ``last``, in the indicator's unit.

    ``low`` and ``high`` go from the worst to the best case of both 95 % intervals. The deviation of a
    difference is at most the sum of both deviations, so the interval holds with at least 95 % whatever
    the samples of the two periods share; it leaves out nought exactly where the intervals do not meet.
    """

    first: Figure
    last: Figure
    difference: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether a change may be claimed."""
        return self.last.differs_from(self.first)

    @property
    def has_risen(self) -> bool:
        """A certain change upwards."""
        return self.is_certain and self.difference > 0

    def written(self, indicator: Indicator) -> str:
        """With its sign: +2,1."""
        return _signed(self.difference, indicator)

    def interval(self, indicator: Indicator) -> str:
        """Both ends, with their signs."""
        return f"{_signed(self.low, indicator)} … {_signed(self.high, indicator)}"


def _signed(value: float, indicator: Indicator) -> str:
    text = writing.number(abs(value), indicator)
    if not any(digit in text for digit in "123456789"):
        return text
    return f"+{text}" if value > 0 else f"\N{MINUS SIGN}{text}"


def change(first: Figure, last: Figure) -> Change | None:
    """None where one of the two has no value or no interval."""
    if first.value is None or last.value is None:
        return None
    if first.ci_low is None or first.ci_high is None or last.ci_low is None or last.ci_high is None:
        return None
    return Change(
        first, last, last.value - first.value, last.ci_low - first.ci_high, last.ci_high - first.ci_low
    )


def change_over(points: Sequence[Point]) -> Change | None:
    """From the first period with a figure to the last period; never across a break of the series."""
    held = points[start_of([point.period for point in points]) :]
    shown = [point.figure for point in held if point.figure.is_shown]
    if len(shown) < 2 or not held[-1].figure.is_shown:
        return None
    return change(shown[0], shown[-1])


def start_of(periods: Sequence[Period]) -> int:
    """The place of the last break among ``periods``, earliest first; 0 where there is none."""
    pairs = enumerate(pairwise(periods), start=1)
    return max((place for place, (before, one) in pairs if one.breaks_since(before)), default=0)
