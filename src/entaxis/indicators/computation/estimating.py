"""Every figure that an edition gives, unsuppressed."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

import socialstats as ss
from entaxis.indicators import precision
from entaxis.indicators.computation.cells import (
    AGE,
    BREAKDOWNS,
    GROUP,
    NATIONAL_PERCENT,
    PLACE,
    SEX,
    UNIT,
    Bools,
    Cell,
    Places,
    parse,
)
from entaxis.indicators.computation.small_areas import modelled, modelled_incomes
from entaxis.indicators.computation.survey_files import Checked
from entaxis.indicators.description import Specification

Progress = Callable[[int, int], None]

UNSURE: Final = "unsure"
"""Note of a cell, and the reason that readers are told (`models.Reason`)."""
HAS: Final = "_has"
BY: Final = (UNIT, PLACE, SEX, AGE, f"{UNIT}*{SEX}", f"{UNIT}*{AGE}")


def compute(
    checked: Checked,
    computations: Mapping[str, str],
    places: Places,
    *,
    progress: Progress = lambda done, total: None,
) -> Iterator[Cell]:
    """Every figure of an edition, unsuppressed.

    Args:
        checked: the edition.
        computations: unit of each computation: shares of persons, and the indicators of income that
            `socialstats` has a model for, are also modelled for municipalities.
        places: the region.
        progress: told after each computation.
    """
    by_line: dict[float, list[str]] = defaultdict(list)
    for computation in computations:
        by_line[parse(computation)[1]].append(computation)
    done = 0
    for percent, group in sorted(by_line.items()):
        line = _line(checked.specification, percent)
        for computation in group:
            yield from _one(checked, computation, line, places, computations[computation])
            done += 1
            progress(done, len(computations))


def _line(specification: Specification, percent: float) -> ss.Line:
    amount = specification.line_eur * percent / NATIONAL_PERCENT
    return ss.Line.given(amount, f"national line at {percent:g} %: {amount:,.2f} euro")


def _one(checked: Checked, computation: str, line: ss.Line, places: Places, unit: str) -> Iterator[Cell]:
    base, _percent = parse(computation)
    groups = [f"{GROUP}{key}" for key in checked.specification.subgroups]
    by = (*BY, *groups, *(f"{UNIT}*{group}" for group in groups))
    rows = ss.estimate(checked.survey, base, by=by, line=line)
    most = 100.0 if unit in {"percent", "index"} else math.inf
    having = _having(checked.survey, base, line) if unit == "percent" else None
    members = _members(checked.survey, base, places, having, groups)
    persons = {key: number for key, (number, _) in members.items()}
    direct = {
        (cell.area, cell.breakdown): cell for cell in _cells(rows, computation, persons, places, most)
    }
    for key, (_number, counted) in members.items():
        cell = direct.get(key) or _nobody(computation, *key)
        direct[key] = replace(cell, numerator=None if having is None else counted)
    yield from map(_with_error, direct.values())
    covariates = checked.specification.covariates
    if having is not None:  # the variance of the model is that of a share of persons
        sizes = _sizes(checked.survey, base, places)
        yield from modelled(direct, covariates, sizes, places, deff=_deff(rows))
    elif base in ss.smallarea.KINDS:
        yield from modelled_incomes(direct, checked.survey, base, covariates, places, line=line.amount)


def _sizes(survey: ss.Survey, base: str, places: Places) -> dict[str, float]:
    """Persons of each municipality whom a share is about: its residents times the unit's estimated part.

    The part is the weighted sample's of the regional unit, whatever is known of the answers; where
    nobody was asked in a unit, the region's. Of few persons a municipality's own part would be chance.
    """
    flag = survey.flags.get(base)
    residents = {code: float(places.residents.get(code, 1)) for code in places.units}
    if flag is None or flag.population.all():
        return residents
    weights = survey.design.weights
    frame = survey.frame.select(UNIT).with_columns(
        pl.Series("all", weights), pl.Series("about", weights * flag.population)
    )
    sums = frame.group_by(UNIT).agg(pl.col("about").sum() / pl.col("all").sum())
    parts = dict(sums.iter_rows())
    whole = float(weights[flag.population].sum() / weights.sum())
    return {code: persons * parts.get(places.units[code], whole) for code, persons in residents.items()}


def _deff(rows: Iterable[ss.Estimate]) -> float:
    """Of the region: what clustering does to the variance, never less than a simple sample."""
    whole = next(row for row in rows if not row.domain)
    return max(whole.deff or 1.0, 1.0)


def _with_error(cell: Cell) -> Cell:
    """A figure without an error does not leave this room; the model still learns from it."""
    if cell.value is None or cell.standard_error is not None:
        return cell
    return replace(cell, value=None, n_effective=None, note=UNSURE)


def _cells(
    rows: Iterable[ss.Estimate],
    computation: str,
    members: Mapping[tuple[str, str], int],
    places: Places,
    most: float,
) -> Iterator[Cell]:
    """Of the rows of areas; no interval goes beyond what is possible, 0 to ``most``."""
    for row in rows:
        key = _key(row.domain, places)
        if key is None:
            continue
        low = None if row.ci_low is None else min(max(row.ci_low, 0.0), row.value or 0.0)
        high = None if row.ci_high is None else max(min(row.ci_high, most), row.value or 0.0)
        is_large = precision.relative(row.value, row.se, low, high) > precision.LARGE_FROM
        yield Cell(
            computation,
            *key,
            "direct",
            row.value,
            row.se,
            low,
            high,
            row.n,
            row.n_effective,
            members.get(key, 0),
            row.flag or ("u" if is_large else ""),
            row.note,
        )


def _key(domain: Mapping[str, str], places: Places) -> tuple[str, str] | None:
    """Area and breakdown of a row's domain."""
    if not domain:
        return places.region, "total"
    ((column, label),) = domain.items()
    parts = dict(zip(column.split("*"), label.split(" × "), strict=True))
    area = parts.get(PLACE) or parts.get(UNIT) or places.region
    if SEX in parts:
        return area, f"sex={parts[SEX]}"
    for part in parts:
        if part.startswith(GROUP):
            return area, f"subgroup={part.removeprefix(GROUP)}"
    return area, f"age={parts[AGE]}" if AGE in parts else "total"


def _nobody(computation: str, area: str, breakdown: str) -> Cell:
    return Cell(computation, area, breakdown, "direct", None, None, None, None, 0, None, 0, ":u")


def _having(survey: ss.Survey, base: str, line: ss.Line) -> Bools | None:
    """Who of the sample has what a share counts; None where it is no count of persons."""
    if base == "arop_before_transfers":
        return survey.incomes["before_transfers"] < line.amount
    is_poor = np.zeros(survey.size, dtype=bool) if survey.income is None else survey.income < line.amount
    if base == "arop":
        return is_poor
    flag = survey.flags.get(base)
    return None if flag is None else np.where(is_poor, flag.if_poor, flag.otherwise) > 0


def _members(
    survey: ss.Survey, base: str, places: Places, having: Bools | None, groups: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Persons of the sample whom an indicator is about and those of them who have what it counts.

    For every area and breakdown, zeros included.
    """
    flag = survey.flags.get(base)
    if flag is not None:
        about = flag.population & flag.known
    else:
        income = survey.incomes["before_transfers"] if base == "arop_before_transfers" else survey.income
        about = ~np.isnan(income) if income is not None else np.ones(survey.size, dtype=bool)
    counts = np.zeros(survey.size, dtype=bool) if having is None else having
    frame = survey.frame.select(UNIT, PLACE, SEX, AGE, *groups).with_columns(pl.Series(HAS, counts))
    frame = frame.filter(pl.Series(about))
    inside = {group: f"subgroup={group.removeprefix(GROUP)}" for group in groups}
    kinds = ("total", *BREAKDOWNS["sex"], *BREAKDOWNS["age"], *inside.values())
    found = {
        (area, kind): (0, 0) for area in (places.region, *set(places.units.values())) for kind in kinds
    }
    found |= {(code, "total"): (0, 0) for code in places.units}
    for place, area_of in (("total", PLACE), ("", UNIT), ("", None)):
        for column, kind in ((None, "total"), (SEX, "sex"), (AGE, "age"), *inside.items()):
            if place and column:
                continue
            for area, label, number, counted in _counted(frame, area_of, column):
                is_whole = column is None or column in inside
                key = (area or places.region, kind if is_whole else f"{kind}={label}")
                if key in found:
                    found[key] = number, counted
    return found


def _counted(
    frame: pl.DataFrame, area: str | None, column: str | None
) -> Iterator[tuple[str, str, int, int]]:
    grouped = frame.group_by(
        pl.col(area).alias("area") if area else pl.lit("").alias("area"),
        pl.col(column).alias("label") if column else pl.lit("").alias("label"),
    ).agg(pl.len(), pl.col(HAS).sum())
    for where, label, number, counted in grouped.iter_rows():
        if label is not None:
            yield where, label, number, counted
