"""Everything that socialstats refuses, in one tree.

::

    SocialStatsError
    ├── OptionError              an argument that means nothing here
    ├── DataError                the file or frame cannot be used as it is
    │   ├── ColumnError          a column is missing or of the wrong kind
    │   ├── CodeError            a value outside its code list
    │   └── WeightError          weights missing, zero, negative or infinite
    ├── DesignError              strata, PSUs, replicates do not fit together
    │   └── SinglePSUError       a stratum with one PSU has no variance of its own
    ├── EstimationError          the data are sound, the estimate does not exist
    │   ├── EmptyDomainError     nobody to estimate from
    │   ├── NotComputableError   the indicator needs what was not given (a panel, an item)
    │   └── ConvergenceError     an iteration did not settle
    ├── CalibrationError         margins that no weights can meet
    └── DisclosureError          suppression cannot be done or does not protect

Messages are sentences for the analyst: what is wrong, how often, the first rows, what to do. They may quote
an entry of the data; whoever must not show one to others reads ``fault`` and ``facts`` instead.
"""

from typing import Any


class SocialStatsError(Exception):
    """Root of the tree: catch this to catch all.

    Attributes:
        fault: what is wrong in one word, for programmes; empty beyond the door, where no file is judged.
        facts: counts, numbers of rows and what the caller named; never an entry or a heading of the data.
    """

    def __init__(self, message: str = "", *, fault: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.fault = fault
        self.facts = facts


class OptionError(SocialStatsError, ValueError):
    """An argument that means nothing here."""


class DataError(SocialStatsError, ValueError):
    """The file or frame cannot be used as it is."""


class ColumnError(DataError):
    """A column is missing or of the wrong kind."""


class CodeError(DataError):
    """A value outside its code list."""


class WeightError(DataError):
    """Weights missing, zero, negative or infinite."""


class DesignError(SocialStatsError, ValueError):
    """Strata, PSUs or replicates do not fit together."""


class SinglePSUError(DesignError):
    """A stratum with one PSU has no variance of its own."""


class EstimationError(SocialStatsError, ArithmeticError):
    """The data are sound, but the estimate does not exist."""


class EmptyDomainError(EstimationError):
    """Nobody to estimate from."""


class NotComputableError(EstimationError):
    """The indicator needs what was not given."""


class ConvergenceError(EstimationError):
    """An iteration did not settle."""


class CalibrationError(SocialStatsError, ArithmeticError):
    """Margins that no weights can meet."""


class DisclosureError(SocialStatsError):
    """Suppression cannot be done or does not protect."""


class Note(str):
    """Something the door noticed, as a sentence; ``fault`` and ``facts`` say the same to programmes."""

    fault: str
    facts: dict[str, Any]

    def __new__(cls, sentence: str, *, fault: str, **facts: Any) -> "Note":
        """A sentence with what it is made of."""
        note = super().__new__(cls, sentence)
        note.fault, note.facts = fault, facts
        return note


ROWS_NAMED = 5


def numbered(rows: "list[int] | tuple[int, ...]") -> list[int]:
    """The first few positions counted from 0 as row numbers counted from 1."""
    return [row + 1 for row in rows[:ROWS_NAMED]]


def first_rows(rows: "list[int] | tuple[int, ...]", limit: int = 5) -> str:
    """The first few row numbers as words: ``rows 3, 8, 9 and 40 more``; rows count from 1.

    Args:
        rows: positions counted from 0, ascending.
        limit: how many to name.
    """
    named = ", ".join(str(row + 1) for row in rows[:limit])
    rest = len(rows) - limit
    word = "row" if len(rows) == 1 else "rows"
    return f"{word} {named}" + (f" and {rest} more" if rest > 0 else "")
