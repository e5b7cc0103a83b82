"""The tables of the room; what is personal, and every small count, lies in a sealed schema."""

from entaxis.sources.models.definitions import BenefitParameters, Mapping, Source
from entaxis.sources.models.editions import PlaceQuestion, SourceEdition
from entaxis.sources.models.phenomena import PhenomenonPassing, PhenomenonReport
from entaxis.sources.models.tables import Contradiction, Measure, TableValue

__all__ = [
    "BenefitParameters",
    "Contradiction",
    "Mapping",
    "Measure",
    "PhenomenonPassing",
    "PhenomenonReport",
    "PlaceQuestion",
    "Source",
    "SourceEdition",
    "TableValue",
]
