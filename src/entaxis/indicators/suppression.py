"""What may be shown: the only place where figures are withheld, before anything is published.

Direct figures of a survey follow the rule of publication (fewer than 20 persons asked: withheld; fewer
than 50: flagged). A withheld figure could be worked out from the others – a region's total and all its
parts but one, both sexes and one of them – so further cells are withheld until nobody can enclose the
number of persons behind it, nor those among them whom a share counts, nor the others. Weighted sizes
add up along the same relations: what leaves the persons open leaves them open too. Cells that an
earlier release showed count as known. Figures of a model say nothing of a single cell's sample and are
judged by their error. Counts of registers are withheld below 5, with the same protection.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from entaxis.indicators.models import Candidate, Observation, Outcome, Reason, Release
from socialstats import disclosure
from socialstats.errors import DisclosureError, SocialStatsError

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

MINIMUM = disclosure.PublicationRule().minimum
RELATIVE_ERROR_LIMIT: Final = disclosure.ModelledRule().warn_above
HIDDEN_ALREADY = 1e-3
"""Cost of withholding what is not shown anyway, because a modelled figure stands in its place."""

NO_FAMILIES: Final[Mapping[int, str]] = MappingProxyType({})

Key = tuple[int, str]
Group = tuple[int, str]  # version and period


@dataclass
class Proof:
    """What was withheld and whether it holds, in numbers that tell no figure.

    Attributes:
        unsafe: cells withheld for what they are.
        protecting: cells withheld to protect others.
        modelled: cells that a model's figure stands in for.
        tables: tables that were protected.
        public_before: cells withheld now that an earlier release had shown.
        whole_tables: indicator version and period of tables that stay back whole, because with what is
            public already nothing of them could be shown.
    """

    unsafe: int = 0
    protecting: int = 0
    modelled: int = 0
    tables: int = 0
    public_before: int = 0
    whole_tables: list[Group] = field(default_factory=list)


def protect(
    candidates: Iterable[Candidate],
    *,
    parents: Mapping[int, int],
    shown_before: Mapping[Group, Collection[Key]],
    together: Mapping[int, str] = NO_FAMILIES,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[list[Outcome], Proof]:
    """The rows that may be published, withheld ones among them without their figures.

    Args:
        candidates: of one release.
        parents: the area above each area, within the region.
        shown_before: cells that earlier releases showed from the same sample or register, by indicator
            version and period.
        together: the family of an indicator version whose cells are withheld where those of another of the
            family are: persons, and what was paid to them.
        progress: told after each table.
    """
    groups: dict[Group, list[Candidate]] = defaultdict(list)
    for row in candidates:
        groups[row.version_id, row.period].append(row)
    protector = _Protector(parents)
    protector.proof.tables = len(groups)
    tables: dict[Group, _Table] = {}
    for number, (group, rows) in enumerate(sorted(groups.items()), start=1):
        tables[group] = protector.table(group, rows, shown_before.get(group, ()))
        progress(number, len(groups))
    _hide_together(tables, together)
    return [row for table in tables.values() for row in protector.outcomes(table)], protector.proof


@dataclass
class _Table:
    """One indicator version and period: its rows, and what of them must not be shown."""

    base: Mapping[Key, Candidate]
    every_model: Mapping[Key, Candidate]
    unsafe: frozenset[Key]
    replaced: frozenset[Key]
    hidden: frozenset[Key]


def _hide_together(tables: Mapping[Group, _Table], together: Mapping[int, str]) -> None:
    """Withhold of each table of a family what is withheld of one. More withheld protects no less."""
    families: dict[tuple[str, str], list[_Table]] = defaultdict(list)
    for (version, period), table in tables.items():
        if version in together:
            families[together[version], period].append(table)
    for family in families.values():
        hidden = frozenset[Key]().union(*(table.hidden for table in family))
        for table in family:
            table.hidden |= hidden & table.base.keys()


class _Protector:
    """Protects table after table and remembers what it found for tables with the same persons."""

    def __init__(self, parents: Mapping[int, int]) -> None:
        self.parents = parents
        self.proof = Proof()
        self._found: dict[Hashable, frozenset[Key]] = {}

    def table(self, group: Group, rows: Sequence[Candidate], before: Collection[Key]) -> _Table:
        base = {(row.area_id, row.breakdown): row for row in rows if row.kind != Candidate.MODELLED}
        every = {(row.area_id, row.breakdown): row for row in rows if row.kind == Candidate.MODELLED}
        models = {key: row for key, row in every.items() if key in base}
        replaced = frozenset(key for key, row in models.items() if _is_better(row, base[key]))
        unsafe = frozenset(key for key, row in base.items() if row.members and _is_unsafe(row))
        known = frozenset(key for key in before if key in base and key not in unsafe)
        self.proof.public_before += sum(key in before for key in unsafe)
        try:
            hidden = self._hidden(base, unsafe=unsafe, known=known, replaced=replaced)
        except SocialStatsError:
            # what is public already lets nothing more be told: the whole table stays back
            self.proof.whole_tables.append(group)
            hidden = frozenset(base)
        self.proof.unsafe += len(unsafe)
        return _Table(base, every, unsafe, replaced, hidden)

    def outcomes(self, table: _Table) -> list[Outcome]:
        """The rows of a table of which is known what must not be shown."""
        base, every, hidden = table.base, table.every_model, table.hidden
        self.proof.protecting += len(hidden - table.unsafe - table.replaced)
        made = [
            _outcome(row, every.get(key), is_hidden=key in hidden, is_replaced=key in table.replaced)
            for key, row in base.items()
        ]
        # a recipe's figure out of a modelled one stands for no cell of its own
        made += [
            _withheld(row, Reason.UNSURE) if row.flag == ":u" else _shown(row, n=None)
            for key, row in every.items()
            if key not in base
        ]
        self.proof.modelled += sum(row.is_modelled for row in made)
        return made

    def _hidden(
        self,
        base: Mapping[Key, Candidate],
        *,
        unsafe: frozenset[Key],
        known: frozenset[Key],
        replaced: frozenset[Key],
    ) -> frozenset[Key]:
        needed = {key: _needed(row) for key, row in base.items()}
        persons = {key: row.members for key, row in base.items()}
        question = (frozenset(persons.items()), frozenset(needed.items()), unsafe, known, replaced)
        if question not in self._found:
            self._found[question] = withheld(
                persons, self.parents, unsafe=unsafe, known=known, needed=needed, cheap=replaced
            )
        having = {key: row.numerator for key, row in base.items() if row.numerator is not None}
        if len(having) < len(base):
            return self._found[question]
        return with_shares(self._found[question], persons, having, self.parents, unsafe=unsafe, known=known)


def _outcome(row: Candidate, model: Candidate | None, *, is_hidden: bool, is_replaced: bool) -> Outcome:
    """The direct figure, a model's in its place, or none."""
    if model is not None and model.flag != ":u" and (is_replaced or is_hidden):
        return _shown(model, n=row.n if row.members >= MINIMUM and not is_hidden else None)
    if is_hidden or row.value is None or _is_unsafe(row):
        return _withheld(row, _reason(row, model))
    return _shown(row, n=row.n)


def taken_back(release: Release) -> tuple[list[Outcome], Proof]:
    """Of a withdrawal: a row without a figure for every one in force of the release that it takes back."""
    rows = Observation.objects.filter(
        series__release=release.supersedes_id, series__is_current=True
    ).select_related("series")
    made = [
        Outcome(
            public_id=uuid.uuid4(),
            release_id=release.pk,
            version_id=row.series.version_id,
            period=row.series.period,
            area_id=row.area_id,
            breakdown=row.breakdown,
            flag="",
            is_modelled=False,
            reason=Reason.WITHDRAWN,
        )
        for row in rows
    ]
    return made, Proof(tables=len({(row.version_id, row.period) for row in made}))


def withheld(
    persons: Mapping[Key, int],
    parents: Mapping[int, int],
    *,
    unsafe: Collection[Key],
    known: Collection[Key] = (),
    needed: Mapping[Key, int],
    cheap: Collection[Key] = (),
) -> frozenset[Key]:
    """The cells to withhold, unsafe ones and those that protect them, with the proof of `socialstats`.

    Args:
        persons: how many stand behind each cell.
        parents: the area above each area.
        unsafe: cells that must not be worked out.
        known: cells that are public already and protect nothing.
        needed: how far above and below the truth an outsider's interval must reach.
        cheap: cells that are not shown anyway.

    Raises:
        DisclosureError: nothing protects a cell.
    """
    if not unsafe:
        return frozenset()
    question = _Question(persons, parents, unsafe, known, needed, cheap)
    base, *overlapping = _pieces(persons)
    if not overlapping:
        return question.answer(base)
    try:
        hidden = question.in_pieces(base, overlapping)
    except DisclosureError:
        # rarely do the pieces leave one another no way out: then all of them at once
        return question.answer(persons)
    return question.answer(persons, already=hidden, method="given")


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
            hidden |= question.answer(persons, already=hidden, method="given")
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
            found |= alone.answer([*shown, *piece], known=shown)
        return found

    def answer(
        self, cells: Collection[Key], *, already: Collection[Key] = (), known: Collection[Key] = (),
        method: str = "quick",
    ) -> frozenset[Key]:  # fmt: skip
        """The cells to withhold among these, with a proof.

        Raises:
            DisclosureError: nothing protects a cell.
        """
        asked = {key: self.persons[key] for key in cells}
        sums, pairs = relations(asked, self.parents)
        # where nobody was asked, everybody may know it
        nobody = [key for key, number in asked.items() if not number]
        values = asked if self.having is None else self.having
        tables = disclosure.tables(
            {key: float(values[key]) for key in asked},
            sums,
            at_most=pairs,
            known=[*(key for key in self.known if key in asked), *known, *nobody],
        )
        unsafe, reach = self._unsafe(tables, list(asked))
        before = np.zeros(len(tables.keys), dtype=bool)
        before[: len(asked)] = [key in already for key in asked]
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
        differences = tables.values[len(keys) :]
        unsafe[len(keys) :] = (differences > 0) & (differences < MINIMUM_COUNT)
        reach[len(keys) :] = MINIMUM_COUNT
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


OVERLAPPING: Final = frozenset({"subgroup"})
"""Breakdowns of which one person may have several keys."""
MINIMUM_COUNT: Final = disclosure.CountRule().minimum


def relations(
    persons: Mapping[Key, int], parents: Mapping[int, int]
) -> tuple[list[tuple[Key, list[Key]]], list[tuple[Key, Key]]]:
    """Totals with the cells that add up to them, and pairs of a part and a whole where they do not.

    Areas add up to the area above for every breakdown; the keys of one breakdown (``sex=…``) to what is
    left without it (``sex=…;age=…`` to ``sex=…`` and to ``age=…``). Keys that overlap, or leave somebody
    out, are each a part of the whole.
    """
    sums: list[tuple[Key, list[Key]]] = []
    pairs: list[tuple[Key, Key]] = []
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
            if kind not in OVERLAPPING and sum(persons[part] for part in parts) == persons[whole]:
                sums.append((whole, parts))
            else:
                pairs += [(part, whole) for part in parts]
    return sums, pairs


def _conditions(breakdown: str) -> list[str]:
    """``sex=female;age=0-17`` → its two parts; of everybody none."""
    return breakdown.split(";") if "=" in breakdown else []


def _needed(row: Candidate) -> int:
    if row.kind == Candidate.COUNT:
        return max(row.members, MINIMUM_COUNT)
    return MINIMUM


def _is_unsafe(row: Candidate) -> bool:
    if row.kind == Candidate.COUNT:
        return 0 < row.members < MINIMUM_COUNT
    return row.flag == ":u"


def _is_better(model: Candidate, row: Candidate) -> bool:
    """Whether a model's figure may be shown and is surer than the sample's own, where that is unsure."""
    if model.flag == ":u":
        return False
    if row.value is None or not row.standard_error or row.flag or model.standard_error is None:
        return True
    is_thin = 100 * row.standard_error > RELATIVE_ERROR_LIMIT * abs(row.value)
    return is_thin and model.standard_error < row.standard_error


def _reason(row: Candidate, model: Candidate | None) -> Reason:
    is_unsafe = bool(row.members) and _is_unsafe(row)
    if row.kind == Candidate.COUNT:
        return Reason.SMALL_COUNT if is_unsafe else Reason.PROTECTS
    if model is not None:
        return Reason.UNSURE
    if is_unsafe:
        return Reason.SMALL_SAMPLE
    if row.note in {Reason.NO_INPUT, Reason.UNSURE}:
        return Reason(row.note)
    if row.members:
        return Reason.NOT_DEFINED if row.value is None else Reason.PROTECTS
    return Reason.NOT_DEFINED if row.note else Reason.NOBODY_ASKED


def _shown(row: Candidate, *, n: int | None) -> Outcome:
    return Outcome(
        **_place(row),
        value=row.value,
        standard_error=row.standard_error,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        n=n,
        n_effective=row.n_effective if n is not None else None,
        flag=row.flag,
        is_modelled=row.kind == Candidate.MODELLED,
        reason="",
        reported=row.reported,
        reported_of=row.reported_of,
    )


def _withheld(row: Candidate, reason: Reason) -> Outcome:
    return Outcome(**_place(row), flag="", is_modelled=False, reason=reason)


def _place(row: Candidate) -> dict[str, object]:
    return {
        "public_id": uuid.uuid4(),
        "release_id": row.release_id,
        "version_id": row.version_id,
        "period": row.period,
        "area_id": row.area_id,
        "breakdown": row.breakdown,
    }
