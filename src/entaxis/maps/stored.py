"""Files of maps that are made once and kept, under the state of everything that they show.

The state of a region's maps is what is in force in it: series with the hour of their release, how their
indicators are written and which way is better, outlines, names and places of areas, names of vulnerable
groups, and the programme that draws. Asking for it costs five queries at most twice a minute and process;
a file that is kept costs none.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponseBase

from entaxis.accounts.http import region_of
from entaxis.core.kept import kept
from entaxis.core.shelves import Shelf
from entaxis.geography import queries as geography
from entaxis.geography.models import Area
from entaxis.indicators.models import Indicator, ReleasedSeries
from entaxis.maps import http
from entaxis.vocabularies.queries import terms

MOST_KEPT: Final = 2000  # of each ending, of some 5 to 100 KB
PARAMETERS: Final = ("indicator", "period", "breakdown", "level", "mode", "drawing")
"""Those that name a file; others in an address change nothing."""
DRAWN_BY: Final = ("maps", "geography", "indicators")


def answer(
    request: HttpRequest, name: str, ending: str, make: Callable[[], str | bytes]
) -> HttpResponseBase:
    """The file that the address asks for: kept under its state, else made by ``make`` and kept.

    Only what ``make`` accepts is kept: it raises Http404 where the address asks for nothing that exists.
    """
    asked = {key: request.GET[key] for key in PARAMETERS if request.GET.get(key)}
    region = region_of(request)
    facts = (request.path, asked, request.LANGUAGE_CODE, state(region))
    found = http.digest(repr(facts).encode())
    content = Shelf("maps", ending, MOST_KEPT).read(found, lambda: _bytes(make()))
    parts = [name, *(http.plain(asked[key]) for key in PARAMETERS if key in asked and key != "mode")]
    return http.file(request, f"{'-'.join([*parts, region.code])}.{ending}", found, lambda: content)


def state(region: Area) -> str:
    """The name of everything that maps of ``region`` show; up to half a minute old."""
    return kept(f"maps.state.{region.pk}", lambda: _state(region))


def _state(region: Area) -> str:
    series = ReleasedSeries.objects.filter(region=region, is_current=True).order_by("pk")
    areas = Area.objects.current().of(region).order_by("pk")
    groups = terms("vulnerable_groups").order_by("pk")
    facts = (
        *(region.code, region.name_el, region.name_en),
        list(series.values_list("pk", "release__published_at", "release__digest")),
        list(Indicator.objects.order_by("pk").values_list("code", "direction", "digits", "unit", "order")),
        getattr(geography.active_boundaries(region), "checksum", ""),
        list(areas.values_list("code", "name_el", "name_en", "parent__code")),
        list(groups.values_list("key", "label_el", "label_en", "labels")),
        _programme(),
    )
    return http.digest(repr(facts).encode())


@cache
def _programme() -> str:
    """The name of the programme that draws, with its words."""
    found = hashlib.sha256()
    rooms = Path(__file__).parents[1]
    for room in DRAWN_BY:
        for path in sorted((rooms / room).rglob("*")):
            if path.suffix in (".py", ".svg", ".html", ".css", ".mo"):
                found.update(path.read_bytes())
    return found.hexdigest()


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
