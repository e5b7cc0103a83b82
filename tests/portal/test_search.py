"""Search over pages: accents, endings and Greeklish are forgiven."""

import pytest
from django.test import Client

from entaxis.geography.models import Area
from entaxis.portal.models import ContentPage, PageText
from entaxis.portal.signals import words_of
from tests import factories


@pytest.mark.parametrize(
    "words",
    ["θεσμικές διαβουλεύσεις", "ΘΕΣΜΙΚΗ ΔΙΑΒΟΥΛΕΥΣΗ", "θεσμικης διαβουλευσης", "thesmikes diavoulefseis"],
)
def test_greek_is_forgiven(client: Client, thessaly: Area, words: str) -> None:
    page = client.get("/el/search/", {"q": words}).content.decode()
    assert "/el/consultation/institutional/" in page


def test_a_search_stays_in_its_language_and_region(
    client: Client, thessaly: Area, peloponnese: Area
) -> None:
    page = client.get(
        "/en/search/", {"q": "privacy"}, headers={"host": "thessaly.localhost"}
    ).content.decode()
    assert "/en/about/privacy/" in page
    assert "peloponnese" not in page
    assert "/el/about/privacy/" not in page.split("<main")[1].split("</main>")[0]


def test_what_was_taken_down_is_not_found(thessaly: Area) -> None:
    page = ContentPage.objects.get(slug="purpose", locale__language_code="el")
    assert PageText.objects.filter(page=page).exists()
    page.unpublish()
    assert not PageText.objects.filter(page=page).exists()


def test_the_words_of_blocks_are_read(thessaly: Area) -> None:
    page = ContentPage.objects.get(slug="organisation", locale__language_code="el")
    assert "Συντονιστική Δομή" in words_of(page)
    assert "<" not in words_of(page)


@pytest.mark.parametrize("words", ["x" * 2500, "' OR 1=1 --", "&|!:*", "<script>", " "])
def test_strange_words_are_answered(client: Client, thessaly: Area, words: str) -> None:
    answer = client.get("/el/search/", {"q": words})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("number", ["-1", "0", "999", "x", "1e9"])
def test_a_page_that_is_not_there_is_the_nearest(client: Client, thessaly: Area, number: str) -> None:
    assert client.get("/el/search/", {"q": "και", "page": number}).status_code == 200


def test_practices_networks_and_requests_are_found_too(client: Client, thessaly: Area) -> None:
    body = factories.body(thessaly)
    factories.practice(body, title_el="Κοινή κουζίνα τριών δομών")
    factories.network(body, title_el="Δίκτυο για την κοινή κουζίνα")
    factories.volunteer_request(body, title_el="Βοήθεια στην κουζίνα")
    factories.practice(body, title_el="Πρόχειρη κουζίνα", state="draft", published_at=None)
    factories.action(thessaly, body=body, title_el="Κουζίνα του δήμου")
    page = client.get("/el/search/", {"q": "κουζινα"}).content.decode()
    for title in ("Κοινή κουζίνα τριών", "Δίκτυο για την", "Βοήθεια στην", "Κουζίνα του δήμου"):
        assert page.count(title) == 1, title
    assert "Πρόχειρη" not in page
