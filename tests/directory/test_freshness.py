import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entaxis.directory.choices import Status
from entaxis.directory.freshness import FRESH_DAYS, STALE_DAYS, Age, age_of, freshness
from entaxis.geography.models import Area
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def towns() -> list[Area]:
    return [factories.municipality(), factories.municipality("2402", name_el="Αλμυρός", name_en="Almyros")]


def entry(town: Area | None, days: int | None, **facts: Any) -> Any:
    assured = None if days is None else TODAY - timedelta(days=days)
    return factories.structure(municipality=town, assured_date=assured, **facts)


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, Age.FRESH),
        (FRESH_DAYS, Age.FRESH),
        (FRESH_DAYS + 1, Age.AGEING),
        (STALE_DAYS, Age.AGEING),
        (STALE_DAYS + 1, Age.STALE),
        (None, Age.NEVER),
    ],
)
def test_an_entry_ages_from_the_day_it_was_confirmed(days: int | None, age: Age) -> None:
    assured = None if days is None else TODAY - timedelta(days=days)
    assert age_of(assured, TODAY) is age


def test_each_place_and_body_is_told_by_itself(towns: list[Area]) -> None:
    kind = factories.term("nursery")
    entry(towns[0], 1, kind=kind)
    entry(towns[0], None, kind=kind)
    entry(towns[1], STALE_DAYS + 1, kind=kind)
    entry(towns[1], 1, kind=kind, status=Status.DRAFT)
    report = freshness(factories.region(), TODAY)
    told = {row.code: (row.entries, row.fresh, row.fresh_percent) for row in report.municipalities}
    assert told == {towns[0].code: (2, 1, 50.0), towns[1].code: (1, 0, 0.0)}
    assert (report.region.entries, report.region.fresh) == (3, 1)
    assert sum(row.entries for row in report.bodies) == 3


def test_few_confidential_ones_are_told_nowhere_and_many_only_for_the_region(towns: list[Area]) -> None:
    for number in range(1, 4):
        factories.confidential_structure(assured_date=TODAY)
        report = freshness(factories.region(), TODAY)
        assert report.region.entries == (3 if number == 3 else 0)
        assert not report.bodies
        assert not any(row.entries for row in report.municipalities)


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_asks_as_often_for_many_as_for_one(client: Client, number: int) -> None:
    town = factories.municipality()
    for _ in range(number):
        factories.structure(municipality=town)
    client.get("/el/structures/freshness/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/el/structures/freshness/").status_code == 200
    assert len(queries) <= 12


def test_the_page_and_the_table_say_the_same(client: Client, towns: list[Area]) -> None:
    factories.structure(municipality=towns[0], assured_date=timezone.localdate())
    page = client.get("/el/structures/freshness/").content.decode()
    assert "100 %" in page
    text = client.get("/el/structures/freshness.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[2][:4] == [towns[0].code, "Βόλος", "1", "1"] or rows[3][:4] == [
        towns[0].code,
        "Βόλος",
        "1",
        "1",
    ]


def test_nothing_registered_is_no_percentage(client: Client) -> None:
    factories.municipality()
    page = client.get("/en/structures/freshness/").content.decode()
    assert "No structure is published yet." in page
    assert "0 %" not in page


def test_an_editor_goes_from_the_figure_to_the_work(client: Client) -> None:
    made = factories.structure(assured_date=date(2020, 1, 1), name_el="Παλιά")
    older = factories.structure(assured_date=None, name_el="Ωμέγα", body=made.body)
    factories.structure(name_el="Φρέσκια", body=made.body)
    factories.structure(assured_date=date(2020, 1, 1), name_el="Άλλου φορέα")
    factories.structure(assured_date=None, name_el="Πρόχειρη", body=made.body, status="draft")
    work = f"/en/office/structures/?freshness=old&amp;body={made.body_id}"
    assert work not in client.get("/en/structures/freshness/").content.decode()
    client.force_login(factories.editor())
    page = client.get("/en/structures/freshness/").content.decode()
    assert work in page
    assert f"?freshness=old&amp;municipality={factories.municipality().code}" in page
    listed = client.get(work.replace("&amp;", "&")).context["page"].object_list
    assert list(listed) == [older, made]
