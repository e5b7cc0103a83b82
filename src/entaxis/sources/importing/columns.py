"""The fields of a file of persons, and which heading means which."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entaxis.core import greek
from entaxis.sources.importing.problems import SourceRefusedError

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


@cache
def _known() -> dict[str, str]:
    table = tomllib.loads(HEADINGS.read_text(encoding="utf-8"))
    return {_form(text): key for key, texts in table.items() for text in (key, *texts)}


def _form(heading: str) -> str:
    bare = heading.partition("(")[0] or heading
    return " ".join(greek.words(bare.replace("_", " ")))
