"""Small areas from persons: the empirical best predictor of Molina and Rao.

Molina and Rao (2010), Canadian Journal of Statistics 38. A model of income learnt from the sample simulates
everyone in every area many times; any indicator of an area is the mean over the simulations. Areas
without a sample get the model's mean effect, 0. With survey weights the pseudo-EB predictor of
Guadarrama, Molina and Rao (2018), Computational Statistics and Data Analysis 121.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from socialstats.arrays import FloatArray, IntArray, check_weights, choice, floats, grouped, same_length
from socialstats.errors import DataError, EstimationError, OptionError
from socialstats.ordering import arrangement
from socialstats.publication import ModelledRule
from socialstats.random import sequence
from socialstats.smallarea import kernels, nested
from socialstats.smallarea.kernels import INDICATORS
from socialstats.smallarea.nested import NestedFit, Sample
from socialstats.variance.scaling import run_chunks

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class EBP:
    """Modelled indicators of every area.

    Attributes:
        areas: areas of the population, sorted, then sampled areas that the population lacks.
        estimates: by area and indicator (``INDICATORS``; shares from 0 to 1), NaN where the population
            lacks the area, shape (m, 10).
        mse: bootstrap mean squared errors, NaN without a bootstrap, shape (m, 10).
        n: sampled units by area, shape (m,).
        population: persons simulated by area, shape (m,).
        model: the fitted model.
        transform: ``none``, ``log`` or ``box-cox``.
        weighted: whether survey weights were used.
        line: poverty line of head count and gap.
        simulations: populations simulated.
        replicates: of the bootstrap.
        seed: of everything random.
    """

    areas: tuple[str, ...]
    estimates: FloatArray
    mse: FloatArray
    n: IntArray
    population: IntArray
    model: NestedFit
    transform: str
    weighted: bool
    line: float
    simulations: int
    replicates: int
    seed: int

    def of(self, indicator: str) -> FloatArray:
        """Estimates of one indicator, shape (m,).

        Raises:
            OptionError: there is none of that name.
        """
        return self.estimates[:, _column(indicator)]

    def mse_of(self, indicator: str) -> FloatArray:
        """Mean squared errors of one indicator, shape (m,)."""
        return self.mse[:, _column(indicator)]

    def to_polars(self, indicator: str | None = None, rule: ModelledRule | None = None) -> pl.DataFrame:
        """One row an area and indicator: estimate, MSE, RRMSE in percent, 95 % interval, flag."""
        names = INDICATORS if indicator is None else (indicator,)
        frames = [self._frame(name, rule or ModelledRule()) for name in names]
        return pl.concat(frames)

    def _frame(self, name: str, rule: ModelledRule) -> pl.DataFrame:
        value, error = self.of(name), self.mse_of(name)
        half = 1.959963984540054 * np.sqrt(error)
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = 100 * np.sqrt(error) / np.abs(value)
        bounded = name in {"head_count", "poverty_gap", "gini"}
        return pl.DataFrame(
            {
                "area": self.areas,
                "indicator": [name] * len(value),
                "estimate": value,
                "mse": error,
                "rrmse_percent": relative,
                "ci_low": np.maximum(value - half, 0) if bounded else value - half,
                "ci_high": np.minimum(value + half, 1) if bounded else value + half,
                "n": self.n,
                "population": self.population,
                "flag": rule.judge(value, error),
                "method": [f"modelled: ebp {self.transform}{', weighted' if self.weighted else ''}"]
                * len(value),
            }
        ).with_columns(pl.col(pl.Float64).fill_nan(None))

    def plot(self, indicator: str = "head_count") -> "alt.TopLevelMixin":
        """A point and an interval for each area that may be published; needs a bootstrap."""
        from socialstats.smallarea.plotting import area_chart

        return area_chart(self.to_polars(indicator), "estimate", indicator.replace("_", " "))

    @property
    def _method(self) -> str:
        return f"modelled: ebp {self.transform}{', weighted' if self.weighted else ''}"

    def __str__(self) -> str:
        share = self.model.between / (self.model.between + self.model.within)
        sampled = f"{int(self.n.sum())} units in {int((self.n > 0).sum())} of {len(self.areas)} areas"
        runs = f"{self.simulations} simulations, {self.replicates} bootstrap replicates"
        return (
            f"EBP, {self.transform} (λ = {self.model.power:.4g}), {sampled}; "
            f"share of variance between areas {share:.3f}; {runs}\n{self.to_polars('head_count')}"
        )


@dataclass(frozen=True)
class _Problem:
    sample: Sample
    place: IntArray  # of each sampled area among the population's, -1 where it lacks
    x: FloatArray
    starts: IntArray
    line: float
    simulations: int
    seed: int


def ebp(
    incomes: ArrayLike,
    covariates: ArrayLike,
    areas: ArrayLike,
    population_covariates: ArrayLike,
    population_areas: ArrayLike,
    *,
    line: float,
    transform: str = "box-cox",
    weights: ArrayLike | None = None,
    simulations: int = 50,
    replicates: int = 0,
    seed: int = 0,
    n_jobs: int = 1,
    dask: str | None = None,
) -> EBP:
    """Indicators of every area of the population.

    Args:
        incomes: of the sampled persons, shape (n,).
        covariates: of the sampled persons, numeric, without intercept, shape (n, p).
        areas: area of each sampled person, shape (n,).
        population_covariates: the same of everyone in the population, shape (N, p).
        population_areas: area of everyone, shape (N,).
        line: poverty line in the incomes' currency; given, so without variance.
        transform: ``none``, ``log`` or ``box-cox``.
        weights: survey weights of the sampled persons, shape (n,): pseudo-EBP.
        simulations: populations to average over (L).
        replicates: of the parametric bootstrap of the MSE (B; González-Manteiga et al. 2008); 0 = no MSE.
        seed: of everything random; each replicate has a stream of its own.
        n_jobs: threads; -1 = all cores. Changes no digit.
        dask: scheduler's address of a cluster that runs the bootstrap instead; changes no digit either.

    Raises:
        DataError: shapes that do not fit, missing values, incomes that the log scale cannot take.
        EstimationError: collinear covariates, no spread of incomes, fewer than two sampled areas.
        OptionError: unknown transform, no simulations, a negative or single replicate, a line not above
            zero.
    """
    choice("transform", transform, tuple(nested.KINDS))
    _refuse_options(line, simulations, replicates)
    y, sample, place, x, starts, labels = _prepared(
        incomes, covariates, areas, population_covariates, population_areas, weights, transform
    )
    problem = _Problem(sample, place, x, starts, float(line), simulations, seed)
    model = nested.fit(sample, y)
    estimates = _predicted(problem, model, _stream(seed, "predict"))
    mse = np.full_like(estimates, np.nan)
    if replicates:
        mse = _bootstrap(problem, model, replicates, n_jobs, dask)
    lacking = np.flatnonzero(place < 0)
    absent = np.full((len(lacking), len(INDICATORS)), np.nan)
    n = np.zeros(len(starts) - 1, dtype=np.intp)
    n[place[place >= 0]] = sample.n[place >= 0].astype(np.intp)
    return EBP(
        areas=labels,
        estimates=np.vstack([estimates, absent]),
        mse=np.vstack([mse, absent]),
        n=np.concatenate([n, sample.n[lacking].astype(np.intp)]),
        population=np.concatenate([np.diff(starts), np.zeros(len(lacking), dtype=np.intp)]),
        model=model,
        transform=transform,
        weighted=weights is not None,
        line=float(line),
        simulations=simulations,
        replicates=replicates,
        seed=seed,
    )


def _column(indicator: str) -> int:
    choice("indicator", indicator, INDICATORS)
    return INDICATORS.index(indicator)


def _refuse_options(line: float, simulations: int, replicates: int) -> None:
    if not (np.isfinite(line) and line > 0):
        message = f"The poverty line is an amount above zero; not {line}."
        raise OptionError(message)
    if simulations < 1 or replicates < 0 or replicates == 1:
        message = (
            f"At least 1 simulation and 0 or 2 and more replicates; not {simulations} and {replicates}."
        )
        raise OptionError(message)


def _prepared(  # noqa: PLR0917
    incomes: ArrayLike,
    covariates: ArrayLike,
    areas: ArrayLike,
    population_covariates: ArrayLike,
    population_areas: ArrayLike,
    weights: ArrayLike | None,
    transform: str,
) -> tuple[FloatArray, Sample, IntArray, FloatArray, IntArray, tuple[str, ...]]:
    y = floats("incomes", incomes)
    x = floats("covariates", covariates, dimensions=2)
    wide = floats("population_covariates", population_covariates, dimensions=2)
    sampled, codes = grouped("area", areas)
    labels, population = grouped("population area", population_areas)
    same_length(incomes=y, covariates=x, areas=codes)
    same_length(population_covariates=wide, population_areas=population)
    if x.shape[1] != wide.shape[1]:
        message = f"The sample has {x.shape[1]} covariates, the population {wide.shape[1]}."
        raise DataError(message)
    if not len(population):
        message = "The population is empty: nobody to simulate."
        raise DataError(message)
    if transform == "log" and (y <= 0).any():
        message = (
            f"The log scale needs incomes above zero; {int((y <= 0).sum())} are not. Box–Cox shifts them."
        )
        raise DataError(message)
    x = np.column_stack([np.ones(len(y)), x])
    _refuse_unfit(y, x, len(sampled))
    given = None if weights is None else check_weights(weights)
    if given is not None:
        same_length(incomes=y, weights=given)
        given = given / given.mean()
    rows = arrangement([codes, *x.T, y, *([] if given is None else [given])])
    if rows is not None:  # draws belong to places: a place's person must not hang on the file's order
        y, x, codes = y[rows], x[rows], codes[rows]
        given = None if given is None else given[rows]
    order = arrangement([population, *wide.T])
    order = np.arange(len(population)) if order is None else order
    wide = np.column_stack([np.ones(len(wide)), wide[order]])
    starts = np.searchsorted(population[order], np.arange(len(labels) + 1)).astype(np.intp)
    place = _places(sampled, labels)
    names = [str(label) for label in labels] + [str(label) for label in sampled[place < 0]]
    return y, nested.sample_of(x, codes, len(sampled), given, transform), place, wide, starts, tuple(names)


def _refuse_unfit(y: FloatArray, x: FloatArray, areas: int) -> None:
    if areas < 2:
        message = "The model needs sampled persons in at least two areas."
        raise EstimationError(message)
    if len(y) < x.shape[1] + areas:
        message = f"{len(y)} sampled persons cannot carry {x.shape[1]} coefficients and {areas} areas."
        raise EstimationError(message)
    size = np.linalg.norm(x, axis=0)
    if (size == 0).any() or np.linalg.matrix_rank(x / np.where(size > 0, size, 1), tol=1e-9) < x.shape[1]:
        message = "The covariates repeat each other (or the intercept) in the sample: leave some out."
        raise EstimationError(message)
    rest = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    if np.linalg.norm(rest) <= 1e-9 * np.linalg.norm(y) or np.ptp(y) == 0:
        message = "All incomes are equal, or the covariates tell them exactly: there is nothing to model."
        raise EstimationError(message)


def _places(sampled: NDArray[Any], labels: NDArray[Any]) -> IntArray:
    known = {label: number for number, label in enumerate(labels.tolist())}
    return np.array([known.get(label, -1) for label in sampled.tolist()], dtype=np.intp)


def _stream(seed: int, *path: int | str) -> np.random.Generator:
    # SFC64 draws normals faster than the Philox of ss.stream; the path keeps streams apart in the same way
    return np.random.Generator(np.random.SFC64(sequence(seed, "ebp", *path)))


def _predicted(problem: _Problem, model: NestedFit, draw: np.random.Generator) -> FloatArray:
    """Mean of the indicators over populations drawn given the sample, shape (m, 10)."""
    count = len(problem.starts) - 1
    known = problem.place >= 0
    effect, shrinkage = np.zeros(count), np.zeros(count)
    effect[problem.place[known]] = model.effects[known]
    shrinkage[problem.place[known]] = model.shrinkage[known]
    spread = np.sqrt(model.between * (1 - shrinkage))
    mean = problem.x @ model.beta
    noise, scratch = np.empty(len(mean)), np.empty(len(mean))
    out = np.zeros((count, len(INDICATORS)))
    for _ in range(problem.simulations):
        effects = effect + spread * draw.standard_normal(count)
        draw.standard_normal(out=noise)
        _simulate(problem, model, mean, effects, noise, scratch, out)
    return out / problem.simulations


def _simulate(  # noqa: PLR0917
    problem: _Problem,
    model: NestedFit,
    mean: FloatArray,
    effects: FloatArray,
    noise: FloatArray,
    scratch: FloatArray,
    out: FloatArray,
) -> None:
    kernels.simulate(
        mean, problem.starts, effects, noise, np.sqrt(model.within), nested.KINDS[problem.sample.transform],
        model.power, model.shift, problem.line, scratch, out,
    )  # fmt: skip


def _bootstrap(
    problem: _Problem, model: NestedFit, replicates: int, n_jobs: int, dask: str | None
) -> FloatArray:
    errors = run_chunks(_replicates, replicates, (problem, model), n_jobs=n_jobs, dask=dask)
    total: FloatArray = np.zeros_like(errors[0])
    for error in errors:  # in the order of the replicates: the same sum however they were spread
        total += error
    return total / replicates


def _replicates(begin: int, end: int, shared: tuple[_Problem, NestedFit]) -> FloatArray:
    """Squared errors of replicates begin … end-1, shape (end - begin, m, 10)."""
    return np.stack([_replicate(*shared, number) for number in range(begin, end)])


def _replicate(problem: _Problem, model: NestedFit, number: int) -> FloatArray:
    """A population from the model, a sample of it, and the squared error of what it predicts."""
    draw = _stream(problem.seed, "bootstrap", number)
    count = len(problem.starts) - 1
    mean = problem.x @ model.beta
    effects = np.sqrt(model.between) * draw.standard_normal(count)
    truth = np.zeros((count, len(INDICATORS)))
    _simulate(problem, model, mean, effects, draw.standard_normal(len(mean)), np.empty(len(mean)), truth)
    own = np.sqrt(model.between) * draw.standard_normal(len(problem.place))
    own = np.where(problem.place >= 0, effects[problem.place], own)
    sample = problem.sample
    y = (
        sample.x @ model.beta
        + own[sample.area]
        + np.sqrt(model.within) * draw.standard_normal(len(sample.area))
    )
    again = nested.fit(sample, _incomes(y, model, sample.transform))
    error: FloatArray = (_predicted(problem, again, draw) - truth) ** 2
    return error


def _incomes(y: FloatArray, model: NestedFit, transform: str) -> FloatArray:
    kind = nested.KINDS[transform]
    if kind == kernels.NONE:
        return y
    if kind == kernels.LOG:
        return np.exp(y)
    inner = np.maximum(model.power * y + 1, 1e-12) if abs(model.power) >= 1e-9 else y
    incomes: FloatArray = np.exp(np.log(inner) / model.power) if abs(model.power) >= 1e-9 else np.exp(y)
    return incomes - model.shift
