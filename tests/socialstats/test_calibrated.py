"""Errors of calibrated estimates: residuals and replicates calibrated again, beside R's survey."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import socialstats as ss
from socialstats import weighting
from socialstats.__main__ import main

HERE = Path(__file__).parents[1] / "reference/socialstats"
R = pl.read_csv(HERE / "calibrated.csv")
LINE = ss.Line.given(6000)
TOTALS = {"region": {"R0": 85000, "R1": 80000, "R2": 95000}, "sex": {"1": 129000, "2": 131000}}


@cache
def calibrated(method: str, seed: int | None = None) -> tuple[ss.Survey, weighting.Calibration]:
    """The file with its weights calibrated, its rows as they are or mixed."""
    frame = pl.read_csv(HERE / "one_stage.csv")
    if seed is not None:
        frame = frame.sample(fraction=1, shuffle=True, seed=seed)
    margins = weighting.together(
        [
            weighting.counts(name, frame[name].cast(pl.String).to_numpy(), wanted)
            for name, wanted in TOTALS.items()
        ]
    )
    found = weighting.calibrate(frame["weight"].to_numpy(), margins, method=method, tolerance=1e-12)
    survey = ss.Survey.of(
        frame.with_columns(pl.Series("final", found.weights)),
        weight="final", income="income", strata="stratum", household="household",
    )  # fmt: skip
    return survey, found


@pytest.mark.parametrize("row", R.to_dicts(), ids=lambda row: "-".join(map(str, row.values())))
def test_survey_has_the_same_errors(row: dict[str, Any]) -> None:
    survey, calibration = calibrated(row["method"])
    found = ss.estimate(
        survey, row["indicator"], line=LINE, variance=row["variance"], calibration=calibration
    ).one(row["indicator"])
    assert found.value == pytest.approx(row["value"], rel=1e-9)
    assert found.se == pytest.approx(row["se"], rel=1e-7)


def test_the_calibrated_bootstrap_agrees_with_the_residuals() -> None:
    survey, calibration = calibrated("raking")
    names = ["mean", "gini", "arop"]
    exact = ss.estimate(survey, names, calibration=calibration)
    drawn = ss.estimate(survey, names, calibration=calibration, variance="bootstrap:600", seed=3)
    plain = ss.estimate(survey, names, variance="bootstrap:600", seed=3)
    for name in names:
        assert drawn.one(name).se == pytest.approx(exact.one(name).se, rel=0.12)
    assert drawn.one("mean").se != plain.one("mean").se
    assert "recalibrated" in drawn.one("mean").method


def test_what_the_totals_say_has_no_error() -> None:
    survey, calibration = calibrated("linear")
    men = (survey.frame["sex"] == 1).to_numpy().astype(float)
    made = survey.with_flags(men=ss.Flag.of(men))
    row = ss.estimate(made, "men", calibration=calibration).one("men")
    assert row.value == pytest.approx(100 * 129 / 260, rel=1e-10)
    assert row.se == pytest.approx(0, abs=1e-8)
    assert ss.estimate(made, "men").one("men").se > 1


def test_threads_change_no_digit_of_a_calibrated_bootstrap() -> None:
    survey, calibration = calibrated("raking")
    one, three = (
        ss.estimate(
            survey, ["arop", "theil"], calibration=calibration, variance="bootstrap:30", n_jobs=jobs
        )
        for jobs in (1, 3)
    )
    assert [row.se for row in one] == [row.se for row in three]


def test_rows_may_come_in_any_order() -> None:
    for variance in ("linearised", "bootstrap:20"):
        one, other = (
            ss.estimate(survey, ["arop", "gini"], calibration=calibration, variance=variance)
            for survey, calibration in (calibrated("raking"), calibrated("raking", 5))
        )
        assert [(row.value, row.se) for row in one] == [(row.value, row.se) for row in other]


def test_households_share_a_weight_in_any_order() -> None:
    frame = pl.read_csv(HERE / "one_stage.csv")
    made = []
    for f in (frame, frame.sample(fraction=1, shuffle=True, seed=8)):
        margins = weighting.counts("sex", f["sex"].cast(pl.String).to_numpy(), TOTALS["sex"])
        found = weighting.calibrate(f["weight"].to_numpy(), margins, households=f["household"].to_numpy())
        made.append(f.select("household").with_columns(w=found.weights).unique().sort("household"))
    assert made[0].equals(made[1])
    assert made[0].height == frame["household"].n_unique()


def test_a_calibration_of_other_weights_is_refused() -> None:
    survey, _ = calibrated("raking")
    _, other = calibrated("linear")
    with pytest.raises(ss.DesignError, match="not those that the calibration made"):
        ss.estimate(survey, "arop", calibration=other)


def test_replicates_that_cannot_meet_the_totals_are_counted() -> None:
    survey, _ = calibrated("linear")

    def refuses(weights: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        raise ss.CalibrationError

    row = ss.estimate(survey, "arop", variance="bootstrap:5", recalibrate=refuses).one("arop")
    assert row.se is None
    assert row.ci_low is None
    assert "5 of 5 replicates have no value" in row.note


def test_the_command_calibrates_and_resamples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    totals = [(name, label, total) for name, wanted in TOTALS.items() for label, total in wanted.items()]
    pl.DataFrame(totals, schema=["margin", "class", "total"], orient="row").write_csv(
        tmp_path / "totals.csv"
    )
    status = main(
        [
            "estimate", str(HERE / "one_stage.csv"), "--weight", "weight", "--income", "income",
            "--strata", "stratum", "--household", "household", "--indicators", "mean", "--variance", "jkn",
            "--totals", str(tmp_path / "totals.csv"), "--calibration", "linear", "--json",
        ]
    )  # fmt: skip
    said = capsys.readouterr()
    row = json.loads(said.out)
    assert status == 0
    assert "to meet the totals" in said.err
    assert row["se"] == pytest.approx(421.119652141574, rel=1e-7)
