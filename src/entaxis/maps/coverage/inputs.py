"""What distances are computed from: structures with a place, who knows of how many, where residents live.

Confidential places take no part (R12): neither structures that are confidential nor kinds that are.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Final

from django.contrib.gis.geos import Point

from entaxis.directory.choices import PointQuality, ServiceStatus
from entaxis.directory.models import KindCompleteness, ServiceOffer, Structure
from entaxis.geography.models import Area
from entaxis.maps.models import CoveredSubject

What = CoveredSubject.What
METHOD: Final = 1
"""Another whenever the same inputs give other numbers."""


@dataclass(frozen=True, slots=True)
class Place:
    """One published structure."""

    kind: str
    services: frozenset[str]
    point: Point | None
    is_exact: bool
    capacity: int | None
    """The largest of its services': the same people may use several."""
    is_synthetic: bool


@dataclass(frozen=True)
class Subject:
    """A kind or a service with its structures."""

    what: CoveredSubject.What
    key: str
    places: tuple[Place, ...]
    without_point: int

    @property
    def known_capacities(self) -> list[int]:
        """Of the structures that say how many persons they have room for."""
        return [place.capacity for place in self.places if place.capacity is not None]

    @cached_property
    def usual_capacity(self) -> float | None:
        """The middle one where at least half are known; None: every structure counts as one."""
        known = self.known_capacities
        return float(median(known)) if known and 2 * len(known) >= len(self.places) else None

    @property
    def supply(self) -> list[float]:
        """Of every structure: its capacity, the usual one where it is not known, or one."""
        usual = self.usual_capacity
        if usual is None:
            return [1.0] * len(self.places)
        return [usual if place.capacity is None else float(place.capacity) for place in self.places]


@dataclass(frozen=True)
class Inputs:
    """Everything of a region, and the name of its state."""

    region: Area
    places: tuple[Place, ...]
    complete: frozenset[tuple[str, str]]
    """Kinds and municipalities of which somebody said that all structures are registered."""

    @property
    def subjects(self) -> list[Subject]:
        """Kinds, then services, that have a structure with a known place."""
        found: dict[tuple[CoveredSubject.What, str], list[Place]] = defaultdict(list)
        for place in self.places:
            found[What.KIND, place.kind].append(place)
            for service in place.services:
                found[What.SERVICE, service].append(place)
        subjects = [_subject(what, key, some) for (what, key), some in sorted(found.items())]
        return [subject for subject in subjects if subject.places]

    def state(self, of_homes: str) -> str:
        """Another whenever anything that numbers depend on is another; with the state of the homes."""
        facts = (METHOD, of_homes, sorted(map(_written, self.places)), sorted(self.complete))
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def inputs(region: Area) -> Inputs:
    """Of a region as it stands now. Three queries."""
    rows = (
        Structure.objects.of(region)
        .published()
        .placed()
        .filter(kind__is_confidential=False)
        .order_by("pk")
        .values_list("pk", "kind__key", "point", "point_quality", "is_synthetic")
    )
    offered = _offers(region)
    places = tuple(
        Place(
            kind,
            frozenset(service for service, _ in offered[pk]),
            point,
            quality == PointQuality.EXACT,
            max((persons for _, persons in offered[pk] if persons is not None), default=None),
            is_synthetic,
        )
        for pk, kind, point, quality, is_synthetic in rows
    )
    known = KindCompleteness.objects.filter(
        municipality__region=region, state=KindCompleteness.State.COMPLETE
    )
    return Inputs(region, places, frozenset(known.values_list("kind__key", "municipality__code")))


def _offers(region: Area) -> defaultdict[object, list[tuple[str, int | None]]]:
    """Services given by each structure, with their capacities."""
    rows = ServiceOffer.objects.filter(
        structure__region=region,
        structure__is_confidential=False,
        status=ServiceStatus.ACTIVE,
        service__is_retired=False,
    ).order_by("pk")
    found: defaultdict[object, list[tuple[str, int | None]]] = defaultdict(list)
    for pk, service, persons in rows.values_list("structure", "service__key", "capacity_persons"):
        found[pk].append((service, persons))
    return found


def _subject(what: CoveredSubject.What, key: str, places: Iterable[Place]) -> Subject:
    some = list(places)
    placed = tuple(place for place in some if place.point is not None)
    return Subject(what, key, placed, len(some) - len(placed))


def _written(place: Place) -> tuple[object, ...]:
    at = (round(place.point.x, 6), round(place.point.y, 6)) if place.point else ()
    return (
        place.kind,
        sorted(place.services),
        at,
        place.is_exact,
        -1 if place.capacity is None else place.capacity,
        place.is_synthetic,
    )
