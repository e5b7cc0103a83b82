"""Changes: areas and their residents come in whole or not at all."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.db import transaction
from django.db.models import Q

from entaxis.core import greek
from entaxis.geography.generalise import display_outlines
from entaxis.geography.importing import boundaries
from entaxis.geography.importing.areas import AreaRow, Key, parse, vintages
from entaxis.geography.importing.problems import GeographyProblem, ImportRefusedError, problem
from entaxis.geography.importing.reading import read_boundaries
from entaxis.geography.importing.tables import TextTable, read_table
from entaxis.geography.models import (
    CURRENT_REGISTER,
    Area,
    AreaCrosswalk,
    BoundarySet,
    Level,
    Outline,
    PlaceName,
    Population,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AreasImported:
    """What an import of areas did."""

    areas: int
    populations: int
    place_names: int


def import_areas(*, path: Path, source: str, by: str, dry_run: bool = False) -> AreasImported:
    """Bring in a table of areas, all or nothing; a second time changes nothing.

    ``source`` is credited beside every population; ``by`` says who did it. Raises
    :class:`ImportRefusedError` with every problem found.
    """
    rows = parse(read_table(path))
    with transaction.atomic():
        areas = _store_areas(rows)
        populations = _store_populations(rows, areas, source)
        regions = {area.region_id or area.pk for area in areas.values()}
        names = sum(rebuild_place_names(region=region) for region in Area.objects.filter(pk__in=regions))
        if dry_run:
            transaction.set_rollback(True)
    logger.info("%s areas brought in by %s", len(rows), by)
    return AreasImported(len(rows), populations, names)


# --- areas ----------------------------------------------------------------------------------------


def _store_areas(rows: list[AreaRow]) -> dict[Key, Area]:
    """Level by level, so that what is above is there. Returns the areas of the rows by key."""
    known = _known({row.parent_key for row in rows} - {None})
    stored: dict[Key, Area] = {}
    for level in Level:
        of_level = [row for row in rows if row.level == level]
        _check_parents(of_level, known)
        areas = [_area(row, known) for row in of_level]
        for area in _upsert(areas):
            known[area.register_year, area.level, area.code] = area
            stored[area.register_year, area.level, area.code] = area
    return stored


def _known(keys: Iterable[Key | None]) -> dict[Key, Area]:
    wanted = Q()
    for register, level, code in filter(None, keys):
        wanted |= Q(register_year=register, level=level, code=code)
    found = Area.objects.filter(wanted) if wanted else Area.objects.none()
    return {(area.register_year, area.level, area.code): area for area in found}


def _check_parents(rows: list[AreaRow], known: dict[Key, Area]) -> None:
    problems = [
        problem("parent_unknown", row=row.row, parent=row.parent[:40])
        for row in rows
        if row.parent_key and row.parent_key not in known
    ]
    if problems:
        raise ImportRefusedError(*problems)


def _area(row: AreaRow, known: dict[Key, Area]) -> Area:
    parent = known[row.parent_key] if row.parent_key else None
    region_pk = (parent.region_id or parent.pk) if parent else None
    seat = None
    if "seat_lon" in row.numbers:
        seat = Point(float(row.numbers["seat_lon"]), float(row.numbers["seat_lat"]), srid=4326)
    return Area(
        register_year=row.register,
        level=row.level,
        code=row.code,
        parent=parent,
        region_id=region_pk,
        seat=seat,
        area_km2=row.numbers.get("area_km2"),
        **row.texts,
    )


def _upsert(areas: list[Area]) -> list[Area]:
    changing = [
        f.name for f in Area._meta.concrete_fields
        if f.name not in ("id", "register_year", "level", "code")
    ]  # fmt: skip
    return Area.objects.bulk_create(
        areas,
        update_conflicts=True,
        unique_fields=["register_year", "level", "code"],
        update_fields=changing,
    )


# --- residents: one census, one vintage -----------------------------------------------------------


def _store_populations(rows: list[AreaRow], areas: dict[Key, Area], source: str) -> int:
    brought = [
        Population(area=areas[row.key], year=year, vintage=vintage, persons=persons, source=source)
        for row in rows
        for (year, vintage), persons in row.persons.items()
    ]
    _drop_other_vintages(rows, areas)
    Population.objects.bulk_create(
        brought,
        update_conflicts=True,
        unique_fields=["area", "year", "vintage"],
        update_fields=["persons", "source"],
    )
    for year, vintage in vintages(rows):
        _check_whole(areas, year, vintage)
    return len(brought)


def _drop_other_vintages(rows: list[AreaRow], areas: dict[Key, Area]) -> None:
    """What another vintage said of the areas of these rows goes."""
    for year, vintage in vintages(rows):
        told = [areas[row.key].pk for row in rows if (year, vintage) in row.persons]
        Population.objects.filter(area__in=told, year=year).exclude(vintage=vintage).delete()


def _check_whole(areas: dict[Key, Area], year: int, vintage: str) -> None:
    """In every region touched, all municipalities have the year, in this vintage, and add up."""
    problems: list[GeographyProblem] = []
    for register, region_pk in {(a.register_year, a.region_id or a.pk) for a in areas.values()}:
        problems += _region_problems(register, region_pk, year, vintage)
    if problems:
        raise ImportRefusedError(*problems)


def _region_problems(register: int, region_pk: int, year: int, vintage: str) -> list[GeographyProblem]:
    inside = Area.objects.filter(Q(pk=region_pk) | Q(region=region_pk), register_year=register)
    told = {
        population.area_id: population
        for population in Population.objects.filter(area__in=inside, year=year)
    }
    if not told:
        return []
    region = next(area for area in inside if area.pk == region_pk)
    held = next((p for p in told.values() if p.vintage != vintage), None)
    if held:
        brought = Population.Vintage(vintage).label
        facts = {"held": held.get_vintage_display(), "brought": brought, "region": region.name}
        return [problem("vintage_mixed", year=year, **facts)]
    municipalities = [area for area in inside if area.level == Level.MUNICIPALITY]
    missing = [area for area in municipalities if area.pk not in told]
    if missing and len(missing) < len(municipalities):
        return [
            problem("population_part", year=year, region=region.name, area=area.name) for area in missing
        ]
    return _sum_problems(list(inside), {pk: p.persons for pk, p in told.items()}, year)


def _sum_problems(areas: list[Area], persons: dict[int, int], year: int) -> list[GeographyProblem]:
    """An area whose parts are all told must have as many residents as they have together."""
    children: dict[int, list[Area]] = defaultdict(list)
    for area in areas:
        if area.parent_id and area.level != Level.COMMUNITY:
            children[area.parent_id].append(area)
    problems = []
    for area in areas:
        parts = children[area.pk]
        if area.pk not in persons or not parts or any(part.pk not in persons for part in parts):
            continue
        total = sum(persons[part.pk] for part in parts)
        if total != persons[area.pk]:
            facts = {"own": persons[area.pk], "parts": total, "area": area.name}
            problems.append(problem("population_sum", year=year, **facts))
    return problems


# --- crosswalk between registers ------------------------------------------------------------------


def store_crosswalk(*, table: TextTable) -> int:
    """Store which area became which; every area must be known. Returns the number of pairs."""
    municipalities = {
        (area.register_year, area.code): area for area in Area.objects.filter(level=Level.MUNICIPALITY)
    }
    pairs = [
        AreaCrosswalk(
            source=municipalities[int(cells["source_register"]), cells["source"]],
            target=municipalities[int(cells["target_register"]), cells["target"]],
            area_share=cells["share"],
        )
        for _, cells in table.rows
    ]
    AreaCrosswalk.objects.bulk_create(
        pairs,
        update_conflicts=True,
        unique_fields=["source", "target"],
        update_fields=["area_share"],
    )
    return len(pairs)


# --- gazetteer ------------------------------------------------------------------------------------

FORMS = ("name_el", "name_el_genitive", "name_official_el", "name_elot743", "name_en")
KINDS = {
    Level.REGIONAL_UNIT: PlaceName.Kind.REGIONAL_UNIT,
    Level.MUNICIPALITY: PlaceName.Kind.MUNICIPALITY,
    Level.COMMUNITY: PlaceName.Kind.COMMUNITY,
}


def rebuild_place_names(*, region: Area) -> int:
    """Write the gazetteer of ``region`` anew from its areas in force. Returns the number of names."""
    if region.register_year != CURRENT_REGISTER:
        return 0
    names: dict[tuple[int, str, str], PlaceName] = {}
    for area in Area.objects.current().of(region):
        for name in _place_names(area, region):
            names.setdefault((area.pk, name.kind, name.name), name)
    with transaction.atomic():
        PlaceName.objects.filter(region=region).delete()
        PlaceName.objects.bulk_create(names.values())
    return len(names)


def _place_names(area: Area, region: Area) -> Iterable[PlaceName]:
    forms = [(KINDS[Level(area.level)], str(getattr(area, form))) for form in FORMS]
    if area.seat_el:
        forms += [(PlaceName.Kind.SEAT, seat) for seat in (area.seat_el, greek.elot743(area.seat_el))]
    for kind, name in forms:
        if name:
            yield PlaceName(
                area=area,
                region=region,
                kind=kind,
                name=name,
                sound=greek.sound(name)[:200],
                stem=greek.stem(name)[:200],
                point=area.seat,
            )


# --- outlines -------------------------------------------------------------------------------------


@dataclass(slots=True)
class BoundariesImported:
    """What an import of outlines did: the sets now in force, and what is worth knowing."""

    sets: list[BoundarySet] = field(default_factory=list)
    outlines: int = 0
    warnings: list[GeographyProblem] = field(default_factory=list)


def import_boundaries(
    *,
    path: Path,
    code_field: str,
    year: int,
    source: str,
    licence: str,
    by: str,
    region: Area | None = None,
    crs: int | None = None,
    layer: str | None = None,
    tolerance_km2: float = 0.05,
    accuracy_m: int = 100,
    allow_missing: bool = False,
    repair: bool = False,
    dry_run: bool = False,
) -> BoundariesImported:
    """Read, check and put in force the outlines of a file, for every region in it or for ``region``.

    One transaction: every map shows the old lines or the new ones. The same file a second time changes
    nothing. Raises :class:`ImportRefusedError` with every problem found.
    """
    file = read_boundaries(path, crs=crs, layer=layer)
    checked = boundaries.check(
        file,
        code_field=code_field,
        region=region,
        tolerance_km2=tolerance_km2,
        allow_missing=allow_missing,
        repair=repair,
    )
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    done = BoundariesImported(warnings=checked.warnings)
    with transaction.atomic():
        for home, outlines in checked.outlines.items():
            facts = {"year": year, "source": source, "licence": licence, "accuracy_m": accuracy_m}
            done.sets.append(_switch(home, outlines, checksum, {**facts, "imported_by": by}))
            done.outlines += len(outlines)
        if dry_run:
            transaction.set_rollback(True)
    return done


def _switch(
    region: Area, outlines: dict[Area, shapely.MultiPolygon], checksum: str, facts: dict[str, object]
) -> BoundarySet:
    active = BoundarySet.objects.select_for_update().filter(region=region, is_active=True)
    same = active.filter(checksum=checksum, **facts).first()
    if same is not None:
        return same
    active.update(is_active=False)
    made = BoundarySet.objects.create(region=region, is_active=True, checksum=checksum, **facts)
    displays = display_outlines(list(outlines.values()))
    Outline.objects.bulk_create(
        Outline(boundary_set=made, area=area, geometry=_geos(full), display=_geos(display))
        for (area, full), display in zip(outlines.items(), displays, strict=True)
    )
    return made


def _geos(shape: shapely.MultiPolygon) -> MultiPolygon:
    made = GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)
    if not isinstance(made, MultiPolygon):
        raise TypeError("an outline is a MultiPolygon")
    return made
