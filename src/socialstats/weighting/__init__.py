"""From the draw to the final weight: design, non-response, calibration, trimming."""

from socialstats.weighting.calibration import Calibration, calibrate, weighting_effect
from socialstats.weighting.margins import Margins, amount, counts, together
from socialstats.weighting.response import (
    ResponseAdjustment,
    design_weights,
    response_cells,
    response_propensity,
)
from socialstats.weighting.trimming import Trimming, trim

__all__ = [
    "Calibration",
    "Margins",
    "ResponseAdjustment",
    "Trimming",
    "amount",
    "calibrate",
    "counts",
    "design_weights",
    "response_cells",
    "response_propensity",
    "together",
    "trim",
    "weighting_effect",
]
