"""Letters to bodies: who reads them, what they betray, how they are bounded, answered and forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from entaxis.accounts import actions as accounts
from entaxis.accounts import personal
from entaxis.accounts.models import Body, User
from entaxis.directory.network import forms, letters, writings
from entaxis.directory.network.models import Letter
from entaxis.notifications import delivery, links
from entaxis.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
WRITTEN: dict[str, str] = {"name": "Ελένη", "address": "Eleni@Example.org", "text": "Θέλω να ρωτήσω κάτι."}
ATTACK = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    cache.clear()


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def write(body: Body, client: Client | None = None, **said: str) -> Any:
    return (client or Client()).post(f"/el/network/bodies/{body.pk}/write/", WRITTEN | said)


def test_a_visitor_writes_and_the_answer_comes_by_mail() -> None:
    body = factories.body(name_el="Εστία", email="secret@example.org")
    member = factories.body_member(of=body)
    assert write(body).status_code == 302
    letter = Letter.objects.get()
    assert letter.address == "eleni@example.org"
    delivery.deliver_due()
    told = mail.outbox.pop()
    assert told.to == [member.email]
    assert "Ελένη" not in told.body + told.subject
    assert "ρωτήσω" not in told.body

    client = signed_in(member)
    page = client.get(f"/el/office/network/letters/{letter.pk}/")
    assert "ρωτήσω" in page.content.decode()
    assert "eleni@example.org" not in page.content.decode()
    assert page["Cache-Control"].count("no-store")
    client.post(f"/el/office/network/letters/{letter.pk}/", {"text": "Ελάτε αύριο & ρωτήστε."})
    delivery.deliver_due()
    answer = mail.outbox.pop()
    assert answer.to == ["eleni@example.org"]
    assert "Ελάτε αύριο & ρωτήστε." in answer.body
    assert "Εστία" in answer.body
    assert member.email not in answer.body
    letter.refresh_from_db()
    assert letter.expires_on == timezone.localdate() + timedelta(days=30)


def test_no_page_shows_the_address_of_a_body() -> None:
    body = factories.body(email="secret@example.org")
    for path in ("", "write/"):
        assert "secret@" not in Client().get(f"/el/network/bodies/{body.pk}/{path}").content.decode()


def test_where_a_body_has_nobody_the_observatory_reads() -> None:
    body = factories.body()
    editor = factories.editor()
    write(body)
    assert Message.objects.get(kind="network.letter").user == editor
    letter = Letter.objects.get()
    assert signed_in(editor).get(f"/el/office/network/letters/{letter.pk}/").status_code == 200
    factories.body_member(of=body)  # from now on it reads its own letters
    assert signed_in(editor).get(f"/el/office/network/letters/{letter.pk}/").status_code == 404


def test_whose_letters_one_reads() -> None:
    town = factories.municipality()
    service = factories.body(kind=Body.Kind.MUNICIPAL_SOCIAL_SERVICE, municipality=town)
    society = factories.body(municipality=town)
    theirs, other = factories.letter(service), factories.letter(society)
    factories.body_member(of=society)
    away = factories.region("EL65", name_el="Πελοπόννησος")

    def opens(person: User, letter: Letter) -> bool:
        client = signed_in(person)
        listed = str(letter.pk) in client.get("/el/office/network/letters/").content.decode()
        shown = client.get(f"/el/office/network/letters/{letter.pk}/").status_code == 200
        assert shown == listed
        assert (client.post(f"/el/office/network/letters/{letter.pk}/").status_code == 422) == shown
        return shown

    assert opens(factories.municipal_editor(town), theirs)
    assert not opens(factories.municipal_editor(town), other)  # it only has its seat there
    for person in (
        factories.user(),
        factories.body_member(),
        factories.editor(),
        factories.region_administrator(away),
        factories.administrator(),
    ):
        assert not opens(person, theirs)


def test_a_letter_is_closed_to_the_people_of_a_dissolved_body() -> None:
    body = factories.body()
    person = factories.body_member(of=body)
    factories.membership(person, "body_member", factories.body())
    letter = factories.letter(body)
    Body.objects.filter(pk=body.pk).update(dissolved_on="2026-01-01")
    answer = signed_in(person).post(f"/el/office/network/letters/{letter.pk}/", {"text": "Ναι"})
    assert answer.status_code == 404
    assert write(body).status_code == 404


def test_a_body_that_takes_no_letters_has_no_form() -> None:
    body = factories.body()
    factories.profile(body, takes_letters=False)
    assert write(body).status_code == 404
    assert "write/" not in Client().get(f"/el/network/bodies/{body.pk}/").content.decode()


def test_the_second_who_answers_is_told() -> None:
    body = factories.body()
    first, second = (factories.body_member(of=body, display_name=name) for name in ("Άννα", "Νίκος"))
    letter = factories.letter(body)
    letters.answer(letter=letter, text="Ναι", by=first)
    late = signed_in(second).post(f"/el/office/network/letters/{letter.pk}/", {"text": "Όχι"})
    assert late.status_code == 422
    assert "Άννα" in late.content.decode()
    letter.refresh_from_db()
    assert letter.answer == "Ναι"


def test_somebody_signed_in_gives_no_address_and_finds_the_answer() -> None:
    body = factories.body()
    writer = factories.user(display_name="Μαρία")
    client = signed_in(writer)
    write(body, client, address="other@example.org")
    letter = Letter.objects.get()
    assert (letter.user, letter.address) == (writer, "")
    letters.answer(letter=letter, text="Ελάτε", by=factories.body_member(of=body))
    delivery.deliver_due()
    assert [message.to for message in mail.outbox if "Ελάτε" in message.body] == [[writer.email]]
    assert "Ελάτε" in client.get("/el/network/mine/").content.decode()
    assert "Ελάτε" not in signed_in(factories.user()).get("/el/network/mine/").content.decode()
    assert (
        signed_in(factories.user()).post(f"/el/network/mine/letter/{letter.pk}/delete/").status_code == 404
    )
    assert client.post(f"/el/network/mine/letter/{letter.pk}/delete/").status_code == 302
    assert not Letter.objects.exists()


# --- bounds -----------------------------------------------------------------------------------------


def test_a_mailbox_writes_a_few_a_day_and_a_place_a_few_an_hour() -> None:
    bodies = [factories.body() for _ in range(3)]
    for number in range(forms.MOST_A_DAY):
        assert write(bodies[number % 3]).status_code == 302
    assert write(bodies[0]).status_code == 422
    for number in range(forms.MOST_AN_HOUR):
        write(bodies[number % 3], address=f"n{number}@example.org")
    assert Letter.objects.count() == forms.MOST_AN_HOUR - 1  # the refused one counts as well


def test_what_is_refused_for_another_reason_is_not_counted() -> None:
    body = factories.body()
    for _ in range(forms.MOST_AN_HOUR + 1):
        assert write(body, address="nobody").status_code == 422
    assert write(body).status_code == 302


def test_a_body_is_not_flooded(monkeypatch) -> None:
    monkeypatch.setattr(forms, "MOST_WAITING", 2)
    body = factories.body()
    for _ in range(2):
        factories.letter(body)
    refused = write(body)
    assert refused.status_code == 422
    assert "ρωτήσω" in refused.content.decode()  # nothing written is lost


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "https://a.example https://b.example"),
        ("text", "α" * 2001),
        ("text", "  "),
        ("name", "α" * 81),
        ("address", "a@b@c"),
        ("address", ""),
        ("address", "a@example.org\nBcc: b@example.org"),
        ("text", "μηδέν\x00"),
    ],
)
def test_what_is_refused(field: str, value: str) -> None:
    assert write(factories.body(), **{field: value}).status_code == 422
    assert not Letter.objects.exists()


def test_markup_is_shown_as_text_on_pages_and_in_mails() -> None:
    body = factories.body(name_el=f"Φορέας {ATTACK}")
    member = factories.body_member(of=body, display_name=ATTACK)
    write(body, name=ATTACK, text=ATTACK)
    letter = Letter.objects.get()
    client = signed_in(member)
    client.post(f"/el/office/network/letters/{letter.pk}/", {"text": ATTACK})
    pages = (
        f"/el/office/network/letters/{letter.pk}/",
        "/el/office/network/letters/",
        "/el/office/network/",
    )
    for page in pages:
        assert ATTACK not in client.get(page).content.decode()
    delivery.deliver_due()
    for message in mail.outbox:
        html = message.alternatives[0][0]
        assert ATTACK not in html


# --- forgetting -------------------------------------------------------------------------------------


def test_the_link_of_the_answer_deletes_by_its_button_alone() -> None:
    letter = factories.letter()
    address = letters.forget_url(letter)
    assert Client().get(address).status_code == 200
    assert Letter.objects.exists()
    assert Client(headers={"host": "peloponnese.localhost"}).post(address).status_code in {404, 410}
    assert Client().post(address).status_code == 200
    assert not Letter.objects.exists()
    assert Client().get(address).status_code == 410


@pytest.mark.parametrize(
    "said",
    [["letter", "00000000-0000-4000-8000-000000000000"], ["user", "1"], "x", ["letter"], ["letter", "x"]],
)
def test_a_link_of_nothing_deletes_nothing(said: Any) -> None:
    factories.letter()
    address = f"/el/network/forget/{links.token(letters.FORGET, said)}/"
    assert Client().post(address).status_code == 410
    assert Client().post("/el/network/forget/forged/").status_code == 410
    assert Letter.objects.count() == 1


def test_a_link_for_another_purpose_deletes_nothing() -> None:
    letter = factories.letter()
    token = links.token("notifications.leave", ["letter", str(letter.pk)])
    assert Client().post(f"/el/network/forget/{token}/").status_code == 410


def test_letters_go_on_their_day() -> None:
    today = timezone.localdate()
    kept = factories.letter(expires_on=today)
    factories.letter(expires_on=today - timedelta(days=1))
    writings.sweep()
    assert list(Letter.objects.all()) == [kept]


def test_an_account_takes_its_letters_with_it() -> None:
    writer = factories.user()
    factories.letter(user=writer)
    other = factories.letter()
    assert personal.export(writer)["network"][0]["text"] == "Καλημέρα σας."
    accounts.erase(user=writer)
    assert list(Letter.objects.all()) == [other]


def test_the_inbox_costs_the_same_at_one_and_thirty(queries_stay) -> None:
    body = factories.body()
    client = signed_in(factories.body_member(of=body))
    grow = lambda number: [factories.letter(body) for _ in range(number)]  # noqa: E731
    assert queries_stay(grow=grow, read=lambda: client.get("/el/office/network/letters/")) <= 24
    assert (
        queries_stay(
            grow=lambda number: [
                factories.membership(factories.user(), "body_member", body) for _ in range(number)
            ],
            read=lambda: client.get("/el/office/network/"),
        )
        <= 24
    )
