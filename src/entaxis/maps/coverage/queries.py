"""Reading stored distances. Nothing here computes."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from django.db.models import F

from entaxis.geography.models import Area
from entaxis.maps.models import CoverageRun, CoveredArea, CoveredSubject

FEW: Final = 0.05
"""Of the residents: an area where no more than so many have a structure within the distance is a desert."""
PROFILED_KM: Final = 10


def last_run(region: Area) -> CoverageRun | None:
    """The last computation of a region. One query."""
    return CoverageRun.objects.filter(region=region).first()


def subjects(run: CoverageRun) -> list[CoveredSubject]:
    """Kinds and services that were computed. One query."""
    return list(run.subjects.order_by("what", "key"))


def areas(subject: CoveredSubject, distance_km: int) -> dict[int, CoveredArea]:
    """Of one subject within one distance, by area. One query."""
    rows = subject.areas.filter(distance_km=distance_km)
    return {row.area_id: row for row in rows}


def deserts(region: Area) -> Mapping[int, frozenset[str]]:
    """By area the kinds of structure that no resident or few have within `PROFILED_KM`. One query."""
    rows = CoveredArea.objects.filter(
        subject__run__region=region,
        subject__what=CoveredSubject.What.KIND,
        distance_km=PROFILED_KM,
        within__lte=FEW * (F("within") + F("beyond")),
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for area, key in rows.values_list("area", "subject__key"):
        found[area].add(key)
    return {area: frozenset(keys) for area, keys in found.items()}
