"""Equivalised income from household files. See docs/methods/income.md."""

import numpy as np

from socialstats.arrays import FloatArray, IntArray, sums
from socialstats.errors import DataError, first_rows, numbered

FIRST_ADULT, OTHER_ADULT, CHILD = 1.0, 0.5, 0.3
ADULT_FROM = 14


def modified_oecd_scale(household: IntArray, age: FloatArray) -> FloatArray:
    """Equivalent adults of each person's household, shape (n,).

    1 for the first adult, 0.5 for each other member aged 14 or over, 0.3 for each child. A household of
    children alone counts its first member as the adult. Source: Eurostat CODED, modified
    OECD scale.

    Args:
        household: codes, shape (n,).
        age: years at the end of the income reference year, shape (n,).

    Raises:
        DataError: an age is missing.
    """
    if lost := np.flatnonzero(np.isnan(age)).tolist():
        message = f"The equivalence scale needs every age; {len(lost)} are missing ({first_rows(lost)})."
        raise DataError(message, fault="no_age", count=len(lost), rows=numbered(lost))
    size = int(household.max()) + 1
    adults = sums(household, (age >= ADULT_FROM).astype(np.float64), size)
    children = sums(household, (age < ADULT_FROM).astype(np.float64), size)
    alone = (adults == 0) & (children > 0)
    adults, children = adults + alone, children - alone
    scale: FloatArray = FIRST_ADULT + OTHER_ADULT * (adults - 1) + CHILD * children
    return scale[household]


def equivalised_income(
    household_income: FloatArray,
    household: IntArray,
    age: FloatArray,
    inflation_factor: FloatArray | None = None,
) -> FloatArray:
    """HX090 = HY020·HY025/scale, given to every member, shape (n,).

    Args:
        household_income: HY020, total disposable household income, euro a year, shape (n,).
        household: codes, shape (n,).
        age: years, shape (n,).
        inflation_factor: HY025, for members who did not answer; 1 by default, shape (n,).
    """
    factor = np.ones(age.size) if inflation_factor is None else inflation_factor
    return np.asarray(household_income * factor / modified_oecd_scale(household, age), dtype=np.float64)
