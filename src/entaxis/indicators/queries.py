"""What other rooms, pages and the interface read of figures. Each says how many queries it costs.

Nothing here estimates: a figure is read as it was published, withheld and missing ones with the reason.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.geography.models import Area, Level
from entaxis.indicators import breaking_down
from entaxis.indicators.breaking_down import TOTAL
from entaxis.indicators.models import (
    CountryFigure,
    Indicator,
    IndicatorVersion,
    Observation,
    Outcome,
    Reason,
    Recomputation,
    Release,
    ReleasedSeries,
    Theme,
)
from entaxis.indicators.models.catalogue import in_language

TREND: Final = 12
"""Periods of a trend in the catalogue."""
MISSING: Final = "missing"
"""The reason of an area without a row: no release has said anything of it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of an area, published, withheld or missing.

    Attributes:
        value: None where it is withheld or missing; ``reason`` then says why.
        n: persons asked, or None where that is not told.
        flag: ``u`` unreliable, else empty.
        is_modelled: from a model, always to be said so.
        reason: key of ``Reason``, ``missing``, or empty.
        public_id: of its passport; None where it is missing.
        reported: of a sum over municipalities of which not all reported, how many of ``reported_of`` did.
        is_unreported: it is missing because there is no validated report of the municipality.
    """

    area: Area
    period: str
    breakdown: str
    value: float | None
    standard_error: float | None
    ci_low: float | None
    ci_high: float | None
    n: int | None
    n_effective: float | None
    flag: str
    is_modelled: bool
    reason: str
    public_id: UUID | None
    reported: int | None = None
    reported_of: int | None = None
    is_unreported: bool = False

    @property
    def at_least(self) -> str:
        """Of a sum over municipalities of which not all reported: that it is one; else empty."""
        if self.reported is None:
            return ""
        named = {"told": self.reported, "all": self.reported_of}
        return _("at least: %(told)s of %(all)s municipalities reported") % named

    @property
    def is_shown(self) -> bool:
        """Has a value."""
        return self.value is not None

    @property
    def is_unreliable(self) -> bool:
        """Published with a warning."""
        return self.flag == "u"

    @property
    def reason_text(self) -> str:
        """Why it is not shown, in the reader's language; empty where it is."""
        if not self.reason:
            return ""
        if self.reason != MISSING:
            return str(Reason(self.reason).label)
        if not self.is_unreported:
            return _("no figure here yet")
        if self.area.level == Level.MUNICIPALITY:
            return _("no report of the municipality for this period")
        return _("no report of any of its municipalities for this period")

    @property
    def passport(self) -> str:
        """Path of its passport; empty where it is missing."""
        return reverse("indicators:figure", args=[self.public_id]) if self.public_id else ""

    def differs_from(self, other: "Figure") -> bool:
        """Whether the intervals of two figures do not meet: the only difference a sentence may claim.

        A figure that is only "at least" is told apart from none: its interval speaks of those who reported.
        Nor is one of low reliability: nothing is built on what is called unsure beside it.
        """
        if self.reported is not None or other.reported is not None:
            return False
        if self.is_unreliable or other.is_unreliable:
            return False
        if self.ci_low is None or self.ci_high is None or other.ci_low is None or other.ci_high is None:
            return False
        return self.ci_low > other.ci_high or other.ci_low > self.ci_high


def _note(one: Mapping[str, Any]) -> str:
    """Of a break, in the reader's language."""
    return in_language(str(one.get("note_el", "")), str(one.get("note_en", "")))


@dataclass(frozen=True, slots=True)
class Period:
    """A period for which an indicator has figures in force in a region."""

    key: str
    income_year: int | None
    """The year that is measured where it is another than the survey's."""
    version: IndicatorVersion
    release: Release
    series_id: int

    @property
    def is_synthetic(self) -> bool:
        """Demonstration data."""
        return self.release.is_synthetic

    @property
    def has_break(self) -> bool:
        """Whether the series breaks here: what came before cannot be compared."""
        return any(str(one.get("period")) == self.key for one in self.version.breaks)

    @property
    def break_note(self) -> str:
        """Why, in the reader's language."""
        for one in self.version.breaks:
            if str(one.get("period")) == self.key:
                return _note(one)
        return ""

    def breaks_since(self, before: "Period") -> list[str]:
        """The notes of the breaks of the series between an earlier period and this; empty: comparable.

        A break holds though nothing is told of its own period, or only of parts of it.
        """
        found = {
            str(one.get("period")): _note(one) for one in (*before.version.breaks, *self.version.breaks)
        }
        return [
            note
            for key, note in sorted(found.items())
            if before.key < key and (key <= self.key or key.startswith(self.key))
        ]


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator of the catalogue with what a region has of it.

    Attributes:
        trend: the region's own figures, earliest first; none of what no region has as a whole (places
            among areas, counts by sub-group, tables of municipalities).
        periods: keys of the last periods in which anything of it is published, earliest first.
    """

    indicator: Indicator
    version: IndicatorVersion
    trend: tuple[Figure, ...]
    periods: tuple[str, ...]
    is_synthetic: bool

    @property
    def is_published(self) -> bool:
        """Whether a release in force tells anything of it, of the region or of areas in it."""
        return bool(self.periods)

    @property
    def latest(self) -> Figure | None:
        """The region's last figure."""
        return self.trend[-1] if self.trend else None

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.version.name


@dataclass(frozen=True, slots=True)
class Figures:
    """One map or table: an indicator in one period, one breakdown, one level of areas."""

    indicator: Indicator
    period: Period
    breakdown: str
    level: str
    by_area: dict[str, Figure]
    """By code of area; every area of the level has one."""
    region: Figure
    """The region's own figure for the same breakdown."""

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.by_area.values())


@dataclass(frozen=True, slots=True)
class Point:
    """A period's figure in a series."""

    period: Period
    figure: Figure


@dataclass(frozen=True, slots=True)
class Passport:
    """Everything about one figure. ``history`` is the same figure in every release, latest first."""

    observation: Observation
    figure: Figure
    indicator: Indicator
    version: IndicatorVersion
    release: Release
    is_current: bool
    history: tuple[Observation, ...]


# --- catalogue ------------------------------------------------------------------------------------


def indicator(code: str) -> Indicator | None:
    """By its code. One query."""
    return Indicator.objects.filter(code=code).first()


def names() -> dict[str, str]:
    """Name of every indicator by its code, in the catalogue's order, the reader's language. One query."""
    versions = IndicatorVersion.objects.select_related("indicator").order_by(
        "indicator__order", "indicator_id", "number"
    )
    return {version.indicator.code: version.name for version in versions}


def catalogue(region: Area, *, most: int = TREND) -> list[Entry]:
    """Every indicator with its latest version, the last ``most`` periods and the region's own figures then.

    Three queries.
    """
    versions: dict[int, IndicatorVersion] = {}
    for version in IndicatorVersion.objects.select_related("indicator").order_by(
        "indicator__order", "indicator_id", "number"
    ):
        versions[version.indicator_id] = version
    held = ReleasedSeries.objects.filter(region=region, is_current=True).annotate(
        place=Window(RowNumber(), partition_by=F("indicator"), order_by=F("period").desc())
    )
    series = {row.pk: row for row in held.filter(place__lte=most).select_related("release")}
    told: dict[int, list[str]] = defaultdict(list)
    for row in series.values():
        told[row.indicator_id].append(row.period)
    trends: dict[int, list[Figure]] = defaultdict(list)
    for figure in Observation.objects.filter(series__in=list(series), breakdown=TOTAL, area=region):
        at = series[figure.series_id]
        trends[at.indicator_id].append(_figure(figure, region, at.period))
    synthetic = {row.indicator_id for row in series.values() if row.release.is_synthetic}
    return [
        Entry(
            version.indicator,
            version,
            tuple(sorted(trends[pk], key=lambda figure: figure.period)),
            tuple(sorted(told[pk])),
            pk in synthetic,
        )
        for pk, version in versions.items()
    ]


def by_theme(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """The entries under the names of their themes, in the catalogue's order. No query."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.indicator.theme, []).append(entry)
    return [(str(theme.label), found[theme]) for theme in Theme if theme in found]


def periods(indicator: Indicator, region: Area, *, series: int | None = None) -> list[Period]:
    """The periods with figures in force, earliest first, or that of one published series. One query."""
    wanted = {"is_current": True} if series is None else {"pk": series}
    rows = ReleasedSeries.objects.filter(indicator=indicator, region=region, **wanted)
    related = ("version__recipe", "release__edition")
    return [_period(row) for row in rows.select_related(*related).order_by("period")]


def _period(row: ReleasedSeries) -> Period:
    offset = row.version.income_year_offset
    edition = row.release.edition
    year = edition.income_year if edition and offset else None
    return Period(row.period, year, row.version, row.release, row.pk)


# --- the country ----------------------------------------------------------------------------------


def of_country(held: Iterable[Period]) -> dict[int, CountryFigure]:
    """What is known of the whole country for the periods of a region's series, by ``series_id``. One query.

    Never a real one beside synthetic figures nor the other way about: a series gets its own kind or none.
    """
    asked = list(held)
    rows = CountryFigure.objects.filter(
        indicator__in={one.version.indicator_id for one in asked}, period__in={one.key for one in asked}
    )
    known = {(row.indicator_id, row.period, row.is_synthetic): row for row in rows}
    found = {
        one.series_id: known.get((one.version.indicator_id, one.key, one.is_synthetic)) for one in asked
    }
    return {series: row for series, row in found.items() if row is not None}


# --- figures --------------------------------------------------------------------------------------


def figures(
    indicator: Indicator,
    region: Area,
    *,
    period: str | None = None,
    breakdown: str = TOTAL,
    level: str = Level.MUNICIPALITY,
    known: list[Period] | None = None,
) -> Figures | None:
    """Every area of a level in one period (the latest without one); None where there is nothing.

    Three queries, two where ``known`` gives the periods.
    """
    held = periods(indicator, region) if known is None else known
    chosen = [one for one in held if period in (None, one.key)]
    if not chosen:
        return None
    return over_periods(indicator, region, breakdown=breakdown, level=level, known=[chosen[-1]])[0]


def over_periods(
    indicator: Indicator,
    region: Area,
    *,
    breakdown: str = TOTAL,
    level: str = Level.MUNICIPALITY,
    known: list[Period] | None = None,
) -> list[Figures]:
    """Every area of a level in every period, earliest first.

    Three queries however many periods, two where ``known`` gives them.
    """
    held = periods(indicator, region) if known is None else known
    areas = [region] if level == Level.REGION else list(_areas(region, level))
    rows = Observation.objects.filter(
        series__in=[one.series_id for one in held],
        breakdown=breakdown,
        area__in=[area.pk for area in areas] + [region.pk],
    )
    found: dict[int, dict[int, Observation]] = defaultdict(dict)
    for row in rows:
        found[row.series_id][row.area_id] = row
    return [
        Figures(
            indicator,
            at,
            breakdown,
            level,
            {area.code: _of(found[at.series_id], area, at, breakdown) for area in areas},
            _of(found[at.series_id], region, at, breakdown),
        )
        for at in held
    ]


def _areas(region: Area, level: str) -> Iterable[Area]:
    areas = Area.objects.current().of(region).filter(level=level)
    return areas.select_related("parent").order_by("code")


def breakdowns(indicator: Indicator, region: Area, *, period: str, area: Area) -> list[Figure]:
    """One area in one period by every breakdown that was published, in a fixed order. One query."""
    rows = Observation.objects.filter(
        series__indicator=indicator,
        series__region=region,
        series__period=period,
        series__is_current=True,
        area=area,
    )
    found = [_figure(row, area, period) for row in rows]
    return sorted(found, key=lambda figure: breaking_down.order(figure.breakdown))


BREAKDOWN_KEYS: Final = """
SELECT DISTINCT found.key FROM unnest(%s::bigint[]) AS series(id), LATERAL (
  WITH RECURSIVE keys(key) AS (
    SELECT min(breakdown) FROM indicators_observation WHERE series_id = series.id
    UNION ALL
    SELECT (SELECT min(later.breakdown) FROM indicators_observation later
            WHERE later.series_id = series.id AND later.breakdown > keys.key)
    FROM keys WHERE keys.key IS NOT NULL)
  SELECT key FROM keys WHERE key IS NOT NULL) found
"""
"""One step in the index for each key, where DISTINCT would read every figure."""


def breakdown_keys(periods: Sequence[Period]) -> list[str]:
    """The breakdowns of the figures of some periods, of whatever areas, in their order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(BREAKDOWN_KEYS, [[one.series_id for one in periods]])
        return sorted((key for (key,) in cursor.fetchall()), key=breaking_down.order)


def figure_of(row: Observation, period: str) -> Figure:
    """A published row whose area was read with it. No query."""
    return _figure(row, row.area, period)


def figure_at(row: Observation | Outcome, area: Area, period: str) -> Figure:
    """A row, published or to be, of an area that is known already. No query."""
    return _figure(row, area, period)


def period_of(row: ReleasedSeries) -> Period:
    """A series in force that was read with its version and the release's edition. No query."""
    return _period(row)


def series(
    indicator: Indicator,
    area: Area,
    *,
    breakdown: str = TOTAL,
    region: Area | None = None,
    known: list[Period] | None = None,
) -> list[Point]:
    """An area's figures over the periods in force, earliest first, missing ones too.

    Two queries, one where ``known`` gives the periods; ``region`` is the area itself where it is a region.
    """
    held = periods(indicator, region or area.region or area) if known is None else known
    rows = Observation.objects.filter(
        series__in=[one.series_id for one in held], breakdown=breakdown, area=area
    )
    found = {row.series_id: row for row in rows}
    return [
        Point(
            one,
            _figure(found[one.series_id], area, one.key)
            if one.series_id in found
            else _missing(area, one, breakdown),
        )
        for one in held
    ]


def of_area(area: Area, region: Area, *, breakdown: str = TOTAL) -> dict[str, list[Point]]:
    """Every indicator of an area over the periods, by code of indicator: a profile in two queries."""
    held = {
        row.pk: row
        for row in ReleasedSeries.objects.filter(region=region, is_current=True)
        .select_related("version__indicator", "release__edition")
        .order_by("version__indicator__order", "period")
    }
    rows = Observation.objects.filter(series__in=list(held), breakdown=breakdown, area=area)
    found = {row.series_id: row for row in rows}
    points: dict[str, list[Point]] = defaultdict(list)
    for pk, row in held.items():
        period = _period(row)
        figure = _figure(found[pk], area, period.key) if pk in found else _missing(area, period, breakdown)
        points[row.version.indicator.code].append(Point(period, figure))
    return dict(points)


def _of(found: Mapping[int, Observation], area: Area, period: Period, breakdown: str) -> Figure:
    row = found.get(area.pk)
    return _missing(area, period, breakdown) if row is None else _figure(row, area, period.key)


def _missing(area: Area, period: Period, breakdown: str) -> Figure:
    return Figure(
        area, period.key, breakdown, None, None, None, None, None, None, "", is_modelled=False,
        reason=MISSING, public_id=None, is_unreported=period.version.is_reported,
    )  # fmt: skip


def effective(number: float | None) -> float | None:
    """An effective number as every page, file and interface tells it: to one decimal."""
    return None if number is None else round(number, 1)


def _figure(row: Observation | Outcome, area: Area, period: str) -> Figure:
    return Figure(
        area,
        period,
        row.breakdown,
        row.value,
        row.standard_error,
        row.ci_low,
        row.ci_high,
        row.n,
        effective(row.n_effective),
        row.flag,
        row.is_modelled,
        row.reason,
        row.public_id,
        row.reported,
        row.reported_of,
    )


# --- passports -----------------------------------------------------------------------


def passport(public_id: UUID) -> Passport | None:
    """Of one figure. Two queries."""
    related = (
        "area",
        "series__version__indicator",
        "series__version__recipe",
        "series__region",
        "series__release__edition",
        "series__release__source_edition__source",
        "series__release__recipe_run",
    )
    row = Observation.objects.filter(public_id=public_id).select_related(*related).first()
    if row is None:
        return None
    held = row.series
    same = (
        Observation.objects.filter(
            series__region=held.region_id,
            series__indicator=held.indicator_id,
            series__period=held.period,
            breakdown=row.breakdown,
            area=row.area_id,
        )
        .select_related("series__release")
        .order_by("-series__release__published_at", "-pk")
    )
    return Passport(
        row,
        _figure(row, row.area, held.period),
        held.version.indicator,
        held.version,
        held.release,
        held.is_current,
        tuple(same),
    )


def recomputation(observation: Observation) -> Recomputation | None:
    """The last time that somebody had a figure computed again. One query."""
    return observation.recomputations.select_related("asked_by").first()


def has_period(region: Area, key: str) -> bool:
    """Whether any indicator has figures in force for this period. One query."""
    return ReleasedSeries.objects.filter(region=region, is_current=True, period=key).exists()


def last_published(region: Area) -> datetime | None:
    """When the region's figures changed last. One query."""
    public = Release.objects.public().filter(region=region).order_by("-published_at")
    found: datetime | None = public.values_list("published_at", flat=True).first()
    return found


def observations(filters: Mapping[str, Any], region: Area) -> Any:
    """The figures in force that a reader of the interface asks for; a query set."""
    rows = Observation.objects.filter(series__region=region, series__is_current=True).select_related(
        "area", "series__indicator", "series__release"
    )
    asked = {
        "indicator": Q(series__indicator__code=filters.get("indicator")),
        "area": Q(area__code=filters.get("area")),
        "period": Q(series__period=filters.get("period")),
        "level": Q(area__level=filters.get("level")),
        "breakdown": Q(breakdown__in=breaking_down.orders(filters.get("breakdown") or "")),
    }
    for name, condition in asked.items():
        if filters.get(name):
            rows = rows.filter(condition)
    return rows


def unknown(filters: Mapping[str, Any], region: Area) -> list[str]:
    """Which of ``indicator``, ``area`` and ``breakdown`` do not exist. At most four queries."""
    code, place, who = (str(filters.get(name) or "") for name in ("indicator", "area", "breakdown"))
    known: dict[str, Callable[[], bool]] = {
        "indicator": lambda: not code or Indicator.objects.filter(code=code).exists(),
        "area": lambda: place in {"", region.code} or Area.objects.of(region).filter(code=place).exists(),
        "breakdown": lambda: not who or breaking_down.is_known(who) or _is_told_of(who, region),
    }
    return [name for name, holds in known.items() if not holds()]


def _is_told_of(breakdown: str, region: Area) -> bool:
    """Whether any figure in force is: a source has groups of its own."""
    held = ReleasedSeries.objects.filter(region=region, is_current=True)
    with connection.cursor() as cursor:
        cursor.execute(BREAKDOWN_KEYS, [list(held.values_list("pk", flat=True))])
        told = {key for (key,) in cursor.fetchall()}
    return not told.isdisjoint(breaking_down.orders(breakdown))


def rates_of(indicator: Indicator, region: Area) -> set[str]:
    """Codes of the rates in force that recipes make of a count, everybody's. One query; none of others."""
    if not indicator.adds_up:
        return set()
    held = ReleasedSeries.objects.filter(
        region=region,
        is_current=True,
        version__recipe__steps__kind__in=["rate", "shrunk_rate"],
        version__recipe__steps__inputs__0__indicator=indicator.code,
    )
    return set(held.values_list("indicator__code", flat=True))
