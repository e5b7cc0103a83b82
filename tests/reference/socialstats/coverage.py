"""Coverage of 95 % intervals over 5,000 samples of a known population; run once, its result is stored.

    python -m tests.reference.socialstats.coverage > tests/reference/socialstats/coverage.json
    python -m tests.reference.socialstats.coverage bootstrap:200 > .../coverage_bootstrap.json

The population is synthetic: 40,000 households in 4 strata. Each sample draws 300 households of each stratum
without replacement; households are PSUs, all members are taken, the finite population correction is on.
"""

import json
import sys
from collections import Counter

import numpy as np
import polars as pl

import socialstats as ss

SAMPLES, STRATA, HOUSEHOLDS, DRAWN = 5000, 4, 10_000, 300
NAMES = ["arop", "gap", "gini", "s80s20", "arpt", "mean", "fgt1"]


def population() -> pl.DataFrame:
    """Persons with continuous incomes, richer and more unequal from stratum to stratum."""
    rng = np.random.default_rng(20)
    size = rng.choice([1, 2, 3, 4], STRATA * HOUSEHOLDS, p=[0.3, 0.3, 0.2, 0.2])
    stratum = np.repeat(np.arange(STRATA), HOUSEHOLDS)
    income = rng.lognormal(9.0 + 0.1 * stratum, 0.50 + 0.05 * stratum)
    home = np.repeat(np.arange(size.size), size)
    return pl.DataFrame({"household": home, "stratum": stratum[home], "income": income[home]})


def survey(frame: pl.DataFrame, weight: float) -> ss.Survey:
    """A sample of equal probabilities, or the whole population."""
    columns = frame.with_columns(pl.lit(weight).alias("weight"), pl.lit(HOUSEHOLDS).alias("homes"))
    return ss.Survey.of(
        columns, weight="weight", income="income", strata="stratum", household="household", fpc="homes"
    )


def main(variance: str = "linearised", samples: int = SAMPLES) -> None:
    """Draw, estimate, count."""
    everyone = population()
    truth = {row.indicator: row.value for row in ss.estimate(survey(everyone, 1.0), NAMES, variance="none")}
    starts = np.concatenate([[0], np.cumsum(np.bincount(everyone["household"].to_numpy()))])
    rng = np.random.default_rng(21)
    inside: Counter[str] = Counter()
    values: dict[str, list[float]] = {name: [] for name in NAMES}
    errors: dict[str, list[float]] = {name: [] for name in NAMES}
    for done in range(samples):
        drawn = np.concatenate(
            [h * HOUSEHOLDS + rng.choice(HOUSEHOLDS, DRAWN, replace=False) for h in range(STRATA)]
        )
        rows = np.concatenate([np.arange(starts[home], starts[home + 1]) for home in drawn])
        for row in ss.estimate(survey(everyone[rows], HOUSEHOLDS / DRAWN), NAMES, variance=variance):
            inside[row.indicator] += row.ci_low <= truth[row.indicator] <= row.ci_high
            values[row.indicator].append(row.value)
            errors[row.indicator].append(row.se)
        if done % 500 == 499:
            print(f"{done + 1} samples", file=sys.stderr)
    found = {
        name: {
            "truth": truth[name],
            "coverage_percent": 100 * inside[name] / samples,
            "bias_percent_of_se": 100 * (np.mean(values[name]) - truth[name]) / np.std(values[name]),
            "mean_se_over_spread": float(np.sqrt(np.mean(np.square(errors[name]))) / np.std(values[name])),
        }
        for name in NAMES
    }
    made = {"samples": samples, "households": STRATA * DRAWN, "variance": variance, "indicators": found}
    print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:2])
