"""Synthetic structures for the demonstration: the documented numbers of Thessaly, a smaller set elsewhere.

Nothing here names a real address, person or telephone. Points are scattered by a fixed seed around the
seats of municipalities, inside their outlines. Telephones begin with 20, a range of the Greek numbering
plan that is assigned to nobody: they have the right length, so that everything treats them as numbers,
and no one can be reached by them. Addresses are of a «Demonstration Street», mails of example.org
(RFC 2606). Of confidential structures only the national help line 15900 is given.
"""

import random
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction

from entaxis.directory.importing.columns import COLUMNS
from entaxis.directory.models import KindCompleteness, Structure
from entaxis.geography.models import Area, Outline, Population
from entaxis.vocabularies import queries
from entaxis.vocabularies.models import Vocabulary

DATA = Path(__file__).parent / "data" / "demonstration.toml"
SEED = 4445  # the law of 2016; any number would do, this one stays
TOWN_DEGREES = 0.012  # about a kilometre around the seat
WIDE_DEGREES = 0.05
FROM_BORDER_DEGREES = 0.004
FRESHNESS_DAYS = (5, 12, 30, 75, 120, 200, 330, 400, 540, 900)
Row = dict[str, str]


@dataclass(frozen=True)
class Town:
    """A municipality as the generator sees it."""

    area: Area
    residents: int
    outline: shapely.Geometry | None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def numbers(region_code: str) -> dict[str, int]:
    """How many structures of each kind the demonstration has in a region."""
    return dict(_data()["numbers"].get(region_code, {}))


def headings() -> list[str]:
    """The keys of the import's columns: read in every language."""
    return [column.key for column in COLUMNS]


def rows(region: Area, *, today: date) -> Iterator[Row]:
    """The rows of a region's table, the same for the same day.

    Raises `LookupError` where the areas or outlines of the region are not loaded.
    """
    towns = _towns(region)
    if not towns:
        raise LookupError(region.code)
    for kind, count in numbers(region.code).items():
        recipe = _data()["kinds"][kind]
        chance = random.Random(f"{SEED} {region.code} {kind}")  # noqa: S311  # repeatable, not secret
        placed: dict[str, int] = {}
        spread = list(_spread(towns, recipe, count))
        for number, town in enumerate(spread, 1):
            place = placed[town.area.code] = placed.get(town.area.code, 0) + 1
            is_single = spread.count(town) == 1
            row = _named(recipe, town, place if "each" in recipe["spread"] else number, is_single)
            row |= _offered(recipe, chance) | _described(recipe, chance, today)
            row |= _placed(town, place, number, chance)
            row |= {"kind": kind, "code": f"{recipe['code']}-{town.area.code}-{place}"}
            yield _finished(row, recipe, region, town, number)


def table(region: Area, *, today: date) -> tuple[list[str], list[list[str]]]:
    """Headings and rows as they are written into a file."""
    keys = headings()
    return keys, [[row.get(key, "") for key in keys] for row in rows(region, today=today)]


# --- where ------------------------------------------------------------------------------------------


def _towns(region: Area) -> list[Town]:
    """The municipalities, most residents first."""
    outlines = {
        code: shapely.from_wkb(bytes(geometry.wkb))
        for code, geometry in Outline.objects.filter(
            boundary_set__region=region, boundary_set__is_active=True
        ).values_list("area__code", "geometry")
    }
    residents = dict(
        Population.objects.filter(area__region=region).order_by("year").values_list("area__code", "persons")
    )
    areas = Area.objects.municipalities().of(region)
    towns = [Town(area, residents.get(area.code, 0), outlines.get(area.code)) for area in areas]
    return sorted(towns, key=lambda town: (-town.residents, town.area.code))


def _spread(towns: list[Town], recipe: dict[str, Any], count: int) -> Iterable[Town]:
    skip = recipe.get("skip", 0)
    match recipe["spread"]:
        case "each":
            return _by_residents(towns, count)
        case "rural":
            middle = len(towns) // 3
            return towns[middle : middle + count]
        case _:
            return towns[skip : skip + count]


def _by_residents(towns: list[Town], count: int) -> list[Town]:
    """One for each of the largest, the rest by residents (largest remainders)."""
    base = towns[:count]
    rest = count - len(base)
    everybody = sum(town.residents for town in towns) or 1
    shares = [rest * town.residents / everybody for town in towns]
    extra = [int(share) for share in shares]
    order = sorted(range(len(towns)), key=lambda n: (extra[n] - shares[n], n))
    for n in order[: rest - sum(extra)]:
        extra[n] += 1
    return [town for n, town in enumerate(towns) for _ in range(extra[n] + (town in base))]


def _placed(town: Town, place: int, number: int, chance: random.Random) -> Row:
    seat = town.area.seat_el.partition(" (")[0]
    row = {
        "municipality": town.area.code,
        "locality": seat,
        "street": _data()["street"]["name"],
        "street_number": str(chance.randint(1, 120)),
    }
    if number % 19 == 0 or town.area.seat is None:
        return row  # a few without a point, as in life: the importer takes the seat and says so
    point = _point(town, place, chance)
    return row | {"latitude": f"{point.y:.5f}", "longitude": f"{point.x:.5f}"}


def _point(town: Town, place: int, chance: random.Random) -> shapely.Point:
    """Around the seat and inside the municipality; the first few in the town, later ones farther out."""
    seat = town.area.seat
    if seat is None:
        raise LookupError(town.area.code)
    room = _room(town)
    reach = TOWN_DEGREES if place <= 3 else WIDE_DEGREES
    for _ in range(400):
        point = shapely.Point(chance.gauss(seat.x, reach / 2), chance.gauss(seat.y, reach / 2.5))
        if room is None or room.contains(point):
            return point
    return shapely.Point(room.representative_point()) if room is not None else shapely.Point(seat.x, seat.y)


def _room(town: Town) -> shapely.Geometry | None:
    """The inside of the municipality, away from its border and from the sea."""
    if town.outline is None:
        return None
    inner = town.outline.buffer(-FROM_BORDER_DEGREES)
    return town.outline if inner.is_empty else inner


# --- what -------------------------------------------------------------------------------------------


def _named(recipe: dict[str, Any], town: Town, number: int, is_single: bool) -> Row:
    genitive = town.area.name_el_genitive or town.area.name_el
    english = town.area.name_en or town.area.name_elot743
    suffix = "_single" if is_single else ""
    return {
        column: str(recipe.get(f"{name}{suffix}", recipe[name])).format(m=genitive, e=english, n=number)
        for column, name in (("name", "name_el"), ("name_en", "name_en"))
    }


def _offered(recipe: dict[str, Any], chance: random.Random) -> Row:
    row: Row = {
        name: chance.choice(recipe[name])
        for name in (
            "services",
            "target_groups",
            "languages",
            "age",
            "income_source",
            "residence",
            "condition",
        )
        if name in recipe
    }
    row["hours"] = chance.choice(recipe["hours"]) if chance.random() < 0.94 else ""
    row["cost"] = recipe["cost"]
    return row


def _described(recipe: dict[str, Any], chance: random.Random, today: date) -> Row:
    row = {
        "description": recipe["description_el"],
        "description_en": recipe["description_en"],
        "documents": recipe["documents_el"],
        "documents_en": recipe["documents_en"],
        "how_to_apply": recipe["how_el"],
        "how_to_apply_en": recipe["how_en"],
        "closed_on_public_holidays": recipe.get("closed_on_public_holidays", "yes"),
        "step_free": chance.choice(("yes", "yes", "partly", "no", "unknown")),
        "accessible_toilet": chance.choice(("yes", "no", "unknown")),
        "access_features": chance.choice(("", "", "parking", "lift; parking", "easy_to_read")),
    }
    if chance.random() < 0.92:
        row["assured_date"] = (today - timedelta(days=chance.choice(FRESHNESS_DAYS))).isoformat()
    if "capacity" in recipe and chance.random() < 0.85:
        persons = chance.randint(*recipe["capacity"])
        row["capacity_persons"] = str(persons)
        row["free_places"] = str(chance.choice((0, 0, persons // 12, persons // 6)))
        row["capacity_date"] = (today - timedelta(days=chance.choice(FRESHNESS_DAYS[:6]))).isoformat()
    return row


def _finished(row: Row, recipe: dict[str, Any], region: Area, town: Town, number: int) -> Row:
    """Contacts, and for a confidential structure nothing that everybody reads about its place."""
    if "telephone" in recipe:
        genitive = region.name_el_genitive or region.name_el
        body = _data()["body"]["region_el"].format(r=genitive)
        hidden = {"locality": "", "street": "", "street_number": "", "access_features": ""}
        code = f"{recipe['code']}-{number}"
        return row | hidden | {"code": code, "telephone": recipe["telephone"], "body": body}
    mail = f"{recipe['code']}{town.area.code}{number:02}@example.org".lower()
    row |= {
        "telephone": f"20{town.area.code}{sum(recipe['code'].encode()) % 100:02}{number:02}",
        "email": mail,
    }
    row["served_areas"] = _served(town.area, row.get("residence", "municipality"))
    row["body"] = recipe.get("body_el", "")
    if "parent" in recipe:
        row["parent"] = f"{recipe['parent']}-{town.area.code}-1"
    return row


def _served(town: Area, residence: str) -> str:
    """The area served says the same as the condition on where one lives."""
    codes = {"municipality": town.code, "regional_unit": town.parent.code if town.parent else ""}
    return codes.get(residence, "")


# --- completeness -----------------------------------------------------------------------------------


@transaction.atomic
def state_completeness(*, region: Area, today: date) -> int:
    """State for every open kind and municipality how well it is known; return how many statements.

    Varied on purpose: complete, partial, and for many no statement at all, which is «unknown».
    """
    chance = random.Random(f"{SEED} {region.code} completeness")  # noqa: S311  # repeatable, not secret
    there = set(
        Structure.objects.of(region).published().placed().values_list("kind__key", "municipality__code")
    )
    municipalities = list(Area.objects.municipalities().of(region).order_by("code"))
    statements = []
    for key, kind in sorted(queries.by_key(Vocabulary.Name.STRUCTURE_KINDS).items()):
        if kind.is_confidential:
            continue
        for municipality in municipalities:
            state = _state(key, (key, municipality.code) in there, chance)
            if state is None:
                continue
            statements.append(
                KindCompleteness(
                    kind=kind,
                    municipality=municipality,
                    state=state,
                    as_of=today - timedelta(days=chance.choice(FRESHNESS_DAYS[:6])),
                    source=_data()["completeness"]["source"],
                )
            )
    KindCompleteness.objects.filter(municipality__region=region).delete()
    KindCompleteness.objects.bulk_create(statements)
    return len(statements)


def _state(kind: str, is_there: bool, chance: random.Random) -> str | None:
    states = KindCompleteness.State
    if kind == "community_centre" and is_there:
        return states.COMPLETE
    weights = (0.5, 0.3, 0.1, 0.1) if is_there else (0.12, 0.08, 0.2, 0.6)
    drawn = chance.choices((states.COMPLETE, states.PARTIAL, states.UNKNOWN, None), weights)[0]
    return drawn.value if drawn is not None else None
