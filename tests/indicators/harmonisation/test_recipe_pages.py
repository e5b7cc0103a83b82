import csv
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions as chain
from entaxis.indicators import wording as figures_in_words
from entaxis.indicators.harmonisation import actions, pocket_views, pockets, tasks, wording
from entaxis.indicators.harmonisation.actions import computed_again
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun
from entaxis.indicators.models import Indicator, Observation
from tests.indicators.conftest import Publish, cells
from tests.indicators.harmonisation.conftest import shares, with_model
from tests.indicators.test_pages import HOST, _client

pytestmark = pytest.mark.django_db
PAGE = "/el/indicators/recipes/deprivation_index/"


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": HOST})


@pytest.fixture
def index(region: Area, recipe: Recipe, published: None, maker: User, approver: User) -> RecipeRun:
    run = actions.begin(recipe=recipe, region=region, period="2023", by=maker)
    actions.compute(run=run)
    assert run.release is not None
    chain.approve(release=run.release, by=approver)
    return run


def test_numbers_are_rounded_and_not_cut_off() -> None:
    share = Indicator(unit="percent", digits=1)
    assert figures_in_words.written(22.87, share).startswith("22,9")
    assert figures_in_words.written(-0.01, share).startswith("0,0")


def test_a_recipe_is_there_before_its_figures(recipe: Recipe, reader: Client) -> None:
    assert "δεν έχει δημοσιευτεί ακόμη" in reader.get("/el/indicators/recipes/").content.decode()
    page = reader.get(PAGE)
    assert page.status_code == 200
    assert "OECD" in reader.get(PAGE.replace("/el/", "/en/")).content.decode()
    assert reader.get("/el/indicators/recipes/nothing/").status_code == 404


def test_the_index_shows_weights_places_and_passports(index: RecipeRun, reader: Client) -> None:
    page = reader.get(PAGE).content.decode()
    assert page.count("50,0 %") == 2
    assert "συνθετικά" in page
    assert index.digest in page
    assert index.inputs["arop"]["passports"]["2201"] in page
    assert "<svg" in page
    assert reader.get(f"{PAGE}?period=1999").status_code == 404
    assert reader.get("/el/indicators/deprivation_index/").status_code == 200
    assert "2023" in reader.get("/el/indicators/recipes/").content.decode()


def test_a_rate_that_is_drawn_to_the_mean_is_modelled_wherever_it_stands(  # noqa: PLR0917
    region: Area, recipe: Recipe, publish: Publish, maker: User, approver: User, reader: Client
) -> None:
    rows = cells(region, code="registered_unemployed")
    for row in rows:
        row.kind, row.members, row.flag = "count", 40 * (row.members or 0), ""
        row.value, row.standard_error, row.ci_low, row.ci_high = float(row.members), None, None, None
    publish(rows)
    shrunk = Recipe.objects.get(version__indicator__code="unemployed_per_1000")
    run = actions.begin(recipe=shrunk, region=region, period="2023", by=maker)
    actions.compute(run=run)
    assert run.release is not None
    chain.approve(release=run.release, by=approver)
    told = Observation.objects.filter(series__release=run.release, value__isnull=False)
    modelled = set(told.filter(is_modelled=True).values_list("area__level", flat=True))
    assert modelled == {"municipality"}
    assert set(told.filter(is_modelled=False).values_list("area__level", flat=True)) == {
        "region", "regional_unit",
    }  # fmt: skip
    said = "Modelled: the rate of every area is drawn towards the mean of all"
    town, whole = told.get(area__code="2201"), told.get(area=region)
    for address in (
        "/en/indicators/recipes/unemployed_per_1000/",
        "/en/indicators/unemployed_per_1000/",
        "/en/maps/ranking/?indicator=unemployed_per_1000",
        f"/en/figures/{town.public_id}/",
    ):
        assert said in reader.get(address).content.decode(), address
    assert said not in reader.get(f"/en/figures/{whole.public_id}/").content.decode()
    for view in ("indicators", "ranking", "comparison"):
        page = reader.get(f"/en/maps/{view}/?indicator=registered_unemployed").content.decode()
        assert "larger where more people live" in page, view
        link = (
            r'<a href="/en/maps/indicators/\?indicator=unemployed_per_1000[^"]*">Registered unemployed per'
        )
        assert re.search(link, page), view
    # everybody was counted: no page says that the true figure is another
    for address in (
        "/en/maps/indicators/?indicator=unemployed_per_1000",
        "/en/indicators/unemployed_per_1000/",
        f"/en/figures/{whole.public_id}/",
    ):
        page = reader.get(address).content.decode()
        assert "verybody was counted" in page, address
        assert "shows how much such a number varies by chance" in page, address
        assert "95 % confidence" not in page, address
    units = reader.get("/en/maps/ranking/?indicator=unemployed_per_1000&level=regional_unit")
    assert said not in units.content.decode()
    table = reader.get("/en/maps/indicators.csv?indicator=unemployed_per_1000").content.decode("utf-8-sig")
    heading, *lines = csv.reader(table.splitlines(), delimiter=";")
    at = heading.index("From a model")
    assert {line[at] for line in lines[:-1] if line[heading.index("Value")]} == {"1"}
    assert lines[-1][at] == "0"
    assert computed_again(run=run)[1]


def test_an_index_of_modelled_figures_says_so(  # noqa: PLR0917
    region: Area, recipe: Recipe, publish: Publish, maker: User, approver: User, reader: Client
) -> None:
    rows = shares(region)
    with_model(region, rows)
    publish(rows)
    run = actions.begin(recipe=recipe, region=region, period="2023", by=maker)
    actions.compute(run=run)
    assert run.release is not None
    chain.approve(release=run.release, by=approver)
    address = PAGE.replace("/el/", "/en/")
    page = reader.get(f"{address}?w_arop=0&w_smsd=1").content.decode()
    assert "for 1 of the 6 municipalities with a value figures went in that come from a model" in page
    assert "The scale is made of the figures of all municipalities" in page
    told = {"result-table": [True, False], "went-in": [True, False], "trial-table": [True, False]}
    found = {}
    for name in told:
        table = page[page.index(f'id="{name}"') :]
        rows_of = re.findall(r"<tr><?.*?</tr>", table[: table.index("</table>")], re.DOTALL)
        found[name] = [
            any("modelled" in row for row in rows_of if town in row) for town in ("Town 2302", "Town 2301")
        ]
    assert found == told
    study = pockets.begin(series=run.release.series.get(), by=maker)
    study.state, study.result = "computed", {
        "moran": {"p_value": 1.0, "value": 0.0},
        "rate": 0.05,
        "areas": [
            {"code": one.area.code, "passport": str(one.public_id), "value": one.value, "neighbours": 0,
             "moran": None, "moran_p": None, "kind": "island", "star": None, "star_p": None,
             "star_kind": "island", "stays": None}
            for one in Observation.objects.filter(
                series__release=run.release, area__level="municipality"
            ).select_related("area")
        ],
    }  # fmt: skip
    shown = pocket_views._shown(study)["rows"]
    assert [row["name"] for row in shown if row["is_modelled"]] == ["Town 2302"]


def test_other_weights_answer_at_once(index: RecipeRun, reader: Client) -> None:
    page = reader.get(f"{PAGE}?w_arop=0&w_smsd=1").content.decode()
    assert "Δεν είναι δημοσιευμένο στοιχείο" in page
    assert "w_arop=0&amp;w_smsd=1" in page
    assert "Δεν είναι δημοσιευμένο στοιχείο" not in reader.get(PAGE).content.decode()
    geometric = reader.get(f"{PAGE}?w_arop=2.5&w_smsd=1&scale=z&mean=geometric")
    assert geometric.status_code == 200


def test_a_comma_is_a_decimal_sign_in_a_weight(index: RecipeRun, reader: Client) -> None:
    written = [reader.get(f"{PAGE}?w_arop={half}&w_smsd=1").content.decode() for half in ("0,5", "0.5")]
    tables = [page[page.index('id="trial-table"') :].split("</table>")[0] for page in written]
    assert tables[0] == tables[1]


def test_what_is_too_unsure_to_be_told_is_told_by_no_trial(  # noqa: PLR0917
    region: Area, recipe: Recipe, publish: Publish, maker: User, approver: User, reader: Client
) -> None:
    publish(shares(region, error=30.0))
    run = actions.begin(recipe=recipe, region=region, period="2023", by=maker)
    actions.compute(run=run)
    assert run.release is not None
    chain.approve(release=run.release, by=approver)
    page = reader.get(f"{PAGE}?w_arop=1&w_smsd=1&scale=minmax&mean=arithmetic").content.decode()
    for name in ("result-table", "trial-table"):
        table = page[page.index(f'id="{name}"') :].split("</table>")[0]
        rows = re.findall(r"<tr><?.*?</tr>", table.split("<tbody>")[1], re.DOTALL)
        towns = [row for row in rows if "Δήμος" in row]
        assert len(towns) == 6
        for row in towns:
            said = re.sub(r"<[^>]+>", " ", row).replace("Δήμος 2", "")
            assert "σφάλμα θα ήταν πολύ μεγάλο" in said
            assert not re.search(r"\d,\d", said), said


@pytest.mark.parametrize(
    "asked",
    [
        "w_arop=-1&w_smsd=1",
        "w_arop=x&w_smsd=1",
        "w_arop=1",
        "w_arop=0&w_smsd=0",
        "w_arop=1&w_smsd=1&scale=x",
        "w_arop=nan&w_smsd=1",
        "w_arop=1e308&w_smsd=1",
    ],
)
def test_weights_that_mean_nothing_are_said_to(index: RecipeRun, reader: Client, asked: str) -> None:
    page = reader.get(f"{PAGE}?{asked}")
    assert page.status_code == 422
    assert "Δεν είναι δημοσιευμένο στοιχείο" not in page.content.decode()


def test_sentences_claim_no_order_that_the_intervals_do_not_bear() -> None:
    names = {code: code for code in "abcd"}
    unsure = {"areas": [*"abcd"], "best": [1, 1, 1, 1], "worst": [4, 4, 4, 4]}
    said = " ".join(wording.of_places(unsure, names))
    assert not any(f" {code}" in said for code in "abcd")
    sure = {"areas": [*"abcd"], "best": [1, 1, 3, 2], "worst": [2, 4, 4, 4]}
    high, low = list(wording.of_places(sure, names))
    assert high.endswith(": a.")
    assert low.endswith(": c.")


def test_the_office_computes_in_the_background_and_shows_what_failed(
    region: Area, recipe: Recipe, published: None, maker: User
) -> None:
    client = _client(maker)
    assert client.get("/el/office/recipes/").status_code == 200
    answer = client.post("/el/office/recipes/deprivation_index/", {"period": "2023"})
    assert answer.status_code == 302
    run = RecipeRun.objects.get()
    assert run.state == RecipeRun.State.WAITING
    tasks.run_recipe(run=run.pk)
    page = client.get("/el/office/recipes/").content.decode()
    run.refresh_from_db()
    assert f"/el/office/releases/{run.release_id}/" in page
    client.post("/el/office/recipes/deprivation_index/", {"period": "1999"})
    client.post("/el/office/recipes/nothing/", {"period": "2023"})
    assert RecipeRun.objects.count() == 1


def test_a_fault_of_the_programme_is_said_on_the_page(
    region: Area, recipe: Recipe, published: None, maker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = actions.begin(recipe=recipe, region=region, period="2023", by=maker)
    monkeypatch.setattr(actions, "compute", lambda run: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.run_recipe(run=run.pk)
    run.refresh_from_db()
    assert run.state == RecipeRun.State.FAILED
    assert "zero" in run.failure


def test_recipes_take_the_same_queries_however_many_runs(
    region: Area, recipe: Recipe, published: None, maker: User
) -> None:
    client = _client(maker)
    client.get("/el/office/recipes/")
    counts = []
    for rows in (1, 30):
        while RecipeRun.objects.count() < rows:
            RecipeRun.objects.create(
                recipe=recipe, region=region, period="2023", created_by=maker, state="failed", failure="x"
            )
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get("/el/office/recipes/")
        counts.append(len(counted))
    assert counts[0] == counts[1]
