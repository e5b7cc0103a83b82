"""One index out of many indicators, and how much it owes to the choices made.

OECD and JRC (2008), "Handbook on Constructing Composite Indicators".
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from socialstats.arrays import FloatArray, choice, floats
from socialstats.errors import DataError, EstimationError, OptionError
from socialstats.harmonise.scores import METHODS, mid_ranks, standard_scores
from socialstats.random import stream


@dataclass(frozen=True)
class Composite:
    """An index with everything it was made from.

    Attributes:
        index: higher is more deprived, shape (m,).
        ranks: 1 is the highest index, shape (m,).
        scores: of each indicator, shape (m, k).
        weights: that sum to 1, shape (k,).
        names: of the indicators.
        higher_is: ``worse`` or ``better`` for each.
        inputs: the indicators as given, shape (m, k).
        normalisation: of the scores.
        weighting: ``equal``, ``pca`` or ``expert``.
        aggregation: ``arithmetic`` or ``geometric``.
        alpha: Cronbach's α of the scores.
        explained: share of variance of the first principal component.
        against: indicators whose loading on it points the other way; look at them before trusting the
            index.
    """

    index: FloatArray
    ranks: FloatArray
    scores: FloatArray
    weights: FloatArray
    names: tuple[str, ...]
    higher_is: tuple[str, ...]
    inputs: FloatArray
    normalisation: str
    weighting: str
    aggregation: str
    alpha: float
    explained: float
    against: tuple[str, ...]

    def to_polars(self, areas: ArrayLike | None = None) -> pl.DataFrame:
        """One row an area: index, rank and the scores behind it, with the method in words."""
        labels = np.arange(1, len(self.index) + 1) if areas is None else np.asarray(areas)
        method = f"{self.normalisation} scores, {self.weighting} weights, {self.aggregation} mean"
        return pl.DataFrame(
            {
                "area": [str(label) for label in labels],
                "index": self.index,
                "rank": self.ranks,
                **{f"score_{name}": self.scores[:, k] for k, name in enumerate(self.names)},
                "method": [method] * len(self.index),
            }
        )

    def standard_errors(self, errors: ArrayLike, *, correlation: float = 0.0) -> FloatArray:
        """What the index inherits from the errors of its indicators, shape (m,).

        Weights and the scale s_k of every indicator (its mean and spread over the areas) are taken as
        given. With e_k = w_k · se_k / s_k the variance is (1 − ρ) · Σ e_k² + ρ · (Σ e_k)²; the geometric
        mean has the same in logarithms (delta method).

        Args:
            errors: standard errors of the inputs, 0 or more, shape (m, k); for the arithmetic mean also of
                other areas, on the scale of these.
            correlation: ρ between the errors of an area's indicators, from 0 (samples of their own) to 1
                (the most that one sample can do).

        Raises:
            DataError: negative or missing errors, or another shape.
            OptionError: scores by rank, whose error does not follow from the inputs' alone; a correlation
                outside 0 to 1.
        """
        if not 0 <= correlation <= 1:
            message = f"correlation lies between 0 and 1; not {correlation}."
            raise OptionError(message)
        error = floats("errors", errors, dimensions=2)
        same = error.shape == self.inputs.shape
        fits = same or (self.aggregation == "arithmetic" and error.shape[1] == len(self.names))
        if not fits or (error < 0).any():
            message = f"errors: {self.inputs.shape} numbers of 0 or more are needed."
            raise DataError(message)
        if self.normalisation == "rank":
            message = "Ranks have no standard error that follows from their inputs' alone."
            raise OptionError(message)
        # scores are linear in the inputs: the widest step of each gives its scale
        scale = np.ptp(self.scores, axis=0) / np.ptp(self.inputs, axis=0)
        each = error * scale
        if self.aggregation == "arithmetic":
            return _together(each * self.weights, correlation)
        positive = _positive(self.scores)
        relative = each * 99 / np.ptp(self.scores, axis=0) / positive
        return self.index * _together(relative * self.weights, correlation)

    def placed(self, inputs: ArrayLike) -> FloatArray:
        """The index of other areas (a region among its municipalities) on the scale of these, shape (n,).

        Args:
            inputs: the same indicators, shape (n, k).

        Raises:
            DataError: another number of indicators, or missing values.
            OptionError: a scale that holds for its own areas alone (ranks, the geometric mean).
        """
        other = floats("inputs", inputs, dimensions=2)
        if other.shape[1] != len(self.names):
            message = f"inputs: {len(self.names)} indicators are needed; not {other.shape[1]}."
            raise DataError(message)
        if self.normalisation == "rank" or self.aggregation == "geometric":
            message = "Ranks and the geometric mean have no scale for other areas."
            raise OptionError(message)
        slope = np.ptp(self.scores, axis=0) / np.ptp(self.inputs, axis=0)
        slope = np.where(np.array(self.higher_is) == "worse", slope, -slope)
        found: FloatArray = (self.scores[0] + (other - self.inputs[0]) * slope) @ self.weights
        return found

    def sensitivity(self, *, draws: int = 500, spread: float = 0.5, seed: int = 0) -> "Sensitivity":
        """Ranks under every normalisation, weighting and aggregation, and with an indicator left out.

        Besides, weights redrawn around the given ones: w × Uniform(1 − spread, 1 + spread), scaled to
        sum to 1.

        Args:
            draws: redrawn sets of weights.
            spread: of the weights, above 0 and at most 1.
            seed: of the draws.

        Raises:
            OptionError: a spread outside (0, 1] or no draws.
        """
        if not 0 < spread <= 1 or draws < 1:
            message = f"Needs 0 < spread <= 1 and at least 1 draw; not {spread} and {draws}."
            raise OptionError(message)
        named = [*self._other_methods(), *self._left_out()]
        draw = stream(seed, "composite")
        for number in range(draws):
            factor = self.weights * draw.uniform(1 - spread, 1 + spread, len(self.weights))
            mixed = _mean(self.scores, factor / factor.sum(), self.aggregation)
            named.append((f"weights {number + 1}", mid_ranks(-mixed)))
        return Sensitivity(self.ranks, np.stack([r for _, r in named]), tuple(name for name, _ in named))

    def _other_methods(self) -> list[tuple[str, FloatArray]]:
        found = []
        ways = itertools.product(METHODS, ("equal", "pca"), ("arithmetic", "geometric"))
        for norm, weighting, mean in ways:
            try:
                other = composite(
                    self.inputs,
                    self.names,
                    higher_is=self.higher_is,
                    normalisation=norm,
                    weights=weighting,
                    aggregation=mean,
                )
            except EstimationError:
                continue  # a normalisation that these values do not have
            found.append((f"{norm}, {weighting}, {mean}", other.ranks))
        return found

    def _left_out(self) -> list[tuple[str, FloatArray]]:
        if len(self.names) < 3:
            return []
        found = []
        for k, name in enumerate(self.names):
            keep = np.arange(len(self.names)) != k
            rest = self.weights[keep]
            if rest.sum() > 0:
                index = _mean(self.scores[:, keep], rest / rest.sum(), self.aggregation)
                found.append((f"without {name}", mid_ranks(-index)))
        return found


@dataclass(frozen=True)
class Sensitivity:
    """Ranks under other choices.

    Attributes:
        base: ranks of the index itself, shape (m,).
        ranks: under each other choice, shape (c, m).
        choices: their names.
    """

    base: FloatArray
    ranks: FloatArray
    choices: tuple[str, ...]

    @property
    def mean_shift(self) -> float:
        """Mean absolute change of rank over areas and choices (OECD 2008, step 7)."""
        return float(np.abs(self.ranks - self.base).mean())

    def to_polars(self, areas: ArrayLike | None = None) -> pl.DataFrame:
        """One row an area: rank, median and 5–95 % range over all choices, largest change."""
        labels = np.arange(1, len(self.base) + 1) if areas is None else np.asarray(areas)
        return pl.DataFrame(
            {
                "area": [str(label) for label in labels],
                "rank": self.base,
                "rank_median": np.median(self.ranks, axis=0),
                "rank_low": np.quantile(self.ranks, 0.05, axis=0),
                "rank_high": np.quantile(self.ranks, 0.95, axis=0),
                "largest_change": np.abs(self.ranks - self.base).max(axis=0),
            }
        )


def composite(
    indicators: ArrayLike,
    names: Sequence[str],
    *,
    higher_is: str | Sequence[str] = "worse",
    normalisation: str = "z",
    weights: str | Mapping[str, float] = "equal",
    aggregation: str = "arithmetic",
) -> Composite:
    """A deprivation index.

    Args:
        indicators: shape (m, k), nothing missing.
        names: of the indicators.
        higher_is: ``worse`` or ``better``, for all or for each.
        normalisation: ``z``, ``minmax``, ``robust`` or ``rank``.
        weights: ``equal``; ``pca`` (squared loadings on the first principal component of the scores); or
            the experts' own, by name, not negative.
        aggregation: ``arithmetic`` (one good value makes up for a bad one) or ``geometric`` (less so).
            The geometric mean needs values above zero: scores are moved to run from 1 to 100 first.

    Raises:
        DataError: missing values, or names that do not fit.
        EstimationError: an indicator whose values are all equal, fewer than three areas.
        OptionError: unknown words or weights.
    """
    table = floats("indicators", indicators, dimensions=2)
    labels = tuple(names)
    if len(labels) != table.shape[1] or len(set(labels)) < len(labels):
        message = f"{table.shape[1]} indicators need as many different names; not {', '.join(labels)}."
        raise DataError(message)
    if len(table) < 3:
        message = f"An index needs at least three areas; not {len(table)}."
        raise EstimationError(message)
    choice("aggregation", aggregation, ("arithmetic", "geometric"))
    senses = (higher_is,) * len(labels) if isinstance(higher_is, str) else tuple(higher_is)
    if len(senses) != len(labels):
        message = f"higher_is is one word, or one for each of {len(labels)} indicators."
        raise OptionError(message)
    scores = np.stack(
        [_named_scores(table[:, k], labels[k], senses[k], normalisation) for k in range(len(labels))],
        axis=1,
    )
    loadings, explained = _first_component(scores)
    share, weighting = _weights(weights, labels, loadings)
    index = _mean(scores, share, aggregation)
    return Composite(
        index=index,
        ranks=mid_ranks(-index),
        scores=scores,
        weights=share,
        names=labels,
        higher_is=senses,
        inputs=table,
        normalisation=normalisation,
        weighting=weighting,
        aggregation=aggregation,
        alpha=_alpha(scores),
        explained=explained,
        against=tuple(name for name, loading in zip(labels, loadings, strict=True) if loading < 0),
    )


def _named_scores(values: FloatArray, name: str, sense: str, normalisation: str) -> FloatArray:
    try:
        return standard_scores(values, method=normalisation, higher_is=sense)
    except EstimationError as error:
        message = f"{name}: {error}"
        raise EstimationError(message) from error


def _first_component(scores: FloatArray) -> tuple[FloatArray, float]:
    """Loadings of the first principal component, mostly positive, and its share of variance."""
    correlation = np.atleast_2d(np.corrcoef(scores, rowvar=False))
    values, vectors = np.linalg.eigh(correlation)
    first = vectors[:, -1]
    turned: FloatArray = first * (1.0 if first.sum() >= 0 else -1.0)
    return turned, float(values[-1] / values.sum())


def _weights(
    weights: str | Mapping[str, float], names: tuple[str, ...], loadings: FloatArray
) -> tuple[FloatArray, str]:
    if isinstance(weights, str):
        choice("weights", weights, ("equal", "pca"))
        raw = np.ones(len(names)) if weights == "equal" else loadings**2
        return raw / raw.sum(), weights
    if set(weights) != set(names):
        message = f"Experts' weights are needed for exactly {', '.join(names)}."
        raise OptionError(message)
    raw = floats("weights", [float(weights[name]) for name in names])
    if (raw < 0).any() or raw.sum() <= 0:
        message = "Experts' weights are not negative and not all zero."
        raise OptionError(message)
    return raw / raw.sum(), "expert"


def _mean(scores: FloatArray, weights: FloatArray, aggregation: str) -> FloatArray:
    if aggregation == "arithmetic":
        plain: FloatArray = scores @ weights
        return plain
    index: FloatArray = np.exp(np.log(_positive(scores)) @ weights)
    return index


def _together(each: FloatArray, correlation: float) -> FloatArray:
    """The error of a sum whose parts have errors that are alike to a degree, shape (m,)."""
    alone, joint = (each**2).sum(axis=1), each.sum(axis=1) ** 2
    found: FloatArray = np.sqrt((1 - correlation) * alone + correlation * joint)
    return found


def _positive(scores: FloatArray) -> FloatArray:
    """Scores moved to run from 1 to 100."""
    moved: FloatArray = 1 + 99 * (scores - scores.min(axis=0)) / np.ptp(scores, axis=0)
    return moved


def _alpha(scores: FloatArray) -> float:
    """Cronbach's α of the scores set to unit variance; NaN of one score, and of scores that cancel out."""
    count = scores.shape[1]
    total = np.corrcoef(scores, rowvar=False).sum() if count > 1 else 0.0
    if total <= count * np.finfo(float).eps * 8:
        return float("nan")
    return float(count / (count - 1) * (1 - count / total))
