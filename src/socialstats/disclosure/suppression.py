"""Secondary suppression: which further cells must go so that none of the unsafe ones can be worked out.

Optimal: the cutting planes of Fischetti and Salazar-González (2001), "Solving the cell suppression
    problem on tabular
data with linear constraints", Management Science 47, 1008–1027. Quick: one cell at a time, the cheapest
set of changes that hides it (Kelly, Golden and Assad 1992), then whatever proves unnecessary is shown
again. Either way the result is audited with programs of its own before it is handed out.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import scipy.optimize
import scipy.sparse
from numpy.typing import ArrayLike, NDArray

from socialstats.arrays import BoolArray, FloatArray, choice, floats, same_length
from socialstats.disclosure.audit import SLACK, Audit, Wanted, Witnesses, components, feasible
from socialstats.disclosure.rules import CountRule
from socialstats.disclosure.tables import Tables
from socialstats.errors import DisclosureError, OptionError

ROUNDS = 60


@dataclass(frozen=True)
class Suppression:
    """A pattern of suppression with its proof.

    Attributes:
        tables: what was protected.
        primary: unsafe in themselves, shape (n,).
        secondary: suppressed to protect others, shape (n,).
        audit: what an outsider can enclose of every cell that is not shown.
        method: ``optimal`` or ``quick``.
        cost: of the secondary cells.
        witnesses: tables that an outsider cannot tell from the true one.
    """

    tables: Tables
    primary: BoolArray
    secondary: BoolArray
    audit: Audit
    method: str
    cost: float
    witnesses: Witnesses = field(repr=False, compare=False)

    @property
    def shown(self) -> BoolArray:
        """What may be published, shape (n,)."""
        return ~(self.primary | self.secondary | self.tables.hidden)

    def published(self) -> dict[Hashable, float]:
        """Key and value of the cells that may be published."""
        return {
            key: float(self.tables.values[k]) for k, key in enumerate(self.tables.keys) if self.shown[k]
        }

    def to_polars(self) -> pl.DataFrame:
        """One row a visible-table cell: value (missing where suppressed) and status. Safe to publish."""
        rows = np.flatnonzero(~self.tables.hidden)
        status = np.where(self.primary, "primary", np.where(self.secondary, "secondary", "published"))
        keys = [self.tables.keys[k] for k in rows]
        return pl.DataFrame(
            {
                "cell": [" | ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in keys],
                "value": [float(self.tables.values[k]) if self.shown[k] else None for k in rows],
                "status": ["published" if s == "published" else "suppressed" for s in status[rows]],
            },
            schema={"cell": pl.String, "value": pl.Float64, "status": pl.String},
        )

    def __str__(self) -> str:
        differences = int((self.primary & self.tables.hidden).sum())
        return (
            f"{int((~self.tables.hidden).sum())} cells: {int(self.primary.sum())} unsafe "
            f"(of them {differences} differences), {int(self.secondary.sum())} suppressed besides "
            f"({self.method}); every suppressed cell keeps its interval: {self.audit.safe}"
        )


@dataclass(frozen=True)
class _Problem:
    tables: Tables
    primary: BoolArray
    below: FloatArray
    above: FloatArray
    cost: FloatArray
    reach_down: FloatArray
    reach_up: FloatArray
    whole: bool
    secondary_width: float
    witnesses: Witnesses


def suppress_counts(
    tables: Tables,
    *,
    rule: CountRule | None = None,
    method: str = "optimal",
    cost: str | ArrayLike = "log",
    secondary_width: float = 1.0,
) -> Suppression:
    """Protect tables of counts: small cells and small differences, with the interval the rule asks for.

    Args:
        tables: cells and relations of everything that appears together, and what appeared before.
        rule: minimum count and width.
        method: ``optimal`` (least cost; falls back to quick after a bounded number of rounds) or ``quick``.
        cost: of suppressing a further cell: ``log`` (1 + log(1 + count)), ``cells`` (1 each), ``values``
            (count), or one number for each cell of ``tables``.
        secondary_width: narrowest feasible interval of a cell that is suppressed only for others.

    Raises:
        DisclosureError: no pattern protects a cell, because what is known or published already gives it
            away.
    """
    rule = rule or CountRule()
    unsafe = rule.unsafe(tables.values) & ~tables.left_out
    below, above = rule.protection(tables.values)
    return suppress(
        tables, unsafe, below, above, method=method, cost=cost, whole=True, secondary_width=secondary_width
    )


def suppress(
    tables: Tables,
    unsafe: ArrayLike,
    below: ArrayLike,
    above: ArrayLike,
    *,
    method: str = "optimal",
    cost: str | ArrayLike = "log",
    whole: bool = False,
    secondary_width: float = 0.0,
    already: ArrayLike | None = None,
    exact: bool = True,
    seen: Iterable[Witnesses] = (),
) -> Suppression:
    """Protect unsafe cells so that an outsider's interval reaches far enough on both sides.

    Args:
        tables: cells and relations.
        unsafe: cells not to be shown, shape (n,).
        below: how far under the true value the feasible interval must reach, shape (n,); read for unsafe
            cells only.
        above: how far over it, shape (n,).
        method: ``optimal``, ``quick``, or ``given``: what is suppressed ``already`` is audited as it stands
            and only widened where that is not enough, for large tables that were protected in pieces.
        cost: see :func:`suppress_counts`.
        whole: whether values are whole numbers and the outsider knows.
        secondary_width: narrowest feasible interval of the other suppressed cells.
        already: cells that are suppressed whatever else is, shape (n,).
        exact: whether the audit follows every interval to its ends; else as far as is required, which is
            as good a proof in a fraction of the time. Never with ``given``.
        seen: what was found while parts of these tables were protected (`Suppression.witnesses`).

    Raises:
        DisclosureError: no pattern protects a cell.
        OptionError: an unknown method or cost.
    """
    choice("method", method, ("optimal", "quick", "given"))
    problem = _problem(tables, unsafe, below, above, cost, whole=whole, secondary_width=secondary_width)
    for one in seen:
        problem.witnesses.learn(one)
    start = problem.primary | tables.hidden
    if already is not None:
        start = start | np.asarray(already, dtype=bool)
    _refuse_shown_before(problem)
    pattern, used = _found(problem, start, method)
    pattern = _repaired(problem, pattern)
    audit = audit_pattern(problem, pattern, exact=exact and method != "given")
    if not audit.safe:
        cell = audit.keys[int(np.flatnonzero(audit.open)[0])]
        message = f"No pattern of suppression was found that protects {cell}."
        raise DisclosureError(message)
    secondary = pattern & ~problem.primary & ~tables.hidden
    return Suppression(
        tables,
        problem.primary,
        secondary,
        audit,
        used,
        float(problem.cost[secondary].sum()),
        problem.witnesses,
    )


def _found(problem: _Problem, start: BoolArray, method: str) -> tuple[BoolArray, str]:
    if method == "given":
        return start, method
    _refuse_impossible(problem)
    if method == "optimal":
        pattern, _used = _optimal(problem)
        if pattern is not None:
            return pattern | start, method
    return _quick(problem, start), "quick"


def audit_pattern(problem: _Problem, pattern: BoolArray, *, exact: bool = True) -> Audit:
    """What an outsider can enclose under a pattern, beside what is required; not exact: at least that."""
    cells = np.flatnonzero(pattern & (problem.primary | ~problem.tables.hidden))
    values = problem.tables.values[cells]
    primary = problem.primary[cells]
    wanted = Wanted(
        low=np.where(primary, values - problem.below[cells], values),
        high=np.where(primary, values + problem.above[cells], values),
        width=np.where(primary, problem.below[cells] + problem.above[cells], problem.secondary_width),
    )
    low, high = feasible(
        problem.tables,
        ~pattern,
        cells,
        whole=problem.whole,
        wanted=None if exact else wanted,
        witnesses=problem.witnesses,
    )
    return Audit(
        keys=tuple(problem.tables.keys[k] for k in cells),
        values=values,
        low=low,
        high=high,
        required_low=wanted.low,
        required_high=wanted.high,
        required_width=wanted.width,
    )


def _problem(
    tables: Tables,
    unsafe: ArrayLike,
    below: ArrayLike,
    above: ArrayLike,
    cost: str | ArrayLike,
    *,
    whole: bool,
    secondary_width: float,
) -> _Problem:
    primary = np.asarray(unsafe, dtype=bool)
    down, up = floats("below", below), floats("above", above)
    same_length(cells=tables.values, unsafe=primary, below=down, above=up)
    if (down[primary] < 0).any() or (up[primary] < 0).any() or secondary_width < 0:
        message = "Protection reaches outwards: below, above and secondary_width are not negative."
        raise OptionError(message)
    ceiling = 2 * tables.values.sum() + up[primary].sum() + 10
    return _Problem(
        tables=tables,
        primary=primary,
        below=np.where(primary, np.minimum(down, tables.values), 0.0),
        above=np.where(primary, up, 0.0),
        cost=_cost(tables, cost),
        reach_down=tables.values,
        reach_up=ceiling - tables.values,
        whole=whole,
        secondary_width=secondary_width,
        witnesses=Witnesses(tables),
    )


def _cost(tables: Tables, cost: str | ArrayLike) -> FloatArray:
    if not isinstance(cost, str):
        given = floats("cost", cost)
        same_length(cells=tables.values, cost=given)
        if (given <= 0).any():
            message = "The cost of suppressing a cell is above zero."
            raise OptionError(message)
        return given
    choices: Mapping[str, FloatArray] = {
        "log": 1 + np.log1p(tables.values),
        "cells": np.ones(len(tables.values)),
        "values": np.maximum(tables.values, 0.5),
    }
    choice("cost", cost, tuple(choices))
    return choices[cost]


def _refuse_shown_before(problem: _Problem) -> None:
    wrong = np.flatnonzero(problem.primary & problem.tables.fixed)
    if wrong.size:
        names = ", ".join(str(problem.tables.keys[k]) for k in wrong[:5])
        message = f"{wrong.size} unsafe cells are public already: {names}. Nothing can protect them now."
        raise DisclosureError(message)


def _refuse_impossible(problem: _Problem) -> None:
    """With everything suppressed that may be, each unsafe cell must be hidden; otherwise it cannot be."""
    cells = np.flatnonzero(problem.primary)
    values = problem.tables.values[cells]
    wanted = _wanted(problem, cells)
    low, high = feasible(
        problem.tables,
        problem.tables.fixed,
        cells,
        whole=problem.whole,
        wanted=wanted,
        witnesses=problem.witnesses,
    )
    room = SLACK * (1 + values)
    wrong = (low > values - problem.below[cells] + room) | (high < values + problem.above[cells] - room)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        message = (
            f"{int(wrong.sum())} unsafe cells cannot be protected, "
            f"first {problem.tables.keys[cells[place]]}: what is public already encloses it "
            f"in [{low[place]:g}, {high[place]:g}] whatever is suppressed now."
        )
        raise DisclosureError(message)


def _wanted(problem: _Problem, cells: NDArray[np.intp]) -> Wanted:
    values = problem.tables.values[cells]
    return Wanted(values - problem.below[cells], values + problem.above[cells], np.zeros(len(cells)))


def _repaired(problem: _Problem, pattern: BoolArray) -> BoolArray:
    """Whole numbers and the width of secondary cells may ask for more than fractions showed."""
    for _ in range(ROUNDS):
        audit = audit_pattern(problem, pattern, exact=False)
        if audit.safe:
            return pattern
        cell = problem.tables.place(audit.keys[int(np.flatnonzero(audit.open)[0])])
        grown = _widened(problem, pattern, cell)
        if (grown == pattern).all():
            return pattern
        pattern = grown
    return pattern


def _widened(problem: _Problem, pattern: BoolArray, cell: int) -> BoolArray:
    """Suppress what lets one cell move further on either side, or the cheapest cell beside it."""
    width = max(problem.secondary_width, float(problem.below[cell] + problem.above[cell]), 1.0)
    grown = pattern
    for sign in (1.0, -1.0):
        moved = _cheapest_move(
            problem, grown, cell, sign * min(width, problem.reach_down[cell] if sign < 0 else width)
        )
        grown = grown if moved is None else grown | moved
    if not (grown == pattern).all():
        return grown
    lines = problem.tables.relations[:, [cell]].nonzero()[0]
    beside = np.unique(problem.tables.relations[lines, :].nonzero()[1])
    free = [int(k) for k in beside if not pattern[k] and not problem.tables.fixed[k]]
    if free:
        grown = pattern.copy()
        grown[min(free, key=lambda k: float(problem.cost[k]))] = True
    return grown


# --- quick -----------------------------------------------------------------------------------------


def _quick(problem: _Problem, start: BoolArray) -> BoolArray:
    pattern = start.copy()
    cells = np.flatnonzero(problem.primary)
    for cell in cells[np.argsort(-(problem.below + problem.above)[cells], kind="stable")]:
        for amount in (problem.above[cell], -problem.below[cell]):
            if amount == 0 or _reaches(problem, pattern, int(cell), float(amount)):
                continue
            moved = _cheapest_move(problem, pattern, int(cell), float(amount))
            if moved is None:
                message = f"Nothing can protect the cell {problem.tables.keys[cell]}."
                raise DisclosureError(message)
            pattern |= moved
    return _thinned(problem, pattern, start)


def _reaches(problem: _Problem, pattern: BoolArray, cell: int, amount: float) -> bool:
    """Whether a table found before moves a cell so far with what is suppressed already."""
    low, high = problem.witnesses.reach(~pattern, whole=problem.whole)
    moved = (
        high[cell] - problem.tables.values[cell] if amount > 0 else problem.tables.values[cell] - low[cell]
    )
    return bool(moved >= abs(amount))


def _cheapest_move(problem: _Problem, pattern: BoolArray, cell: int, amount: float) -> BoolArray | None:
    """Cells of the cheapest consistent change of one cell by an amount; suppressed ones change free."""
    live = np.flatnonzero(~problem.tables.fixed)
    matrix = problem.tables.relations[:, live]
    price = np.where(pattern[live], 1e-6, problem.cost[live])
    up, down = problem.reach_up[live].copy(), problem.reach_down[live].copy()
    place = int(np.searchsorted(live, cell))
    up[place], down[place] = (amount, 0.0) if amount > 0 else (0.0, -amount)
    answer = scipy.optimize.linprog(
        np.concatenate([price, price]),
        A_eq=scipy.sparse.hstack([matrix, -matrix], format="csc"),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([_exact(up, place, amount), np.concatenate([up, down])]),
        method="highs",
    )
    if not answer.success:
        return None
    change = answer.x[: len(live)] - answer.x[len(live) :]
    problem.witnesses.add(live, change)
    moved = np.zeros(len(pattern), dtype=bool)
    moved[live[np.abs(change) > SLACK]] = True
    return moved


def _exact(up: FloatArray, place: int, amount: float) -> FloatArray:
    lower = np.zeros(2 * len(up))
    lower[place if amount > 0 else len(up) + place] = abs(amount)
    return lower


def _thinned(problem: _Problem, pattern: BoolArray, start: BoolArray) -> BoolArray:
    """Show again, dearest first, each further cell without which every unsafe one is still hidden."""
    extra = np.flatnonzero(pattern & ~start)
    for cell in extra[np.argsort(-problem.cost[extra], kind="stable")]:
        trial = pattern.copy()
        trial[cell] = False
        if _laid_open(problem.tables, trial)[problem.primary].any():
            continue
        # only what hangs together with this cell can be laid open by it
        parts = components(problem.tables, ~pattern)
        beside = np.flatnonzero(problem.primary & (parts == parts[cell]))
        if _hidden_enough(problem, trial, beside):
            pattern = trial
    return pattern


def _laid_open(tables: Tables, pattern: BoolArray) -> BoolArray:
    """Cells that anybody works out by adding and taking away: the last unseen one of a sum, and so on."""
    unseen = pattern.copy()
    links = abs(tables.relations)
    while True:
        single = np.flatnonzero(links @ unseen.astype(float) == 1)
        found = np.unique(links[single, :].indices)
        found = found[unseen[found]]
        if not found.size:
            return pattern & ~unseen
        unseen[found] = False


def _hidden_enough(problem: _Problem, pattern: BoolArray, cells: NDArray[np.intp]) -> bool:
    low, high = feasible(
        problem.tables,
        ~pattern,
        cells,
        whole=False,
        wanted=_wanted(problem, cells),
        witnesses=problem.witnesses,
        is_first_miss_enough=True,
    )
    values = problem.tables.values[cells]
    room = SLACK * (1 + values)
    return bool(
        (low <= values - problem.below[cells] + room).all()
        and (high >= values + problem.above[cells] - room).all()
    )


# --- optimal ---------------------------------------------------------------------------------------


def _optimal(problem: _Problem) -> tuple[BoolArray | None, str]:
    """Least cost by cutting planes: propose, let the attacker answer, forbid what he used, repeat."""
    free = ~problem.primary & ~problem.tables.hidden & ~problem.tables.fixed
    cuts = _first_cuts(problem)
    for _ in range(ROUNDS):
        pattern = _cheapest_pattern(problem, free, cuts)
        if pattern is None:
            return None, "quick"
        fresh = _violated(problem, pattern)
        if not fresh:
            return pattern, "optimal"
        cuts.extend(fresh)
    return None, "quick"


Cut = tuple[NDArray[np.float64], float]


def _first_cuts(problem: _Problem) -> list[Cut]:
    """No relation may hold exactly one unseen cell."""
    cuts: list[Cut] = []
    always = problem.primary | problem.tables.hidden
    relations = problem.tables.relations
    for line in range(relations.shape[0]):
        cells = relations.indices[relations.indptr[line] : relations.indptr[line + 1]]
        if problem.primary[cells].any() and always[cells].sum() == 1:
            row = np.zeros(len(always))
            row[cells[~always[cells]]] = 1.0
            cuts.append((row, 1.0))
    return cuts


def _cheapest_pattern(problem: _Problem, free: BoolArray, cuts: list[Cut]) -> BoolArray | None:
    always = problem.primary | problem.tables.hidden
    if not cuts:
        return always.copy()
    places = np.flatnonzero(free)
    matrix = scipy.sparse.csr_array(np.array([row[places] for row, _ in cuts]))
    need = np.array([right - row[always].sum() for row, right in cuts])
    answer = scipy.optimize.milp(
        problem.cost[places],
        constraints=[scipy.optimize.LinearConstraint(matrix, need, np.inf)],
        bounds=scipy.optimize.Bounds(0, 1),
        integrality=np.ones(len(places)),
        options={"node_limit": 20_000},
    )
    if answer.status != 0:
        return None
    pattern: BoolArray = always.copy()
    pattern[places[answer.x > 0.5]] = True
    return pattern


def _violated(problem: _Problem, pattern: BoolArray) -> list[Cut]:
    cuts: list[Cut] = []
    for cell in np.flatnonzero(problem.primary):
        for need, sign in ((problem.above[cell], 1.0), (problem.below[cell], -1.0)):
            if need <= 0:
                continue
            reach, row = _reach(problem, pattern, int(cell), sign, float(need))
            if reach < need - SLACK * (1 + need):
                cuts.append((row, float(need)))
    return cuts


def _reach(
    problem: _Problem, pattern: BoolArray, cell: int, sign: float, need: float
) -> tuple[float, FloatArray]:
    """How far the attacker must let a cell move, and the cut that his dual prices give."""
    up = np.where(pattern, problem.reach_up, 0.0)
    down = np.where(pattern, problem.reach_down, 0.0)
    cost = np.zeros(len(up))
    cost[cell] = -sign
    answer = scipy.optimize.linprog(
        cost,
        A_eq=problem.tables.relations,
        b_eq=np.zeros(problem.tables.relations.shape[0]),
        bounds=np.column_stack([-down, up]),
        method="highs",
    )
    if not answer.success:
        message = f"The attacker's program failed: {answer.message}"
        raise DisclosureError(message)
    row = -answer.upper.marginals * problem.reach_up + answer.lower.marginals * problem.reach_down
    row = np.where(problem.tables.fixed, 0.0, np.clip(row, 0.0, need))
    row[row < SLACK * need] = 0.0
    return float(-answer.fun), row
