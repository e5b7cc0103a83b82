"""The file of an edition: through the door of `socialstats`, or refused with a sentence."""

import inspect
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

import socialstats as ss
from entaxis.indicators.computation.cells import AGE, BELONGS, GROUP, PLACE, SEX, UNIT, Places, parse
from entaxis.indicators.description import Specification
from entaxis.indicators.problems import SENTENCES, EditionProblem, EditionRefusedError
from entaxis.sources import identity, scanning
from socialstats import errors
from socialstats.concepts import Codes, coded
from socialstats.errors import SocialStatsError

YES: Final = ("1", "1.0", "true")
NO: Final = ("0", "0.0", "false")
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
