"""Keys of periods (``2023``, ``2023-Q2``, ``2023-12``) and what a page calls them."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext as _


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


def month_before(month: str) -> str:
    """``2024-01`` → ``2023-12``."""
    year, number = map(int, month.split("-"))
    return f"{year}-{number - 1:02}" if number > 1 else f"{year - 1}-12"


def span(keys: Iterable[str]) -> str:
    """The first and the last of keys in their order: ``2021–2023``; empty of none."""
    held = list(keys)
    ends = dict.fromkeys((held[0], held[-1])) if held else {}
    return "–".join(ends)
