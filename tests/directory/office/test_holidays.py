"""Holidays of a town in the back office: one's own region only, seen in the hours, kept in history."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from entaxis.directory import opening
from entaxis.directory.models import LocalHoliday
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/en/office/holidays/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(factories.editor(display_name="Ελένη"))
    return client


def sent(**changes: Any) -> dict[str, Any]:
    area = factories.municipality().pk
    return {"area": area, "day": "2026-11-25", "is_yearly": "on", "name_el": "Πολιούχος"} | changes


def test_a_feast_closes_what_closes_on_holidays(editor: Client) -> None:
    open_daily = factories.structure(closed_on_public_holidays=True)
    for weekday in range(7):
        factories.hours(open_daily, weekday)
    assert editor.post(LIST, sent()).status_code == 302
    (schedule,) = opening.schedules([open_daily], near=date(2027, 11, 20)).values()
    assert schedule.of_day(date(2027, 11, 25)).reason == "Πολιούχος"
    row = LocalHoliday.objects.get()
    assert "Πολιούχος" in editor.get(LIST).content.decode()
    editor.post(f"{LIST}{row.pk}/", sent(day="2026-11-26"))
    editor.post(f"{LIST}{row.pk}/remove/")
    assert not LocalHoliday.objects.exists()
    history = editor.get(f"{LIST}history/").content.decode()
    assert "Ελένη" in history
    assert "Volos, 26 November: Πολιούχος" in history


def test_another_regions_holiday_does_not_exist_here(editor: Client) -> None:
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    foreign = LocalHoliday.objects.create(area=elsewhere, day=date(2026, 9, 23), name_el="Αλλού")
    for address in (f"{LIST}{foreign.pk}/", f"{LIST}{foreign.pk}/remove/"):
        assert editor.post(address, sent()).status_code == 404
    assert editor.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert "Αλλού" not in editor.get(LIST).content.decode()
    assert editor.post(LIST, sent(area=elsewhere.pk)).status_code == 422
    assert LocalHoliday.objects.get() == foreign


def test_what_cannot_be_is_refused_with_a_sentence(editor: Client) -> None:
    editor.post(LIST, sent())
    assert "holiday on that day already" in editor.post(LIST, sent()).content.decode()
    assert "29th of February" in editor.post(LIST, sent(day="2028-02-29")).content.decode()
    assert editor.post(LIST, sent(day="soon", name_el="")).status_code == 422
    assert LocalHoliday.objects.count() == 1


def test_the_list_costs_as_much_for_thirty_as_for_one(editor: Client, queries_stay: Any) -> None:
    home = factories.municipality()
    queries_stay(
        grow=lambda number: [
            LocalHoliday.objects.create(area=home, day=date(2000 + number, 1, 1 + one), name_el="Γιορτή")
            for one in range(number)
        ],
        read=lambda: editor.get(LIST),
    )
