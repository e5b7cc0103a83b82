"""Socialstats: indicators of poverty and social exclusion with the variance they deserve.

Usable alone (``import socialstats as ss`` or ``python -m socialstats``): no web framework, no database.
"""

from socialstats.errors import (
    CalibrationError,
    CodeError,
    ColumnError,
    ConvergenceError,
    DataError,
    DesignError,
    DisclosureError,
    EmptyDomainError,
    EstimationError,
    NotComputableError,
    OptionError,
    SinglePSUError,
    SocialStatsError,
    WeightError,
)
from socialstats.random import stream

__version__ = "0.1.0"

__all__ = [
    "CalibrationError",
    "CodeError",
    "ColumnError",
    "ConvergenceError",
    "DataError",
    "DesignError",
    "DisclosureError",
    "EmptyDomainError",
    "EstimationError",
    "NotComputableError",
    "OptionError",
    "SinglePSUError",
    "SocialStatsError",
    "WeightError",
    "__version__",
    "stream",
]
