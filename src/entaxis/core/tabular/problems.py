"""What is wrong with a table, as a sentence in the reader's language."""

from django.utils.translation import gettext_lazy as _

from entaxis.core.problems import Problem, RefusedError, Sentences

SENTENCES: Sentences = {
    # the file
    "no_file": _("The file cannot be found or opened."),
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(megabytes)s MB."),
    "format": _("The file is neither an Excel workbook (.xlsx) nor text with separated columns (CSV)."),
    "old_workbook": _(
        "The file is an old Excel workbook (.xls) or is protected by a password. "
        "Open it in Excel and save it as .xlsx without a password."
    ),
    "open_document": _("The file is an OpenDocument table. Save it as .xlsx or CSV."),
    "other_kind": _("The file is %(kind)s, not a table."),
    "macros": _("The workbook carries macros. Save it as .xlsx, without macros."),
    # the package of a workbook
    "damaged": _("The workbook is damaged or cut off."),
    "password": _("The workbook is protected by a password."),
    "members": _("The workbook holds more than %(limit)s parts and was refused."),
    "inflation": _("The workbook unpacks to far more than its size and was refused."),
    "doctype": _("The workbook holds a document type declaration (DOCTYPE) and was refused."),
    "no_sheet": _("The workbook has no sheet that can be read."),
    "sheet_unknown": _("The workbook has no sheet “%(sheet)s”. Its sheets are: %(sheets)s."),
    "sheets": _("The workbook has more than %(limit)s sheets."),
    # the text
    "encoding": _(
        "The text is neither UTF-8 nor Greek Windows (cp1253) nor ISO-8859-7; "
        "line %(at)s cannot be read. Save the file as “CSV UTF-8”."
    ),
    "encoding_stated": _("Line %(at)s cannot be read as %(encoding)s. Is that the file's encoding?"),
    "encoding_unknown": _("There is no encoding “%(encoding)s”."),
    "null_byte": _("Line %(at)s holds a null byte: the file is damaged or is not text."),
    "quotes": _("The quotation marks of line %(at)s do not close, or something follows a closed one."),
    # the table
    "no_headings": _("The file has no line of headings."),
    "heading_twice": _("The heading “%(heading)s” stands twice (columns %(columns)s)."),
    "no_rows": _("Below the headings there is no row."),
    "rows": _("The table has more than %(limit)s rows."),
    "columns": _("The table has more than %(limit)s columns."),
    "cell": _("Line %(at)s, column %(column_letter)s: the cell holds more than %(limit)s characters."),
    "reading_time": _("Reading the file took longer than %(seconds)s seconds and was stopped."),
    # notes: it was read, but a person should know
    "read_as": _("The text was read as %(encoding)s."),
    "sheets_left": _("Only the sheet “%(sheet)s” was read; the workbook has %(count)s."),
    "formula": _(
        "Cell %(cell)s holds a formula. The value that Excel last calculated was taken: “%(value)s”."
    ),
    "formulas": _("%(count)s cells hold a formula. The values that Excel last calculated were taken."),
    "formula_empty": _("Cell %(cell)s holds a formula without a calculated value; it counts as empty."),
    "error_value": _("Cell %(cell)s holds the error %(value)s; it counts as empty."),
    "merged": _(
        "The cells %(range)s are merged: the value counts for the first of them only. "
        "Write it into each row."
    ),
    "surplus": _("Line %(at)s has more cells than there are headings: is a separator inside a text?"),
}


class TableProblem(Problem):
    """A problem, or a note, of reading a table."""

    __slots__ = ()
    sentences = SENTENCES


class TableRefusedError(RefusedError):
    """The file is refused as a whole; nothing of it was used. Its text is a sentence for the user."""

    family = TableProblem
