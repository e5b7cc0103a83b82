"""How the sample was drawn: weights, strata, PSUs, stages, finite populations, replicate weights."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialstats.arrays import BoolArray, FloatArray, IntArray, check_weights, codes, whole_numbers
from socialstats.errors import DesignError, OptionError, SinglePSUError

SinglePSU = Literal["refuse", "certainty", "centre"]
ReplicateKind = Literal["bootstrap", "jkn", "brr", "given"]


@dataclass(frozen=True)
class Replicates:
    """Replicate weights from outside.

    Attributes:
        weights: shape (n, R), complete weights (not factors).
        scale: multiplies the sum of squared deviations: 1/R for a bootstrap and BRR, 1 for JKn.
        factors: one more factor for each replicate, shape (R,): (n_h - 1)/n_h for JKn.
    """

    weights: FloatArray
    scale: float
    factors: FloatArray

    @classmethod
    def of(cls, weights: ArrayLike, kind: ReplicateKind, factors: ArrayLike | None = None) -> Self:
        """Replicate weights of a known kind.

        Raises:
            DesignError: the weights are no finite matrix, or the factors do not fit.
        """
        matrix = np.asarray(weights, dtype=np.float64)
        if matrix.ndim != 2 or matrix.shape[1] < 2 or not np.isfinite(matrix).all():
            message = "Replicate weights must be a table of finite numbers with at least 2 columns."
            raise DesignError(message)
        count = matrix.shape[1]
        given = np.ones(count) if factors is None else np.asarray(factors, dtype=np.float64)
        if given.shape != (count,):
            message = f"There are {count} replicate weights but {given.size} factors."
            raise DesignError(message)
        scale = 1 / count if kind in ("bootstrap", "brr") else 1.0
        return cls(matrix, scale, given)


@dataclass(frozen=True)
class SurveyDesign:
    """A stratified sample of PSUs, drawn with replacement or with a finite population correction.

    PSUs are numbered by stratum, then by label: rows in any order give the same design.

    Attributes:
        weights: shape (n,), positive and finite.
        psu: PSU of each person, 0 … m-1, shape (n,).
        stratum: stratum of each PSU, 0 … H-1, ascending, shape (m,).
        names: labels of strata, shape (H,), and of PSUs, shape (q,).
        psu_name: position of each PSU's label among these, shape (m,).
        fraction: sampling fraction of each stratum's PSUs, shape (H,); 0 = with replacement.
        second: units of the second stage, 0 … k-1, shape (n,), or None.
        second_fraction: sampling fraction of the second stage within each PSU, shape (m,), or None.
        single_psu: what to do with a stratum of one PSU.
        replicates: replicate weights from outside, or None.
        named: whether PSUs came with labels; without them every person is one, known by nothing.
    """

    weights: FloatArray
    psu: IntArray
    stratum: IntArray
    names: tuple[NDArray[Any], NDArray[Any]]
    psu_name: IntArray
    fraction: FloatArray
    second: IntArray | None = None
    second_fraction: FloatArray | None = None
    single_psu: SinglePSU = "refuse"
    replicates: Replicates | None = None
    named: bool = True

    @classmethod
    def of(
        cls,
        weights: ArrayLike,
        *,
        strata: ArrayLike | None = None,
        psu: ArrayLike | None = None,
        fpc: ArrayLike | None = None,
        second: ArrayLike | None = None,
        second_fpc: ArrayLike | None = None,
        single_psu: SinglePSU = "refuse",
        replicates: Replicates | None = None,
    ) -> Self:
        """A design from columns, one entry a person.

        Args:
            weights: shape (n,).
            strata: labels; one stratum without them.
            psu: labels, read within their stratum; every person alone without them.
            fpc: number of PSUs in the population of the person's stratum, or the sampling fraction (at
                most 1).
            second: labels of second-stage units (households in areas), read within their PSU.
            second_fpc: number of second-stage units in the PSU's population, or the sampling fraction.
            single_psu: ``refuse``, ``certainty`` (adds no variance) or ``centre`` (around the mean of all
                PSUs).
            replicates: replicate weights; then strata and PSUs give degrees of freedom alone.

        Raises:
            WeightError: a weight is missing, zero, negative or infinite.
            DesignError: lengths differ, a correction changes within its stratum or PSU, or is smaller
                than the sample.
            SinglePSUError: a stratum has one PSU and ``single_psu`` is ``refuse``.
        """
        w = check_weights(weights)
        n = w.size
        stratum_labels = _labels(strata, n, "strata")
        psu_labels = np.arange(n) if psu is None else _labels(psu, n, "PSUs")
        person_stratum, stratum_names = codes(stratum_labels)
        person_psu, psu_names = codes(psu_labels)
        pair, pairs = codes(person_stratum * np.int64(psu_names.size) + person_psu)
        width = whole_numbers(n)
        of_psu, psu_name = (part.astype(width) for part in np.divmod(pairs, psu_names.size))
        counts = np.bincount(of_psu)
        fraction = _fractions(fpc, person_stratum, counts, "stratum")
        second_codes, second_fraction = _second_stage(second, second_fpc, pair, pairs.size)
        names = (stratum_names, psu_names)
        design = cls(
            w,
            pair,
            of_psu,
            names,
            psu_name,
            fraction,
            second_codes,
            second_fraction,
            single_psu,
            replicates,
            psu is not None,
        )
        alone = np.flatnonzero((counts == 1) & (fraction < 1))
        if alone.size and single_psu == "refuse" and replicates is None:
            lonely = ", ".join(str(name) for name in stratum_names[alone[:5]])
            message = (
                f"{alone.size} of {counts.size} strata hold a single PSU ({lonely}): their "
                "variance cannot be estimated. "
                "Join them with a neighbouring stratum, or say single_psu='certainty' or 'centre'."
            )
            raise SinglePSUError(message, fault="single_psu", count=int(alone.size), size=int(counts.size))
        if replicates is not None and replicates.weights.shape[0] != n:
            message = f"There are {n} persons but {replicates.weights.shape[0]} rows of replicate weights."
            raise DesignError(message)
        return design

    def arranged(self, rows: IntArray) -> "SurveyDesign":
        """The same design with its persons in another order, nameless PSUs numbered by it; shape (n,)."""
        moved = replace(
            self,
            weights=self.weights[rows],
            psu=self.psu[rows],
            second=None if self.second is None else self.second[rows],
            replicates=None
            if self.replicates is None
            else replace(self.replicates, weights=self.replicates.weights[rows]),
        )
        if self.named:
            return moved
        return replace(
            moved,
            psu=np.arange(self.size),
            psu_name=self.psu_name[moved.psu],
            second_fraction=None if self.second_fraction is None else self.second_fraction[moved.psu],
        )

    @cached_property
    def psu_labels(self) -> NDArray[np.str_]:
        """Each PSU as ``stratum / psu``, shape (m,): what two editions of a survey are matched by."""
        strata, psus = self.names
        separator = np.full(self.psu_count, " / ")
        left = np.char.add(strata.astype(str)[self.stratum], separator)
        return np.char.add(left, psus.astype(str)[self.psu_name])

    @property
    def size(self) -> int:
        """Persons in the sample."""
        return self.weights.size

    @property
    def psu_count(self) -> int:
        """PSUs in the sample."""
        return self.stratum.size

    @cached_property
    def psu_counts(self) -> IntArray:
        """PSUs in each stratum, shape (H,)."""
        return np.bincount(self.stratum, minlength=self.fraction.size)

    @cached_property
    def starts(self) -> IntArray:
        """Number of each stratum's first PSU, shape (H,)."""
        return np.concatenate([[0], np.cumsum(self.psu_counts)[:-1]]).astype(np.int64)

    @property
    def degrees_of_freedom(self) -> int:
        """PSUs less strata, at least 1."""
        return max(self.psu_count - int(np.count_nonzero(self.psu_counts)), 1)

    def domain_degrees(self, members: IntArray | BoolArray) -> int:
        """PSUs less strata, counting those alone that hold a member of the domain (positions or a mask).

        At least 1, but 0 where one PSU holds them all: nothing then tells how such a figure varies, and
        the variance of a mean or share would come out as nought.
        """
        held = np.zeros(self.psu_count, dtype=np.bool_)
        held[self.psu[members]] = True
        strata = np.zeros(self.fraction.size, dtype=np.bool_)
        strata[self.stratum[held]] = True
        units = int(held.sum())
        return max(units - int(strata.sum()), 1) if units > 1 else 0


def _labels(values: ArrayLike | None, n: int, what: str) -> NDArray[Any]:
    labels = np.zeros(n, dtype=np.int64) if values is None else np.asarray(values)
    if labels.shape != (n,):
        message = f"There are {n} weights but {labels.shape[0] if labels.ndim else 0} entries of {what}."
        raise DesignError(message)
    return labels


def _fractions(given: ArrayLike | None, group: IntArray, counts: IntArray, what: str) -> FloatArray:
    """Sampling fraction of each group from its population or its fraction."""
    if given is None:
        return np.zeros(counts.size)
    values = np.asarray(given, dtype=np.float64)
    if values.shape != group.shape or not np.isfinite(values).all() or (values <= 0).any():
        message = f"A finite population correction must be a positive number for every person of a {what}."
        raise DesignError(message, fault="correction")
    of_group = np.zeros(counts.size)
    of_group[group] = values
    if not np.array_equal(of_group[group], values):
        message = (
            f"The finite population correction changes within a {what}; it must be one number for each."
        )
        raise DesignError(message, fault="correction")
    fraction = np.where(of_group <= 1, of_group, counts / of_group)
    if (fraction > 1).any():
        message = (
            f"A {what}'s population is smaller than its sample: look at the finite population correction."
        )
        raise DesignError(message, fault="correction")
    return fraction


def _second_stage(
    second: ArrayLike | None, fpc: ArrayLike | None, psu: IntArray, count: int
) -> tuple[IntArray | None, FloatArray | None]:
    if second is None:
        if fpc is not None:
            message = "A correction for the second stage needs the second stage's units."
            raise OptionError(message)
        return None, None
    labels, names = codes(_labels(second, psu.size, "second-stage units"))
    pair, pairs = codes(psu * np.int64(names.size) + labels)
    sizes = np.bincount(pairs // names.size, minlength=count)
    return pair, _fractions(fpc, psu, sizes, "PSU")
