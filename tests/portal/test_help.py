"""Emergency, rights, quick exit, languages that are not complete."""

import re

import pytest
from django.test import Client

from entaxis.geography.models import Area
from entaxis.portal.models import HelpLine, HelpLineText, TranslationReview
from tests import factories

OTHERS = ["sq", "ar", "ru", "uk"]


@pytest.mark.parametrize("language", ["el", "en", *OTHERS])
def test_the_emergency_page_has_every_line_and_a_neutral_title(
    client: Client, thessaly: Area, language: str
) -> None:
    page = client.get(f"/{language}/emergency/").content.decode()
    assert all(f'href="tel:{number}"' in page for number in ("112", "197", "15900", "1107", "10306"))
    title = page.split("<title>")[1].split("</title>")[0]
    assert "Παρατηρητήριο" not in title
    assert "Observatory" not in title
    assert "data-exit" in page


def test_the_emergency_page_is_kept_nowhere(client: Client, thessaly: Area) -> None:
    answer = client.get("/el/emergency/")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"


def test_unknown_hours_are_left_out(client: Client, thessaly: Area) -> None:
    assert not any(text.hours for line in HelpLine.objects.all() for text in line.texts.all())
    assert "24" not in client.get("/en/emergency/").content.decode().split("<main")[1].split("</main>")[0]


def test_a_line_of_another_region_is_not_shown(client: Client, thessaly: Area, peloponnese: Area) -> None:
    line = HelpLine.objects.create(number="2710 000000", region=peloponnese, source="a test")
    HelpLineText.objects.create(line=line, language="el", name="Τοπική γραμμή")
    here = client.get("/el/emergency/", headers={"host": "thessaly.localhost"}).content.decode()
    there = client.get("/el/emergency/", headers={"host": "peloponnese.localhost"}).content.decode()
    assert "Τοπική γραμμή" not in here
    assert "Τοπική γραμμή" in there


def test_arabic_runs_from_right_to_left(client: Client, thessaly: Area) -> None:
    assert '<html lang="ar" dir="rtl"' in client.get("/ar/emergency/").content.decode()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_says_that_nobody_has_checked_it(
    client: Client, thessaly: Area, language: str
) -> None:
    for path in ("", "emergency/", "rights/"):
        assert "translation-note" in client.get(f"/{language}/{path}").content.decode()
    assert "translation-note" not in client.get("/en/emergency/").content.decode()


def test_a_newcomer_chooses_a_need_in_their_own_language(client: Client, thessaly: Area) -> None:
    factories.code_lists()
    page = client.get("/sq/").content.decode()
    assert re.search(r'<button class="need" name="need" value="health">.*<span>Shëndet</span>', page)
    assert "Shëndet" in client.get("/sq/structures/").content.decode()


def test_a_translation_says_who_checked_it(client: Client, thessaly: Area) -> None:
    TranslationReview.objects.create(
        language="sq", part="emergency", checked_by="Shoqata e Shembullit", checked_on="2026-11-01"
    )
    assert "Shoqata e Shembullit" in client.get("/sq/emergency/").content.decode()
    assert "Shoqata e Shembullit" not in client.get("/sq/rights/").content.decode()


def test_the_sheet_of_a_municipality_has_its_structures_and_the_lines(
    client: Client, thessaly: Area
) -> None:
    here = factories.municipality()
    factories.structure(name_el="Φαρμακείο του φύλλου", municipality=here)
    factories.structure(name_el="Σχέδιο που δεν δημοσιεύτηκε", municipality=here, status="draft")
    hidden = factories.confidential_structure(name_el="Κρυφή δομή", region=thessaly)
    page = client.get(f"/el/sheet/{here.code}/").content.decode()
    assert "Φαρμακείο του φύλλου" in page
    assert 'href="tel:112"' in page
    assert "Σχέδιο που δεν δημοσιεύτηκε" not in page
    assert hidden.name_el not in page
    assert f'href="/el/sheet/{here.code}/"' in client.get("/el/sheet/").content.decode()


def test_a_municipality_without_structures_says_that_it_is_not_known(
    client: Client, thessaly: Area
) -> None:
    here = factories.municipality()
    assert 'class="empty"' in client.get(f"/el/sheet/{here.code}/").content.decode()


def test_another_region_s_municipality_has_no_sheet_here(client: Client, thessaly: Area) -> None:
    here = factories.municipality()
    there = {"host": "peloponnese.localhost"}
    assert client.get(f"/el/sheet/{here.code}/", headers=there).status_code == 404
