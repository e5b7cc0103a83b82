"""What the views of this room share: the way back, files that are made once for a state."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from entaxis.geography.choropleth import Choropleth
from entaxis.geography.models import Area

TYPES: Final = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
NAMES: Final = {"geojson": "GeoJSON"}
"""What a kind of file is called where its ending in capitals is not its name."""


def trail(title: str = "") -> list[dict[str, str]]:
    """The way back from a page of this room."""
    above = [{"title": _("Home"), "url": "/"}, {"title": _("Social maps"), "url": reverse("maps:index")}]
    return [*above, {"title": title, "url": ""}] if title else above


def file(
    request: HttpRequest, name: str, state: str, content: Callable[[], str | bytes]
) -> HttpResponseBase:
    """A file to download; whoever has it in this ``state`` is told so, and nothing is made anew."""
    etag = f'"{state}"'
    known = get_conditional_response(request, etag=etag)
    response = known or HttpResponse(content(), content_type=TYPES[name.rsplit(".", 1)[-1]])
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"  # keep it, and ask whether it is still true
    if known is None:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def profile(area: Area) -> str:
    """Where an area of a map leads."""
    return reverse("profiles:profile", args=[area.code])


class Drawn(Protocol):
    """What is shown by area and may be drawn."""

    def choropleth(self, address: Callable[[Area], str] | None = None) -> Choropleth | None:
        """Its map."""


def with_profiles(shown: Drawn) -> Choropleth | None:
    """Its map, whose areas lead to their profiles and say so; None while no outlines are in force."""
    drawn = shown.choropleth(profile)
    return replace(drawn, leads_to=_("open the profile")) if drawn else None


def plain(key: str) -> str:
    """A breakdown's key as the name of a file may hold it."""
    return key.replace("=", "-").replace(";", "-")


def digest(content: bytes) -> str:
    """The name of a file's state."""
    return hashlib.sha256(content).hexdigest()[:32]
