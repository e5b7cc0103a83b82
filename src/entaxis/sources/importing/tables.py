"""Tables that are counted already – of statistics, or of beneficiaries by sub-group –, read and judged.

A row tells an area and a period; its numbers stand in one column a measure (``measure:KEY``) or in a
column ``value`` beside a column ``measure``. What stays is a row a cell: measure, area, period, breakdown,
value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.utils.translation import gettext_lazy as _

from entaxis.core import greek, tabular
from entaxis.directory.importing.terms import Terms
from entaxis.directory.importing.values import ValueFault
from entaxis.sources import identity
from entaxis.sources.importing import columns, values
from entaxis.sources.importing.checking import Checked, Options, name_merged, name_numbers
from entaxis.sources.importing.columns import Reading
from entaxis.sources.importing.places import Places
from entaxis.sources.importing.problems import KEPT, SourceRefusedError
from entaxis.sources.importing.values import Decimals, Fault
from entaxis.sources.models import Measure, Source
from entaxis.sources.scanning import Scan
from entaxis.vocabularies.models import Vocabulary

FIELDS: Final = {
    "area": _("Area"),
    "period": _("Period"),
    "year": _("Year"),
    "sex": _("Sex"),
    "age": _("Age"),
    "subgroup": _("Sub-group"),
    "measure": _("Measure"),
    "value": _("Value"),
}
"""What a column may be read as, beside ``measure:KEY``, and how it is called."""
NOT_AVAILABLE: Final = {":", "..", "…", "...", "n/a", "μ.δ.", "δ.δ."}
_KNOWN: Final = {
    "δημοσ": "area", "municipality": "area", "περιοχη": "area", "area": "area", "κωδικοσ δημου": "area",
    "περιφερειακη ενοτητα": "area", "περιοδοσ": "period", "period": "period", "μηνασ": "period",
    "month": "period", "τριμηνο": "period", "quarter": "period", "ετοσ": "year", "year": "year",
    "φυλο": "sex", "sex": "sex", "ηλικια": "age", "ηλικιακη ομαδα": "age", "age": "age",
    "υποομαδα": "subgroup", "subgroup": "subgroup", "ευαλωτη ομαδα": "subgroup", "μεγεθοσ": "measure",
    "measure": "measure", "τιμη": "value", "value": "value", "πληθοσ": "value",
}  # fmt: skip
SCHEMA: Final = {
    "line": pl.Int32,
    "measure": pl.String,
    "place": pl.Int32,
    "period": pl.String,
    "breakdown": pl.String,
    "value": pl.String,
}


def check(
    path: Path,
    *,
    source: Source,
    remembered: Mapping[str, str],
    options: Options,
    encoding: str | None = None,
    sheet: str | None = None,
    **_more: Any,
) -> Checked:
    """Read ``path`` and judge every cell. Problems stand in the result; nothing is stored.

    Raises:
        TableRefusedError: the file cannot be read as a table.
        SourceRefusedError: its columns cannot be understood.
    """
    known = _known_headings(remembered)
    score = columns.scored(lambda headings: _reading(headings, known, source), known)
    with tabular.opened(path, encoding=encoding, sheet=sheet, score=score) as table:
        try:
            reading = _reading(table.headings, known, source)
        except SourceRefusedError as refusal:
            raise columns.look(table, refusal) from None
        found = Checked(pl.DataFrame(schema=SCHEMA), Places(source, with_units=True), reading)
        judge = _Judge(found, source, options, {h: n for n, h in enumerate(table.headings)})
        rows = [(row.line, row.cells) for row in table]
        _scan(rows, table.headings, found)
        judge.decimals = _decimals(rows, judge, options.decimal)
        for line, cells in rows:
            judge.row(line, cells)
        columns.note_skipped(table, found.findings)
        name_merged(table, found.findings)
    found.rows_read = len(rows)
    judge.end()
    return found


def _scan(rows: list[tuple[int, tuple[str, ...]]], headings: Sequence[str], found: Checked) -> None:
    """A table counts people and names none: nobody's number stands in it, read or not."""
    scan = Scan(words_kept=KEPT)
    lines = pl.Series([line for line, _cells in rows], dtype=pl.Int32)
    for number, heading in enumerate(headings):
        if heading and heading not in found.reading.left_out:
            cells = pl.Series([cells[number] for _line, cells in rows], dtype=pl.String)
            scan.see(heading, cells, lines)
    name_numbers(scan, found.findings)


def _known_headings(remembered: Mapping[str, str]) -> Callable[[str], str | None]:
    """What a heading is read as: as remembered, as recognised, or as the measure that is called so."""
    measures: dict[str, str] = {}
    for each in Measure.objects.all():
        measures |= {
            " ".join(greek.words(name)): f"measure:{each.key}"
            for name in (each.name_el, each.name_en)
            if name
        }

    def known(heading: str) -> str | None:
        words = " ".join(greek.words(heading))
        return remembered.get(heading, _KNOWN.get(words, measures.get(words)))

    return known


def _reading(headings: Sequence[str], known: Callable[[str], str | None], source: Source) -> Reading:
    """Heading → field, and which columns are measures."""
    measures = set(Measure.objects.values_list("key", flat=True))
    fields: dict[str, str] = {}
    unread, left_out = [], set()
    for heading in headings:
        said = known(heading)
        if said is None:
            unread.append(heading)
        elif said == "":
            left_out.add(heading)
        elif said not in FIELDS and said.removeprefix("measure:") not in measures:
            raise SourceRefusedError("mapping_unknown", column=said[:60])
        elif said in fields:
            both = f"“{fields[said]}”, “{heading}”"
            name = str(FIELDS.get(said, said.removeprefix("measure:")))
            raise SourceRefusedError("mapping_twice", column=name, headings=both)
        else:
            fields[said] = heading
    missing = [name for name in ("area",) if name not in fields]
    if not {"period", "year"} & fields.keys():
        missing.append("period")
    if not [name for name in fields if name.startswith("measure:")] and "value" not in fields:
        missing.append("value")
    if source.kind == Source.Kind.SUBGROUP_COUNTS and "subgroup" not in fields:
        missing.append("subgroup")
    if missing:
        names = ", ".join(str(FIELDS[name]) for name in missing)
        raise SourceRefusedError("columns_missing", columns=names)
    return Reading(fields, frozenset(left_out), tuple(unread))


def _decimals(rows: list[tuple[int, tuple[str, ...]]], judge: "_Judge", stated: str) -> dict[str, Decimals]:
    """Which sign parts decimals, by measure: each has numbers of its own kind."""
    texts: dict[str, list[str]] = {key: [] for key in judge.measures}
    for _line, cells in rows:
        for key, number in judge.numbers.items():
            if cells[number] and (told := judge.measure_of(key, cells)):
                texts[told.key].append(cells[number])
    found = {}
    for key, written in texts.items():
        decide = values.decimals_of_counts if judge.measures[key].is_count else values.decimals_of
        found[key] = decide(pl.Series(written, dtype=pl.String), stated)
    known = {each.sign for each in found.values() if each.sign}
    alone = Decimals(known.pop()) if len(known) == 1 else Decimals()
    return {key: each if each.sign else alone for key, each in found.items()}  # one column tells the others


@dataclass
class _Judge:
    """Judges the rows of one table."""

    found: Checked
    source: Source
    options: Options
    place_of: Mapping[str, int]  # heading → number of its column
    decimals: Mapping[str, Decimals] = field(default_factory=dict)  # by measure

    def __post_init__(self) -> None:
        fields = self.found.reading.fields
        self.column = {name: self.place_of[heading] for name, heading in fields.items()}
        self.measures = {each.key: each for each in Measure.objects.all()}
        self.called = {
            " ".join(greek.words(name)): each
            for each in self.measures.values()
            for name in (each.name_el, each.name_en)
            if name
        }
        self.groups = Terms(Vocabulary.Name.VULNERABLE_GROUPS)
        self.numbers = {
            name.removeprefix("measure:"): number
            for name, number in self.column.items()
            if name.startswith("measure:")
        }
        if "value" in self.column:
            self.numbers[""] = self.column["value"]
        self.cells: dict[tuple[str, int, str, str], tuple[int, Decimal]] = {}
        self.totals: list[tuple[int, str, str, str, Decimal]] = []
        self.named: set[int] = set()  # places of any row, also of one that has a fault
        self.absent = 0

    def row(self, line: int, cells: tuple[str, ...]) -> None:
        """Take one row; what is wrong with it is named."""
        said = {name: cells[number].strip() for name, number in self.column.items()}
        is_total = values.is_total(said["area"])
        if is_total and not self.options.leave_out_totals:
            self._wrong("total_row", line, "area", said["area"])
            return
        place = 0 if is_total else self._told("area", line, said, self._area)
        self._named(place, line)
        period = self._told("period" if "period" in said else "year", line, said, lambda _: period_of(said))
        breakdown = self._told(
            "subgroup" if "subgroup" in said else "sex", line, said, lambda _: self._breakdown(said)
        )
        if place is None or period is None or breakdown is None:
            return
        for key, number in self.numbers.items():
            if (measure := self.measure_of(key, cells)) is None:
                self._wrong("measure_unknown", line, "measure", said.get("measure", ""))
                continue
            self._number(line, cells[number].strip(), measure, (place, period, breakdown, is_total))

    def measure_of(self, key: str, cells: tuple[str, ...]) -> Measure | None:
        """The measure of a column of numbers; of the column of values, that which the row says."""
        said = cells[self.column["measure"]].strip() if "measure" in self.column else ""
        key = key or said or self._only()
        return self.measures.get(key) or self.called.get(" ".join(greek.words(key)))

    def _number(self, line: int, text: str, measure: Measure, where: tuple[int, str, str, bool]) -> None:
        place, period, breakdown, is_total = where
        if not text or text.lower() in NOT_AVAILABLE:
            self.absent += 1
            return
        heading = f"measure:{measure.key}" if f"measure:{measure.key}" in self.column else "value"
        try:
            value = _judged(text, measure, self.decimals[measure.key])
        except Fault as fault:
            self._wrong("number" if fault.key == "amount" else fault.key, line, heading, text)
            return
        if is_total:
            self.totals.append((line, measure.key, period, breakdown, value))
            return
        cell = (measure.key, place, period, breakdown)
        if place and cell in self.cells:
            self._wrong("cell_twice", line, "area", "", other=self.cells[cell][0])
        elif place:
            self.cells[cell] = (line, value)
        else:
            self.found.left_out += 1

    def end(self) -> None:
        """Hold totals against their rows and write the notes."""
        findings = self.found.findings
        units = set(self.found.places.units)
        for line, key, period, breakdown, total in self.totals:
            parts = [
                value
                for (k, place, p, b), (_line, value) in self.cells.items()
                if (k, p, b) == (key, period, breakdown) and place not in units
            ]
            if self.measures[key].is_count and sum(parts) != total:
                self._wrong("total_differs", line, "area", f"{total:f}", sum=f"{sum(parts):f}")
        self.found.left_out += len(self.totals)
        self._notes(units)
        rows = [(line, k, place, p, b, f"{v:f}") for (k, place, p, b), (line, v) in self.cells.items()]
        self.found.rows = pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("line")
        if not rows and not findings.count:
            raise SourceRefusedError("no_rows")
        periods = [span(each) for each in self.found.rows["period"].unique()]
        if periods:
            self.found.since, self.found.until = min(p[0] for p in periods), max(p[1] for p in periods)

    def _notes(self, units: set[int]) -> None:
        findings, places = self.found.findings, self.found.places
        if self.absent:
            findings.note("not_available", count=self.absent)
        if self.totals:
            findings.note("totals_left_out", count=len(self.totals))
        unread = [heading for heading in self.found.reading.unread if heading]
        if unread:
            findings.note("left_out_columns", columns=identity.masked(", ".join(unread)))
        for told in places.told.values():
            findings.note(told.key, text=told.text, name=told.name, name_en=told.name_en)
        silent = places.areas.keys() - self.named
        if silent and self.named - units:
            findings.note("municipalities_absent", **places.names_of(silent))

    # --- cells --------------------------------------------------------------------------------------

    def _told(self, name: str, line: int, said: Mapping[str, str], parse: Any) -> Any:
        text = said.get(name, "")
        if name in {"area", "period", "year"} and not text:
            self._wrong("required", line, name, "")
            return None
        try:
            return parse(text)
        except Fault as fault:
            self._wrong(fault.key, line, name, text)
            return None

    def _named(self, place: int | None, line: int) -> None:
        """Remember that a row names a place; count the rows of one that is asked about."""
        if place:
            self.named.add(place)
        if place and place < 0:
            asked = next(each for each in self.found.places.asked.values() if each.number == -place)
            asked.rows += 1
            asked.first_line = asked.first_line or line

    def _area(self, text: str) -> int:
        return self.found.places.find(text)

    def _breakdown(self, said: Mapping[str, str]) -> str:
        """``age=15-24;sex=f``: always in one order."""
        parts = {}
        if said.get("sex") and not values.is_total(said["sex"]):
            parts["sex"] = values.sex(said["sex"])
        if said.get("age") and not values.is_total(said["age"]):
            parts["age"] = age(said["age"])
        if said.get("subgroup"):
            try:
                parts["subgroup"] = self.groups.one(said["subgroup"])
            except ValueFault:
                raise Fault("group") from None
        return ";".join(f"{name}={parts[name]}" for name in sorted(parts))

    def _only(self) -> str:
        return next(iter(self.measures)) if len(self.measures) == 1 else ""

    def _wrong(self, key: str, line: int, name: str, value: str, **facts: Any) -> None:
        heading = self.found.reading.fields.get(name, name)
        self.found.findings.add(key, line=line, column=heading, value=identity.masked(value)[:60], **facts)


def _judged(text: str, measure: Measure, decimals: Decimals) -> Decimal:
    value = values.count(text, decimals) if measure.is_count else decimals.number(text)
    if measure.unit == Measure.Unit.PERCENT and value > 100:
        raise Fault("percent_over")
    if value >= Decimal(10) ** 13:
        raise Fault("amount")
    return value


_QUARTER: Final = re.compile(r"(?:q|τ)([1-4]) (\d{4})|([1-4])ο? τριμηνο (\d{4})|(\d{4}) (?:q|τ)([1-4])")


def period_of(said: Mapping[str, str]) -> str:
    """2024, 2024-Q1 or 2024-03."""
    text, year = said.get("period", ""), said.get("year", "")
    if not text:
        return str(values.year(year))
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return text
    if found := _QUARTER.fullmatch(" ".join(greek.words(text))):
        return f"{found[2] or found[4] or found[5]}-Q{found[1] or found[3] or found[6]}"
    return f"{values.month(text, values.year(year) if year else None):%Y-%m}"


def span(period: str) -> tuple[date, date]:
    """First and last day of a period."""
    year, _, part = period.partition("-")
    first, months = (1, 12) if not part else (int(part[1]) * 3 - 2, 3) if part[0] == "Q" else (int(part), 1)
    begins = date(int(year), first, 1)
    after = date(int(year) + (first + months > 12), (first + months - 1) % 12 + 1, 1)
    return begins, after - timedelta(days=1)


def age(text: str) -> str:
    """``15-24``, ``65+``."""
    bare = re.sub(r"\s|ετων|χρονων|years?", "", greek.fold(text)).replace("–", "-")
    if found := re.fullmatch(r"(\d{1,3})-(\d{1,3})", bare):
        return f"{int(found[1])}-{int(found[2])}"
    if found := re.fullmatch(r"(\d{1,3})(?:\+|καιανω|andover)", bare):
        return f"{int(found[1])}+"
    raise Fault("age")
