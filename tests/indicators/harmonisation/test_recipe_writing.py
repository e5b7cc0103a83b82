"""Recipes written on the office's pages, by the door through which files come."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions as chain
from entaxis.indicators import queries as published_figures
from entaxis.indicators.harmonisation import actions, source, tasks
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun
from entaxis.indicators.models import Indicator, IndicatorVersion, Release
from tests.indicators.conftest import PERSONS, Publish
from tests.indicators.harmonisation.conftest import SHARES, shares
from tests.indicators.test_pages import _client

pytestmark = pytest.mark.django_db
NEW = "/el/office/recipes/new/"
CODE = "poverty_and_lack"
FILE = f"/el/office/recipes/{CODE}/recipe.toml"
VERSION = f"/el/office/recipes/{CODE}/versions/new/"
LAST = f"/el/office/recipes/{CODE}/versions/last/"
FACTS = {"code": CODE, "theme": "poverty", "digits": "1", "responsible": "Παρατηρητήριο"}
WORDS = {
    "valid_from": "2021-01-01", "name_el": "Φτώχεια και στέρηση", "name_en": "Poverty and lack",
    "purpose_el": "Δείχνει πού συσσωρεύονται.", "purpose_en": "Shows where they gather.",
    "definition_el": "Μέσος όρος δύο «δεικτών».\r\nΣε κλίμακα 0–100.", "definition_en": "A mean of two.",
    "universe_el": "Όλοι", "universe_en": "Everybody", "source_el": "ΟΟΣΑ", "source_en": "OECD",
    "frequency": "annual", "income_year_offset": "0", "breaks": "2022 = Νέο δείγμα = New sample",
}  # fmt: skip
STEPS = {
    "kind": "composite", "rows": "4", "level": "municipality", "normalisation": "minmax",
    "weighting": "expert", "aggregation": "arithmetic", "correlation": "0.3",
}  # fmt: skip


def row(at: int, indicator: str, **named: str) -> dict[str, str]:
    said = {"indicator": indicator, "higher_is": "worse", "weight": "1", "breakdown": "total"} | named
    return {f"input{at}-{name}": value for name, value in said.items()}


INPUTS = row(0, "arop") | row(1, "smsd", weight="3") | row(2, "", higher_is="")
SAID = FACTS | WORDS | STEPS | INPUTS | {"do": "store"}


@pytest.fixture
def keeper(approver: User) -> Client:
    return _client(approver)


@pytest.fixture
def written(keeper: Client) -> Recipe:
    answer = keeper.post(NEW, SAID)
    assert answer.status_code == 302, answer.content.decode()
    return Recipe.objects.get(version__indicator__code=CODE)


def of(kind: str, *rows: dict[str, str], **named: str) -> dict[str, str]:
    """What is typed for a kind, without what only an index asks."""
    said = FACTS | WORDS | {"kind": kind, "level": "municipality", "do": "store", "direction": "neutral"}
    for one in rows:
        said |= one
    return said | named


# --- from the form to figures ----------------------------------------------------------------------


def test_a_recipe_is_chosen_by_its_kind(keeper: Client) -> None:
    page = keeper.get(NEW).content.decode()
    assert "?kind=take_up" in page
    index = keeper.get(f"{NEW}?kind=composite").content.decode()
    assert "input3-indicator" in index
    assert 'name="direction"' not in index, "more of an index is worse: nobody is asked"
    rate = keeper.get(f"{NEW}?kind=rate").content.decode()
    assert "(registered_unemployed)" in rate
    assert "(arop)" not in rate, "a share is no count"
    assert 'name="correlation"' not in rate
    assert "?kind=take_up" in keeper.get(f"{NEW}?kind=magic").content.decode(), "no kind of this name"


def test_what_is_written_is_computed_and_becomes_a_release(  # noqa: PLR0917
    written: Recipe, keeper: Client, region: Area, published: None, maker: User, approver: User
) -> None:
    version = written.version
    assert (version.number, version.written_by, version.method_page) == (1, approver, "harmonise")
    assert (version.indicator.unit, version.indicator.direction) == ("index", "low_is_good")
    assert version.levels == ["region", "regional_unit", "municipality"]
    assert written.purpose_el == "Δείχνει πού συσσωρεύονται."
    assert _client(maker).post(f"/el/office/recipes/{CODE}/", {"period": "2023"}).status_code == 302
    tasks.run_recipe(run=RecipeRun.objects.get().pk)
    release = RecipeRun.objects.get().release
    assert release is not None
    assert release.state == Release.State.CHECKED
    chain.approve(release=release, by=approver)
    found = published_figures.figures(version.indicator, region)
    assert found is not None
    by_hand = {
        code: sum(
            weight * 100 * (said[code] - min(said.values())) / (max(said.values()) - min(said.values()))
            for weight, said in ((0.25, SHARES["arop"]), (0.75, SHARES["smsd"]))
        )
        for code in SHARES["arop"]
    }
    assert {code: figure.value for code, figure in found.by_area.items()} == pytest.approx(by_hand)


def test_it_goes_out_as_the_file_that_the_command_takes_in_unchanged(
    written: Recipe, keeper: Client, maker: User, tmp_path: Path
) -> None:
    answer = _client(maker).get(FILE)
    assert answer["Content-Disposition"] == f'attachment; filename="{CODE}.toml"'
    path = tmp_path / "recipes.toml"
    path.write_bytes(answer.content)
    assert source.load(path) == 0
    said = tomllib.loads(answer.content.decode())["recipe"][0]
    version, indicator = written.version, written.version.indicator
    for one in (written, version, indicator):
        one.delete()
    assert source.load(path) == 3
    again = Recipe.objects.get(version__indicator__code=CODE)
    assert again.done == written.done
    assert again.version.definition_el == WORDS["definition_el"]
    assert again.version.breaks == [{"period": "2022", "note_el": "Νέο δείγμα", "note_en": "New sample"}]
    assert tomllib.loads(_client(maker).get(FILE).content.decode())["recipe"] == [said]
    assert keeper.get("/el/office/recipes/arop/recipe.toml").status_code == 404


@pytest.mark.parametrize(
    ("said", "unit", "direction"),
    [
        (of("rate", row(0, "registered_unemployed"), per="100", counted="events"), "percent", "neutral"),
        (
            of("shrunk_rate", row(0, "gmi_beneficiaries"), per="1000", counted="share"),
            "per_1000",
            "neutral",
        ),
        (of("score", row(0, "arop"), normalisation="robust"), "score", "low_is_good"),
        (of("rank", row(0, "arop", higher_is="better")), "rank", "high_is_good"),
        (
            of("take_up", row(0, "gmi_beneficiaries", period="{before}-12"), row(1, "arop")),
            "per_100_poor",
            "neutral",
        ),
    ],
)
def test_every_kind_can_be_written(keeper: Client, said: dict[str, str], unit: str, direction: str) -> None:
    answer = keeper.post(NEW, said)
    assert answer.status_code == 302, answer.content.decode()
    found = Recipe.objects.get()
    assert (found.steps["kind"], found.done.unit) == (said["kind"], unit)
    assert (found.version.indicator.unit, found.version.indicator.direction) == (unit, direction)


# --- what is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (row(1, "nothing"), "input1-indicator", "nothing"),
        (row(1, "arop"), "input1-indicator", "Υπάρχει ήδη"),
        (row(1, "", higher_is=""), "input1-indicator", "τουλάχιστον δύο"),
        (row(1, ""), "input1-indicator", "αδειάστε όλη τη γραμμή"),
        (row(1, "smsd", higher_is=""), "input1-higher_is", "χειρότερα ή καλύτερα"),
        (row(0, "arop", weight="0") | row(1, "smsd", weight="0"), "weighting", "πάνω από το μηδέν"),
        (row(1, "smsd", weight=""), "input1-weight", "Γράψτε ένα βάρος"),
        (row(1, "smsd", weight="-1"), "input1-weight", "0 ή μεγαλύτερο"),
        (row(1, "smsd", weight="πολύ"), "input1-weight", "αριθμό"),
        (row(1, "smsd", period="πέρυσι"), "input1-period", "Δεν είναι περίοδος"),
        (
            row(0, "arop", period="{before}") | row(1, "smsd", period="2021"),
            "input0-period",
            "αφήστε αυτή κενή",
        ),
        ({"correlation": "3"}, "correlation", "Από 0 έως 1."),
        ({"correlation": ""}, "correlation", "απαραίτητο"),
        ({"weighting": "fair"}, "weighting", "έγκυρη επιλογή"),
        ({"purpose_en": ""}, "purpose_en", "απαραίτητο"),
        ({"code": "arop"}, "code", "υπάρχει"),
        ({"code": "new"}, "code", "λατινικά"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    keeper: Client, region: Area, wrong: dict[str, str], field: str, sentence: str
) -> None:
    answer = keeper.post(NEW, SAID | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    error = page.partition(f'id="id_{field}_error"')[2].partition("</p>")[0]
    assert sentence in error, page
    assert "A mean of two." in page
    assert 'value="0.3"' in page or "correlation" in wrong
    assert not Recipe.objects.exists()
    assert not Indicator.objects.filter(code=CODE).exists()


def test_a_recipe_cannot_take_itself_in_nor_change_its_unit(written: Recipe, keeper: Client) -> None:
    later = SAID | {"valid_from": "2026-01-01", "change_el": "Άλλο.", "change_en": "Else."}
    answer = keeper.post(VERSION, later | row(1, CODE))
    assert answer.status_code == 422
    assert "μια συνταγή δεν μπορεί να χρησιμοποιεί τον εαυτό της" in answer.content.decode()
    score = of("score", row(0, CODE), code="score_of_it", normalisation="z")
    assert keeper.post(NEW, score).status_code == 302
    answer = keeper.post(VERSION, later | row(1, "score_of_it"))
    assert "μια συνταγή δεν μπορεί" in answer.content.decode(), "nor by way of another"
    answer = keeper.post(VERSION, later | {"normalisation": "z"})
    assert answer.status_code == 422
    assert "«τυπικές αποκλίσεις»" in answer.content.decode()
    assert Recipe.objects.filter(version__indicator__code=CODE).count() == 1


# --- versions --------------------------------------------------------------------------------------


def test_another_version_begins_from_the_last_and_leaves_it(
    written: Recipe, keeper: Client, approver: User
) -> None:
    page = keeper.get(VERSION).content.decode()
    assert WORDS["purpose_en"] in page
    assert '<option value="smsd" selected>' in page
    assert 'value="3.0"' in page
    later = SAID | row(1, "smsd", weight="2")
    assert "change_el" in page
    assert keeper.post(VERSION, later | {"valid_from": "2026-01-01"}).status_code == 422, "it says why"
    said = {"change_el": "Άλλα βάρη.", "change_en": "Other weights."}
    answer = keeper.post(VERSION, later | said)
    assert answer.status_code == 422
    assert 'id="id_valid_from_error"' in answer.content.decode(), "from a later day"
    assert keeper.post(VERSION, later | said | {"valid_from": "2026-01-01"}).status_code == 302
    first, second = Recipe.objects.filter(version__indicator__code=CODE).order_by("version__number")
    assert (first, first.steps["inputs"][1]["weight"]) == (written, 3)
    assert (second.version.number, second.steps["inputs"][1]["weight"]) == (2, 2)
    assert (second.version.change_en, second.version.written_by) == ("Other weights.", approver)
    assert len(tomllib.loads(keeper.get(FILE).content.decode())["recipe"][0]["version"]) == 2


def test_a_version_is_put_right_until_figures_are_made_with_it(  # noqa: PLR0917
    written: Recipe, keeper: Client, region: Area, published: None, maker: User, approver: User
) -> None:
    assert WORDS["name_en"] in keeper.get(LAST).content.decode()
    right = SAID | {"name_en": "Poverty, lack", "correlation": "0.5"}
    assert keeper.post(LAST, right).status_code == 302
    written.refresh_from_db()
    assert (written.done.correlation, written.version.number) == (0.5, 1)
    assert IndicatorVersion.objects.get(indicator__code=CODE).name_en == "Poverty, lack"
    run = actions.begin(recipe=written, region=region, period="2023", by=maker)
    actions.compute(run=run)
    answer = keeper.post(LAST, SAID, follow=True)
    assert "έγιναν στοιχεία" in answer.content.decode()
    written.refresh_from_db()
    assert written.done.correlation == 0.5
    assert run.release is not None
    assert f"{CODE}/versions/last/" in keeper.get("/el/office/recipes/").content.decode()
    chain.approve(release=run.release, by=approver)
    assert f"{CODE}/versions/last/" not in keeper.get("/el/office/recipes/").content.decode()


def test_the_catalogue_leads_to_the_recipes_own_pages(written: Recipe, keeper: Client) -> None:
    """A version without steps would make nothing."""
    address = reverse("indicators:office-new-version", args=[CODE])
    assert keeper.get(address).headers["Location"].endswith(f"/office/recipes/{CODE}/versions/new/")
    address = reverse("indicators:office-version", args=[CODE, 1])
    assert keeper.post(address, WORDS).headers["Location"].endswith(f"{CODE}/versions/last/")
    assert IndicatorVersion.objects.filter(indicator__code=CODE).count() == 1


# --- a trial ---------------------------------------------------------------------------------------


def test_a_trial_tells_how_many_areas_would_get_a_value_and_stores_nothing(
    keeper: Client, region: Area, publish: Publish
) -> None:
    publish(shares(region, persons=dict(PERSONS)))
    answer = keeper.post(NEW, SAID | {"do": "try", "name_el": "", "valid_from": ""})
    page = answer.content.decode()
    shown = published_figures.figures(Indicator.objects.get(code="arop"), region)
    assert shown is not None
    number = sum(figure.is_shown for figure in shown.by_area.values())
    assert 3 <= number < 6
    assert answer.status_code == 200, "words are not judged yet"
    assert f"θα είχαν τιμή {number} από τις 6 περιοχές" in page
    assert f"σε {6 - number} περιοχ" in page
    assert "Shows where they gather." in page
    assert not Recipe.objects.exists()
    assert not RecipeRun.objects.exists()


def test_a_trial_names_what_is_not_published(keeper: Client, region: Area, publish: Publish) -> None:
    publish(shares(region))
    page = keeper.post(NEW, SAID | row(2, "gini") | {"do": "try"}).content.decode()
    gini = IndicatorVersion.objects.get(indicator__code="gini")
    assert f"Δεν έχουν δημοσιευτεί σε αυτή την περιφέρεια: {gini.name_el}." in page
    assert "δημοσιευμένος έως 2023" in page
    page = keeper.post(NEW, SAID | row(1, "smsd", period="2019") | {"do": "try"}).content.decode()
    assert "δεν υπάρχει περίοδος" in page


def test_a_trial_of_what_is_wrong_or_cannot_be_computed_says_so(
    keeper: Client, region: Area, publish: Publish
) -> None:
    publish(shares(region, persons={code: (90 if code in {"2201", "2301"} else 5) for code in PERSONS}))
    page = keeper.post(NEW, SAID | {"do": "try"}).content.decode()
    assert "Δεν υπολογίζεται για την περίοδο 2023" in page
    assert "απαιτούνται τουλάχιστον 3" in page
    answer = keeper.post(NEW, SAID | {"do": "try", "correlation": "3"})
    assert answer.status_code == 422
    assert 'id="trial"' not in answer.content.decode()


def test_more_inputs_have_a_place_and_nothing_is_judged_before(keeper: Client) -> None:
    answer = keeper.post(NEW, SAID | {"do": "more", "correlation": "3", "name_el": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="input6-indicator"' in page
    assert '<option value="smsd" selected>' in page
    assert "Shows where they gather." in page
    for rows, last in (("999", 19), ("-1", 3), ("0", 1)):
        page = keeper.post(NEW, SAID | {"rows": rows, "code": ""}).content.decode()
        assert f'name="input{last}-indicator"' in page
        assert f'name="input{last + 1}-indicator"' not in page


# --- who, and at what cost -------------------------------------------------------------------------


def test_those_who_keep_the_catalogue_write_and_editors_take_out(written: Recipe, maker: User) -> None:
    editor = _client(maker)
    for address in (NEW, VERSION, LAST):
        assert editor.get(address).status_code in {403, 404}
        assert editor.post(address, SAID).status_code in {403, 404}
    assert editor.get(FILE).status_code == 200
    page = editor.get("/el/office/recipes/").content.decode()
    assert FILE in page
    assert NEW not in page
    assert VERSION not in page
    assert Recipe.objects.count() == 1


@pytest.mark.parametrize("address", ["/el/office/recipes/", f"{NEW}?kind=composite", VERSION, LAST, FILE])
def test_pages_cost_the_same_with_more_recipes(
    written: Recipe, keeper: Client, queries_stay: Callable[..., int], address: str
) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            made = Indicator.objects.create(
                code=f"more_{Indicator.objects.count()}", theme="poverty", direction="neutral", unit="index"
            )
            version = IndicatorVersion.objects.get(pk=written.version_id)
            version.pk, version._state.adding, version.indicator = None, True, made
            version.save()
            Recipe.objects.create(version=version, purpose_el="α", purpose_en="a", steps=written.steps)

    assert queries_stay(grow=grow, read=lambda: keeper.get(address)) < 25
    assert date(2021, 1, 1) == written.version.valid_from
