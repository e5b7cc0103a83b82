"""The nested error model y = x'β + u_area + e on a transformed scale: fit and area effects."""

from dataclasses import dataclass

import numpy as np

from socialstats.arrays import FloatArray, IntArray
from socialstats.smallarea import kernels

KINDS = {"none": kernels.NONE, "log": kernels.LOG, "box-cox": kernels.BOX_COX}


@dataclass(frozen=True)
class Sample:
    """What does not change between replicates.

    Attributes:
        x: covariates with intercept, shape (n, p).
        area: position of each unit's area among the sampled ones, shape (n,).
        n: units by sampled area, shape (d,), float.
        xx: X'X, shape (p, p).
        xbar: means of x by area, shape (d, p).
        weights: survey weights, or nothing, shape (n,).
        transform: ``none``, ``log`` or ``box-cox``.
    """

    x: FloatArray
    area: IntArray
    n: FloatArray
    xx: FloatArray
    xbar: FloatArray
    weights: FloatArray | None
    transform: str


@dataclass(frozen=True)
class NestedFit:
    """A fitted model.

    Attributes:
        beta: coefficients, shape (p,).
        between: σu², 0 or more.
        within: σe².
        power: λ of Box–Cox; 0 for log, 1 for none.
        shift: added to incomes before the transformation.
        effects: predicted area effects, shape (d,).
        shrinkage: γ of each sampled area, shape (d,).
        log_likelihood: restricted, profiled, without constants.
    """

    beta: FloatArray
    between: float
    within: float
    power: float
    shift: float
    effects: FloatArray
    shrinkage: FloatArray
    log_likelihood: float


def sample_of(
    x: FloatArray, area: IntArray, count: int, weights: FloatArray | None, transform: str
) -> Sample:
    """The parts of a sample that are computed once."""
    n = np.bincount(area, minlength=count).astype(np.float64)
    xbar = np.stack([np.bincount(area, column, count) / n for column in x.T], axis=1)
    return Sample(x, area, n, x.T @ x, xbar, weights, transform)


def fit(sample: Sample, incomes: FloatArray) -> NestedFit:
    """REML of the variances, then β and effects: EBLUP, or with weights the pseudo-EBLUP.

    You and Rao (2002), Canadian Journal of Statistics 30. Box–Cox: λ by REML as well (Rojas-Perilla,
    Pannier, Schmid and Tzavidis 2020, JRSS A 183); incomes are shifted above zero where needed, by the
    smallest income's distance plus one.
    """
    kind = KINDS[sample.transform]
    shift = 0.0 if kind == kernels.NONE or incomes.min() > 0 else 1.0 - float(incomes.min())
    power = {"none": 1.0, "log": 0.0}.get(sample.transform, 0.0)
    if kind == kernels.BOX_COX:
        scale = np.exp(np.mean(np.log(incomes + shift)))
        scaled = (incomes + shift) / scale
        power = float(kernels.best_power(scaled, sample.x, sample.area, sample.n, sample.xx, sample.xbar))
    y = kernels.transform(incomes, kind, power, shift)
    xy, ybar, yy = kernels.moments(y, sample.x, sample.area, sample.n)
    rho, beta, within, likelihood = kernels.reml(sample.n, sample.xx, sample.xbar, xy, ybar, yy, 1e-13)
    between = rho * within
    if sample.weights is None:
        shrinkage = rho * sample.n / (1 + rho * sample.n)
        effects = shrinkage * (ybar - sample.xbar @ beta)
    else:
        beta, shrinkage, effects = _pseudo(sample, y, sample.weights, rho)
    return NestedFit(
        beta, float(between), float(within), power, shift, effects, shrinkage, float(likelihood)
    )


def _pseudo(
    sample: Sample, y: FloatArray, weights: FloatArray, rho: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """β_w, γ_w and effects from weighted means (You and Rao 2002; Guadarrama, Molina and Rao 2018)."""
    width = len(sample.n)
    total = np.bincount(sample.area, weights, width)
    inequality = np.bincount(sample.area, weights**2, width) / total**2
    shrinkage = rho / (rho + inequality)
    ybar = np.bincount(sample.area, weights * y, width) / total
    xbar = np.stack(
        [np.bincount(sample.area, weights * column, width) / total for column in sample.x.T], axis=1
    )
    centred = sample.x - (shrinkage[:, None] * xbar)[sample.area]
    left = (sample.x * weights[:, None]).T @ centred
    beta = np.asarray(np.linalg.solve(left.T, (centred * weights[:, None]).T @ y), dtype=np.float64)
    effects: FloatArray = shrinkage * (ybar - xbar @ beta)
    return beta, shrinkage, effects
