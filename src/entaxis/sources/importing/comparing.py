"""Rows of a file held against each other: who is one person, who one household, what contradicts."""

from typing import Final

import polars as pl

from entaxis.sources.importing.problems import KEPT, Findings

ORDER: Final = ("line", "person", "household", "sex", "born", "place", "month", "cents", "groups")


def compare(rows: pl.DataFrame, findings: Findings, amount_of_household: bool) -> pl.DataFrame:
    """The rows with ``person`` and ``household`` (16 bytes each); contradictions go to ``findings``.

    Who has an AMKA anywhere in the file is known by it everywhere; a row with an AFM alone belongs to
    the one AMKA that has this AFM, where there is just one. Without a household's number a person is a
    household. Where an amount is the household's, its first member's row alone keeps it.
    """
    rows = _persons(rows, findings)
    _refuse(rows, ["person", "month"], None, "twice", findings)
    _refuse(rows.filter(pl.col("sex") != "-"), ["person"], "sex", "sex_differs", findings)
    _refuse(rows, ["person"], "born", "birth_differs", findings)
    _refuse(rows, ["household", "month"], "place", "household_places", findings)
    if amount_of_household:
        _refuse(rows, ["household", "month"], "cents", "household_amounts", findings)
        is_first = pl.col("line") == pl.col("line").min().over("household", "month")
        rows = rows.with_columns(cents=pl.when(is_first).then(pl.col("cents")).otherwise(0))
    return rows.select(ORDER).sort("line")


def _persons(rows: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    both = rows.filter(pl.col("amka").is_not_null() & pl.col("afm").is_not_null())
    _refuse(both, ["amka"], "afm", "afm_differs", findings)
    owners = both.group_by("afm").agg(pl.col("amka").unique().alias("owners"))
    owners = owners.filter(pl.col("owners").list.len() == 1).select(
        "afm", owner=pl.col("owners").list.first()
    )
    rows = rows.join(owners, on="afm", how="left")
    rows = rows.with_columns(person=pl.coalesce("amka", "owner", "afm"))
    return rows.with_columns(household=pl.coalesce("household", "person"))


def _refuse(rows: pl.DataFrame, by: list[str], differs: str | None, key: str, findings: Findings) -> None:
    """Name rows that agree in ``by`` and differ in ``differs`` (None: that are there again)."""
    number = pl.len() if differs is None else pl.col(differs).drop_nulls().n_unique()
    wrong = rows.group_by(by).agg(number.alias("number"), pl.col("line").min().alias("other"))
    wrong = wrong.filter(pl.col("number") > 1)
    if not wrong.height:
        return
    told = rows.select("line", *by, *([differs] if differs else [])).join(wrong, on=by)
    if differs is None:
        told = told.filter(pl.col("line") > pl.col("other"))
    else:
        first = rows.select(pl.col("line").alias("other"), pl.col(differs).alias("said"))
        told = told.join(first, on="other").filter(
            (pl.col(differs) != pl.col("said")) & pl.col(differs).is_not_null()
        )
    told = told.sort("line")
    room = max(KEPT - len(findings.problems), 0)
    for line, other in told.select("line", "other").head(room).iter_rows():
        findings.add(key, line=line, other=other)
    findings.count_more(key, told.height - min(room, told.height))
