"""Resampling: Rao–Wu bootstrap, stratified jackknife, replicate weights from outside.

Source: Rao & Wu 1988; Rao, Wu & Yue 1992 (n_h - 1 of n_h PSUs, factor n_h/(n_h - 1)·count); Wolter 2007,
4.5 (JKn).
"""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from socialstats.arrays import FloatArray, IntArray, blocks, tally, whole_numbers
from socialstats.design import SurveyDesign
from socialstats.errors import CalibrationError, DesignError, EstimationError, OptionError
from socialstats.estimation import absent, linear_values, method_of, row_of
from socialstats.frame import LARGE, Survey
from socialstats.indicators import INCOME, Options, Task
from socialstats.intervals import percentile
from socialstats.publication import PublicationRule
from socialstats.random import words
from socialstats.results import Estimate, Estimates
from socialstats.variance import kernels
from socialstats.variance.engine import Domain, Engine
from socialstats.variance.scaling import run_chunks

Calibrator = Callable[[FloatArray], FloatArray]

_CODES = {
    "arop": kernels.AROP,
    "gap": kernels.GAP,
    "fgt1": kernels.FGT1,
    "fgt2": kernels.FGT2,
    "mean": kernels.MEAN,
    "median": kernels.QUANTILE,
    "palma": kernels.PALMA,
    "arpt": kernels.ARPT,
}
_WHOLE = (
    kernels.GINI,
    kernels.S80S20,
    kernels.S80S20_INCLUSIVE,
    kernels.MEAN,
    kernels.LORENZ,
    kernels.PALMA,
)
_LINE_KINDS = {"sample": kernels.LINE_SAMPLE, "domain": kernels.LINE_DOMAIN, "given": kernels.LINE_GIVEN}


@dataclass(frozen=True)
class Plan:
    """How to resample.

    Attributes:
        kind: bootstrap, jkn or replicates.
        count: replicates.
        seed: of the bootstrap.
        n_jobs: threads on this machine; -1 = all cores.
        dask: scheduler's address of a cluster, instead of threads.
        interval: ``standard`` (t or logit) or ``percentile``.
        recalibrate: makes each replicate's weights (n,) meet the margins again.
        pairing: side and lists of ``kernels.draw_paired`` where another edition is drawn alongside.
    """

    kind: Literal["bootstrap", "jkn", "replicates"]
    count: int
    seed: int | None = None
    n_jobs: int = 1
    dask: str | None = None
    interval: Literal["standard", "percentile"] = "standard"
    recalibrate: Calibrator | None = None
    pairing: tuple[int, tuple[IntArray, IntArray, IntArray, IntArray]] | None = None


def plan_of(variance: str, design: SurveyDesign, *, seed: int | None = None, **choices: Any) -> Plan:
    """A plan from words: ``bootstrap:1000``, ``jkn``, ``replicates``.

    Raises:
        OptionError: the words or a choice mean nothing, or fewer than 2 replicates are asked for.
        DesignError: replicate weights are asked for but were not given.
    """
    unknown = set(choices) - {"n_jobs", "dask", "interval", "recalibrate"}
    if unknown:
        message = f"Resampling takes no {', '.join(sorted(unknown))}."
        raise OptionError(message)
    if choices.get("interval", "standard") not in ("standard", "percentile"):
        message = f"The interval is standard or percentile, not {choices['interval']}."
        raise OptionError(message)
    kind, _, number = variance.partition(":")
    if kind == "bootstrap":
        count = int(number) if number.isdigit() else (1000 if not number else 0)
        if count < 2:
            message = (
                "A bootstrap needs a whole number of at least 2 replicates: bootstrap:1000, not "
                f"{variance}."
            )
            raise OptionError(message)
        return Plan("bootstrap", count, 1 if seed is None else seed, **choices)
    if kind == "jkn" and not number:
        return Plan("jkn", design.psu_count, **choices)
    if kind == "replicates" and not number:
        if design.replicates is None:
            message = (
                "The survey came without replicate weights: name their columns, or choose another variance."
            )
            raise DesignError(message)
        return Plan("replicates", design.replicates.weights.shape[1], **choices)
    message = f"The variance is linearised, bootstrap:R, jkn or replicates, not {variance}."
    raise OptionError(message)


def resampled(
    engine: Engine,
    tasks: Sequence[Task],
    by: Sequence[str],
    variance: str,
    *,
    level: float,
    rule: PublicationRule,
    **choices: Any,
) -> Estimates:
    """Estimates whose variance comes from replicates; arguments as of ``estimate``."""
    survey = engine.survey
    plan = plan_of(variance, survey.design, **choices)
    large = survey.size > LARGE
    domains, notes = engine.domains(by)
    for task in tasks:
        if task.base not in INCOME and task.base not in ("arpt", "arop_before_transfers"):
            engine.flag(task)
    from socialstats.variance.points import point_values

    ready = point_values(engine, tasks, by, domains) if large else []
    values = replicate_values(engine, tasks, by, plan)
    how = f"bootstrap, R = {plan.count}" if plan.kind == "bootstrap" else plan.kind
    how += ", recalibrated" if plan.recalibrate else ""
    rows: list[Estimate] = []
    for t, task in enumerate(tasks):
        method = method_of(task, survey, engine.density, engine.options, how)
        found = ready[t] if large else linear_values(engine, task, by, domains)
        for d, (domain, linear) in enumerate(zip(domains, found, strict=True)):
            column = values[:, t * len(domains) + d]
            if isinstance(linear, EstimationError):
                if not domain.column:
                    raise linear
                rows.append(
                    absent(survey=survey, task=task, domain=domain, reason=str(linear), method=method)
                )
                continue
            if large:
                linear = replace(linear, degrees=domain.degrees)  # noqa: PLW2901
            spread = replicate_variance(survey.design, plan, column, linear.value)
            lost = int(np.isnan(column).sum())
            said = (f"{lost} of {plan.count} replicates have no value and are left out",) if lost else ()
            rows.append(
                row_of(
                    survey=survey,
                    task=task,
                    domain=domain.key,
                    linear=replace(linear, variance=spread, notes=(*linear.notes, *said)),
                    level=level,
                    rule=rule,
                    method=method,
                    seed=plan.seed,
                    interval=percentile(column, level)
                    if plan.interval == "percentile" and lost < plan.count
                    else None,
                )
            )
    return Estimates(
        tuple(rows), (*survey.notes, *notes, *_lone_note(survey.design, plan), *_large_note(large))
    )


def _large_note(large: bool) -> tuple[str, ...]:
    return (f"design effects are left out above {LARGE:,} persons",) if large else ()


def _lone_note(design: SurveyDesign, plan: Plan) -> tuple[str, ...]:
    alone = int(np.count_nonzero(design.psu_counts == 1))
    if not alone or plan.kind == "replicates":
        return ()
    return (f"{alone} strata of a single PSU are kept as they are in every replicate",)


def replicate_variance(design: SurveyDesign, plan: Plan, values: FloatArray, estimate: float) -> float:
    """Variance of an estimate from its replicates, shape (R,); replicates without a value are left out."""
    there = ~np.isnan(values)
    if np.count_nonzero(there) < 2:
        return math.nan
    if plan.kind == "bootstrap":
        return float(np.var(values[there], ddof=1))
    squares = np.where(there, values - estimate, 0.0) ** 2
    if plan.kind == "jkn":
        counts = design.psu_counts[design.stratum]
        factors = (1 - design.fraction[design.stratum]) * (counts - 1) / counts
        return float(np.add.reduce(factors * squares))
    given = design.replicates
    if given is None:
        return math.nan
    return float(given.scale * np.add.reduce(given.factors * squares))


def replicate_values(engine: Engine, tasks: Sequence[Task], by: Sequence[str], plan: Plan) -> FloatArray:
    """Every estimate under every replicate, shape (R, tasks·domains), domains of a task side by side.

    What the compiled kernels know is made there; the rest, and recalibrated or given weights, one
    replicate after the other through the same code as the estimate itself. No R·n matrix is made.
    """
    domains, _ = engine.domains(by)
    quick = [
        task
        for task in tasks
        if plan.kind != "replicates" and plan.recalibrate is None and kernel_code(engine, task) is not None
    ]
    out = np.full((plan.count, len(tasks) * len(domains)), np.nan)
    width = len(domains)
    if quick:
        found = _kernel_values(engine, quick, by, domains, plan)
        for q, task in enumerate(quick):
            at = tasks.index(task) * width
            out[:, at : at + width] = found[:, q * width : (q + 1) * width]
    slow = [task for task in tasks if task not in quick]
    if slow:
        shared = (engine.bare(), slow, list(by), plan)
        found = run_chunks(_one_by_one, plan.count, shared, n_jobs=plan.n_jobs, dask=plan.dask)
        for s, task in enumerate(slow):
            at = tasks.index(task) * width
            out[:, at : at + width] = found[:, s * width : (s + 1) * width]
    return out


def _one_by_one(
    begin: int, end: int, shared: tuple[Engine, Sequence[Task], Sequence[str], Plan]
) -> FloatArray:
    """Replicates begin … end-1 through the estimators themselves, shape (end - begin, tasks·domains)."""
    engine, tasks, by, plan = shared
    domains, _ = engine.domains(by)
    out = np.full((end - begin, len(tasks) * len(domains)), np.nan)
    for r, weights in enumerate(replicate_weights(engine.survey.design, plan, begin, end)):
        try:
            other = engine.reweighted(_recalibrated(engine.survey, plan, weights))
        except CalibrationError:
            continue  # a replicate that cannot meet the margins has no value; rows say how many
        out[r] = [_value_or_nan(other, task, domain) for task in tasks for domain in domains]
    return out


def _recalibrated(survey: Survey, plan: Plan, weights: FloatArray) -> FloatArray:
    """The weights that a calibration makes of a replicate's."""
    return weights if plan.recalibrate is None else survey.as_it_came(weights, plan.recalibrate)


def _value_or_nan(engine: Engine, task: Task, domain: Domain) -> float:
    try:
        return engine.value(task, domain)
    except EstimationError:
        return math.nan


def replicate_weights(
    design: SurveyDesign, plan: Plan, begin: int = 0, end: int | None = None
) -> Iterator[FloatArray]:
    """Weights of replicates begin … end-1 (all), shape (n,), one after the other."""
    if plan.kind == "replicates" and design.replicates is not None:
        yield from design.replicates.weights.T[begin:end]
        return
    for factor in replicate_factors(design, plan, begin, end):
        yield design.weights * factor[design.psu]


def replicate_factors(
    design: SurveyDesign, plan: Plan, begin: int = 0, end: int | None = None
) -> Iterator[FloatArray]:
    """Factors of every PSU in replicates begin … end-1 (all), shape (m,), one after the other."""
    numbers = range(begin, plan.count if end is None else end)
    if plan.kind == "jkn":
        for j in numbers:
            h = design.stratum[j]
            factor = np.ones(design.psu_count)
            size = int(design.psu_counts[h])
            if size > 1:
                factor[design.stratum == h] = size / (size - 1)
                factor[j] = 0.0
            yield factor
        return
    constant, slope = rescaling(design)
    counts = np.zeros(design.psu_count, dtype=np.uint8)
    base = _base(plan)
    for r in numbers:
        if plan.pairing is None:
            kernels.draw_counts(base, r, design.starts, design.psu_counts, counts)
        else:
            kernels.draw_paired(base, r, *plan.pairing, counts)
        yield constant[design.stratum] + slope[design.stratum] * counts


def rescaling(design: SurveyDesign) -> tuple[FloatArray, FloatArray]:
    """a_h and b_h of the factor a_h + b_h·count, shape (H,) each.

    With sampling fraction f_h: 1 - √(1 - f_h) + √(1 - f_h)·n_h/(n_h - 1)·count; a lone PSU keeps its
    weight.
    """
    counts = design.psu_counts
    shrink = np.sqrt(1 - design.fraction)
    alone = counts < 2
    constant = np.where(alone, 1.0, 1 - shrink)
    slope = np.where(alone, 0.0, shrink * counts / np.maximum(counts - 1, 1))
    return constant, slope


def _base(plan: Plan) -> np.uint64:
    return np.uint64(words(plan.seed or 0, "bootstrap", count=1)[0])


# --- the compiled way ----------------------------------------------------------------------------


def kernel_code(engine: Engine, task: Task) -> tuple[int, float] | None:
    """A kernel's operation and parameter for a task; None where the kernels do not know it."""
    name, options = task.base, engine.options
    if name in _CODES:
        return _CODES[name], 0.5
    if name == "gini" and options.gini == "eurostat":
        return kernels.GINI, 0.0
    if name == "s80s20":
        return (kernels.S80S20 if options.tails == "eurostat" else kernels.S80S20_INCLUSIVE), 0.0
    if name in INCOME and name[1:].isdigit():
        return kernels.QUANTILE, int(name[1:]) / 100
    if name.startswith("lorenz") and name in INCOME:
        return kernels.LORENZ, int(name[6:]) / 100
    return (kernels.FLAG, 0.0) if name in engine.survey.flags else None


@dataclass(frozen=True)
class _Units:
    """Persons of one PSU, income and domain added up; then every segment's units in order of income."""

    x: FloatArray
    w: FloatArray
    psu: Any
    flags: FloatArray
    ends: IntArray
    known: IntArray
    rows: tuple[Any, Any, Any]


def _runs(engine: Engine, codes: list[IntArray]) -> IntArray:
    """First rows of the runs of persons that share PSU, income and every domain."""
    income = engine.survey.income
    psu = engine.survey.design.psu
    change = np.ones(psu.size, dtype=np.bool_)
    change[1:] = psu[1:] != psu[:-1]
    if income is not None:
        with np.errstate(invalid="ignore"):
            same = (income[1:] == income[:-1]) | (np.isnan(income[1:]) & np.isnan(income[:-1]))
        change[1:] |= ~same
    for code in codes:
        change[1:] |= code[1:] != code[:-1]
    return np.flatnonzero(change)


def _scale(units: _Units, design: SurveyDesign, factor: FloatArray) -> None:
    """Multiply the units' weights by a factor of their stratum, shape (H,), in place, block by block."""
    w, psu, _ = units.rows
    for weights, of in ((units.w, units.psu), (w, psu)):
        for part in blocks(weights.size):
            weights[part] *= factor[design.stratum[of[part]]]
    if units.flags.shape[2] == units.w.size:
        units.flags[:] *= factor[design.stratum[units.psu]]


def _units(engine: Engine, tasks: Sequence[Task], by: Sequence[str], factor: FloatArray | None) -> _Units:
    """Sorted units of the total and of every domain; made once for an engine while they are as they are.

    Args:
        engine: the survey.
        tasks: each known to the kernels.
        by: breakdowns.
        factor: of each stratum, to multiply the weights by, shape (H,); none leaves them.
    """
    key = (tuple(by), tuple(task.base for task in tasks if task.base in engine.survey.flags))
    made: _Units = engine.cache.pop(key) if key in engine.cache else _make_units(engine, tasks, by)
    if factor is None:
        engine.cache[key] = made
    else:
        _scale(made, engine.survey.design, factor)
    return made


def _make_units(engine: Engine, tasks: Sequence[Task], by: Sequence[str]) -> _Units:
    survey = engine.survey
    codes = [survey.domains(column)[0] for column in by]
    rows = _runs(engine, codes)
    codes = [code[rows] for code in codes]
    psu = survey.design.psu[rows].astype(np.int32, copy=False)
    x = np.full(rows.size, np.nan) if survey.income is None else survey.income[rows]
    w = np.add.reduceat(engine.w, rows)
    flags = _flags(engine, tasks, rows)
    del rows
    order: IntArray = np.argsort(x, kind="stable").astype(whole_numbers(x.size))
    missing = np.isnan(x)
    sizes, lost = [order.size], [int(missing.sum())]
    for code in codes:
        kinds = int(code.max()) + 1
        sizes += tally(code, kinds).tolist()
        lost += tally(code, kinds, missing).tolist()
    ends = np.cumsum(sizes)
    total = int(ends[-1])
    made = _Units(
        np.empty(total),
        np.empty(total),
        np.empty(total, dtype=np.int32),
        np.empty((*flags.shape[:2], total)) if flags.shape[2] == x.size else flags,
        ends.astype(np.int64),
        (ends - lost).astype(np.int64),
        _rows_for_totals(x, w, psu, codes),
    )
    begin = 0
    for index in itertools.chain([order], (_grouped(order, code) for code in codes)):
        part = slice(begin, begin + index.size)
        made.x[part], made.w[part], made.psu[part] = x[index], w[index], psu[index]
        if made.flags is not flags:
            made.flags[:, :, part] = flags[:, :, index]
        begin = part.stop
    return made


def _grouped(order: IntArray, code: IntArray) -> IntArray:
    """Positions in the given order, group by group; those in no group left out."""
    arranged = code[order]
    return order[np.argsort(arranged, kind="stable")[int(np.count_nonzero(arranged < 0)) :]]


def _flags(engine: Engine, tasks: Sequence[Task], rows: IntArray) -> FloatArray:
    """Weighted conditions of the runs: yes when poor, yes otherwise, about; shape (conditions, 3, runs)."""
    conditions = [engine.flag(task) for task in tasks if kernel_code(engine, task) == (kernels.FLAG, 0.0)]
    flags = np.zeros((max(len(conditions), 1), 3, rows.size if conditions else 1))
    for c, flag in enumerate(conditions):
        about = engine.w * engine.counts(flag, slice(None))
        for part, values in enumerate((about * flag.if_poor, about * flag.otherwise, about)):
            flags[c, part] = np.add.reduceat(values, rows)
    return flags


def _rows_for_totals(
    x: FloatArray, w: FloatArray, psu: IntArray, codes: list[IntArray]
) -> tuple[Any, Any, Any]:
    """Weights, PSUs and segments of the runs by file order; without an income they weigh nothing."""
    segments = np.full((len(codes), x.size), -1, dtype=np.int32)
    first = 1
    for b, code in enumerate(codes):
        segments[b] = np.where(code < 0, -1, code + first)
        first += int(code.max()) + 1
    return np.where(np.isnan(x), 0.0, w), psu, segments


def _kernel_values(
    engine: Engine, tasks: Sequence[Task], by: Sequence[str], domains: Sequence[Domain], plan: Plan
) -> FloatArray:
    design = engine.survey.design
    constant, slope = rescaling(design)
    plain = plan.kind == "bootstrap" and not constant.any() and plan.pairing is None
    if plan.kind == "jkn":
        kind = "jackknife"
        drawn: tuple[Any, ...] = (design.starts, design.psu_counts, design.stratum)
    elif plan.pairing is not None:
        kind = "paired_bootstrap"
        drawn = (*plan.pairing, constant[design.stratum], slope[design.stratum])
    elif plain:
        kind, drawn = "bootstrap", (design.starts, design.psu_counts)
    else:
        kind, drawn = "scaled_bootstrap", (design.starts, design.psu_counts, constant, slope)
    arguments = (drawn, *_arguments(engine, tasks, by, slope if plain else None))
    shared = (kind, _base(plan), arguments)
    found = run_chunks(_by_kernel, plan.count, shared, n_jobs=plan.n_jobs, dask=plan.dask)
    # the kernels go segment by segment, the caller task by task
    width, count = len(domains), len(tasks)
    return found.reshape(plan.count, width, count).transpose(0, 2, 1).reshape(plan.count, -1)


def _by_kernel(begin: int, end: int, shared: tuple[str, np.uint64, tuple[Any, ...]]) -> FloatArray:
    """Replicates begin … end-1 of a kernel, shape (end - begin, operations)."""
    kind, base, arguments = shared
    found: FloatArray = getattr(kernels, kind)(base, begin, end, *arguments)
    return found


def kernel_points(engine: Engine, tasks: Sequence[Task], by: Sequence[str]) -> FloatArray:
    """The estimates themselves by the compiled way, shape (tasks, domains).

    Args:
        engine: the survey.
        tasks: each known to the kernels (``kernel_code``).
        by: breakdowns.
    """
    design = engine.survey.design
    units, rows, flags, program, longest = _arguments(engine, tasks, by, None)
    found: FloatArray = kernels.once(units, rows, flags, program, design.psu_count, longest)
    return found.reshape(-1, len(tasks)).T


def _arguments(
    engine: Engine, tasks: Sequence[Task], by: Sequence[str], factor: FloatArray | None
) -> tuple[Any, ...]:
    """What the kernels take: sorted units, rows, conditions, program, units of the longest segment."""
    units = _units(engine, tasks, by, factor)
    firsts = np.concatenate([[0], units.ends[:-1]]).astype(np.int64)
    return (
        (units.x, units.w, units.psu, firsts, units.known, units.ends),
        units.rows,
        tuple(np.ascontiguousarray(units.flags[:, part]) for part in range(3)),
        _program(engine, tasks, units.ends.size),
        int((units.ends - firsts).max()),
    )


def _program(engine: Engine, tasks: Sequence[Task], segments: int) -> tuple[Any, ...]:
    lines = list(dict.fromkeys(task.line for task in tasks))
    kinds = np.array([_LINE_KINDS[line.of] for line in lines], dtype=np.int64)
    amounts = np.array([line.amount if line.of == "given" else line.percent / 100 for line in lines])
    known = [kernel_code(engine, task) or (kernels.FLAG, 0.0) for task in tasks]
    conditions = np.cumsum([code == kernels.FLAG for code, _ in known]) - 1
    return (
        np.arange(segments + 1, dtype=np.int64) * len(tasks),
        np.tile(np.array([code for code, _ in known], dtype=np.int64), segments),
        np.tile(np.array([lines.index(task.line) for task in tasks], dtype=np.int64), segments),
        np.tile(np.array([parameter for _, parameter in known], dtype=np.float64), segments),
        np.tile(np.maximum(conditions, 0).astype(np.int64), segments),
        kinds,
        amounts,
        any(code in _WHOLE for code, _ in known),
        max((parameter for code, parameter in known if code == kernels.QUANTILE), default=0.0),
    )


__all__ = [
    "Options",
    "Plan",
    "plan_of",
    "replicate_values",
    "replicate_variance",
    "replicate_weights",
    "resampled",
]
