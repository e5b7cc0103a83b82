"""Compiled kernels of the unit-level model: REML of nested errors, indicators of simulated populations.

No error checking: ``ebp.py`` prepares the arrays. Compiled once for a machine and kept beside the source.
"""

from typing import Any

import numba
import numpy as np

NONE, LOG, BOX_COX = range(3)
INDICATORS = ("mean", "head_count", "poverty_gap", "gini", "s80_s20", "p10", "p25", "median", "p75", "p90")


def _compiled(function: Any) -> Any:
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


@_compiled
def _system(rho: float, n: Any, xx: Any, xbar: Any, xy: Any, ybar: Any) -> Any:  # noqa: PLR0917
    """X'V⁻¹X and X'V⁻¹y for V = I + ρ ZZ'."""
    left, right = xx.copy(), xy.copy()
    p = len(xy)
    for d in range(len(n)):
        factor = rho * n[d] * n[d] / (1 + rho * n[d])
        for j in range(p):
            right[j] -= factor * xbar[d, j] * ybar[d]
            for k in range(p):
                left[j, k] -= factor * xbar[d, j] * xbar[d, k]
    return left, right


@_compiled
def _slope(rho: float, n: Any, xx: Any, xbar: Any, xy: Any, ybar: Any, yy: float) -> Any:  # noqa: PLR0917
    """Derivative in ρ of −2 × the profiled restricted log-likelihood, with β, RSS and log-determinants."""
    left, right = _system(rho, n, xx, xbar, xy, ybar)
    inverse = np.linalg.inv(left)
    beta = inverse @ right
    total = yy
    residual = 0.0
    trace = 0.0
    determinant = 0.0
    p = len(xy)
    for d in range(len(n)):
        mean = 0.0
        quadratic = 0.0
        for j in range(p):
            mean += xbar[d, j] * beta[j]
            line = 0.0
            for k in range(p):
                line += inverse[j, k] * xbar[d, k]
            quadratic += xbar[d, j] * line
        scale = n[d] / (1 + rho * n[d])
        total -= rho * n[d] * scale * ybar[d] * ybar[d]
        residual += (scale * (ybar[d] - mean)) ** 2
        trace += scale - scale * scale * quadratic
        determinant += np.log(1 + rho * n[d])
    rss = total - beta @ right
    count = n.sum() - p
    return trace - count * residual / rss, beta, rss, determinant + np.linalg.slogdet(left)[1]


@_compiled
def reml(  # noqa: PLR0917
    n: Any, xx: Any, xbar: Any, xy: Any, ybar: Any, yy: float, precision: float
) -> Any:
    """ρ = σu²/σe², β, σe² and the profiled restricted log-likelihood (without constants)."""
    low, high = 0.0, 1.0
    slope, beta, rss, determinant = _slope(0.0, n, xx, xbar, xy, ybar, yy)
    if slope < 0:
        while high < 1e12:
            slope, beta, rss, determinant = _slope(high, n, xx, xbar, xy, ybar, yy)
            if slope >= 0:
                break
            low, high = high, 4 * high
        while high - low > precision * (1e-3 + low):
            middle = 0.5 * (low + high)
            slope, beta, rss, determinant = _slope(middle, n, xx, xbar, xy, ybar, yy)
            if slope < 0:
                low = middle
            else:
                high = middle
        low = 0.5 * (low + high)
        slope, beta, rss, determinant = _slope(low, n, xx, xbar, xy, ybar, yy)
    count = n.sum() - len(xy)
    return low, beta, rss / count, -0.5 * (count * np.log(rss) + determinant)


@_compiled
def transform(y: Any, kind: int, power: float, shift: float) -> Any:
    """Incomes to the model's scale."""
    if kind == NONE:
        return y.copy()
    if kind == LOG or abs(power) < 1e-9:
        return np.log(y + shift)
    return ((y + shift) ** power - 1) / power


@_compiled
def back(value: float, kind: int, power: float, shift: float) -> Any:
    """One value from the model's scale to income; beyond the reach of Box–Cox its end."""
    if kind == NONE:
        return value
    if kind == LOG or abs(power) < 1e-9:
        return np.exp(value) - shift
    inner = power * value + 1
    if inner <= 0:
        inner = 1e-300 if power > 0 else 1e-12
    return np.exp(np.log(inner) / power) - shift


@_compiled
def moments(y: Any, x: Any, area: Any, n: Any) -> Any:
    """X'y, means of y by area and y'y: all that REML needs of y."""
    xy = np.zeros(x.shape[1])
    ybar = np.zeros(len(n))
    yy = 0.0
    for i in range(len(y)):
        ybar[area[i]] += y[i]
        yy += y[i] * y[i]
        for j in range(x.shape[1]):
            xy[j] += x[i, j] * y[i]
    for d in range(len(n)):
        ybar[d] /= n[d]
    return xy, ybar, yy


@_compiled
def _power_likelihood(  # noqa: PLR0917
    power: float, y: Any, mean_log: float, x: Any, area: Any, n: Any, xx: Any, xbar: Any
) -> Any:
    scaled = transform(y, BOX_COX, power, 0.0) * np.exp((1 - power) * mean_log)
    xy, ybar, yy = moments(scaled, x, area, n)
    return reml(n, xx, xbar, xy, ybar, yy, 1e-5)[3]


@_compiled
def best_power(y: Any, x: Any, area: Any, n: Any, xx: Any, xbar: Any) -> float:  # noqa: PLR0917
    """λ of Box–Cox with the highest restricted likelihood on [−1, 2], by golden section.

    Rojas-Perilla et al. (2020). Incomes come scaled by their geometric mean and above zero.
    """
    mean_log = np.log(y).mean()
    golden = 0.6180339887498949
    low, high = -1.0, 2.0
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left = _power_likelihood(left, y, mean_log, x, area, n, xx, xbar)
    at_right = _power_likelihood(right, y, mean_log, x, area, n, xx, xbar)
    while high - low > 1e-5:
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = _power_likelihood(left, y, mean_log, x, area, n, xx, xbar)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = _power_likelihood(right, y, mean_log, x, area, n, xx, xbar)
    return 0.5 * (low + high)


@_compiled
def _quantile(values: Any, share: float) -> Any:
    """Quantile with SAS's definition 5 for equal weights."""
    target = share * len(values)
    whole = int(np.floor(target + 1e-12 * len(values)))
    if abs(target - whole) <= 1e-12 * len(values) and 0 < whole < len(values):
        return 0.5 * (values[whole - 1] + values[whole])
    return values[min(int(np.ceil(target - 1e-12 * len(values))), len(values)) - 1]


@_compiled
def describe(values: Any, line: float, out: Any) -> None:
    """Adds the indicators of one area's incomes to ``out``; the incomes are left sorted."""
    values.sort()
    size = len(values)
    total = 0.0
    ranked = 0.0
    poor = 0
    gap = 0.0
    for i in range(size):
        total += values[i]
        ranked += (i + 1) * values[i]
        if values[i] < line:
            poor += 1
            gap += (line - values[i]) / line
    out[0] += total / size
    out[1] += poor / size
    out[2] += gap / size
    out[3] += (2 * ranked - total) / (size * total) - 1
    bottom_end, top_start = _quantile(values, 0.2), _quantile(values, 0.8)
    bottom = 0.0
    top = 0.0
    for i in range(size):
        if values[i] < bottom_end:
            bottom += values[i]
        if values[i] >= top_start:
            top += values[i]
    out[4] += top / bottom if bottom > 0 else np.nan
    out[5] += _quantile(values, 0.1)
    out[6] += _quantile(values, 0.25)
    out[7] += _quantile(values, 0.5)
    out[8] += _quantile(values, 0.75)
    out[9] += _quantile(values, 0.9)


@_compiled
def simulate(  # noqa: PLR0917
    mean: Any,
    starts: Any,
    effect: Any,
    noise: Any,
    spread: float,
    kind: int,
    power: float,
    shift: float,
    line: float,
    scratch: Any,
    out: Any,
) -> None:
    """One population: income of everyone, then the indicators of every area, added to ``out``."""
    for d in range(len(starts) - 1):
        begin, end = starts[d], starts[d + 1]
        for i in range(begin, end):
            scratch[i] = back(mean[i] + effect[d] + spread * noise[i], kind, power, shift)
        describe(scratch[begin:end], line, out[d])
