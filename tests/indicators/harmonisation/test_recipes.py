import shutil
from pathlib import Path

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions as chain
from entaxis.indicators import queries as published_figures
from entaxis.indicators import store
from entaxis.indicators.actions import NotNowError
from entaxis.indicators.harmonisation import actions, computing, queries, source
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun
from entaxis.indicators.harmonisation.steps import Ingredient, Steps
from entaxis.indicators.models import Observation, Reason, Release
from entaxis.indicators.source import CatalogueRefusedError
from tests.indicators.conftest import PERSONS, Publish, cells
from tests.indicators.harmonisation.conftest import SHARES, shares, with_model

pytestmark = pytest.mark.django_db


def computed(recipe: Recipe, region: Area, by: User, **named: str) -> RecipeRun:
    run = actions.begin(recipe=recipe, region=region, period="2023", by=by, **named)
    actions.compute(run=run)
    return run


# --- the file of recipes ---------------------------------------------------------------------------


def test_the_ready_made_recipes_come_in_once(region: Area) -> None:
    assert source.load() > 0
    assert source.load() == 0
    assert {one.version.indicator.code for one in queries.recipes()} >= {"deprivation_index", "arope_place"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('indicator = "smsd"', 'indicator = "nothing"', "not in the catalogue: nothing"),
        ('indicator = "smsd"', 'indicator = "arop"', "twice"),
        ('kind = "composite"', 'kind = "magic"', "kind"),
        ('weighting = "equal"', 'weighting = "fair"', "weighting"),
        ('kind = "score"\n', 'kind = "composite"\n', "two inputs"),
        ("correlation = 0.3", "correlation = 3", "correlation"),
        ("correlation = 0.3", "colour = 3", "colour"),
    ],
)
def test_a_recipe_that_does_not_hold_is_refused_whole(
    region: Area, tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = source.DATA.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "recipes.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueRefusedError, match=said):
        source.load(path)
    assert not Recipe.objects.exists()


def test_a_recipe_with_figures_is_not_changed(  # noqa: PLR0917
    region: Area, recipe: Recipe, published: None, maker: User, approver: User, tmp_path: Path
) -> None:
    run = computed(recipe, region, maker)
    assert run.release is not None
    chain.approve(release=run.release, by=approver)
    path = shutil.copy(source.DATA, tmp_path / "recipes.toml")
    with pytest.raises(CatalogueRefusedError, match="another version"):
        source.load(path)


# --- a run -----------------------------------------------------------------------------------------


def test_a_run_becomes_a_release_that_a_second_person_approves(
    region: Area, recipe: Recipe, published: None, maker: User, approver: User
) -> None:
    run = computed(recipe, region, maker)
    release = run.release
    assert run.state == RecipeRun.State.DONE
    assert release is not None
    assert release.state == Release.State.CHECKED
    assert release.is_synthetic
    indicator = recipe.version.indicator
    assert published_figures.figures(indicator, region) is None
    with pytest.raises(NotNowError):
        chain.approve(release=release, by=maker)
    chain.approve(release=release, by=approver)
    found = published_figures.figures(indicator, region)
    assert found is not None
    scaled = {
        one: {
            code: 100 * (value - min(said.values())) / np.ptp([*said.values()])
            for code, value in said.items()
        }
        for one, said in SHARES.items()
    }
    by_hand = {code: (scaled["arop"][code] + scaled["smsd"][code]) / 2 for code in SHARES["arop"]}
    assert {code: figure.value for code, figure in found.by_area.items()} == pytest.approx(by_hand)
    # the region's own shares of 18 on the municipalities' scale
    assert found.region.value == pytest.approx(50 * (6 / 23 + 13 / 9))
    assert set(run.inputs) == set(SHARES)
    assert len(run.inputs["arop"]["passports"]) == 6 + 2 + 1
    assert len(run.digest) == 64
    assert actions.computed_again(run=run)[1]


@pytest.mark.parametrize(
    ("kind", "modelled"),
    [("composite", {"2302"}), ("score", {"2302"}), ("rate", {"2302"}), ("rank", set(SHARES["arop"]))],
)
def test_what_is_made_of_modelled_figures_is_modelled(  # noqa: PLR0917
    region: Area,
    recipe: Recipe,
    publish: Publish,
    maker: User,
    approver: User,
    kind: str,
    modelled: set[str],
) -> None:
    """A place depends on everybody's figure, an area's own index on its own."""
    rows = shares(region)
    with_model(region, rows)
    publish(rows)
    inputs = recipe.steps["inputs"][: None if kind == "composite" else 1]
    recipe.steps = recipe.steps | {"kind": kind, "inputs": inputs}
    recipe.save()
    run = computed(recipe, region, maker)
    assert run.release is not None, run.failure
    chain.approve(release=run.release, by=approver)
    made = Observation.objects.filter(series__indicator=recipe.version.indicator, value__isnull=False)
    assert made.count() >= len(SHARES["arop"])
    assert set(made.filter(is_modelled=True).values_list("area__code", flat=True)) == modelled


def test_an_area_that_lacks_an_input_has_no_figure_and_is_named(
    region: Area, recipe: Recipe, publish: Publish, maker: User, approver: User
) -> None:
    publish(shares(region, persons=dict(PERSONS)))
    run = computed(recipe, region, maker)
    lost = {one["code"] for one in run.result["left_out"]}
    assert "2203" in lost
    assert not lost & set(run.result["areas"])
    assert run.release is not None
    chain.approve(release=run.release, by=approver)
    found = published_figures.figures(recipe.version.indicator, region)
    assert found is not None
    assert all(found.by_area[code].reason == Reason.NO_INPUT for code in lost)
    assert all(found.by_area[code].value is None for code in lost)


def test_an_input_that_is_the_same_everywhere_fails_plainly(
    region: Area, recipe: Recipe, publish: Publish, maker: User
) -> None:
    rows = shares(region)
    for row in rows:
        if row.version.indicator.code == "smsd":
            row.value, row.ci_low, row.ci_high = 8.0, 6.0, 10.0
    publish(rows)
    run = computed(recipe, region, maker)
    assert run.state == RecipeRun.State.FAILED
    assert "smsd" in run.failure
    assert run.release is None


def test_an_input_that_is_not_published_fails_plainly(region: Area, recipe: Recipe, maker: User) -> None:
    run = computed(recipe, region, maker)
    assert run.state == RecipeRun.State.FAILED
    assert "arop" in run.failure
    assert "2023" in run.failure


def test_too_few_areas_fail_plainly(region: Area, recipe: Recipe, publish: Publish, maker: User) -> None:
    few = {code: (90 if code in {"2201", "2301"} else 5) for code in PERSONS}
    publish(shares(region, persons=few))
    run = computed(recipe, region, maker)
    assert run.state == RecipeRun.State.FAILED
    assert "3" in run.failure


def test_figures_that_are_public_are_replaced_only_with_a_reason(
    region: Area, recipe: Recipe, published: None, maker: User, approver: User
) -> None:
    first = computed(recipe, region, maker)
    assert first.release is not None
    chain.approve(release=first.release, by=approver)
    with pytest.raises(NotNowError):
        actions.begin(recipe=recipe, region=region, period="2023", by=maker)
    second = computed(recipe, region, maker, note="Άλλα βάρη.", note_en="Other weights.")
    assert second.release is not None
    assert second.release.supersedes == first.release
    assert (second.release.note_el, second.release.note_en) == ("Άλλα βάρη.", "Other weights.")


def test_later_figures_make_another_run_and_leave_this_one_computable(
    region: Area, recipe: Recipe, published: None, publish: Publish, maker: User
) -> None:
    run = computed(recipe, region, maker)
    assert queries.replaced_inputs(run) == []
    first = Release.objects.public().get()
    publish(shares(region, error=2.0), supersedes=first, notes={"el": "Διορθώθηκε.", "en": "Corrected."})
    assert len(queries.replaced_inputs(run)) == 2
    rows, is_same = actions.computed_again(run=run)
    assert is_same, "from the figures that went in, as they were"
    assert run.release is not None
    assert store.digest(rows) == run.release.digest
    later = computed(recipe, region, maker)
    assert later.digest != run.digest


def test_the_database_holds_the_states_of_a_run(region: Area, recipe: Recipe, maker: User) -> None:
    for said in ({"state": "done"}, {"state": "failed"}, {"failure": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecipeRun.objects.create(recipe=recipe, region=region, period="2023", created_by=maker, **said)


def test_an_input_that_is_at_least_makes_no_place_and_is_named(  # noqa: PLR0917
    region: Area, recipe: Recipe, publish: Publish, maker: User, approver: User, client: Client
) -> None:
    rows = shares(region)
    town = Area.objects.get(code="2302")
    for row in rows:
        if row.area_id == town.pk and row.version.indicator.code == "arop":
            row.reported, row.reported_of = 2, 3
    publish(rows)
    run = computed(recipe, region, maker)
    assert "2302" not in run.result["areas"]
    assert {"code": "2302", "indicator": "arop", "reason": "at_least"} in run.result["left_out"]
    assert run.release is not None
    chain.approve(release=run.release, by=approver)
    page = client.get("/en/indicators/recipes/deprivation_index/", HTTP_HOST="thessaly.localhost")
    said = f"{town.name_en} has no figure. Only “at least” there, because not all municipalities reported: "
    assert said in page.content.decode()
    for kind in ("rank", "score"):
        steps = Steps(kind=kind, inputs=[Ingredient(indicator="arop")])
        assert "2302" not in queries.gather(steps, region, "2023").table.codes


# --- the other kinds -------------------------------------------------------------------------------


def test_a_rate_is_per_residents_and_a_shrunk_one_lies_nearer_to_the_whole(
    region: Area, publish: Publish
) -> None:
    rows = cells(region, code="registered_unemployed")
    for row in rows:
        row.kind, row.members, row.flag = "count", 40 * (row.members or 0), ""
        row.value, row.standard_error, row.ci_low, row.ci_high = float(row.members), None, None, None
    publish(rows)
    steps = Steps(kind="rate", inputs=[Ingredient(indicator="registered_unemployed")])
    table = queries.gather(steps, region, "2023").table
    plain, _details = computing.compute(steps, table)
    shrunk, details = computing.compute(steps.model_copy(update={"kind": "shrunk_rate"}), table)
    by_code = {one.code: one for one in plain}
    assert by_code["2201"].value == pytest.approx(1000 * 300 * 40 / 60_000)
    assert by_code["EL61"].value == pytest.approx(1000 * sum(PERSONS.values()) * 40 / 250_000)
    mean = details["prior"][0]
    for one in shrunk:
        if one.code in SHARES["arop"]:
            assert abs(one.value - mean) <= abs(by_code[one.code].value - mean) + 1e-9
    assert next(one for one in shrunk if one.code == "EL61").value == by_code["EL61"].value
    assert {one.code for one in shrunk if one.is_modelled} == set(SHARES["arop"])
    assert not any(one.is_modelled for one in plain)


def test_places_have_intervals_and_scores_are_standard(region: Area, published: None) -> None:
    ranked = Steps(kind="rank", inputs=[Ingredient(indicator="arop")])
    made, _details = computing.compute(ranked, queries.gather(ranked, region, "2023").table)
    assert {one.code: one.value for one in made}["2201"] == 1
    assert all(one.low is not None and one.low <= one.value <= (one.high or 0) for one in made)
    scored = Steps(kind="score", inputs=[Ingredient(indicator="arop")])
    made, _details = computing.compute(scored, queries.gather(scored, region, "2023").table)
    values = [one.value for one in made if one.code in SHARES["arop"]]
    assert np.mean(values) == pytest.approx(0, abs=1e-12)
    assert np.std(values) == pytest.approx(1)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(values=st.lists(st.integers(0, 50), min_size=4, max_size=8, unique=True), error=st.integers(0, 60))
def test_an_index_in_points_stays_on_its_scale_and_what_says_nothing_is_not_told(
    values: list[int], error: int
) -> None:
    both = np.array([values, values[::-1]], dtype=float).T
    names = [str(number) for number in range(len(values))]
    table = computing.Table(
        names, both, np.full_like(both, error), [False] * len(names), [False] * len(names)
    )
    steps = Steps(
        kind="composite",
        normalisation="minmax",
        inputs=[Ingredient(indicator="arop"), Ingredient(indicator="smsd")],
    )
    made, _details = computing.compute(steps, table)
    for one in made:
        low, high = one.low, one.high
        assert low is not None
        assert high is not None
        half = 1.959963984540054 * (one.standard_error or 0)
        assert low == pytest.approx(max(one.value - half, 0), abs=1e-9)
        assert high == pytest.approx(min(one.value + half, 100), abs=1e-9)
        assert one.is_unsure == (low <= 0 and high >= 100)
        assert one.is_unreliable == (high - low > 50)


def test_an_index_whose_interval_holds_the_whole_scale_is_withheld(
    region: Area, recipe: Recipe, publish: Publish, maker: User, approver: User
) -> None:
    recipe.steps = recipe.steps | {"normalisation": "minmax"}
    publish(shares(region, error=30.0))
    run = computed(recipe, region, maker)
    assert run.release is not None
    chain.approve(release=run.release, by=approver)
    rows = Observation.objects.filter(
        series__indicator__code="deprivation_index", area__level="municipality"
    )
    assert {row.reason for row in rows} == {Reason.UNSURE}


def test_the_trial_with_the_recipes_own_weights_is_the_published_index(
    region: Area, recipe: Recipe, published: None, maker: User
) -> None:
    run = computed(recipe, region, maker)
    same = computing.trial(recipe.done.model_copy(update={"weighting": "expert"}), run.result)
    assert not same.shift.any()
    assert same.places.tolist() == run.result["places"]
