"""Every request belongs to one region: the one its host names."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from entaxis.geography import regions


class RegionMiddleware:
    """Set ``request.region``, read from the database on first use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Attach the region and go on."""
        request.region = SimpleLazyObject(lambda: regions.of_request(request))  # type: ignore[attr-defined]
        return self.get_response(request)
