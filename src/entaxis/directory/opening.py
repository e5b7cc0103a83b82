"""From rows to schedules: reads the hours of structures and asks `schedule` about them."""

import operator
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
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

Feasts = dict[int, dict[date, str]]
Span = tuple[time, time, bool]
Closed = tuple[None, None, bool]
Valid = tuple[date | None, date | None]

HOURS_OF = """
    SELECT s.id, s.closed_on_public_holidays, s.region_id, s.municipality_id, a.parent_id,
        h.weekday, h.opens, h.closes, h.closes_next_day, h.valid_from, h.valid_to, h.first_day, h.last_day
    FROM directory_structure s
    LEFT JOIN geography_area a ON a.id = s.municipality_id
    LEFT JOIN LATERAL (
        SELECT weekday, opens, closes, closes_next_day, valid_from, valid_to,
            NULL::date AS first_day, NULL::date AS last_day
        FROM directory_openinghours WHERE structure_id = s.id
        UNION ALL
        SELECT NULL, opens, closes, closes_next_day, NULL, NULL, first_day, last_day
        FROM directory_hoursexception
        WHERE structure_id = s.id AND first_day <= %(today)s AND last_day >= %(yesterday)s
    ) h ON true
    WHERE s.id = ANY(%(ids)s)
    ORDER BY s.id
"""


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


def schedules(structures: Iterable[Structure], *, near: date | None = None) -> dict[UUID, Schedule]:
    """The hours of several structures by their id: three queries, however many they are."""
    rows = list(structures)
    feasts = _feasts(_kept(rows), near or timezone.localdate())
    return {row.pk: _schedule(row, row.hours.all(), feasts) for row in rows}


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


def states(ids: Collection[UUID], at: datetime) -> dict[UUID, bool | None]:
    """Whether structures are open at ``at``, None where hours are not known: two queries for any number.

    Plain rows by plain SQL: every search asks for this, and models would cost it more than all the rest.
    """
    today = at.astimezone(ATHENS).date()
    with connection.cursor() as cursor:
        cursor.execute(HOURS_OF, {"ids": list(ids), "today": today, "yesterday": today - ONE_DAY})
        rows = cursor.fetchall()
    feasts = _feasts({area for row in rows if row[1] for area in row[2:5] if area}, today)
    return {
        pk: _read(list(group), feasts).is_open(at)
        for pk, group in groupby(rows, key=operator.itemgetter(0))
    }


def _read(rows: list[tuple[Any, ...]], feasts: Feasts) -> Schedule:
    """The schedule of one structure, from its rows of `HOURS_OF`."""
    _, is_closed_on_holidays, *areas = rows[0][:5]
    return Schedule(
        weekly=tuple(_weekly(row[5], row[6:9], row[9:11]) for row in rows if row[5] is not None),
        differing=tuple(_differing(row[11:13], row[6:9]) for row in rows if row[11] is not None),
        closed_on_holidays=is_closed_on_holidays,
        local_holidays=_of_areas(areas, feasts),
    )


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
    feasts = _feasts(_kept([structure]), near or timezone.localdate())
    rows = {offer.pk: offer.hours.all() for offer in structure.offers.all()}
    return {pk: _schedule(structure, hours, feasts) for pk, hours in rows.items() if hours}


def _feasts(areas: Collection[int], near: date) -> Feasts:
    """By area, the local holidays of the years around ``near``."""
    found: Feasts = {}
    if not areas:
        return found
    years = (near.year - 1, near.year, near.year + 1)
    for holiday in LocalHoliday.objects.filter(area__in=areas):
        days = yearly([(holiday.day, holiday.is_yearly, str(holiday))], years)
        found.setdefault(holiday.area_id, {}).update(days)
    return found


def _kept(structures: list[Structure]) -> set[int]:
    """The areas whose feasts some of ``structures`` keep."""
    return {area for row in structures if row.closed_on_public_holidays for area in _areas(row)}


def _areas(structure: Structure) -> list[int]:
    """The areas whose feasts a structure keeps: region, and – where they may be known – those inside."""
    town = structure.municipality
    return [structure.region_id, *([town.pk, town.parent_id] if town and town.parent_id else [])]


def _of_areas(areas: Iterable[int], feasts: Feasts) -> dict[date, str]:
    found: dict[date, str] = {}
    for area in areas:
        found |= feasts.get(area, {})
    return found


def _schedule(structure: Structure, hours: Iterable[OpeningHours], feasts: Feasts) -> Schedule:
    return Schedule(
        weekly=tuple(_weekly(row.weekday, _span(row), (row.valid_from, row.valid_to)) for row in hours),
        differing=tuple(
            _differing((row.first_day, row.last_day), _span(row), row.reason)
            for row in structure.hours_exceptions.all()
        ),
        closed_on_holidays=structure.closed_on_public_holidays,
        local_holidays=_of_areas(_areas(structure), feasts),
    )


def _weekly(weekday: int, span: Span, valid: Valid) -> Weekly:
    return Weekly(weekday, Interval(*span), *valid)


def _differing(days: tuple[date, date], span: Span | Closed, reason: str = "") -> Differing:
    opens, closes, closes_next_day = span
    if opens is None or closes is None:
        return Differing(*days, None, reason)
    return Differing(*days, Interval(opens, closes, closes_next_day), reason)


def _span(row: OpeningHours | HoursException) -> Any:
    return row.opens, row.closes, row.closes_next_day
