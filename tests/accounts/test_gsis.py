"""The state's sign-in against a small GSIS: who is let in, who is not, and what is kept."""

import http.client
import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from entaxis.accounts import actions, personal
from entaxis.accounts.gsis import asking, identity
from entaxis.accounts.models import User
from tests import factories
from tests.accounts import gsis
from tests.accounts.gsis import ANOTHER_TAX_NUMBER, CLIENTS, TAX_NUMBER, Gsis, Handler
from tests.accounts.signing import signed_in

DOORS = ["citizen", "civil-servant"]


@pytest.fixture
def state(db: None, settings) -> Iterator[Gsis]:
    """A GSIS that knows our two clients."""
    cache.clear()
    factories.region()
    with gsis.serving() as server:
        settings.GSIS_URL, settings.GSIS_CLIENTS = server.url, CLIENTS
        yield server


@pytest.fixture
def person(db: None) -> User:
    return actions.add_person(email="maria@example.org", display_name="Μαρία", password=factories.PASSWORD)


def _tied(person: User, door: str = "citizen", number: str = TAX_NUMBER) -> SocialAccount:
    provider = f"gsis-{door}"
    uid = identity.pseudonyms(provider, number)[0]
    return SocialAccount.objects.create(user=person, provider=provider, uid=uid)


def _asked_for(location: str) -> str:
    """What the browser does at GSIS: it asks, and is sent back. Returns the way back."""
    parts = urlsplit(location)
    browser = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    browser.request("GET", f"{parts.path}?{parts.query}")
    back = browser.getresponse().headers["Location"]
    browser.close()
    return back


def _way_back(client: Client, door: str = "citizen", address: str = "", language: str = "el") -> str:
    """Sets out by the button and lets GSIS answer; returns the address GSIS sends the browser to."""
    response = client.post(address or f"/{language}/gsis/{door}/")
    assert response.status_code == 302, response.content.decode()
    return _asked_for(response.headers["Location"])


def _come_back(client: Client, back: str):
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def _go(client: Client, door: str = "citizen", **where: str):
    return _come_back(client, _way_back(client, door, **where))


def _user_of(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def _sentence(response) -> str:
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL).group()
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


# --- the way that goes well -----------------------------------------------------------------------
@pytest.mark.parametrize("door", DOORS)
def test_whoever_tied_an_account_comes_in(client: Client, state: Gsis, person: User, door: str) -> None:
    _tied(person, door)
    response = _go(client, door)
    assert response.status_code == 302
    assert _user_of(client) == str(person.pk)
    path = {"citizen": "oauth2server", "civil-servant": "oauth2servergov"}[door]
    assert state.asked == [f"{path}/oauth/authorize", f"{path}/oauth/token", f"{path}/userinfo"]


def test_the_way_there_is_as_gsis_wants_it(client: Client, state: Gsis) -> None:
    tricks = "scope=write&auth_params=redirect_uri%3Dhttps%3A//evil.example"
    location = client.post(f"/en/gsis/citizen/?{tricks}")
    parts = urlsplit(location.headers["Location"])
    query = {key: values for key, values in parse_qs(parts.query).items() if key != "state"}
    assert parts.path == "/oauth2server/oauth/authorize"
    assert query == {
        "client_id": ["client-of-citizens"],
        "redirect_uri": ["http://testserver/account/gsis/citizen/"],
        "response_type": ["code"],
        "scope": ["read"],
    }


def test_the_page_before_lets_the_form_go_to_gsis_and_nowhere_else(client: Client, state: Gsis) -> None:
    policy = client.get("/el/gsis/citizen/").headers["Content-Security-Policy"]
    assert f"form-action 'self' {state.url};" in policy + ";"
    assert state.url not in client.get("/el/account/login/").headers["Content-Security-Policy"]


def test_one_comes_back_to_where_one_was_going(client: Client, state: Gsis, person: User) -> None:
    _tied(person)
    assert _go(client, address="/el/gsis/citizen/?next=/el/me/").headers["Location"] == "/el/me/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "\0"])
def test_it_leads_nowhere_else(client: Client, state: Gsis, person: User, target: str) -> None:
    _tied(person)
    response = client.post("/el/gsis/citizen/", {"next": target})
    response = _come_back(client, _asked_for(response.headers["Location"]))
    assert response.headers["Location"] == "/"


def test_the_two_doors_name_one_person_differently(client: Client, state: Gsis, person: User) -> None:
    _tied(person, "civil-servant")
    assert _go(client, "citizen").status_code == 403
    assert _user_of(client) is None


# --- what is kept ---------------------------------------------------------------------------------
def _everything_stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
            "AND has_table_privilege(quote_ident(table_name), 'SELECT') "
            "AND table_name ~ '^(account|socialaccount|axes|usersessions|pghistory)'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert "socialaccount_socialaccount" in tables
        rows = []
        for table in tables:
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')
            rows += [text for (text,) in cursor.fetchall()]
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(rows + sessions)


@pytest.mark.parametrize("known", [True, False])
def test_neither_number_nor_names_nor_token_are_kept(
    client: Client, state: Gsis, person: User, known: bool
) -> None:
    if known:
        _tied(person)
    _go(client)
    stored = _everything_stored()
    for secret in (TAX_NUMBER, "ΔΟΚΙΜΑΣΤΙΚΗ", "ΕΥΤΥΧΙΑ", "1970", "user-of-a-test", *state.tokens):
        assert secret not in stored, secret
    assert SocialToken.objects.count() == 0
    assert [account.extra_data for account in SocialAccount.objects.all()] == [{}] * known


def test_the_pseudonym_hangs_on_the_key(settings) -> None:
    first = identity.pseudonyms("gsis-citizen", TAX_NUMBER)
    settings.SECRET_KEY = "another key that is also quite long, for a test of ours alone"
    assert identity.pseudonyms("gsis-citizen", TAX_NUMBER) != first


def test_after_a_new_key_one_still_comes_in_and_is_written_anew(
    client: Client, state: Gsis, person: User, settings
) -> None:
    account = _tied(person)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is also quite long, for a test of ours alone"
    _go(client)
    assert _user_of(client) == str(person.pk)
    old, account.uid = account.uid, SocialAccount.objects.get().uid
    assert account.uid == identity.pseudonyms("gsis-citizen", TAX_NUMBER)[0] != old


def test_export_and_deletion_know_of_it(state: Gsis, person: User) -> None:
    account = _tied(person)
    assert personal.export(person)["state_sign_in"][0]["pseudonym"] == account.uid
    actions.erase(user=person)
    assert not SocialAccount.objects.exists()


# --- who is not let in ----------------------------------------------------------------------------
def test_whom_nobody_knows_is_told_what_to_do(client: Client, state: Gsis) -> None:
    response = _go(client)
    assert response.status_code == 403
    assert "Δεν έχει συνδεθεί λογαριασμός με αυτούς τους κωδικούς" in _sentence(response)
    assert _user_of(client) is None
    assert (User.objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_another_tax_number_does_not_open_the_account(client: Client, state: Gsis, person: User) -> None:
    _tied(person)
    state.tax_number = ANOTHER_TAX_NUMBER
    assert _go(client).status_code == 403
    assert _user_of(client) is None


def test_whoever_is_signed_in_stays_themselves_when_others_codes_come(state: Gsis, person: User) -> None:
    client = signed_in(person)
    assert _go(client).status_code == 403
    assert _user_of(client) == str(person.pk)


def test_somebody_inactive_stays_out(client: Client, state: Gsis, person: User) -> None:
    _tied(person)
    User.objects.update(is_active=False)
    assert _go(client).headers["Location"].endswith("/account/inactive/")
    assert _user_of(client) is None


def test_a_second_step_is_asked_all_the_same(client: Client, state: Gsis, person: User) -> None:
    _tied(person, "civil-servant")
    actions.give_role(user=person, role="editor", region=factories.region())
    factories.authenticator(person)
    response = _go(client, "civil-servant")
    assert response.headers["Location"].startswith("/el/account/2fa/authenticate/")
    assert _user_of(client) is None


def test_staff_without_a_second_step_are_led_to_it(client: Client, state: Gsis, person: User) -> None:
    _tied(person, "civil-servant")
    actions.give_role(user=person, role="editor", region=factories.region())
    _go(client, "civil-servant")
    assert not Authenticator.objects.exists()
    door = client.get(reverse("directory:office-reports"))
    assert (door.status_code, door.headers["Location"]) == (302, "/el/account/2fa/")


def test_whoever_stops_at_gsis_is_told_so(client: Client, state: Gsis, person: User) -> None:
    _tied(person)
    state.instead["authorize"] = gsis.refuse
    response = _go(client)
    assert "Σταματήσατε" in _sentence(response)
    assert _user_of(client) is None


def test_the_sentence_comes_in_the_language_one_set_out_in(client: Client, state: Gsis) -> None:
    state.instead["authorize"] = gsis.refuse
    assert "You stopped at GSIS" in _sentence(_go(client, language="en"))


# --- replays and forged returns -------------------------------------------------------------------
def test_the_same_return_opens_once(client: Client, state: Gsis, person: User) -> None:
    _tied(person)
    back = _way_back(client)
    assert _come_back(client, back).status_code == 302
    client.post("/el/account/logout/")
    again = _come_back(client, back)
    assert again.status_code == 400
    assert _user_of(client) is None
    assert state.asked.count("oauth2server/oauth/token") == 1


def test_a_code_used_before_is_refused_by_gsis_and_said(client: Client, state: Gsis, person: User) -> None:
    _tied(person)
    used = parse_qs(urlsplit(_way_back(client)).query)["code"][0]
    state.codes.clear()
    fresh = re.sub(r"code=[^&]+", f"code={used}", _way_back(client))
    response = _come_back(client, fresh)
    assert response.status_code == 400
    assert "δεν δέχτηκε" in _sentence(response)
    assert _user_of(client) is None


def test_a_return_in_another_browser_opens_nothing(client: Client, state: Gsis, person: User) -> None:
    """Else one could be signed in as somebody else by a link that they send."""
    _tied(person)
    back = _way_back(client)
    stranger = Client()
    assert _come_back(stranger, back).status_code == 400
    assert _user_of(stranger) is None
    assert "oauth2server/oauth/token" not in state.asked


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=", "?code=x&state=forged"])
def test_a_forged_return_opens_nothing(client: Client, state: Gsis, query: str) -> None:
    client.post("/el/gsis/citizen/")
    response = client.get(f"/account/gsis/citizen/{query}")
    assert response.status_code == 400
    assert "δεν άρχισε εδώ" in _sentence(response)
    assert state.asked == []


def test_the_state_of_one_door_does_not_open_the_other(client: Client, state: Gsis, person: User) -> None:
    _tied(person, "civil-servant")
    back = _way_back(client, "citizen").replace("/citizen/", "/civil-servant/")
    assert _come_back(client, back).status_code == 400


def test_a_return_that_comes_late_opens_nothing(
    client: Client, state: Gsis, person: User, monkeypatch
) -> None:
    _tied(person)
    back = _way_back(client)
    now = time.time()
    monkeypatch.setattr("allauth.socialaccount.internal.statekit.time.time", lambda: now + 601)
    assert _come_back(client, back).status_code == 400
    assert _user_of(client) is None


# --- what GSIS may answer -------------------------------------------------------------------------
LAUGHS = (
    '<!DOCTYPE root [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    f'<root><userinfo taxid="{TAX_NUMBER}">&c;</userinfo></root>'
)
OUTSIDE = (
    '<!DOCTYPE root [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f'<root><userinfo taxid="{TAX_NUMBER}">&x;</userinfo></root>'
)
ONE = f'<userinfo taxid="{TAX_NUMBER}"/>'
NONSENSE = [
    "",
    "nonsense",
    '{"error":"server_error"}',
    "<html><body>Σφάλμα</body></html>",
    "<root><userinfo",
    "<root/>",
    "<root><userinfo/></root>",
    '<root><userinfo taxid=""/></root>',
    '<root><userinfo taxid="000000000"/></root>',
    '<root><userinfo taxid="12345678"/></root>',
    '<root><userinfo taxid="12345678Α"/></root>',
    '<root><userinfo taxid="١٢٣٤٥٦٧٨٣"/></root>',
    f"<root>{ONE}{ONE}</root>",
    f"<!DOCTYPE root><root>{ONE}</root>",
    LAUGHS,
    OUTSIDE,
    f'<?xml version="1.0" encoding="no-such-one"?><root>{ONE}</root>',
    f'<?xml version="1.0" encoding="utf-7"?><root>{ONE}</root>',
    "<a>" * 20_000,
    f"<root>{' ' * 70_000}{ONE}</root>",
    b"\xff\xfe\x00\x01" * 50,
]


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_about_a_person_lets_nobody_in(client: Client, state: Gsis, person: User, body) -> None:
    _tied(person)
    _tied(person, number="000000000")
    state.instead["userinfo"] = lambda asked: asked.answer(body)
    response = _go(client)
    assert response.status_code == 502
    assert "δεν καταλαβαίνουμε" in _sentence(response)
    assert _user_of(client) is None


TOKENS = [
    "",
    "nonsense",
    "[]",
    '"token"',
    "{}",
    '{"access_token": null}',
    '{"access_token": ""}',
    '{"access_token": {"a": 1}}',
    '{"access_token": "a\\r\\nHost: evil.example"}',
    '{"access_token": "κωδικός"}',
    "[" * 50_000,
    '{"access_token": "' + "x" * 70_000 + '"}',
]


@pytest.mark.parametrize("body", TOKENS, ids=range(len(TOKENS)))
def test_nonsense_for_a_token_lets_nobody_in(client: Client, state: Gsis, body: str) -> None:
    state.instead["token"] = lambda asked: asked.answer(body, "application/json")
    response = _go(client)
    assert response.status_code == 502
    assert "δεν καταλαβαίνουμε" in _sentence(response)
    assert "oauth2server/userinfo" not in state.asked


def _elsewhere(asked: Handler) -> None:
    asked.send_response(302)
    asked.send_header("Location", f"{asked.server.url}/oauth2server/elsewhere")
    asked.send_header("Content-Length", "0")
    asked.end_headers()


@pytest.mark.parametrize("part", ["token", "userinfo"])
def test_our_secret_follows_no_redirect(client: Client, state: Gsis, part: str) -> None:
    state.instead[part] = _elsewhere
    assert _go(client).status_code == 502
    assert "oauth2server/elsewhere" not in state.asked


@pytest.mark.parametrize("part", ["token", "userinfo"])
@pytest.mark.parametrize(("status", "shown"), [(500, 502), (503, 502), (401, 400)])
def test_a_fault_of_theirs_is_said(client: Client, state: Gsis, part: str, status: int, shown: int) -> None:
    state.instead[part] = lambda asked: asked.answer("{}", "application/json", status)
    response = _go(client)
    assert response.status_code == shown
    assert _user_of(client) is None


def _silent(asked: Handler) -> None:
    time.sleep(0.6)
    asked.close_connection = True


def _dripping(asked: Handler) -> None:
    """Never silent for long, never done."""
    asked.send_response(200)
    asked.send_header("Content-Length", "60000")
    asked.end_headers()
    for _ in range(20):
        try:
            asked.wfile.write(b" ")
        except OSError:
            return
        time.sleep(0.05)


@pytest.mark.parametrize("part", ["token", "userinfo"])
@pytest.mark.parametrize("slow", [_silent, _dripping])
def test_a_slow_answer_ends_in_a_sentence(
    client: Client, state: Gsis, monkeypatch, part: str, slow
) -> None:
    monkeypatch.setattr(asking, "SECONDS_OF_SILENCE", 0.3)
    monkeypatch.setattr(asking, "SECONDS_IN_ALL", 0.4)
    state.instead[part] = slow
    response = _go(client)
    assert response.status_code == 502
    assert "δεν απαντά" in _sentence(response)
    assert _user_of(client) is None


def test_no_server_at_all_ends_in_a_sentence(client: Client, state: Gsis, settings) -> None:
    back = _way_back(client)
    settings.GSIS_URL = "http://127.0.0.1:9"  # nobody listens
    response = _come_back(client, back)
    assert response.status_code == 502
    assert "δεν απαντά" in _sentence(response)


# --- tying ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("door", DOORS)
def test_tying_needs_signing_in_first(client: Client, state: Gsis, door: str) -> None:
    for address in ("/el/me/gsis/", f"/el/me/gsis/{door}/"):
        assert client.get(address).headers["Location"].startswith("/el/account/login/")
    assert client.post(f"/el/me/gsis/{door}/").headers["Location"].startswith("/el/account/login/")


@pytest.mark.parametrize("door", DOORS)
def test_one_ties_and_comes_in_with_it(client: Client, state: Gsis, person: User, door: str) -> None:
    response = _go(signed_in(person), address=f"/el/me/gsis/{door}/")
    assert response.headers["Location"] == "/el/me/gsis/"
    assert "συνδέθηκε" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == ["maria@example.org"]
    _go(client, door)
    assert _user_of(client) == str(person.pk)


def test_a_session_left_open_ties_nothing(state: Gsis, person: User) -> None:
    client = Client()
    client.force_login(person)  # signed in long ago: no record of how
    response = client.post("/el/me/gsis/citizen/")
    assert response.headers["Location"].startswith("/el/account/reauthenticate/")


def test_a_return_to_tie_after_signing_out_ties_nothing(state: Gsis, person: User) -> None:
    client = signed_in(person)
    back = _way_back(client, address="/el/me/gsis/citizen/")
    client.post("/el/account/logout/")
    _come_back(client, back)
    assert not SocialAccount.objects.exists()


def test_codes_of_somebody_else_are_not_taken_over(state: Gsis, person: User) -> None:
    _tied(factories.user())
    response = _go(signed_in(person), address="/el/me/gsis/citizen/")
    assert response.status_code == 302
    assert not SocialAccount.objects.filter(user=person).exists()


def test_a_second_number_is_not_tied_beside_the_first(state: Gsis, person: User) -> None:
    _tied(person)
    state.tax_number = ANOTHER_TAX_NUMBER
    response = _go(signed_in(person), address="/el/me/gsis/citizen/")
    assert response.status_code == 409
    assert SocialAccount.objects.count() == 1


def test_a_tie_is_taken_off(client: Client, state: Gsis, person: User) -> None:
    account = _tied(person)
    mine = signed_in(person)
    assert "Από" in mine.get("/el/me/gsis/").content.decode()
    assert mine.post("/el/me/gsis/", {"account": account.pk}).status_code == 302
    assert "αφαιρέθηκε" in mail.outbox[-1].subject
    assert _go(client).status_code == 403


def test_the_tie_of_somebody_else_is_not_there(state: Gsis, person: User) -> None:
    account = _tied(factories.user())
    assert signed_in(person).post("/el/me/gsis/", {"account": account.pk}).status_code == 404
    assert SocialAccount.objects.exists()


# --- doors that are not there ---------------------------------------------------------------------
def test_without_a_client_there_is_no_door(client: Client, db: None, person: User) -> None:
    factories.region()
    for address in ("/el/gsis/citizen/", "/el/gsis/citizen/left/", "/account/gsis/citizen/", "/el/gsis/x/"):
        assert client.get(address).status_code == 404, address
    assert "gsis" not in client.get("/el/account/login/").content.decode()
    client.force_login(person)
    assert "gsis" not in client.get("/el/me/").content.decode()


def test_only_the_door_with_a_client_is_shown(client: Client, state: Gsis, settings) -> None:
    settings.GSIS_CLIENTS = {"gsis-citizen": CLIENTS["gsis-citizen"]}
    page = client.get("/el/account/login/?next=/el/me/").content.decode()
    assert 'href="/el/gsis/citizen/?next=/el/me/"' in page
    assert "civil-servant" not in page
    assert client.get("/el/gsis/civil-servant/").status_code == 404


def test_too_many_ways_there_are_stopped(client: Client, state: Gsis, monkeypatch) -> None:
    monkeypatch.setattr("entaxis.accounts.gsis.views.MOST_AN_HOUR", 2)
    there = [client.post("/el/gsis/citizen/").status_code for _ in range(3)]
    back = [client.get("/account/gsis/citizen/?code=x&state=y").status_code for _ in range(3)]
    assert (there, back) == ([302, 302, 429], [400, 400, 429])


def test_the_button_needs_its_own_form(state: Gsis) -> None:
    """A page elsewhere cannot send a visitor into somebody else's sign-in."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/el/gsis/citizen/").status_code == 403


# --- signing out ----------------------------------------------------------------------------------
def test_signing_out_says_that_gsis_still_knows_the_browser(
    client: Client, state: Gsis, person: User
) -> None:
    _tied(person)
    _go(client)
    response = client.post("/el/account/logout/")
    assert response.headers["Location"] == reverse("accounts:gsis-left", args=["citizen"])
    page = client.get(response.headers["Location"]).content.decode()
    there = f"{state.url}/oauth2server/logout/client-of-citizens/?url=http%3A%2F%2Ftestserver%2F"
    assert f'href="{there}"' in page


def test_signing_out_with_a_password_leads_home(state: Gsis, person: User) -> None:
    assert signed_in(person).post("/el/account/logout/").headers["Location"] == "/"
