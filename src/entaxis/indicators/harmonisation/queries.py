"""What recipes read of published figures, and what is read of their results."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _

from entaxis.geography.models import Area, Level
from entaxis.geography.queries import residents
from entaxis.indicators import queries
from entaxis.indicators.harmonisation.computing import CannotComputeError, Table
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun
from entaxis.indicators.harmonisation.steps import Ingredient, Steps
from entaxis.indicators.models import IndicatorVersion, Observation, ReleasedSeries
from entaxis.indicators.queries import Figure, Period

Places = Mapping[str, Figure]
"""Figures by code of area."""
PARTIAL: Final = "at_least"
"""Why a figure that is shown takes no part: not all municipalities reported to it."""
NO_SERIES: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True)
class Column:
    """One input: its published figures of the areas that are compared, and of those above them."""

    ingredient: Ingredient
    period: Period
    figures: Places
    above: Places


@dataclass(frozen=True)
class LeftOut:
    """An area without a result, and the input that it lacks."""

    code: str
    indicator: str
    reason: str


@dataclass(frozen=True)
class Gathered:
    """Published figures as a recipe takes them in, with where each comes from."""

    table: Table
    columns: Sequence[Column]
    left_out: Sequence[LeftOut]

    @property
    def is_synthetic(self) -> bool:
        """Whether any of them is demonstration data."""
        return any(column.period.is_synthetic for column in self.columns)

    @property
    def reported(self) -> dict[str, tuple[int, int]]:
        """Of areas whose count is "at least": how many municipalities reported to it, of how many."""
        counts = self.columns[0]
        return {
            code: (figure.reported, figure.reported_of)
            for code, figure in {**counts.above, **counts.figures}.items()
            if figure.reported is not None and figure.reported_of is not None
        }

    @property
    def record(self) -> dict[str, Any]:
        """By indicator: the series and, for each area, the figure's passport."""
        return {
            column.ingredient.indicator: {
                "series": column.period.series_id,
                "period": column.period.key,
                "breakdown": column.ingredient.breakdown,
                "passports": {
                    code: str(figure.public_id)
                    for code, figure in {**column.above, **column.figures}.items()
                    if figure.is_shown
                },
            }
            for column in self.columns
        }

    @property
    def digest(self) -> str:
        """SHA-256 of everything that went in: two runs took the same figures or not."""
        text = json.dumps([self.record, self.table.residents], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def gather(steps: Steps, region: Area, period: str, *, series: Mapping[str, int] = NO_SERIES) -> Gathered:
    """The published figures of every input; an area that lacks one is left out, never filled in.

    Args:
        steps: of the recipe.
        region: whose figures.
        period: of the run; an input may have its own.
        series: by code of indicator, the published series to read; without it those in force.

    Raises:
        CannotComputeError: an input has no figures in that period, or residents are not known.
    """
    columns = [
        _column(one, region, one.at(period), steps, series.get(one.indicator)) for one in steps.inputs
    ]
    whole = [code for code in columns[0].figures if all(_goes_in(c.figures[code], steps) for c in columns)]
    above = [code for code in columns[0].above if all(_goes_in(c.above[code], steps) for c in columns)]
    left_out = [
        LeftOut(code, column.ingredient.indicator, figure.reason or PARTIAL)
        for column in columns
        for code, figure in column.figures.items()
        if not _goes_in(figure, steps)
    ]
    people = _people(region) if steps.needs_residents else {}
    unknown = [code for code in [*whole, *above] if steps.needs_residents and not people.get(code)]
    if unknown:
        raise CannotComputeError(
            _("The residents of these areas are not known: %(areas)s.") % {"areas": ", ".join(unknown)}
        )
    others = _table(above, [column.above for column in columns], people)
    table = _table(whole, [column.figures for column in columns], people, others)
    return Gathered(table, columns, left_out)


def _goes_in(figure: Figure, steps: Steps) -> bool:
    """A rate of a count that is "at least" is so too; a place or a score of it would claim an order."""
    return figure.is_shown and (steps.needs_residents or figure.reported is None)


def _column(one: Ingredient, region: Area, period: str, steps: Steps, series: int | None) -> Column:
    indicator = queries.indicator(one.indicator)
    known = queries.periods(indicator, region, series=series) if indicator else []
    at = next((held for held in known if held.key == period), None)
    if indicator is None or at is None:
        raise CannotComputeError(
            _("Nothing is published of “%(code)s” for %(period)s.")
            % {"code": one.indicator, "period": period}
        )
    found: dict[str, dict[str, Figure]] = {}
    for level in {steps.level, Level.REGIONAL_UNIT}:
        shown = queries.figures(
            indicator, region, period=period, breakdown=one.breakdown, level=level, known=[at]
        )
        if shown is not None:
            found[level] = {**shown.by_area}
            found["region"] = {region.code: shown.region}
    is_finest = steps.level == Level.REGIONAL_UNIT.value
    above = found["region"] | ({} if is_finest else found[Level.REGIONAL_UNIT])
    return Column(one, at, found[steps.level], above)


def _table(
    codes: Sequence[str], columns: Sequence[Places], people: Mapping[str, int], others: Table | None = None
) -> Table:
    rows = [[column[code] for column in columns] for code in codes]
    shape = (len(codes), len(columns))
    return Table(
        codes,
        np.array([[figure.value or 0.0 for figure in row] for row in rows], dtype=float).reshape(shape),
        np.array([[figure.standard_error or 0.0 for figure in row] for row in rows]).reshape(shape),
        [any(figure.is_unreliable for figure in row) for row in rows],
        [any(figure.is_modelled for figure in row) for row in rows],
        others,
        people,
    )


def _people(region: Area) -> dict[str, int]:
    """Residents of municipalities at the last census, of the units and the region that they make up."""
    census = residents(region)
    if census is None:
        return {}
    found = dict(census.persons)
    inside = Area.objects.municipalities().of(region).select_related("parent")
    for area in inside:
        if area.parent and area.code in census.persons:
            found[area.parent.code] = found.get(area.parent.code, 0) + census.persons[area.code]
    found[region.code] = sum(census.persons.values())
    return found


# --- recipes and their results --------------------------------------------------------------------


def recipes() -> list[Recipe]:
    """Every recipe in its latest version. One query."""
    found: dict[int, Recipe] = {}
    rows = Recipe.objects.select_related("version__indicator")
    for recipe in rows.order_by("version__indicator__order", "version__number"):
        found[recipe.version.indicator_id] = recipe
    return list(found.values())


def recipe(code: str) -> Recipe | None:
    """The latest version of a recipe. One query."""
    rows = Recipe.objects.filter(version__indicator__code=code).select_related("version__indicator")
    return rows.order_by("-version__number").first()


def periods_held(region: Area) -> dict[str, set[str]]:
    """Periods with figures in force, by code of indicator. One query."""
    found: dict[str, set[str]] = defaultdict(set)
    rows = ReleasedSeries.objects.filter(region=region, is_current=True)
    for code, period in rows.values_list("indicator__code", "period"):
        found[code].add(period)
    return found


def possible_periods(steps: Steps, held: Mapping[str, set[str]]) -> list[str]:
    """Those for which every input is published, newest first; ``held`` as `periods_held` gives it."""
    moving = [held.get(one.indicator, set()) for one in steps.inputs if not one.period]
    common = set.intersection(*moving) if moving else {steps.inputs[0].period}
    return [
        period
        for period in sorted(common, reverse=True)
        if all(one.at(period) in held.get(one.indicator, ()) for one in steps.inputs)
    ]


def with_figures() -> set[int]:
    """Versions made by a recipe that carry published figures. One query."""
    rows = ReleasedSeries.objects.filter(version__recipe__isnull=False)
    return set(rows.values_list("version_id", flat=True).distinct().order_by())


def in_force(region: Area) -> dict[str, str]:
    """The last period with figures in force of every recipe, by code of its indicator. One query."""
    rows = ReleasedSeries.objects.filter(region=region, is_current=True, version__recipe__isnull=False)
    return dict(rows.order_by("period").values_list("indicator__code", "period"))


def runs_in_force(code: str, region: Area) -> list[RecipeRun]:
    """The runs whose figures are in force, latest period first. One query."""
    rows = RecipeRun.objects.filter(
        region=region, recipe__version__indicator__code=code, release__series__is_current=True
    )
    return list(
        rows.select_related("recipe__version__indicator", "release").order_by("-period", "-pk").distinct()
    )


def replaced_inputs(run: RecipeRun) -> list[str]:
    """Names of inputs that a later release has replaced since. One query."""
    series = [one["series"] for one in run.inputs.values()]
    rows = ReleasedSeries.objects.filter(pk__in=series, is_current=False).select_related("version")
    return [row.version.name for row in rows]


def modelled(passports: Iterable[str]) -> frozenset[str]:
    """Those of these passports whose figure comes from a model. One query."""
    rows = Observation.objects.filter(public_id__in=list(passports), is_modelled=True)
    return frozenset(map(str, rows.values_list("public_id", flat=True)))


def names_of(codes: Sequence[str]) -> dict[str, str]:
    """Names of indicators in the reader's language, by code. One query."""
    rows = IndicatorVersion.objects.filter(indicator__code__in=codes).select_related("indicator")
    return {version.indicator.code: version.name for version in rows.order_by("number")}
