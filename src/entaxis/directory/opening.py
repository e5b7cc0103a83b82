"""From rows to schedules: reads the hours of structures and asks `schedule` about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language

from entaxis.directory.models import (
    HoursException,
    LocalHoliday,
    OpeningHours,
    Structure,
)
from entaxis.directory.models.structures import StructureQuerySet
from entaxis.directory.schedule import (
    ATHENS,
    ONE_DAY,
    Day,
    Differing,
    Interval,
    Schedule,
    Weekly,
    is_public_holiday,
    yearly,
)

PREFETCH = ("hours", "hours_exceptions")


@dataclass(frozen=True)
class Opening:
    """What a list or a page says about a place at one moment."""

    is_open: bool | None
    closes: datetime | None
    opens_next: datetime | None
    today: Day


def schedule(structure: Structure, *, near: date | None = None) -> Schedule:
    """The hours of a structure. ``near``: the day asked about (today), for the year's local holidays."""
    return schedules([structure], near=near)[structure.pk]


def schedules(structures: Iterable[Structure], *, near: date | None = None) -> dict[object, Schedule]:
    """The hours of several structures by their id: three queries, however many they are."""
    rows = list(structures)
    local = _local_holidays(rows, near or timezone.localdate())
    return {row.pk: _schedule(row, row.hours.all(), local) for row in rows}


def opening(schedule: Schedule, at: datetime) -> Opening:
    """Open now? Until when? When next?"""
    is_open = schedule.is_open(at)
    return Opening(
        is_open=is_open,
        closes=schedule.closing(at) if is_open else None,
        opens_next=None if is_open else schedule.next_opening(at),
        today=schedule.of_day(at.astimezone(ATHENS).date(), get_language() or "el"),
    )


def open_now(structure: Structure, at: datetime | None = None) -> bool | None:
    """Whether it is open at ``at`` (now); None where the hours are not known."""
    moment = at or timezone.now()
    return schedule(structure, near=moment.astimezone(ATHENS).date()).is_open(moment)


def opening_today(structure: Structure, at: datetime | None = None) -> Day:
    """The hours of the day in Athens on which ``at`` (now) falls."""
    day = (at or timezone.now()).astimezone(ATHENS).date()
    return schedule(structure, near=day).of_day(day, get_language() or "el")


def next_opening(structure: Structure, at: datetime | None = None) -> datetime | None:
    """When it opens next after ``at`` (now)."""
    moment = at or timezone.now()
    return schedule(structure, near=moment.astimezone(ATHENS).date()).next_opening(moment)


def filter_open(structures: StructureQuerySet, at: datetime) -> StructureQuerySet:
    """Those of ``structures`` that are open at ``at``: the same word as `Schedule.is_open`, in SQL."""
    here = at.astimezone(ATHENS)
    clock = here.time().replace(tzinfo=None)
    today, yesterday = here.date(), here.date() - ONE_DAY
    begun_today = Q(opens__lte=clock) & (Q(closes_next_day=True) | Q(closes__gt=clock))
    begun_yesterday = Q(closes_next_day=True, closes__gt=clock)
    return structures.filter(_open_from(today, begun_today) | _open_from(yesterday, begun_yesterday))


def _open_from(day: date, covers: Q) -> Q:
    """Open because of an interval of ``day`` that ``covers`` the moment asked about."""
    differing = HoursException.objects.filter(
        structure=OuterRef("pk"), first_day__lte=day, last_day__gte=day
    )
    weekly = OpeningHours.objects.filter(covers, structure=OuterRef("pk"), weekday=day.weekday()).filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    )
    other_hours = Q(Exists(differing.filter(covers))) & ~Q(Exists(differing.filter(opens=None)))
    usual_hours = Q(Exists(weekly)) & ~Q(Exists(differing)) & ~_holiday(day)
    return other_hours | usual_hours


def _holiday(day: date) -> Q:
    if is_public_holiday(day):
        return Q(closed_on_public_holidays=True)
    same_day = Q(day=day) | Q(is_yearly=True, day__month=day.month, day__day=day.day)
    here = LocalHoliday.objects.filter(same_day).filter(
        Q(area=OuterRef("municipality"))
        | Q(area=OuterRef("municipality__parent"))
        | Q(area=OuterRef("region"))
    )
    return Q(closed_on_public_holidays=True) & Q(Exists(here))


def offer_schedules(structure: Structure, *, near: date | None = None) -> dict[object, Schedule]:
    """The schedules of those services of ``structure`` that have hours of their own, by the offer's id."""
    local = _local_holidays([structure], near or timezone.localdate())
    rows = {offer.pk: offer.hours.all() for offer in structure.offers.all()}
    return {pk: _schedule(structure, hours, local) for pk, hours in rows.items() if hours}


LocalHolidays = dict[int, dict[date, str]]


def _local_holidays(structures: list[Structure], near: date) -> LocalHolidays:
    """By area, the local holidays of the years around ``near`` that these structures keep."""
    areas: set[int] = set()
    for row in structures:
        if row.closed_on_public_holidays:
            areas.update(_areas(row))
    found: LocalHolidays = {}
    if not areas:
        return found
    years = (near.year - 1, near.year, near.year + 1)
    for holiday in LocalHoliday.objects.filter(area__in=areas):
        days = yearly([(holiday.day, holiday.is_yearly, str(holiday))], years)
        found.setdefault(holiday.area_id, {}).update(days)
    return found


def _areas(structure: Structure) -> list[int]:
    """The areas whose feasts a structure keeps: region, and – where they may be known – those inside."""
    town = structure.municipality
    return [structure.region_id, *([town.pk, town.parent_id] if town and town.parent_id else [])]


def _schedule(structure: Structure, hours: Iterable[OpeningHours], local: LocalHolidays) -> Schedule:
    feasts: dict[date, str] = {}
    for area in _areas(structure):
        feasts |= local.get(area, {})
    return Schedule(
        weekly=tuple(
            Weekly(
                row.weekday,
                Interval(row.opens, row.closes, row.closes_next_day),
                row.valid_from,
                row.valid_to,
            )
            for row in hours
        ),
        differing=tuple(_differing(row) for row in structure.hours_exceptions.all()),
        closed_on_holidays=structure.closed_on_public_holidays,
        local_holidays=feasts,
    )


def _differing(row: HoursException) -> Differing:
    interval = None
    if row.opens is not None and row.closes is not None:
        interval = Interval(row.opens, row.closes, row.closes_next_day)
    return Differing(row.first_day, row.last_day, interval, row.reason)
