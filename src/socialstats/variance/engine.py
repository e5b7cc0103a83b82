"""Values and influences for every domain of a survey in one pass over the sorted incomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from socialstats.arrays import BoolArray, FloatArray, IntArray, inner, sums
from socialstats.distribution import DensityRule, Distribution, independent_incomes
from socialstats.errors import EmptyDomainError, NotComputableError, OptionError
from socialstats.frame import Flag, Survey
from socialstats.indicators import INCOME, Options, Task
from socialstats.indicators.base import Answer
from socialstats.lines import Line
from socialstats.variance.linearised import psu_totals, second_stage, variance

BEFORE_TRANSFERS = "arop_before_transfers"


@dataclass(frozen=True, eq=False)
class Domain:
    """A part of the sample: a label of a breakdown, or everyone.

    Attributes:
        survey: the sample.
        column: the breakdown; empty for everyone.
        number: which of its labels.
    """

    survey: Survey
    column: str = ""
    number: int = 0

    @cached_property
    def key(self) -> dict[str, str]:
        """Breakdown → label; empty for everyone."""
        return {self.column: self.survey.domains(self.column)[1][self.number]} if self.column else {}

    @property
    def members(self) -> IntArray:
        """Its persons by ascending income, unknown incomes last, shape (k,)."""
        return self.survey.members(self.column)[self.number] if self.column else self.survey.order

    @cached_property
    def size(self) -> int:
        """Its persons."""
        return int(self.survey.sizes(self.column)[self.number]) if self.column else self.survey.size

    @cached_property
    def degrees(self) -> int:
        """PSUs less strata of those that hold one of its persons, at least 1."""
        design = self.survey.design
        if not self.column:
            return design.degrees_of_freedom
        return design.domain_degrees(self.survey.domains(self.column)[0] == self.number)


@dataclass(frozen=True)
class Linear:
    """An estimate with what its variance is made of.

    Attributes:
        value: in the indicator's unit.
        totals: weighted influence by PSU, shape (m,).
        variance: of the value.
        simple: variance under simple random sampling with replacement, same treatment of the line.
        n: observations that decide publication.
        members: persons of the domain.
        degrees: of freedom.
        missing: share of the domain's observations without an answer.
        independent: effective number of independent observations of the domain.
        is_share: interval on the logit scale.
        notes: what the reader must know.
        person_values: weighted influence of each person where a second stage is declared, else empty.
    """

    value: float
    totals: FloatArray
    variance: float
    simple: float
    n: int
    members: int
    degrees: int
    missing: float
    independent: float
    is_share: bool
    notes: tuple[str, ...] = ()
    person_values: FloatArray = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class _Median:
    """A median, its influence by person and by PSU, and the sums that simple sampling needs."""

    value: float
    influence: FloatArray
    totals: FloatArray
    first: float
    second: float


@dataclass(frozen=True)
class _Moving:
    """A poverty line: its amount, and the median that it moves with (None for a given amount)."""

    amount: float
    factor: float = 0.0
    median: _Median | None = None


@dataclass(frozen=True)
class Engine:
    """A survey made ready to estimate from.

    Attributes:
        survey: the sample.
        options: what is computed.
        density: bandwidth rule.
        weights: used instead of the design's, for replicates; shape (n,).
        residuals: what known totals leave of a variable, where weights were calibrated to them; takes and
            gives the order of the file, shape (n,).
    """

    survey: Survey
    options: Options = field(default_factory=Options)
    density: DensityRule = "default"
    weights: FloatArray | None = None
    residuals: Callable[[FloatArray], FloatArray] | None = None
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def w(self) -> FloatArray:
        """Weights in use, shape (n,)."""
        return self.survey.design.weights if self.weights is None else self.weights

    @cached_property
    def everyone(self) -> Domain:
        """The whole sample as a domain."""
        return Domain(self.survey)

    def reweighted(self, weights: FloatArray) -> "Engine":
        """The same sample under other weights."""
        return replace(self, weights=weights, cache={})

    def bare(self) -> "Engine":
        """The same without anything kept: what is sent to a worker elsewhere."""
        return replace(self, survey=replace(self.survey, cache={}), cache={})

    def domains(self, by: Sequence[str]) -> tuple[list[Domain], list[str]]:
        """The total, then every domain of every breakdown; and notes on persons in none."""
        found, notes = [self.everyone], []
        for column in by:
            names = self.survey.domains(column)[1]
            lost = self.survey.size - int(self.survey.sizes(column).sum())
            if lost:
                notes.append(f"{lost} persons lack {column}: in no domain of it")
            found += [Domain(self.survey, column, at) for at in range(len(names))]
        return found, notes

    # --- incomes ---------------------------------------------------------------------------------

    def _income(self, which: str = "income") -> FloatArray:
        income = self.survey.income if which == "income" else self.survey.incomes.get(which)
        if income is None:
            needed = "an income" if which == "income" else f"the income {which}"
            message = f"This indicator needs {needed}: name its column."
            raise NotComputableError(message)
        return income

    def distribution(self, members: IntArray, which: str = "income") -> Distribution:
        """Incomes of a domain's persons who have one, in order.

        Raises:
            NotComputableError: the survey has no such income.
            EmptyDomainError: nobody has one.
        """
        income = self._income(which)
        x = income[members]
        if which != "income":
            members = members[np.argsort(x, kind="stable")]
            x = income[members]
        known = x.size - int(np.count_nonzero(np.isnan(x)))
        if not known:
            message = "Nobody in this domain has a known income."
            raise EmptyDomainError(message)
        x, members = x[:known], members[:known]
        homes = None if self.survey.household is None else self.survey.household[members]
        w = self.w[members]
        return Distribution(x, w, members, _independent(self, w, homes), self.density)

    @cached_property
    def _national(self) -> Distribution:
        return self.distribution(self.survey.order)

    @cached_property
    def _sample_median(self) -> _Median:
        """Made once, used by every line and domain."""
        return self._median(self._national)

    def _median(self, d: Distribution) -> _Median:
        value = d.quantile(0.5)
        influence = np.zeros(self.survey.size)
        influence[d.members] = d.quantile_influence(value, 0.5)
        weighted = self.w * influence
        totals = sums(self.survey.design.psu, weighted, self.survey.design.psu_count)
        return _Median(value, influence, totals, float(weighted.sum()), inner(weighted, influence))

    def _line(self, line: Line, members: IntArray) -> _Moving:
        if line.of == "given":
            return _Moving(line.amount)
        median = self._sample_median if line.of == "sample" else self._median(self.distribution(members))
        return _Moving(line.percent / 100 * median.value, line.percent / 100, median)

    # --- estimates -------------------------------------------------------------------------------

    def answer(self, task: Task, domain: Domain) -> tuple[Answer, IntArray, _Moving | None, float]:
        """An indicator's answer in a domain, whose influence it holds, its line and its missing share.

        Raises:
            OptionError: there is no such indicator.
            EstimationError: the estimate does not exist.
        """
        members = domain.members
        if task.base == "arpt":
            spread = self._line(task.line, members)
            return (
                Answer(spread.amount, slope=1.0, n=members.size),
                members[:0],
                spread,
                self._unknown(members),
            )
        if task.base == BEFORE_TRANSFERS:
            spread = self._line(task.line, members)
            d = self.distribution(members, "before_transfers")
            return (
                INCOME["arop"].kernel(d, spread.amount, self.options),
                d.members,
                spread,
                1 - d.x.size / members.size,
            )
        if task.base in INCOME:
            indicator = INCOME[task.base]
            d = self._national if members is self.survey.order else self.distribution(members)
            line = self._line(task.line, members) if indicator.needs_line else None
            amount = line.amount if line else float("nan")
            return indicator.kernel(d, amount, self.options), d.members, line, 1 - d.x.size / members.size
        return self._share(self.flag(task), task, members)

    def flag(self, task: Task) -> Flag:
        """The condition that a task is about.

        Raises:
            OptionError: no indicator and no condition has this name.
        """
        flag = self.survey.flags.get(task.base)
        if flag is None:
            have = ", ".join(sorted({*INCOME, "arpt", BEFORE_TRANSFERS, *self.survey.flags}))
            message = (
                f"There is no indicator {task.name} here. There are: {have}. Others need more columns "
                "(a map)."
            )
            raise OptionError(message)
        return flag

    def _unknown(self, members: IntArray) -> float:
        return float(np.isnan(self._income()[members]).mean()) if members.size else 0.0

    def counts(self, flag: Flag, rows: IntArray | slice) -> BoolArray:
        """Whether a condition is about these rows and their answer is known, same shape as the rows."""
        there: BoolArray = flag.population[rows] & flag.known[rows]
        return there & ~np.isnan(self._income()[rows]) if flag.uses_line else there

    def counted(self, flag: Flag, members: IntArray) -> tuple[IntArray, float]:
        """Who a share is about and whose answer is known, and the share of unknown answers."""
        chosen = members[self.counts(flag, members)]
        about = int(np.count_nonzero(flag.population[members]))
        return chosen, 1 - chosen.size / about if about else 0.0

    def _share(
        self, flag: Flag, task: Task, members: IntArray
    ) -> tuple[Answer, IntArray, _Moving | None, float]:
        counted, missing = self.counted(flag, members)
        w = self.w[counted]
        population = float(w.sum())
        if population <= 0:
            message = "Nobody in this domain is of the indicator's population with a known answer."
            raise EmptyDomainError(message)
        yes, gained, spread, slope = (
            flag.otherwise[counted],
            flag.if_poor[counted] - flag.otherwise[counted],
            None,
            0.0,
        )
        if flag.uses_line:
            spread = self._line(task.line, members)
            d = self.distribution(counted)
            yes = yes + gained * (d.x < spread.amount)
            slope = d.density(spread.amount, gained) if spread.median else 0.0
        share = inner(w, yes) / population
        return Answer(100 * share, 100 * (yes - share) / population, 100 * slope), counted, spread, missing

    def value(self, task: Task, domain: Domain) -> float:
        """The value alone."""
        return self.answer(task, domain)[0].value

    def linear(self, task: Task, domain: Domain) -> Linear:
        """An indicator in a domain with its linearised variance.

        Raises:
            OptionError: there is no such indicator.
            EstimationError: the estimate does not exist.
        """
        if not domain.size:
            message = "Nobody is in this domain."
            raise EmptyDomainError(message)
        answer, members, line, missing = self.answer(task, domain)
        design = self.survey.design
        own = self.w[members] * answer.influence
        values = np.empty(0)
        if design.second is not None or self.residuals is not None:
            values = self._person_values(own, members, answer, line)
        if self.residuals is not None:
            values = self.w * self.survey.as_it_came(values / self.w, self.residuals)
            totals = sums(design.psu, values, design.psu_count)
        else:
            totals = psu_totals(design, members, own)
            if line is not None and line.median is not None:
                totals = totals + answer.slope * line.factor * line.median.totals
        total = variance(design, totals)
        if design.second is not None:
            total += second_stage(design, values)
        is_share = task.base in self.survey.flags or task.base == BEFORE_TRANSFERS
        if task.base in INCOME:
            is_share = INCOME[task.base].is_share
        homes = None if self.survey.household is None else self.survey.household[members]
        return Linear(
            answer.value,
            totals,
            total,
            self._simple(answer, members, line),
            members.size if answer.n is None else answer.n,
            members.size or domain.size,
            domain.degrees,
            missing,
            independent_incomes(self.w[members], homes)
            if is_share and answer.value in (0.0, 100.0)
            else 0.0,
            is_share,
            answer.notes,
            values,
        )

    def _person_values(
        self, own: FloatArray, members: IntArray, answer: Answer, line: _Moving | None
    ) -> FloatArray:
        values = np.zeros(self.survey.size)
        values[members] = own
        if line is not None and line.median is not None:
            values += self.w * line.median.influence * (answer.slope * line.factor)
        return values

    def _simple(self, answer: Answer, members: IntArray, line: _Moving | None) -> float:
        """N²/(n - 1)·(Σwz²/N - (Σwz/N)²): the variance that n persons drawn with replacement would have."""
        w, n = self.w, self.survey.size
        if n < 2:
            return 0.0
        own = w[members] * answer.influence
        everyone = float(w.sum())
        first, second = float(own.sum()), inner(own, answer.influence)
        if line is not None and line.median is not None:
            median, part = line.median, answer.slope * line.factor
            first += part * median.first
            second += part * (2 * inner(own, median.influence[members]) + part * median.second)
        return everyone**2 / (n - 1) * max(second / everyone - (first / everyone) ** 2, 0.0)


def _independent(engine: Engine, w: FloatArray, homes: IntArray | None) -> float:
    return independent_incomes(w, homes) if engine.density == "default" else 0.0
