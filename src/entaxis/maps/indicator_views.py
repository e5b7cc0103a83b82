"""Maps of indicators: page, page for other sites' frames, drawing, picture, tables."""

from collections.abc import Callable, Iterator

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from entaxis.core.tabular.writing import Value
from entaxis.geography import choropleth, pictures
from entaxis.geography.choropleth import Choropleth
from entaxis.indicators import queries
from entaxis.maps import columns, geojson, http, layers, stored, writing
from entaxis.maps.asking import Asked, asked_or_404
from entaxis.maps.indicator_map import IndicatorMap
from entaxis.maps.tables import Table
from entaxis.notifications import links

ENDINGS = ("svg", "png", "geojson", "csv", "xlsx")


def page(request: HttpRequest) -> HttpResponse:
    """An indicator by area: in words, as a table with intervals, as a map, over the years."""
    asked = Asked.of(request)
    if asked is None:
        return render(request, "maps/indicators.html", {"trail": http.trail(_("Indicators"))})
    shown = asked.shown()
    drawn = http.with_profiles(shown)
    permalink = links.absolute(asked.region, asked.address("maps:indicators"))
    context = {
        "asked": asked,
        "themes": queries.by_theme(asked.entries),
        "map": shown,
        "unit": writing.unit(shown.indicator),
        "choropleth": drawn,
        "svg": choropleth.map_svg(drawn) if drawn else "",
        "small_maps": [
            (year.period.key, asked.address("maps:indicators", period=year.period.key), _small(one))
            for year, one in shown.small_maps()
        ],
        "rates": asked.rates,
        "years": asked.years("maps:indicators"),
        "kept": asked.kept("period"),
        "ranking": asked.address("maps:ranking"),
        "comparison": asked.address("maps:comparison"),
        "beside": asked.address("maps:beside"),
        "layers": layers.layers(asked.region) if drawn else [],
        "areas": asked.address("maps:indicators-areas"),
        "permalink": permalink,
        "citation": shown.citation(permalink),
        "embed": links.absolute(asked.region, asked.address("maps:indicators-embed")),
        "downloads": [
            (http.NAMES.get(ending, ending.upper()), asked.address(f"maps:indicators-{ending}"))
            for ending in (ENDINGS if drawn else ENDINGS[3:])
        ],
        "trail": http.trail(shown.period.version.name),
    }
    return render(request, "maps/indicators.html", context)


def _small(drawn: Choropleth) -> str:
    return choropleth.small_svg(drawn)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # the one page that others may show in a frame of theirs
def embed(request: HttpRequest) -> HttpResponse:
    """The map alone with its words and its sources, for a frame in another site."""
    asked = asked_or_404(request)
    shown = asked.shown()
    drawn = http.with_profiles(shown)
    context = {
        "map": shown,
        "choropleth": drawn,
        "svg": choropleth.map_svg(drawn, in_new_window=True) if drawn else "",
        "permalink": links.absolute(asked.region, asked.address("maps:indicators")),
    }
    return render(request, "maps/embed.html", context)


def svg(request: HttpRequest) -> HttpResponseBase:
    """The map as a drawing that stands alone."""
    return _kept(request, "svg", _drawing)


def thumbnail(request: HttpRequest) -> HttpResponseBase:
    """The map without letters and legend, to stand in a list as a picture."""
    return _kept(request, "svg", _thumbnail)


def png(request: HttpRequest) -> HttpResponseBase:
    """The same as a picture."""
    return _kept(request, "png", lambda shown: pictures.png(_drawing(shown)))


def geo_json(request: HttpRequest) -> HttpResponseBase:
    """The areas with their figures, for other maps."""
    return _kept(request, "geojson", geojson.collection)


def areas(request: HttpRequest) -> HttpResponseBase:
    """The areas as they are drawn, for the map to move about in."""
    return _kept(request, "geojson", lambda shown: geojson.drawn(shown, http.profile))


def csv(request: HttpRequest) -> HttpResponseBase:
    """The table of the period, as the local Excel opens it."""
    return _kept(request, "csv", lambda shown: _table(shown).csv())


def xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook, with its sources on a second sheet."""
    return _kept(request, "xlsx", lambda shown: _table(shown).xlsx())


def _kept(
    request: HttpRequest, ending: str, make: Callable[[IndicatorMap], str | bytes]
) -> HttpResponseBase:
    return stored.answer(request, "map", ending, lambda: make(asked_or_404(request).shown()))


def _table(shown: IndicatorMap) -> Table:
    said = (shown.title, shown.subtitle, *shown.sentences, *shown.notes)
    return Table(shown.indicator.code, columns.headings(_("Beside the region")), list(_lines(shown)), said)


def _drawing(shown: IndicatorMap) -> str:
    drawn = shown.choropleth()
    if drawn is None:
        raise Http404
    return choropleth.whole_svg(drawn)


def _thumbnail(shown: IndicatorMap) -> str:
    drawn = shown.choropleth()
    if drawn is None:
        raise Http404
    return choropleth.map_svg(drawn, links=False, names=False)


def _lines(shown: IndicatorMap) -> Iterator[list[Value]]:
    """Areas, then the region, which is beside nothing."""
    for row in shown.rows:
        yield columns.cells(row.figure, shown, row.difference)
    yield columns.cells(shown.whole.figure, shown, "")
