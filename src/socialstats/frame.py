"""The one door: a frame becomes a survey once its columns are checked."""

import difflib
import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from socialstats.arrays import BoolArray, FloatArray, IntArray, blocks, codes, tally
from socialstats.design import ReplicateKind, Replicates, SinglePSU, SurveyDesign
from socialstats.errors import CodeError, ColumnError, DataError, DesignError, Note, first_rows, numbered
from socialstats.ordering import arrangement, fingerprint
from socialstats.reading import read_table

Made = TypeVar("Made")

LARGE = 2_000_000
"""Persons above which nothing is kept that could be made again, and resampling gives no design effect."""


@dataclass(frozen=True)
class Flag:
    """A yes-or-no condition of persons, which may depend on being below the poverty line.

    Attributes:
        if_poor: 1 where a person counts when below the line, else 0, shape (n,).
        otherwise: the same when not below the line, shape (n,).
        population: who the share is about, shape (n,).
        known: whose condition is known, shape (n,).
        label: as printed.
    """

    if_poor: FloatArray
    otherwise: FloatArray
    population: BoolArray
    known: BoolArray
    label: str

    @property
    def uses_line(self) -> bool:
        """Whether the poverty line enters at all."""
        return not np.array_equal(self.if_poor, self.otherwise)

    def arranged(self, rows: IntArray) -> Self:
        """The same condition with its persons in another order, shape (n,)."""
        return replace(
            self,
            if_poor=self.if_poor[rows],
            otherwise=self.otherwise[rows],
            population=self.population[rows],
            known=self.known[rows],
        )

    @classmethod
    def of(cls, yes: FloatArray, population: BoolArray | None = None, label: str = "") -> Self:
        """A condition that has nothing to do with the line; nan = not known."""
        known = ~np.isnan(yes)
        value = np.where(known, yes, 0.0)
        everyone = np.ones(yes.size, dtype=np.bool_) if population is None else population
        return cls(value, value, everyone, known, label)


@dataclass(frozen=True)
class Survey:
    """A checked sample of persons.

    Attributes:
        frame: the columns as they came, one row a person.
        design: how it was drawn.
        income: equivalised disposable income of each person, euro a year, nan where missing, shape (n,);
            or None.
        household: household of each person as codes, shape (n,); or None.
        incomes: other incomes by name (``before_transfers``), shape (n,) each.
        flags: conditions by name.
        notes: what the door noticed and what rule it applied.
        rows: place of each person in the frame, shape (n,); None where they stand as they came.
    """

    frame: pl.DataFrame
    design: SurveyDesign
    income: FloatArray | None = None
    household: IntArray | None = None
    incomes: Mapping[str, FloatArray] = field(default_factory=dict)
    flags: Mapping[str, Flag] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    rows: IntArray | None = None
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        frame: pl.DataFrame,
        *,
        weight: str,
        income: str | None = None,
        strata: str | None = None,
        psu: str | None = None,
        household: str | None = None,
        person: str | None = None,
        age: str | None = None,
        fpc: str | None = None,
        second: str | None = None,
        second_fpc: str | None = None,
        income_before_transfers: str | None = None,
        replicate_weights: Sequence[str] = (),
        replicate_kind: ReplicateKind = "bootstrap",
        single_psu: SinglePSU = "refuse",
        missing_income: Literal["exclude", "refuse"] = "exclude",
    ) -> Self:
        """Check a frame's columns, named one by one, and take them in.

        Rules: persons without an income stay in the design and leave the indicators of income; an age of
            -1 (born after the reference date) becomes 0; PSUs are the households where no PSU is named.

        Args:
            frame: one row a person.
            weight: person weight, positive.
            income: equivalised disposable income, euro a year; may be zero or negative.
            strata: stratum of the first stage.
            psu: primary sampling unit, read within its stratum.
            household: household; its members share stratum and PSU.
            person: identifier that must be unique.
            age: whole years, -1 or more.
            fpc: number of PSUs in the stratum's population, or the sampling fraction.
            second: second-stage unit.
            second_fpc: number of second-stage units in the PSU's population, or the sampling fraction.
            income_before_transfers: the same income less social transfers.
            replicate_weights: complete replicate weights made elsewhere.
            replicate_kind: how they were made.
            single_psu: what to do with a stratum of one PSU.
            missing_income: ``exclude`` or ``refuse``.

        Raises:
            ColumnError: a column is missing, or holds text where numbers are needed.
            DataError: infinite or refused missing incomes, duplicated persons.
            CodeError: an age below -1.
            WeightError: a weight is missing, zero, negative or infinite.
            DesignError: the design's columns contradict each other.
        """
        if not frame.height:
            message = "The file holds no rows."
            raise DataError(message, fault="no_rows")
        notes: list[str] = []
        weights = numbers(frame, weight)
        incomes = None if income is None else _incomes(frame, income, missing_income, notes)
        homes = None if household is None else labels(frame, household)
        if person is not None:
            _refuse_duplicates(frame, person)
        if age is not None:
            frame = frame.with_columns(pl.Series(age, _ages(numbers(frame, age), age, notes)))
        units = psu or household
        replicates = None
        if replicate_weights:
            matrix = np.column_stack([numbers(frame, name) for name in replicate_weights])
            replicates = Replicates.of(matrix, replicate_kind)
        design = SurveyDesign.of(
            weights,
            strata=None if strata is None else labels(frame, strata),
            psu=None if units is None else labels(frame, units),
            fpc=None if fpc is None else numbers(frame, fpc),
            second=None if second is None else labels(frame, second),
            second_fpc=None if second_fpc is None else numbers(frame, second_fpc),
            single_psu=single_psu,
            replicates=replicates,
        )
        home_codes = None
        if homes is not None:
            if units == household and design.names[1].size == design.psu_count:
                home_codes = design.psu  # a household is a PSU and lies in one stratum
            else:
                home_codes = codes(homes)[0]
                _refuse_split_households(home_codes, design, str(household))
            if incomes is not None:
                _note_unequal_incomes(home_codes, incomes, notes)
        others = {}
        if income_before_transfers is not None:
            others["before_transfers"] = _incomes(frame, income_before_transfers, missing_income, notes)
        return cls(frame, design, incomes, home_codes, others, {}, tuple(notes))

    @property
    def size(self) -> int:
        """Persons in the sample."""
        return self.design.size

    @cached_property
    def order(self) -> IntArray:
        """Everyone by income, unknown incomes last, shape (n,)."""
        return np.arange(self.size) if self.income is None else np.argsort(self.income, kind="stable")

    def with_flags(self, **flags: Flag) -> Self:
        """The same survey with more conditions; each becomes an indicator of its name.

        Raises:
            DataError: a condition has not one entry for each person.
        """
        for name, flag in flags.items():
            if flag.if_poor.shape != (self.size,):
                message = f"The condition {name} has {flag.if_poor.size} entries for {self.size} persons."
                raise DataError(message)
        return replace(self, flags={**self.flags, **flags}, cache={})

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made of this survey before, or is made now and kept: but of millions, only made."""
        if self.size > LARGE:
            return make()
        if key not in self.cache:
            self.cache[key] = make()
        found: Made = self.cache[key]
        return found

    # --- breakdowns ------------------------------------------------------------------------------

    def domains(self, column: str) -> tuple[IntArray, list[str]]:
        """Codes and labels of a breakdown; ``a*b`` crosses two columns. Missing entries are code -1.

        Raises:
            ColumnError: there is no such column.
        """
        if ("domains", column) not in self.cache:
            code, names = self._find_domains(column)
            self.cache["domains", column] = (code if self.rows is None else code[self.rows]), names
        found: tuple[IntArray, list[str]] = self.cache["domains", column]
        return found

    def _find_domains(self, column: str) -> tuple[IntArray, list[str]]:
        parts = [part.strip() for part in column.split("*")]
        for part in parts:
            check_column(self.frame, part)
        values = self.frame[parts[0]]
        if len(parts) > 1:
            values = self.frame.select(
                pl.concat_str([pl.col(part).cast(pl.String) for part in parts], separator=" × ")
            ).to_series()
        kinds = values.drop_nulls().unique().sort()
        return _places(values, kinds), kinds.cast(pl.String).to_list()

    def sizes(self, column: str) -> IntArray:
        """Persons of each label, shape (labels,)."""
        if ("sizes", column) not in self.cache:
            code, names = self.domains(column)
            self.cache["sizes", column] = tally(code, len(names))
        found: IntArray = self.cache["sizes", column]
        return found

    def members(self, column: str) -> list[IntArray]:
        """Positions of each label's persons by ascending income, unknown incomes last."""

        def made() -> list[IntArray]:
            # narrow codes are sorted in linear time
            grouped = self.order[np.argsort(self.domains(column)[0][self.order], kind="stable")]
            sizes = self.sizes(column)
            ends = np.cumsum([self.size - sizes.sum(), *sizes])
            return [grouped[begin:end] for begin, end in itertools.pairwise(ends.tolist())]

        return self.kept(("members", column), made)

    # --- order -----------------------------------------------------------------------------------

    def canonical(self, by: Sequence[str] = (), flags: Sequence[str] = ()) -> "Survey":
        """The same survey with its rows in an order that the rows' contents give, not the file.

        Every sum of an estimation then runs over the same numbers in the same order: no bit of a result
        depends on how the file was sorted. Rows alike in all that is used are interchangeable.

        Args:
            by: breakdowns that will be asked for.
            flags: conditions that will be.
        """
        key = ("canonical", tuple(by), tuple(flags))
        if key not in self.cache:
            rows = arrangement(self._keys(by, flags))
            self.cache[key] = None if rows is None else self._arranged(rows)
        found: Survey | None = self.cache[key]
        return self if found is None else found

    def as_it_came(self, values: FloatArray, change: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """What a function of a column in the file's order makes of a column in this one, shape (n,)."""
        if self.rows is None:
            return change(values)
        came = np.empty_like(values)
        came[self.rows] = values
        return change(came)[self.rows]

    def _keys(self, by: Sequence[str], flags: Sequence[str]) -> list[NDArray[Any]]:
        design = self.design
        keys: list[NDArray[Any]] = [design.psu if design.named else design.stratum[design.psu]]
        if self.household is not None and self.household is not design.psu:
            keys.append(self.household)
        if design.second is not None:
            keys.append(design.second)
        if self.income is not None:
            keys.append(self.income)
        keys += [design.weights, *self.incomes.values()]
        for name in flags:
            flag = self.flags[name]
            keys += [flag.if_poor, flag.otherwise, flag.population, flag.known]
        if design.replicates is not None:
            keys.append(fingerprint(design.replicates.weights))
        return keys + [self.domains(column)[0] for column in by]

    def _arranged(self, rows: IntArray) -> "Survey":
        design = self.design.arranged(rows)
        shared = self.household is self.design.psu
        return replace(
            self,
            design=design,
            income=None if self.income is None else self.income[rows],
            household=None if self.household is None else (design.psu if shared else self.household[rows]),
            incomes={name: values[rows] for name, values in self.incomes.items()},
            flags={name: flag.arranged(rows) for name, flag in self.flags.items()},
            rows=rows if self.rows is None else self.rows[rows],
            cache={},
        )


def _places(values: pl.Series, kinds: pl.Series) -> IntArray:
    """Each entry's place among the sorted kinds, -1 where it is missing, shape (n,); narrow codes."""
    width = np.int16 if kinds.len() < 2**15 else np.int32
    if values.dtype.is_integer() and not values.null_count():
        sorted_kinds, column = kinds.to_numpy(), values.to_numpy()
        places: IntArray = np.empty(values.len(), dtype=width)
        for part in blocks(values.len()):
            places[part] = np.searchsorted(sorted_kinds, column[part])
        return places
    numbered = values.replace_strict(
        kinds, pl.arange(0, kinds.len(), eager=True), default=-1, return_dtype=pl.Int32
    )
    return numbered.to_numpy().astype(width, copy=False)


def read_survey(path: str | Path, **columns: Any) -> Survey:
    """A survey straight from a file: ``read_table`` then ``Survey.of``.

    Args:
        path: csv, tsv, txt, parquet, arrow, feather, sav or dta.
        **columns: as for ``Survey.of``.

    Raises:
        SocialStatsError: as ``read_table`` and ``Survey.of``.
    """
    return Survey.of(read_table(path), **columns)


def check_column(frame: pl.DataFrame, name: str) -> None:
    """Nothing, when the column is there.

    Raises:
        ColumnError: it is not; the nearest names are said.
    """
    if name in frame.columns:
        return
    near = difflib.get_close_matches(name, frame.columns, 3, 0.5)
    near = near or [column for column in frame.columns if column.lower() == name.lower()]
    hint = (
        f" Did you mean {' or '.join(near)}?" if near else f" There are: {', '.join(frame.columns[:12])}."
    )
    message = f"There is no column {name}.{hint}"
    raise ColumnError(message, fault="no_column", column=name)


def numbers(frame: pl.DataFrame, name: str) -> FloatArray:
    """A column as numbers, nan where missing, shape (n,).

    Raises:
        ColumnError: the column is missing or holds text that is no number.
    """
    check_column(frame, name)
    column = frame[name]
    if column.dtype == pl.Float64 and not column.null_count():
        return column.to_numpy()  # without a copy where the column is of one piece
    if column.dtype == pl.String:
        stripped = column.str.strip_chars()
        stripped = stripped.set(stripped.is_in(["", "NA", "NaN", "."]).fill_null(value=False), None)
        parsed = _with_point(stripped).cast(pl.Float64, strict=False)
        wrong = (parsed.is_null() & stripped.is_not_null()).arg_true().to_list()
        if wrong:
            message = (
                f"Column {name} holds {len(wrong)} entries that are no numbers ({first_rows(wrong)}), "
                f"for example “{column[wrong[0]]}”."
            )
            raise ColumnError(
                message, fault="no_numbers", column=name, count=len(wrong), rows=numbered(wrong)
            )
        column = parsed
    if not (column.dtype.is_numeric() or column.dtype in (pl.Boolean, pl.Null)):
        message = f"Column {name} holds {column.dtype}, not numbers."
        raise ColumnError(message, fault="other_kind", column=name)
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()


_DECIMAL_COMMA = r"^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$"
_THOUSANDS = r"^[+-]?\d{1,3}(\.\d{3})+$"


def _with_point(texts: pl.Series) -> pl.Series:
    """Numbers as 1234.56 where a column writes them 1.234,56: one entry with a comma says that it does."""
    comma = texts.str.contains(_DECIMAL_COMMA).fill_null(value=False)
    if not comma.any():
        return texts
    greek = comma | texts.str.contains(_THOUSANDS).fill_null(value=False)
    plain = texts.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return plain.zip_with(greek, texts)


def labels(frame: pl.DataFrame, name: str) -> NDArray[Any]:
    """A column of labels, shape (n,): whole numbers stay numbers, everything else becomes text.

    Raises:
        ColumnError: the column is missing.
        DataError: an entry is missing.
    """
    check_column(frame, name)
    column = frame[name]
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        column = (
            whole
            if (whole.cast(pl.Float64) == column).fill_null(value=True).all()
            else column.cast(pl.String)
        )
    if missing := column.is_null().arg_true().to_list():
        message = (
            f"Column {name} lacks {len(missing)} entries ({first_rows(missing)}); a design needs all "
            "of them."
        )
        raise DataError(message, fault="lacks", column=name, count=len(missing), rows=numbered(missing))
    return (column if column.dtype.is_integer() else column.cast(pl.String)).to_numpy()


def _incomes(frame: pl.DataFrame, name: str, rule: str, notes: list[str]) -> FloatArray:
    values = numbers(frame, name)
    if wild := np.flatnonzero(np.isinf(values)).tolist():
        message = f"Column {name} holds {len(wild)} infinite incomes ({first_rows(wild)})."
        raise DataError(message, fault="infinite", column=name, count=len(wild), rows=numbered(wild))
    missing = np.flatnonzero(np.isnan(values)).tolist()
    if missing and (rule == "refuse" or len(missing) == values.size):
        message = f"Column {name} lacks {len(missing)} of {values.size} incomes ({first_rows(missing)})."
        raise DataError(message, fault="lacks", column=name, count=len(missing), rows=numbered(missing))
    if missing:
        sentence = f"{len(missing)} of {values.size} persons lack {name}: left out of indicators of income"
        notes.append(Note(sentence, fault="lack_income", column=name, count=len(missing), size=values.size))
    if negative := int(np.count_nonzero(values < 0)):
        sentence = f"{negative} persons have a negative {name}: kept as it is"
        notes.append(Note(sentence, fault="negative_income", column=name, count=negative))
    return values


def _ages(values: FloatArray, name: str, notes: list[str]) -> FloatArray:
    if wrong := np.flatnonzero((values < -1) | (values > 130)).tolist():
        message = f"Column {name} holds {len(wrong)} ages below -1 or over 130 ({first_rows(wrong)})."
        raise CodeError(message, fault="ages", column=name, count=len(wrong), rows=numbered(wrong))
    unborn = int(np.count_nonzero(values == -1))
    if unborn:
        sentence = f"{unborn} persons aged -1 were born after the reference date: counted as aged 0"
        notes.append(Note(sentence, fault="unborn", count=unborn))
    return np.where(values == -1, 0.0, values)


def _refuse_duplicates(frame: pl.DataFrame, person: str) -> None:
    check_column(frame, person)
    if rows := frame[person].is_duplicated().arg_true().to_list():
        message = (
            f"Column {person} should name each person once, but {len(rows)} rows share a value "
            f"({first_rows(rows)})."
        )
        raise DataError(message, fault="repeated", column=person, count=len(rows), rows=numbered(rows))


def _refuse_split_households(homes: IntArray, design: SurveyDesign, name: str) -> None:
    """A household lies in one PSU of one stratum: else its numbers were used twice, or it was split."""
    of_home = np.zeros(int(homes.max()) + 1, dtype=np.int64)
    of_home[homes] = design.psu
    split = np.flatnonzero(of_home[homes] != design.psu)
    if split.size:
        count = np.unique(homes[split]).size
        message = (
            f"{count} households of column {name} lie in more than one PSU or stratum "
            f"({first_rows(split.tolist())}). "
            "Give each household a number of its own."
        )
        places = numbered(split.tolist())
        raise DesignError(message, fault="split_households", column=name, count=int(count), rows=places)


def _note_unequal_incomes(homes: IntArray, incomes: FloatArray, notes: list[str]) -> None:
    known = ~np.isnan(incomes)
    of_home = np.full(int(homes.max()) + 1, np.nan)
    of_home[homes[known]] = incomes[known]
    unequal = np.unique(homes[known & (of_home[homes] != incomes)]).size
    if unequal:
        sentence = (
            f"in {unequal} households members have different incomes: equivalised income should be shared"
        )
        notes.append(Note(sentence, fault="unequal_incomes", count=unequal))
