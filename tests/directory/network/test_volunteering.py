"""Volunteers and requests: confirmed, checked where it must be, brought together, bounded, forgotten."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from entaxis.accounts.models import Body, User
from entaxis.directory.network import queries, volunteering, writings
from entaxis.directory.network.models import Introduction, VolunteerOffer, VolunteerRequest
from entaxis.notifications import delivery, links
from entaxis.vocabularies.models import Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script>"
WORDS = {"name": "Μαρία", "address": "maria@example.org", "text": "Μπορώ κάθε Τρίτη.", "is_adult": "on"}
OFFER = WORDS | {"text": "Μαγειρεύω.", "themes": "food", "days": "30"}
State = Introduction.State


@pytest.fixture(autouse=True)
def _ready() -> None:
    cache.clear()
    factories.region()
    factories.term("food", inside=Vocabulary.Name.NEEDS, label_el="Φαγητό")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def write(to: VolunteerRequest, client: Client | None = None, **said: str) -> Any:
    return (client or Client()).post(f"/el/network/volunteering/{to.pk}/write/", WORDS | said)


def link_of(message: Any) -> str:
    found = re.search(r"http://[^/]+(/\S+)", message.body)
    assert found
    return found[1]


def mails() -> dict[str, Any]:
    """What was sent since the last look, by recipient; the latest of each."""
    delivery.deliver_due()
    sent = {message.to[0]: message for message in mail.outbox}
    mail.outbox.clear()
    return sent


def confirmed(to: VolunteerRequest) -> Introduction:
    write(to)
    Client().post(link_of(mails()["maria@example.org"]))
    return Introduction.objects.get()


# --- requests ---------------------------------------------------------------------------------------


def test_which_requests_readers_find() -> None:
    town, other = factories.municipality(), factories.municipality("2402", name_el="Αλόννησος")
    today = timezone.localdate()
    here = factories.volunteer_request(municipality=town)
    anywhere = factories.volunteer_request()
    factories.volunteer_request(municipality=other)
    factories.volunteer_request(expires_on=today - timedelta(days=1))
    factories.volunteer_request(state="draft")
    factories.volunteer_request(factories.body(dissolved_on=today))
    factories.volunteer_request(factories.body(factories.region("EL65", name_el="Πελοπόννησος")))
    assert set(queries.open_requests(factories.region(), municipality="2401")) == {here, anywhere}
    assert len(queries.open_requests(factories.region(), theme="food")) == 3
    assert not queries.open_requests(factories.region(), theme="home")
    closed = VolunteerRequest.objects.exclude(pk__in=queries.open_requests(factories.region()).values("pk"))
    assert closed.count() == 4
    for row in closed:
        assert Client().get(f"/el/network/volunteering/{row.pk}/").status_code == 404
        assert write(row).status_code == 404


def test_whoever_is_protected_is_protected_by_the_table_too() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.volunteer_request(target_groups=["infants"], needs_vetting=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.volunteer_offer(with_protected=True)
    assert factories.volunteer_request(target_groups=["infants"], needs_vetting=True).pk


# --- a volunteer writes -----------------------------------------------------------------------------


def test_a_volunteer_writes_confirms_and_is_answered() -> None:
    body = factories.body(name_el="Εστία")
    member = factories.body_member(of=body)
    request = factories.volunteer_request(body, title_el="Μαγείρεμα")
    assert write(request)["Location"].endswith("/sent/")
    sent = mails()
    assert list(sent) == ["maria@example.org"]  # the body hears nothing yet
    address = link_of(sent["maria@example.org"])
    assert "Τρίτη" in Client().get(address).content.decode()
    assert Introduction.objects.get().state == State.UNCONFIRMED  # opening it does nothing
    Client().post(address)
    row = Introduction.objects.get()
    assert row.state == State.OPEN
    told = mails()[member.email]
    assert "Μαρία" not in told.body

    client = signed_in(member)
    page = client.get(f"/el/office/network/volunteers/{row.pk}/").content.decode()
    assert "Μαρία" in page
    assert "maria@example.org" not in page
    client.post(f"/el/office/network/volunteers/{row.pk}/", {"text": "Ελάτε την Τρίτη."})
    answer = mails()["maria@example.org"]
    assert "Ελάτε την Τρίτη." in answer.body
    assert "Εστία" in answer.body
    again = client.post(f"/el/office/network/volunteers/{row.pk}/", {"text": "Άλλο"})
    assert again.status_code == 422


def test_somebody_signed_in_confirms_nothing() -> None:
    request = factories.volunteer_request()
    volunteer = factories.user()
    assert write(request, signed_in(volunteer))["Location"].endswith("/mine/")
    row = Introduction.objects.get()
    assert (row.state, row.user, row.address) == (State.OPEN, volunteer, "")
    assert request.title_el in signed_in(volunteer).get("/el/network/mine/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("is_adult", ""), ("text", "http://a http://b"), ("address", "x"), ("name", ""), ("text", "α" * 2001)],
)
def test_what_is_refused(field: str, value: str) -> None:
    assert write(factories.volunteer_request(), **{field: value}).status_code == 422
    assert not Introduction.objects.exists()


def test_forged_old_and_foreign_links_do_nothing(monkeypatch) -> None:
    row = factories.introduction(state=State.UNCONFIRMED)
    token = links.token(volunteering.CONFIRM, [row.table, str(row.pk)])
    wrong = [
        links.token(volunteering.INVITED, [row.table, str(row.pk)]),
        links.token(volunteering.CONFIRM, ["letter", str(row.pk)]),
        links.token(volunteering.CONFIRM, str(row.pk)),
        token[:-2] + "xx",
    ]
    for text in wrong:
        assert Client().post(f"/el/network/volunteering/confirm/{text}/").status_code == 410
    factories.region("EL65", name_el="Πελοπόννησος")
    elsewhere = Client(headers={"host": "peloponnese.localhost"})
    assert elsewhere.post(f"/el/network/volunteering/confirm/{token}/").status_code == 410
    assert Client().post(f"/el/network/volunteering/invited/{token}/").status_code == 410
    monkeypatch.setattr(volunteering, "DAYS_TO_CONFIRM", -1)
    assert Client().post(f"/el/network/volunteering/confirm/{token}/").status_code == 410
    row.refresh_from_db()
    assert row.state == State.UNCONFIRMED


# --- checking ---------------------------------------------------------------------------------------


def test_where_minors_are_concerned_neither_side_sees_the_other_before_the_check() -> None:
    body = factories.body(name_el="Εστία")
    chair, member = factories.body_administrator(of=body), factories.body_member(of=body)
    structure = factories.structure(body=body, name_el="Ξενώνας")
    request = factories.volunteer_request(
        body, needs_vetting=True, target_groups=["children"], structure=structure
    )
    for page in ("/el/network/volunteering/", f"/el/network/volunteering/{request.pk}/"):
        text = Client().get(page).content.decode()
        assert request.title_el in text
        assert "Εστία" not in text
        assert "Ξενώνας" not in text
        assert str(body.pk) not in text
    row = confirmed(request)
    assert row.state == State.VETTING
    assert list(mails()) == [chair.email]
    for person in (member, chair):
        assert signed_in(person).get(f"/el/office/network/volunteers/{row.pk}/").status_code == 404
        assert "Μαρία" not in signed_in(person).get("/el/office/network/volunteers/").content.decode()

    address = f"/el/office/network/vetting/introduction/{row.pk}/"
    for outsider in (member, factories.user(), factories.body_administrator(), factories.body_member()):
        assert signed_in(outsider).get(address).status_code == 404
        decision = {"step": "approve", "words": "x"}
        assert signed_in(outsider).post(address, decision).status_code == 404
    client = signed_in(chair)
    assert "maria@" not in client.get(address).content.decode()
    client.post(address, {"step": "ask", "words": "Φέρτε ποινικό μητρώο."})
    asked = mails()["maria@example.org"]
    assert "ποινικό μητρώο" in asked.body
    assert "Εστία" not in asked.body
    client.post(address, {"step": "approve", "words": "Είδα ποινικό μητρώο."})
    row.refresh_from_db()
    assert (row.state, row.vetted_by, row.vetting_note) == (State.OPEN, chair, "Είδα ποινικό μητρώο.")
    told = mails()
    assert "Εστία" in told["maria@example.org"].body
    assert member.email in told
    assert signed_in(member).get(f"/el/office/network/volunteers/{row.pk}/").status_code == 200
    assert client.post(address, {"step": "refuse", "words": "x"}).status_code == 404  # decided


def test_the_observatory_checks_too_and_a_refusal_reaches_nobody_else() -> None:
    request = factories.volunteer_request(needs_vetting=True)
    member = factories.body_member(of=request.body)
    editor = factories.editor()
    row = factories.introduction(request, state=State.VETTING)
    away = factories.editor(factories.region("EL65", name_el="Πελοπόννησος"))
    address = f"/el/office/network/vetting/introduction/{row.pk}/"
    assert signed_in(away).get(address).status_code == 404
    signed_in(editor).post(address, {"step": "refuse", "words": "Λυπούμαστε."})
    row.refresh_from_db()
    assert row.state == State.REFUSED
    assert list(mails()) == [row.address]
    assert signed_in(member).get(f"/el/office/network/volunteers/{row.pk}/").status_code == 404


def test_two_who_decide_at_once() -> None:
    row = factories.introduction(factories.volunteer_request(needs_vetting=True), state=State.VETTING)
    volunteering.approve(row=row, note="Ναι", by=factories.editor())
    with pytest.raises(volunteering.NotPossibleError):
        volunteering.refuse(row=row, words="Όχι", by=factories.editor())


# --- offers -----------------------------------------------------------------------------------------


def test_an_offer_is_confirmed_found_and_asked() -> None:
    answer = Client().post("/el/network/volunteering/offer/", OFFER)
    assert answer["Location"].endswith("/sent/")
    offer = VolunteerOffer.objects.get()
    assert offer.expires_on == timezone.localdate() + timedelta(days=30)
    body = factories.body(name_el="Εστία")
    member = factories.body_member(of=body)
    request = factories.volunteer_request(body)
    assert not queries.matches(request)
    Client().post(link_of(mails()["maria@example.org"]))
    assert list(queries.matches(request)) == [offer]

    client = signed_in(member)
    address = f"/el/office/network/matches/{request.pk}/"
    page = client.get(address).content.decode()
    assert "Μαγειρεύω" in page
    assert "Μαρία" not in page
    assert "maria@" not in page
    assert client.post(address, {"offer": offer.pk, "text": "Μας βοηθάτε;"}).status_code == 302
    row = Introduction.objects.get()
    assert signed_in(member).get(f"/el/office/network/volunteers/{row.pk}/").status_code == 404
    asked = mails()["maria@example.org"]
    assert "Μας βοηθάτε;" in asked.body
    link = link_of(asked)
    assert "Εστία" in Client().get(link).content.decode()
    assert Introduction.objects.get().state == State.INVITED
    Client().post(link, {"answer": "yes"})
    assert member.email in mails()
    assert "Μαρία" in client.get(f"/el/office/network/volunteers/{row.pk}/").content.decode()
    assert Client().get(link).status_code == 410
    assert client.post(address, {"offer": offer.pk, "text": "Ξανά;"}).status_code == 422


def test_whoever_declines_stays_unknown() -> None:
    request, offer = factories.volunteer_request(), factories.volunteer_offer()
    member = factories.body_member(of=request.body)
    row = volunteering.invite(request=request, offer=offer, text="Έλα", by=member)
    token = links.token(volunteering.INVITED, [row.table, str(row.pk)])
    Client().post(f"/el/network/volunteering/invited/{token}/", {"answer": "no"})
    row.refresh_from_db()
    assert row.state == State.DECLINED
    assert signed_in(member).get(f"/el/office/network/volunteers/{row.pk}/").status_code == 404


def test_an_offer_to_be_with_minors_waits_for_the_observatory() -> None:
    editor, chair = factories.editor(), factories.body_administrator()
    Client().post("/el/network/volunteering/offer/", OFFER | {"with_protected": "on"})
    Client().post(link_of(mails()["maria@example.org"]))
    offer = VolunteerOffer.objects.get()
    assert offer.state == VolunteerOffer.State.VETTING
    request = factories.volunteer_request(needs_vetting=True)
    assert not queries.matches(request)
    address = f"/el/office/network/vetting/volunteeroffer/{offer.pk}/"
    assert signed_in(chair).get(address).status_code == 404
    signed_in(editor).post(address, {"step": "approve", "words": "Ποινικό μητρώο"})
    assert list(queries.matches(request)) == [offer]
    factories.volunteer_offer()  # nobody checked this one
    assert list(queries.matches(request)) == [offer]


def test_which_offers_fit() -> None:
    town = factories.municipality()
    request = factories.volunteer_request(municipality=town)
    near = factories.volunteer_offer(area_codes=["2401"])
    anywhere = factories.volunteer_offer()
    factories.volunteer_offer(area_codes=["2402"])
    factories.volunteer_offer(themes=["home"])
    factories.volunteer_offer(expires_on=timezone.localdate() - timedelta(days=1))
    factories.volunteer_offer(factories.region("EL65", name_el="Πελοπόννησος"))
    assert list(queries.matches(request)) == [near, anywhere]


def test_who_sees_offers_and_volunteers() -> None:
    request = factories.volunteer_request()
    row = factories.introduction(request)
    away = factories.region("EL65", name_el="Πελοπόννησος")
    member = factories.body_member(of=request.body)
    assert signed_in(member).get(f"/el/office/network/matches/{request.pk}/").status_code == 200
    for person in (
        factories.user(),
        factories.body_member(),
        factories.body_administrator(),
        factories.editor(),
        factories.editor(away),
    ):
        client = signed_in(person)
        assert client.get(f"/el/office/network/matches/{request.pk}/").status_code == 404
        assert client.get(f"/el/office/network/volunteers/{row.pk}/").status_code == 404
    other = factories.membership(member, "body_member", factories.body())
    Body.objects.filter(pk=request.body_id).update(dissolved_on=timezone.localdate())
    assert other.pk
    assert signed_in(member).get(f"/el/office/network/volunteers/{row.pk}/").status_code == 404


# --- forgetting, attacks, costs ---------------------------------------------------------------------


def test_what_nobody_confirms_goes_in_a_week() -> None:
    long_ago = timezone.now() - timedelta(days=8)
    factories.introduction(state=State.UNCONFIRMED, created_at=long_ago)
    factories.volunteer_offer(state=VolunteerOffer.State.UNCONFIRMED, created_at=long_ago)
    kept = factories.introduction(created_at=long_ago), factories.volunteer_offer(created_at=long_ago)
    writings.sweep()
    assert (Introduction.objects.get(), VolunteerOffer.objects.get()) == kept


def test_markup_is_shown_as_text_on_pages_and_in_mails() -> None:
    factories.term("infants", inside=Vocabulary.Name.TARGET_GROUPS)
    request = factories.volunteer_request(
        factories.body(name_el=f"Φορέας {ATTACK}"), title_el=ATTACK, text_el=ATTACK, times=ATTACK
    )
    member = factories.body_member(of=request.body)
    offer = factories.volunteer_offer(text=ATTACK, times=ATTACK, name=ATTACK)
    write(request, name=ATTACK, text=ATTACK)
    Client().post(link_of(mails()["maria@example.org"]))
    row = Introduction.objects.get()
    client = signed_in(member)
    for page in (
        "/el/network/volunteering/",
        f"/el/network/volunteering/{request.pk}/",
        f"/el/network/volunteering/{request.pk}/write/",
        f"/el/office/network/volunteers/{row.pk}/",
        "/el/office/network/volunteers/",
        f"/el/office/network/matches/{request.pk}/",
        f"/el/office/network/texts/requests/{request.pk}/",
    ):
        assert ATTACK not in client.get(page).content.decode()
    volunteering.invite(request=request, offer=offer, text=ATTACK, by=member)
    volunteering.answer(row=row, text=ATTACK, by=member)
    for message in mails().values():
        assert ATTACK not in message.alternatives[0][0]


def test_the_pages_cost_the_same_at_one_and_thirty(queries_stay) -> None:
    body = factories.body()
    request = factories.volunteer_request(body, needs_vetting=True)
    client = signed_in(factories.body_administrator(of=body))
    factories.municipality()

    def grow(number: int) -> None:
        for _ in range(number):
            factories.introduction(factories.volunteer_request(body))
            factories.introduction(request, state=State.VETTING)
            factories.volunteer_offer(with_protected=True, vetted_at=timezone.now(), area_codes=["2401"])

    for address in (
        "/el/network/volunteering/",
        "/el/office/network/volunteers/",
        "/el/office/network/vetting/",
        f"/el/office/network/matches/{request.pk}/",
        "/el/office/network/texts/requests/",
    ):
        assert queries_stay(grow=grow, read=lambda address=address: client.get(address)) <= 28


# --- nobody checks themselves -----------------------------------------------------------------------


def test_nobody_checks_their_own_offer_or_message() -> None:
    """Who checks volunteers may be one: then a colleague checks."""
    body = factories.body()
    chair = factories.body_administrator(of=body)
    wanted = factories.volunteer_request(body, needs_vetting=True)
    message = factories.introduction(wanted, user=chair, state=State.VETTING)
    reviewer = factories.editor()
    offer = factories.volunteer_offer(user=reviewer, with_protected=True, state="vetting")
    said = {"step": "approve", "words": "Ποινικό μητρώο"}
    for person, row in ((chair, message), (reviewer, offer)):
        url = f"/el/office/network/vetting/{row.table}/{row.pk}/"
        assert signed_in(person).get(url).status_code == 404
        assert signed_in(person).post(url, said).status_code == 404
        with pytest.raises(volunteering.NotPossibleError):
            volunteering.approve(row=row, note="Ποινικό μητρώο", by=person)
        row.refresh_from_db()
        assert row.state == "vetting"
    other = factories.editor()
    for row in (message, offer):
        url = f"/el/office/network/vetting/{row.table}/{row.pk}/"
        assert signed_in(other).post(url, said).status_code == 302


def test_a_household_counts_as_one_place() -> None:
    """With IPv6 a household has millions of addresses: each would have its own count."""
    wanted = factories.volunteer_request()
    for number in range(11):
        client = Client(REMOTE_ADDR=f"2001:db8::{number:x}")
        answer = write(wanted, client, address=f"maria{number}@example.org")
    assert answer.status_code == 422


def test_a_structure_for_children_or_old_people_has_its_volunteers_checked(client: Client) -> None:
    """Whoever forgets to say for whom, or leaves it out, passes no check by."""
    body = factories.body()
    clerk = signed_in(factories.body_member(of=body))
    said = {
        "body": body.pk,
        "title_el": "Παραμύθια",
        "text_el": "Διαβάζουμε.",
        "themes": "food",
        "seen": "0",
    }
    said |= {"expires_on": str(timezone.localdate() + timedelta(days=30))}
    for kind, is_checked in (("nursery", True), ("open_care_elderly", True), ("social_pharmacy", False)):
        structure = factories.structure(kind, body=body)
        new = "/el/office/network/texts/requests/new/"
        assert clerk.post(new, said | {"structure": structure.pk}).status_code == 302
        assert VolunteerRequest.objects.get(structure=structure).needs_vetting is is_checked, kind


def test_who_was_asked_before_minors_were_named_is_checked_too() -> None:
    wanted = factories.volunteer_request()
    offer = factories.volunteer_offer()
    row = volunteering.invite(request=wanted, offer=offer, text="Ελάτε", by=factories.user())
    VolunteerRequest.objects.update(needs_vetting=True)
    volunteering.agree(row=row, does=True)
    row.refresh_from_db()
    assert row.state == State.VETTING, "nobody checked this person"
    volunteering.approve(row=row, note="Ποινικό μητρώο", by=factories.editor())
    row.refresh_from_db()
    assert row.state == State.OPEN


def test_an_invitation_to_a_request_that_was_withdrawn_holds_no_more() -> None:
    wanted, offer = factories.volunteer_request(), factories.volunteer_offer()
    volunteering.invite(request=wanted, offer=offer, text="Ελάτε", by=factories.user())
    link = link_of(mails()[offer.address])
    VolunteerRequest.objects.update(state="withdrawn")
    assert Client().get(link).status_code == 410
    assert Client().post(link, {"answer": "yes"}).status_code == 410
