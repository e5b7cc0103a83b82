"""Differences between domains and between editions with overlapping samples."""

import numpy as np
import polars as pl
import pytest

import socialstats as ss
from tests.socialstats.data import sample, survey


def test_the_same_edition_twice_did_not_change() -> None:
    row = ss.change(survey(), survey(), "arop").one("arop")
    assert (row.value, row.se) == (0, 0)
    assert row.ci_low == row.ci_high == 0


def test_editions_apart_add_their_variances() -> None:
    other = sample(2).with_columns(pl.col("household") + 100_000)
    before, after = survey(), survey(other)
    row = ss.change(before, after, ["gini", "arop"], by="region").one("arop", region="R1")
    parts = [ss.estimate(s, "arop", by="region").one("arop", region="R1") for s in (before, after)]
    assert row.value == pytest.approx(parts[1].value - parts[0].value)
    assert row.se == pytest.approx(np.hypot(parts[0].se, parts[1].se), rel=1e-12)


def test_the_same_households_with_new_incomes() -> None:
    # with one weight a person, the change of a mean is the mean of the changes: nothing is approximated
    frame = sample(3)
    drift = np.random.default_rng(1).normal(300, 200, frame["household"].max() + 1)[
        frame["household"].to_numpy()
    ]
    later = frame.with_columns((pl.col("income") + pl.Series(drift)).alias("income"))
    row = ss.change(survey(frame), survey(later), "mean").one("mean")
    exact = ss.estimate(survey(frame.with_columns(pl.Series("income", drift))), "mean").one("mean")
    assert row.value == pytest.approx(exact.value)
    assert row.se == pytest.approx(exact.se, rel=1e-9)


def test_half_a_panel_over_many_samples() -> None:
    """Rotation of a half: a change's estimated error against its spread over samples."""
    rng = np.random.default_rng(11)
    population = rng.lognormal(9, 0.5, 4000)
    later = population * rng.lognormal(0.03, 0.15, 4000)
    values, errors = [], []
    for _ in range(300):
        drawn = rng.choice(4000, 300, replace=False)
        editions = [
            ss.Survey.of(
                pl.DataFrame({"psu": ids, "income": income[ids], "weight": np.full(200, 20.0)}),
                weight="weight", income="income", psu="psu",
            )
            for ids, income in ((np.sort(drawn[:200]), population), (np.sort(drawn[100:]), later))
        ]  # fmt: skip
        row = ss.change(editions[0], editions[1], "mean").one("mean")
        values.append(row.value)
        errors.append(row.se)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.12)


def test_domains_of_one_sample_share_the_line() -> None:
    made = survey()
    row = ss.difference(made, "arop", {"region": "R1"}, {"region": "R2"})
    one, other = (ss.estimate(made, "arop", by="region").one("arop", region=name) for name in ("R1", "R2"))
    assert row.value == pytest.approx(one.value - other.value)
    assert row.se != pytest.approx(np.hypot(one.se, other.se), rel=1e-4)


def test_a_difference_of_means_of_two_strata_is_of_independent_samples() -> None:
    made = survey()
    row = ss.difference(made, "mean", {"stratum": "1"}, {"stratum": "2"})
    one, other = (ss.estimate(made, "mean", by="stratum").one("mean", stratum=name) for name in ("1", "2"))
    assert row.se == pytest.approx(np.hypot(one.se, other.se), rel=1e-12)


def test_an_unknown_domain_is_named() -> None:
    with pytest.raises(ss.OptionError, match="no region = R9"):
        ss.difference(survey(), "arop", {"region": "R9"}, {})


def rotated() -> tuple[ss.Survey, ss.Survey]:
    """Two editions of 4 strata: two thirds of the households stay, some leave, others come."""
    frame = sample(3, households=600)
    rng = np.random.default_rng(2)
    drift = pl.Series(rng.lognormal(0.02, 0.1, 600))
    stayed = frame.filter(pl.col("household") % 3 != 0)
    later = stayed.with_columns(income=pl.col("income") * drift[stayed["household"]])
    fresh = sample(8, households=150).with_columns(pl.col("household") + 10_000)
    return survey(frame), survey(pl.concat([later, fresh]))


@pytest.mark.parametrize("name", ["mean", "arop", "gini", "theil"])
def test_the_bootstrap_of_a_change_agrees_with_the_linearised_one(name: str) -> None:
    before, after = rotated()
    exact = ss.change(before, after, name, by="region").rows
    count = 300 if name == "theil" else 2000
    drawn = ss.change(before, after, name, by="region", variance=f"bootstrap:{count}").rows
    apart = np.hypot(*(ss.estimate(s, name).one(name).se for s in (before, after)))
    for one, other in zip(exact, drawn, strict=True):
        assert other.value == one.value
        assert other.se == pytest.approx(one.se, rel=0.13)
        assert other.seed == 1
    assert drawn[0].se < 0.85 * apart  # the overlap counts


def test_each_edition_is_drawn_as_if_it_were_alone() -> None:
    from socialstats.comparison import Matching
    from socialstats.variance import kernels
    from socialstats.variance.pairs import _lists

    designs = [made.design for made in rotated()]
    matching = Matching.of(*designs)
    lists = _lists(designs, matching)
    kept = []
    for side, design in enumerate(designs):
        counts = np.zeros(design.psu_count, dtype=np.uint8)
        found = []
        for r in range(400):
            kernels.draw_paired(np.uint64(9), r, side, lists[side], counts)
            assert (np.bincount(design.stratum, counts) == design.psu_counts - 1).all()
            found.append(counts.copy())
        drawn = np.array(found, dtype=float)
        size = design.psu_counts[design.stratum]
        assert drawn.mean() == pytest.approx(((size - 1) / size).mean(), rel=1e-3)
        assert drawn.var(axis=0).mean() == pytest.approx(((size - 1) ** 2 / size**2).mean(), rel=0.03)
        kept.append(drawn)
    both = kept[0][:, matching.before], kept[1][:, matching.after]
    alike = np.mean([np.corrcoef(both[0][:, j], both[1][:, j])[0, 1] for j in range(matching.common)])
    assert alike > 0.9


def test_the_same_edition_twice_did_not_change_in_any_replicate() -> None:
    row = ss.change(survey(), survey(), "arop", variance="bootstrap:50", resampling={"n_jobs": 2}).one(
        "arop"
    )
    assert (row.value, row.se) == (0, 0)


def test_the_bootstrap_of_a_change_takes_its_own_interval_and_no_jackknife() -> None:
    before, after = rotated()
    row = ss.change(
        before, after, "gini", variance="bootstrap:400", resampling={"interval": "percentile", "seed": 4}
    ).one("gini")
    assert row.ci_low < row.value < row.ci_high
    with pytest.raises(ss.OptionError, match="linearised or bootstrap"):
        ss.change(before, after, "gini", variance="jkn")
    with pytest.raises(ss.OptionError, match="takes no seed"):
        ss.change(before, after, "gini", resampling={"seed": 1})
