"""Indicators by name: of incomes here, of conditions wherever a survey carries flags."""

import re
from dataclasses import dataclass

import numpy as np

from socialstats.distribution import Distribution
from socialstats.errors import OptionError
from socialstats.indicators import inequality, poverty
from socialstats.indicators.base import Answer, IncomeIndicator, Options
from socialstats.lines import Line

INCOME: dict[str, IncomeIndicator] = {i.name: i for i in (*poverty.INDICATORS, *inequality.INDICATORS)}
"""Every indicator of an income distribution by its key."""

_AT_PERCENT = re.compile(r"(arpt|arop|gap|fgt1|fgt2|sen)(40|50|60|70)")


@dataclass(frozen=True)
class Task:
    """An indicator with the line it takes.

    Attributes:
        name: key of the row: ``arop``, ``arop40``, ``smsd``.
        base: key of the indicator: ``arop``, ``arpt``, or a flag's name.
        line: its poverty line.
    """

    name: str
    base: str
    line: Line


def parse(name: str, line: Line) -> Task:
    """A task from its key: ``arop`` takes the given line, ``arop40`` 40 % of the sample's median."""
    fixed = _AT_PERCENT.fullmatch(name)
    if fixed:
        return Task(name, fixed[1], Line.of_sample(float(fixed[2])))
    return Task(name, name, line)


def check_options(options: Options) -> Options:
    """The same options, once they mean something.

    Raises:
        OptionError: they do not.
    """
    if options.tails not in ("eurostat", "inclusive"):
        message = f"Tails are eurostat or inclusive, not {options.tails}."
        raise OptionError(message)
    if options.gini not in ("eurostat", "convey"):
        message = f"The Gini's form is eurostat or convey, not {options.gini}."
        raise OptionError(message)
    if not 0 < options.epsilon < np.inf:
        message = f"Atkinson's epsilon must be above 0; this one is {options.epsilon}."
        raise OptionError(message)
    return options


__all__ = [
    "INCOME",
    "Answer",
    "Distribution",
    "IncomeIndicator",
    "Options",
    "Task",
    "check_options",
    "parse",
]
