"""From the draw to the answer: design weights, and what non-response takes away.

Sources: Särndal and Lundström (2005), "Estimation in Surveys with Nonresponse", chapters 5–6 (response
    homogeneity
groups); Little (1986), "Survey nonresponse adjustments for estimates of means", Int. Stat. Review 54
(propensity classes).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from socialstats.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    check_weights,
    floats,
    grouped,
    rows,
    same_length,
)
from socialstats.errors import ConvergenceError, DataError, EmptyDomainError, OptionError, WeightError


@dataclass(frozen=True)
class ResponseAdjustment:
    """Weights that let those who answered stand for all.

    Attributes:
        weights: adjusted weights, 0 for those who did not answer, shape (n,).
        factor: what the respondents' weights were multiplied by, shape (n,).
        propensity: estimated probability to answer, shape (n,).
        group: each unit's adjustment group, shape (n,).
        labels: a name for each group.
        responded: who answered, shape (n,).
        design_weights: the weights before, shape (n,).
        coefficients: of the propensity model (intercept first); empty where cells were used.
    """

    weights: FloatArray
    factor: FloatArray
    propensity: FloatArray
    group: IntArray
    labels: tuple[str, ...]
    responded: BoolArray
    design_weights: FloatArray
    coefficients: FloatArray

    def to_polars(self) -> pl.DataFrame:
        """One row a group: sampled, responded, weighted response rate, largest factor."""
        width = len(self.labels)
        total = np.bincount(self.group, self.design_weights, width)
        answered = np.bincount(self.group, self.design_weights * self.responded, width)
        largest = np.zeros(width)
        np.maximum.at(largest, self.group, np.where(self.responded, self.factor, 0.0))
        return pl.DataFrame(
            {
                "group": self.labels,
                "n": np.bincount(self.group, minlength=width),
                "n_responded": np.bincount(self.group[self.responded], minlength=width),
                "response_rate": answered / total,
                "largest_factor": largest,
            }
        )

    def __str__(self) -> str:
        rate = float(self.design_weights @ self.responded / self.design_weights.sum())
        answered = f"{self.responded.sum()} of {len(self.responded)} answered (weighted {rate:.1%})"
        return f"Non-response: {answered}\n{self.to_polars()}"


def design_weights(*probabilities: ArrayLike) -> FloatArray:
    """Inverse of the probability to be drawn, over all stages.

    Args:
        *probabilities: one array a stage, each of shape (n,), every value above 0 and at most 1.

    Raises:
        WeightError: a probability outside (0, 1].
        OptionError: no stage is given.
    """
    if not probabilities:
        message = "Design weights need the probability of at least one stage."
        raise OptionError(message)
    product = np.ones(1)
    for stage, values in enumerate(probabilities, 1):
        column = floats(f"probability of stage {stage}", values)
        wrong = (column <= 0) | (column > 1)
        if wrong.any():
            message = f"Probability of stage {stage}: {int(wrong.sum())} outside (0, 1] ({rows(wrong)})."
            raise WeightError(message)
        product = product * column
    return np.asarray(1 / product, dtype=np.float64)


def response_cells(
    weights: ArrayLike,
    responded: ArrayLike,
    cells: ArrayLike,
    *,
    minimum: int = 1,
    join_small: bool = False,
) -> ResponseAdjustment:
    """Respondents of a cell stand for the whole cell.

    Args:
        weights: design weights of everyone eligible, shape (n,).
        responded: who answered, shape (n,).
        cells: response homogeneity group, shape (n,).
        minimum: fewest respondents a cell may have.
        join_small: join a cell with too few respondents to the cell of nearest response rate, smallest
            first; otherwise it is refused.

    Raises:
        EmptyDomainError: a cell has fewer respondents than the minimum.
        WeightError: weights missing, zero or negative.
    """
    base = check_weights(weights)
    answered = _flags(responded)
    labels, codes = grouped("cell", cells)
    same_length(weights=base, responded=answered, cells=codes)
    names = [str(label) for label in labels]
    if minimum < 1:
        message = f"minimum is at least 1; not {minimum}."
        raise OptionError(message)
    while small := _smallest(codes, answered, len(names), minimum):
        if not join_small or len(set(codes.tolist())) == 1:
            message = (
                f"Cell {names[small[0]]} has {small[1]} respondents; at least {minimum} are needed: "
                "join it with another."
            )
            raise EmptyDomainError(message)
        codes = _join(codes, names, small[0], base, answered)
    kept, codes = np.unique(codes, return_inverse=True)
    total = np.bincount(codes, base)
    rate = np.bincount(codes, base * answered) / total
    return _adjusted(
        base, answered, rate[codes], codes.astype(np.intp), tuple(names[k] for k in kept), np.array([])
    )


def response_propensity(
    weights: ArrayLike,
    responded: ArrayLike,
    covariates: ArrayLike,
    *,
    classes: int | None = 5,
    tolerance: float = 1e-10,
) -> ResponseAdjustment:
    """Respondents are weighted by the inverse of their estimated probability to answer.

    A weighted logistic regression estimates the probability. With ``classes`` the probability is only
    used to sort units into groups of equal number, and each group's weighted response rate is the
    propensity: less sensitive to a wrong model and to very small probabilities.

    Args:
        weights: design weights of everyone eligible, shape (n,).
        responded: who answered, shape (n,).
        covariates: known for everyone, without intercept, shape (n, k).
        classes: number of groups; None takes each unit's own probability.
        tolerance: largest change of the fitted linear predictor at which the iteration ends.

    Raises:
        ConvergenceError: the covariates separate respondents from the rest perfectly, or are collinear.
        EmptyDomainError: nobody, or everybody in a class, failed to answer.
    """
    base = check_weights(weights)
    answered = _flags(responded)
    matrix = floats("covariates", covariates, dimensions=2)
    same_length(weights=base, responded=answered, covariates=matrix)
    if not answered.any():
        message = "Nobody answered: there is nothing to weight."
        raise EmptyDomainError(message)
    matrix = np.column_stack([np.ones(len(base)), matrix])
    coefficients = _logistic(base, answered.astype(np.float64), matrix, tolerance)
    propensity = 1 / (1 + np.exp(-(matrix @ coefficients)))
    if classes is None:
        group = np.zeros(len(base), dtype=np.intp)
        return _adjusted(base, answered, propensity, group, ("all",), coefficients)
    cells = _classes(propensity, classes)
    result = response_cells(base, answered, cells)
    return ResponseAdjustment(**{**vars(result), "coefficients": coefficients})


def _flags(values: ArrayLike) -> BoolArray:
    array = np.asarray(values)
    if array.dtype.kind == "b":
        return array
    if array.dtype.kind in "iuf" and np.isin(array, (0, 1)).all():
        return array.astype(bool)
    message = "responded: true or false (1 or 0) for every row is needed."
    raise DataError(message)


def _adjusted(  # noqa: PLR0917
    base: FloatArray,
    answered: BoolArray,
    propensity: FloatArray,
    group: IntArray,
    labels: tuple[str, ...],
    coefficients: FloatArray,
) -> ResponseAdjustment:
    factor = 1 / propensity
    return ResponseAdjustment(
        weights=np.where(answered, base * factor, 0.0),
        factor=factor,
        propensity=propensity,
        group=group,
        labels=labels,
        responded=answered,
        design_weights=base,
        coefficients=coefficients,
    )


def _smallest(codes: IntArray, answered: BoolArray, width: int, minimum: int) -> tuple[int, int] | None:
    """The living cell with fewest respondents, where that is too few."""
    number = np.bincount(codes[answered], minlength=width)
    alive = np.bincount(codes, minlength=width) > 0
    place = int(np.where(alive, number, np.iinfo(np.int64).max).argmin())
    return (place, int(number[place])) if number[place] < minimum else None


def _join(codes: IntArray, names: list[str], small: int, base: FloatArray, answered: BoolArray) -> IntArray:
    width = len(names)
    total = np.bincount(codes, base, width)
    rate = np.divide(
        np.bincount(codes, base * answered, width), total, out=np.full(width, np.nan), where=total > 0
    )
    distance = np.abs(rate - rate[small])
    distance[small] = np.nan
    target = int(np.nanargmin(distance))
    names[target] = f"{names[target]} + {names[small]}"
    return np.where(codes == small, target, codes)


def _classes(propensity: FloatArray, classes: int) -> NDArray[Any]:
    if classes < 1:
        message = f"classes is at least 1; not {classes}."
        raise OptionError(message)
    cuts = np.quantile(propensity, np.arange(1, classes) / classes)
    return np.searchsorted(cuts, propensity, side="right")


def _logistic(base: FloatArray, outcome: FloatArray, matrix: FloatArray, tolerance: float) -> FloatArray:
    """Weighted logistic regression by iterated least squares; weights are scaled to mean 1."""
    share = base / base.mean()
    point = np.zeros(matrix.shape[1])
    linear = matrix @ point
    for _ in range(100):
        fitted = 1 / (1 + np.exp(-linear))
        slope = share * fitted * (1 - fitted)
        information = (matrix * slope[:, None]).T @ matrix
        try:
            step = np.linalg.solve(information, matrix.T @ (share * (outcome - fitted)))
        except np.linalg.LinAlgError:
            step = np.full(len(point), np.nan)
        point = point + step
        linear = matrix @ point
        if not np.isfinite(step).all() or np.abs(linear).max() > 30:
            message = (
                "The covariates separate respondents from the rest, or repeat each other: leave some out."
            )
            raise ConvergenceError(message)
        if np.abs(matrix @ step).max() <= tolerance:
            return point
    message = "The propensity model did not settle in 100 steps."
    raise ConvergenceError(message)
