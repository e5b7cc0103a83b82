from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from entaxis.core import tabular


def test_excels_csv_has_a_mark_semicolons_and_decimal_commas() -> None:
    content = tabular.csv_bytes(
        ["Όνομα", "Τιμή"], [["Βόλος; «α»", 1.5], ["β", Decimal("2.50")], [None, True]]
    )
    assert content.decode() == '\ufeffΌνομα;Τιμή\r\n"Βόλος; «α»";1,5\r\nβ;2,50\r\n;1\r\n'


def test_plain_csv_is_what_other_programs_expect() -> None:
    moment = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    rows = [[date(2026, 11, 22), time(8), moment, -3]]
    content = tabular.csv_bytes(["a", "b", "c", "d"], rows, tabular.PLAIN)
    assert content.decode() == "a,b,c,d\r\n2026-11-22,08:00,2026-11-22 08:00:00,-3\r\n"


@pytest.mark.parametrize(
    "text", ["=1+1", "+30", "-x", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "'=1", "\x00=1"]
)
def test_no_text_is_a_formula(text: str) -> None:
    assert tabular.csv_bytes([text], [[text]], tabular.PLAIN).decode().startswith(("'", "\"'"))
    buffer = BytesIO()
    tabular.write_workbook(buffer, [tabular.Sheet("x", [text], [[text]])])
    for (cell,) in load_workbook(buffer).active.iter_rows():
        assert cell.data_type == "s"
        assert cell.value.startswith("'")


def test_a_workbook_keeps_numbers_and_dates_and_offers_choices() -> None:
    buffer = BytesIO()
    sheet = tabular.Sheet(
        "Δομές/1",
        ["a", "b", "c"],
        [["κ\x07είμενο", 7.5, date(2026, 1, 2)], [None, None, datetime(2026, 1, 2, 8, tzinfo=UTC)]],
        widths=[10],
        choices={0: "Κλειδιά!$A$2:$A$5"},
    )
    tabular.write_workbook(buffer, [sheet, tabular.Sheet("Κλειδιά", ["k"], [["x"]])])
    book = load_workbook(buffer)
    page = book["Δομές 1"]
    assert [cell.value for cell in page[2]] == ["κείμενο", 7.5, datetime.fromisoformat("2026-01-02")]
    assert page["C3"].value == datetime.fromisoformat("2026-01-02T10:00")
    assert page.data_validations.dataValidation[0].formula1 == "=Κλειδιά!$A$2:$A$5"
    assert page.freeze_panes == "A2"
