"""Weights that meet known totals and stay near the design weights.

Minimises the distance between calibrated and design weights under Σ w x = t (Deville and Särndal 1992;
raking: Deville, Särndal and Sautory 1993, JASA 88, 1013–1020). Solved in the dual by Newton's method
    with halved steps;
where no weights exist, linear programming says which totals stand in the way.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.linalg
import scipy.optimize
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, IntArray, check_weights, floats, grouped, same_length
from socialstats.errors import CalibrationError, ConvergenceError, DesignError, OptionError
from socialstats.ordering import arrangement
from socialstats.weighting.distances import Distance, distance
from socialstats.weighting.margins import Margins, independent


@dataclass(frozen=True)
class Calibration:
    """Calibrated weights and what became of them.

    Attributes:
        weights: calibrated weights, shape (n,).
        design_weights: the weights before, shape (n,).
        margins: the totals that were met.
        method: name of the distance.
        bounds: bounds of g, if any.
        multipliers: λ of the independent totals, in the units of those totals, shape (rank,).
        columns: which totals are the independent ones, shape (rank,).
        iterations: Newton steps.
        households: each unit's household where all its members share one g, else nothing.
        scale: the positive factor q of the distance, shape (n,); the variance of the residuals is 1/q.
    """

    weights: FloatArray
    design_weights: FloatArray
    margins: Margins
    method: str
    bounds: tuple[float, float] | None
    multipliers: FloatArray
    columns: IntArray
    iterations: int
    households: IntArray | None
    scale: FloatArray

    @property
    def g(self) -> FloatArray:
        """Calibrated over design weight, shape (n,)."""
        return self.weights / self.design_weights

    @property
    def achieved(self) -> FloatArray:
        """The totals that the calibrated weights give, shape (p,)."""
        achieved: FloatArray = self.weights @ self.margins.matrix
        return achieved

    @property
    def n_at_bounds(self) -> int:
        """How many units the bounds hold back."""
        if self.bounds is None:
            return 0
        low, high = self.bounds
        room = 1e-6 * (high - low)
        return int(((self.g <= low + room) | (self.g >= high - room)).sum())

    def residuals(self, values: ArrayLike) -> FloatArray:
        """What the margins do not explain of a variable or of an influence function.

        The variance of a calibrated estimate is that of Σ w e with these e, for every distance (Deville
        and Särndal 1992, result 5): regression with the design weights, then the calibrated weights
        outside.

        Args:
            values: shape (n,) or (n, k).
        """
        outcome = np.asarray(values, dtype=np.float64)
        matrix = _shared(self.margins.matrix[:, self.columns], self.households)
        root = np.sqrt(self.design_weights * self.scale)[:, None]
        flat = outcome.reshape(len(outcome), -1)
        rows = _order([*matrix.T, root[:, 0], *flat.T])
        slope = np.linalg.lstsq((matrix * root)[rows], (flat * root)[rows], rcond=None)[0]
        rest: FloatArray = (flat - matrix @ slope).reshape(outcome.shape)
        return rest

    def recalibrate(
        self,
        replicates: Iterable[ArrayLike],
        *,
        bounds: tuple[float, float] | None = None,
        tolerance: float = 1e-8,
    ) -> Iterator[FloatArray]:
        """Replicate weights calibrated to the same totals, one at a time: never R × n in memory.

        Args:
            replicates: replicate weights before calibration, each of shape (n,); zeros are units left out.
            bounds: other bounds for the replicates (wider ones are usual: a replicate is further from
                the totals).
            tolerance: largest relative distance from a total.

        Yields:
            Calibrated replicate weights, shape (n,).

        Raises:
            CalibrationError: a replicate cannot meet the totals.
        """
        rule = distance(self.method, bounds or self.bounds)
        matrix = _shared(self.margins.matrix, self.households)
        margins = Margins(matrix, self.margins.totals, self.margins.names)
        for number, replicate in enumerate(replicates, 1):
            base = floats(f"replicate {number}", replicate)
            live = np.flatnonzero(base > 0)
            result = np.zeros_like(base)
            try:
                result[live] = _solve(
                    base[live], margins.take(live), self.scale[live], rule, tolerance, self.columns
                ).weights
            except (CalibrationError, ConvergenceError) as error:
                message = f"Replicate {number}: {error}"
                raise CalibrationError(message) from error
            yield result

    def __call__(self, weights: FloatArray) -> FloatArray:
        """A replicate's weights, made from the calibrated ones, calibrated again: for ``estimate``.

        The replicate's factors are put on the design weights and these meet the totals once more, as R's
        survey does it.

        Args:
            weights: calibrated weights times the replicate's factors, shape (n,).

        Raises:
            CalibrationError: the replicate cannot meet the totals.
        """
        return next(self.recalibrate([self.design_weights * (weights / self.weights)]))

    def diagnostics(self) -> dict[str, float]:
        """How far the weights moved and what it costs."""
        g = self.g
        return {
            "iterations": float(self.iterations),
            "largest_relative_error": float(_misfit(self.achieved, self.margins).max()),
            "g_minimum": float(g.min()),
            "g_median": float(np.median(g)),
            "g_maximum": float(g.max()),
            "n_at_bounds": float(self.n_at_bounds),
            "n_negative": float((self.weights < 0).sum()),
            "design_effect_before": weighting_effect(self.design_weights),
            "design_effect_after": weighting_effect(self.weights),
            "n_effective": len(g) / weighting_effect(self.weights),
        }

    def to_polars(self) -> pl.DataFrame:
        """One row a total: margin, target, before, after, sample (units that answer it)."""
        return pl.DataFrame(
            {
                "margin": self.margins.names,
                "target": self.margins.totals,
                "before": self.design_weights @ self.margins.matrix,
                "after": self.achieved,
                "n": (self.margins.matrix != 0).sum(axis=0),
            }
        )

    def __str__(self) -> str:
        lines = [f"{name:>24} {value:.6g}" for name, value in self.diagnostics().items()]
        return (
            f"{self.method} calibration of {len(self.g)} units\n"
            + "\n".join(lines)
            + f"\n{self.to_polars()}"
        )


@dataclass(frozen=True)
class _Solution:
    weights: FloatArray
    multipliers: FloatArray
    columns: IntArray
    iterations: int


def calibrate(
    weights: ArrayLike,
    margins: Margins,
    *,
    method: str = "raking",
    bounds: tuple[float, float] | None = None,
    households: ArrayLike | None = None,
    scale: ArrayLike | None = None,
    tolerance: float = 1e-10,
) -> Calibration:
    """Weights that meet the margins.

    Args:
        weights: design weights (after non-response), shape (n,).
        margins: the totals; see :func:`counts`, :func:`amount` and :func:`together`.
        method: ``linear`` (GREG), ``raking``, ``logit`` or ``truncated``.
        bounds: smallest and largest change of a weight, for ``logit`` and ``truncated``.
        households: each person's household, shape (n,): all its members then share one weight (integrative
            calibration, Lemaître and Dufour 1987); they must share one design weight.
        scale: the factor q of the distance, shape (n,); 1 by default.
        tolerance: largest relative distance from a total.

    Raises:
        CalibrationError: no weights meet the margins (within the bounds).
        ConvergenceError: weights exist but the iteration did not find them.
        WeightError: weights missing, zero or negative.
        DesignError: a household whose members have different design weights.
    """
    base = check_weights(weights)
    same_length(weights=base, margins=margins.matrix)
    factor = np.ones_like(base) if scale is None else check_weights(scale, "scale")
    same_length(weights=base, scale=factor)
    codes = None if households is None else _households(households, base)
    shared = Margins(_shared(margins.matrix, codes), margins.totals, margins.names)
    solution = _solve(base, shared, factor, distance(method, bounds), tolerance)
    return Calibration(
        weights=solution.weights,
        design_weights=base,
        margins=margins,
        method=method,
        bounds=bounds,
        multipliers=solution.multipliers,
        columns=solution.columns,
        iterations=solution.iterations,
        households=codes,
        scale=factor,
    )


def weighting_effect(weights: ArrayLike) -> float:
    """Kish's effect of unequal weights, n Σw² / (Σw)² (Kish 1992), at least 1."""
    array = np.asarray(weights, dtype=np.float64)
    share = array / array.sum()
    return float(len(array) * (share @ share))


def _households(households: ArrayLike, base: FloatArray) -> IntArray:
    _, codes = grouped("household", households)
    same_length(weights=base, household=codes)
    size = np.bincount(codes)
    mean = np.bincount(codes, base) / size
    wrong = np.abs(base - mean[codes]) > 1e-9 * mean[codes]
    if wrong.any():
        message = f"{len(np.unique(codes[wrong]))} households have members with different design weights."
        raise DesignError(message)
    return codes


def _shared(matrix: FloatArray, codes: IntArray | None) -> FloatArray:
    """Each member carries the mean of the household's contributions: equal columns give equal g."""
    if codes is None:
        return matrix
    size = np.bincount(codes)
    means = []
    for column in matrix.T:
        rows = np.lexsort((column, codes))
        means.append(np.bincount(codes[rows], column[rows]) / size)
    spread: FloatArray = np.stack(means, axis=1)[codes]
    return spread


def _order(keys: list[FloatArray]) -> IntArray:
    """Rows by their contents: sums over them give the same bits in whatever order the file came."""
    rows = arrangement(keys)
    return np.arange(keys[0].size) if rows is None else rows


def _solve(  # noqa: PLR0917
    base: FloatArray,
    margins: Margins,
    scale: FloatArray,
    rule: Distance,
    tolerance: float,
    columns: IntArray | None = None,
) -> _Solution:
    """Solve; ``columns`` are the independent totals where they are known already (replicates)."""
    if not 0 < tolerance < 1:
        message = f"tolerance lies between 0 and 1; not {tolerance}."
        raise OptionError(message)
    rows = _order([*margins.matrix.T, base, scale])
    base, margins, scale = base[rows], margins.take(rows), scale[rows]
    columns = independent(margins, known=columns)
    reduced = Margins(
        margins.matrix[:, columns], margins.totals[columns], tuple(margins.names[k] for k in columns)
    )
    size = np.maximum(base @ np.abs(reduced.matrix), np.abs(reduced.totals))
    matrix = reduced.matrix / size
    totals = reduced.totals / size
    multipliers, steps = _newton(base, matrix, totals, scale, rule, tolerance / 10)
    weights = base * rule.g(scale * (matrix @ multipliers))
    misfit = _misfit(weights @ margins.matrix, margins)
    if misfit.max() > tolerance:
        _explain(base, reduced, rule, tolerance)
        message = (
            f"Calibration by {rule.name} stopped at a relative error of {misfit.max():.3g}; "
            "ask for a larger tolerance or widen the bounds."
        )
        raise ConvergenceError(message)
    as_they_came = np.empty_like(weights)
    as_they_came[rows] = weights
    return _Solution(as_they_came, multipliers / size, columns, steps)


def _misfit(achieved: FloatArray, margins: Margins) -> FloatArray:
    size = np.abs(margins.totals)
    least = size.max() * 1e-6 if size.max() > 0 else 1.0
    misfit: FloatArray = np.abs(achieved - margins.totals) / np.maximum(size, least)
    return misfit


def _newton(  # noqa: PLR0917
    base: FloatArray,
    matrix: FloatArray,
    totals: FloatArray,
    scale: FloatArray,
    rule: Distance,
    tolerance: float,
) -> tuple[FloatArray, int]:
    """Root of Σ d F(q x'λ) x − t; the steps descend a convex function, so halving always helps."""

    def gap(point: FloatArray) -> FloatArray:
        with np.errstate(over="ignore", invalid="ignore"):
            difference: FloatArray = (base * rule.g(scale * (matrix @ point))) @ matrix - totals
        return difference

    point = np.zeros(matrix.shape[1])
    current = gap(point)
    for step in range(1, 101):
        if np.abs(current).max() <= tolerance * 1e-2:
            return point, step - 1
        slope = base * scale * rule.slope(scale * (matrix @ point))
        direction = _direction((matrix * slope[:, None]).T @ matrix, current)
        moved = _halved(gap, point, current, direction)
        if moved is None:
            return point, step
        point, current = moved
    return point, 100


def _direction(hessian: FloatArray, gap: FloatArray) -> FloatArray:
    try:
        factor = scipy.linalg.cho_factor(hessian)
        pivots = np.abs(np.diag(factor[0]))
        if pivots.min() > 1e-7 * pivots.max():
            direction: FloatArray = -scipy.linalg.cho_solve(factor, gap)
            return direction
    except np.linalg.LinAlgError:
        pass
    ridge = 1e-9 * max(np.trace(hessian) / len(gap), 1e-300)
    fallback: FloatArray = -np.linalg.lstsq(hessian + ridge * np.eye(len(gap)), gap, rcond=None)[0]
    return fallback


def _halved(
    gap: Callable[[FloatArray], FloatArray], point: FloatArray, current: FloatArray, direction: FloatArray
) -> tuple[FloatArray, FloatArray] | None:
    length = 1.0
    for _ in range(40):
        candidate = point + length * direction
        value = gap(candidate)
        if np.isfinite(value).all() and np.linalg.norm(value) < (1 - 1e-4 * length) * np.linalg.norm(
            current
        ):
            return candidate, value
        length /= 2
    return None


def _explain(base: FloatArray, margins: Margins, rule: Distance, tolerance: float) -> None:
    """Raises in plain words where linear programming finds that no g within the bounds meets the totals."""
    low, high = max(rule.low, 0.0) if np.isfinite(rule.low) else -np.inf, rule.high
    width = margins.matrix.shape[1]
    size = np.maximum(np.abs(margins.totals), np.abs(margins.totals).max() * 1e-6)
    answers = ((margins.matrix * base[:, None]) / size).T
    equations = np.hstack([answers, np.eye(width), -np.eye(width)])
    cost = np.concatenate([np.zeros(len(base)), np.ones(2 * width)])
    limits = [(None if low == -np.inf else low, None if high == np.inf else high)] * len(base) + [
        (0, None)
    ] * (2 * width)
    answer = scipy.optimize.linprog(
        cost, A_eq=equations, b_eq=margins.totals / size, bounds=limits, method="highs"
    )
    if not answer.success or answer.fun <= tolerance:
        return
    short = (answer.x[len(base) : len(base) + width] - answer.x[len(base) + width :]) * size
    missed = np.flatnonzero(np.abs(short) > tolerance * size)
    said = "; ".join(
        f"{margins.names[k]}: wanted {margins.totals[k]:.10g}, at best {margins.totals[k] - short[k]:.10g}"
        for k in missed[:5]
    )
    within = (
        f" with weights changed by {low:g} to {high:g}" if np.isfinite(high) else " with weights above zero"
    )
    message = f"No weights meet the margins{within} ({said}). Widen the bounds or join small classes."
    raise CalibrationError(message)
