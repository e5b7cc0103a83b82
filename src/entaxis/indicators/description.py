"""What an edition's TOML says of its file: design, columns, codes, the national line."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from entaxis.indicators.problems import EditionRefusedError

SEXES: Final = ("male", "female")
YEARS: Final = range(1990, 2101)
HIGHEST_LINE_EUR: Final = 1_000_000
TITLE, NOTE = 200, 300  # letters
CONDITION: Final = re.compile(r"[a-z][a-z0-9_]{2,39}")
CONDITION_NAMES: Final = frozenset({"column", "yes", "no", "age_from", "age_to"})
OLDEST: Final = 200


@dataclass(frozen=True)
class Condition:
    """A yes-or-no question of the file that an indicator of the catalogue counts by its name."""

    name: str
    column: str
    yes: Sequence[Any]
    no: Sequence[Any]
    age_from: int
    age_to: int


@dataclass(frozen=True)
class Specification:
    """What an edition's TOML says of its file."""

    year: int
    income_year: int
    title_el: str
    title_en: str
    line_eur: float
    line_note: str
    is_synthetic: bool
    design: Mapping[str, Any]
    columns: Mapping[str, str]
    sexes: Mapping[str, str]
    concepts: Mapping[str, Any]
    covariates: Mapping[str, Sequence[float]] = field(default_factory=dict)
    conditions: Sequence[Condition] = ()
    subgroups: Mapping[str, str] = field(default_factory=dict)
    """Column that says who belongs (1, true) by key of sub-group; one may belong to several."""

    @classmethod
    def read(cls, text: str) -> "Specification":
        """From TOML.

        Raises:
            EditionRefusedError: something is missing or of another kind.
        """
        said = Description.read(text)
        found = cls(
            year=said.take("edition", "year", int),
            income_year=said.take("edition", "income_year", int),
            title_el=said.take("edition", "title_el", str),
            title_en=said.take("edition", "title_en", str),
            line_eur=said.take("edition", "line_eur", float),
            line_note=said.take("edition", "line_note", str),
            is_synthetic=bool(said.table("edition").get("synthetic", False)),
            design=said.table("design"),
            columns={name: said.take("columns", name, str) for name in ("municipality", "sex", "age")},
            sexes={str(code): key for code, key in said.table("sexes").items() if key in SEXES},
            concepts=said.table("map", is_needed=False),
            covariates=said.numbers("covariates"),
            conditions=said.conditions(),
            subgroups=said.words("subgroups"),
        )
        found.refuse_impossible()
        return found

    def refuse_impossible(self) -> None:
        """Nothing, where years, line and words are possible.

        Raises:
            EditionRefusedError: they are not.
        """
        wrong = {
            "year": self.year not in YEARS,
            "income_year": self.income_year not in YEARS or self.income_year > self.year,
            "line_eur": not 0 < self.line_eur < HIGHEST_LINE_EUR,
            "title_el": not 0 < len(self.title_el) <= TITLE,
            "title_en": not 0 < len(self.title_en) <= TITLE,
            "line_note": not 0 < len(self.line_note) <= NOTE,
        }
        for name, is_wrong in wrong.items():
            if is_wrong:
                raise EditionRefusedError("description_kind", name=f"[edition] {name}")


@dataclass(frozen=True)
class Description:
    """An edition's TOML while it is judged, table by table."""

    tables: Mapping[str, Any]

    @classmethod
    def read(cls, text: str) -> "Description":
        """From text.

        Raises:
            EditionRefusedError: it is not TOML.
        """
        try:
            return cls(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+), column (\d+)", str(error))
            said = f"{place[1]}:{place[2]}" if place else "…"
            raise EditionRefusedError("toml", place=said) from None

    def table(self, name: str, *, is_needed: bool = True) -> dict[str, Any]:
        """One of its tables."""
        if is_needed and name not in self.tables:
            raise EditionRefusedError("description", name=f"[{name}]")
        found = self.tables.get(name, {})
        if not isinstance(found, dict):
            raise EditionRefusedError("description_kind", name=f"[{name}]")
        return dict(found)

    def take(self, table: str, name: str, kind: Callable[[Any], Any]) -> Any:
        """One entry of a table, as what it should be."""
        found = self.table(table)
        if name not in found:
            raise EditionRefusedError("description", name=f"[{table}] {name}")
        try:
            return kind(found[name])
        except (TypeError, ValueError):
            raise EditionRefusedError("description_kind", name=f"[{table}] {name}") from None

    def conditions(self) -> list[Condition]:
        """The questions under ``[conditions.NAME]``; none where there are none."""
        found = []
        for name, said in self.table("conditions", is_needed=False).items():
            inside = Description({"condition": said}) if isinstance(said, dict) else None
            if inside is None or not CONDITION.fullmatch(name) or said.keys() - CONDITION_NAMES:
                raise EditionRefusedError("description_kind", name=f"[conditions.{name}]")
            found.append(
                Condition(
                    name,
                    inside.take("condition", "column", str),
                    inside.take("condition", "yes", list),
                    inside.take("condition", "no", list),
                    int(said.get("age_from", 0)),
                    int(said.get("age_to", OLDEST)),
                )
            )
        return found

    def words(self, table: str) -> dict[str, str]:
        """A table of names; none where it is absent."""
        found = self.table(table, is_needed=False)
        if not all(isinstance(word, str) for word in found.values()):
            raise EditionRefusedError("description_kind", name=f"[{table}]")
        return found

    def numbers(self, table: str) -> dict[str, list[float]]:
        """A table of lists of numbers; none where it is absent."""
        try:
            return {
                code: [float(one) for one in values]
                for code, values in self.table(table, is_needed=False).items()
            }
        except (TypeError, ValueError):
            raise EditionRefusedError("description_kind", name=f"[{table}]") from None
