"""Those who keep an entry write, the Observatory decides: rights by object, working copies, review."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entaxis.accounts.models import Body, User
from entaxis.core import review
from entaxis.directory import actions, confidential, copies, grants, proposals, queries, rules
from entaxis.directory.choices import Status
from entaxis.directory.models import (
    ErrorReport,
    HoursException,
    OpeningHours,
    Proposal,
    Structure,
    StructureGrant,
)
from entaxis.notifications.models import Message
from tests import factories
from tests.directory.office.test_office import address, fields_of, new_structure

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 1, 1)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def entry() -> Structure:
    made = factories.structure(assured_date=LONG_AGO)
    factories.contact(made)
    factories.hours(made)
    offer = factories.offer(made)
    OpeningHours.objects.create(offer=offer, weekday=1, opens="10:00", closes="11:00")
    HoursException.objects.create(structure=made, first_day=date(2026, 12, 24), last_day=date(2026, 12, 26))
    return made


@pytest.fixture
def clerk(entry: Structure) -> User:
    return factories.clerk(entry, display_name="Άννα")


def begun(entry: Structure, by: User) -> Proposal:
    return proposals.begin(structure=entry, by=by)


def rename(proposal: Proposal, by: User, name: str = "Νέο όνομα") -> None:
    actions.save_facts(structure=proposal.row, facts={"name_el": name}, served_areas=[], by=by)
    proposal.refresh_from_db()


def sent(entry: Structure, by: User) -> Proposal:
    proposal = begun(entry, by)
    rename(proposal, by)
    proposals.submit(proposal=proposal, by=by, seen=proposals.stamp(proposal))
    return Proposal.objects.get(pk=proposal.pk)


# --- who may ----------------------------------------------------------------------------------------


def test_who_keeps_an_entry(entry: Structure, clerk: User) -> None:
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    keepers = [clerk, factories.body_member(of=entry.body), factories.body_administrator(of=entry.body)]
    others = [
        factories.user(),
        factories.body_member(),
        factories.clerk(factories.structure()),
        factories.body_member(elsewhere),
        factories.editor(elsewhere),
        factories.municipal_editor(),  # an association has its seat there; it is not the municipality's
    ]
    assert [rules.tends(person, entry) for person in keepers] == [True] * 3
    assert [rules.may_see(person, entry) for person in others] == [False] * len(others)
    for person in others:
        client = signed_in(person)
        for part in ("", "facts/", "hours/", "contacts/", "services/new/"):
            assert client.get(address(entry, part)).status_code == 404
        for part in ("propose/", "step/", "confirm/"):
            assert client.post(address(entry, part)).status_code == 404
    assert not Proposal.objects.exists()


def test_a_municipality_keeps_the_entries_of_its_own_bodies() -> None:
    town = factories.municipality()
    own = factories.structure(
        body=factories.body(kind=Body.Kind.MUNICIPALITY, municipality=town), municipality=town
    )
    assert rules.tends(factories.municipal_editor(town), own)
    other = factories.municipality("2402", name_el="Αλμυρός", name_en="Almyros")
    assert not rules.tends(factories.municipal_editor(other), own)


def test_a_right_ends_at_the_next_click(entry: Structure, clerk: User) -> None:
    client = signed_in(clerk)
    assert client.get(address(entry)).status_code == 200
    StructureGrant.objects.update(since=LONG_AGO)
    grants.end(grant=StructureGrant.objects.get(), by=factories.editor())
    assert StructureGrant.objects.get().until == timezone.localdate() - timedelta(days=1)
    assert client.get(address(entry)).status_code == 404
    member = factories.body_member(of=entry.body)
    client = signed_in(member)
    assert client.get(address(entry)).status_code == 200
    Body.objects.filter(pk=entry.body_id).update(dissolved_on=timezone.localdate())
    assert client.get(address(entry)).status_code == 404


def test_a_right_is_one_query_a_person(
    entry: Structure, clerk: User, django_assert_num_queries: Any
) -> None:
    rows = [entry, *(factories.structure() for _ in range(3))]
    person = User.objects.get(pk=clerk.pk)
    with django_assert_num_queries(2):  # memberships and rights
        assert [rules.tends(person, row) for row in rows] == [True, False, False, False]


def test_an_editor_without_a_second_step_is_led_to_it(entry: Structure) -> None:
    client = signed_in(factories.editor(second_factor=False))
    for part in ("", "facts/"):
        response = client.get(address(entry, part))
        assert (response.status_code, "2fa" in response["Location"]) == (302, True)


def test_rights_are_told_with_their_reason(entry: Structure, clerk: User) -> None:
    (told,) = grants.rights(clerk, entry.region)
    assert told.where == entry.name


# --- published entries and working copies -----------------------------------------------------------


def test_what_readers_see_is_not_written_on_by_its_keepers(entry: Structure, clerk: User) -> None:
    client = signed_in(clerk)
    for part in ("facts/", "hours/", "contacts/"):
        assert client.get(address(entry, part)).status_code == 404
    for part in ("status/", "hide/", "history/", "review/", "place/"):
        assert client.post(address(entry, part)).status_code in (404, 405)
    page = client.get(address(entry))
    assert "Change the entry" in page.content.decode()
    assert "Set the status" not in page.content.decode()


def test_a_closed_entry_is_the_editors(entry: Structure, clerk: User) -> None:
    actions.set_status(structure=entry, status=Status.CLOSED, by=factories.editor())
    client = signed_in(clerk)
    assert client.post(address(entry, "propose/")).status_code == 404
    assert client.post(address(entry, "confirm/")).status_code == 404


def test_a_copy_says_all_that_the_entry_says_and_readers_never_see_it(
    entry: Structure, clerk: User, client: Client
) -> None:
    copy = begun(entry, clerk).row
    ours, theirs = copies.read(copy), copies.read(entry)
    assert (ours.days, ours.own_hours) == (theirs.days, theirs.own_hours)
    assert ours.content.offers == theirs.content.offers
    assert ours.content.contacts == theirs.content.contacts
    assert client.get(f"/en/structures/{copy.pk}/").status_code == 404
    editors_list = signed_in(factories.editor()).get("/en/office/structures/").context["page"]
    assert list(editors_list) == [entry]
    assert begun(entry, factories.body_member(of=entry.body)).row == copy  # one copy, whoever asks


def test_register_change_ask_back_publish(
    entry: Structure, clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    keeper, editor = signed_in(clerk), signed_in(factories.editor(display_name="Ελένη"))
    copy_address = keeper.post(address(entry, "propose/"))["Location"]
    copy = Structure.objects.get(changes=entry)
    assert copy_address.endswith(address(copy))
    page = keeper.get(address(copy, "facts/"))
    assert page.status_code == 200
    assert (
        keeper.post(address(copy, "facts/"), fields_of(page) | {"name_el": "Νέο όνομα"}).status_code == 302
    )
    page = keeper.get(address(copy))
    assert ("Name", entry.name_el, "Νέο όνομα") in [
        (line.what, line.before, line.after) for line in page.context["lines"]
    ]
    sending = {"seen": page.context["stamp"], "step": "submit"}
    assert keeper.post(address(copy, "step/"), sending).status_code == 302
    assert keeper.get(address(copy, "facts/")).status_code == 404  # under review
    assert Message.objects.filter(kind="directory.review_asked").count() == 1

    page = editor.get(address(entry, "review/"))
    decision = {"seen": page.context["form"]["seen"].value(), "step": "ask_back", "reason": ""}
    assert editor.post(address(entry, "review/"), decision).status_code == 422  # without a reason
    assert editor.post(address(entry, "review/"), decision | {"reason": "Το τηλέφωνο;"}).status_code == 302
    assert Message.objects.get(kind="directory.reviewed").user == clerk
    page = keeper.get(address(copy))
    assert "Το τηλέφωνο;" in page.content.decode()
    keeper.post(address(copy, "step/"), {"seen": page.context["stamp"], "step": "submit"})

    page = editor.get(address(entry, "review/"))
    decision = {"seen": page.context["form"]["seen"].value(), "step": "publish"}
    assert editor.post(address(entry, "review/"), decision).status_code == 302
    entry.refresh_from_db()
    assert (entry.name_el, entry.assured_date) == ("Νέο όνομα", timezone.localdate())
    assert not Structure.objects.filter(changes=entry).exists()
    assert entry.hours_exceptions.count() == 1
    assert entry.offers.get().hours.get().opens == time(10)
    assert Proposal.objects.get().state == review.State.PUBLISHED


def test_a_new_entry_of_a_body_waits_for_the_editors() -> None:
    body = factories.body()
    keeper = signed_in(factories.body_member(of=body))
    response = keeper.post("/en/office/structures/new/", new_structure(body=str(body.pk)))
    made = Structure.objects.get()
    assert response["Location"].endswith(address(made))
    assert keeper.post(address(made, "status/"), {"status": "published"}).status_code == 404
    proposal = Proposal.objects.get()
    proposals.submit(proposal=proposal, by=User.objects.get(pk=proposal.created_by_id), seen="1.1.1")
    proposal.refresh_from_db()
    proposals.publish(proposal=proposal, by=factories.editor(), seen=proposals.stamp(proposal))
    made.refresh_from_db()
    assert (made.status, made.assured_date) == (Status.PUBLISHED, timezone.localdate())


def test_nobody_registers_for_others() -> None:
    town = factories.municipality()
    other = factories.municipality("2402", name_el="Αλμυρός", name_en="Almyros")
    body = factories.body(kind=Body.Kind.MUNICIPALITY, municipality=town)
    keeper = signed_in(factories.municipal_editor(town))
    url = "/en/office/structures/new/"
    assert signed_in(factories.user()).get(url).status_code == 404
    foreign = keeper.post(url, new_structure())  # a body that is not theirs
    assert "Select a valid choice" in foreign.content.decode()
    away = new_structure(body=str(body.pk), municipality=other.pk)
    assert "its own municipality" in keeper.post(url, away).content.decode()
    assert not Structure.objects.exists()
    assert keeper.post(url, new_structure(body=str(body.pk))).status_code == 302


def test_the_second_reviewer_is_told_what_the_first_did(entry: Structure, clerk: User) -> None:
    proposal = sent(entry, clerk)
    seen = proposals.stamp(proposal)
    first = factories.editor(display_name="Ελένη")
    proposals.ask_back(proposal=proposal, by=first, seen=seen, reason="Γιατί;")
    with pytest.raises(review.OvertakenError, match="Ελένη"):
        proposals.publish(proposal=proposal, by=factories.editor(), seen=seen)
    entry.refresh_from_db()
    assert entry.name_el != "Νέο όνομα"


@pytest.mark.parametrize("seen", ["", "nonsense", "1", "1.1", "9.9.9", "-1.1.1"])
def test_a_decision_on_an_unknown_version_is_none(entry: Structure, clerk: User, seen: str) -> None:
    with pytest.raises(review.OvertakenError):
        proposals.publish(proposal=sent(entry, clerk), by=factories.editor(), seen=seen)


def test_what_others_changed_meanwhile_stays(entry: Structure, clerk: User) -> None:
    editor = factories.editor()
    proposal = begun(entry, clerk)
    rename(proposal, clerk)
    actions.save_facts(structure=entry, facts={"locality": "Βόλος"}, served_areas=[], by=editor)
    factories.offer(entry, "counselling")
    proposal = Proposal.objects.get()
    assert [line.what for line in proposals.lines(proposal)] == ["Όνομα"]
    proposals.submit(proposal=proposal, by=clerk, seen=proposals.stamp(proposal))
    proposal = Proposal.objects.get()
    seen = proposals.stamp(proposal)
    actions.confirm(structure=entry, by=editor)
    with pytest.raises(review.OvertakenError):  # the entry is not what the reviewer saw
        proposals.publish(proposal=proposal, by=editor, seen=seen)
    proposal = Proposal.objects.get()
    proposals.publish(proposal=proposal, by=editor, seen=proposals.stamp(proposal))
    entry.refresh_from_db()
    assert (entry.name_el, entry.locality, entry.offers.count()) == ("Νέο όνομα", "Βόλος", 2)


def test_nothing_changed_is_nothing_to_send(entry: Structure, clerk: User) -> None:
    proposal = begun(entry, clerk)
    with pytest.raises(proposals.NothingChangedError):
        proposals.submit(proposal=proposal, by=clerk, seen=proposals.stamp(proposal))


def test_a_keeper_publishes_nothing(entry: Structure, clerk: User) -> None:
    proposal = sent(entry, clerk)
    with pytest.raises(review.NotAllowedError):
        proposals.publish(proposal=proposal, by=clerk, seen=proposals.stamp(proposal))


def test_thrown_away_leaves_the_entry(entry: Structure, clerk: User) -> None:
    proposal = begun(entry, clerk)
    client = signed_in(clerk)
    assert client.post(address(proposal.row, "step/"), {"step": "discard"}).status_code == 302
    assert list(Structure.objects.all()) == [entry]


# --- confidential ones ------------------------------------------------------------------------------


def test_a_confidential_structure_that_is_kept_tells_no_place() -> None:
    shelter = factories.confidential_structure()
    factories.contact(shelter, telephone="+306900000001")
    keeper = factories.clerk(shelter)
    client = signed_in(keeper)
    client.post(address(shelter, "propose/"))
    copy = Structure.objects.get(changes=shelter)
    form = client.get(address(copy, "facts/")).context["form"]
    assert not {"municipality", "street", "latitude", "directions_el"} & set(form.fields)
    factories.municipality()
    wrong = fields_of(client.get(address(copy, "facts/"))) | {"description_el": "Στον Βόλο"}
    assert client.post(address(copy, "facts/"), wrong).status_code == 422
    for part in ("place/", "hide/"):
        assert client.get(address(shelter, part)).status_code == 404


def test_a_working_copy_does_not_outlive_the_hiding(entry: Structure, clerk: User, as_owner: None) -> None:
    proposal = sent(entry, clerk)
    copy = proposal.row
    Structure.objects.filter(pk=entry.pk).update(body=factories.body())
    confidential.hide(
        structure=entry, purpose="για την ασφάλεια όσων μένουν", by=factories.region_administrator()
    )
    assert not Proposal.objects.exists()
    assert not Structure.objects.filter(pk=copy.pk).exists()
    events = Structure.pgh_event_model.objects  # type: ignore[attr-defined]
    assert not events.filter(pgh_obj_id=copy.pk).exists()


# --- lists ------------------------------------------------------------------------------------------


def test_the_lists_cost_as_much_for_thirty_as_for_one(queries_stay: Any) -> None:
    body = factories.body()
    member = factories.body_member(of=body)

    def grow(number: int) -> None:
        for _ in range(number):
            sent(factories.structure(body=body), member)

    keeper, editor = signed_in(member), signed_in(factories.editor())
    assert queries_stay(grow=grow, read=lambda: keeper.get("/en/office/structures/mine/")) < 20
    assert len(editor.get("/en/office/structures/proposals/").context["page"]) == 30
    assert keeper.get("/en/office/structures/")["Location"].endswith("/mine/")
    assert not mail.outbox


# --- rights given and ended, reports of readers -----------------------------------------------------


def test_an_editor_gives_and_ends_a_right_on_one_entry(entry: Structure) -> None:
    person = factories.user(display_name="Άννα")
    editor, url = signed_in(factories.editor()), address(entry, "keepers/")
    assert editor.post(url, {"email": "nobody@example.org"}).status_code == 422
    assert editor.post(url, {"email": person.email.upper()}).status_code == 302
    assert rules.tends(User.objects.get(pk=person.pk), entry)
    grant = StructureGrant.objects.get()
    assert "Άννα" in editor.get(url).content.decode()
    other = StructureGrant.objects.create(user=person, structure=factories.structure())
    for wrong in (other.pk, "nonsense", "999999999"):
        assert editor.post(url, {"end": wrong}).status_code == 404
    assert editor.post(url, {"end": grant.pk}).status_code == 302
    assert not rules.tends(User.objects.get(pk=person.pk), entry)
    assert signed_in(person).get(url).status_code == 404


def test_those_who_keep_an_entry_hear_of_errors_and_answer(entry: Structure, clerk: User) -> None:
    report = actions.receive_report(report=ErrorReport(structure=entry, topic="hours"))
    assert Message.objects.get().user == clerk
    url = f"/en/office/structures/reports/{report.pk}/"
    assert signed_in(factories.body_member()).get(url).status_code == 404
    assert signed_in(factories.editor(second_factor=False)).get(url).status_code == 302
    keeper = signed_in(clerk)
    assert keeper.get(url).status_code == 200
    assert keeper.get("/en/office/structures/reports/").status_code == 404
    assert keeper.post(url, {"state": "corrected", "answer": "Διορθώθηκε"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.handled_by) == ("corrected", clerk)


def test_an_editor_who_publishes_a_new_entry_by_its_status_has_reviewed_it() -> None:
    """Otherwise it would wait for ever, and whoever wrote it could never change it."""
    body = factories.body()
    clerk = factories.body_member(of=body)
    entry = factories.structure(body=body, status=Status.DRAFT)
    factories.contact(entry)
    proposal = proposals.register(structure=entry, by=clerk)
    proposals.submit(proposal=proposal, by=clerk, seen=proposals.stamp(proposal))
    editor = factories.editor()
    url = address(entry, "status/")
    assert signed_in(editor).post(url, {"status": "published"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "published"
    assert not queries.proposals_of(entry.region).exists()
    assert Message.objects.filter(user=clerk, kind="directory.reviewed").exists()
    entry.refresh_from_db()
    begun_anew = proposals.begin(structure=entry, by=clerk)
    assert begun_anew.copy is not None, "a change is written beside the entry"


def test_what_was_thrown_away_meanwhile_is_told_and_not_published(entry: Structure, clerk: User) -> None:
    proposal = sent(entry, clerk)
    seen = proposals.stamp(proposal)
    back = proposals.take_back(proposal=proposal, by=clerk, seen=seen)
    proposals.discard(proposal=back, by=clerk)
    with pytest.raises(review.OvertakenError):
        proposals.publish(proposal=proposal, by=factories.editor(), seen=seen)
    with pytest.raises(review.OvertakenError):
        proposals.ask_back(proposal=proposal, by=factories.editor(), seen=seen, reason="Πού;")


def test_nobody_writes_on_the_copy_while_it_is_published(entry: Structure, clerk: User) -> None:
    """Otherwise what a reviewer did not see would be published between their look and their word."""
    proposal = sent(entry, clerk)
    with CaptureQueriesContext(connection) as asked:
        proposals.publish(proposal=proposal, by=factories.editor(), seen=proposals.stamp(proposal))
    locks = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"] and "structure" in each["sql"]]
    assert proposal.copy_id.hex in locks[0]
    assert entry.pk.hex in locks[0]
