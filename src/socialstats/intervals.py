"""Confidence intervals: t by default, logit for shares, exact at 0 and 100 percent."""

import math

import numpy as np

from socialstats.arrays import FloatArray


def symmetric(value: float, se: float, degrees: float, level: float) -> tuple[float, float]:
    """Value ± t·SE."""
    from scipy.special import stdtrit

    reach = float(stdtrit(degrees, (1 + level) / 2)) * se
    return value - reach, value + reach


def share(percent: float, se: float, degrees: float, level: float, effective: float) -> tuple[float, float]:
    """Interval of a share in percent, on the logit scale; never outside 0–100.

    At exactly 0 or 100 there is no logit and no variance: Clopper–Pearson's interval with the effective
    number of independent observations instead (Korn & Graubard 1998).

    Args:
        percent: the estimate.
        se: its standard error, percentage points.
        degrees: of freedom.
        level: for example 0.95.
        effective: effective number of independent observations of the domain.
    """
    from scipy.special import betaincinv, stdtrit

    p = percent / 100
    if 0 < p < 1:
        reach = float(stdtrit(degrees, (1 + level) / 2)) * (se / 100) / (p * (1 - p))
        middle = math.log(p / (1 - p))
        return 100 * _expit(middle - reach), 100 * _expit(middle + reach)
    tail = (1 - level) / 2
    n = max(effective, 1.0)
    if p <= 0:
        return 0.0, 100 * float(betaincinv(1, n, 1 - tail))
    return 100 * float(betaincinv(n, 1, tail)), 100.0


def _expit(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else 1 - 1 / (1 + math.exp(value))


def percentile(replicates: FloatArray, level: float) -> tuple[float, float]:
    """The middle part of the bootstrap's own distribution, replicates shape (R,), nan left out."""
    tail = 100 * (1 - level) / 2
    low, high = np.nanpercentile(replicates, [tail, 100 - tail])
    return float(low), float(high)
