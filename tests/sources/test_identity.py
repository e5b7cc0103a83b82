"""Check digits and pseudonyms: laws for every number."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entaxis.sources import identity
from entaxis.sources.identity import Pseudonyms
from tests.sources import files

NUMBERS = st.integers(min_value=1, max_value=99_999_999)


@given(NUMBERS, st.integers(min_value=0, max_value=8), st.integers(min_value=1, max_value=9))
def test_an_afm_is_right_and_not_with_another_last_digit(number: int, _place: int, shift: int) -> None:
    afm = files.afm(number)
    assert identity.afm_is_right(afm)
    assert not identity.afm_is_right(afm[:8] + str((int(afm[8]) + shift) % 10))


@given(NUMBERS, st.integers(min_value=6, max_value=10), st.integers(min_value=1, max_value=9))
def test_an_amka_is_right_and_no_single_digit_of_it_may_change(number: int, place: int, shift: int) -> None:
    amka = files.amka(number)
    assert identity.amka_is_right(amka)
    wrong = amka[:place] + str((int(amka[place]) + shift) % 10) + amka[place + 1 :]
    assert not identity.amka_is_right(wrong)


@pytest.mark.parametrize("amka", ["00000000000", "32018012345", "01138012345", "0101801234", "words"])
def test_what_is_no_amka(amka: str) -> None:
    assert not identity.amka_is_right(amka)


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_a_pseudonym_is_the_same_for_the_same_number_and_no_other(numbers: list[int]) -> None:
    series = pl.Series([files.amka(number) for number in numbers], dtype=pl.String)
    made = Pseudonyms("EL61").of_series("amka", series)
    assert made.to_list() == Pseudonyms("EL61").of("amka", series)
    assert made.n_unique() == series.n_unique()
    assert not set(made) & set(Pseudonyms("EL65").of("amka", series))
    assert not set(made) & set(Pseudonyms("EL61").of("afm", series))


def test_another_key_makes_other_pseudonyms(settings) -> None:
    before = Pseudonyms("EL61").of("afm", ["123456783"])
    mark = identity.key_check()
    settings.PSEUDONYM_KEY = b"another key" * 6
    assert Pseudonyms("EL61").of("afm", ["123456783"]) != before
    assert identity.key_check() != mark


@given(NUMBERS)
def test_no_number_outlives_the_mask(number: int) -> None:
    for text in (files.amka(number), files.afm(number), f"της {files.amka(number)} στον Βόλο"):
        shown = identity.masked(text)
        assert "•••" in shown
        assert sum(sign.isdigit() for sign in shown) == 0


@pytest.mark.parametrize("text", ["2024-03-15", "1.234,56", "15/03/2024", "Δήμος 2201"])
def test_the_mask_leaves_dates_amounts_and_codes(text: str) -> None:
    assert identity.masked(text) == text


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("τηλ. 2421012345", False),
        ("αίτηση 12345678901 του 2024", False),
        (f"η κόρη του {files.amka(77)} πάει σχολείο", True),
        (f"ΑΦΜ: {files.afm(1234567)} συζύγου", True),
        (files.amka(77), False),
        (f"{files.amka(77)[:6]} {files.amka(77)[6:]} ως άνω", True),
    ],
)
def test_a_number_among_words_is_found(text: str, is_found: bool) -> None:
    assert identity.betrays(text) is is_found
