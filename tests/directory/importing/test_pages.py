from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from entaxis.accounts.models import User
from entaxis.core import tabular
from entaxis.directory import tasks
from entaxis.directory.importing import runs, vault
from entaxis.directory.models import ImportRun, ImportSource, Structure
from entaxis.geography.models import Area
from tests import factories
from tests.core.tabular import evil
from tests.directory.importing.test_bringing_in import ROW, SECRETS, SHELTER

HOST = {"host": "thessaly.localhost"}
START = "/el/office/imports/"


@pytest.fixture
def editor(thessaly: Area) -> Client:
    client = Client(headers=HOST)
    client.force_login(factories.editor(thessaly))
    return client


@pytest.fixture
def chief(administrator: User) -> Client:
    client = Client(headers=HOST)
    client.force_login(administrator)
    return client


def _table(*rows: dict[str, str]) -> bytes:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return tabular.csv_bytes(headings, [[row.get(h, "") for h in headings] for row in rows])


def _upload(client: Client, content: bytes, **fields: str) -> Any:
    table = SimpleUploadedFile("δομές.csv", content)
    return client.post(START, {"table": table, "source": "Δήμος Βόλου"} | fields)


def _uploaded(client: Client, *rows: dict[str, str]) -> tuple[ImportRun, str]:
    response = _upload(client, _table(*rows))
    assert response.status_code == 302
    return ImportRun.objects.get(), response.url


def _kept_files() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT count(*) FROM directory_sealed.import_file")
        count = cursor.fetchone()[0]
        cursor.execute("SET LOCAL ROLE entaxis_web")
    return int(count)


def test_from_the_upload_to_the_result_and_back(editor: Client) -> None:
    run, address = _uploaded(editor, ROW, ROW | {"code": "8", "name": "Β", "latitude": "", "longitude": ""})
    page = editor.get(address).content.decode()
    assert "Δεν έχει αλλάξει τίποτα" in page
    assert "Κοινωνικό Φαρμακείο" in page
    assert not Structure.objects.exists()
    assert editor.post(f"{address}confirm/").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.created_count) == ("done", 2)
    assert Structure.objects.count() == 2
    assert _kept_files() == 0
    assert f"{address}undo/" in editor.get(address).content.decode()
    assert "2 δομές" in editor.get(f"{address}undo/").content.decode()
    editor.post(f"{address}undo/")
    assert not Structure.objects.exists()
    assert editor.get(f"{address}undo/").status_code == 404


def test_rows_with_problems_are_shown_and_given_back(editor: Client) -> None:
    run, address = _uploaded(editor, ROW, ROW | {"code": "8", "name": "Β", "hours": "ποτέ"})
    page = editor.get(address).content.decode()
    assert "ποτέ" in page
    editor.post(f"{address}confirm/")
    run.refresh_from_db()
    assert run.state == "checked"  # all or nothing, unless one says otherwise
    editor.post(f"{address}confirm/", {"accept_valid": "1"})
    assert Structure.objects.count() == 1
    rejected = editor.get(f"{address}rejected.csv")
    assert rejected.content.decode("utf-8-sig").count("\r\n") == 2
    other = Client(headers=HOST)
    other.force_login(factories.editor(run.region))
    assert other.get(f"{address}rejected.csv").status_code == 404


def test_strange_headings_are_explained_once(editor: Client) -> None:
    rows = ({"Φ1": "Α", "Φ2": "Κ.Κ.", "Φ3": "Βόλος"},)
    run, address = _uploaded(editor, *rows)
    page = editor.get(address).content.decode()
    assert "Λείπουν στήλες" in page
    assert 'name="heading_0"' in page
    twice = editor.post(f"{address}headings/", {"heading_0": "name", "heading_1": "name", "heading_2": ""})
    assert twice.status_code == 422
    assert editor.post(f"{address}headings/", {"heading_0": "drop"}).status_code == 422
    editor.post(
        f"{address}headings/", {"heading_0": "name", "heading_1": "kind", "heading_2": "municipality"}
    )
    run.refresh_from_db()
    assert (run.state, run.created_count) == ("checked", 1)
    assert ImportSource.objects.get().mapping == {"Φ1": "name", "Φ2": "kind", "Φ3": "municipality"}
    editor.post(f"{address}discard/")
    again = ImportRun.objects.get(pk=_upload(editor, _table(*rows)).url.split("/")[-2])
    assert (again.state, again.created_count) == ("checked", 1)


def test_a_memory_that_misleads_is_shown_and_can_be_forgotten(editor: Client) -> None:
    row = {"Όνομα": "Α", "Είδος": "Κ.Κ.", "Δήμος": "Βόλος", "Σχόλια": "Ωραίο"}
    run, address = _uploaded(editor, row)
    meant = {"heading_0": "name", "heading_1": "kind", "heading_2": "municipality", "heading_3": "body"}
    editor.post(f"{address}headings/", meant)
    editor.post(f"{address}discard/")
    del row["Δήμος"]
    again = _upload(editor, _table(row | {"Πόλη": "Βόλος", "Δήμος Έδρας": "Βόλος"})).url
    page = editor.get(again).content.decode()
    assert "“Σχόλια” → Αρμόδιος φορέας" in page
    assert "όχι σε αυτόν τον πίνακα" in page
    other = Client(headers=HOST)
    other.force_login(factories.editor(run.region))
    assert other.post(f"{again}forget/").status_code == 404
    assert f"{again}forget/" in page
    assert editor.post(f"{again}forget/").status_code == 302
    assert ImportSource.objects.get().mapping == {}
    page = editor.get(again).content.decode()
    assert "όχι σε αυτόν τον πίνακα" not in page
    assert f"{again}forget/" not in page


def test_no_memory_makes_the_street_of_a_shelter_a_public_word(editor: Client, chief: Client) -> None:
    _, address = _uploaded(editor, {"name": "Α", "kind": "Κ.Κ.", "municipality": "Βόλος", "street": "Ρήγα"})
    poison = {"heading_0": "name", "heading_1": "kind", "heading_2": "municipality"}
    editor.post(f"{address}headings/", poison | {"heading_3": "description"})
    editor.post(f"{address}discard/")
    shelter = {key: SHELTER[key] for key in ("name", "kind", "municipality", "street", "telephone")}
    again = _upload(chief, _table(shelter)).url
    page = chief.get(again).content.decode()
    chief.post(f"{again}confirm/", {"accept_valid": "1"})
    assert not Structure.objects.exists()
    assert SHELTER["street"] not in page


def test_the_memory_of_a_source_stays_in_its_region(editor: Client, thessaly: Area) -> None:
    south = Area.objects.get(code="EL65")
    ImportSource.objects.create(region=south, name="Δήμος Βόλου", mapping={"Όνομα": "", "Φ": "name"})
    run, _ = _uploaded(editor, {"Όνομα": "Α", "Είδος": "Κ.Κ.", "Δήμος": "Βόλος"})
    assert (run.state, run.created_count) == ("checked", 1)
    assert (run.source.region, run.source.mapping) == (thessaly, {})


def test_a_place_is_chosen_on_the_picture_or_by_coordinates(editor: Client) -> None:
    far = {key: value for key, value in ROW.items() if key not in {"latitude", "longitude"}}
    _, address = _uploaded(editor, far, far | {"code": "8", "name": "Β"})
    place = f"{address}places/2/"
    assert place in editor.get(address).content.decode()
    page = editor.get(place).content.decode()
    assert 'type="image"' in page
    assert editor.get(f"{address}places/2.svg")["Content-Type"] == "image/svg+xml"
    wrong = editor.post(place, {"latitude": "39.64", "longitude": "22.41"})
    assert wrong.status_code == 422
    assert editor.post(place, {"latitude": "x", "longitude": "22.9"}).status_code == 422
    assert editor.post(place, {"picture.x": "100", "picture.y": "120"}).url.endswith("/places/3/")
    assert editor.post(f"{address}places/3/", {"latitude": "39.37", "longitude": "22.95"}).url == address
    assert (
        editor.post(f"{address}places/99/", {"latitude": "39.37", "longitude": "22.95"}).status_code == 404
    )
    editor.post(f"{address}confirm/")
    first, second = Structure.objects.order_by("external_id")
    assert first.point_quality == second.point_quality == "exact"
    assert second.point is not None
    assert second.point.coords == (22.95, 39.37)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "άδειο"),
        (b"%PDF-1.7", "έγγραφο PDF"),
        (b"<html><script>alert(1)</script>", "ιστοσελίδα"),
        (evil.package({"a": b"\0" * 60_000_000}), "αποσυμπιέζεται"),
    ],
)
def test_an_upload_that_is_no_table_gets_a_sentence(editor: Client, content: bytes, sentence: str) -> None:
    response = _upload(editor, content)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (evil.workbook(evil.sheet("", before="<!DOCTYPE x>")), "DOCTYPE"),
        (b'name;kind\n"a;b\n', "εισαγωγικά"),
        (b"name;kind\na\0;b\n", "μηδενικό"),
        (b"name;kind\n", "καμία γραμμή"),
    ],
)
def test_a_table_that_cannot_be_read_says_why_and_changes_nothing(
    editor: Client, content: bytes, sentence: str
) -> None:
    page = editor.get(_upload(editor, content).url).content.decode()
    assert sentence in page
    assert not Structure.objects.exists()


def test_a_large_table_is_a_task(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "AT_ONCE_BYTES", 10)
    run, address = _uploaded(editor, ROW)
    assert run.state == "queued"
    waiting = editor.get(address)
    assert waiting["Refresh"]
    assert "queued" not in waiting.content.decode()
    tasks.look_at_table(run=str(run.pk), by=str(run.person_id))
    editor.post(f"{address}confirm/")
    run.refresh_from_db()
    assert run.state == "queued"
    tasks.bring_table_in(run=str(run.pk), by=str(run.person_id))
    assert Structure.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY id")
        assert [row[0] for row in cursor.fetchall()] == [
            "directory.look_at_table",
            "directory.bring_table_in",
        ]


def test_what_changed_meanwhile_is_looked_at_again(editor: Client, bring_in: Callable[..., Any]) -> None:
    run, address = _uploaded(editor, ROW)
    factories.structure(name_el=ROW["name"])
    editor.post(f"{address}confirm/")
    run.refresh_from_db()
    assert run.state == "uploaded"
    assert "άλλαξε όσο" in editor.get(address).content.decode()
    assert Structure.objects.count() == 1


def test_a_shelter_leaves_no_trace_on_the_pages(editor: Client, chief: Client) -> None:
    _, address = _uploaded(editor, SHELTER | {"hours": "λάθος"})
    page = editor.get(address).content.decode()
    assert "μόνο διαχειριστής" in page
    assert not any(secret in page for secret in SECRETS if secret != "Λάρισα")
    editor.post(f"{address}discard/")
    ImportRun.objects.all().delete()
    run, address = _uploaded(chief, SHELTER)
    assert not any(secret in chief.get(address).content.decode() for secret in SECRETS)
    chief.post(f"{address}confirm/")
    run.refresh_from_db()
    assert run.state == "done"
    assert not any(secret in chief.get(address).content.decode() for secret in SECRETS)
    assert len(vault.places([Structure.objects.get().pk])) == 1


def test_another_regions_run_is_not_there(editor: Client, thessaly: Area) -> None:
    run, address = _uploaded(editor, ROW)
    south = Client(headers={"host": "peloponnese.localhost"})
    south.force_login(factories.editor(Area.objects.get(code="EL65")))
    assert south.get(address).status_code == 404
    assert south.post(f"{address}confirm/").status_code == 404
    run.refresh_from_db()
    assert run.state == "checked"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_given(editor: Client, kind: str) -> None:
    response = editor.get(f"{START}template.{kind}")
    assert response.status_code == 200
    assert len(response.content) > 800


def test_english_pages_speak_english(editor: Client) -> None:
    _, address = _uploaded(editor, ROW | {"hours": "ποτέ"})
    page = editor.get(address.replace("/el/", "/en/")).content.decode()
    assert "was not understood" in page
    assert "Δοκιμάστε" not in page


def test_another_editor_reads_no_columns_of_a_table_that_an_administrator_brought(
    editor: Client, chief: Client
) -> None:
    run, address = _uploaded(chief, SHELTER)
    assert editor.post(f"{address}headings/", {}).status_code == 404
    run.refresh_from_db()
    assert run.state == "checked"
