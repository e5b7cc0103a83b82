"""The social profile of one municipality, regional unit or region, from published figures alone.

Better and worse are said only of indicators whose direction is known and whose interval does not meet the
region's in the same period.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entaxis.core.text import listed
from entaxis.geography import queries as geography
from entaxis.geography.choropleth import AreaValue, Choropleth, Completeness
from entaxis.geography.models import Area, BoundarySet, Level
from entaxis.geography.queries import Residents
from entaxis.indicators import groups, queries, wording
from entaxis.indicators.groups import Counted
from entaxis.indicators.models import CountryFigure, Indicator, Release, Theme
from entaxis.indicators.models.catalogue import Direction
from entaxis.indicators.queries import Figure, Point
from entaxis.maps import writing
from entaxis.maps.changes import Change, change_over
from entaxis.maps.coverage import queries as coverage
from entaxis.maps.group_table import GroupTable, group_table
from entaxis.maps.peers import PeerTable, Registered, peer_table, registered
from entaxis.notifications import links
from entaxis.vocabularies.models import Term

HERE_COLOUR, ELSEWHERE_COLOUR = "#003375", "#e4eefa"
FIRST: tuple[str, ...] = ("arope", "arop", "smsd", "low_work_intensity")
"""Indicators that are drawn as figures at the head, where the area has them."""
MOST_FIRST = 4


@dataclass(frozen=True)
class KeyFigure:
    """One indicator of the area: the last period with a row, beside the region, and what changed."""

    indicator: Indicator
    points: Sequence[Point]
    reference: Figure | None
    """The region's figure of the same period; None for the region itself."""
    country: CountryFigure | None = None
    """What a named source published of the whole country for that period."""

    @property
    def last(self) -> Point:
        """The last period."""
        return self.points[-1]

    @property
    def figure(self) -> Figure:
        """Of the last period."""
        return self.last.figure

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.last.period.version.name

    @property
    def value(self) -> str:
        """The number with its unit, or why there is none."""
        if self.figure.value is None:
            return self.figure.reason_text
        return writing.amount(self.figure.value, self.indicator)

    @property
    def interval(self) -> str:
        """Both ends of its interval."""
        return writing.interval(self.figure, self.indicator)

    @property
    def values(self) -> list[str]:
        """Of every period: the number with its unit and its interval, or why there is none."""
        return [writing.sentence(point.figure, self.indicator) for point in self.points]

    @property
    def remarks(self) -> list[str]:
        """Unreliable, from a model."""
        return writing.remarks(self.figure)

    @property
    def reference_value(self) -> str:
        """The region's number and interval; empty where there is nothing to compare with."""
        if self.reference is None or self.reference.value is None or self.indicator.adds_up:
            return ""
        return writing.number(self.reference.value, self.indicator)

    @property
    def country_value(self) -> str:
        """The whole country's number; empty where none is known. No difference from it is ever claimed."""
        return "" if self.country is None else writing.number(self.country.value, self.indicator)

    @property
    def differs(self) -> bool:
        """Whether a difference from the region may be claimed."""
        return (
            self.reference is not None
            and not self.indicator.adds_up
            and self.figure.differs_from(self.reference)
        )

    @property
    def is_higher(self) -> bool:
        """Higher than the region, beyond both intervals."""
        region = self.reference.value if self.reference else None
        return self.differs and (self.figure.value or 0.0) > (region or 0.0)

    @property
    def beside(self) -> str:
        """In words; empty where no difference may be claimed."""
        if not self.differs:
            return ""
        return _("higher than the region") if self.is_higher else _("lower than the region")

    @property
    def is_better(self) -> bool | None:
        """None where nothing may be claimed or neither direction is better."""
        if not self.differs or self.indicator.direction == Direction.NEUTRAL:
            return None
        return self.is_higher == (self.indicator.direction == Direction.HIGH_IS_GOOD)

    @cached_property
    def change(self) -> Change | None:
        """From the first comparable period to the last."""
        return None if self.indicator.adds_up else change_over(self.points)

    @property
    def trend(self) -> str:
        """The change in words; empty where there is nothing to compare."""
        if self.change is None:
            return ""
        facts = {"period": self.change.first.period, "change": self.change.written(self.indicator)}
        if not self.change.is_certain:
            return _("since %(period)s no change can be claimed") % facts
        if self.change.has_risen:
            return _("has risen since %(period)s (%(change)s)") % facts
        return _("has fallen since %(period)s (%(change)s)") % facts

    @property
    def said(self) -> list[str]:
        """What stands beside its numbers: differences and changes that the intervals support, remarks."""
        changed = [self.trend] if self.change and self.change.is_certain else []
        return [*([self.beside] if self.beside else []), *changed, *self.remarks]


@dataclass(frozen=True)
class Profile:
    """Everything that the page and its printed form show."""

    area: Area
    region: Area
    figures: Sequence[KeyFigure]
    structures: PeerTable
    groups: GroupTable
    residents: Residents | None
    boundary_set: BoundarySet | None
    far: Sequence[Term] = ()
    """Kinds of structure that no resident or few have nearby."""

    @property
    def title(self) -> str:
        """Of the page."""
        return _("Social profile: %(area)s") % {"area": self.area.name}

    @property
    def is_region(self) -> bool:
        """Of the whole region."""
        return self.area == self.region

    @property
    def is_synthetic(self) -> bool:
        """Whether any of its figures are demonstration data."""
        is_figure_synthetic = any(one.last.period.is_synthetic for one in self.figures)
        return is_figure_synthetic or self.structures.is_synthetic or self.groups.is_synthetic

    @property
    def demonstration(self) -> str:
        """What must be said of synthetic figures."""
        return _(
            "Demonstration data: indicators and structures are synthetic and describe no real place. Only "
            "names, codes, boundaries and residents of areas are real."
        )

    @property
    def persons(self) -> str:
        """The residents of the area; empty where they are not known."""
        persons = self.structures.persons
        return "" if persons is None else formats.number_format(persons, 0, force_grouping=True)

    @cached_property
    def first(self) -> list[KeyFigure]:
        """The figures at the head."""
        by_code = {one.indicator.code: one for one in self.figures if one.figure.is_shown}
        return [by_code[code] for code in FIRST if code in by_code][:MOST_FIRST]

    @property
    def themes(self) -> list[tuple[str, list[KeyFigure]]]:
        """The figures under the names of their themes."""
        found = [
            (str(theme.label), [one for one in self.figures if one.indicator.theme == theme])
            for theme in Theme
        ]
        return [(label, figures) for label, figures in found if figures]

    @cached_property
    def country(self) -> list[CountryFigure]:
        """Who published the values of the whole country, a row a source."""
        return wording.country_sources(one.country for one in self.figures if one.country)

    @property
    def is_country_synthetic(self) -> bool:
        """Whether those are of the demonstration's invented country."""
        return any(row.is_synthetic for row in self.country)

    @property
    def columns(self) -> int:
        """Of the table of all indicators."""
        return 4 + (not self.is_region) + bool(self.country)

    @property
    def sentences(self) -> list[str]:
        """Strengths and gaps: what the intervals support, and nothing else."""
        if self.is_region:
            return [*self._changes(), *self._distances()]
        worse = [one.name for one in self.figures if one.is_better is False]
        better = [one.name for one in self.figures if one.is_better]
        said = []
        if worse:
            said.append(_("Worse than in the region as a whole: %(names)s.") % {"names": listed(worse)})
        if better:
            said.append(_("Better than in the region as a whole: %(names)s.") % {"names": listed(better)})
        if not said:
            said.append(
                _("For no indicator can we say that it is better or worse here than in the region.")
            )
        return [*said, *self._changes(), *self._distances()]

    def _distances(self) -> list[str]:
        """Gaps in reach, of registered structures in a straight line."""
        if not self.far:
            return []
        facts = {"km": coverage.PROFILED_KM, "number": len(self.far)}
        return [
            ngettext(
                "%(number)s kind of structure that the region has is far: no resident or few have one "
                "registered within %(km)s km, in a straight line.",
                "%(number)s kinds of structure that the region has are far: no resident or few have one "
                "registered within %(km)s km, in a straight line.",
                len(self.far),
            )
            % facts
        ]

    def _changes(self) -> list[str]:
        risen = [one.name for one in self.figures if one.change and one.change.has_risen]
        certain = [one for one in self.figures if one.change and one.change.is_certain]
        fallen = [one.name for one in certain if one.name not in risen]
        said = []
        if risen:
            said.append(_("Has risen over the years: %(names)s.") % {"names": listed(risen)})
        if fallen:
            said.append(_("Has fallen over the years: %(names)s.") % {"names": listed(fallen)})
        return said or [_("For no indicator can we say that it has changed over the years.")]

    @cached_property
    def releases(self) -> list[Release]:
        """Those that the figures come from, each once."""
        periods = [one.last.period for one in self.figures]
        periods += [source.periods[0] for source in self.groups.sources]
        held = {period.release.pk: period.release for period in periods}
        return list(held.values())

    @property
    def sources(self) -> list[str]:
        """Where everything comes from."""
        said = [
            _("Source: %(source)s. Release: %(release)s.") % {"source": one.source, "release": one}
            for one in self.releases
        ]
        if self.residents:
            said.append(
                _("Residents: census of %(year)s, %(vintage)s (%(source)s).")
                % {
                    "year": self.residents.year,
                    "vintage": self.residents.vintage_name,
                    "source": self.residents.source,
                }
            )
        if self.boundary_set:
            facts = {"source": self.boundary_set.source, "licence": self.boundary_set.licence}
            said.append(_("Boundaries: %(source)s, %(licence)s, generalised for display.") % facts)
        return said

    @property
    def permalink(self) -> str:
        """Its whole address: the paper is made where nobody asks for a page."""
        return links.absolute(self.region, reverse("profiles:profile", args=[self.area.code]))

    @property
    def citation(self) -> str:
        """How to cite it: it changes with every release, so the day of the last one stands in it."""
        days = [release.published_at for release in self.releases if release.published_at]
        return wording.citation(
            name=_("Social profile"),
            area=self.area.name,
            period=formats.date_format(localtime(max(days))) if days else "",
            source=f"{_('Regional Observatory of Social Inclusion')}, {self.region.name}",
            url=self.permalink,
        )

    def choropleth(self) -> Choropleth | None:
        """Where the area lies in its region; None without outlines and for the region itself."""
        if self.boundary_set is None or self.is_region:
            return None
        level = Level.REGIONAL_UNIT if self.area.level == Level.REGIONAL_UNIT else Level.MUNICIPALITY
        title = _("%(area)s in %(region)s") % {"area": self.area.name, "region": self.region.name}
        values = [self._placed(area) for area in self.structures.areas]
        return Choropleth(self.boundary_set, level, values, title=title)

    def _placed(self, area: Area) -> AreaValue:
        colour = HERE_COLOUR if area == self.area else ELSEWHERE_COLOUR
        return AreaValue(
            area.code, area.name, 0.0, Completeness.COMPLETE, label=area.name, fill=colour, overlay=()
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """What all profiles of a region share."""

    region: Area
    whole: dict[str, list[Point]]
    """The region's own figures, by indicator."""
    country: Mapping[int, CountryFigure]
    """The whole country's values of their last periods, by series."""
    registered: Registered
    counted: Sequence[Counted]
    """What is counted by vulnerable sub-group."""
    boundary_set: BoundarySet | None
    deserts: Mapping[int, frozenset[str]]
    """Keys of kinds that no resident or few have nearby, by area."""


def ground(region: Area) -> Ground:
    """Read once, for one profile or for all of a region."""
    whole = queries.of_area(region, region)
    return Ground(
        region,
        whole,
        queries.of_country(points[-1].period for points in whole.values()),
        registered(region),
        groups.counted(region),
        geography.active_boundaries(region),
        coverage.deserts(region),
    )


def profile(area: Area, on: Ground) -> Profile:
    """Of an area of the region, or of the region itself. Three queries."""
    is_region = area == on.region
    here = on.whole if is_region else queries.of_area(area, on.region)
    return Profile(
        area,
        on.region,
        list(_figures(here, on, is_region=is_region)),
        peer_table(area, on.registered),
        group_table(on.counted, area),
        on.registered.residents,
        on.boundary_set,
        [kind for kind in on.registered.counts.kinds if kind.key in on.deserts.get(area.pk, ())],
    )


def _figures(here: dict[str, list[Point]], on: Ground, *, is_region: bool) -> Iterable[KeyFigure]:
    """Indicators of which the area has anything at all, in the catalogue's order."""
    for code, points in here.items():
        if any(point.figure.reason != queries.MISSING for point in points):
            reference = None if is_region else on.whole[code][-1].figure
            last = points[-1].period
            yield KeyFigure(last.version.indicator, points, reference, on.country.get(last.series_id))
