"""What the platform asks of `socialstats` to make an edition's figures: the only door to estimation.

A computation is written in the catalogue as ``arop:60``: an indicator of `socialstats`, and where a
poverty line enters, at which percentage of the national median (the edition gives the line at 60).
"""

import numpy as np

import socialstats as ss
from entaxis.indicators.computation.cells import (
    AGES,
    BREAKDOWNS,
    NATIONAL_PERCENT,
    PLACE,
    Cell,
    Places,
    is_understood,
    line_percent,
    model_scale,
    parse,
)
from entaxis.indicators.computation.estimating import UNSURE, compute
from entaxis.indicators.computation.survey_files import (
    Checked,
    as_parquet,
    check,
    from_text,
    refused,
    sentence,
    written,
)

__all__ = [
    "AGES",
    "BREAKDOWNS",
    "NATIONAL_PERCENT",
    "PLACE",
    "UNSURE",
    "Cell",
    "Checked",
    "Places",
    "as_parquet",
    "check",
    "compute",
    "from_text",
    "is_understood",
    "line_percent",
    "model_scale",
    "parse",
    "refused",
    "sentence",
    "version",
    "written",
]


def version() -> str:
    """Of the programme that computes, as it is written into every release."""
    return f"socialstats {ss.__version__}, numpy {np.__version__}"
