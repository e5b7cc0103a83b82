"""What the views of this room share: the way back, files that are made once for a state."""

import hashlib
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

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


def plain(key: str) -> str:
    """A breakdown's key as the name of a file may hold it."""
    return key.replace("=", "-").replace(";", "-")


def digest(content: bytes) -> str:
    """The name of a file's state."""
    return hashlib.sha256(content).hexdigest()[:32]
