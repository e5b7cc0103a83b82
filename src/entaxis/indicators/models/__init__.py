"""What is measured, from which data, and every figure that was ever published."""

from entaxis.indicators.models.catalogue import (
    ADDITIVE,
    COUNTS,
    Direction,
    Indicator,
    IndicatorVersion,
    Theme,
    Unit,
)
from entaxis.indicators.models.country import CountryFigure
from entaxis.indicators.models.releases import (
    READ_ONLY,
    Edition,
    Observation,
    Reason,
    Release,
    ReleasedSeries,
)
from entaxis.indicators.models.sealed import Candidate, EditionFile, Outcome, UploadedFile
from entaxis.indicators.models.targets import StrategyTarget
from entaxis.indicators.models.work import EditionUpload, LeftOutTable, Recomputation

from entaxis.indicators.harmonisation import models as harmonisation  # isort: skip  # they point at figures

__all__ = [
    "ADDITIVE",
    "COUNTS",
    "READ_ONLY",
    "Candidate",
    "CountryFigure",
    "Direction",
    "Edition",
    "EditionFile",
    "EditionUpload",
    "Indicator",
    "IndicatorVersion",
    "LeftOutTable",
    "Observation",
    "Outcome",
    "Reason",
    "Recomputation",
    "Release",
    "ReleasedSeries",
    "StrategyTarget",
    "Theme",
    "Unit",
    "UploadedFile",
    "harmonisation",
]
