"""Vector tiles: versioned, kept for ever, never a 5xx."""

import pytest
from django.core.cache import caches
from django.test import Client

from entaxis.geography import queries, tiles
from entaxis.geography.models import Area, BoundarySet
from tests import factories

HOST = {"HTTP_HOST": "thessaly.localhost"}
OTHER_HOST = {"HTTP_HOST": "peloponnese.localhost"}


@pytest.fixture
def version(db: None) -> str:
    caches["local"].clear()
    factories.geography()
    active = queries.active_boundaries(Area.objects.get(code="EL61"))
    assert active is not None
    return active.version


def address(version: str, z: int = 7, x: int = 72, y: int = 48, layer: str = "municipalities") -> str:
    return f"/tiles/{version}/{layer}/{z}/{x}/{y}.mvt"


def test_a_tile_holds_the_municipalities_with_their_codes(client: Client, version: str) -> None:
    answer = client.get(address(version), **HOST)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert b"municipalities" in answer.content
    assert "Βόλος".encode() in answer.content
    assert b"2401" in answer.content


def test_it_may_be_kept_for_ever_and_is_not_sent_twice(client: Client, version: str) -> None:
    first = client.get(address(version), **HOST)
    assert "immutable" in first["Cache-Control"]
    again = client.get(address(version), HTTP_IF_NONE_MATCH=first["ETag"], **HOST)
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    other = client.get(address(version), HTTP_IF_NONE_MATCH='"other", W/"x"', **HOST)
    assert other.status_code == 200


def test_a_low_zoom_asks_the_database_once(
    client: Client, version: str, django_assert_num_queries: object
) -> None:
    client.get(address(version), **HOST)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get(address(version), **HOST).content


def test_a_high_zoom_shows_full_detail_and_the_sea_is_empty(client: Client, version: str) -> None:
    assert client.get(address(version, 12, 2308, 1558), **HOST).content
    assert client.get(address(version, 12, 0, 0), **HOST).content == b""


def test_the_regions_tiles_are_its_own(client: Client, version: str) -> None:
    assert client.get(address(version), **OTHER_HOST).status_code == 404


def test_the_address_for_pages_names_the_version_in_force(version: str) -> None:
    thessaly = Area.objects.get(code="EL61")
    assert (
        tiles.address("municipalities", thessaly)
        == f"/tiles/{version}/municipalities/{{z}}/{{x}}/{{y}}.mvt"
    )
    BoundarySet.objects.update(is_active=False)
    assert tiles.address("municipalities", thessaly) is None


@pytest.mark.parametrize(
    "place",
    [
        "7/128/0", "7/0/128", "0/1/0", "17/0/0", "99999999999999999999/0/0", "7/99999999999999999999999/1",
        "7/-1/0", "7/1.5/0", "a/b/c", "7//48", "7/71/48/../48",
    ],
)  # fmt: skip
def test_places_outside_the_pyramid_are_not_found(client: Client, version: str, place: str) -> None:
    assert client.get(f"/tiles/{version}/municipalities/{place}.mvt", **HOST).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["1", "x", "0-0000000000", "99999999999999999999999-abc", "²-abc", "1'; DROP--", "%"],
)
def test_versions_that_never_were_are_not_found(client: Client, version: str, name: str) -> None:
    assert client.get(f"/tiles/{name}/municipalities/7/71/48.mvt", **HOST).status_code == 404


def test_a_layer_that_is_not_there_is_not_found(client: Client, version: str) -> None:
    assert client.get(address(version, layer="secrets"), **HOST).status_code == 404
