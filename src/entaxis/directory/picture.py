"""A small picture of where a structure lies in its municipality: our own lines, no map from elsewhere."""

from math import cos, radians

from django.contrib.gis.geos import MultiPolygon, Point
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from entaxis.directory.models import Structure
from entaxis.geography.models import Outline

WIDTH = 320.0
MOST_HEIGHT = 280.0
MARGIN = 12.0


def picture(structure: Structure) -> SafeString:
    """An SVG of the municipality's outline with the point in it; empty without outline or point."""
    point = structure.point
    if point is None or structure.municipality is None:
        return SafeString("")
    outline = Outline.objects.filter(
        boundary_set__is_active=True, area=structure.municipality_id
    ).values_list("display", flat=True)
    shape = outline.first()
    return SafeString("") if shape is None else _drawn(shape, point, structure.municipality.name)


class _Scale:
    """Degrees → the picture's units; a degree of longitude shrinks with the latitude."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self.west, self.north = west, north
        self.shrink = cos(radians((south + north) / 2))
        wide, high = (east - west) * self.shrink or 1e-6, (north - south) or 1e-6
        self.factor = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
        self.width = wide * self.factor + 2 * MARGIN
        self.height = high * self.factor + 2 * MARGIN

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = (longitude - self.west) * self.shrink * self.factor + MARGIN
        return x, (self.north - latitude) * self.factor + MARGIN


def _drawn(shape: MultiPolygon, point: Point, name: str) -> SafeString:
    west, south, east, north = shape.extent
    scale = _Scale(min(west, point.x), min(south, point.y), max(east, point.x), max(north, point.y))
    rings = "".join(_path(ring, scale) for polygon in shape.coords for ring in polygon)
    x, y = scale(point.x, point.y)
    return format_html(
        '<svg class="picture" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">'
        '<path d="{}" fill="#e8eff9" stroke="#0b4ea2" stroke-width="1.5" fill-rule="evenodd"/>'
        '<circle cx="{}" cy="{}" r="13" fill="#b3000f" fill-opacity=".2"/>'
        '<circle cx="{}" cy="{}" r="6" fill="#b3000f" stroke="#fff" stroke-width="2"/></svg>',
        _("Where it lies in the municipality: %(municipality)s") % {"municipality": name},
        *(f"{value:.0f}" for value in (scale.width, scale.height, scale.width, scale.height)),
        rings,
        *(f"{value:.1f}" for value in (x, y, x, y)),
    )


def _path(coordinates: tuple[tuple[float, float], ...], scale: _Scale) -> str:
    points = (scale(*pair) for pair in coordinates[:-1])
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
