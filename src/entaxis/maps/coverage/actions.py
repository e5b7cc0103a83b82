"""Computing the distances of a region: everything anew, in the place of what stood before."""

from collections.abc import Iterator, Sequence

import numpy as np
from django.db import transaction
from django.utils import timezone

from entaxis.geography import homes
from entaxis.geography.homes import Homes
from entaxis.geography.models import Area, Level
from entaxis.maps.coverage import distances
from entaxis.maps.coverage.distances import DISTANCES_KM, Reached
from entaxis.maps.coverage.inputs import Inputs, Subject, inputs
from entaxis.maps.models import CoverageRun, CoveredArea, CoveredSubject


def compute_coverage(*, region: Area, anew: bool = False) -> CoverageRun | None:
    """Bring the distances of ``region`` up to date; nothing is done where nothing has changed.

    None where the region has no outlines or residents; what stood there is then forgotten. ``anew``
    computes in any case.
    """
    found, of_homes = inputs(region), homes.state(region)
    ground = homes.homes(region) if of_homes else None
    if of_homes is None or ground is None or not ground.codes:
        CoverageRun.objects.filter(region=region).delete()
        return None
    held = CoverageRun.objects.filter(region=region, state=found.state(of_homes)).first()
    if held is not None and not anew:
        return held
    return _write(found, ground, found.state(of_homes))


def is_due(region: Area) -> bool:
    """Whether anything that distances were computed from is another by now. Nine queries."""
    of_homes = homes.state(region)
    held = CoverageRun.objects.filter(region=region).values_list("state", flat=True).first()
    if of_homes is None:
        return held is not None
    return held != inputs(region).state(of_homes)


@transaction.atomic
def _write(found: Inputs, ground: Homes, state: str) -> CoverageRun:
    areas = list(
        Area.objects.current()
        .of(found.region)
        .filter(level__in=(Level.MUNICIPALITY, Level.REGIONAL_UNIT))
        .order_by("code")
    )
    on = distances.ground(ground, [area for area in areas if area.level == Level.MUNICIPALITY])
    wholes = _wholes(found.region, areas, ground.codes)
    CoverageRun.objects.filter(region=found.region).delete()
    run = CoverageRun.objects.create(
        region=found.region,
        state=state,
        computed_at=timezone.now(),
        boundaries=f"{ground.boundary_set.source}, {ground.boundary_set.licence}"[:300],
        residents=ground.residents.source,
        year=ground.residents.year,
        vintage=ground.residents.vintage,
        points=len(ground.points),
        by_community=len(ground.of_communities),
        municipalities=len(ground.codes),
    )
    for subject in found.subjects:
        row = _subject(run, subject)
        reached = distances.reached(subject, on, found.complete)
        CoveredArea.objects.bulk_create(_rows(row, reached, wholes))
    return run


def _subject(run: CoverageRun, subject: Subject) -> CoveredSubject:
    return CoveredSubject.objects.create(
        run=run,
        what=subject.what,
        key=subject.key,
        structures=len(subject.places),
        without_point=subject.without_point,
        approximate=sum(not place.is_exact for place in subject.places),
        capacities=len(subject.known_capacities),
        usual_capacity=subject.usual_capacity,
        is_synthetic=any(place.is_synthetic for place in subject.places),
    )


def _wholes(region: Area, areas: Sequence[Area], codes: Sequence[str]) -> list[tuple[Area, list[int]]]:
    """Every municipality, unit and the region with the places of its municipalities among ``codes``."""
    at = {code: place for place, code in enumerate(codes)}
    inside = [area for area in areas if area.level == Level.MUNICIPALITY and area.code in at]
    units = [area for area in areas if area.level == Level.REGIONAL_UNIT]
    found = [(area, [at[area.code]]) for area in inside]
    found += [(unit, [at[one.code] for one in inside if one.parent_id == unit.pk]) for unit in units]
    found.append((region, [at[one.code] for one in inside]))
    return [(area, places) for area, places in found if places]


def _rows(
    subject: CoveredSubject, reached: Reached, wholes: Sequence[tuple[Area, list[int]]]
) -> Iterator[CoveredArea]:
    for area, places in wholes:
        persons = reached.persons[places]
        for column, km in enumerate(DISTANCES_KM):
            within = reached.within[places, column].sum()
            by_seat = (reached.by_seat[places, column] * persons).sum()
            yield CoveredArea(
                subject=subject,
                area=area,
                distance_km=km,
                within=within,
                beyond=max(persons.sum() - within, 0.0) if not _is_all(reached, places, column) else 0.0,
                within_by_seat=None if np.isnan(by_seat) else by_seat,
                supply=reached.shared[places, column].sum() / persons.sum(),
                is_at_least=bool(reached.is_at_least[places, column].any()),
            )


def _is_all(reached: Reached, places: list[int], column: int) -> bool:
    """Whether nobody is left out, but for what adding parts of persons loses."""
    return bool(np.allclose(reached.within[places, column], reached.persons[places], rtol=1e-9))
