"""The sealed rows of editions: the only code that writes them, as the role that may."""

import io
from decimal import Decimal
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection

from entaxis.core import sealed

COLUMNS = (
    "edition_id, line, person, household, sex, birth_year, "
    "municipality_id, question, month, amount_cents, groups"
)

CELL_COLUMNS = "edition_id, line, measure, municipality_id, question, period, breakdown, value"
TABLES = ("sources_sealed.benefit_month", "sources_sealed.cell")


def copy(edition: UUID, rows: pl.DataFrame) -> None:
    """Write checked rows of an edition, inside the caller's transaction."""
    place = pl.col("place")
    lines = rows.select(
        pl.lit(str(edition)).alias("edition"),
        "line",
        pl.col("person").bin.encode("hex"),
        pl.col("household").bin.encode("hex"),
        "sex",
        "born",
        pl.when(place > 0).then(place).alias("municipality"),
        pl.when(place < 0).then(-place).alias("question"),
        "month",
        "cents",
        ("{" + pl.col("groups").list.join(",").fill_null("") + "}").alias("groups"),
    )
    text = io.BytesIO()
    lines.write_csv(text, include_header=False)
    _copy(f"COPY sources_sealed.benefit_month ({COLUMNS}) FROM STDIN (FORMAT csv)", text)


def copy_cells(edition: UUID, rows: pl.DataFrame) -> None:
    """Write checked cells of a table, inside the caller's transaction."""
    place = pl.col("place")
    lines = rows.select(
        pl.lit(str(edition)).alias("edition"),
        "line",
        "measure",
        pl.when(place > 0).then(place).alias("municipality"),
        pl.when(place < 0).then(-place).alias("question"),
        "period",
        "breakdown",
        "value",
    )
    text = io.BytesIO()
    lines.write_csv(text, include_header=False, quote_style="non_numeric")
    _copy(f"COPY sources_sealed.cell ({CELL_COLUMNS}) FROM STDIN (FORMAT csv)", text)


def cells(edition: UUID) -> list[tuple[str, int, str, str, Decimal]]:
    """The cells of an edition whose place is known: measure, area, period, breakdown, value."""
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(
            "SELECT measure, municipality_id, period, breakdown, value FROM sources_sealed.cell "
            "WHERE edition_id = %s AND municipality_id IS NOT NULL ORDER BY line",
            [edition],
        )
        return list(cursor.fetchall())


def forget(edition: UUID) -> None:
    """Delete every row of an edition."""
    for table in TABLES:
        _execute("DELETE FROM {table} WHERE edition_id = %s", table, [edition])


def number_questions(edition: UUID, ids: dict[int, int]) -> None:
    """Rows point at the questions as the file counted them; let them point at the stored ones."""
    for table in TABLES:
        _execute(
            "UPDATE {table} AS row SET question = new.id "
            "FROM unnest(%s::int[], %s::int[]) AS new(number, id) "
            "WHERE row.edition_id = %s AND row.question = new.number",
            table,
            [list(ids), list(ids.values()), edition],
        )


def answer(edition: UUID, question: int, municipality: int | None) -> int:
    """Give the rows of a question their municipality, or (None) leave them out; how many there were."""
    if municipality is None:
        statement = "DELETE FROM {table} WHERE edition_id = %s AND question = %s"
        return sum(_execute(statement, table, [edition, question]) for table in TABLES)
    statement = (
        "UPDATE {table} SET municipality_id = %s, question = NULL WHERE edition_id = %s AND question = %s"
    )
    return sum(_execute(statement, table, [municipality, edition, question]) for table in TABLES)


def count(edition: UUID) -> int:
    """How many rows an edition holds."""
    statement = "SELECT 1 FROM {table} WHERE edition_id = %s"
    return sum(_execute(statement, table, [edition]) for table in TABLES)


def _copy(statement: str, text: io.BytesIO) -> None:
    with (
        sealed.role(sealed.SOURCES),
        connection.cursor() as cursor,
        cursor.copy(statement) as copying,
    ):
        copying.write(text.getbuffer())


def _execute(statement: str, table: str, values: list[Any]) -> int:
    """Run a statement on one of `TABLES`; how many rows it met."""
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table), values)
        return int(cursor.rowcount)
