"""What other rooms ask of geography."""

from dataclasses import dataclass

from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from entaxis.core import greek
from entaxis.geography.models import Area, BoundarySet, Level, Outline, PlaceName, Population

# --- outlines -------------------------------------------------------------------------------------


def active_boundaries(region: Area) -> BoundarySet | None:
    """The outlines in force in ``region``."""
    return BoundarySet.objects.filter(region=region, is_active=True).first()


def extent(region: Area) -> tuple[float, float, float, float] | None:
    """West, south, east and north of the outlines in force, in degrees."""
    drawn = Outline.objects.filter(boundary_set__region=region, boundary_set__is_active=True)
    found: tuple[float, float, float, float] | None = drawn.aggregate(whole=Extent("display"))["whole"]
    return found


def municipality_at(point: Point, *, region: Area | None = None) -> Area | None:
    """The municipality in which ``point`` (EPSG:4326) lies; None in the sea or outside.

    A point that no outline holds, but that lies no farther from one than the lines are accurate (a
    quay outside a generalised coast), belongs to the nearest.
    """
    outlines = Outline.objects.filter(boundary_set__is_active=True).select_related("area", "boundary_set")
    if region is not None:
        outlines = outlines.filter(boundary_set__region=region)
    inside = outlines.filter(geometry__intersects=point).order_by("area__code").first()
    if inside is not None:
        return inside.area
    degrees = 0.05  # no line is accepted that is less accurate than about 4 km
    near = (
        outlines.filter(geometry__dwithin=(point, degrees))
        .annotate(distance=Distance("geometry", point))
        .order_by("distance")
        .first()
    )
    if near is not None and near.distance.m <= near.boundary_set.accuracy_m:
        return near.area
    return None


def may_lie_in(point: Point, municipality: Area) -> bool | None:
    """Whether ``point`` lies in ``municipality`` as far as the lines are accurate; None if undrawn."""
    outline = (
        Outline.objects.filter(boundary_set__is_active=True, area=municipality)
        .annotate(distance=Distance("geometry", point))
        .select_related("boundary_set")
        .first()
    )
    return None if outline is None else outline.distance.m <= outline.boundary_set.accuracy_m


# --- residents ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Residents:
    """Residents of a region's municipalities at one census, in one vintage."""

    year: int
    vintage: str
    source: str
    persons: dict[str, int]
    """By code of municipality."""

    @property
    def vintage_name(self) -> str:
        """The vintage in the reader's language."""
        return str(Population.Vintage(self.vintage).label)

    @property
    def is_provisional(self) -> bool:
        """Whether the census may still change the figures."""
        return self.vintage == Population.Vintage.PROVISIONAL


def residents(region: Area, year: int | None = None) -> Residents | None:
    """The residents at the census of ``year`` (the latest held); None where none is held."""
    rows = Population.objects.filter(area__region=region, area__level=Level.MUNICIPALITY)
    held = rows.filter(year=year) if year else rows
    latest = held.order_by("-year").values_list("year", "vintage", "source").first()
    if latest is None:
        return None
    of_census = rows.filter(year=latest[0], vintage=latest[1])
    return Residents(*latest, dict(of_census.values_list("area__code", "persons")))


# --- place names ----------------------------------------------------------------------------------

LIKE_ENOUGH = 0.62
CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a typed text may mean. ``likeness`` is 1 for the name itself."""

    name: str
    area: Area
    kind: str
    point: Point | None
    likeness: float

    @property
    def municipality(self) -> Area | None:
        """The municipality in which the place lies; None for a regional unit."""
        if self.area.level == Level.MUNICIPALITY:
            return self.area
        return self.area.parent if self.area.level == Level.COMMUNITY else None


def places_like(text: str, region: Area, *, limit: int = 8) -> list[Place]:
    """Places of ``region`` whose name sounds like ``text``, likest first, each area once.

    Accents, case, endings, Greeklish and a typing error are forgiven.
    """
    sound, stem = greek.sound(text)[:100], greek.stem(text)[:100]
    if len(sound) < 2:
        return []
    names = (
        PlaceName.objects.filter(region=region)
        .filter(Q(sound__trigram_similar=sound) | Q(sound__startswith=sound) | Q(stem=stem))
        .annotate(similarity=TrigramSimilarity("sound", sound))
        .order_by("-similarity", "pk")
        .select_related("area__parent")[:CANDIDATES]
    )
    likest: dict[int, tuple[float, PlaceName]] = {}
    for name in names:
        likeness = _likeness(name, sound, stem)
        if likeness >= LIKE_ENOUGH and likeness > likest.get(name.area_id, (0.0, name))[0]:
            likest[name.area_id] = (likeness, name)
    ranked = sorted(likest.values(), key=lambda pair: (-pair[0], _rank(pair[1]), pair[1].area.code))
    return [_place(name, likeness) for likeness, name in ranked[:limit]]


def _likeness(name: PlaceName, sound: str, stem: str) -> float:
    if name.sound == sound:
        return 1.0
    if name.stem == stem:
        return 0.97
    whole: float = DamerauLevenshtein.normalized_similarity(name.sound, sound)
    if name.sound.startswith(sound) and len(sound) >= 3:
        return max(0.9, whole)
    if len(sound) >= 4 and sound in name.sound.split():
        return max(0.88, whole)
    return max(whole, 0.9 * fuzz.token_sort_ratio(name.sound, sound) / 100)


def _rank(name: PlaceName) -> int:
    """Of equally like names a town or municipality comes before a unit, and that before a village."""
    return [
        PlaceName.Kind.SEAT,
        PlaceName.Kind.MUNICIPALITY,
        PlaceName.Kind.REGIONAL_UNIT,
        PlaceName.Kind.COMMUNITY,
    ].index(PlaceName.Kind(name.kind))


def _place(name: PlaceName, likeness: float) -> Place:
    area = name.area
    shown = area.seat_el if name.kind == PlaceName.Kind.SEAT else area.name
    return Place(shown, area, name.kind, name.point, round(likeness, 3))
