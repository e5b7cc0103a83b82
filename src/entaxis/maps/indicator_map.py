"""The map of an indicator: one period beside all others, with everything that page, picture and file say.

Nothing is claimed that the intervals do not support: an area is called higher or lower than the region
only where their intervals do not meet, and so is a year than the year before.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entaxis.geography import queries as geography
from entaxis.geography.choropleth import AreaValue, Choropleth, Completeness
from entaxis.geography.models import Area, BoundarySet, Level
from entaxis.indicators import breaking_down, modelled, periods, queries, wording
from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Entry, Figure, Figures, Period
from entaxis.maps import writing
from entaxis.maps.classification import pooled_classes
from entaxis.maps.modes import Drawing, Mode, Painting

LEVELS: Final = (Level.MUNICIPALITY, Level.REGIONAL_UNIT)
MOST_SMALL_MAPS: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    figure: Figure
    region: Figure
    indicator: Indicator

    @property
    def area(self) -> Area:
        """Whose figure it is."""
        return self.figure.area

    @property
    def value(self) -> str:
        """The number, or why there is none."""
        return writing.value(self.figure, self.indicator)

    @property
    def interval(self) -> str:
        """Both ends of the 95 % interval."""
        return writing.interval(self.figure, self.indicator)

    @property
    def remarks(self) -> list[str]:
        """Unreliable, from a model."""
        return writing.remarks(self.figure)

    @property
    def difference(self) -> str:
        """How it stands to the region, as far as both intervals tell; empty without intervals."""
        if self.indicator.adds_up or self.figure.ci_low is None or self.region.ci_low is None:
            return ""
        if not self.figure.differs_from(self.region):
            return _("not told apart from the region")
        is_higher = (self.figure.value or 0) > (self.region.value or 0)
        return _("higher than the region") if is_higher else _("lower than the region")

    @property
    def said(self) -> list[str]:
        """What stands beside its numbers: a difference that the intervals support, and its remarks."""
        differs = self.difference and self.figure.differs_from(self.region)
        return [*([self.difference] if differs else []), *self.remarks]

    @property
    def label(self) -> str:
        """The whole sentence that a pointer or a screen reader gets on the map."""
        return f"{self.area.name}: {writing.sentence(self.figure, self.indicator)}"


@dataclass(frozen=True)
class IndicatorMap:
    """An indicator by area in one period; ``years`` are the same for every period, earliest first."""

    entry: Entry
    region: Area
    found: Figures
    years: Sequence[Figures]
    mode: Mode
    boundary_set: BoundarySet | None
    drawing: Drawing = Drawing.OUTLINES

    @property
    def indicator(self) -> Indicator:
        """What is shown."""
        return self.entry.indicator

    @property
    def period(self) -> Period:
        """The period that is shown."""
        return self.found.period

    @property
    def through(self) -> str:
        """What stands over the small maps of all periods."""
        return periods.through(year.period.key for year in self.years)

    @property
    def is_synthetic(self) -> bool:
        """Demonstration data."""
        return self.period.is_synthetic

    @property
    def title(self) -> str:
        """What is shown, where and when."""
        return _("%(indicator)s, %(region)s, %(period)s") % {
            "indicator": self.period.version.name,
            "region": self.region.name,
            "period": self.period.key,
        }

    @property
    def subtitle(self) -> str:
        """By which areas, of whom."""
        by = _("By regional unit") if self.found.level == Level.REGIONAL_UNIT else _("By municipality")
        return f"{by} · {breaking_down.label(self.found.breakdown)} · {Mode(self.mode).label}"

    @cached_property
    def rows(self) -> list[Row]:
        """A line for every area."""
        return self._rows(self.found)

    def _rows(self, year: Figures) -> list[Row]:
        return [Row(figure, year.region, self.indicator) for figure in year]

    @property
    def whole(self) -> Row:
        """The region's line."""
        return Row(self.found.region, self.found.region, self.indicator)

    @property
    def has_comparison(self) -> bool:
        """Whether any area can be set beside the region."""
        return any(row.difference for row in self.rows)

    @cached_property
    def painting(self) -> Painting:
        """Colours, with classes over all years."""
        return Painting(self.mode, self.indicator, pooled_classes(self.years, self.indicator.digits))

    # --- in words ---------------------------------------------------------------------------------

    @cached_property
    def sentences(self) -> list[str]:
        """What the map says."""
        said = (
            self._whole(),
            self._change(),
            *self._differences(),
            *self._largest(),
            self._withheld(),
            self._unreported(),
            breaking_down.overlap(self.found.breakdown),
        )
        return [sentence for sentence in said if sentence]

    def _whole(self) -> str:
        figure = self.found.region
        if figure.reason == queries.MISSING:
            return _("There is no figure of the whole region for %(period)s.") % {"period": self.period.key}
        if figure.value is None:
            return _("%(region)s, %(period)s: %(reason)s.") % {
                "region": self.region.name,
                "period": self.period.key,
                "reason": figure.reason_text,
            }
        facts = {
            "region": self.region.name,
            "period": self.period.key,
            "amount": writing.amount(figure.value, self.indicator),
        }
        if figure.at_least:
            return _("%(region)s, %(period)s: %(amount)s – %(remark)s.") % (
                facts | {"remark": figure.at_least}
            )
        if figure.ci_low is None or figure.ci_high is None:
            return _("%(region)s, %(period)s: %(amount)s.") % facts
        return self._with_interval(figure) % (
            facts
            | {
                "low": writing.number(figure.ci_low, self.indicator),
                "high": writing.amount(figure.ci_high, self.indicator),
            }
        )

    def _with_interval(self, figure: Figure) -> str:
        """What the interval means: a sample was asked, a model joins, or all were counted."""
        if self.period.version.is_rate_of_a_count:
            return _(
                "%(region)s, %(period)s: %(amount)s. Everybody was counted, so the number is exact; the "
                "interval %(low)s – %(high)s shows how much such a number varies by chance."
            )
        if figure.n is None:
            return _(
                "%(region)s, %(period)s: %(amount)s. With 95 %% confidence the true figure lies "
                "between %(low)s and %(high)s."
            )
        return _(
            "%(region)s, %(period)s: %(amount)s. Only part of the people were asked: with 95 %% "
            "confidence the true figure lies between %(low)s and %(high)s."
        )

    @property
    def before(self) -> Figures | None:
        """The period before; None for the first."""
        at = [year.period.key for year in self.years].index(self.period.key)
        return self.years[at - 1] if at else None

    def _change(self) -> str:
        before = self.before
        if before is None or before.region.value is None or self.found.region.value is None:
            return ""
        if notes := self.period.breaks_since(before.period):
            return _("The series breaks here, so it is not compared with the period before: %(note)s") % {
                "note": " ".join(notes)
            }
        if before.region.ci_low is None or self.found.region.ci_low is None:
            return ""
        facts = {"before": before.period.key}
        if not self.found.region.differs_from(before.region):
            return _("A change since %(before)s cannot be told from chance.") % facts
        if self.found.region.value > before.region.value:
            return _("It has risen since %(before)s, beyond what chance explains.") % facts
        return _("It has fallen since %(before)s, beyond what chance explains.") % facts

    def _differences(self) -> list[str]:
        rows = [row for row in self.rows if row.difference]
        if not rows and self.mode == Mode.DIFFERENCE:
            return [_("No area can be set beside the region here: one of the two has no interval.")]
        if not rows:
            return []
        differing = [row for row in rows if row.figure.differs_from(self.found.region)]
        if not differing:
            return [_("No area can be told apart from the region as a whole.")]
        region = self.found.region.value or 0.0
        higher = [row.area for row in differing if (row.figure.value or 0.0) > region]
        lower = [row.area for row in differing if row.area not in higher]
        said = []
        if higher:
            said.append(
                _("Higher than the region as a whole: %(areas)s.") % {"areas": writing.names(higher)}
            )
        if lower:
            said.append(_("Lower than the region as a whole: %(areas)s.") % {"areas": writing.names(lower)})
        if len(differing) < len(rows):
            said.append(_("The others cannot be told apart from it."))
        return said

    def _largest(self) -> list[str]:
        """Of numbers of persons, households, euro: where most are; a large place has more of everything."""
        if not self.indicator.adds_up:
            return []
        named = wording.largest([(row.area.name, row.figure) for row in self.rows], self.indicator)
        said = _("These are numbers, not shares: they are larger where more people live.")
        return [named, said] if named else [said]

    def _withheld(self) -> str:
        number = sum(not row.figure.is_shown and not row.figure.is_unreported for row in self.rows)
        if not number:
            return ""
        return ngettext(
            "%(number)s of %(all)s areas has no figure: this does not mean that nobody is affected.",
            "%(number)s of %(all)s areas have no figure: this does not mean that nobody is affected.",
            number,
        ) % {"number": number, "all": len(self.rows)}

    def _unreported(self) -> str:
        number = sum(row.figure.is_unreported for row in self.rows)
        if not number:
            return ""
        return ngettext(
            "Of %(number)s of %(all)s areas there is no report for this period: nothing is known of it.",
            "Of %(number)s of %(all)s areas there is no report for this period: nothing is known of them.",
            number,
        ) % {"number": number, "all": len(self.rows)}

    @property
    def demonstration(self) -> str:
        """What must be said where figures are synthetic."""
        return _(
            "Demonstration data: these figures are synthetic and describe no real place. Only names, codes "
            "and boundaries of areas are real."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the figures and the lines come from, and what they are not."""
        return (*self._sources([self.found]), *self._of_drawing(), *self._warning([self.found]))

    def notes_of_table(self, years: Sequence[Figures]) -> tuple[str, ...]:
        """The same of a view that draws no map of the figures of these periods."""
        return (*self._sources(years), *self._warning(years))

    @staticmethod
    def _sources(years: Sequence[Figures]) -> list[str]:
        """Where the figures come from, each release once."""
        releases = {year.period.release.pk: year.period.release for year in years}
        notes = [
            _("Source: %(source)s. Release: %(release)s.") % {"source": release.source, "release": release}
            for release in releases.values()
        ]
        if incomes := dict.fromkeys(str(one.period.income_year) for one in years if one.period.income_year):
            notes.append(_("Incomes of %(year)s.") % {"year": ", ".join(incomes)})
        return notes

    def _of_drawing(self) -> list[str]:
        """What colours and lines are."""
        notes = []
        if len(self.years) > 1:
            notes.append(_("Colours stand for the same values in every period."))
        if self.drawing == Drawing.TILES:
            notes.append(
                _("Every area is a square of one size near its place: size and borders are not real.")
            )
        elif self.boundary_set:
            facts = {"source": self.boundary_set.source, "licence": self.boundary_set.licence}
            notes.append(_("Boundaries: %(source)s, %(licence)s, generalised for display.") % facts)
        return notes

    def _warning(self, years: Sequence[Figures]) -> list[str]:
        """What the figures are not."""
        is_modelled = any(figure.is_modelled for year in years for figure in year)
        is_synthetic = any(year.period.is_synthetic for year in years)
        notes = [modelled.of_figures(self.period.version)] if is_modelled else []
        return [*notes, self.demonstration] if is_synthetic else notes

    @property
    def named(self) -> str:
        """What is shown and of whom, as a citation names it."""
        return f"{self.period.version.name} ({breaking_down.label(self.found.breakdown)})"

    def citation(
        self, url: str, *, kind: str = "", years: Sequence[Figures] = (), beside: Iterable[str] = ()
    ) -> str:
        """How to cite it; ``kind``: where another view than the map shows it.

        ``years``: where it shows more periods than the one; ``beside``: sources of what else it shows.
        """
        shown = [year.period for year in years or [self.found]]
        return wording.citation(
            name=f"{kind}: {self.named}" if kind else self.named,
            area=self.region.name,
            period=periods.span(one.key for one in shown),
            source=" · ".join((wording.sources(shown), *dict.fromkeys(beside))),
            url=url,
        )

    # --- drawn ------------------------------------------------------------------------------------

    def choropleth(self, address: Callable[[Area], str] | None = None) -> Choropleth | None:
        """The map; None while no outlines are in force. ``address``: where an area's link leads."""
        return self._drawn(self.found, address)

    def small_maps(self) -> list[tuple[Figures, Choropleth]]:
        """The last periods, each as a map in the same colours; none where there is only one."""
        if len(self.years) < 2 or self.boundary_set is None:
            return []
        drawn = [(year, self._drawn(year)) for year in self.years[-MOST_SMALL_MAPS:]]
        return [
            (year, replace(one, title=f"{self.period.version.name}, {year.period.key}"))
            for year, one in drawn
            if one is not None
        ]

    def _drawn(self, year: Figures, address: Callable[[Area], str] | None = None) -> Choropleth | None:
        if self.boundary_set is None:
            return None
        return Choropleth(
            boundary_set=self.boundary_set,
            level=Level(self.found.level),
            values=[self._value(row, address(row.area) if address else "") for row in self._rows(year)],
            title=self.title,
            subtitle=self.subtitle,
            unit=writing.unit(self.indicator),
            notes=self.notes,
            digits=self.indicator.digits,
            key=self.painting.legend(self.years),
            as_tiles=self.drawing == Drawing.TILES,
        )

    def _value(self, row: Row, address: str) -> AreaValue:
        paint = self.painting.paint(row.figure, row.region)
        known = Completeness.COMPLETE if row.figure.is_shown else Completeness.UNKNOWN
        return AreaValue(
            row.area.code,
            row.area.name,
            row.figure.value,
            known,
            row.label,
            address,
            fill=paint.fill,
            overlay=paint.patterns,
        )


def indicator_map(
    entry: Entry,
    region: Area,
    *,
    known: list[Period],
    period: str,
    breakdown: str,
    level: Level,
    mode: Mode,
    drawing: Drawing = Drawing.OUTLINES,
) -> IndicatorMap:
    """The map of one period of ``known``. Three queries, and the lines once for a set of outlines."""
    years = queries.over_periods(entry.indicator, region, breakdown=breakdown, level=level, known=known)
    found = next(year for year in years if year.period.key == period)
    boundary_set = geography.active_boundaries(region)
    return IndicatorMap(entry, region, found, years, mode, boundary_set, drawing)
