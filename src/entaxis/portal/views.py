"""The portal's own pages beside those that editors write."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail import views as wagtail_views

from entaxis.accounts.http import region_of
from entaxis.core.traces import leaves_no_trace
from entaxis.directory.http import call_back_url
from entaxis.directory.network import doings
from entaxis.directory.network import queries as network
from entaxis.portal import languages, queries
from entaxis.portal.context import brand_row
from entaxis.portal.guidance import danger_steps, rights_list
from entaxis.portal.models import PageText
from entaxis.portal.news import queries as news

FOUND_A_PAGE = 10
MOST_BODIES = 5
MOST_PUBLISHED = 5
LONGEST_QUERY = 200


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """A page that editors write, in the tree of the request's region.

    In a language that has no such pages, the first page is a short one for newcomers and everything else
    leads to English.
    """
    brand = brand_row(request)
    if brand is None:
        raise Http404
    if not languages.is_complete(languages.here()):
        return newcomers(request) if not path else redirect(translate_url(request.path, "en"))
    request._wagtail_site = brand.site  # type: ignore[attr-defined]  # by region, whatever the host's port
    response: HttpResponseBase = wagtail_views.serve(request, path)
    return response


def newcomers(request: HttpRequest) -> HttpResponse:
    """First page in a language that is not complete: search, needs, help lines, rights."""
    context = {"help_lines": queries.help_lines(region_of(request)), "needs": queries.needs()}
    return render(request, "portal/newcomers.html", context)


@require_safe
@leaves_no_trace
def emergency(request: HttpRequest) -> HttpResponse:
    """The help lines and what to do in danger. The title is neutral and the page is kept nowhere."""
    context = {
        "help_lines": queries.help_lines(region_of(request)),
        "steps": danger_steps(),
        "call_back_url": call_back_url(),
    }
    return render(request, "portal/emergency.html", context)


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """What a person may expect of this site and of the structures."""
    context = {"rights": rights_list(), "trail": _trail(_("Your rights"))}
    return render(request, "portal/rights.html", context)


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """Choose the municipality whose sheet to print."""
    context = {
        "municipalities": queries.municipalities(region_of(request)),
        "trail": _trail(_("Printable sheet")),
    }
    return render(request, "portal/sheets.html", context)


@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """One page to print: the structures of a municipality and the help lines (R7b)."""
    region = region_of(request)
    found = queries.sheet(region, code)
    trail = _trail(_("Printable sheet"))
    trail[-1]["url"] = reverse("sheets")
    trail.append({"title": found["municipality"].name, "url": ""})
    context = found | {
        "help_lines": queries.help_lines(region),
        "trail": trail,
        "today": timezone.localdate(),
    }
    return render(request, "portal/sheet.html", context)


@require_safe
def site_search(request: HttpRequest) -> HttpResponse:
    """Search over the pages of the portal, with a door to the search of structures."""
    if not languages.is_complete(languages.here()):
        return redirect(translate_url(request.path, "en"))
    brand = brand_row(request)
    if brand is None:
        raise Http404
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    found = (
        queries.search_pages(queries.home_in_language(brand.site), words)
        if words
        else PageText.objects.none()
    )
    context = {
        "words": words,
        "page": Paginator(found, FOUND_A_PAGE).get_page(request.GET.get("page")),
        "bodies": network.bodies(region_of(request), network.Asked(words=words))[:MOST_BODIES]
        if words
        else [],
        "parts": doings.found_by(region_of(request), words, MOST_BODIES) if words else [],
        "published": news.found_by(region_of(request), words, MOST_PUBLISHED),
        "trail": _trail(_("Search")),
    }
    return render(request, "portal/search.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: nothing of a demonstration, nothing that could betray somebody."""
    from django.conf import settings

    if settings.MODE != "production":
        lines = ["User-agent: *", "Disallow: /"]
    else:
        closed = ["/editing/", "/api/", *(f"/{code}/emergency/" for code, _name in settings.LANGUAGES)]
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
        lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _trail(title: str) -> list[dict[str, str]]:
    return [
        {"title": _("Home"), "url": languages.home_url(languages.here())},
        {"title": title, "url": ""},
    ]
