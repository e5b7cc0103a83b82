"""What strategies want of an indicator: kept by people, set beside the region's figure and its interval."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import source, targets
from entaxis.indicators.models import Indicator, StrategyTarget
from entaxis.indicators.queries import Figure
from tests.indicators.conftest import Publish, cells

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"


@pytest.fixture
def keeper(approver: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(approver)
    return client


def _figure(value: float | None, low: float | None = None, high: float | None = None) -> Figure:
    return Figure(
        area=Area(), period="2023", breakdown="total", value=value, standard_error=None, ci_low=low,
        ci_high=high, n=None, n_effective=None, flag="", is_modelled=False, reason="", public_id=None,
    )  # fmt: skip


numbers = st.floats(-1e6, 1e6)


@given(st.tuples(numbers, numbers, numbers).map(sorted), numbers)
def test_only_a_whole_interval_on_one_side_tells(ends: list[float], wanted: float) -> None:
    low, value, high = ends
    told = targets.is_reached(_figure(value, low, high), wanted, low_is_good=True)
    assert (told is True) == (high <= wanted)
    assert (told is False) == (low > wanted)
    mirrored = targets.is_reached(_figure(-value, -high, -low), -wanted, low_is_good=False)
    assert mirrored == told
    counted = targets.is_reached(_figure(value), wanted, low_is_good=True)
    assert counted == (value <= wanted)


def _target(**facts: object) -> StrategyTarget:
    said = {"name_el": "Μείωση", "name_en": "Fewer", "strategy_el": "Σχέδιο", "strategy_en": "Plan"}
    return StrategyTarget.objects.create(indicator=Indicator.objects.get(code="neet"), **(said | facts))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [(10.0, "not reached"), (20.0, "cannot be told from this figure"), (40.0, "reached")],
)
def test_the_page_of_an_indicator_sets_it_beside_the_regions_figure(
    region: Area, publish: Publish, client: Client, wanted: float, said: str
) -> None:
    publish(cells(region, code="neet"))
    StrategyTarget.objects.all().delete()
    _target(value=wanted, by_year=2030, url="https://plan.example/")
    page = client.get("/en/indicators/neet/", HTTP_HOST=HOST).content.decode()
    row = re.search(r'<th scope="row">Fewer</th>.*?</tr>', page, re.DOTALL)
    assert row
    assert f"<b>{said}</b>" in row[0]
    assert 'href="https://plan.example/"' in row[0]
    assert "2030" in row[0]


def test_a_target_stands_beside_everybodys_figure_alone(
    region: Area, publish: Publish, client: Client
) -> None:
    """Where nothing is told of everybody the page shows a part of the people over the years."""
    rows = [row for row in cells(region, code="neet") if row.breakdown == "sex=female"]
    assert rows
    publish(rows)
    StrategyTarget.objects.all().delete()
    _target(value=10.0, by_year=2030)
    page = client.get("/en/indicators/neet/", HTTP_HOST=HOST).content.decode()
    row = re.search(r'<th scope="row">Fewer</th>.*?</tr>', page, re.DOTALL)
    assert row
    assert "10.0 %" in row[0]
    assert "reached" not in row[0]
    assert "2023:" not in row[0]
    part = replace(_figure(20.0, 18.0, 22.0), breakdown="sex=female")
    [standing] = targets.standings(Indicator.objects.get(code="neet"), part)
    assert standing.said == ""


def test_one_no_longer_in_force_leaves_the_page_and_stays_in_the_office(
    region: Area, keeper: Client, client: Client
) -> None:
    StrategyTarget.objects.all().delete()
    address = reverse("indicators:office-new-target", args=["neet"])
    said = {"name_el": "Μείωση", "strategy_el": "Σχέδιο", "by_year": "2030", "is_in_force": "on"}
    assert keeper.post(address, said | {"by_year": "1066"}).status_code == 422
    assert keeper.post(address, said | {"url": "javascript:alert(1)"}).status_code == 422
    assert keeper.post(address, said).status_code == 302
    kept = StrategyTarget.objects.get()
    assert "Μείωση" in client.get("/el/indicators/neet/", HTTP_HOST=HOST).content.decode()
    change = reverse("indicators:office-target", args=["neet", kept.pk])
    assert keeper.post(change, said | {"is_in_force": ""}).status_code == 302
    assert "Μείωση" not in client.get("/el/indicators/neet/", HTTP_HOST=HOST).content.decode()
    assert "Μείωση" in keeper.get(reverse("indicators:office-indicator", args=["neet"])).content.decode()
    other = reverse("indicators:office-target", args=["arop", kept.pk])
    assert keeper.get(other).status_code == 404


def test_the_catalogue_brings_what_is_missing_and_keeps_what_the_office_wrote(region: Area) -> None:
    held = Indicator.objects.get(code="neet").targets.get()
    assert (held.value, held.by_year) == (9.0, 2030)
    held.name_el = "Του γραφείου"
    held.save()
    Indicator.objects.get(code="arope").targets.all().delete()
    assert source.load() == 1
    held.refresh_from_db()
    assert held.name_el == "Του γραφείου"


@pytest.mark.parametrize("wrong", [{"by_year": 1999}, {"by_year": 2101}, {"key": "epsr_2030"}])
def test_the_database_refuses_nonsense(region: Area, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _target(**wrong)


def test_pages_cost_the_same_with_more_targets(
    region: Area, keeper: Client, queries_stay: Callable[..., int]
) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            _target()

    for page in (reverse("indicators:office-indicator", args=["neet"]), "/el/indicators/neet/"):
        assert queries_stay(grow=grow, read=lambda page=page: keeper.get(page)) < 25
