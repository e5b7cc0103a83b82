"""Cases per population, with intervals that hold for small numbers."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.optimize
import scipy.special
import scipy.stats
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, choice, floats, rows, same_length
from socialstats.errors import DataError, EstimationError, OptionError

# weight of a prior, in mean populations, that leaves areas no spread of their own
NO_SPREAD = 1e5


@dataclass(frozen=True)
class Rates:
    """Rates of areas.

    Attributes:
        cases: counted, shape (m,).
        population: the denominator, shape (m,).
        values: rates per ``per``, shape (m,).
        low: lower ends of the intervals, shape (m,).
        high: upper ends, shape (m,).
        per: population that a rate refers to.
        level: of the intervals.
        method: how values and intervals were made.
        prior: mean of the shrinking prior per ``per`` and its weight in population (or persons-years);
            empty if none.
    """

    cases: FloatArray
    population: FloatArray
    values: FloatArray
    low: FloatArray
    high: FloatArray
    per: float
    level: float
    method: str
    prior: tuple[float, ...]

    def to_polars(self, areas: ArrayLike | None = None) -> pl.DataFrame:
        """One row an area."""
        names = np.arange(1, len(self.values) + 1) if areas is None else np.asarray(areas)
        return pl.DataFrame(
            {
                "area": [str(name) for name in names],
                "cases": self.cases,
                "population": self.population,
                "rate": self.values,
                "ci_low": self.low,
                "ci_high": self.high,
                "per": [self.per] * len(self.values),
                "method": [self.method] * len(self.values),
            }
        )


def rates(
    cases: ArrayLike,
    population: ArrayLike,
    *,
    per: float = 1000.0,
    kind: str = "share",
    shrink: bool = False,
    level: float = 0.95,
) -> Rates:
    """Rates with exact intervals, or shrunk towards the region's level.

    Args:
        cases: whole numbers, shape (m,).
        population: persons (or person-years), above zero, shape (m,).
        per: 1000 by default; 100 gives percent.
        kind: ``share`` (each person at most one case: binomial; Clopper and Pearson 1934) or ``events``
            (a person may have several: Poisson; Garwood 1936).
        shrink: empirical Bayes: beta-binomial or gamma-Poisson (Clayton and Kaldor 1987) with the prior
            that is most likely given all areas; the intervals are the posterior's and take the prior as
            known.
        level: of the intervals.

    Raises:
        DataError: cases that are no counts, population not above zero, more cases than persons.
        EstimationError: shrinking needs at least three areas and one case.
        OptionError: an unknown kind, or a level outside (0, 1).
    """
    count, size = _checked(cases, population, kind)
    if not 0 < level < 1 or per <= 0:
        message = f"level lies between 0 and 1 and per is above zero; not {level} and {per}."
        raise OptionError(message)
    tail = (1 - level) / 2
    if not shrink:
        low, high = _exact(count, size, kind, tail)
        name = "Clopper–Pearson" if kind == "share" else "Garwood"
        return Rates(
            count, size, per * count / size, per * low, per * high, per, level, f"exact ({name})", ()
        )
    mean, weight = _prior(count, size, kind)
    value = (count + mean * weight) / (size + weight)
    if kind == "share":
        law = scipy.stats.beta(count + mean * weight, size - count + (1 - mean) * weight)
        name = "beta-binomial"
    else:
        law = scipy.stats.gamma(count + mean * weight, scale=1 / (size + weight))
        name = "gamma-Poisson"
    return Rates(
        cases=count,
        population=size,
        values=per * value,
        low=per * law.ppf(tail),
        high=per * law.ppf(1 - tail),
        per=per,
        level=level,
        method=f"shrunk ({name}, empirical Bayes)",
        prior=(per * mean, weight),
    )


def _checked(cases: ArrayLike, population: ArrayLike, kind: str) -> tuple[FloatArray, FloatArray]:
    choice("kind", kind, ("share", "events"))
    count, size = floats("cases", cases), floats("population", population)
    same_length(cases=count, population=size)
    wrong = (count < 0) | (count != np.floor(count))
    if wrong.any():
        message = f"cases: {int(wrong.sum())} are no counts ({rows(wrong)})."
        raise DataError(message)
    if (size <= 0).any():
        message = f"population: {int((size <= 0).sum())} are not above zero ({rows(size <= 0)})."
        raise DataError(message)
    if kind == "share" and (count > size).any():
        message = (
            f"cases: {int((count > size).sum())} exceed their population ({rows(count > size)}): events?"
        )
        raise DataError(message)
    return count, size


def _exact(count: FloatArray, size: FloatArray, kind: str, tail: float) -> tuple[FloatArray, FloatArray]:
    if kind == "share":
        low = scipy.stats.beta.ppf(tail, np.maximum(count, 1), size - count + 1)
        high = scipy.stats.beta.ppf(1 - tail, count + 1, np.maximum(size - count, 1e-300))
        return np.where(count == 0, 0.0, low), np.where(count == size, 1.0, high)
    low = scipy.stats.gamma.ppf(tail, np.maximum(count, 1)) / size
    return np.where(count == 0, 0.0, low), scipy.stats.gamma.ppf(1 - tail, count + 1) / size


def _prior(count: FloatArray, size: FloatArray, kind: str) -> tuple[float, float]:
    """Mean and weight (in population) of the most likely prior."""
    if len(count) < 3 or count.sum() == 0 or (kind == "share" and (count == size).all()):
        message = "Shrinking needs at least three areas, and both cases and persons without."
        raise EstimationError(message)
    overall, typical = count.sum() / size.sum(), size.mean()

    def loss(point: FloatArray) -> float:
        return -_marginal(count, size, kind, *_natural(point, kind, typical))

    start = [scipy.special.logit(overall) if kind == "share" else np.log(overall), 0.0]
    found = [
        scipy.optimize.minimize(
            loss,
            [start[0], spread],
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000},
        )
        for spread in (-4.0, 0.0, 4.0, 9.0)
    ]
    best = np.asarray(min(found, key=lambda answer: float(answer.fun)).x, dtype=np.float64)
    mean, weight = _natural(best, kind, typical)
    # no spread beyond chance: the likelihood is flat, and its best mean is that of all areas together
    return (float(overall), weight) if weight >= 0.5 * NO_SPREAD * typical else (mean, weight)


def _natural(point: FloatArray, kind: str, typical: float) -> tuple[float, float]:
    level = min(max(float(point[0]), -700.0), 700.0)
    mean = float(scipy.special.expit(level)) if kind == "share" else float(np.exp(level))
    return mean, float(typical * np.exp(min(max(float(point[1]), -30.0), np.log(NO_SPREAD))))


def _marginal(count: FloatArray, size: FloatArray, kind: str, mean: float, weight: float) -> float:
    """Log-likelihood of the counts with the areas' true rates integrated out, without constants."""
    a = mean * weight
    if kind == "share":
        b = (1 - mean) * weight
        return float(np.sum(scipy.special.betaln(count + a, size - count + b) - scipy.special.betaln(a, b)))
    share = size / (size + weight)
    return float(
        np.sum(
            scipy.special.gammaln(count + a)
            - scipy.special.gammaln(a)
            + a * np.log1p(-share)
            + count * np.log(share)
        )
    )
