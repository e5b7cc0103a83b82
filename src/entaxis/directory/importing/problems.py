"""What is wrong with a row of structures, as a sentence in the reader's language."""

from django.utils.translation import gettext_lazy as _

from entaxis.core.problems import Problem, RefusedError, Sentences
from entaxis.core.tabular.problems import SENTENCES as OF_TABLES

SENTENCES: Sentences = {
    **OF_TABLES,
    # the file as a whole
    "columns_missing": _("These columns are needed and missing: %(columns)s."),
    "columns_unknown": _("These columns are not known and were left out: %(columns)s."),
    "mapping_twice": _("Two columns are read as “%(column)s”: %(headings)s."),
    "mapping_unknown": _("There is no column “%(column)s” to read into."),
    "headings_otherwise": _("Remembered for this source, and not what the headings say: %(headings)s."),
    "headings_gone": _("Remembered for this source and not in this table: %(headings)s."),
    "formula_taken": _("Cell %(cell)s holds a formula. The value that Excel last calculated was taken."),
    "nothing": _("The file holds no row of structures."),
    "no_region": _("There is no region “%(region)s” here."),
    "no_vocabularies": _("The code lists are not loaded yet."),
    "rows_rejected": _("%(count)s of %(total)s rows have problems, so nothing was changed."),
    "file_gone": _("The file was kept for two days and is deleted. Please upload it again."),
    "failed": _("Something unexpected stopped the import; nothing was changed. Please try again."),
    "changed_meanwhile": _("The directory changed while the file was being imported. Please try again."),
    # any cell
    "required": _("A value is needed."),
    "too_long": _("Longer than %(limit)s characters."),
    "control": _("Holds a character that cannot be shown."),
    "term_unknown": _("“%(word)s” is not in the list “%(list)s”.%(hint)s"),
    "choice_unknown": _("“%(word)s” is none of: %(choices)s."),
    "yes_no": _("Please write yes or no."),
    "not_a_date": _("Not a date. Write it as 2026-11-22 or 22/11/2026."),
    "date_in_future": _("The date lies in the future."),
    "not_a_number": _("Not a whole number."),
    "number_range": _("Not between %(low)s and %(high)s."),
    "places_order": _("There cannot be more free places than places."),
    "capacity_date": _("A capacity needs the date on which it was so."),
    "ages": _("Not ages. Write them as 18-65, 65+ or 0-5."),
    "telephone": _("“%(word)s” is not a telephone number."),
    "email": _("“%(word)s” is not an e-mail address."),
    "website": _("“%(word)s” is not the address of a website."),
    "postal_code": _("A postal code has five digits."),
    # hours
    "hours_word": _("“%(word)s” was not understood. Write hours as: Mon-Fri 08:00-14:00, Wed 16:00-19:00."),
    "hours_no_day": _("The hours %(times)s have no day before them."),
    "hours_no_time": _("The days have no hours after them."),
    "hours_clock": _("There is no %(time)s o'clock."),
    "hours_order": _("From %(opens)s to %(closes)s is impossible: it closes before it opens."),
    "hours_overlap": _("The hours overlap on %(day)s."),
    # places
    "municipality_unknown": _("No municipality of %(region)s is called so.%(hint)s"),
    "municipality_ambiguous": _("Several municipalities may be meant: %(names)s. Please give the code."),
    "municipality_elsewhere": _("%(name)s lies in another region (%(region)s)."),
    "municipality_needed": _("Neither a municipality nor a point is given."),
    "point_half": _("Latitude and longitude must both be given, or neither."),
    "point_number": _("Not a coordinate. Write latitude as 39.3622 and longitude as 22.9423."),
    "point_swapped": _("Latitude and longitude seem to be exchanged."),
    "point_outside": _("The point does not lie in Greece."),
    "point_sea": _("The point lies in the sea or outside %(region)s."),
    "point_other": _("The point lies in %(found)s and not in %(stated)s."),
    "area_unknown": _("“%(word)s” is no municipality, regional unit or region here."),
    "locality_unknown": _("%(locality)s was not found in %(municipality)s; the seat was taken."),
    "place_seat": _("No place is given; the seat of %(municipality)s was taken."),
    # relations and twins
    "code_twice": _("The code stands in line %(other)s already."),
    "row_twice": _("The same structure stands in line %(other)s already."),
    "in_directory": _("The directory has this structure already, entered otherwise."),
    "like_in_directory": _("It looks like “%(name)s”, which is in the directory already. The same?"),
    "parent_unknown": _("There is no structure “%(word)s” to belong to."),
    "parent_itself": _("A structure cannot belong to itself."),
    "parent_rejected": _("The structure it belongs to (line %(other)s) was rejected."),
    "parent_missing": _("A structure of this kind usually belongs to another; none is given."),
    "merged": _("It was joined with another entry of the directory, which speaks for it: left as it is."),
    "body_like": _("A new body is entered; it looks like “%(name)s”, which exists."),
    "kind_changed": _("It was open and would become confidential. Please change this in its own page."),
    "kind_opened": _("It is confidential and would become open. No table can do this."),
    "services_missing": _("No service is given: nobody will find it by need."),
    # confidential kinds
    "confidential_rights": _(
        "Its kind is confidential: only an administrator of the region may enter its place."
    ),
    "confidential_telephone": _("A telephone with an area code would betray the confidential place."),
    "confidential_body": _("A body of a municipality would betray the confidential place."),
    "confidential_relation": _("Another structure it belongs to would betray the confidential place."),
    "confidential_area": _("An area served finer than the region would betray the confidential place."),
    "confidential_text": _("The text names the confidential place."),
    "withheld": _("The value cannot be used. It is not repeated here: the place is confidential."),
    "confidential_access": _("A note on the entrance would betray the confidential place."),
    # taking back
    "undo_state": _("Only an import that was completed can be taken back."),
    "undo_edited": _(
        "%(count)s of the structures were edited since (lines %(lines)s); taking back would lose that."
    ),
    "undo_kept": _(
        "Structures that people keep by now, asked for or write on: %(count)s. "
        "Taking back would take them away."
    ),
    "undo_attached": _("%(count)s structures entered since belong to structures of this import."),
    # a row as a whole
    "surplus_cells": _("The row has more cells than there are headings."),
}


class RowProblem(Problem):
    """A problem, or a warning, of importing structures."""

    __slots__ = ()
    sentences = SENTENCES


class ImportRefusedError(RefusedError):
    """The import is refused as a whole: nothing was changed."""

    family = RowProblem
