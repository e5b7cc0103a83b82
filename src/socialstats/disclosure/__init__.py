"""What may be published: rules for single figures, suppression over linked tables, and its proof."""

from socialstats.disclosure.audit import Audit, Witnesses, feasible
from socialstats.disclosure.rules import AmountRule, Amounts, CountRule
from socialstats.disclosure.suppression import Suppression, suppress, suppress_counts
from socialstats.disclosure.tables import TOTAL, Tables, cross, cross_amounts, tables
from socialstats.publication import ModelledRule, PublicationRule, Reliability

__all__ = [
    "TOTAL",
    "AmountRule",
    "Amounts",
    "Audit",
    "CountRule",
    "ModelledRule",
    "PublicationRule",
    "Reliability",
    "Suppression",
    "Tables",
    "Witnesses",
    "cross",
    "cross_amounts",
    "feasible",
    "suppress",
    "suppress_counts",
    "tables",
]
