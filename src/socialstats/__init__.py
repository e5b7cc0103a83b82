"""Socialstats: indicators of poverty and social exclusion with the variance they deserve.

Usable alone (``import socialstats as ss`` or ``python -m socialstats``): no web framework, no database.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from socialstats.comparison import change, difference
from socialstats.concepts import read_map, with_map
from socialstats.design import Replicates, SurveyDesign
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
from socialstats.estimation import estimate
from socialstats.frame import Flag, Survey, read_survey
from socialstats.indicators import INCOME as INDICATORS
from socialstats.lines import Line
from socialstats.publication import PublicationRule
from socialstats.random import stream
from socialstats.reading import join_silc, read_csv, read_table
from socialstats.results import Estimate, Estimates
from socialstats.synthetic import SYNTHETIC_MAP, Municipality, synthetic_population, synthetic_sample

if TYPE_CHECKING:
    from socialstats import disclosure, harmonise, smallarea, weighting

__version__ = "0.1.0"

_LATER = ("disclosure", "harmonise", "smallarea", "weighting")
"""Parts that are imported when first asked for: they bring scipy's optimisers and compiled kernels."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return import_module(f"socialstats.{name}")
    message = f"module 'socialstats' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


__all__ = [
    "INDICATORS",
    "SYNTHETIC_MAP",
    "CalibrationError",
    "CodeError",
    "ColumnError",
    "ConvergenceError",
    "DataError",
    "DesignError",
    "DisclosureError",
    "EmptyDomainError",
    "Estimate",
    "Estimates",
    "EstimationError",
    "Flag",
    "Line",
    "Municipality",
    "NotComputableError",
    "OptionError",
    "PublicationRule",
    "Replicates",
    "SinglePSUError",
    "SocialStatsError",
    "Survey",
    "SurveyDesign",
    "WeightError",
    "__version__",
    "change",
    "difference",
    "disclosure",
    "estimate",
    "harmonise",
    "join_silc",
    "read_csv",
    "read_map",
    "read_survey",
    "read_table",
    "smallarea",
    "stream",
    "synthetic_population",
    "synthetic_sample",
    "weighting",
    "with_map",
]
