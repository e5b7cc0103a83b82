"""A file of persons comes in whole or not at all, and nobody's number with it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from entaxis.core import sealed, tabular
from entaxis.geography.models import Area, AreaCrosswalk
from entaxis.sources.importing import actions, vault
from entaxis.sources.importing.problems import RejectedError, SourceRefusedError, read_back
from entaxis.sources.models import PlaceQuestion, Source, SourceEdition
from entaxis.sources.reports import rejected_csv
from tests.sources import files
from tests.sources.files import row

pytestmark = pytest.mark.django_db
Bring = Callable[..., SourceEdition]
State = SourceEdition.State


def stored(edition: SourceEdition) -> list[dict[str, Any]]:
    """The sealed rows of an edition, in the order of the file."""
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM sources_sealed.benefit_month WHERE edition_id = %s ORDER BY line", [edition.pk]
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def problems(bring: Bring, rows: list[dict[str, str]], **facts: Any) -> list[tuple[str, int, str, str]]:
    """Key, line, column and value of what a file is refused for."""
    with pytest.raises(RejectedError) as caught:
        bring(rows, **facts)
    found = caught.value.findings
    for language in ("el", "en"):
        with translation.override(language):
            assert all(str(problem) for problem in found.problems)
    return [(each.key, each.line or 0, each.column, each.value) for each in found.problems]


def test_a_file_is_staged_and_put_in_force(bring: Bring) -> None:
    edition = bring([row(1, groups="G1.1; Ρομά"), row(2, sex="Α", amount="1.054,5", household="H1")])
    assert edition.state == State.STAGED
    actions.make_current(edition=edition, by=None)
    edition.refresh_from_db()
    assert (edition.state, edition.rows_read, edition.rows_kept) == (State.CURRENT, 2, 2)
    first, second = stored(edition)
    assert (first["sex"], first["birth_year"], first["amount_cents"]) == ("f", 1980, 21_600)
    assert first["groups"] == ["physical_disability", "roma"]
    assert (second["sex"], second["amount_cents"], second["groups"]) == ("m", 105_450, [])
    assert first["household"] == second["household"]
    assert first["person"] != second["person"]
    assert Area.objects.get(pk=first["municipality_id"]).name_el == "Βόλος"


def everything() -> str:
    """Every row of every table of every schema, as its owner sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        before = cursor.fetchone()[0]
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
            "AND tablename <> 'spatial_ref_sys'"
        )
        parts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            parts += [text for (text,) in cursor.fetchall()]
        cursor.execute(f"SET ROLE {before}")
    return "\n".join(parts)


def test_no_number_stands_anywhere_in_the_database(gmi: Source, tmp_path: Path) -> None:
    """Planted numbers are looked for in everything that a backup would hold."""
    planted = [row(number) for number in range(1, 30)]
    bad = [
        row(99, amka="01018099999"),
        row(98, municipality=files.amka(98)),
        row(97, note=f"κόρη {files.amka(97)} αυτής"),
        row(96, month=files.afm(96)),
    ]
    actions.bring_in(source=gmi, path=files.write(tmp_path / f"{files.afm(5)}.csv", planted), by=None)
    with pytest.raises(RejectedError):
        actions.bring_in(source=gmi, path=files.write(tmp_path / "bad.csv", planted + bad), by=None)
    assert {each.state for each in SourceEdition.objects.all()} == {State.STAGED, State.REFUSED}
    held = everything()
    assert "•••.csv" in held
    assert "κόρη" not in held
    for each in (*planted, *bad, {"amka": files.amka(97), "afm": files.afm(5), "household": "H9"}):
        for secret in (each["amka"], each["afm"], each["household"]):
            assert not re.search(rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])", held)


def test_the_web_may_not_read_what_is_sealed(bring: Bring) -> None:
    bring([row(1)])
    for statement in (
        "SELECT * FROM sources_sealed.benefit_month",
        "DELETE FROM sources_sealed.benefit_month",
        "INSERT INTO sources_sealed.benefit_month (line) VALUES (1)",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(DatabaseError, match="permission denied"), sealed.role(sealed.CONFIDENTIAL):
        connection.cursor().execute("SELECT * FROM sources_sealed.benefit_month")


@pytest.mark.parametrize(
    ("cells", "key", "column", "value"),
    [
        ({"amka": "01018012345"}, "amka", "ΑΜΚΑ", ""),
        ({"afm": "123456789"}, "afm", "ΑΦΜ", ""),
        ({"amka": "", "afm": ""}, "number_needed", "ΑΜΚΑ", ""),
        ({"municipality": ""}, "required", "Δήμος", ""),
        ({"month": "κάποτε"}, "month", "Μήνας", "κάποτε"),
        ({"month": "Μάρτιος"}, "month_without_year", "Μήνας", "Μάρτιος"),
        ({"amount": "-216,00"}, "negative", "Ποσό", "-216,00"),
        ({"amount": "1,216.00"}, "number_both_ways", "Ποσό", "1,216.00"),
        ({"amount": "πολλά"}, "amount", "Ποσό", "πολλά"),
        ({"sex": "ίσως"}, "sex", "Φύλο", "ίσως"),
        ({"birth": "1080"}, "birth", "Έτος γέννησης", "1080"),
        ({"groups": "G77"}, "group", "Υποομάδες", "G77"),
        ({"household": "ΣΥΝΟΛΟ", "amka": "", "afm": ""}, "total_row", "Αρ. αίτησης", "ΣΥΝΟΛΟ"),
        ({"note": f"της {files.amka(9)} στον Βόλο"}, "in_words", "Παρατηρήσεις", ""),
        ({"note": f"ΑΦΜ {files.afm(77)}"}, "in_words", "Παρατηρήσεις", ""),
        ({"municipality": files.afm(9)}, "municipality_digits", "Δήμος", "•••"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    bring: Bring, cells: dict[str, str], key: str, column: str, value: str
) -> None:
    good = [row(number) for number in range(1, 5)]
    found = problems(bring, [*good, row(50, **cells)])
    assert found == [(key, 6, column, value)]
    edition = SourceEdition.objects.get()
    assert edition.state == State.REFUSED
    assert vault.count(edition.pk) == 0
    told = read_back(edition.report, "problems")
    assert [each.key for each in told] == [key]
    assert rejected_csv(told).decode("utf-8-sig").splitlines()[1].startswith("6;")


@pytest.mark.parametrize(
    ("number", "key"), [(lambda at: files.amka(at + 700), "amka_column"), (files.afm, "afm_column")]
)
def test_a_column_of_numbers_where_none_belong_is_named(
    bring: Bring, number: Callable[[int], str], key: str
) -> None:
    rows = [row(at, note=number(at)) for at in range(1, 5)]
    assert problems(bring, rows) == [(key, 2, "Παρατηρήσεις", "")]
    report = SourceEdition.objects.get().report
    assert read_back(report, "problems")[0].facts["rows"] == "2, 3, 4, 5"
    assert not any(number(at) in str(report) for at in range(1, 5))
    # a person says that it is left out: then nothing of it is looked at or kept
    assert bring(rows, columns={"Παρατηρήσεις": ""}).state == State.STAGED


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({}, "twice"),
        ({"month": "2024-04", "sex": "Α"}, "sex_differs"),
        ({"month": "2024-04", "birth": "1981"}, "birth_differs"),
        ({"month": "2024-04", "afm": files.afm(4242)}, "afm_differs"),
    ],
)
def test_rows_that_contradict_each_other_are_named(bring: Bring, cells: dict[str, str], key: str) -> None:
    assert [each[:2] for each in problems(bring, [row(1), row(2), row(1, **cells)])] == [(key, 4)]


def test_a_household_is_in_one_place_and_gets_one_amount(bring: Bring) -> None:
    two = [row(1), row(2, household="H1", municipality="Λάρισα")]
    assert [each[0] for each in problems(bring, two)] == ["household_places"]
    once = {"amount_of_household": True}
    two = [row(1, amount="324,00"), row(2, household="H1", amount="216,00")]
    assert [each[0] for each in problems(bring, two, options=once)] == ["household_amounts"]
    edition = bring([row(1, amount="324,00"), row(2, household="H1", amount="324,00")], options=once)
    assert [each["amount_cents"] for each in stored(edition)] == [32_400, 0]


def test_lost_zeros_come_back_and_old_encodings_are_read(gmi: Source, tmp_path: Path) -> None:
    rows = [
        row(
            1, amka=files.amka(1, born="050180").removeprefix("0"), afm=files.afm(1234567).removeprefix("0")
        )
    ]
    path = files.write(tmp_path / "old.csv", rows, encoding="cp1253")
    edition = actions.bring_in(source=gmi, path=path, by=None)
    assert {note.key for note in read_back(edition.report, "notes")} >= {"zeros", "households"}
    whole = [row(1, amka=files.amka(1, born="050180"), afm=files.afm(1234567), month="2024-05")]
    again = actions.bring_in(source=gmi, path=files.write(tmp_path / "new.csv", whole), by=None)
    assert stored(edition)[0]["person"] == stored(again)[0]["person"]


def test_a_row_with_an_afm_alone_is_the_person_with_that_afm(bring: Bring) -> None:
    edition = bring([row(1), row(1, amka="", month="2024-04")])
    first, second = stored(edition)
    assert first["person"] == second["person"]


def test_people_without_numbers_count_where_the_source_says_so(bring: Bring) -> None:
    rows = [row(1, amka="", afm="", household=""), row(2, amka="", afm="", household="")]
    edition = bring(rows, options={"numbers_optional": True})
    assert len({each["person"] for each in stored(edition)}) == 2
    assert edition.mapping.options["numbers_optional"]


def test_sex_and_birth_are_told_by_the_amka_where_no_column_tells(gmi: Source, tmp_path: Path) -> None:
    keys = [key for key in files.KEYS if key not in {"sex", "birth"}]
    rows = [row(1, amka=files.amka(1, born="010155", sex="m")), row(2, amka=files.amka(2, born="010115"))]
    path = files.write(tmp_path / "few.csv", rows, keys=keys)
    found = stored(actions.bring_in(source=gmi, path=path, by=None))
    assert [(each["sex"], each["birth_year"]) for each in found] == [("m", 1955), ("f", 2015)]


def test_totals_are_left_out_where_a_person_says_so(bring: Bring) -> None:
    total = row(9, amka="", afm="", household="Γενικό σύνολο", municipality="", month="")
    edition = bring([row(1), total], options={"leave_out_totals": True})
    assert (edition.rows_read, edition.rows_kept, edition.rows_left_out) == (2, 1, 1)


def test_merged_cells_are_named(gmi: Source, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(list(files.HEADINGS))
    for number in (1, 2):
        book.active.append(list(row(number).values()))
    book.active.merge_cells("F2:F3")
    book.save(tmp_path / "merged.xlsx")
    with pytest.raises(RejectedError) as caught:
        actions.bring_in(source=gmi, path=tmp_path / "merged.xlsx", by=None)
    assert {each.key for each in caught.value.findings.problems} == {"merged_cells", "required"}


# --- places -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[
            ("2401", "2401"),
            ("9103", "2301"),
            ("ΔΗΜΟΣ ΒΟΛΟΥ", "2401"),
            ("Volos", "2401"),
            ("bolos", "2401"),
        ],
        *[("Καλαμπάκας", "2602"), ("ΤΡΙΚΚΑΙΩΝ", "2601"), ("larisaiwn", "2201")],
    ],
)
def test_a_municipality_in_every_way_of_writing(bring: Bring, text: str, code: str) -> None:
    edition = bring([row(1, municipality=text)])
    assert edition.state == State.STAGED
    area = Area.objects.get(pk=stored(edition)[0]["municipality_id"])
    if text != "9103":
        assert area.code == code


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Καλαμάτας", "elsewhere"),
        ("Βώλλλος Μαγν.", "unknown"),
        ("Σαλαμίνα της Κύπρου", "unknown"),
        ("Φαρκαδώνα-Οιχαλία", "unknown"),
    ],
)
def test_a_doubtful_place_waits_for_a_person(bring: Bring, text: str, reason: str) -> None:
    edition = bring([row(1), row(2, municipality=text), row(3, municipality=text)])
    assert edition.state == State.WAITING
    question = edition.questions.get()
    assert (question.text, question.reason, question.rows, question.first_line) == (text, reason, 2, 3)
    with pytest.raises(SourceRefusedError):
        actions.make_current(edition=edition, by=None)


def test_the_former_name_of_a_municipality_that_was_split_waits_for_a_person(bring: Bring) -> None:
    former = AreaCrosswalk.objects.get(target__code="2602", source__name_el="Καλαμπάκα").source
    beside = Area.objects.municipalities().get(code="2603")
    AreaCrosswalk.objects.create(source=former, target=beside, area_share="0.4")
    edition = bring([row(1, municipality="Καλαμπάκας")])
    assert edition.state == State.WAITING
    question = edition.questions.get()
    assert question.reason == "several"
    assert {area.code for area in question.candidates.all()} == {"2602", "2603"}
    actions.decide(question=question, area=beside, by=None)
    edition.refresh_from_db()
    assert edition.state == State.STAGED
    actions.make_current(edition=edition, by=None)
    assert stored(edition)[0]["municipality_id"] == beside.pk


def test_decisions_are_kept_for_the_next_file(bring: Bring) -> None:
    odd = [row(1), row(2, municipality="Κάπου αλλού"), row(3, municipality="Έξω")]
    edition = bring(odd)
    volos = Area.objects.municipalities().get(code="2401")
    for question in edition.questions.all():
        actions.decide(question=question, area=volos if question.text == "Κάπου αλλού" else None, by=None)
    edition.refresh_from_db()
    assert (edition.state, edition.rows_kept) == (State.STAGED, 3)
    actions.make_current(edition=edition, by=None)
    edition.refresh_from_db()
    assert (edition.state, edition.rows_kept, edition.rows_left_out) == (State.CURRENT, 2, 1)
    assert {each["municipality_id"] for each in stored(edition)} == {volos.pk}
    again = bring([{**each, "month": "2024-04"} for each in odd])
    assert (again.state, again.rows_left_out) == (State.STAGED, 1)
    assert {note.key for note in read_back(again.report, "notes")} >= {"remembered", "left_out_before"}


def test_a_decision_names_a_municipality_of_the_region(bring: Bring) -> None:
    question = bring([row(1, municipality="Κάπου αλλού")]).questions.get()
    other = Area.objects.municipalities().exclude(region=question.edition.source.region)[0]
    with pytest.raises(ValueError, match="municipality"):
        actions.decide(question=question, area=other, by=None)
    assert PlaceQuestion.objects.get().decided_at is None


# --- in force ---------------------------------------------------------------------------------------


def test_a_new_edition_takes_the_place_of_those_it_covers(bring: Bring) -> None:
    march = bring([row(1)])
    actions.make_current(edition=march, by=None)
    april = bring([row(1, month="2024-04")])
    actions.make_current(edition=april, by=None)
    both = bring([row(1), row(2), row(1, month="2024-04")])
    assert set(actions.make_current(edition=both, by=None)) == {march, april}
    states = dict(SourceEdition.objects.values_list("pk", "state"))
    assert [states[each.pk] for each in (march, april, both)] == ["superseded", "superseded", "current"]
    assert [vault.count(each.pk) for each in (march, april, both)] == [0, 0, 3]


def test_months_are_never_lost_by_putting_a_shorter_file_in_force(bring: Bring) -> None:
    actions.make_current(edition=bring([row(1), row(1, month="2024-04")]), by=None)
    shorter = bring([row(2, month="2024-04")])
    with pytest.raises(SourceRefusedError) as caught:
        actions.make_current(edition=shorter, by=None)
    assert caught.value.problem.key == "would_lose"


def test_the_same_file_comes_once(gmi: Source, tmp_path: Path) -> None:
    path = files.write(tmp_path / "a.csv", [row(1)])
    actions.bring_in(source=gmi, path=path, by=None)
    with pytest.raises(SourceRefusedError) as caught:
        actions.bring_in(source=gmi, path=path, by=None)
    assert caught.value.problem.key == "known"


def test_another_key_is_refused_while_rows_of_the_former_stand(bring: Bring, settings) -> None:
    held = bring([row(1)])
    settings.PSEUDONYM_KEY = b"another key" * 6
    with pytest.raises(SourceRefusedError) as caught:
        bring([row(2)])
    assert caught.value.problem.key == "key_changed"
    actions.discard(edition=held)
    assert vault.count(held.pk) == 0
    assert bring([row(2)]).state == State.STAGED


def test_a_staging_that_was_cut_off_goes_on_where_it_stopped(
    gmi: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PIECE_ROWS", 10)
    path = files.write(tmp_path / "long.csv", [row(number) for number in range(1, 36)])
    copied = []
    whole = vault.copy

    def copy(edition, rows) -> None:
        if len(copied) == 2:
            raise KeyboardInterrupt
        copied.append(rows["line"].to_list())
        whole(edition, rows)

    monkeypatch.setattr(vault, "copy", copy)
    with pytest.raises(KeyboardInterrupt):
        actions.bring_in(source=gmi, path=path, by=None)
    begun = SourceEdition.objects.get()
    assert (begun.state, begun.pieces_done, begun.pieces_total) == (State.READING, 2, 4)
    assert vault.count(begun.pk) == 20
    copied.clear()
    monkeypatch.setattr(
        vault, "copy", lambda edition, rows: (copied.append(rows["line"].to_list()), whole(edition, rows))
    )
    edition = actions.bring_in(source=gmi, path=path, by=None)
    assert edition.pk == begun.pk
    assert [len(lines) for lines in copied] == [10, 5]
    assert [each["line"] for each in stored(edition)] == list(range(2, 37))


def test_a_staging_is_begun_anew_where_the_file_is_read_otherwise(
    gmi: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = files.write(tmp_path / "a.csv", [row(1), row(2)])
    with monkeypatch.context() as patch:
        patch.setattr(vault, "copy", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            actions.bring_in(source=gmi, path=path, by=None)
    edition = actions.bring_in(source=gmi, path=path, by=None, options={"numbers_optional": True})
    assert edition.state == State.STAGED
    assert SourceEdition.objects.filter(state=State.DISCARDED).count() == 1


# --- columns ----------------------------------------------------------------------------------------


def test_a_reading_is_kept_and_dated(gmi: Source, tmp_path: Path) -> None:
    path = tmp_path / "strange.csv"
    path.write_text(f"Αριθμός;Πόλη;Πότε;Κάτι\n{files.amka(1)};Βόλος;2024-01;άσχετο\n", encoding="utf-8")
    with pytest.raises(SourceRefusedError) as caught:
        actions.bring_in(source=gmi, path=path, by=None)
    assert caught.value.problem.key == "columns_missing"
    said = {"Αριθμός": "amka", "Πόλη": "municipality", "Πότε": "month", "Κάτι": ""}
    first = actions.bring_in(source=gmi, path=path, by=None, columns=said)
    path.write_text(path.read_text(encoding="utf-8").replace("2024-01", "2024-02"), encoding="utf-8")
    second = actions.bring_in(source=gmi, path=path, by=None)
    assert first.mapping == second.mapping
    assert [each.columns for each in gmi.mappings.all()] == [said, {}]
    with pytest.raises(SourceRefusedError):
        actions.bring_in(source=gmi, path=path, by=None, columns={"Πόλη": "amka"})


def test_a_workbook_is_read_as_well(gmi: Source, tmp_path: Path) -> None:
    rows = [list(row(number).values()) for number in range(1, 4)]
    path = tmp_path / "a.xlsx"
    with path.open("wb") as stream:
        tabular.write_workbook(stream, [tabular.Sheet("rows", list(files.HEADINGS), rows)])
    assert actions.bring_in(source=gmi, path=path, by=None).rows_kept == 3


def test_the_command_speaks_and_refuses(gmi: Source, tmp_path: Path, capsys) -> None:
    good = files.write(tmp_path / "good.csv", [row(1), row(2, municipality="Κάπου")])
    call_command("import_benefits", good, source="gmi", place=["Κάπου=2401"])
    assert "state=current" in capsys.readouterr().out
    bad = files.write(tmp_path / "bad.csv", [row(1, month="2024-05", amount="-1")])
    with pytest.raises(CommandError):
        call_command("import_benefits", bad, source="gmi", rejected=tmp_path / "out.csv", language="en")
    assert "Less than nothing" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(CommandError, match="gmi"):
        call_command("import_benefits", bad, source="nothing")
