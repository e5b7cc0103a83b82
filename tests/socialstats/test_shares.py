"""Compiled shares are what the engine gives one domain after the other."""

import numpy as np
import polars as pl
import pytest

import socialstats as ss
from socialstats.indicators import parse
from socialstats.lines import Line
from socialstats.variance import shares
from socialstats.variance.engine import Engine
from tests.socialstats.data import sample, survey
from tests.socialstats.test_replicates import holed

LINES = [Line.of_sample(60), Line.of_sample(40), Line.of_domain(60), Line.given(6000), Line.given(1)]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("name", ["arop", "lacks", "either"])
@pytest.mark.parametrize("single_psu", ["refuse", "certainty", "centre"])
def test_the_engine_says_the_same(name: str, line: Line, single_psu: str) -> None:
    made = holed()
    if single_psu != "refuse":
        alone = made.frame.with_columns(
            pl.when(pl.col("household") == 3).then(99).otherwise(pl.col("stratum")).alias("stratum")
        )
        made = ss.Survey.of(
            alone, weight="weight", income="income", strata="stratum", household="household",
            single_psu=single_psu,
        ).with_flags(**made.flags)  # fmt: skip
    engine, task, by = Engine(made), parse(name, line), ["region", "sex"]
    assert shares.fits(engine, task)
    domains, _ = engine.domains(by)
    for quick, domain in zip(shares.linear_shares(engine, task, by, domains), domains, strict=True):
        slow = engine.linear(task, domain)
        assert quick is not None
        for what in ("value", "variance", "simple", "independent"):
            assert getattr(quick, what) == pytest.approx(getattr(slow, what), rel=1e-11, abs=1e-25), what
        for what in ("n", "members", "degrees", "is_share", "missing"):
            assert getattr(quick, what) == getattr(slow, what), what


def test_what_does_not_exist_is_left_to_the_engine() -> None:
    frame = sample().with_columns(
        pl.when(pl.col("region") == "R1").then(None).otherwise(pl.col("income")).alias("income")
    )
    engine, task = Engine(survey(frame)), parse("arop", Line.of_sample(60))
    found = shares.linear_shares(engine, task, ["region"], engine.domains(["region"])[0])
    assert [linear is None for linear in found] == [False, False, True, False]
    assert ss.estimate(survey(frame), "arop", by="region").one("arop", region="R1").value is None


def test_a_condition_needs_no_income() -> None:
    made = ss.Survey.of(sample(), weight="weight", strata="stratum", household="household")
    yes = (sample()["sex"] == 1).to_numpy().astype(float)
    made = made.with_flags(male=ss.Flag.of(yes))
    row = ss.estimate(made, "male", by="region").one("male")
    assert row.value == pytest.approx(100 * np.average(yes, weights=made.design.weights))
    assert shares.fits(Engine(made), parse("male", Line.of_sample(60)))


def test_two_stages_and_convey_stay_with_the_engine() -> None:
    task = parse("arop", Line.of_sample(60))
    assert not shares.fits(Engine(survey(), density="convey"), task)
    staged = ss.Survey.of(sample(), weight="weight", income="income", psu="stratum", second="household")
    assert not shares.fits(Engine(staged), task)
