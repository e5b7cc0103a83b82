"""What households were paid, beside what they are guaranteed; more than that is a doubt and no fault.

Supplements and arrears exist, so a person decides. Nothing is said of a household of which a member's year
of birth or the number that binds its members is not known.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from entaxis.sources.guaranteed import ADULT, guaranteed, in_force
from entaxis.sources.importing.problems import KEPT, Findings
from entaxis.sources.models import BenefitParameters

KEYS: Final = ("household", "month")
MONTHS_NAMED: Final = 24
LINES_NAMED: Final = 12


def compare(rows: pl.DataFrame, findings: Findings, told: Sequence[BenefitParameters]) -> None:
    """Doubts and notes about the payments of ``rows``, as `comparing.compare` leaves them.

    Args:
        rows: of the whole file.
        findings: where doubts and notes go.
        told: the amounts of the benefit, oldest first.
    """
    paid = _payments(rows)
    if not paid.height:
        return
    _note_amounts(paid, findings, told)
    held = guaranteed(paid, told).filter(pl.col("guaranteed").is_not_null())
    if not held.height:
        return
    if paid["members"].max() == 1:
        findings.note("amounts_of_recipients")
        return
    known = held.filter("is_known")
    findings.note("amounts_compared", compared=known.height, payments=paid.height)
    _doubt(rows, known.filter(pl.col("cents") > pl.col("guaranteed")), findings)


def _payments(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each household and month with an amount: its cents, first line and composition."""
    age = pl.col("month").dt.year() - pl.col("born")
    # without a number of the household a person stands for it, alone or not
    is_bound = pl.col("household") != pl.col("person")
    paid = rows.group_by(KEYS).agg(
        pl.col("cents").sum(),
        pl.col("line").min(),
        pl.len().alias("members"),
        (age >= ADULT).sum().alias("adults"),
        (age < ADULT).sum().alias("minors"),
        (pl.col("born").is_not_null() & is_bound).all().alias("is_known"),
    )
    return paid.filter(pl.col("cents") > 0)


def _note_amounts(paid: pl.DataFrame, findings: Findings, told: Sequence[BenefitParameters]) -> None:
    """Which texts are held against the payments, and of which months none is known."""
    found = {month: in_force(month, told) for month in paid["month"].unique().sort()}
    for one in dict.fromkeys(each for each in found.values() if each):
        key = "amounts_demonstration" if one.is_synthetic else "amounts_text"
        findings.note(key, text=one.citation, since=f"{one.valid_from:%Y-%m-%d}")
    if unknown := [f"{month:%Y-%m}" for month, one in found.items() if one is None]:
        more = "…" if len(unknown) > MONTHS_NAMED else ""
        findings.note("amounts_unknown", months=", ".join(unknown[:MONTHS_NAMED]) + more)


def _doubt(rows: pl.DataFrame, over: pl.DataFrame, findings: Findings) -> None:
    """Name each payment by the lines of the household's members."""
    named = over.sort("line").head(KEPT).select(*KEYS, first="line")
    lines = rows.join(named, on=KEYS).group_by("first").agg(pl.col("line").sort()).sort("first")
    for first, all_lines in lines.iter_rows():
        more = "…" if len(all_lines) > LINES_NAMED else ""
        findings.doubt("amount_over", line=first, lines=", ".join(map(str, all_lines[:LINES_NAMED])) + more)
    findings.doubt_more(over.height - named.height)
