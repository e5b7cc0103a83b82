"""Recipes leave as the file that brings them in, and no recipe is made of itself."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators.harmonisation import actions, source
from entaxis.indicators.harmonisation.models import Recipe
from entaxis.indicators.models import Indicator, IndicatorVersion, Release
from entaxis.indicators.source import CatalogueRefusedError

pytestmark = pytest.mark.django_db
CODES = [one["code"] for one in tomllib.loads(source.DATA.read_text(encoding="utf-8"))["recipe"]]


def of(code: str) -> dict[str, Any]:
    return source.entry_of(Indicator.objects.get(code=code))


def load(text: str, tmp_path: Path) -> int:
    path = tmp_path / "recipes.toml"
    path.write_text(text, encoding="utf-8")
    return source.load(path)


@pytest.mark.parametrize("code", CODES)
def test_every_ready_made_recipe_goes_out_and_comes_in_unchanged(
    region: Area, tmp_path: Path, code: str
) -> None:
    source.load()
    entry = of(code)
    text = source.as_toml(entry)
    assert tomllib.loads(text) == {"recipe": [entry]}
    assert load(text, tmp_path) == 0
    Recipe.objects.filter(version__indicator__code=code).delete()
    IndicatorVersion.objects.filter(indicator__code=code).delete()
    Indicator.objects.filter(code=code).delete()
    assert load(text, tmp_path) == 3, "the indicator, its version and the steps"
    assert of(code) == entry


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text(st.characters(codec="utf-8"), max_size=30),
    weight=st.floats(0, 1e9, allow_nan=False),
    breaks=st.lists(st.fixed_dictionaries({"period": st.just("2023"), "note_el": st.text(max_size=5)})),
)
def test_words_numbers_and_lists_are_written_as_toml_reads_them(
    words: str, weight: float, breaks: list[dict[str, str]]
) -> None:
    inputs = [{"indicator": words, "weight": weight}]
    version = {
        "name_el": words,
        "breaks": breaks,
        "valid_from": date(2026, 1, 1),
        "steps": {"inputs": inputs},
    }
    entry = {"code": words, "order": 901, "version": [version, version]}
    assert tomllib.loads(source.as_toml(entry)) == {"recipe": [entry]}


def test_a_recipe_is_not_made_of_itself(region: Area, tmp_path: Path) -> None:
    source.load()
    entry = of("arope_score")
    entry["version"][0]["steps"]["inputs"][0]["indicator"] = "arope_score"
    with pytest.raises(CatalogueRefusedError, match="made of itself, by arope_score"):
        load(source.as_toml(entry), tmp_path)


def test_nor_by_way_of_another(region: Area, tmp_path: Path) -> None:
    """The index takes the score in; the score may not take the index in."""
    source.load()
    entry = of("deprivation_index")
    entry["version"][0]["steps"]["inputs"][0]["indicator"] = "arope_score"
    assert load(source.as_toml(entry), tmp_path) == 1
    entry = of("arope_score")
    entry["version"][0]["steps"]["inputs"][0]["indicator"] = "deprivation_index"
    with pytest.raises(CatalogueRefusedError, match="made of itself, by deprivation_index"):
        load(source.as_toml(entry), tmp_path)


def test_versions_stand_in_the_order_of_their_days(region: Area, tmp_path: Path) -> None:
    source.load()
    entry = of("arope_score")
    entry["version"].append(entry["version"][0] | {"name_el": "Άλλο"})
    with pytest.raises(CatalogueRefusedError, match="later than the one before"):
        load(source.as_toml(entry), tmp_path)
    entry["version"][1]["valid_from"] = date(2027, 1, 1)
    assert load(source.as_toml(entry), tmp_path) == 2
    assert of("arope_score") == entry


def test_a_recipe_whose_figures_wait_for_approval_is_not_changed(
    region: Area, recipe: Recipe, published: None, maker: User, tmp_path: Path
) -> None:
    run = actions.begin(recipe=recipe, region=region, period="2023", by=maker)
    actions.compute(run=run)
    assert run.release is not None
    assert run.release.state == Release.State.CHECKED
    entry = of("deprivation_index")
    entry["version"][0]["steps"]["correlation"] = 0.5
    with pytest.raises(CatalogueRefusedError, match="another version"):
        load(source.as_toml(entry), tmp_path)
    recipe.refresh_from_db()
    assert recipe.steps["correlation"] == 0.3
