"""Three synthetic editions of a regional survey and counts of benefits, released by two people.

Residents of municipalities are real; every income, home and answer is drawn from distributions.
"""

import math
from statistics import NormalDist
from typing import Final

import numpy as np
import polars as pl

import socialstats as ss
from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, country, proposing, releases
from entaxis.indicators.computation import Places, written
from entaxis.indicators.models import Edition, Release, ReleasedSeries
from entaxis.sources.demonstration import RESIDENTS

YEARS: Final = (2021, 2022, 2023)
LINE_EUR: Final = {2021: 5300.0, 2022: 5600.0, 2023: 5900.0}
MEDIAN_EUR: Final = {2021: 9300.0, 2022: 9800.0, 2023: 10400.0}
RESIDENTS_A_PERSON: Final = 12
"""The synthetic population is that much smaller than the real one; weights make up for it."""
PERSONS_A_HOUSEHOLD: Final = 2.1
AREAS_A_UNIT: Final = 48
HOUSEHOLDS_AN_AREA: Final = 6
SPREAD: Final = 0.6
"""Standard deviation of the logarithm of incomes in the country of the demonstration."""
COUNTRY: Final = """\
[[figure]]
indicator = "{indicator}"
period = "{year}"
value = {value}
source_el = "Επίδειξη: συνθετική χώρα με λογαριθμοκανονικά εισοδήματα"
source_en = "Demonstration: a synthetic country with log-normal incomes"
published_on = {after}-06-30

"""

SPECIFICATION: Final = """\
[edition]
year = {year}
income_year = {income_year}
title_el = "Περιφερειακή Έρευνα Εισοδήματος και Συνθηκών Διαβίωσης {year} – συνθετικά δεδομένα επίδειξης"
title_en = "Regional Survey of Income and Living Conditions {year} – synthetic demonstration data"
line_eur = {line}
line_note = "Όριο της επίδειξης, όχι επίσημο – line of the demonstration, not official"
synthetic = true

[design]
weight = "weight"
strata = "unit"
psu = "area"
household = "household"
person = "person"
age = "age"
income = "income"
income_before_transfers = "income_before_transfers"

[columns]
municipality = "municipality"
sex = "sex"
age = "age"

[sexes]
1 = "male"
2 = "female"

[subgroups]
lone_parents = "lone_parent"
older_alone = "older_alone"
long_term_unemployed = "long_unemployed"
{map}
[covariates]
{covariates}
"""


def publish(*, region: Area, maker: User, approver: User) -> None:
    """Import, estimate, check, approve and publish what is not published yet. Safe to repeat."""
    country.load(of_country(), by=maker, is_synthetic=True)
    inside = actions.places(region)
    for year in YEARS:
        if ReleasedSeries.objects.filter(region=region, period=str(year)).exists():
            continue
        edition = _edition(region, inside, year, maker)
        release = Release.objects.filter(edition=edition, state=Release.State.CHECKED).first()
        if release is None:
            release = actions.begin(edition=edition, by=maker)
            actions.estimate(release=release)
        actions.approve(release=release, by=approver)


def of_country() -> str:
    """A country whose incomes are log-normal, with the median that the demonstration's line is 60 % of."""
    normal = NormalDist()
    arop = round(100 * normal.cdf(math.log(0.6) / SPREAD), 1)
    gini = round(100 * (2 * normal.cdf(SPREAD / math.sqrt(2)) - 1), 1)
    return "".join(
        COUNTRY.format(indicator=indicator, year=year, value=value, after=year + 1)
        for year in YEARS
        for indicator, value in (
            ("arop", arop),
            ("gini", gini),
            ("median_income", round(LINE_EUR[year] / 0.6)),
        )
    )


def publish_counts(*, region: Area, maker: User, approver: User) -> None:
    """Counts and reports, each counted and released."""
    for edition in releases.files_in_force(region):
        # somebody's own file is theirs to propose; residents alone are no demonstration data
        is_ours = edition.is_synthetic or edition.source.key == RESIDENTS
        if is_ours and not edition.releases.exists() and proposing.given_by(edition):
            release = proposing.begin(edition=edition, by=maker)
            proposing.count(release=release)
            actions.approve(release=release, by=approver)
    for quarter in proposing.quarters(region):
        if quarter.public is None and quarter.is_synthetic:
            release = proposing.propose_reports(quarter=quarter, region=region, by=maker)
            actions.approve(release=release, by=approver)


def _edition(region: Area, inside: Places, year: int, by: User) -> Edition:
    content, specification = edition_of(inside, year)
    return actions.import_edition(region=region, content=content, specification=specification, by=by)


def edition_of(inside: Places, year: int) -> tuple[bytes, str]:
    """A Parquet file and its TOML: the same for the same region and year."""
    seed = year * 100 + int(inside.region[2:])
    levels = _levels(inside)
    population = ss.synthetic_population(
        [
            ss.Municipality(
                code,
                unit,
                max(40, round(inside.residents[code] / RESIDENTS_A_PERSON / PERSONS_A_HOUSEHOLD)),
                median_income=MEDIAN_EUR[year] * levels[code],
                inequality=0.52,
            )
            for code, unit in sorted(inside.units.items())
        ],
        seed=seed,
    )
    sample = ss.synthetic_sample(population, areas=AREAS_A_UNIT, households=HOUSEHOLDS_AN_AREA, seed=seed)
    frame = _weighted(sample, inside).drop("area_count", "household_count", "education")
    frame = frame.with_columns(_groups())
    return written(frame), _specification(inside, year, levels)


def _groups() -> list[pl.Expr]:
    """Who lives in a single-parent family, is old and alone, has been unemployed for a year."""
    adults = (pl.col("age") >= 18).sum().over("household")
    children = (pl.col("age") < 18).sum().over("household")
    return [
        ((adults == 1) & (children > 0)).cast(pl.Int8).alias("lone_parent"),
        ((pl.col("age") >= 65) & (pl.len().over("household") == 1)).cast(pl.Int8).alias("older_alone"),
        ((pl.col("unemployed") == 1) & (pl.col("months_unemployed") >= 12))
        .cast(pl.Int8)
        .alias("long_unemployed"),
    ]


def _levels(inside: Places) -> dict[str, float]:
    """How a municipality's incomes stand to the region's, the same every year."""
    rng = np.random.Generator(np.random.PCG64(int(inside.region[2:])))
    codes = sorted(inside.units)
    return dict(zip(codes, np.exp(rng.normal(0, 0.16, len(codes))).round(4).tolist(), strict=True))


def _weighted(sample: pl.DataFrame, inside: Places) -> pl.DataFrame:
    """Weights of a unit add up to its residents."""
    residents: dict[str, int] = {}
    for code, unit in inside.units.items():
        residents[unit] = residents.get(unit, 0) + inside.residents[code]
    known = pl.col("region").replace_strict(residents, return_dtype=pl.Float64)
    return sample.with_columns(
        (pl.col("weight") * known / pl.col("weight").sum().over("region")).alias("weight")
    ).rename({"region": "unit"})


def _specification(inside: Places, year: int, levels: dict[str, float]) -> str:
    """The covariate is what a tax table would give: close to the level of incomes, not the level itself."""
    rng = np.random.Generator(np.random.PCG64(year + int(inside.region[2:])))
    declared = {code: level * float(np.exp(rng.normal(0, 0.05))) for code, level in levels.items()}
    sections = "".join(
        f"\n[map.{section}]\n" + "".join(f'{concept} = "{column}"\n' for concept, column in columns.items())
        for section, columns in ss.SYNTHETIC_MAP.items()
    )
    return SPECIFICATION.format(
        year=year,
        income_year=year - 1,
        line=LINE_EUR[year],
        map=sections,
        covariates="\n".join(f"{code} = [{value:.4f}]" for code, value in sorted(declared.items())),
    )
