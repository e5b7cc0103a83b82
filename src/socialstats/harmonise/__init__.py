"""Quantities of different kinds on common ground: rates, scores, ranks, indices, types, trends."""

from socialstats.harmonise.composite import Composite, Sensitivity, composite
from socialstats.harmonise.coverage import Coverage, coverage
from socialstats.harmonise.ranks import Ranks, ranks
from socialstats.harmonise.rates import Rates, rates
from socialstats.harmonise.scores import standard_scores
from socialstats.harmonise.trends import Trend, trend
from socialstats.harmonise.typology import Typology, typology

__all__ = [
    "Composite",
    "Coverage",
    "Ranks",
    "Rates",
    "Sensitivity",
    "Trend",
    "Typology",
    "composite",
    "coverage",
    "ranks",
    "rates",
    "standard_scores",
    "trend",
    "typology",
]
