"""The proof: what an outsider can find out about each suppressed cell.

For every suppressed cell two linear programs give the smallest and the largest value that agrees with
all visible cells and all relations (an attacker who knows the tables' structure can do no better); for
counts the programs are solved in whole numbers. HiGHS through SciPy.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from socialstats.arrays import BoolArray, FloatArray
from socialstats.disclosure.tables import Tables
from socialstats.errors import DisclosureError

SLACK = 1e-6
CEILING = 8
NODES = 2000


@dataclass(frozen=True)
class Audit:
    """What an outsider can enclose.

    Attributes:
        keys: the cells that are not visible.
        values: their true values, shape (k,).
        low: smallest feasible values, shape (k,).
        high: largest feasible values, shape (k,).
        required_low: the interval must reach down to here, shape (k,).
        required_high: and up to here, shape (k,).
        required_width: and be at least this wide, shape (k,).
    """

    keys: tuple[Any, ...]
    values: FloatArray
    low: FloatArray
    high: FloatArray
    required_low: FloatArray
    required_high: FloatArray
    required_width: FloatArray

    @property
    def open(self) -> BoolArray:
        """Cells whose interval is too narrow, shape (k,)."""
        room = SLACK * (1 + np.abs(self.values))
        reached = (self.low <= self.required_low + room) & (self.high >= self.required_high - room)
        wide = self.high - self.low >= self.required_width - room
        return ~(reached & wide)

    @property
    def safe(self) -> bool:
        """Whether every cell keeps its interval."""
        return not self.open.any()

    def to_polars(self) -> pl.DataFrame:
        """One row a cell that is not visible. Not for publication: it holds the true values."""
        return pl.DataFrame(
            {
                "cell": [
                    " | ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in self.keys
                ],
                "value": self.values,
                "low": self.low,
                "high": self.high,
                "required_low": self.required_low,
                "required_high": self.required_high,
                "required_width": self.required_width,
                "safe": ~self.open,
            }
        )


@dataclass(frozen=True)
class Wanted:
    """How far the interval of each cell asked for must reach: further, nobody needs to look.

    Attributes:
        low: down to here, shape (k,).
        high: up to here, shape (k,).
        width: and so wide, shape (k,).
    """

    low: FloatArray
    high: FloatArray
    width: FloatArray

    def met(self, number: int, low: float, high: float) -> bool:
        """Whether an interval is enough for the cell of this number."""
        reached = low <= self.low[number] and high >= self.high[number]
        return bool(reached and high - low >= self.width[number])


def feasible(
    tables: Tables,
    shown: BoolArray,
    cells: NDArray[np.intp],
    *,
    whole: bool = True,
    wanted: Wanted | None = None,
) -> tuple[FloatArray, FloatArray]:
    """The interval of each cell that agrees with everything shown.

    Args:
        tables: cells and relations.
        shown: which cells an outsider sees, shape (n,).
        cells: positions of the cells asked for, shape (k,).
        whole: whether the outsider knows that values are whole numbers.
        wanted: what is enough. Every table that a program finds tells a possible value of all its cells, so
            most of them need no program of their own; intervals are then at least as wide as returned.

    Returns:
        Lowest and highest feasible values, each of shape (k,); infinite where nothing bounds them.

    Raises:
        DisclosureError: the solver failed.
    """
    low, high = np.empty(len(cells)), np.empty(len(cells))
    parts = components(tables, shown)
    solvers: dict[int, _Attacker] = {}
    for number, cell in enumerate(cells):
        if shown[cell]:
            low[number] = high[number] = tables.values[cell]
            continue
        part = int(parts[cell])
        if part not in solvers:
            solvers[part] = _Attacker(tables, np.flatnonzero((parts == part) & ~shown), whole=whole)
        solver = solvers[part]
        if wanted is None:
            low[number], high[number] = solver.interval(int(cell))
        else:
            low[number], high[number] = solver.enough(int(cell), number, wanted)
    return low, high


def components(tables: Tables, shown: BoolArray) -> NDArray[np.intp]:
    """Unseen cells fall into groups that no relation joins: each is a small problem of its own."""
    links = tables.relations[:, np.flatnonzero(~shown)]
    joined = abs(links).T @ abs(links)
    _, labels = scipy.sparse.csgraph.connected_components(joined, directed=False)
    parts = np.full(len(shown), -1, dtype=np.intp)
    parts[~shown] = labels
    return parts


class _Attacker:
    """Linear programs over one group of unseen cells."""

    def __init__(self, tables: Tables, cells: NDArray[np.intp], *, whole: bool) -> None:
        columns = tables.relations[:, cells]
        rows = np.unique(columns.nonzero()[0])
        self.place = {int(cell): number for number, cell in enumerate(cells)}
        self.values = tables.values[cells]
        self.lowest, self.highest = self.values.copy(), self.values.copy()
        matrix = columns[rows, :].tocsc()
        answer = matrix @ self.values
        self.relations = scipy.optimize.LinearConstraint(matrix, answer, answer)
        self.whole = whole
        # nothing but the relations bounds a cell from above: a ceiling far beyond every true value keeps
        # the search finite, and a cell that can touch it is as good as unbounded
        self.ceiling = float(CEILING * (10 + tables.values.sum()))

    def interval(self, cell: int) -> tuple[float, float]:
        return self._extreme(cell, 1.0), self._extreme(cell, -1.0)

    def enough(self, cell: int, number: int, wanted: Wanted) -> tuple[float, float]:
        """An interval that is wide enough where there is one, from the tables found so far or new ones."""
        place = self.place[cell]
        low, high = float(self.lowest[place]), float(self.highest[place])
        if not wanted.met(number, low, high):
            low = self._extreme(cell, 1.0)
        if not wanted.met(number, low, high):
            high = self._extreme(cell, -1.0)
        return low, high

    def _extreme(self, cell: int, sign: float) -> float:
        cost = np.zeros(len(self.values))
        cost[self.place[cell]] = sign
        answer = scipy.optimize.milp(
            cost,
            constraints=[self.relations],
            bounds=scipy.optimize.Bounds(0, self.ceiling),
            integrality=np.ones(len(cost)) if self.whole else None,
            options={"node_limit": NODES},
        )
        # at the limit the best table found so far stands: the true interval can only be wider
        if answer.x is None:
            message = f"The audit's program failed: {answer.message}"
            raise DisclosureError(message)
        found = np.round(answer.x) if self.whole else answer.x
        self.lowest, self.highest = np.minimum(self.lowest, found), np.maximum(self.highest, found)
        extreme = float(answer.x[self.place[cell]])
        return np.inf if extreme >= self.ceiling / 2 else extreme
