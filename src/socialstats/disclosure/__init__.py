"""What may be published: rules for single figures, suppression over linked tables, and its proof."""

from socialstats.disclosure.audit import Audit, feasible
from socialstats.disclosure.rules import (
    AmountRule,
    Amounts,
    CountRule,
    DirectRule,
    ModelledRule,
    Reliability,
)
from socialstats.disclosure.suppression import Suppression, suppress, suppress_counts
from socialstats.disclosure.tables import TOTAL, Tables, cross, tables

__all__ = [
    "TOTAL",
    "AmountRule",
    "Amounts",
    "Audit",
    "CountRule",
    "DirectRule",
    "ModelledRule",
    "Reliability",
    "Suppression",
    "Tables",
    "cross",
    "feasible",
    "suppress",
    "suppress_counts",
    "tables",
]
