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

Messages are sentences for the analyst: what is wrong, how often, the first rows, what to do.
"""


class SocialStatsError(Exception):
    """Root of the tree: catch this to catch all."""


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
