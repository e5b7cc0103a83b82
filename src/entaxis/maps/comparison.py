"""Chosen areas beside each other and beside the region, over the years."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from django.utils.translation import gettext as _

from entaxis.geography.models import Area, Level
from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Figure, Figures, Point
from entaxis.maps import writing
from entaxis.maps.changes import Change, change_over

MOST_AREAS = 4


@dataclass(frozen=True)
class Line:
    """One area over the periods, earliest first."""

    area: Area
    points: Sequence[Point]
    indicator: Indicator

    @property
    def name(self) -> str:
        """Of the area; a regional unit often bears the name of its seat."""
        if self.area.level == Level.REGIONAL_UNIT:
            return _("%(name)s (regional unit)") % {"name": self.area.name}
        return self.area.name

    @cached_property
    def change(self) -> Change | None:
        """From the first comparable period to the last."""
        return change_over(self.points)

    @property
    def cells(self) -> list[tuple[Figure, str, str, list[str]]]:
        """The figure, its value or reason, interval and remarks of every period."""
        return [
            (
                point.figure,
                writing.value(point.figure, self.indicator),
                writing.interval(point.figure, self.indicator),
                writing.remarks(point.figure),
            )
            for point in self.points
        ]

    @property
    def change_written(self) -> str:
        """The change and its interval; empty where there is none to tell."""
        if self.change is None:
            return ""
        return f"{self.change.written(self.indicator)} ({self.change.interval(self.indicator)})"

    @property
    def change_in_words(self) -> str:
        """What may be claimed of it."""
        if self.change is None:
            return _("cannot be compared")
        if not self.change.is_certain:
            return _("no change can be claimed")
        return _("has risen") if self.change.has_risen else _("has fallen")


@dataclass(frozen=True)
class Comparison:
    """Areas and the region as reference, the same indicator, breakdown and periods for all."""

    indicator: Indicator
    lines: Sequence[Line]
    """The chosen areas in the order they were chosen."""
    reference: Line
    units: Sequence[Line] = ()
    """The regional units of chosen municipalities."""

    @property
    def last(self) -> str:
        """The last period."""
        return self.reference.points[-1].period.key

    @property
    def sentences(self) -> list[str]:
        """For every pair what may be claimed of the last period; then of the region and of time.

        Of numbers that add up only what they are: a larger place has more of everything.
        """
        if self.indicator.adds_up:
            return [*(self._number(line) for line in (*self.lines, self.reference)), _numbers()]
        said = [self._pair(*pair) for pair in combinations([*self.lines, self.reference], 2)]
        said += [self._pair(line, unit) for line in self.lines for unit in self.units if _is_of(line, unit)]
        return [*said, *(self._over_time(line) for line in (*self.lines, self.reference) if line.change)]

    @property
    def has_intervals(self) -> bool:
        """Whether any figure here has one."""
        lines = (*self.lines, *self.units, self.reference)
        return any(point.figure.ci_low is not None for line in lines for point in line.points)

    def _number(self, line: Line) -> str:
        told = writing.sentence(line.points[-1].figure, self.indicator)
        return _("%(area)s, %(period)s: %(told)s.") % {"area": line.name, "period": self.last, "told": told}

    def _pair(self, one: Line, other: Line) -> str:
        first, second = one.points[-1].figure, other.points[-1].figure
        names = {"one": one.name, "other": other.name, "period": self.last}
        if first.value is None or second.value is None:
            return (
                _("%(one)s and %(other)s, %(period)s: a figure is missing, so they are not compared.")
                % names
            )
        if not first.differs_from(second):
            return _("%(one)s and %(other)s, %(period)s: we cannot say that they differ.") % names
        if first.value > second.value:
            return _("%(period)s: higher in %(one)s than in %(other)s.") % names
        return _("%(period)s: lower in %(one)s than in %(other)s.") % names

    def _over_time(self, line: Line) -> str:
        facts = {"area": line.name, "words": line.change_in_words}
        since = line.change.first.period if line.change else ""
        return _("%(area)s since %(period)s: %(words)s.") % (facts | {"period": since})


def comparison(
    years: Sequence[Figures], codes: Sequence[str], of_units: Sequence[Figures] = ()
) -> Comparison:
    """Of the areas with these codes out of the figures of all periods. No query.

    ``of_units``: the same periods by regional unit, where those of the chosen areas stand beside them.
    """
    lines = [_line([year.by_area[code] for year in years], years) for code in codes]
    parents = dict.fromkeys(line.area.parent.code for line in lines if line.area.parent)
    units = [
        _line([year.by_area[code] for year in of_units], of_units)
        for code in parents
        if of_units and code in of_units[0].by_area
    ]
    return Comparison(years[0].indicator, lines, _line([year.region for year in years], years), units)


def _numbers() -> str:
    return _(
        "These are numbers, not shares: they are larger where more people live, so places are not compared "
        "with each other or with the region."
    )


def _is_of(line: Line, unit: Line) -> bool:
    return line.area.parent_id == unit.area.pk


def _line(figures: Sequence[Figure], years: Sequence[Figures]) -> Line:
    points = [Point(year.period, figure) for year, figure in zip(years, figures, strict=True)]
    return Line(figures[0].area, points, years[0].indicator)
