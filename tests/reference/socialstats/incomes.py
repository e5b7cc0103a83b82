"""Modelled medians, Gini, S80/S20 and gaps of thin areas against the truth: samples of known populations.

25 municipalities in five strata; populations of `socialstats`' own generator with a third of the persons,
each with levels of income of its own (standard deviation of their logarithm 0.16). In the world ``unequal``
inequality differs too (0.12 of its logarithm, which no covariate knows), in ``alike`` it does not, ``bare``
is ``unequal`` without a covariate. Each population is sampled ten times in two stages: 48 settlements a
stratum, six households in each, so that areas have 5 to 180 effective households. The covariate is the
level of incomes with an error of 0.05. What holds is counted over populations, samples and municipalities,
by their effective households. Run by hand, for each world:
``python -m tests.reference.socialstats.incomes WORLD POPULATIONS``; incomes.csv holds the lines.
"""

import sys
from collections.abc import Iterator

import numpy as np
import polars as pl

import socialstats as ss
from socialstats.publication import ModelledRule
from socialstats.smallarea import KINDS, Homes, model_incomes

RESIDENTS = (
    164_381, 10_705, 29_145, 18_668, 11_871, 20_865, 20_118, 137_905, 18_480, 21_100, 43_180, 8_300, 5_900,
    4_900, 2_850, 79_200, 18_900, 17_500, 12_700, 57_000, 15_800, 14_700, 9_800, 8_400, 6_300,
)  # fmt: skip
"""Of 25 municipalities that do not exist, of sizes as one region has them."""
STRATA = (1,) * 7 + (2,) * 4 + (3,) * 4 + (4,) * 4 + (5,) * 6
CODES = tuple(f"{stratum}{at:02}" for at, stratum in enumerate(STRATA))
LINE = 5600.0
SAMPLES = 10
ENDS = (10, 20, 50)
CLASSES = ("under 10", "10–19", "20–49", "50 or more")


def population(world: str, seed: int) -> tuple[pl.DataFrame, np.ndarray]:
    """Its persons, and a covariate of each municipality."""
    draw = np.random.Generator(np.random.PCG64(seed))
    level = np.exp(draw.normal(0, 0.16, len(CODES)))
    spread = 0.52 * np.exp(draw.normal(0, 0.12, len(CODES)) * (world != "alike"))
    places = [
        ss.Municipality(code, code[0], round(number / 3 / 2.1), 9800 * at, unequal)
        for code, number, at, unequal in zip(CODES, RESIDENTS, level, spread, strict=True)
    ]
    declared = np.log(level) + draw.normal(0, 0.05, len(CODES))
    return ss.synthetic_population(places, seed=seed), declared


def direct(frame: pl.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray, ss.Survey]:
    """Estimates and errors of all municipalities; the survey."""
    survey = ss.Survey.of(
        frame, weight="weight", income="income", strata="region", psu="area", household="household"
    )
    rows = ss.estimate(survey, name, by=("municipality",), line=ss.Line.given(LINE, "line"))
    found = {row.domain.get("municipality"): (row.value, row.se) for row in rows}
    both = np.array([found.get(code, (None, None)) for code in CODES], dtype=float)
    return both[:, 0], both[:, 1], survey


def samples(everyone: pl.DataFrame, seed: int) -> Iterator[pl.DataFrame]:
    """Two-stage samples with their weights, as the demonstration's."""
    for at in range(SAMPLES):
        yield ss.synthetic_sample(everyone, areas=48, households=6, seed=1000 * seed + at)


def trial(world: str, seed: int) -> Iterator[pl.DataFrame]:
    """One row a sample, municipality and indicator."""
    everyone, declared = population(world, seed)
    whole = everyone.with_columns(pl.lit(1.0).alias("weight"))
    truth = {name: direct(whole, name)[0] for name in KINDS}
    x = np.column_stack([np.ones(len(CODES)), declared])
    for frame in samples(everyone, seed):
        for name in KINDS:
            value, error, survey = direct(frame, name)
            homes = Homes.of(survey, "municipality", CODES)
            made = model_incomes(
                name, value, error, homes, x[:, : 1 if world == "bare" else 2], areas=CODES, line=LINE
            )
            poor = homes.only(homes.income < LINE) if KINDS[name].of_poor else homes
            yield pl.DataFrame(
                {
                    "indicator": name,
                    "size": poor.effective,
                    "truth": truth[name],
                    "direct": value,
                    "value": made.estimates,
                    "mse": made.mse,
                    "low": made.low,
                    "high": made.high,
                    "flag": ModelledRule().judge(made.estimates, made.mse),
                }
            )


def main(world: str, populations: int) -> None:
    """Print a line for each indicator and class of size."""
    rows = pl.concat([frame for seed in range(1, populations + 1) for frame in trial(world, seed)])
    off = (pl.col("value") / pl.col("truth") - 1).alias("off")
    raw = (pl.col("direct").fill_nan(None) / pl.col("truth") - 1).alias("raw")
    held = ((pl.col("low") <= pl.col("truth")) & (pl.col("truth") <= pl.col("high"))).alias("held")
    rows = rows.with_columns(
        off, raw, held, pl.col("size").cut(ENDS, labels=CLASSES, left_closed=True).alias("class")
    )
    for keys in (["indicator"], ["indicator", "class"]):
        table = rows.group_by(keys, maintain_order=True).agg(
            pl.len(),
            pl.col("held").mean(),
            pl.col("off").mean().alias("bias"),
            (pl.col("off") ** 2).mean().sqrt().alias("rmse"),
            (pl.col("mse") / pl.col("value") ** 2).mean().sqrt().alias("told"),
            (pl.col("raw") ** 2).mean().sqrt().alias("direct"),
            (pl.col("flag") < 2).mean().alias("published"),
        )
        for row in table.sort(keys).iter_rows(named=True):
            figures = (row[name] for name in ("held", "bias", "rmse", "told", "direct", "published"))
            start = f"{world},{row['indicator']},{row.get('class') or 'all'},{row['len']}"
            print(start, *(f"{figure:.4f}" for figure in figures), sep=",", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
