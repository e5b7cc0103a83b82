"""The search of structures, for people: GET for what may be remembered, POST for what may not."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from entaxis.directory import finding
from entaxis.directory.http import call_back_url, region_of
from entaxis.directory.search import words
from entaxis.directory.tiles import LAYER
from entaxis.geography import queries, tiles
from entaxis.geography.models import Area

GREECE = (19.2, 34.7, 29.8, 41.8)  # west, south, east, north


@csrf_exempt  # it changes nothing: so the forms that lead here need no cookie, and leave none
def search(request: HttpRequest) -> HttpResponse:
    """Find a structure.

    Every form posts. What may stand in an address is sent on to one; a position, a sensitive need, or
    words that were not understood are answered here and leave no trace.
    """
    values = request.POST if request.method == "POST" else request.GET
    page = finding.page(finding.read(values), region_of(request), words(), timezone.now())
    if not page.is_private and (request.method == "POST" or values.get("drop")):
        return HttpResponseRedirect(_address(page), status=303)
    status = 422 if page.errors else 404 if page.is_astray else 200
    response = render(request, "directory/search.html", _context(page), status=status)
    return _without_trace(response) if page.is_private else response


def _address(page: finding.Page) -> str:
    number = [("page", str(page.asked.page))] if page.asked.page > 1 else []
    query = urlencode([*page.state, *number])
    return reverse("directory:search") + (f"?{query}" if query else "")


def _context(page: finding.Page) -> dict[str, Any]:
    region = page.region
    found = page.found
    return {
        "call_back_url": call_back_url(),
        "page": page,
        "trail": [{"title": _("Home"), "url": "/"}, {"title": _("Find help"), "url": ""}],
        "asked_json": json.loads(page.asked.model_dump_json(exclude_defaults=True, exclude={"page"})),
        "tiles": tiles.address("municipalities", region) or "",
        "boundaries": queries.active_boundaries(region),
        "address": _address(page) if not page.is_private else "",
        "base": f"?{urlencode(page.state)}&" if page.state else "?",
        "is_sensitive": bool(found and found.is_sensitive),
        **(_all_as_tiles(region) if page.is_of_tiles else {}),
    }


def _all_as_tiles(region: Area) -> dict[str, Any]:
    """What the map of a large region starts from."""
    return {
        "structure_tiles": tiles.address(LAYER, region),
        "bounds": list(queries.extent(region) or GREECE),
        "any_page": reverse("directory:structure", args=[UUID(int=0)]),
    }


def _without_trace(response: HttpResponse) -> HttpResponse:
    """Kept by no browser and no proxy, named to no other page."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
