"""Synthetic data, seeded: household files like EU-SILC's for municipalities, and whole populations.

Nothing here is about anybody: incomes, homes and answers are drawn from distributions written below.
Wherever such data appear they are called synthetic.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from socialstats.arrays import FloatArray, IntArray
from socialstats.errors import OptionError
from socialstats.indicators.income import modified_oecd_scale
from socialstats.random import stream


@dataclass(frozen=True)
class Municipality:
    """Margins of a municipality.

    Attributes:
        code: label.
        region: of the design's stratum.
        households: in the population.
        median_income: of equivalised income, euro a year.
        inequality: standard deviation of its logarithm.
    """

    code: str
    region: str
    households: int
    median_income: float = 10_000.0
    inequality: float = 0.55


_ITEMS = (
    ("unexpected_expenses", 0.45),
    ("holiday", 0.42),
    ("meal", 0.10),
    ("warm", 0.17),
    ("car", 0.10),
    ("furniture", 0.35),
    ("arrears_rent", 0.08),
    ("arrears_utilities", 0.28),
    ("arrears_loans", 0.06),
)
_OWN = (
    ("internet", 0.04),
    ("clothes", 0.12),
    ("shoes", 0.05),
    ("pocket_money", 0.25),
    ("leisure", 0.22),
    ("friends", 0.18),
)

SYNTHETIC_MAP: dict[str, dict[str, str]] = {
    "survey": {"age": "age", "sex": "sex"},
    "deprivation": {name: name for name, _ in (*_ITEMS, *_OWN)},
    "work": {
        name: name
        for name in (
            "months_worked",
            "student",
            "pensioner",
            "employed_most_of_year",
            "employed",
            "unemployed",
            "in_education",
            "months_unemployed",
        )
    },
    "housing": {
        name: name for name in ("monthly_cost", "household_income", "rooms", "partner", "leaking", "dark")
    },
    "debt": {name: name for name in ("arrears_rent", "arrears_utilities", "arrears_loans")},
    "health": {"self_rated": "self_rated"},
}
"""The map of a synthetic file's columns."""


def synthetic_population(municipalities: list[Municipality], *, seed: int = 1) -> pl.DataFrame:
    """Every person of the municipalities, one row each, in households.

    Columns: ``municipality``, ``region``, ``area`` (settlements of about 60 households: PSUs),
        ``household``, ``person``, ``age``, ``sex``, ``partner``, ``household_income``, ``income``
    (equivalised), answers of deprivation, work, housing, health with EU-SILC's codes, ``education`` 0–2.

    Args:
        municipalities: with at least one household each.
        seed: the same gives the same.

    Raises:
        OptionError: none is given, or a margin is not above 0.
    """
    if not municipalities or any(
        m.households < 1 or m.median_income <= 0 or m.inequality <= 0 for m in municipalities
    ):
        message = "Municipalities need at least one household, a median income and an inequality above 0."
        raise OptionError(message)
    parts = []
    first = 0
    for at, place in enumerate(municipalities):
        parts.append(_people(place, first, stream(seed, "population", at)))
        first += place.households
    people = pl.concat(parts)
    return people.with_columns(pl.int_range(1, pl.len() + 1).alias("person"))


def _household_kinds(rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray]:
    """Adults and children of each household."""
    kinds = np.array([(1, 0), (2, 0), (2, 1), (2, 2), (1, 1), (3, 0), (2, 3), (4, 1)])
    chosen = kinds[rng.choice(len(kinds), count, p=[0.26, 0.29, 0.13, 0.13, 0.04, 0.10, 0.03, 0.02])]
    return chosen[:, 0], chosen[:, 1]


def _people(place: Municipality, first: int, rng: np.random.Generator) -> pl.DataFrame:
    count = place.households
    adults, children = _household_kinds(rng, count)
    size = adults + children
    home = np.repeat(np.arange(count), size)
    number = np.arange(home.size) - np.repeat(np.cumsum(size) - size, size)
    head = np.where(children > 0, rng.integers(26, 56, count), rng.integers(22, 90, count))
    age = head[home].astype(np.int64)
    partner = (number < 2) & (adults[home] >= 2)
    age = np.where(number == 1, np.clip(head[home] + rng.integers(-6, 7, home.size), 18, 95), age)
    age = np.where((number >= 2) & (number < adults[home]), rng.integers(18, 30, home.size), age)
    age = np.where(number >= adults[home], rng.integers(0, 18, home.size), age)
    sex = np.where(number == 0, rng.integers(1, 3, home.size), 0)
    sex = np.where((number == 1) & partner, 3 - np.roll(sex, 1), sex)
    sex = np.where(sex == 0, rng.integers(1, 3, home.size), sex)
    education = np.clip(rng.normal(1.0, 0.8, count).round(), 0, 2)
    town = rng.normal(0, 0.12, count // 60 + 1)[np.arange(count) // 60]
    level = (
        np.log(place.median_income) + 0.22 * (education - 1) + town + rng.normal(0, place.inequality, count)
    )
    equivalised = np.round(np.exp(level), 2)
    scale = modified_oecd_scale(home, age.astype(np.float64))
    work = _work(rng, age, level[home] - np.log(place.median_income))
    frame = {
        "municipality": np.full(home.size, place.code),
        "region": np.full(home.size, place.region),
        "area": np.array([f"{place.code}-{at}" for at in range(count // 60 + 1)])[home // 60],
        "household": first + home + 1,
        "age": age,
        "sex": sex,
        "partner": np.where(partner, 1, 2),
        "education": education[home].astype(np.int64),
        "household_income": np.round(equivalised[home] * scale, 2),
        "income": equivalised[home],
        "income_before_transfers": np.round(equivalised * (1 - 0.1 * rng.random(count) * (level < 9)), 2)[
            home
        ],
        **_answers(rng, level - np.log(place.median_income), home),
        **work,
    }
    return pl.DataFrame(frame)


def _chance(base: float, level: FloatArray) -> FloatArray:
    """Probability of a lack that falls with income; the base at the median."""
    odds = np.log(base / (1 - base)) - 1.8 * level
    return np.asarray(1 / (1 + np.exp(-odds)))


def _answers(
    rng: np.random.Generator, level: FloatArray, home: IntArray
) -> Mapping[str, IntArray | FloatArray]:
    count = level.size
    found: dict[str, IntArray | FloatArray] = {}
    for name, base in _ITEMS:
        lacks = rng.random(count) < _chance(base, level)
        if name.startswith("arrears"):
            codes = np.where(lacks, rng.integers(1, 3, count), 3)
        elif name in ("car", "furniture"):
            codes = np.where(lacks, 2, np.where(rng.random(count) < 0.1, 3, 1))
        else:
            codes = np.where(lacks, 2, 1)
        found[name] = codes[home]
    for name, base in _OWN:
        lacks = rng.random(home.size) < _chance(base, level)[home]
        found[name] = np.where(lacks, 2, np.where(rng.random(home.size) < 0.08, 3, 1))
    found["rooms"] = rng.integers(1, 6, count)[home]
    found["monthly_cost"] = np.round(rng.gamma(4, 65, count), 2)[home]
    found["leaking"] = np.where(rng.random(count) < _chance(0.12, level), 1, 2)[home]
    found["dark"] = np.where(rng.random(count) < 0.06, 1, 2)[home]
    found["self_rated"] = np.clip(
        np.round(rng.normal(2.0, 0.9, home.size) - 0.2 * level[home]), 1, 5
    ).astype(np.int64)
    return found


def _work(
    rng: np.random.Generator, age: IntArray, level: FloatArray
) -> Mapping[str, IntArray | FloatArray]:
    n = age.size
    student = (age >= 15) & (age <= 24) & (rng.random(n) < 0.6)
    pensioner = (age >= 62) & (rng.random(n) < 0.9)
    able = (age >= 18) & (age <= 70) & ~student & ~pensioner
    employed = able & (rng.random(n) > _chance(0.28, level))
    unemployed = able & ~employed & (rng.random(n) < 0.55)
    months = np.where(
        employed, rng.choice([12, 12, 12, 9, 6], n), np.where(able, rng.choice([0, 0, 0, 3], n), 0)
    )
    return {
        "student": np.where(student, 1, 0),
        "pensioner": np.where(pensioner, 1, 0),
        "months_worked": months.astype(np.float64),
        "employed_most_of_year": np.where(months >= 7, 1, 0),
        "employed": np.where(employed, 1, 0),
        "unemployed": np.where(unemployed, 1, 0),
        "in_education": np.where(student | (age < 17), 1, 0),
        "months_unemployed": np.where(unemployed, rng.integers(1, 40, n), 0).astype(np.float64),
    }


def synthetic_sample(
    population: pl.DataFrame, *, areas: int = 4, households: int = 12, seed: int = 1
) -> pl.DataFrame:
    """A stratified two-stage sample: areas within regions, households within areas, all their members.

    Adds ``weight`` (inverse of the probability), ``area_count`` (areas of the stratum) and
    ``household_count`` (of the area): the corrections of both stages.

    Args:
        population: as ``synthetic_population`` gives it.
        areas: to draw in each region, at least 2; regions with fewer are taken whole.
        households: to draw in each area.
        seed: the same gives the same.

    Raises:
        OptionError: fewer than 2 areas or 1 household are asked for.
    """
    if areas < 2 or households < 1:
        message = "A two-stage sample draws at least 2 areas of a region and 1 household of an area."
        raise OptionError(message)
    homes = population.select("region", "area", "household").unique(maintain_order=True)
    rng = stream(seed, "sample")
    drawn = []
    for (_,), region in homes.group_by(["region"], maintain_order=True):
        names = region["area"].unique(maintain_order=True).to_list()
        for name in sorted(rng.choice(names, min(areas, len(names)), replace=False).tolist()):
            inside = region.filter(pl.col("area") == name)["household"].to_list()
            taken = rng.choice(inside, min(households, len(inside)), replace=False)
            weight = len(names) / min(areas, len(names)) * len(inside) / taken.size
            drawn.append(
                pl.DataFrame({"household": taken}).with_columns(
                    pl.lit(weight).alias("weight"),
                    pl.lit(len(names)).alias("area_count"),
                    pl.lit(len(inside)).alias("household_count"),
                )
            )
    return population.join(pl.concat(drawn), on="household", how="inner", maintain_order="left")
