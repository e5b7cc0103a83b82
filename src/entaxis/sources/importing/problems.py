"""What is wrong with a file of a source, as a sentence in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from entaxis.core.problems import Problem, RefusedError, Sentences
from entaxis.core.tabular.problems import SENTENCES as OF_TABLES
from entaxis.sources.models import PlaceQuestion

COUNTED = {"count", "households", "persons", "months", "compared", "payments"}
"""Facts that are whole numbers of something: they bear the thousand separator of the reader's language."""
KEPT = 2000  # problems that are named one by one; the rest are counted

SENTENCES: Sentences = {
    **OF_TABLES,
    # the file as a whole
    "no_region": _("There is no region “%(region)s” here."),
    "no_source": _("There is no source “%(source)s” in %(region)s. Known: %(known)s."),
    "by_report": _("“%(source)s” takes no files."),
    "columns_missing": _(
        "None of the first rows has all headings that are needed; missing are: %(columns)s (%(rows)s)."
    ),
    "columns_missing_merged": _(
        "None of the first rows has all headings that are needed; missing are: %(columns)s (%(rows)s). "
        "Merged cells: %(merged)s."
    ),
    "mapping_twice": _("Two columns are read as “%(column)s”: %(headings)s."),
    "mapping_unknown": _("There is no field “%(column)s” to read into."),
    "rows_rejected": ngettext_lazy(
        "%(count)s problem was found, so nothing was kept.",
        "%(count)s problems were found, so nothing was kept.",
        "count",
    ),
    "known": _("This file was brought in on %(day)s already."),
    "key_changed": _(
        "Editions in force were made with another key of pseudonyms: persons would not be recognised. "
        "Throw those editions away first, or bring back the former key."
    ),
    "no_vocabularies": _("The code lists are not loaded yet."),
    "merged_cells": _("The cells %(range)s are merged. Write the value into each row."),
    # cells
    "required": _("A value is needed."),
    "amka": _("Not an AMKA: eleven digits that begin with a date of birth, with a right last digit."),
    "afm": _("Not an AFM: nine digits with a right last digit."),
    "number_needed": _("Neither an AMKA nor an AFM is given."),
    "in_words": _("The text names a person by AMKA or AFM. Take the number out, or leave the column out."),
    "amka_column": _(
        "The column holds AMKA of persons: %(count)s rows (%(rows)s). Take it out of the file, or say that "
        "the column is left out."
    ),
    "afm_column": _(
        "The column holds AFM: %(count)s rows (%(rows)s). Take it out of the file, or say that the column "
        "is left out."
    ),
    "total_row": _(
        "This is a row of totals among the rows. Take it out, or say that such rows are left out."
    ),
    "municipality_digits": _("A long number stands where a municipality should."),
    "sex": _("Neither a woman nor a man: “%(value)s”."),
    "birth": _("Not a date or year of birth: “%(value)s”."),
    "month": _("Not a month: “%(value)s”. Write it as 2024-03, 03/2024 or March 2024."),
    "month_without_year": _("A month without a year: “%(value)s”."),
    "year": _("Not a year: “%(value)s”."),
    "month_outside": _("The month lies outside the stated period %(since)s – %(until)s."),
    "amount": _("Not an amount in euros: “%(value)s”."),
    "negative": _("Less than nothing: “%(value)s”."),
    "number_both_ways": _(
        "“%(value)s” is written with the other thousand separator than most of the column: which is meant?"
    ),
    "decimal_both_ways": _(
        "“%(value)s” parts decimals with another sign than most of the column: which is meant?"
    ),
    "number_ambiguous": _(
        "“%(value)s” may mean two numbers, and no other value of the column decides it. "
        "Say which sign parts the decimals."
    ),
    "group": _("“%(value)s” is no sub-group of the list of vulnerable groups."),
    # cells of tables
    "number": _("Not a number: “%(value)s”."),
    "measure_unknown": _("“%(value)s” is no measure that is known here."),
    "age": _("Not an age group: “%(value)s”. Write it as 15-24 or 65+."),
    "not_whole": _("A count is a whole number: “%(value)s”."),
    "percent_over": _("More than 100 percent: “%(value)s”."),
    "cell_twice": _("The same cell stands in line %(other)s already."),
    "total_differs": _("The total says %(value)s, its rows together %(sum)s."),
    "not_available": ngettext_lazy(
        "%(count)s cell says that there is no value; it is left out.",
        "%(count)s cells say that there is no value; they are left out.",
        "count",
    ),
    # rows against each other
    "twice": _("The same person stands in line %(other)s for the same month."),
    "afm_differs": _("The same AMKA has another AFM in line %(other)s."),
    "sex_differs": _("The same person has another sex in line %(other)s."),
    "birth_differs": _("The same person has another year of birth in line %(other)s."),
    "household_places": _(
        "The same household has another municipality in line %(other)s, in the same month."
    ),
    "household_amounts": _("The same household has another amount in line %(other)s, in the same month."),
    # a person decides
    "amount_over": _(
        "The household of the lines %(lines)s was paid more in this month than its members are guaranteed."
    ),
    **{f"place_{reason.value}": reason.label for reason in PlaceQuestion.Reason},
    # making current
    "state": _("This file is not ready to be put in force."),
    "questions_open": ngettext_lazy(
        "%(count)s place still waits for a decision.",
        "%(count)s places still wait for a decision.",
        "count",
    ),
    "doubts_open": _(
        "%(count)s payments are above what is guaranteed. Say that they stand, or throw the file away."
    ),
    "would_lose": _(
        "The edition in force (%(file)s) tells %(since)s – %(until)s; this one does not cover all "
        "of it, so months would be lost. Bring in a file of the whole period."
    ),
    # notes
    "zeros": ngettext_lazy(
        "%(count)s number had lost the zero in front; it was put back.",
        "%(count)s numbers had lost the zero in front; it was put back.",
        "count",
    ),
    "former_name": _("“%(text)s” is a former name of %(name)s."),
    "left_out_columns": _("These columns were not read, and nothing of them is kept: %(columns)s."),
    "title_skipped": _("Row %(at)s stands above the headings and was not read: “%(text)s”."),
    "totals_left_out": ngettext_lazy(
        "%(count)s row of totals was left out.", "%(count)s rows of totals were left out.", "count"
    ),
    "months_absent": _("No row tells these months: %(months)s."),
    "municipalities_absent": _("No row tells of these municipalities: %(names)s."),
    "remembered": _("“%(text)s” was decided before: %(name)s."),
    "left_out_before": _("“%(text)s” was decided before: left out."),
    "households": ngettext_lazy(
        "Households: %(households)s; persons: %(persons)s; in %(months)s month.",
        "Households: %(households)s; persons: %(persons)s; in %(months)s months.",
        "months",
    ),
    "numbers_without": ngettext_lazy(
        "%(count)s row has neither an AMKA nor an AFM: it counts as a person of its own.",
        "%(count)s rows have neither an AMKA nor an AFM: each counts as a person of its own.",
        "count",
    ),
    "sex_from_amka": _("Sex is not in the file; it was told from the AMKA."),
    "birth_from_amka": _("Year of birth is not in the file; it was told from the AMKA."),
    "amounts_text": _("Amounts of the benefit since %(since)s: %(text)s"),
    "amounts_demonstration": _(
        "Amounts of the benefit since %(since)s, of the demonstration and of no official text: %(text)s"
    ),
    "amounts_unknown": _(
        "Of these months no amounts of the benefit are in force here, so payments were not compared with "
        "what is guaranteed: %(months)s. Amounts are entered under “Amounts of benefits”."
    ),
    "amounts_of_recipients": _(
        "Payments were not compared with what is guaranteed: no household has a second member in the file, "
        "so it seems to name recipients alone."
    ),
    "amounts_compared": _(
        "%(compared)s of %(payments)s payments to a household in a month were compared with what is "
        "guaranteed. None is where the number of the household or the birth of a member is missing."
    ),
}


class _Count(int):
    """A number that says itself in the reader's language, and still chooses the form of its sentence."""

    def __str__(self) -> str:
        return str(formats.number_format(int(self), force_grouping=True))


class SourceProblem(Problem):
    """A problem, or a note, of a file of a source. Its value never holds a long number."""

    __slots__ = ()
    sentences = SENTENCES

    def __str__(self) -> str:
        facts = {
            key: _Count(fact) if key in COUNTED and isinstance(fact, int) else fact
            for key, fact in self.facts.items()
        }
        if get_language() != "el":
            facts |= {
                key.removesuffix("_en"): fact for key, fact in facts.items() if key.endswith("_en") and fact
            }
        sentence: Any = self.sentences[self.key]  # of several forms, which the number chooses
        return str(sentence % facts)


class SourceRefusedError(RefusedError):
    """Nothing of the file was kept. Its text is a sentence for the user."""

    family = SourceProblem


@dataclass
class Findings:
    """Everything found in a file: problems by line, how many of each kind, doubts, and notes.

    Problems refuse the file; of doubts a person decides.
    """

    problems: list[SourceProblem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    doubts: list[SourceProblem] = field(default_factory=list)
    doubt_count: int = 0
    notes: list[SourceProblem] = field(default_factory=list)
    places: list[SourceProblem] = field(default_factory=list)
    """Of a refused file: ways of writing a place on which a person will have to decide."""

    @property
    def count(self) -> int:
        """How many problems there are, named or not."""
        return sum(self.counts.values())

    def add(self, key: str, *, line: int, column: str = "", value: str = "", **facts: Any) -> None:
        """One problem; beyond `KEPT` it is only counted."""
        self.counts[key] = self.counts.get(key, 0) + 1
        if len(self.problems) < KEPT:
            shown = {"value": value} | facts
            self.problems.append(SourceProblem(key, shown, line, column, value))

    def count_more(self, key: str, number: int) -> None:
        """Problems that are counted without being named."""
        if number > 0:
            self.counts[key] = self.counts.get(key, 0) + number

    def doubt(self, key: str, *, line: int, **facts: Any) -> None:
        """Something that may be right, which a person has to say."""
        self.doubt_count += 1
        self.doubts.append(SourceProblem(key, facts, line))

    def doubt_more(self, number: int) -> None:
        """Doubts that are counted without being named."""
        self.doubt_count += number

    def note(self, key: str, **facts: Any) -> None:
        """Something worth knowing."""
        self.notes.append(SourceProblem(key, facts))

    def as_json(self) -> dict[str, Any]:
        """What the report of an edition keeps."""
        self.problems.sort(key=lambda problem: problem.line or 0)
        return {
            "problems": [problem.as_json() for problem in self.problems],
            "counts": self.counts,
            "doubts": [doubt.as_json() for doubt in self.doubts],
            "doubt_count": self.doubt_count,
            "notes": [note.as_json() for note in self.notes],
            "places": [place.as_json() for place in self.places],
        }


def read_back(stored: Mapping[str, Any], part: str) -> list[SourceProblem]:
    """The problems, doubts, notes or places of a stored report."""
    return [SourceProblem.from_json(one) for one in stored.get(part, [])]


class RejectedError(SourceRefusedError):
    """Rows have problems; they are named in ``findings``."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("rows_rejected", count=findings.count)
        self.findings = findings
