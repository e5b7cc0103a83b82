"""How beneficiaries lie over sub-groups, ages, sexes and areas: published counts alone.

One person may belong to several sub-groups, so nothing here adds them up. A cell is told, withheld with
its reason, or not told at all: never a nought in place of either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from entaxis.geography.models import Area, Level
from entaxis.indicators import breaking_down, queries
from entaxis.indicators.breaking_down import SUBGROUP, TOTAL
from entaxis.indicators.models import (
    ADDITIVE,
    Indicator,
    IndicatorVersion,
    Observation,
    ReleasedSeries,
    Unit,
)
from entaxis.indicators.queries import Figure, Period
from entaxis.vocabularies.models import Term
from entaxis.vocabularies.queries import choices

LIST: Final = "vulnerable_groups"


@dataclass(frozen=True, slots=True)
class Part:
    """What a breakdown says: the sub-group, and of whom in it; empty is everybody."""

    group: str
    sex: str = ""
    age: str = ""

    @classmethod
    def of(cls, breakdown: str) -> Self | None:
        """``subgroup=roma;sex=female``; None of a breakdown that is not by sub-group, or by more."""
        said = dict(part.split("=", 1) for part in breakdown.split(";") if "=" in part)
        group = said.pop("subgroup", "")
        if not group or said.keys() - {"sex", "age"}:
            return None
        return cls(group, said.get("sex", ""), said.get("age", ""))

    @property
    def who(self) -> str:
        """The rest as a breakdown of everybody: ``sex=female``, ``total``."""
        kinds = (("age", self.age), ("sex", self.sex))
        return ";".join(f"{kind}={key}" for kind, key in kinds if key) or TOTAL

    @property
    def label(self) -> str:
        """Of whom, in the reader's language."""
        return breaking_down.label(self.who)


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of persons that is told by sub-group, with the periods for which it is, latest first."""

    version: IndicatorVersion
    periods: tuple[Period, ...]

    @property
    def indicator(self) -> Indicator:
        """What is counted."""
        return self.version.indicator

    @property
    def code(self) -> str:
        """Of the indicator."""
        return self.indicator.code

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.version.name

    def at(self, key: str) -> Period | None:
        """The period of this key, the latest without one."""
        return next((one for one in self.periods if key in ("", one.key)), None)


def terms() -> list[tuple[Term, list[Term]]]:
    """The groups of the code list, each with its sub-groups."""
    every = choices(LIST)
    found = [(term, [one for one in every if one.parent_id == term.pk]) for term in every]
    return [(term, inside) for term, inside in found if inside]


def term(key: str) -> Term | None:
    """A sub-group of the list in force."""
    return next((one for one in choices(LIST) if one.key == key and one.parent_id is not None), None)


def counted(region: Area) -> list[Counted]:
    """What a region's releases in force count by sub-group. One query.

    First what is counted by sub-group alone and so tells most of each, then in the catalogue's order.
    """
    told = Observation.objects.filter(series=OuterRef("pk"), breakdown__startswith=SUBGROUP)
    rows = (
        ReleasedSeries.objects.filter(
            Exists(told), region=region, is_current=True, indicator__unit=Unit.PERSONS
        )
        .select_related("indicator", "version__indicator", "release__edition")
        .order_by("indicator__order", "indicator_id", "-period")
    )
    found: dict[int, list[Period]] = {}
    for row in rows:
        found.setdefault(row.indicator_id, []).append(queries.period_of(row))
    every = [Counted(periods[0].version, tuple(periods)) for periods in found.values()]
    return sorted(every, key=lambda one: one.version.breakdowns != ["subgroup"])


Groups = dict[str, dict[Part, Figure]]
"""Figures by key of sub-group and part of it."""


def of_area(period: Period, area: Area) -> Groups:
    """Every sub-group of one area, by sex and age as far as they are told. One query."""
    rows = Observation.objects.filter(series=period.series_id, area=area, breakdown__startswith=SUBGROUP)
    found: Groups = {}
    for row in rows:
        part = Part.of(row.breakdown)
        if part is not None:
            found.setdefault(part.group, {})[part] = queries.figure_at(row, area, period.key)
    return found


def latest(sources: Iterable[Counted], area: Area) -> dict[str, dict[str, Figure]]:
    """By code of count and key of sub-group: everybody in it, in the last period that tells it. One query.

    A month tells the sub-groups that its file had; the figure bears the period.
    """
    held = {period.series_id: (one, period.key) for one in sources for period in one.periods}
    rows = Observation.objects.filter(series__in=list(held), area=area, breakdown__startswith=SUBGROUP)
    found: dict[str, dict[str, Figure]] = {one.code: {} for one, _key in held.values()}
    for row in sorted(rows.exclude(breakdown__contains=";"), key=lambda row: held[row.series_id][1]):
        part, (source, key) = Part.of(row.breakdown), held[row.series_id]
        if part is not None:
            found[source.code][part.group] = queries.figure_at(row, area, key)
    return found


@dataclass(frozen=True, slots=True)
class Spread:
    """One sub-group of one count over the areas of a region, and over ages and sexes of each."""

    region: Area
    areas: Sequence[Area]
    """Municipalities by code."""
    by_area: Mapping[str, Mapping[Part, Figure]]

    @property
    def parts(self) -> list[Part]:
        """Of whom anything is told of a municipality, everybody first."""
        every = {part for area in self.areas for part in self.by_area.get(area.code, {})}
        return sorted(every, key=lambda part: _order(part.who))

    def figure(self, area: Area, part: Part) -> Figure | None:
        """None where nothing is told, not even that it is withheld."""
        return self.by_area.get(area.code, {}).get(part)


def spread(period: Period, region: Area, group: str) -> Spread:
    """Where the persons of a sub-group are. Two queries."""
    areas = list(Area.objects.current().of(region).filter(level=Level.MUNICIPALITY).order_by("code"))
    inside = {area.pk: area for area in (*areas, region)}
    rows = Observation.objects.filter(
        series=period.series_id, area__in=list(inside), breakdown__startswith=f"{SUBGROUP}{group}"
    )
    found: dict[str, dict[Part, Figure]] = {}
    for row in rows:
        part, area = Part.of(row.breakdown), inside[row.area_id]
        if part is not None and part.group == group:  # another key may begin with the same letters
            found.setdefault(area.code, {})[part] = queries.figure_at(row, area, period.key)
    return Spread(region, areas, found)


@dataclass(frozen=True, slots=True)
class Beside:
    """An indicator of a survey for a sub-group of a region, beside everybody."""

    version: IndicatorVersion
    period: Period
    figure: Figure
    everybody: Figure

    @property
    def differs(self) -> bool:
        """Whether a difference may be claimed: a group is a part of everybody, so this errs on no."""
        return self.figure.differs_from(self.everybody)

    @property
    def is_higher(self) -> bool:
        """The group's figure above everybody's; to be said only where it ``differs``."""
        return (self.figure.value or 0.0) > (self.everybody.value or 0.0)


def measured(region: Area, group: str) -> list[Beside]:
    """What surveys say of a sub-group, each indicator's latest period with a row of it. Two queries."""
    breakdown = f"{SUBGROUP}{group}"
    told = Observation.objects.filter(series=OuterRef("pk"), area=region, breakdown=breakdown)
    series = (
        ReleasedSeries.objects.filter(Exists(told), region=region, is_current=True)
        .exclude(indicator__unit__in=ADDITIVE)
        .select_related("indicator", "version__indicator", "release__edition")
        .order_by("indicator__order", "indicator_id", "-period")
        .distinct("indicator__order", "indicator_id")
    )
    held = {row.pk: row for row in series}
    rows = Observation.objects.filter(series__in=list(held), area=region, breakdown__in=(TOTAL, breakdown))
    found: dict[int, dict[str, Figure]] = {pk: {} for pk in held}
    for row in rows:
        found[row.series_id][row.breakdown] = queries.figure_at(row, region, held[row.series_id].period)
    return [
        Beside(held[pk].version, queries.period_of(held[pk]), figures[breakdown], figures[TOTAL])
        for pk, figures in found.items()
        if TOTAL in figures
    ]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Ages by sexes: the cells of one sub-group in one area."""

    sexes: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Figure | None]]]
    """Label of the age, and a figure for each sex."""


def matrix(group: str, told: Mapping[Part, Figure]) -> Matrix:
    """Only ages and sexes of which something is told; the first of each is everybody."""
    sexes = sorted({part.sex for part in told}, key=lambda key: _order(f"sex={key}" if key else TOTAL))
    ages = sorted({part.age for part in told}, key=lambda key: _order(f"age={key}" if key else TOTAL))
    return Matrix(
        [Part(group, sex).label for sex in sexes],
        [(age_label(age), [told.get(Part(group, sex, age)) for sex in sexes]) for age in ages],
    )


def age_label(key: str) -> str:
    """Of an age, or of all of them."""
    return breaking_down.label(f"age={key}") if key else _("all ages")


def _order(who: str) -> tuple[int, int, str]:
    return breaking_down.order(who)
