from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entaxis.directory.importing.content import Interval
from entaxis.directory.importing.hours import HoursError, parse


def _week(text: str) -> dict[int, list[str]]:
    week: dict[int, list[str]] = {}
    for i in parse(text):
        week.setdefault(i.weekday, []).append(f"{i.opens}-{i.closes}" + ("+" if i.closes_next_day else ""))
    return week


def _each(days: Iterable[int], *times: str) -> dict[int, list[str]]:
    return {day: [*times] for day in days}


MORNINGS = _each(range(5), "08:00-14:00")


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Δε-Πα 08:00-14:00, Τε 16:00-19:00", MORNINGS | {2: ["08:00-14:00", "16:00-19:00"]}),
        ("Δευτέρα έως Παρασκευή 8.00 – 14.00", MORNINGS),
        ("ΔΕΥΤΕΡΑ – ΠΑΡΑΣΚΕΥΗ, 08:00 - 14:00", MORNINGS),
        ("Καθημερινές από 8 έως 14", MORNINGS),
        ("Mon–Fri 08:00–14:00", MORNINGS),
        ("Mondays to Fridays: 8:00 to 14:00", MORNINGS),
        ("08:00-14:00", None),
        ("Δε, Τε & Πα 9-13 και 17-20", _each((0, 2, 4), "09:00-13:00", "17:00-20:00")),
        ("Δευ. 9:00-13:00\nΤρ. 17:00-20:00", {0: ["09:00-13:00"], 1: ["17:00-20:00"]}),
        ("Σα-Δε 10:00-12:00", _each((5, 6, 0), "10:00-12:00")),
        ("24ωρο", _each(range(7), "00:00-00:00+")),
        ("Σαβ-Κυρ 24ωρη λειτουργία", None),
        ("24/7", _each(range(7), "00:00-00:00+")),
        ("Καθημερινά 20:00-08:00", _each(range(7), "20:00-08:00+")),
        ("Κυ 18:00-24:00", {6: ["18:00-00:00+"]}),
        ("Δε-Πα 08:00-14:00, Σα-Κυ κλειστά", MORNINGS),
        ("", {}),
    ],
)
def test_hours_as_people_write_them(text: str, week: dict[int, list[str]] | None) -> None:
    if week is None:
        with pytest.raises(HoursError):
            parse(text)
    else:
        assert _week(text) == week


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Δε-Πα", "hours_no_time"),
        ("08:00-14:00", "hours_no_day"),
        ("Δε 14:00-08:00", "hours_order"),
        ("Δε 08:00-08:00", "hours_order"),
        ("Δε 25:00-26:00", "hours_clock"),
        ("Δε 08:75-09:00", "hours_clock"),
        ("Δε 08:00-14:00, Δε 13:00-15:00", "hours_overlap"),
        ("Τ 08:00-14:00", "hours_word"),
        ("κατόπιν ραντεβού", "hours_word"),
        ("Δε 08:00", "hours_word"),
        ("Δε 08:00 14:00", "hours_word"),
        ("Δε 08:00--14:00", "hours_word"),
        ("Δε 08:00-14:00 #", "hours_word"),
    ],
)
def test_impossible_hours_are_refused(text: str, key: str) -> None:
    with pytest.raises(HoursError) as caught:
        parse(text)
    assert caught.value.key == key


@given(st.text(max_size=40))
def test_any_text_gives_hours_or_a_reason(text: str) -> None:
    try:
        intervals = parse(text)
    except HoursError as fault:
        intervals = ()
        assert fault.key.startswith("hours_")  # noqa: PT017
    for interval in intervals:
        assert isinstance(interval, Interval)
        assert interval.closes_next_day == (interval.closes <= interval.opens)
