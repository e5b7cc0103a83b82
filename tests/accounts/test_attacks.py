"""The doors attacked: what a stranger may learn, where a link leads, how a second step is taken away."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts import actions, dissolving, inviting, links, recovering
from entaxis.accounts.models import AccessRequest, Body, Membership, Recovery, User
from tests import factories
from tests.accounts.signing import signed_in, work

pytestmark = pytest.mark.django_db
Role = Membership.Role
LOGIN = "/el/account/login/"


@pytest.fixture(autouse=True)
def _region(db: None) -> None:
    cache.clear()
    factories.region()


def _person(**fields) -> User:
    return actions.add_person(display_name="Μαρία", password=factories.PASSWORD, **fields)


# --- what the answer tells ------------------------------------------------------------------------
def _text(response) -> str:
    page = response.content.decode()
    return re.sub(r'(value|nonce|href)="[^"]*"|\S+@example\.org', "", page)


def _asking(address: str, field: str) -> Callable[[str], tuple]:
    def ask(email: str) -> tuple:
        cache.clear()
        response = Client().post(address, {field: email, "password": "wrong"})
        after = Client().get(response.headers["Location"]) if "Location" in response.headers else response
        return response.status_code, response.headers.get("Location"), _text(response), _text(after)

    return ask


DOORS = {
    "sign-in": _asking(LOGIN, "login"),
    "forgotten password": _asking("/el/account/password/reset/", "email"),
    "joining": _asking("/el/join/", "email"),
}


@pytest.mark.parametrize("door", DOORS)
def test_an_answer_is_the_same_for_everybody(door: str, queue) -> None:
    _person(email="known@example.org")
    _person(email="inactive@example.org")
    User.objects.filter(email="inactive@example.org").update(is_active=False)
    tied = _person(email="without@example.org")
    tied.set_unusable_password()
    tied.save()
    unknown = DOORS[door]("nobody@example.org")
    for who in ("known", "inactive", "without"):
        assert DOORS[door](f"{who}@example.org") == unknown, who


def test_the_lock_closes_for_an_unknown_address_too() -> None:
    _person(email="known@example.org")
    for who in ("known", "nobody"):
        statuses = []
        for _ in range(8):
            cache.clear()
            statuses.append(
                Client().post(LOGIN, {"login": f"{who}@example.org", "password": "x"}).status_code
            )
        assert statuses == [200] * 7 + [429], who


def test_adding_an_address_does_not_tell_whose_it_is(queue) -> None:
    _person(email="known@example.org")
    client = signed_in(_person(email="me@example.org"))
    answers = []
    for who in ("known", "nobody"):
        cache.clear()
        response = client.post("/el/account/email/", {"action_add": "", "email": f"{who}@example.org"})
        answers.append((response.status_code, response.headers.get("Location")))
    assert answers[0] == answers[1]


# --- what the time tells --------------------------------------------------------------------------
ROUNDS = 6
MOST_APART = 1.5  # times; a password that is not hashed is six times as fast


def _time(ask: Callable[[], object], rounds: list[float]) -> None:
    begun = time.process_time()
    ask()
    rounds.append(time.process_time() - begun)


@pytest.mark.parametrize("door", DOORS)
def test_the_time_taken_is_the_same_for_everybody(door: str, queue, settings) -> None:
    """In the processor's own time and by turns: what else the machine does slows nobody apart."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    _person(email="known@example.org")
    without = _person(email="without@example.org")
    without.set_unusable_password()
    without.save()
    taken: dict[str, list[float]] = {"known": [], "without": [], "nobody": []}
    for _ in range(ROUNDS):
        for who, rounds in taken.items():
            AccessAttempt.objects.all().delete()
            _time(lambda who=who: DOORS[door](f"{who}@example.org"), rounds)
    quickest = {who: min(rounds) for who, rounds in taken.items()}
    assert max(quickest.values()) / min(quickest.values()) < MOST_APART, quickest


# --- where a link leads ---------------------------------------------------------------------------
TARGETS = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "http:///evil.example",
    "https:evil.example",
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "door", [LOGIN, "/el/account/logout/", "/el/account/reauthenticate/", "/editing/login/"]
)
def test_no_door_leads_elsewhere(door: str, target: str) -> None:
    person = _person(email="known@example.org")
    client = Client() if door in {LOGIN, "/editing/login/"} else signed_in(person)
    values = {"login": person.email, "password": factories.PASSWORD, "next": target}
    for response in (client.get(door, {"next": target}), client.post(door, values)):
        assert "evil.example" not in response.headers.get("Location", "").split("?")[0]
        assert 'href="https://evil' not in response.content.decode()


@pytest.mark.parametrize("path", ["//evil.example/el/me/", "/el/me/?x=//evil.example", "/el//evil.example"])
def test_the_way_to_sign_in_stays_here(path: str) -> None:
    location = Client().get(path).headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "evil.example"},
        {"x-host": "evil.example", "x-forwarded-server": "evil.example"},
        {"forwarded": "host=evil.example"},
        {"x-forwarded-host": "evil.example", "x-forwarded-port": "4444"},
    ],
    ids="+".join,
)
@pytest.mark.parametrize("door", ["/el/account/password/reset/", "/el/join/"])
def test_a_mail_leads_to_our_own_host(door: str, headers: dict[str, str], queue) -> None:
    _person(email="known@example.org")
    Client(headers={"host": "thessaly.localhost"} | headers).post(door, {"email": "known@example.org"})
    work(queue)
    found = re.findall(r"https?://[^/\s]+", mail.outbox[-1].body)
    assert set(found) == {"http://thessaly.localhost"}


@pytest.mark.parametrize("door", ["/el/account/password/reset/", "/el/join/"])
@pytest.mark.parametrize(
    "host", ["evil.example", "thessaly.localhost.evil.example", "thessaly.localhost@evil.example"]
)
def test_a_forged_host_sends_no_mail(door: str, host: str, queue) -> None:
    _person(email="known@example.org")
    assert Client(headers={"host": host}).post(door, {"email": "known@example.org"}).status_code == 400
    work(queue)
    assert mail.outbox == []


# --- an account opened by a link ------------------------------------------------------------------
def _open(email: str) -> tuple[int, str]:
    token = links.of_joining(links.Joining(email, "el"))
    values = {
        "display_name": "Άλλη",
        "password": "seven small open doors",
        "again": "seven small open doors",
    }
    response = Client().post(reverse("accounts:join-with", args=[token]), values)
    return response.status_code, response.content.decode()


def test_an_address_that_somebody_proved_as_their_second_opens_no_account() -> None:
    person = _person(email="first@example.org")
    EmailAddress.objects.create(user=person, email="second@example.org", verified=True)
    status, page = _open("second@example.org")
    assert status == 410
    assert "υπάρχει ήδη" in page
    assert User.objects.count() == 1


def test_joining_with_it_is_answered_as_with_a_first_one(queue) -> None:
    person = _person(email="first@example.org")
    EmailAddress.objects.create(user=person, email="second@example.org", verified=True)
    Client().post("/el/join/", {"email": "second@example.org"})
    work(queue)
    assert "Υπάρχει ήδη" in mail.outbox[-1].body


def test_two_browsers_with_one_link_open_one_account(monkeypatch) -> None:
    """Both looked before either wrote."""
    _person(email="new@example.org")
    monkeypatch.setattr(inviting, "is_taken", lambda _email: False)
    status, page = _open("new@example.org")
    assert status == 410
    assert "υπάρχει ήδη" in page


# --- a lost second step ---------------------------------------------------------------------------
def _asked(by: User, **fields) -> Recovery:
    row = factories.recovery(factories.editor(), by=by)
    Recovery.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def _confirm(row: Recovery, by: User) -> int:
    return signed_in(by).post(reverse("accounts:recovery", args=[row.pk]), {"sure": "on"}).status_code


def test_the_same_administrator_twice_is_one() -> None:
    first = factories.region_administrator()
    row = _asked(first)
    for _ in range(2):
        _confirm(row, first)
    assert Authenticator.objects.filter(user=row.user).exists()


def test_the_word_of_an_administrator_who_has_left_no_longer_counts(queue) -> None:
    first, second = factories.region_administrator(), factories.region_administrator()
    row = _asked(first)
    actions.end_role(membership=first.memberships.get())
    _confirm(row, second)
    assert Authenticator.objects.filter(user=row.user).exists()
    with pytest.raises(recovering.RecoveringError, match="δεν μπορεί πια"):
        recovering.confirm(recovery=row, by=second, host="testserver")


def test_the_word_of_an_administrator_made_inactive_no_longer_counts(queue) -> None:
    first, second = factories.region_administrator(), factories.region_administrator()
    row = _asked(first)
    User.objects.filter(pk=first.pk).update(is_active=False)
    _confirm(row, second)
    assert Authenticator.objects.filter(user=row.user).exists()


def test_the_administrators_of_a_dissolved_body_recover_nobody(queue) -> None:
    body = factories.body()
    first, second = factories.body_administrator(of=body), factories.body_administrator(of=body)
    person = factories.member(Role.BODY_MEMBER, body, second_factor=True)
    row = factories.recovery(person, by=first)
    dissolving.dissolve(body=body, by=factories.region_administrator(), host="testserver")
    assert _confirm(row, second) == 404
    assert Authenticator.objects.filter(user=person).exists()


def test_what_was_asked_long_ago_is_asked_anew(queue) -> None:
    first, second = factories.region_administrator(), factories.region_administrator()
    row = _asked(first, asked_at=timezone.now() - recovering.HOLDS - timedelta(minutes=1))
    assert row not in recovering.waiting_for(second)
    _confirm(row, second)
    assert Authenticator.objects.filter(user=row.user).exists()
    again = recovering.ask(person=row.user, reason="Μιλήσαμε σήμερα", by=second, host="testserver")
    row.refresh_from_db()
    assert (row.decided_by, row.is_confirmed) == (second, False)
    recovering.confirm(recovery=again, by=first, host="testserver")
    assert not Authenticator.objects.filter(user=row.user).exists()


def test_nobody_loses_the_second_step_to_a_colleague_of_one_place_only(queue) -> None:
    """A person of two bodies is recovered by those who administer both."""
    one, two = factories.body(), factories.body()
    person = factories.member(Role.BODY_MEMBER, one, second_factor=True)
    factories.membership(person, Role.BODY_MEMBER, two)
    for first in (factories.body_administrator(of=one), factories.body_administrator(of=two)):
        with pytest.raises(recovering.RecoveringError):
            recovering.ask(person=person, reason="x", by=first, host="testserver")


# --- a body that is dissolved while its people work -----------------------------------------------
def test_the_next_click_after_a_dissolution_does_nothing(queue) -> None:
    body = factories.body()
    boss = factories.body_administrator(of=body)
    client = signed_in(boss)
    people = reverse("accounts:body-people", args=[body.pk])
    assert client.get(people).status_code == 200
    dissolving.dissolve(body=body, by=factories.region_administrator(), host="testserver")
    values = {"email": "new@example.org", "role": Role.BODY_MEMBER, "language": "el"}
    invite = reverse("accounts:body-invite", args=[body.pk])
    assert {client.get(people).status_code, client.post(invite, values).status_code} == {404}
    assert client.get(reverse("accounts:places")).status_code == 404
    work(queue)
    assert mail.outbox == []


def test_whoever_waits_for_a_body_hears_that_it_is_no_more(queue) -> None:
    body = factories.body()
    row = factories.access_request(body=body)
    dissolving.dissolve(body=body, by=factories.region_administrator(), host="testserver")
    row.refresh_from_db()
    assert row.state == AccessRequest.State.REFUSED
    work(queue)
    assert mail.outbox[-1].to == [row.user.email]
    assert "έχει λυθεί" in mail.outbox[-1].body


def test_a_dissolved_body_is_not_dissolved_again_nor_joined(queue) -> None:
    body = factories.body()
    chief = factories.region_administrator()
    dissolving.dissolve(body=body, by=chief, host="testserver")
    day = Body.objects.get(pk=body.pk).dissolved_on
    assert (
        signed_in(chief).post(reverse("accounts:dissolve", args=[body.pk]), {"sure": "on"}).status_code
        == 404
    )
    assert Body.objects.get(pk=body.pk).dissolved_on == day
