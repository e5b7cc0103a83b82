"""Hostile requests at every public address, and what every answer carries."""

import gzip

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch
from django.utils import translation

from entaxis.accounts.rules import Role
from entaxis.config import access
from tests import factories
from tests.config.routes import Route, walk

# our own, and two of the library that signs people in
PUBLIC = [
    route
    for route in walk()
    if route.name in access.ROUTES
    and access.ROUTES[route.name][1] is Role.VISITOR
    and "GET" in access.ROUTES[route.name][0].split()
    and (route.view.startswith("entaxis.") or route.name in {"account_login", "account_reset_password"})
]
HOST = {"host": "thessaly.localhost"}


@pytest.fixture(autouse=True)
def _regions(db: None) -> None:
    factories.region("EL61")
    factories.region("EL65", name_el="Πελοπόννησος")


def _addresses() -> list[tuple[Route, str]]:
    found = []
    with translation.override("el"):
        for route in PUBLIC:
            try:
                found.append((route, route.address(factories.region("EL61"))))
            except NoReverseMatch:
                continue  # test_access.py says what is missing
    return found


def _client(**headers: str) -> Client:
    return Client(raise_request_exception=False, headers=HOST | headers)


NASTY_QUERIES = [
    "page=-1",
    "page=0",
    "page=abc",
    "page=99999999999999999999",
    "page=1&page=2",
    "q=%00",
    "q=" + "%CE%B1" * 400,
    "q=" + "a" * 5000,
    "q=%ff%fe",
    "q=%ed%a0%80",
    "q=%F0%9F%98%80",
    "%00=1",
    "=&=&&;",
    "next=https://evil.example/",
    "need=nothing&kind=nothing&municipality=nothing&service=nothing&language=xx",
    "municipality=-1&need='%20OR%201=1--&kind=../../etc/passwd",
    "format=exe&year=-5&area=%3Cscript%3E",
    "kind[]=1&kind=" + "&kind=".join(str(number) for number in range(150)),
]


@pytest.mark.parametrize("query", NASTY_QUERIES, ids=lambda query: query[:24])
def test_no_query_breaks_a_public_page(query: str) -> None:
    broken = [
        f"{route.name} {address}?{query}: {response.status_code}"
        for route, address in _addresses()
        for response in [_client().get(address, QUERY_STRING=query)]
        if response.status_code >= 500
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "x" * 5000},
        {"accept-language": "../../etc/passwd;q=nan,el;q=-1,zh-hant-x-" + "a" * 400},
        {"cookie": "django_language=" + "a" * 3000},
        {"cookie": 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000\\000"; csrftoken=\\000'},
        {"cookie": "sessionid=" + "é" * 40 + "; django_language=../../x"},
        {"cookie": "messages=forged:value; sessionid=1"},
        {"x-forwarded-host": "evil.example", "x-forwarded-for": "x,y,z", "x-forwarded-proto": "javascript"},
        {"x-http-method-override": "DELETE", "x-original-url": "/editing/", "x-rewrite-url": "/editing/"},
        {"content-type": "multipart/form-data"},
        {"range": "bytes=-1", "if-modified-since": "yesterday", "if-none-match": "*" * 3000},
        {"referer": "\0" * 20, "user-agent": "x" * 8000},
    ],
    ids=lambda headers: "-".join(headers)[:40],
)
def test_no_header_breaks_a_public_page(headers: dict[str, str]) -> None:
    broken = [
        f"{route.name} {address}: {response.status_code}"
        for route, address in _addresses()
        for response in [_client(**headers).get(address)]
        if response.status_code >= 500 or "evil.example" in str(response.headers)
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    "host", ["evil.example", "thessaly.localhost:80@evil.example", "a b", "[::1", "x" * 300]
)
def test_a_forged_host_is_refused(host: str) -> None:
    broken = []
    for route, address in _addresses():
        if not address.startswith("/health/"):
            response = Client(raise_request_exception=False, headers={"host": host}).get(address)
            if response.status_code != 400 or host in response.content.decode():
                broken.append(f"{route.name}: {response.status_code}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    "path", ["/el/%00/", "/el/" + "a" * 2000 + "/", "/el/account/login/\0", "/%00", "/api/v1/%00"]
)
def test_a_hostile_path_is_a_bad_request(path: str) -> None:
    assert _client().get(path).status_code == 400


@pytest.mark.parametrize(
    "path", ["/%ff%fe/", "/el/../../etc/passwd", "//evil.example/", "/el//evil.example/", "/zz/"]
)
def test_a_strange_path_is_not_found(path: str) -> None:
    response = _client().get(path)
    assert response.status_code in {301, 302, 404}
    assert "//evil.example" not in response.headers.get("Location", "").removeprefix("//thessaly.localhost")


@pytest.mark.parametrize("body", ["login=a%00b@example.org&password=x", "login=\0&password=\0"])
def test_a_form_with_nul_is_a_bad_request(body: str) -> None:
    response = _client().post("/el/account/login/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


def test_a_body_beyond_the_limit_is_refused() -> None:
    body = "login=" + "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    response = _client().post("/el/account/login/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {400, 413}


def test_every_public_answer_carries_the_protections() -> None:
    wrong = []
    for route, address in _addresses():
        headers = _client().get(address).headers
        policy = headers.get("Content-Security-Policy", "")
        strict = "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
        if not strict or "'self'" not in policy or "http:" in policy or "https:" in policy:
            wrong.append(f"{route.name}: Content-Security-Policy {policy}")
        wrong += [
            f"{route.name}: {name} is {headers.get(name)}"
            for name, value in {
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "Cross-Origin-Opener-Policy": "same-origin",
            }.items()
            if headers.get(name) != value
        ]
        if "camera=()" not in headers.get("Permissions-Policy", ""):
            wrong.append(f"{route.name}: Permissions-Policy {headers.get('Permissions-Policy')}")
        if headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
            wrong.append(f"{route.name}: Referrer-Policy {headers.get('Referrer-Policy')}")
    assert not wrong, "\n".join(wrong)


def test_a_signed_in_person_leaves_no_page_behind() -> None:
    client = _client()
    client.force_login(factories.user())
    kept = [
        f"{route.name}: {response.headers.get('Cache-Control')}"
        for route, address in _addresses()
        if route.name != "account_logout"
        for response in [client.get(address)]
        if "no-store" not in response.headers.get("Cache-Control", "")
    ]
    assert not kept, "\n".join(kept)


def test_an_accident_tells_nothing(monkeypatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("allauth.account.views.LoginView.get", broken)
    response = _client().get("/el/account/login/")
    page = response.content.decode()
    assert response.status_code == 500
    for word in ("secret of the inside", "RuntimeError", "Traceback", "/src/", "django"):
        assert word not in page


def test_a_form_of_another_site_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=HOST)
    response = client.post("/el/account/login/", {"login": "a@example.org", "password": "x"})
    assert response.status_code == 403
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/", "/api/nothing/"])
def test_a_program_is_answered_as_a_program(path: str) -> None:
    response = _client().get(path)
    assert (response.status_code, _words(response)) == (404, "Σε αυτή τη διεύθυνση δεν υπάρχει τίποτε.")
    refused = _client().delete("/api/v1/openapi.json")
    assert (refused.status_code, _words(refused)) == (405, "Η διεύθυνση απαντά σε άλλες μεθόδους.")
    assert refused.headers["Allow"] == "GET, HEAD"
    assert _client().get("/tiles/nothing").status_code == 404


def _words(response) -> str:
    return response.json()["detail"][0]["message"]


def test_a_visitors_page_goes_out_compressed() -> None:
    response = _client(**{"accept-encoding": "gzip"}).get("/el/emergency/")
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert "<html" in gzip.decompress(response.content).decode()


def test_a_signed_in_persons_page_does_not() -> None:
    """Its length would tell what it holds."""
    client = _client(**{"accept-encoding": "gzip"})
    client.force_login(factories.editor())
    assert "Content-Encoding" not in client.get("/el/emergency/").headers
