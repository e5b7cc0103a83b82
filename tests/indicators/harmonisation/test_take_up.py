"""A benefit's count by the persons whom the survey estimates in poverty, against a computation by hand."""

import math

import pytest
from django.test import Client

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions as chain
from entaxis.indicators import demonstration as figures
from entaxis.indicators.harmonisation import actions, demonstration, office, queries, source
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun
from entaxis.indicators.harmonisation.steps import Steps
from entaxis.indicators.models import Candidate, IndicatorVersion, Observation, Reason, ReleasedSeries
from entaxis.sources import demonstration as benefits
from tests.indicators.conftest import SIZES, Publish, cells
from tests.indicators.harmonisation.conftest import SHARES, shares, with_model

pytestmark = pytest.mark.django_db
PAID = {"2201": 900, "2202": 300, "2203": 2, "2301": 400, "2302": 350, "2303": 260}


@pytest.fixture
def recipe(region: Area) -> Recipe:
    source.load()
    return Recipe.objects.get(version__indicator__code="gmi_take_up")


@pytest.fixture
def published(publish: Publish, region: Area) -> None:
    """The survey of 2023 and the files of the year of its incomes."""
    publish([row for row in shares(region) if row.version.indicator.code == "arop"])
    publish(counts(region))


def counts(region: Area, period: str = "2022-12") -> list[Candidate]:
    version = IndicatorVersion.objects.get(indicator__code="gmi_beneficiaries", number=1)
    told = dict(PAID) | {
        unit: sum(n for code, n in PAID.items() if code[:2] == unit) for unit in ("22", "23")
    }
    told["EL61"] = told["22"] + told["23"]
    areas = {area.code: area.pk for area in Area.objects.of(region)} | {region.code: region.pk}
    return [
        Candidate(
            version=version, period=period, area_id=areas[code], breakdown="total",
            kind=Candidate.COUNT, value=float(n), members=n, flag="", note="",
        )
        for code, n in told.items()
    ]  # fmt: skip


def run(recipe: Recipe, region: Area, maker: User, approver: User) -> RecipeRun:
    made = actions.begin(recipe=recipe, region=region, period="2023", by=maker)
    actions.compute(run=made)
    assert made.failure == ""
    assert made.release is not None
    chain.approve(release=made.release, by=approver)
    return made


@pytest.mark.usefixtures("published")
def test_it_is_the_count_by_share_times_residents(
    recipe: Recipe, region: Area, maker: User, approver: User
) -> None:
    run(recipe, region, maker, approver)
    row = Observation.objects.get(series__indicator__code="gmi_take_up", area__code="2301")
    share, error = SHARES["arop"]["2301"] / 100, 0.01
    poor = SIZES["2301"] * share  # 50,000 · 12 % = 6,000
    assert row.value == pytest.approx(100 * 400 / poor)
    assert row.value == pytest.approx(6.6667, abs=1e-4)
    # T = C/(N·p): dT/dp = -T/p, so se(T) = T·se(p)/p
    assert row.standard_error == pytest.approx(row.value * error / share)
    assert row.ci_low == pytest.approx(row.value * math.exp(-1.959963984540054 * error / share))
    assert row.ci_high == pytest.approx(row.value * math.exp(1.959963984540054 * error / share))
    whole = Observation.objects.get(series__indicator__code="gmi_take_up", area=region)
    told = Observation.objects.get(series__indicator__code="gmi_beneficiaries", area=region).value
    assert told is not None
    assert whole.value == pytest.approx(100 * told / (sum(SIZES.values()) * 0.18))


def test_a_rate_of_a_count_that_is_at_least_is_at_least_too(
    recipe: Recipe, region: Area, maker: User, approver: User, publish: Publish
) -> None:
    publish([row for row in shares(region) if row.version.indicator.code == "arop"])
    told = counts(region)
    for row in told:
        if row.area_id == region.pk:
            row.reported, row.reported_of = 5, 6
    publish(told)
    run(recipe, region, maker, approver)
    rows = Observation.objects.filter(series__indicator__code="gmi_take_up", value__isnull=False)
    held = {row.area.code: (row.reported, row.reported_of) for row in rows}
    assert held.pop("EL61") == (5, 6)
    assert set(held.values()) == {(None, None)}
    reader = Client(headers={"host": "thessaly.localhost"})
    page = reader.get("/en/maps/indicators/?indicator=gmi_take_up").content.decode()
    assert "at least: 5 of 6 municipalities reported" in page
    # who is set beside a sum that lacks some is not called higher than it
    assert "Higher than the region as a whole" not in page


@pytest.mark.usefixtures("published")
def test_where_an_input_is_withheld_there_is_no_figure(
    recipe: Recipe, region: Area, maker: User, approver: User
) -> None:
    run(recipe, region, maker, approver)
    hidden = Observation.objects.get(series__indicator__code="gmi_beneficiaries", area__code="2203")
    assert hidden.value is None
    row = Observation.objects.get(series__indicator__code="gmi_take_up", area__code="2203")
    assert (row.value, row.reason) == (None, Reason.NO_INPUT)


def test_a_modelled_share_makes_it_modelled(
    recipe: Recipe, region: Area, maker: User, approver: User, publish: Publish
) -> None:
    rows = [row for row in shares(region) if row.version.indicator.code == "arop"]
    with_model(region, rows)
    publish(rows)
    publish(counts(region))
    run(recipe, region, maker, approver)
    made = Observation.objects.get(series__indicator__code="gmi_take_up", area__code="2302")
    assert made.is_modelled
    assert made.value == pytest.approx(100 * 350 / (SIZES["2302"] * 0.19))
    assert not Observation.objects.get(series__indicator__code="gmi_take_up", area__code="2301").is_modelled
    reader = Client(headers={"host": "thessaly.localhost"})
    passport = reader.get(f"/en/figures/{made.public_id}/").content.decode()
    assert "Modelled: some of them come from a model." in passport
    page = reader.get("/en/indicators/recipes/gmi_take_up/").content.decode()
    for code in ("gmi_beneficiaries", "arop"):
        one = Observation.objects.get(series__indicator__code=code, area__code="2301", breakdown="total")
        assert str(one.public_id) in page, "the passports of both inputs"


def test_a_share_of_nought_gives_no_figure(
    recipe: Recipe, region: Area, maker: User, approver: User, publish: Publish
) -> None:
    rows = [row for row in shares(region) if row.version.indicator.code == "arop"]
    town = Area.objects.get(code="2301").pk
    for row in rows:
        if row.area_id == town:
            row.value, row.ci_low = 0.0, 0.0
    publish(rows)
    publish(counts(region))
    run(recipe, region, maker, approver)
    row = Observation.objects.get(series__indicator__code="gmi_take_up", area__code="2301")
    assert (row.value, row.reason) == (None, Reason.NOT_DEFINED)


def test_it_is_offered_only_for_years_whose_files_are_public(
    recipe: Recipe, region: Area, publish: Publish
) -> None:
    publish([row for row in shares(region) if row.version.indicator.code == "arop"])
    assert office._form(recipe, queries.periods_held(region)) is None
    publish(counts(region, "2023-12"))
    assert office._form(recipe, queries.periods_held(region)) is None, "not the year of the incomes"
    publish(counts(region))
    form = office._form(recipe, queries.periods_held(region))
    assert form is not None
    assert form.fields["period"].choices == [("2023", "2023")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "inputs",
    [
        [{"indicator": "arop"}],
        [
            {"indicator": "gmi_beneficiaries", "period": "{before}-12"},
            {"indicator": "arop", "period": "2023"},
        ],
        [{"indicator": "gmi_beneficiaries", "period": "{__class__}"}, {"indicator": "arop"}],
    ],
)
def test_steps_that_do_not_hold_are_refused(inputs: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match=r"two inputs|of the period|pattern"):
        Steps.model_validate({"kind": "take_up", "inputs": inputs})


@pytest.mark.usefixtures("lists")
def test_the_demonstration_publishes_counts_take_ups_and_what_other_recipes_make(
    region: Area, maker: User, approver: User, publish: Publish
) -> None:
    """Out of its own files, by the same recipes; its index lacks inputs here and is left out plainly."""
    publish([row for row in shares(region) if row.version.indicator.code == "arop"])
    publish(cells(region, code="arope"))
    names = ("Λάρισα", "Αγιά", "Ελασσόνα", "Καρδίτσα", "Μουζάκι", "Παλαμάς")
    for code, name in zip(SIZES, names, strict=True):
        Area.objects.filter(code=code).update(name_el=name, name_el_genitive="", name_elot743="")
    benefits.load(region=region, by=maker)
    figures.publish_counts(region=region, maker=maker, approver=approver)
    demonstration.publish(region=region, maker=maker, approver=approver)
    for benefit in ("gmi", "fead"):
        told = Observation.objects.filter(series__period="2023", series__is_current=True)
        made = told.filter(series__indicator__code=f"{benefit}_take_up", value__isnull=False)
        assert made.filter(area=region).exists()
        assert made.filter(area__level="municipality").count() >= 3
        assert all(row.ci_low < row.value < row.ci_high for row in made)
    assert not ReleasedSeries.objects.filter(indicator__code="deprivation_index").exists()
    held = ReleasedSeries.objects.filter(is_current=True).values_list("indicator__code", "period")
    assert {
        ("arope_score", "2023"), ("arope_place", "2023"), ("gmi_per_1000", "2023-12"),
        ("registered_unemployed", "2023-12"), ("unemployed_per_1000", "2023-12"),
    } <= set(held)  # fmt: skip
    real = ReleasedSeries.objects.filter(release__is_synthetic=False)
    assert set(real.values_list("indicator__code", "period")) == {("population", "2021")}
