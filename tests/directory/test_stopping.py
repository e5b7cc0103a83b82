"""Suspended or closed from a day, back on a day: told to readers, done by the night."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from entaxis.directory import actions, stopping
from entaxis.directory.choices import Status
from entaxis.directory.models import Structure
from entaxis.notifications.models import Message
from tests import factories
from tests.accounts.signing import signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def _page(client: Client, row: Structure, language: str = "en") -> str:
    return client.get(f"/{language}/structures/{row.pk}/").content.decode()


def _set(client: Client, row: Structure, status: str, **more: object) -> object:
    return client.post(f"/en/office/structures/{row.pk}/status/", {"status": status, **more})


@pytest.fixture
def entry() -> Structure:
    return factories.structure(name_el="Κοινωνικό Φαρμακείο")


def test_a_closure_to_come_is_told_and_the_night_does_it(client: Client, entry: Structure) -> None:
    editor = factories.editor(entry.region)
    keeper = factories.clerk(entry)
    day = TODAY() + timedelta(days=10)
    assert _set(signed_in(editor), entry, "closed", since=day.isoformat()).status_code == 302
    entry.refresh_from_db()
    assert (entry.status, entry.coming_status, entry.status_from) == ("published", "closed", day)
    assert "This structure closes on" in _page(client, entry)
    assert "Η δομή κλείνει στις" in _page(client, entry, "el")
    assert (
        "Closed for good from"
        in signed_in(editor).get(f"/en/office/structures/{entry.pk}/").content.decode()
    )
    assert stopping.turn(day - timedelta(days=1)) == 0
    assert stopping.turn(day) == 1
    assert stopping.turn(day) == 0
    entry.refresh_from_db()
    assert (entry.status, entry.coming_status, entry.status_from) == ("closed", "", day)
    assert "This structure has closed" in _page(client, entry)
    assert "Since" in _page(client, entry)
    assert {row.user for row in Message.objects.filter(kind="directory.stopped")} == {keeper}


def test_a_suspended_one_comes_back_by_itself_and_somebody_is_asked(
    client: Client, entry: Structure
) -> None:
    editor = signed_in(factories.editor(entry.region))
    keeper = factories.clerk(entry)
    back = TODAY() + timedelta(days=30)
    _set(editor, entry, "suspended", until=back.isoformat(), note_el="Ανακαίνιση", note_en="Repairs")
    entry.refresh_from_db()
    assert (entry.status, entry.status_from, entry.status_until) == ("suspended", TODAY(), back)
    said = _page(client, entry)
    assert "It receives people again on" in said
    assert "Repairs" in said
    assured = entry.assured_date
    assert stopping.turn(back - timedelta(days=1)) == 0
    assert stopping.turn(back) == 1
    entry.refresh_from_db()
    assert (entry.status, entry.status_from, entry.status_until) == ("published", None, None)
    assert (entry.status_note_el, entry.assured_date) == ("", assured)  # nobody has confirmed anything
    assert [row.user for row in Message.objects.filter(kind="directory.stopped")] == [keeper]


def test_a_worker_that_slept_stops_and_brings_back_in_one_night(entry: Structure) -> None:
    day = TODAY() + timedelta(days=5)
    actions.set_status(
        structure=entry,
        status=Status.SUSPENDED,
        since=day,
        until=day + timedelta(days=5),
        by=factories.editor(entry.region),
    )
    assert stopping.turn(day + timedelta(days=9)) == 2
    entry.refresh_from_db()
    assert entry.status == Status.PUBLISHED


def test_without_a_day_of_return_the_keepers_are_asked_every_two_months(entry: Structure) -> None:
    keeper = factories.clerk(entry)
    actions.set_status(structure=entry, status=Status.SUSPENDED, by=factories.editor(entry.region))
    told = Message.objects.filter(kind="directory.stopped", user=keeper)
    stopping.turn(TODAY() + timedelta(days=59))
    assert not told.exists()
    for days in (60, 61, 75):
        stopping.turn(TODAY() + timedelta(days=days))
    assert told.count() == 1
    stopping.turn(TODAY() + timedelta(days=121))
    assert told.count() == 2


def test_old_rows_without_days_stay_as_they_are(client: Client) -> None:
    closed, away = factories.structure(status="closed"), factories.structure(status="suspended")
    assert stopping.turn(TODAY()) == 0
    assert "This structure has closed" in _page(client, closed)
    assert "does not receive people for now" in _page(client, away)
    assert "Since" not in _page(client, closed)


def test_days_that_mean_nothing_are_refused_with_a_sentence(entry: Structure) -> None:
    editor = signed_in(factories.editor(entry.region))
    draft = factories.structure(status="draft")
    today = TODAY()
    wrong: list[tuple[Structure, str, dict[str, date]]] = [
        (entry, "suspended", {"until": today}),
        (entry, "suspended", {"since": today + timedelta(9), "until": today + timedelta(5)}),
        (entry, "closed", {"since": today + timedelta(days=9000)}),
        (entry, "suspended", {"until": today + timedelta(days=9000)}),
        (draft, "closed", {"since": today + timedelta(days=3)}),
    ]
    for row, status, days in wrong:
        sent = {name: day.isoformat() for name, day in days.items()}
        assert _set(editor, row, status, **sent).status_code == 422, (status, days)
    entry.refresh_from_db()
    assert (entry.status, entry.status_from) == ("published", None)


def test_publishing_takes_the_days_away(entry: Structure) -> None:
    editor = signed_in(factories.editor(entry.region))
    factories.contact(entry)
    _set(editor, entry, "closed", since=(TODAY() + timedelta(days=3)).isoformat())
    _set(editor, entry, "published", since=(TODAY() + timedelta(days=3)).isoformat())
    entry.refresh_from_db()
    assert (entry.coming_status, entry.status_from, entry.status_until) == ("", None, None)


def test_the_table_refuses_what_makes_no_sense(entry: Structure) -> None:
    wrong = ({"coming_status": "closed"}, {"status_from": TODAY(), "status_until": TODAY()})
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Structure.objects.filter(pk=entry.pk).update(**values)
