"""Influence functions are derivatives: held against the change that one weight makes."""

import numpy as np
import pytest

from socialstats.indicators import INCOME, Options, Task
from socialstats.lines import Line
from socialstats.variance.engine import Engine
from tests.socialstats.data import sample, survey

LINE = Line.given(6500.0)
SMOOTH = ["arop", "fgt1", "fgt2", "sen", "mean", "gini", "lorenz40", "palma", "theil", "mld", "atkinson"]


def _numeric(engine: Engine, task: Task, person: int, step: float = 1e-3) -> float:
    up, down = engine.w.copy(), engine.w.copy()
    up[person] += step
    down[person] -= step
    values = [engine.reweighted(w).value(task, engine.everyone) for w in (up, down)]
    return (values[0] - values[1]) / (2 * step)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("options", [Options(), Options(gini="convey", epsilon=2.0)])
def test_influence_is_the_derivative_by_weight(name: str, options: Options) -> None:
    engine = Engine(survey(), options)
    task = Task(name, name, LINE)
    answer, members, _, _ = engine.answer(task, engine.everyone)
    by_person = dict(zip(members.tolist(), answer.influence.tolist(), strict=True))
    for person in (0, 17, 300, 801):
        assert by_person[person] == pytest.approx(_numeric(engine, task, person), rel=2e-5, abs=1e-9)


def test_the_ratio_of_quintiles_moves_as_its_influence_says_on_average() -> None:
    # quantiles of a sample jump; their smooth influence is held against a whole stratum growing by a half
    engine = Engine(survey(sample(4, households=20000)), Options())
    task = Task("s80s20", "s80s20", LINE)
    answer, members, _, _ = engine.answer(task, engine.everyone)
    grown = engine.w.copy()
    chosen = engine.survey.frame["stratum"].to_numpy() == 1
    grown[chosen] *= 1.2
    change = engine.reweighted(grown).value(task, engine.everyone) - answer.value
    by_person = np.zeros(engine.survey.size)
    by_person[members] = answer.influence
    assert change == pytest.approx(float(((grown - engine.w) * by_person).sum()), abs=0.01)


@pytest.mark.parametrize("name", ["fgt1", "fgt2"])
def test_the_slope_is_the_derivative_by_the_line(name: str) -> None:
    engine = Engine(survey(), Options())
    slope = engine.answer(Task(name, name, LINE), engine.everyone)[0].slope
    up, down = (
        engine.value(Task(name, name, Line.given(6500 + step)), engine.everyone) for step in (0.01, -0.01)
    )
    assert slope == pytest.approx((up - down) / 0.02, rel=1e-4)


@pytest.mark.parametrize("name", ["arop", "sen", "gap"])
def test_the_slope_of_a_count_follows_the_density(name: str) -> None:
    engine = Engine(survey(sample(4, households=6000)), Options())
    slope = engine.answer(Task(name, name, LINE), engine.everyone)[0].slope
    up, down = (
        engine.value(Task(name, name, Line.given(6500 + step)), engine.everyone) for step in (400, -400)
    )
    assert slope == pytest.approx((up - down) / 800, rel=0.1)


def test_influences_sum_to_nothing_over_the_weights() -> None:
    engine = Engine(survey(), Options())
    for name in INCOME:
        if name in ("s80s20", "gap", "median") or name[1:].isdigit():  # jump with a sample's quantiles
            continue
        answer, members, _, _ = engine.answer(Task(name, name, LINE), engine.everyone)
        weighted = engine.w[members] * answer.influence
        assert abs(weighted.sum()) < 1e-9 * np.abs(weighted).sum()
