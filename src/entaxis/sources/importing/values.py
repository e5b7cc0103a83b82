"""Cells as people write them: months in words, both thousand separators, sexes, births.

Each parser takes one text and returns what it means, or raises `Fault`. A column is parsed once for
each of its distinct texts (`told`), which is what makes a million rows quick.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from entaxis.core import greek

OLDEST: Final = 1880


class Fault(Exception):  # noqa: N818 – the fault of a cell, not of the programme
    """A cell cannot be read; ``key`` names the sentence."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def told(column: pl.Series, parse: Callable[[str], Any], dtype: Any) -> tuple[pl.Series, pl.Series]:
    """What each cell of a column of text means, and the key of its fault; both null for empty cells."""
    texts = column.drop_nulls().unique().to_list()
    means: list[Any] = []
    faults: list[str | None] = []
    for text in texts:
        try:
            means.append(parse(text))
            faults.append(None)
        except Fault as fault:
            means.append(None)
            faults.append(fault.key)
    table = pl.DataFrame(
        {"text": texts, "means": pl.Series(means, dtype=dtype), "fault": faults},
        schema_overrides={"text": pl.String, "fault": pl.String},
    )
    found = column.to_frame("text").join(table, on="text", how="left", maintain_order="left")
    return found["means"], found["fault"]


# --- months -----------------------------------------------------------------------------------------

_MONTHS: Final = {
    1: "ιανουαριοσ ιανουαριου ιανουαρη γεναρησ γεναρη ιαν january jan",
    2: "φεβρουαριοσ φεβρουαριου φεβρουαρη φλεβαρησ φλεβαρη φεβ february feb",
    3: "μαρτιοσ μαρτιου μαρτη μαρτησ μαρ march mar",
    4: "απριλιοσ απριλιου απριλησ απριλη απρ april apr",
    5: "μαιοσ μαιου μαησ μαη μαι may",
    6: "ιουνιοσ ιουνιου ιουνησ ιουνη ιουν june jun",
    7: "ιουλιοσ ιουλιου ιουλησ ιουλη ιουλ july jul",
    8: "αυγουστοσ αυγουστου αυγ august aug",
    9: "σεπτεμβριοσ σεπτεμβριου σεπτεμβρησ σεπτεμβρη σεπ σεπτ september sep sept",
    10: "οκτωβριοσ οκτωβριου οκτωβρησ οκτωβρη οκτ october oct",
    11: "νοεμβριοσ νοεμβριου νοεμβρησ νοεμβρη νοε november nov",
    12: "δεκεμβριοσ δεκεμβριου δεκεμβρησ δεκεμβρη δεκ december dec",
}
_MONTH_OF: Final = {word: month for month, words in _MONTHS.items() for word in words.split()}
_YEAR_MONTH = re.compile(r"((?:19|20)\d\d)[-/. ]?(0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\d|3[01]))?")
_MONTH_YEAR = re.compile(r"(?:(?:0?[1-9]|[12]\d|3[01])[-/.])?(0?[1-9]|1[0-2])[-/. ]((?:19|20)\d\d)")
_MONTH_ALONE = re.compile(r"0?[1-9]|1[0-2]")


def month(text: str, year: int | None = None) -> date:
    """The first day of the month that ``text`` names; its year may stand in a column of its own.

    Raises:
        Fault: ``month`` or ``month_without_year``.
    """
    bare = text.strip()
    if found := _YEAR_MONTH.fullmatch(bare):
        return date(int(found[1]), int(found[2]), 1)
    if found := _MONTH_YEAR.fullmatch(bare):
        return date(int(found[2]), int(found[1]), 1)
    number, stated = (int(bare), None) if _MONTH_ALONE.fullmatch(bare) else _in_words(bare)
    if number is None:
        raise Fault("month")
    stated = stated or year
    if stated is None:
        raise Fault("month_without_year")
    return date(stated, number, 1)


def _in_words(text: str) -> tuple[int | None, int | None]:
    """Month and year of “Μάρτιος 2024”, “ΜΑΡ-24”, “March”."""
    number = stated = None
    for word in greek.words(text):
        if word in _MONTH_OF and number is None:
            number = _MONTH_OF[word]
        elif re.fullmatch(r"(?:19|20)\d\d|\d\d", word) and stated is None and number is not None:
            stated = int(word) if len(word) == 4 else 2000 + int(word)
        else:
            return None, None
    return number, stated


def year(text: str) -> int:
    """A year of our time."""
    if not re.fullmatch(r"(?:19|20)\d\d", text.strip()):
        raise Fault("year")
    return int(text)


# --- persons ----------------------------------------------------------------------------------------

_SEXES: Final = {
    **dict.fromkeys(
        ("γ", "γυναικα", "γυναικεσ", "γυναικεσ", "θ", "θηλυ", "θηλυκο", "f", "female", "w", "woman"), "f"
    ),
    **dict.fromkeys(
        ("α", "ανδρασ", "αντρασ", "ανδρεσ", "αρρεν", "αρρενοσ", "αρσενικο", "m", "male", "man"), "m"
    ),
    **dict.fromkeys(("-", "αλλο", "αγνωστο", "other", "unknown", "x"), "-"),
}


def sex(text: str) -> str:
    """``f``, ``m``, or ``-`` where it is said to be neither or unknown."""
    found = _SEXES.get(" ".join(greek.words(text)) or text.strip())
    if found is None:
        raise Fault("sex")
    return found


_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?: .*)?|(\d\d?)[/.\-](\d\d?)[/.\-](\d{4})")


def birth_year(text: str) -> int:
    """The year of a date or year of birth."""
    bare = text.strip()
    if re.fullmatch(r"\d{4}", bare):
        born = int(bare)
    elif found := _DATE.fullmatch(bare):
        parts = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        try:
            born = date(*map(int, parts)).year
        except ValueError:
            raise Fault("birth") from None
    else:
        raise Fault("birth")
    if not OLDEST <= born <= date.today().year:  # noqa: DTZ011 – a year
        raise Fault("birth")
    return born


# --- numbers ----------------------------------------------------------------------------------------

_PLAIN = re.compile(r"\d+")
_GREEK_SURE = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3}){2,}")
_ENGLISH_SURE = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3}){2,}")
_ONE_SIGN = re.compile(r"\d+[.,]\d+")
_POINTS = re.compile(r"^\d{1,3}(?:\.\d{3})+$")
_COMMAS = re.compile(r"^\d{1,3}(?:,\d{3})+$")
_DOUBTFUL = re.compile(r"\d{1,3}[.,]\d{3}")
_SIGNS = re.compile(r"[\s€\u00a0\u202f']|(?i:ευρω|euros?|eur)|%$")


@dataclass(frozen=True, slots=True)
class Decimals:
    """Which sign parts the decimals of one column: "," or "." or, where nothing tells, ""."""

    sign: str = ""

    def number(self, text: str) -> Decimal:
        """The number that ``text`` says in this column.

        Raises:
            Fault: ``amount``, ``negative``, ``number_both_ways``, ``decimal_both_ways`` or
                ``number_ambiguous``.
        """
        bare = _bare(text)
        if bare.startswith(("-", "−", "(")) and any(sign.isdigit() for sign in bare):
            raise Fault("negative")
        if _PLAIN.fullmatch(bare):
            return Decimal(bare)
        way = _way(bare)
        if way == "?":
            if not self.sign:
                raise Fault("number_ambiguous")
            way = self.sign
        if not way:
            raise Fault("amount")
        if self.sign and way != self.sign:
            raise Fault("decimal_both_ways" if _ONE_SIGN.fullmatch(bare) else "number_both_ways")
        other = "." if way == "," else ","
        return Decimal(bare.replace(other, "").replace(way, "."))


def decimals_of(texts: pl.Series, stated: str = "") -> Decimals:
    """What the column itself decides, unless somebody stated it: the sign that most sure values use."""
    if stated in {",", "."}:
        return Decimals(stated)
    ways = {",": 0, ".": 0}
    counts = texts.drop_nulls().value_counts()
    for text, count in counts.iter_rows():
        way = _way(_bare(text).lstrip("-−("))
        if way in ways:
            ways[way] += count
    if not any(ways.values()):
        return Decimals("")
    return Decimals(max(ways, key=lambda way: ways[way]))


def decimals_of_counts(texts: pl.Series, stated: str = "") -> Decimals:
    """The same of a column of counts: they have no decimals, so ``9.000`` is nine thousand."""
    if stated:
        return decimals_of(texts, stated)
    grouped = texts.drop_nulls().map_elements(_bare, return_dtype=pl.String)
    points, commas = (
        int(grouped.str.contains(pattern).sum()) for pattern in (_POINTS.pattern, _COMMAS.pattern)
    )
    if not points + commas:
        return decimals_of(texts)
    return Decimals("," if points >= commas else ".")


def count(text: str, decimals: Decimals) -> Decimal:
    """The whole number that a text says.

    Raises:
        Fault: those of `Decimals.number`, and ``not_whole``.
    """
    try:
        number = decimals.number(text)
    except Fault as fault:
        raise Fault("not_whole" if fault.key == "decimal_both_ways" else fault.key) from None
    if number != number.to_integral_value():
        raise Fault("number_both_ways" if _DOUBTFUL.fullmatch(_bare(text)) else "not_whole")
    return number


def _bare(text: str) -> str:
    return _SIGNS.sub("", text.strip())


def _way(bare: str) -> str:
    """Comma or point where the text tells which parts its decimals, a question mark where either may."""
    if re.fullmatch(r"0[.,]\d+", bare):
        return bare[1]
    if _DOUBTFUL.fullmatch(bare):
        return "?"
    if _GREEK_SURE.fullmatch(bare):
        return ","
    return "." if _ENGLISH_SURE.fullmatch(bare) else ""


# --- rows that are no rows --------------------------------------------------------------------------

_TOTAL = re.compile(
    r"(?:γενικο |μερικο |επιμερουσ )?συνολ(?:ο|α|ικα)(?: .*)?|αθροισμα(?: .*)?"
    r"|(?:grand |sub ?)?totals?(?: .*)?|sum"
)


def is_total(text: str) -> bool:
    """Whether a cell says that its row sums up others."""
    return bool(_TOTAL.fullmatch(" ".join(greek.words(text))))
