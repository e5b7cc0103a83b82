"""The library as readers meet it: list, search inside, filters, a document, its files, its feed."""

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from entaxis.geography.models import Area
from entaxis.portal.library.finding import asked_stems
from entaxis.portal.models import ContentPage, PublicityOperation, Study, StudyFile
from entaxis.portal.signals import remember
from entaxis.vocabularies.models import Vocabulary
from tests import factories
from tests.portal.library.pdfs import pdf

LIST = "/el/documentation/library/"
EVIL = '<script>alert(1)</script>" onload="x\' {{ 7 }}'


def test_an_empty_library_says_so(client: Client, thessaly: Area) -> None:
    assert "Δεν υπάρχει ακόμη έγγραφο" in client.get(LIST).content.decode()


def test_words_inside_are_found_whatever_their_ending_with_the_page_they_stand_on(
    client: Client, thessaly: Area
) -> None:
    row = factories.study(title_el="Ετήσια έκθεση")
    factories.study_file(row, "Εισαγωγή", "Η ανεργία των νέων ανθρώπων αυξάνεται.", "Τέλος")
    factories.study_file(factories.study(title_el="Άλλη"), "Τίποτε σχετικό")
    page = client.get(LIST, {"q": "ανεργιας ΑΝΘΡΩΠΟΙ"}).content.decode()
    assert "Ετήσια έκθεση" in page
    assert "Άλλη" not in page
    assert "Σελίδα 2:" in page
    assert "<mark>ανεργία</mark>" in page
    assert "Σελίδα 1:" not in page


@pytest.mark.parametrize("words", ["του και", "\0", "'", "\\", "a & | ! ( : *", "%_", "🙂", "χ" * 300])
def test_no_question_breaks_the_search(client: Client, thessaly: Area, words: str) -> None:
    factories.study_file(factories.study(), "του και")
    assert client.get(LIST, {"q": words.replace("\0", "")}).status_code == 200


def test_a_question_of_small_words_only_is_still_a_question() -> None:
    assert asked_stems("του")
    assert asked_stems("η μελέτη του") == asked_stems("μελέτη")


def test_what_stands_in_the_title_comes_first(client: Client, thessaly: Area) -> None:
    factories.study_file(factories.study(title_el="Νέα", year=2026), "στέγαση στέγαση")
    factories.study(title_el="Στέγαση ευάλωτων", year=2001)
    page = client.get(LIST, {"q": "στέγαση"}).content.decode()
    assert page.index("Στέγαση ευάλωτων") < page.index(">Νέα<")


@pytest.mark.parametrize(
    "query",
    ["kind=strategy", "year=2019", "theme=food", "group=roma", "author=παπαδακησ", "author=ΠΑΠΑΔΆΚΗΣ"],
)
def test_filters_narrow_and_nonsense_narrows_nothing(client: Client, thessaly: Area, query: str) -> None:
    factories.term("food", inside=Vocabulary.Name.NEEDS)
    factories.term("roma", inside=Vocabulary.Name.TARGET_GROUPS)
    factories.study(
        title_el="Η ζητούμενη",
        kind=Study.Kind.STRATEGY,
        year=2019,
        themes=["food"],
        target_groups=["roma"],
        authors="Α. Παπαδάκης",
    )
    factories.study(title_el="Η άλλη")
    page = client.get(f"{LIST}?{query}").content.decode()
    assert "Η ζητούμενη" in page
    assert "Η άλλη" not in page
    name = query.partition("=")[0]
    if name != "author":
        assert "Η άλλη" in client.get(f"{LIST}?{name}=nonsense").content.decode()


def test_drafts_withdrawn_and_foreign_documents_do_not_exist(
    client: Client, thessaly: Area, peloponnese: Area
) -> None:
    hidden = [
        factories.study(status=Study.Status.DRAFT, published_at=None),
        factories.study(status=Study.Status.WITHDRAWN),
        factories.study(peloponnese),
    ]
    listed = client.get(LIST).content.decode()
    feed = client.get(f"{LIST}feed.atom").content.decode()
    for row in hidden:
        factories.study_file(row, "κείμενο")
        for path in ("", "v1.pdf", "cite.bib"):
            assert client.get(f"{LIST}{row.pk}/{path}").status_code == 404
        assert str(row.pk) not in listed + feed


def test_the_search_costs_the_same_at_one_and_thirty(
    client: Client, thessaly: Area, queries_stay: Callable[..., int]
) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            factories.study_file(factories.study(target_groups=["roma"]), "ανεργία", "ανεργία")

    assert queries_stay(grow=grow, read=lambda: client.get(LIST, {"q": "ανεργία"})) <= 22


def test_a_document_costs_the_same_with_one_version_and_with_thirty(
    client: Client, thessaly: Area, queries_stay: Callable[..., int]
) -> None:
    row = factories.study(target_groups=["roma"], themes=["food"])

    def grow(count: int) -> None:
        for _ in range(count):
            factories.study_file(row, "ανεργία")

    assert queries_stay(grow=grow, read=lambda: client.get(f"{LIST}{row.pk}/")) <= 22


def test_older_versions_stay_and_are_downloaded_not_opened(
    client: Client, thessaly: Area, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = factories.study()
    for text in ("one", "two"):
        file = factories.study_file(row, text)
        file.file.save("x", ContentFile(pdf(text)))
    page = client.get(f"{LIST}{row.pk}/").content.decode()
    assert page.index("Έκδοση 2") < page.index("Έκδοση 1")
    assert StudyFile.objects.get(number=1).sha256 in page
    for number in (1, 2):
        answer = client.get(f"{LIST}{row.pk}/v{number}.pdf")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert client.get(f"{LIST}{row.pk}/v3.pdf").status_code == 404


def test_text_that_attacks_stays_text_everywhere(client: Client, thessaly: Area) -> None:
    row = factories.study(title_el=EVIL, title_en=EVIL, summary_el=EVIL, authors=f"{EVIL}\n}}\\input{{x}}")
    factories.study_file(row, f"{EVIL} ανεργία", note_el=EVIL, name=EVIL)
    for path in (LIST, f"{LIST}?q=ανεργία", f"{LIST}?q={EVIL}", f"{LIST}{row.pk}/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert '" onload="' not in page
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data.group(1))["name"] == EVIL
    titles = [
        e.text for e in ET.fromstring(client.get(f"{LIST}feed.atom").content).iter() if "title" in e.tag
    ]
    assert EVIL in titles
    assert "\\input{" not in client.get(f"{LIST}{row.pk}/cite.bib").content.decode()


def test_used_in_pages_and_by_structures(client: Client, thessaly: Area) -> None:
    group = factories.term("roma", inside=Vocabulary.Name.TARGET_GROUPS, label_el="Ρομά")
    row = factories.study(target_groups=["roma"])
    kind = factories.term("community_centre", plural_el="Κέντρα Κοινότητας")
    structure = factories.structure(region=thessaly, kind=kind)
    factories.offer(structure).target_groups.add(group)
    page = ContentPage.objects.filter(locale__language_code="el").first()
    assert page is not None
    page.body = [("text", f'<p><a href="/el/documentation/library/{row.pk}/">εδώ</a></p>')]
    page.save()
    remember(ContentPage, page)
    text = client.get(f"{LIST}{row.pk}/").content.decode()
    assert page.title in text
    assert "Κέντρα Κοινότητας" in text
    page.body = []
    page.save()
    remember(ContentPage, page)
    assert not row.mentions.exists()


def test_the_operation_of_a_document_is_named_on_its_page(client: Client, thessaly: Area, brand) -> None:
    paid = PublicityOperation.objects.create(
        brand=brand,
        title_el="Πράξη των μελετών",
        programme_el="Πρόγραμμα",
        first_year=2021,
        last_year=2027,
        paths="nowhere/",
    )
    page = client.get(f"{LIST}{factories.study(operation=paid).pk}/").content.decode()
    assert "Πράξη των μελετών" in page
    assert "Πρόγραμμα 2021–2027" in page
    assert "Πράξη των μελετών" not in client.get(LIST).content.decode()


def test_a_place_finds_its_documents_and_those_of_the_whole_region(client: Client, thessaly: Area) -> None:
    here, there = factories.municipality(), factories.municipality("2402", name_el="Αλμυρός")
    factories.study(thessaly, title_el="Για τον Βόλο", area_codes=[here.code])
    factories.study(thessaly, title_el="Για τον Αλμυρό", area_codes=[there.code])
    factories.study(thessaly, title_el="Για όλους")
    page = client.get(LIST, {"place": here.code}).content.decode()
    assert "Για τον Βόλο" in page
    assert "Για όλους" in page
    assert "Για τον Αλμυρό" not in page
