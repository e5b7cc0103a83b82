"""Error pages are branded, plain and tell nothing; policies are strict."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import translation

from entaxis.geography.models import Area
from entaxis.portal import errors


def test_a_missing_page_speaks_greek_in_the_region_s_colours(client: Client, thessaly: Area) -> None:
    client.get("/el/")
    answer = client.get("/el/nowhere-at-all/")
    assert answer.status_code == 404
    assert "Περιφέρεια Θεσσαλίας" in answer.content.decode()
    assert "nowhere-at-all" not in answer.content.decode().split("<main")[1]


def test_our_own_fault_asks_no_database(rf: RequestFactory, django_assert_num_queries, db: None) -> None:
    with django_assert_num_queries(0):
        answer = errors.server_error(rf.get("/el/", headers={"host": "thessaly.localhost"}))
    assert answer.status_code == 500
    assert "112" in answer.content.decode()


@pytest.mark.parametrize("view", [errors.bad_request, errors.forbidden, errors.csrf_failure])
def test_every_error_page_has_a_heading_and_a_way_on(view, rf: RequestFactory) -> None:
    with translation.override("el"):
        page = view(rf.get("/el/", headers={"host": "thessaly.localhost"})).content.decode()
    assert "<h1>" in page
    assert 'class="button" href="/el/"' in page


def test_a_forged_host_is_answered_with_400(client: Client, db: None) -> None:
    answer = client.get("/el/", headers={"host": "evil.example.org"})
    assert answer.status_code == 400
    assert "evil.example.org" not in answer.content.decode()
    assert len(connection.queries) == 0


def test_public_pages_have_a_strict_policy(client: Client, thessaly: Area) -> None:
    for url in ("/el/", "/el/emergency/", "/el/design/", "/el/search/", "/el/nowhere/"):
        policy = client.get(url)["Content-Security-Policy"]
        assert "unsafe-inline" not in policy, url
        assert "default-src 'none'" in policy, url


def test_editing_pages_have_a_policy_of_their_own(client: Client, thessaly: Area) -> None:
    answer = client.get("/editing/")
    assert answer.status_code == 302
    assert "object-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("url", ["/el/", "/el/observatory/organisation/", "/ar/emergency/", "/el/rights/"])
def test_nothing_inline_stands_in_a_page(client: Client, thessaly: Area, url: str) -> None:
    page = client.get(url).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "javascript:" not in page
    assert page.count("<script") == page.count('<script type="module" src=')


def test_nothing_is_loaded_from_elsewhere(client: Client, thessaly: Area) -> None:
    page = client.get("/el/").content.decode()
    import re

    loaded = re.findall(r'<(?:script|img|link|source|use)[^>]+(?:src|href)="([^"]+)"', page)
    elsewhere = [url for url in loaded if url.startswith("http") and "alternate" not in url]
    assert all("localhost" in url or "testserver" in url for url in elsewhere)


def test_what_stands_without_a_language_is_not_led_to_a_page(client: Client, thessaly: Area) -> None:
    assert client.get("/api/v1/nothing/").status_code == 404
    assert client.get("/tiles/nothing/").status_code == 404
    assert client.get("/observatory/")["Location"] == "/el/observatory/"
