"""Areas in a row and beside each other: pages and tables."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from entaxis.core.tabular.writing import Value
from entaxis.geography.models import Area, Level
from entaxis.indicators import breaking_down, queries, wording
from entaxis.indicators.models import CountryFigure
from entaxis.maps import columns, http, writing
from entaxis.maps.asking import Asked, asked_or_404
from entaxis.maps.comparison import MOST_AREAS, Comparison, comparison
from entaxis.maps.indicator_map import LEVELS, IndicatorMap
from entaxis.maps.intervals import intervals_svg
from entaxis.maps.ranking import Ranking
from entaxis.maps.tables import Table
from entaxis.notifications import links

ENDINGS: Final = ("csv", "xlsx")
NEWEST: Final = 12
"""Periods shown before somebody asks for all: as many as an indicator of months has in a year."""
EVERY: Final = "all"
MOST_DRAWN: Final = 6
"""Periods that have a drawing each; of more only the last has one, since the table tells them all."""


def ranking(request: HttpRequest) -> HttpResponse:
    """Areas from the highest value, each with the places that cannot be excluded."""
    asked = Asked.of(request)
    if asked is None:
        return render(request, "maps/ranking.html", {"trail": http.trail(_("Ranking"))})
    shown = asked.shown()
    held = Ranking(shown)
    permalink = links.absolute(asked.region, asked.permanent("maps:ranking"))
    context = _context(asked, shown, "maps:ranking") | {
        "permalink": permalink,
        "citation": shown.citation(permalink, kind=_("Ranking")),
        "ranking": held,
        "notes": shown.notes_of_table([shown.found]),
        "has_band": shown.found.region.ci_low is not None,
        "drawing": intervals_svg(
            [(row.figure.area.name, row.figure) for row in held.rows],
            shown.indicator,
            title=shown.title,
            reference=shown.found.region,
        ),
        "rows": [
            (
                row,
                writing.number(row.figure.value or 0.0, shown.indicator),
                _interval(shown, row.figure),
                writing.remarks(row.figure),
            )
            for row in held.rows
        ],
        "without": [
            (figure.area, writing.sentence(figure, shown.indicator), figure) for figure in held.without
        ],
        "downloads": [(ending.upper(), asked.address(f"maps:ranking-{ending}")) for ending in ENDINGS],
        "trail": http.trail(_("Ranking")),
    }
    return render(request, "maps/ranking.html", context)


def ranking_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a table."""
    return _ranking_file(request, "csv")


def ranking_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook, with its words and sources on a second sheet."""
    return _ranking_file(request, "xlsx")


def _ranking_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    asked = asked_or_404(request)
    held = Ranking(asked.shown())
    said = (
        f"{_('Ranking')}: {held.map.title}",
        *held.sentences,
        *held.map.notes_of_table([held.map.found]),
    )
    table = Table(held.map.indicator.code, _ranking_headings(), list(_ranking_lines(held)), said)
    return table.answer(request, f"rank-{asked.file_name}.{ending}")


def compare(request: HttpRequest) -> HttpResponse:
    """Up to four areas beside the region, over all periods."""
    asked = Asked.of(request)
    if asked is None:
        return render(request, "maps/comparison.html", {"trail": http.trail(_("Comparison"))})
    shown = asked.shown()
    codes = _codes(request, shown) if "area" in request.GET else _first(shown)
    shown, is_every = _newest(shown, request)
    found = _found(asked, shown, codes)
    country = _country(asked, shown)
    chosen = urlencode({"area": codes} | ({"periods": EVERY} if is_every else {}), doseq=True)
    permalink = links.absolute(asked.region, f"{asked.permanent('maps:comparison')}&{chosen}")
    context = _context(asked, shown, "maps:comparison") | {
        "permalink": permalink,
        "citation": shown.citation(
            permalink,
            kind=_("Comparison"),
            years=shown.years,
            beside=[row.source for row in country.values()],
        ),
        "country": wording.country_sources(country.values()),
        "country_cells": [
            wording.of_country(country, year.period, shown.indicator) for year in shown.years
        ],
        "areas": [row.area for row in shown.rows],
        "notes": shown.notes_of_table(shown.years),
        "period_choices": _period_choices(asked, is_every=is_every),
        "codes": [*codes, *[""] * (MOST_AREAS - len(codes))],
        "comparison": found if codes else None,
        "drawings": _drawings(shown, found) if codes else [],
        "downloads": [
            (ending.upper(), f"{asked.address(f'maps:comparison-{ending}')}&{chosen}") for ending in ENDINGS
        ],
        "trail": http.trail(_("Comparison")),
    }
    return render(request, "maps/comparison.html", context)


def compare_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a table: a row for an area and a period."""
    return _comparison_file(request, "csv")


def compare_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook, with its words and sources on a second sheet."""
    return _comparison_file(request, "xlsx")


def _comparison_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    asked = asked_or_404(request)
    shown = asked.shown()
    codes = _codes(request, shown, is_strict=True)
    if not codes:
        raise Http404
    shown, _is_every = _newest(shown, request)
    found = _found(asked, shown, codes)
    lines = list(_comparison_lines(shown, found, _country(asked, shown)))
    said = (
        f"{_('Comparison')}: {shown.period.version.name}",
        *found.sentences,
        *shown.notes_of_table(shown.years),
    )
    table = Table(shown.indicator.code, _comparison_headings(), lines, said)
    return table.answer(request, f"compare-{asked.file_name}-{'-'.join(codes)}.{ending}")


def _newest(shown: IndicatorMap, request: HttpRequest) -> tuple[IndicatorMap, bool]:
    """The same over the newest periods, or over all where that was asked for.

    Raises:
        Http404: asked for anything else.
    """
    wanted = request.GET.get("periods", "")
    if wanted not in ("", EVERY):
        raise Http404
    is_every = wanted == EVERY
    return (shown if is_every else replace(shown, years=shown.years[-NEWEST:])), is_every


def _period_choices(asked: Asked, *, is_every: bool) -> list[tuple[str, str, bool]]:
    """The newest periods or all; none where those are the same."""
    if len(asked.periods) <= NEWEST:
        return []
    newest = _("the newest %(number)s") % {"number": NEWEST}
    every = _("all %(number)s") % {"number": len(asked.periods)}
    return [("", newest, not is_every), (EVERY, every, is_every)]


def _country(asked: Asked, shown: IndicatorMap) -> dict[int, CountryFigure]:
    """The whole country's values beside everybody's; of a part of the people none is known."""
    if asked.breakdown != breaking_down.TOTAL:
        return {}
    return queries.of_country(year.period for year in shown.years)


def _found(asked: Asked, shown: IndicatorMap, codes: list[str]) -> Comparison:
    """Chosen municipalities stand beside their regional units too; what adds up, beside no whole."""
    is_beside = asked.level == Level.MUNICIPALITY and Level.REGIONAL_UNIT in asked.entry.version.levels
    if not is_beside or shown.indicator.adds_up:
        return comparison(shown.years, codes)
    units = queries.over_periods(
        shown.indicator,
        shown.region,
        breakdown=asked.breakdown,
        level=Level.REGIONAL_UNIT,
        known=[year.period for year in shown.years],
    )
    return comparison(shown.years, codes, units)


def _codes(request: HttpRequest, shown: IndicatorMap, *, is_strict: bool = False) -> list[str]:
    """The areas asked for, each once; those of another level give way to whoever changes the level.

    Raises:
        Http404: an area that is not of this region – where ``is_strict``, of this level – or more areas
            than may be compared.
    """
    codes = list(dict.fromkeys(code for code in request.GET.getlist("area") if code))
    held = [code for code in codes if code in shown.found.by_area]
    others = set(codes) - set(held)
    if len(codes) > MOST_AREAS or (others and (is_strict or not _are_of(shown.region, others))):
        raise Http404
    return held if held or not others else _first(shown)


def _are_of(region: Area, codes: set[str]) -> bool:
    inside = Area.objects.current().of(region).filter(code__in=codes, level__in=LEVELS)
    return inside.values("code").distinct().count() == len(codes)


def _first(shown: IndicatorMap) -> list[str]:
    """Two areas that have a figure, for whoever has not chosen yet."""
    return [row.area.code for row in shown.rows if row.figure.is_shown][:2]


def _context(asked: Asked, shown: IndicatorMap, name: str) -> dict[str, object]:
    return {
        "asked": asked,
        "rates": asked.rates,
        "action": reverse(name),
        "map": shown,
        "themes": queries.by_theme(asked.entries),
        "unit": writing.unit(shown.indicator),
        "years": [row for row in asked.years(name) if row[0] in {year.period.key for year in shown.years}],
        "kept": asked.kept("period", "mode", "drawing"),
        "map_url": asked.address("maps:indicators"),
        "whole": shown.whole,
    }


def _drawings(shown: IndicatorMap, found: Comparison) -> list[tuple[str, str]]:
    """A drawing a period: the areas over the band of the region; one axis for all.

    One drawing alone where nothing has an interval or there are many periods; of numbers that add up
    without the region, beside which every area is small.
    """
    is_beside = not shown.indicator.adds_up
    lines = (*found.lines, *found.units, *([found.reference] if is_beside else ()))
    is_one = not found.has_intervals or len(shown.years) > MOST_DRAWN
    drawn = list(enumerate(shown.years))[-1 if is_one else 0 :]
    every = [
        line.points[place].figure
        for line in lines
        for place, _year in drawn
        if line.points[place].figure.is_shown
    ]
    return [
        (
            year.period.key,
            intervals_svg(
                [(line.name, line.points[place].figure) for line in (*found.lines, *found.units)],
                shown.indicator,
                title=f"{shown.period.version.name}, {year.period.key}",
                reference=year.region if is_beside else None,
                beside=every,
            ),
        )
        for place, year in drawn
    ]


def _interval(shown: IndicatorMap, figure: queries.Figure) -> str:
    return writing.interval(figure, shown.indicator)


# --- tables ---------------------------------------------------------------------------------------


def _ranking_headings() -> list[str]:
    return columns.headings(
        _("Place in the ranking"), _("Best place"), _("Worst place"), _("Why there is no place")
    )


def _ranking_lines(held: Ranking) -> Iterator[list[Value]]:
    for row in held.rows:
        yield columns.cells(row.figure, held.map, row.rank, row.low, row.high, "")
    for figure in held.without:
        yield columns.cells(figure, held.map, None, None, None, held.why(figure))


def _comparison_headings() -> list[str]:
    return columns.headings(_("Change over the periods"))


def _comparison_lines(
    shown: IndicatorMap, found: Comparison, country: Mapping[int, CountryFigure]
) -> Iterator[list[Value]]:
    for line in (*found.lines, *found.units, found.reference):
        for point in line.points:
            yield columns.cells(
                point.figure, shown, line.change_in_words, period=point.period, name=line.name
            )
    for year in shown.years:
        if row := country.get(year.period.series_id):
            yield columns.of_country(row, shown, "")
