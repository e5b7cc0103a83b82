"""Searching by need near a point over 100,000 structures: one at a time, and by eight at once.

The peer is a static file of the same server in the same minutes. The structures are synthetic, in a
database of its own that is thrown away.
"""

import json
import random
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict
from tests import template_database
from tests.browser.server import Server, serving

from entaxis.accounts.models import Body
from entaxis.directory.choices import PointQuality, Status
from entaxis.directory.models import Structure
from entaxis.directory.search import Wish, search
from entaxis.geography.models import Area
from entaxis.vocabularies import queries

STRUCTURES = 100_000
BATCH = 5_000
ALONE = 300
TOGETHER = 8
SECONDS = 15.0
NEEDS = ("meal", "groceries", "medicines", "doctor", "shelter", "child_care", "company", "job", "benefits")
TEXTS = ("χρειάζομαι φάρμακα", "δεν έχω να φάω", "farmaka", "ψάχνω παιδικό σταθμό", "ανασφάλιστος γιατρός")
STATIC = "/static/core/build/site.js"


def run() -> Iterator[dict[str, Any]]:
    """Fill a database, ask the application, then the server."""
    template_database.prepare()
    with serving("bench", processes=2) as server:
        chance = random.Random(1)
        connection.close()
        connection.settings_dict["NAME"] = conninfo_to_dict(server.environment["DATABASE_URL"])["dbname"]
        region = _fill(chance)
        for name, field, choices in (("need", "need", NEEDS), ("text", "text", TEXTS)):
            yield _alone(f"search.{name}_near_a_point.alone", region, field, choices)
        yield from _together(server, chance)


def _fill(chance: random.Random) -> Area:
    """Structures of every open kind, scattered over the region; their documents come by the triggers."""
    region = Area.objects.regions().get(code="EL61")
    towns = list(Area.objects.municipalities().of(region).exclude(seat=None))
    kinds = [kind for kind in queries.terms("structure_kinds") if not kind.is_confidential]
    body = Body.objects.create(region=region, name_el="Φορέας", kind=Body.Kind.NGO)
    with transaction.atomic(), connection.cursor() as cursor:
        # the tables' owner may leave out history and checks: what is measured is searching
        cursor.execute("ALTER TABLE directory_structure DISABLE TRIGGER USER")
        for _ in range(STRUCTURES // BATCH):
            Structure.objects.bulk_create(_structure(chance, body, towns, kinds) for _ in range(BATCH))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE directory_structure ENABLE TRIGGER USER")
        cursor.execute("SELECT directory_refresh_documents(ARRAY(SELECT id FROM directory_structure))")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE directory_searchdocument")
    return region


def _structure(chance: random.Random, body: Body, towns: list[Area], kinds: list[Any]) -> Structure:
    town, kind = chance.choice(towns), chance.choice(kinds)
    seat = town.seat or Point(22.4, 39.6, srid=4326)
    return Structure(
        region=body.region,
        kind=kind,
        body=body,
        name_el=f"{kind.label_el} {chance.randint(1, 10**6)}",
        status=Status.PUBLISHED,
        municipality=town,
        point=Point(chance.gauss(seat.x, 0.1), chance.gauss(seat.y, 0.1), srid=4326),
        point_quality=PointQuality.EXACT,
        assured_date=date(2026, chance.randint(1, 10), 1),
        is_synthetic=True,
    )


def _somewhere(chance: random.Random) -> Point:
    return Point(chance.uniform(21.3, 23.2), chance.uniform(39.1, 40.0), srid=4326)


def _alone(name: str, region: Area, field: str, choices: tuple[str, ...]) -> dict[str, Any]:
    chance, taken = random.Random(2), []
    for number in range(ALONE + 20):
        wish = Wish(region=region, near=_somewhere(chance), **{field: chance.choice(choices)})  # type: ignore[arg-type]
        began = time.perf_counter()
        found = search(wish, at=timezone.now())
        if number >= 20:  # the words are read and the counts are known, as in a server that runs
            taken.append(1000 * (time.perf_counter() - began))
        if len(found.hits) < 20 or found.count < 100:
            raise AssertionError("the benchmark found too little")
    p95 = statistics.quantiles(taken, n=20)[18]
    return {
        "name": name,
        "value": round(p95, 1),
        "unit": "ms (p95)",
        "median": round(statistics.median(taken), 1),
        "structures": STRUCTURES,
        "goal": 60,
    }


def _together(server: Server, chance: random.Random) -> Iterator[dict[str, Any]]:
    bodies = [
        json.dumps({"need": chance.choice(NEEDS), "near": {"lat": point.y, "lon": point.x}}).encode()
        for point in (_somewhere(chance) for _ in range(500))
    ]
    static, _ = _load(server, lambda number: _request(server, STATIC))
    rate, p95 = _load(server, lambda number: _search_request(server, bodies[number % len(bodies)]))
    yield {
        "name": "search.need_near_a_point.eight_at_once",
        "value": round(rate, 1),
        "unit": "searches/s",
        "p95_ms": round(p95, 1),
        "peer": "a static file",
        "peer_value": round(static, 1),
        "ratio": round(rate / static, 3),
        "goal": 100,
    }


def _load(server: Server, request: Callable[[int], urllib.request.Request]) -> tuple[float, float]:
    """Requests a second and the 95th percentile of their milliseconds, by `TOGETHER` at once."""
    taken: list[float] = []
    until = time.perf_counter() + SECONDS

    def ask(first: int) -> None:
        number = first
        while time.perf_counter() < until:
            began = time.perf_counter()
            with urllib.request.urlopen(request(number)) as answer:
                answer.read()
            taken.append(1000 * (time.perf_counter() - began))
            number += TOGETHER

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken) / SECONDS, statistics.quantiles(taken, n=20)[18]


def _request(server: Server, path: str) -> urllib.request.Request:
    return urllib.request.Request(server.url(path, "127.0.0.1"))


def _search_request(server: Server, body: bytes) -> urllib.request.Request:
    address = server.url("/api/v1/structures/search", "127.0.0.1")
    return urllib.request.Request(address, body, {"Content-Type": "application/json"})
