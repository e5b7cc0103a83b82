"""The centre, preferences, mail in trouble, the demonstration's mails."""

import re

import pytest
from django.core import mail
from django.test import Client

from entaxis.notifications import actions, addresses, catcher, delivery
from entaxis.notifications.choices import Channel, Pace, State
from entaxis.notifications.models import Delivery, Message, Preference, Suppression
from tests import factories

CENTRE = "/el/messages/"
PREFERENCES = "/el/messages/preferences/"


@pytest.fixture
def person(db):
    return factories.user()


@pytest.fixture
def reader(person) -> Client:
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(person)
    return client


def test_an_empty_centre_says_so(reader: Client) -> None:
    factories.region()
    assert "Κανένα μήνυμα" in reader.get(CENTRE).content.decode()


def test_the_centre_shows_ones_own_and_the_bar_counts_them(reader: Client, person) -> None:
    home = factories.region()
    factories.message(person, home, title="Για εμένα")
    factories.message(factories.user(), home, title="Για άλλον")
    page = reader.get(CENTRE).content.decode()
    assert "Για εμένα" in page
    assert "Για άλλον" not in page
    assert re.search(r"Μηνύματα <b>\(1", page)
    assert "θα σταλεί" in page


def test_opening_marks_read_and_leads_on(reader: Client, person) -> None:
    row = factories.message(person, url="/el/structures/")
    assert reader.get(f"{CENTRE}{row.pk}/read/").status_code == 405
    response = reader.post(f"{CENTRE}{row.pk}/read/")
    assert (response.status_code, response["Location"]) == (302, "/el/structures/")
    row.refresh_from_db()
    first = row.read_at
    assert first is not None
    assert reader.post(f"{CENTRE}{row.pk}/read/", {"stay": "1"})["Location"] == CENTRE
    row.refresh_from_db()
    assert row.read_at == first
    assert re.search(r"Μηνύματα</a>", reader.get(CENTRE).content.decode())


def test_a_message_leads_to_no_other_place(reader: Client, person) -> None:
    row = factories.message(person, url="//evil.example/")
    assert reader.post(f"{CENTRE}{row.pk}/read/")["Location"] == CENTRE


def test_anothers_message_does_not_exist(reader: Client) -> None:
    row = factories.message(factories.user())
    assert reader.post(f"{CENTRE}{row.pk}/read/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_all_can_be_marked_read(reader: Client, person) -> None:
    for _number in range(3):
        factories.message(person)
    others = factories.message(factories.user())
    reader.post(f"{CENTRE}read/")
    assert not Message.objects.filter(user=person, read_at=None).exists()
    others.refresh_from_db()
    assert others.read_at is None


@pytest.mark.parametrize("path", [CENTRE, PREFERENCES])
def test_thirty_rows_cost_what_one_does(reader: Client, person, queries_stay, path) -> None:
    home = factories.region()

    def grow(number: int) -> None:
        for _turn in range(number):
            factories.message(person, home)
            factories.subscription(home, user=person, scope="body", body=factories.body(home))

    assert queries_stay(grow=grow, read=lambda: reader.get(path)) <= 22


def test_the_list_of_trouble_costs_the_same_for_thirty(db, queries_stay) -> None:
    home = factories.region()
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(factories.region_administrator(home))
    queries_stay(
        grow=lambda number: [factories.mail_in_trouble(home) for _turn in range(number)],
        read=lambda: client.get("/el/office/mail/"),
    )


def test_the_bar_costs_one_query_on_every_page(
    reader: Client, person, django_assert_max_num_queries
) -> None:
    factories.message(person)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    reader.get("/el/emergency/")
    with CaptureQueriesContext(connection) as captured:
        reader.get("/el/emergency/")
    assert sum("notifications_" in query["sql"] for query in captured) == 1


def _field_of(page: str, label: str) -> str:
    found = re.search(rf'<label for="id_(kind_\d+)">{label}', page)
    assert found
    return found.group(1)


def test_a_wish_is_kept_and_moves_what_waits(reader: Client, person, kind, post) -> None:
    said, home = kind(), factories.region()
    security = kind("tests.security", label="Your password was changed", is_security=True)
    name = _field_of(reader.get(PREFERENCES).content.decode(), "Something happened")
    assert "Your password was changed" in reader.get(PREFERENCES).content.decode()

    def choose(pace: Pace) -> None:
        page = reader.get(PREFERENCES).content.decode()
        data = dict.fromkeys(re.findall(r'name="(kind_\d+)"', page), "at_once") | {name: pace.value}
        assert reader.post(PREFERENCES, data).status_code == 302

    choose(Pace.DAILY)
    assert Preference.objects.get(user=person, kind=said.key).pace == Pace.DAILY
    actions.notify(kind=said, to=[person], region=home, about="Α")
    assert post() == []
    choose(Pace.AT_ONCE)
    assert len(post()) == 1
    choose(Pace.WEEKLY)
    actions.notify(kind=said, to=[person], region=home, about="Β")
    choose(Pace.NEVER)
    assert not Delivery.objects.filter(state=State.HELD).exists()
    assert not Preference.objects.filter(kind=security.key).exists()


def test_a_pace_that_does_not_exist_is_refused(reader: Client, kind) -> None:
    kind()
    factories.region()
    page = reader.get(PREFERENCES).content.decode()
    data = dict.fromkeys(re.findall(r'name="(kind_\d+)"', page), "hourly")
    assert reader.post(PREFERENCES, data).status_code == 422


def test_somebody_whose_mail_came_back_can_ask_for_it_again(reader: Client, person) -> None:
    factories.region()
    addresses.suppress(person.email, Suppression.Reason.BOUNCE)
    assert "επέστρεψαν" in reader.get(PREFERENCES).content.decode()
    reader.post(PREFERENCES, {"release": "1"})
    assert not addresses.is_suppressed(person.email)


# --- mail in trouble ---------------------------------------------------------------------------------


@pytest.fixture
def administrator(db) -> Client:
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(factories.region_administrator(factories.region("EL61")))
    return client


def test_the_administrator_sees_what_failed_and_tries_again(administrator: Client) -> None:
    row = factories.mail_in_trouble()
    away = factories.mail_in_trouble(factories.region("EL65", name_el="Πελοπόννησος"))
    page = administrator.get("/el/office/mail/").content.decode()
    assert "TimeoutError" in page
    assert str(away.pk) not in page
    assert row.message.recipient not in page, "an address is shown by its first letter"
    assert administrator.post(f"/el/office/mail/{away.pk}/again/").status_code == 404
    assert administrator.post(f"/el/office/mail/{row.pk}/again/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.QUEUED, 0)
    delivery.deliver_due()
    assert [sent.to for sent in mail.outbox] == [[row.message.recipient]]
    assert administrator.post(f"/el/office/mail/{row.pk}/again/").status_code == 404, "it is not in trouble"


def test_all_are_tried_again_even_where_the_address_was_held_back(administrator: Client) -> None:
    rows = [factories.mail_in_trouble() for _number in range(3)]
    addresses.suppress(rows[0].message.recipient, Suppression.Reason.BOUNCE)
    administrator.post("/el/office/mail/again/")
    delivery.deliver_due()
    assert len(mail.outbox) == 3
    assert "Όλα τα μηνύματα έφτασαν" in administrator.get("/el/office/mail/").content.decode()


# --- the demonstration's mails -------------------------------------------------------------------------


@pytest.fixture
def keeper(db) -> Client:
    factories.region()
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(factories.administrator())
    return client


def test_the_demonstrations_mails_exist_nowhere_else(keeper: Client, settings, tmp_path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    assert keeper.get("/el/demo-mail/").status_code == 404
    settings.MODE = "production"
    assert keeper.get("/el/demo-mail/").status_code == 404


def test_the_demonstrations_mails_can_be_read_and_followed(
    keeper: Client, kind, settings, tmp_path
) -> None:
    settings.MODE = "demo"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "entaxis.notifications.catcher.Backend"
    assert "Κανένα μήνυμα ακόμη" in keeper.get("/el/demo-mail/").content.decode()
    home = factories.region()
    for number in (1, 2):
        address = f"reader{number}@example.org"
        actions.write_to(
            kind=kind(), address=address, region=home, about=f"Νέα <{number}>", url="/el/structures/"
        )
    delivery.deliver_due()
    page = keeper.get("/el/demo-mail/").content.decode()
    assert "Νέα &lt;1&gt;" in page
    assert "Νέα &lt;2&gt;" in page
    assert 'href="http://thessaly.localhost/el/structures/"' in page
    assert "reader1@example.org" in page


def test_mails_of_workers_that_send_at_once_stand_newest_first(settings, tmp_path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    workers = [catcher.Backend(), catcher.Backend()]
    for number in range(6):
        workers[number % 2].send_messages([mail.EmailMessage(f"{number}", to=["reader@example.org"])])
    assert [caught.subject for caught in catcher.caught()] == ["5", "4", "3", "2", "1", "0"]


def test_a_person_takes_their_messages_with_them(person) -> None:
    factories.message(person)
    person.delete()
    assert not Message.objects.exists()
    assert not Delivery.objects.filter(channel=Channel.MAIL).exists()
