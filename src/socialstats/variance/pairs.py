"""The bootstrap of a change: two editions resampled together, PSUs in both with the same draws.

Each edition is resampled by Rao and Wu as if it were alone; what the two share is drawn once (the idea of
the coordinated bootstrap: Roberts, Kovačević, Mantel and Phillips 2001).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from socialstats.arrays import FloatArray, IntArray
from socialstats.comparison import Matching, Spread
from socialstats.design import SurveyDesign
from socialstats.errors import OptionError
from socialstats.indicators import Task
from socialstats.intervals import percentile
from socialstats.variance.engine import Engine
from socialstats.variance.replicates import Plan, plan_of, replicate_values


@dataclass(frozen=True)
class Changes:
    """Replicates of both editions.

    Attributes:
        plan: how they were drawn.
        before: replicates of the earlier edition, shape (R, tasks, domains).
        after: of the later one.
    """

    plan: Plan
    before: FloatArray
    after: FloatArray

    @property
    def how(self) -> str:
        """In words."""
        return f"bootstrap of both editions together, R = {self.plan.count}"

    def spread(self, task: int, earlier: int, later: int) -> Spread:
        """Of the change of a task between a domain of the earlier and one of the later edition."""
        changes = self.after[:, task, later] - self.before[:, task, earlier]
        there = changes[~np.isnan(changes)]
        variance = float(np.var(there, ddof=1)) if there.size > 1 else float("nan")
        interval = partial(percentile, there) if self.plan.interval == "percentile" else None
        return Spread(variance, interval, self.plan.seed or 0, changes.size - there.size)


def changes(
    engines: Sequence[Engine],
    tasks: Sequence[Sequence[Task]],
    by: Sequence[str],
    matching: Matching,
    variance: str,
    **choices: object,
) -> Changes:
    """Both editions under the same draws.

    Args:
        engines: earlier and later edition.
        tasks: each indicator with the line of each edition.
        by: breakdowns.
        matching: PSUs in both.
        variance: ``bootstrap:R``.
        **choices: ``seed``, ``n_jobs``, ``dask``, ``interval``.

    Raises:
        OptionError: another variance.
    """
    designs = [engine.survey.design for engine in engines]
    plan = plan_of(variance, designs[1], **choices)  # type: ignore[arg-type]
    if plan.kind != "bootstrap":
        message = f"The change between editions is linearised or bootstrap:R, not {variance}."
        raise OptionError(message)
    lists = _lists(designs, matching)
    found = []
    for side, engine in enumerate(engines):
        values = replicate_values(
            engine, [pair[side] for pair in tasks], by, replace(plan, pairing=(side, lists[side]))
        )
        found.append(values.reshape(plan.count, len(tasks), -1))
    return Changes(plan, *found)


def _lists(
    designs: Sequence[SurveyDesign], matching: Matching
) -> list[tuple[IntArray, IntArray, IntArray, IntArray]]:
    """For each edition: PSUs, common PSUs and begin of every stratum's list, and the list."""
    names = sorted({str(name) for design in designs for name in design.names[0]})
    number = {name: at for at, name in enumerate(names)}
    made = []
    for design, shared in zip(designs, (matching.before, matching.after), strict=True):
        of_stratum = np.array([number[str(name)] for name in design.names[0]])[design.stratum]
        # the place in the matching is the same in both editions; those in one alone come after
        place = np.full(design.psu_count, matching.common)
        place[shared] = np.arange(matching.common)
        units = np.lexsort((np.arange(design.psu_count), place, of_stratum))
        here = np.bincount(of_stratum, minlength=len(names))
        common = np.bincount(of_stratum[shared], minlength=len(names))
        made.append((here, common, np.cumsum(here) - here, units))
    return made
