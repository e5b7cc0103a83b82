"""Reading what is public: news and actions in one list, the calendar, the years of the archive."""

from calendar import Calendar
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Value
from django.db.models.functions import Coalesce, ExtractYear
from django.http import QueryDict
from django.utils import timezone

from entaxis.core.kept import kept
from entaxis.geography.models import Area
from entaxis.portal.models import NewsItem
from entaxis.portal.news import releases
from entaxis.strategy.models import Action
from entaxis.strategy.publications.models import Publication, PublicationQuerySet, Publisher

FAMILIES: Final[tuple[type[Publication], ...]] = (NewsItem, Action)
OF_ACTIONS: Final = "action"  # the kind under which actions stand among the news
MOST_IN_A_MONTH: Final = 300
LONGEST_QUERY: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; a value that means nothing narrows nothing."""

    publisher: str = ""
    kind: str = ""
    municipality: str = ""
    theme: str = ""
    group: str = ""
    body: str = ""
    words: str = ""
    year: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> "Wanted":
        """What an address asks for."""
        kinds = {*NewsItem.Kind.values, OF_ACTIONS}
        return cls(
            publisher=_known(query.get("publisher"), set(Publisher.values)),
            kind=_known(query.get("kind"), kinds),
            municipality=query.get("municipality", "")[:8],
            theme=query.get("theme", "")[:64],
            group=query.get("group", "")[:64],
            body=_uuid(query.get("body", "")),
            words=query.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY],
            year=_year(query.get("year", "")),
        )

    def narrow(self, rows: PublicationQuerySet) -> PublicationQuerySet:
        """``rows``, those wanted."""
        if self.publisher:
            rows = rows.filter(publisher=self.publisher)
        if self.municipality:
            rows = rows.filter(municipalities__code=self.municipality)
        if self.theme:
            rows = rows.filter(needs__contains=[self.theme])
        if self.group:
            rows = rows.filter(target_groups__contains=[self.group])
        if self.words:
            rows = rows.holding(self.words)
        if self.body:
            rows = rows.filter(body=self.body)
        if self.year:
            begin = timezone.make_aware(datetime.combine(date(self.year, 1, 1), time()))
            rows = rows.filter(publish_at__gte=begin, publish_at__lt=begin.replace(year=self.year + 1))
        return rows


def _known(value: str | None, known: set[str]) -> str:
    return value if value in known else ""


def _year(text: str) -> int | None:
    is_year = len(text) == 4 and text.isascii() and text.isdigit()
    return int(text) if is_year and 2000 <= int(text) <= 2100 else None


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


@dataclass
class Stream:
    """News and actions as one list, the latest first, cut and counted by the database."""

    region: Area
    wanted: Wanted = field(default_factory=Wanted)

    @cached_property
    def _parts(self) -> dict[str, PublicationQuerySet]:
        parts: dict[str, PublicationQuerySet] = {}
        for model in FAMILIES:
            if self.wanted.kind and (model is Action) != (self.wanted.kind == OF_ACTIONS):
                continue
            rows = model.objects.of(self.region)
            # the archive is reached by its year
            rows = rows.public() if self.wanted.year else rows.current()
            if self.wanted.kind and model is NewsItem:
                rows = rows.filter(kind=self.wanted.kind)
            parts[model._meta.label_lower] = self.wanted.narrow(rows)
        return parts

    def __len__(self) -> int:
        return sum(rows.count() for rows in self._parts.values())

    count = __len__

    def __getitem__(self, cut: slice) -> list[Any]:
        if cut.stop == 0:  # the only page of an empty list
            return []
        # each family brings what could stand in the cut: its index by date is read that far and no further
        whole, *others = (
            rows.order_by("-publish_at", "-pk")
            .annotate(family=Value(label))
            .values_list("publish_at", "pk", "family")[: cut.stop]
            for label, rows in self._parts.items()
        )
        if others:
            whole = whole.union(*others, all=True).order_by("-publish_at", "-id")
        order = [(label, pk) for _moment, pk, label in whole[cut]]
        found: dict[tuple[str, UUID], Any] = {}
        for label, rows in self._parts.items():
            wanted = [pk for one, pk in order if one == label]
            related = rows.model.objects.select_related("body", "structure")
            for row in related.prefetch_related("municipalities").filter(pk__in=wanted) if wanted else ():
                found[label, row.pk] = row
        return [found[key] for key in order if key in found]


def years(region: Area) -> list[tuple[int, int]]:
    """The years in which something became public, the last first, with how much; kept for a while."""
    return kept(f"portal.news.years.{region.pk}", lambda: _years(region))


def _years(region: Area) -> list[tuple[int, int]]:
    numbers: Counter[int] = Counter()
    for model in FAMILIES:
        rows = model.objects.of(region).public().order_by().annotate(year=ExtractYear("publish_at"))
        numbers.update(dict(rows.values_list("year").annotate(number=Count("pk"))))
    return sorted(numbers.items(), reverse=True)


def events(region: Area, wanted: Wanted | None = None) -> PublicationQuerySet:
    """Public events, the first to begin first."""
    rows: PublicationQuerySet = NewsItem.objects.of(region).public().exclude(event_start=None)
    rows = (wanted or Wanted()).narrow(rows)
    return (
        rows.select_related("body", "structure").prefetch_related("municipalities").order_by("event_start")
    )


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar with what happens on it."""

    date: date
    events: list[Any]
    is_inside: bool
    """Belongs to the month that is shown."""
    is_today: bool


def month(region: Area, first: date, wanted: Wanted) -> list[list[Day]]:
    """The weeks of the month of ``first``, from Monday, with releases of figures where nothing narrows it.

    One query and one for the places, three for releases.
    """
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    begin = timezone.make_aware(datetime.combine(weeks[0][0], time()))
    end = timezone.make_aware(datetime.combine(weeks[-1][-1] + timedelta(days=1), time()))
    shown = events(region, wanted).annotate(last=Coalesce("event_end", "event_start"))
    happening: list[Any] = list(shown.filter(event_start__lt=end, last__gte=begin)[:MOST_IN_A_MONTH])
    if wanted == Wanted():
        told = releases.by_day(releases.entries(region, begin, end))
        happening = sorted((*happening, *told), key=lambda one: one.event_start)
    today = timezone.localdate()
    return [
        [Day(day, list(_on(happening, day)), day.month == first.month, day == today) for day in week]
        for week in weeks
    ]


def _on(happening: list[Any], day: date) -> Iterator[Any]:
    for row in happening:
        last = row.event_end or row.event_start
        if timezone.localdate(row.event_start) <= day <= timezone.localdate(last):
            yield row


def found_by(region: Area, words: str, limit: int) -> list[Any]:
    """Public news and actions that hold every word, the latest first."""
    return Stream(region, Wanted(words=words))[:limit] if words else []
