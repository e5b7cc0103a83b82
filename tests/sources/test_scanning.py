"""People's numbers in a column: told from chance, in every shape in which a table holds them."""

import random
from typing import Any

import polars as pl
import pytest

from entaxis.sources import scanning
from tests.sources import files

AMKA = [files.amka(at, born="010180") for at in range(40)]
AFM = [files.afm(10_000_000 + at * 977) for at in range(40)]


def keys(cells: pl.Series) -> list[str]:
    found = scanning.of_frame(cells.to_frame("x"))
    assert all(each.rows[0] >= 1 and each.count >= len(each.rows) for each in found)
    return [each.key for each in found]


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (AMKA, "amka_column"),
        ([int(one) for one in AMKA], "amka_column"),  # the zero in front is lost
        ([float(one) for one in AMKA], "amka_column"),
        ([[one] for one in AMKA], "amka_column"),
        ([f"{one[:6]}-{one[6:]}" for one in AMKA], "amka_column"),
        ([f"{one}, {other}" for one, other in zip(AMKA, AFM, strict=True)], "amka_column"),
        ([None] * 500 + AMKA[:3], "amka_column"),
        ([f"Α.Κ. {one}" for one in AFM], "afm_column"),
        ([f"EL{one}" for one in AFM], "afm_column"),
        ([int(one) for one in AFM], "afm_column"),
        (AFM[:3], "afm_column"),
        ([*AFM, *(str(200_000_000 + at) for at in range(40))], "afm_column"),
        (["", "", f"ΑΦΜ: {AFM[0]}"], "in_words"),
    ],
)
def test_numbers_of_persons_are_found(cells: list[Any], key: str) -> None:
    assert key in keys(pl.Series(cells))


def _numbers(length: int) -> list[str]:
    chance = random.Random(length)
    return ["".join(chance.choices("0123456789", k=length)) for _ in range(5_000)]


@pytest.mark.parametrize(
    "cells",
    [
        _numbers(9),
        _numbers(10),
        _numbers(11),
        list(range(100_000_000, 100_020_000)),
        list(range(10_000_000_000, 10_000_020_000, 10)),
        [
            f"2012{month:02}{number:05}" for month in range(1, 13) for number in range(300)
        ],  # begins with a date
        [f"210{number:07}" for number in range(2_000_000, 2_003_000, 7)],  # telephones
        [AFM[0]] * 500,  # one number again and again proves nothing
        [0.123456789, 1234.5, float("nan"), float("inf")] * 50,
        [f"2023-01-{day:02} 10:11:12" for day in range(1, 29)],
        [True, False, None],
        ["", None, "words"],
        [],
    ],
)
def test_what_chance_alone_does_is_left(cells: list[Any]) -> None:
    assert keys(pl.Series(cells)) == []


def test_pieces_are_one_column() -> None:
    scan = scanning.Scan()
    for at, one in enumerate(AMKA[:3]):
        scan.see("x", pl.Series([one]), pl.Series([at + 2]))
    (found,) = scan.found()
    assert (found.name, found.key, found.rows, found.count) == ("x", "amka_column", [2, 3, 4], 3)
