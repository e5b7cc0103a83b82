"""Poverty by income: the line, the headcount, the gaps. Formulas, one page each, in docs/methods."""

import numpy as np

from socialstats.arrays import FloatArray, inner
from socialstats.distribution import Distribution, weighted_quantile
from socialstats.errors import NotComputableError
from socialstats.indicators.base import Answer, IncomeIndicator, Options


def headcount(d: Distribution, line: float, options: Options) -> Answer:
    """AROP: percent of persons with an income strictly below the line."""
    share = d.weight_below(line) / d.population
    influence = ((d.x < line).astype(np.float64) - share) / d.population
    return Answer(100 * share, 100 * influence, 100 * d.density(line))


def _median_of_poor(d: Distribution, line: float) -> tuple[float, int]:
    """Median income of those below the line, and how many they are in the sample."""
    poor = d.position(line)
    if not poor or d.cumulative[poor - 1] <= 0:
        message = f"Nobody is below the line of {line:,.2f} euro: there is no median of the poor."
        raise NotComputableError(message)
    cumulative = d.cumulative[:poor]
    return weighted_quantile(d.x[:poor], cumulative, 0.5 * float(cumulative[-1])), poor


def median_gap(d: Distribution, line: float, options: Options) -> Answer:
    """Relative median at-risk-of-poverty gap: percent of the line that the median of the poor lacks."""
    if line <= 0:
        message = f"The line is {line:,.2f} euro; a gap relative to it needs a line above zero."
        raise NotComputableError(message)
    median, poor = _median_of_poor(d, line)
    share = float(d.cumulative[poor - 1]) / d.population
    at_median, at_line = d.density(median), d.density(line)
    if at_median > 0:
        # the median m of the poor solves F(m) = F(line) / 2
        moved = 0.5 * ((d.x < line) - share) - ((d.x <= median) - 0.5 * share)
        influence = moved / (d.population * at_median)
        slope = 0.5 * at_line / at_median
    else:
        influence, slope = np.zeros_like(d.x), 0.0
    return Answer(
        100 * (line - median) / line,
        -100 * influence / line,
        100 * (median / line**2 - slope / line),
        n=poor,
    )


def _gap_powers(d: Distribution, line: float, power: int) -> FloatArray:
    if line <= 0:
        message = f"The line is {line:,.2f} euro; gaps relative to it need a line above zero."
        raise NotComputableError(message)
    return np.where(d.x < line, ((line - d.x) / line) ** power, 0.0)


def fgt(d: Distribution, line: float, power: int) -> Answer:
    """Foster–Greer–Thorbecke (1984) of power 1 (poverty gap) or 2 (severity), percent."""
    gaps = _gap_powers(d, line, power)
    value = inner(d.w, gaps) / d.population
    lower = np.where(d.x < line, ((line - d.x) / line) ** (power - 1), 0.0)
    slope = power * inner(d.w, lower * d.x) / (line**2 * d.population)
    return Answer(100 * value, 100 * (gaps - value) / d.population, 100 * slope)


def poverty_gap(d: Distribution, line: float, options: Options) -> Answer:
    """FGT of power 1."""
    return fgt(d, line, 1)


def severity(d: Distribution, line: float, options: Options) -> Answer:
    """FGT of power 2."""
    return fgt(d, line, 2)


def sen(d: Distribution, line: float, options: Options) -> Answer:
    """Sen's index (1976), percent: H·(I + (1 - I)·G), from headcount, mean gap and Gini of the poor."""
    poor = d.position(line)
    if line <= 0 or not poor or d.cumulative[poor - 1] <= 0:
        message = f"Nobody is below the line of {line:,.2f} euro: Sen's index has nothing to measure."
        raise NotComputableError(message)
    x, w = d.x[:poor], d.w[:poor]
    weight, income = float(d.cumulative[poor - 1]), inner(w, x)
    if income <= 0:
        message = "The incomes of the poor add up to nothing: their Gini coefficient does not exist."
        raise NotComputableError(message)
    # H(1 - I) is the poor's income over line·W, so S = H - B + B·G with B = Y/(line·W)
    pair_sum, pair_influence = maxima(x, w)
    gini = pair_sum / (weight * income) - 1
    head, low = weight / d.population, income / (line * d.population)
    value = head - low + low * gini
    gini_influence = pair_influence / (weight * income) - (gini + 1) * (1 / weight + x / income)
    influence = np.full(d.x.size, -value / d.population)
    influence[:poor] += (1 - x * (1 - gini) / line) / d.population + low * gini_influence
    # a person let in by a higher line has the line as income
    entering = (1 - (1 - gini)) / d.population + low * (
        2 * line * weight / (weight * income) - (gini + 1) * (1 / weight + line / income)
    )
    slope = d.density(line) * d.population * entering + (1 - gini) * low / line
    return Answer(100 * value, 100 * influence, 100 * slope, n=poor)


def maxima(x: FloatArray, w: FloatArray) -> tuple[float, FloatArray]:
    """Σ_i Σ_j w_i·w_j·max(x_i, x_j) and its derivative with respect to each weight, shape (k,).

    Args:
        x: incomes, ascending, shape (k,).
        w: weights, shape (k,).
    """
    cumulative = np.cumsum(w)
    weighted = w * x
    total = 2 * inner(weighted, cumulative) - inner(weighted, w)
    # C_k·x_k + Σ_{j after k} w_j·x_j is the same for all members of a tie
    above = float(weighted.sum()) - np.cumsum(weighted)
    return total, 2 * (cumulative * x + above)


INDICATORS = (
    IncomeIndicator("arop", "At risk of poverty", "percent", headcount, needs_line=True, is_share=True),
    IncomeIndicator("gap", "Relative median poverty gap", "percent", median_gap, needs_line=True),
    IncomeIndicator("fgt1", "Poverty gap (FGT 1)", "percent", poverty_gap, needs_line=True),
    IncomeIndicator("fgt2", "Poverty severity (FGT 2)", "percent", severity, needs_line=True),
    IncomeIndicator("sen", "Sen index of poverty", "percent", sen, needs_line=True),
)
