"""Modelled medians, Gini, S80/S20 and gaps: by hand, against the truth of known populations, refusals."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import socialstats as ss
from socialstats import errors
from socialstats.smallarea import KINDS, Homes, incomes, model_incomes
from tests.reference.socialstats import incomes as trial

FOLDER = Path(__file__).parents[1] / "reference" / "socialstats"
METHOD = Path(__file__).parents[2] / "docs/methods/fay_herriot.md"
MODELLED = tuple(KINDS)


def homes(*areas: list[tuple[float, float]]) -> Homes:
    """Households of areas: income and weight."""
    rows = [(at, *home) for at, inside in enumerate(areas) for home in inside]
    area, income, weight = (np.array(column) for column in zip(*rows, strict=True))
    return Homes(area, income.astype(float), weight.astype(float), len(areas))


def test_effective_households_by_hand() -> None:
    found = homes([(1, 2), (1, 2)], [(1, 1), (5, 3)])
    assert found.effective.tolist() == [2.0, 16 / 10]
    assert found.only(found.income > 2).effective.tolist() == [0.0, 1.0]
    assert found.only(found.income > 2).count.tolist() == [0, 1]


def test_a_household_is_one_and_its_members_weigh_together() -> None:
    frame = pl.DataFrame(
        {
            "place": ["a", "a", "a", "b", "b", None],
            "home": [1, 1, 2, 3, 4, 5],
            "income": [9.0, 9.0, 5.0, 7.0, None, 3.0],
            "weight": [2.0, 3.0, 4.0, 1.0, 1.0, 1.0],
        }
    )
    survey = ss.Survey.of(frame, weight="weight", income="income", household="home")
    found = Homes.of(survey, "place", ["b", "a"])
    assert found.area.tolist() == [0, 1, 1]
    assert found.income.tolist() == [7.0, 5.0, 9.0]
    assert found.weight.tolist() == [1.0, 4.0, 5.0]
    alone = ss.Survey.of(frame.drop("home"), weight="weight", income="income")
    assert Homes.of(alone, "place", ["a"]).count.tolist() == [3]


def test_the_variance_of_one_household_is_pooled_with_squared_sizes() -> None:
    scale = incomes.area_scale("log")
    y, se, size = np.array([2.0, 4.0, 8.0]), np.array([0.2, 0.2, 9.0]), np.array([10.0, 20.0, 9.9])
    by_hand = (100 * 10 * 0.01 + 400 * 20 * 0.0025) / 500
    assert incomes._pooled(y, se, size, scale) == pytest.approx(by_hand)


def test_tails_of_rows_are_those_of_the_indicator() -> None:
    draw = np.random.default_rng(3)
    x, w = np.exp(draw.normal(9, 0.6, (5, 40))), draw.integers(1, 6, (5, 40)).astype(float)
    w[0] = 1.0  # ties of the cumulative weight with a fifth of all
    for at in range(5):
        frame = pl.DataFrame({"income": x[at], "weight": w[at]})
        survey = ss.Survey.of(frame, weight="weight", income="income")
        whole = ss.estimate(survey, "s80s20").one("s80s20").value
        assert np.exp(incomes.log_tails(x, w)[at]) == pytest.approx(whole)
    assert np.isnan(incomes.log_tails(np.array([[1.0, 2.0, 3.0]]), np.ones((1, 3)))).all(), "nobody poorest"


def test_the_bias_of_few_households_is_taken_away() -> None:
    """Samples of 12 from one log-normal: plain figures are off, corrected ones are not."""
    draw = np.random.default_rng(12)
    every = np.exp(draw.normal(9, 0.55, (400, 12)))
    found = homes(*[[(income, 1.0) for income in row] for row in every])
    size = found.effective
    order = np.sort(every, axis=1)
    gini = 2 * np.sum(np.arange(1, 13) * order, axis=1) / (12 * order.sum(axis=1)) - 13 / 12
    whole = np.sort(every.ravel())
    place = np.arange(1, whole.size + 1)
    truth = 2 * np.sum(place * whole) / (whole.size * whole.sum()) - (whole.size + 1) / whole.size
    assert gini.mean() < 0.94 * truth
    assert (gini * incomes._unbiased("gini", found, size, 0)).mean() == pytest.approx(truth, rel=0.02)
    tails, all_tails = (
        incomes.log_tails(every, np.ones_like(every)),
        incomes.log_tails(whole[None], np.ones((1, whole.size))),
    )
    assert tails.mean() > all_tails[0] + 0.1
    # an area's mean takes a part of its spread with it
    corrected = tails + np.log(incomes._unbiased("s80s20", found, size, 0))
    assert corrected.mean() == pytest.approx(all_tails[0], abs=0.06)


@cache
def sampled() -> tuple[dict[str, np.ndarray], pl.DataFrame, np.ndarray]:
    everyone, declared = trial.population("unequal", 7)
    truth = {name: trial.direct(everyone.with_columns(weight=1.0), name)[0] for name in MODELLED}
    return truth, next(iter(trial.samples(everyone, 7))), np.column_stack([np.ones(25), declared])


@pytest.mark.parametrize("name", MODELLED)
def test_one_sample_of_a_known_population(name: str) -> None:
    """Nearer to the truth than the sample alone, and most intervals hold it; how often is told below."""
    truth, frame, x = sampled()
    value, error, survey = trial.direct(frame, name)
    inside = Homes.of(survey, "municipality", trial.CODES)
    made = model_incomes(name, value, error, inside, x, areas=trial.CODES, line=trial.LINE)
    told = np.isfinite(value)
    off = made.estimates[told] - truth[name][told]
    assert np.sqrt(np.mean(off**2)) < 0.75 * np.sqrt(np.mean((value - truth[name])[told] ** 2))
    held = (made.low <= truth[name]) & (truth[name] <= made.high)
    assert held.sum() >= 20
    assert ((made.low < made.estimates) & (made.estimates < made.high)).all()
    again, again_error, shuffled = trial.direct(frame.sample(fraction=1, shuffle=True, seed=3), name)
    other = Homes.of(shuffled, "municipality", trial.CODES)
    remade = model_incomes(name, again, again_error, other, x, areas=trial.CODES, line=trial.LINE)
    np.testing.assert_allclose(remade.estimates, made.estimates, rtol=1e-9)
    np.testing.assert_allclose(remade.mse, made.mse, rtol=1e-8)


def stored() -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / "incomes.csv").read_text(encoding="utf-8").splitlines()))


def test_stored_trials_hold_what_they_promise() -> None:
    """10,000 areas in each world: bias, coverage and error told against error made."""
    rows = [row for row in stored() if row["size"] == "all"]
    assert {(row["world"], row["indicator"]) for row in rows} == {
        (world, name) for world in ("unequal", "alike", "bare") for name in MODELLED
    }
    for row in rows:
        assert int(row["areas"]) == 10_000
        assert 0.935 <= float(row["held"]) <= 1, row
        assert abs(float(row["bias"])) <= (0.06 if row["indicator"] == "gap" else 0.02), row
        assert float(row["rmse"]) < 0.72 * float(row["direct"]), row
        assert float(row["told"]) > 0.88 * float(row["rmse"]), row
    for row in stored():
        assert float(row["held"]) >= 0.88, row


def test_the_method_page_tells_the_stored_trials() -> None:
    page = METHOD.read_text(encoding="utf-8")
    for row in stored():
        if row["world"] == "unequal":
            figures = [
                f"{100 * float(row[name]):.1f} %" for name in ("held", "bias", "rmse", "told", "direct")
            ]
            label = "all" if row["size"] == "all" else row["size"]
            assert f"| {row['indicator']} | {label} | {' | '.join(figures)} |" in page


def test_what_cannot_be_modelled_is_refused() -> None:
    inside = homes(*[[(float(at + k), 1.0) for k in range(9)] for at in range(1, 7)])
    value, error, x, names = np.full(6, 5.0), np.full(6, 0.5), np.ones((6, 1)), list("abcdef")
    with pytest.raises(errors.OptionError, match="indicator is one of"):
        model_incomes("arop", value, error, inside, x, areas=names)
    with pytest.raises(errors.EstimationError, match="No area has 10 effective households"):
        model_incomes("median", value, error, inside, x, areas=names)
    with pytest.raises(errors.EstimationError, match="No area has 10 effective households"):
        model_incomes("gap", value, error, inside, x, areas=names, line=3.0)
    with pytest.raises(errors.DataError, match="different length"):
        model_incomes("median", value[:3], error, inside, x, areas=names)
    survey = ss.Survey.of(pl.DataFrame({"weight": [1.0, 1.0], "place": ["a", "a"]}), weight="weight")
    with pytest.raises(errors.DataError, match="Without an income"):
        Homes.of(survey, "place", ["a"])


def test_what_lies_outside_the_scale_counts_as_unsampled() -> None:
    """A gap of everything, a Gini beyond 1 after its correction: such an area is given by the others."""
    draw = np.random.default_rng(1)
    inside = homes(*[[(float(income), 1.0) for income in draw.uniform(1, 9, 15)] for _ in range(8)])
    value, error = draw.uniform(20, 30, 8), np.full(8, 3.0)
    value[2] = 100.0
    made = model_incomes("gap", value, error, inside, np.ones((8, 1)), areas=list("abcdefgh"), line=10.0)
    assert np.isnan(made.direct[2])
    assert made.gamma[2] == 0
    assert made.estimates[2] == pytest.approx(made.synthetic[2], rel=0.02)
