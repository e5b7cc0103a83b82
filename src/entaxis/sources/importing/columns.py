"""The fields of a file of persons, and which heading means which."""

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entaxis.core import greek, tabular
from entaxis.core.tabular.reading import Score
from entaxis.sources import identity
from entaxis.sources.importing.problems import Findings, SourceRefusedError

LOOKED_AT: Final = 2  # rows of which a refusal says what kind of cells they hold
HEADINGS: Final = Path(__file__).parents[1] / "data" / "headings.toml"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key, its name, whether a file must have it, whether it names a person."""

    key: str
    name: str | Promise
    is_required: bool = False
    is_secret: bool = False  # its values stand in no report


FIELDS: Final = (
    Field("amka", _("AMKA"), is_secret=True),
    Field("afm", _("AFM"), is_secret=True),
    Field("household", _("Household"), is_secret=True),
    Field("sex", _("Sex")),
    Field("birth", _("Year or date of birth")),
    Field("municipality", _("Municipality"), is_required=True),
    Field("month", _("Month"), is_required=True),
    Field("year", _("Year")),
    Field("amount", _("Amount in euros")),
    Field("groups", _("Sub-groups")),
)
BY_KEY: Final[Mapping[str, Field]] = {field.key: field for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Reading:
    """What each heading of one file is read as."""

    fields: Mapping[str, str]  # field → heading
    left_out: frozenset[str]  # headings that a person said to leave out
    unread: tuple[str, ...]  # headings that nobody said anything about


def recognised(remembered: Mapping[str, str]) -> Score:
    """How surely a row is the one of headings of a file of persons."""
    known = _known()
    return scored(
        lambda headings: reading(headings, remembered),
        lambda heading: remembered.get(heading) or known.get(_form(heading)),
    )


def reading(headings: Sequence[str], remembered: Mapping[str, str]) -> Reading:
    """The reading of ``headings``: as remembered (empty: left out), else as recognised.

    Raises:
        SourceRefusedError: a needed field is missing, two headings mean one, or a field is unknown.
    """
    known = _known()
    chosen = {heading: remembered.get(heading, known.get(_form(heading), None)) for heading in headings}
    fields: dict[str, str] = {}
    for heading, key in chosen.items():
        if not key:
            continue
        if key not in BY_KEY:
            raise SourceRefusedError("mapping_unknown", column=key[:60])
        if key in fields:
            both = f"“{fields[key]}”, “{heading}”"
            raise SourceRefusedError("mapping_twice", column=str(BY_KEY[key].name), headings=both)
        fields[key] = heading
    missing = [str(field.name) for field in FIELDS if field.is_required and field.key not in fields]
    if not {"amka", "afm"} & fields.keys():
        missing.append(f"{BY_KEY['amka'].name} / {BY_KEY['afm'].name}")
    if missing:
        raise SourceRefusedError("columns_missing", columns=", ".join(missing))
    return Reading(
        fields,
        frozenset(heading for heading, key in chosen.items() if key == ""),
        tuple(heading for heading, key in chosen.items() if key is None and heading),
    )


def scored(reading_of: Callable[[Sequence[str]], Reading], known: Callable[[str], object]) -> Score:
    """How surely a row is the one of headings: it has all that is needed, or so many that are known."""

    def score(headings: Sequence[str]) -> float:
        try:
            reading_of(headings)
        except SourceRefusedError:
            return sum(bool(known(heading)) for heading in headings if heading)
        return math.inf

    return score


def note_skipped(table: tabular.Table, findings: Findings) -> None:
    """Say which rows of titles stand above the headings, and were not read."""
    for line, texts in table.above:
        text = " ".join(filter(None, texts))
        findings.note("title_skipped", at=line, text=identity.masked(text)[:80])


def merged(table: tabular.Table) -> list[str]:
    """The merged cells that reach to the headings or below, as ranges such as ``B2:C7``."""
    ranges = [note.facts["range"] for note in table.notes if note.key == "merged"]
    return [each for each in ranges if _last_line(each) >= table.heading_line]


def _last_line(cells: str) -> int:
    return int("".join(filter(str.isdigit, cells.rpartition(":")[2])) or 1)


def look(table: tabular.Table, refusal: SourceRefusedError) -> SourceRefusedError:
    """A refusal for want of headings, with what stands in the first rows instead."""
    if refusal.problem.key != "columns_missing":
        return refusal
    for _row in table:  # to the end: a workbook names its merged cells last
        pass
    ranges = [note.facts["range"] for note in table.notes if note.key == "merged"]
    return SourceRefusedError(
        "columns_missing_merged" if ranges else "columns_missing",
        columns=refusal.problem.facts["columns"],
        rows=", ".join(_looks(line, cells) for line, cells in table.first[:LOOKED_AT]),
        merged=", ".join(ranges[:5]),
    )


def _looks(line: int, cells: Sequence[str]) -> str:
    """How many words and numbers a row holds: never what they say."""
    told = [cell.strip() for cell in cells if cell.strip()]
    numbers = sum(not any(sign.isalpha() for sign in cell) for cell in told)
    return gettext("row %(line)s: %(texts)s × text, %(numbers)s × number") % {
        "line": line, "texts": len(told) - numbers, "numbers": numbers,
    }  # fmt: skip


@cache
def _known() -> dict[str, str]:
    table = tomllib.loads(HEADINGS.read_text(encoding="utf-8"))
    return {_form(text): key for key, texts in table.items() for text in (key, *texts)}


def _form(heading: str) -> str:
    bare = heading.partition("(")[0] or heading
    return " ".join(greek.words(bare.replace("_", " ")))
