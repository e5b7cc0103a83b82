"""Need beside services: two maps, both in one, and the table."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.core.tabular.writing import Value
from entaxis.geography import choropleth, pictures
from entaxis.geography.choropleth import Choropleth
from entaxis.indicators import queries
from entaxis.maps import columns, http, structures, together
from entaxis.maps.asking import Asked
from entaxis.maps.tables import Table
from entaxis.maps.together import Together
from entaxis.notifications import links
from entaxis.vocabularies.models import Term

ENDINGS: Final = ("svg", "png", "csv", "xlsx")


def page(request: HttpRequest) -> HttpResponse:
    """An indicator and a kind of structure side by side and in one."""
    asked = _asked(request)
    if asked is None:
        return render(request, "maps/together.html", {"trail": http.trail(_("Need and services"))})
    view, kinds, shown = asked
    both = http.with_profiles(shown)
    permalink = links.absolute(view.region, _address("maps:together", view, shown.services.kind))
    context = {
        "asked": view,
        "themes": queries.by_theme(view.entries),
        "kept": view.kept("mode", "drawing"),
        "map": shown.need,
        "kinds": kinds,
        "together": shown,
        "services_words": together.services_words(),
        "svg": choropleth.map_svg(both, prefix="both") if both else "",
        "beside": _beside([shown.need.choropleth(), shown.services.choropleth()]),
        "permalink": permalink,
        "citation": shown.citation(permalink),
        "downloads": [
            (ending.upper(), _address(f"maps:together-{ending}", view, shown.services.kind))
            for ending in (ENDINGS if both else ENDINGS[2:])
        ],
        "trail": http.trail(_("Need and services")),
    }
    return render(request, "maps/together.html", context)


def svg(request: HttpRequest) -> HttpResponseBase:
    """The map of both as a drawing that stands alone."""
    view, shown = _file_of(request)
    drawing = _drawing(shown)
    return http.file(request, _name(view, shown, "svg"), pictures.state(drawing), lambda: drawing)


def png(request: HttpRequest) -> HttpResponseBase:
    """The same as a picture."""
    view, shown = _file_of(request)
    drawing = _drawing(shown)
    return http.file(
        request, _name(view, shown, "png"), pictures.state(drawing), lambda: pictures.png(drawing)
    )


def csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a table."""
    return _table_file(request, "csv")


def xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook, with the words and the sources of both on a second sheet."""
    return _table_file(request, "xlsx")


def _table_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    view, shown = _file_of(request)
    said = (shown.title, shown.subtitle, *shown.sentences, *shown.notes)
    table = Table(shown.need.indicator.code, _headings(), list(_lines(shown)), said)
    return table.answer(request, _name(view, shown, ending))


def _file_of(request: HttpRequest) -> tuple[Asked, Together]:
    asked = _asked(request, is_strict=True)
    if asked is None:
        raise Http404
    view, _kinds, shown = asked
    return view, shown


def _drawing(shown: Together) -> str:
    """With its words: a file that goes its own way takes them along."""
    drawn = shown.choropleth()
    if drawn is None:
        raise Http404
    return choropleth.whole_svg(replace(drawn, notes=(*shown.sentences, *shown.notes)))


def _name(view: Asked, shown: Together, ending: str) -> str:
    return f"together-{view.file_name}-{shown.services.kind.key}.{ending}"


def _asked(request: HttpRequest, *, is_strict: bool = False) -> tuple[Asked, list[Term], Together] | None:
    """What the address asks for; None where the region has no figures or no kinds.

    Raises:
        Http404: an indicator that says nothing of need, or a kind that has no map.
    """
    view = Asked.of(request, among=together.has_need, is_strict=is_strict)
    found = structures.region_counts(region_of(request))
    kinds = structures.mapped_kinds(found)
    if view is None or not kinds:
        return None
    key = request.GET.get("kind", kinds[0].key)
    kind = next((one for one in kinds if one.key == key), None)
    if kind is None:
        raise Http404
    return view, kinds, Together(view.shown(), structures.structure_map(found, kind, view.level))


def _beside(maps: list[Choropleth | None]) -> list[tuple[Choropleth, str, str]]:
    """Each map with its drawing and the prefix that keeps its ids apart."""
    named = zip(maps, ("need", "services"), strict=True)
    return [
        (one, choropleth.map_svg(one, prefix=prefix, links=False), prefix) for one, prefix in named if one
    ]


def _address(name: str, view: Asked, kind: Term) -> str:
    """Of the page or a file; the view's own address has no kind."""
    return f"{view.address(name)}&{urlencode({'kind': kind.key})}"


def _headings() -> list[str]:
    return columns.headings(
        _("Kind of structure"),
        _("Structures per 10,000 residents"),
        _("Completeness"),
        _("Class"),
        _("In words"),
    )


def _lines(shown: Together) -> Iterator[list[Value]]:
    for pair in shown.pairs:
        services = pair.services
        yield columns.cells(
            pair.need.figure,
            shown.need,
            shown.services.kind.plural,
            None if services.rate is None else round(services.rate, 3),
            services.cell.state_name,
            pair.sign,
            pair.said,
        )
