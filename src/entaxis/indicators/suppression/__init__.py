"""What may be shown: the only place where figures are withheld, before anything is published.

Direct figures of a survey follow the rule of publication (fewer than 20 persons asked: withheld; fewer
than 50: flagged). A withheld figure could be worked out from the others – a region's total and all its
parts but one, both sexes and one of them – so further cells are withheld until nobody can enclose the
number of persons behind it, nor those among them whom a share counts, nor the others. Weighted sizes
add up along the same relations: what leaves the persons open leaves them open too. Cells that an
earlier release showed count as known. Figures of a model say nothing of a single cell's sample and are
judged by their error. Counts of registers are withheld below 5, with the same protection.
"""

import math
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from entaxis.indicators import periods
from entaxis.indicators.breaking_down import TOTAL
from entaxis.indicators.models import Candidate, Observation, Outcome, Reason, Release
from entaxis.indicators.suppression import flows
from entaxis.indicators.suppression.questions import MINIMUM_COUNT, Key, relations, with_shares, withheld
from socialstats import disclosure
from socialstats.errors import SocialStatsError

__all__ = [
    "MINIMUM",
    "MINIMUM_COUNT",
    "Proof",
    "protect",
    "relations",
    "taken_back",
    "with_shares",
    "withheld",
]

MINIMUM = disclosure.PublicationRule().minimum
RELATIVE_ERROR_LIMIT: Final = disclosure.ModelledRule().warn_above

NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})

Group = tuple[int, str]
"""Version and period."""
Movement = tuple[int, str]
"""The version of the persons who come or go, and which of `flows.FLOWS` it is."""


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
    together: Mapping[int, str] = NOTHING,
    following: Mapping[int, str] = NOTHING,
    moving: Mapping[int, Movement] = NOTHING,
    former: Mapping[Group, Mapping[Key, int]] = NOTHING,
    withheld_before: Mapping[Group, Collection[Key]] = NOTHING,
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
        following: indicator versions that are withheld in an area where of a family the whole or an age is,
            with that family; their own cells do not add up.
        moving: indicator versions that count who came or went, with whose persons those are.
        former: persons in a month before one of these candidates' and none of theirs, by version and
            month; ``shown_before`` says which of them are public.
        withheld_before: counts that earlier releases withheld and none showed. They stay withheld: a
            correction or a late report would else show beside them what they were withheld for.
        progress: told after each table.
    """
    groups: dict[Group, list[Candidate]] = defaultdict(list)
    for row in candidates:
        groups[row.version_id, row.period].append(row)
    protector = _Protector(parents)
    protector.proof.tables = len(groups)
    tables = {
        group: protector.table(rows, shown_before.get(group, ()), withheld_before.get(group, frozenset()))
        for group, rows in groups.items()
    }
    families: dict[Hashable, dict[Group, _Table]] = defaultdict(dict)
    for group in sorted(tables):
        version, period = group
        if version not in moving and version not in following:
            families[together.get(version, version), period][group] = tables[group]
    for number, family in enumerate(families.values(), start=1):
        protector.protect(family)
        progress(number, len(families))
    protector.follow(tables, together, following)
    protector.protect_flows(tables, moving, former, shown_before)
    return [row for table in tables.values() for row in protector.outcomes(table)], protector.proof


@dataclass
class _Table:
    """One indicator version and period: its rows, and what of them must not be shown."""

    base: Mapping[Key, Candidate]
    every_model: Mapping[Key, Candidate]
    unsafe: frozenset[Key]
    known: frozenset[Key]
    replaced: frozenset[Key]
    hidden: frozenset[Key] = frozenset()


class _Protector:
    """Protects table after table and remembers what it found for tables with the same persons."""

    def __init__(self, parents: Mapping[int, int]) -> None:
        self.parents = parents
        self.proof = Proof()
        self._found: dict[Hashable, frozenset[Key]] = {}

    def table(self, rows: Sequence[Candidate], before: Collection[Key], kept: Collection[Key]) -> _Table:
        base = {(row.area_id, row.breakdown): row for row in rows if row.kind != Candidate.MODELLED}
        every = {(row.area_id, row.breakdown): row for row in rows if row.kind == Candidate.MODELLED}
        models = {key: row for key, row in every.items() if key in base}
        replaced = frozenset(key for key, row in models.items() if _is_better(row, base[key]))
        unsafe = frozenset(key for key, row in base.items() if row.members and _is_unsafe(row))
        known = frozenset(key for key in before if key in base and key not in unsafe)
        self.proof.public_before += sum(key in before for key in unsafe)
        self.proof.unsafe += len(unsafe)
        return _Table(
            base, every, unsafe, known, replaced, hidden=frozenset(kept).intersection(base) - known
        )

    def protect(self, family: Mapping[Group, _Table]) -> None:
        """Withhold of each table of a family what is withheld of one, and what would tell it.

        The smallest come first, so that the largest is seldom asked twice.
        """
        order = sorted(family.items(), key=lambda item: len(item[1].base))
        hidden = frozenset[Key]().union(*(table.hidden for table in family.values()))
        asked: set[Group] = set()
        while waiting := [
            (group, table)
            for group, table in order
            if group not in asked or not hidden.intersection(table.base) <= table.hidden
        ]:
            group, table = waiting[0]
            asked.add(group)
            self._hide(group, table, hidden.intersection(table.base))
            hidden |= table.hidden

    def _hide(self, group: Group, table: _Table, already: frozenset[Key]) -> None:
        try:
            table.hidden = already | self._hidden(table, already - table.known)
        except SocialStatsError:
            # what is public already lets nothing more be told: the whole table stays back
            self._keep_back(group, table)

    def _keep_back(self, group: Group, table: _Table) -> None:
        if group not in self.proof.whole_tables:
            self.proof.whole_tables.append(group)
        table.hidden = frozenset(table.base)

    @staticmethod
    def follow(
        tables: Mapping[Group, _Table], together: Mapping[int, str], following: Mapping[int, str]
    ) -> None:
        """Withhold what would tell numbers of persons or minors that a family withholds."""
        for (version, period), table in tables.items():
            if version not in following:
                continue
            family = [
                held
                for (other, when), held in tables.items()
                if when == period and together.get(other) == following[version]
            ]
            gone = {
                area for held in family for area, breakdown in held.hidden if _is_whole_or_age(breakdown)
            }
            table.hidden |= table.unsafe | {key for key in table.base if key[0] in gone}

    def protect_flows(
        self,
        tables: dict[Group, _Table],
        moving: Mapping[int, Movement],
        former: Mapping[Group, Mapping[Key, int]],
        shown_before: Mapping[Group, Collection[Key]],
    ) -> None:
        """Withhold who came and who went where that would tell persons, of this month or the one before.

        Of a month before which none is public nothing is told: the month before, once it is, would tell it.
        """
        together: dict[Group, dict[str, Group]] = defaultdict(dict)
        for version, period in tables:
            if version in moving:
                stock, name = moving[version]
                together[stock, period][name] = version, period
        for (stock, period), named in together.items():
            before = stock, periods.before(period)
            then = self._before(before, tables, former, shown_before)
            if then is None or (stock, period) not in tables:
                for group in named.values():
                    del tables[group]
                continue
            wanted = {**named, flows.STOCK: (stock, period)}
            self._hide_flows({name: (group, tables[group]) for name, group in wanted.items()}, then)

    @staticmethod
    def _before(
        month: Group,
        tables: Mapping[Group, _Table],
        former: Mapping[Group, Mapping[Key, int]],
        shown_before: Mapping[Group, Collection[Key]],
    ) -> "_Stock | None":
        """Persons of the month before; nothing where none of them is public."""
        if month in tables:
            return _told(tables[month])
        if month in former and shown_before.get(month):
            return former[month], former[month].keys() - shown_before[month]
        return None

    def _hide_flows(self, tables: Mapping[str, tuple[Group, _Table]], then: "_Stock") -> None:
        told = {name: _told(table) for name, (_group, table) in tables.items()} | {flows.BEFORE: then}
        month = flows.Month(
            counts={
                (name, area): number
                for name, (counts, _hidden) in told.items()
                for (area, breakdown), number in counts.items()
                if breakdown == TOTAL
            },
            hidden={
                (name, area)
                for name, (_counts, hidden) in told.items()
                for area, breakdown in hidden
                if breakdown == TOTAL
            },
            known={
                (name, area) for name in flows.FLOWS if name in tables for area, _ in tables[name][1].known
            },
        )
        try:
            gone = flows.withheld(month, self.parents)
        except SocialStatsError:
            for name, (group, table) in tables.items():
                # who came and who went is public already: then the persons stay back as well
                if name in flows.FLOWS or month.known:
                    self._keep_back(group, table)
            return
        for name in flows.FLOWS:
            if name in tables:
                tables[name][1].hidden = frozenset((area, TOTAL) for one, area in gone if one == name)

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

    def _hidden(self, table: _Table, already: frozenset[Key]) -> frozenset[Key]:
        base, unsafe, known, replaced = table.base, table.unsafe, table.known, table.replaced
        needed = {key: _needed(row) for key, row in base.items()}
        persons = {key: row.members for key, row in base.items()}
        question = (
            *(frozenset(persons.items()), frozenset(needed.items())),
            *(unsafe, known, replaced, already),
        )
        if question not in self._found:
            self._found[question] = withheld(
                persons, self.parents, unsafe=unsafe, known=known, needed=needed, cheap=replaced,
                already=already,
            )  # fmt: skip
        having = {key: row.numerator for key, row in base.items() if row.numerator is not None}
        if len(having) < len(base):
            return self._found[question]
        return with_shares(self._found[question], persons, having, self.parents, unsafe=unsafe, known=known)


def _is_whole_or_age(breakdown: str) -> bool:
    return breakdown == TOTAL or (breakdown.startswith("age=") and ";" not in breakdown)


_Stock = tuple[Mapping[Key, int], Collection[Key]]
"""Persons by cell, and which of the cells nobody outside knows."""


def _told(table: _Table) -> _Stock:
    return {key: row.members for key, row in table.base.items()}, table.hidden - table.known


def _outcome(row: Candidate, model: Candidate | None, *, is_hidden: bool, is_replaced: bool) -> Outcome:
    """The direct figure, a model's in its place, or none."""
    if model is not None and model.flag != ":u" and (is_replaced or is_hidden):
        is_open = row.members >= MINIMUM and not is_hidden
        return _shown(model, n=row.n) if is_open else _rounded(_shown(model, n=None))
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
    if row.kind == Candidate.COUNT:
        # one reason for all: who knew the cells of one to four would add them up with their neighbours
        return Reason.SMALL_COUNT
    is_unsafe = bool(row.members) and _is_unsafe(row)
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


def _rounded(outcome: Outcome) -> Outcome:
    """With two digits of its error, of figures about few: more would tell how many were asked."""
    if outcome.standard_error:
        decimals = 1 - math.floor(math.log10(outcome.standard_error))
        for name in ("standard_error", "ci_low", "ci_high"):
            number = getattr(outcome, name)
            setattr(outcome, name, None if number is None else round(number, decimals))
    return outcome


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
