"""Which cells are withheld so that no unsafe one can be worked out, with the proof of `socialstats`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import numpy as np

from socialstats import disclosure
from socialstats.errors import DisclosureError

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

OVERLAPPING: Final = frozenset({"subgroup"})
"""Breakdowns of which one person may have several keys."""
MINIMUM_COUNT: Final = disclosure.CountRule().minimum
HIDDEN_ALREADY: Final = 1e-3
"""Cost of withholding what is not shown anyway, because a modelled figure stands in its place."""

Key = tuple[int, str]
"""Area and breakdown."""


def withheld(
    persons: Mapping[Key, int],
    parents: Mapping[int, int],
    *,
    unsafe: Collection[Key],
    known: Collection[Key] = (),
    needed: Mapping[Key, int],
    cheap: Collection[Key] = (),
    already: Collection[Key] = (),
) -> frozenset[Key]:
    """The cells to withhold, unsafe ones and those that protect them, with the proof of `socialstats`.

    Args:
        persons: how many stand behind each cell.
        parents: the area above each area.
        unsafe: cells that must not be worked out.
        known: cells that are public already and protect nothing.
        needed: how far above and below the truth an outsider's interval must reach.
        cheap: cells that are not shown anyway.
        already: cells that are withheld for another reason and must not be worked out either.

    Raises:
        DisclosureError: nothing protects a cell.
    """
    question = _Question(persons, parents, unsafe, known, needed, cheap, already=frozenset(already))
    base, *overlapping = _pieces(persons)
    if not overlapping:
        return question.answer(base)
    try:
        hidden = question.in_pieces(base, overlapping)
    except DisclosureError:
        # rarely do the pieces leave one another no way out: then all of them at once
        return question.answer(persons)
    return question.answer(persons, hidden=hidden, method="given")


def with_shares(
    hidden: frozenset[Key],
    persons: Mapping[Key, int],
    having: Mapping[Key, int],
    parents: Mapping[int, int],
    *,
    unsafe: Collection[Key],
    known: Collection[Key] = (),
) -> frozenset[Key]:
    """The cells to withhold so that nobody learns how many of a small cell have what is counted.

    Persons may stay open while those among them who are poor do not: where all the poor stand in cells
    that are shown, the others have none. Both they and the rest must leave room for one more and, where
    there are any, for one fewer, even for somebody who knows these numbers of every cell that is shown.

    Args:
        hidden: the cells that are withheld already.
        persons: how many stand behind each cell.
        having: how many of them have what the share counts.
        parents: the area above each area.
        unsafe: cells that must not be worked out.
        known: cells that are public already.

    Raises:
        DisclosureError: nothing protects a cell.
    """
    rest = {key: persons[key] - number for key, number in having.items()}
    for part in (having, rest):
        if unsafe and any(part.values()):
            question = _Question(persons, parents, unsafe, known, dict.fromkeys(persons, 1), (), part)
            hidden |= question.answer(persons, hidden=hidden, method="given")
    return hidden


@dataclass(frozen=True)
class _Question:
    """What is to be protected, see `withheld`; asked of all cells or of some."""

    persons: Mapping[Key, int]
    parents: Mapping[int, int]
    unsafe: Collection[Key]
    known: Collection[Key]
    needed: Mapping[Key, int]
    cheap: Collection[Key]
    having: Mapping[Key, int] | None = None
    """Where it is asked about those among the persons who have something: how many they are."""
    already: frozenset[Key] = frozenset()
    seen: list[disclosure.Witnesses] = field(default_factory=list)
    """What was found for some of the cells and helps with all of them."""

    def in_pieces(self, base: Collection[Key], overlapping: Sequence[Collection[Key]]) -> frozenset[Key]:
        """First what adds up, then each overlapping group below what is shown of it, as if it were alone.

        What binds the groups to each other and to hidden totals is left to the proof over everything.
        """
        found = hidden = self.answer(base)
        for piece in overlapping:
            wholes = {_without_group(key) for key in piece}
            shown = [key for key in base if key in wholes and key not in hidden]
            alone = replace(self, unsafe=[key for key in piece if key in self.unsafe])
            try:
                found |= alone.answer([*shown, *piece], known=shown)
            except DisclosureError:
                # a part hardly smaller than its whole cannot be hidden below it: the whole goes with it
                found |= alone.answer([*shown, *piece])
                hidden |= self.answer(base, hidden=found.intersection(base))
                found |= hidden
        return found

    def answer(
        self, cells: Collection[Key], *, hidden: Collection[Key] = (), known: Collection[Key] = (),
        method: str = "quick",
    ) -> frozenset[Key]:  # fmt: skip
        """The cells to withhold among these, with those that are ``hidden`` anyway, with a proof.

        Raises:
            DisclosureError: nothing protects a cell.
        """
        asked = {key: self.persons[key] for key in cells}
        holds = relations(asked, self.parents)
        # where nobody was asked, everybody may know it
        nobody = [key for key, number in asked.items() if not number and key not in self.already]
        values = asked if self.having is None else self.having
        tables = disclosure.tables(
            {key: float(values[key]) for key in asked},
            holds.sums,
            at_most=holds.at_most,
            leaving_out=holds.leaving_out,
            known=[*(key for key in self.known if key in asked), *known, *nobody],
        )
        unsafe, reach = self._unsafe(tables, list(asked))
        before = np.zeros(len(tables.keys), dtype=bool)
        before[: len(asked)] = [key in hidden or key in self.already for key in asked]
        found = disclosure.suppress(
            tables, unsafe, reach, reach, method=method, cost=self._cost(tables, list(asked)), whole=True,
            secondary_width=1.0 if self.having is None else 0.0, already=before, exact=False,
            seen=self.seen if method == "given" else (),
        )  # fmt: skip
        self.seen.append(found.witnesses)
        gone = ~found.shown[: len(asked)]
        return frozenset(key for key, is_gone in zip(asked, gone, strict=True) if is_gone)

    def _unsafe(self, tables: disclosure.Tables, keys: list[Key]) -> tuple[Bools, Floats]:
        """Unsafe cells and how far their intervals must reach; the keys stand first in the tables."""
        unsafe, reach = np.zeros(len(tables.keys), dtype=bool), np.zeros(len(tables.keys))
        unsafe[: len(keys)] = [key in self.unsafe for key in keys]
        reach[: len(keys)] = [self.needed[key] for key in keys]
        if self.having is not None:
            return unsafe, reach
        # a difference of overlapping cells is as telling as a cell
        differences = tables.hidden & ~tables.left_out
        unsafe |= differences & (tables.values > 0) & (tables.values < MINIMUM_COUNT)
        reach[differences] = MINIMUM_COUNT
        return unsafe, reach

    def _cost(self, tables: disclosure.Tables, keys: list[Key]) -> Floats:
        cost = 1 + np.log1p(tables.values)
        cost[[at for at, key in enumerate(keys) if key in self.cheap]] = HIDDEN_ALREADY
        return cost


def _without_group(key: Key) -> Key:
    """Of everybody in a group: everybody."""
    area, breakdown = key
    return area, ";".join(one for one in _conditions(breakdown) if not _overlaps(one)) or "total"


def _overlaps(condition: str) -> bool:
    return condition.partition("=")[0] in OVERLAPPING


def _pieces(persons: Mapping[Key, int]) -> list[list[Key]]:
    """The cells that stand in no overlapping group, then those of each group."""
    pieces: dict[str, list[Key]] = {"": []}
    for key in persons:
        inside = [part for part in _conditions(key[1]) if _overlaps(part)]
        pieces.setdefault(inside[0] if inside else "", []).append(key)
    return list(pieces.values())


class Relations(NamedTuple):
    """What holds between cells.

    Attributes:
        sums: totals with the cells that add up to them.
        at_most: pairs of a part and a whole where the parts overlap, or leave somebody out.
        leaving_out: totals with parts that leave somebody out, whose age nobody knows, or hold somebody
            twice, who stands in two municipalities.
    """

    sums: list[tuple[Key, list[Key]]]
    at_most: list[tuple[Key, Key]]
    leaving_out: list[tuple[Key, list[Key]]]


def relations(persons: Mapping[Key, int], parents: Mapping[int, int]) -> Relations:
    """What an outsider knows to hold between cells.

    Areas add up to the area above for every breakdown; the keys of one breakdown (``sex=…``) to what is
    left without it (``sex=…;age=…`` to ``sex=…`` and to ``age=…``). Keys that overlap, or leave somebody
    out, are each a part of the whole; those that are no sub-groups differ from it together by a few.
    """
    found = Relations([], [], [])
    families: dict[Key, dict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for area, breakdown in persons:
        if area in parents and (parents[area], breakdown) in persons:
            families[parents[area], breakdown]["areas"].append((area, breakdown))
        conditions = _conditions(breakdown)
        for part in conditions:
            whole = (area, ";".join(one for one in conditions if one != part) or "total")
            if whole in persons:
                families[whole][part.partition("=")[0]].append((area, breakdown))
    for whole, kinds in families.items():
        for kind, parts in kinds.items():
            left = persons[whole] - sum(persons[part] for part in parts)
            if kind not in OVERLAPPING and not left:
                found.sums.append((whole, parts))
                continue
            # of a part larger than its whole nothing holds: the checks name it, and a person decides
            found.at_most.extend((part, whole) for part in parts if persons[part] <= persons[whole])
            if kind not in OVERLAPPING:
                found.leaving_out.append((whole, parts))
    return found


def _conditions(breakdown: str) -> list[str]:
    """``sex=female;age=0-17`` → its two parts; of everybody none."""
    return breakdown.split(";") if "=" in breakdown else []
