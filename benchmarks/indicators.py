"""Five million published figures: series, map data, a page; and suppression with its proof.

Figures and tables are made by seed. Times are the server's own, from the request to the finished answer, in
one process without a network. The floor is what a portal of static files does: the same rows as a file of
JSON, read and parsed for the check that both say the same.
"""

import gc
import io
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from tests import template_database

from entaxis.accounts.models import User
from entaxis.geography.models import Area, Level
from entaxis.indicators import source, suppression
from entaxis.indicators.models import Indicator, IndicatorVersion, Release

DATABASE = "bench_indicators"
MONTHS = [f"{year}-{month:02}" for year in range(2018, 2026) for month in range(1, 13)]
BREAKDOWNS = 56
FIGURES = 5_000_000
ASKED = 200
HOST = "thessaly.localhost"
SEXES, AGES, GROUPS = ("female", "male"), ("0-17", "18-29", "30-44", "45-54", "55-64", "65plus"), 20


def run() -> Iterator[dict[str, Any]]:
    """Fill, ask, compare; then protect one table and twenty overlapping ones."""
    template_database.copy(template_database.prepare(), DATABASE)
    connection.close()
    connection.settings_dict["NAME"] = DATABASE
    try:
        yield from _answers()
        yield from _suppression()
    finally:
        connection.close()
        template_database.drop(DATABASE)


# --- answers --------------------------------------------------------------------------------------


def _answers() -> Iterator[dict[str, Any]]:
    call_command("load_geography", stdout=io.StringIO())
    source.load()
    region = Area.objects.regions().get(code="EL61")
    areas = _areas(region)
    number = _fill(region, areas)
    chance = random.Random(11)
    codes = list(Indicator.objects.values_list("code", flat=True))
    towns = [area.code for area in areas if area.level == Level.MUNICIPALITY]

    def series() -> str:
        asked = f"indicator={chance.choice(codes)}&area={chance.choice(towns)}&breakdown=total"
        return f"/api/v1/observations?{asked}"

    def map_data() -> str:
        return (
            f"/api/v1/observations?indicator={chance.choice(codes)}&period={chance.choice(MONTHS)}"
            f"&breakdown=k={chance.randrange(1, BREAKDOWNS)}"
        )

    def page() -> str:
        return f"/el/indicators/{chance.choice(codes)}/"

    for name, address, goal in (
        ("series", series, 50),
        ("map_data", map_data, 50),
        ("catalogue_page", lambda: "/el/indicators/", 100),
        ("indicator_page", page, 100),
    ):
        yield _row(f"indicators.{name}", _times(address), goal) | {"figures": number} | _floor(address)


def _areas(region: Area) -> list[Area]:
    inside = Area.objects.current().of(region)
    return [region, *inside.filter(level__in=(Level.MUNICIPALITY, Level.REGIONAL_UNIT)).order_by("code")]


def _fill(region: Area, areas: list[Area]) -> int:
    """A release with every indicator, month, area and breakdown, by COPY as the tables' owner."""
    by = [User.objects.create(email=f"{name}@example.gr") for name in ("maker", "approver")]
    now = timezone.now()
    release = Release.objects.create(
        region=region, title_el="Μέτρηση", title_en="Measurement", source_el="-", source_en="-",
        state=Release.State.PUBLISHED, created_by=by[0], approved_by=by[1], approved_at=now, publish_at=now,
        published_at=now, is_synthetic=True,
    )  # fmt: skip
    versions = list(IndicatorVersion.objects.order_by("pk"))
    months = MONTHS
    owner = make_conninfo(os.environ["OWNER_DATABASE_URL"], dbname=DATABASE)
    lines = 0
    with psycopg.connect(owner) as base, base.cursor() as cursor:
        series: list[int] = []
        for version in versions:
            for month in months:
                cursor.execute(
                    "INSERT INTO indicators_releasedseries "
                    "(release_id, region_id, indicator_id, version_id, period, is_current) "
                    "VALUES (%s, %s, %s, %s, %s, true) RETURNING id",
                    (release.pk, region.pk, version.indicator_id, version.pk, month),
                )
                series.append(cursor.fetchone()[0])
        columns = "public_id, series_id, area_id, breakdown, value, standard_error, ci_low, ci_high, flag, "
        with cursor.copy(f"COPY indicators_observation ({columns} is_modelled, reason) FROM STDIN") as copy:
            for pk in series:
                block, lines = _block(pk, areas, lines)
                copy.write(block)
    with psycopg.connect(owner, autocommit=True) as base:
        base.execute("VACUUM ANALYZE indicators_observation")
        base.execute("VACUUM ANALYZE indicators_releasedseries")
    return lines


def _block(series: int, areas: list[Area], number: int) -> tuple[str, int]:
    rows = []
    for place in range(BREAKDOWNS):
        key = f"k={place}" if place else "total"
        for area in areas:
            number += 1
            value = number * 7919 % 1000 / 10
            rows.append(
                f"{number:032x}\t{series}\t{area.pk}\t{key}\t{value}\t2.5\t{value - 5}\t{value + 5}"
                "\t\tf\t\n"
            )
    return "".join(rows), number


def _times(address: Callable[[], str]) -> list[float]:
    client = Client(headers={"host": HOST})
    client.get(address())
    gc.collect()
    gc.freeze()  # as a worker of the server does once it has started
    taken = []
    for _ in range(ASKED):
        path = address()
        began = time.perf_counter()
        answer = client.get(path)
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200 or len(answer.content) < 200:
            raise AssertionError(f"{path} answered {answer.status_code}")
    return taken


def _floor(address: Callable[[], str]) -> dict[str, Any]:
    """The same answer out of a file."""
    answer = Client(headers={"host": HOST}).get(address())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer"
        file.write_bytes(answer.content)
        taken = []
        for _ in range(ASKED):
            began = time.perf_counter()
            content = file.read_bytes()
            taken.append(1000 * (time.perf_counter() - began))
        if answer["Content-Type"].startswith("application/json") and not json.loads(content)["results"]:
            raise AssertionError("an empty answer measures nothing")
    return {
        "peer": "the same answer read from a static file",
        "peer_value": round(statistics.quantiles(taken, n=20)[18], 3),
    }


def _row(name: str, taken: list[float], goal: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(statistics.quantiles(taken, n=20)[18], 1),
        "unit": "ms (p95)",
        "median": round(statistics.median(taken), 1),
        "goal": goal,
    }


# --- suppression ----------------------------------------------------------------------------------


def _suppression() -> Iterator[dict[str, Any]]:
    for name, groups, goal in (("one_table", 1, 15), ("twenty_overlapping_tables", GROUPS, 300)):
        persons, parents = _tables(groups)
        unsafe = {key for key, number in persons.items() if 0 < number < suppression.MINIMUM_COUNT}
        needed = {key: max(number, suppression.MINIMUM_COUNT) for key, number in persons.items()}
        began = time.perf_counter()
        hidden = suppression.withheld(persons, parents, unsafe=unsafe, needed=needed)
        yield {
            "name": f"indicators.suppression.{name}",
            "value": round(time.perf_counter() - began, 1),
            "unit": "s",
            "cells": len(persons),
            "unsafe": len(unsafe),
            "withheld": len(hidden),
            "goal": goal,
        }


def _tables(groups: int) -> tuple[dict[tuple[int, str], int], dict[int, int]]:
    """Region, five units, 25 municipalities × sex × age, with all margins, one table a sub-group."""
    chance = random.Random(3)
    parents = {100 + town: 10 + town % 5 for town in range(25)} | dict.fromkeys(range(10, 15), 1)
    persons: dict[tuple[int, str], int] = {}
    for group in range(groups):
        for town in range(100, 125):
            size = chance.lognormvariate(0, 0.8) * 25
            for sex in SEXES:
                for age in AGES:
                    number = round(chance.expovariate(1 / size))
                    for area in (town, parents[town], 1):
                        for key in _margins(f"subgroup=g{group}", f"sex={sex}", f"age={age}"):
                            persons[area, key] = persons.get((area, key), 0) + number
    return persons, parents


def _margins(group: str, sex: str, age: str) -> Iterator[str]:
    yield group
    yield f"{group};{sex}"
    yield f"{group};{age}"
    yield f"{group};{sex};{age}"
