"""What is wrong with a survey's file or its description, in the reader's language.

A sentence names columns as the description names them, counts and numbers of rows: never an entry of the
file, and a heading only without its numbers, since it may be somebody's where columns were mixed up.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from entaxis.core.problems import Problem, RefusedError, Sentences

SENTENCES: Sentences = {
    # the description
    "toml": _("The description is not TOML (%(place)s)."),
    "description": _("The description lacks %(name)s."),
    "description_kind": _("The description holds something unexpected under %(name)s."),
    "design": _("The description's [design] names “%(name)s”, which is unknown here."),
    "map": _("The description's [map] names “%(name)s”, which is unknown here or of another kind."),
    "condition": _(
        "[conditions] names “%(name)s”, which the programme computes already: give another name."
    ),
    "groups": _("[subgroups] names “%(name)s”, which is no sub-group of the code list in force."),
    # the file as a whole
    "unreadable": _(
        "The file cannot be read: it is neither Parquet nor a table of text, or it is cut off."
    ),
    "too_much": _("The file unpacks to more than this place takes (%(rows_most)s rows, %(megabytes)s MB)."),
    "no_rows": _("The file holds no rows."),
    # people's numbers
    "amka_column": _(
        "Column %(place)s (“%(column)s”) holds AMKA of persons: %(count)s rows (rows: %(rows)s). Nothing "
        "of the file was kept: take the column out and send it again."
    ),
    "afm_column": _(
        "Column %(place)s (“%(column)s”) holds AFM: %(count)s rows (rows: %(rows)s). Nothing of the file "
        "was kept: take the column out and send it again."
    ),
    "in_words": _(
        "Column %(place)s (“%(column)s”) names persons by AMKA or AFM in its text: %(count)s rows (rows: "
        "%(rows)s). Nothing of the file was kept: take the column out and send it again."
    ),
    # columns
    "no_column": _("The file has no column “%(column)s”, which the description names."),
    "other_kind": _("Column “%(column)s” does not hold numbers."),
    "no_numbers": _("Column “%(column)s”: entries that are no numbers: %(count)s (rows: %(rows)s)."),
    "lacks": _("Column “%(column)s”: entries that are missing: %(count)s (rows: %(rows)s)."),
    "infinite": _("Column “%(column)s”: infinite entries: %(count)s (rows: %(rows)s)."),
    "ages": _("Column “%(column)s”: ages below -1 or over 130: %(count)s (rows: %(rows)s)."),
    "repeated": _(
        "Column “%(column)s” should name each person once; rows that share a value: %(count)s "
        "(rows: %(rows)s)."
    ),
    "codes": _("Column “%(column)s”: codes that have no meaning: %(count)s (rows: %(rows)s)."),
    "health_codes": _("Self-rated health is 1–5; persons with another code: %(count)s (rows: %(rows)s)."),
    "places": _(
        "Column “%(column)s”: rows that name no municipality of the region: %(count)s (rows: %(rows)s)."
    ),
    "sexes": _("Column “%(column)s”: codes without a meaning under [sexes]: %(count)s (rows: %(rows)s)."),
    "weights": _(
        "Weights that are missing, infinite, zero or negative: %(count)s of %(size)s (rows: %(rows)s)."
    ),
    "belonging": _(
        "Column “%(column)s” tells who belongs with 1 and 0; other entries: %(count)s (rows: %(rows)s)."
    ),
    "months": _(
        "Persons who worked fewer than 0 or more than their workable months: %(count)s (rows: %(rows)s)."
    ),
    # the design
    "single_psu": _(
        "Strata with a single primary unit: %(count)s of %(size)s. Their variance cannot be estimated: "
        'join them with a neighbouring stratum, or write single_psu = "certainty" or "centre".'
    ),
    "split_households": _(
        "Column “%(column)s”: households in more than one primary unit or stratum: %(count)s (rows: "
        "%(rows)s). Give each household a number of its own."
    ),
    "correction": _(
        "The finite population correction must be positive, the same within its stratum or primary unit, "
        "and no smaller than the sample."
    ),
    "needs": _("An indicator of the [map] needs %(name)s, which the description does not name."),
    "no_age": _("Persons without an age: %(count)s (rows: %(rows)s); these indicators need all of them."),
    "no_household": _("An indicator of the [map] joins households: name their column under [design]."),
    # what has no sentence of its own
    "column_fault": _("A column of the file cannot be used as the description says."),
    "design_fault": _("Strata, primary units and weights contradict each other."),
    "option_fault": _("The description says something that the programme does not know."),
    "computing_fault": _("An indicator cannot be computed from what the file holds."),
    "fault": _("The file was not taken: something in it could not be understood."),
    "computing_failed": _("The computing failed for a reason that the file does not explain."),
    "cut_off": _("The reading was cut off. Nothing of the file was kept; send it again."),
    # what was noticed
    "lack_income": _(
        "Persons without “%(column)s”: %(count)s of %(size)s. They are left out of indicators of income."
    ),
    "negative_income": _("Persons with a negative “%(column)s”: %(count)s. It is kept as it is."),
    "unborn": _("Persons aged -1, born after the reference date: %(count)s. They count as aged 0."),
    "unequal_incomes": _(
        "Households whose members have different incomes: %(count)s; equivalised income should be shared."
    ),
}


class EditionProblem(Problem):
    """A problem of a survey's file, or something that was noticed in it."""

    __slots__ = ()
    sentences = SENTENCES

    def __str__(self) -> str:
        rows = self.facts.get("rows")
        if not isinstance(rows, list):
            return super().__str__()
        more = "…" if len(rows) < self.facts.get("count", 0) else ""
        said = dict(self.facts) | {"rows": ", ".join(map(str, rows)) + more}
        return str(self.sentences[self.key]) % said


class EditionRefusedError(RefusedError):
    """The file or its description cannot be used; its text is a plain sentence."""

    family = EditionProblem


def stored(problem: Problem) -> str:
    """A problem as a table keeps it, to be read in any language."""
    return json.dumps(problem.as_json(), ensure_ascii=False)


def told(kept: str) -> str:
    """The sentence of what `stored` wrote, in the reader's language."""
    return str(EditionProblem.from_json(json.loads(kept))) if kept else ""


def noticed(note: Mapping[str, Any] | str) -> str:
    """A note of an edition, in the reader's language; of early editions as it was written."""
    return note if isinstance(note, str) else str(EditionProblem.from_json(note))
