"""Our own generated files beside laeken and survey; tests/reference/socialstats/make.R made the numbers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import socialstats as ss

HERE = Path(__file__).parents[1] / "reference/socialstats"
R = json.loads((HERE / "reference.json").read_text(encoding="utf-8"))
LINE = ss.Line.given(6000)


@cache
def one_stage() -> ss.Survey:
    return ss.read_survey(
        HERE / "one_stage.csv", weight="weight", income="income", strata="stratum", household="household"
    )


@cache
def two_stage() -> ss.Survey:
    return ss.read_survey(
        HERE / "two_stage.csv", weight="weight", income="income", strata="region", psu="area",
        fpc="area_count", second="household", second_fpc="household_count", household="household",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "laeken"), [("arop", "arpr"), ("gap", "rmpg"), ("gini", "gini"), ("s80s20", "qsr")]
)
@pytest.mark.parametrize("domain", ["total", "R0", "R1", "R2"])
def test_points_of_laeken(name: str, laeken: str, domain: str) -> None:
    key: dict[str, Any] = {} if domain == "total" else {"region": domain}
    found = ss.estimate(
        one_stage(), name, by="region", tails="inclusive", line=ss.Line.given(R["threshold"])
    )
    assert found.one(name, **key).value == pytest.approx(R[f"{laeken} {domain}"], rel=1e-10)


def test_the_line_of_laeken() -> None:
    assert ss.estimate(one_stage(), "arpt").one("arpt").value == pytest.approx(R["threshold"], rel=1e-12)


def test_means_and_shares_of_survey() -> None:
    found = ss.estimate(one_stage(), ["mean", "arop"], by="region", line=LINE)
    assert found.one("mean").value == pytest.approx(R["mean"], rel=1e-12)
    assert found.one("mean").se == pytest.approx(R["mean se"], rel=1e-10)
    assert found.one("mean").deff == pytest.approx(R["mean deff"], rel=1e-8)
    assert found.one("arop").value == pytest.approx(100 * R["poor"], rel=1e-12)
    assert found.one("arop").se == pytest.approx(100 * R["poor se"], rel=1e-10)
    assert found.one("arop").deff == pytest.approx(R["poor deff"], rel=1e-8)


@pytest.mark.parametrize("region", ["R0", "R1", "R2"])
def test_domains_of_survey(region: str) -> None:
    found = ss.estimate(one_stage(), ["mean", "arop"], by="region", line=LINE)
    assert found.one("mean", region=region).se == pytest.approx(R[f"mean se {region}"], rel=1e-10)
    assert found.one("arop", region=region).se == pytest.approx(100 * R[f"poor se {region}"], rel=1e-10)


def test_the_contrast_of_survey() -> None:
    row = ss.difference(one_stage(), "arop", {"region": "R0"}, {"region": "R1"}, line=LINE)
    assert row.se == pytest.approx(100 * R["difference R0 - R1 se"], rel=1e-10)


def test_the_jackknife_of_survey() -> None:
    assert ss.estimate(one_stage(), "mean", variance="jkn").one("mean").se == pytest.approx(
        R["mean se jkn"], rel=1e-10
    )


def test_two_stages_without_replacement() -> None:
    found = ss.estimate(two_stage(), ["mean", "arop"], by="sex", line=LINE)
    assert found.one("mean").value == pytest.approx(R["two-stage mean"], rel=1e-12)
    assert found.one("mean").se == pytest.approx(R["two-stage mean se"], rel=1e-10)
    assert found.one("arop").se == pytest.approx(100 * R["two-stage poor se"], rel=1e-10)
    assert found.one("mean", sex="1").se == pytest.approx(R["two-stage mean se sex 1"], rel=1e-10)
    assert found.one("mean", sex="2").se == pytest.approx(R["two-stage mean se sex 2"], rel=1e-10)


@pytest.mark.parametrize("rule", ["certainty", "centre"])
def test_a_lonely_psu_as_survey_has_it(rule: str) -> None:
    frame = one_stage().frame
    first = frame["household"][0]
    alone = frame.with_columns(
        pl.when(pl.col("household") == first).then(99).otherwise(pl.col("stratum")).alias("stratum")
    )
    made = ss.Survey.of(
        alone, weight="weight", income="income", strata="stratum", household="household", single_psu=rule
    )
    se = ss.estimate(made, "arop", line=LINE).one("arop").se
    assert se == pytest.approx(100 * R[f"lonely {rule} se"], rel=1e-10)
