"""The structures' part of the public interface: contract, bounds, and what must leave no trace."""

import json
from typing import Any

import pytest
from django.test import Client

from entaxis.portal import actions as portal
from entaxis.vocabularies import queries
from tests import factories

pytestmark = pytest.mark.django_db

SEARCH = "/api/v1/structures/search"
VOLOS = {"lat": 39.366, "lon": 22.944}


@pytest.fixture(autouse=True)
def _code_lists(db: None) -> None:
    factories.code_lists()
    portal.load_help_lines()
    factories.region()


def ask(client: Client, body: Any, language: str = "el") -> Any:
    return client.post(
        SEARCH,
        body if isinstance(body, str | bytes) else json.dumps(body),
        content_type="application/json",
        headers={"Accept-Language": language},
    )


def pharmacy(**fields: Any) -> Any:
    return factories.structure(queries.by_key("structure_kinds")["social_pharmacy"], **fields)


def test_a_search_answers_as_the_design_says(client: Client) -> None:
    made = pharmacy(name_el="Κοινωνικό Φαρμακείο", name_en="Social Pharmacy", languages=["el", "en"])
    factories.contact(made)
    answer = ask(client, {"q": "χρειάζομαι φάρμακα", "near": VOLOS})
    assert answer.status_code == 200
    page = answer.json()
    assert (page["count"], page["page"], page["pages"]) == (1, 1, 1)
    assert page["understood"]["needs"][0]["key"] == "medicines"
    (result,) = page["results"]
    assert result["id"] == str(made.pk)
    assert result["kind"] == "social_pharmacy"
    assert result["municipality"] == {"code": "2401", "name": "Βόλος"}
    assert result["distance_km"] == 0.0
    assert result["open_now"] is None
    assert result["assured_date"] == made.assured_date.isoformat()
    assert result["url"] == f"/el/structures/{made.pk}/"
    english = ask(client, {"need": "medicines"}, "en").json()["results"][0]
    assert (english["name"], english["kind_name"]) == ("Social Pharmacy", "Social Pharmacy")
    assert english["url"].startswith("/en/")
    assert english["distance_km"] is None


def test_open_now_is_true_false_or_unknown(client: Client) -> None:
    always, never = pharmacy(name_el="Α", closed_on_public_holidays=False), pharmacy(name_el="Β")
    for weekday in range(7):
        factories.hours(always, weekday, "00:00", "00:00", closes_next_day=True)
    factories.hours(never, 0, "03:00", "03:01", valid_to="2020-01-01", valid_from="2019-01-01")
    results = ask(client, {"kind": "social_pharmacy"}).json()["results"]
    assert {result["name"]: result["open_now"] for result in results} == {"Α": True, "Β": None}


def test_a_confidential_place_is_nowhere(client: Client) -> None:
    kind = queries.by_key("structure_kinds")["violence_women_support"]
    factories.structure(kind, is_confidential=True, name_el="Ξενώνας")
    answer = ask(client, {"q": "με χτυπάει ο άντρας μου", "near": VOLOS})
    (result,) = answer.json()["results"]
    assert (result["municipality"], result["distance_km"], result["locality"]) == (None, None, "")
    points = client.post("/api/v1/structures/points", {"need": "violence"}, content_type="application/json")
    assert points.json() == {"type": "FeatureCollection", "features": [], "is_whole": True}


def test_nothing_found_says_where_to_turn(client: Client) -> None:
    factories.structure(queries.by_key("structure_kinds")["community_centre"], name_el="Κέντρο")
    page = ask(client, {"q": "ακατανόητο", "near": VOLOS}).json()
    assert page["count"] == 0
    assert [one["name"] for one in page["instead"]["community_centres"]] == ["Κέντρο"]
    assert "112" in {line["number"] for line in page["instead"]["help_lines"]}


def test_what_was_misunderstood_is_taken_back(client: Client) -> None:
    pharmacy()
    assert ask(client, {"q": "φάρμακα"}).json()["count"] == 1
    corrected = ask(client, {"q": "φάρμακα", "without": ["medicines", "social_pharmacy"]}).json()
    assert "medicines" not in {one["key"] for one in corrected["understood"]["needs"]}


def test_points_of_a_map(client: Client) -> None:
    made = pharmacy(name_el="Φαρμακείο")
    pharmacy(point=None)
    answer = client.post("/api/v1/structures/points", {"q": "φάρμακα"}, content_type="application/json")
    (feature,) = answer.json()["features"]
    assert feature["geometry"]["coordinates"] == [22.944, 39.366]
    assert feature["properties"]["id"] == str(made.pk)


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"q": "α" * 201}, "q", "at most 200"),
        ({"page": -1}, "page", "at least 1"),
        ({"page": 10**9}, "page", "at most 500"),
        ({"page": "x"}, "page", "not of the kind"),
        ({"need": "moon"}, "need", "no such entry"),
        ({"kind": "x" * 100}, "kind", "at most 64"),
        ({"municipality": "0000"}, "municipality", "no area with the code"),
        ({"regional_unit": "EL61"}, "regional_unit", "no area with the code"),
        ({"language": "xx"}, "language", "no such language"),
        ({"near": {"lat": 91, "lon": 0}}, "near.lat", "at most 90"),
        ({"near": {"lat": 39}}, "near.lon", "needed"),
        ({"near": "here"}, "near", "not of the kind"),
        ({"without": ["a"] * 30}, "without", "at most 20"),
        ({"secret": 1}, "secret", "no field of this name"),
        ([1], "body", "not of the kind"),
    ],
)
def test_what_is_out_of_bounds_gets_a_sentence(
    client: Client, body: Any, field: str, sentence: str
) -> None:
    answer = ask(client, body, "en")
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["detail"]] == [field]
    assert sentence in answer.json()["detail"][0]["message"]
    greek = ask(client, body, "el").json()["detail"][0]["message"]
    assert greek != answer.json()["detail"][0]["message"]
    assert any("α" <= letter <= "ω" for letter in greek)


@pytest.mark.parametrize(
    "body", ["{", b"\xff\xfe", "", '{"near": {"lat": NaN, "lon": 1}}', "[" * 5000, '{"q": "\\u0000"}']
)
def test_what_cannot_be_read_gets_a_sentence(client: Client, body: str | bytes) -> None:
    answer = ask(client, body)
    assert answer.status_code in {400, 422}
    assert answer.content


def test_a_municipality_of_another_region_is_unknown(client: Client) -> None:
    other = factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
    unit = factories.regional_unit("41", inside=other, name_el="Αργολίδα")
    town = factories.municipality("4101", unit=unit, name_el="Ναύπλιο")
    assert ask(client, {"municipality": town.code}).status_code == 422


def test_nothing_is_kept_of_a_search(client: Client) -> None:
    answer = ask(client, {"q": "με χτυπάει", "near": VOLOS})
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert "22.94" not in answer.content.decode()


def test_counts_and_code_lists(client: Client) -> None:
    pharmacy()
    rows = client.get("/api/v1/structures/counts").json()
    row = next(row for row in rows if (row["kind"], row["municipality"]) == ("social_pharmacy", "2401"))
    assert (row["count"], row["completeness"]) == (1, "unknown")
    needs = client.get("/api/v1/vocabularies/needs").json()
    assert (needs["name"], needs["version"]) == ("needs", 1)
    meal = next(term for term in needs["terms"] if term["key"] == "meal")
    assert (meal["parent"], meal["label_el"]) == ("food", "Δεν έχω να φάω")
    assert client.get("/api/v1/vocabularies/moons").status_code == 422


def test_a_page_behind_the_last_is_empty_and_counts_right(client: Client) -> None:
    for _ in range(21):
        pharmacy()
    answer = ask(client, {"need": "medicines", "page": 500})
    page = answer.json()
    assert answer.status_code == 200
    assert (page["count"], page["page"], page["pages"], page["results"]) == (21, 500, 2, [])
    assert page["instead"] is None
    for number in (0, -1, "x", 501):
        refused = ask(client, {"need": "medicines", "page": number})
        assert refused.status_code == 422
        assert refused.json()["detail"][0]["field"] == "page"
