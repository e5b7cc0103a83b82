"""A file of persons, read whole and judged row by row; what leaves here holds no identity number.

The rows come in pieces of text through `core.tabular`; each piece is turned into numbers, dates and
pseudonyms at once and its text forgotten. Then rows are held against each other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal as Number
from pathlib import Path
from typing import Any, Final

import polars as pl

from entaxis.core import tabular
from entaxis.core.tabular import Limits, Table
from entaxis.core.tabular.limits import MEGABYTE
from entaxis.directory.importing.terms import Terms
from entaxis.directory.importing.values import ValueFault
from entaxis.sources import guaranteed, identity
from entaxis.sources.importing import amounts, columns, comparing, values
from entaxis.sources.importing.columns import BY_KEY, Reading
from entaxis.sources.importing.places import Places
from entaxis.sources.importing.problems import KEPT, Findings, SourceRefusedError
from entaxis.sources.importing.values import Fault
from entaxis.sources.models import BenefitParameters, Source
from entaxis.sources.scanning import Scan
from entaxis.vocabularies.models import Vocabulary

LIMITS: Final = Limits(
    file_bytes=600 * MEGABYTE,
    inflated_bytes=2_000 * MEGABYTE,
    rows=3_000_000,
    columns=120,
    cell_characters=4_000,
    seconds=900.0,
)
PIECE: Final = 50_000  # rows that are text at one time
LARGEST_CENTS: Final = 100_000_000
TOTALS: Final = r"(?i)σ[υύ]νολ|[αά]θροισμα|total|^sum$"
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How a source's files are read, beyond their headings; kept with the mapping."""

    decimal: str = ""  # "," or "." where no value of the column tells
    leave_out_totals: bool = False
    numbers_optional: bool = False  # rows without AMKA and AFM are persons too
    amount_of_household: bool = False  # each member's row repeats what the household got

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Options":
        """From a mapping's stored options; what is not known is left out."""
        return cls(**{name: value for name, value in stored.items() if name in cls.__slots__})


@dataclass
class Checked:
    """A file that was read: its rows without any number of anybody, and all that was found."""

    rows: pl.DataFrame
    places: Places
    reading: Reading
    findings: Findings = field(default_factory=Findings)
    rows_read: int = 0
    left_out: int = 0
    since: date | None = None
    until: date | None = None


def check(
    path: Path,
    *,
    source: Source,
    remembered: Mapping[str, str],
    options: Options,
    encoding: str | None = None,
    sheet: str | None = None,
    period: tuple[date, date] | None = None,
    progress: Progress = lambda *_: None,
) -> Checked:
    """Read ``path`` and judge every row. Problems stand in the result; nothing is stored.

    Raises:
        TableRefusedError: the file cannot be read as a table.
        SourceRefusedError: its columns cannot be understood.
    """
    score = columns.recognised(remembered)
    with tabular.opened(path, limits=LIMITS, encoding=encoding, sheet=sheet, score=score) as table:
        try:
            reading = columns.reading(table.headings, remembered)
        except SourceRefusedError as refusal:
            raise columns.look(table, refusal) from None
        found = Checked(pl.DataFrame(), Places(source), reading)
        columns.note_skipped(table, found.findings)
        piece = _Piece(found, source, options, period)
        done = [piece.judge(frame) for frame in _pieces(table, found, progress)]
        _notes_of(table, found)
    if not done:
        raise SourceRefusedError("no_rows")
    found.rows = pl.concat(done, rechunk=True)
    del done
    name_numbers(piece.numbers, found.findings)
    progress("comparing", found.rows_read, found.rows_read)
    found.rows = comparing.compare(found.rows, found.findings, options.amount_of_household)
    _tell(found, piece, period)
    if "amount" in piece.fields and not found.findings.count:
        # beside a row that was refused a household would miss a member
        amounts.compare(found.rows, found.findings, _amounts(source))
    return found


def _amounts(source: Source) -> list[BenefitParameters]:
    return guaranteed.amounts(source.kind, is_synthetic=source.is_synthetic)


def _pieces(table: Table, found: Checked, progress: Progress) -> Iterator[pl.DataFrame]:
    """The rows as text, some tens of thousands at a time, with their ``line``."""
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for row in table:
        rows.append(row.cells)
        lines.append(row.line)
        if len(rows) >= PIECE:
            yield _frame(table.headings, rows, lines)
            progress("reading", table.rows_read, None)
            rows, lines = [], []
    if rows:
        yield _frame(table.headings, rows, lines)
    found.rows_read = table.rows_read


def _frame(headings: tuple[str, ...], rows: list[tuple[str, ...]], lines: list[int]) -> pl.DataFrame:
    cells = zip(headings, zip(*rows, strict=True), strict=True)
    frame = pl.DataFrame(
        {heading: pl.Series(texts, dtype=pl.String) for heading, texts in cells if heading}
    )
    bare = pl.col(pl.String).str.strip_chars()
    return frame.select(pl.when(bare == "").then(None).otherwise(bare).name.keep()).with_columns(
        pl.Series("line", lines, dtype=pl.Int32)
    )


@dataclass
class _Piece:
    """Judges pieces of one file one after another."""

    found: Checked
    source: Source
    options: Options
    period: tuple[date, date] | None

    def __post_init__(self) -> None:
        self.fields = self.found.reading.fields
        self.pseudonyms = identity.Pseudonyms(self.source.region.code)
        self.groups = Terms(Vocabulary.Name.VULNERABLE_GROUPS)
        if "groups" in self.fields and not self.groups.terms:
            raise SourceRefusedError("no_vocabularies")
        self.decimals = values.Decimals(self.options.decimal)
        self.numbers = Scan(words_kept=KEPT)
        self.zeros = self.totals = self.without = 0

    def judge(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of ``frame`` without problems, as numbers, dates and pseudonyms."""
        frame = self._without_totals(frame)
        self._scan(frame)
        text = {
            key: frame[self.fields[key]]
            if key in self.fields
            else pl.Series(values=[None] * len(frame), dtype=pl.String)
            for key in BY_KEY
        }
        lines = frame["line"]
        amka, bad_amka = self._number(text["amka"], lines, "amka")
        afm, bad_afm = self._number(text["afm"], lines, "afm")
        told = {
            "sex": self._told("sex", text["sex"], lines, values.sex, pl.String),
            "born": self._told("birth", text["birth"], lines, values.birth_year, pl.Int16),
            "place": self._told(
                "municipality", text["municipality"], lines, self.found.places.find, pl.Int32
            ),
            "month": self._month(text, lines),
            "cents": self._amount(text["amount"], lines),
            "groups": self._told("groups", text["groups"], lines, self._groups, pl.List(pl.String)),
        }
        household = self.pseudonyms.of_series(
            f"{self.source.key}|household",
            text["household"].str.to_uppercase().str.replace_all(r"[\s.\-/]|^0+", ""),
        )
        result = pl.DataFrame(
            {
                "line": lines,
                "amka": self.pseudonyms.of_series("amka", amka),
                "afm": self.pseudonyms.of_series("afm", afm),
                "household": household,
                **told,
                "is_good": ~(bad_amka | bad_afm),
            }
        )
        result = self._from_amka(result, amka)
        result = self._unnumbered(result, text)
        self._count_places(result)
        needed = pl.col("is_good") & pl.all_horizontal(
            pl.col("place").is_not_null(), pl.col("month").is_not_null(), pl.col("cents").is_not_null()
        )
        kept = result.filter(needed & (pl.col("place") != 0))
        self.found.left_out += result.filter(pl.col("place") == 0).height
        return kept.drop("is_good")

    # --- rows and words that should not be there ----------------------------------------------------

    def _without_totals(self, frame: pl.DataFrame) -> pl.DataFrame:
        cells = pl.exclude("line").str.contains(TOTALS)
        suspects = frame.filter(pl.any_horizontal(cells.fill_null(value=False)))
        lines = []
        for row in suspects.iter_rows(named=True):
            line = row.pop("line")
            hit = next((h for h, cell in row.items() if cell and values.is_total(cell)), None)
            if hit is None:
                continue
            lines.append(line)
            if not self.options.leave_out_totals:
                self.found.findings.add(
                    "total_row", line=line, column=hit, value=identity.masked(row[hit])[:60]
                )
        self.totals += len(lines) if self.options.leave_out_totals else 0
        return frame.filter(~pl.col("line").is_in(lines)) if lines else frame

    def _scan(self, frame: pl.DataFrame) -> None:
        """Nobody may stand with a number in a column that is not for it, read or not."""
        read = {heading for key, heading in self.fields.items() if not BY_KEY[key].is_secret}
        for heading in (*self.found.reading.unread, *read):
            self.numbers.see(heading, frame[heading], frame["line"])

    # --- cells --------------------------------------------------------------------------------------

    def _number(self, texts: pl.Series, lines: pl.Series, key: str) -> tuple[pl.Series, pl.Series]:
        """Digits of AMKA or AFM, and where they are wrong."""
        length, is_right = {
            "amka": (identity.AMKA_DIGITS, identity.is_amka),
            "afm": (identity.AFM_DIGITS, identity.is_afm),
        }[key]
        frame = texts.to_frame("text").with_columns(number=identity.digits(pl.col("text"), length))
        frame = frame.with_columns(
            bad=(~is_right(pl.col("number"))).fill_null(value=False),
            lost=(pl.col("text").str.len_chars() < pl.col("number").str.len_chars()),
        )
        bad = frame["bad"]
        self._report(key, lines, _where(bad, key))
        self.zeros += frame.filter(pl.col("lost") & ~pl.col("bad")).height
        return _blanked(frame["number"], bad), bad

    def _told(
        self, key: str, texts: pl.Series, lines: pl.Series, parse: Callable[[str], Any], dtype: Any
    ) -> pl.Series:
        means, faults = values.told(texts, parse, dtype)
        if key in self.fields and BY_KEY[key].is_required:
            faults = faults.zip_with(~texts.is_null(), _where(texts.is_null(), "required"))
        self._report(key, lines, faults, texts)
        return means

    def _month(self, text: Mapping[str, pl.Series], lines: pl.Series) -> pl.Series:
        both = text["month"]
        if "year" in self.fields:
            both = pl.select(
                pl.concat_str(text["month"], pl.lit("\n"), text["year"].fill_null(""))
            ).to_series()

        def parse(cell: str) -> date:
            month, _, year = cell.partition("\n")
            found = values.month(month, values.year(year) if year else None)
            if self.period and not self.period[0] <= found <= self.period[1]:
                raise Fault("month_outside")
            return found

        return self._told("month", both, lines, parse, pl.Date)

    def _amount(self, texts: pl.Series, lines: pl.Series) -> pl.Series:
        if not self.decimals.sign:
            self.decimals = values.decimals_of(texts)

        def parse(cell: str) -> int:
            cents = (self.decimals.number(cell) * 100).quantize(Number(1), ROUND_HALF_UP)
            if cents > LARGEST_CENTS:
                raise Fault("amount")
            return int(cents)

        means, faults = values.told(texts, parse, pl.Int32)
        self._report("amount", lines, faults, texts)
        return _blanked(means.fill_null(0), faults.is_not_null())

    def _groups(self, cell: str) -> list[str]:
        try:
            return sorted(self.groups.several(cell))
        except ValueFault:
            raise Fault("group") from None

    def _report(
        self, key: str, lines: pl.Series, faults: pl.Series, texts: pl.Series | None = None
    ) -> None:
        """Name the cells that have a fault; of numbers of persons never the value."""
        findings = self.found.findings
        shown = texts if texts is not None else pl.Series([""]).new_from_index(0, len(lines))
        bad = pl.DataFrame({"line": lines, "fault": faults, "text": shown}).filter(
            pl.col("fault").is_not_null()
        )
        heading = self.fields.get(key, key)
        room = max(KEPT - len(findings.problems), 0)
        facts = {}
        if self.period:
            facts = {"since": f"{self.period[0]:%Y-%m}", "until": f"{self.period[1]:%Y-%m}"}
        for line, fault, text in bad.head(room).iter_rows():
            value = identity.masked((text or "").replace("\n", " ").strip())[:60]
            findings.add(fault, line=line, column=heading, value=value, **facts)
        for fault, count in bad.slice(room)["fault"].value_counts().iter_rows():
            findings.count_more(fault, count)

    # --- what the numbers themselves tell -----------------------------------------------------------

    def _from_amka(self, result: pl.DataFrame, amka: pl.Series) -> pl.DataFrame:
        """Sex and year of birth where the file has no column for them: the AMKA tells both."""
        digits = amka.to_frame("amka")
        if "sex" not in self.fields:
            tenth = pl.col("amka").str.slice(9, 1).cast(pl.Int8, strict=False)
            told = digits.select(
                pl.when(tenth % 2 == 0).then(pl.lit("f")).when(tenth % 2 == 1).then(pl.lit("m"))
            )
            result = result.with_columns(told.to_series().alias("sex"))
        if "birth" not in self.fields:
            short = pl.col("amka").str.slice(4, 2).cast(pl.Int16, strict=False)
            now = date.today().year % 100  # noqa: DTZ011 – a year
            told = digits.select(
                (pl.when(short > now).then(1900 + short).otherwise(2000 + short)).cast(pl.Int16)
            )
            result = result.with_columns(told.to_series().alias("born"))
        return result.with_columns(pl.col("sex").fill_null("-"))

    def _unnumbered(self, result: pl.DataFrame, text: Mapping[str, pl.Series]) -> pl.DataFrame:
        """Rows without AMKA and AFM: refused, or each a person of its own."""
        absent = text["amka"].is_null() & text["afm"].is_null()
        if not absent.any():
            return result
        if not self.options.numbers_optional:
            self._report("amka", result["line"], _where(absent, "number_needed"))
            return result.with_columns(is_good=pl.col("is_good") & ~absent)
        self.without += int(absent.sum())
        lines = _blanked(result["line"].cast(pl.String), ~absent)
        own = self.pseudonyms.of_series(f"{self.source.key}|row", lines)
        return result.with_columns(afm=pl.coalesce(pl.col("afm"), own))

    def _count_places(self, result: pl.DataFrame) -> None:
        """How often each way of writing that is asked about occurs, and where first."""
        asked = {each.number: each for each in self.found.places.asked.values()}
        places = result.filter(pl.col("place") < 0).group_by("place").agg(pl.len(), pl.col("line").min())
        for place, rows, line in places.iter_rows():
            each = asked[-place]
            each.first_line = each.first_line or line
            each.rows += rows


def _where(mask: pl.Series, text: str) -> pl.Series:
    """``text`` where the mask holds, null elsewhere."""
    return mask.to_frame("mask").select(pl.when(pl.col("mask")).then(pl.lit(text)).alias("text"))["text"]


def _blanked(series: pl.Series, mask: pl.Series) -> pl.Series:
    """``series`` with null where the mask holds."""
    frame = pl.DataFrame({"series": series, "mask": mask})
    return frame.select(pl.when(~pl.col("mask")).then(pl.col("series")).alias("series"))["series"]


# --- what the file as a whole says ------------------------------------------------------------------


def _notes_of(table: Table, found: Checked) -> None:
    name_merged(table, found.findings)
    for note in table.notes:
        if note.key != "merged":
            found.findings.notes.append(note)  # type: ignore[arg-type]  # a note of the same shape


def name_merged(table: Table, findings: Findings) -> None:
    """Name merged cells: they hold a value for the first of them only. Titles above the headings may be."""
    for cells in columns.merged(table):
        findings.add("merged_cells", line=line_of(cells), range=cells)


def name_numbers(scan: Scan, findings: Findings) -> None:
    """Name the columns in which people's numbers stand, and their lines; never a number."""
    for each in scan.found():
        heading = identity.masked(each.name)
        if each.key == "in_words":
            for line in each.rows:
                findings.add("in_words", line=line, column=heading)
            findings.count_more("in_words", each.count - len(each.rows))
        else:
            rows = ", ".join(map(str, each.rows)) + ("…" if each.count > len(each.rows) else "")
            findings.add(each.key, line=each.rows[0], column=heading, count=each.count, rows=rows)


def line_of(cells: str) -> int:
    """The line of the first cell of a range such as ``B2:C7``."""
    digits = "".join(sign for sign in cells.partition(":")[0] if sign.isdigit())
    return int(digits or 1)


def _tell(found: Checked, piece: _Piece, period: tuple[date, date] | None) -> None:
    """The notes and the period."""
    findings, rows = found.findings, found.rows
    for key, count in (
        ("zeros", piece.zeros),
        ("totals_left_out", piece.totals),
        ("numbers_without", piece.without),
    ):
        if count:
            findings.note(key, count=count)
    found.left_out += piece.totals
    unread = [heading for heading in found.reading.unread if heading]
    if unread:
        findings.note("left_out_columns", columns=identity.masked(", ".join(unread)))
    for key, name in (("sex", "sex_from_amka"), ("birth", "birth_from_amka")):
        if key not in piece.fields:
            findings.note(name)
    for told in found.places.told.values():
        findings.note(told.key, text=told.text, name=told.name, name_en=told.name_en)
    if not rows.height:
        return
    months = rows["month"].unique().sort()
    found.since, found.until = period or (months[0], months[-1])
    absent = sorted(set(_months(found.since, found.until)) - set(months))
    if absent:
        findings.note("months_absent", months=", ".join(f"{month:%Y-%m}" for month in absent[:24]))
    silent = found.places.areas.keys() - set(rows["place"].unique())
    if silent:
        findings.note("municipalities_absent", **found.places.names_of(silent))
    findings.note(
        "households",
        households=rows["household"].n_unique(),
        persons=rows["person"].n_unique(),
        months=len(months),
    )


def _months(since: date, until: date) -> Iterator[date]:
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
