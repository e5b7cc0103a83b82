"""What the base template needs on every page: the region's brand, the sections, the languages."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from entaxis.portal import languages, queries
from entaxis.portal.models import RegionBrand


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Everything that asks the database does so when a template first looks at it."""
    return {
        "brand": SimpleLazyObject(lambda: brand(request)),
        "publicity": SimpleLazyObject(lambda: publicity(request)),
        "sections": SimpleLazyObject(lambda: sections(request)),
        "footer_columns": SimpleLazyObject(lambda: footer(request)),
        "languages": SimpleLazyObject(lambda: languages.choices(request)),
        "translation": SimpleLazyObject(lambda: queries.translation_state(request)),
        "directory_url": next((entry["url"] for entry in search_entry("")), ""),
        "emergency_url": reverse("emergency"),
        "site_search_url": reverse("site-search") if languages.is_complete(languages.here()) else "",
    }


def brand(request: HttpRequest) -> dict[str, Any]:
    """Names and colours, as plain values: the error page shows the last known ones without the database."""
    stored = brand_row(request)
    known = {
        "home_url": languages.home_url(languages.here()),
        "name": stored.name if stored else _("Observatory of Social Inclusion"),
        "region_name": stored.region_name if stored else "",
        "palette": stored.palette if stored else "aegean",
        "exit_url": stored.exit_url if stored else str(RegionBrand._meta.get_field("exit_url").default),
        "contact_email": stored.contact_email if stored else "",
        "contact_telephone": stored.contact_telephone if stored else "",
    }
    LAST_KNOWN[request.get_host(), languages.here()] = known
    return known


LAST_KNOWN: dict[tuple[str, str], dict[str, Any]] = {}


def brand_row(request: HttpRequest) -> RegionBrand | None:
    """The brand of the request's region; read once a request."""
    if not hasattr(request, "_region_brand"):
        try:
            row = queries.brand_of(request.region)  # type: ignore[attr-defined]
        except Http404:
            row = None
        request._region_brand = row  # type: ignore[attr-defined]
    stored: RegionBrand | None = request._region_brand  # type: ignore[attr-defined]
    return stored


def publicity(request: HttpRequest) -> list[Any]:
    """The co-funded operations that this page belongs to."""
    stored = brand_row(request)
    path = request.path.lstrip("/").partition("/")[2]
    return [operation for operation in stored.operations.all() if operation.covers(path)] if stored else []


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries of the main menu."""
    stored = brand_row(request)
    if stored is None:
        return []
    if languages.is_complete(languages.here()):
        entries = queries.menu(stored.site, request)
    else:
        entries = [
            *search_entry(_("Find help")),
            {"title": _("Emergency"), "url": reverse("emergency")},
            {"title": _("Your rights"), "url": reverse("rights")},
        ]
    for entry in entries:
        entry["is_current"] = request.path.startswith(entry["url"])
        entry["is_exact"] = request.path == entry["url"]
    return entries


def search_entry(title: str) -> list[dict[str, Any]]:
    """The door to the search of structures."""
    try:
        return [{"title": title, "url": reverse("directory:search")}]
    except NoReverseMatch:
        return []


def footer(request: HttpRequest) -> list[dict[str, Any]]:
    """Three columns: help, about, languages."""
    here = languages.here()
    help_links = [
        *search_entry(_("Find help")),
        {"title": _("Emergency"), "url": reverse("emergency")},
        {"title": _("Your rights"), "url": reverse("rights")},
    ]
    if languages.is_complete(here):
        help_links.append({"title": _("We call you"), "url": reverse("directory:callback")})
        help_links.append({"title": _("Sheet to print, by municipality"), "url": reverse("sheets")})
        help_links.append({"title": _("Network"), "url": reverse("network:index")})
        help_links.append({"title": _("News by mail"), "url": reverse("notifications:subscribe")})
    columns = [{"title": _("Help"), "links": help_links}]
    stored = brand_row(request)
    if stored and languages.is_complete(here):
        columns += queries.footer_sections(stored.site, request)
    columns.append(
        {
            "title": _("Languages"),
            "links": [
                {"title": language["name_local"], "url": language["url"], "language": language["code"]}
                for language in languages.choices(request)
            ],
        }
    )
    return columns
