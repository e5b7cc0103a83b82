"""Values without a variance of their own: for millions of persons, and under replicates."""

from collections.abc import Sequence

import numpy as np

from socialstats.arrays import BoolArray, FloatArray
from socialstats.errors import EmptyDomainError, EstimationError
from socialstats.indicators import INCOME, Task
from socialstats.lines import Line
from socialstats.variance.engine import Domain, Engine, Linear
from socialstats.variance.replicates import kernel_code, kernel_points

Known = dict[tuple[str, Line], FloatArray]


def point_values(
    engine: Engine, tasks: Sequence[Task], by: Sequence[str], domains: Sequence[Domain]
) -> list[list[Linear | EstimationError]]:
    """A value for every task and domain, or why there is none; variances are 0, totals empty.

    Args:
        engine: the survey.
        tasks: indicators.
        by: breakdowns that the domains come from.
        domains: as ``engine.domains(by)`` gives them, members in any order; degrees of freedom stay 0.
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
        rows.append([_one(engine, task, domain, d, values, known) for d, domain in enumerate(domains)])
    return rows


def _helpers(task: Task) -> tuple[str, ...]:
    return {"gap": ("arpt",), "s80s20": ("p20", "p80")}.get(task.base, ())


def _one(  # noqa: PLR0917
    engine: Engine, task: Task, domain: Domain, at: int, column: FloatArray | None, known: Known
) -> Linear | EstimationError:
    if not domain.members.size:
        return EmptyDomainError("Nobody is in this domain.")
    try:
        if column is None or np.isnan(column[at]):
            # says why there is none, or computes what the kernels do not know
            answer, members, _, missing = engine.answer(task, engine.sorted(domain))
            n = members.size if answer.n is None else answer.n
            return _linear(engine, task, domain, answer.value, n, members.size, missing)
    except EstimationError as error:
        return error
    if task.base in engine.survey.flags:
        counted, missing = engine.counted(engine.flag(task), domain.members)
        return _linear(engine, task, domain, float(column[at]), counted.size, counted.size, missing)
    size, count = domain.members.size, engine.known(domain)
    n = count
    if task.base == "gap":
        n = _count(engine.incomes(domain) < known["arpt", task.line][at])
    elif task.base == "s80s20":
        x, low, high = engine.incomes(domain), known["p20", task.line][at], known["p80", task.line][at]
        if engine.options.tails == "eurostat":
            n = min(_count(x < low), _count(x >= high))
        else:
            n = min(_count(x <= low), _count(x > high))
    elif task.base == "arpt":
        n = size
    return _linear(engine, task, domain, float(column[at]), n, count, 1 - count / size)


def _count(who: BoolArray) -> int:
    return int(np.count_nonzero(who))


def _linear(  # noqa: PLR0917
    engine: Engine, task: Task, domain: Domain, value: float, n: int, members: int, missing: float
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
