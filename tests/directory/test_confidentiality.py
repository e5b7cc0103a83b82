"""R12: nothing that the web can reach tells where a confidential structure is. Secrets are planted and
looked for in every page, export and interface, in every table, in the log; searches try to find it."""

import io
import json
import logging
import random
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client

from entaxis.accounts.models import User
from entaxis.config import access
from entaxis.directory import confidential
from entaxis.directory import tiles as layer
from entaxis.directory.models import ErrorReport, Structure
from entaxis.geography import tiles
from entaxis.geography.models import Area
from entaxis.vocabularies import queries
from tests import factories
from tests.config.routes import walk
from tests.directory.test_tiles import around

pytestmark = pytest.mark.django_db

PURPOSE = "Δοκιμή εμπιστευτικότητας"
SECRET = {
    "street": "Κρυφοδρόμου",
    "street_number": "7351ΧΨ",
    "postal_code": "38997",
    "locality": "Μυστικοχώρι",
}
POINT = Point(22.913579, 39.357913, srid=4326)
TOKENS = (
    *SECRET.values(),
    *("Κρυφοδρομου", "ΚΡΥΦΟΔΡΟΜΟΥ", "Kryfodromou", "Mystikochori"),
    *("22.9135", "39.3579", "22,9135", "39,3579"),
    POINT.wkb.hex()[10:].upper(),  # the coordinates as the database writes them
)


@pytest.fixture
def towns() -> list[Area]:
    factories.code_lists()
    return [factories.municipality(), factories.municipality("2402", name_el="Αλμυρός", name_en="Almyros")]


@pytest.fixture
def hidden(towns: list[Area]) -> Structure:
    kind = queries.by_key("structure_kinds")["violence_women_support"]
    made = factories.structure(kind, is_confidential=True, name_el="Ξενώνας Ελπίδα", name_en="Hope")
    factories.contact(made, telephone="+306900000000")
    factories.offer(made, "violence_counselling")
    factories.hours(made, 0)
    return made


def seal(made: Structure, town: Area, by: User | None = None) -> None:
    place = confidential.Place(town.pk, POINT, **SECRET)
    person = by or factories.region_administrator()
    confidential.write_place(structure=made, place=place, purpose=PURPOSE, by=person)


def told(content: bytes) -> list[str]:
    """The secrets that ``content`` says; workbooks are looked into."""
    texts = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            texts = [book.read(name) for name in book.namelist()]
    return [token for token in TOKENS for text in texts if token.encode() in text]


def everything(made: Structure) -> Iterator[str]:
    """Every address of ours, with the hidden structure wherever a structure is asked for."""
    names = {"pk": str(made.pk), "offer_pk": str(made.offers.get().pk), "code": "2401"}
    for route in walk():
        if access.group_of(route.written) is None and "GET" in access.ROUTES[route.name][0]:
            address = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: names.get(match[1], "0"), route.written)
            bare = address.startswith(("api/", "tiles/", "health/", "media/"))
            yield f"/{address}" if bare else f"/el/{address}"


def drawn() -> Iterator[str]:
    """The tiles of the structures around the place, at every zoom."""
    version = layer.current_version(factories.region())
    for zoom in range(tiles.MAX_ZOOM + 1):
        z, x, y = around(POINT, zoom)
        yield f"/tiles/{version}/structures/{z}/{x}/{y}.mvt"


def tables() -> Iterator[tuple[str, str]]:
    """Every row of every table that the web can read, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            # the microsecond at which a migration ran may read like the postal code
            "SELECT tablename FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY tablename"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row


def test_no_page_export_interface_or_table_tells_the_place(
    client: Client, hidden: Structure, towns: list[Area], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    administrator = factories.region_administrator()
    seal(hidden, towns[0], administrator)
    client.raise_request_exception = False
    addresses = list(dict.fromkeys(everything(hidden)))
    answered = 0
    for person in (None, administrator):
        if person:
            client.force_login(person)
        for address in addresses:
            response = client.get(address)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            assert not told(content), address
            assert not told(str(response.headers).encode()), address
            answered += response.status_code == 200
    assert answered > 40
    for address in drawn():
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (200, b""), address
    for body in ({}, {"q": "ξενώνας"}, {"need": "violence"}, {"municipality": "2401"}):
        for address in ("search", "points"):
            response = client.post(f"/api/v1/structures/{address}", body, content_type="application/json")
            assert response.status_code == 200
            assert not told(response.content)
        assert not told(client.post("/el/structures/", body).content)
    assert not [(table, token) for table, row in tables() for token in TOKENS if token in row]
    assert not told(caplog.text.encode())


def test_hiding_an_open_structure_leaves_nothing_behind(client: Client, towns: list[Area]) -> None:
    kind = queries.by_key("structure_kinds")["homeless_support"]
    made = factories.structure(
        kind,
        name_el="Ξενώνας Ελπίδα",
        municipality=towns[0],
        point=POINT,
        directions_el="Κρυφοδρόμου 7351",
        **SECRET,
    )
    factories.contact(made, telephone="+302421000001")
    made.served_areas.add(towns[0])
    made.street = "Κρυφοδρόμου παλιά"
    made.save()
    ErrorReport.objects.create(structure=made, topic="place", message="Μυστικοχώρι")
    assert {table for table, row in tables() if "Κρυφοδρόμου" in row} >= {"directory_structure"}
    confidential.hide(structure=made, purpose=PURPOSE, by=factories.region_administrator())
    tokens = (*TOKENS, "+302421000001")
    assert not [(table, token) for table, row in tables() for token in tokens if token in row]
    page = client.get(f"/el/structures/{made.pk}/").content
    assert not told(page)
    assert towns[0].name_el.encode() not in page


def probes(chance: random.Random, number: int) -> Iterator[dict[str, Any]]:
    """Searches somebody might try who looks for the place: everywhere, by every filter, on every page."""
    kinds = [None, "violence_women_support", "social_pharmacy", "homeless_support"]
    for _ in range(number):
        body: dict[str, Any] = {"page": chance.choice([1, 1, 1, 2])}
        if chance.random() < 0.8:
            body["near"] = {"lat": chance.uniform(39.0, 39.8), "lon": chance.uniform(22.4, 23.4)}
        for key, values in (
            ("kind", kinds),
            ("municipality", [None, None, "2401", "2402"]),
            ("regional_unit", [None, None, None, "24"]),
            ("need", [None, None, "violence", "medicines"]),
            ("open_now", [None, None, True]),
            ("q", [*[None] * 16, "ξενώνας", "ελπίδα", "Βόλος", "κοντά στον Αλμυρό"]),
        ):
            value = chance.choice(values)
            if value is not None:
                body[key] = value
        yield body


def ask(client: Client, body: dict[str, Any]) -> Any:
    response = client.post("/api/v1/structures/search", body, content_type="application/json")
    assert response.status_code in {200, 422}, body
    return response.json()


def test_a_thousand_searches_do_not_locate_it(client: Client, hidden: Structure, towns: list[Area]) -> None:
    """Five hundred searches answer the same, letter for letter, wherever the structure really is."""
    chance = random.Random(12)
    pharmacy = queries.by_key("structure_kinds")["social_pharmacy"]
    for number in range(25):
        town = towns[number % 2]
        place = Point(chance.uniform(22.4, 23.4), chance.uniform(39.0, 39.8), srid=4326)
        factories.structure(pharmacy, name_el=f"Φαρμακείο {number}", municipality=town, point=place)
    tried = list(probes(chance, 500))
    answers = []
    for town in towns:
        seal(hidden, town)
        answers.append([json.dumps(ask(client, body), sort_keys=True) for body in tried])
    assert answers[0] == answers[1]
    ranks: dict[str, list[int]] = {}
    for body, answer in zip(tried, answers[0], strict=True):
        for rank, result in enumerate(json.loads(answer).get("results", [])):
            if result["id"] == str(hidden.pk):
                assert result["distance_km"] is result["municipality"] is None
                assert result["locality"] == ""
                wish = {key: value for key, value in body.items() if key != "near"}
                if "near" in body:
                    ranks.setdefault(json.dumps(wish, sort_keys=True), []).append(rank)
    assert sum(len(found) for found in ranks.values()) > 30
    # The same place in the order, wherever one stands.
    assert all(len(set(found)) == 1 for found in ranks.values())
    assert max(len(found) for found in ranks.values()) > 3


def test_counts_tell_nothing_finer_than_the_region(client: Client, hidden: Structure) -> None:
    rows = [row for row in client.get("/api/v1/structures/counts").json() if row["kind"] == hidden.kind.key]
    assert [(row["municipality"], row["count"]) for row in rows] == [(None, None)]
    for _ in range(2):
        factories.structure(hidden.kind, is_confidential=True)
    rows = [row for row in client.get("/api/v1/structures/counts").json() if row["kind"] == hidden.kind.key]
    assert [(row["municipality"], row["count"]) for row in rows] == [(None, 3)]
