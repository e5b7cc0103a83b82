"""What an indicator is: a value, how each person moves it, and how the poverty line moves it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from socialstats.arrays import FloatArray
from socialstats.distribution import Distribution

Unit = Literal["percent", "euro", "ratio", "index"]
Tails = Literal["eurostat", "inclusive"]
GiniForm = Literal["eurostat", "convey"]


@dataclass(frozen=True)
class Options:
    """Choices that change what is computed, written into every result.

    Attributes:
        tails: of S80/S20: ``eurostat`` (x >= P80 over x < P20) or ``inclusive`` (x > P80 over x <= P20).
        gini: ``eurostat`` (DI12) or ``convey``: value and variance follow the same form.
        epsilon: aversion to inequality of Atkinson's index, above 0.
    """

    tails: Tails = "eurostat"
    gini: GiniForm = "eurostat"
    epsilon: float = 1.0


@dataclass(frozen=True)
class Answer:
    """An estimate before its variance.

    Attributes:
        value: in the indicator's unit.
        influence: of each member of the domain, shape (k,), in the order of the distribution; empty when
            not asked.
        slope: change of the value for one euro more of poverty line.
        n: observations that decide publication; the domain's number of persons unless the indicator says
            less.
        notes: what the reader must know (persons left out, a degenerate case).
    """

    value: float
    influence: FloatArray = field(default_factory=lambda: np.empty(0))
    slope: float = 0.0
    n: int | None = None
    notes: tuple[str, ...] = ()


IncomeKernel = Callable[[Distribution, float, Options], Answer]


@dataclass(frozen=True)
class IncomeIndicator:
    """An indicator of an income distribution.

    Attributes:
        name: key on the command line.
        label: as printed.
        unit: of the value.
        kernel: takes the distribution, the poverty line in euro (nan when not needed) and the options.
        needs_line: whether a poverty line enters.
        is_share: bounded by 0 and 100 percent: its interval is taken on the logit scale.
    """

    name: str
    label: str
    unit: Unit
    kernel: IncomeKernel
    needs_line: bool = False
    is_share: bool = False
