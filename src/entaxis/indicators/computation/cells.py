"""A figure before anything is withheld, the areas it is about, and what a computation's name says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

import socialstats as ss
from entaxis.indicators.description import CONDITION, SEXES

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

NATIONAL_PERCENT = 60
AGES: Final = (("0-17", 0, 17), ("18-64", 18, 64), ("65plus", 65, 200))
BREAKDOWNS: Final = {
    "sex": tuple(f"sex={key}" for key in SEXES),
    "age": tuple(f"age={key}" for key, _, _ in AGES),
}
UNIT, PLACE, SEX, AGE = "_unit", "_municipality", "_sex", "_age"
GROUP: Final = "_group_"
"""Before the key of a sub-group: a column that says `BELONGS` or nothing."""
LINED: Final = frozenset({"arop_before_transfers", "arope", "arpt", "iwp"})
"""Whose condition is partly one of income: besides those of `socialstats` that need a line."""
BELONGS: Final = "yes"


@dataclass(frozen=True)
class Places:
    """The areas of a region by code, and which municipality lies in which unit."""

    region: str
    units: Mapping[str, str]
    """Code of the regional unit by code of municipality."""
    residents: Mapping[str, int]
    """Residents by code of municipality: weights of the benchmark."""


@dataclass(frozen=True)
class Cell:
    """A figure before anything is withheld. ``members`` add up over areas and breakdowns."""

    computation: str
    area: str
    breakdown: str
    kind: str
    value: float | None
    standard_error: float | None
    ci_low: float | None
    ci_high: float | None
    n: int | None
    n_effective: float | None
    members: int
    flag: str
    note: str = ""
    numerator: int | None = None


def parse(computation: str) -> tuple[str, float]:
    """The indicator and the percentage of the national median: ``arop:40`` → ("arop", 40)."""
    base, _, percent = computation.partition(":")
    return base, float(percent or NATIONAL_PERCENT)


def line_percent(computation: str) -> float | None:
    """Of the national median, where the poverty line stands that enters; None where none does."""
    base = computation.partition(":")[0]  # of a count there is more behind it than a percentage
    built_in = ss.INDICATORS.get(base)
    is_lined = base in LINED or (built_in is not None and built_in.needs_line)
    return parse(computation)[1] if is_lined else None


def model_scale(computation: str) -> str:
    """On which `modelled_incomes` models its figures, ``log`` or ``logit``; empty of others."""
    kind = ss.smallarea.KINDS.get(computation.partition(":")[0])
    return kind.scale if kind else ""


def is_understood(computation: str) -> bool:
    """Whether it is an indicator of the programme, or a name that an edition's description may give."""
    base, colon, percent = computation.partition(":")
    if colon:
        return base in ss.INDICATORS and percent.isdecimal() and 0 < int(percent) <= NATIONAL_PERCENT * 2
    return base in ss.INDICATORS or bool(CONDITION.fullmatch(base))
