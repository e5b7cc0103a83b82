"""A municipality's outline as a picture on which one presses, without tiles from anywhere."""

from math import cos, radians

from django.contrib.gis.geos import Point as GeosPoint

from entaxis.directory.importing.content import Point
from entaxis.geography.models import Area, Outline, PlaceName

WIDTH, MARGIN, MOST_HEIGHT = 300.0, 8.0, 420.0


class MunicipalityPicture:
    """The outline of a municipality on a plane of its own; knows which point of it was pressed."""

    def __init__(self, area: Area) -> None:
        outline = Outline.objects.filter(boundary_set__is_active=True, area=area).first()
        self.area = area
        self._shape = outline.display if outline else None
        if self._shape is None:
            self.width = self.height = 0
            return
        self._west, south, east, self._north = self._shape.extent
        self._shrink = cos(radians((south + self._north) / 2))
        wide, high = (east - self._west) * self._shrink or 1e-6, (self._north - south) or 1e-6
        self._scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
        self.width = round(wide * self._scale + 2 * MARGIN)
        self.height = round(high * self._scale + 2 * MARGIN)

    def svg(self, marked: Point | None = None) -> str:
        """The picture; the places whose names we know are dots with their names."""
        if self._shape is None:
            return ""
        rings = [self._path(ring) for polygon in self._shape.coords for ring in polygon]
        dots = "".join(self._dot(point) for point in self._known_points())
        mark = ""
        if marked:
            x, y = self._on_plane(*marked)
            mark = (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="#b3000f" stroke="#fff" stroke-width="2"/>'
            )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}">'
            f'<path d="{"".join(rings)}" fill="#e8eff9" fill-rule="evenodd" stroke="#0b4ea2"/>'
            f"{dots}{mark}</svg>"
        )

    def pressed(self, x: float, y: float) -> Point:
        """The point of the earth at a point of the picture."""
        longitude = (x - MARGIN) / (self._scale * self._shrink) + self._west
        latitude = self._north - (y - MARGIN) / self._scale
        return round(longitude, 6), round(latitude, 6)

    def _known_points(self) -> list[GeosPoint]:
        names = PlaceName.objects.filter(area=self.area, point__isnull=False)
        return [name.point for name in names.distinct("point") if name.point is not None]

    def _on_plane(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = (longitude - self._west) * self._shrink * self._scale + MARGIN
        return x, (self._north - latitude) * self._scale + MARGIN

    def _path(self, ring: tuple[tuple[float, float], ...]) -> str:
        points = (self._on_plane(*corner[:2]) for corner in ring)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"

    def _dot(self, point: GeosPoint) -> str:
        x, y = self._on_plane(point.x, point.y)
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#0b4ea2"/>'
