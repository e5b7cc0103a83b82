"""Columns in which people's numbers stand where none may: told by what the numbers themselves say.

A right last digit proves little: one number in ten has it by chance. A column is named when more of its
distinct numbers are right than chance allows, and a cell of words as soon as it names somebody.

    scan = Scan()
    scan.see("σχόλια", frame["σχόλια"], frame["line"])
    scan.found()    # [Found(name="σχόλια", key="in_words", rows=[6], count=1)]
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from entaxis.sources import identity

LONG: Final = r"\d(?:[ .\-/]?\d){8}"
SIGNS: Final = r"[\s.\-/]"
BY_CHANCE: Final = 0.1  # of random numbers, how many have a right last digit
LEAST_SHARE: Final = 0.25
RARE: Final = 0.002  # a column that chance alone fills so as seldom as this is not left to chance
SURE: Final = 100  # numbers of which `LEAST_SHARE` is beyond chance whatever the rest
DISTINCT: Final = 5_000  # numbers of a column that are held against chance
ROWS_NAMED: Final = 20
FAMILIES: Final = {
    "amka_column": (identity.AMKA_DIGITS, (identity.AMKA_DIGITS - 1, identity.AMKA_DIGITS)),
    "afm_column": (identity.AFM_DIGITS, (identity.AFM_DIGITS,)),
}
"""Digits of a number, and how many of them may be left where a table lost the zero in front."""


@dataclass(frozen=True, slots=True)
class Found:
    """A column with people's numbers: how (``in_words``, ``amka_column``, ``afm_column``) and where."""

    name: str
    key: str
    rows: list[int]
    """The first of them."""
    count: int


@dataclass
class _Seen:
    """What one column showed of one family of numbers."""

    right: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)
    count: int = 0

    @property
    def is_beyond_chance(self) -> bool:
        right, total = len(self.right), len(self.right) + len(self.wrong)
        if not right or right < LEAST_SHARE * total:
            return False
        return total >= SURE or _tail(right, total) <= RARE


@dataclass
class Scan:
    """Looks through columns, piece after piece; what it saw is forgotten with it."""

    words_kept: int = ROWS_NAMED
    _words: dict[str, _Seen] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], _Seen] = field(default_factory=dict)

    def see(self, name: str, cells: pl.Series, lines: pl.Series) -> None:
        """Look at the cells of a column, or at some of them, and the numbers of their rows."""
        held = pl.DataFrame({"line": lines, "text": _texts(cells)})
        held = held.filter(pl.col("text").str.contains(LONG))
        if held.is_empty():
            return
        seen = self._words.setdefault(name, _Seen())
        for line, text in held.filter(pl.col("text").str.contains(r"\p{L}")).iter_rows():
            if identity.betrays(text):
                seen.count += 1
                if len(seen.rows) < self.words_kept:
                    seen.rows.append(line)
        numbers = _numbers_of(held)
        for key, (length, lengths) in FAMILIES.items():
            self._count(
                self._numbers.setdefault((name, key), _Seen()),
                numbers.filter(pl.col("number").str.len_chars().is_in(lengths)).with_columns(
                    pl.col("number").str.zfill(length)
                ),
                key,
            )

    @staticmethod
    def _count(seen: _Seen, numbers: pl.DataFrame, key: str) -> None:
        number = pl.col("number")
        if key == "amka_column":
            # those that begin with no date are no AMKA at all, and tell nothing of the others
            numbers = numbers.filter(identity.begins_with_date(number))
        is_right = identity.is_amka(number) if key == "amka_column" else identity.is_afm(number)
        told = numbers.with_columns(is_right=is_right)
        right = told.filter("is_right")
        seen.count += right["line"].n_unique()
        seen.rows += right["line"].unique(maintain_order=True).head(ROWS_NAMED - len(seen.rows)).to_list()
        room = max(DISTINCT - len(seen.right) - len(seen.wrong), 0)
        some = told.unique("number", maintain_order=True).head(room)
        seen.right.update(some.filter("is_right")["number"])
        seen.wrong.update(some.filter(~pl.col("is_right"))["number"])

    def found(self) -> list[Found]:
        """The columns that name people."""
        return list(self._found())

    def _found(self) -> Iterator[Found]:
        for name, seen in self._words.items():
            if seen.count:
                yield Found(name, "in_words", seen.rows, seen.count)
        for (name, key), seen in self._numbers.items():
            if seen.is_beyond_chance:
                yield Found(name, key, seen.rows, seen.count)


def of_frame(frame: pl.DataFrame) -> list[Found]:
    """The columns of a whole file that name people; rows count from 1."""
    scan = Scan()
    lines = pl.int_range(1, frame.height + 1, eager=True)
    for name in frame.columns:
        scan.see(name, frame[name], lines)
    return scan.found()


def _texts(cells: pl.Series) -> pl.Series:
    """What stands in the cells; a table that took numbers for amounts wrote them as such."""
    kind = cells.dtype
    if kind == pl.String:
        return cells
    if kind.is_float():
        whole = cells.is_finite() & (cells == cells.round()) & (cells.abs() < 1e12)
        return cells.zip_with(whole, pl.Series([None], dtype=kind)).cast(pl.Int64).cast(pl.String)
    if kind.is_temporal() or kind in (pl.Boolean, pl.Null):
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))
    if kind.is_numeric() or kind in (pl.Categorical, pl.Enum):
        return cells.cast(pl.String)
    return pl.Series([None if cell is None else str(cell) for cell in cells.to_list()], dtype=pl.String)


def _numbers_of(held: pl.DataFrame) -> pl.DataFrame:
    """``line`` and ``number``: the runs of digits of every cell, with and without signs between them."""
    text = pl.col("text")
    runs = [text.str.extract_all(r"\d+"), text.str.replace_all(SIGNS, "").str.extract_all(r"\d+")]
    ways = [held.select("line", number=run).explode("number", empty_as_null=False) for run in runs]
    return pl.concat(ways).drop_nulls("number").unique(maintain_order=True)


def _tail(right: int, total: int) -> float:
    """How often chance alone makes so many of so few numbers right."""
    return sum(
        math.comb(total, one) * BY_CHANCE**one * (1 - BY_CHANCE) ** (total - one)
        for one in range(right, total + 1)
    )
