"""Publication rules, suppression and its proof: hand-made cases, an independent attack, laws, bad input."""

import itertools

import numpy as np
import polars as pl
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from socialstats import disclosure, errors
from socialstats.disclosure import Reliability


def town_by_group(rows: list[tuple[str, str, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["town", "group", "count"], orient="row")


UNITS = {"Volos": "Magnesia", "Skiathos": "Magnesia", "Larissa": "Larissa unit", "Tempi": "Larissa unit"}


def region() -> disclosure.Tables:
    counts = town_by_group(
        [
            ("Volos", "a", 40), ("Volos", "b", 25), ("Volos", "c", 30),
            ("Skiathos", "a", 3), ("Skiathos", "b", 12), ("Skiathos", "c", 9),
            ("Larissa", "a", 60), ("Larissa", "b", 33), ("Larissa", "c", 21),
            ("Tempi", "a", 14), ("Tempi", "b", 2), ("Tempi", "c", 8),
        ]
    )  # fmt: skip
    return disclosure.tables(*disclosure.cross(counts, {"town": UNITS, "group": {}}))


# --- single figures --------------------------------------------------------------------------------


def test_direct_estimates_follow_eurostats_thresholds():
    levels = disclosure.PublicationRule().judge(
        [19, 20, 49, 50, 500, 500, 500], [0, 0, 0, 0, 0.2, 0.201, 0.501]
    )
    assert levels.tolist() == [2, 1, 1, 0, 0, 1, 2]


def test_modelled_estimates_are_judged_by_their_relative_error():
    levels = disclosure.ModelledRule().judge(
        [1.0, 1.0, 1.0, 0.0, 1.0], [0.166**2, 0.2**2, 0.34**2, 0.1, np.nan]
    )
    assert levels.tolist() == [0, 1, 2, 2, 2]
    assert levels[1] == Reliability.WARN


def test_small_counts_are_unsafe_and_keep_their_interval():
    rule = disclosure.CountRule()
    assert rule.unsafe([0, 1, 4, 5]).tolist() == [False, True, True, False]
    assert disclosure.CountRule(zero_is_safe=False).unsafe([0]).tolist() == [True]
    below, above = rule.protection([1, 4])
    assert below.tolist() == [1, 4]
    assert above.tolist() == [4, 4]


@pytest.mark.parametrize("counts", [[-1], [2.5], [np.nan], ["3"]])
def test_counts_that_are_none_are_refused(counts):
    with pytest.raises(errors.DataError):
        disclosure.CountRule().unsafe(counts)


def test_amounts_by_dominance_and_p_percent():
    cells = ["dominated"] * 3 + ["close"] * 3 + ["fine"] * 4 + ["few"] * 2 + ["empty"]
    amounts = [80, 15, 5, 60, 35, 5, 30, 25, 25, 20, 50, 50, 0]
    result = disclosure.AmountRule().judge(cells, amounts)
    unsafe = dict(zip(result.names, result.unsafe.tolist(), strict=True))
    # 80 of 100 > 75 %; 100 - 60 - 35 = 5 < 10 % of 60; two contributors know each other's amount
    assert unsafe == {"dominated": True, "close": True, "fine": False, "few": True, "empty": False}
    assert result.protection[list(result.names).index("close")] == pytest.approx(6)


# --- suppression -----------------------------------------------------------------------------------


def attack(tables: disclosure.Tables, published: dict, cell: object) -> tuple[float, float]:
    """An attacker of our own: dense programs over all cells, nothing shared with the package's audit."""
    matrix = tables.relations.toarray()
    limits = [(published[key], published[key]) if key in published else (0, None) for key in tables.keys]
    cost = np.array([float(key == cell) for key in tables.keys])
    answers = []
    for sign in (1, -1):
        answer = scipy.optimize.linprog(sign * cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=limits)
        answers.append(sign * answer.fun if answer.status == 0 else np.inf)
    return answers[0], answers[1]


@pytest.mark.parametrize("method", ["optimal", "quick"])
def test_no_unsafe_cell_can_be_enclosed(method):
    result = disclosure.suppress_counts(region(), method=method)
    shown = result.published()
    assert shown.keys().isdisjoint({("Skiathos", "a"), ("Tempi", "b")})
    for key, value in ((("Skiathos", "a"), 3), (("Tempi", "b"), 2)):
        low, high = attack(result.tables, shown, key)
        assert low <= 0 + 1e-6
        assert high >= max(2 * value, 5) - 1e-6
    assert result.audit.safe
    assert 2 <= result.secondary.sum() <= 6


def test_the_optimal_pattern_is_the_cheapest_of_all():
    counts = town_by_group([(t, g, v) for (t, g), v in zip(
        itertools.product("xyz", "ab"), [3, 20, 30, 8, 15, 2], strict=True)])  # fmt: skip
    tables = disclosure.tables(*disclosure.cross(counts, {"town": {}, "group": {}}))
    result = disclosure.suppress_counts(tables, cost="cells", method="optimal")
    rule = disclosure.CountRule()
    unsafe = rule.unsafe(tables.values)
    below, above = rule.protection(tables.values)
    safe_cells = np.flatnonzero(~unsafe)

    def protects(extra: tuple[int, ...]) -> bool:
        hidden = unsafe.copy()
        hidden[list(extra)] = True
        shown = {key: tables.values[k] for k, key in enumerate(tables.keys) if not hidden[k]}
        for cell in np.flatnonzero(unsafe):
            low, high = attack(tables, shown, tables.keys[cell])
            if (
                low > tables.values[cell] - below[cell] + 1e-6
                or high < tables.values[cell] + above[cell] - 1e-6
            ):
                return False
        return True

    best = next(
        size
        for size in range(6)
        if any(protects(extra) for extra in itertools.combinations(safe_cells, size))
    )
    assert result.cost == best


def test_linked_tables_are_protected_together():
    """One suppressed cell, shared by two tables: what hides it in one must not be shown by the other."""
    values = {
        "all": 100, "men": 60, "women": 40,
        "men young": 57, "men old": 3, "women young": 20, "women old": 20,
        "young": 77, "old": 23, "old poor": 13, "old rich": 10,
    }  # fmt: skip
    sums = [
        ("all", ["men", "women"]), ("all", ["young", "old"]), ("men", ["men young", "men old"]),
        ("women", ["women young", "women old"]), ("young", ["men young", "women young"]),
        ("old", ["men old", "women old"]), ("old", ["old poor", "old rich"]),
    ]  # fmt: skip
    result = disclosure.suppress_counts(disclosure.tables(values, sums))
    low, high = attack(result.tables, result.published(), "men old")
    assert (low, high >= 6) == (0, True)


def test_a_small_difference_of_overlapping_groups_is_protected():
    """Everyone but two persons of the town has the trait: the trait's count gives the two away."""
    values = {"persons": 50, "with trait": 48, "other trait": 30}
    pairs = [("with trait", "persons"), ("other trait", "persons")]
    result = disclosure.suppress_counts(disclosure.tables(values, [], at_most=pairs, known=["persons"]))
    shown = result.published()
    assert "with trait" not in shown
    assert shown["other trait"] == 30
    assert any("without" in key for key in result.audit.keys if isinstance(key, tuple))


def test_differencing_with_an_earlier_publication_is_stopped():
    """Under 18 was published with 40; under 16 with 38 would give away the two of 16 and 17."""
    tables = disclosure.tables(
        {"under 16": 38, "16 and over": 200, "all": 238},
        [("all", ["under 16", "16 and over"])],
        at_most=[("under 16", "under 18")],
        published_before={"under 18": 40},
    )
    result = disclosure.suppress_counts(tables)
    assert "under 16" not in result.published()
    low, high = attack(tables, result.published(), ("under 18", "without", "under 16"))
    assert (low, high >= 5) == (0, True)


def test_what_is_public_already_cannot_be_protected():
    with pytest.raises(errors.DisclosureError, match="public already: b"):
        disclosure.suppress_counts(disclosure.tables({"a": 10, "b": 3}, [], published_before={"b": 3}))
    tables = disclosure.tables(
        {"a": 10, "b": 3, "all": 13}, [("all", ["a", "b"])], published_before={"a": 10, "all": 13}
    )
    with pytest.raises(errors.DisclosureError, match=r"first b: .* encloses it in \[3, 3\]"):
        disclosure.suppress_counts(tables)


def test_a_correction_is_no_silent_change():
    with pytest.raises(errors.DataError, match=r"first a: 9 then, 10 now"):
        disclosure.tables({"a": 10}, [], published_before={"a": 9})


def test_the_published_table_shows_neither_values_nor_reasons():
    table = disclosure.suppress_counts(region()).to_polars()
    assert set(table["status"].unique()) == {"published", "suppressed"}
    assert (
        table.filter(pl.col("status") == "suppressed")["value"].null_count()
        == (table["status"] == "suppressed").sum()
    )


def test_safe_tables_are_left_alone():
    counts = town_by_group([("x", "a", 10), ("x", "b", 20), ("y", "a", 30), ("y", "b", 0)])
    result = disclosure.suppress_counts(
        disclosure.tables(*disclosure.cross(counts, {"town": {}, "group": {}}))
    )
    assert len(result.published()) == len(result.tables.keys)
    assert result.audit.safe


def test_amounts_are_protected_by_their_own_distance():
    rule = disclosure.AmountRule()
    cells = np.repeat(["n", "s", "e", "w"], 4)
    money = [900, 50, 30, 20, 100, 90, 80, 70, 120, 110, 100, 90, 60, 50, 40, 30]
    judged = rule.judge(cells, money)
    values = dict(zip(judged.names, judged.totals, strict=True))
    values["north-south"], values["all"] = values["n"] + values["s"], sum(judged.totals)
    values["east-west"] = values["e"] + values["w"]
    tables = disclosure.tables(
        values,
        [("north-south", ["n", "s"]), ("east-west", ["e", "w"]), ("all", ["north-south", "east-west"])],
    )
    unsafe = np.array(
        [key in judged.names and bool(judged.unsafe[judged.names.index(key)]) for key in tables.keys]
    )
    need = np.array(
        [judged.protection[judged.names.index(k)] if k in judged.names else 0 for k in tables.keys]
    )
    result = disclosure.suppress(tables, unsafe, need, need)
    low, high = attack(tables, result.published(), "n")
    assert low <= 1000 - 90
    assert high >= 1000 + 90


# --- laws ------------------------------------------------------------------------------------------


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 100_000), method=st.sampled_from(["optimal", "quick"]))
def test_every_random_table_is_protected_or_refused(seed, method):
    draw = np.random.default_rng(seed)
    towns, groups = draw.integers(2, 5), draw.integers(2, 4)
    rows = [
        (f"t{t}", f"g{g}", int(draw.poisson(np.exp(draw.normal(1.8, 1.2)))))
        for t in range(towns)
        for g in range(groups)
    ]
    hierarchy = {f"t{t}": f"u{t // 2}" for t in range(towns)}
    tables = disclosure.tables(*disclosure.cross(town_by_group(rows), {"town": hierarchy, "group": {}}))
    try:
        result = disclosure.suppress_counts(tables, method=method)
    except errors.DisclosureError:
        assert tables.values.max() < 40
        return
    rule = disclosure.CountRule()
    below, above = rule.protection(tables.values)
    for cell in np.flatnonzero(rule.unsafe(tables.values)):
        low, high = attack(tables, result.published(), tables.keys[cell])
        assert low <= tables.values[cell] - below[cell] + 1e-6
        assert high >= tables.values[cell] + above[cell] - 1e-6
    for cell in np.flatnonzero(result.secondary):
        low, high = attack(tables, result.published(), tables.keys[cell])
        assert high - low >= 1 - 1e-6


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_protection_in_pieces_is_as_good_as_an_attack_from_scratch_says(seed):
    """What was found for the pieces saves programs of the whole, and promises no more than is true."""
    draw = np.random.default_rng(seed)
    persons = {f"t{t}": int(draw.integers(8, 60)) for t in range(5)}
    persons["all"] = sum(persons.values())
    towns = [key for key in persons if key != "all"]
    values, sums, pairs, pieces = dict(persons), [("all", towns)], [], []
    for group in "ab":
        inside = {f"{town} {group}": int(draw.binomial(persons[town], 0.15)) for town in towns}
        inside[f"all {group}"] = sum(inside.values())
        sums.append((f"all {group}", list(inside)[:-1]))
        pairs += [(f"{place} {group}", place) for place in persons]
        pieces.append(inside)
        values |= inside
    rule = disclosure.CountRule()

    def protected(cells, **named):
        among = disclosure.tables(
            {key: values[key] for key in cells},
            [one for one in sums if one[0] in cells],
            at_most=[one for one in pairs if one[0] in cells],
        )
        below, above = rule.protection(among.values)
        return disclosure.suppress(
            among,
            rule.unsafe(among.values),
            below,
            above,
            whole=True,
            exact=False,
            secondary_width=1.0,
            **named,
        )

    try:
        found = [protected([*persons, *piece], method="quick") for piece in pieces]
        gone = {key for one in found for key in one.tables.keys if key not in one.published()}
        place = disclosure.tables(values, sums, at_most=pairs).keys
        already = [key in gone for key in place]
        whole = protected(values, method="given", already=already, seen=[one.witnesses for one in found])
    except errors.DisclosureError:
        return
    hidden = np.flatnonzero(~whole.shown)
    lowest, highest = whole.witnesses.reach(whole.shown, whole=True)
    low, high = disclosure.feasible(whole.tables, whole.shown, hidden)
    assert (lowest[hidden] >= low - 1e-6).all()
    assert (highest[hidden] <= high + 1e-6).all()
    below, above = rule.protection(whole.tables.values)
    for number, cell in enumerate(hidden):
        if rule.unsafe(whole.tables.values)[cell]:
            assert low[number] <= whole.tables.values[cell] - below[cell] + 1e-6
            assert high[number] >= whole.tables.values[cell] + above[cell] - 1e-6


def test_what_was_found_for_a_part_is_forgotten_where_the_whole_forbids_it():
    part = disclosure.tables({"women": 9.0, "men": 4.0, "all": 13.0}, [("all", ["women", "men"])])
    found = disclosure.Witnesses(part)
    found.add(np.array([0, 1]), np.array([3.0, -3.0]))
    shown = np.array([False, False, True])
    assert [one.tolist() for one in found.reach(shown, whole=True)] == [[6, 1, 13], [12, 7, 13]], "and back"
    assert found.reach(~np.zeros(3, dtype=bool), whole=True)[0].tolist() == [9, 4, 13], "all of it is shown"
    found.add(np.array([0, 1]), np.array([3.5, -3.5]))
    assert found.reach(shown, whole=False)[0].tolist() == [5.5, 0.5, 13]
    assert found.reach(shown, whole=True)[0].tolist() == [6, 1, 13], "persons are whole"
    found.add(np.array([0, 1]), np.array([5.0, -5.0]))
    assert found.reach(shown, whole=True)[1].tolist() == [12, 9, 13], "men are not fewer than none"
    found.add(np.array([0]), np.array([9.0]))
    assert found.reach(shown, whole=True)[1].tolist() == [12, 9, 13], "it does not add up"
    whole = disclosure.tables(
        {"women": 9.0, "men": 4.0, "all": 13.0, "roma men": 3.0},
        [("all", ["women", "men"])],
        at_most=[("roma men", "men")],
    )
    learnt = disclosure.Witnesses(whole)
    learnt.learn(found)
    low, high = learnt.reach(np.array([False, False, True, True, False]), whole=True)
    assert low.tolist() == [4, 4, 13, 3, 1], "men are at least the Roma among them"
    assert high.tolist() == [9, 9, 13, 3, 6]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_margins_add_up(seed):
    draw = np.random.default_rng(seed)
    rows = [(f"t{t}", f"g{g}", int(draw.integers(0, 50))) for t in range(4) for g in range(3)]
    values, sums = disclosure.cross(town_by_group(rows), {"town": {"t0": "u", "t1": "u"}, "group": {}})
    assert values[disclosure.TOTAL, disclosure.TOTAL] == sum(row[2] for row in rows)
    for total, parts in sums:
        assert values[total] == sum(values[part] for part in parts)


# --- bad input -------------------------------------------------------------------------------------


def test_wrong_tables_are_refused_in_words():
    with pytest.raises(errors.DataError, match="not the sum of their parts, first all"):
        disclosure.tables({"all": 10, "a": 4, "b": 5}, [("all", ["a", "b"])])
    with pytest.raises(errors.DataError, match="names the cell c, which has no value"):
        disclosure.tables({"all": 10, "a": 4}, [("all", ["a", "c"])])
    with pytest.raises(errors.DataError, match="part is larger than whole"):
        disclosure.tables({"whole": 10, "part": 14}, [], at_most=[("part", "whole")])
    with pytest.raises(errors.DataError, match="not negative"):
        disclosure.tables({"a": -1}, [])
    with pytest.raises(errors.OptionError, match="has no parts"):
        disclosure.tables({"a": 1}, [("a", [])])
    with pytest.raises(errors.DataError, match="a total at once"):
        disclosure.cross(town_by_group([("u", "a", 1), ("t", "a", 2)]), {"town": {"t": "u"}, "group": {}})
    with pytest.raises(errors.DataError, match="runs in a circle"):
        disclosure.cross(
            town_by_group([("t", "a", 2)]), {"town": {"t": "u", "u": "v", "v": "u"}, "group": {}}
        )


def test_wrong_options_are_refused():
    tables = disclosure.tables({"a": 3, "b": 9, "all": 12}, [("all", ["a", "b"])])
    with pytest.raises(errors.OptionError, match="method is one of"):
        disclosure.suppress_counts(tables, method="best")
    with pytest.raises(errors.OptionError, match="cost is one of"):
        disclosure.suppress_counts(tables, cost="money")
    with pytest.raises(errors.OptionError, match="above zero"):
        disclosure.suppress_counts(tables, cost=[0, 1, 1])
    with pytest.raises(errors.DataError, match="No table has the cell z"):
        tables.place("z")


# --- what is left out, what balances ---------------------------------------------------------------


def test_somebody_whose_sex_nobody_knows_hides_no_other():
    """100 persons, 97 women, 2 men, one unknown: whoever sees the women knows that at most 3 are men."""
    values = {"all": 100, "women": 97, "men": 2}
    tables = disclosure.tables(values, [], leaving_out=[("all", ["women", "men"])])
    assert tables.values[-1] == 1
    result = disclosure.suppress_counts(tables)
    shown = result.published()
    assert "men" not in shown
    assert len(shown) < 2, "the women or the total go with the men"
    low, high = attack(tables, shown, "men")
    assert (low, high >= 5) == (0, True)


def test_somebody_who_stands_twice_hides_no_other():
    """3, 50 and 60 are 112, not 113: beside the others and the total the first is 2 or a few more."""
    values = {"all": 112, "a": 3, "b": 50, "c": 60}
    tables = disclosure.tables(values, [], leaving_out=[("all", ["a", "b", "c"])])
    assert tables.values[-1] == 1
    shown = disclosure.suppress_counts(tables).published()
    assert "a" not in shown
    assert len(shown) < 3
    low, high = attack(tables, shown, "a")
    assert (low, high >= 6) == (0, True)


def test_who_came_and_who_went_do_not_tell_who_is_here():
    """40 before and now 3, whom nobody may know: with 2 who came and 39 who went they would follow."""
    values = {"before": 40, "now": 3, "came": 2, "went": 39}
    balance = (["now", "went"], ["before", "came"])
    with pytest.raises(errors.DisclosureError):
        disclosure.suppress_counts(
            disclosure.tables(values, [], balances=[balance], published_before={"came": 2, "went": 39})
        )
    tables = disclosure.tables(values, [], balances=[balance])
    shown = disclosure.suppress_counts(tables).published()
    assert not {"now", "came"} & shown.keys()
    low, high = attack(tables, shown, "now")
    assert (low, high >= 5) == (0, True)
    with pytest.raises(errors.DataError, match="not the sum"):
        disclosure.tables(values | {"went": 38}, [], balances=[balance])
