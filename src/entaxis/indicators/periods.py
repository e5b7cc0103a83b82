"""Keys of periods (``2023``, ``2023-Q2``, ``2023-12``) and what a page calls them."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

QUARTERS: Final = 4
MONTHS: Final = 12


class Kind(StrEnum):
    """How long a period is; ``MIXED`` where a list has several lengths."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    MIXED = "mixed"


def kind(keys: Iterable[str]) -> Kind:
    """Of a list of keys; a list without any is mixed."""
    found = {_kind_of(key) for key in keys}
    return found.pop() if len(found) == 1 else Kind.MIXED


def _kind_of(key: str) -> Kind:
    part = key[5:]
    if not part:
        return Kind.YEAR
    return Kind.QUARTER if part.startswith("Q") else Kind.MONTH


def heading(keys: Iterable[str]) -> str:
    """Over a column or a field of such keys."""
    return {
        Kind.YEAR: _("Year"),
        Kind.QUARTER: _("Quarter"),
        Kind.MONTH: _("Month"),
        Kind.MIXED: _("Period"),
    }[kind(keys)]


def through(keys: Iterable[str]) -> str:
    """Over what tells all of them, one after the other."""
    return {
        Kind.YEAR: _("Over the years"),
        Kind.QUARTER: _("Quarter by quarter"),
        Kind.MONTH: _("Month by month"),
        Kind.MIXED: _("Over the periods"),
    }[kind(keys)]


def before(key: str) -> str:
    """The period just before: ``2024-01`` → ``2023-12``, ``2024-Q1`` → ``2023-Q4``, ``2024`` → ``2023``."""
    year, part = int(key[:4]), key[5:]
    if not part:
        return f"{year - 1}"
    is_quarter = part[0] == "Q"
    number = int(part.removeprefix("Q")) - 1
    if not number:
        year, number = year - 1, QUARTERS if is_quarter else MONTHS
    return f"{year}-Q{number}" if is_quarter else f"{year}-{number:02}"


def after(key: str) -> str:
    """The period that follows: ``2023-Q4`` → ``2024-Q1``, ``2023-12`` → ``2024-01``."""
    year, part = int(key[:4]), key[5:]
    if not part:
        return f"{year + 1}"
    is_quarter = part[0] == "Q"
    number = int(part.removeprefix("Q")) + 1
    if number > (QUARTERS if is_quarter else MONTHS):
        year, number = year + 1, 1
    return f"{year}-Q{number}" if is_quarter else f"{year}-{number:02}"


def name(key: str) -> str:
    """In the reader's language: ``2024-02`` → ``February 2024``, ``2024-Q1`` → ``quarter 1 of 2024``."""
    year, part = key[:4], key[5:]
    if not part:
        return key
    if part[0] == "Q":
        return _("quarter %(number)s of %(year)s") % {"number": part[1:], "year": year}
    return date_format(date(int(year), int(part), 1), "F Y")


def names(keys: Iterable[str]) -> str:
    """All of them in words; those that follow one another as ``January 2024 – March 2024``."""
    runs: list[list[str]] = []
    for key in sorted(set(keys)):
        if runs and after(runs[-1][-1]) == key:
            runs[-1].append(key)
        else:
            runs.append([key])
    said = [
        f"{name(run[0])} – {name(run[-1])}" if len(run) > 2 else ", ".join(map(name, run)) for run in runs
    ]
    return ", ".join(said)


def span(keys: Iterable[str]) -> str:
    """The first and the last of keys in their order: ``2021–2023``; empty of none."""
    held = list(keys)
    ends = dict.fromkeys((held[0], held[-1])) if held else {}
    return "–".join(ends)
