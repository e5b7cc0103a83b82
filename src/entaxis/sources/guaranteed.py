"""What official texts guarantee a household a month: the amounts in force, and the rule that adds them up.

A file tells years of birth and no kinship, so a household is read in its own favour: who reaches
eighteen in the year of the month is an adult, one adult with minors is a parent alone, whose eldest minor
counts as an adult, and so does every minor of a household without adults.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from entaxis.sources.models import BenefitParameters, Source

ADULT: Final = 18
"""Years, counted from the year of birth."""
AMOUNTS: Final = ("first_adult_euro", "further_adult_euro", "minor_euro")


def amounts(kind: Source.Kind | str, *, is_synthetic: bool) -> list[BenefitParameters]:
    """What is written down of a benefit, oldest first; the demonstration's for synthetic files alone."""
    rows = BenefitParameters.objects.filter(kind=kind).order_by("valid_from")
    return list(rows if is_synthetic else rows.filter(is_synthetic=False))


def in_force(month: date, told: Sequence[BenefitParameters]) -> BenefitParameters | None:
    """The last of ``told`` (oldest first) that begins within ``month`` or before it."""
    return next((one for one in reversed(told) if one.valid_from < _next(month)), None)


def facts(told: Sequence[BenefitParameters], since: date, until: date) -> list[dict[str, Any]]:
    """What a passport says of the amounts in force in the months of a file."""
    first = in_force(since, told)
    return [
        {
            "text": one.citation,
            "since": f"{one.valid_from:%Y-%m-%d}",
            "is_synthetic": one.is_synthetic,
            **{name: str(getattr(one, name)) for name in AMOUNTS},
        }
        for one in told
        if one is first or (first is None or one.valid_from > first.valid_from)
        if one.valid_from < _next(until)
    ]


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def guaranteed(households: pl.DataFrame, told: Sequence[BenefitParameters]) -> pl.DataFrame:
    """``households`` with ``guaranteed`` (cents; null in months without amounts in force) and ``raised``.

    ``raised`` are the minors that count as adults.

    Args:
        households: with ``month``, ``adults`` and ``minors``, persons by their age alone.
        told: the amounts of the benefit, oldest first.
    """
    months = households["month"].unique().to_list()
    rows = [(month, *_cents(one)) for month in months if (one := in_force(month, told))]
    schema = {"month": pl.Date, **dict.fromkeys(AMOUNTS, pl.Int64)}
    of_months = pl.DataFrame(rows, schema=schema, orient="row")
    adults, minors, raised = (pl.col(name).cast(pl.Int64) for name in ("adults", "minors", "raised"))
    first, further, minor = map(pl.col, AMOUNTS)
    return (
        households.join(of_months, on="month", how="left")
        .with_columns(raised=_raised())
        .with_columns(guaranteed=first + (adults + raised - 1) * further + (minors - raised) * minor)
        .drop(AMOUNTS)
    )


def _cents(one: BenefitParameters) -> list[int]:
    return [round(getattr(one, name) * 100) for name in AMOUNTS]


def _raised() -> pl.Expr:
    adults, minors = pl.col("adults"), pl.col("minors")
    return pl.when(adults == 0).then(minors).when((adults == 1) & (minors > 0)).then(1).otherwise(0)
