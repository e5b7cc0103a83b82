"""What official texts guarantee a household a month: the amounts in force, and the rule that adds them up.

A file tells years of birth and no kinship, so a household is read in its own favour: who reaches
eighteen in the year of the month is an adult, one adult with minors is a parent alone, whose eldest minor
counts as an adult, and so does every minor of a household without adults.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from entaxis.sources.models import BenefitParameters, Source

ADULT: Final = 18
"""Years, counted from the year of birth."""
AMOUNTS: Final = ("first_adult_euro", "further_adult_euro", "minor_euro")


def amounts(source: Source) -> list[BenefitParameters]:
    """What is written down of a source's benefit, oldest first; the demonstration's for its files alone."""
    rows = BenefitParameters.objects.filter(kind=source.kind).order_by("valid_from")
    return list(rows if source.is_synthetic else rows.filter(is_synthetic=False))


def in_force(month: date, told: Sequence[BenefitParameters]) -> BenefitParameters | None:
    """The last of ``told`` (oldest first) that begins within ``month`` or before it."""
    after = (month.replace(day=1) + timedelta(days=31)).replace(day=1)
    return next((one for one in reversed(told) if one.valid_from < after), None)


def guaranteed(households: pl.DataFrame, told: Sequence[BenefitParameters]) -> pl.DataFrame:
    """``households`` with a column ``guaranteed``, in cents; null in months without amounts in force.

    Args:
        households: with ``month``, ``adults`` and ``minors``, persons by their age alone.
        told: the amounts of the benefit, oldest first.
    """
    months = households["month"].unique().to_list()
    rows = [(month, *_cents(one)) for month in months if (one := in_force(month, told))]
    schema = {"month": pl.Date, **dict.fromkeys(AMOUNTS, pl.Int64)}
    of_months = pl.DataFrame(rows, schema=schema, orient="row")
    adults, minors = _counted_as()
    first, further, minor = map(pl.col, AMOUNTS)
    return (
        households.join(of_months, on="month", how="left")
        .with_columns(guaranteed=first + (adults - 1) * further + minors * minor)
        .drop(AMOUNTS)
    )


def _cents(one: BenefitParameters) -> list[int]:
    return [round(getattr(one, name) * 100) for name in AMOUNTS]


def _counted_as() -> tuple[pl.Expr, pl.Expr]:
    """Adults and minors as the amounts count them."""
    adults, minors = pl.col("adults").cast(pl.Int64), pl.col("minors").cast(pl.Int64)
    raised = pl.when(adults == 0).then(minors).when((adults == 1) & (minors > 0)).then(1).otherwise(0)
    return adults + raised, minors - raised
