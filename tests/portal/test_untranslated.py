"""Editors see what readers of English miss."""

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.models import Page

from entaxis.geography.models import Area
from entaxis.portal.models import OrganisationUnit
from tests import factories

PAGE = "/en/office/untranslated/"


@pytest.fixture
def editor(thessaly: Area) -> Client:
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(factories.editor(thessaly))
    return client


def _rows(client: Client, what: str) -> str:
    return client.get(PAGE, {"what": what}).content.decode()


def test_a_structure_whose_greek_has_no_english(editor: Client, thessaly: Area) -> None:
    half = factories.structure(region=thessaly, name_el="Μισό", name_en="Half", description_el="Λόγια")
    factories.structure(region=thessaly, name_el="Ολόκληρο", name_en="Whole")
    page = _rows(editor, "structures")
    assert "Μισό" in page
    assert "description" in page.split("Μισό")[1].split("</tr>")[0].lower()
    assert f'href="/en/office/structures/{half.pk}/facts/"' in page
    assert "Ολόκληρο" not in page


def test_what_readers_do_not_see_and_what_must_stay_hidden_is_left_out(
    editor: Client, thessaly: Area, peloponnese: Area
) -> None:
    factories.structure(region=thessaly, name_el="Πρόχειρο", name_en="", status="draft")
    factories.structure(region=peloponnese, municipality=None, name_el="Αλλού", name_en="")
    hidden = factories.confidential_structure()
    factories.study(thessaly, title_el="Πρόχειρη μελέτη", status="draft", published_at=None)
    pages = _rows(editor, "structures") + _rows(editor, "library")
    for name in ("Πρόχειρο", "Αλλού", hidden.name_el, "Πρόχειρη μελέτη"):
        assert name not in pages


def test_documents_units_and_bodies(editor: Client, thessaly: Area) -> None:
    factories.study(thessaly, title_el="Μελέτη χωρίς αγγλικά")
    factories.study(thessaly, title_el="Με", title_en="With", summary_en="Summary")
    OrganisationUnit.objects.create(region=thessaly, name_el="Γραφείο χωρίς αγγλικά")
    factories.body(thessaly, name_el="Φορέας χωρίς αγγλικά")
    library = _rows(editor, "library")
    assert "Μελέτη χωρίς αγγλικά" in library
    assert ">Με<" not in library
    assert "Γραφείο χωρίς αγγλικά" in _rows(editor, "units")
    assert "Φορέας χωρίς αγγλικά" in _rows(editor, "bodies")


def test_a_greek_page_is_missed_until_its_english_is_public(editor: Client, thessaly: Area) -> None:
    greek = Page.objects.get(slug="privacy", locale__language_code="el", url_path__contains="el61")
    assert f"/editing/pages/{greek.pk}/edit/" not in _rows(editor, "pages")
    english = greek.get_translations().get(locale__language_code="en")
    english.unpublish()
    assert f"/editing/pages/{greek.pk}/edit/" in _rows(editor, "pages")


def test_nonsense_shows_the_first_that_lacks_something(editor: Client) -> None:
    assert editor.get(PAGE, {"what": "x'--", "page": "-7"}).status_code == 200


def test_it_costs_the_same_at_any_length(
    editor: Client, thessaly: Area, queries_stay: Callable[..., int]
) -> None:
    queries_stay(
        grow=lambda n: [factories.structure(region=thessaly, name_en="") for _ in range(n)],
        read=lambda: _rows(editor, "structures"),
    )
