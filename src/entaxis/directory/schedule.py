"""When a place is open: pure reckoning over weekly hours, days that differ and holidays. No database.

All times are those of the wall clock in Athens, so a door that opens at nine opens at nine on both sides
of a change of the clocks. A day's word is found in this order: days that differ, holidays, weekly hours.
Nothing known about a day is ``None``, never "closed".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays
from django.utils import translation
from django.utils.translation import gettext as _

ATHENS: Final = ZoneInfo("Europe/Athens")
ONE_DAY: Final = timedelta(days=1)
HORIZON_DAYS: Final = 60  # whoever opens later than that is not "opening soon"


@dataclass(frozen=True, order=True)
class Interval:
    """Open from ``opens`` until before ``closes``, on the next day if it says so."""

    opens: time
    closes: time
    closes_next_day: bool = False

    def covers(self, clock: time, *, days_later: int) -> bool:
        """Whether it is open when the clock shows ``clock`` on its own day (0) or on the next (1)."""
        if days_later == 0:
            return self.opens <= clock and (self.closes_next_day or clock < self.closes)
        return days_later == 1 and self.closes_next_day and clock < self.closes

    def __str__(self) -> str:
        if self.closes_next_day and self.opens == self.closes == time():
            return _("all day and night")
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


@dataclass(frozen=True)
class Weekly:
    """An interval that returns on a weekday (Monday is 0) while it is valid, both days included."""

    weekday: int
    interval: Interval
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid(self, day: date) -> bool:
        """Whether this row speaks of ``day``'s time of the year."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True)
class Differing:
    """Days, both included, on which the weekly hours do not hold; without an interval: closed."""

    first_day: date
    last_day: date
    interval: Interval | None = None
    reason: str = ""


@dataclass(frozen=True)
class Day:
    """What is known of one day: ``intervals`` is None where nothing is, empty where it is closed."""

    day: date
    intervals: tuple[Interval, ...] | None
    reason: str = ""


@dataclass(frozen=True)
class Schedule:
    """The hours of one place or service."""

    weekly: tuple[Weekly, ...] = ()
    differing: tuple[Differing, ...] = ()
    closed_on_holidays: bool = False
    local_holidays: Mapping[date, str] = field(default_factory=dict)  # those of the years in question

    @property
    def is_known(self) -> bool:
        """Whether anything at all is known."""
        return bool(self.weekly or self.differing)

    def of_day(self, day: date, language: str = "el") -> Day:
        """The hours of ``day``, with the reason where they differ from the week's."""
        differing = [row for row in self.differing if row.first_day <= day <= row.last_day]
        if differing:
            closed = next((row for row in differing if row.interval is None), None)
            intervals = () if closed else sorted({row.interval for row in differing if row.interval})
            return Day(day, tuple(intervals), (closed or differing[0]).reason)
        weekly = [row for row in self.weekly if row.is_valid(day)]
        if not weekly:
            return Day(day, None)
        holiday = self.holiday(day, language)
        if holiday:
            return Day(day, (), holiday)
        return Day(day, tuple(sorted({row.interval for row in weekly if row.weekday == day.weekday()})))

    def holiday(self, day: date, language: str = "el") -> str:
        """The name of the holiday on which it is closed; empty on other days."""
        if not self.closed_on_holidays:
            return ""
        return public_holidays(day.year, language).get(day, "") or self.local_holidays.get(day, "")

    def is_open(self, at: datetime) -> bool | None:
        """Whether it is open at the aware moment ``at``; None where that is not known."""
        here = at.astimezone(ATHENS)
        clock = here.time().replace(tzinfo=None)
        today, yesterday = self.of_day(here.date()), self.of_day(here.date() - ONE_DAY)
        if any(interval.covers(clock, days_later=0) for interval in today.intervals or ()):
            return True
        if any(interval.covers(clock, days_later=1) for interval in yesterday.intervals or ()):
            return True
        return None if today.intervals is None else False

    def closing(self, at: datetime) -> datetime | None:
        """The moment at which it closes next, intervals that touch taken together.

        None if it is not open, or not known to close within `HORIZON_DAYS`.
        """
        end: datetime | None = None
        last = moment(at.astimezone(ATHENS).date() + (HORIZON_DAYS - 2) * ONE_DAY, time())
        for begins, ends in self._spans(at.astimezone(ATHENS).date() - ONE_DAY, HORIZON_DAYS):
            if end is not None and begins > end:
                break
            if end is not None or begins <= at < ends:
                end = max(ends, end or ends)
        return None if end is not None and end > last else end

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment after ``at`` at which it opens, within `HORIZON_DAYS`; None if unknown."""
        starts = self._spans(at.astimezone(ATHENS).date(), HORIZON_DAYS)
        return next((begins for begins, _ in starts if begins > at), None)

    def _spans(self, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
        for number in range(days):
            day = first + number * ONE_DAY
            for interval in self.of_day(day).intervals or ():
                end = day + ONE_DAY if interval.closes_next_day else day
                yield moment(day, interval.opens), moment(end, interval.closes)


def moment(day: date, clock: time) -> datetime:
    """The moment at which the clock in Athens shows ``clock`` on ``day``.

    A time that the spring's change leaps over is the moment of the change; one that comes twice in
    autumn is its first.
    """
    wanted = datetime.combine(day, clock.replace(fold=0), tzinfo=ATHENS)
    real = wanted.astimezone(ZoneInfo("UTC")).astimezone(ATHENS)
    if real.replace(tzinfo=None) == wanted.replace(tzinfo=None):
        return wanted
    return real.replace(minute=0, second=0, microsecond=0)


@lru_cache(maxsize=64)
def public_holidays(year: int, language: str = "el") -> Mapping[date, str]:
    """The public holidays of Greece, by the Orthodox calendar."""
    words = "el" if language.startswith("el") else "en_US"
    found = dict(holidays.country_holidays("GR", years=year, language=words))
    # The library leaves out Easter Day, a Sunday; a place open on Sundays is closed on it.
    with translation.override(language):
        found[_easter(year)] = translation.gettext("Easter Sunday")
    return found


def _easter(year: int) -> date:
    """Easter Day of the Orthodox: Meeus's rule for the Julian calendar, moved to ours (1900–2099)."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)


def is_public_holiday(day: date) -> bool:
    """Whether ``day`` is a public holiday everywhere in Greece."""
    return day in public_holidays(day.year)


def yearly(days: Iterable[tuple[date, bool, str]], years: Iterable[int]) -> dict[date, str]:
    """Holidays (day, returns every year, name) as they fall in ``years``."""
    found: dict[date, str] = {}
    for day, is_yearly, name in days:
        for year in years:
            if is_yearly and (day.month, day.day) != (2, 29):
                found[day.replace(year=year)] = name
            elif day.year == year:
                found[day] = name
    return found
