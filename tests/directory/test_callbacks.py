"""A way to be called back: asked, seen by those who call and nobody else, forgotten at the end."""

import logging
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from entaxis.accounts.models import User
from entaxis.core import sealed
from entaxis.directory import guards
from entaxis.directory.callbacks import actions
from entaxis.directory.callbacks.actions import Number
from entaxis.directory.models import Callback, CallbackNumber
from entaxis.geography.models import Area
from entaxis.notifications.models import Message
from tests import factories
from tests.accounts.signing import signed_in

pytestmark = pytest.mark.django_db
PAGE, CALLS = "/el/callback/", "/el/office/callbacks/"
TELEPHONE = "2421 012345"
STORED = "+302421012345"


@pytest.fixture(autouse=True)
def _at_leisure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "QUICKEST_SECONDS", -1)


@pytest.fixture
def volos() -> Area:
    return factories.municipality()


def _sent(**fields: str) -> dict[str, str]:
    stamp = signing.dumps("", salt="directory.callback")
    given = {
        "telephone": TELEPHONE,
        "name": "Ελένη",
        "best_time": "noon",
        "language": "el",
        "discretion": "discreet",
        "stamp": stamp,
    }
    return given | fields


def _owed(volos: Area | None = None, **fields) -> Callback:
    home = volos.region if volos else factories.region()
    row = Callback(region=home, municipality=volos, **fields)
    return actions.ask(callback=row, number=Number(STORED, "Ελένη"))


def _numbers() -> int:
    with sealed.role(sealed.CONFIDENTIAL):
        return CallbackNumber.objects.count()


def test_somebody_asks_is_called_and_is_forgotten(volos: Area, caplog: pytest.LogCaptureFixture) -> None:
    caller = factories.municipal_editor(volos)
    with caplog.at_level(logging.DEBUG):
        answer = Client().post(PAGE, _sent(municipality=str(volos.pk)))
    assert answer.status_code == 302
    assert STORED not in caplog.text
    assert "012345" not in answer.headers["Location"]
    row = Callback.objects.get()
    told = Message.objects.get()
    assert told.user == caller
    assert "012345" not in str(told.__dict__)

    client = signed_in(caller)
    assert "012345" not in client.get(CALLS).content.decode()
    page = client.get(f"{CALLS}{row.pk}/")
    assert STORED in page.content.decode()
    assert "Ελένη" in page.content.decode()
    assert "λάθος αριθμός" in page.content.decode()  # discretion is said where the number stands
    assert "no-store" in page.headers["Cache-Control"]

    client.post(f"{CALLS}{row.pk}/", {"outcome": "attempt"})
    row.refresh_from_db()
    assert (row.is_open, row.attempts) == (True, 1)
    client.post(f"{CALLS}{row.pk}/", {"outcome": "reached"})
    row.refresh_from_db()
    assert (row.state, row.handled_by) == ("reached", caller)
    assert _numbers() == 0
    assert STORED not in client.get(f"{CALLS}{row.pk}/").content.decode()


def test_without_a_municipality_the_observatory_calls() -> None:
    editor = factories.editor(factories.region())
    Client().post(PAGE, _sent())
    assert Message.objects.get().user == editor


def test_whoever_asked_takes_it_back(volos: Area) -> None:
    reader = Client()
    asked = reader.post(PAGE, _sent()).headers["Location"]
    assert "Θα σε καλέσουμε" in reader.get(asked).content.decode()
    reader.post(asked)
    assert Callback.objects.get().state == Callback.State.WITHDRAWN
    assert _numbers() == 0
    assert "Ανακλήθηκε" in reader.get(asked).content.decode()
    reader.post(asked)  # twice does no harm
    assert reader.get(f"{PAGE}forged:token/").status_code == 404


def _of_another_municipality() -> User:
    return factories.municipal_editor(factories.municipality("2402"))


def _of_another_region() -> User:
    return factories.editor(factories.region("EL65"))


@pytest.mark.parametrize(
    "stranger", [_of_another_municipality, _of_another_region, factories.body_administrator, factories.user]
)
def test_a_call_of_others_does_not_exist(volos: Area, stranger) -> None:
    row = _owed(volos)
    client = signed_in(stranger())
    assert client.get(f"{CALLS}{row.pk}/").status_code == 404
    assert client.post(f"{CALLS}{row.pk}/", {"outcome": "reached"}).status_code == 404
    row.refresh_from_db()
    assert row.is_open


def test_the_web_cannot_read_a_number_but_through_the_second_role(volos: Area) -> None:
    _owed(volos)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        CallbackNumber.objects.count()
    with sealed.role(sealed.CONFIDENTIAL), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename ~ 'callback.*event'")
        assert cursor.fetchone() == (0,)  # no history holds it either


def test_of_two_who_call_at_once_the_second_is_told(volos: Area) -> None:
    row = _owed(volos)
    first, second = factories.municipal_editor(volos), factories.municipal_editor(volos)
    actions.end(callback=row, state=Callback.State.REACHED, by=first)
    page = signed_in(second).post(f"{CALLS}{row.pk}/", {"outcome": "not_reached"}, follow=True)
    assert "έληξε στο μεταξύ" in page.content.decode()
    row.refresh_from_db()
    assert row.handled_by == first


def test_a_night_tells_of_calls_nobody_made_and_forgets_the_old(volos: Area) -> None:
    editor = factories.editor(volos.region)
    late, old = _owed(volos), _owed(volos)
    for row, days in ((late, 3), (old, 15)):
        Callback.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days))
    actions.look_after(timezone.now())
    actions.look_after(timezone.now())  # the next night says nothing twice
    told = Message.objects.filter(user=editor).values_list("occasion", flat=True)
    said = [f"{late.pk}:asked", f"{late.pk}:late", f"{old.pk}:asked", f"{old.pk}:late", f"{old.pk}:expired"]
    assert sorted(told) == sorted(f"callback:{each}" for each in said)
    old.refresh_from_db()
    assert old.state == Callback.State.EXPIRED
    assert _numbers() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"telephone": "δεν έχω"}, "δεν είναι"),
        ({"telephone": "197"}, "ολόκληρο τον αριθμό"),
        ({"telephone": ""}, "απαραίτητο"),
        ({"surname": "robot"}, "κεν"),
        ({"language": "xx"}, "xx"),
        ({"municipality": "999999"}, "έγκυρη"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(volos: Area, fields, sentence: str) -> None:
    page = Client().post(PAGE, _sent(**fields))
    assert page.status_code == 422
    text = page.content.decode()
    assert sentence in text
    assert "Ελένη" in text
    assert not Callback.objects.exists()


def test_many_from_one_place_are_sent_to_the_help_lines(volos: Area) -> None:
    reader = Client()
    answers = [reader.post(PAGE, _sent()).status_code for _ in range(11)]
    assert answers == [302] * 10 + [422]


def test_the_list_costs_the_same_for_one_and_for_thirty(volos: Area, django_assert_max_num_queries) -> None:
    client = signed_in(factories.municipal_editor(volos))
    _owed(volos)
    client.get(CALLS)
    with django_assert_max_num_queries(20) as one:
        client.get(CALLS)
    for _ in range(29):
        _owed(volos)
    with django_assert_max_num_queries(len(one)):
        page = client.get(CALLS).content.decode()
    with override("el"):
        assert len(re.findall(rf'href="{CALLS}[0-9a-f-]{{36}}/"', page)) == 30
