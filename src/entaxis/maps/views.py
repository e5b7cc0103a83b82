"""The social maps: a list of them, and each as a page, a drawing, a picture and a table."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.core.tabular.writing import Value
from entaxis.directory.counts import Counts
from entaxis.geography import choropleth, pictures
from entaxis.geography import queries as geography
from entaxis.geography.choropleth import Choropleth
from entaxis.geography.models import Area, Level
from entaxis.indicators import queries as figures
from entaxis.maps import geojson, http, structures
from entaxis.maps.http import trail
from entaxis.maps.structures import MapRow, StructureMap
from entaxis.maps.tables import Table
from entaxis.notifications import links
from entaxis.strategy import queries as strategy

ENDINGS: Final = ("svg", "png", "geojson", "csv", "xlsx")
ACTIONS: Final = "actions"  # the layer of places where bodies act


def index(request: HttpRequest) -> HttpResponse:
    """What maps there are."""
    found = structures.region_counts(region_of(request))
    kinds = structures.mapped_kinds(found)
    shown = structures.structure_map(found, kinds[0], Level.MUNICIPALITY) if kinds else None
    drawn = shown.choropleth() if shown else None
    context = {
        "kinds": [(kind, _address("maps:structures", kind.key, Level.MUNICIPALITY)) for kind in kinds],
        "shown": shown,
        "thumbnail": choropleth.map_svg(drawn, prefix="thumbnail", links=False) if drawn else "",
        "first": _first(region_of(request)),
        "trail": trail(),
    }
    return render(request, "maps/index.html", context)


def _first(region: Area) -> list[tuple[str, str, str]]:
    """The first indicator of every theme that has figures, rather no count: name, page, small map."""
    if geography.active_boundaries(region) is None:
        return []
    held = [entry for entry in figures.catalogue(region) if entry.is_published and entry.version.has_areas]
    first = [
        next((one for one in entries if not one.indicator.adds_up), entries[0])
        for _, entries in figures.by_theme(held)
    ]
    return [(one.name, _of("maps:indicators", one), _of("maps:indicators-thumbnail", one)) for one in first]


def _of(name: str, entry: figures.Entry) -> str:
    return f"{reverse(name)}?{urlencode({'indicator': entry.indicator.code})}"


def structures_page(request: HttpRequest) -> HttpResponse:
    """Registered structures of a kind per 10,000 residents."""
    found = structures.region_counts(region_of(request))
    kinds = structures.mapped_kinds(found)
    if not kinds:
        return render(request, "maps/structures.html", {"trail": trail(_("Structures"))})
    key, level = request.GET.get("kind", kinds[0].key), request.GET.get("level", Level.MUNICIPALITY)
    shown = _chosen(found, key, level)
    drawn = shown.choropleth(lambda area: f"#area-{area.code}")
    layer = ACTIONS if request.GET.get("layer") == ACTIONS else ""
    marks = strategy.marks(strategy.actions_of(region_of(request))) if layer else []
    drawn = replace(drawn, marks=marks) if drawn else None
    permalink = links.absolute(region_of(request), _address("maps:structures", key, level, layer=layer))
    context = {
        "has_layer": layer,
        "marks": marks,
        "map": shown,
        "kinds": kinds,
        "levels": [(each.value, each.label) for each in structures.LEVELS],
        "svg": choropleth.map_svg(drawn) if drawn else "",
        "choropleth": drawn,
        "permalink": permalink,
        "citation": shown.citation(permalink),
        "downloads": [
            (http.NAMES.get(ending, ending.upper()), _address(f"maps:structures-{ending}", key, level))
            for ending in (ENDINGS if drawn else ENDINGS[3:])
        ],
        "trail": trail(shown.kind.plural),
    }
    return render(request, "maps/structures.html", context)


def structures_svg(request: HttpRequest) -> HttpResponseBase:
    """The map as a drawing that stands alone."""
    shown = _asked(request)
    drawing = choropleth.whole_svg(_drawn(shown))
    state = pictures.state(drawing)
    return _file(request, shown, "svg", state, lambda: drawing)


def structures_png(request: HttpRequest) -> HttpResponseBase:
    """The same as a picture, drawn once for each state of the map."""
    shown = _asked(request)
    drawing = choropleth.whole_svg(_drawn(shown))
    return _file(request, shown, "png", pictures.state(drawing), lambda: pictures.png(drawing))


def structures_csv(request: HttpRequest) -> HttpResponseBase:
    """The table behind the map, as the local Excel opens it."""
    return _table_file(request, "csv")


def structures_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook, with its words and sources on a second sheet."""
    return _table_file(request, "xlsx")


def structures_geojson(request: HttpRequest) -> HttpResponseBase:
    """The areas with what is registered there, for other maps."""
    shown = _asked(request)
    if shown.boundary_set is None:
        raise Http404
    content = geojson.of_areas(
        shown.boundary_set,
        shown.level,
        {row.area.code: _properties(shown, row) for row in shown.rows},
        title=shown.title,
        notes=list(shown.notes),
        region=_properties(shown, shown.whole),
    ).encode()
    return _file(request, shown, "geojson", http.digest(content), lambda: content)


# --- what was asked -------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> StructureMap:
    found = structures.region_counts(region_of(request))
    return _chosen(found, request.GET.get("kind", ""), request.GET.get("level", Level.MUNICIPALITY))


def _chosen(found: Counts, key: str, level: str) -> StructureMap:
    kind = next((kind for kind in structures.mapped_kinds(found) if kind.key == key), None)
    if kind is None or level not in structures.LEVELS:
        raise Http404
    return structures.structure_map(found, kind, Level(level))


def _drawn(shown: StructureMap) -> Choropleth:
    drawn = shown.choropleth()
    if drawn is None:
        raise Http404
    return drawn


def _address(name: str, key: str, level: str, *, layer: str = "") -> str:
    query = {"kind": key, "level": level} | ({"layer": layer} if layer else {})
    return f"{reverse(name)}?{urlencode(query)}"


# --- files ----------------------------------------------------------------------------------------


def _file(
    request: HttpRequest, shown: StructureMap, ending: str, state: str, content: Callable[[], str | bytes]
) -> HttpResponseBase:
    return http.file(request, _name(shown, ending), state, content)


def _table_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    shown = _asked(request)
    said = (shown.title, *shown.sentences, *shown.notes)
    table = Table(shown.kind.key, _headings(), list(_lines(shown)), said)
    return table.answer(request, _name(shown, ending))


def _name(shown: StructureMap, ending: str) -> str:
    return f"{shown.kind.key}-{shown.level}-{shown.region.code}.{ending}"


def _properties(shown: StructureMap, row: MapRow) -> dict[str, object]:
    """Of one area; not known is null, never nought."""
    return {
        "code": row.area.code,
        "name": row.area.name,
        "kind": shown.kind.plural,
        "registered": row.cell.count,
        "completeness": row.cell.state_name,
        "residents": row.persons,
        "per_10000": None if row.rate is None else round(row.rate, 3),
        "is_synthetic": shown.is_synthetic,
    }


def _headings() -> list[str]:
    return [
        _("Code"),
        _("Area"),
        _("Regional unit"),
        _("Kind of structure"),
        _("Registered structures"),
        _("Completeness"),
        _("Residents"),
        _("Census"),
        _("Vintage"),
        _("Structures per 10,000 residents"),
        _("Note"),
    ]


def _lines(shown: StructureMap) -> Iterator[list[Value]]:
    """Not known is an empty cell, never a nought."""
    residents = shown.residents
    for row in shown.rows:
        unit = row.area if shown.level == Level.REGIONAL_UNIT else row.area.parent
        yield [
            row.area.code,
            row.area.name,
            unit.name if unit else "",
            shown.kind.plural,
            row.cell.count,
            row.cell.state_name,
            row.persons,
            residents.year if residents else None,
            residents.vintage_name if residents else None,
            None if row.rate is None else round(row.rate, 3),
            shown.demonstration if shown.is_synthetic else "",
        ]
