"""The columns of a table of structures, and which heading means which."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entaxis.core import greek
from entaxis.directory.importing.problems import ImportRefusedError

OTHER_HEADINGS = Path(__file__).parents[1] / "data" / "import_headings.toml"
LANGUAGES = ("el", "en")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its heading in the reader's language, and how to fill it in."""

    key: str
    heading: str | Promise
    help: str | Promise = ""
    is_required: bool = False
    is_place: bool = False  # of a confidential structure it goes to the sealed place


COLUMNS: tuple[Column, ...] = (
    Column("code", _("Code"), _("Your own number of the structure. It makes repeating an import safe.")),
    Column("name", _("Name"), is_required=True),
    Column("name_en", _("English name")),
    Column("kind", _("Kind"), _("A key or label of the sheet of lists."), is_required=True),
    Column("body", _("Responsible body"), _("Empty: the municipality.")),
    Column("parent", _("Belongs to"), _("Code or name of the structure of which this is an annex.")),
    Column("status", _("Status"), _("Empty: published.")),
    Column("description", _("Description")),
    Column("description_en", _("English description")),
    Column("municipality", _("Municipality"), _("Name or code."), is_place=True),
    Column("locality", _("Town or village"), is_place=True),
    Column("street", _("Street"), is_place=True),
    Column("street_number", _("Number"), is_place=True),
    Column("postal_code", _("Postal code"), is_place=True),
    Column("latitude", _("Latitude"), _("As 39.3622 (WGS84), or Greek Grid northing."), is_place=True),
    Column("longitude", _("Longitude"), _("As 22.9423 (WGS84), or Greek Grid easting."), is_place=True),
    Column("directions", _("How to get there"), is_place=True),
    Column("directions_en", _("How to get there, in English"), is_place=True),
    Column(
        "served_areas",
        _("Area served"),
        _("Municipalities, regional units or the region. Empty: anywhere."),
    ),
    Column("hours", _("Opening hours"), _("For example: Mon-Fri 08:00-14:00, Wed 16:00-19:00")),
    Column("closed_on_public_holidays", _("Closed on public holidays"), _("Yes or no. Empty: yes.")),
    Column("telephone", _("Telephone"), _("Several: separate them with a comma.")),
    Column("email", _("E-mail")),
    Column("website", _("Website")),
    Column("services", _("Services"), _("Keys or labels of the sheet of lists, separated by ;")),
    Column("needs", _("Needs"), _("Empty: those that the services answer everywhere.")),
    Column("target_groups", _("Target groups")),
    Column("age", _("Ages"), _("For example: 18-65, 65+, 0-5")),
    Column("household", _("Household")),
    Column("income_source", _("Source of income")),
    Column("residence_status", _("Status of residence")),
    Column("residence", _("Where one lives")),
    Column("condition", _("Situation of the person")),
    Column("eligibility_note", _("Who it is for, in words")),
    Column("eligibility_note_en", _("Who it is for, in English")),
    Column("cost", _("Cost")),
    Column("documents", _("What to bring"), _("Several: one a line, or separated by ;")),
    Column("documents_en", _("What to bring, in English")),
    Column("how_to_apply", _("How to apply")),
    Column("how_to_apply_en", _("How to apply, in English")),
    Column("languages", _("Languages spoken")),
    Column("step_free", _("Step-free entrance")),
    Column("accessible_toilet", _("Accessible toilet")),
    Column("access_features", _("Further accessibility")),
    Column("access_note", _("Note on accessibility"), is_place=True),
    Column("capacity_persons", _("Capacity (persons)")),
    Column("free_places", _("Free places")),
    Column("capacity_date", _("Capacity as of")),
    Column("assured_date", _("Last confirmed")),
)
# In front of a file of rejected rows; left out when the mended file comes in again.
LINE_HEADING = _("Line in your file")
REASON_HEADING = _("Reason for rejection")
BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
PLACES = frozenset(column.key for column in COLUMNS if column.is_place)


def recognised(headings: Sequence[str]) -> dict[str, str]:
    """Heading → key of the column it means, for those headings that are understood."""
    known = _known()
    return {heading: known[form] for heading in headings if (form := _form(heading)) in known}


def mapping(headings: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """What each heading is read as: as remembered (empty: left out), else as recognised.

    Raises `ImportRefusedError` where a needed column is missing or two headings mean one.
    """
    understood = recognised(headings)
    ours = {_form(text) for added in (LINE_HEADING, REASON_HEADING) for text in in_both_languages(added)}
    headings = [heading for heading in headings if _form(heading) not in ours]
    chosen = {heading: remembered.get(heading, understood.get(heading, "")) for heading in headings}
    result = {heading: key for heading, key in chosen.items() if key and heading}
    check(result)
    missing = [c for c in COLUMNS if c.is_required and c.key not in result.values()]
    if missing:
        raise ImportRefusedError("columns_missing", columns=", ".join(str(c.heading) for c in missing))
    return result


def places_read_as_words(chosen: Mapping[str, str]) -> set[str]:
    """The columns that everybody reads into which ``chosen`` puts a heading that means a place."""
    meant = recognised(list(chosen))
    return {
        key for heading, key in chosen.items() if meant.get(heading, "") in PLACES and key not in PLACES
    }


def check(chosen: Mapping[str, str]) -> None:
    """Raise `ImportRefusedError` where a mapping names a column that is not, or one twice."""
    seen: dict[str, str] = {}
    for heading, key in chosen.items():
        if not key:
            continue
        if key not in BY_KEY:
            raise ImportRefusedError("mapping_unknown", column=key[:60])
        if key in seen:
            both = f"“{seen[key]}”, “{heading}”"
            raise ImportRefusedError("mapping_twice", column=str(BY_KEY[key].heading), headings=both)
        seen[key] = heading


def in_both_languages(text: str | Promise) -> Iterable[str]:
    """``text`` in Greek and in English."""
    for language in LANGUAGES:
        with translation.override(language):
            yield str(text)


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    others = tomllib.loads(OTHER_HEADINGS.read_text(encoding="utf-8"))
    for column in COLUMNS:
        for text in (column.key, *in_both_languages(column.heading), *others.get(column.key, [])):
            known.setdefault(_form(text), column.key)
    return known


def _form(heading: str) -> str:
    """A heading without what people vary: case, accents, signs, what stands in brackets."""
    bare = heading.partition("(")[0] or heading
    return " ".join(greek.words(bare.replace("_", " ")))
