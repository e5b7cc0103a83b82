"""Pictures and documents, served to those who may see what they belong to."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import slugify

from entaxis.core import greek
from entaxis.directory.http import region_of
from entaxis.strategy.publications import families, rules

A_DAY = 24 * 3600


def picture(request: HttpRequest, family: str, pk: UUID) -> HttpResponseBase:
    """A picture."""
    found = _found(request, families.get(family).picture, pk)
    response = FileResponse(_opened(found), content_type="image/webp")
    return _kept(response, is_public=found.row.is_public)


def document(request: HttpRequest, family: str, pk: UUID) -> HttpResponseBase:
    """A document, to be stored and never shown inside our pages."""
    found = _found(request, families.get(family).file, pk)
    name = slugify(greek.elot743(found.title_el)) or "document"
    response = FileResponse(_opened(found), as_attachment=True, filename=f"{name}.{found.kind}")
    response["X-Content-Type-Options"] = "nosniff"
    return _kept(response, is_public=found.row.is_public)


def _found(request: HttpRequest, model: Any, pk: UUID) -> Any:
    rows = model._default_manager.select_related("row__body", "row__region", "row__structure")
    found = get_object_or_404(rows, pk=pk, row__region=region_of(request))
    if not found.row.is_public and not rules.may_write(request.user, found.row):
        raise Http404
    return found


def _opened(found: Any) -> Any:
    """The file; one that a restored backup lacks is not found, and the page around it stands."""
    try:
        return found.file.open()
    except FileNotFoundError as error:
        raise Http404 from error


def _kept(response: FileResponse, *, is_public: bool) -> FileResponse:
    response["Cache-Control"] = f"public, max-age={A_DAY}" if is_public else "private, no-store"
    return response
