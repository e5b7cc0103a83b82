"""Which single estimates may be shown: rules for direct and for modelled ones.

The thresholds for direct estimates are those of Eurostat's own published code (flags ``unrel`` 1 and 2:
fewer than 50 or 20 observations, more than 20 or 50 percent item non-response); those for modelled
estimates follow the practice of Statistics Canada for coefficients of variation. All of them are the
caller's to change.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Reliability(IntEnum):
    """What may be done with an estimate; Eurostat's codes."""

    PUBLISH = 0
    WARN = 1
    SUPPRESS = 2


@dataclass(frozen=True)
class PublicationRule:
    """When a direct estimate is published, by unweighted observations and item non-response.

    Source: Eurostat's own code of the EU-SILC indicators (peps04, lvho07, di12 …).

    Attributes:
        minimum: fewer observations are not published.
        reliable: fewer observations carry the flag u.
        missing_limit: more item non-response (share, 0–1) is not published.
        missing_warning: more item non-response carries the flag u.
    """

    minimum: int = 20
    reliable: int = 50
    missing_limit: float = 0.5
    missing_warning: float = 0.2

    def flag(self, n: int, missing: float = 0.0) -> str:
        """``:u`` not published, ``u`` unreliable, empty when sound."""
        if n < self.minimum or missing > self.missing_limit:
            return ":u"
        return "u" if n < self.reliable or missing > self.missing_warning else ""

    def judge(self, n: ArrayLike, missing: ArrayLike = 0.0) -> NDArray[np.int8]:
        """The same of many cells as :class:`Reliability`, shape (k,); a missing n or share suppresses."""
        number, lost = np.asarray(n, dtype=np.float64), np.asarray(missing, dtype=np.float64)
        fine = (number >= self.reliable) & (lost <= self.missing_warning)
        return _levels((number >= self.minimum) & (lost <= self.missing_limit), fine)


@dataclass(frozen=True)
class ModelledRule:
    """Model-based estimates, by their relative root mean squared error in percent.

    Attributes:
        warn_above: larger errors are published with a warning.
        suppress_above: larger errors are not published.
    """

    warn_above: float = 16.6
    suppress_above: float = 33.3

    def judge(self, estimate: ArrayLike, mse: ArrayLike) -> NDArray[np.int8]:
        """A :class:`Reliability` for each area, shape (k,); what is missing suppresses."""
        value = np.asarray(estimate, dtype=np.float64)
        error = np.asarray(mse, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = 100 * np.sqrt(np.where(error >= 0, error, np.nan)) / np.abs(value)
        return _levels(relative <= self.suppress_above, relative <= self.warn_above)


def _levels(usable: NDArray[np.bool_], fine: NDArray[np.bool_]) -> NDArray[np.int8]:
    # comparisons with NaN are false, so that what is unknown is never published
    level = np.where(
        usable & fine, Reliability.PUBLISH, np.where(usable, Reliability.WARN, Reliability.SUPPRESS)
    )
    return np.atleast_1d(level).astype(np.int8)
