"""A table of areas → rows that can be stored, or everything that is wrong with it at once.

Columns: ``level``, ``code``, ``name_el`` are needed, ``parent`` (the code of the area above) except
for regions; every other field of :class:`Area` by its name; ``register`` (2019 unless given);
``seat_lat`` and ``seat_lon``; ``population_<year>_<final|provisional>``, one vintage a year.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from entaxis.geography.importing.problems import GeographyProblem, ImportRefusedError, problem
from entaxis.geography.importing.tables import TextTable
from entaxis.geography.models import CURRENT_REGISTER, Area, Level
from entaxis.geography.projection import GREECE_DEGREES

NEEDED = ("level", "code", "name_el")
TEXTS = (
    "ypes_code", "nuts_code", "name_el", "name_el_genitive", "name_official_el", "name_elot743",
    "name_en", "seat_el", "seat_quality",
)  # fmt: skip
NUMBERS = ("seat_lat", "seat_lon", "area_km2")
KNOWN = {"register", "level", "code", "parent", *TEXTS, *NUMBERS}
POPULATION = re.compile(r"population_(?P<year>\d{4})_(?P<vintage>final|provisional)")
ABOVE = {
    Level.REGIONAL_UNIT: Level.REGION,
    Level.MUNICIPALITY: Level.REGIONAL_UNIT,
    Level.COMMUNITY: Level.MUNICIPALITY,
}
# A spreadsheet drops leading zeros: the shortest that a code of the level can be.
CODE_WIDTH = {Level.REGIONAL_UNIT: 2, Level.MUNICIPALITY: 4, Level.COMMUNITY: 8}
CODE_SHAPE = {
    Level.REGION: re.compile(r"[A-Z]{2}\d{2}|\d{1,2}"),
    Level.REGIONAL_UNIT: re.compile(r"\d{2}|\d{4}"),
    Level.MUNICIPALITY: re.compile(r"\d{4}"),
    Level.COMMUNITY: re.compile(r"\d{8,12}"),
}
LIMITS = {f.name: f.max_length or 0 for f in Area._meta.concrete_fields if f.name in TEXTS}
MAX_PERSONS = 12_000_000

Key = tuple[int, str, str]
"""Register year, level, code."""


@dataclass(slots=True)
class AreaRow:
    """One area as it will be stored."""

    row: int
    register: int
    level: Level
    code: str
    parent: str
    texts: dict[str, str]
    numbers: dict[str, Decimal]
    persons: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What the database knows it by."""
        return self.register, self.level, self.code

    @property
    def parent_key(self) -> Key | None:
        """The key of the area above; None for a region."""
        above = ABOVE.get(self.level)
        return (self.register, above, _padded(above, self.parent)) if above else None


def parse(table: TextTable) -> list[AreaRow]:
    """Rows in order of level, widest first. Raises :class:`ImportRefusedError` with all problems."""
    problems = list(_column_problems(table))
    if problems:
        raise ImportRefusedError(*problems)
    rows = [row for number, cells in table.rows if (row := _row(number, cells, problems))]
    problems += _duplicates(rows)
    if problems:
        raise ImportRefusedError(*problems)
    return sorted(rows, key=lambda row: list(Level).index(row.level))


def vintages(table_rows: list[AreaRow]) -> set[tuple[int, str]]:
    """The (year, vintage) pairs that the rows bring."""
    return {pair for row in table_rows for pair in row.persons}


def _column_problems(table: TextTable) -> Iterator[GeographyProblem]:
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        yield problem("columns", columns=", ".join(missing))
    years: dict[str, set[str]] = defaultdict(set)
    for column in table.columns:
        if found := POPULATION.fullmatch(column):
            years[found["year"]].add(found["vintage"])
        elif column not in KNOWN:
            yield problem("column_unknown", column=column[:80])
    for year, found_vintages in years.items():
        if len(found_vintages) > 1:
            yield problem("two_vintages", year=year)


def _row(number: int, cells: dict[str, str], problems: list[GeographyProblem]) -> AreaRow | None:
    before = len(problems)
    problems += _needed(number, cells)
    level = cells["level"]
    if level and level not in Level.values:
        problems.append(
            problem("choice", row=number, column="level", value=level[:40], choices=", ".join(Level.values))
        )
    problems += _lengths(number, cells)
    numbers = {n: v for n in NUMBERS if (v := _number(number, n, cells, problems)) is not None}
    problems += _place_problems(number, numbers)
    register = _register(number, cells, problems)
    persons = _persons(number, cells, problems)
    if len(problems) > before:
        return None
    code = _padded(Level(level), cells["code"])
    if not CODE_SHAPE[Level(level)].fullmatch(code):
        problems.append(problem("code_shape", row=number, code=code[:40]))
        return None
    texts = {name: cells.get(name, "") for name in TEXTS}
    return AreaRow(number, register, Level(level), code, cells.get("parent", ""), texts, numbers, persons)


def _needed(number: int, cells: dict[str, str]) -> Iterator[GeographyProblem]:
    for name in NEEDED:
        if not cells[name]:
            yield problem("required", row=number, column=name)
    if cells["level"] in ABOVE and not cells.get("parent"):
        yield problem("required", row=number, column="parent")


def _lengths(number: int, cells: dict[str, str]) -> Iterator[GeographyProblem]:
    for name in TEXTS:
        if len(cells.get(name, "")) > (limit := LIMITS[name]):
            yield problem("too_long", row=number, column=name, limit=limit)


def _number(
    number: int, name: str, cells: dict[str, str], problems: list[GeographyProblem]
) -> Decimal | None:
    """A number with a point or, as Greek spreadsheets write it, a comma."""
    text = cells.get(name, "")
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        problems.append(problem("not_a_number", row=number, column=name, value=text[:40]))
        return None
    if not value.is_finite() or (name == "area_km2" and not 0 < value < 100_000):
        problems.append(problem("out_of_range", row=number, column=name, value=text[:40]))
        return None
    return value


def _place_problems(number: int, numbers: dict[str, Decimal]) -> Iterator[GeographyProblem]:
    given = [name for name in ("seat_lat", "seat_lon") if name in numbers]
    if len(given) == 1:
        yield problem("half_seat", row=number)
    if len(given) == 2:
        west, south, east, north = GREECE_DEGREES
        if not (west <= numbers["seat_lon"] <= east and south <= numbers["seat_lat"] <= north):
            yield problem("seat_outside", row=number)


def _register(number: int, cells: dict[str, str], problems: list[GeographyProblem]) -> int:
    text = cells.get("register") or str(CURRENT_REGISTER)
    if not re.fullmatch(r"(19|20)\d\d", text):
        problems.append(problem("out_of_range", row=number, column="register", value=text[:40]))
        return CURRENT_REGISTER
    return int(text)


def _persons(
    number: int, cells: dict[str, str], problems: list[GeographyProblem]
) -> dict[tuple[int, str], int]:
    persons = {}
    for column, text in cells.items():
        found = POPULATION.fullmatch(column)
        if not found or not text:
            continue
        digits = re.sub(r"(?<=\d)[. ](?=\d{3}(\D|$))", "", text)
        if not re.fullmatch(r"[0-9]{1,9}", digits):
            problems.append(problem("not_a_number", row=number, column=column, value=text[:40]))
        elif int(digits) > MAX_PERSONS:
            problems.append(problem("out_of_range", row=number, column=column, value=text[:40]))
        else:
            persons[int(found["year"]), found["vintage"]] = int(digits)
    return persons


def _duplicates(rows: list[AreaRow]) -> Iterator[GeographyProblem]:
    first: dict[Key, int] = {}
    for row in rows:
        if row.key in first:
            yield problem("duplicate", row=row.row, code=row.code, other=first[row.key])
        first.setdefault(row.key, row.row)


def _padded(level: Level, code: str) -> str:
    """The code with the zeros that a spreadsheet dropped."""
    width = CODE_WIDTH.get(level, 0)
    return code.zfill(width) if code.isdigit() and len(code) == width - 1 else code
