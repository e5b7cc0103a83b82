"""Unsuppressed cells for the room of indicators, worked out under the sealed role.

Nothing here may be shown: small cells tell persons. Every function returns a polars frame of the editions
in force of one kind of source in one region; municipalities are ELSTAT codes of the register in force,
months the first day of a month. A frame without rows has the same columns.

    beneficiaries(region, "gmi", by=("sex", "age_group"))   # persons, households, amounts of each month
    flows(region, "gmi")                                     # entries and exits of each month
    by_duration(region, "gmi", month)                        # who of them has it for over a year
    payments(region, "gmi")                                  # of the region's households, by composition
    latest_month(region, "gmi")                              # the last one told
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection
from django.db.models import Q

from entaxis.core import sealed
from entaxis.core.review import State
from entaxis.geography.models import Area
from entaxis.sources.guaranteed import ADULT
from entaxis.sources.models import Contradiction, PhenomenonReport, Source, SourceEdition, TableValue
from entaxis.sources.phenomena import counts

AGE_GROUPS: Final = ((0, 17), (18, 29), (30, 44), (45, 54), (55, 64), (65, None))
AGE: Final = "(extract(year FROM month)::int - birth_year)"
NO_GROUP: Final = "none"
UNKNOWN: Final = "unknown"
A_YEAR_BEFORE: Final = 12  # months


def age_group_key(low: int, high: int | None) -> str:
    """``18-29``, ``65+``."""
    return f"{low}+" if high is None else f"{low}-{high}"


_AGE_CASES: Final = " ".join(
    f"WHEN {AGE} >= {low} THEN '{age_group_key(low, high)}'" for low, high in reversed(AGE_GROUPS)
)
# What one may break down by: the expression of each, and the type of its column.
BREAKDOWNS: Final[dict[str, str]] = {
    "sex": "CASE sex WHEN 'f' THEN 'f' WHEN 'm' THEN 'm' ELSE 'unknown' END",
    "age_group": f"CASE WHEN birth_year IS NULL THEN 'unknown' {_AGE_CASES} ELSE 'unknown' END",
    "subgroup": "subgroup",
}


def beneficiaries(
    region: Area,
    kind: Source.Kind | str,
    *,
    by: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> pl.DataFrame:
    """Persons and households with a benefit, and what was paid, for each month and municipality.

    Columns: ``month``, ``municipality``, one for each of ``by`` (`BREAKDOWNS`), ``persons``,
    ``households``, ``amount_euro``. Someone of unknown sex or age stands under ``unknown``. By
    ``subgroup`` a person with several counts in each, with none under ``none``: never add those up.
    A household whose members fall into several cells counts in each of them.

    Raises:
        ValueError: there is no such breakdown.
    """
    unknown = [name for name in by if name not in BREAKDOWNS]
    if unknown:
        raise ValueError(f"no breakdown {unknown}; there are {list(BREAKDOWNS)}")
    keys = ", ".join(("month", "municipality_id", *(f"{BREAKDOWNS[name]} AS {name}" for name in by)))
    groups = (
        "CROSS JOIN LATERAL unnest(CASE WHEN groups = '{}' THEN '{none}' ELSE groups END) AS subgroup"
        if "subgroup" in by
        else ""
    )
    numbers = ", ".join(map(str, range(1, len(by) + 3)))
    statement = (  # only names of ours are written into it
        f"SELECT {keys}, count(DISTINCT person), count(DISTINCT household), sum(amount_cents) "  # noqa: S608
        f"FROM sources_sealed.benefit_month {groups} "
        f"WHERE edition_id = ANY(%s) AND month BETWEEN %s AND %s GROUP BY {numbers} ORDER BY {numbers}"
    )
    rows = _read(region, kind, statement, since, until)
    schema = {
        "month": pl.Date,
        "municipality": pl.Int64,
        **dict.fromkeys(by, pl.String),
        "persons": pl.Int64,
        "households": pl.Int64,
        "cents": pl.Int64,
    }
    frame = _frame(rows, schema, region)
    return frame.with_columns(amount_euro=pl.col("cents") / 100).drop("cents")


def totals(
    region: Area, kind: Source.Kind | str, *, since: date | None = None, until: date | None = None
) -> pl.DataFrame:
    """The same for the whole region and each regional unit: households are not sums of municipalities'.

    Columns: ``month``, ``area`` (code of the regional unit, or the region's NUTS code), ``level``,
    ``persons``, ``households``, ``amount_euro``.
    """
    statement = (
        "SELECT month, unit.code, count(DISTINCT person), count(DISTINCT household), sum(amount_cents) "
        "FROM sources_sealed.benefit_month JOIN unnest(%s::int[], %s::text[]) AS unit(municipality, code) "
        "ON unit.municipality = municipality_id "
        "WHERE edition_id = ANY(%s) AND month BETWEEN %s AND %s "
        "GROUP BY GROUPING SETS ((1, 2), (1)) ORDER BY 1, 2"
    )
    units = dict(Area.objects.municipalities().filter(region=region).values_list("pk", "parent__code"))
    rows = _read(region, kind, statement, since, until, before=[list(units), list(units.values())])
    schema = {
        "month": pl.Date,
        "area": pl.String,
        "persons": pl.Int64,
        "households": pl.Int64,
        "cents": pl.Int64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    is_region = pl.col("area").is_null()
    return frame.select(
        "month",
        pl.col("area").fill_null(region.code),
        pl.when(is_region).then(pl.lit("region")).otherwise(pl.lit("regional_unit")).alias("level"),
        "persons",
        "households",
        amount_euro=pl.col("cents") / 100,
    )


def flows(
    region: Area, kind: Source.Kind | str, *, since: date | None = None, until: date | None = None
) -> pl.DataFrame:
    """Who came and who went: columns ``month``, ``municipality``, ``entries``, ``returns``, ``exits``.

    An entry is a person's first month of all, a return a month after a gap, an exit the first month in
    which somebody has the benefit no more, at the municipality of the last. A first month told by any
    edition has neither entries nor returns, since nobody knows who was there before; a month that no
    edition tells ends nothing: flows across it are left out.
    """
    statement = """
        WITH told AS (SELECT DISTINCT month FROM sources_sealed.benefit_month WHERE edition_id = ANY(%s)),
        span AS (
          SELECT person, month, min(municipality_id) AS municipality_id,
            lag(month) OVER (PARTITION BY person ORDER BY month) AS former,
            lead(month) OVER (PARTITION BY person ORDER BY month) AS next
          FROM sources_sealed.benefit_month WHERE edition_id = ANY(%s) GROUP BY person, month
        ), moves AS (
          SELECT month, municipality_id, (former IS NULL)::int AS entry,
            (former IS NOT NULL)::int AS return, 0 AS exit
          FROM span WHERE (former IS NULL OR former < (month - interval '1 month')::date)
            AND (month - interval '1 month')::date IN (SELECT month FROM told)
          UNION ALL
          SELECT (month + interval '1 month')::date, municipality_id, 0, 0, 1
          FROM span WHERE (next IS NULL OR next > (month + interval '1 month')::date)
            AND (month + interval '1 month')::date IN (SELECT month FROM told)
        )
        SELECT month, municipality_id, sum(entry), sum(return), sum(exit) FROM moves
        WHERE month BETWEEN %s AND %s GROUP BY 1, 2 ORDER BY 1, 2
    """
    ids = _in_force(region, kind)
    rows = _execute(statement, [ids, ids, since or date.min, until or date.max]) if ids else []
    schema = {
        "month": pl.Date,
        "municipality": pl.Int64,
        "entries": pl.Int64,
        "returns": pl.Int64,
        "exits": pl.Int64,
    }
    return _frame(rows, schema, region)


def by_duration(region: Area, kind: Source.Kind | str, month: date) -> pl.DataFrame:
    """Who has a benefit in a month, and who of them has had it without a gap for more than a year.

    Columns: ``month``, ``municipality``, ``persons``, ``longer`` (in this month and in each of the twelve
    before it, in whatever municipality). Without rows where one of these months is told by no edition in
    force: then nobody knows how long anybody has had it.
    """
    statement = """
        WITH held AS (
          SELECT person FROM sources_sealed.benefit_month
          WHERE edition_id = ANY(%s) AND month BETWEEN %s AND %s
          GROUP BY person HAVING count(DISTINCT month) = %s
        ), told AS (
          SELECT count(DISTINCT month) AS months FROM sources_sealed.benefit_month
          WHERE edition_id = ANY(%s) AND month BETWEEN %s AND %s
        )
        SELECT month, municipality_id, count(DISTINCT person), count(DISTINCT held.person)
        FROM sources_sealed.benefit_month LEFT JOIN held USING (person)
        WHERE edition_id = ANY(%s) AND month = %s AND (SELECT months FROM told) = %s
        GROUP BY 1, 2 ORDER BY 1, 2
    """
    ids, first, months = _in_force(region, kind), month.replace(year=month.year - 1), A_YEAR_BEFORE + 1
    values = [ids, first, month, months, ids, first, month, ids, month, months]
    rows = _execute(statement, values) if ids else []
    schema = {"month": pl.Date, "municipality": pl.Int64, "persons": pl.Int64, "longer": pl.Int64}
    return _frame(rows, schema, region)


def payments(
    region: Area, kind: Source.Kind | str, *, since: date | None = None, until: date | None = None
) -> pl.DataFrame:
    """What households of the region were paid in a month, by how many of them are of age.

    Columns: ``month``, ``adults``, ``minors``, ``households``, ``cents``. Only households that were paid
    anything, and of which the number that binds them and every member's year of birth is known.
    """
    statement = (  # only names of ours are written into it
        "SELECT month, adults, minors, count(*), sum(cents) FROM ("  # noqa: S608
        f"SELECT month, household, count(*) FILTER (WHERE {AGE} >= {ADULT}) AS adults, "
        f"count(*) FILTER (WHERE {AGE} < {ADULT}) AS minors, sum(amount_cents) AS cents "
        "FROM sources_sealed.benefit_month WHERE edition_id = ANY(%s) AND month BETWEEN %s AND %s "
        "GROUP BY 1, 2 HAVING sum(amount_cents) > 0 "
        "AND bool_and(birth_year IS NOT NULL AND household <> person)) AS payment "
        "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    numbers = ("adults", "minors", "households", "cents")
    rows = _read(region, kind, statement, since, until)
    return pl.DataFrame(rows, schema={"month": pl.Date, **dict.fromkeys(numbers, pl.Int64)}, orient="row")


def latest_month(region: Area, kind: Source.Kind | str) -> date | None:
    """The last month that an edition in force tells."""
    rows = _read(
        region,
        kind,
        "SELECT max(month) FROM sources_sealed.benefit_month WHERE edition_id = ANY(%s) "
        "AND month BETWEEN %s AND %s",
    )
    found: date | None = rows[0][0] if rows else None
    return found


def subgroup_counts(region: Area) -> pl.DataFrame:
    """Beneficiaries by sub-group as the municipal social services counted them, unsuppressed.

    Columns: ``measure``, ``municipality`` (or the code of a regional unit, or the region's),
    ``period`` (2023, 2023-Q1, 2023-03), ``subgroup``, ``breakdown`` (the rest, as ``age=15-24;sex=f``),
    ``value``. One may belong to several sub-groups: never add those up.
    """
    ids = _in_force(region, Source.Kind.SUBGROUP_COUNTS)
    statement = (
        "SELECT measure, municipality_id, period, breakdown, value::float8 FROM sources_sealed.cell "
        "WHERE edition_id = ANY(%s) AND municipality_id IS NOT NULL ORDER BY 1, 2, 3, 4"
    )
    rows = _execute(statement, [ids]) if ids else []
    schema = {
        "measure": pl.String,
        "municipality": pl.Int64,
        "period": pl.String,
        "whole": pl.String,
        "value": pl.Float64,
    }
    frame = _frame(rows, schema, region)
    rest = pl.col("whole").str.replace(r";?subgroup=[^;]*", "").str.strip_chars_start(";")
    return frame.select(
        "measure",
        "municipality",
        "period",
        pl.col("whole").str.extract(r"subgroup=([^;]*)").alias("subgroup"),
        rest.alias("breakdown"),
        "value",
    )


def subgroup_periods(edition: SourceEdition) -> list[tuple[str, str]]:
    """Measure and period of all counts by sub-group that one file tells."""
    statement = (
        "SELECT DISTINCT measure, period FROM sources_sealed.cell "
        "WHERE edition_id = %s AND municipality_id IS NOT NULL"
    )
    return [(measure, period) for measure, period in _execute(statement, [edition.pk])]


def phenomena(region: Area) -> pl.DataFrame:
    """Validated reports of phenomena, unsuppressed.

    Columns: ``municipality``, ``period`` (2023-Q1), ``phenomenon`` (a sub-group), ``households``,
    ``persons`` (null where only households were counted). A household may be reported under several
    phenomena: never add those up.
    """
    reports = PhenomenonReport.objects.filter(region=region, state=State.PUBLISHED).order_by(
        "municipality", "period", "phenomenon"
    )
    told = list(reports.values_list("pk", "municipality", "period", "phenomenon"))
    numbers = counts(pk for pk, *_ in told)
    rows = [(*facts, numbers[pk].households, numbers[pk].persons) for pk, *facts in told]
    schema = {
        "municipality": pl.Int64,
        "period": pl.String,
        "phenomenon": pl.String,
        "households": pl.Int64,
        "persons": pl.Int64,
    }
    return _frame(rows, schema, region)


def table_values(region: Area, measure: str) -> pl.DataFrame:
    """What the tables of statistics in force say of one measure; these are published figures.

    Columns: ``area`` (code), ``level``, ``period``, ``breakdown``, ``value``, ``unit``, ``source``,
    ``publisher``, ``licence``, ``edition``, ``is_disputed``. Where two sources contradict each other and a
    person has said which is believed, the other's value is left out; until then both stand, disputed.
    """
    cells = TableValue.objects.filter(edition__source__region=region, measure__key=measure)
    disputed, wrong = _contradicted(region)
    rows = [
        (
            cell.area.code,
            cell.area.level,
            cell.period,
            cell.breakdown,
            float(cell.value),
            cell.measure.unit,
            cell.edition.source.name_el,
            cell.edition.source.publisher,
            cell.edition.source.licence,
            str(cell.edition_id),
            cell.pk in disputed,
        )
        for cell in cells.select_related("area", "measure", "edition__source")
        if cell.pk not in wrong
    ]
    schema = dict.fromkeys(("area", "level", "period", "breakdown"), pl.String)
    more = dict.fromkeys(("unit", "source", "publisher", "licence", "edition"), pl.String)
    whole = {**schema, "value": pl.Float64, **more, "is_disputed": pl.Boolean}
    return pl.DataFrame(rows, schema=whole, orient="row").sort("period", "level", "area", "breakdown")


def doubted(region: Area) -> set[int]:
    """Cells of tables that wait for somebody to say which source is right, or that were not believed."""
    disputed, wrong = _contradicted(region)
    return disputed | wrong


def _contradicted(region: Area) -> tuple[set[int], set[int]]:
    """Cells in dispute, and cells that lost one."""
    told = Contradiction.objects.filter(first__edition__source__region=region)
    disputed: set[int] = set()
    wrong: set[int] = set()
    pairs: Any = told.values_list(
        "first", "first__edition__source", "second", "second__edition__source", "believed"
    )
    for first, first_source, second, _second_source, believed in pairs:
        if believed is None:
            disputed |= {first, second}
        else:
            wrong.add(second if believed == first_source else first)
    return disputed, wrong


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What a figure's passport says of a file it was worked out from."""

    id: UUID
    source: str
    publisher: str
    licence: str
    file_name: str
    checksum: str
    mapping_version: int
    since: date | None
    until: date | None
    rows: int
    is_synthetic: bool


def editions(region: Area, kind: Source.Kind | str) -> list[EditionFacts]:
    """The files in force, oldest period first."""
    found = _editions(region, kind).select_related("source", "mapping").order_by("since", "pk")
    return [
        EditionFacts(
            id=each.pk,
            source=each.source.name_el,
            publisher=each.source.publisher,
            licence=each.source.licence,
            file_name=each.file_name,
            checksum=each.checksum,
            mapping_version=each.mapping.version,
            since=each.since,
            until=each.until,
            rows=each.rows_kept,
            is_synthetic=each.is_synthetic,
        )
        for each in found
    ]


# --- reading under seal -----------------------------------------------------------------------------


def _editions(region: Area, kind: Source.Kind | str) -> Any:
    return SourceEdition.objects.filter(
        source__region=region, source__kind=kind, state=SourceEdition.State.CURRENT
    )


def _in_force(region: Area, kind: Source.Kind | str) -> list[UUID]:
    return list(_editions(region, kind).values_list("pk", flat=True))


def _read(
    region: Area,
    kind: Source.Kind | str,
    statement: str,
    since: date | None = None,
    until: date | None = None,
    *,
    before: Iterable[Any] = (),
) -> list[tuple[Any, ...]]:
    ids = _in_force(region, kind)
    if not ids:
        return []
    return _execute(statement, [*before, ids, since or date.min, until or date.max])


def _execute(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _frame(rows: list[tuple[Any, ...]], schema: dict[str, Any], region: Area) -> pl.DataFrame:
    """The rows with the municipality's code in place of its key in our tables."""
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    inside = Area.objects.current().filter(Q(region=region) | Q(pk=region.pk)).exclude(level="community")
    codes = dict(inside.values_list("pk", "code"))
    told = pl.col("municipality").replace_strict(
        list(codes), list(codes.values()), default=None, return_dtype=pl.String
    )
    return frame.with_columns(municipality=told)
