"""Two maps side by side: the page and its table."""

from collections.abc import Iterator
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from entaxis.core.tabular.writing import Value
from entaxis.geography import choropleth
from entaxis.geography.choropleth import Choropleth
from entaxis.indicators import queries
from entaxis.maps import columns, http
from entaxis.maps.asking import Asked, asked_or_404
from entaxis.maps.beside import Beside
from entaxis.maps.indicator_map import IndicatorMap
from entaxis.maps.tables import Table
from entaxis.notifications import links

ENDINGS: Final = ("csv", "xlsx")


def page(request: HttpRequest) -> HttpResponse:
    """Two indicators, or one in two periods: table, words, maps."""
    left = Asked.of(request)
    if left is None:
        return render(request, "maps/beside.html", {"trail": http.trail(_("Two maps side by side"))})
    right = left.beside(request.GET)
    shown = Beside(left.shown(), right.shown())
    query = left.query_beside(right)
    permalink = links.absolute(left.region, left.address_of("maps:beside", query))
    context = {
        "left": left,
        "right": right,
        "kept": left.kept("mode", "drawing"),
        "beside": shown,
        "themes": queries.by_theme(left.entries),
        "maps": [_drawn(shown.left, "left"), _drawn(shown.right, "right")],
        "downloads": [
            (ending.upper(), left.address_of(f"maps:beside-{ending}", query)) for ending in ENDINGS
        ],
        "permalink": permalink,
        "citation": shown.citation(permalink),
        "trail": http.trail(_("Two maps side by side")),
    }
    return render(request, "maps/beside.html", context)


def csv(request: HttpRequest) -> HttpResponseBase:
    """Both as one table: a row for an area and a map."""
    return _file(request, "csv")


def xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook, with the words and the sources of both on a second sheet."""
    return _file(request, "xlsx")


def _file(request: HttpRequest, ending: str) -> HttpResponseBase:
    left = asked_or_404(request)
    right = left.beside(request.GET)
    if right.gave_way:
        raise Http404
    shown = Beside(left.shown(), right.shown())
    notes = dict.fromkeys((*shown.left.notes, *shown.right.notes))
    said = (shown.left.title, shown.right.title, *shown.sentences, *notes)
    table = Table(_("Two maps side by side"), columns.headings(), list(_lines(shown)), said)
    name = f"beside-{left.file_name}-{right.entry.indicator.code}-{right.period}.{ending}"
    return table.answer(request, name)


def _drawn(one: IndicatorMap, prefix: str) -> tuple[IndicatorMap, str, Choropleth | None, str]:
    """The map, the prefix that keeps its ids apart, what is drawn and its drawing."""
    drawn = http.with_profiles(one)
    return one, prefix, drawn, choropleth.map_svg(drawn, prefix=prefix) if drawn else ""


def _lines(shown: Beside) -> Iterator[list[Value]]:
    for pair in shown.pairs:
        yield columns.cells(pair.left.figure, shown.left)
        yield columns.cells(pair.right.figure, shown.right)
