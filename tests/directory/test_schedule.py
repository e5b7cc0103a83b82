from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from entaxis.directory.schedule import (
    ATHENS,
    HORIZON_DAYS,
    Differing,
    Interval,
    Schedule,
    Weekly,
    is_public_holiday,
    moment,
    public_holidays,
)

MORNING = Interval(time(9), time(14))
NIGHT = Interval(time(20), time(8), closes_next_day=True)
ALWAYS = Interval(time(0), time(0), closes_next_day=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ATHENS)


def weekdays(*intervals: Interval, days: range = range(5)) -> tuple[Weekly, ...]:
    return tuple(Weekly(day, interval) for day in days for interval in intervals)


OFFICE = Schedule(weekly=weekdays(MORNING), closed_on_holidays=True)
SHELTER = Schedule(weekly=weekdays(NIGHT, days=range(7)))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T13:59:59", True),
        ("2026-11-23T14:00", False),
        ("2026-11-22T10:00", False),  # a Sunday
    ],
)
def test_opens_at_its_time_and_closes_at_its_time(moment: str, expected: bool) -> None:
    assert OFFICE.is_open(at(moment)) is expected


def test_hours_over_midnight_belong_to_the_evening_before() -> None:
    assert SHELTER.is_open(at("2026-11-23T03:00")) is True
    assert SHELTER.is_open(at("2026-11-23T08:00")) is False
    only_friday = Schedule(weekly=(Weekly(4, NIGHT),))
    assert only_friday.is_open(at("2026-11-28T03:00")) is True  # Saturday
    assert only_friday.is_open(at("2026-11-27T03:00")) is False  # Friday before it begins


def test_unknown_is_not_closed() -> None:
    assert Schedule().is_open(at("2026-11-23T10:00")) is None
    winter = Schedule(weekly=(Weekly(0, MORNING, date(2026, 10, 1), date(2027, 4, 30)),))
    assert winter.is_open(at("2026-11-23T10:00")) is True
    assert winter.is_open(at("2026-07-06T10:00")) is None


@pytest.mark.parametrize(
    "day",
    ["2026-12-25", "2027-01-06", "2027-04-30", "2027-05-03", "2027-06-21", "2027-10-28", "2027-08-16"],
)
def test_orthodox_holidays_close(day: str) -> None:
    here = date.fromisoformat(day)
    assert is_public_holiday(here) is (day != "2027-08-16")
    assert OFFICE.is_open(at(f"{day}T10:00")) is (day == "2027-08-16" and here.weekday() < 5)


def test_easter_day_of_the_orthodox() -> None:
    known = {2024: (5, 5), 2025: (4, 20), 2026: (4, 12), 2027: (5, 2), 2028: (4, 16)}
    for year, (month, day) in known.items():
        assert date(year, month, day) in public_holidays(year)
    assert public_holidays(2027, "el")[date(2027, 5, 2)] != public_holidays(2027, "en")[date(2027, 5, 2)]


def test_a_day_that_differs_wins_over_holiday_and_week() -> None:
    christmas = Differing(date(2026, 12, 24), date(2026, 12, 25), Interval(time(10), time(12)), "λίγο")
    assert Schedule(OFFICE.weekly, (christmas,), closed_on_holidays=True).is_open(at("2026-12-25T11:00"))
    closed = Differing(date(2026, 12, 25), date(2026, 12, 25))
    both = Schedule(OFFICE.weekly, (christmas, closed), closed_on_holidays=True)
    assert both.is_open(at("2026-12-25T11:00")) is False
    assert both.is_open(at("2026-12-24T11:00")) is True
    assert both.of_day(date(2026, 12, 24)).reason == "λίγο"


def test_a_local_feast_closes() -> None:
    feast = Schedule(OFFICE.weekly, (), True, {date(2026, 12, 7): "Πολιούχος"})
    assert feast.is_open(at("2026-12-07T10:00")) is False
    assert feast.of_day(date(2026, 12, 7)).reason == "Πολιούχος"
    assert Schedule(OFFICE.weekly, (), False, feast.local_holidays).is_open(at("2026-12-07T10:00"))


def test_next_opening_leaps_over_weekend_and_holiday() -> None:
    assert OFFICE.next_opening(at("2026-11-20T14:30")) == at("2026-11-23T09:00")
    assert OFFICE.next_opening(at("2026-12-24T15:00")) == at("2026-12-28T09:00")
    assert Schedule().next_opening(at("2026-12-24T15:00")) is None


def test_closing_takes_touching_intervals_together() -> None:
    day = Schedule(weekly=weekdays(MORNING, Interval(time(14), time(17)), Interval(time(18), time(20))))
    assert day.closing(at("2026-11-23T10:00")) == at("2026-11-23T17:00")
    assert day.closing(at("2026-11-23T17:30")) is None
    assert SHELTER.closing(at("2026-11-23T03:00")) == at("2026-11-23T08:00")


def test_what_never_closes_has_no_hour_of_closing() -> None:
    assert Schedule(weekly=weekdays(ALWAYS, days=range(7))).closing(at("2026-11-23T10:00")) is None


def test_the_clocks_change() -> None:
    """29 March 2026 03:00 → 04:00, 25 October 2026 04:00 → 03:00."""
    utc = ZoneInfo("UTC")
    assert moment(date(2026, 3, 29), time(3, 30)).astimezone(utc) == datetime(2026, 3, 29, 1, tzinfo=utc)
    day_long = Schedule(weekly=weekdays(ALWAYS, days=range(7)))
    for first in ("2026-03-28T22:00", "2026-10-24T22:00"):
        start = at(first).astimezone(utc)
        assert all(day_long.is_open(start + timedelta(minutes=10 * step)) for step in range(200))
    sunday = Schedule(weekly=(Weekly(6, MORNING),))
    for day, hour in (("2026-03-29", 6), ("2026-10-25", 7)):
        opens = sunday.next_opening(at(f"{day}T00:30"))
        assert opens is not None
        assert opens.astimezone(utc).hour == hour


law = settings(derandomize=True, deadline=None, max_examples=150)
clocks = st.times(max_value=time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(ZoneInfo("UTC")))  # noqa: DTZ001


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    opens, closes = draw(clocks), draw(clocks)
    return Interval(opens, closes, closes_next_day=closes <= opens)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    weekly = draw(st.lists(st.builds(Weekly, st.integers(0, 6), intervals()), min_size=1, max_size=10))
    days = st.dates(date(2025, 1, 1), date(2028, 12, 31))
    differing = draw(
        st.lists(
            st.builds(
                lambda day, length, interval: Differing(day, day + timedelta(days=length), interval),
                days,
                st.integers(0, 40),
                st.none() | intervals(),
            ),
            max_size=4,
        )
    )
    return Schedule(tuple(weekly), tuple(differing), draw(st.booleans()))


@law
@given(schedules(), moments)
def test_law_what_opens_next_opens_later_and_is_open_then(schedule: Schedule, now: datetime) -> None:
    opens = schedule.next_opening(now)
    if opens is None:
        return
    assert opens > now
    # In the hour that the clocks repeat in autumn the same wall time comes twice.
    assert (
        schedule.is_open(opens)
        or opens.astimezone(ATHENS).utcoffset()
        != (opens + timedelta(hours=1)).astimezone(ATHENS).utcoffset()
    )


@law
@given(schedules(), moments)
def test_law_nothing_opens_before_the_next_opening(schedule: Schedule, now: datetime) -> None:
    opens = schedule.next_opening(now)
    if schedule.is_open(now) or opens is None:
        return
    step = (opens - now) / 7
    offsets = {(now + step * number).astimezone(ATHENS).utcoffset() for number in range(8)}
    if len(offsets) == 1:
        assert not any(schedule.is_open(now + step * number) for number in range(7))


@law
@given(schedules(), moments)
def test_law_open_until_it_closes(schedule: Schedule, now: datetime) -> None:
    closes = schedule.closing(now)
    offsets = {m.astimezone(ATHENS).utcoffset() for m in (now - timedelta(days=1), closes or now)}
    if len(offsets) != 1:
        return
    if closes is None and schedule.is_open(now):  # it never closes as far as anybody asks
        days = [now + timedelta(days=number) for number in range(HORIZON_DAYS - 2)]
        offsets = {day.astimezone(ATHENS).utcoffset() for day in days}
        assert len(offsets) != 1 or all(schedule.is_open(day) for day in days)
        return
    assert (closes is None) is not schedule.is_open(now)
    if closes is not None:
        assert schedule.is_open(closes - timedelta(seconds=1))
        assert not schedule.is_open(closes)


@law
@given(schedules(), moments)
def test_law_more_hours_never_close(schedule: Schedule, now: datetime) -> None:
    more = Schedule(
        (*schedule.weekly, *weekdays(ALWAYS, days=range(7))),
        schedule.differing,
        schedule.closed_on_holidays,
    )
    if schedule.is_open(now):
        assert more.is_open(now)


def test_a_whole_day_is_said_in_words() -> None:
    with translation.override("en"):
        assert str(ALWAYS) == "all day and night"
        assert str(NIGHT) == "20:00–08:00"
    with translation.override("el"):
        assert str(ALWAYS) == "όλο το εικοσιτετράωρο"
