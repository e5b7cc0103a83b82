"""Coverage of the 95 % intervals of Fay–Herriot areas: 5,000 samples from a known model on each scale.

51 areas (as many as Thessaly and the Peloponnese have municipalities), six of them without a sample, one
covariate, true values drawn from the model anew each time. Run by hand; fay_herriot_coverage.csv is its
output.
"""

from pathlib import Path

import numpy as np

from socialstats.smallarea import fay_herriot

AREAS, SAMPLES = 51, 5000
draw = np.random.Generator(np.random.PCG64(4445))
covariate = draw.normal(0, 1, AREAS)
x = np.column_stack([np.ones(AREAS), covariate])
n_effective = np.exp(draw.uniform(np.log(20), np.log(200), AREAS))
unsampled = np.arange(AREAS) % 9 == 4


def sample(scale: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Direct estimates, what the model takes as their precision, and the truth on the original scale."""
    if scale == "none":
        d = 4 / n_effective
        truth = x @ [10, 1] + draw.normal(0, 0.3, AREAS)
        return truth + draw.normal(0, np.sqrt(d)), d, truth
    if scale == "log":
        d = 4 / n_effective
        theta = x @ [2, 0.2] + draw.normal(0, 0.3, AREAS)
        direct = np.exp(theta + draw.normal(0, np.sqrt(d)))
        return direct, d * direct**2, np.exp(theta)
    theta = x @ [0.48, 0.04] + draw.normal(0, 0.05, AREAS)
    z = np.clip(theta + draw.normal(0, np.sqrt(1 / (4 * n_effective))), 0, np.pi / 2)
    return np.sin(z) ** 2, n_effective, np.sin(theta) ** 2


with Path(__file__).with_suffix(".csv").open("w", encoding="utf-8") as file:
    file.write("scale,sampled,coverage,lowest_area,highest_area,between_zero\n")
    for scale in ("none", "log", "arcsine"):
        held, zero = np.zeros(AREAS), 0
        for _ in range(SAMPLES):
            direct, precision, truth = sample(scale)
            direct = np.where(unsampled, np.nan, direct)
            count = 0 if scale == "none" else 2
            result = fay_herriot(direct, precision, x, transform=scale, replicates=count)
            held += (result.low <= truth) & (truth <= result.high)
            zero += result.model.between == 0
        share = held / SAMPLES
        for kind, inside in (("yes", ~unsampled), ("no", unsampled)):
            part = share[inside]
            figures = [part.mean(), part.min(), part.max(), zero / SAMPLES]
            file.write(f"{scale},{kind}," + ",".join(f"{figure:.4f}" for figure in figures) + "\n")
