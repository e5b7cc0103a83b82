"""Cells as people write them."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from entaxis.sources.importing import values
from entaxis.sources.importing.problems import SourceProblem
from entaxis.sources.importing.values import Fault


@pytest.mark.parametrize(
    "text",
    [
        *("2024-03", "2024/3", "202403", "03/2024", "3-2024", "15/03/2024", "2024-03-31", "Μάρτιος 2024"),
        *("ΜΑΡΤΙΟΥ 2024", "Μαρ-24", "μαρ. 2024", "March 2024", "Mar 24", "2024.03"),
    ],
)
def test_a_month_in_every_way(text: str) -> None:
    assert values.month(text) == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("text", "fault"), [("Μάρτιος", "month_without_year"), ("3", "month_without_year")]
)
def test_a_month_needs_its_year(text: str, fault: str) -> None:
    with pytest.raises(Fault) as caught:
        values.month(text)
    assert caught.value.key == fault
    assert values.month(text, 2024) == date(2024, 3, 1)


@pytest.mark.parametrize("text", ["2024-13", "13/2024", "Μάρτιος Απρίλιος", "κάποτε", "20240", "0/2024"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(Fault):
        values.month(text)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.234,56", "1.234", "216", "54,5"], ["1234.56", "1234", "216", "54.5"]),
        (["1,234.56", "1,234", "216.00 €"], ["1234.56", "1234", "216.00"]),
        (["1.234.567", "1.000"], ["1234567", "1000"]),
        (["0,125", "216"], ["0.125", "216"]),
    ],
)
def test_a_column_tells_its_own_decimals(cells: list[str], numbers: list[str]) -> None:
    decimals = values.decimals_of(pl.Series(cells))
    assert [decimals.number(cell) for cell in cells] == [Decimal(number) for number in numbers]


def test_both_separators_in_one_column_are_named() -> None:
    decimals = values.decimals_of(pl.Series(["1.234,56", "216,00", "1,234.56"]))
    with pytest.raises(Fault) as caught:
        decimals.number("1,234.56")
    assert caught.value.key == "number_both_ways"


def test_a_number_that_may_be_two_is_asked_about() -> None:
    decimals = values.decimals_of(pl.Series(["1.234", "216"]))
    with pytest.raises(Fault) as caught:
        decimals.number("1.234")
    assert caught.value.key == "number_ambiguous"
    assert values.decimals_of(pl.Series(["1.234"]), stated=",").number("1.234") == 1234


@pytest.mark.parametrize("text", ["-216", "−5,00", "(12,50)"])
def test_less_than_nothing(text: str) -> None:
    with pytest.raises(Fault) as caught:
        values.Decimals(",").number(text)
    assert caught.value.key == "negative"


@given(st.decimals(min_value=0, max_value=10**7, places=2))
def test_every_amount_is_read_back_as_written_in_greek_and_in_english(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    greek = english.translate(str.maketrans(",.", ".,"))
    assert values.Decimals(",").number(greek) == amount
    assert values.Decimals(".").number(english) == amount
    assert values.decimals_of(pl.Series([greek])).number(greek) == amount


@given(st.text(max_size=30))
def test_any_text_is_a_month_or_a_fault(text: str) -> None:
    for parse in (values.month, values.sex, values.birth_year, values.Decimals(",").number):
        try:
            parse(text)
        except Fault:
            continue


@pytest.mark.parametrize(
    "text", ["Σύνολο", "ΓΕΝΙΚΟ ΣΥΝΟΛΟ", "Σύνολα Δήμου", "Άθροισμα", "Total", "Sub-total", "ΣΥΝΟΛΟ:"]
)
def test_rows_of_totals_say_so(text: str) -> None:
    assert values.is_total(text)


@pytest.mark.parametrize("text", ["Συνολικός", "Ασύνολο", "216", "Βόλος", "totally"])
def test_what_is_no_total(text: str) -> None:
    assert not values.is_total(text)


def test_sentences_choose_their_form_and_part_thousands() -> None:
    told = {count: str(SourceProblem("zeros", {"count": count})) for count in (1, 2966)}
    assert told[1].startswith("1 αριθμός είχε")
    assert told[2966].startswith("2.966 αριθμοί είχαν")
    months = SourceProblem("households", {"households": 2000, "persons": 2966, "months": 1})
    assert str(months) == "Νοικοκυριά: 2.000· άτομα: 2.966· σε 1 μήνα."


def test_municipalities_are_named_in_the_readers_language() -> None:
    said = SourceProblem("municipalities_absent", {"names": "Βόλος", "names_en": "Volos"})
    assert "Βόλος" in str(said)
    with translation.override("en"):
        assert "Volos" in str(said)
        assert "Βόλος" not in str(said)
