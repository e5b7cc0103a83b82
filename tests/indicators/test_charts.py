"""The drawing of a series: what stands below it can be read."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from entaxis.indicators import charts


def _points(count: int) -> Any:
    figure = SimpleNamespace(value=20.0, ci_low=None, ci_high=None, is_unreliable=False)
    periods = [
        SimpleNamespace(
            key=f"{2022 + at // 12}-{at % 12 + 1:02}", has_break=False, breaks_since=lambda before: []
        )
        for at in range(count)
    ]
    return [SimpleNamespace(figure=figure, period=period) for period in periods]


@pytest.mark.parametrize("count", [1, 3, 6, 7, 24, 60])
def test_months_below_a_series_do_not_overlap(count: int) -> None:
    drawn = charts.chart(_points(count), SimpleNamespace(unit="persons", digits=0))  # type: ignore[arg-type]
    assert drawn is not None
    assert len(drawn.marks) == count
    places = [x for x, _text in drawn.labels]
    assert drawn.labels[0][1] == "2022-01"
    assert all(right - left >= charts.LABEL for left, right in pairwise(places))
    assert count > 5 or len(places) == count


def test_no_line_crosses_a_break_whose_own_period_is_not_told() -> None:
    """The series broke between the second and the third month that are told."""
    points = _points(4)
    points[2].period.breaks_since = lambda before: ["another question"] * (before is points[1].period)
    drawn = charts.chart(points, SimpleNamespace(unit="persons", digits=0))  # type: ignore[arg-type]
    assert drawn is not None
    assert [len(line.split()) for line in drawn.lines] == [2, 2]
    (mark,) = drawn.breaks
    assert drawn.marks[1].x < mark < drawn.marks[2].x
