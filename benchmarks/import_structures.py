"""Ten thousand structures from a workbook: how long, how much memory, beside openpyxl and a bare COPY.

The import runs as its users run it, as a command in a process of its own. Its peers are what nothing can
do without: reading the workbook (openpyxl, read-only) and putting the bare cells into a table (COPY).
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
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook
from psycopg.conninfo import make_conninfo
from tests import template_database

from entaxis.core import tabular
from entaxis.directory import demonstration
from entaxis.geography.models import Area

ROWS = 10_000
DATABASE = "bench_import"
LIMIT_SECONDS, LIMIT_MEGABYTES = 20, 400


def run() -> Iterator[dict[str, Any]]:
    """Reading alone, the whole import, its memory, and the same file a second time."""
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
    headings, rows = _rows()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "structures.xlsx"
        with path.open("wb") as stream:
            tabular.write_workbook(stream, [tabular.Sheet("structures", headings, rows)])
        ours, theirs = _timed(lambda: _read(path)), _timed(lambda: _read_with_openpyxl(path))
        yield _row("import.reading_a_workbook", ours, "s", "openpyxl, read-only", theirs)
        copied = _timed(lambda: _copy(headings, rows))
        first = _imported(path)
        yield _row("import.10000_structures", first, "s", "COPY of the bare cells", copied)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        yield _row("import.10000_structures.memory", peak, "MB", "limit", LIMIT_MEGABYTES)
        yield _row("import.10000_structures.of_the_limit", first, "s", "limit", LIMIT_SECONDS)
        yield _row("import.10000_structures.again", _imported(path), "s", "the first time", first)


def _rows() -> tuple[list[str], list[list[str]]]:
    """The demonstration's open structures again and again, each with its own name, code and place."""
    region = Area.objects.regions().get(code="EL61")
    chance = random.Random(7)
    made = list(demonstration.rows(region, today=timezone.localdate()))
    patterns = [row for row in made if row.get("latitude") and row["telephone"] != "15900"]
    rows = []
    for number in range(ROWS):
        row = dict(patterns[number % len(patterns)])
        row |= {"code": f"B{number}", "name": f"{row['name']} – {number}", "parent": ""}
        for axis in ("latitude", "longitude"):
            row[axis] = f"{float(row[axis]) + chance.uniform(-0.001, 0.001):.5f}"
        rows.append([row.get(key, "") for key in demonstration.headings()])
    return demonstration.headings(), rows


def _read(path: Path) -> None:
    with tabular.opened(path) as table:
        assert sum(1 for _ in table) == ROWS


def _read_with_openpyxl(path: Path) -> None:
    book = load_workbook(path, read_only=True, data_only=True)
    assert sum(1 for _ in book.active.iter_rows(values_only=True)) == ROWS + 1
    book.close()


def _copy(headings: list[str], rows: list[list[str]]) -> None:
    columns = ", ".join(f'"{heading}" text' for heading in headings)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare ({columns})")
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("DROP TABLE bare")


def _imported(path: Path) -> float:
    """Seconds of the command, start of Python included."""
    command = [
        sys.executable,
        "-m",
        "django",
        "import_structures",
        str(path),
        "--source",
        "bench",
        "--synthetic",
    ]
    owner = make_conninfo(os.environ["OWNER_DATABASE_URL"], dbname=DATABASE)
    environment = os.environ | {"OWNER_DATABASE_URL": owner}
    began = time.perf_counter()
    subprocess.run(
        command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
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
