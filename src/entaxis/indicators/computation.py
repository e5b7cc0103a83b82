"""What the platform asks of `socialstats` to make an edition's figures: the only door to estimation.

A computation is written in the catalogue as ``arop:60``: an indicator of `socialstats`, and where a
poverty line enters, at which percentage of the national median (the edition gives the line at 60).
"""

import inspect
import io
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

import socialstats as ss
from entaxis.geography.models import Level
from entaxis.indicators.description import CONDITION, SEXES, Specification
from entaxis.indicators.problems import SENTENCES, EditionProblem, EditionRefusedError
from entaxis.sources import identity, scanning
from socialstats import errors
from socialstats.concepts import Codes, coded
from socialstats.errors import SocialStatsError
from socialstats.publication import ModelledRule

NATIONAL_PERCENT = 60
UNSURE: Final = "unsure"
"""Note of a cell, and the reason that readers are told (`models.Reason`)."""
Z95 = 1.959963984540054
AGES: Final = (("0-17", 0, 17), ("18-64", 18, 64), ("65plus", 65, 200))
BREAKDOWNS: Final = {
    "sex": tuple(f"sex={key}" for key in SEXES),
    "age": tuple(f"age={key}" for key, _, _ in AGES),
}
WHOLE, UNIT, PLACE, SEX, AGE = "", "_unit", "_municipality", "_sex", "_age"
HAS: Final = "_has"
GROUP: Final = "_group_"
"""Before the key of a sub-group: a column that says `BELONGS` or nothing."""
LINED: Final = frozenset({"arop_before_transfers", "arope", "arpt", "iwp"})
"""Whose condition is partly one of income: besides those of `socialstats` that need a line."""
BELONGS: Final = "yes"
YES: Final = ("1", "1.0", "true")
NO: Final = ("0", "0.0", "false")
BY: Final = (UNIT, PLACE, SEX, AGE, f"{UNIT}*{SEX}", f"{UNIT}*{AGE}")

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Progress = Callable[[int, int], None]


DESIGN: Final = frozenset(inspect.signature(ss.Survey.of).parameters) - {"frame"}
FAULTS: Final = (
    (errors.DataError, "column_fault"),
    (errors.DesignError, "design_fault"),
    (errors.OptionError, "option_fault"),
    (errors.EstimationError, "computing_fault"),
    (SocialStatsError, "fault"),
)
"""The sentence where the door of `socialstats` gives no fault of its own, by the kind of its error."""


@dataclass(frozen=True)
class Places:
    """The areas of a region by code, and which municipality lies in which unit."""

    region: str
    units: Mapping[str, str]
    """Code of the regional unit by code of municipality."""
    residents: Mapping[str, int]
    """Residents by code of municipality: weights of the benchmark."""

    def level(self, code: str) -> str:
        """Of an area's code."""
        if code == self.region:
            return Level.REGION
        return Level.MUNICIPALITY if code in self.units else Level.REGIONAL_UNIT


@dataclass(frozen=True)
class Cell:
    """A figure before anything is withheld. ``members`` add up over areas and breakdowns."""

    computation: str
    area: str
    breakdown: str
    kind: str
    value: float | None
    standard_error: float | None
    ci_low: float | None
    ci_high: float | None
    n: int | None
    n_effective: float | None
    members: int
    flag: str
    note: str = ""
    numerator: int | None = None


@dataclass(frozen=True)
class Checked:
    """An edition that has passed the door of `socialstats`."""

    survey: ss.Survey
    specification: Specification
    persons: int
    households: int | None
    notes: tuple[EditionProblem, ...]

    def knows(self, computation: str) -> bool:
        """Whether the file's variables give it."""
        base, _percent = parse(computation)
        if base == "arop_before_transfers":
            return "before_transfers" in self.survey.incomes
        if base in self.survey.flags:
            return True
        return base in ss.INDICATORS and self.survey.income is not None


def version() -> str:
    """Of the programme that computes, as it is written into every release."""
    return f"socialstats {ss.__version__}, numpy {np.__version__}"


def parse(computation: str) -> tuple[str, float]:
    """The indicator and the percentage of the national median: ``arop:40`` → ("arop", 40)."""
    base, _, percent = computation.partition(":")
    return base, float(percent or NATIONAL_PERCENT)


def line_percent(computation: str) -> float | None:
    """Of the national median, where the poverty line stands that enters; None where none does."""
    base = computation.partition(":")[0]  # of a count there is more behind it than a percentage
    built_in = ss.INDICATORS.get(base)
    is_lined = base in LINED or (built_in is not None and built_in.needs_line)
    return parse(computation)[1] if is_lined else None


def is_of_income(computation: str) -> bool:
    """Whether its figures from a model are those of `modelled_incomes`, not of `modelled`."""
    return computation.partition(":")[0] in ss.smallarea.KINDS


def is_understood(computation: str) -> bool:
    """Whether it is an indicator of the programme, or a name that an edition's description may give."""
    base, colon, percent = computation.partition(":")
    if colon:
        return base in ss.INDICATORS and percent.isdecimal() and 0 < int(percent) <= NATIONAL_PERCENT * 2
    return base in ss.INDICATORS or bool(CONDITION.fullmatch(base))


def check(content: bytes, specification: Specification, places: Places) -> Checked:
    """Open an edition's file and take it through the door of `socialstats`.

    Raises:
        EditionRefusedError: with the sentence that says what is wrong.
    """
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except Exception:  # noqa: BLE001 – whatever the reader says may quote the file
        raise EditionRefusedError("unreadable") from None
    _refuse_numbers_of_persons(frame)
    for name in sorted(specification.design.keys() - DESIGN):
        raise EditionRefusedError("design", name=name)
    try:
        frame = _with_domains(frame, specification, places)
        survey = ss.Survey.of(frame, **specification.design)
        survey = ss.with_map(survey, specification.concepts) if specification.concepts else survey
        survey = _with_conditions(survey, specification)
    except SocialStatsError as error:
        raise refused(error) from None
    except (pl.exceptions.PolarsError, TypeError, ValueError):
        raise EditionRefusedError("column_fault") from None
    households = None if survey.household is None else int(np.unique(survey.household).size)
    return Checked(survey, specification, survey.size, households, tuple(_noticed(survey.notes)))


def _refuse_numbers_of_persons(frame: pl.DataFrame) -> None:
    """The whole file is sealed, columns that nothing reads among them: nobody's number may stand in it."""
    for found in scanning.of_frame(frame):
        raise EditionRefusedError(
            found.key,
            place=frame.columns.index(found.name) + 1,
            column=identity.masked(found.name)[:60],
            count=found.count,
            rows=found.rows,
        )


def _with_conditions(survey: ss.Survey, specification: Specification) -> ss.Survey:
    """The survey with the questions that its description asks by a name of its own."""
    age = survey.frame[specification.columns["age"]].to_numpy()
    flags: dict[str, ss.Flag] = {}
    for said in specification.conditions:
        if said.name in survey.flags or said.name in ss.INDICATORS:
            raise EditionRefusedError("condition", name=said.name)
        answers = coded(survey.frame, said.column, Codes(tuple(said.yes), tuple(said.no)))
        flags[said.name] = ss.Flag.of(answers, (age >= said.age_from) & (age <= said.age_to), said.name)
    return survey.with_flags(**flags)


def refused(error: SocialStatsError) -> EditionRefusedError:
    """What `socialstats` refuses, without the entries that its own message may quote."""
    if error.fault in SENTENCES:
        return EditionRefusedError(error.fault, **error.facts)
    return EditionRefusedError(next(key for kind, key in FAULTS if isinstance(error, kind)))


def sentence(error: Exception) -> EditionRefusedError:
    """What stopped a computation, as it may be shown: an error may quote the file."""
    if isinstance(error, SocialStatsError):
        return refused(error)
    return EditionRefusedError("computing_failed")


def _noticed(notes: Iterable[str]) -> Iterator[EditionProblem]:
    for note in notes:
        if isinstance(note, errors.Note) and note.fault in SENTENCES:
            yield EditionProblem(note.fault, note.facts)


def as_parquet(path: Path) -> bytes:
    """A file of any format that `socialstats` reads, as Parquet.

    Raises:
        EditionRefusedError: it cannot be read.
    """
    if path.suffix == ".parquet":
        return path.read_bytes()
    try:
        frame = ss.read_table(path)
    except (SocialStatsError, OSError):
        raise EditionRefusedError("unreadable") from None
    return written(frame)


def from_text(content: bytes) -> bytes:
    """A table of text as Parquet.

    Raises:
        EditionRefusedError: it is none.
    """
    try:
        return written(ss.read_csv(content))
    except SocialStatsError as error:
        raise refused(error) from None


def written(frame: pl.DataFrame) -> bytes:
    """A frame as Parquet."""
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def _with_domains(frame: pl.DataFrame, specification: Specification, places: Places) -> pl.DataFrame:
    names = specification.columns
    for name in names.values():
        if name not in frame.columns:
            raise EditionRefusedError("no_column", column=name)
    codes = frame[names["municipality"]]
    if codes.dtype.is_integer():  # a table of text may have lost the zero in front
        codes = codes.cast(pl.String).str.zfill(max(map(len, places.units), default=0))
    codes = codes.cast(pl.String).str.strip_chars()
    _refuse("places", names["municipality"], ~codes.is_in(list(places.units)).fill_null(value=False))
    sex = frame[names["sex"]].cast(pl.String)
    _refuse("sexes", names["sex"], ~sex.is_in(list(specification.sexes)).fill_null(value=True))
    if not frame[names["age"]].dtype.is_numeric():
        raise EditionRefusedError("other_kind", column=names["age"])
    belonging = [_belonging(frame, key, name) for key, name in specification.subgroups.items()]
    age = pl.col(names["age"])
    kind = pl.when(age < 18).then(pl.lit("0-17")).when(age < 65).then(pl.lit("18-64"))
    return frame.with_columns(
        codes.alias(PLACE),
        codes.replace_strict(dict(places.units), return_dtype=pl.String).alias(UNIT),
        sex.replace_strict(dict(specification.sexes), default=None, return_dtype=pl.String).alias(SEX),
        pl.when(age.is_not_null()).then(kind.otherwise(pl.lit("65plus"))).alias(AGE),
        *belonging,
    )


def _refuse(key: str, column: str, wrong: pl.Series) -> None:
    """Nothing, where no row is wrong."""
    rows = wrong.arg_true().to_list()
    if rows:
        raise EditionRefusedError(key, column=column, count=len(rows), rows=errors.numbered(rows))


def _belonging(frame: pl.DataFrame, key: str, name: str) -> pl.Expr:
    """Who belongs to a sub-group. Who did not say belongs to none: it is declared, never guessed."""
    if name not in frame.columns:
        raise EditionRefusedError("no_column", column=name)
    said = frame[name].cast(pl.String).str.to_lowercase()
    _refuse("belonging", name, ~said.is_in([*YES, *NO]).fill_null(value=True))
    return pl.when(pl.lit(said).is_in(YES)).then(pl.lit(BELONGS)).alias(f"{GROUP}{key}")


# --- figures --------------------------------------------------------------------------------------


def compute(
    checked: Checked,
    computations: Mapping[str, str],
    places: Places,
    *,
    progress: Progress = lambda done, total: None,
) -> Iterator[Cell]:
    """Every figure of an edition, unsuppressed.

    Args:
        checked: the edition.
        computations: unit of each computation: shares of persons, and the indicators of income that
            `socialstats` has a model for, are also modelled for municipalities.
        places: the region.
        progress: told after each computation.
    """
    by_line: dict[float, list[str]] = defaultdict(list)
    for computation in computations:
        by_line[parse(computation)[1]].append(computation)
    done = 0
    for percent, group in sorted(by_line.items()):
        line = _line(checked.specification, percent)
        for computation in group:
            yield from _one(checked, computation, line, places, computations[computation])
            done += 1
            progress(done, len(computations))


def _line(specification: Specification, percent: float) -> ss.Line:
    amount = specification.line_eur * percent / NATIONAL_PERCENT
    return ss.Line.given(amount, f"national line at {percent:g} %: {amount:,.2f} euro")


def _one(checked: Checked, computation: str, line: ss.Line, places: Places, unit: str) -> Iterator[Cell]:
    base, _percent = parse(computation)
    groups = [f"{GROUP}{key}" for key in checked.specification.subgroups]
    by = (*BY, *groups, *(f"{UNIT}*{group}" for group in groups))
    rows = ss.estimate(checked.survey, base, by=by, line=line)
    most = 100.0 if unit in {"percent", "index"} else math.inf
    having = _having(checked.survey, base, line) if unit == "percent" else None
    members = _members(checked.survey, base, places, having, groups)
    persons = {key: number for key, (number, _) in members.items()}
    direct = {
        (cell.area, cell.breakdown): cell for cell in _cells(rows, computation, persons, places, most)
    }
    for key, (_number, counted) in members.items():
        cell = direct.get(key) or _nobody(computation, *key)
        direct[key] = replace(cell, numerator=None if having is None else counted)
    yield from map(_with_error, direct.values())
    covariates = checked.specification.covariates
    if having is not None:  # the variance of the model is that of a share of persons
        sizes = _sizes(checked.survey, base, places)
        yield from modelled(direct, covariates, sizes, places, deff=_deff(rows))
    elif base in ss.smallarea.KINDS:
        yield from modelled_incomes(direct, checked.survey, base, covariates, places, line=line.amount)


def _sizes(survey: ss.Survey, base: str, places: Places) -> dict[str, float]:
    """Persons of each municipality whom a share is about: its residents times the unit's estimated part.

    The part is the weighted sample's of the regional unit, whatever is known of the answers; where
    nobody was asked in a unit, the region's. Of few persons a municipality's own part would be chance.
    """
    flag = survey.flags.get(base)
    residents = {code: float(places.residents.get(code, 1)) for code in places.units}
    if flag is None or flag.population.all():
        return residents
    weights = survey.design.weights
    frame = survey.frame.select(UNIT).with_columns(
        pl.Series("all", weights), pl.Series("about", weights * flag.population)
    )
    sums = frame.group_by(UNIT).agg(pl.col("about").sum() / pl.col("all").sum())
    parts = dict(sums.iter_rows())
    whole = float(weights[flag.population].sum() / weights.sum())
    return {code: persons * parts.get(places.units[code], whole) for code, persons in residents.items()}


def _deff(rows: Iterable[ss.Estimate]) -> float:
    """Of the region: what clustering does to the variance, never less than a simple sample."""
    whole = next(row for row in rows if not row.domain)
    return max(whole.deff or 1.0, 1.0)


def _with_error(cell: Cell) -> Cell:
    """A figure without an error does not leave this room; the model still learns from it."""
    if cell.value is None or cell.standard_error is not None:
        return cell
    return replace(cell, value=None, n_effective=None, note=UNSURE)


def _cells(
    rows: Iterable[ss.Estimate],
    computation: str,
    members: Mapping[tuple[str, str], int],
    places: Places,
    most: float,
) -> Iterator[Cell]:
    """Of the rows of areas; no interval goes beyond what is possible, 0 to ``most``."""
    for row in rows:
        key = _key(row.domain, places)
        if key is None:
            continue
        yield Cell(
            computation,
            *key,
            "direct",
            row.value,
            row.se,
            None if row.ci_low is None else min(max(row.ci_low, 0.0), row.value or 0.0),
            None if row.ci_high is None else max(min(row.ci_high, most), row.value or 0.0),
            row.n,
            row.n_effective,
            members.get(key, 0),
            row.flag,
            row.note,
        )


def _key(domain: Mapping[str, str], places: Places) -> tuple[str, str] | None:
    """Area and breakdown of a row's domain."""
    if not domain:
        return places.region, "total"
    ((column, label),) = domain.items()
    parts = dict(zip(column.split("*"), label.split(" × "), strict=True))
    area = parts.get(PLACE) or parts.get(UNIT) or places.region
    if SEX in parts:
        return area, f"sex={parts[SEX]}"
    for part in parts:
        if part.startswith(GROUP):
            return area, f"subgroup={part.removeprefix(GROUP)}"
    return area, f"age={parts[AGE]}" if AGE in parts else "total"


def _nobody(computation: str, area: str, breakdown: str) -> Cell:
    return Cell(computation, area, breakdown, "direct", None, None, None, None, 0, None, 0, ":u")


def _having(survey: ss.Survey, base: str, line: ss.Line) -> Bools | None:
    """Who of the sample has what a share counts; None where it is no count of persons."""
    if base == "arop_before_transfers":
        return survey.incomes["before_transfers"] < line.amount
    is_poor = np.zeros(survey.size, dtype=bool) if survey.income is None else survey.income < line.amount
    if base == "arop":
        return is_poor
    flag = survey.flags.get(base)
    return None if flag is None else np.where(is_poor, flag.if_poor, flag.otherwise) > 0


def _members(
    survey: ss.Survey, base: str, places: Places, having: Bools | None, groups: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Persons of the sample whom an indicator is about and those of them who have what it counts.

    For every area and breakdown, zeros included.
    """
    flag = survey.flags.get(base)
    if flag is not None:
        about = flag.population & flag.known
    else:
        income = survey.incomes["before_transfers"] if base == "arop_before_transfers" else survey.income
        about = ~np.isnan(income) if income is not None else np.ones(survey.size, dtype=bool)
    counts = np.zeros(survey.size, dtype=bool) if having is None else having
    frame = survey.frame.select(UNIT, PLACE, SEX, AGE, *groups).with_columns(pl.Series(HAS, counts))
    frame = frame.filter(pl.Series(about))
    inside = {group: f"subgroup={group.removeprefix(GROUP)}" for group in groups}
    kinds = ("total", *BREAKDOWNS["sex"], *BREAKDOWNS["age"], *inside.values())
    found = {
        (area, kind): (0, 0) for area in (places.region, *set(places.units.values())) for kind in kinds
    }
    found |= {(code, "total"): (0, 0) for code in places.units}
    for place, area_of in (("total", PLACE), ("", UNIT), ("", None)):
        for column, kind in ((None, "total"), (SEX, "sex"), (AGE, "age"), *inside.items()):
            if place and column:
                continue
            for area, label, number, counted in _counted(frame, area_of, column):
                is_whole = column is None or column in inside
                key = (area or places.region, kind if is_whole else f"{kind}={label}")
                if key in found:
                    found[key] = number, counted
    return found


def _counted(
    frame: pl.DataFrame, area: str | None, column: str | None
) -> Iterator[tuple[str, str, int, int]]:
    grouped = frame.group_by(
        pl.col(area).alias("area") if area else pl.lit("").alias("area"),
        pl.col(column).alias("label") if column else pl.lit("").alias("label"),
    ).agg(pl.len(), pl.col(HAS).sum())
    for where, label, number, counted in grouped.iter_rows():
        if label is not None:
            yield where, label, number, counted


# --- small areas ----------------------------------------------------------------------------------


def modelled(
    direct: Mapping[tuple[str, str], Cell],
    covariates: Mapping[str, Sequence[float]],
    sizes: Mapping[str, float],
    places: Places,
    *,
    deff: float,
) -> Iterator[Cell]:
    """Municipalities of a share of persons by the model of Fay and Herriot, adding up to the region's.

    The direct variances of so few persons are themselves unsure: each is replaced by that of the
    region's share in a simple sample of its size, times the region's design effect. Weights of the
    benchmark are ``sizes``, the persons whom the share is about. Without enough sampled municipalities
    there is no model.
    """
    whole = direct[places.region, "total"]
    codes = sorted(places.units)
    if whole.value is None or not 0 < whole.value < 100:
        return
    persons = np.array([direct[code, "total"].members for code in codes], dtype=float)
    values = np.array([_number(direct[code, "total"].value) for code in codes])
    values[persons == 0] = np.nan
    spread = deff * whole.value * (100 - whole.value)
    variances = np.where(persons > 0, spread / np.maximum(persons, 1), np.nan)
    try:
        model = ss.smallarea.fay_herriot(values, variances, _known(covariates, codes), areas=codes)
        weights = [sizes[code] for code in codes]
        moved = ss.smallarea.benchmark(
            model.estimates, model.mse, weights, whole.value, method="difference"
        )
    except SocialStatsError:
        return
    error = Z95 * np.sqrt(moved.mse)
    ends = np.maximum(moved.estimates - error, 0.0), np.minimum(moved.estimates + error, 100.0)
    yield from _of_model(direct, whole.computation, codes, moved.estimates, moved.mse, ends, most=100.0)


def modelled_incomes(
    direct: Mapping[tuple[str, str], Cell],
    survey: ss.Survey,
    base: str,
    covariates: Mapping[str, Sequence[float]],
    places: Places,
    *,
    line: float,
) -> Iterator[Cell]:
    """Municipalities of an indicator of income by `socialstats`' model for them.

    The region's median, ratio or coefficient is no mean of its municipalities': nothing is benchmarked.
    """
    whole = direct[places.region, "total"]
    codes = sorted(places.units)
    cells = [direct[code, "total"] for code in codes]
    try:
        model = ss.smallarea.model_incomes(
            base,
            [_number(cell.value) for cell in cells],
            [_number(cell.standard_error) for cell in cells],
            ss.smallarea.Homes.of(survey, PLACE, codes),
            _known(covariates, codes),
            areas=codes,
            line=line,
        )
    except SocialStatsError:
        return
    most = 100.0 if ss.smallarea.KINDS[base].scale == "logit" else math.inf
    ends = model.low, model.high
    yield from _of_model(direct, whole.computation, codes, model.estimates, model.mse, ends, most=most)


def _of_model(  # noqa: PLR0917
    direct: Mapping[tuple[str, str], Cell],
    computation: str,
    codes: Sequence[str],
    estimates: Floats,
    mse: Floats,
    ends: tuple[Floats, Floats],
    *,
    most: float,
) -> Iterator[Cell]:
    """A cell an area; what lies beyond what is possible, 0 to ``most``, is not to be shown."""
    flags = ModelledRule().judge(estimates, mse)
    for at, code in enumerate(codes):
        persons = direct[code, "total"].members
        value = float(estimates[at])
        yield Cell(
            computation,
            code,
            "total",
            "modelled",
            value,
            math.sqrt(float(mse[at])),
            float(ends[0][at]),
            float(ends[1][at]),
            persons,
            None,
            persons,
            ("", "u", ":u")[int(flags[at]) if 0 <= value <= most else 2],
        )


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _known(covariates: Mapping[str, Sequence[float]], codes: Sequence[str]) -> Floats:
    """What a model knows of every area: 1, and covariates where all areas have them.

    They are brought to one scale, so that euros and shares weigh alike.
    """
    given = covariates if all(code in covariates for code in codes) else {}
    x = np.array([[1.0, *given.get(code, ())] for code in codes])
    if x.shape[1] == 1:
        return x
    inside = x[:, 1:]
    spread = inside.std(axis=0)
    return np.column_stack([x[:, 0], (inside - inside.mean(axis=0)) / np.where(spread > 0, spread, 1.0)])
