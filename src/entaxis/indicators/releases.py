"""Releases as pages read them: what is in force, announced, replaced, or waits for somebody."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import periods as periods_of
from entaxis.indicators.models import Release, ReleasedSeries
from entaxis.sources.models import SourceEdition


@dataclass(frozen=True, slots=True)
class Corrected:
    """A release and the periods that another one replaces of it, or that it replaces of another."""

    release: Release
    periods: tuple[str, ...]

    @property
    def when(self) -> str:
        """The periods in the reader's language."""
        return periods_of.names(self.periods)


def in_force(region: Area, told: Collection[tuple[int, str]]) -> list[Corrected]:
    """The releases in force of any of these indicators and periods, latest first. One query."""
    held = ReleasedSeries.objects.filter(
        region=region,
        indicator__in={indicator for indicator, _period in told},
        period__in={period for _indicator, period in told},
        is_current=True,
    ).select_related("release")
    rows = held.order_by("-release__published_at", "-release_id")
    return _by_release((row.release, row.period) for row in rows if (row.indicator_id, row.period) in told)


def neighbours(release: Release) -> tuple[list[Corrected], list[Corrected]]:
    """What a published release replaced, and what replaced it: the same indicators, period by period.

    One query; of several releases of a period those next to it.
    """
    own = release.series.filter(indicator=OuterRef("indicator"), period=OuterRef("period"))
    others = ReleasedSeries.objects.filter(Exists(own), region=release.region_id).exclude(release=release)
    before: dict[tuple[int, str], Release] = {}
    behind: dict[tuple[int, str], Release] = {}
    for row in others.select_related("release").order_by("release__published_at", "release_id"):
        at = row.indicator_id, row.period
        if _published(row.release) < _published(release):
            before[at] = row.release
        else:
            behind.setdefault(at, row.release)
    former, later = (
        _by_release((other, period) for (_indicator, period), other in found.items())
        for found in (before, behind)
    )
    return former, later


def _published(release: Release) -> tuple[datetime, int]:
    return release.published_at or timezone.now(), release.pk


def _by_release(told: Iterable[tuple[Release, str]]) -> list[Corrected]:
    """Each release once, with its periods."""
    found: dict[Release, set[str]] = defaultdict(set)
    for release, period in told:
        found[release].add(period)
    return [Corrected(release, tuple(sorted(periods))) for release, periods in found.items()]


def public(region: Area) -> list[Release]:
    """Those that are or were in force, latest first. One query."""
    rows = Release.objects.public().filter(region=region).select_related("edition")
    return list(rows.order_by("-published_at", "-pk"))


def announced(region: Area) -> list[Release]:
    """Those that have an hour, next first. One query."""
    return list(Release.objects.announced().filter(region=region).order_by("publish_at", "pk"))


def moved(releases: Iterable[Release]) -> Counter[int]:
    """How often the announced hour of each was changed to another, by release. One query."""
    history: Any = Release.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
    told = history.filter(pgh_obj__in=[row.pk for row in releases], state=Release.State.APPROVED)
    found: Counter[int] = Counter()
    hours: dict[int, datetime] = {}
    for release, hour in told.order_by("pgh_id").values_list("pgh_obj_id", "publish_at"):
        found[release] += hours.get(release, hour) != hour
        hours[release] = hour
    return found


def waiting(user: User, region: Area) -> int:
    """How many releases this person may approve. One query."""
    checked = Release.objects.filter(region=region, state=Release.State.CHECKED)
    return checked.exclude(created_by=user).count()


def files_in_force(region: Area) -> list[SourceEdition]:
    """Files of sources from which figures may be proposed, latest period first. One query."""
    rows = SourceEdition.objects.filter(source__region=region, state=SourceEdition.State.CURRENT)
    return list(rows.select_related("source").order_by("-until", "source__name_el", "pk"))
