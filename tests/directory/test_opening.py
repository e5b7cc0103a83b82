import random
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entaxis.directory import opening
from entaxis.directory.models import HoursException, LocalHoliday, OpeningHours, Structure
from entaxis.directory.schedule import ATHENS
from tests import factories

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ATHENS)


def office(**fields: object) -> Structure:
    made = factories.structure(**fields)
    for weekday in range(5):
        factories.hours(made, weekday)
    return made


def test_open_now_today_and_next() -> None:
    pharmacy = office()
    assert opening.open_now(pharmacy, at("2026-11-23T10:00")) is True
    assert opening.next_opening(pharmacy, at("2026-11-23T15:00")) == at("2026-11-24T09:00")
    today = opening.opening_today(pharmacy, at("2026-11-23T10:00"))
    assert [str(interval) for interval in today.intervals or ()] == ["09:00–14:00"]


def test_the_feast_of_the_town_of_the_unit_and_of_the_region_closes() -> None:
    pharmacy = office()
    town = pharmacy.municipality
    assert town is not None
    assert town.parent is not None
    LocalHoliday.objects.create(area=town, day=date(2020, 12, 7), name_el="Πολιούχος")
    LocalHoliday.objects.create(
        area=town.parent, day=date(2026, 12, 8), is_yearly=False, name_el="Επέτειος"
    )
    LocalHoliday.objects.create(area=pharmacy.region, day=date(2026, 12, 9), name_el="Της Περιφέρειας")
    feasts = [at(f"2026-12-0{day}T10:00") for day in (7, 8, 9)]
    assert [opening.open_now(pharmacy, moment) for moment in feasts] == [False] * 3
    assert not any(opening.filter_open(Structure.objects.all(), moment) for moment in feasts)
    assert opening.open_now(pharmacy, at("2027-12-08T10:00")) is True


def test_a_hidden_structure_keeps_no_feast_of_a_town() -> None:
    hidden = factories.confidential_structure()
    factories.hours(hidden, 0)
    LocalHoliday.objects.create(area=factories.municipality(), day=date(2026, 12, 7), name_el="Πολιούχος")
    assert opening.open_now(hidden, at("2026-12-07T10:00")) is True


def test_the_hours_of_many_cost_as_much_as_those_of_one() -> None:
    for _ in range(30):
        office()

    def queries(structures: list[Structure]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            opening.schedules(structures)
        return len(captured)

    everything = Structure.objects.select_related("municipality").prefetch_related(*opening.PREFETCH)
    assert queries(list(everything[:1])) == queries(list(everything)) == 1


def test_the_database_and_python_agree_on_who_is_open() -> None:
    chance = random.Random(20261122)
    clocks = ["00:00", "06:30", "09:00", "12:15", "14:00", "20:00", "23:30"]
    LocalHoliday.objects.create(area=factories.municipality(), day=date(2026, 12, 7), name_el="Πολιούχος")
    for _ in range(60):
        made = factories.structure(closed_on_public_holidays=chance.random() < 0.5)
        for _ in range(chance.randrange(5)):
            opens, closes = chance.sample(clocks, 2)
            OpeningHours.objects.create(
                structure=made,
                weekday=chance.randrange(7),
                opens=opens,
                closes=closes,
                closes_next_day=closes <= opens,
                valid_from=chance.choice([None, None, date(2026, 12, 6)]),
                valid_to=chance.choice([None, None, date(2026, 12, 26)]),
            )
        for _ in range(chance.randrange(3)):
            first = date(2026, 12, 1) + timedelta(days=chance.randrange(30))
            opens, closes = chance.sample(clocks, 2)
            hours = {"opens": opens, "closes": closes, "closes_next_day": closes <= opens}
            HoursException.objects.create(
                structure=made,
                first_day=first,
                last_day=first + timedelta(days=chance.randrange(4)),
                **(hours if chance.random() < 0.5 else {}),
            )
    everything = Structure.objects.select_related("municipality").prefetch_related(*opening.PREFETCH)
    seen = 0
    for _ in range(150):
        moment = at("2026-12-01T00:00") + timedelta(minutes=15 * chance.randrange(32 * 96))
        schedules = opening.schedules(everything, near=moment.date())
        by_python = {pk for pk, schedule in schedules.items() if schedule.is_open(moment)}
        by_database = set(opening.filter_open(Structure.objects.all(), moment).values_list("pk", flat=True))
        assert by_python == by_database, moment
        seen += len(by_python)
    assert seen > 500
