"""Shares of persons with their linearised variance, compiled: AROP and every condition.

What ``Engine.linear`` does one domain after the other in numpy (formulas there and in docs/methods) is
done here for all of them, in one run along the sorted incomes of each; a test holds the two against each
other. A second stage, convey's bandwidth, calibrated weights and what is no share of persons stay with the
engine.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from socialstats.arrays import FloatArray, IntArray
from socialstats.indicators import Task
from socialstats.variance import kernels
from socialstats.variance.engine import Domain, Engine, Linear
from socialstats.variance.kernels import _compiled, _first_at_least, _quantile
from socialstats.variance.linearised import factors

(
    VALUE,
    VARIANCE,
    SIMPLE,
    COUNTED,
    ABOUT,
    DEGREES,
    INDEPENDENT,
    ALIVE,
) = range(8)
Persons = tuple[FloatArray, FloatArray, IntArray, IntArray]
"""Income, weight, PSU and household of the persons of all segments."""

_ROOT_TWO_PI = float(np.sqrt(2 * np.pi))


def fits(engine: Engine, task: Task) -> bool:
    """Whether a task is a share of persons that is made here."""
    plain = (
        engine.survey.design.second is None
        and engine.density == "default"
        and engine.weights is None
        and engine.residuals is None
    )
    if not plain or (task.base != "arop" and task.base not in engine.survey.flags):
        return False
    needs_income = task.base == "arop" or engine.survey.flags[task.base].uses_line
    return engine.survey.income is not None or not needs_income


def linear_shares(
    engine: Engine, task: Task, by: Sequence[str], domains: Sequence[Domain]
) -> list[Linear | None]:
    """A share in every domain with its variance; None where it does not exist (the engine says why).

    Args:
        engine: the survey.
        task: one that ``fits``.
        by: breakdowns that the domains come from.
        domains: as ``engine.domains(by)`` gives them.
    """
    survey, design = engine.survey, engine.survey.design
    flag = survey.flags.get(task.base)
    order, *ends = _segments(engine, by)
    persons = _columns(engine, by, order)
    counted = (ends[1] - ends[0]).tolist()
    if flag is None:
        persons, ends = _joined(engine, by, persons, ends)
    lined = flag is None or flag.uses_line
    given = task.line.of == "given" or not lined
    if flag is None:
        one = np.ones(1)
        conditions = (False, one, one, np.ones(1, dtype=np.bool_), np.ones(1, dtype=np.bool_))
    else:
        conditions = (
            True,
            flag.if_poor[order],
            flag.otherwise[order],
            flag.population[order],
            flag.known[order],
        )
    moving = kernels.LINE_SAMPLE if task.line.of == "sample" else kernels.LINE_DOMAIN
    line = (
        lined,
        kernels.LINE_GIVEN if given else moving,
        task.line.amount if given else task.line.percent / 100,
    )
    lone = 2 if design.single_psu == "centre" else 1
    found = _shares(
        persons,
        tuple(ends),
        conditions,
        line,
        (design.starts, design.psu_counts, factors(design), lone),
        survey.size,
    )
    asked = [domain.size for domain in domains]
    if flag is not None:
        counted, asked = (found[:, column].astype(int).tolist() for column in (COUNTED, ABOUT))
    return [
        _linear(row, answers, persons_asked) if row[ALIVE] else None
        for row, answers, persons_asked in zip(found, counted, asked, strict=True)
    ]


def _linear(row: FloatArray, counted: int, asked: int) -> Linear:
    return Linear(
        value=float(row[VALUE]),
        totals=np.empty(0),
        variance=float(row[VARIANCE]),
        simple=float(row[SIMPLE]),
        n=counted,
        members=counted,
        degrees=int(row[DEGREES]),
        missing=1 - counted / asked if asked else 0.0,
        independent=float(row[INDEPENDENT]),
        is_share=True,
    )


def _segments(engine: Engine, by: Sequence[str]) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Persons of the total and of every domain by income; where each begins, its incomes end, it ends."""
    survey = engine.survey

    def made() -> tuple[IntArray, IntArray, IntArray, IntArray]:
        parts = [survey.order, *(part for column in by for part in survey.members(column))]
        stops = np.cumsum([part.size for part in parts])
        order = np.concatenate(parts)
        firsts = stops - [part.size for part in parts]
        if survey.income is None:
            knowns = firsts
        else:
            lost = np.concatenate([[0], np.cumsum(np.isnan(survey.income[order]))])
            knowns = stops - (lost[stops] - lost[firsts])
        return order, firsts, knowns, stops

    return survey.kept(("segments", tuple(by)), made)


def _columns(engine: Engine, by: Sequence[str], order: IntArray) -> Persons:
    """Income, weight, PSU and household of the persons in that order; kept with the survey."""
    survey = engine.survey

    def made() -> Persons:
        income = np.zeros(survey.size) if survey.income is None else survey.income
        home = np.empty(0, dtype=np.int32) if survey.household is None else survey.household[order]
        return income[order], survey.design.weights[order], survey.design.psu[order], home

    return survey.kept(("columns", tuple(by)), made)


def _joined(
    engine: Engine, by: Sequence[str], persons: Persons, ends: Sequence[IntArray]
) -> tuple[Persons, list[IntArray]]:
    """Members of a household that share an income as one, their weights added; where segments end then."""

    def made() -> tuple[Persons, list[IntArray]]:
        x, w, psu, home = persons
        begins = np.ones(x.size, dtype=np.bool_)
        begins[1:] = (x[1:] != x[:-1]) | (psu[1:] != psu[:-1])
        if home.size:
            begins[1:] |= home[1:] != home[:-1]
        begins[ends[0][ends[0] < x.size]] = True
        rows = np.flatnonzero(begins)
        joined = (x[rows], np.add.reduceat(w, rows), psu[rows], home[rows] if home.size else home)
        return joined, [np.searchsorted(rows, end) for end in ends]

    return engine.survey.kept(("joined", tuple(by)), made)


# --- compiled ------------------------------------------------------------------------------------


@_compiled
def _independent(w: Any, home: Any, chosen: Any, first: int, stop: int, of_home: Any) -> float:
    """Kish's effective number of independent incomes: households, else persons."""
    total, squares = 0.0, 0.0
    if home.size == 0:
        for at in range(first, stop):
            if chosen[at - first]:
                total += w[at]
                squares += w[at] * w[at]
    else:
        for at in range(first, stop):
            if chosen[at - first]:
                of_home[home[at]] += w[at]
        for at in range(first, stop):
            if chosen[at - first]:
                own = of_home[home[at]]
                total += own
                squares += own * own
                of_home[home[at]] = 0.0
    return total * total / squares if squares > 0 else 0.0


@_compiled
def _bandwidth(
    x: Any, w: Any, home: Any, chosen: Any, first: int, stop: int, scratch: Any, of_home: Any
) -> Any:
    """Silverman's width over the chosen persons (0: equal incomes), their weight and their median."""
    held, weight = scratch[0], scratch[1]
    count, total, money = 0, 0.0, 0.0
    for at in range(first, stop):
        if chosen[at - first]:
            total += w[at]
            money += w[at] * x[at]
            held[count] = x[at]
            weight[count] = total
            count += 1
    if count == 0 or total <= 0:
        return 0.0, 0.0, np.nan
    mean, squares = money / total, 0.0
    for at in range(first, stop):
        if chosen[at - first]:
            squares += w[at] * (x[at] - mean) * (x[at] - mean)
    sd = np.sqrt(squares / total)
    median = _quantile(held, 0, weight, count, 0.5 * total)
    if sd <= 1e-12 * abs(mean):
        return 0.0, total, median
    low = _quantile(held, 0, weight, count, 0.25 * total)
    high = _quantile(held, 0, weight, count, 0.75 * total)
    spread = (high - low) / 1.34
    scale = min(sd, spread) if spread > 0 else sd
    independent = _independent(w, home, chosen, first, stop, of_home)
    return 0.9 * scale / max(independent, 1.0) ** 0.2, total, median


@_compiled
def _density(
    x: Any, w: Any, gained: Any, chosen: Any, first: int, stop: int, amount: float, h: float
) -> float:
    """Σ w·gained·K((x - amount)/h)/h over the chosen persons; their weight is divided by elsewhere."""
    begin = _first_at_least(x, first, stop, amount - 8 * h)
    found, last, height = 0.0, np.nan, 0.0
    for at in range(begin, stop):
        if x[at] != last:  # members of a household share an income: one exponential for all
            last = x[at]
            u = (last - amount) / h
            if u > 8:
                break
            height = np.exp(-0.5 * u * u)
        if chosen[at - first]:
            found += w[at] * gained[at - first] * height
    return found / (_ROOT_TWO_PI * h)


@_compiled
def _squares(totals: Any, design: Any, h: int, grand: float) -> Any:
    """A stratum's part of the variance of a total, from its totals by PSU; a lone PSU by its rule.

    Args:
        totals: by PSU.
        design: first PSU and size of each stratum, its factor, the rule of lone PSUs.
        h: the stratum.
        grand: mean of all totals, where lone PSUs are centred on it.
    """
    starts, counts, factor, lone = design
    first, stop = starts[h], starts[h] + counts[h]
    mean = 0.0
    for j in range(first, stop):
        mean += totals[j]
    mean /= max(counts[h], 1)
    if counts[h] == 1 and lone == 2:
        mean = grand
    squares = 0.0
    for j in range(first, stop):
        squares += (totals[j] - mean) * (totals[j] - mean)
    return factor[h] * squares


@_compiled
def _stand_still(moved: Any, design: Any, still: Any) -> None:
    """What the median alone gives in every stratum."""
    for h in range(still.size):
        still[h] = _squares(moved, design, h, 0.0)


@_compiled
def _begin(totals: Any, moved: Any, part: float, strata: Any, mark: int, design: Any) -> None:
    """Totals of the marked strata begin with the moving line's."""
    for h in range(strata.size):
        if strata[h] == mark:
            for j in range(design[0][h], design[0][h] + design[1][h]):
                totals[j] = part * moved[j]


@_compiled
def _variance(  # the strata of the domain, and of the others what the moving line alone gives
    totals: Any, moved: Any, part: float, still: Any, strata: Any, mark: int, design: Any
) -> float:
    """First-stage variance of a total: strata without a member of the domain add part²·V_h(median)."""
    grand = 0.0
    if design[3] == 2:
        for h in range(strata.size):
            source, by = (totals, 1.0) if strata[h] == mark else (moved, part)
            for j in range(design[0][h], design[0][h] + design[1][h]):
                grand += source[j] * by
        grand /= totals.size
    found = 0.0
    for h in range(strata.size):
        if strata[h] == mark:
            found += _squares(totals, design, h, grand)
        elif design[1][h] == 1 and design[3] == 2:
            lone = part * moved[design[0][h]] - grand
            found += design[2][h] * lone * lone
        else:
            found += part * part * still[h]
    return found


@_compiled
def _degrees(psu: Any, first: int, stop: int, stratum: Any, seen: Any, strata: Any, mark: int) -> int:
    """PSUs less strata that hold one of these persons, at least 1; 0 where one PSU holds them all."""
    units, kinds = 0, 0
    for at in range(first, stop):
        j = psu[at]
        if seen[j] != mark:
            seen[j] = mark
            units += 1
            if strata[stratum[j]] != mark:
                strata[stratum[j]] = mark
                kinds += 1
    return max(units - kinds, 1) if units > 1 else 0


@_compiled
def _follow_median(
    x: Any, w: Any, psu: Any, first: int, stop: int, median: float, height: float, moved: Any
) -> Any:
    """Each PSU's weighted influence on a median, their sum and Σ w·z²; z = -(1[x <= median] - ½)/height."""
    moved[:] = 0.0
    once, twice = 0.0, 0.0
    if height > 0:
        half = 0.5 / height
        for at in range(first, stop):
            z = -half if x[at] <= median else half
            moved[psu[at]] += w[at] * z
            once += w[at] * z
            twice += w[at] * z * z
    return once, twice


@_compiled
def _choose(x: Any, conditions: Any, first: int, stop: int, end: int, at_line: float, marks: Any) -> int:
    """Mark who counts, what they say, and what poverty would add; how many were asked."""
    flagged, poor, other, population, answered = conditions
    chosen, yes, gained = marks
    about = 0
    for at in range(first, stop):
        i, below = at - first, x[at] < at_line
        if flagged:
            about += population[at]
            chosen[i] = population[at] and answered[at] and at < end
            gained[i] = poor[at] - other[at]
            yes[i] = poor[at] if below else other[at]
        else:
            about += 1
            chosen[i] = at < end
            yes[i] = 1.0 if below else 0.0
    return about


@_compiled
def _weigh(w: Any, yes: Any, chosen: Any, first: int, end: int) -> Any:
    """How many count, their weight and their share, 0–1."""
    told, people, heads = 0, 0.0, 0.0
    for at in range(first, end):
        if chosen[at - first]:
            told += 1
            people += w[at]
            heads += w[at] * yes[at - first]
    return told, people, heads / people if people > 0 else np.nan


@_compiled
def _shares(  # noqa: PLR0915 one run along a segment
    persons: Any, segments: Any, conditions: Any, line: Any, design: Any, size: int
) -> Any:
    """One share in every segment, shape (segments, 8): value, variance and what goes with them.

    Args:
        persons: x, w, psu, household of the persons of all segments, by income within each.
        segments: first, end of the known incomes, end.
        conditions: whether there is a condition; yes when poor, yes otherwise, about, known.
        line: whether a line enters, its kind, its amount or its share of the median.
        design: first PSU and size of each stratum, its factor of the variance, the rule of lone PSUs.
        size: persons in the sample.
    """
    x, w, psu, home = persons
    firsts, knowns, stops = segments
    flagged, (lined, kind, amount), (starts, counts) = conditions[0], line, (design[0], design[1])
    moving = lined and kind != 2
    psus, longest = counts.sum(), (stops - firsts).max()
    out, scratch = np.zeros((firsts.size, 8)), np.empty((2, longest))
    chosen, everyone = np.zeros(longest, dtype=np.bool_), np.ones(longest, dtype=np.bool_)
    yes, gained, ones = np.zeros(longest), np.ones(longest), np.ones(longest)
    of_home = np.zeros(home.max() + 1 if home.size else 1)
    moved, totals, still = np.zeros(psus), np.empty(psus), np.zeros(starts.size)
    seen, strata = np.full(psus, -1), np.full(starts.size, -1)
    stratum = np.repeat(np.arange(starts.size), counts)
    grand = w[firsts[0] : stops[0]].sum()
    # the line, the median that it follows, that median's weighted density and the sums of its influence
    at_line, median, height, once, twice = amount, np.nan, 0.0, 0.0, 0.0
    for s in range(firsts.size):
        first, known, stop = firsts[s], knowns[s], stops[s]
        width = -1.0
        if moving and (kind == 1 or s == 0):
            width, _, median = _bandwidth(x, w, home, everyone, first, known, scratch, of_home)
            height = _density(x, w, ones, everyone, first, known, median, width) if width > 0 else 0.0
            once, twice = _follow_median(x, w, psu, first, known, median, height, moved)
            _stand_still(moved, design, still)
            at_line = amount * median
        end = known if lined else stop
        out[s, ABOUT] = _choose(x, conditions, first, stop, end, at_line, (chosen, yes, gained))
        told, people, share = _weigh(w, yes, chosen, first, end)
        out[s, COUNTED] = told
        if not people > 0 or (lined and np.isnan(at_line)):
            continue
        part = 0.0
        if moving:
            if flagged or width < 0:
                width, _, _ = _bandwidth(x, w, home, chosen, first, known, scratch, of_home)
            if width > 0:
                slope = _density(x, w, gained, chosen, first, known, at_line, width) / people
                part = slope * amount
        out[s, DEGREES] = _degrees(psu, first, stop, stratum, seen, strata, s)
        _begin(totals, moved, part, strata, s, design)
        own, squares, cross = 0.0, 0.0, 0.0
        each, half = 1 / people, 0.5 / height if part != 0 and height > 0 else 0.0
        for at in range(first, end):
            if chosen[at - first]:
                z = (yes[at - first] - share) * each
                u = w[at] * z
                totals[psu[at]] += u
                own += u
                squares += u * z
                cross += -u if x[at] <= median else u
        cross *= half
        mean = (own + part * once) / grand
        simple = (squares + part * (2 * cross + part * twice)) / grand - mean * mean
        out[s, ALIVE] = 1.0
        out[s, VALUE] = 100 * share
        out[s, VARIANCE] = 1e4 * _variance(totals, moved, part, still, strata, s, design)
        out[s, SIMPLE] = 1e4 * grand * grand / (size - 1) * max(simple, 0.0) if size > 1 else 0.0
        if share in (0.0, 1.0):
            out[s, INDEPENDENT] = _independent(w, home, chosen, first, end, of_home)
    return out
