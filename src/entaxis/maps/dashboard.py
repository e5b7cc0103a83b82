"""What somebody who works for a body finds of their own place: published figures alone.

Change is said only where intervals allow it; a place is held against its regional unit and its region, and
what adds up (persons, households) is held against nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.accounts.rules import memberships
from entaxis.geography.models import Area, Level
from entaxis.indicators import queries
from entaxis.indicators.models import Indicator, Theme
from entaxis.indicators.queries import Figure, Point
from entaxis.maps import writing
from entaxis.maps.profile import KeyFigure
from entaxis.notifications.choices import Scope
from entaxis.notifications.models import Subscription

OF_EXCLUSION: Final = frozenset(Theme) - {Theme.BENEFITS, Theme.POPULATION}
LEVELS: Final = (Level.MUNICIPALITY, Level.REGIONAL_UNIT)


def places(user: User, region: Area) -> list[Area]:
    """The municipalities for which this person works: as such, or because a body of theirs is of it."""
    held = [one for one in memberships(user) if one.region_id == region.pk]
    found = [one.municipality or (one.body.municipality if one.body else None) for one in held]
    return list(dict.fromkeys(area for area in found if area is not None))


def areas(region: Area) -> list[Area]:
    """Municipalities and regional units by name, to choose from. One query."""
    rows = Area.objects.current().of(region).filter(level__in=LEVELS).select_related("parent")
    return sorted(rows, key=lambda area: (area.level != Level.REGIONAL_UNIT, area.name))


@dataclass(frozen=True)
class Line:
    """One indicator of exclusion: here, in the regional unit, in the region."""

    here: KeyFigure
    unit: Figure | None
    region: Figure | None

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.here.indicator

    @property
    def unit_value(self) -> str:
        """Of the regional unit; empty where the place is one, or where sums are told."""
        return self._written(self.unit)

    @property
    def region_value(self) -> str:
        """Of the region; empty where the place is the region."""
        return self._written(self.region)

    def _written(self, figure: Figure | None) -> str:
        if figure is None or self.indicator.adds_up:
            return ""
        return writing.value(figure, self.indicator)

    @property
    def change(self) -> str:
        """Since the first comparable period, in words; nothing where there is nothing to compare."""
        return self.here.trend

    @property
    def said(self) -> str:
        """Differences that the intervals bear, and what must be said beside the figure."""
        unit = self._beside_unit()
        return ", ".join([*([unit] if unit else []), *([self.here.beside] if self.here.beside else []),
                          *self.here.remarks])  # fmt: skip

    def _beside_unit(self) -> str:
        figure = self.here.figure
        if self.unit is None or self.indicator.adds_up or not figure.differs_from(self.unit):
            return ""
        is_higher = (figure.value or 0.0) > (self.unit.value or 0.0)
        return _("higher than the regional unit") if is_higher else _("lower than the regional unit")


@dataclass(frozen=True)
class Dashboard:
    """Of one place."""

    area: Area
    unit: Area | None
    region: Area
    lines: Sequence[Line]
    followed: Sequence[Line]
    """Of the indicators that the reader follows, those that have a figure here."""

    @property
    def themes(self) -> list[tuple[str, list[Line]]]:
        """The lines under the names of their themes."""
        found = [
            (str(theme.label), [one for one in self.lines if one.indicator.theme == theme])
            for theme in Theme
            if theme in OF_EXCLUSION
        ]
        return [(label, lines) for label, lines in found if lines]

    @property
    def is_synthetic(self) -> bool:
        """Whether any of its figures are demonstration data."""
        return any(one.here.last.period.is_synthetic for one in (*self.lines, *self.followed))

    @property
    def sentences(self) -> list[str]:
        """What has certainly changed here, or that nothing can be said."""
        certain = [one.here for one in self.lines if one.here.change and one.here.change.is_certain]
        risen = [one.name for one in certain if one.change and one.change.has_risen]
        fallen = [one.name for one in certain if one.change and not one.change.has_risen]
        said = []
        if risen:
            said.append(_("Has risen over the years: %(names)s.") % {"names": " · ".join(risen)})
        if fallen:
            said.append(_("Has fallen over the years: %(names)s.") % {"names": " · ".join(fallen)})
        return said or [_("For no indicator can we say that it has changed over the years.")]


def dashboard(area: Area, region: Area, user: User) -> Dashboard:
    """Seven queries for a municipality, however many indicators there are."""
    unit = area.parent if area.level == Level.MUNICIPALITY else None
    here = queries.of_area(area, region)
    of_unit = queries.of_area(unit, region) if unit else {}
    whole = {} if area == region else queries.of_area(region, region)
    lines = list(_lines(here, of_unit, whole))
    wanted = set(
        Subscription.objects.filter(
            user=user, region=region, scope=Scope.INDICATOR, confirmed_at__isnull=False
        ).values_list("indicator", flat=True)
    )
    return Dashboard(
        area,
        unit,
        region,
        [one for one in lines if one.indicator.theme in OF_EXCLUSION],
        [one for one in lines if one.indicator.code in wanted],
    )


def _lines(
    here: dict[str, list[Point]], unit: dict[str, list[Point]], whole: dict[str, list[Point]]
) -> Iterable[Line]:
    for code, points in here.items():
        if any(point.figure.reason != queries.MISSING for point in points):
            beside = whole[code][-1].figure if whole else None
            above = unit[code][-1].figure if unit else None
            yield Line(KeyFigure(points[-1].period.version.indicator, points, beside), above, beside)
