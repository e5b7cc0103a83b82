import codecs
import random
import re
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from entaxis.core import tabular, uploads
from entaxis.core.tabular.problems import TableProblem
from entaxis.core.uploads import UploadProblem
from tests.core.tabular import evil


def _read(path: Path, content: bytes, **options: object) -> tuple[tabular.Table, list[tabular.Row]]:
    file = path / "table"
    file.write_bytes(content)
    with tabular.opened(file, **options) as table:  # type: ignore[arg-type]
        return table, list(table)


def _cells(path: Path, content: bytes, **options: object) -> list[tuple[str, ...]]:
    table, rows = _read(path, content, **options)
    return [table.headings, *(row.cells for row in rows)]


def _refusal(path: Path, content: bytes, **options: object) -> str:
    with pytest.raises(tabular.TableRefusedError) as caught:
        _read(path, content, **options)
    assert "%(" not in str(caught.value)  # its sentence got every fact
    return caught.value.problem.key


TEXT = "Όνομα;Δήμος\r\nΆννα’ς «Ήλιος»;Άργος–Βόλος\r\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1253", "Windows-1253"),
    ],
)
def test_the_encoding_is_found_and_an_unusual_one_is_told(
    tmp_path: Path, encoding: str, told: str | None
) -> None:
    table, rows = _read(tmp_path, TEXT.encode(encoding))
    assert table.headings == ("Όνομα", "Δήμος")
    assert rows[0].cells == ("Άννα’ς «Ήλιος»", "Άργος–Βόλος")
    assert [str(note.facts["encoding"]) for note in table.notes] == ([told] if told else [])


def test_windows_and_iso_greek_are_told_apart_by_their_capital_alpha(tmp_path: Path) -> None:
    text = "Όνομα;Δήμος\nΆννα;Άργος\n"
    assert _cells(tmp_path, text.encode("iso8859-7")) == _cells(tmp_path, text.encode("cp1253"))
    assert _read(tmp_path, text.encode("iso8859-7"))[0].encoding == "ISO-8859-7"


def test_a_stated_encoding_is_used_and_checked(tmp_path: Path) -> None:
    assert _cells(tmp_path, TEXT.encode("cp1253"), encoding="windows-1253")[0] == ("Όνομα", "Δήμος")
    assert _refusal(tmp_path, TEXT.encode("cp1253"), encoding="utf-8") == "encoding_stated"
    assert _refusal(tmp_path, TEXT.encode(), encoding="klingon") == "encoding_unknown"
    assert _refusal(tmp_path, TEXT.encode(), encoding="rot13") == "encoding_unknown"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_separator_is_found(tmp_path: Path, delimiter: str) -> None:
    text = f'a{delimiter}"b; , and more"{delimiter}c\n1{delimiter}"2\n2"{delimiter}3\n4\n'
    table, rows = _read(tmp_path, text.encode())
    assert table.delimiter == delimiter
    assert table.headings == ("a", "b; , and more", "c")
    assert [(row.line, row.cells) for row in rows] == [(2, ("1", "2\n2", "3")), (4, ("4", "", ""))]


def test_excels_own_first_line_is_understood(tmp_path: Path) -> None:
    _, rows = _read(tmp_path, b"sep=,\r\na,b;c\r\n1,2;3\r\n")
    assert [(row.line, row.cells) for row in rows] == [(3, ("1", "2;3"))]


def test_empty_rows_are_left_out_and_lines_still_count(tmp_path: Path) -> None:
    table, rows = _read(tmp_path, b"\n\n a ; b \n;;\n1;2\n\n3;4;5\n")
    assert (table.heading_line, table.headings) == (3, ("a", "b"))
    assert [row.line for row in rows] == [5, 7]
    assert [(note.key, note.line) for note in table.notes] == [("surplus", 7)]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        (b"\n \n;;\n", "no_headings"),
        (b"a;b;A\n1;2;3\n", "heading_twice"),
        (b'a;b\n1;"2\n3;4\n', "quotes"),
        (b'a;b\n1;"2"x\n', "quotes"),
        (b"a;b\n1;2\x003\n", "null_byte"),
        (codecs.BOM_UTF8 + "α;β\n".encode("cp1253"), "encoding"),
        ("α;β\nγ;".encode("cp1253") + b"\xff\xd2\n", "encoding"),
        (b"a;b\n1;" + b"x" * 30_000 + b"\n", "cell"),
        (b"a;b\n1;" + b"x" * 300_000 + b"\n", "cell"),
        (b";".join(b"%d" % n for n in range(300)) + b"\n1\n", "columns"),
        (b"%PDF-1.7\n", "other_kind"),
        (b"<html><script>alert(1)</script></html>", "other_kind"),
        (b'<?xml version="1.0"?><svg onload="x()"/>', "other_kind"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "other_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90), "old_workbook"),
        (bytes(range(256)) * 4, "format"),
        (b"PK\x03\x04" + bytes(40), "damaged"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes, key: str) -> None:
    assert _refusal(tmp_path, content) == key


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(tabular.TableRefusedError), tabular.opened(tmp_path / "nowhere.csv"):
        pass


def test_limits_hold(tmp_path: Path) -> None:
    few = tabular.Limits(rows=2)
    assert _refusal(tmp_path, b"a\n1\n2\n3\n", limits=few) == "rows"
    assert _refusal(tmp_path, b"a\n1\n2\n3\n", limits=tabular.Limits(file_bytes=4)) == "too_large"
    slow = tabular.Limits(seconds=-1)
    assert _refusal(tmp_path, b"a\n" + b"1\n" * 600, limits=slow) == "reading_time"


# --- workbooks --------------------------------------------------------------------------------------


def test_values_of_a_workbook_read_as_a_person_would_type_them(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    page.append(["text", "whole", "decimal", "day", "moment", "hour", "yes", "long"])
    page.append(
        [
            "Ναι\nκαι όχι",
            2201,
            39.3666,
            date(2026, 11, 22),
            datetime.fromisoformat("2026-11-22T08:05"),
            time(8),
            True,
            1e14,
        ]
    )
    page.append([None, "2201", "'=1", None, None, None, False, 2.5e20])
    buffer = BytesIO()
    book.save(buffer)
    table, rows = _read(tmp_path, buffer.getvalue())
    assert table.sheet == "Sheet"
    assert rows[0].cells == (
        "Ναι\nκαι όχι",
        "2201",
        "39.3666",
        "2026-11-22",
        "2026-11-22 08:05",
        "08:00",
        "1",
        "100000000000000",
    )
    assert rows[1].cells == ("", "2201", "=1", "", "", "", "0", "2.5e+20")
    assert [row.line for row in rows] == [2, 3]


def test_the_first_visible_sheet_is_read_or_the_named_one(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "hidden"
    book.active.sheet_state = "hidden"
    for title in ("first", "second"):
        book.create_sheet(title).append([title])
        book[title].append(["x"])
    buffer = BytesIO()
    book.save(buffer)
    table, _ = _read(tmp_path, buffer.getvalue())
    assert table.headings == ("first",)
    assert [note.key for note in table.notes] == ["sheets_left"]
    assert _read(tmp_path, buffer.getvalue(), sheet="second")[0].headings == ("second",)
    assert _refusal(tmp_path, buffer.getvalue(), sheet="third") == "sheet_unknown"


def test_a_formula_gives_its_last_value_and_is_told(tmp_path: Path) -> None:
    text = '<c r="A2" t="str"><f>A1&amp;"!"</f><v>a!</v></c>'
    cells = text + '<c r="B2"><f>1/0</f></c><c r="C2" t="e"><v>#N/A</v></c>'
    content = evil.workbook(evil.sheet(evil.row("a", "b", "c") + f'<row r="2">{cells}</row>'))
    table, rows = _read(tmp_path, content)
    assert rows[0].cells == ("a!", "", "")
    assert [note.key for note in table.notes] == ["formula", "formula_empty", "error_value"]


def test_merged_cells_are_told(tmp_path: Path) -> None:
    after = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    content = evil.workbook(evil.sheet(evil.row("a") + evil.row("1") + evil.row("2"), after=after))
    table, _ = _read(tmp_path, content)
    assert [(note.key, note.facts["range"]) for note in table.notes] == [("merged", "A2:A3")]


def test_a_cell_at_the_end_of_the_sheet_costs_nothing(tmp_path: Path) -> None:
    rows = (
        evil.row("a", number=1)
        + '<row r="1048576"><c r="A1048576"><v>7</v></c><c r="XFD1048576" s="0"/></row>'
    )
    _, found = _read(tmp_path, evil.workbook(evil.sheet(rows)))
    assert [(row.line, row.cells) for row in found] == [(1048576, ("7",))]
    far = evil.row("a", number=1) + '<row r="2"><c r="XFD2"><v>7</v></c></row>'
    assert _refusal(tmp_path, evil.workbook(evil.sheet(far))) == "columns"


def test_rich_text_is_joined_and_hints_on_reading_are_left_out(tmp_path: Path) -> None:
    texts = (
        f'<sst xmlns="{evil.MAIN}"><si><t>a</t></si><si><r><t>Βό</t></r><r><t>λος_x0041_</t></r>'
        "<rPh><t>no</t></rPh></si></sst>"
    )
    rows = '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>'
    assert _cells(tmp_path, evil.workbook(evil.sheet(rows), texts=texts)) == [("a",), ("ΒόλοςA",)]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (evil.workbook(evil.sheet(evil.row("a"), before=BOMB)), "doctype"),
        (evil.workbook(evil.sheet(""), texts=BOMB + f'<sst xmlns="{evil.MAIN}"/>'), "doctype"),
        (evil.workbook(evil.sheet(""), styles="<!DOCTYPE styleSheet><styleSheet/>"), "doctype"),
        (evil.workbook("<worksheet><sheetData><row>"), "damaged"),
        (evil.workbook("not xml"), "damaged"),
        (evil.workbook(evil.sheet('<row><c t="s"><v>9</v></c></row>')), "damaged"),
        (evil.workbook(evil.sheet('<row><c t="s"><v>-1</v></c></row>')), "damaged"),
        (evil.workbook(evil.sheet('<row r="x"><c><v>1</v></c></row>')), "damaged"),
        (evil.workbook(evil.sheet('<row><c r="ÄÖ1"><v>1</v></c></row>')), "damaged"),
        (evil.workbook(evil.sheet("<row><c><v>one</v></c></row>")), "damaged"),
        (evil.workbook(evil.sheet(evil.row("x" * 30_000))), "cell"),
        (evil.workbook(evil.sheet(evil.row("a")), state="hidden"), "no_sheet"),
        (evil.workbook(f'<worksheet a="{"x" * 6_000_000}"/>'), "inflation"),
        (evil.workbook(f'<worksheet a="{random.Random(1).randbytes(2_000_000).hex()}"/>'), "damaged"),
        (evil.workbook(evil.sheet("")), "no_headings"),
        (evil.package({"xl/workbook.xml": "<workbook/>"}), "no_sheet"),
        (evil.package({"word/document.xml": "<x/>"}), "other_kind"),
        (evil.package({"xl/workbook.xml": "<x/>", "xl/vbaProject.bin": "x"}), "macros"),
        (evil.package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "open_document"),
        (evil.package({"a.txt": "x"}), "other_kind"),
        (evil.package({f"{n}": "x" for n in range(3000)}), "members"),
        (evil.package({"xl/workbook.xml": b"\0" * 50_000_000}), "inflation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_evil_workbook_is_refused_with_a_sentence(tmp_path: Path, content: bytes, key: str) -> None:
    assert _refusal(tmp_path, content) == key


def test_a_workbook_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = evil.workbook(evil.sheet(evil.row("a") + evil.row("1")))
    for length in range(40, len(whole) - 1, 97):
        assert _refusal(tmp_path, whole[:length]) in {"damaged", "format"}


def test_a_member_that_lies_about_its_size_is_cut_off(tmp_path: Path) -> None:
    whole = bytearray(evil.workbook(evil.sheet(evil.row(*["a"] * 2, *["b"] * 0) + evil.row("z" * 9000))))
    with zipfile.ZipFile(BytesIO(whole)) as bundle:
        size = bundle.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    at = whole.rfind(size)
    whole[at : at + 4] = (200).to_bytes(4, "little")
    assert _refusal(tmp_path, bytes(whole)) == "damaged"


def test_we_read_what_openpyxl_reads(tmp_path: Path) -> None:
    rows = [["a", "b", "c"], *([f"λέξη {n}", n, n / 4] for n in range(300))]
    path = evil.honest(rows, tmp_path / "book.xlsx")
    book = load_workbook(path, read_only=True, data_only=True)
    theirs = list(book.active.iter_rows(values_only=True))
    book.close()
    with tabular.opened(path) as table:
        ours = [table.headings, *(row.cells for row in table)]
    plain = [tuple(f"{v:g}" if isinstance(v, float) else str(v) for v in row) for row in theirs]
    assert ours == plain


# --- round trips ------------------------------------------------------------------------------------

texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"), max_size=12
) | st.sampled_from(
    ["=1+1", "'=1", "''=1", "+30 2410", "-5", "@x", " =x", "＝1", "a\nb", 'q"q', "a;b", "\t=x"]
)
tables = st.lists(st.lists(texts, min_size=3, max_size=3).filter(any), max_size=8)


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from([tabular.EXCEL, tabular.PLAIN]))
def test_a_csv_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], dialect: tabular.Dialect
) -> None:
    content = tabular.csv_bytes(["one", "two", "three"], rows, dialect)
    got = _cells(tmp_path_factory.mktemp("csv"), content)
    assert [list(cells) for cells in got[1:]] == rows


@settings(max_examples=40, deadline=None)
@given(tables)
def test_a_workbook_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("xlsx") / "book"
    with path.open("wb") as stream:
        tabular.write_workbook(stream, [tabular.Sheet("Φύλλο", ["one", "two", "three"], rows)])
    with tabular.opened(path) as table:
        assert [list(row.cells) for row in table] == rows


@given(st.text(max_size=20))
def test_harmless_is_undone_exactly(text: str) -> None:
    assert tabular.harmless_undone(tabular.harmless(text)) == text
    assert not tabular.harmless(text).lstrip().startswith(("=", "+", "-", "@"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    for start in (b"", b"PK\x03\x04", "α;β\n".encode()):
        path.write_bytes(start + content)
        with suppress(tabular.TableRefusedError), tabular.opened(path) as table:
            assert all(len(row.cells) == len(table.headings) for row in table)


def test_every_sentence_stands_in_greek() -> None:
    for family in (TableProblem.sentences, UploadProblem.sentences, uploads.KINDS):
        for sentence in family.values():
            with translation.override("en"):
                english = str(sentence)
            with translation.override("el"):
                greek = str(sentence)
            assert greek != english
            assert sorted(re.findall(r"%\(\w+\)s", greek)) == sorted(re.findall(r"%\(\w+\)s", english))
