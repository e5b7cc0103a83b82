"""The Fay–Herriot model as numbers: variance between areas, coefficients, predictors, mean squared errors.

Kernels: arrays in, arrays out, nothing checked. y = Xβ + u + e, u ~ N(0, A), e ~ N(0, D) with D known.
"""

from dataclasses import dataclass

import numpy as np
import scipy.optimize
import scipy.stats

from socialstats.arrays import FloatArray

METHODS = ("reml", "ml", "fay-herriot", "prasad-rao")


@dataclass(frozen=True)
class AreaFit:
    """A fitted model.

    Attributes:
        between: variance between areas A, 0 or more.
        beta: coefficients, shape (p,).
        covariance: of the coefficients, shape (p, p).
        log_likelihood: of the data at the estimates.
        spread: asymptotic variance of the estimate of A.
        bias: asymptotic bias of the estimate of A.
    """

    between: float
    beta: FloatArray
    covariance: FloatArray
    log_likelihood: float
    spread: float
    bias: float


def regression(
    between: float, y: FloatArray, x: FloatArray, d: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Generalised least squares: coefficients and their covariance."""
    weighted = x / (between + d)[:, None]
    information = weighted.T @ x
    covariance: FloatArray = np.asarray(np.linalg.inv(information), dtype=np.float64)
    beta: FloatArray = covariance @ (weighted.T @ y)
    return beta, covariance


def fit(y: FloatArray, x: FloatArray, d: FloatArray, method: str) -> AreaFit:
    """Estimate A by a method, then β.

    Sources: REML and ML by their score (Rao and Molina 2015, "Small Area Estimation", 6.1.2), Fay and
        Herriot (1979) by
    Σ r²/(A + D) = m − p, Prasad and Rao (1990) in closed form. Asymptotic variance and bias of Â: Datta
    and Lahiri (2000), Datta, Rao and Smith (2005).
    """
    between = _moment(y, x, d) if method == "prasad-rao" else _root(y, x, d, method)
    beta, covariance = regression(between, y, x, d)
    v = between + d
    rest = y - x @ beta
    likelihood = -0.5 * float(np.sum(np.log(2 * np.pi * v) + rest**2 / v))
    spread, bias = _asymptotics(method, v, x, covariance)
    return AreaFit(between, beta, covariance, likelihood, spread, bias)


def _asymptotics(method: str, v: FloatArray, x: FloatArray, covariance: FloatArray) -> tuple[float, float]:
    m, squares, inverse = len(v), float(np.sum(v**-2.0)), float(np.sum(1 / v))
    if method == "prasad-rao":
        return 2 * float(np.sum(v**2)) / m**2, 0.0
    if method == "fay-herriot":
        return 2 * m / inverse**2, 2 * (m * squares - inverse**2) / inverse**3
    bias = -float(np.trace(covariance @ ((x / v[:, None] ** 2).T @ x))) / squares if method == "ml" else 0.0
    return 2 / squares, bias


def _moment(y: FloatArray, x: FloatArray, d: FloatArray) -> float:
    basis = np.linalg.qr(x)[0]
    rest = y - basis @ (basis.T @ y)
    leverage = np.sum(basis**2, axis=1)
    return max(float((rest @ rest - np.sum(d * (1 - leverage))) / (len(y) - x.shape[1])), 0.0)


def _score(between: float, y: FloatArray, x: FloatArray, d: FloatArray, method: str) -> float:
    """Derivative of the log-likelihood in A (times 2), or the moment equation's excess."""
    v = between + d
    beta, covariance = regression(between, y, x, d)
    rest = y - x @ beta
    if method == "fay-herriot":
        return float(np.sum(rest**2 / v) - (len(y) - x.shape[1]))
    trace = float(np.sum(1 / v))
    if method == "reml":
        trace -= float(np.sum((x @ covariance) * x / v[:, None] ** 2))
    return float(np.sum(rest**2 / v**2) - trace)


def _root(y: FloatArray, x: FloatArray, d: FloatArray, method: str) -> float:
    """The root of the score with the highest likelihood on a wide grid; 0 where that is best."""
    scale = float(np.median(d) + np.var(y))
    grid = np.concatenate([[0.0], scale * np.geomspace(1e-6, 1e2, 33)])
    scores = np.array([_score(a, y, x, d, method) for a in grid])
    falls = np.flatnonzero((scores[:-1] > 0) & (scores[1:] <= 0))
    roots = [
        float(
            scipy.optimize.brentq(
                _score, grid[k], grid[k + 1], args=(y, x, d, method), xtol=1e-15 * scale, rtol=1e-14
            )
        )
        for k in falls
    ]
    if scores[0] <= 0:
        roots.append(0.0)
    if len(roots) == 1 or method == "fay-herriot":
        return max(roots)
    return max(roots, key=lambda a: _likelihood(a, y, x, d, method))


def _likelihood(between: float, y: FloatArray, x: FloatArray, d: FloatArray, method: str) -> float:
    v = between + d
    beta, covariance = regression(between, y, x, d)
    rest = y - x @ beta
    value = -0.5 * float(np.sum(np.log(v) + rest**2 / v))
    return value + (0.5 * float(np.linalg.slogdet(covariance)[1]) if method == "reml" else 0.0)


def predictor(model: AreaFit, y: FloatArray, x: FloatArray, d: FloatArray) -> tuple[FloatArray, FloatArray]:
    """EBLUP and the variance g1 around it at known parameters; d is infinite without a sample."""
    gamma = np.where(np.isinf(d), 0.0, model.between / (model.between + d))
    synthetic = x @ model.beta
    rest = np.where(np.isinf(d), 0.0, y - synthetic)
    return synthetic + gamma * rest, (1 - gamma) * model.between


def mse(model: AreaFit, x: FloatArray, d: FloatArray) -> FloatArray:
    """g1 + g2 + 2 g3 − (1 − γ)² bias; without a sample g1 + g2.

    Prasad and Rao (1990), Datta and Lahiri (2000).
    """
    shrink = np.where(np.isinf(d), 1.0, d / (model.between + np.where(np.isinf(d), 1.0, d)))
    g1 = model.between * shrink
    g2 = shrink**2 * np.sum((x @ model.covariance) * x, axis=1)
    with np.errstate(invalid="ignore"):
        g3 = np.where(np.isinf(d), 0.0, shrink**2 / (model.between + d) * model.spread)
    correction = np.where(np.isinf(d), 0.0, shrink**2 * model.bias)
    total: FloatArray = g1 + g2 + 2 * g3 - correction
    return total


def quantile(model: AreaFit, d: FloatArray, errors: FloatArray, level: float = 0.95) -> FloatArray:
    """Student's quantile for intervals, by area, since A and with it the error are estimated.

    Satterthwaite's degrees of freedom 2 MSE² / V(g1), V(g1) = (1 − γ)⁴ V(Â); never fewer than 3.
    """
    shrink = np.where(np.isinf(d), 1.0, d / (model.between + np.where(np.isinf(d), 1.0, d)))
    freedom = np.maximum(2 * errors**2 / (shrink**4 * model.spread), 3.0)
    values: FloatArray = scipy.stats.t.ppf((1 + level) / 2, freedom)
    return values
