"""The public pages of news: list, calendar, one item, and what others' programmes read."""

from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import json_script
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from entaxis.directory.http import region_of
from entaxis.geography.models import Area
from entaxis.portal import languages, queries
from entaxis.portal.context import brand
from entaxis.portal.models import NewsItem
from entaxis.portal.news import calendars, feeds, releases
from entaxis.portal.news.queries import OF_ACTIONS, Stream, Wanted, events, month, years
from entaxis.strategy.publications import cards
from entaxis.strategy.publications.models import Publisher
from entaxis.vocabularies.queries import choices

A_PAGE: Final = 12
MOST_EVENTS: Final = 500


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What was published, the latest first, filtered."""
    region, wanted = region_of(request), Wanted.of(request.GET)
    stream: Any = Stream(region, wanted)
    page = Paginator(stream, A_PAGE).get_page(request.GET.get("page"))
    context = _filters(region, wanted) | {
        "page": page,
        "years": years(region),
        "feed_query": _query(request),
        "subscribe_url": _subscribe_url(wanted),
        "trail": _trail((_("News"), "")),
    }
    return render(request, "portal/news/list.html", context)


def _filters(region: Area, wanted: Wanted) -> dict[str, Any]:
    municipalities = queries.municipalities(region)
    for each in municipalities:
        each["is_chosen"] = each["value"] == wanted.municipality
    return {
        "wanted": wanted,
        "publishers": Publisher.choices,
        "kinds": [*NewsItem.Kind.choices, (OF_ACTIONS, _("Action"))],
        "municipalities": municipalities,
        "themes": [term for term in choices("needs") if term.parent_id is None],
        "groups": choices("target_groups"),
    }


def _subscribe_url(wanted: Wanted) -> str:
    """Where one asks to be told by mail of what this list is narrowed to."""
    asked = (("body", wanted.body), ("municipality", wanted.municipality), ("needs", wanted.theme))
    follow = next((f"{scope}:{key}" for scope, key in asked if key), "")
    query = f"?{urlencode({'follow': follow})}" if follow else ""
    return reverse("notifications:subscribe") + query


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"?{kept.urlencode()}" if kept else ""


@require_safe
def calendar(request: HttpRequest, year: int | None = None, number: int | None = None) -> HttpResponse:
    """The events of a month."""
    today = timezone.localdate()
    if year is not None and not (2000 <= year <= 2100 and 1 <= (number or 0) <= 12):
        raise Http404
    first = date(year or today.year, number or today.month, 1)
    weeks = month(region_of(request), first, Wanted.of(request.GET))
    before = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    after = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    context = {
        "weeks": weeks,
        "has_events": any(day.events for week in weeks for day in week),
        "title": f"{MONTHS[first.month]} {first.year}",
        "before": before if before.year >= 2000 else None,
        "after": after if after.year <= 2100 else None,
        "feed_query": _query(request),
        "trail": _trail((_("News"), reverse("news:list")), (_("Calendar"), "")),
    }
    return render(request, "portal/news/calendar.html", context)


@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """One announcement or event."""
    row = _item(request, slug)
    permalink = request.build_absolute_uri(row.get_absolute_url())
    context = {
        "item": row,
        "description": row.summary,
        "permalink": permalink,
        "card_url": request.build_absolute_uri(reverse("news:card", args=[row.slug])),
        "event_data": _event_data(request, row) if row.event_start else "",
        "trail": _trail((_("News"), reverse("news:list")), (row.title, "")),
    }
    return render(request, "portal/news/item.html", context)


def _item(request: HttpRequest, slug: str) -> NewsItem:
    related = ("pictures", "files")
    one = ("body", "structure", "action__structure")
    rows = NewsItem.objects.of(region_of(request)).public().select_related(*one)
    found: NewsItem = get_object_or_404(rows.prefetch_related(*related), slug=slug)
    return found


def _event_data(request: HttpRequest, row: NewsItem) -> SafeString:
    """schema.org's Event as JSON-LD; what could end the element is escaped."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": row.title,
        "description": row.summary,
        "startDate": timezone.localtime(row.event_start).isoformat(),
        "url": request.build_absolute_uri(row.get_absolute_url()),
        "organizer": {
            "@type": "Organization",
            "name": row.organiser or row.speaker or brand(request)["name"],
        },
    }
    if row.event_end:
        data["endDate"] = timezone.localtime(row.event_end).isoformat()
    if row.place:
        data["location"] = {"@type": "Place", "name": row.place, "address": row.place}
    escaped = json_script(data)
    return mark_safe(escaped.replace("application/json", "application/ld+json", 1))  # json_script escapes


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The list as an Atom feed, with the list's own filters."""
    stream = Stream(region_of(request), Wanted.of(request.GET))
    title = _("News of %(name)s") % {"name": brand(request)["name"]}
    written = feeds.atom(request, title, reverse("news:list") + _query(request), stream)
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")


@require_safe
def events_ics(request: HttpRequest) -> HttpResponse:
    """The events of the region and its releases of figures, from this month on, to subscribe to."""
    begin = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    region, wanted = region_of(request), Wanted.of(request.GET)
    rows = list(events(region, wanted).filter(event_start__gte=begin)[:MOST_EVENTS])
    told = releases.entries(region, begin) if wanted == Wanted() else []
    name = _("Events of %(name)s") % {"name": brand(request)["name"]}
    return _calendar_file(calendars.ics(request, name, [*rows, *told]), "events")


@require_safe
def event_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """One event for one's own calendar."""
    row = _item(request, slug)
    if row.event_start is None:
        raise Http404
    return _calendar_file(calendars.ics(request, row.title, [row]), row.slug)


def _calendar_file(written: bytes, name: str) -> HttpResponse:
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture that stands beside a link to a piece of news."""
    rows = NewsItem.objects.of(region_of(request)).public().select_related("body", "structure")
    row = get_object_or_404(rows, slug=slug)
    known = brand(request)
    return cards.answer(
        title=row.title,
        kind=str(row.get_kind_display()),
        speaker=row.speaker or known["name"],
        place=known["region_name"],
    )


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    home = (_("Home"), languages.home_url(languages.here()))
    return [{"title": title, "url": url} for title, url in (home, *steps)]
