"""Pages of vulnerable groups: all of them, and one over the municipalities of the region."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.geography.models import Area
from entaxis.indicators import charts, groups, wording
from entaxis.indicators.breaking_down import TOTAL
from entaxis.indicators.groups import Counted, Part, Spread
from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Figure, Period
from entaxis.vocabularies.models import Term


def index(request: HttpRequest) -> HttpResponse:
    """Every sub-group with the region's latest count of each source."""
    region = region_of(request)
    sources = groups.counted(region)
    told = groups.latest(sources, region)
    context = {
        "region": region,
        "sources": sources,
        "sentences": [_said(source, told[source.code], region) for source in sources],
        "groups": [
            (term, [(one, [_of_source(source, told, one) for source in sources]) for one in inside])
            for term, inside in groups.terms()
        ],
        "is_synthetic": any(source.periods[0].is_synthetic for source in sources),
        "trail": _trail(),
    }
    return render(request, "indicators/groups.html", context)


def _said(source: Counted, told: dict[str, Figure], region: Area) -> str:
    """What one source tells of the region's sub-groups in its last period: those of two are no row."""
    last = {key: figure for key, figure in told.items() if figure.period == source.periods[0].key}
    named = [(one.label, last.get(one.key)) for _term, inside in groups.terms() for one in inside]
    said = " ".join(wording.of_counts(named, source.indicator))
    return f"{source.name}, {region.name}, {source.periods[0].key}: {said}"


def _of_source(
    source: Counted, told: dict[str, dict[str, Figure]], one: Term
) -> tuple[str, dict[str, Any]]:
    figure = told[source.code].get(one.key)
    told_of = cell(figure, source.indicator)
    if figure and figure.period != source.periods[0].key:
        told_of["earlier"] = figure.period
    return source.name, told_of


def group(request: HttpRequest, key: str) -> HttpResponse:
    """One sub-group: per municipality, by sex and age, and what surveys say of it."""
    region, term = region_of(request), groups.term(key)
    if term is None:
        raise Http404
    measured = groups.measured(region, key)
    context: dict[str, Any] = {
        "region": region,
        "term": term,
        "measured": [_beside(one) for one in measured],
        "measured_sentences": list(_differences(measured)),
        "is_synthetic": any(one.period.is_synthetic for one in measured),
        "trail": _trail((term.label, "")),
    }
    sources = groups.counted(region)
    if sources:
        source, period = chosen(request, sources)
        spread = groups.spread(period, region, key)
        context |= _places(request, term, source, period, spread) | {
            "sources": [(one.code, one.name) for one in sources],
            "is_synthetic": context["is_synthetic"] or period.is_synthetic,
        }
    return render(request, "indicators/group.html", context)


def chosen(request: HttpRequest, sources: Sequence[Counted]) -> tuple[Counted, Period]:
    """The count and the period that the address asks for; another count's period gives way to its latest.

    Raises:
        Http404: there is no such count.
    """
    code, key = request.GET.get("source", ""), request.GET.get("period", "")
    source = next((one for one in sources if code in ("", one.code)), None)
    if source is None:
        raise Http404
    return source, source.at(key) or source.periods[0]


def _places(
    request: HttpRequest, term: Term, source: Counted, period: Period, spread: Spread
) -> dict[str, Any]:
    parts = {part.who: part for part in spread.parts}
    who = request.GET.get("who") or TOTAL
    part = parts.get(who) or next(iter(parts.values()), Part(term.key))
    whole = spread.figure(spread.region, part)
    rows = [
        cell(spread.figure(area, part), source.indicator)
        | {"name": area.name, "share": _share(spread.figure(area, part), whole)}
        for area in spread.areas
        if parts
    ]
    of = f"{term.label}, {part.label}, {spread.region.name}"
    told = [(area.name, spread.figure(area, part)) for area in spread.areas if parts]
    return {
        "source": source,
        "period": period,
        "sentences": [
            *wording.of_count(whole, source.indicator, of=of, period=period.key),
            *wording.of_counts(told, source.indicator),
        ],
        "who": part.who,
        "whos": [(one.who, one.label) for one in parts.values()],
        "rows": rows,
        "bars": charts.bars([(row["name"], row["figure"], row["value"]) for row in rows if row["figure"]]),
        "bars_title": f"{term.label}: {source.name}, {period.key}, {part.label}",
        "matrix": matrix(term.key, spread.by_area.get(spread.region.code, {}), source.indicator),
    }


def _share(figure: Figure | None, whole: Figure | None) -> str:
    """Of the region's persons, where both are published."""
    if figure is None or figure.value is None or whole is None or not whole.value:
        return ""
    return f"{wording.rounded(100 * figure.value / whole.value, 1)} %"


def matrix(key: str, told: dict[Part, Figure] | Any, indicator: Indicator) -> dict[str, Any]:
    """Ages by sexes as the template draws them; nothing where only everybody is told."""
    found = groups.matrix(key, told)
    rows = [
        (label, [(sex, cell(one, indicator)) for sex, one in zip(found.sexes, figures, strict=True)])
        for label, figures in found.rows
    ]
    return {"sexes": found.sexes, "rows": rows if len(told) > 1 else []}


def cell(figure: Figure | None, indicator: Indicator) -> dict[str, Any]:
    """A figure as a cell of a table writes it."""
    return {
        "figure": figure,
        "value": wording.written(figure.value, indicator) if figure else "",
        "url": figure.passport if figure else "",
    }


def _beside(one: groups.Beside) -> dict[str, Any]:
    indicator = one.version.indicator
    return cell(one.figure, indicator) | {
        "code": indicator.code,
        "name": one.version.name,
        "interval": wording.interval(one.figure, indicator),
        "everybody": wording.written(one.everybody.value, indicator),
        "note": _note(one),
    }


def _differences(measured: Sequence[groups.Beside]) -> Iterator[str]:
    """Of the indicators of surveys: those that differ beyond their intervals, by name."""
    shown = [one for one in measured if one.figure.is_shown]
    differing = [one for one in shown if one.differs]
    higher = [one.version.name for one in differing if one.is_higher]
    lower = [one.version.name for one in differing if not one.is_higher]
    return wording.of_group(higher, lower, others=len(differing) < len(shown))


def _note(one: groups.Beside) -> str:
    """A difference only where the intervals bear it."""
    if not one.figure.is_shown:
        return one.figure.reason_text
    said = [_("low reliability")] if one.figure.is_unreliable else []
    if one.differs:
        said.insert(0, _("higher with certainty") if one.is_higher else _("lower with certainty"))
    return ", ".join(said)


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    trail = [
        {"title": _("Home"), "url": "/"},
        {"title": _("Indicators"), "url": reverse("indicators:index")},
        {"title": _("Vulnerable groups"), "url": reverse("indicators:groups")},
    ]
    return [*trail, *({"title": title, "url": url} for title, url in steps)]
