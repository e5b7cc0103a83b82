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


class Witnesses:
    """Tables that programs found: each fits everything shown, wherever it differs from the true one unseen.

    A table that tells one cell's extreme says something of all its cells, and holds under every pattern
    that hides those in which it differs: most cells of the next pattern then need no program of their own.
    Where a table differs by *d*, the true one less *d* is another if nothing falls below nought.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._columns = tables.relations.tocsc()
        self._cells: list[NDArray[np.intp]] = []
        self._moves: list[FloatArray] = []
        self._whole: list[bool] = []

    def add(self, cells: NDArray[np.intp], moves: FloatArray) -> None:
        """A table by the cells in which it differs and by how much; checked against every relation."""
        for move in (moves, -moves):
            self._keep(cells, move)

    def learn(self, other: "Witnesses") -> None:
        """What was found for a part of these tables, where it holds for them too.

        Cells are the same by their keys; differences, which each part has of its own, are formed anew.
        """
        number = int((~self.tables.hidden).sum())
        place = {key: at for at, key in enumerate(self.tables.keys[:number])}
        # the last relations are those of the differences, in their order
        lines = self.tables.relations[
            self.tables.relations.shape[0] - int(self.tables.hidden.sum()) :, :number
        ]
        for cells, moves in zip(other._cells, other._moves, strict=True):
            move = np.zeros(len(self.tables.keys))
            for cell, amount in zip(cells, moves, strict=True):
                if not other.tables.hidden[cell]:
                    move[place[other.tables.keys[cell]]] = amount
            move[number:] = lines @ move[:number]
            self._keep(np.arange(len(move)), move)

    def _keep(self, cells: NDArray[np.intp], moves: FloatArray) -> None:
        rounded = np.round(moves)
        is_whole = bool((np.abs(moves - rounded) <= SLACK).all())
        moves = rounded if is_whole else moves
        moved = np.flatnonzero(moves)
        cells, moves = cells[moved], moves[moved]
        gap = np.abs(self._columns[:, cells] @ moves).max(initial=0.0)
        if gap <= (0 if is_whole else SLACK) and (self.tables.values[cells] + moves >= 0).all():
            self._cells.append(cells)
            self._moves.append(moves)
            self._whole.append(is_whole)

    def reach(self, shown: BoolArray, *, whole: bool) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest value of every cell in the tables that fit a pattern, shape (n,) each."""
        low, high = self.tables.values.copy(), self.tables.values.copy()
        if not self._cells:
            return low, high
        sizes = np.array([len(cells) for cells in self._cells])
        cells, moves = np.concatenate(self._cells), np.concatenate(self._moves)
        owner = np.repeat(np.arange(len(sizes)), sizes)
        fits = np.bincount(owner, weights=shown[cells], minlength=len(sizes)) == 0
        if whole:
            fits &= np.array(self._whole)
        taken = fits[owner]
        cells, found = cells[taken], self.tables.values[cells[taken]] + moves[taken]
        np.minimum.at(low, cells, found)
        np.maximum.at(high, cells, found)
        return low, high


def feasible(
    tables: Tables,
    shown: BoolArray,
    cells: NDArray[np.intp],
    *,
    whole: bool = True,
    wanted: Wanted | None = None,
    witnesses: Witnesses | None = None,
    is_first_miss_enough: bool = False,
) -> tuple[FloatArray, FloatArray]:
    """The interval of each cell that agrees with everything shown.

    Args:
        tables: cells and relations.
        shown: which cells an outsider sees, shape (n,).
        cells: positions of the cells asked for, shape (k,).
        whole: whether the outsider knows that values are whole numbers.
        wanted: what is enough. Every table that a program finds tells a possible value of all its cells, so
            most of them need no program of their own; intervals are then at least as wide as returned.
        witnesses: tables found before, for ``wanted``; those found now are added.
        is_first_miss_enough: whether cells behind the first that misses what is wanted are left out.

    Returns:
        Lowest and highest feasible values, each of shape (k,); infinite where nothing bounds them.

    Raises:
        DisclosureError: the solver failed.
    """
    low, high = tables.values[cells].copy(), tables.values[cells].copy()
    parts = components(tables, shown)
    held = witnesses or Witnesses(tables)
    lowest, highest = held.reach(shown, whole=whole)
    solvers: dict[int, _Attacker] = {}
    for number, cell in enumerate(cells):
        if shown[cell]:
            continue
        if wanted is not None and wanted.met(number, lowest[cell], highest[cell]):
            low[number], high[number] = lowest[cell], highest[cell]
            continue
        part = int(parts[cell])
        if part not in solvers:
            inside = np.flatnonzero((parts == part) & ~shown)
            solvers[part] = _Attacker(tables, inside, (lowest, highest), held, whole=whole)
        solver = solvers[part]
        if wanted is None:
            low[number], high[number] = solver.interval(int(cell))
            continue
        low[number], high[number] = solver.enough(int(cell), number, wanted)
        if is_first_miss_enough and not wanted.met(number, low[number], high[number]):
            break
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
    """Linear programs over one group of unseen cells.

    Attributes:
        reached: lowest and highest value of every cell in the tables found so far.
    """

    def __init__(
        self,
        tables: Tables,
        cells: NDArray[np.intp],
        reached: tuple[FloatArray, FloatArray],
        witnesses: Witnesses,
        *,
        whole: bool,
    ) -> None:
        columns = tables.relations[:, cells]
        rows = np.unique(columns.nonzero()[0])
        self.place = {int(cell): number for number, cell in enumerate(cells)}
        self.cells, self.values = cells, tables.values[cells]
        self.lowest, self.highest = reached
        self.witnesses = witnesses
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
        low, high = float(self.lowest[cell]), float(self.highest[cell])
        if not wanted.met(number, low, high):
            low = self._extreme(cell, 1.0)
        if not wanted.met(number, low, high):
            high = self._extreme(cell, -1.0)
        return low, high

    def _extreme(self, cell: int, sign: float) -> float:
        cost = np.zeros(len(self.values))
        cost[self.place[cell]] = sign
        found = self._solved(cost, whole=False)
        if self.whole and (np.abs(found - np.round(found)) > SLACK).any():
            found = self._solved(cost, whole=True)
        found = np.round(found) if self.whole else found
        self.witnesses.add(self.cells, found - self.values)
        self.lowest[self.cells] = np.minimum(self.lowest[self.cells], found)
        self.highest[self.cells] = np.maximum(self.highest[self.cells], found)
        extreme = float(found[self.place[cell]])
        return np.inf if extreme >= self.ceiling / 2 else extreme

    def _solved(self, cost: FloatArray, *, whole: bool) -> FloatArray:
        """The table of least cost; where it is whole by itself, no search for whole ones is needed."""
        answer = scipy.optimize.milp(
            cost,
            constraints=[self.relations],
            bounds=scipy.optimize.Bounds(0, self.ceiling),
            integrality=np.ones(len(cost)) if whole else None,
            options={"node_limit": NODES},
        )
        # at the limit the best table found so far stands: the true interval can only be wider
        if answer.x is None:
            message = f"The audit's program failed: {answer.message}"
            raise DisclosureError(message)
        found: FloatArray = answer.x
        return found
