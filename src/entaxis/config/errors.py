"""What is answered when something goes wrong: a page to people, one line of JSON to programs."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext

from entaxis.portal import errors as pages

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """400: what came cannot be understood."""
    return _answer(request, 400, gettext("The request cannot be read."), pages.bad_request, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """403: this person may not."""
    return _answer(request, 403, gettext("This is not open to you."), pages.forbidden, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404: nothing here, or nothing that this region knows."""
    return _answer(request, 404, gettext("There is nothing at this address."), pages.not_found, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500: our fault."""
    return _answer(request, 500, gettext("Something broke on our side."), pages.server_error)


def not_allowed(request: HttpRequest, methods: frozenset[str]) -> HttpResponseBase:
    """405: this address answers other methods."""
    allowed = sorted(methods)
    if not request.path_info.startswith(API):
        return HttpResponseNotAllowed(allowed)
    words = gettext("This address answers other methods.")
    return JsonResponse(_refusal(words), status=405, headers={"Allow": ", ".join(allowed)})


def _answer(
    request: HttpRequest, status: int, words: str, page: Callable[..., HttpResponseBase], *arguments: Any
) -> HttpResponseBase:
    if request.path_info.startswith(API):
        return JsonResponse(_refusal(words), status=status)
    return page(request, *arguments)


def _refusal(words: str) -> dict[str, Any]:
    """As the interface's own refusals look: `core.refusals.Refusal`."""
    return {"detail": [{"field": "request", "message": words}]}
