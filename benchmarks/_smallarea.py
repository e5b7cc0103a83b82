"""Small areas beside emdi's time, for ``bin/bench stats``: emdi's task on invented persons."""

import time
from collections.abc import Iterator

import numpy as np

from socialstats import smallarea, weighting

EMDI_CPU_SECONDS = 840
"""R's emdi, Box–Cox, 1,945 sampled, 25,000 persons, 94 areas, B = 200, measured once on two cores; not
run here."""


def rows() -> Iterator[dict[str, object]]:
    """EBP with its bootstrap, and a calibration of 15,000 persons."""
    yield from _ebp()
    yield _calibration()


def _ebp() -> Iterator[dict[str, object]]:
    draw = np.random.default_rng(5)
    area = np.sort(draw.integers(0, 94, 25_000))
    x = np.column_stack([draw.normal(size=25_000), draw.random(25_000) < 0.4, draw.random(25_000) < 0.2])
    level = 9.5 + x @ [0.2, -0.3, -0.2] + draw.normal(0, 0.2, 94)[area]
    income = np.exp(level + draw.normal(0, 0.5, 25_000))
    rows = draw.choice(np.flatnonzero(area < 90), 2_000, replace=False)

    def model(replicates: int) -> float:
        since = time.process_time()
        smallarea.ebp(
            income[rows], x[rows], area[rows], x, area, line=9_000.0, simulations=50, replicates=replicates
        )
        return time.process_time() - since

    model(2)  # compiles what is not on disk yet
    seconds = model(0)
    yield {"name": "EBP, Box–Cox, L = 50", "value": round(seconds, 3), "unit": "CPU s"} | _nobody()
    seconds = model(200)
    yield {
        "name": "EBP, Box–Cox, 2,000 / 25,000 / 94 areas, L = 50, MSE B = 200",
        "value": round(seconds, 2),
        "unit": "CPU s",
        "peer": "emdi (as measured before)",
        "peer_value": EMDI_CPU_SECONDS,
        "ratio": round(EMDI_CPU_SECONDS / seconds, 1),
    }


def _calibration() -> dict[str, object]:
    draw = np.random.default_rng(6)
    weights = np.exp(draw.normal(4, 0.4, 15_000))
    known = weights * np.exp(draw.normal(0, 0.2, 15_000))
    parts = []
    for name, classes in (("age and sex", 16), ("region", 9), ("education", 4)):
        labels = draw.integers(0, classes, 15_000)
        parts.append(weighting.counts(name, labels, dict(enumerate(np.bincount(labels, known).tolist()))))
    margins = weighting.together(parts)
    since = time.process_time()
    weighting.calibrate(weights, margins, method="logit", bounds=(0.3, 3))
    seconds = time.process_time() - since
    return {
        "name": "logit calibration, 15,000 persons, 29 totals",
        "value": round(seconds, 3),
        "unit": "CPU s",
    } | _nobody()


def _nobody() -> dict[str, object]:
    return {"peer": None, "peer_value": None, "ratio": None}
