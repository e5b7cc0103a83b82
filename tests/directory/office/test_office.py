import re
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from entaxis.accounts.models import User
from entaxis.directory import actions, differences, history
from entaxis.directory.choices import Aspect, Status, Strength
from entaxis.directory.importing.content import Interval
from entaxis.directory.models import (
    ErrorReport,
    HoursException,
    KindCompleteness,
    OpeningHours,
    ServiceOffer,
    Structure,
)
from entaxis.notifications import delivery
from entaxis.notifications.models import Delivery, Message
from entaxis.vocabularies.models import Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return factories.editor(display_name="Ελένη")


@pytest.fixture
def editor(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def address(made: Structure, part: str = "") -> str:
    return f"/en/office/structures/{made.pk}/{part}"


def fields_of(page: Any) -> dict[str, Any]:
    """The values a browser would send back for the page's main form."""
    form = page.context["form"]
    data: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if value in (None, ""):
            continue
        data[field.html_name] = (
            [str(getattr(v, "pk", v)) for v in value] if isinstance(value, list) else value
        )
    return data


def test_the_list_shows_filters_and_freshness(editor: Client) -> None:
    fresh = factories.structure("nursery", name_el="Α΄ Παιδικός Σταθμός")
    factories.contact(fresh)
    old = factories.structure("nursery", name_el="Β΄ Βρεφικός Σταθμός", assured_date=date(2020, 1, 1))
    ErrorReport.objects.create(structure=old, topic="hours")

    def found(query: str) -> list[str]:
        page = editor.get(f"/el/office/structures/?{query}").context["page"]
        return [row.name_el[0] for row in page]

    assert found("") == ["Α", "Β"]
    assert found("q=παιδικοσ") == ["Α"]
    assert found("freshness=old") == ["Β"]
    assert found("freshness=reported") == ["Β"]
    assert found("freshness=bare") == ["Α", "Β"]
    assert found("status=draft") == []
    assert found(f"municipality={factories.municipality().code}") == ["Α", "Β"]
    assert found("status=nonsense&kind=x&municipality=99&page=-3") == ["Α", "Β"]


def test_the_list_costs_as_much_for_thirty_as_for_one(editor: Client, queries_stay: Any) -> None:
    queries_stay(
        grow=lambda number: [factories.structure() for _ in range(number)],
        read=lambda: editor.get("/el/office/structures/"),
    )


def test_another_regions_structure_does_not_exist_here(editor: Client) -> None:
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    foreign = factories.structure(region=elsewhere, municipality=None, point=None)
    foreign_offer = factories.offer(foreign)
    report = ErrorReport.objects.create(structure=foreign, topic="other")
    for part in ("", "facts/", "history/", "hours/", "contacts/", "services/new/"):
        assert editor.get(address(foreign, part)).status_code == 404
    for part in ("status/", "confirm/", f"services/{foreign_offer.pk}/remove/"):
        assert editor.post(address(foreign, part)).status_code == 404
    assert editor.get(f"/en/office/structures/reports/{report.pk}/").status_code == 404
    mine = factories.structure()
    assert editor.get(address(mine, f"services/{foreign_offer.pk}/")).status_code == 404
    foreign.refresh_from_db()
    assert foreign.version == 1


def new_structure(**changes: Any) -> dict[str, Any]:
    return {
        "kind": factories.term("nursery").pk,
        "name_el": "Παιδικός Σταθμός",
        "body": str(factories.body().pk),
        "municipality": factories.municipality().pk,
        "latitude": "39.366",
        "longitude": "22.944",
        "step_free": "unknown",
        "accessible_toilet": "unknown",
        "languages": ["el"],
    } | changes


def test_a_new_structure_begins_as_a_draft(editor: Client) -> None:
    response = editor.post("/en/office/structures/new/", new_structure())
    made = Structure.objects.get()
    assert response.status_code == 302
    assert response["Location"].endswith(address(made))
    assert (made.status, made.point.coords, made.point_quality) == (Status.DRAFT, (22.944, 39.366), "exact")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name_el": ""}, "This field is required"),
        ({"latitude": "22.9", "longitude": "39.3"}, "does not lie in Greece"),
        ({"longitude": ""}, "both a latitude and a longitude"),
        ({"postal_code": "ABC"}, "five digits"),
        ({"body": str(uuid4())}, "Select a valid choice"),
        ({"latitude": "thirty"}, "Enter a number"),
        ({"languages": ["tlh"]}, "Select a valid choice"),
        ({"name_el": "x" * 201}, "at most 200"),
    ],
)
def test_a_wrong_form_keeps_what_was_written(editor: Client, changes: dict[str, Any], said: str) -> None:
    response = editor.post(
        "/en/office/structures/new/", new_structure(description_el="Να μη χαθεί") | changes
    )
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Να μη χαθεί" in response.content.decode()
    assert not Structure.objects.exists()


def test_a_confidential_kind_takes_no_place_and_no_name_of_a_place(editor: Client) -> None:
    kind = factories.term("violence_women_support", is_confidential=True)
    factories.municipality()
    response = editor.post("/en/office/structures/new/", new_structure(kind=kind.pk))
    assert response.status_code == 422
    bare = {"kind": kind.pk, "municipality": "", "latitude": "", "longitude": ""}
    for name in ("Ξενώνας Βόλου", "Ξενώνας στον βόλο", "Shelter of Volos"):
        response = editor.post("/en/office/structures/new/", new_structure(**bare, name_el=name))
        assert "would tell where it is" in response.content.decode(), name
    response = editor.post("/en/office/structures/new/", new_structure(**bare, name_el="Ξενώνας Ελπίδα"))
    assert response.status_code == 302
    assert Structure.objects.get().is_confidential


def test_facts_are_changed_and_history_says_so_in_words(editor: Client, person: User) -> None:
    made = factories.structure(name_el="Παλιό όνομα")
    page = editor.get(address(made, "facts/"))
    response = editor.post(address(made, "facts/"), fields_of(page) | {"name_el": "Νέο όνομα"})
    assert response.status_code == 302
    latest = history.changes(made)[0]
    assert latest.who == "Ελένη"
    assert [(line.before, line.after) for line in latest.lines] == [("Παλιό όνομα", "Νέο όνομα")]
    text = editor.get(address(made, "history/")).content.decode()
    assert "Παλιό όνομα" in text
    assert "Νέο όνομα" in text


def test_two_editors_of_different_fields_lose_nothing(editor: Client) -> None:
    made = factories.structure(name_el="Αρχή", description_el="Αρχή")
    mine = fields_of(editor.get(address(made, "facts/")))
    theirs = fields_of(editor.get(address(made, "facts/")))
    editor.post(address(made, "facts/"), theirs | {"description_el": "Της άλλης"})
    assert editor.post(address(made, "facts/"), mine | {"name_el": "Δικό μου"}).status_code == 302
    made.refresh_from_db()
    assert (made.name_el, made.description_el) == ("Δικό μου", "Της άλλης")


def test_two_editors_of_one_field_are_told(editor: Client) -> None:
    made = factories.structure(name_el="Αρχή")
    mine = fields_of(editor.get(address(made, "facts/"))) | {"name_el": "Δικό μου"}
    theirs = fields_of(editor.get(address(made, "facts/"))) | {"name_el": "Της άλλης"}
    editor.post(address(made, "facts/"), theirs)
    response = editor.post(address(made, "facts/"), mine)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Somebody else changed" in text
    assert "Της άλλης" in text
    assert "Δικό μου" in text
    made.refresh_from_db()
    assert made.name_el == "Της άλλης"
    again = fields_of(response)
    assert editor.post(address(made, "facts/"), again).status_code == 302
    made.refresh_from_db()
    assert made.name_el == "Δικό μου"


def test_a_forged_base_is_not_believed(editor: Client) -> None:
    made = factories.structure(name_el="Αρχή")
    data = fields_of(editor.get(address(made, "facts/"))) | {"base": "forged", "name_el": "Νέο"}
    assert editor.post(address(made, "facts/"), data).status_code == 422


def test_merging_three_versions() -> None:
    base = {"a": 1, "b": 1, "c": 1}
    mine, theirs = {"a": 2, "b": 1, "c": 3}, {"a": 1, "b": 2, "c": 3}
    assert actions.merged(base=base, mine=mine, theirs=theirs) == {"a": 2, "b": 2, "c": 3}
    with pytest.raises(actions.ConflictError):
        actions.merged(base={"a": 1}, mine={"a": 2}, theirs={"a": 3})


# --- status ---------------------------------------------------------------------------------------


def test_publishing_needs_a_way_to_reach_it(editor: Client) -> None:
    made = factories.structure(status=Status.DRAFT, point=None, assured_date=None)
    response = editor.post(address(made, "status/"), {"status": "published"})
    assert response.status_code == 422
    assert "nobody could reach it" in response.content.decode()
    factories.contact(made)
    assert editor.post(address(made, "status/"), {"status": "published"}).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.assured_date) == (Status.PUBLISHED, timezone.localdate())


def test_suspending_tells_readers_why(editor: Client) -> None:
    made = factories.structure()
    editor.post(
        address(made, "status/"), {"status": "suspended", "note_el": "Ανακαίνιση", "note_en": "Works"}
    )
    assert "Works" in editor.get(f"/en/structures/{made.pk}/").content.decode()
    assert editor.post(address(made, "status/"), {"status": "gone"}).status_code == 422


def test_confirming_sets_the_date(editor: Client) -> None:
    made = factories.structure(assured_date=date(2020, 1, 1))
    editor.post(address(made, "confirm/"))
    made.refresh_from_db()
    assert made.assured_date == timezone.localdate()


# --- hours and contacts ---------------------------------------------------------------------------


def hours_data(page: Any, **changes: Any) -> dict[str, Any]:
    rows = page.context["rows"]
    data = fields_of(page) | {"base": page.context["base"]}
    data |= {"days-TOTAL_FORMS": rows.total_form_count(), "days-INITIAL_FORMS": rows.initial_form_count()}
    for number, row in enumerate(rows):
        data |= {
            f"days-{number}-{name}": value for name, value in row.initial.items() if value not in (None, "")
        }
    return data | changes


def test_hours_are_written_as_text_and_stored_as_intervals(editor: Client) -> None:
    made = factories.structure()
    page = editor.get(address(made, "hours/"))
    christmas = {"first_day": "2026-12-24", "last_day": "2026-12-26", "reason_el": "Γιορτές"}
    row = {f"days-0-{name}": value for name, value in christmas.items()}
    data = hours_data(page, day_1_0="9-14, 17:00–20.30", day_1_4="20:00-08:00+", **row)
    assert editor.post(address(made, "hours/"), data).status_code == 302
    stored = list(made.hours.values_list("weekday", "opens", "closes", "closes_next_day"))
    assert stored == [
        (0, time(9), time(14), False),
        (0, time(17), time(20, 30), False),
        (4, time(20), time(8), True),
    ]
    assert made.hours_exceptions.get().reason_el == "Γιορτές"
    again = editor.get(address(made, "hours/"))
    assert again.context["form"]["day_1_0"].value() == "09:00-14:00, 17:00-20:30"
    version = Structure.objects.get().version
    emptied = hours_data(again, **dict.fromkeys(row, ""))
    assert editor.post(address(made, "hours/"), emptied).status_code == 302
    assert not HoursException.objects.exists()
    events = OpeningHours.pgh_event_model.objects  # type: ignore[attr-defined]
    assert events.count() == 3  # rows that stay are not touched
    assert Structure.objects.get().version > version


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20:00-08:00", "closes before it opens"),
        ("9 to 5", "cannot be read"),
        ("25:00-26:00", "No clock shows"),
        ("09:00-14:00+", "longer than a day"),
        ("=cmd|", "cannot be read"),
        ("09:00-14:00, 13:00-15:00", "overlap"),
    ],
)
def test_impossible_hours_get_a_sentence(editor: Client, text: str, said: str) -> None:
    made = factories.structure()
    data = hours_data(editor.get(address(made, "hours/")), day_1_0=text, day_1_1="09:00-14:00")
    response = editor.post(address(made, "hours/"), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert "09:00-14:00" in page
    assert not made.hours.exists()


def test_two_seasons_may_not_overlap(editor: Client) -> None:
    made = factories.structure()
    page = editor.get(address(made, "hours/"))
    seasons = {"day_1_0": "9-14", "day_2_0": "8-13"}
    assert editor.post(address(made, "hours/"), hours_data(page, **seasons)).status_code == 422
    dates = {"from_1": "2026-09-16", "to_1": "2027-06-15", "from_2": "2027-06-16", "to_2": "2027-09-15"}
    assert editor.post(address(made, "hours/"), hours_data(page, **seasons, **dates)).status_code == 302
    assert made.hours.filter(valid_from=date(2027, 6, 16)).get().closes == time(13)


def test_hours_changed_by_somebody_else_are_shown_before_they_are_replaced(editor: Client) -> None:
    made = factories.structure()
    page = editor.get(address(made, "hours/"))
    factories.hours(made, 2, "10:00", "11:00")
    response = editor.post(address(made, "hours/"), hours_data(page, day_1_0="9-14"))
    assert response.status_code == 409
    text = response.content.decode()
    assert "10:00–11:00" in text
    assert "9-14" in text
    assert made.hours.count() == 1
    assert editor.post(address(made, "hours/"), hours_data(response, day_1_0="9-14")).status_code == 302
    assert made.hours.get().weekday == 0


def contact_rows(page: Any, *rows: dict[str, str]) -> dict[str, Any]:
    data = {"form-TOTAL_FORMS": 6, "form-INITIAL_FORMS": 0, "base": page.context["base"]}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return data


def test_contacts_keep_their_identity_and_are_stored_in_one_form(editor: Client) -> None:
    made = factories.structure()
    kept = factories.contact(made, telephone="+302421000001")
    page = editor.get(address(made, "contacts/"))
    rows = ({"telephone": "24210-12345"}, {"office_el": "Γραμματεία", "email": "a@example.org"})
    assert editor.post(address(made, "contacts/"), contact_rows(page, *rows)).status_code == 302
    kept.refresh_from_db()
    assert kept.telephone == "+302421012345"
    assert [contact.email for contact in made.contacts.all()] == ["", "a@example.org"]
    page = editor.get(address(made, "contacts/"))
    editor.post(address(made, "contacts/"), contact_rows(page, {"telephone": "197"}))
    assert [contact.telephone for contact in made.contacts.all()] == ["197"]


@pytest.mark.parametrize(
    "row", [{"telephone": "12"}, {"telephone": "call me"}, {"office_el": "Γραμματεία"}, {"email": "x"}]
)
def test_a_contact_that_reaches_nobody_is_refused(editor: Client, row: dict[str, str]) -> None:
    made = factories.structure()
    page = editor.get(address(made, "contacts/"))
    assert editor.post(address(made, "contacts/"), contact_rows(page, row)).status_code == 422


def test_a_landline_of_a_confidential_structure_is_refused(editor: Client) -> None:
    hidden = factories.confidential_structure()
    page = editor.get(address(hidden, "contacts/"))
    response = editor.post(address(hidden, "contacts/"), contact_rows(page, {"telephone": "2421012345"}))
    assert "tells the town" in response.content.decode()


def test_stale_contacts_are_not_overwritten(editor: Client) -> None:
    made = factories.structure()
    page = editor.get(address(made, "contacts/"))
    factories.contact(made)
    response = editor.post(address(made, "contacts/"), contact_rows(page, {"telephone": "197"}))
    assert response.status_code == 409
    assert made.contacts.get().telephone == "+302421000001"


# --- services -------------------------------------------------------------------------------------


def week_of(page: Any) -> dict[str, Any]:
    return {field.html_name: field.value() for field in page.context["week"] if field.value()}


def test_a_service_with_conditions_and_hours_of_its_own(editor: Client) -> None:
    made = factories.structure()
    service = factories.term("medicine_supply", inside=Vocabulary.Name.SERVICES)
    group = factories.term("uninsured", inside=Vocabulary.Name.TARGET_GROUPS)
    data = {
        "service": service.pk,
        "status": "active",
        "cost": "free",
        "target_groups": [group.pk],
        "documents_el": "Ταυτότητα",
        "required_age_from": 18,
        "required_condition": ["uninsured"],
        "priority_household": ["single_parent", "large_family"],
        "day_1_2": "10-12",
    }
    assert editor.post(address(made, "services/new/"), data).status_code == 302
    offer = ServiceOffer.objects.get()
    rules = {(rule.aspect, rule.strength, rule.age_from, *rule.values) for rule in offer.rules.all()}
    assert rules == {
        (Aspect.AGE, Strength.REQUIRED, 18),
        (Aspect.CONDITION, Strength.REQUIRED, None, "uninsured"),
        (Aspect.HOUSEHOLD, Strength.PRIORITY, None, "single_parent", "large_family"),
    }
    assert offer.hours.get().weekday == 2
    assert editor.post(address(made, "services/new/"), data).status_code == 422  # once is enough

    page = editor.get(address(made, f"services/{offer.pk}/"))
    again = fields_of(page) | week_of(page) | {"required_age_from": 16, "priority_household": []}
    assert editor.post(address(made, f"services/{offer.pk}/"), again).status_code == 302
    assert offer.rules.get(aspect=Aspect.AGE).age_from == 16
    assert not offer.rules.filter(aspect=Aspect.HOUSEHOLD).exists()
    lines = [line for change in history.changes(made) for line in change.lines]
    assert any("16" in line.after and "18" in line.before for line in lines)

    assert editor.post(address(made, f"services/{offer.pk}/"), again).status_code == 409  # an old form
    assert editor.post(address(made, f"services/{offer.pk}/remove/")).status_code == 302
    assert not made.offers.exists()
    lines = [line for change in history.changes(made) for line in change.lines]
    assert any((line.before, line.after) == (str(offer), "–") for line in lines)


@pytest.mark.parametrize(
    "changes",
    [
        {"required_age_from": 30, "required_age_to": 20},
        {"required_age_from": 130},
        {"capacity_persons": 5},
        {"capacity_persons": 5, "free_places": 9, "capacity_date": "2026-01-01"},
        {"required_household": ["pension"]},
        {"day_1_0": "20:00-08:00"},
        {"cost": "cheap"},
    ],
)
def test_nonsense_about_a_service_is_refused(editor: Client, changes: dict[str, Any]) -> None:
    made = factories.structure()
    service = factories.term("medicine_supply", inside=Vocabulary.Name.SERVICES)
    data = {"service": service.pk, "status": "active", "cost": "free", "description_el": "Να μη χαθεί"}
    response = editor.post(address(made, "services/new/"), data | changes)
    assert response.status_code == 422
    assert "Να μη χαθεί" in response.content.decode()
    assert not ServiceOffer.objects.exists()


# --- queues ---------------------------------------------------------------------------------------


def test_a_report_is_answered_and_its_sender_forgotten(editor: Client, person: User) -> None:
    made = factories.structure()
    report = ErrorReport.objects.create(
        structure=made, topic="hours", message="Κλείνει νωρίτερα", email="reader@example.org"
    )
    where = f"/en/office/structures/reports/{report.pk}/"
    assert "Κλείνει νωρίτερα" in editor.get(where).content.decode()
    editor.post(where, {"state": "corrected", "answer": "Διορθώθηκε."})
    report.refresh_from_db()
    assert (report.state, report.email, report.handled_by) == ("corrected", "", person)
    delivery.deliver_due()
    (letter,) = mail.outbox
    assert (letter.to, "Διορθώθηκε." in letter.body) == (["reader@example.org"], True)
    assert made.name_el not in letter.subject + str(letter.body)
    assert letter.subject == "Το μήνυμά σας στο Παρατηρητήριο"
    assert letter.body.startswith("Μας γράψατε")
    assert "Διορθώθηκε." in editor.get(where).content.decode()
    assert editor.post(where, {"state": "open"}).status_code == 422
    assert editor.get("/en/office/structures/reports/").status_code == 200
    late = editor.post(where, {"state": "nothing_wrong", "answer": "Όχι"}, follow=True)
    assert "has answered this report meanwhile" in late.content.decode()
    report.refresh_from_db()
    assert report.answer == "Διορθώθηκε."


def test_an_answer_waits_while_the_mail_server_is_down(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ErrorReport.objects.create(
        structure=factories.structure(), topic="hours", email="reader@example.org"
    )

    def down(*_said: Any, **_more: Any) -> None:
        raise OSError("no mail server")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
        where = f"/en/office/structures/reports/{report.pk}/"
        answered = editor.post(where, {"state": "corrected", "answer": "Διορθώθηκε."})
        delivery.deliver_due()
    assert (answered.status_code, mail.outbox) == (302, [])
    assert Delivery.objects.open().count() == 1


def test_a_report_on_an_entry_that_nobody_keeps_is_told_to_the_editors() -> None:
    made, person = factories.structure(), factories.editor()
    actions.receive_report(report=ErrorReport(structure=made, topic="hours"))
    keeper = factories.clerk(made)
    actions.receive_report(report=ErrorReport(structure=made, topic="hours"))
    told = Message.objects.filter(kind="directory.reported").order_by("created")
    assert [row.user for row in told] == [person, keeper]


def test_completeness_is_stated_for_a_kind_with_a_source(editor: Client) -> None:
    towns = [factories.municipality(), factories.municipality("2402", name_el="Αλμυρός")]
    factories.term("nursery")
    factories.term("violence_women_support", is_confidential=True)
    page = editor.get("/en/office/structures/completeness/?kind=nursery")
    assert [kind.key for kind in page.context["kinds"]] == ["nursery"]
    data = {"as_of": "2026-11-01", "source": "Έγγραφο του Δήμου"}
    data |= {f"state_{towns[0].pk}": "complete", f"state_{towns[1].pk}": "unknown"}
    url = "/en/office/structures/completeness/?kind=nursery"
    assert editor.post(url, data).status_code == 302
    stored = KindCompleteness.objects.get()
    assert (stored.municipality, stored.state, stored.source) == (towns[0], "complete", "Έγγραφο του Δήμου")
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert editor.post(url, data | {"as_of": str(tomorrow)}).status_code == 422
    assert editor.post(url, data | {"source": ""}).status_code == 422


def test_history_of_everything_reads_in_few_queries(editor: Client, queries_stay: Any) -> None:
    made = factories.structure()

    def grow(number: int) -> None:
        for _ in range(number):
            offer = factories.offer(made, f"service_{uuid4().hex[:6]}")
            factories.contact(made)
            factories.hours(made)
            made.served_areas.set([factories.municipality()])
            offer.needs.add(factories.term("medicines", inside=Vocabulary.Name.NEEDS))

    queries_stay(grow=grow, read=lambda: editor.get(address(made, "history/")))
    assert re.search(r"service_", editor.get(address(made, "history/")).content.decode())


def test_the_office_says_a_whole_day_as_people_say_it(client: Client) -> None:
    entry = factories.structure()
    row = factories.hours(entry, 0)
    row.opens = row.closes = time()
    row.closes_next_day = True
    row.save()
    client.force_login(factories.editor(entry.region))
    page = client.get(f"/en/office/structures/{entry.pk}/").content.decode()
    assert "Monday all day and night" in page
    assert "00:00" not in page
    with translation.override("el"):
        said = differences.interval_said(Interval(0, "00:00", "00:00", True))
    assert said == "Δευτέρα όλο το εικοσιτετράωρο"
