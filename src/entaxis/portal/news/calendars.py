"""Events as iCalendar (RFC 5545), for people's own calendars."""

from collections.abc import Iterable
from datetime import timedelta

from django.http import HttpRequest
from icalendar import Calendar, Event

from entaxis.portal.models import NewsItem
from entaxis.portal.news.releases import ReleaseEntry

NO_END = timedelta(hours=1)  # an event that does not say how long it lasts


def ics(request: HttpRequest, name: str, rows: Iterable[NewsItem | ReleaseEntry]) -> bytes:
    """A calendar of these events; an event keeps its identity through every change."""
    calendar = Calendar()
    calendar.add("prodid", "-//Entaxis//Events//EL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for row in rows:
        calendar.add_component(_event(request, row))
    written: bytes = calendar.to_ical()
    return written


def _event(request: HttpRequest, row: NewsItem | ReleaseEntry) -> Event:
    event = Event()
    event.add("uid", f"{row.pk}@{request.get_host().partition(':')[0]}")
    event.add("dtstamp", row.changed_at)
    event.add("sequence", row.version)
    event.add("summary", row.title)
    event.add("description", row.summary)
    if row.event_start:
        event.add("dtstart", row.event_start)
        event.add("dtend", row.event_end or row.event_start + NO_END)
    if row.place:
        event.add("location", row.place)
    event.add("url", request.build_absolute_uri(row.get_absolute_url()))
    return event
