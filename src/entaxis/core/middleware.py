"""What no page should have to think about: requests that mean no good, and answers that nobody may keep."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

LONGEST_PATH: Final = 1000  # characters
LONGEST_QUERY: Final = 3000
# NUL as forms and raw bytes write it: PostgreSQL takes it in no text
NULLS: Final = (b"%00", b"\0")


# What is worth compressing, by how its type begins; fonts and pictures already are.
COMPRESSED: Final = (
    "text/",
    "image/svg+xml",
    "application/json",
    "application/geo+json",
    "application/xml",
    "application/vnd.mapbox-vector-tile",
)


class CompressionMiddleware(GZipMiddleware):
    """Pages go out compressed, whatever stands before us: on a slow line most of the time is their weight.

    A signed-in person's page is left as it is: it holds what others must not guess from its length
    (the attack called BREACH). Visitors' pages hold no secret but masked tokens.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress text for visitors."""
        is_text = response.get("Content-Type", "").startswith(COMPRESSED)
        if not is_text or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return response
        return super().process_response(request, response)


class SafetyMiddleware:
    """Refuse hostile requests before a view sees them; let nobody keep a signed-in person's page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Judge the request, answer it, judge the answer."""
        if fault := _fault(request):
            raise BadRequest(fault)
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response


def _fault(request: HttpRequest) -> str | None:
    """What is wrong with this request, or None."""
    query = request.META.get("QUERY_STRING", "")
    if len(request.path_info) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        return "over-long address"
    if "\0" in request.path_info or "%00" in query or "\0" in query:
        return "NUL in the address"
    if any("\0" in value for value in request.COOKIES.values()):
        return "NUL in a cookie"
    if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
        body = request.body  # bounded by DATA_UPLOAD_MAX_MEMORY_SIZE
        return "NUL in the form" if any(null in body for null in NULLS) else None
    return None
