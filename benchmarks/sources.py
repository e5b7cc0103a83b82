"""A million rows of a benefit's file: how long, how much memory, beside a bare COPY of the same cells.

The import runs as its users run it, as a command in a process of its own. The persons are made by seed and
never lived; their numbers have right check digits. Every payment is held against amounts in force, and most
are above what is guaranteed, which is the slowest case. The peer is what nothing can do without: putting
the cells of the file into a table.
"""

import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import make_conninfo
from tests import template_database
from tests.sources import files

from entaxis.geography.models import Area
from entaxis.sources import aggregates
from entaxis.sources.models import BenefitParameters, Source

ROWS = 1_000_000
DATABASE = "bench_sources"
LIMIT_SECONDS, LIMIT_MEGABYTES = 60, 1024
PLACES = ("2201", "Δήμος Βόλου", "ΤΡΙΚΚΑΙΩΝ", "2301", "Καρδίτσα", "Φαρσάλων", "2404", "Ελασσόνας", "2602")
MONTHS = ("12/2023", *(f"{month:02}/2024" for month in range(1, 13)))
LAST_MONTH = date(2024, 12, 1)


def run() -> Iterator[dict[str, Any]]:
    """The whole import, its memory, and the cells of the upper room."""
    template_database.copy(template_database.prepare(), DATABASE)
    connection.close()
    connection.settings_dict["NAME"] = DATABASE
    try:
        yield from _measured()
    finally:
        connection.close()
        template_database.drop(DATABASE)


def _measured() -> Iterator[dict[str, Any]]:
    call_command("load_geography", stdout=io.StringIO())
    call_command("load_vocabularies", verbosity=0)
    region = Area.objects.regions().get(code="EL61")
    Source.objects.create(
        region=region, key="bench", kind="gmi", name_el="-", publisher="-", licence="-", frequency="monthly"
    )
    BenefitParameters.objects.create(
        kind="gmi",
        valid_from=date(2023, 12, 1),
        first_adult_euro=216,
        further_adult_euro=108,
        minor_euro=54,
        citation="-",
        is_synthetic=False,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = files.write(Path(folder) / "benefits.csv", _rows(ROWS))
        copied = _timed(lambda: _copy(path))
        seconds = _imported(path)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    name = f"sources.import_{ROWS}_rows"
    yield _row(name, seconds, "s", "COPY of the bare cells", copied)
    yield _row(f"{name}.of_the_limit", seconds, "s", "limit", LIMIT_SECONDS)
    yield _row(f"{name}.memory", peak, "MB", "limit", LIMIT_MEGABYTES)
    for what, work in (
        ("beneficiaries", lambda: aggregates.beneficiaries(region, "gmi", by=("sex", "age_group"))),
        ("flows", lambda: aggregates.flows(region, "gmi")),
        ("durations", lambda: aggregates.by_duration(region, "gmi", LAST_MONTH)),
        ("payments", lambda: aggregates.payments(region, "gmi")),
    ):
        yield _row(f"sources.{what}_of_{ROWS}_rows", _timed(work), "s", "the import", seconds)


def _rows(count: int) -> Iterator[dict[str, str]]:
    """Persons of households of one to four, each in one to six months in a row."""
    chance = random.Random(5)
    number = household = made = 0
    while made < count:
        household += 1
        place = chance.choice(PLACES)
        first = chance.randrange(len(MONTHS))
        stay = MONTHS[first : first + chance.randint(1, 6)]
        for _ in range(chance.randint(1, 4)):
            number += 1
            sex = "fm"[number % 2]
            day = number // 5000  # with the serial number below it makes every AMKA another
            year = 30 + day // 336 % 70
            born = f"{day % 28 + 1:02}{day // 28 % 12 + 1:02}{year:02}"
            who = files.row(
                number,
                amka=files.amka(number % 5000, born=born, sex=sex),
                household=f"H{household}",
                sex={"f": "Γ", "m": "Α"}[sex],
                birth=f"19{year}",
                municipality=place,
            )
            yield from (who | {"month": month} for month in stay)
            made += len(stay)


def _copy(path: Path) -> None:
    columns = ", ".join(f'"{key}" text' for key in files.KEYS)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare ({columns})")
        with cursor.copy("COPY bare FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)") as copy:
            copy.write(path.read_bytes())
        cursor.execute("DROP TABLE bare")


def _imported(path: Path) -> float:
    """Seconds of the command, start of Python included."""
    options = ["--source", "bench", "--amounts-stand"]
    command = [sys.executable, "-m", "django", "import_benefits", str(path), *options]
    owner = make_conninfo(os.environ["OWNER_DATABASE_URL"], dbname=DATABASE)
    environment = os.environ | {"OWNER_DATABASE_URL": owner}
    began = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _row(name: str, value: float, unit: str, peer: str, peer_value: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 3),
        "ratio": round(value / peer_value, 3),
    }
