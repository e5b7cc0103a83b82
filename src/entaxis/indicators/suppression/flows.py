"""Who came and who went, beside who was there: the persons of two months tell the difference.

Persons now and those who went are as many as persons before and those who came. A withheld number of
persons would follow from the other three, so the four are protected as one table.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from entaxis.indicators.suppression.questions import MINIMUM_COUNT, relations
from socialstats import disclosure

STOCK, BEFORE, ENTRIES, EXITS = "stock", "before", "entries", "exits"
FLOWS: Final = (ENTRIES, EXITS)
NAMES: Final = (STOCK, BEFORE, ENTRIES, EXITS)

Cell = tuple[str, int]
"""One of `NAMES` and an area."""


@dataclass(frozen=True)
class Month:
    """What is told of everybody in each area, in one month.

    Attributes:
        counts: stock, stock of the month before, entries and exits.
        hidden: cells that are withheld whatever else is: stocks of either month above all.
        known: entries and exits that are public already.
    """

    counts: Mapping[Cell, int]
    hidden: Collection[Cell]
    known: Collection[Cell] = ()


def withheld(month: Month, parents: Mapping[int, int]) -> frozenset[Cell]:
    """The entries and exits to withhold, so that neither they nor a withheld stock can be worked out.

    Where the persons of both months are shown, their difference tells the fewest who can have come: of a
    small number is kept what those two leave open. Somebody who moved from one municipality to another
    neither came nor went: an outsider is held to know of the areas where that happened to nobody.

    Raises:
        DisclosureError: what is public already tells a cell.
    """
    counts, cells = month.counts, list(month.counts)
    tables = _tables(month, parents)
    size = np.array([counts[cell] for cell in cells], dtype=float)
    is_hidden = np.array([cell in month.hidden for cell in cells])
    is_flow = np.array([cell[0] in FLOWS for cell in cells])
    # of persons that are withheld, large or small, a part may be small that only they hide
    unsafe = np.flatnonzero((size > 0) & (is_hidden | is_flow & (size < MINIMUM_COUNT)))
    below, above = (np.full(len(tables.keys), float(MINIMUM_COUNT)) for _ in range(2))
    by_stocks = tables.fixed & [key not in month.known for key in tables.keys]
    low, high = disclosure.feasible(tables, by_stocks, unsafe)
    below[unsafe] = np.minimum(below[unsafe], size[unsafe] - low)
    above[unsafe] = np.minimum(above[unsafe], high - size[unsafe])
    is_unsafe, already = np.zeros((2, len(tables.keys)), dtype=bool)
    is_unsafe[unsafe] = True
    already[: len(cells)] = is_hidden
    found = disclosure.suppress(
        tables, is_unsafe, below, above, method="quick", whole=True, secondary_width=1.0, exact=False,
        already=already,
    )  # fmt: skip
    return frozenset(cell for at, cell in enumerate(cells) if cell[0] in FLOWS and not found.shown[at])


def _tables(month: Month, parents: Mapping[int, int]) -> disclosure.Tables:
    """All four measures of every area, with what ties them; the cells stand first, in their order."""
    counts = month.counts
    areas = {area for _name, area in counts}
    moved = {area: _moved(counts, area) for area in areas if all((name, area) in counts for name in NAMES)}
    sums, partial = [], []
    for name in NAMES:
        inside = {(area, name): number for (one, area), number in counts.items() if one == name}
        holds = relations(inside, parents)
        sums += [_of(total, parts) for total, parts in holds.sums]
        partial += [_of(total, parts) for total, parts in holds.leaving_out]
    for area in moved:  # the others stayed
        partial += [((STOCK, area), [(ENTRIES, area)]), ((BEFORE, area), [(EXITS, area)])]
    stays = [cell for cell in counts if cell[0] not in FLOWS and cell not in month.hidden]
    return disclosure.tables(
        {**counts, **{("moved", area): abs(number) for area, number in moved.items()}},
        sums,
        leaving_out=partial,
        balances=[_balance(area, number) for area, number in moved.items()],
        known=[*stays, *month.known, *(("moved", area) for area, number in moved.items() if not number)],
    )


def _moved(counts: Mapping[Cell, int], area: int) -> int:
    """How many more moved in than out, of those who had it in both months."""
    came, went = counts[BEFORE, area] + counts[ENTRIES, area], counts[STOCK, area] + counts[EXITS, area]
    return went - came


def _balance(area: int, moved: int) -> tuple[list[Cell], list[Cell]]:
    now, then = [(STOCK, area), (EXITS, area)], [(BEFORE, area), (ENTRIES, area)]
    (then if moved > 0 else now).append(("moved", area))
    return now, then


def _of(total: tuple[int, str], parts: list[tuple[int, str]]) -> tuple[Cell, list[Cell]]:
    """Relations of one measure, with its name."""
    return total[::-1], [part[::-1] for part in parts]
