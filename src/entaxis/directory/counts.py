"""Live counts (R8): structures of a kind in a municipality, a regional unit, the region – and of bodies.

A count is of structures registered so far. What it stands for is its completeness: a number beside
"complete" is all there are, beside "partial" or "unknown" it is a part, and nothing registered beside
"unknown" is not a zero but an unknown.

Confidential structures (R12) are counted at the region only, and only where they are so many that the
number tells nothing about any one of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count as CountOf

from entaxis.accounts.models import Body
from entaxis.directory.models import KindCompleteness, Structure
from entaxis.geography.models import Area, Level
from entaxis.vocabularies.models import Term, Vocabulary
from entaxis.vocabularies.queries import terms

State = KindCompleteness.State
LEAST_TOLD: Final = 3  # fewer confidential structures of a kind in a region are not counted out


@dataclass(frozen=True)
class Cell:
    """One kind in one area. ``registered`` is None where it is not told (too few confidential ones)."""

    registered: int | None
    state: str
    as_of: date | None = None

    @property
    def count(self) -> int | None:
        """The number to show: None where nothing is registered and nothing is known."""
        return None if self.registered == 0 and self.state == State.UNKNOWN else self.registered

    @property
    def is_withheld(self) -> bool:
        """Fewer than `LEAST_TOLD`, and confidential."""
        return self.registered is None

    @property
    def state_name(self) -> str:
        """Its completeness in words."""
        return str(State(self.state).label)


@dataclass(frozen=True)
class KindRow:
    """One kind through the areas of a table, then their sum."""

    kind: Term
    cells: list[tuple[Area, Cell | None]]  # None: never told finer than the region
    total: Cell


@dataclass(frozen=True)
class Line:
    """One line of the data: a kind in a municipality, or – without one – in the region only."""

    kind: Term
    municipality: Area | None
    cell: Cell


class Counts:
    """The counts of one region, read once: five queries, however large it is."""

    def __init__(self, region: Area) -> None:
        self.region = region
        inside = list(Area.objects.current().of(region).select_related("parent"))
        self.units = [area for area in inside if area.level == Level.REGIONAL_UNIT]
        self.municipalities = [area for area in inside if area.level == Level.MUNICIPALITY]
        self.kinds = list(terms(Vocabulary.Name.STRUCTURE_KINDS))
        self._placed: Counter[tuple[str, int | None]] = Counter()
        self._hidden: Counter[str] = Counter()
        self._count()
        self._known: dict[tuple[str, int], tuple[str, date]] = {
            (key, area): (state, as_of)
            for key, area, state, as_of in KindCompleteness.objects.filter(
                municipality__region=region
            ).values_list("kind__key", "municipality", "state", "as_of")
        }

    def _count(self) -> None:
        found = (
            Structure.objects.of(self.region)
            .published()
            .order_by()
            .values_list("kind__key", "municipality", "is_confidential")
            .annotate(number=CountOf("pk"))
        )
        for key, municipality, is_confidential, number in found:
            if is_confidential:
                self._hidden[key] += number
            else:
                self._placed[key, municipality] += number

    def in_municipality(self, kind: Term, municipality: Area) -> Cell | None:
        """One kind in one municipality; None for a confidential kind."""
        return self._sum(kind, [municipality])

    def in_unit(self, kind: Term, unit: Area) -> Cell | None:
        """One kind in one regional unit; None for a confidential kind."""
        return self._sum(kind, self.inside(unit))

    def in_region(self, kind: Term) -> Cell:
        """One kind in the region, with those that have no place: mobile or confidential ones."""
        placed = self._sum(kind, self.municipalities)
        hidden = self._hidden[kind.key]
        told = hidden if hidden >= LEAST_TOLD else 0
        if placed is None:
            return Cell(told or None, State.UNKNOWN)
        number = (placed.registered or 0) + self._placed[kind.key, None] + told
        return Cell(number, placed.state, placed.as_of)

    def _cell(self, kind: Term, area: Area) -> Cell | None:
        is_unit = area.level == Level.REGIONAL_UNIT
        return self.in_unit(kind, area) if is_unit else self.in_municipality(kind, area)

    def inside(self, unit: Area) -> list[Area]:
        """The municipalities of a regional unit."""
        return [area for area in self.municipalities if area.parent_id == unit.pk]

    def table(self, areas: list[Area]) -> list[KindRow]:
        """A row for each kind: its cell in each of ``areas`` (units or municipalities), then their sum.

        The sum is the region's where ``areas`` are its units.
        """
        whole = areas == self.units
        rows = []
        for kind in self.kinds:
            cells = [(area, self._cell(kind, area)) for area in areas]
            total = self.in_region(kind) if whole else self._sum(kind, areas)
            if total is not None:
                rows.append(KindRow(kind, cells, total))
        return rows

    def lines(self) -> Iterator[Line]:
        """Every kind in every municipality; what has no municipality follows at the region."""
        for kind in self.kinds:
            for municipality in self.municipalities:
                cell = self.in_municipality(kind, municipality)
                if cell is not None:
                    yield Line(kind, municipality, cell)
            rest = self._without_place(kind)
            if rest is not None:
                yield Line(kind, None, rest)

    @property
    def registered(self) -> int:
        """All structures told, of all kinds."""
        return sum(self.in_region(kind).registered or 0 for kind in self.kinds)

    def _without_place(self, kind: Term) -> Cell | None:
        whole = self.in_region(kind)
        if kind.is_confidential:
            return whole
        placed = sum(self._placed[kind.key, area.pk] for area in self.municipalities)
        number = (whole.registered or 0) - placed
        return Cell(number, State.UNKNOWN) if number else None

    def _sum(self, kind: Term, municipalities: list[Area]) -> Cell | None:
        if kind.is_confidential:
            return None
        number = sum(self._placed[kind.key, area.pk] for area in municipalities)
        known = [self._known.get((kind.key, area.pk)) for area in municipalities]
        dates = [fact[1] for fact in known if fact]
        state = _joined([fact[0] if fact else State.UNKNOWN for fact in known])
        return Cell(number, state, min(dates) if dates else None)


def counts(region: Area) -> Counts:
    """The counts of ``region`` now."""
    return Counts(region)


def _joined(states: list[str]) -> str:
    """The completeness of several areas together: whole only if each is, unknown only if each is."""
    distinct = set(states)
    if len(distinct) == 1:
        return distinct.pop()
    return State.PARTIAL if distinct else State.UNKNOWN


@dataclass(frozen=True)
class BodyCount:
    """How many bodies of a kind the region has registered."""

    kind: str
    name: str
    count: int


def bodies(region: Area) -> list[BodyCount]:
    """The bodies of ``region`` by kind, in the order of `Body.Kind`; kinds without any are left out."""
    found: dict[str, int] = defaultdict(int)
    found.update(
        Body.objects.filter(region=region).order_by().values_list("kind").annotate(number=CountOf("pk"))
    )
    return [BodyCount(kind.value, str(kind.label), found[kind]) for kind in Body.Kind if found[kind]]
