"""Tables of statistics and counts by sub-group: judged like files of persons, contradictions named."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import Workbook

from entaxis.geography.models import Area
from entaxis.sources import aggregates, contradicting
from entaxis.sources.importing import actions, tables, values, vault
from entaxis.sources.importing.problems import RejectedError, SourceRefusedError, read_back
from entaxis.sources.models import Contradiction, Measure, Source, SourceEdition, TableValue
from tests import factories
from tests.sources import files

pytestmark = pytest.mark.django_db
State = SourceEdition.State
Bring = Callable[..., SourceEdition]


@pytest.fixture
def table(gmi: Source) -> Source:
    Measure.objects.create(key="unemployed", name_el="Άνεργοι", name_en="Unemployed", unit="persons")
    Measure.objects.create(key="rate", name_el="Ποσοστό", name_en="Rate", unit="percent")
    return factories.source("elstat", kind="national_table")


@pytest.fixture
def bring(table: Source, tmp_path: Path) -> Bring:
    number = iter(range(100))

    def bring(text: str, *, of: Source | None = None, **facts: Any) -> SourceEdition:
        path = tmp_path / f"{next(number)}.csv"
        path.write_text(text, encoding="utf-8")
        said = {"Άνεργοι": "measure:unemployed", "%": "measure:rate"} | facts.pop("columns", {})
        return actions.bring_in(source=of or table, path=path, by=None, columns=said, **facts)

    return bring


def found_in(bring: Bring, text: str, **facts: Any) -> list[tuple[str, int | None]]:
    with pytest.raises(RejectedError) as caught:
        bring(text, **facts)
    return [(each.key, each.line) for each in caught.value.findings.problems]


def test_merged_cells_of_a_table_are_named(table: Source, tmp_path: Path) -> None:
    book = Workbook()
    for cells in (("Δήμος", "Έτος", "Άνεργοι"), ("Βόλου", 2023, 12), (None, 2022, 9)):
        book.active.append(cells)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "merged.xlsx")
    with pytest.raises(RejectedError) as caught:
        actions.bring_in(
            source=table,
            path=tmp_path / "merged.xlsx",
            by=None,
            columns={"Άνεργοι": "measure:unemployed"},
        )
    named = {each.key: each.line for each in caught.value.findings.problems}
    assert named["merged_cells"] == 2
    assert not TableValue.objects.exists()


def _titled(path: Path) -> Path:
    """A workbook as ministries send it: a merged title, an empty row, the headings, the rows."""
    book = Workbook()
    for cells in (
        ("Εγγεγραμμένα στοιχεία 2023",), (), ("Δήμος", "Έτος", "Άνεργοι"), ("Βόλου", 2023, 12)
    ):  # fmt: skip
        book.active.append(cells)
    book.active.merge_cells("A1:C1")
    book.save(path)
    return path


def test_titles_above_the_headings_are_skipped_and_said(table: Source, tmp_path: Path) -> None:
    edition = actions.bring_in(source=table, path=_titled(tmp_path / "titled.xlsx"), by=None)
    assert (edition.rows_read, edition.rows_kept, edition.state) == (1, 1, State.STAGED)
    said = [str(note) for note in read_back(edition.report, "notes")]
    assert any("γραμμή 1 " in note and "Εγγεγραμμένα στοιχεία 2023" in note for note in said)


@pytest.mark.parametrize("title", ["Άνεργοι, έτος 2023", "Άνεργοι;;"])
def test_a_title_stands_above_a_text_too(bring: Bring, title: str) -> None:
    edition = bring(f"{title}\n\nΔήμος;Έτος;Άνεργοι\nΒόλου;2023;12\n")
    assert (edition.rows_read, edition.rows_kept) == (1, 1)


def test_where_no_row_has_the_headings_the_first_rows_are_described_once(
    table: Source, tmp_path: Path
) -> None:
    book = Workbook()
    for cells in (("Στοιχεία",), ("Κάτι", "Άλλο"), ("Βόλου", 2023)):
        book.active.append(cells)
    book.active.merge_cells("A1:C1")
    book.save(tmp_path / "a.xlsx")
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(factories.region_administrator(table.region))
    upload = SimpleUploadedFile("a.xlsx", (tmp_path / "a.xlsx").read_bytes())
    page = client.post(f"/el/office/sources/{table.pk}/file/", {"table": upload}).content.decode()
    assert page.count("A1:C1") == 1
    found = re.search(r"λείπουν: [^<]*", page)
    assert found
    assert "γραμμή 1: 1 × κείμενο, 0 × αριθμός, γραμμή 2: 2 × κείμενο" in found[0]


def test_a_table_is_told_by_area_period_and_breakdown(bring: Bring, table: Source) -> None:
    edition = bring(
        "Δήμος;Έτος;Φύλο;Ηλικία;Άνεργοι;%\nΒόλου;2023;Γ;15-24;1.234;12,5\n"
        "ΠΕ Λάρισας;2023;Α;65+;10;..\nΛαρισαίων;2023;;;7;1,0\n"
    )
    assert edition.state == State.STAGED
    assert not TableValue.objects.exists()
    actions.make_current(edition=edition, by=None)
    rows = TableValue.objects.values_list("measure__key", "area__level", "period", "breakdown", "value")
    assert sorted((m, level, p, b, float(v)) for m, level, p, b, v in rows) == [
        ("rate", "municipality", "2023", "", 1.0),
        ("rate", "municipality", "2023", "age=15-24;sex=f", 12.5),
        ("unemployed", "municipality", "2023", "", 7.0),
        ("unemployed", "municipality", "2023", "age=15-24;sex=f", 1234.0),
        ("unemployed", "regional_unit", "2023", "age=65+;sex=m", 10.0),
    ]
    notes = {note.key for note in read_back(edition.report, "notes")}
    assert {"not_available", "municipalities_absent"} <= notes
    told = aggregates.table_values(table.region, "unemployed")
    assert set(told["area"]) == {"2401", "22", "2201"}
    assert set(told["licence"]) == {"Για δοκιμές"}


def test_a_table_with_numbers_of_persons_is_refused(bring: Bring) -> None:
    heads = "Δήμος;Έτος;Άνεργοι;Σχόλιο\n"
    names = ("Βόλου", "Λαρισαίων", "Τρικκαίων")
    told = heads + "".join(f"{name};2023;5;{files.amka(at)}\n" for at, name in enumerate(names))
    assert found_in(bring, told) == [("amka_column", 2)]
    told = heads + f"Βόλου;2023;5;\nΛαρισαίων;2023;5;της {files.amka(9)} στον Βόλο\n"
    assert found_in(bring, told) == [("in_words", 3)]
    for report in SourceEdition.objects.values_list("report", flat=True):
        assert not re.search(r"\d{9}", str(report))
    assert bring(told, columns={"Σχόλιο": ""}).state == State.STAGED
    assert not TableValue.objects.exists()


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Βόλου;2023;-5;1,5", "negative"),
        ("Βόλου;2023;5;101,5", "percent_over"),
        ("Βόλου;2023;5,5;1,5", "not_whole"),
        ("Βόλου;2023;1,234.56;1,5", "not_whole"),
        ("Βόλου;κάποτε;5;1,5", "month"),
        (";2023;5;1,5", "required"),
        ("Σύνολο;2023;5;1,5", "total_row"),
        ("Καρδίτσας;2023;5;1,5", "cell_twice"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(bring: Bring, line: str, key: str) -> None:
    text = f"Δήμος;Περίοδος;Άνεργοι;%\nΚαρδίτσας;2023;1;1,5\n{line}\n"
    assert set(found_in(bring, text)) == {(key, 3)}
    assert SourceEdition.objects.get().state == State.REFUSED


@pytest.mark.parametrize(
    ("numbers", "key"),
    [
        ("1.234;12,5|1.500;7,2|1,100;8,1", "number_both_ways"),
        ("1234;12,5|1500;7,2|1100;15.2", "decimal_both_ways"),
        ("1234;12,5|1500;7,2|κείμενο;3,1", "number"),
        ("1234;12,5|1500;7,2|12,5;3,1", "not_whole"),
    ],
)
def test_numbers_of_a_table_are_judged_by_what_they_count(bring: Bring, numbers: str, key: str) -> None:
    towns = ("Βόλου", "Λαρισαίων", "Τρικκαίων")
    rows = "".join(f"{town};2023;{cells}\n" for town, cells in zip(towns, numbers.split("|"), strict=True))
    assert found_in(bring, f"Δήμος;Έτος;Άνεργοι;%\n{rows}") == [(key, 4)]


def test_a_count_of_thousands_is_not_ambiguous(bring: Bring) -> None:
    edition = bring("Δήμος;Έτος;Άνεργοι\nΒόλου;2023;9.000\nΛαρισαίων;2023;7.777\nΤρικκαίων;2023;5.740\n")
    actions.make_current(edition=edition, by=None)
    assert sorted(TableValue.objects.values_list("value", flat=True)) == [5740, 7777, 9000]


def test_totals_must_be_the_sum_of_their_rows(bring: Bring) -> None:
    text = "Δήμος;Έτος;Άνεργοι\nΒόλου;2023;5\nΛάρισα;2023;6\nΣύνολο;2023;{}\n"
    left = {"options": {"leave_out_totals": True}}
    assert found_in(bring, text.format(12), **left) == [("total_differs", 4)]
    assert bring(text.format(11), **left).rows_left_out == 1


def test_a_doubtful_place_waits_in_tables_as_well(bring: Bring) -> None:
    edition = bring("Δήμος;Έτος;Άνεργοι\nΒόλου;2023;5\nΜέση;2023;6\n")
    assert edition.state == State.WAITING
    question = edition.questions.get()
    assert (question.rows, question.first_line) == (1, 3)
    actions.decide(question=question, area=Area.objects.municipalities().get(code="2201"), by=None)
    edition.refresh_from_db()
    actions.make_current(edition=edition, by=None)
    assert set(TableValue.objects.values_list("area__code", flat=True)) == {"2401", "2201"}


def test_two_sources_that_contradict_are_decided_by_a_person(bring: Bring, table: Source) -> None:
    text = "Δήμος;Έτος;Άνεργοι\nΒόλου;2023;5\nΛάρισα;2023;6\n"
    other = factories.source("dypa", kind="national_table")
    actions.make_current(edition=bring(text), by=None)
    actions.make_current(edition=bring(text.replace(";6", ";8"), of=other), by=None)
    contradiction = Contradiction.objects.get()
    assert contradicting.waiting(table.region) == 1
    told = aggregates.table_values(table.region, "unemployed")
    assert set(told.filter(told["is_disputed"])["area"]) == {"2201"}
    by = factories.user()
    with pytest.raises(ValueError, match="reason"):
        contradicting.decide(contradiction=contradiction, believed=other, reason=" ", by=by)
    contradicting.decide(contradiction=contradiction, believed=other, reason="newer", by=by)
    told = aggregates.table_values(table.region, "unemployed")
    assert sorted(told.select("area", "value", "is_disputed").iter_rows()) == [
        ("2201", 8.0, False),
        ("2401", 5.0, False),  # both say so
        ("2401", 5.0, False),
    ]


def test_a_newer_edition_takes_the_place_of_a_tables_values(bring: Bring) -> None:
    text = "Δήμος;Έτος;Άνεργοι\nΒόλου;2023;5\n"
    actions.make_current(edition=bring(text), by=None)
    actions.make_current(edition=bring(text.replace(";5", ";9")), by=None)
    assert [int(each.value) for each in TableValue.objects.all()] == [9]
    assert not Contradiction.objects.exists()


def test_counts_by_sub_group_stay_under_seal(bring: Bring) -> None:
    Measure.objects.create(
        key="beneficiaries", name_el="Ωφελούμενοι", name_en="Beneficiaries", unit="persons"
    )
    counts = factories.source("subgroup_counts")
    edition = bring(
        "Δήμος;Έτος;Υποομάδα;Μέγεθος;Τιμή\nΒόλου;2023;Ρομά;beneficiaries;3\nΛάρισα;2023;G5.1;beneficiaries;40\n",
        of=counts,
        columns={"Άνεργοι": "", "%": ""},
    )
    actions.make_current(edition=edition, by=None)
    assert not TableValue.objects.exists()
    told = aggregates.subgroup_counts(counts.region)
    assert sorted(told.select("municipality", "subgroup", "value").iter_rows()) == [
        ("2201", "homeless", 40.0),
        ("2401", "roma", 3.0),
    ]
    actions.discard(edition=edition)
    assert vault.count(edition.pk) == 0
    assert aggregates.subgroup_counts(counts.region).is_empty()


def test_a_municipality_with_a_bad_cell_is_not_said_to_be_absent(bring: Bring) -> None:
    with pytest.raises(RejectedError) as caught:
        bring("Δήμος;Έτος;Άνεργοι\nΒόλου;2023;κακό\nΛαρισαίων;2023;5\nΚάπου;2023;κακό\n")
    findings = caught.value.findings
    absent = next(each for each in findings.notes if each.key == "municipalities_absent")
    assert "Βόλου" not in absent.facts["names"]
    assert [(each.value, each.line) for each in findings.places] == [("Κάπου", 4)]


def test_columns_of_a_table_are_needed(bring: Bring) -> None:
    with pytest.raises(SourceRefusedError) as caught:
        bring("Κάτι;Άνεργοι\n1;2\n")
    assert caught.value.problem.key == "columns_missing"
    with pytest.raises(SourceRefusedError) as caught:
        bring("Δήμος;Έτος;Χ\n1;2;3\n", columns={"Χ": "measure:nothing"})
    assert caught.value.problem.key == "mapping_unknown"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        *[("2023", "2023"), ("2023-Q1", "2023-Q1"), ("Q4 2023", "2023-Q4"), ("1ο τρίμηνο 2023", "2023-Q1")],
        *[("Μάρτιος 2023", "2023-03"), ("2023/11", "2023-11")],
    ],
)
def test_periods(text: str, period: str) -> None:
    assert tables.period_of({"period": text}) == period
    first, last = tables.span(period)
    assert first <= last
    assert (last - first).days in {27, 29, 30, 88, 89, 90, 91, 364}


def test_ages_and_values_out_of_range_are_faults() -> None:
    with pytest.raises(values.Fault):
        tables.age("νέοι")
    assert tables.age("15–24 ετών") == "15-24"
    assert tables.age("65 και άνω") == "65+"


def test_the_web_may_not_read_staged_cells(bring: Bring) -> None:
    bring("Δήμος;Έτος;Άνεργοι\nΒόλου;2023;5\n")
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("SELECT * FROM sources_sealed.cell")


def test_measures_are_named_and_contradictions_decided_on_pages(
    bring: Bring, table: Source, queries_stay
) -> None:
    chief = Client(headers={"host": "thessaly.localhost"})
    chief.force_login(factories.region_administrator(table.region))
    start = "/el/office/sources/"
    beds = {"name_el": "Κλίνες", "name_en": "Beds", "key": "beds", "unit": "number"}
    assert chief.post(f"{start}measures/", beds).status_code == 302
    assert chief.post(f"{start}measures/", beds).status_code == 422
    said = {"columns": "Κλίνες = measure:beds"}
    assert chief.post(f"{start}{table.pk}/reading/", said).status_code == 302
    assert chief.post(f"{start}{table.pk}/reading/", {"columns": "Α = amka"}).status_code == 422
    other = factories.source("dypa", kind="national_table")
    codes = [
        f"{code}"
        for code in Area.objects.municipalities().filter(region=table.region).values_list("code", flat=True)
    ]

    def grow(_number: int) -> None:
        for value, of in ((5, table), (6, other)):
            lines = "".join(f"{code};2023;{value}\n" for code in codes[: 1 if _number == 1 else 25])
            actions.make_current(edition=bring(f"Δήμος;Έτος;Άνεργοι\n{lines}", of=of), by=None)

    queries_stay(grow=grow, read=lambda: chief.get(f"{start}contradictions/"))
    assert Contradiction.objects.filter(decided_at=None).count() == 25
    row = f"{start}contradictions/{Contradiction.objects.all()[0].pk}/"
    assert chief.post(row, {"source": str(other.pk), "reason": ""}).status_code == 422
    assert chief.post(row, {"source": str(other.pk), "reason": "νεότερη"}).status_code == 302
    assert contradicting.waiting(table.region) == 0
    peloponnese = Client(headers={"host": "peloponnese.localhost"})
    foreign = factories.region_administrator(Area.objects.regions().get(code="EL65"))
    peloponnese.force_login(foreign)
    assert peloponnese.get(row).status_code == 404
