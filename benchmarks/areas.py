"""What more areas cost: 51 municipalities, 600, and 6,000 communities, each step of a figure's way alone.

The areas are pieces of Thessaly, cut around places drawn by chance: borders and coasts of a real kind. A
release is of one region, and none has many more than 600 communities: suppression of 6,000 is that of ten
regions, one after the other. The floor is the same figures as one file of JSON, in the manner of a portal
of static files: read and parsed. ``python -m benchmarks._areas_plot FILE`` draws the rows as SVG.
"""

import gzip
import io
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from tests import template_database

import socialstats as ss
from entaxis.accounts.models import User
from entaxis.geography import choropleth
from entaxis.geography.models import Area, BoundarySet, Level, Outline
from entaxis.indicators import queries, source, store, suppression
from entaxis.indicators.models import Candidate, Indicator, IndicatorVersion, Outcome, Release

DATABASE = "bench_areas"
SIZES = (51, 600, 6000)
A_UNIT = 10
A_REGION = 600
ROUNDS = 7
SMALL_SHARE = 0.05
PERIOD = "2023"


def run() -> Iterator[dict[str, Any]]:
    """Each size in a region of its own; a row a step and size."""
    template_database.copy(template_database.prepare(), DATABASE)
    connection.close()
    connection.settings_dict["NAME"] = DATABASE
    try:
        call_command("load_geography", stdout=io.StringIO())
        source.load()
        outline = shapely.union_all(
            [
                shapely.from_wkb(bytes(row.geometry.wkb))
                for row in Outline.objects.filter(
                    boundary_set__region__code="EL61", boundary_set__is_active=True
                )
            ]
        )
        for size in SIZES:
            yield from _of(_region(size, outline))
    finally:
        connection.close()
        template_database.drop(DATABASE)


@dataclass(frozen=True)
class Made:
    """A region of so many areas, with one indicator's figures in it."""

    region: Area
    towns: Sequence[Area]
    units: Sequence[Area]
    boundaries: BoundarySet


def _region(size: int, outline: Any) -> Made:
    chance = np.random.default_rng(size)
    region = Area.objects.create(
        level=Level.REGION, register_year=2019, code=f"X{size}", name_el=f"Περιφέρεια {size}"
    )
    units = Area.objects.bulk_create(
        Area(level=Level.REGIONAL_UNIT, register_year=2019, code=f"{size}.{at}", name_el=f"Ενότητα {at}",
             parent=region, region=region)
        for at in range(max(5, size // A_UNIT))
    )  # fmt: skip
    pieces = _pieces(size, outline, chance)
    homes = _homes(pieces, len(units))
    towns = Area.objects.bulk_create(
        Area(level=Level.MUNICIPALITY, register_year=2019, code=f"{size}-{at:04}", name_el=f"Τόπος {at}",
             parent=units[homes[at]], region=region)
        for at in range(size)
    )  # fmt: skip
    boundaries = BoundarySet.objects.create(
        region=region, is_active=True, year=2019, source="bench", licence="-", checksum=f"{size:064}",
        accuracy_m=100, imported_by="bench",
    )  # fmt: skip
    drawn = [GEOSGeometry(memoryview(shapely.to_wkb(_many(piece))), srid=4326) for piece in pieces]
    Outline.objects.bulk_create(
        Outline(boundary_set=boundaries, area=town, geometry=shape, display=shape)
        for town, shape in zip(towns, drawn, strict=True)
    )
    return Made(region, towns, units, boundaries)


def _pieces(size: int, outline: Any, chance: np.random.Generator) -> list[Any]:
    """The outline in so many parts, by the nearest of places drawn in it; simplified like a map's."""
    west, south, east, north = outline.bounds
    places: list[Any] = []
    while len(places) < size:
        drawn = shapely.points(chance.uniform(west, east, 4 * size), chance.uniform(south, north, 4 * size))
        places += list(drawn[shapely.contains(outline, drawn)])
    cells = shapely.voronoi_polygons(shapely.MultiPoint(places[:size]), extend_to=outline)
    simple = shapely.simplify(outline, 0.002)
    return [shapely.intersection(cell, simple) for cell in cells.geoms]


def _homes(pieces: Sequence[Any], units: int) -> list[int]:
    """Neighbouring pieces lie in one unit: by their centres, from west to east."""
    order = np.argsort([piece.centroid.x for piece in pieces], kind="stable")
    homes = np.empty(len(pieces), dtype=int)
    homes[order] = np.arange(len(pieces)) * units // len(pieces)
    return [int(one) for one in homes]


def _many(piece: Any) -> Any:
    parts = [part for part in getattr(piece, "geoms", [piece]) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


# --- steps ----------------------------------------------------------------------------------------


def _of(made: Made) -> Iterator[dict[str, Any]]:
    size = len(made.towns)
    tables = list(_tables(made))
    began = time.perf_counter()
    hidden = frozenset[tuple[int, str]]().union(*(_protected(*table) for table in tables))
    yield _row("suppression_with_proof", size, time.perf_counter() - began, "s") | {
        "regions": len(tables),
        "withheld": len(hidden),
    }
    counts = {key: number for table, _ in tables for key, number in table.items() if key[0] > 0}
    yield _row("small_area_model", size, _median(lambda: _modelled(size)), "s")
    release = _candidate(made, counts, hidden)
    began = time.perf_counter()
    store.publish(release)
    yield _row("publishing", size, time.perf_counter() - began, "s")
    Release.objects.filter(pk=release.pk).update(state=Release.State.PUBLISHED, published_at=timezone.now())
    indicator = Indicator.objects.get(code="gmi_beneficiaries")
    found = queries.figures(indicator, made.region)
    if found is None or len(found.by_area) != size:
        raise AssertionError("an empty map measures nothing")
    floor = _floor(found)
    seconds = _median(lambda: queries.figures(indicator, made.region))
    yield _row("map_data", size, 1000 * seconds, "ms") | {
        "peer": "the same figures read and parsed from a file of JSON",
        "peer_value": round(1000 * floor, 2),
    }
    drawing = _drawing(made, found)
    began = time.perf_counter()
    first = choropleth.map_svg(drawing)
    yield _row("drawing_for_the_first_time", size, 1000 * (time.perf_counter() - began), "ms")
    yield _row("drawing_anew", size, 1000 * _median(lambda: choropleth.map_svg(drawing)), "ms")
    yield _row("drawing_weight", size, len(gzip.compress(first.encode(), 6)) / 1000, "KB gzipped")


Table = dict[tuple[int, str], int]


def _tables(made: Made) -> Iterator[tuple[Table, dict[int, int]]]:
    """For each region its persons by area and sex (one town in twenty has a few), and what lies in what."""
    chance = random.Random(len(made.towns))
    regions = max(1, len(made.towns) // A_REGION)
    place = {unit.pk: at * regions // len(made.units) for at, unit in enumerate(made.units)}
    for region in range(regions):
        inside = [town for town in made.towns if place[town.parent_id or 0] == region]
        whole = made.region.pk if regions == 1 else -1 - region
        yield (
            _counts(inside, whole, chance),
            {
                **{town.pk: town.parent_id or 0 for town in inside},
                **{unit: whole for unit, at in place.items() if at == region},
            },
        )


def _counts(towns: Sequence[Area], whole: int, chance: random.Random) -> Table:
    found: Table = {}
    for town in towns:
        is_small = chance.random() < SMALL_SHARE
        for sex in ("sex=female", "sex=male"):
            number = chance.randint(1, 4) if is_small else chance.randint(20, 400)
            for area in (town.pk, town.parent_id or 0, whole):
                for key in ("total", sex):
                    found[area, key] = found.get((area, key), 0) + number
    return found


def _protected(counts: Table, parents: Mapping[int, int]) -> frozenset[tuple[int, str]]:
    least = suppression.MINIMUM_COUNT
    unsafe = {key for key, number in counts.items() if 0 < number < least}
    needed = {key: max(number, least) for key, number in counts.items()}
    return suppression.withheld(counts, parents, unsafe=unsafe, needed=needed)


def _modelled(size: int) -> None:
    """Fay and Herriot over all areas with a covariate, moved to the whole."""
    chance = np.random.default_rng(3)
    level = chance.normal(25, 5, size)
    variances = np.full(size, 16.0)
    values = level + chance.normal(0, 4, size)
    x = np.column_stack([np.ones(size), level + chance.normal(0, 2, size)])
    codes = [str(at) for at in range(size)]
    model = ss.smallarea.fay_herriot(values, variances, x, areas=codes)
    ss.smallarea.benchmark(model.estimates, model.mse, [1.0] * size, 25.0, method="difference")


def _candidate(
    made: Made, counts: Mapping[tuple[int, str], int], hidden: frozenset[tuple[int, str]]
) -> Release:
    by = [
        User.objects.create(email=f"{name}{len(made.towns)}@example.gr") for name in ("maker", "approver")
    ]
    version = IndicatorVersion.objects.get(indicator__code="gmi_beneficiaries")
    now = timezone.now()
    release = Release.objects.create(
        region=made.region, title_el="Μέτρηση", title_en="Measurement", source_el="-", source_en="-",
        state=Release.State.APPROVED, created_by=by[0], approved_by=by[1], approved_at=now, publish_at=now,
        is_synthetic=True,
    )  # fmt: skip
    rows = [
        Candidate(
            release=release, version=version, period=PERIOD, area_id=area, breakdown=breakdown,
            kind=Candidate.COUNT, value=float(number), members=number, flag="", note="",
        )
        for (area, breakdown), number in counts.items()
    ]  # fmt: skip
    outcomes: list[Outcome] = [
        suppression._outcome(row, None, is_hidden=(row.area_id, row.breakdown) in hidden, is_replaced=False)
        for row in rows
    ]
    store.replace_outcomes(release, outcomes)
    return release


def _drawing(made: Made, found: queries.Figures) -> choropleth.Choropleth:
    values = [
        choropleth.AreaValue(
            code,
            figure.area.name_el,
            figure.value,
            choropleth.Completeness.COMPLETE,
            href="/el/indicators/",
        )
        for code, figure in found.by_area.items()
    ]
    return choropleth.Choropleth(made.boundaries, Level.MUNICIPALITY, values, title="Μέτρηση", digits=0)


def _floor(found: queries.Figures) -> float:
    """Seconds that a portal of static files needs for the same."""
    rows = [
        {"area": code, "value": figure.value, "reason": figure.reason}
        for code, figure in found.by_area.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        file.write_text(json.dumps(rows), encoding="utf-8")
        return _median(lambda: json.loads(file.read_text(encoding="utf-8")))


def _median(step: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        step()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _row(step: str, size: int, value: float, unit: str) -> dict[str, Any]:
    return {"name": f"areas.{step}", "areas": size, "value": round(value, 2), "unit": unit}
