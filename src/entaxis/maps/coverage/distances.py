"""From places and homes to numbers: in a straight line over land, in metres of the Greek Grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from entaxis.geography.homes import Homes, Numbers, Points, metres
from entaxis.geography.models import Area
from entaxis.maps.coverage.inputs import Subject, What
from socialstats import access

DISTANCES_KM: Final = (5, 10, 20)
ROUGH_M: Final = 100.0
"""Outlines are simplified by so much before neighbours are looked for; the reach grows by as much."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reached:
    """Municipalities in the order of the homes' codes, distances in the order of `DISTANCES_KM`."""

    within: Floats
    """Residents within each distance, shape (municipalities, distances)."""
    persons: Floats
    """Residents, shape (municipalities,)."""
    by_seat: Floats
    """1 where the seat lies within, 0 where not, NaN where its place is not known; the same shape."""
    shared: Floats
    """What residents share: Σ of persons · supply for each, the same shape."""
    is_at_least: NDArray[np.bool_]
    """Whether structures that nobody registered may lie within; the same shape."""


@dataclass(frozen=True)
class Ground:
    """Homes with what all subjects ask of them, worked out once."""

    homes: Homes
    seats: Points
    """Of the municipalities in the order of the codes, shape (m, 2); NaN where not known."""

    @cached_property
    def land(self) -> Numbers:
        """On which land each home lies."""
        return self.homes.land_of(self.homes.points)

    @cached_property
    def seat_land(self) -> Numbers:
        """On which land each seat lies; -1 where not known."""
        known = ~np.isnan(self.seats[:, 0])
        found = np.full(len(self.seats), -1, dtype=np.int64)
        found[known] = self.homes.land_of(self.seats[known])
        return found

    @cached_property
    def beside(self) -> NDArray[np.bool_]:
        """Whether a municipality has land within each distance of another, shape (m, m, distances)."""
        rough = shapely.simplify([self.homes.outlines[code] for code in self.homes.codes], ROUGH_M)
        apart = shapely.distance(rough[:, None], rough[None, :])
        return np.stack([apart <= km * 1000 + 2 * ROUGH_M for km in DISTANCES_KM], axis=2)


def ground(homes: Homes, municipalities: Sequence[Area]) -> Ground:
    """Homes with the seats of their municipalities."""
    by_code = {area.code: area.seat for area in municipalities if area.seat is not None}
    seats = np.full((len(homes.codes), 2), np.nan)
    for at, code in enumerate(homes.codes):
        if code in by_code:
            seats[at] = metres([by_code[code]])[0]
    return Ground(homes, seats)


def reached(subject: Subject, on: Ground, complete: frozenset[tuple[str, str]]) -> Reached:
    """Of one kind or service, for every municipality."""
    homes = on.homes
    places = metres([place.point for place in subject.places if place.point])
    land = homes.land_of(places)
    nearest = nearest_m(homes.points, on.land, places, land)
    limits = np.array(DISTANCES_KM) * 1000.0
    count = len(homes.codes)
    supply = np.array(subject.supply)
    shares = [
        access.floating_catchment(
            homes.persons, supply, pairs_within(homes.points, on.land, places, land, limit)
        ).access
        for limit in limits
    ]
    return Reached(
        within=access.persons_within(homes.persons, nearest, limits, homes.municipality, count),
        persons=_summed(homes, homes.persons),
        by_seat=_by_seat(on, places, land, limits),
        shared=np.column_stack([_summed(homes, homes.persons * one) for one in shares]),
        is_at_least=_at_least(subject, on, complete),
    )


def _summed(homes: Homes, values: Floats) -> Floats:
    """Σ over the points of each municipality."""
    return np.bincount(homes.municipality, values, minlength=len(homes.codes)).astype(np.float64)


def nearest_m(points: Points, point_land: Numbers, places: Points, place_land: Numbers) -> Floats:
    """Metres from each point to the nearest place on its own land; infinite without one, shape (n,)."""
    found = np.full(len(points), np.inf)
    for land in np.unique(place_land):
        here = point_land == land
        if here.any():
            found[here] = cKDTree(places[place_land == land]).query(points[here])[0]
    return found


def pairs_within(
    points: Points, point_land: Numbers, places: Points, place_land: Numbers, limit_m: float
) -> Numbers:
    """Every point with every place of its land that lies no farther than ``limit_m``, shape (pairs, 2)."""
    near = cKDTree(points).query_ball_point(places, limit_m)
    pairs = [
        np.column_stack([found, np.full(len(found), at)])
        for at, some in enumerate(near)
        if len(found := _on_land(some, point_land, place_land[at]))
    ]
    return np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=np.int64)


def _on_land(points: Sequence[int], point_land: Numbers, land: int) -> Numbers:
    found = np.asarray(points, dtype=np.int64)
    here: Numbers = found[point_land[found] == land]
    return here


def _by_seat(on: Ground, places: Points, land: Numbers, limits: Floats) -> Floats:
    known = on.seat_land >= 0
    found = np.full((len(on.seats), len(limits)), np.nan)
    far = nearest_m(on.seats[known], on.seat_land[known], places, land)
    found[known] = far[:, None] <= limits[None, :]
    return found


def _at_least(subject: Subject, on: Ground, complete: frozenset[tuple[str, str]]) -> NDArray[np.bool_]:
    """Nobody says of a service whether all who give it are registered."""
    codes = on.homes.codes
    if subject.what == What.SERVICE:
        return np.ones((len(codes), len(DISTANCES_KM)), dtype=bool)
    open_ended = np.array([(subject.key, code) not in complete for code in codes])
    found: NDArray[np.bool_] = (on.beside & open_ended[None, :, None]).any(axis=1)
    return found
