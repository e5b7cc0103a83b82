"""Signing in as people do it: password, second step, lock-out, forgotten password."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from entaxis.accounts import actions, locks
from entaxis.accounts.models import User
from tests import factories

PASSWORD = "correct horse battery"
LOGIN = "/el/account/login/"
CODE = "/el/account/2fa/authenticate/"


@pytest.fixture(autouse=True)
def _region(db: None) -> None:
    cache.clear()  # allauth's own counters
    factories.region()


@pytest.fixture
def person() -> User:
    return actions.add_person(email="maria@example.org", display_name="Μαρία", password=PASSWORD)


@pytest.fixture
def editor(person: User) -> User:
    actions.give_role(user=person, role="editor", region=factories.region())
    factories.authenticator(person)
    return person


def _code(shift: int = 0) -> str:
    counter = int(time.time()) // 30 + shift
    return totp.format_hotp_value(totp.hotp_value(factories.TOTP_SECRET, counter))


def _signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _login(client: Client, password: str = PASSWORD, email: str = "maria@example.org", **extra):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def test_a_person_without_a_second_step_signs_in(client: Client, person: User) -> None:
    assert _login(client, email="Maria@Example.org").status_code == 302
    assert _signed_in(client)


def test_the_second_step_comes_between(client: Client, editor: User) -> None:
    response = _login(client)
    assert (response.status_code, response.headers["Location"]) == (302, CODE)
    assert not _signed_in(client)
    assert client.post(CODE, {"code": _code()}).status_code == 302
    assert _signed_in(client)


def test_a_wrong_code_opens_nothing(client: Client, editor: User) -> None:
    _login(client)
    page = client.post(CODE, {"code": "000000" if _code() != "000000" else "111111"})
    assert page.status_code == 200
    assert not _signed_in(client)


def test_the_secret_lies_encrypted(editor: User) -> None:
    stored = Authenticator.objects.get(user=editor).data["secret"]
    assert factories.TOTP_SECRET not in stored


def test_a_password_door_closes_for_this_address_only(client: Client, person: User) -> None:
    cache.clear()
    for _ in range(8):
        cache.clear()  # what allauth counts besides is not the matter here
        answer = _login(client, "wrong")
    assert answer.status_code == 429
    assert "Πάρα πολλές προσπάθειες" in answer.content.decode()
    cache.clear()
    assert _login(client).status_code == 429
    cache.clear()
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert _login(elsewhere).status_code == 302


def test_a_second_step_closes_for_the_person_wherever_they_are(client: Client, editor: User) -> None:
    for number in range(8):
        cache.clear()
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        _login(browser)
        browser.post(CODE, {"code": "abcdef"})
    cache.clear()
    _login(client)
    client.post(CODE, {"code": _code()})
    assert not _signed_in(client)


def test_a_right_code_begins_the_count_again(client: Client, editor: User) -> None:
    for _ in range(3):
        cache.clear()
        _login(client)
        client.post(CODE, {"code": "abcdef"})
    cache.clear()
    client.post(CODE, {"code": _code()})
    assert _signed_in(client)
    assert not locks.AccessAttempt.objects.filter(username__startswith=locks.SECOND_STEP).exists()


def test_a_known_and_an_unknown_address_get_the_same_answer(client: Client, person: User) -> None:
    def answer(email: str) -> str:
        cache.clear()
        page = Client().post(LOGIN, {"login": email, "password": "wrong"})
        return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page.content.decode())

    assert answer("maria@example.org") == answer("nobody@example.org")


def test_a_forgotten_password_is_chosen_anew_by_mail(client: Client, person: User) -> None:
    reset = reverse("account_reset_password")
    assert client.post(reset, {"email": "maria@example.org"}).status_code == 302
    link = re.search(r"http\S+/password/reset/key/\S+", mail.outbox[-1].body).group()
    form = client.get(link, follow=True)
    chosen = "a quite different sentence"
    target = form.redirect_chain[-1][0]
    assert client.post(target, {"password1": chosen, "password2": chosen}).status_code == 302
    assert not _signed_in(client)
    assert _login(client, chosen).status_code == 302


def test_an_unknown_address_gets_a_mail_of_its_own_and_the_same_page(client: Client, person: User) -> None:
    reset = reverse("account_reset_password")
    known = client.post(reset, {"email": "maria@example.org"})
    unknown = client.post(reset, {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [message.to for message in mail.outbox] == [["maria@example.org"], ["nobody@example.org"]]
    assert "Δεν υπάρχει λογαριασμός" in mail.outbox[-1].body


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\0"]
)
def test_signing_in_leads_nowhere_else(client: Client, person: User, target: str) -> None:
    response = _login(client, next=target)
    assert "evil" not in response.headers["Location"]
    assert response.headers["Location"].startswith("/")


def test_an_inactive_person_stays_out(client: Client, person: User) -> None:
    User.objects.update(is_active=False)
    _login(client)
    assert not _signed_in(client)


def test_nobody_signs_themselves_up(client: Client) -> None:
    page = client.get("/el/account/signup/")
    assert "πρόσκληση" in page.content.decode()
    assert client.post("/el/account/signup/", {"email": "new@example.org"}).status_code == 405


def test_an_address_of_an_added_person_counts_as_verified(person: User) -> None:
    assert EmailAddress.objects.get(user=person).verified


def test_a_passkey_asks_for_the_host_it_belongs_to(client: Client) -> None:
    headers = {"host": "thessaly.localhost", "x-requested-with": "XMLHttpRequest"}
    options = client.get("/el/account/2fa/webauthn/login/", headers=headers).json()
    assert options["request_options"]["publicKey"]["rpId"] == "thessaly.localhost"


PAGES = [
    "account_login",
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_signup",
    "account_inactive",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("with_second_step", [True, False])
def test_the_greek_pages_speak_greek(
    client: Client, person: User, name: str, with_second_step: bool
) -> None:
    if with_second_step:
        factories.authenticator(person)
    if name not in {"account_login", "account_signup"}:  # they send a signed-in person home
        client.force_login(person)
    page = client.get(reverse(name), follow=True).content.decode()
    main = re.search(r"<main.*?</main>", page, re.DOTALL).group()
    words = re.sub(r"<script.*?</script>|<[^>]+>|\S+@\S+|[A-Z2-7]{32}", " ", main, flags=re.DOTALL)
    assert not re.findall(r"[A-Za-z]{3,}(?:\s+[A-Za-z]{2,})+", words)


def test_the_staff_begin_where_they_work_and_find_their_doors(client: Client, editor: User) -> None:
    _login(client)
    response = client.post(CODE, {"code": _code()})
    assert response.headers["Location"] == "/el/office/"
    page = client.get(response.headers["Location"]).content.decode()
    for door in ("/editing/", "/el/office/structures/", "/el/me/", "/el/account/logout/"):
        assert f'href="{door}"' in page
    assert "/el/office/" not in Client().get(LOGIN).content.decode()
