"""Two entries side by side until a person decides; joined, and taken apart again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import translation

from entaxis.accounts.models import User
from entaxis.directory import actions, claiming, confidential, copies, grants, history, proposals, rules
from entaxis.directory.choices import Status
from entaxis.directory.duplicates import comparing, finding, merging
from entaxis.directory.duplicates.comparing import Side
from entaxis.directory.duplicates.merging import MergingError
from entaxis.directory.models import Claim, Contact, ErrorReport, Merge, Resemblance, Structure
from entaxis.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
State = Resemblance.State


@pytest.fixture
def reviewer() -> User:
    return factories.editor(display_name="Ελένη")


@pytest.fixture
def editor(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def pair(**second: Any) -> Resemblance:
    """Two pharmacies of one name; the older one came first."""
    one = factories.structure(name_el="Κοινωνικό Φαρμακείο", description_el="Φάρμακα")
    factories.contact(one, telephone="+302421000001")
    factories.hours(one, 0)
    factories.offer(one, "medicines", cost="free")
    two = factories.structure(
        **({"name_el": "Κοινωνικό Φαρμακείο Βόλου", "point": Point(22.95, 39.37)} | second)
    )
    factories.contact(two, telephone="+302421000002", email="two@example.org")
    factories.hours(two, 1)
    factories.offer(two, "medicines")
    factories.offer(two, "health_checks")
    Structure.objects.filter(pk=one.pk).update(created_at="2020-01-01T00:00Z")
    finding.find(one.region)
    return Resemblance.objects.get()


def older(found: Resemblance) -> Side:
    return Side.FIRST if found.first.name_el == "Κοινωνικό Φαρμακείο" else Side.SECOND


def younger(found: Resemblance) -> Side:
    return Side.SECOND if older(found) is Side.FIRST else Side.FIRST


def entry(found: Resemblance, side: Side) -> Structure:
    pk = found.first_id if side is Side.FIRST else found.second_id
    return Structure.objects.get(pk=pk)


def join(found: Resemblance, by: User, **chosen: str) -> Structure:
    two = merging.Two(Structure.objects.get(pk=found.first_id), Structure.objects.get(pk=found.second_id))
    named = {key.replace("__", "."): value for key, value in chosen.items()}
    return merging.merge(pair=found, survivor=older(found), chosen=named, seen=two.stamp, by=by)


def url(found: Resemblance) -> str:
    return f"/en/office/structures/duplicates/{found.pk}/"


def posted(page: Any, **changes: str) -> dict[str, str]:
    form = page.context["form"]
    return {field.html_name: field.value() for field in form} | {"step": "join"} | changes


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """What is done inside is refused with this sentence."""
    with translation.override("en"), pytest.raises(MergingError) as told:
        yield
    with translation.override("en"):
        assert sentence in str(told.value)


# --- the pages --------------------------------------------------------------------------------------


def test_the_queue_and_the_two_side_by_side(editor: Client) -> None:
    found = pair()
    queue = editor.get("/en/office/structures/duplicates/").content.decode()
    assert "Κοινωνικό Φαρμακείο<br>" in queue or "Κοινωνικό Φαρμακείο Βόλου<br>" in queue
    assert "similar name" in queue
    page = editor.get(url(found)).content.decode()
    assert "2421 000001" in page.replace("+302421000001", "2421 000001")
    assert "two@example.org" in page
    for where in (found.first, found.second):
        assert url(found) in editor.get(f"/en/office/structures/{where.pk}/").content.decode()


def test_the_queue_costs_as_much_for_thirty_as_for_one(editor: Client, queries_stay: Any) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            twins = sorted((factories.structure(), factories.structure()), key=lambda row: row.pk)
            Resemblance.objects.create(
                first=twins[0], second=twins[1], reasons=["name"], likeness_share=1.0
            )

    queries_stay(grow=grow, read=lambda: editor.get("/en/office/structures/duplicates/"))


def test_not_the_same_is_remembered(editor: Client, reviewer: User) -> None:
    found = pair()
    assert editor.post(url(found), {"step": "different"}).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.decided_by) == (State.DIFFERENT, reviewer)
    assert finding.find(found.first.region) == 0
    assert "Not the same" in editor.get(url(found)).content.decode()
    again = editor.post(url(found), {"step": "different"}, follow=True).content.decode()
    assert "Ελένη has decided this meanwhile" in again


def test_joined_in_the_browser_the_old_address_leads_to_the_survivor(editor: Client) -> None:
    found = pair()
    page = editor.get(url(found))
    data = posted(page, survivor=older(found).value, contacts="both")
    answer = editor.post(url(found), data)
    stays, goes = entry(found, older(found)), entry(found, younger(found))
    assert answer["Location"] == f"/en/office/structures/{stays.pk}/"
    assert goes.status == Status.MERGED
    old = Client().get(f"/en/structures/{goes.pk}/")
    assert (old.status_code, old["Location"]) == (301, f"/en/structures/{stays.pk}/")
    assert "+302421000001" in Client().get(old["Location"]).content.decode()
    assert set(stays.contacts.values_list("telephone", flat=True)) == {"+302421000001", "+302421000002"}
    assert "went into it" in editor.get(answer["Location"]).content.decode()
    assert str(stays) in editor.get(f"/en/office/structures/{goes.pk}/").content.decode()


def test_a_reader_of_another_region_and_a_keeper_find_no_queue(client: Client) -> None:
    found = pair()
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    for person in (factories.clerk(found.first), factories.body_administrator(of=found.first.body)):
        client.force_login(person)
        for path in ("/en/office/structures/duplicates/", url(found)):
            assert client.get(path).status_code in (403, 404)
        assert (
            "looks like another"
            not in client.get(f"/en/office/structures/{found.first_id}/").content.decode()
        )
    client.force_login(factories.editor(elsewhere))
    assert client.get(url(found)).status_code in (403, 404)


# --- what stays -------------------------------------------------------------------------------------


def test_every_part_is_chosen_by_itself(reviewer: User) -> None:
    found = pair()
    other = younger(found).value
    stays = join(found, reviewer, name_el=other, place=other, hours=other, service__medicines=other)
    content = copies.read(stays).content
    assert content.name_el == "Κοινωνικό Φαρμακείο Βόλου"
    assert content.point == (22.95, 39.37)
    assert [row.weekday for row in content.hours] == [1]
    assert [(offer.service, offer.cost) for offer in content.offers] == [("medicines", "unknown")]
    assert content.description_el == "Φάρμακα"  # nobody chose: the survivor's
    assert [way.telephone for way in content.contacts] == ["+302421000001"]


def test_a_service_of_the_other_is_taken_over(reviewer: User) -> None:
    found = pair()
    stays = join(found, reviewer, service__health_checks=younger(found).value, body=younger(found).value)
    assert set(stays.offers.values_list("service__key", flat=True)) == {"medicines", "health_checks"}
    assert stays.body_id == entry(found, younger(found)).body_id


def test_rights_annexes_reports_and_the_number_of_a_table_go_over_and_come_back(reviewer: User) -> None:
    found = pair(external_source="ΕΚΚΑ", external_id="7")
    goes = entry(found, younger(found))
    clerk = factories.clerk(goes)
    annex = factories.structure("roma_annex", name_el="Παράρτημα", parent=goes)
    report = ErrorReport.objects.create(structure=goes, topic=ErrorReport.Topic.HOURS)
    stays = join(found, reviewer)
    assert rules.tends(User.objects.get(pk=clerk.pk), stays)
    annex.refresh_from_db()
    report.refresh_from_db()
    assert (annex.parent_id, report.structure_id) == (stays.pk, stays.pk)
    assert (stays.external_source, stays.external_id) == ("ΕΚΚΑ", "7")
    assert Message.objects.filter(user=clerk, kind="directory.merged").count() == 1
    merging.take_apart(made=Merge.objects.get(), by=reviewer)
    stays.refresh_from_db()
    annex.refresh_from_db()
    report.refresh_from_db()
    goes.refresh_from_db()
    assert not rules.tends(User.objects.get(pk=clerk.pk), stays)
    assert (annex.parent_id, report.structure_id) == (goes.pk, goes.pk)
    assert (goes.external_id, stays.external_id, goes.status) == ("7", None, Status.PUBLISHED)


def test_history_of_both_is_kept(reviewer: User) -> None:
    found = pair()
    stays = join(found, reviewer, name_el=younger(found).value)
    told = history.changes(stays)
    assert (told[0].who, told[0].lines[0].after) == ("Ελένη", "Κοινωνικό Φαρμακείο Βόλου")
    assert history.changes(entry(found, younger(found)))


# --- taken apart ------------------------------------------------------------------------------------


def test_taken_apart_both_say_what_they_said(editor: Client, reviewer: User) -> None:
    found = pair()
    before = [copies.read(entry(found, side)) for side in (Side.FIRST, Side.SECOND)]
    every = {part.key: younger(found).value for part in comparing.parts(*before) if part.differs}
    join(found, reviewer, **{key.replace(".", "__"): value for key, value in every.items()})
    assert editor.post(url(found), {"step": "apart"}).status_code == 302
    assert [copies.read(entry(found, side)) for side in (Side.FIRST, Side.SECOND)] == before
    found.refresh_from_db()
    assert found.state == State.OPEN
    gone = entry(found, younger(found))
    assert Client().get(f"/en/structures/{gone.pk}/").status_code == 200
    assert "taken apart already" in editor.post(url(found), {"step": "apart"}, follow=True).content.decode()


def test_what_was_changed_since_is_not_taken_apart(reviewer: User) -> None:
    found = pair()
    stays = join(found, reviewer)
    actions.confirm(structure=stays, by=reviewer)  # a confirmation changes nothing
    actions.save_contacts(structure=stays, contacts=[{"telephone": "+302421000003"}], by=reviewer)
    with refused("changed since"):
        merging.take_apart(made=Merge.objects.get(), by=reviewer)
    assert Contact.objects.get(structure=stays).telephone == "+302421000003"


def test_a_confirmation_does_not_hinder_it(reviewer: User) -> None:
    found = pair()
    actions.confirm(structure=join(found, reviewer), by=reviewer)
    merging.take_apart(made=Merge.objects.get(), by=reviewer)
    assert Merge.objects.get().undone_by == reviewer


def test_an_address_leads_along_the_whole_way(reviewer: User) -> None:
    found = pair()
    stays, goes = join(found, reviewer), entry(found, younger(found))
    third = factories.structure(name_el="Τρίτο")
    Merge.objects.create(survivor=third, gone=stays, kept={"status": "published"})
    Structure.objects.filter(pk=stays.pk).update(status=Status.MERGED)
    assert merging.successor(third.region, goes.pk) == third
    with pytest.raises(MergingError):
        merging.take_apart(made=Merge.objects.get(gone=goes), by=reviewer)


# --- what is refused --------------------------------------------------------------------------------


def test_two_reviewers_at_once_and_a_change_meanwhile(editor: Client, reviewer: User) -> None:
    found = pair()
    page = editor.get(url(found))
    actions.confirm(structure=entry(found, Side.FIRST), by=reviewer)
    told = editor.post(url(found), posted(page))
    assert (told.status_code, "was changed meanwhile" in told.content.decode()) == (422, True)
    assert editor.post(url(found), posted(told)).status_code == 302  # what stands now was shown
    told = editor.post(url(found), posted(page))
    assert "has decided this meanwhile" in told.content.decode()


def test_readers_never_lose_what_they_see(editor: Client) -> None:
    found = pair(status=Status.DRAFT)
    page = editor.get(url(found))
    assert [value for value, _label in page.context["form"].fields["survivor"].choices] == [older(found)]
    refused = editor.post(url(found), posted(page, survivor=younger(found).value))
    assert refused.status_code == 422
    assert not Merge.objects.exists()


def test_a_new_entry_that_is_known_already_is_joined_by_its_reviewer(reviewer: User) -> None:
    found = pair(status=Status.DRAFT)
    draft = entry(found, younger(found))
    author = factories.body_member(of=draft.body)
    proposal = proposals.register(structure=draft, by=author)
    proposals.submit(proposal=proposal, by=author, seen=proposals.stamp(proposal))
    join(found, reviewer)
    assert rules.proposal_of(Structure.objects.get(pk=draft.pk)) is None
    assert not rules.may_write(author, Structure.objects.get(pk=draft.pk))
    assert Client().get(f"/en/structures/{draft.pk}/").status_code == 404  # readers never saw it
    assert Message.objects.filter(user=author, kind="directory.merged").exists()
    merging.take_apart(made=Merge.objects.get(), by=reviewer)
    again = rules.proposal_of(Structure.objects.get(pk=draft.pk))
    assert again is not None
    assert again.created_by == author


def test_changes_that_wait_for_review_are_decided_first(reviewer: User) -> None:
    found = pair()
    proposals.begin(structure=found.first, by=factories.clerk(found.first))
    with refused("wait for review"):
        join(found, reviewer)


def test_somebody_must_be_able_to_reach_it(reviewer: User) -> None:
    found = pair(point=None, point_quality="")
    Contact.objects.filter(structure=entry(found, younger(found))).delete()
    other = younger(found).value
    with refused("nobody could reach"):
        join(found, reviewer, contacts=other, place=other)


def test_what_was_joined_is_written_on_no_more(editor: Client, reviewer: User) -> None:
    found = pair()
    join(found, reviewer)
    goes = entry(found, younger(found))
    for part in ("facts/", "hours/", "contacts/", "services/new/"):
        assert editor.get(f"/en/office/structures/{goes.pk}/{part}").status_code == 404
    for part in ("status/", "confirm/", "propose/"):
        assert (
            editor.post(f"/en/office/structures/{goes.pk}/{part}", {"status": "published"}).status_code
            == 404
        )


# --- confidential places ----------------------------------------------------------------------------


def shelters() -> Resemblance:
    for _ in range(2):
        shelter = factories.confidential_structure(name_el="Ξενώνας")
        factories.contact(shelter, telephone="", email="help@example.org")
    finding.find(factories.region())
    return Resemblance.objects.get()


def test_only_administrators_of_the_region_are_asked_about_shelters(editor: Client, client: Client) -> None:
    found = shelters()
    assert "Ξενώνας" not in editor.get("/en/office/structures/duplicates/").content.decode()
    assert editor.get(url(found)).status_code == 404
    assert url(found) not in editor.get(f"/en/office/structures/{found.first_id}/").content.decode()
    client.force_login(factories.region_administrator())
    page = client.get(url(found))
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)


def test_an_open_entry_and_a_shelter_are_not_made_one(reviewer: User) -> None:
    shelter = factories.confidential_structure(name_el="Ξενώνας")
    factories.contact(shelter, telephone="", email="help@example.org")
    open_one = factories.structure("counselling", name_el="Ξενώνας")
    factories.contact(open_one, email="help@example.org")
    finding.find(shelter.region)
    with refused("place of one is confidential"):
        join(Resemblance.objects.get(), reviewer)


def test_hiding_a_structure_forgets_its_twins_and_what_went_into_it(reviewer: User) -> None:
    found = pair()
    body = factories.body(name_el="Ένωση")
    Structure.objects.update(body=body, name_el="Δομή", assured_date=date(2026, 1, 1))
    stays = join(found, reviewer, place=younger(found).value)
    goes = entry(found, younger(found))
    confidential.hide(
        structure=stays, purpose="Απόφαση της Περιφέρειας", by=factories.region_administrator()
    )
    assert not Structure.objects.filter(pk=goes.pk).exists()
    assert not Merge.objects.exists()
    assert not Resemblance.objects.exists()
    assert merging.successor(stays.region, goes.pk) is None
    events = Structure.pgh_event_model.objects  # type: ignore[attr-defined]
    assert not events.filter(pgh_obj_id__in=[goes.pk, stays.pk]).exclude(point=None).exists()


def test_rights_that_end_end_there_as_well(reviewer: User) -> None:
    found = pair()
    person = factories.user()
    grant = grants.give(user=person, structure=entry(found, younger(found)), by=reviewer)
    grant.until = date(2099, 1, 1)
    grant.save()
    assert join(found, reviewer).grants.get().until == date(2099, 1, 1)


def test_claims_that_wait_go_over_and_come_back(reviewer: User) -> None:
    found = pair()
    goes, stays = entry(found, younger(found)), entry(found, older(found))
    asks, both = factories.user(), factories.user()
    rows = [
        claiming.ask(structure=goes, text="Εργάζομαι εκεί.", paper=None, by=who) for who in (asks, both)
    ]
    claiming.ask(structure=stays, text="Εργάζομαι εκεί.", paper=None, by=both)
    join(found, reviewer)
    for row in rows:
        row.refresh_from_db()
    assert rows[0].structure == stays, "an approval would give a right on an entry that is no more"
    assert rows[1].state == Claim.State.WITHDRAWN, "one person asks once for one entry"
    merging.take_apart(made=Merge.objects.get(), by=reviewer)
    rows[0].refresh_from_db()
    assert rows[0].structure == goes


def test_hiding_a_structure_forgets_who_claimed_it_in_words(reviewer: User) -> None:
    entry = factories.structure(body=factories.body(name_el="Φορέας"), name_el="Ξενώνας")
    claiming.ask(structure=entry, text="Είμαι στη Λάρισα.", paper=None, by=factories.user())
    wanted = factories.volunteer_request(entry.body, structure=entry, municipality=entry.municipality)
    confidential.hide(structure=entry, purpose="Έγινε ξενώνας", by=reviewer)
    assert not Claim.objects.exists()
    wanted.refresh_from_db()
    assert wanted.structure is None, "beside the request's municipality it would tell where it is"
