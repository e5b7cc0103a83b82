from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from entaxis.directory import forms, guards, pages
from entaxis.directory.choices import Answer, Aspect, Cost, Status
from entaxis.directory.models import Eligibility, ErrorReport, HoursException, Structure
from entaxis.directory.schedule import ATHENS
from entaxis.vocabularies.models import TermCrosswalk, Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 10, tzinfo=ATHENS)


def whole_structure() -> Structure:
    made = factories.structure(
        name_el="Κοινωνικό Φαρμακείο Βόλου",
        name_en="Social Pharmacy of Volos",
        street="Ιάσονος",
        street_number="1",
        postal_code="38221",
        locality="Βόλος",
        directions_el="Λεωφορείο 2, στάση Λιμάνι",
        languages=["el", "sq"],
        step_free=Answer.YES,
        access_features=["lift"],
        assured_date=date(2026, 11, 1),
    )
    for weekday in range(5):
        factories.hours(made, weekday)
    factories.contact(made, telephone="+302421012345", office_el="Γραμματεία")
    offer = factories.offer(
        made,
        cost=Cost.FREE,
        documents_el="Ταυτότητα\nΣυνταγή γιατρού",
        capacity_persons=120,
        free_places=0,
        capacity_date=date(2026, 10, 1),
    )
    offer.target_groups.add(factories.term("uninsured", inside=Vocabulary.Name.TARGET_GROUPS))
    Eligibility.objects.create(offer=offer, aspect=Aspect.AGE, age_from=18)
    Eligibility.objects.create(offer=offer, aspect=Aspect.CONDITION, values=["uninsured"])
    assert made.municipality is not None
    made.served_areas.add(made.municipality)
    return made


def page(made: Structure, at: datetime = MONDAY) -> pages.StructurePage:
    return pages.structure_page(made.region, made.pk, at=at)


def test_the_page_says_everything_one_needs_to_go_there(client: Client) -> None:
    made = whole_structure()
    text = client.get(f"/el/structures/{made.pk}/").content.decode()
    for said in (
        "Κοινωνικό Φαρμακείο Βόλου",
        "Ιάσονος 1, 38221 Βόλος",
        'href="tel:+302421012345"',
        "2421 012345",
        'href="geo:39.366000,22.944000"',
        "Λεωφορείο 2, στάση Λιμάνι",
        "Αλβανικά",
        "Ανελκυστήρας",
        "Συνταγή γιατρού",
        "Δωρεάν",
        "από 18 ετών",
        "Χωρίς ασφάλιση υγείας",
        "09:00–14:00",
        "1 Νοεμβρίου 2026",
        made.body.name_el,
    ):
        assert said in text, said


def test_the_page_speaks_english(client: Client) -> None:
    text = client.get(f"/en/structures/{whole_structure().pk}/").content.decode()
    for said in ("Social Pharmacy of Volos", "from 18 years", "Opening hours", "Albanian", "Volos"):
        assert said in text, said


@pytest.mark.parametrize(
    ("hour", "sentence"),
    [
        (10, "Open now, until 14:00"),
        (8, "Closed now; opens 09:00"),
        (15, "Closed now; opens tomorrow at 09:00"),
    ],
)
def test_open_now_in_a_sentence(hour: int, sentence: str) -> None:
    made = whole_structure()
    with translation.override("en"):
        assert page(made, MONDAY.replace(hour=hour)).sentence == sentence
        friday = MONDAY.replace(hour=15) + timedelta(days=4)
        assert page(made, friday).sentence == "Closed now; opens Monday at 09:00"


def test_the_table_marks_today_and_shows_a_holiday_in_its_place() -> None:
    with translation.override("el"):
        rows = page(whole_structure(), datetime(2026, 12, 24, 10, tzinfo=ATHENS)).hours
    assert [row.is_today for row in rows] == [False, False, False, True, False, False, False]
    assert rows[4].times == []
    assert "Χριστούγεννα" in rows[4].note
    assert rows[0].times == ["09:00–14:00"]


def test_days_that_differ_later_are_announced() -> None:
    made = whole_structure()
    day = date(2026, 12, 10)
    HoursException.objects.create(structure=made, first_day=day, last_day=day, reason_el="Απογραφή")
    coming = page(made).coming
    assert [(row.day, row.intervals, row.reason) for row in coming] == [(day, (), "Απογραφή")]


def test_a_structure_without_hours_says_that_they_are_unknown(client: Client) -> None:
    made = factories.structure()
    assert page(made).sentence == ""
    assert "Hours unknown" in client.get(f"/en/structures/{made.pk}/").content.decode()


def test_an_old_entry_says_so() -> None:
    made = whole_structure()
    assert not page(made).is_old
    assert page(made, MONDAY + timedelta(days=200)).is_old
    assert page(factories.structure(assured_date=None)).is_old


def test_drafts_strangers_and_nothing_are_not_found(client: Client) -> None:
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    foreign = factories.structure(region=elsewhere, municipality=None, point=None)
    for pk in (factories.structure(status=Status.DRAFT).pk, foreign.pk, uuid4()):
        assert client.get(f"/el/structures/{pk}/").status_code == 404
        assert client.post(f"/el/structures/{pk}/report/", {"topic": "other"}).status_code == 404


def test_a_closed_structure_says_why(client: Client) -> None:
    made = factories.structure(status=Status.CLOSED, status_note_en="Merged with another")
    text = client.get(f"/en/structures/{made.pk}/").content.decode()
    assert "This structure has closed" in text
    assert "Merged with another" in text


def test_the_page_asks_as_often_for_thirty_services_as_for_one(client: Client) -> None:
    def queries(number: int) -> int:
        made = factories.structure()
        for _ in range(number):
            offer = factories.offer(made, f"service_{uuid4().hex[:8]}")
            Eligibility.objects.create(offer=offer, aspect=Aspect.AGE, age_from=18)
            factories.contact(made)
        client.get(f"/el/structures/{made.pk}/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/el/structures/{made.pk}/").status_code == 200
        return len(captured)

    assert queries(1) == queries(30) <= 24


def test_sensitive_pages_leave_no_trace(client: Client) -> None:
    hidden = factories.confidential_structure(name_el="Καταφύγιο Ελπίδα")
    factories.contact(hidden, telephone="+306900000000")
    response = client.get(f"/el/structures/{hidden.pk}/")
    text = response.content.decode()
    title = text[text.index("<title>") : text.index("</title>")]
    assert "Ελπίδα" not in title
    assert "data-exit" in text
    assert "geo:" not in text
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"


def answers(need: str, target: Any, *, sensitive: bool) -> None:
    source = factories.term(need, inside=Vocabulary.Name.NEEDS, is_sensitive=sensitive)
    TermCrosswalk.objects.create(source=source, target=target, relation=TermCrosswalk.Relation.ANSWERS)


def test_a_kind_that_answers_only_sensitive_needs_is_sensitive() -> None:
    counselling = factories.structure("counselling_centre")
    centre = factories.structure("community_centre")
    answers("violence", counselling.kind, sensitive=True)
    answers("violence", centre.kind, sensitive=True)
    answers("income", centre.kind, sensitive=False)
    assert pages.is_sensitive(counselling)
    assert not pages.is_sensitive(centre)


def test_a_structure_of_which_every_service_is_sensitive_is_sensitive() -> None:
    centre = factories.structure("mental_health")
    offer = factories.offer(centre, "addiction_counselling")
    answers("addiction", offer.service, sensitive=True)
    assert pages.is_sensitive(centre)
    factories.offer(centre, "information_referral")
    assert not pages.is_sensitive(centre)


# --- reporting an error ---------------------------------------------------------------------------


@pytest.fixture
def stamp(monkeypatch: pytest.MonkeyPatch) -> str:
    """The stamp of a page that was read for a minute."""
    form = forms.ErrorReportForm(structure=factories.structure())
    monkeypatch.setattr(guards, "QUICKEST_SECONDS", -1)
    return str(form.fields["stamp"].initial)


def report(client: Client, made: Structure, seen: str, **data: str) -> Any:
    sent = {"topic": "hours", "message": "Κλείνει στις 13:00", "stamp": seen} | data
    return client.post(f"/el/structures/{made.pk}/report/", sent)


def test_a_report_becomes_a_task_without_personal_data(client: Client, stamp: str) -> None:
    made = factories.structure()
    assert report(client, made, stamp).status_code == 302
    stored = ErrorReport.objects.get()
    assert (stored.structure, stored.topic, stored.state, stored.email) == (made, "hours", "open", "")
    assert mail.outbox == []


@pytest.mark.parametrize(
    "data",
    [
        {"surname": "Robot"},
        {"topic": ""},
        {"topic": "nonsense"},
        {"stamp": "forged"},
        {"stamp": ""},
        {"message": "https://a.example https://b.example"},
        {"message": "x" * 1001},
        {"message": "\x00"},
        {"email": "nobody"},
    ],
)
def test_a_bad_report_keeps_its_words_and_says_what_is_wrong(
    client: Client, stamp: str, data: dict[str, str]
) -> None:
    response = report(client, factories.structure(), stamp, **data)
    assert response.status_code == 422
    assert not ErrorReport.objects.exists()
    text = response.content.decode()
    assert 'role="alert"' in text
    assert data.get("message", "Κλείνει στις 13:00").strip("\x00") in text


def test_a_robot_that_is_too_quick_is_asked_again(client: Client) -> None:
    made = factories.structure()
    fresh = str(forms.ErrorReportForm(structure=made).fields["stamp"].initial)
    assert report(client, made, fresh).status_code == 422


def test_a_flood_of_reports_is_stopped(
    client: Client, stamp: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(forms, "MOST_OPEN", 2)
    made = factories.structure()
    assert [report(client, made, stamp).status_code for _ in range(3)] == [302, 302, 422]
    monkeypatch.setattr(forms.ErrorReportForm, "MOST_AN_HOUR", 0)
    assert report(client, factories.structure(), stamp).status_code == 422


def test_behind_our_proxy_readers_are_counted_apart(
    stamp: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(forms.ErrorReportForm, "MOST_AN_HOUR", 1)
    made = factories.structure()
    readers = [Client(headers={"x-forwarded-for": f"198.51.100.{number}"}) for number in (1, 2)]
    assert [report(reader, made, stamp).status_code for reader in readers] == [302, 302]
    assert report(readers[0], made, stamp).status_code == 422


def test_nothing_can_be_written_about_a_confidential_structure(client: Client, stamp: str) -> None:
    hidden = factories.confidential_structure()
    assert report(client, hidden, stamp, message="Ιάσονος 1", email="a@example.org").status_code == 302
    stored = ErrorReport.objects.get()
    assert (stored.message, stored.email) == ("", "")
    assert timezone.now() - stored.created_at < timedelta(minutes=1)
