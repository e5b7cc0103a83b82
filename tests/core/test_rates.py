"""Counts that every process sees, in windows that end."""

import threading

import pytest
from django.db import connection
from django.test import RequestFactory

from entaxis.core import rates
from entaxis.core.addresses import place_of

HOUR = rates.HOUR_SECONDS


@pytest.fixture
def clock(monkeypatch):
    """Sets the time."""
    now = [1000 * HOUR]
    monkeypatch.setattr(rates.time, "time", lambda: now[0])
    return now


def _may(who: str = "somebody", purpose: str = "x", most: int = 6) -> bool:
    return rates.is_within(purpose, who, most=most)


def test_a_window_ends_however_often_somebody_tries(db, clock) -> None:
    for minute in range(0, 60, 10):
        clock[0] = 1000 * HOUR + minute * 60
        assert _may()
    assert [_may(), _may()] == [False, False]
    clock[0] = 1001 * HOUR
    assert _may()


def test_each_purpose_and_each_place_is_counted_apart(db, clock) -> None:
    assert _may("a", most=1)
    assert not _may("a", most=1)
    assert _may("a", "y", most=1)
    assert _may("b", most=1)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("198.51.100.1", "198.51.100.2", False),
    ],
)
def test_a_household_is_one_place(first: str, second: str, same: bool) -> None:
    places = {place_of(RequestFactory().get("/", REMOTE_ADDR=address)) for address in (first, second)}
    assert (len(places) == 1) is same


def test_who_it_is_is_not_stored(db, clock) -> None:
    _may("198.51.100.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(accounts_cache::text, ' ') FROM accounts_cache")
        assert "198.51.100.77" not in cursor.fetchone()[0]


def test_two_at_once_are_two(db) -> None:
    """Read, add and write would lose one of them now and then. Each thread has a connection of its own."""
    seen: list[bool] = []

    def many() -> None:
        seen.extend(_may("everybody at once", most=60) for _ in range(25))
        connection.close()

    def clean() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_cache WHERE cache_key LIKE 'count-%'")
        connection.close()

    for work in ([many] * 4, [clean]):
        threads = [threading.Thread(target=each) for each in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (seen.count(True), seen.count(False)) == (60, 40)
