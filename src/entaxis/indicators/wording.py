"""Figures in words: never claiming a difference that the intervals do not bear."""

from collections.abc import Iterator, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entaxis.indicators.models import Indicator, Unit
from entaxis.indicators.queries import Figure, Figures, Point

NAMED = 5


def rounded(value: float, digits: int) -> str:
    """A number in the reader's language: rounded, where Django's own formatting would cut it off."""
    nearest = round(value, digits) + 0.0  # no minus before a nought
    return number_format(nearest, digits, use_l10n=True, force_grouping=True)


def written(value: float | None, indicator: Indicator) -> str:
    """A value with its unit as a reader writes it: ``22,8 %``."""
    if value is None:
        return "–"
    number = rounded(value, indicator.digits)
    return f"{number} %" if indicator.unit == Unit.PERCENT else number


def unit_note(indicator: Indicator) -> str:
    """The unit where the number alone does not say it."""
    return "" if indicator.unit == Unit.PERCENT else str(Unit(indicator.unit).label)


def interval(figure: Figure, indicator: Indicator) -> str:
    """``19,5–26,4 %``, or nothing where there is no interval."""
    if figure.ci_low is None or figure.ci_high is None:
        return ""
    low = rounded(figure.ci_low, indicator.digits)
    return f"{low}–{written(figure.ci_high, indicator)}"


def of_region(points: Sequence[Point], indicator: Indicator, region: str) -> Iterator[str]:
    """The last figure of a region and what may be said of its change."""
    shown = [point for point in points if point.figure.is_shown]
    if not shown:
        return
    last = shown[-1]
    named = {
        "region": region,
        "period": last.period.key,
        "value": written(last.figure.value, indicator),
        "interval": interval(last.figure, indicator),
    }
    if last.figure.at_least:
        named["remark"] = last.figure.at_least
        yield _("%(region)s, %(period)s: %(value)s – %(remark)s.") % named
    elif named["interval"]:
        yield _("%(region)s, %(period)s: %(value)s (with 95 %% confidence %(interval)s).") % named
    else:
        yield _("%(region)s, %(period)s: %(value)s.") % named
    if len(shown) > 1:
        yield _change(shown[-2], last)


def _change(before: Point, last: Point) -> str:
    named = {"before": before.period.key, "period": last.period.key}
    if last.period.has_break:
        return _("%(period)s cannot be compared with %(before)s: the series breaks.") % named
    if last.figure.ci_low is None:
        return _("There is no interval, so nothing is said of the change since %(before)s.") % named
    if not last.figure.differs_from(before.figure):
        return _("Between %(before)s and %(period)s no change can be claimed: the intervals meet.") % named
    if (last.figure.value or 0) > (before.figure.value or 0):
        return _("That is more than in %(before)s: the intervals do not meet.") % named
    return _("That is less than in %(before)s: the intervals do not meet.") % named


def of_areas(found: Figures) -> Iterator[str]:
    """Which areas differ from the region with certainty, and how many are not shown."""
    higher: list[str] = []
    lower: list[str] = []
    for figure in found:
        if figure.differs_from(found.region):
            (higher if (figure.value or 0) > (found.region.value or 0) else lower).append(figure.area.name)
    if higher:
        yield _("Higher than the region with certainty: %(names)s.") % {"names": listed(higher)}
    if lower:
        yield _("Lower than the region with certainty: %(names)s.") % {"names": listed(lower)}
    if not higher and not lower and found.region.ci_low is not None:
        yield _("Of no area can it be said with certainty that it differs from the region.")
    hidden = sum(not figure.is_shown for figure in found)
    if hidden:
        yield ngettext(
            "%(number)s area is not shown; the table says why.",
            "%(number)s areas are not shown; the table says why.",
            hidden,
        ) % {"number": hidden}


def listed(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (_(" and %(number)s more") % {"number": rest} if rest > 0 else "")


def citation(*, name: str, area: str, period: str, source: str, url: str) -> str:
    """How to cite a figure."""
    return f"{name}, {area}, {period}. {source}. {url}"
