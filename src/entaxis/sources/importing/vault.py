"""The sealed rows of editions: the only code that writes them, as the role that may."""

import io
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection

from entaxis.core import sealed

COLUMNS = (
    "edition_id, line, person, household, sex, birth_year, "
    "municipality_id, question, month, amount_cents, groups"
)


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
    with (
        sealed.role(sealed.SOURCES),
        connection.cursor() as cursor,
        cursor.copy(f"COPY sources_sealed.benefit_month ({COLUMNS}) FROM STDIN (FORMAT csv)") as copying,
    ):
        copying.write(text.getbuffer())


def forget(edition: UUID) -> None:
    """Delete every row of an edition."""
    _execute("DELETE FROM sources_sealed.benefit_month WHERE edition_id = %s", [edition])


def number_questions(edition: UUID, ids: dict[int, int]) -> None:
    """Rows point at the questions as the file counted them; let them point at the stored ones."""
    _execute(
        "UPDATE sources_sealed.benefit_month AS row SET question = new.id "
        "FROM unnest(%s::int[], %s::int[]) AS new(number, id) "
        "WHERE row.edition_id = %s AND row.question = new.number",
        [list(ids), list(ids.values()), edition],
    )


def answer(edition: UUID, question: int, municipality: int | None) -> int:
    """Give the rows of a question their municipality, or (None) leave them out; how many there were."""
    if municipality is None:
        statement = "DELETE FROM sources_sealed.benefit_month WHERE edition_id = %s AND question = %s"
        return _execute(statement, [edition, question])
    return _execute(
        "UPDATE sources_sealed.benefit_month SET municipality_id = %s, question = NULL "
        "WHERE edition_id = %s AND question = %s",
        [municipality, edition, question],
    )


def count(edition: UUID) -> int:
    """How many rows an edition holds."""
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sources_sealed.benefit_month WHERE edition_id = %s", [edition])
        return int(cursor.fetchone()[0])


def _execute(statement: str, values: list[Any]) -> int:
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
