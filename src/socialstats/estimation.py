"""The front door to numbers: estimate, difference, change."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from socialstats.arrays import FloatArray
from socialstats.distribution import DensityRule
from socialstats.errors import DesignError, EstimationError, OptionError
from socialstats.frame import Survey
from socialstats.indicators import INCOME, Options, Task, check_options, parse
from socialstats.indicators.base import GiniForm, Tails
from socialstats.intervals import share, symmetric
from socialstats.lines import Line
from socialstats.publication import PublicationRule
from socialstats.results import Estimate, Estimates
from socialstats.variance.engine import BEFORE_TRANSFERS, Domain, Engine, Linear

if TYPE_CHECKING:
    from socialstats.weighting import Calibration

LONE: Final = "all of them are in one PSU: nothing tells how sure the figure is"


@cache
def version() -> str:
    """Of the package, as written into results."""
    from socialstats import __version__

    return __version__


def as_line(line: Line | float) -> Line:
    """A number is a percentage of the sample's median."""
    return line if isinstance(line, Line) else Line.of_sample(float(line))


def label_of(survey: Survey, task: Task) -> tuple[str, str]:
    """An indicator's printed name and unit."""
    if task.base == "arpt":
        return "At-risk-of-poverty threshold", "euro"
    if task.base == BEFORE_TRANSFERS:
        return "At risk of poverty before social transfers", "percent"
    if task.base in INCOME:
        return INCOME[task.base].label, INCOME[task.base].unit
    flag = survey.flags.get(task.base)
    return (flag.label if flag and flag.label else task.base), "percent"


def method_of(task: Task, survey: Survey, density: DensityRule, options: Options, how: str) -> str:
    """How a row was made, in words."""
    parts = [how]
    flag = survey.flags.get(task.base)
    lined = task.base in ("arpt", BEFORE_TRANSFERS) or (flag is not None and flag.uses_line)
    if lined or (task.base in INCOME and INCOME[task.base].needs_line):
        parts.append(f"line: {task.line.label}")
    if how == "linearised":
        parts.append(f"density {density}")
    if task.base == "s80s20":
        parts.append(f"tails {options.tails}")
    if task.base == "gini":
        parts.append(f"form {options.gini}")
    if task.base == "atkinson":
        parts.append(f"epsilon {options.epsilon:g}")
    return "; ".join(parts)


def row_of(
    *,
    survey: Survey,
    task: Task,
    domain: Mapping[str, str],
    linear: Linear,
    level: float,
    rule: PublicationRule,
    method: str,
    seed: int | None = None,
    interval: tuple[float, float] | None = None,
) -> Estimate:
    """A result from a value and its variance."""
    label, unit = label_of(survey, task)
    # no variance where fewer than two replicates have a value: the notes say how many are left out
    is_known = not math.isnan(linear.variance)
    is_lone = is_known and linear.degrees == 0
    se = math.sqrt(max(linear.variance, 0.0)) if is_known and not is_lone else None
    ends: tuple[float | None, float | None] = (None, None)
    if se is not None and interval is not None:
        ends = interval
    elif se is not None and linear.is_share:
        ends = share(linear.value, se, linear.degrees, level, linear.independent)
    elif se is not None:
        ends = symmetric(linear.value, se, linear.degrees, level)
    deff = linear.variance / linear.simple if se is not None and linear.simple > 0 else None
    return Estimate(
        task.name,
        label,
        unit,
        dict(domain),
        linear.value,
        se,
        *ends,
        linear.n,
        linear.members / deff if deff else None,
        deff,
        rule.flag(linear.n, linear.missing),
        method,
        seed,
        version(),
        "; ".join([*linear.notes, LONE] if is_lone else linear.notes),
    )


def absent(*, survey: Survey, task: Task, domain: Domain, reason: str, method: str) -> Estimate:
    """The row of an estimate that does not exist, with the reason."""
    label, unit = label_of(survey, task)
    n = domain.size
    return Estimate(
        task.name,
        label,
        unit,
        dict(domain.key),
        None,
        None,
        None,
        None,
        n,
        None,
        None,
        ":u",
        method,
        None,
        version(),
        reason,
    )


def estimate(
    survey: Survey,
    indicators: Sequence[str] | str = ("arop",),
    *,
    by: Sequence[str] | str = (),
    line: Line | float = 60.0,
    variance: str = "linearised",
    density: DensityRule = "default",
    tails: Tails = "eurostat",
    gini: GiniForm = "eurostat",
    epsilon: float = 1.0,
    level: float = 0.95,
    rule: PublicationRule | None = None,
    calibration: "Calibration | None" = None,
    **resampling: Any,
) -> Estimates:
    """Indicators for the total and every domain, with standard errors, intervals and publication flags.

    Args:
        survey: the sample.
        indicators: keys: ``arop``, ``arop40``, ``gini``, ``s80s20``, ``smsd`` …
        by: breakdowns, each by itself; ``a*b`` crosses two.
        line: a percentage of the sample's median, or a ``Line``.
        variance: ``linearised``, ``none``, ``bootstrap:R``, ``jkn`` or ``replicates`` (weights given with
            the survey).
        density: bandwidth of the linearised variance: ``default`` or ``convey``.
        tails: of S80/S20.
        gini: form of the Gini coefficient.
        epsilon: of Atkinson's index.
        level: of the intervals.
        rule: when results are published.
        calibration: that made the survey's weights: the linearised variance is then of what the known
            totals leave unexplained, and every replicate is calibrated again.
        **resampling: ``seed``, ``n_jobs``, ``dask``, ``interval`` (``standard`` or ``percentile``),
            ``recalibrate``.

    Raises:
        OptionError: an indicator, breakdown or option means nothing here.
        EstimationError: the total of an indicator does not exist; a domain's becomes a row without value
            and a note.
    """
    if not 0 < level < 1:
        message = f"A confidence level lies between 0 and 1; this one is {level:g}."
        raise OptionError(message)
    if density not in ("default", "convey"):
        message = f"The density is default or convey, not {density}."
        raise OptionError(message)
    names = [indicators] if isinstance(indicators, str) else list(indicators)
    columns = [by] if isinstance(by, str) else list(by)
    options = check_options(Options(tails, gini, epsilon))
    tasks = [parse(name, as_line(line)) for name in names]
    flags = [task.base for task in tasks if task.base in survey.flags]
    residuals = None if calibration is None else _residuals(survey, calibration)
    engine = Engine(survey.canonical(columns, flags), options, density, residuals=residuals)
    rule = rule or PublicationRule()
    if variance == "none":
        return _points(engine, tasks, columns, rule)
    if variance != "linearised":
        from socialstats.variance.replicates import resampled

        if calibration is not None:
            resampling = {"recalibrate": calibration, **resampling}
        return resampled(engine, tasks, columns, variance, level=level, rule=rule, **resampling)
    if resampling:
        message = f"The linearised variance takes no {', '.join(sorted(resampling))}."
        raise OptionError(message)
    domains, notes = engine.domains(columns)
    rows: list[Estimate] = []
    for task in tasks:
        method = method_of(task, survey, density, options, "linearised")
        for domain, linear in zip(domains, linear_values(engine, task, columns, domains), strict=True):
            if isinstance(linear, EstimationError):
                if not domain.column:
                    raise linear
                rows.append(
                    absent(survey=survey, task=task, domain=domain, reason=str(linear), method=method)
                )
                continue
            rows.append(
                row_of(
                    survey=survey,
                    task=task,
                    domain=domain.key,
                    linear=linear,
                    level=level,
                    rule=rule,
                    method=method,
                )
            )
    return Estimates(tuple(rows), (*survey.notes, *notes))


def _residuals(survey: Survey, calibration: "Calibration") -> Callable[[FloatArray], FloatArray]:
    """What a calibration's totals leave of a column.

    Raises:
        DesignError: the survey's weights are not those that the calibration made.
    """
    if not np.array_equal(survey.design.weights, calibration.weights):
        message = "The survey's weights are not those that the calibration made, row by row."
        raise DesignError(message)
    return calibration.residuals


def linear_values(
    engine: Engine, task: Task, by: Sequence[str], domains: Sequence[Domain]
) -> list[Linear | EstimationError]:
    """An indicator in every domain with its linearised variance, or why it does not exist there.

    Raises:
        OptionError: there is no such indicator.
    """
    from socialstats.variance import shares

    made: Sequence[Linear | None] = [None] * len(domains)
    if shares.fits(engine, task):
        made = shares.linear_shares(engine, task, by, domains)
    return [
        _linear(engine, task, domain) if linear is None else linear
        for domain, linear in zip(domains, made, strict=True)
    ]


def _linear(engine: Engine, task: Task, domain: Domain) -> Linear | EstimationError:
    try:
        return engine.linear(task, domain)
    except EstimationError as error:
        return error


def _points(engine: Engine, tasks: Sequence[Task], by: Sequence[str], rule: PublicationRule) -> Estimates:
    """Values and flags alone: for files of millions, or as a first look."""
    from socialstats.variance.points import point_values

    domains, notes = engine.domains(by)
    rows = []
    for task, values in zip(tasks, point_values(engine, tasks, by, domains), strict=True):
        label, unit = label_of(engine.survey, task)
        method = method_of(task, engine.survey, engine.density, engine.options, "point")
        for domain, made in zip(domains, values, strict=True):
            if isinstance(made, EstimationError):
                if not domain.key:
                    raise made
                rows.append(
                    absent(survey=engine.survey, task=task, domain=domain, reason=str(made), method=method)
                )
                continue
            rows.append(
                Estimate(
                    indicator=task.name,
                    label=label,
                    unit=unit,
                    domain=dict(domain.key),
                    value=made.value,
                    se=None,
                    ci_low=None,
                    ci_high=None,
                    n=made.n,
                    n_effective=None,
                    deff=None,
                    flag=rule.flag(made.n, made.missing),
                    method=method,
                    seed=None,
                    version=version(),
                )
            )
    return Estimates(tuple(rows), (*engine.survey.notes, *notes))
