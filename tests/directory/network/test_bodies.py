"""The directory of bodies: who is found, what their pages say, who writes what they say of themselves."""

from typing import Any

import pytest
from django.test import Client

from entaxis.accounts.models import Body, Membership, User
from entaxis.directory.network import queries
from entaxis.directory.network.models import BodyProfile
from entaxis.directory.network.queries import Asked
from entaxis.vocabularies.models import Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FORM: dict[str, Any] = {"description_el": "Στήριξη οικογενειών", "seen": "1", "takes_letters": "on"}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def found(**asked: str) -> set[str]:
    return {body.name_el for body in queries.bodies(factories.region(), Asked(**asked))}


def group(key: str, **fields: Any) -> Any:
    return factories.term(key, inside=Vocabulary.Name.TARGET_GROUPS, **fields)


# --- who is found -----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["ΟΙΚΟΓΕΝΕΙΑ", "οικογένειες", "Στηριξη οικογενειων", "εστια"])
def test_words_are_found_whatever_their_accents_case_and_endings(words: str) -> None:
    factories.body(name_el="Εστία", description_el="Στήριξη οικογενειών")
    factories.body(name_el="Άλλος φορέας")
    assert found(words=words) == {"Εστία"}


def test_a_body_is_found_by_what_it_says_and_by_what_its_structures_offer() -> None:
    town = factories.municipality()
    children = group("children")
    infants = group("infants", parent=children)
    says = factories.body(name_el="Λέει")
    factories.profile(says, themes=["food"], target_groups=["children"], area_codes=[town.code])
    does = factories.body(name_el="Κάνει")
    offer = factories.offer(factories.structure(body=does, municipality=town))
    offer.target_groups.add(infants)
    offer.needs.add(factories.term("food", inside=Vocabulary.Name.NEEDS))
    factories.body(name_el="Τίποτα")
    assert found(group="children") == found(theme="food") == found(municipality="2401") == {"Λέει", "Κάνει"}
    assert found(group="infants") == {"Κάνει"}
    assert found(kind=Body.Kind.CHURCH) == set()


def test_a_confidential_structure_tells_nothing_about_its_body() -> None:
    hidden = factories.confidential_structure(body=factories.body(name_el="Σκέπη"))
    offer = factories.offer(hidden)
    offer.target_groups.add(group("women"))
    assert found(group="women") == set()
    text = Client().get(f"/el/network/bodies/{hidden.body_id}/").content.decode()
    assert hidden.name_el not in text
    assert str(hidden.pk) not in text


def test_dissolved_bodies_are_not_listed_and_keep_a_page_without_a_form() -> None:
    gone = factories.body(name_el="Παλιός", dissolved_on="2026-01-01")
    assert found() == set()
    page = Client().get(f"/el/network/bodies/{gone.pk}/").content.decode()
    assert "διαλύθηκε" in page
    assert "write/" not in page
    assert Client().get(f"/el/network/bodies/{gone.pk}/write/").status_code == 404


def test_nothing_sensitive_can_be_asked_for_in_an_address() -> None:
    factories.region()
    group("women_violence", label_el="Γυναίκες θύματα βίας")
    factories.term("safety", inside=Vocabulary.Name.NEEDS, is_sensitive=True, label_el="Ασφάλεια")
    page = Client().get("/el/network/bodies/").content.decode()
    assert "θύματα βίας" not in page
    assert 'value="safety"' not in page


def test_another_regions_bodies_do_not_exist_here() -> None:
    factories.region()
    away = factories.body(factories.region("EL65", name_el="Πελοπόννησος"), name_el="Αλλού")
    assert found() == set()
    assert Client().get(f"/el/network/bodies/{away.pk}/").status_code == 404


def test_the_pages_cost_the_same_at_one_and_thirty(queries_stay) -> None:
    body = factories.body()

    def grow(number: int) -> None:
        for _ in range(number):
            made = factories.structure(body=factories.body())
            factories.profile(made.body, target_groups=["children"])
            factories.offer(factories.structure(body=body)).target_groups.add(group("children"))

    assert queries_stay(grow=grow, read=lambda: Client().get("/el/network/bodies/")) <= 20
    assert queries_stay(grow=grow, read=lambda: Client().get(f"/el/network/bodies/{body.pk}/")) <= 24


# --- what a body says of itself ---------------------------------------------------------------------


def test_who_may_write_what_a_body_says_of_itself() -> None:
    body = factories.body()
    address = f"/el/office/network/bodies/{body.pk}/"
    away = factories.region("EL65", name_el="Πελοπόννησος")
    for person in (factories.body_administrator(of=body), factories.region_administrator()):
        assert signed_in(person).get(address).status_code == 200
    for person in (
        factories.user(),
        factories.body_member(of=body),
        factories.body_administrator(),
        factories.editor(),
        factories.region_administrator(away),
    ):
        assert signed_in(person).get(address).status_code == 404
        assert signed_in(person).post(address, FORM).status_code == 404
    assert not BodyProfile.objects.exists()


def test_an_administrator_writes_and_readers_see_it() -> None:
    body = factories.body()
    group("children", label_el="Παιδιά")
    factories.municipality()
    client = signed_in(factories.body_administrator(of=body))
    said = FORM | {
        "description_en": "Support for families",
        "target_groups": ["children"],
        "area_codes": ["2401"],
        "telephone": "2421 000000",
        "website": "https://example.org",
    }
    assert client.post(f"/el/office/network/bodies/{body.pk}/", said).status_code == 302
    greek = Client().get(f"/el/network/bodies/{body.pk}/").content.decode()
    for words in ("Στήριξη οικογενειών", "Παιδιά", "Βόλος", "2421 000000", 'href="https://example.org"'):
        assert words in greek
    assert "Support for families" in Client().get(f"/en/network/bodies/{body.pk}/").content.decode()


def test_two_who_write_at_once_lose_nothing() -> None:
    body = factories.body()
    first, second = (signed_in(factories.body_administrator(of=body)) for _ in range(2))
    address = f"/el/office/network/bodies/{body.pk}/"
    assert first.post(address, FORM).status_code == 302
    late = second.post(address, FORM | {"description_el": "Άλλα"})
    assert late.status_code == 422
    assert "Άλλα" in late.content.decode()
    body.refresh_from_db()
    assert body.description_el == "Στήριξη οικογενειών"
    assert second.post(address, FORM | {"description_el": "Άλλα", "seen": "2"}).status_code == 302


@pytest.mark.parametrize("field", ["description_el", "description_en", "name_en"])
def test_markup_is_shown_as_text(field: str) -> None:
    body = factories.body()
    client = signed_in(factories.body_administrator(of=body))
    client.post(f"/el/office/network/bodies/{body.pk}/", FORM | {field: ATTACK + "\u202eabc\x07"})
    for page in (f"/el/network/bodies/{body.pk}/", f"/en/network/bodies/{body.pk}/", "/en/network/bodies/"):
        text = Client().get(page).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org", "data:text/html,x"])
def test_a_website_is_a_page_of_the_web(address: str) -> None:
    body = factories.body()
    client = signed_in(factories.body_administrator(of=body))
    answer = client.post(f"/el/office/network/bodies/{body.pk}/", FORM | {"website": address})
    assert answer.status_code == 422
    Body.objects.filter(pk=body.pk).update(website=address)  # as an import may have left it
    assert f'href="{address}' not in Client().get(f"/el/network/bodies/{body.pk}/").content.decode()


def test_nobody_writes_for_a_dissolved_body() -> None:
    body = factories.body()
    person = factories.body_administrator(of=body)
    client = signed_in(person)
    Body.objects.filter(pk=body.pk).update(dissolved_on="2026-01-01")
    factories.membership(person, Membership.Role.BODY_MEMBER, factories.body())
    assert client.post(f"/el/office/network/bodies/{body.pk}/", FORM).status_code == 404
