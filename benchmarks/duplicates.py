"""Which of 50,000 entries of a region look like one structure: the task of the night, time and memory.

Names are a kind's label with two words of a pool, as places and patrons are; one entry in fifty is entered
twice, with its name a little different and its telephone the same. The peer is reading the same rows once.
Synthetic, in a database of its own that is thrown away.
"""

import random
import resource
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.db import connection, transaction
from tests import template_database

from entaxis.accounts.models import Body
from entaxis.directory.choices import PointQuality, Status
from entaxis.directory.duplicates import finding
from entaxis.directory.models import Contact, Structure
from entaxis.geography.models import Area
from entaxis.vocabularies.queries import terms

STRUCTURES, BATCH = 50_000, 5_000
TWICE = 50  # one entry in so many stands a second time
DATABASE = "bench_duplicates"
SYLLABLES = ("κα", "λο", "μη", "ρά", "σι", "τε", "νο", "βα", "πέ", "φι", "γα", "δω", "χρι", "ζα", "θε")


def run() -> Iterator[dict[str, Any]]:
    """Fill, look for pairs on an empty table, look again with all of them asked already."""
    template_database.copy(template_database.prepare(), DATABASE)
    connection.close()
    connection.settings_dict["NAME"] = DATABASE
    try:
        yield from _measured()
    finally:
        connection.close()
        template_database.drop(DATABASE)


def _measured() -> Iterator[dict[str, Any]]:
    call_command("load_geography", verbosity=0)
    call_command("load_vocabularies", verbosity=0)
    region = Area.objects.regions().get(code="EL61")
    twice = _fill(random.Random(3), region)
    began = time.perf_counter()
    read = len(list(Structure.objects.filter(region=region).values_list("pk", "name_el", "point")))
    reading = time.perf_counter() - began
    for name in ("first", "again"):
        before = _peak_mb()
        began = time.perf_counter()
        found = finding.find(region)
        taken = time.perf_counter() - began
        if found < 0.9 * twice:
            raise AssertionError(f"of {twice} entries that stand twice, {found} pairs were found")
        yield {
            "name": f"duplicates.{name}",
            "value": round(taken, 1),
            "unit": "s",
            "structures": read,
            "pairs": found,
            "planted": twice,
            "memory_grown_mb": round(_peak_mb() - before),
            "peer": "reading the same rows",
            "peer_value": round(reading, 2),
            "ratio": round(taken / reading, 1),
        }


def _fill(chance: random.Random, region: Area) -> int:
    """Entries of every open kind with a telephone each; how many of them stand twice."""
    towns = list(Area.objects.municipalities().of(region).exclude(seat=None))
    kinds = [kind for kind in terms("structure_kinds") if not kind.is_confidential]
    body = Body.objects.create(region=region, name_el="Φορέας", kind=Body.Kind.NGO)
    pool = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize() for _ in range(2000)]
    rows, contacts = [], []
    while len(rows) < STRUCTURES:
        number = len(rows)
        row = _structure(chance, body, chance.choice(towns), chance.choice(kinds), pool)
        telephone = f"+3024{10_000_000 + number}"
        rows.append(row)
        contacts.append(Contact(structure=row, telephone=telephone))
        if number % TWICE == 0:
            copy = _structure(chance, body, row.municipality, row.kind, pool)
            copy.name_el = f"{row.name_el} Δήμου"
            rows.append(copy)
            contacts.append(Contact(structure=copy, telephone=telephone))
    with transaction.atomic(), connection.cursor() as cursor:
        # the tables' owner may leave out history and search documents: what is measured is comparing
        for table in ("directory_structure", "directory_contact"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        Structure.objects.bulk_create(rows, batch_size=BATCH)
        Contact.objects.bulk_create(contacts, batch_size=BATCH)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("directory_structure", "directory_contact"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE directory_structure, directory_contact")
    return sum(1 for row in rows if row.name_el.endswith(" Δήμου"))


def _structure(chance: random.Random, body: Body, town: Any, kind: Any, pool: list[str]) -> Structure:
    seat = town.seat
    return Structure(
        region=body.region,
        kind=kind,
        body=body,
        name_el=f"{kind.label_el} {' '.join(chance.sample(pool, 2))}",
        status=Status.PUBLISHED,
        municipality=town,
        point=Point(chance.gauss(seat.x, 0.1), chance.gauss(seat.y, 0.1), srid=4326),
        point_quality=PointQuality.EXACT,
        assured_date=date(2026, chance.randint(1, 10), 1),
        is_synthetic=True,
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
