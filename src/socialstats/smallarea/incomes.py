"""Median, Gini, S80/S20 and the gap of the poor where few were asked: Fay–Herriot on a scale of its own.

A share of persons has a variance that follows from its size; these four have not, and the variance that
a dozen households give is worth nothing. What is used instead, each step checked by simulation
(docs/methods/fay_herriot.md):

- **Scale**: logarithm (median, S80/S20) or logit (Gini, gap), where errors are near to normal and nearly
  of one size whatever the level.
- **Variance**: on that scale c/m (a generalised variance function: Wolter 2007, "Introduction to Variance
  Estimation", chapter 7), m the effective number of households, c pooled over the areas: the mean of
  m·v with weights m², v the linearised variance of an area of at least ten households.
- **Bias of small samples**: Gini times m/(m − 1) (Deltas 2003, "The small-sample bias of the Gini
  coefficient", Review of Economics and Statistics 85, 226–234); S80/S20 less what samples of as many
  households, drawn from all those asked, exceed them by (a bootstrap estimate of bias: Efron and
  Tibshirani 1993, chapter 10).
- **Way back**: the mean of the log-normal (Slud and Maiti 2006) or of the logistic normal; the MSE by the
  slope at the estimate; intervals from the model's scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike

from socialstats.arrays import BoolArray, FloatArray, IntArray, choice, floats, same_length, sums
from socialstats.errors import DataError, EstimationError
from socialstats.frame import Survey
from socialstats.random import stream
from socialstats.smallarea.fay_herriot import FayHerriot, fay_herriot
from socialstats.smallarea.transforms import AreaScale, area_scale

POOLED_FROM: Final = 10
"""Effective households of an area whose own variance tells something."""
DRAWN_FROM: Final = 20
"""Effective households of an area whose incomes stand for others' in the resampling."""
DRAWS: Final = 1000


@dataclass(frozen=True)
class Kind:
    """How an indicator is modelled.

    Attributes:
        scale: of the model.
        whole: what 1 of the scale is in the indicator's unit.
        minimum: effective households below which an area counts as unsampled.
        of_poor: whether only households below the line are behind it.
    """

    scale: str
    whole: float
    minimum: float
    of_poor: bool = False


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "median": Kind("log", 1.0, 3),
        "gini": Kind("logit", 100.0, 5),
        "s80s20": Kind("log", 1.0, 8),
        "gap": Kind("logit", 100.0, 3, of_poor=True),
    }
)
"""The indicators of income that are modelled this way."""


@dataclass(frozen=True)
class Homes:
    """The sampled households with a known income, in an order that does not depend on the file's.

    Attributes:
        area: of each household, 0 … m-1, shape (k,).
        income: of each of its members, euro a year, shape (k,).
        weight: of its members together, shape (k,).
        areas: how many there are.
    """

    area: IntArray
    income: FloatArray
    weight: FloatArray
    areas: int

    @classmethod
    def of(cls, survey: Survey, column: str, areas: Sequence[str]) -> Self:
        """Of a survey; without a column of households each person stands for one.

        Args:
            survey: with an income.
            column: of the areas.
            areas: their labels; households elsewhere are left out.
        """
        if survey.income is None:
            message = "Without an income there are no indicators of income."
            raise DataError(message)
        codes, labels = survey.domains(column)
        places = {label: at for at, label in enumerate(areas)}
        place = np.array([*(places.get(label, -1) for label in labels), -1])[codes]
        known = np.flatnonzero((place >= 0) & ~np.isnan(survey.income))
        homes = np.arange(survey.size) if survey.household is None else survey.household
        _names, first, code = np.unique(homes[known], return_index=True, return_inverse=True)
        area, income = place[known][first], survey.income[known][first]
        weight = sums(code, survey.design.weights[known])
        order = np.lexsort((weight, income, area))
        return cls(area[order], income[order], weight[order], len(areas))

    def only(self, who: BoolArray) -> Self:
        """Those chosen, shape (k,)."""
        return replace(self, area=self.area[who], income=self.income[who], weight=self.weight[who])

    @property
    def count(self) -> IntArray:
        """Households of each area, shape (m,)."""
        return np.bincount(self.area, minlength=self.areas)

    @property
    def effective(self) -> FloatArray:
        """Effective households of each area, (ΣW)²/ΣW² (Kish 1965), 0 without any, shape (m,)."""
        total = sums(self.area, self.weight, self.areas)
        squares = sums(self.area, self.weight**2, self.areas)
        return np.divide(total**2, squares, out=np.zeros(self.areas), where=squares > 0)


def model_incomes(
    indicator: str,
    values: ArrayLike,
    errors: ArrayLike,
    homes: Homes,
    covariates: ArrayLike,
    *,
    areas: Sequence[str],
    line: float = np.nan,
    seed: int = 0,
) -> FayHerriot:
    """Composite estimates of areas in the indicator's own unit.

    Args:
        indicator: one of ``KINDS``.
        values: direct estimates, NaN where there is none, shape (m,).
        errors: their linearised standard errors, NaN where there is none, shape (m,).
        homes: the households behind them.
        covariates: known of every area, intercept included, shape (m, p).
        areas: names, shape (m,).
        line: of poverty, for ``gap``.
        seed: of the resampling for ``s80s20``.

    Raises:
        OptionError: another indicator.
        DataError: shapes that do not fit.
        EstimationError: no area is large enough to tell how far samples stray, or the model cannot be
            fitted to so few areas.
    """
    choice("indicator", indicator, tuple(KINDS))
    kind = KINDS[indicator]
    scale = area_scale(kind.scale)
    y, se = np.asarray(values, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    x = floats("covariates", covariates, dimensions=2)
    same_length(values=y, errors=se, covariates=x, areas=np.asarray(areas))
    behind = homes.only(homes.income < line) if kind.of_poor else homes
    size = behind.effective
    factor = _unbiased(indicator, behind, size, seed)
    y, se = y * factor / kind.whole, se * factor / kind.whole
    usable = np.isfinite(y) & (size >= kind.minimum) & (y > 0) & ((y < 1) | (kind.scale == "log"))
    spread = _pooled(np.where(usable, y, np.nan), se, size, scale)
    result = fay_herriot(
        np.where(usable, y, np.nan),
        np.where(usable, spread / np.maximum(size, 1) * scale.slope(np.where(usable, y, 0.5)) ** 2, np.nan),
        x,
        areas=areas,
        transform=kind.scale,
        delta=True,
    )
    return _in_unit(result, kind.whole)


def _pooled(y: FloatArray, se: FloatArray, size: FloatArray, scale: AreaScale) -> float:
    """Variance on the model's scale of a sample of one effective household."""
    told = np.isfinite(y) & np.isfinite(se) & (se > 0) & (size >= POOLED_FROM)
    if not told.any():
        message = f"No area has {POOLED_FROM} effective households: nothing tells how far samples stray."
        raise EstimationError(message)
    weight = size[told] ** 2
    own = size[told] * (se[told] / scale.slope(y[told])) ** 2
    return float(np.sum(weight * own) / np.sum(weight))


def _unbiased(indicator: str, homes: Homes, size: FloatArray, seed: int) -> FloatArray:
    """What each direct estimate is multiplied by, shape (m,); NaN where nothing can be said."""
    if indicator == "gini":
        return np.where(size > 1, size / np.where(size > 1, size - 1, 1.0), np.nan)
    if indicator == "s80s20":
        return np.exp(-_excess(homes, size, seed))
    return np.ones(homes.areas)


def _excess(homes: Homes, size: FloatArray, seed: int) -> FloatArray:
    """By how much log S80/S20 of as many households as an area has exceeds that of all, shape (m,).

    Areas differ in level, and the sample in the weight of its strata: incomes and weights are taken
    relative to the mean of their area.
    """
    known = size >= min(DRAWN_FROM, float(size.max(initial=0.0)))
    pool = homes.only(known[homes.area])
    total = sums(pool.area, pool.weight, pool.areas)
    mean = sums(pool.area, pool.weight * pool.income, pool.areas)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = pool.income / (mean / total)[pool.area]
        w = pool.weight / (total / pool.count)[pool.area]
    of_all = log_tails(x[None], w[None])[0]
    found = np.full(homes.areas, np.nan)
    for number in np.unique(homes.count[homes.count > 0]):
        drawn = stream(seed, "s80s20", int(number)).integers(0, len(x), (DRAWS, number))
        ratios = log_tails(x[drawn], w[drawn])
        if np.isfinite(ratios).any():
            found[homes.count == number] = ratios[np.isfinite(ratios)].mean() - of_all
    return found


def log_tails(x: FloatArray, w: FloatArray) -> FloatArray:
    """Logarithm of S80/S20 (Eurostat's tails) of each row, shape (r,); NaN where the poorest have nothing.

    Args:
        x: incomes, shape (r, k).
        w: weights, shape (r, k).
    """
    order = np.argsort(x, axis=1, kind="stable")
    x, w = np.take_along_axis(x, order, 1), np.take_along_axis(w, order, 1)
    reached = np.cumsum(w, axis=1)
    share = reached / reached[:, -1:]
    poorest = np.sum(np.where(share <= 0.2 + 1e-12, w * x, 0.0), axis=1)
    richest = np.sum(np.where(share > 0.8 + 1e-12, w * x, 0.0), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(richest / poorest)
    return np.where((poorest > 0) & (richest > 0), ratio, np.nan)


def _in_unit(result: FayHerriot, whole: float) -> FayHerriot:
    return replace(
        result,
        direct=result.direct * whole,
        synthetic=result.synthetic * whole,
        estimates=result.estimates * whole,
        mse=result.mse * whole**2,
        low=result.low * whole,
        high=result.high * whole,
    )
