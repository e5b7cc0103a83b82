"""Identity numbers: judged by their check digits, then replaced by keyed pseudonyms for good.

A pseudonym is the first 128 bits of HMAC-SHA-256 under a key that stands in the environment alone. The
same person of the same region gets the same one from every source; without the key nobody can go from a
number to it, and nobody at all back.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from django.conf import settings

AFM_DIGITS, AMKA_DIGITS = 9, 11
LONG_NUMBER = re.compile(r"\d(?:[\s.\-/]{0,2}\d){8,}|\d{7,}")  # a date with its signs has eight
AMKA_IN_TEXT = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){10}(?!\d)")
AFM_IN_TEXT = re.compile(r"(?i)(?:α\.?\s?φ\.?\s?μ\.?|a\.?f\.?m\.?|vat)\D{0,8}(\d{9})(?!\d)")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes the pseudonyms of one region."""

    region: str

    def of(self, family: str, numbers: Iterable[str]) -> list[bytes]:
        """The pseudonyms (16 bytes each) of ``numbers`` of one ``family`` such as amka."""
        key = settings.PSEUDONYM_KEY
        begin = f"{self.region}|{family}|"
        return [hmac.digest(key, f"{begin}{number}".encode(), "sha256")[:16] for number in numbers]

    def of_series(self, family: str, numbers: pl.Series) -> pl.Series:
        """The same for a column; null stays null. Each distinct number is worked out once."""
        distinct = numbers.drop_nulls().unique()
        table = pl.DataFrame(
            {"number": distinct, "pseudonym": pl.Series(self.of(family, distinct), dtype=pl.Binary)}
        )
        frame = numbers.to_frame("number").join(table, on="number", how="left", maintain_order="left")
        return frame["pseudonym"]


def key_check() -> str:
    """A mark by which two editions tell whether one key made their pseudonyms."""
    return hmac.digest(settings.PSEUDONYM_KEY, b"entaxis|check", "sha256").hex()[:16]


# --- numbers ----------------------------------------------------------------------------------------


def digits(column: pl.Expr, length: int) -> pl.Expr:
    """The digits of a number as people write it, lost zeros in front put back; empty → null."""
    bare = column.str.replace_all(r"[\s.\-]", "").str.replace(r"^(?i:EL)", "")
    return pl.when(bare == "").then(None).otherwise(bare.str.zfill(length))


def is_afm(number: pl.Expr) -> pl.Expr:
    """Nine digits whose last is Σ d[i]·2^(8−i) mod 11 mod 10."""
    total = pl.sum_horizontal(_digit(number, i) * 2 ** (8 - i) for i in range(8))
    right = (total % 11) % 10 == _digit(number, 8)
    return number.str.contains(r"^\d{9}$") & (number != "000000000") & right


def is_amka(number: pl.Expr) -> pl.Expr:
    """Eleven digits that begin with a date (DDMMYY) and pass Luhn's test."""
    doubled = [_digit(number, i) * 2 for i in range(1, AMKA_DIGITS, 2)]
    total = pl.sum_horizontal(
        *(_digit(number, i) for i in range(0, AMKA_DIGITS, 2)),
        *(pl.when(twice > 9).then(twice - 9).otherwise(twice) for twice in doubled),
    )
    return begins_with_date(number) & (total % 10 == 0)


def begins_with_date(number: pl.Expr) -> pl.Expr:
    """Eleven digits whose first six may be a date of birth."""
    return number.str.contains(r"^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{7}$")


def _digit(number: pl.Expr, place: int) -> pl.Expr:
    return number.str.slice(place, 1).cast(pl.Int32, strict=False)


def afm_is_right(number: str) -> bool:
    """`is_afm` for one number."""
    return bool(pl.select(is_afm(pl.lit(number))).item())


def amka_is_right(number: str) -> bool:
    """`is_amka` for one number."""
    return bool(pl.select(is_amka(pl.lit(number))).item())


# --- numbers where none may stand -------------------------------------------------------------------


def betrays(text: str) -> bool:
    """Whether a text in words names a person by AMKA or AFM."""
    if not re.search(r"[^\W\d_]", text):
        return False
    found = (re.sub(r"\D", "", hit.group()) for hit in AMKA_IN_TEXT.finditer(text))
    return any(map(amka_is_right, found)) or any(
        afm_is_right(hit.group(1)) for hit in AFM_IN_TEXT.finditer(text)
    )


def masked(text: str) -> str:
    """``text`` as it may be shown or kept: of a long number nothing is left."""
    return LONG_NUMBER.sub("•••", text)
