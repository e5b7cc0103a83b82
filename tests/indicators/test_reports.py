"""Validated reports of phenomena become figures: counted, protected, approved by a second person."""

import pytest
from django.test import Client

from entaxis.accounts.models import User
from entaxis.core.review import State
from entaxis.geography.models import Area
from entaxis.indicators import actions, proposing
from entaxis.indicators.models import Observation, Reason, Release
from entaxis.sources import phenomena
from entaxis.sources.models import PhenomenonReport
from entaxis.sources.phenomena import Count
from tests import factories

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"
QUARTER = "2023-Q2"
TOLD = {"2201": 40, "2202": 12, "2203": 2, "2301": 30}
"""Households; two municipalities reported nothing."""


def report(region: Area, code: str, households: int, **facts: object) -> PhenomenonReport:
    named = {"phenomenon": "extreme_poverty", "period": QUARTER, "state": State.PUBLISHED} | facts
    row = PhenomenonReport.objects.create(
        region=region,
        municipality=Area.objects.municipalities().get(code=code),
        basis="visits",
        **named,
    )
    phenomena.write(row.pk, Count(households, None))
    return row


@pytest.fixture
def reports(region: Area) -> list[PhenomenonReport]:
    return [report(region, code, households) for code, households in TOLD.items()]


def _client(user: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


def test_reports_become_figures_that_a_second_person_publishes(
    reports: list[PhenomenonReport], region: Area, maker: User, approver: User
) -> None:
    report(region, "2302", 9, state=State.SUBMITTED)  # nobody validated it
    client = _client(maker)
    page = client.get("/el/office/releases/phenomena/").content.decode()
    assert "4 δήμοι έχουν επικυρωμένες αναφορές" in page
    answer = client.post("/el/office/releases/phenomena/", {"quarter": QUARTER})
    release = Release.objects.get()
    assert answer["Location"] == f"/el/office/releases/{release.pk}/"
    assert release.state == Release.State.CHECKED
    assert "4 από τους 6 δήμους" in release.source_el
    with pytest.raises(actions.NotNowError):
        actions.approve(release=release, by=maker)
    actions.approve(release=release, by=approver)
    shown = {
        row.area.code: row.value
        for row in Observation.objects.filter(series__indicator__code="reported_extreme_poverty")
        if row.value is not None
    }
    assert shown["EL61"] == 84
    assert shown["2301"] == 30
    assert not {"2302", "2303"} & shown.keys()


def test_a_municipality_without_a_report_is_said_to_have_none(
    reports: list[PhenomenonReport], region: Area, maker: User, approver: User
) -> None:
    release = proposing.propose_reports(quarter=proposing.quarters(region)[0], region=region, by=maker)
    actions.approve(release=release, by=approver)
    reader = Client(headers={"host": HOST})
    page = reader.get("/en/maps/indicators/?indicator=reported_extreme_poverty").content.decode()
    row = page.split('<tr id="area-2302">')[1].split("</tr>")[0]
    assert "no report of the municipality for this period" in row
    assert "there is no report for this period: nothing is known of them" in page
    assert "no figure here yet" not in page
    file = reader.get("/en/maps/indicators.csv?indicator=reported_extreme_poverty").content.decode(
        "utf-8-sig"
    )
    assert "no report of the municipality for this period" in file


def test_a_sum_of_those_that_reported_is_called_at_least_wherever_it_stands(
    region: Area, maker: User, approver: User
) -> None:
    """All of unit 22 reported, of unit 23 one of three."""
    for code, households in {"2201": 40, "2202": 12, "2203": 20, "2301": 30}.items():
        report(region, code, households)
    release = proposing.propose_reports(quarter=proposing.quarters(region)[0], region=region, by=maker)
    actions.approve(release=release, by=approver)
    told = Observation.objects.filter(
        series__indicator__code="reported_extreme_poverty", value__isnull=False
    )
    found = {row.area.code: (row.reported, row.reported_of) for row in told}
    assert found["EL61"] == (4, 6)
    assert found["23"] == (1, 3)
    assert found["22"] == found["2201"] == (None, None)
    reader = Client(headers={"host": HOST})
    remark = "at least: 4 of 6 municipalities reported"
    whole = told.get(area=region)
    for address in (
        "/en/indicators/reported_extreme_poverty/",
        f"/en/figures/{whole.public_id}/",
        "/en/indicators/tables/?indicator=reported_extreme_poverty",
        "/en/indicators/tables/figures.csv?indicator=reported_extreme_poverty",
        "/en/maps/indicators/?indicator=reported_extreme_poverty",
        "/en/maps/indicators.csv?indicator=reported_extreme_poverty",
        "/en/profiles/EL61/",
    ):
        answer = reader.get(address)
        assert answer.status_code == 200, address
        assert remark in answer.content.decode(), address
    rows = reader.get("/api/v1/observations?indicator=reported_extreme_poverty").json()["results"]
    said = {row["area"]: (row["municipalities_reported"], row["municipalities"]) for row in rows}
    assert said["EL61"] == (4, 6)
    assert said["22"] == (None, None)


def test_fewer_than_five_households_are_withheld_with_what_gives_them_away(
    reports: list[PhenomenonReport], region: Area, maker: User, approver: User
) -> None:
    release = proposing.propose_reports(quarter=proposing.quarters(region)[0], region=region, by=maker)
    actions.approve(release=release, by=approver)
    rows = {row.area.code: row for row in Observation.objects.select_related("area")}
    assert rows["2203"].reason == Reason.SMALL_COUNT
    unit = [rows[code].value for code in ("22", "2201", "2202")]
    assert None in unit, "whoever knows the unit and two of three knows the third"
    assert "2302" not in rows, "a municipality that reported nothing is unknown, not none"


def test_another_release_of_a_quarter_says_why(
    reports: list[PhenomenonReport], region: Area, maker: User, approver: User
) -> None:
    first = proposing.propose_reports(quarter=proposing.quarters(region)[0], region=region, by=maker)
    actions.approve(release=first, by=approver)
    client = _client(maker)
    client.post("/el/office/releases/phenomena/", {"quarter": QUARTER})
    assert Release.objects.count() == 1
    client.post(
        "/el/office/releases/phenomena/",
        {"quarter": QUARTER, "note": "Ήρθε άλλη μία αναφορά.", "note_en": "Another report came."},
    )
    last = Release.objects.latest("pk")
    assert last.supersedes == first
    assert last.note_en == "Another report came."


def test_a_quarter_without_reports_is_not_found(region: Area, maker: User) -> None:
    client = _client(maker)
    assert "Καμία επικυρωμένη αναφορά" in client.get("/el/office/releases/phenomena/").content.decode()
    assert client.post("/el/office/releases/phenomena/", {"quarter": QUARTER}).status_code == 404


def test_reports_of_another_region_do_not_count(reports: list[PhenomenonReport], maker: User) -> None:
    other = factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
    assert proposing.quarters(other) == []


def test_the_page_asks_as_much_for_many(region: Area, maker: User, queries_stay: object) -> None:
    client, years = _client(maker), iter(range(2000, 2040))

    def grow(more: int) -> None:
        for _ in range(more):
            report(region, "2201", 7, period=f"{next(years)}-Q1")

    assert queries_stay(grow=grow, read=lambda: client.get("/el/office/releases/phenomena/")) < 30  # type: ignore[operator]
