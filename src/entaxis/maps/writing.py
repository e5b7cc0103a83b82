"""Figures in words: numbers with their unit, intervals, names of areas in a row."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from entaxis.geography.models import Area
from entaxis.indicators import breaking_down, wording
from entaxis.indicators.models import Indicator
from entaxis.indicators.models.catalogue import Unit
from entaxis.indicators.queries import Figure
from entaxis.maps.surety import Surety, surety
from entaxis.notifications import links

MOST_NAMED: Final = 6
NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def number(value: float, indicator: Indicator) -> str:
    """A value with the indicator's decimals in the reader's language, without its unit."""
    return wording.rounded(value, indicator.digits)


def unit(indicator: Indicator) -> str:
    """What a value counts, in the reader's language."""
    return str(Unit(indicator.unit).label)


def amount(value: float, indicator: Indicator) -> str:
    """A value with its unit: 18,3 %."""
    if indicator.unit == Unit.RANK:
        return wording.written(value, indicator)
    return f"{number(value, indicator)}{NO_BREAK}{unit(indicator)}"


def value(figure: Figure, indicator: Indicator) -> str:
    """A figure's number, or why there is none."""
    return figure.reason_text if figure.value is None else number(figure.value, indicator)


def interval(figure: Figure, indicator: Indicator) -> str:
    """Both ends of a figure's interval; empty where it has none."""
    if figure.ci_low is None or figure.ci_high is None:
        return ""
    return f"{number(figure.ci_low, indicator)} – {number(figure.ci_high, indicator)}"


def sentence(figure: Figure, indicator: Indicator) -> str:
    """A figure's number with its unit, interval and remarks, or why there is none."""
    if figure.value is None:
        return figure.reason_text
    ends = interval(figure, indicator)
    said = "".join(f", {remark}" for remark in remarks(figure))
    return f"{amount(figure.value, indicator)}{f' ({ends})' if ends else ''}{said}"


def passport(figure: Figure, region: Area) -> str:
    """The whole address of a figure's passport, for files that leave the site; empty where none is."""
    return links.absolute(region, figure.passport) if figure.passport else ""


def names(areas: Sequence[Area]) -> str:
    """Names in a row; of many the first, and how many more there are."""
    first = ", ".join(area.name for area in areas[:MOST_NAMED])
    more = len(areas) - MOST_NAMED
    return first if more <= 0 else _("%(areas)s and %(number)s more") % {"areas": first, "number": more}


def remarks(figure: Figure) -> list[str]:
    """What must be said beside a figure."""
    said: Iterable[tuple[bool, str]] = (
        (figure.is_unreliable, _("unreliable")),
        (not figure.is_unreliable and surety(figure) == Surety.UNSURE, _("large error")),
        (figure.is_modelled, _("from a model")),
        (bool(figure.at_least), figure.at_least),
    )
    return [text for holds, text in said if holds]


def note(figure: Figure, demonstration: str) -> str:
    """What a file says beside a figure: who reported of a sum, that sub-groups overlap, which data."""
    overlap = breaking_down.overlap(figure.breakdown).removesuffix(".")
    return ". ".join(text for text in (figure.at_least, overlap, demonstration) if text)
