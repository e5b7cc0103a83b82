"""Values without a variance of their own: for millions of persons, and under replicates."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from socialstats.arrays import BoolArray, FloatArray, IntArray, blocks, tally
from socialstats.errors import EmptyDomainError, EstimationError, NotComputableError
from socialstats.indicators import INCOME, Task
from socialstats.lines import Line
from socialstats.variance.engine import Domain, Engine, Linear
from socialstats.variance.replicates import kernel_code, kernel_points

Known = dict[tuple[str, Line], FloatArray]
Who = Callable[[slice, Any], BoolArray]


def point_values(
    engine: Engine, tasks: Sequence[Task], by: Sequence[str], domains: Sequence[Domain]
) -> list[list[Linear | EstimationError]]:
    """A value for every task and domain, or why there is none; variances are 0, totals empty.

    Args:
        engine: the survey.
        tasks: indicators.
        by: breakdowns that the domains come from.
        domains: as ``engine.domains(by)`` gives them; degrees of freedom stay 0.
    """
    wanted = [task for task in tasks if kernel_code(engine, task) is not None]
    for task in list(wanted):
        # what decides publication: the poor below the line, the persons beyond the quintiles
        wanted += [Task(f"#{name}", name, task.line) for name in _helpers(task)]
    found = kernel_points(engine, wanted, by) if wanted else np.empty((0, 0))
    known: Known = {(task.base, task.line): found[at] for at, task in enumerate(wanted)}
    rows: list[list[Linear | EstimationError]] = []
    for task in tasks:
        values = known.get((task.base, task.line))
        if values is None:
            rows.append([_answered(engine, task, domain) for domain in domains])
            continue
        counts = _counts(engine, task, by, known)
        rows.append(
            [
                _answered(engine, task, domain)
                if np.isnan(values[d])  # says why there is none
                else _linear(engine, task, float(values[d]), *(int(count[d]) for count in counts))
                for d, domain in enumerate(domains)
            ]
        )
    return rows


def _helpers(task: Task) -> tuple[str, ...]:
    return {"gap": ("arpt",), "s80s20": ("p20", "p80")}.get(task.base, ())


def _answered(engine: Engine, task: Task, domain: Domain) -> Linear | EstimationError:
    """What the kernels do not know, through the estimators themselves."""
    if not domain.size:
        return EmptyDomainError("Nobody is in this domain.")
    try:
        answer, members, _, missing = engine.answer(task, domain)
    except EstimationError as error:
        return error
    n = members.size if answer.n is None else answer.n
    return _value(engine, task, answer.value, n, members.size, missing)


def _counts(
    engine: Engine, task: Task, by: Sequence[str], known: Known
) -> tuple[IntArray, IntArray, IntArray]:
    """By domain: observations that decide publication, persons with an answer, persons asked."""
    income, options = engine.survey.income, engine.options
    if task.base in engine.survey.flags:
        flag = engine.flag(task)
        asked = _tally(engine, by, lambda part, _: flag.population[part])
        answered = _tally(engine, by, lambda part, _: engine.counts(flag, part))
        return answered, answered, asked
    if income is None:
        raise NotComputableError("This indicator needs an income: name its column.")
    x = income
    sizes = _tally(engine, by, lambda part, _: np.ones(part.stop - part.start, dtype=np.bool_))
    persons = _tally(engine, by, lambda part, _: ~np.isnan(x[part]))
    if task.base == "arpt":
        return sizes, persons, sizes
    if task.base == "gap":
        line = known["arpt", task.line]
        return _tally(engine, by, lambda part, at: x[part] < line[at]), persons, sizes
    if task.base == "s80s20":
        low, high = known["p20", task.line], known["p80", task.line]
        strict = options.tails == "eurostat"
        bottom = _tally(engine, by, lambda part, at: x[part] < low[at] if strict else x[part] <= low[at])
        top = _tally(engine, by, lambda part, at: x[part] >= high[at] if strict else x[part] > high[at])
        return np.minimum(bottom, top), persons, sizes
    return persons, persons, sizes


def _tally(engine: Engine, by: Sequence[str], who: Who) -> IntArray:
    """Persons of every domain that a condition chooses, shape (domains,), block by block.

    Args:
        engine: the survey.
        by: breakdowns.
        who: takes rows and the domain of each (of all, for the total) and says which count.
    """
    survey = engine.survey
    found = [sum(int(np.count_nonzero(who(part, 0))) for part in blocks(survey.size))]
    for column in by:
        code, names = survey.domains(column)
        counts = np.zeros(len(names), dtype=np.int64)
        for part in blocks(survey.size):
            here = code[part].astype(np.int64)
            counts += tally(here, len(names), who(part, len(found) + np.maximum(here, 0)))
        found += counts.tolist()
    return np.array(found)


def _linear(  # noqa: PLR0917
    engine: Engine, task: Task, value: float, n: int, members: int, asked: int
) -> Linear:
    return _value(engine, task, value, n, members, 1 - members / asked if asked else 0.0)


def _value(  # noqa: PLR0917
    engine: Engine, task: Task, value: float, n: int, members: int, missing: float
) -> Linear:
    is_share = task.base in engine.survey.flags or (task.base in INCOME and INCOME[task.base].is_share)
    return Linear(
        value=value,
        totals=np.empty(0),
        variance=0.0,
        simple=0.0,
        n=n,
        members=members,
        degrees=0,
        missing=missing,
        independent=float(members),
        is_share=is_share,
    )
