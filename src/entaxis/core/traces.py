"""Pages that could betray a person in danger leave nothing behind (R12)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_cache_control

View = Callable[..., HttpResponseBase]


def leaves_no_trace(view: View) -> View:
    """Nothing keeps the answer, no other site hears of it, and search engines pass it by."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        patch_cache_control(response, no_store=True, private=True)
        # not no-referrer: with it a browser sends forms of the page with the origin "null", which no
        # protection against forged requests lets through
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded
