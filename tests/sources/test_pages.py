"""The office's pages of sources: a file from the upload to being in force, and what is refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entaxis.geography.models import Area
from entaxis.sources import aggregates
from entaxis.sources.importing import vault
from entaxis.sources.models import BenefitParameters, Measure, Source, SourceEdition
from tests import factories
from tests.sources import files
from tests.sources.files import row

pytestmark = pytest.mark.django_db
HOST = {"host": "thessaly.localhost"}
START = "/el/office/sources/"
State = SourceEdition.State


@pytest.fixture
def chief(gmi: Source) -> Client:
    client = Client(headers=HOST)
    client.force_login(factories.region_administrator(gmi.region))
    return client


@pytest.fixture
def upload(chief: Client, gmi: Source, tmp_path) -> Callable[..., Any]:
    def upload(rows: list[dict[str, str]], **fields: str) -> Any:
        content = files.write(tmp_path / "a.csv", rows).read_bytes()
        table = SimpleUploadedFile("αρχείο.csv", content)
        return chief.post(f"{START}{gmi.pk}/file/", {"table": table} | fields)

    return upload


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_source_is_defined_and_a_file_comes_in_force(
    chief: Client, upload: Callable[..., Any], gmi: Source
) -> None:
    facts = {
        "name_el": "Ανεργία",
        "kind": "gmi",
        "key": "second",
        "publisher": "ΟΠΕΚΑ",
        "licence": "Πρωτόκολλο",
        "frequency": "monthly",
    }
    assert chief.post(f"{START}new/", facts).status_code == 302
    assert chief.post(f"{START}new/", facts).status_code == 422
    response = upload([row(1), row(2, municipality="Κάπου"), row(3, municipality="Αλλού")])
    assert response.status_code == 302
    page = chief.get(response.url)
    assert "no-store" in page["Cache-Control"]
    assert "Κάπου" in text_of(page)
    edition = SourceEdition.objects.get()
    first, second = edition.questions.order_by("pk")
    volos = Area.objects.municipalities().get(code="2401")
    chief.post(f"{response.url}in-force/")
    edition.refresh_from_db()
    assert edition.state == State.WAITING
    answers = {f"q{first.pk}-place": str(volos.pk), f"q{second.pk}-place": "out"}
    assert chief.post(f"{response.url}places/", answers).status_code == 302
    assert chief.post(f"{response.url}in-force/").status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.rows_kept, edition.rows_left_out) == (State.CURRENT, 2, 1)
    assert "σε ισχύ" in text_of(chief.get(f"{START}{gmi.pk}/"))
    assert chief.get(f"{response.url}discard/").status_code == 200
    assert chief.post(f"{response.url}discard/").status_code == 302
    assert vault.count(edition.pk) == 0


def test_a_decision_on_a_place_is_changed_until_the_file_is_in_force(
    chief: Client, upload: Callable[..., Any]
) -> None:
    url = upload([row(1), row(2, municipality="Κάπου"), row(3, municipality="Αλλού")]).url
    assert "προαιρετικό" not in text_of(chief.get(url))
    edition = SourceEdition.objects.get()
    here, there = edition.questions.order_by("text")[1], edition.questions.order_by("text")[0]
    volos, larisa = (Area.objects.municipalities().get(code=code) for code in ("2401", "2201"))
    chief.post(f"{url}places/", {f"q{here.pk}-place": "out", f"q{there.pk}-place": ""})
    assert edition.questions.filter(decided_at=None).get() == there, "one may be decided before the other"
    chief.post(f"{url}places/", {f"q{here.pk}-place": str(volos.pk), f"q{there.pk}-place": str(volos.pk)})
    assert "selected>" in chief.get(url).content.decode()
    chief.post(f"{url}places/", {f"q{here.pk}-place": str(larisa.pk), f"q{there.pk}-place": "out"})
    chief.post(f"{url}in-force/")
    edition.refresh_from_db()
    assert (edition.state, edition.rows_kept, edition.rows_left_out) == (State.CURRENT, 2, 1)
    told = aggregates.beneficiaries(edition.source.region, "gmi")
    assert dict(told.select("municipality", "persons").iter_rows()) == {"2401": 1, "2201": 1}
    chief.post(f"{url}places/", {f"q{here.pk}-place": str(volos.pk)})
    here.refresh_from_db()
    assert here.area == larisa


def test_a_file_of_a_synthetic_source_is_synthetic(upload: Callable[..., Any], gmi: Source) -> None:
    Source.objects.update(is_synthetic=True)
    upload([row(1)])
    assert SourceEdition.objects.get().is_synthetic


def test_in_a_demonstration_no_file_is_real(
    chief: Client, upload: Callable[..., Any], gmi: Source, settings: Any
) -> None:
    settings.MODE = "demo"
    facts = {"name_el": "Ανεργία", "kind": "gmi", "key": "second", "publisher": "Α", "licence": "Α"}
    chief.post(f"{START}new/", facts | {"frequency": "monthly"})
    assert Source.objects.get(key="second").is_synthetic
    upload([row(1)])
    assert SourceEdition.objects.get().is_synthetic
    assert not gmi.is_synthetic
    assert "συνθετικά" in text_of(chief.get(f"{START}{gmi.pk}/"))


def test_a_bad_file_is_named_without_any_number(chief: Client, upload: Callable[..., Any]) -> None:
    wrong = "01018099999"
    response = upload([row(1), row(2, amka=wrong), row(3, amount="-5,00")])
    page = text_of(chief.get(response.url))
    assert "2 προβλήματα" in page
    assert "-5,00" in page
    assert wrong not in page
    table = chief.get(f"{response.url}problems.csv").content.decode("utf-8-sig")
    assert table.count("\n") == 3
    assert wrong not in table


def test_doubtful_places_are_named_beside_other_problems(chief: Client, upload: Callable[..., Any]) -> None:
    response = upload([row(1, municipality="Κάπου"), row(2, amount="-5,00")])
    page = text_of(chief.get(response.url))
    assert "1 πρόβλημα" in page
    assert "Αμφίβολοι τόποι" in page
    assert "Κάπου" in page
    table = chief.get(f"{response.url}problems.csv").content.decode("utf-8-sig")
    assert "2;Δήμος;Κάπου;" in table


def test_what_is_no_table_is_refused_on_the_page(chief: Client, gmi: Source) -> None:
    for content in (b"", b"%PDF-1.7 nothing", "Α;Β\n1;2\n".encode()):
        table = SimpleUploadedFile("a.csv", content)
        assert chief.post(f"{START}{gmi.pk}/file/", {"table": table}).status_code == 422
    assert not SourceEdition.objects.exists()


def test_a_month_outside_the_stated_period_is_a_problem(chief: Client, upload: Callable[..., Any]) -> None:
    assert upload([row(1)], since="2024-05").status_code == 422
    assert upload([row(1)], since="2024-05", until="2024-01").status_code == 422
    page = text_of(chief.get(upload([row(1)], since="2024-04", until="2024-05").url))
    assert "2024-04" in page


def test_a_reading_is_said_on_a_page(chief: Client, gmi: Source) -> None:
    url = f"{START}{gmi.pk}/reading/"
    assert chief.post(url, {"columns": "Πόλη = κάτι"}).status_code == 422
    said = {"columns": "Πόλη = municipality\nΣχόλια =", "decimal": ",", "numbers_optional": "on"}
    assert chief.post(url, said).status_code == 302
    mapping = gmi.mappings.get()
    assert mapping.columns == {"Πόλη": "municipality", "Σχόλια": ""}
    assert (mapping.options["decimal"], mapping.options["numbers_optional"]) == (",", True)
    assert "Πόλη = Δήμος" in text_of(chief.get(url))


def test_the_fields_of_a_table_have_names(chief: Client, gmi: Source) -> None:
    Measure.objects.create(key="jobless", name_el="Άνεργοι", name_en="Unemployed", unit="persons")
    table = factories.source("elstat", kind="national_table")
    url = f"{START}{table.pk}/reading/"
    assert chief.post(url, {"columns": "Πόλη = Περιοχή\nΠλήθος = Άνεργοι"}).status_code == 302
    assert table.mappings.get().columns == {"Πόλη": "area", "Πλήθος": "measure:jobless"}
    assert "Πόλη = Περιοχή" in text_of(chief.get(url))
    content = SimpleUploadedFile("a.csv", "Α;Β\n1;2\n".encode())
    page = text_of(chief.post(f"{START}{table.pk}/file/", {"table": content}))
    assert "λείπουν: Περιοχή, Περίοδος, Τιμή" in page


def test_the_address_of_an_upload_leads_back_to_the_source(chief: Client, gmi: Source) -> None:
    assert chief.get(f"{START}{gmi.pk}/file/")["Location"] == f"{START}{gmi.pk}/"


def test_a_source_of_reports_offers_no_upload(chief: Client, gmi: Source) -> None:
    reports = factories.source("phenomena")
    page = text_of(chief.get(f"{START}{reports.pk}/"))
    assert 'type="file"' not in page
    assert "Αναφορές φαινομένων" in page


def test_amounts_need_the_text_they_stand_in(chief: Client) -> None:
    amounts = {
        "kind": "gmi",
        "valid_from": "2024-01-01",
        "first_adult_euro": "1",
        "further_adult_euro": "1",
        "minor_euro": "1",
        "citation": "",
    }
    assert chief.post(f"{START}amounts/", amounts).status_code == 422
    assert chief.post(f"{START}amounts/", amounts | {"citation": "ΦΕΚ Β΄ 1/2024"}).status_code == 302
    assert BenefitParameters.objects.get().citation == "ΦΕΚ Β΄ 1/2024"


def test_an_uploaded_file_touches_no_disk(
    chief: Client, gmi: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than Django keeps in memory by itself."""
    import tempfile

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    rows = "\n".join(f"{files.amka(n)};Βόλος;2024-01;{'-' * 400}" for n in range(1, 4000))
    table = SimpleUploadedFile("big.csv", f"ΑΜΚΑ;Δήμος;Μήνας;Κενά\n{rows}\n".encode())
    assert table.size > 1024 * 1024
    assert chief.post(f"{START}{gmi.pk}/file/", {"table": table}).status_code == 302
    assert SourceEdition.objects.get().rows_kept == 3999


def test_the_uploads_address_is_guarded_against_foreign_forms(gmi: Source) -> None:
    client = Client(headers=HOST, enforce_csrf_checks=True)
    client.force_login(factories.region_administrator(gmi.region))
    table = SimpleUploadedFile("a.csv", b"1;2\n")
    assert client.post(f"{START}{gmi.pk}/file/", {"table": table}).status_code == 403


def test_another_regions_source_is_not_there(chief: Client) -> None:
    foreign = factories.source("theirs", home=Area.objects.regions().get(code="EL65"), kind="gmi")
    edition = factories.source_edition(source=foreign)
    assert chief.get(f"{START}{foreign.pk}/").status_code == 404
    assert chief.get(f"{START}files/{edition.pk}/").status_code == 404
    assert chief.post(f"{START}files/{edition.pk}/discard/").status_code == 404


def test_pages_ask_as_much_at_thirty_rows(chief: Client, gmi: Source, queries_stay) -> None:
    queries_stay(
        grow=lambda n: [factories.source_edition(gmi.region) for _ in range(n)],
        read=lambda: chief.get(START),
    )
    queries_stay(
        grow=lambda n: [factories.source_edition(source=gmi) for _ in range(n)],
        read=lambda: chief.get(f"{START}{gmi.pk}/"),
    )


def test_a_page_of_questions_asks_as_much_at_thirty(
    chief: Client, upload: Callable[..., Any], queries_stay
) -> None:
    page = upload([row(1, municipality="Πρώτο")]).url
    edition = SourceEdition.objects.get()

    def grow(number: int) -> None:
        for _ in range(number):
            count = edition.questions.count()
            question = edition.questions.create(
                text=f"τόπος {count}", form=f"τόπος {count}", reason="unknown", rows=1, first_line=2
            )
            question.candidates.set(Area.objects.municipalities().filter(code="2401"))

    queries_stay(grow=grow, read=lambda: chief.get(page))
