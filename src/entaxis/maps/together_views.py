"""Need beside services: two maps, both in one, and the table."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.core import tabular
from entaxis.core.tabular.writing import Value
from entaxis.geography import choropleth
from entaxis.geography.choropleth import Choropleth
from entaxis.indicators import queries
from entaxis.maps import columns, http, structures, together
from entaxis.maps.asking import Asked
from entaxis.maps.together import Together
from entaxis.vocabularies.models import Term


def page(request: HttpRequest) -> HttpResponse:
    """An indicator and a kind of structure side by side and in one."""
    asked = _asked(request)
    if asked is None:
        return render(request, "maps/together.html", {"trail": http.trail(_("Need and services"))})
    view, kinds, shown = asked
    both = shown.choropleth(lambda area: f"#area-{area.code}")
    context = {
        "asked": view,
        "themes": queries.by_theme(view.entries),
        "kept": view.kept("period", "breakdown", "mode", "drawing"),
        "map": shown.need,
        "kinds": kinds,
        "together": shown,
        "services_words": together.services_words(),
        "svg": choropleth.map_svg(both, prefix="both") if both else "",
        "beside": _beside([shown.need.choropleth(), shown.services.choropleth()]),
        "csv": _address(view, shown.services.kind),
        "trail": http.trail(_("Need and services")),
    }
    return render(request, "maps/together.html", context)


def csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a table."""
    asked = _asked(request)
    if asked is None:
        raise Http404
    view, _kinds, shown = asked
    content = tabular.csv_bytes(_headings(), _lines(shown))
    name = f"together-{view.file_name}-{shown.services.kind.key}.csv"
    return http.file(request, name, http.digest(content), lambda: content)


def _asked(request: HttpRequest) -> tuple[Asked, list[Term], Together] | None:
    """What the address asks for; None where the region has no figures or no kinds.

    Raises:
        Http404: an indicator that says nothing of need, or a kind that has no map.
    """
    view = Asked.of(request, among=together.has_need)
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


def _address(view: Asked, kind: Term) -> str:
    """Of the table; the view's own address has no kind."""
    return f"{view.address('maps:together-csv')}&{urlencode({'kind': kind.key})}"


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
