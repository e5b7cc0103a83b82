"""A map names the columns of a file; from it come the conditions that a survey can be asked for.

A map is a table of tables, as a TOML file holds it::

    [survey]
    age = "age"

    [deprivation]
    holiday = "HS040"                                    # EU-SILC's codes
    car = { column = "auto", yes = ["no"], no = ["yes"] }  # yes = lacks it
"""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from socialstats.arrays import FloatArray, IntArray
from socialstats.errors import (
    CodeError,
    ColumnError,
    DataError,
    NotComputableError,
    OptionError,
    first_rows,
    numbered,
)
from socialstats.frame import Flag, Survey, check_column, numbers
from socialstats.indicators.deprivation import HOUSEHOLD_ITEMS, PERSON_ITEMS, arope_flags, deprivation_flags
from socialstats.indicators.health import self_rated_flags, unmet_need
from socialstats.indicators.housing import (
    any_arrears,
    debt_flags,
    overburden,
    overcrowding,
    rooms_needed,
    severe_housing_deprivation,
)
from socialstats.indicators.persistence import persistent_poverty
from socialstats.indicators.work import (
    counts_for_intensity,
    in_work_poverty,
    low_work_intensity,
    neet,
    unemployment_flags,
    work_intensity,
)


@dataclass(frozen=True)
class Codes:
    """Codes of a yes-or-no concept: what means yes and what means no; everything else is refused."""

    yes: tuple[Any, ...]
    no: tuple[Any, ...]


NUMBER = None
"""A concept that is a number."""

_CAN = Codes((2,), (1,))  # 1 yes, 2 no: yes here = cannot
_HAS = Codes((2,), (1, 3))  # 1 has, 2 cannot afford, 3 other reason
_OWES = Codes((1, 2), (3, -2))  # 1 once, 2 more often, 3 no, -2 does not apply
_IS = Codes((1,), (0, 2))
_BATH = Codes((3,), (1, 2))  # 1 own, 2 shared, 3 none

_ARREARS = ("arrears_rent", "arrears_utilities", "arrears_loans")

SECTIONS: dict[str, dict[str, Codes | None]] = {
    "survey": {"age": NUMBER, "sex": NUMBER},
    "deprivation": {
        "unexpected_expenses": _CAN,
        "holiday": _CAN,
        "meal": _CAN,
        "warm": _CAN,
        "arrears": _IS,
        **dict.fromkeys(_ARREARS, _OWES),
        **dict.fromkeys(("car", "furniture", *PERSON_ITEMS), _HAS),
    },
    "work": {
        "months_worked": NUMBER,
        "months_workable": NUMBER,
        **dict.fromkeys(
            ("student", "pensioner", "inactive", "pension_household", "employed_most_of_year", "employed"),
            _IS,
        ),
        **dict.fromkeys(("unemployed", "in_education"), _IS),
        "months_unemployed": NUMBER,
    },
    "housing": {
        **dict.fromkeys(("monthly_cost", "allowance", "household_income", "rooms"), NUMBER),
        "partner": _IS,
        "leaking": _IS,
        "dark": _IS,
        "no_bath": _BATH,
        "no_toilet": _BATH,
    },
    "debt": dict.fromkeys(_ARREARS, _OWES),
    "health": {"self_rated": NUMBER, "unmet": _IS, "unmet_reason": Codes((1, 2, 3), (4, 5, 6, 7, 8, -2))},
    "panel": dict.fromkeys(("poor_now", "poor_1", "poor_2", "poor_3"), _IS),
}
"""Every concept of a map by section, with the codes it has when the map says none."""


def read_map(path: str | Path) -> dict[str, dict[str, Any]]:
    """A map from a TOML file.

    Raises:
        DataError: there is no such file or it is no TOML.
        OptionError: a section or concept is unknown.
    """
    if not Path(path).is_file():
        message = f"There is no map {path}."
        raise DataError(message)
    try:
        text = Path(path).read_text(encoding="utf-8")
        found = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"The map {Path(path).name} cannot be read: {error}"
        raise DataError(message) from error
    return check_map(found)


def check_map(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The same map, once every section and concept is known.

    Raises:
        OptionError: one is not.
    """
    for section, entries in found.items():
        _known(section, list(SECTIONS), "section")
        if not isinstance(entries, Mapping):
            message = f"Section {section} of the map holds names of columns, not {type(entries).__name__}."
            raise OptionError(message, fault="map", name=section)
        for concept in entries:
            _known(concept, list(SECTIONS[section]), f"concept of section {section}")
    return {section: dict(entries) for section, entries in found.items()}


def _known(name: str, names: list[str], what: str) -> None:
    if name in names:
        return
    near = difflib.get_close_matches(name, names, 2, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}."
    message = f"The map's {name} is no {what}; {hint}"
    raise OptionError(message, fault="map", name=name)


@dataclass(frozen=True)
class Reader:
    """Reads concepts of a map from a survey's frame."""

    survey: Survey
    columns: Mapping[str, Mapping[str, Any]]

    def has(self, section: str, *concepts: str) -> bool:
        """Whether the map names all of them."""
        return all(concept in self.columns.get(section, {}) for concept in concepts)

    def read(self, section: str, concept: str) -> FloatArray:
        """A concept's column: numbers, or 1 yes, 0 no, nan missing, shape (n,).

        Raises:
            NotComputableError: the map does not name it.
            CodeError: the column holds a code that means neither yes nor no.
            ColumnError: there is no such column.
        """
        if not self.has(section, concept):
            message = f"This needs {concept}: name its column in section {section} of the map."
            raise NotComputableError(message, fault="needs", name=f"{section}.{concept}")
        entry = self.columns[section][concept]
        codes = SECTIONS[section][concept]
        if isinstance(entry, Mapping):
            name = str(entry.get("column", ""))
            if codes is not NUMBER and "yes" in entry:
                codes = Codes(tuple(entry["yes"]), tuple(entry.get("no", ())))
        else:
            name = str(entry)
        if codes is NUMBER:
            return numbers(self.survey.frame, name)
        return coded(self.survey.frame, name, codes)

    def optional(self, section: str, concept: str) -> FloatArray:
        """The same, or 0 for everyone when the map does not name it."""
        return self.read(section, concept) if self.has(section, concept) else np.zeros(self.survey.size)

    @property
    def age(self) -> FloatArray:
        """Ages in years, shape (n,).

        Raises:
            DataError: an age is missing.
        """
        age = self.read("survey", "age")
        if lost := np.flatnonzero(np.isnan(age)).tolist():
            message = f"{len(lost)} persons have no age ({first_rows(lost)}); these indicators need all."
            raise DataError(message, fault="no_age", count=len(lost), rows=numbered(lost))
        return age

    @property
    def household(self) -> IntArray:
        """Codes of households, shape (n,).

        Raises:
            NotComputableError: the survey has none.
        """
        if self.survey.household is None:
            message = "These indicators join the members of a household: name the column of households."
            raise NotComputableError(message, fault="no_household")
        return self.survey.household


def coded(frame: pl.DataFrame, name: str, codes: Codes) -> FloatArray:
    """A coded column as 1, 0 and nan where missing, shape (n,).

    Raises:
        ColumnError: there is no such column.
        CodeError: a code is neither yes nor no.
    """
    check_column(frame, name)
    column = frame[name]
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        column = column.cast(pl.Float64)
        yes, no = ([float(code) for code in group if _is_number(code)] for group in (codes.yes, codes.no))
        is_yes, is_no = column.is_in(yes), column.is_in(no)
    else:
        text = column.cast(pl.String).str.strip_chars()
        column = pl.select(pl.when(text != "").then(text)).to_series()
        is_yes = column.is_in([str(code) for code in codes.yes])
        is_no = column.is_in([str(code) for code in codes.no])
    unknown = (
        (column.is_not_null() & ~is_yes.fill_null(value=False) & ~is_no.fill_null(value=False))
        .arg_true()
        .to_list()
    )
    if column.dtype.is_float():
        unknown = [row for row in unknown if not np.isnan(column[row])]
    if unknown:
        message = (
            f"Column {name} holds {len(unknown)} entries with a code that is not known, "
            f"“{column[unknown[0]]}” first "
            f"({first_rows(unknown)}). Yes is {_words(codes.yes)}, no is {_words(codes.no)}."
        )
        raise CodeError(message, fault="codes", column=name, count=len(unknown), rows=numbered(unknown))
    there = (is_yes | is_no).fill_null(value=False).to_numpy()
    return np.where(there, is_yes.fill_null(value=False).to_numpy(), np.nan)


def _is_number(code: Any) -> bool:
    return isinstance(code, int | float)


def _words(codes: tuple[Any, ...]) -> str:
    return ", ".join(str(code) for code in codes) or "nothing"


# --- conditions from concepts --------------------------------------------------------------------


def _deprivation(reader: Reader) -> dict[str, Flag]:
    owes = [name for name in _ARREARS if reader.has("deprivation", name)]
    items = {n: reader.read("deprivation", n) for n in HOUSEHOLD_ITEMS if reader.has("deprivation", n)}
    if owes and "arrears" not in items:
        items["arrears"] = any_arrears({name: reader.read("deprivation", name) for name in owes})
    own = {n: reader.read("deprivation", n) for n in PERSON_ITEMS if reader.has("deprivation", n)}
    return deprivation_flags(items, own, reader.household, reader.age)


def _yes(values: FloatArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.asarray(values == 1)


def _work(reader: Reader) -> dict[str, Flag]:
    flags: dict[str, Flag] = {}
    age = reader.age
    if reader.has("work", "months_worked"):
        groups = (
            _yes(reader.optional("work", n))
            for n in ("student", "pensioner", "inactive", "pension_household")
        )
        counts = counts_for_intensity(age, *groups)
        workable = (
            reader.read("work", "months_workable")
            if reader.has("work", "months_workable")
            else np.full(age.size, 12.0)
        )
        intensity, anyone = work_intensity(
            reader.household, counts, reader.read("work", "months_worked"), workable
        )
        flags["lwi"] = low_work_intensity(age, intensity, anyone)
    if reader.has("work", "employed_most_of_year"):
        flags["iwp"] = in_work_poverty(age, reader.read("work", "employed_most_of_year"))
    if reader.has("work", "employed", "in_education"):
        flags["neet"] = neet(age, reader.read("work", "employed"), reader.read("work", "in_education"))
    if reader.has("work", "employed", "unemployed"):
        months = (
            reader.read("work", "months_unemployed") if reader.has("work", "months_unemployed") else None
        )
        employed, unemployed = reader.read("work", "employed"), reader.read("work", "unemployed")
        flags |= unemployment_flags(age, employed, unemployed, months)
    return flags


def _housing(reader: Reader) -> dict[str, Flag]:
    flags: dict[str, Flag] = {}
    if reader.has("housing", "monthly_cost", "household_income"):
        flags["housing_overburden"] = overburden(
            reader.read("housing", "monthly_cost"),
            reader.optional("housing", "allowance"),
            reader.read("housing", "household_income"),
        )
    if reader.has("housing", "rooms"):
        sex, partner = reader.read("survey", "sex"), _yes(reader.optional("housing", "partner"))
        needed = rooms_needed(reader.household, reader.age, sex, partner)
        flags["overcrowding"] = overcrowding(reader.read("housing", "rooms"), needed)
        names = [
            name for name in ("leaking", "no_bath", "no_toilet", "dark") if reader.has("housing", name)
        ]
        if names:
            faults = {name: reader.read("housing", name) for name in names}
            flags["housing_deprivation"] = severe_housing_deprivation(flags["overcrowding"], faults)
    return flags


def _debt(reader: Reader) -> dict[str, Flag]:
    return debt_flags({name: reader.read("debt", name) for name in _ARREARS if reader.has("debt", name)})


def _health(reader: Reader) -> dict[str, Flag]:
    flags: dict[str, Flag] = {}
    if reader.has("health", "self_rated"):
        flags |= self_rated_flags(reader.age, reader.read("health", "self_rated"))
    if reader.has("health", "unmet", "unmet_reason"):
        unmet, reason = reader.read("health", "unmet"), reader.read("health", "unmet_reason")
        flags["unmet_need"] = unmet_need(reader.age, unmet, reason)
    return flags


def _panel(reader: Reader) -> dict[str, Flag]:
    before = [
        reader.read("panel", f"poor_{year}") for year in (1, 2, 3) if reader.has("panel", f"poor_{year}")
    ]
    return {"persistent": persistent_poverty(reader.read("panel", "poor_now"), before)}


_BUILDERS: dict[str, Callable[[Reader], dict[str, Flag]]] = {
    "deprivation": _deprivation,
    "work": _work,
    "housing": _housing,
    "debt": _debt,
    "health": _health,
    "panel": _panel,
}


def with_map(survey: Survey, columns: Mapping[str, Any]) -> Survey:
    """The survey with every condition that a map's columns give, AROPE and its parts among them.

    Args:
        survey: the sample.
        columns: a map, as ``read_map`` gives it.

    Raises:
        OptionError: a section or concept is unknown.
        SocialStatsError: a section is named but cannot be made: a column missing, a code unknown, an item
            left out.
    """
    checked = check_map(columns)
    reader = Reader(survey, checked)
    flags: dict[str, Flag] = {}
    for section, build in _BUILDERS.items():
        if checked.get(section):
            flags |= build(reader)
    if "smsd" in flags and "lwi" in flags:
        flags |= arope_flags(flags["smsd"], flags["lwi"])
    return survey.with_flags(**flags)


__all__ = ["SECTIONS", "Codes", "ColumnError", "Reader", "check_map", "coded", "read_map", "with_map"]
