"""Inequality and the income distribution's shape. Formulas, one page each, in docs/methods."""

from functools import partial

import numpy as np

from socialstats.arrays import BoolArray, FloatArray, inner
from socialstats.distribution import Distribution
from socialstats.errors import EmptyDomainError, NotComputableError, OptionError
from socialstats.indicators.base import Answer, IncomeIndicator, Options
from socialstats.indicators.poverty import maxima


def _income_total(d: Distribution) -> float:
    if d.population > 0 and d.income_total <= 0:
        message = "The incomes add up to nothing or less: shares of income do not exist."
        raise NotComputableError(message)
    return d.income_total


def mean(d: Distribution, line: float, options: Options) -> Answer:
    """Mean equivalised income, euro."""
    value = d.income_total / d.population
    return Answer(value, (d.x - value) / d.population)


def quantile(d: Distribution, line: float, options: Options, p: float) -> Answer:
    """Quantile of equivalised income, euro."""
    value = d.quantile(p)
    return Answer(value, d.quantile_influence(value, p))


def gini(d: Distribution, line: float, options: Options) -> Answer:
    """Gini coefficient, percent: Eurostat's form (DI12) or convey's."""
    weight, income = d.population, _income_total(d)
    if options.gini == "eurostat":
        pairs, slope = maxima(d.x, d.w)
    else:
        weighted = d.w * d.x
        pairs = inner(2 * d.cumulative - 1, weighted)
        from_here = income - np.cumsum(weighted) + weighted
        slope = (2 * d.cumulative - 1) * d.x + 2 * from_here
    level = pairs / (weight * income)
    influence = slope / (weight * income) - level * (1 / weight + d.x / income)
    return Answer(100 * (level - 1), 100 * influence)


def _tail(d: Distribution, options: Options, p: float, inside: BoolArray) -> tuple[float, FloatArray, int]:
    """Income of a tail beyond a quantile, each person's influence on it, and its number of persons."""
    total = inner(d.w[inside], d.x[inside])
    own = np.where(inside, d.x, 0.0)
    q = d.quantile(p)
    side = -1.0 if p > 0.5 else 1.0
    if d.rule == "convey":
        # the tail's income moves with the kernel sum Σ w·x·K at the quantile
        moved = side * d.population * d.density(q, d.x) * d.quantile_influence(q, p)
    else:
        moved = -side * q * ((d.x <= q).astype(np.float64) - p)
    return total, own + moved, int(np.count_nonzero(inside))


def s80s20(d: Distribution, line: float, options: Options) -> Answer:
    """Income quintile share ratio: the richest fifth's income over the poorest fifth's."""
    low, high = d.quantile(0.2), d.quantile(0.8)
    if options.tails == "eurostat":
        poorest, richest = d.x < low, d.x >= high
    else:
        poorest, richest = d.x <= low, d.x > high
    bottom, bottom_influence, bottom_n = _tail(d, options, 0.2, poorest)
    top, top_influence, top_n = _tail(d, options, 0.8, richest)
    if bottom <= 0:
        message = "The poorest fifth has no income at all: the ratio S80/S20 does not exist."
        raise NotComputableError(message)
    ratio = top / bottom
    return Answer(ratio, (top_influence - ratio * bottom_influence) / bottom, n=min(bottom_n, top_n))


def _lorenz(d: Distribution, p: float) -> tuple[float, FloatArray]:
    """Share of income of the poorest p, the person at the cut divided, and each person's influence."""
    income = _income_total(d)
    q = d.quantile(p)
    at = d.position(q)
    below = inner(d.w[:at], d.x[:at])
    held = below + q * (p * d.population - d.weight_below(q))
    share = held / income
    influence = (np.minimum(d.x - q, 0.0) + p * q - share * d.x) / income
    return share, influence


def lorenz(d: Distribution, line: float, options: Options, p: float) -> Answer:
    """Ordinate of the Lorenz curve: percent of all income that the poorest p hold."""
    share, influence = _lorenz(d, p)
    return Answer(100 * share, 100 * influence)


def palma(d: Distribution, line: float, options: Options) -> Answer:
    """Palma ratio: income share of the richest tenth over that of the poorest four tenths."""
    below_top, top_influence = _lorenz(d, 0.9)
    bottom, bottom_influence = _lorenz(d, 0.4)
    if bottom <= 0:
        message = "The poorest four tenths have no income: the Palma ratio does not exist."
        raise NotComputableError(message)
    ratio = (1 - below_top) / bottom
    return Answer(ratio, (-top_influence - ratio * bottom_influence) / bottom)


def _positive(d: Distribution) -> tuple[BoolArray, float, float, tuple[str, ...]]:
    """Who has a positive income, their number and income, and a note on the others."""
    keep = d.x > 0
    left_out = int(keep.size - np.count_nonzero(keep))
    weight = float(d.w[keep].sum())
    if weight <= 0:
        message = "Nobody has a positive income: the index uses logarithms and does not exist."
        raise EmptyDomainError(message)
    note = (
        (f"{left_out} persons without a positive income are left out: the index uses logarithms",)
        if left_out
        else ()
    )
    return keep, weight, inner(d.w[keep], d.x[keep]), note


def theil(d: Distribution, line: float, options: Options) -> Answer:
    """Theil's T index, GE(1): Σ w·(x/μ)·ln(x/μ) / W."""
    keep, weight, income, note = _positive(d)
    mu = income / weight
    relative = np.where(keep, d.x, mu) / mu
    terms = relative * np.log(relative)
    value = inner(d.w[keep], terms[keep]) / weight
    influence = np.where(keep, terms - value - (relative - 1) * (1 + value), 0.0) / weight
    return Answer(value, influence, n=int(np.count_nonzero(keep)), notes=note)


def mean_log_deviation(d: Distribution, line: float, options: Options) -> Answer:
    """Mean logarithmic deviation, GE(0): Σ w·ln(μ/x) / W."""
    keep, weight, income, note = _positive(d)
    mu = income / weight
    relative = np.where(keep, d.x, mu) / mu
    value = -inner(d.w[keep], np.log(relative[keep])) / weight
    influence = np.where(keep, -np.log(relative) - value + relative - 1, 0.0) / weight
    return Answer(value, influence, n=int(np.count_nonzero(keep)), notes=note)


def atkinson(d: Distribution, line: float, options: Options) -> Answer:
    """Atkinson's index (1970) of the option ``epsilon``: 1 - equally distributed equivalent / mean."""
    epsilon = options.epsilon
    if epsilon <= 0:
        message = f"Atkinson's epsilon must be above 0; this one is {epsilon}."
        raise OptionError(message)
    keep, weight, income, note = _positive(d)
    mu = income / weight
    relative = np.where(keep, d.x, mu) / mu
    if epsilon == 1:
        terms = np.log(relative)
        level = float(np.exp(inner(d.w[keep], terms[keep]) / weight))
        moved = level * (terms - np.log(level))
    else:
        terms = relative ** (1 - epsilon)
        average = inner(d.w[keep], terms[keep]) / weight
        level = float(average ** (1 / (1 - epsilon)))
        moved = level / (1 - epsilon) * (terms / average - 1)
    influence = np.where(keep, -(moved - level * (relative - 1)), 0.0) / weight
    return Answer(1 - level, influence, n=int(np.count_nonzero(keep)), notes=note)


INDICATORS = (
    IncomeIndicator("mean", "Mean equivalised income", "euro", mean),
    IncomeIndicator("median", "Median equivalised income", "euro", partial(quantile, p=0.5)),
    *(
        IncomeIndicator(
            f"p{p}", f"Percentile {p} of equivalised income", "euro", partial(quantile, p=p / 100)
        )
        for p in (5, 10, 20, 25, 40, 60, 75, 80, 90, 95)
    ),
    IncomeIndicator("gini", "Gini coefficient", "percent", gini),
    IncomeIndicator("s80s20", "Income quintile share ratio S80/S20", "ratio", s80s20),
    *(
        IncomeIndicator(
            f"lorenz{p}", f"Income share of the poorest {p} %", "percent", partial(lorenz, p=p / 100)
        )
        for p in (10, 20, 30, 40, 50, 60, 70, 80, 90)
    ),
    IncomeIndicator("palma", "Palma ratio", "ratio", palma),
    IncomeIndicator("theil", "Theil index", "index", theil),
    IncomeIndicator("mld", "Mean logarithmic deviation", "index", mean_log_deviation),
    IncomeIndicator("atkinson", "Atkinson index", "index", atkinson),
)
