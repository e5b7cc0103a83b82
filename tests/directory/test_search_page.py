"""The search page: ordinary searches have an address, others leave no trace; it works without script."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entaxis.directory.models import Structure
from entaxis.portal import actions as portal
from entaxis.vocabularies import queries
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/el/structures/"
SENSITIVE = "ο άντρας μου με χτυπάει"


@pytest.fixture(autouse=True)
def _code_lists(db: None) -> None:
    factories.code_lists()
    portal.load_help_lines()
    factories.region()


def structure(kind: str = "social_pharmacy", **fields: Any) -> Structure:
    return factories.structure(queries.by_key("structure_kinds")[kind], **fields)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_begins_with_a_question_and_the_widest_needs(client: Client) -> None:
    structure(name_el="Φαρμακείο")
    page = text_of(client.get(PAGE))
    assert "Τι χρειάζεστε;" in page
    assert re.search(r'<button class="need" name="need" value="food">', page)
    assert "Φαρμακείο" in page


def test_an_ordinary_search_is_sent_on_to_an_address(client: Client) -> None:
    structure(name_el="Φαρμακείο Βόλου")
    answer = client.post(PAGE, {"q": "χρειάζομαι φάρμακα", "municipality": "2401"})
    assert answer.status_code == 303
    assert answer["Location"].startswith(PAGE + "?q=")
    found = client.get(answer["Location"])
    assert "no-store" not in found.get("Cache-Control", "")
    page = text_of(found)
    assert "Φαρμακείο Βόλου" in page
    assert "1 δομή μπορεί να βοηθήσει" in page
    assert "Χρειάζομαι φάρμακα" in page
    assert "data-exit" not in page


def test_what_was_misunderstood_can_be_taken_back(client: Client) -> None:
    structure()
    answer = client.get(PAGE, {"q": "φάρμακα", "municipality": "2401", "drop": "municipality"})
    assert answer.status_code == 303
    assert "municipality" not in answer["Location"]
    answer = client.post(PAGE, {"need": "medicines", "kind": "social_pharmacy", "drop": "need"})
    assert answer["Location"] == PAGE + "?kind=social_pharmacy"


@pytest.mark.parametrize(
    "asked",
    [
        {"q": SENSITIVE},
        {"need": "addiction"},
        {"q": "ακατανόητο"},
        {"q": "φάρμακα", "lat": "39.3", "lon": "22.9"},
        {"kind": "violence_women_support"},
        {"service": "violence_shelter"},
        {"target_group": "women_violence"},
        {"q": "φάρμακα", "without": "violence"},
    ],
    ids=["words", "need", "not understood", "position", "kind", "service", "group", "taken back"],
)
def test_other_searches_leave_no_trace(client: Client, asked: dict[str, str]) -> None:
    structure("community_centre", name_el="Κέντρο")
    answer = client.post(PAGE, asked)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    page = text_of(answer)
    assert "<title>Αναζήτηση</title>" in page
    assert "data-exit" in page
    assert not re.search(r'href="[^"]*(q=|lat=)', page)


def test_a_sensitive_search_shows_the_help_lines_and_no_address_in_its_pages(client: Client) -> None:
    body = factories.body()
    for number in range(25):
        structure("counselling_centre", name_el=f"Κέντρο {number}", body=body)
    page = text_of(client.post(PAGE, {"q": SENSITIVE}))
    assert "15900" in page
    assert '<button class="button button--plain" name="page" value="2">' in page
    second = text_of(client.post(PAGE, {"q": SENSITIVE, "page": "2"}))
    assert '<span aria-current="page">2</span>' in second


def test_distances_hours_and_freshness_are_said_in_words(client: Client) -> None:
    made = structure(name_el="Φαρμακείο", languages=["el", "ar"], closed_on_public_holidays=False)
    for weekday in range(7):
        factories.hours(made, weekday, "00:00", "00:00", closes_next_day=True)
    structure(name_el="Παλιό", assured_date=None)
    page = text_of(client.post(PAGE, {"need": "medicines", "lat": "39.4", "lon": "22.944"}))
    assert "3,8 χλμ." in page
    assert "Ανοιχτό τώρα" in page
    assert "Αραβικά" in page
    assert "Δεν έχει επιβεβαιωθεί ακόμη" in page


def test_nothing_found_says_what_was_understood_and_where_to_turn(client: Client) -> None:
    structure("community_centre", name_el="Κέντρο Κοινότητας Βόλου")
    page = text_of(client.post(PAGE, {"q": "αλλόκοτα πράγματα"}))
    assert "Δεν βρήκαμε κάτι που να ταιριάζει" in page
    assert "Κέντρο Κοινότητας Βόλου" in page
    assert 'href="tel:197"' in page


def test_a_village_that_is_not_known_is_named(client: Client) -> None:
    structure(name_el="Φαρμακείο")
    page = text_of(client.get(PAGE, {"q": "φάρμακα στην Τσαριτσάνη"}))
    assert "Δεν καταλάβαμε: «Τσαριτσάνη»." in page
    assert "Δεν καταλάβαμε" not in text_of(client.get(PAGE, {"q": "χρειάζομαι φάρμακα"}))


def test_a_town_with_few_doors_leads_to_those_around_it(client: Client) -> None:
    structure(name_el="Φαρμακείο")
    page = text_of(client.get(PAGE, {"q": "φάρμακα", "municipality": "2401"}))
    assert 'name="q" value="φάρμακα Βόλος"' in page
    assert "Δείτε και έξω από τον δήμο" in page
    assert "Δείτε και έξω από τον δήμο" not in text_of(client.get(PAGE, {"q": "φάρμακα"}))


def test_a_regional_unit_can_be_chosen(client: Client) -> None:
    structure(name_el="Φαρμακείο")
    page = text_of(client.get(PAGE, {"regional_unit": "24"}))
    assert '<option value="24" selected>' in page


def test_a_confidential_place_shows_no_place(client: Client) -> None:
    structure("violence_women_support", is_confidential=True, name_el="Ξενώνας", point=None)
    page = text_of(client.post(PAGE, {"q": SENSITIVE, "lat": "39.4", "lon": "22.944"}))
    assert "Ξενώνας" in page
    assert "χλμ." not in page


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "α" * 300},
        {"need": "moon"},
        {"municipality": "4101"},
        {"lat": "x", "lon": "y"},
        {"lat": "nan", "lon": "inf"},
        {"language": "klingon"},
        {"without": ["a"] * 99},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_what_cannot_be_asked_gets_a_sentence(client: Client, asked: dict[str, Any]) -> None:
    for answer in (client.get(PAGE, asked), client.post(PAGE, asked)):
        assert answer.status_code == 422
        assert "notice--danger" in text_of(answer)
    assert "notice--danger" in text_of(client.get("/en/structures/", asked))


@pytest.mark.parametrize("language", ["en", "sq", "ar", "ru", "uk"])
def test_it_speaks_the_other_languages(client: Client, language: str) -> None:
    structure(name_el="Φαρμακείο", name_en="Pharmacy")
    page = text_of(client.get(f"/{language}/structures/?need=medicines"))
    assert f'lang="{language}"' in page
    assert "Pharmacy" in page
    if language == "ar":
        assert 'dir="rtl"' in page


def test_the_page_costs_the_same_for_one_result_as_for_twenty(client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as taken:
            client.get(PAGE, {"need": "medicines"})
        return len(taken)

    body = factories.body()
    structure(body=body)
    client.get(PAGE)
    one = cost()
    for number in range(19):
        made = structure(body=body, name_el=f"Φ{number}")
        factories.hours(made, 0)
        factories.contact(made)
    cost()
    assert cost() <= one + 2


@pytest.mark.parametrize("number", ["3", "500", "501", "99999999999999999999", "0", "-1", "x", "1.5", "²"])
def test_a_page_that_is_not_there_says_so_and_leads_back(client: Client, number: str) -> None:
    for _ in range(21):
        structure(name_el="Κοινωνικό Φαρμακείο")
    answer = client.get(PAGE, {"need": "medicines", "page": number})
    page = text_of(answer)
    assert answer.status_code == 404
    assert "Δεν υπάρχει τέτοια σελίδα: όσα βρήκαμε χωρούν σε 2 σελίδες." in page
    assert 'href="?need=medicines&amp;page=1"' in page
    assert "data-results" not in page


def test_a_private_search_leads_back_from_a_page_that_is_not_there(client: Client) -> None:
    structure("counselling_centre")
    answer = client.post(PAGE, {"q": SENSITIVE, "page": "7"})
    assert answer.status_code == 404
    assert '<button class="button button--plain" name="page" value="1">' in text_of(answer)
    assert "no-store" in answer["Cache-Control"]


def test_where_nothing_is_found_the_first_page_says_so(client: Client) -> None:
    answer = client.get(PAGE, {"need": "medicines"})
    assert answer.status_code == 200
    assert "Δεν βρήκαμε κάτι που να ταιριάζει" in text_of(answer)
