"""Deprivation, work, housing, debt, health, panels: small households worked out by hand."""

from typing import Any

import numpy as np
import polars as pl
import pytest

import socialstats as ss
from socialstats.indicators.deprivation import (
    HOUSEHOLD_ITEMS,
    PERSON_ITEMS,
    children_take_their_adults,
    deprived,
)
from socialstats.indicators.health import self_rated_flags, unmet_need
from socialstats.indicators.housing import (
    cost_burden_percent,
    debt_flags,
    overcrowding,
    rooms_needed,
    severe_housing_deprivation,
)
from socialstats.indicators.income import equivalised_income, modified_oecd_scale
from socialstats.indicators.persistence import persistent_poverty
from socialstats.indicators.work import (
    counts_for_intensity,
    full_time_months,
    in_work_poverty,
    intensity_class,
    low_work_intensity,
    neet,
    unemployment_flags,
    work_intensity,
)

NAN = float("nan")


def array(*values: float) -> Any:
    return np.array(values, dtype=float)


def items(shared: list[list[float]], own: list[list[float]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows of seven and of six answers as columns by item."""
    return (
        dict(zip(HOUSEHOLD_ITEMS, np.array(shared, dtype=float).T, strict=True)),
        dict(zip(PERSON_ITEMS, np.array(own, dtype=float).T, strict=True)),
    )


def lacks(count: int, of: int) -> list[float]:
    return [1.0] * count + [0.0] * (of - count)


def test_severe_is_seven_of_thirteen() -> None:
    shared, own = items([lacks(4, 7)] * 3, [lacks(3, 6), lacks(2, 6), lacks(6, 6)])
    home, age = np.arange(3), array(40, 40, 40)
    assert deprived(shared, own, home, age, 7).tolist() == [1, 0, 1]
    assert deprived(shared, own, home, age, 5).tolist() == [1, 1, 1]


def test_children_lack_what_half_their_adults_lack() -> None:
    home = np.array([0, 0, 0, 1, 1, 1, 1, 2])
    age = array(40, 41, 10, 40, 41, 42, 8, 5)
    lack = array(1, 0, NAN, 1, 0, 0, NAN, NAN)
    found = children_take_their_adults(lack, home, age)
    assert found[[2, 6]].tolist() == [1, 0]
    assert np.isnan(found[7])  # no adult told
    unknown = children_take_their_adults(array(1, NAN, NAN), np.zeros(3, int), array(40, 41, 10))
    assert unknown[2] == 1  # of those for whom it is known


def test_a_child_needs_three_lacks_of_the_household() -> None:
    home, age = np.zeros(2, int), array(40, 10)
    two, _ = items([lacks(2, 7)] * 2, [lacks(6, 6)] * 2)
    _, own = items([lacks(2, 7)] * 2, [lacks(6, 6), [NAN] * 6])
    assert deprived(two, own, home, age, 7).tolist() == [1, 0]
    three, _ = items([lacks(3, 7)] * 2, [lacks(6, 6)] * 2)
    assert deprived(three, own, home, age, 7).tolist() == [1, 1]


def test_missing_answers_decide_only_where_they_can() -> None:
    shared, own = items(
        [lacks(6, 7), lacks(6, 7), lacks(2, 7)],
        [[NAN, 0, 0, 0, 0, 0], [NAN, 1, 0, 0, 0, 0], [NAN] + [0] * 5],
    )
    found = deprived(shared, own, np.arange(3), array(40, 40, 40), 7)
    assert np.isnan(found[0])
    assert found[1:].tolist() == [1, 0]


def test_an_item_left_out_is_named() -> None:
    shared, own = items([lacks(2, 7)], [lacks(6, 6)])
    del shared["car"]
    with pytest.raises(ss.NotComputableError, match="not given: car"):
        deprived(shared, own, np.zeros(1, int), array(40), 7)


def test_who_counts_for_work_intensity() -> None:
    age = array(17, 18, 24, 25, 64, 65, 62, 62, 50)
    student = np.array([0, 1, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    pensioner = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1], dtype=bool)
    inactive = np.array([0, 0, 0, 0, 0, 0, 1, 1, 0], dtype=bool)
    pensions = np.array([0, 0, 0, 0, 0, 0, 1, 0, 0], dtype=bool)
    found = counts_for_intensity(age, student, pensioner, inactive, pensions)
    assert found.tolist() == [False, False, False, True, True, False, False, True, False]


def test_low_work_intensity_is_up_to_a_fifth_and_of_the_young() -> None:
    home = np.array([0, 0, 0, 1, 2, 2, 3])
    age = array(40, 40, 10, 30, 70, 66, 45)
    counts = np.array([1, 1, 0, 1, 0, 0, 1], dtype=bool)
    intensity, anyone = work_intensity(
        home, counts, array(4.8, 0, NAN, 2.41, NAN, NAN, NAN), np.full(7, 12.0)
    )
    flag = low_work_intensity(age, intensity, anyone)
    assert intensity[:4] == pytest.approx([0.2, 0.2, 0.2, 2.41 / 12])
    assert flag.otherwise[:4].tolist() == [1, 1, 1, 0]
    assert flag.population.tolist() == [True, True, True, True, False, False, True]
    assert not flag.known[6]
    assert intensity_class(array(0.2, 0.21, 0.5, 0.85, 0.9, NAN)) == [
        "very low",
        "low",
        "medium",
        "high",
        "very high",
        None,
    ]
    assert full_time_months(array(6.0), array(6.0), array(20.0)).tolist() == [9.0]


def test_more_months_than_a_year_are_refused() -> None:
    with pytest.raises(ss.CodeError, match="row 1"):
        work_intensity(np.zeros(1, int), np.ones(1, bool), array(13), array(12))


def test_in_work_poverty_is_of_those_in_work() -> None:
    flag = in_work_poverty(array(17, 30, 40, 50), array(1, 1, 0, NAN))
    assert flag.population.tolist() == [False, True, False, True]
    assert flag.known.tolist() == [True, True, True, False]
    assert flag.uses_line


def test_neet_and_unemployment() -> None:
    age = array(14, 16, 20, 29, 30, 22)
    flag = neet(age, array(0, 0, 1, 0, 0, 0), array(0, 1, 0, 0, 0, NAN))
    assert flag.population.tolist() == [False, True, True, True, False, True]
    assert flag.otherwise[:4].tolist() == [1, 0, 0, 1]
    assert not flag.known[5]
    flags = unemployment_flags(
        array(20, 30, 40, 80, 50), array(1, 0, 0, 0, 0), array(0, 1, 1, 1, 0), array(NAN, 11, 12, 40, NAN)
    )
    assert flags["unemployment"].population.tolist() == [True, True, True, False, False]
    assert flags["ltu"].otherwise[:3].tolist() == [0, 0, 1]
    assert flags["ltu_share"].population.tolist() == [False, True, True, False, False]


def test_the_housing_burden_is_that_of_lvho07() -> None:
    cost, allowance, income = (
        array(500, 100, 500, 500, NAN, 200),
        array(0, 1200, 0, 7000, 0, 400),
        array(12000, 9000, 0, 6500, 1, 5400),
    )
    found = cost_burden_percent(cost, allowance, income)
    assert found[:4].tolist() == [50, 0, 100, 0]
    assert np.isnan(found[4])
    assert found[5] == pytest.approx(40)


def test_rooms_by_tessi172() -> None:
    # a couple, two girls of 13 and 15, a boy of 14, three under 12, a grandmother
    age = array(40, 42, 13, 15, 14, 3, 7, 10, 70)
    sex = array(1, 2, 2, 2, 1, 1, 2, 2, 2)
    partner = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0], dtype=bool)
    assert rooms_needed(np.zeros(9, int), age, sex, partner)[0] == 1 + 1 + 1 + 1 + 1 + 2
    crowded = overcrowding(array(1, 2, NAN), array(2, 2, 2))
    severe = severe_housing_deprivation(crowded, {"dark": array(1, 1, 0)})
    assert crowded.otherwise[:2].tolist() == [1, 0]
    assert severe.otherwise.tolist() == [1, 0, 0]
    assert severe.known.all()  # without a fault nobody is deprived, however many rooms


def test_arrears_of_two_kinds() -> None:
    flags = debt_flags(
        {
            "arrears_rent": array(1, 1, 0, NAN),
            "arrears_utilities": array(1, 0, 0, 1),
            "arrears_loans": array(0, 0, 0, 0),
        }
    )
    assert flags["arrears"].otherwise.tolist() == [1, 1, 0, 1]
    assert flags["over_indebted"].otherwise[:3].tolist() == [1, 0, 0]
    assert flags["over_indebted"].known.tolist() == [True, True, True, False]


def test_health() -> None:
    flags = self_rated_flags(array(15, 30, 40, 50), array(1, 2, 4, NAN))
    assert flags["good_health"].population.tolist() == [False, True, True, True]
    assert (flags["good_health"].otherwise[1], flags["bad_health"].otherwise[2]) == (1, 1)
    assert unmet_need(array(30, 30, 30), array(1, 1, 0), array(1, 0, NAN)).otherwise.tolist() == [1, 0, 0]
    with pytest.raises(ss.CodeError, match="row 1"):
        self_rated_flags(array(30), array(9))


def test_persistence_needs_four_years() -> None:
    one, zero, gone = array(1, 1, 1, 0), array(0, 1, 1, 1), array(1, 1, NAN, 1)
    flag = persistent_poverty(one, [zero, one, gone])
    assert flag.otherwise.tolist() == [1, 1, 0, 0]
    assert flag.population.tolist() == [True, True, False, True]
    with pytest.raises(ss.NotComputableError, match="2 are given"):
        persistent_poverty(one, [zero, one])


def test_the_oecd_scale() -> None:
    home, age = np.array([0, 0, 0, 0, 1, 2, 2]), array(40, 38, 13, 14, 70, 10, 8)
    assert modified_oecd_scale(home, age).tolist() == pytest.approx([2.3] * 4 + [1] + [1.3] * 2)
    income = array(23000, 23000, 23000, 23000, 9000, 13, 13)
    assert equivalised_income(income, home, age)[[0, 4, 5]] == pytest.approx([10000, 9000, 10])
    # ELSTAT: the line of two adults and two children under 14 is 2.1 times the line
    assert modified_oecd_scale(np.zeros(4, int), array(40, 40, 13, 5))[0] == pytest.approx(2.1)


def mapped() -> tuple[pl.DataFrame, dict[str, Any]]:
    rng = np.random.default_rng(8)
    size = rng.integers(1, 5, 300)
    home = np.repeat(np.arange(300), size)
    n = home.size
    of_home = {f"H{i}": rng.choice([1, 2], 300, p=[0.5, 0.5])[home] for i in range(5)}
    of_home |= {
        "CAR": rng.choice([1, 2, 3], 300)[home],
        "FUR": rng.choice([1, 2, 3], 300)[home],
        "OWE": rng.choice([1, 2, 3], 300)[home],
    }
    own = {f"P{i}": rng.choice([1, 2, 3], n) for i in range(6)}
    # somebody grown up in every home: nothing is unknown
    age = np.where(np.r_[True, home[1:] != home[:-1]], 45, rng.integers(0, 90, n))
    frame = pl.DataFrame(
        {"home": home, "age": age, "income": rng.lognormal(9, 0.7, 300)[home],
         "weight": rng.uniform(1, 9, 300)[home],
         "months": np.round(rng.choice([0, 2, 6, 12], n).astype(float), 1), **of_home, **own}
    )  # fmt: skip
    columns = {
        "survey": {"age": "age"},
        "deprivation": {
            "unexpected_expenses": "H0", "holiday": "H1", "meal": "H2", "warm": "H3",
            "car": "CAR", "furniture": "FUR", "arrears_utilities": "OWE",
            **{name: f"P{i}" for i, name in enumerate(PERSON_ITEMS)},
        },
        "work": {"months_worked": "months"},
    }  # fmt: skip
    return frame, columns


def test_arope_is_its_seven_parts_and_no_one_counts_twice() -> None:
    frame, columns = mapped()
    survey = ss.with_map(ss.Survey.of(frame, weight="weight", income="income", household="home"), columns)
    parts = [f"arope_{part}" for part in ("p", "s", "l", "ps", "pl", "sl", "psl")]
    found = ss.estimate(survey, ["arope", *parts, "arop", "smsd", "lwi"])
    values = {row.indicator: row.value for row in found}
    assert sum(values[part] for part in parts) == pytest.approx(values["arope"], rel=1e-12)
    assert all(values[part] > 0 for part in parts)
    assert values["arop"] == pytest.approx(
        sum(values[f"arope_{p}"] for p in ("p", "ps", "pl", "psl")), rel=1e-12
    )
    assert values["smsd"] == pytest.approx(
        sum(values[f"arope_{p}"] for p in ("s", "ps", "sl", "psl")), rel=1e-12
    )
    boot = ss.estimate(survey, "arope", variance="bootstrap:1000").one("arope").se
    assert found.one("arope").se == pytest.approx(boot, rel=0.1)


def test_codes_that_are_not_known_are_refused_by_row() -> None:
    frame, columns = mapped()
    frame = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 6).then(7).otherwise(pl.col("CAR")).alias("CAR")
    )
    survey = ss.Survey.of(frame, weight="weight", income="income", household="home")
    with pytest.raises(ss.CodeError, match=r"CAR holds 1 entries.*“7.0” first \(row 7\)"):
        ss.with_map(survey, columns)


def test_words_for_codes() -> None:
    frame, columns = mapped()
    frame = frame.with_columns(pl.col("CAR").replace_strict({1: "ναι", 2: "όχι", 3: "άλλο"}))
    columns["deprivation"]["car"] = {"column": "CAR", "yes": ["όχι"], "no": ["ναι", "άλλο"]}
    survey = ss.with_map(ss.Survey.of(frame, weight="weight", income="income", household="home"), columns)
    assert "smsd" in survey.flags


def test_a_concept_misspelt_gets_a_hint() -> None:
    with pytest.raises(ss.OptionError, match="did you mean holiday"):
        ss.with_map(ss.Survey.of(mapped()[0], weight="weight"), {"deprivation": {"holliday": "H1"}})
