"""The pages of people and bodies: lists, roles, ends, leaving, dissolving, recovery, one's own account."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from entaxis.accounts import actions, personal, recovering, rules, tasks
from entaxis.accounts.models import AccessRequest, Body, Invitation, Membership, Recovery, User
from entaxis.directory.models import StructureGrant
from entaxis.notifications.choices import Pace
from entaxis.notifications.models import Message, Preference, Subscription
from tests import factories
from tests.accounts.signing import signed_in, work

pytestmark = pytest.mark.django_db
Role = Membership.Role


def _text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def _url(name: str, **parts) -> str:
    return reverse(f"accounts:{name}", kwargs=parts)


@pytest.fixture
def body() -> Body:
    return factories.body(factories.region(), name_el="Σύλλογος")


@pytest.fixture
def boss(body) -> User:
    return factories.body_administrator(of=body, display_name="Κώστας")


def _long_ago(person: User) -> Membership:
    membership = person.memberships.get()
    Membership.objects.filter(pk=membership.pk).update(since=timezone.localdate() - timedelta(days=40))
    membership.refresh_from_db()
    return membership


def test_a_role_that_is_ended_stops_at_the_next_click(body, boss) -> None:
    member = factories.body_member(of=body)
    membership = _long_ago(member)
    client = signed_in(member)
    assert "Σύλλογος" in _text(client.get("/el/me/"))
    signed_in(boss).post(_url("end", pk=membership.pk))
    page = client.get("/el/me/")
    assert page.status_code == 200  # the session stays
    assert "Σύλλογος" not in _text(page)
    assert not rules.may_act_for(User.objects.get(pk=member.pk), body)


def test_showing_a_page_ends_nothing(body, boss) -> None:
    membership = _long_ago(factories.body_member(of=body))
    assert "Παύση" in _text(signed_in(boss).get(_url("end", pk=membership.pk)))
    membership.refresh_from_db()
    assert membership.until is None


def test_roles_are_changed_and_the_last_administrator_stays(body, boss) -> None:
    member = _long_ago(factories.body_member(of=body))
    client = signed_in(boss)
    client.post(_url("role", pk=member.pk), {"role": "body_administrator"})
    assert rules.may_administer_body(User.objects.get(pk=member.user_id), body)
    own = _long_ago(boss)
    assert client.post(_url("role", pk=own.pk), {"role": "body_member"}).status_code == 302
    last = member.user.memberships.in_force().get()
    answer = signed_in(member.user).post(_url("role", pk=last.pk), {"role": "body_member"})
    # a member promoted without a second step is led to it first
    assert answer["Location"] == "/el/account/2fa/"
    factories.authenticator(member.user)
    answer = signed_in(member.user).post(_url("role", pk=last.pk), {"role": "body_member"})
    assert answer.status_code == 422
    assert "ορίστε πρώτα κάποιον άλλο" in _text(answer)


def test_the_last_administrator_leaves_by_naming_the_next(body, boss) -> None:
    own = _long_ago(boss)
    client = signed_in(boss)
    answer = client.post(_url("leave", pk=own.pk))
    assert answer.status_code == 409
    assert "τελευταίο άτομο" in _text(answer)
    heir = factories.body_member(of=body)
    assert client.post(_url("leave", pk=own.pk)).status_code == 422
    answer = client.post(_url("leave", pk=own.pk), {"successor": heir.memberships.get().pk})
    assert answer.status_code == 302
    assert rules.may_administer_body(User.objects.get(pk=heir.pk), body)
    assert not rules.may_act_for(User.objects.get(pk=boss.pk), body)


def test_nobody_ends_the_last_administrator_unknowingly(body, boss) -> None:
    last = _long_ago(boss)
    above = signed_in(factories.region_administrator(body.region))
    answer = above.post(_url("end", pk=last.pk))
    assert answer.status_code == 422
    assert "ορίστε πρώτα κάποιον άλλο" in _text(answer)
    assert "αποφασίζω εγώ" in _text(answer)
    assert rules.may_administer_body(User.objects.get(pk=boss.pk), body)
    assert above.post(_url("end", pk=last.pk), {"sure": "on"}).status_code == 302
    assert not rules.may_administer_body(User.objects.get(pk=boss.pk), body)


def test_where_another_administers_a_role_simply_ends(body, boss) -> None:
    factories.body_administrator(of=body)
    own = _long_ago(boss)
    above = signed_in(factories.region_administrator(body.region))
    assert above.post(_url("end", pk=own.pk)).status_code == 302
    assert not rules.may_administer_body(User.objects.get(pk=boss.pk), body)


def test_a_region_keeps_its_last_administrator(body) -> None:
    only = factories.region_administrator(body.region).memberships.get()
    answer = signed_in(factories.administrator()).post(_url("end", pk=only.pk), {"sure": "on"})
    assert answer.status_code == 422
    assert "αποφασίζω εγώ" not in _text(answer)
    assert rules.is_region_administrator(User.objects.get(pk=only.user_id), body.region)


def test_a_successor_belongs_to_the_place(body, boss) -> None:
    factories.body_member(of=body)
    stranger = factories.body_member()
    answer = signed_in(boss).post(
        _url("leave", pk=boss.memberships.get().pk), {"successor": stranger.memberships.get().pk}
    )
    assert answer.status_code == 422


def test_a_dissolved_body_lets_nobody_do_anything(body, boss) -> None:
    member = factories.body_member(of=body)
    factories.invitation(body, by=boss)
    chief = factories.region_administrator()
    assert signed_in(boss).post(_url("dissolve", pk=body.pk), {"sure": "on"}).status_code == 404
    client = signed_in(member)
    client.get("/el/me/")
    signed_in(chief).post(_url("dissolve", pk=body.pk), {"sure": "on"})
    body.refresh_from_db()
    assert body.is_dissolved
    assert "Σύλλογος" not in _text(client.get("/el/me/"))
    assert signed_in(boss).get(_url("body-people", pk=body.pk)).status_code == 404
    assert not Invitation.objects.waiting().exists()
    assert not Membership.objects.in_force().filter(body=body).exists()


@pytest.mark.parametrize(
    "make",
    [
        factories.user,
        factories.editor,
        factories.municipal_editor,
        factories.body_member,
        factories.body_administrator,
        factories.municipal_administrator,
    ],
)
def test_the_people_of_others_do_not_exist(make, body, boss) -> None:
    client = signed_in(make())
    membership, invitation = boss.memberships.get(), factories.invitation(body, by=boss)
    code = factories.municipality("2402", name_el="Αλμυρός").code
    for address in (
        _url("body-people", pk=body.pk),
        _url("body-invite", pk=body.pk),
        _url("dissolve", pk=body.pk),
        _url("role", pk=membership.pk),
        _url("end", pk=membership.pk),
        _url("recovery-ask", pk=membership.pk),
        _url("municipality-people", code=code),
        _url("region-people"),
    ):
        assert client.get(address).status_code == 404, address
    for name in ("invitation-again", "invitation-withdraw"):
        assert client.post(_url(name, pk=invitation.pk)).status_code == 404
    assert client.post(_url("end", pk=membership.pk)).status_code == 404
    membership.refresh_from_db()
    assert membership.until is None


def test_who_decides_over_people_needs_a_second_step(body) -> None:
    person = factories.body_member(of=body)
    Membership.objects.update(role=Role.BODY_ADMINISTRATOR)
    answer = signed_in(person).get(_url("body-people", pk=body.pk))
    assert answer["Location"] == "/el/account/2fa/"


def test_lists_cost_the_same_at_any_length(body, boss, queries_stay) -> None:
    client = signed_in(boss)
    page = _url("body-people", pk=body.pk)

    def grow(number: int) -> None:
        for _ in range(number):
            factories.body_member(of=body)
            factories.invitation(body, by=boss)

    assert queries_stay(grow=grow, read=lambda: client.get(page)) <= 14


def test_the_other_lists_cost_the_same_too(queries_stay) -> None:
    chief = factories.region_administrator()
    client = signed_in(chief)
    requests = queries_stay(
        grow=lambda n: [factories.access_request() for _ in range(n)],
        read=lambda: client.get(_url("requests")),
    )
    places = queries_stay(
        grow=lambda n: [factories.body() for _ in range(n)], read=lambda: client.get(_url("places"))
    )
    mine = queries_stay(
        grow=lambda n: [factories.membership(chief, Role.BODY_MEMBER, factories.body()) for _ in range(n)],
        read=lambda: client.get("/el/me/"),
    )
    assert max(requests, places, mine) <= 14


def test_a_lost_second_step_takes_two_administrators(queue) -> None:
    home = factories.region()
    first, second = factories.region_administrator(home), factories.region_administrator(home)
    person = factories.editor(home)
    asked = signed_in(first).post(
        _url("recovery-ask", pk=person.memberships.get().pk), {"reason": "We met today."}
    )
    assert asked.status_code == 302
    work(queue)
    assert mail.outbox[-1].to == [person.email]
    row = Recovery.objects.get()
    signed_in(first).post(_url("recovery", pk=row.pk), {"sure": "on"})
    assert Authenticator.objects.filter(user=person).exists()  # not by the one who asked
    client = signed_in(second)
    assert str(person) in _text(client.get(_url("places")))
    client.post(_url("recovery", pk=row.pk), {"sure": "on"})
    assert not Authenticator.objects.filter(user=person).exists()
    work(queue)
    assert len(mail.outbox) == 2
    row.refresh_from_db()
    assert (row.asked_by, row.decided_by, row.is_confirmed) == (first, second, True)
    assert signed_in(person).get("/el/office/structures/")["Location"] == "/el/account/2fa/"


def test_a_recovery_can_be_refused(queue) -> None:
    first, second = factories.region_administrator(), factories.region_administrator()
    row = factories.recovery(factories.editor(), by=first)
    signed_in(second).post(_url("recovery", pk=row.pk), {"act": "refuse"})
    assert Authenticator.objects.filter(user=row.user).exists()
    with pytest.raises(recovering.RecoveringError):
        recovering.confirm(recovery=row, by=second, host="testserver")


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("region_administrator", "editor", True),
        ("region_administrator", "administrator", False),
        ("administrator", "region_administrator", True),
        ("administrator", "administrator", True),
        ("body_administrator", "editor", False),
        ("editor", "editor", False),
        ("region_administrator", "user", False),
        ("administrator", "user", True),
    ],
)
def test_who_may_recover_whom(who: str, whom: str, may: bool) -> None:
    assert recovering.may_recover(getattr(factories, who)(), getattr(factories, whom)()) is may


def test_nobody_recovers_a_person_who_works_elsewhere_too() -> None:
    person = factories.editor()
    factories.membership(person, Role.EDITOR, factories.region("EL65", name_el="Πελοπόννησος"))
    assert not recovering.may_recover(factories.region_administrator(), person)


def test_the_database_refuses_a_recovery_by_one_alone() -> None:
    row = factories.recovery()
    for by in (row.asked_by, row.user):
        with pytest.raises(IntegrityError, match="recovery_by_two_others"), transaction.atomic():
            Recovery.objects.update(decided_by=by, decided_at=timezone.now(), is_confirmed=True)


def test_delicate_acts_ask_once_more(body) -> None:
    chief = factories.region_administrator()
    person = factories.editor()
    client = Client()
    client.force_login(chief)
    for address in (
        _url("dissolve", pk=body.pk),
        _url("delete"),
        _url("recovery-ask", pk=person.memberships.get().pk),
        _url("recovery", pk=factories.recovery(person).pk),
    ):
        assert "/reauthenticate/" in client.get(address)["Location"], address


def test_a_person_takes_everything_along(boss, body, monkeypatch) -> None:
    monkeypatch.setattr(personal, "_parts", {})
    personal.register("entries", lambda user: ["one"])
    factories.access_request(user=boss)
    answer = signed_in(boss).get(_url("export"))
    assert answer["Content-Disposition"].startswith("attachment")
    found = json.loads(answer.content)
    assert found["account"]["email"] == boss.email
    assert [row["place"] for row in found["memberships"]] == ["Σύλλογος"]
    assert found["requests"][0]["text"]
    assert found["entries"] == ["one"]
    assert "password" not in answer.content.decode()
    assert factories.TOTP_SECRET not in answer.content.decode()


def test_deleting_the_account_leaves_no_name(body) -> None:
    person = factories.body_member(of=body, email="eleni@example.org", display_name="Ελένη")
    other = factories.invitation(body, by=person)
    client = signed_in(person)
    assert "Διαγράφηκε" in _text(client.post(_url("delete"), {"sure": "on"}))
    person.refresh_from_db()
    assert "eleni" not in person.email
    assert (person.display_name, person.is_active) == ("", False)
    assert str(person) == "κάποιος που αποχώρησε"
    assert not person.memberships.exists()
    other.refresh_from_db()
    assert other.withdrawn_at
    assert client.get("/el/me/").status_code == 302
    fresh = actions.add_person(email="eleni@example.org", display_name="Ελένη")  # may come again
    assert fresh.pk != person.pk


def test_deleting_is_refused_where_nobody_would_be_left(boss) -> None:
    answer = signed_in(boss).post(_url("delete"), {"sure": "on"})
    assert answer.status_code == 422
    assert "τελευταίος διαχειριστής" in _text(answer)
    boss.refresh_from_db()
    assert boss.is_active


def test_one_sees_ones_sessions_and_ends_the_others(db) -> None:
    factories.region()
    actions.add_person(email="maria@example.org", display_name="Μαρία", password=factories.PASSWORD)
    browsers = [Client(headers={"user-agent": f"Browser {number}"}) for number in (1, 2)]
    for browser in browsers:
        browser.post("/el/account/login/", {"login": "maria@example.org", "password": factories.PASSWORD})
    page = _text(browsers[0].get("/el/account/sessions/"))
    assert "Browser 1" in page
    assert "Browser 2" in page
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"0.0.0.0"}  # from where is not kept
    browsers[0].post("/el/account/sessions/")
    assert browsers[0].get("/el/me/").status_code == 200
    assert browsers[1].get("/el/me/").status_code == 302
    tasks.forget_ended_sessions(timestamp=0)
    assert UserSession.objects.count() == 1
    Session.objects.all().delete()
    tasks.forget_ended_sessions(timestamp=0)
    assert not UserSession.objects.exists()


def test_requests_and_roles_of_the_page_are_of_this_region(boss) -> None:
    away = factories.region("EL65", name_el="Πελοπόννησος")
    factories.access_request(away, user=boss)
    page = _text(signed_in(boss).get("/el/me/"))
    assert str(AccessRequest.objects.get().body) not in page


def test_administration_is_given_by_who_proved_it_a_moment_ago(body, boss) -> None:
    """As an invitation to administer is: an open browser gives nothing away."""
    member = factories.membership(factories.user(), Role.BODY_MEMBER, body)
    client = Client()
    client.force_login(boss)
    address = _url("role", pk=member.pk)
    assert "/reauthenticate/" in client.post(address, {"role": Role.BODY_ADMINISTRATOR})["Location"]
    member.refresh_from_db()
    assert member.role == Role.BODY_MEMBER
    assert signed_in(boss).post(address, {"role": Role.BODY_ADMINISTRATOR}).status_code == 302
    assert rules.administers_people(member.user)


def test_deleting_the_account_leaves_no_wish_no_message_and_no_word_about_the_person(body) -> None:
    person = factories.body_member(of=body)
    factories.message(person)
    factories.subscription(user=person)
    Preference.objects.create(user=person, kind="directory.reviewed", pace=Pace.NEVER)
    UserProfile.objects.create(user=person, avatar="avatar_images/face.png")
    factories.recovery(person)
    Recovery.objects.update(reason="Της μίλησα στο σπίτι της")
    actions.erase(user=person)
    for model in (Message, Subscription, Preference, UserProfile):
        assert not model.objects.filter(user=person).exists(), model
    assert Recovery.objects.get().reason == ""


def test_the_export_holds_what_others_rooms_keep(body) -> None:
    person = factories.body_member(of=body)
    factories.message(person, title="Νέα εγγραφή")
    factories.subscription(user=person)
    structure = factories.structure(name_el="Φαρμακείο")
    factories.clerk(structure)
    StructureGrant.objects.create(user=person, structure=structure)
    factories.letter(body, user=person, text="Ρώτησα", answer="Απαντήσαμε", answered_at=timezone.now())
    UserSession.objects.create(
        user=person, session_key="k", user_agent="Firefox", ip="0.0.0.0", last_seen_at=timezone.now()
    )
    found = json.dumps(personal.export(person), default=str, ensure_ascii=False)
    for words in ("Νέα εγγραφή", "Φαρμακείο", "Απαντήσαμε", "Firefox", '"follows"'):
        assert words in found, words
