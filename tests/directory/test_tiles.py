"""Structures as tiles: public ones of one region, another version after every change, no search inside."""

import json
import math
import re

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import caches
from django.test import Client

from entaxis.directory import finding
from entaxis.directory import tiles as layer
from entaxis.directory.choices import Status
from entaxis.directory.models import Structure
from entaxis.geography import tiles
from entaxis.geography.models import Area
from tests import factories

pytestmark = pytest.mark.django_db
HOST = {"HTTP_HOST": "thessaly.localhost"}
OTHER_HOST = {"HTTP_HOST": "peloponnese.localhost"}
VOLOS = Point(22.944, 39.366, srid=4326)


def around(point: Point, z: int) -> tiles.Place:
    """The tile of zoom ``z`` that holds ``point``."""
    turned = math.asinh(math.tan(math.radians(point.y)))
    return z, int((point.x + 180) / 360 * 2**z), int((1 - turned / math.pi) / 2 * 2**z)


WIDE, NEAR, LAST = (around(VOLOS, z) for z in (7, 12, 16))


@pytest.fixture(autouse=True)
def _fresh() -> None:
    caches["local"].clear()


def version() -> str:
    found = layer.current_version(factories.region())
    assert found is not None
    return found


def address(place: tiles.Place = WIDE, of: str | None = None) -> str:
    z, x, y = place
    return f"/tiles/{of or version()}/structures/{z}/{x}/{y}.mvt"


def content(client: Client, place: tiles.Place = WIDE) -> bytes:
    answer = client.get(address(place), **HOST)
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize("place", [WIDE, NEAR, LAST])
def test_a_structure_alone_tells_its_name_kind_id_and_that_it_is_synthetic(
    client: Client, place: tiles.Place
) -> None:
    made = factories.structure(point=VOLOS, name_el="Φαρμακείο", name_en="Pharmacy", is_synthetic=True)
    told = content(client, place)
    for part in ("structures", str(made.pk), "social_pharmacy", "Φαρμακείο", "Pharmacy", "is_synthetic"):
        assert part.encode() in told, part


def test_many_are_a_number_by_kind_and_on_the_last_zoom_names(client: Client) -> None:
    made = [factories.structure(point=VOLOS, name_el=f"Δομή Α{number}") for number in range(3)]
    wide = content(client)
    assert b"kind_social_pharmacy" in wide
    assert not [one for one in made if str(one.pk).encode() in wide]
    last = content(client, LAST)
    assert [one for one in made if one.name_el.encode() in last] == made


def test_every_structure_stands_in_one_tile_alone(client: Client) -> None:
    """On the very edge of two tiles as anywhere else."""
    edge = Point(22.5, 39.5, srid=4326)
    _, x, y = around(edge, 4)
    made = factories.structure(point=edge)
    seen = [
        str(made.pk).encode() in content(client, (4, column, row))
        for column in (x - 1, x)
        for row in (y, y + 1)
    ]
    assert seen.count(True) == 1


def test_what_is_not_public_is_not_there(client: Client) -> None:
    factories.structure(point=VOLOS, status=Status.DRAFT)
    factories.structure(point=None)
    factories.confidential_structure()
    assert content(client) == b""


def test_a_region_holds_its_own_structures_only(client: Client) -> None:
    other = factories.region("EL65", name_el="Πελοπόννησος")
    made = factories.structure(point=VOLOS)
    foreign = factories.structure(
        point=VOLOS, region=other, municipality=factories.municipality("4201", unit=_unit(other))
    )
    here, there = content(client, LAST), client.get(address(LAST), **OTHER_HOST).content
    assert (str(made.pk).encode() in here, str(foreign.pk).encode() in here) == (True, False)
    assert (str(made.pk).encode() in there, str(foreign.pk).encode() in there) == (False, True)


def _unit(region: Area) -> Area:
    return factories.regional_unit("42", inside=region)


def test_it_may_be_kept_for_ever_and_a_change_leads_on(client: Client) -> None:
    made = factories.structure(point=VOLOS, name_el="Παλιό όνομα")
    old = address()
    first = client.get(old, **HOST)
    assert "immutable" in first["Cache-Control"]
    assert client.get(old, HTTP_IF_NONE_MATCH=first["ETag"], **HOST).status_code == 304
    assert client.get(old, HTTP_IF_NONE_MATCH=f"W/{first['ETag']}", **HOST).status_code == 304
    made.name_el = "Νέο όνομα"
    made.save()
    caches["local"].clear()  # or another process
    moved = client.get(old, **HOST)
    assert (moved.status_code, moved["Location"]) == (302, address())
    assert moved["Cache-Control"] == "no-store"
    assert "Νέο όνομα".encode() in client.get(moved["Location"], **HOST).content


@pytest.mark.parametrize("name", ["x", "1", "1-", "-1", "999999999-1", "9" * 30 + "-1", "²-1"])
def test_versions_that_never_were_are_not_found(client: Client, name: str) -> None:
    factories.structure(point=VOLOS)
    assert client.get(address(of=name), **HOST).status_code == 404


def test_a_kept_tile_asks_the_database_nothing(client: Client, django_assert_num_queries: object) -> None:
    factories.structure(point=VOLOS)
    asked = address()
    client.get(asked, **HOST)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get(asked, **HOST).content


# --- the page that shows them -----------------------------------------------------------------------


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> list[Structure]:
    """More structures than a map takes as points."""
    monkeypatch.setattr(finding, "MOST_POINTS", 2)
    return [factories.structure(point=VOLOS, name_el=f"Φαρμακείο {number}") for number in range(3)]


@pytest.mark.parametrize("query", ["", "?kind=social_pharmacy", "?page=1"])
def test_all_structures_of_a_large_region_come_as_tiles(
    client: Client, many: list[Structure], query: str
) -> None:
    page = client.get(f"/el/structures/{query}", **HOST).content.decode()
    named = re.search(r'data-structure-tiles="([^"]+)"', page)
    assert named
    assert named[1] == tiles.address("structures", factories.region())
    bounds = re.search(r'data-bounds="([^"]+)"', page)
    assert bounds
    assert len(json.loads(bounds[1])) == 4


@pytest.mark.parametrize(
    "query", ["?q=Φαρμακείο", "?municipality=2401", "?kind=social_pharmacy&open_now=1"]
)
def test_any_other_search_stays_out_of_the_tiles_addresses(
    client: Client, many: list[Structure], query: str
) -> None:
    page = client.get(f"/el/structures/{query}", **HOST).content.decode()
    assert "data-structure-tiles" not in page
    assert "data-points" in page or 'id="results"' in page


def test_few_structures_come_as_points(client: Client) -> None:
    factories.structure(point=VOLOS)
    assert "data-structure-tiles" not in client.get("/el/structures/", **HOST).content.decode()
