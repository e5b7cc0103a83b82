"""Structures by kind in an area, beside areas of its size: what is registered, for how many residents.

What is not known stays so: a peer of which nobody has said how many there are takes no part in the
middle value, and a middle value over part of the peers says over how many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from django.utils.translation import gettext as _

from entaxis.directory.counts import Cell, Counts, counts
from entaxis.directory.models import KindCompleteness, Structure
from entaxis.geography import queries as geography
from entaxis.geography.models import Area, Level
from entaxis.geography.queries import Residents
from entaxis.maps.structures import PER, written
from entaxis.vocabularies.models import Term

PEERS: Final = 5
"""As many municipalities nearest in residents; of regional units all others of the region."""


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind: here, and the middle rate of the peers where it is known."""

    kind: Term
    cell: Cell
    rate: float | None
    peers_rate: float | None
    peers_known: int

    @property
    def count_written(self) -> str:
        """The number registered, or that there are at least so many; empty where nothing is known."""
        return "" if self.cell.count is None else self._written(str(self.cell.count))

    @property
    def rate_written(self) -> str:
        """Structures per 10,000 residents; at least so many where not all are registered."""
        return "" if self.rate is None else self._written(written(self.rate))

    def _written(self, number: str) -> str:
        return _("at least %(number)s") % {"number": number} if self.is_partial else number

    @property
    def peers_written(self) -> str:
        """The middle rate of the peers."""
        return "" if self.peers_rate is None else written(self.peers_rate)

    @property
    def is_partial(self) -> bool:
        """At least so many."""
        return self.cell.count is not None and self.cell.state != KindCompleteness.State.COMPLETE


@dataclass(frozen=True, slots=True)
class PeerTable:
    """The kinds of an area; ``areas`` are all of its level, itself among them."""

    lines: Sequence[KindLine]
    peers: Sequence[Area]
    areas: Sequence[Area]
    persons: int | None
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """What every area of a region is compared in."""

    counts: Counts
    residents: Residents | None
    is_synthetic: bool


def registered(region: Area) -> Registered:
    """Of a region: structures and residents of all its areas."""
    is_synthetic = Structure.objects.of(region).filter(is_synthetic=True).exists()
    return Registered(counts(region), geography.residents(region), is_synthetic)


def peer_table(area: Area, held: Registered) -> PeerTable:
    """Of an area; a region has no peers in its own region. No query."""
    found = held.counts
    persons = _persons(found, held.residents.persons if held.residents else {})
    areas = found.units if area.level == Level.REGIONAL_UNIT else found.municipalities
    peers = _peers(area, areas, persons)
    kinds = [kind for kind in found.kinds if not kind.is_confidential]
    lines = [_line(found, kind, area, peers, persons) for kind in kinds]
    return PeerTable(lines, peers, areas, persons.get(area.pk), held.is_synthetic)


def _persons(found: Counts, of_municipality: Mapping[str, int]) -> dict[int, int]:
    """Residents by area; of a unit or region only where every municipality's are known."""
    known = {
        area.pk: of_municipality[area.code] for area in found.municipalities if area.code in of_municipality
    }
    wholes = [(unit, found.inside(unit)) for unit in found.units] + [(found.region, found.municipalities)]
    for whole, inside in wholes:
        if inside and all(area.pk in known for area in inside):
            known[whole.pk] = sum(known[area.pk] for area in inside)
    return known


def _peers(area: Area, areas: Sequence[Area], persons: Mapping[int, int]) -> list[Area]:
    others = [one for one in areas if one.pk != area.pk and one.pk in persons]
    if area.level == Level.REGION or area.pk not in persons:
        return []
    if area.level == Level.REGIONAL_UNIT:
        return others
    size = persons[area.pk]
    return sorted(others, key=lambda one: (abs(persons[one.pk] - size), one.code))[:PEERS]


def _line(
    found: Counts, kind: Term, area: Area, peers: Sequence[Area], persons: Mapping[int, int]
) -> KindLine:
    cell = _cell(found, kind, area)
    rates = [_rate(_cell(found, kind, peer), persons.get(peer.pk)) for peer in peers]
    known = [rate for rate in rates if rate is not None]
    return KindLine(
        kind, cell, _rate(cell, persons.get(area.pk)), median(known) if known else None, len(known)
    )


def _cell(found: Counts, kind: Term, area: Area) -> Cell:
    match area.level:
        case Level.REGION:
            return found.in_region(kind)
        case Level.REGIONAL_UNIT:
            cell = found.in_unit(kind, area)
        case _:
            cell = found.in_municipality(kind, area)
    return cell or Cell(0, KindCompleteness.State.UNKNOWN)


def _rate(cell: Cell, persons: int | None) -> float | None:
    """None also of a nought that is only "at least": as a rate it would read as none."""
    is_open = not cell.count and cell.state != KindCompleteness.State.COMPLETE
    return None if cell.count is None or is_open or not persons else cell.count * PER / persons
