"""Releases of figures as entries of the calendar: those that are out, and those that have an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.geography.models import Area
from entaxis.indicators.models import Release
from entaxis.indicators.releases import moved

MOST: Final = 200
A_DAY: Final = 2  # releases that have a line each on the page of a month


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """A release as the calendar shows an event; ``moves``: how often its announced hour became another."""

    release: Release
    moves: int = 0

    place = ""
    event_end = None

    @property
    def pk(self) -> str:
        """Its identity among events: the same before and after it is out."""
        return f"release-{self.release.pk}"

    @property
    def title(self) -> str:
        """What comes out, or is taken back."""
        text = (
            _("Figures taken back: %(title)s")
            if self.release.is_withdrawal
            else _("New figures: %(title)s")
        )
        return text % {"title": self.release.title}

    @property
    def summary(self) -> str:
        """Where its figures come from."""
        return _("Source: %(source)s.") % {"source": self.release.source}

    @property
    def event_start(self) -> datetime | None:
        """The hour at which it came or comes out."""
        return self.release.published_at or self.release.publish_at

    @property
    def changed_at(self) -> datetime | None:
        """When what is told of it last changed."""
        return self.release.published_at or self.release.approved_at

    @property
    def version(self) -> int:
        """Of what is told of it: it grows when its hour moves and when it is out (RFC 5545, 3.8.7.4)."""
        return self.moves + (self.release.published_at is not None)

    def get_absolute_url(self) -> str:
        """Its page once it is out, before that the list that announces it."""
        if self.release.published_at:
            return reverse("indicators:release", args=[self.release.pk])
        return reverse("indicators:releases")


def entries(region: Area, begin: datetime, end: datetime | None = None) -> list[ReleaseEntry]:
    """Releases that came or come out from ``begin`` until before ``end``, first first. Three queries."""
    public = Q(published_at__gte=begin) & (Q(published_at__lt=end) if end else Q())
    coming = Q(publish_at__gte=begin) & (Q(publish_at__lt=end) if end else Q())
    told = Release.objects.public().filter(public, region=region).order_by("published_at", "pk")
    announced = Release.objects.announced().filter(coming, region=region).order_by("publish_at", "pk")
    found = [*told[:MOST], *announced[:MOST]]
    moves = moved(found)
    return [ReleaseEntry(one, moves[one.pk]) for one in found]


@dataclass(frozen=True, slots=True)
class DayOfReleases:
    """Many releases of one day in the place of one: the list has each."""

    number: int
    event_start: datetime

    place = ""
    event_end = None

    @property
    def title(self) -> str:
        """How many come out."""
        return _("New figures: %(number)s releases") % {"number": self.number}

    def get_absolute_url(self) -> str:
        """The list of releases."""
        return reverse("indicators:releases")


def by_day(told: Sequence[ReleaseEntry]) -> list[ReleaseEntry | DayOfReleases]:
    """As a page of a month shows them: days with many have one line."""
    days: dict[date, list[ReleaseEntry]] = {}
    for one in told:
        if one.event_start is not None:
            days.setdefault(timezone.localdate(one.event_start), []).append(one)
    found: list[ReleaseEntry | DayOfReleases] = []
    for inside in days.values():
        begin = inside[0].event_start
        found += inside if len(inside) <= A_DAY or begin is None else [DayOfReleases(len(inside), begin)]
    return found
