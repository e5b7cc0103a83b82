"""The tables of the room; what is personal lies in a sealed schema (``sealed.py``)."""

from entaxis.sources.models.definitions import BenefitParameters, Mapping, Source
from entaxis.sources.models.editions import PlaceQuestion, SourceEdition

__all__ = ["BenefitParameters", "Mapping", "PlaceQuestion", "Source", "SourceEdition"]
