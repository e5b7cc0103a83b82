"""Health: own judgement and unmet need for care. One page each in docs/methods."""

import numpy as np

from socialstats.arrays import FloatArray
from socialstats.errors import CodeError, first_rows, numbered
from socialstats.frame import Flag


def self_rated_flags(age: FloatArray, health: FloatArray) -> dict[str, Flag]:
    """``good_health`` (1, 2) and ``bad_health`` (4, 5) of persons 16 or over.

    Args:
        age: years, shape (n,).
        health: PH010: 1 very good … 5 very bad, nan unknown, shape (n,).

    Raises:
        CodeError: another code.
    """
    wrong = np.flatnonzero(~np.isnan(health) & ~np.isin(health, [1, 2, 3, 4, 5])).tolist()
    if wrong:
        message = f"Self-rated health is 1–5; {len(wrong)} persons have another code ({first_rows(wrong)})."
        raise CodeError(message, fault="health_codes", count=len(wrong), rows=numbered(wrong))
    adult = age >= 16
    good = np.where(np.isnan(health), np.nan, (health <= 2) * 1.0)
    bad = np.where(np.isnan(health), np.nan, (health >= 4) * 1.0)
    return {
        "good_health": Flag.of(good, adult, "Good or very good health (16+)"),
        "bad_health": Flag.of(bad, adult, "Bad or very bad health (16+)"),
    }


def unmet_need(age: FloatArray, unmet: FloatArray, reason: FloatArray) -> Flag:
    """``unmet_need``: care needed but not had for cost, distance or waiting, persons 16 or over.

    Args:
        age: years, shape (n,).
        unmet: 1 unmet at least once, 0 not, nan unknown, shape (n,).
        reason: 1 one of the three reasons, 0 another, nan unknown, shape (n,).
    """
    yes = np.where(unmet == 0, 0.0, unmet * reason)
    return Flag.of(yes, age >= 16, "Unmet need for medical care: cost, distance or waiting (16+)")
