"""Whatever comes in: a named error or a documented result, never a silent nan."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import socialstats as ss
from tests.socialstats.data import sample, survey

ALL = [
    "arpt",
    "arop",
    "gap",
    "gini",
    "s80s20",
    "fgt1",
    "sen",
    "mean",
    "median",
    "lorenz40",
    "palma",
    "theil",
    "mld",
    "atkinson",
]


def of(income: Any, weight: Any = 1.0, **columns: Any) -> ss.Survey:
    income = np.asarray(income, dtype=float)
    frame = pl.DataFrame(
        {"income": income, "weight": np.broadcast_to(weight, income.shape).astype(float), **columns}
    )
    return ss.Survey.of(frame, weight="weight", income="income")


def sound(found: ss.Estimates) -> bool:
    """Every row has finite numbers, or says which it has not."""
    return all(
        ((row.value is None or row.se is None) and row.note)
        or all(np.isfinite(part) for part in (row.value, row.se, row.ci_low, row.ci_high))
        for row in found
    )


def test_all_equal_incomes() -> None:
    found = ss.estimate(
        of([5000.0] * 80), [*["arpt", "arop", "gini", "s80s20_", "mean"][:3], "mean", "theil", "palma"]
    )
    assert sound(found)
    assert found.one("arop").value == 0
    assert found.one("arop").ci_high > 0  # nobody seen is not nobody there
    assert found.one("arpt").se == 0
    assert found.one("gini").value == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", ["gap", "sen"])
def test_nobody_poor_has_no_median_of_the_poor(name: str) -> None:
    with pytest.raises(ss.NotComputableError, match="Nobody is below the line"):
        ss.estimate(of([5000.0] * 80), name)


def test_the_poorest_fifth_of_equal_incomes_is_empty() -> None:
    with pytest.raises(ss.NotComputableError, match="S80/S20 does not exist"):
        ss.estimate(of([5000.0] * 80), "s80s20")


@pytest.mark.parametrize("name", [n for n in ALL if n not in ("arpt", "arop", "mean", "median")])
def test_all_zero_incomes(name: str) -> None:
    with pytest.raises(ss.EstimationError):
        ss.estimate(of([0.0] * 40), name)


def test_all_zero_incomes_have_a_line_of_zero() -> None:
    found = ss.estimate(of([0.0] * 40), ["arpt", "arop", "mean", "median"])
    assert sound(found)
    assert [row.value for row in found] == [0, 0, 0, 0]


def test_negative_and_zero_incomes_are_kept_and_said() -> None:
    made = of(np.r_[[-3000.0, -1.0, 0.0], np.linspace(1000, 20000, 97)])
    found = ss.estimate(made, ALL)
    assert sound(found)
    assert any("2 persons have a negative income" in note for note in made.notes)
    assert "3 persons without a positive income are left out" in found.one("theil").note


def test_one_household_is_one_psu() -> None:
    frame = pl.DataFrame({"income": [5.0, 5.0], "weight": [1.0, 1.0], "home": [1, 1]})
    with pytest.raises(ss.SinglePSUError, match="1 of 1 strata hold a single PSU"):
        ss.Survey.of(frame, weight="weight", income="income", household="home")


@pytest.mark.parametrize("rule", ["certainty", "centre"])
@pytest.mark.parametrize("variance", ["linearised", "bootstrap:50", "jkn"])
def test_a_lonely_psu_by_rule(rule: str, variance: str) -> None:
    frame = sample().with_columns(
        pl.when(pl.col("household") == 0).then(99).otherwise(pl.col("stratum")).alias("stratum")
    )
    made = ss.Survey.of(
        frame, weight="weight", income="income", strata="stratum", household="household", single_psu=rule
    )
    found = ss.estimate(made, ["arop", "gini"], variance=variance)
    assert sound(found)
    assert found.one("gini").se > 0


def test_ties_at_the_line_are_not_poor() -> None:
    found = ss.estimate(of([6.0] * 30 + [10.0] * 41), ["arop"], line=ss.Line.given(6.0))
    assert found.one("arop").value == 0


@pytest.mark.parametrize("weight", [1e-12, 1e12])
def test_weights_of_any_size(weight: float) -> None:
    frame = sample()
    plain, odd = (
        ss.estimate(survey(frame.with_columns(pl.lit(w).alias("weight"))), ALL) for w in (1.0, weight)
    )
    assert [row.se for row in odd] == pytest.approx([row.se for row in plain], rel=1e-6)


def test_weights_twenty_four_orders_apart() -> None:
    rng = np.random.default_rng(1)
    found = ss.estimate(of(rng.lognormal(9, 0.6, 200), np.r_[[1e12] * 100, [1e-12] * 100]), ALL)
    assert sound(found)


def test_an_outlier_a_million_times_the_rest() -> None:
    income = np.r_[np.random.default_rng(2).lognormal(9, 0.5, 300), 1e10]
    found = ss.estimate(of(income), ALL)
    assert sound(found)
    calm = ss.estimate(of(income[:-1]), ["arop"])
    # the line's error is not carried away by one income: the bandwidth knows the quartiles
    assert found.one("arop").se == pytest.approx(calm.one("arop").se, rel=0.05)


def test_an_empty_domain_is_a_row_with_a_reason() -> None:
    frame = sample().with_columns(
        pl.when(pl.col("region") == "R1").then(None).otherwise(pl.col("income")).alias("income")
    )
    found = ss.estimate(survey(frame), ["arop", "gini"], by="region")
    row = found.one("arop", region="R1")
    assert (row.value, row.se, row.flag) == (None, None, ":u")
    assert "known income" in row.note
    assert found.to_polars().filter(pl.col("value").is_nan()).is_empty()
    resampled = ss.estimate(survey(frame), ["arop"], by="region", variance="bootstrap:20")
    assert resampled.one("arop", region="R1").value is None


def test_a_domain_of_one_person() -> None:
    frame = sample().with_columns(pl.when(pl.int_range(pl.len()) == 5).then(1).otherwise(0).alias("only"))
    found = ss.estimate(survey(frame), ["arop", "mean", "gini"], by="only")
    assert sound(found)
    row = found.one("mean", only="1")
    assert row.flag == ":u"
    assert (row.se, row.ci_low, row.ci_high, row.deff) == (None, None, None, None)


@pytest.mark.parametrize("how", ["linearised", "bootstrap:20"])
def test_a_domain_within_one_psu_has_no_error(how: str) -> None:
    """The influence of its members adds up to nought there: an error of nought would be a lie."""
    frame = pl.DataFrame(
        {
            "income": np.linspace(1, 40, 120),
            "weight": np.ones(120),
            "area": [f"A{at // 30}" for at in range(120)],
            "place": ["inside" if at < 30 else "elsewhere" for at in range(120)],
        }
    )
    survey = ss.Survey.of(frame, weight="weight", income="income", psu="area")
    found = ss.estimate(survey, ["mean", "gini", "arop"], by="place", variance=how)
    for indicator in ("mean", "gini", "arop"):
        inside, elsewhere = (found.one(indicator, place=one) for one in ("inside", "elsewhere"))
        assert inside.value is not None
        assert (inside.se, inside.ci_low, inside.ci_high, inside.deff) == (None, None, None, None)
        assert "one PSU" in inside.note
        assert elsewhere.se is not None
        assert elsewhere.ci_low is not None


@pytest.mark.parametrize(("n", "flag"), [(19, ":u"), (20, "u"), (49, "u"), (50, "")])
def test_flags_by_observations(n: int, flag: str) -> None:
    assert ss.estimate(of(np.linspace(1, 2, n)), "mean").one("mean").flag == flag


@pytest.mark.parametrize(("lost", "flag"), [(0.1, ""), (0.3, "u"), (0.6, ":u")])
def test_flags_by_missing_answers(lost: float, flag: str) -> None:
    income = np.linspace(1000, 2000, 1000)
    income[: int(1000 * lost)] = np.nan
    assert ss.estimate(of(income), "mean").one("mean").flag == flag


WRONG = [
    ({"weight": [1.0, None, 1.0]}, ss.WeightError, r"1 of 3 weights are missing or infinite \(row 2\)"),
    ({"weight": [1.0, 0.0, -1.0]}, ss.WeightError, r"2 of 3 weights are zero or negative \(rows 2, 3\)"),
    ({"weight": [1.0, float("inf"), 1.0]}, ss.WeightError, "infinite"),
    ({"weight": ["1", "x", "3"]}, ss.ColumnError, "“x”"),
    ({"income": [1.0, float("inf"), 2.0]}, ss.DataError, "1 infinite incomes"),
    ({"income": [None, None, None]}, ss.DataError, "lacks 3 of 3"),
    ({"age": [1, -2, 3]}, ss.CodeError, r"below -1 or over 130 \(row 2\)"),
    ({"person": [7, 7, 8]}, ss.DataError, r"2 rows share a value \(rows 1, 2\)"),
    ({"stratum": [1, None, 1]}, ss.DataError, "needs all of them"),
    (
        {"household": [1, 1, 2], "psu": [1, 2, 2]},
        ss.DesignError,
        "1 households of column household lie in more",
    ),
    ({"fpc": [5.0, 6.0, 5.0]}, ss.DesignError, "changes within a stratum"),
    ({"fpc": [2.0, 2.0, 2.0]}, ss.DesignError, "smaller than its sample"),
]


@pytest.mark.parametrize(("columns", "error", "words"), WRONG)
def test_the_door_refuses(columns: dict[str, Any], error: type[Exception], words: str) -> None:
    frame = pl.DataFrame({"weight": [1.0, 1.0, 1.0], "income": [1.0, 2.0, 3.0]} | columns, strict=False)
    named = {
        "age": "age",
        "person": "person",
        "stratum": "strata",
        "household": "household",
        "psu": "psu",
        "fpc": "fpc",
    }
    chosen = {named[name]: name for name in columns if name in named}
    with pytest.raises(error, match=words):
        ss.Survey.of(frame, weight="weight", income="income", **chosen)


def test_missing_incomes_can_be_refused() -> None:
    frame = pl.DataFrame({"weight": [1.0, 1.0], "income": [1.0, None]})
    with pytest.raises(ss.DataError, match=r"lacks 1 of 2 incomes \(row 2\)"):
        ss.Survey.of(frame, weight="weight", income="income", missing_income="refuse")


def test_numbers_as_text_are_read() -> None:
    frame = sample().with_columns(pl.col("income").cast(pl.String))
    assert ss.estimate(survey(frame), "gini").one("gini") == ss.estimate(survey(), "gini").one("gini")


def test_silc_files_are_joined_and_strangers_refused() -> None:
    homes = pl.DataFrame({"HB030": [1, 2], "HY020": [100.0, 200.0]})
    people = pl.DataFrame({"PB030": [101, 201], "PB040": [5.0, 6.0]})
    register = pl.DataFrame({"RB030": [101, 102, 201], "RB050": [5.0, 5.0, 6.0]})
    joined = ss.join_silc(homes, people, person_register=register)
    assert joined["HY020"].to_list() == [100, 100, 200]
    assert joined["PB040"].to_list() == [5, None, 6]
    with pytest.raises(ss.DataError, match="1 of 2 persons belong to no household"):
        ss.join_silc(homes.head(1), people)
    with pytest.raises(ss.DataError, match="not unique"):
        ss.join_silc(pl.concat([homes, homes]), people)


def test_a_chart_shows_what_may_be_shown() -> None:
    found = ss.estimate(survey(), ["arop", "gini"], by="region")
    drawn = found.plot("arop").to_dict()
    values = next(iter(drawn["datasets"].values()))
    assert [row["domain"] for row in values] == ["total", "region=R0", "region=R1", "region=R2"]
    with pytest.raises(ss.OptionError, match="Name one indicator"):
        found.plot()


def test_one_bad_entry_among_decimal_commas_is_the_one_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "greek.csv"
    rows = [f"{home};1.{home:03},50;2,5" for home in range(100, 130)]
    path.write_text("household;income;weight\n" + "\n".join(rows) + "\n", encoding="utf-8-sig")
    made = ss.read_survey(path, weight="weight", income="income", household="household")
    assert made.income is not None
    assert made.income[0] == 1100.5
    rows[7] = "107;8.750,38 €;2,5"
    rows[9] = "109;2.000;2,5"
    path.write_text("household;income;weight\n" + "\n".join(rows) + "\n", encoding="utf-8-sig")
    with pytest.raises(ss.ColumnError, match=r"holds 1 entries that are no numbers \(row 8\).*8\.750,38 €"):
        ss.read_survey(path, weight="weight", income="income", household="household")
    rows[7] = "107;8.750,38;2,5"
    path.write_text("household;income;weight\n" + "\n".join(rows) + "\n", encoding="utf-8-sig")
    made = ss.read_survey(path, weight="weight", income="income", household="household")
    assert made.income is not None
    assert made.income[[7, 9]].tolist() == [8750.38, 2000.0]
