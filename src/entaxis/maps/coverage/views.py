"""Distances to structures: page, drawing, picture, tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.core.tabular.writing import Value
from entaxis.geography import choropleth, pictures
from entaxis.geography import queries as geography
from entaxis.geography.models import Area, Level
from entaxis.maps import geojson, http
from entaxis.maps.coverage import queries
from entaxis.maps.coverage.distances import DISTANCES_KM
from entaxis.maps.coverage.shown import CoverageMap, Measure, Row
from entaxis.maps.models import CoverageRun, CoveredSubject
from entaxis.maps.structures import LEVELS
from entaxis.maps.tables import Table
from entaxis.notifications import links
from entaxis.vocabularies.models import Term, Vocabulary
from entaxis.vocabularies.queries import choices

What = CoveredSubject.What
USUAL_KM: Final = 10
ENDINGS: Final = ("svg", "png", "geojson", "csv", "xlsx")
VOCABULARIES: Final = {
    What.KIND: Vocabulary.Name.STRUCTURE_KINDS,
    What.SERVICE: Vocabulary.Name.SERVICES,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; what does not exist is not found."""

    region: Area
    run: CoverageRun
    subjects: dict[str, list[tuple[CoveredSubject, Term]]]
    """Kinds and services, in the order of their lists."""
    chosen: CoveredSubject
    term: Term
    distance_km: int
    level: Level
    measure: Measure

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """Read from the address; None where nothing was computed yet. Two queries, and the lists.

        Raises:
            Http404: a kind, service, distance, level or measure that does not exist here.
        """
        region, asked = region_of(request), request.GET
        run = queries.last_run(region)
        subjects = _subjects(run) if run else {}
        if run is None or not any(subjects.values()):
            return None
        chosen, term = _chosen(subjects, asked.get("kind", ""), asked.get("service", ""))
        distance = asked.get("distance") or str(USUAL_KM)
        level, measure = asked.get("level") or Level.MUNICIPALITY, asked.get("measure") or Measure.SHARE
        if distance not in map(str, DISTANCES_KM) or level not in LEVELS or measure not in Measure:
            raise Http404
        return cls(region, run, subjects, chosen, term, int(distance), Level(level), Measure(measure))

    def shown(self) -> CoverageMap:
        """The map. Three queries."""
        held = queries.areas(self.chosen, self.distance_km)
        areas = Area.objects.current().filter(pk__in=held).select_related("parent").order_by("code")
        rows = [Row(area, held[area.pk]) for area in areas]
        return CoverageMap(
            self.region,
            self.term,
            self.chosen,
            self.run,
            self.distance_km,
            self.level,
            self.measure,
            [row for row in rows if row.area.level == self.level],
            next(row for row in rows if row.area == self.region),
            geography.active_boundaries(self.region),
        )

    def address(self, name: str, *, distance_km: int = 0) -> str:
        """Of this view under another name, or of the same with another distance."""
        query: dict[str, str | int] = {
            str(self.chosen.what): self.chosen.key,
            "distance": distance_km or self.distance_km,
            "level": str(self.level),
            "measure": str(self.measure),
        }
        return f"{reverse(name)}?{urlencode(query)}"

    @property
    def file_name(self) -> str:
        """Of a download, without its ending."""
        parts = (self.chosen.key, f"{self.distance_km}km", self.measure, self.level, self.region.code)
        return "-".join(("coverage", *map(str, parts)))


def page(request: HttpRequest) -> HttpResponse:
    """Who has one within reach: in words, as a map, as a table."""
    title = _("Distance and coverage")
    asked = Asked.of(request)
    if asked is None:
        return render(request, "maps/coverage.html", {"trail": http.trail(title)})
    shown = asked.shown()
    drawn = http.with_profiles(shown)
    permalink = links.absolute(asked.region, asked.address("maps:coverage"))
    context = {
        "asked": asked,
        "map": shown,
        "kinds": asked.subjects[What.KIND],
        "services": asked.subjects[What.SERVICE],
        "is_service": asked.chosen.what == What.SERVICE,
        "levels": [(each.value, each.label) for each in LEVELS],
        "measures": Measure.choices,
        "distances": [
            (km, asked.address("maps:coverage", distance_km=km), km == asked.distance_km)
            for km in DISTANCES_KM
        ],
        "choropleth": drawn,
        "svg": choropleth.map_svg(drawn) if drawn else "",
        "permalink": permalink,
        "citation": shown.citation(permalink),
        "downloads": [
            (http.NAMES.get(ending, ending.upper()), asked.address(f"maps:coverage-{ending}"))
            for ending in (ENDINGS if drawn else ENDINGS[3:])
        ],
        "trail": http.trail(title),
    }
    return render(request, "maps/coverage.html", context)


def svg(request: HttpRequest) -> HttpResponseBase:
    """The map as a drawing that stands alone."""
    asked = _asked(request)
    drawing = _drawing(asked.shown())
    return _file(request, asked, "svg", pictures.state(drawing), lambda: drawing)


def png(request: HttpRequest) -> HttpResponseBase:
    """The same as a picture, drawn once for each state of the map."""
    asked = _asked(request)
    drawing = _drawing(asked.shown())
    return _file(request, asked, "png", pictures.state(drawing), lambda: pictures.png(drawing))


def geo_json(request: HttpRequest) -> HttpResponseBase:
    """The areas with their shares, for other maps."""
    asked = _asked(request)
    shown = asked.shown()
    if shown.boundary_set is None:
        raise Http404
    content = geojson.of_areas(
        shown.boundary_set,
        shown.level,
        {row.area.code: _properties(shown, row) for row in shown.rows},
        title=shown.title,
        notes=list(_said(shown)),
        region=_properties(shown, shown.whole),
    ).encode()
    return _file(request, asked, "geojson", http.digest(content), lambda: content)


def csv(request: HttpRequest) -> HttpResponseBase:
    """The table, as the local Excel opens it."""
    return _table_file(request, "csv")


def xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook, with what was assumed on a second sheet."""
    return _table_file(request, "xlsx")


def _asked(request: HttpRequest) -> Asked:
    asked = Asked.of(request)
    if asked is None:
        raise Http404
    return asked


def _subjects(run: CoverageRun) -> dict[str, list[tuple[CoveredSubject, Term]]]:
    """What was computed and still stands in its list, in the list's order."""
    held = {(row.what, row.key): row for row in queries.subjects(run)}
    return {
        what: [(held[what, term.key], term) for term in choices(name) if (what, term.key) in held]
        for what, name in VOCABULARIES.items()
    }


def _chosen(
    subjects: dict[str, list[tuple[CoveredSubject, Term]]], kind: str, service: str
) -> tuple[CoveredSubject, Term]:
    """The service that is asked for, else the kind, else the first of all."""
    key = service or kind
    among = subjects[What.SERVICE] if service else subjects[What.KIND]
    if not key:
        return (among or subjects[What.SERVICE])[0]
    for subject, term in among:
        if subject.key == key:
            return subject, term
    raise Http404


def _drawing(shown: CoverageMap) -> str:
    drawn = shown.choropleth()
    if drawn is None:
        raise Http404
    return choropleth.whole_svg(replace(drawn, notes=_said(shown)))


def _said(shown: CoverageMap) -> tuple[str, ...]:
    """A file that goes its own way takes the words along."""
    return (*shown.sentences, shown.supply_sentence, *shown.notes)


def _file(
    request: HttpRequest, asked: Asked, ending: str, state: str, content: Callable[[], str | bytes]
) -> HttpResponseBase:
    return http.file(request, f"{asked.file_name}.{ending}", state, content)


def _table_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    asked = _asked(request)
    shown = asked.shown()
    table = Table(shown.subject.key, _headings(), list(_lines(shown)), (shown.title, *_said(shown)))
    return table.answer(request, f"{asked.file_name}.{ending}")


def _properties(shown: CoverageMap, row: Row) -> dict[str, object]:
    """Of one area; shares are of its residents, 0–100."""
    reach, by_seat = row.reach, row.reach.within_by_seat
    return {
        "code": row.area.code,
        "name": row.area.name,
        "what": shown.name,
        "distance_km": shown.distance_km,
        "residents": round(row.persons),
        "within_percent": round(row.share * 100, 1),
        "within_percent_all_in_seat": None if by_seat is None else round(by_seat / row.persons * 100, 1),
        "shared": round(row.supply, 3),
        "shared_unit": shown.supply_unit,
        "is_desert": row.is_desert,
        "is_at_least": reach.is_at_least,
        "is_synthetic": shown.is_synthetic,
    }


def _headings() -> list[str]:
    return [
        _("Code"),
        _("Area"),
        _("Regional unit"),
        _("Structures or service"),
        _("Distance (km, straight line)"),
        _("Residents"),
        _("Census"),
        _("Vintage"),
        _("Residents within the distance, spread evenly"),
        _("% of residents, spread evenly"),
        _("% of residents, all in the seat"),
        _("Wherever they live"),
        _("Shared by residents"),
        _("Unit"),
        _("Desert of service"),
        _("At least"),
        _("Note"),
    ]


def _lines(shown: CoverageMap) -> Iterator[list[Value]]:
    """Areas, then the region."""
    for row in (*shown.rows, shown.whole):
        parent, reach = row.area.parent, row.reach
        by_seat = reach.within_by_seat
        yield [
            row.area.code,
            row.area.name,
            parent.name if parent and parent != shown.region else "",
            shown.name,
            shown.distance_km,
            round(row.persons),
            shown.run.year,
            shown.run.vintage,
            round(reach.within),
            round(row.share * 100, 1),
            None if by_seat is None else round(by_seat / row.persons * 100, 1),
            row.certainty,
            round(row.supply, 3),
            shown.supply_unit,
            row.is_desert,
            reach.is_at_least,
            shown.demonstration if shown.is_synthetic else "",
        ]
