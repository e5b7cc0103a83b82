"""Resampling: kernels against the estimators themselves, seeds, threads, laeken's converged bootstrap."""

from unittest import mock

import numpy as np
import polars as pl
import pytest

import socialstats as ss
from socialstats.indicators import Options, parse
from socialstats.lines import Line
from socialstats.variance import replicates
from socialstats.variance.engine import Engine
from tests.socialstats.data import needs_reference, reference, sample, survey

NAMES = [
    "arpt",
    "arop",
    "arop40",
    "gap",
    "gini",
    "s80s20",
    "fgt1",
    "fgt2",
    "median",
    "p90",
    "mean",
    "lorenz40",
    "palma",
]
POOR = ["arpt", "arop", "arop40", "gap", "fgt1", "fgt2", "median", "p20", "either"]  # sums that stop early


def holed() -> ss.Survey:
    """A survey with missing incomes, ties, zeros, and two conditions, one of which knows the line."""
    frame = sample(3, households=150).with_columns(
        pl.when(pl.col("household") % 17 == 0)
        .then(None)
        .when(pl.col("household") % 19 == 0)
        .then(0.0)
        .when(pl.col("household") % 5 == 0)
        .then(7000.0)
        .otherwise(pl.col("income"))
        .alias("income")
    )
    made = survey(frame)
    rng = np.random.default_rng(5)
    lacks = (rng.random(made.size) < 0.2).astype(float)
    about = rng.random(made.size) < 0.8
    known = rng.random(made.size) < 0.95
    return made.with_flags(
        lacks=ss.Flag(lacks, lacks, about, known, "Lacks"),
        either=ss.Flag(np.ones(made.size), lacks, about, known, "Poor or lacks"),
    )


@pytest.mark.parametrize("variance", ["bootstrap:6", "jkn"])
@pytest.mark.parametrize("line", [Line.of_sample(60), Line.of_domain(60), Line.given(6000)])
@pytest.mark.parametrize("names", [[*NAMES, "lacks", "either"], POOR])
def test_kernels_give_what_the_estimators_give(variance: str, line: Line, names: list[str]) -> None:
    engine = Engine(holed(), Options(tails="inclusive" if line.of == "given" else "eurostat"))
    tasks = [parse(name, line) for name in names]
    plan = replicates.plan_of(variance, engine.survey.design, seed=3)
    quick = replicates.replicate_values(engine, tasks, ["region", "sex"], plan)
    with mock.patch.object(replicates, "kernel_code", return_value=None):
        slow = replicates.replicate_values(engine, tasks, ["region", "sex"], plan)
    assert np.array_equal(np.isnan(quick), np.isnan(slow))
    assert np.nanmax(np.abs(quick - slow) / np.maximum(np.abs(slow), 1)) < 1e-11


def test_compiled_points_are_the_estimates() -> None:
    engine = Engine(holed())
    for names in (NAMES, POOR):
        tasks = [parse(name, Line.of_sample(60)) for name in names]
        found = replicates.kernel_points(engine, tasks, ["region"])
        exact = [[engine.value(task, domain) for domain in engine.domains(["region"])[0]] for task in tasks]
        assert np.abs(found / exact - 1).max() < 1e-12


def test_a_finite_population_shrinks_the_bootstrap() -> None:
    frame = sample(2).with_columns(
        pl.col("household").n_unique().over("stratum").mul(4 / 3).alias("psus"),
    )
    columns = {"weight": "weight", "income": "income", "strata": "stratum", "psu": "household"}
    replaced = ss.estimate(ss.Survey.of(frame, **columns), "mean", variance="bootstrap:2000").one("mean")
    finite = ss.estimate(ss.Survey.of(frame, fpc="psus", **columns), "mean", variance="bootstrap:2000").one(
        "mean"
    )
    exact = ss.estimate(ss.Survey.of(frame, fpc="psus", **columns), "mean").one("mean")
    assert finite.se / replaced.se == pytest.approx(0.5, abs=0.03)
    assert finite.se == pytest.approx(exact.se, rel=0.06)


def test_the_jackknife_of_a_mean_is_its_linearised_variance_almost() -> None:
    jackknife = ss.estimate(survey(), "mean", variance="jkn").one("mean").se
    assert jackknife == pytest.approx(ss.estimate(survey(), "mean").one("mean").se, rel=0.01)


def test_threads_change_no_digit() -> None:
    one, three = (
        ss.estimate(survey(), NAMES, by="region", variance="bootstrap:30", seed=9, n_jobs=jobs)
        for jobs in (1, 3)
    )
    assert [row.se for row in one] == [row.se for row in three]


def test_seeds_change_digits_and_are_written_down() -> None:
    first, second = (
        ss.estimate(survey(), "gini", variance="bootstrap:50", seed=seed).one("gini") for seed in (1, 2)
    )
    assert first.se != second.se
    assert (first.seed, second.seed) == (1, 2)


def test_the_order_of_rows_changes_no_replicate() -> None:
    frame = sample()
    mixed = frame.sample(fraction=1, shuffle=True, seed=4)
    first, second = (
        ss.estimate(survey(f), NAMES, by="region", variance="bootstrap:25") for f in (frame, mixed)
    )
    assert [row.value for row in first] == pytest.approx([row.value for row in second], rel=1e-12)
    assert [row.se for row in first] == pytest.approx([row.se for row in second], rel=1e-9)


def test_replicate_weights_from_outside_give_the_jackknife_back() -> None:
    made = survey(sample(6, households=40, strata=1))
    plan = replicates.plan_of("jkn", made.design)
    matrix = np.column_stack(list(replicates.replicate_weights(made.design, plan)))
    factor = np.full(matrix.shape[1], (matrix.shape[1] - 1) / matrix.shape[1])
    given = ss.SurveyDesign.of(
        made.design.weights, psu=made.household, replicates=ss.Replicates.of(matrix, "jkn", factor)
    )
    outside = ss.Survey(made.frame, given, made.income, made.household)
    ours = ss.estimate(made, ["gini", "arop"], variance="jkn")
    theirs = ss.estimate(outside, ["gini", "arop"], variance="replicates")
    assert [row.se for row in theirs] == pytest.approx([row.se for row in ours], rel=1e-10)


def test_recalibrated_replicates_meet_their_margin() -> None:
    made = survey()
    total = made.design.weights.sum()
    seen = []

    def to_total(weights: np.ndarray) -> np.ndarray:
        seen.append(weights.sum())
        return weights * (total / weights.sum())

    plain = ss.estimate(made, "mean", variance="bootstrap:40").one("mean")
    again = ss.estimate(made, "mean", variance="bootstrap:40", recalibrate=to_total).one("mean")
    assert len(seen) == 40
    assert np.std(seen) > 0
    assert again.se == pytest.approx(plain.se, rel=1e-9)  # a mean does not feel the sum of weights
    assert "recalibrated" in again.method


def test_the_percentile_interval_is_that_of_the_replicates() -> None:
    row = ss.estimate(survey(), "s80s20", variance="bootstrap:500", interval="percentile").one("s80s20")
    assert row.ci_low < row.value < row.ci_high
    assert row.ci_high - row.ci_low == pytest.approx(2 * 1.96 * row.se, rel=0.15)


@pytest.mark.parametrize("words", ["bootstrap:1", "bootstrap:x", "jkn:4", "magic"])
def test_unknown_resampling_is_refused(words: str) -> None:
    with pytest.raises(ss.OptionError):
        ss.estimate(survey(), "gini", variance=words)


@needs_reference
def test_the_converged_bootstrap_of_laeken() -> None:
    row = ss.estimate(reference(), "arop", variance="bootstrap:4000", n_jobs=2).one("arop")
    assert row.se == pytest.approx(0.4875, rel=0.03)


def test_points_alone_are_the_same_points_with_the_same_flags() -> None:
    names = [*NAMES, "theil", "sen", "lacks", "either"]
    full = ss.estimate(holed(), names, by=["region", "sex"])
    bare = ss.estimate(holed(), names, by=["region", "sex"], variance="none")
    assert [row.value for row in bare] == pytest.approx([row.value for row in full], rel=1e-11)
    assert [(row.n, row.flag, row.domain) for row in bare] == [
        (row.n, row.flag, row.domain) for row in full
    ]
    assert all(row.se is None for row in bare)


def test_large_files_are_resampled_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    small = ss.estimate(survey(), NAMES, by="region", variance="bootstrap:20")
    monkeypatch.setattr(replicates, "LARGE", 10)
    large = ss.estimate(survey(), NAMES, by="region", variance="bootstrap:20")
    assert [row.se for row in large] == [row.se for row in small]
    assert [row.n for row in large] == [row.n for row in small]
    assert all(row.deff is None for row in large)
