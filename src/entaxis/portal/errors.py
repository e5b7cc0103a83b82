"""Error pages: in the region's colours, in plain words, and without a word about what went wrong inside."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.portal import context, languages


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came cannot be understood."""
    return _page(
        request,
        400,
        _("We could not understand this request"),
        _("Go back and try again, or start from the first page."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this person may not."""
    return _page(
        request,
        403,
        _("You may not see this page"),
        _("If you think you should, sign in or ask the Observatory."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long, or cookies are off."""
    text = _(
        "The page was open for too long, or your browser keeps no cookies. "
        "Go back, load the page again and send the form once more."
    )
    return _page(request, 403, _("The form could not be sent"), text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing that this region knows."""
    return _page(
        request,
        404,
        _("We could not find this page"),
        _(
            "It may have moved, or the address may be mistyped. "
            "Search for it, or start from the first page."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Nothing here asks the database."""
    return _page(
        request,
        500,
        _("Something broke on our side"),
        _("It is not your fault. Try again in a little while. In danger, call 112."),
    )


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    html = render_to_string(
        "portal/error.html", _values(request) | {"title": title, "text": text, "status": status}
    )
    return HttpResponse(html, status=status)


def _values(request: HttpRequest) -> dict[str, Any]:
    """Brand as last seen on this host, and links that need no database."""
    here = languages.here()
    try:
        host = request.get_host()
    except Exception:  # noqa: BLE001  # a forged host is itself a reason for this page
        host = ""
    home = languages.home_url(here)
    return {
        "brand": context.LAST_KNOWN.get(
            (host, here), {"name": _("Observatory of Social Inclusion"), "home_url": home}
        ),
        "emergency_url": reverse("emergency"),
        "site_search_url": reverse("site-search") if languages.is_complete(here) else "",
        "home_url": home,
    }
