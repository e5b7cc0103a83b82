"""Persistent poverty: from a panel of four years, never less. See docs/methods/persistent.md."""

from collections.abc import Sequence

import numpy as np

from socialstats.arrays import FloatArray
from socialstats.errors import NotComputableError
from socialstats.frame import Flag

YEARS_BEFORE = 3


def persistent_poverty(now: FloatArray, before: Sequence[FloatArray]) -> Flag:
    """``persistent``: poor now and in two or three of the three years before, of those followed all four.

    Use the longitudinal weight. Each year's poverty is by that year's own line, taken as it is: no
    variance of lines.

    Args:
        now: 1 poor, 0 not, nan not followed, shape (n,).
        before: the three years before, the same.

    Raises:
        NotComputableError: fewer than three years before: a shorter panel gives no persistent rate.
    """
    if len(before) != YEARS_BEFORE:
        message = (
            "Persistent poverty needs the current year and 3 years before for the same persons; "
            f"{len(before)} are given. "
            "It cannot be had from cross-sections or a shorter panel."
        )
        raise NotComputableError(message)
    years = np.column_stack(before)
    followed = ~np.isnan(now) & ~np.isnan(years).any(axis=1)
    if not followed.any():
        message = "Nobody was followed for four years: persistent poverty cannot be computed."
        raise NotComputableError(message)
    yes = np.where(followed, (now == 1) & (np.nansum(years, axis=1) >= 2), 0.0)
    return Flag(yes, yes, followed, followed, "Persistent at-risk-of-poverty")
