"""Differences: between domains of one survey, and between editions whose samples overlap."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from socialstats.arrays import FloatArray, sums
from socialstats.design import SurveyDesign
from socialstats.distribution import DensityRule
from socialstats.errors import OptionError
from socialstats.estimation import LONE, as_line, label_of, method_of, version
from socialstats.frame import Survey
from socialstats.indicators import Options, Task, check_options, parse
from socialstats.intervals import symmetric
from socialstats.lines import Line
from socialstats.publication import PublicationRule
from socialstats.results import Estimate, Estimates
from socialstats.variance.engine import Domain, Engine, Linear
from socialstats.variance.linearised import covariance, second_stage


@dataclass(frozen=True)
class _Pair:
    """Two estimates, the covariance between them and what to call their difference."""

    task: Task
    first: Linear
    second: Linear
    covariance: float
    domain: Mapping[str, str]
    how: str
    note: str = ""


def difference(
    survey: Survey,
    indicator: str,
    first: Mapping[str, str],
    second: Mapping[str, str],
    *,
    line: Line | float = 60.0,
    density: DensityRule = "default",
    level: float = 0.95,
    rule: PublicationRule | None = None,
    **options: Any,
) -> Estimate:
    """One domain's estimate less another's, with the covariance that shared PSUs and the shared line bring.

    Args:
        survey: the sample.
        indicator: key.
        first: breakdown → label; empty for the total.
        second: the one that is taken away.
        line: a percentage of the sample's median, or a ``Line``.
        density: bandwidth rule.
        level: of the interval.
        rule: when results are published.
        **options: ``tails``, ``gini``, ``epsilon``.

    Raises:
        OptionError: no such indicator, breakdown or label.
        EstimationError: one of the two does not exist.
    """
    task = parse(indicator, as_line(line))
    survey = survey.canonical(
        ["*".join(key) for key in (first, second) if key], [task.base] if task.base in survey.flags else []
    )
    engine = Engine(survey, check_options(Options(**options)), density)
    here, there = _find(engine, first), _find(engine, second)
    one, other = engine.linear(task, here), engine.linear(task, there)
    shared = covariance(survey.design, one.totals, other.totals)
    # what both stages share of the covariance: (V(a + b) - V(a) - V(b)) / 2
    if survey.design.second is not None:
        both = second_stage(survey.design, one.person_values + other.person_values)
        shared += (
            both
            - second_stage(survey.design, one.person_values)
            - second_stage(survey.design, other.person_values)
        ) / 2
    named = {key: f"{first.get(key, 'total')} - {second.get(key, 'total')}" for key in {**first, **second}}
    how = method_of(task, survey, density, engine.options, "linearised") + "; difference between domains"
    pair = _Pair(task, one, other, shared, named, how)
    return _row(survey, pair, level, rule or PublicationRule())


def change(
    before: Survey,
    after: Survey,
    indicators: str | list[str],
    *,
    by: str | list[str] | tuple[str, ...] = (),
    line: Line | float | tuple[Line | float, Line | float] = 60.0,
    density: DensityRule = "default",
    level: float = 0.95,
    rule: PublicationRule | None = None,
    variance: str = "linearised",
    resampling: Mapping[str, Any] | None = None,
    **options: Any,
) -> Estimates:
    """What an indicator changed by from one edition to the next, for the total and every domain in both.

    PSUs are matched by stratum and label. V(change) = V(before) + V(after) - 2·C with, in each stratum,
    n_c common PSUs of n_1 and n_2: C = n_c/(n_c - 1)·Σ_common (u_1 - ū_1)(u_2 - ū_2), means over the
    common PSUs (Tam 1984; Qualité & Tillé 2008). The same sample twice gives the variance of the
    difference, two samples apart give C = 0; a stratum with one common PSU adds nothing to C, which errs
    on the safe side.

    Args:
        before: earlier edition.
        after: later edition.
        indicators: keys.
        by: breakdowns; labels must agree between editions.
        line: for both editions, or one each.
        density: bandwidth rule.
        level: of the intervals.
        rule: when results are published.
        variance: ``linearised`` or ``bootstrap:R``: both editions are resampled together, common PSUs
            with common draws.
        resampling: of the bootstrap: ``seed``, ``n_jobs``, ``dask``, ``interval``.
        **options: ``tails``, ``gini``, ``epsilon``.

    Raises:
        OptionError: no such indicator, breakdown or variance.
        EstimationError: an edition's estimate does not exist.
    """
    chosen = check_options(Options(**options))
    lines = line if isinstance(line, tuple) else (line, line)
    columns = [by] if isinstance(by, str) else list(by)
    names = [indicators] if isinstance(indicators, str) else indicators
    bases = [parse(name, as_line(lines[0])).base for name in names]
    engines = [
        Engine(
            edition.canonical(columns, [base for base in bases if base in edition.flags]), chosen, density
        )
        for edition in (before, after)
    ]
    found = [engine.domains(columns)[0] for engine in engines]
    earlier = {tuple(domain.key.items()): domain for domain in found[0]}
    pairs = [(earlier[key], domain) for domain in found[1] if (key := tuple(domain.key.items())) in earlier]
    designs = [engine.survey.design for engine in engines]
    matching = Matching.of(*designs)
    tasks = [[parse(name, as_line(each)) for each in lines] for name in names]
    if variance == "linearised" and resampling:
        message = f"The linearised variance takes no {', '.join(sorted(resampling))}."
        raise OptionError(message)
    drawn = None
    if variance != "linearised":
        from socialstats.variance.pairs import changes

        drawn = changes(engines, tasks, columns, matching, variance, **(resampling or {}))
    rows = []
    note = (
        f"{matching.common} PSUs in both editions, {designs[0].psu_count} before, "
        f"{designs[1].psu_count} after"
    )
    for t, (earlier_task, task) in enumerate(tasks):
        way = "linearised" if drawn is None else drawn.how
        how = method_of(task, after, density, chosen, way) + "; change between editions"
        for domain_before, domain_after in pairs:
            old = engines[0].linear(earlier_task, domain_before)
            new = engines[1].linear(task, domain_after)
            shared = matching.covariance(old.totals, new.totals)
            pair = _Pair(task, new, old, shared, domain_after.key, how, note)
            at = [
                domains.index(domain)
                for domains, domain in zip(found, (domain_before, domain_after), strict=True)
            ]
            spread = None if drawn is None else drawn.spread(t, *at)
            rows.append(_row(after, pair, level, rule or PublicationRule(), spread))
    return Estimates(tuple(rows))


@dataclass(frozen=True)
class Matching:
    """PSUs that two editions share.

    Attributes:
        before: their numbers in the earlier design, shape (c,).
        after: their numbers in the later one, shape (c,).
        stratum: stratum of each in the earlier design, shape (c,).
        fraction: the smaller sampling fraction of the two editions, by common PSU, shape (c,).
    """

    before: np.ndarray[Any, np.dtype[np.int64]]
    after: np.ndarray[Any, np.dtype[np.int64]]
    stratum: np.ndarray[Any, np.dtype[np.int64]]
    fraction: FloatArray

    @classmethod
    def of(cls, before: SurveyDesign, after: SurveyDesign) -> "Matching":
        """PSUs with the same stratum's and their own label in both designs; nameless ones match nothing."""
        if not (before.named and after.named):
            return cls(*(np.empty(0, dtype=np.int64),) * 3, np.empty(0))
        _, old, new = np.intersect1d(
            before.psu_labels, after.psu_labels, assume_unique=True, return_indices=True
        )
        stratum = before.stratum[old]
        fraction = np.minimum(before.fraction[stratum], after.fraction[after.stratum[new]])
        return cls(old.astype(np.int64), new.astype(np.int64), stratum, fraction)

    @property
    def common(self) -> int:
        """How many PSUs are in both."""
        return self.before.size

    def covariance(self, before: FloatArray, after: FloatArray) -> float:
        """Of two editions' totals, from their totals by PSU."""
        if not self.common:
            return 0.0
        u, v = before[self.before], after[self.after]
        size = int(self.stratum.max()) + 1
        counts = np.bincount(self.stratum, minlength=size)
        held = np.maximum(counts, 1)
        centred_u = u - (sums(self.stratum, u, size) / held)[self.stratum]
        centred_v = v - (sums(self.stratum, v, size) / held)[self.stratum]
        products = sums(self.stratum, (1 - self.fraction) * centred_u * centred_v, size)
        return float(
            np.add.reduce(np.where(counts > 1, counts / np.maximum(counts - 1, 1), 0.0) * products)
        )


def _find(engine: Engine, key: Mapping[str, str]) -> Domain:
    if not key:
        return engine.everyone
    column = "*".join(key)
    wanted = " × ".join(key.values())
    for domain in engine.domains([column])[0]:
        if domain.key.get(column) == wanted:
            return domain
    message = f"There is no {column} = {wanted}."
    raise OptionError(message)


@dataclass(frozen=True)
class Spread:
    """What resampling says of a difference.

    Attributes:
        variance: of its replicates.
        interval: of its replicates, where asked for instead of t.
        seed: of the draws.
        lost: replicates without a value.
    """

    variance: float
    interval: Callable[[float], tuple[float, float]] | None
    seed: int
    lost: int


def _row(
    survey: Survey, pair: _Pair, level: float, rule: PublicationRule, spread: Spread | None = None
) -> Estimate:
    one, other = pair.first, pair.second
    variance = one.variance + other.variance - 2 * pair.covariance
    # equal samples leave rounding, which has no square root
    variance = variance if variance > 1e-14 * (one.variance + other.variance) else 0.0
    notes = [pair.note]
    if spread is not None:
        variance = spread.variance
        if spread.lost:
            notes.append(f"{spread.lost} replicates have no value and are left out")
    value = one.value - other.value
    label, unit = label_of(survey, pair.task)
    degrees = min(one.degrees, other.degrees)
    if degrees == 0:
        notes.append(LONE)
    se = None if math.isnan(variance) or degrees == 0 else math.sqrt(variance)
    ends: tuple[float | None, float | None] = (None, None)
    if se is not None and spread is not None and spread.interval is not None:
        ends = spread.interval(level)
    elif se is not None:
        ends = symmetric(value, se, degrees, level)
    n = min(one.n, other.n)
    flag = rule.flag(n, max(one.missing, other.missing))
    return Estimate(
        indicator=pair.task.name,
        label=f"{label}: difference",
        unit=unit,
        domain=dict(pair.domain),
        value=value,
        se=se,
        ci_low=ends[0],
        ci_high=ends[1],
        n=n,
        n_effective=None,
        deff=None,
        flag=flag,
        method=pair.how,
        seed=None if spread is None else spread.seed,
        version=version(),
        note="; ".join(note for note in notes if note),
    )
