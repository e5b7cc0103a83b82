"""The places of actions as a layer of the map of structures."""

import re
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from entaxis.geography.models import Area
from tests import factories

PAGE = "/el/maps/structures/"


@pytest.fixture
def reader(db: None) -> Client:
    caches["local"].clear()
    factories.geography()
    factories.term("community_centre", plural_el="Κέντρα Κοινότητας")
    return Client(headers={"host": "thessaly.localhost"})


def marks(page: str) -> list[str]:
    return re.findall(r'class="choropleth__mark" href="([^"]+)"', page)


def test_the_layer_shows_public_places_of_this_region_alone(reader: Client) -> None:
    larissa, corinth = Point(22.417, 39.639), Point(22.93, 37.94)
    shown = factories.action(title_el="<b>Κολύμβηση</b>", point=larissa, place_el="Κολυμβητήριο")
    factories.action(title_el="Χωρίς σημείο")
    factories.action(title_el="Πρόχειρο", point=larissa, state="draft", publish_at=None)
    factories.action(title_el="Αύριο", point=larissa, publish_at=timezone.now() + timedelta(days=1))
    factories.action(Area.objects.get(code="EL65"), title_el="Αλλού", point=corinth)
    page = reader.get(f"{PAGE}?layer=actions").content.decode()
    assert marks(page) == [shown.get_absolute_url()]
    assert "&lt;b&gt;Κολύμβηση&lt;/b&gt; – Κολυμβητήριο" in page
    assert "<b>Κολύμβηση" not in page
    assert marks(reader.get("/el/strategy/actions/").content.decode()) == [shown.get_absolute_url()]


def test_without_the_layer_the_map_is_as_before(reader: Client) -> None:
    factories.action(point=Point(22.417, 39.639))
    assert marks(reader.get(PAGE).content.decode()) == []


def test_a_mark_lies_in_its_municipality(reader: Client) -> None:
    from entaxis.geography import queries
    from entaxis.geography.models import Level
    from entaxis.geography.shapes import map_shapes

    boundaries = queries.active_boundaries(Area.objects.get(code="EL61"))
    assert boundaries is not None
    shapes = map_shapes(boundaries, Level.MUNICIPALITY)
    larissa = next(area for area in shapes.areas if area.code == "2201")
    x, y = shapes.place(22.417, 39.639)
    assert (abs(x - larissa.x) < 150, abs(y - larissa.y) < 150) == (True, True)
