"""How much of a table is read before it is refused."""

import time
from dataclasses import dataclass

from entaxis.core.tabular.problems import TableRefusedError

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one reading; generous for a region's directory, small for an attack."""

    file_bytes: int = 20 * MEGABYTE
    inflated_bytes: int = 160 * MEGABYTE  # all members of a workbook together
    inflation_ratio: int = 200  # one member; real sheets stay below 60
    members: int = 400
    sheets: int = 40
    rows: int = 50_000
    columns: int = 200
    cell_characters: int = 20_000
    seconds: float = 60.0


LIMITS = Limits()


class Deadline:
    """A clock that stops a reading which takes too long."""

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.seconds
        self._ends = time.monotonic() + limits.seconds

    def check(self) -> None:
        """Raise `TableRefusedError` once the time is up."""
        if time.monotonic() > self._ends:
            raise TableRefusedError("reading_time", seconds=round(self._seconds))
