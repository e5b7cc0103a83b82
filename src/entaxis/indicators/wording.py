"""Figures in words: never claiming a difference that the intervals do not bear."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entaxis.indicators.models import CountryFigure, Indicator, Unit
from entaxis.indicators.queries import MISSING, Figure, Figures, Period, Point

NAMED = 5
FIRST = 3
MINUS: Final = "\N{MINUS SIGN}"


def rounded(value: float, digits: int) -> str:
    """A number in the reader's language: rounded, where Django's own formatting would cut it off."""
    nearest = round(value, digits) + 0.0  # no minus before a nought
    # a hyphen before a number is lost among the dashes of intervals
    return number_format(nearest, digits, use_l10n=True, force_grouping=True).replace("-", MINUS)


def written(value: float | None, indicator: Indicator) -> str:
    """A value with its unit as a reader writes it: ``22,8 %``."""
    if value is None:
        return "–"
    number = rounded(value, indicator.digits)
    if indicator.unit == Unit.RANK:
        return _("place %(number)s") % {"number": number}
    return f"{number} %" if indicator.unit == Unit.PERCENT else number


def unit_note(indicator: Indicator) -> str:
    """The unit where the number alone does not say it."""
    return "" if indicator.unit == Unit.PERCENT else str(Unit(indicator.unit).label)


def interval(figure: Figure, indicator: Indicator) -> str:
    """``19,5–26,4 %``, or nothing where there is no interval."""
    if figure.ci_low is None or figure.ci_high is None:
        return ""
    low, high = (rounded(end, indicator.digits) for end in (figure.ci_low, figure.ci_high))
    return f"{low}–{high} %" if indicator.unit == Unit.PERCENT else f"{low}–{high}"


def of_country(known: Mapping[int, CountryFigure], period: Period, indicator: Indicator) -> str:
    """The country's value beside a period's; empty where none is known."""
    row = known.get(period.series_id)
    return written(row.value, indicator) if row else ""


def country_sources(known: Iterable[CountryFigure]) -> list[CountryFigure]:
    """One row a source, latest period first: who published the country's values, when and where."""
    rows = sorted(known, key=lambda row: row.period, reverse=True)
    return list({(row.source, row.address, row.published_on): row for row in rows}.values())


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
    elif named["interval"] and last.period.version.is_rate_of_a_count:
        yield (
            _(
                "%(region)s, %(period)s: %(value)s (everybody was counted; the interval %(interval)s shows "
                "how much such a number varies by chance)."
            )
            % named
        )
    elif named["interval"]:
        yield _("%(region)s, %(period)s: %(value)s (with 95 %% confidence %(interval)s).") % named
    else:
        yield _("%(region)s, %(period)s: %(value)s.") % named
    if len(shown) > 1:
        yield _change(shown[-2], last)


def _change(before: Point, last: Point) -> str:
    named = {"before": before.period.key, "period": last.period.key}
    if last.period.breaks_since(before.period):
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
    for figure in () if found.indicator.adds_up else found:
        if figure.differs_from(found.region):
            (higher if (figure.value or 0) > (found.region.value or 0) else lower).append(figure.area.name)
    if higher:
        yield _("Higher than the region with certainty: %(names)s.") % {"names": listed(higher)}
    if lower:
        yield _("Lower than the region with certainty: %(names)s.") % {"names": listed(lower)}
    is_compared = not found.indicator.adds_up and found.region.ci_low is not None
    if is_compared and not higher and not lower:
        yield _("Of no area can it be said with certainty that it differs from the region.")
    hidden = sum(not figure.is_shown for figure in found)
    if hidden:
        yield ngettext(
            "%(number)s area is not shown; the table says why.",
            "%(number)s areas are not shown; the table says why.",
            hidden,
        ) % {"number": hidden}


def of_count(figure: Figure | None, indicator: Indicator, *, of: str, period: str) -> Iterator[str]:
    """A count of a whole in words: its number, or why there is none; nothing where nothing is told."""
    if figure is None:
        return
    named = {"region": of, "period": period}
    if not figure.is_shown:
        yield _("%(region)s, %(period)s: %(reason)s.") % (named | {"reason": figure.reason_text})
        return
    named["value"] = f"{written(figure.value, indicator)} {unit_note(indicator)}".strip()
    if figure.at_least:
        yield _("%(region)s, %(period)s: %(value)s – %(remark)s.") % (named | {"remark": figure.at_least})
    else:
        yield _("%(region)s, %(period)s: %(value)s.") % named


def of_counts(named: Sequence[tuple[str, Figure | None]], indicator: Indicator) -> Iterator[str]:
    """Counts beside each other: the largest, how many are withheld, and of how many nothing is told."""
    if said := largest(named, indicator):
        yield said
    told = [figure for _name, figure in named if figure is not None and figure.reason != MISSING]
    facts = {"all": len(named)}
    if hidden := sum(not figure.is_shown for figure in told):
        yield ngettext(
            "%(number)s of %(all)s numbers is withheld: this does not mean that it is small.",
            "%(number)s of %(all)s numbers are withheld: this does not mean that they are small.",
            hidden,
        ) % (facts | {"number": hidden})
    if untold := len(named) - len(told):
        yield ngettext(
            "Of %(number)s of %(all)s this source tells nothing, which is not the same as nobody.",
            "Of %(number)s of %(all)s this source tells nothing, which is not the same as nobody.",
            untold,
        ) % (facts | {"number": untold})


def largest(named: Sequence[tuple[str, Figure | None]], indicator: Indicator) -> str:
    """The largest published numbers; empty of estimates, whose order only their intervals could bear.

    Of numbers that tie for the last place all are named or none; none where one is only "at least".
    """
    figures = [(name, figure) for name, figure in named if figure is not None and figure.value]
    if len(figures) < 2 or any(figure.ci_low is not None or figure.at_least for _name, figure in figures):
        return ""
    by_value = sorted(((figure.value or 0.0, name) for name, figure in figures), key=lambda one: -one[0])
    last = by_value[:FIRST][-1][0]
    found = [one for one in by_value if one[0] >= last]
    if len(found) > FIRST:
        found = [one for one in found if one[0] > last]
    if not found:
        return ""
    names = ", ".join(f"{name} ({written(value, indicator)})" for value, name in found)
    return _("Largest of the published numbers: %(names)s.") % {"names": names}


def of_group(higher: Sequence[str], lower: Sequence[str], *, others: bool) -> Iterator[str]:
    """In what a group certainly differs from everybody: names of indicators; ``others``: there are more."""
    if higher:
        yield _("Certainly higher in this group than for everybody: %(names)s.") % {
            "names": " · ".join(higher)
        }
    if lower:
        yield _("Certainly lower in this group than for everybody: %(names)s.") % {
            "names": " · ".join(lower)
        }
    if others and (higher or lower):
        yield _("For the other indicators no difference from everybody can be claimed.")
    elif others:
        yield _("For no indicator can it be claimed that this group differs from everybody.")


def of_rows(*, hidden: int, unreliable: int, modelled: int) -> Iterator[str]:
    """Of many figures: how many have no number, and how many a warning."""
    if hidden:
        yield ngettext(
            "%(number)s has no number; its note says why.",
            "%(number)s have no number; their notes say why.",
            hidden,
        ) % {"number": hidden}
    if unreliable:
        yield ngettext(
            "%(number)s is of low reliability.", "%(number)s are of low reliability.", unreliable
        ) % {"number": unreliable}
    if modelled:
        yield ngettext("%(number)s comes from a model.", "%(number)s come from a model.", modelled) % {
            "number": modelled
        }


def listed(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (_(" and %(number)s more") % {"number": rest} if rest > 0 else "")


def sources(periods: Iterable[Period]) -> str:
    """Where the figures of these periods come from, each source once."""
    return " · ".join(dict.fromkeys(period.release.source for period in periods))


def citation(*, name: str, area: str, period: str, source: str, url: str) -> str:
    """How to cite what is shown at an address; ``period`` may be empty."""
    return f"{', '.join(part for part in (name, area, period) if part)}. {source}. {url}"
