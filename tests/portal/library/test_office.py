"""The library in the back office: written, given files, published, never another region's."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from entaxis.accounts.models import Body
from entaxis.directory.models import StructureGrant
from entaxis.geography.models import Area
from entaxis.notifications.models import Message
from entaxis.portal.library import actions
from entaxis.portal.models import Study, StudyFile
from entaxis.vocabularies.models import Vocabulary
from tests import factories
from tests.portal.library.pdfs import pdf

OFFICE = "/el/office/library/"
FACTS = {
    "kind": "study",
    "title_el": "Ανεργία των νέων",
    "summary_el": "Τι βρήκαμε.",
    "year": "2025",
    "authors": "Ομάδα\nΆλλη ομάδα",
    "language": "el",
    "licence": "cc-by-4.0",
}


@pytest.fixture
def editor(client: Client, thessaly: Area) -> Client:
    client.force_login(factories.editor(thessaly))
    return client


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, row: Study, content: bytes, name: str = "μελέτη.pdf"):
    return client.post(f"{OFFICE}{row.pk}/files/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def read(row: Study) -> StudyFile:
    file = row.files.order_by("-number")[0]
    actions.read_file(file=file)
    file.refresh_from_db()
    return file


def test_written_given_a_file_read_published_and_found(editor: Client) -> None:
    editor.post(f"{OFFICE}new/", FACTS)
    row = Study.objects.get()
    assert row.status == Study.Status.DRAFT
    editor.post(f"{OFFICE}{row.pk}/status/", {"do": "publish"})
    row.refresh_from_db()
    assert row.status == Study.Status.DRAFT, "without a file there is nothing to read"
    assert "μελέτη.pdf" in upload(editor, row, pdf("Unemployment of youth")).content.decode()
    file = read(row)
    assert file.state == StudyFile.State.READ
    assert file.page_count == 1
    editor.post(f"{OFFICE}{row.pk}/status/", {"do": "publish"})
    found = editor.get("/el/documentation/library/", {"q": "UNEMPLOYMENT"}).content.decode()
    assert "<mark>Unemployment</mark>" in found
    editor.post(f"{OFFICE}{row.pk}/status/", {"do": "withdraw"})
    assert "Ανεργία" not in editor.get("/el/documentation/library/").content.decode()


def test_a_new_file_is_a_version_and_the_same_file_is_told(editor: Client) -> None:
    row = factories.study()
    for text in ("first words", "other words"):
        upload(editor, row, pdf(text))
        read(row)
    assert "έκδοση 1" in upload(editor, row, pdf("first words")).content.decode()
    assert list(row.files.values_list("number", flat=True)) == [2, 1]
    page = editor.get("/el/documentation/library/", {"q": "first"}).content.decode()
    assert row.title_el not in page, "the version in force is searched"


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00", b"<html><script>x</script></html>", b"PK\x03\x04junk", b"\x89PNG\r\n\x1a\n"],
)
def test_a_disguised_file_is_refused_before_it_is_stored(editor: Client, content: bytes, tmp_path) -> None:
    row = factories.study()
    answer = upload(editor, row, content)
    assert answer.status_code == 422
    assert "Υπάρχει πρόβλημα" in answer.content.decode()
    assert not row.files.exists()
    assert not list(tmp_path.rglob("*.pdf"))


def test_a_file_that_only_says_it_is_a_pdf_is_kept_apart_with_its_reason(editor: Client) -> None:
    row = factories.study()
    factories.study_file(row, "παλιό κείμενο")
    upload(editor, row, b"%PDF-1.7\n<html><script>x</script>")
    assert read(row).state == StudyFile.State.REFUSED
    assert "δεν διαβάζεται" in editor.get(f"{OFFICE}{row.pk}/").content.decode()
    assert editor.get(f"/el/documentation/library/{row.pk}/v2.pdf").status_code == 404
    assert row.title_el in editor.get("/el/documentation/library/", {"q": "παλιό"}).content.decode()


def test_two_hundred_megabytes_are_not_even_written_down(editor: Client, monkeypatch) -> None:
    from entaxis.core import upload_handlers

    monkeypatch.setattr(upload_handlers, "LARGEST_MB", 1)
    row = factories.study()
    answer = upload(editor, row, pdf("text") + b"0" * (3 * 1024 * 1024))
    assert answer.status_code == 422
    assert "μεγαλύτερο από 50 MB" in answer.content.decode()
    assert not row.files.exists()


def test_two_editors_at_once_lose_nothing(editor: Client) -> None:
    row = factories.study()
    facts = FACTS | {"seen": row.revision}
    assert editor.post(f"{OFFICE}{row.pk}/facts/", facts | {"title_el": "Η πρώτη"}).status_code == 302
    second = editor.post(f"{OFFICE}{row.pk}/facts/", facts | {"title_el": "Η δεύτερη"})
    assert second.status_code == 422
    page = second.content.decode()
    assert "Η δεύτερη" in page
    row.refresh_from_db()
    assert row.title_el == "Η πρώτη"
    assert f'name="seen" value="{row.revision}"' in page
    history = editor.get(f"{OFFICE}{row.pk}/history/").content.decode()
    assert "Η πρώτη" in history


@pytest.mark.parametrize(
    "change",
    [
        {"year": "12"},
        {"year": "έτος"},
        {"kind": "nonsense"},
        {"title_el": " \x07 "},
        {"url": "javascript:alert(1)"},
        {"url": "ftp://example.org/"},
        {"themes": "nonsense"},
        {"area_codes": "9999"},
        {"licence": ""},
        {"title_el": "α" * 301},
    ],
)
def test_nonsense_is_told_and_nothing_is_stored(editor: Client, change: dict[str, str]) -> None:
    answer = editor.post(f"{OFFICE}new/", FACTS | change)
    assert answer.status_code == 422
    assert not Study.objects.exists()


def test_signs_that_no_feed_may_hold_are_dropped(editor: Client) -> None:
    editor.post(f"{OFFICE}new/", FACTS | {"title_el": "Α\x07Β\u202eΓ"})
    assert Study.objects.get().title_el == "ΑΒΓ"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "facts/"),
        ("get", "history/"),
        ("get", "v1.pdf"),
        ("post", "facts/"),
        ("post", "files/"),
        ("post", "status/"),
    ],
)
def test_another_regions_document_does_not_exist(editor: Client, peloponnese: Area, method, path) -> None:
    row = factories.study(peloponnese)
    factories.study_file(row, "κείμενο")
    assert getattr(editor, method)(f"{OFFICE}{row.pk}/{path}").status_code == 404


def test_the_office_costs_the_same_at_one_and_thirty(editor: Client, queries_stay) -> None:
    row = factories.study()

    def grow(count: int) -> None:
        for _ in range(count):
            factories.study()
            factories.study_file(row, "κείμενο", added_by=factories.user())

    assert queries_stay(grow=grow, read=lambda: editor.get(OFFICE)) <= 22
    assert queries_stay(grow=grow, read=lambda: editor.get(f"{OFFICE}{row.pk}/")) <= 22


def test_those_whose_structures_serve_its_groups_are_told_once(editor: Client, thessaly: Area) -> None:
    group = factories.term("roma", inside=Vocabulary.Name.TARGET_GROUPS)
    concerned, other = factories.body_member(thessaly), factories.body_member(thessaly)
    for person, groups in ((concerned, [group]), (other, [])):
        body = person.memberships.get().body
        factories.offer(factories.structure(region=thessaly, body=body)).target_groups.set(groups)
    clerk, gone = factories.user(), factories.user()
    for person, until in ((clerk, None), (gone, timezone.localdate() - timedelta(days=1))):
        kept = factories.structure(region=thessaly)
        factories.offer(kept).target_groups.set([group])
        since = timezone.localdate() - timedelta(days=9)
        StructureGrant.objects.create(user=person, structure=kept, since=since, until=until)
    row = factories.study(
        status=Study.Status.DRAFT, published_at=None, target_groups=["roma"], url="https://example.org/"
    )
    for do in ("publish", "withdraw", "publish"):
        editor.post(f"{OFFICE}{row.pk}/status/", {"do": do})
    assert {message.user for message in Message.objects.all()} == {concerned, clerk}
    assert Message.objects.count() == 2


def test_a_municipality_is_told_for_the_structures_of_its_own_bodies(thessaly: Area) -> None:
    """Its people keep those entries, without belonging to the body."""
    town = factories.municipality()
    home = factories.body(kind=Body.Kind.MUNICIPALITY, municipality=town)
    group = factories.term("roma", inside=Vocabulary.Name.TARGET_GROUPS)
    factories.offer(factories.structure(body=home)).target_groups.add(group)
    study = factories.study(target_groups=["roma"])
    keeper = factories.municipal_editor(town)
    assert set(actions.keepers_concerned(study)) == {keeper}
