from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.core import sealed
from entaxis.geography.models import Area
from entaxis.indicators import actions
from entaxis.indicators.models import Candidate, IndicatorVersion, Observation, Release, ReleasedSeries
from tests.indicators.conftest import SIZES, Publish, cells

pytestmark = pytest.mark.django_db
SEALED = ("edition_file", "candidate", "outcome")


@pytest.mark.parametrize("table", SEALED)
def test_the_web_cannot_read_what_is_sealed(propose: Publish, table: str) -> None:
    propose()
    with (
        pytest.raises(DatabaseError, match="permission"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT count(*) FROM indicators_sealed.{table}")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO indicators_releasedseries SELECT * FROM indicators_releasedseries",
        "UPDATE indicators_releasedseries SET is_current = false",
        "UPDATE indicators_observation SET value = 1",
        "DELETE FROM indicators_observation",
        "INSERT INTO indicators_observation SELECT * FROM indicators_observation",
    ],
)
def test_the_web_writes_no_published_figure(publish: Publish, statement: str) -> None:
    publish()
    with (
        pytest.raises(DatabaseError, match="permission"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "change", ["UPDATE indicators_observation SET value = 1", "DELETE FROM indicators_observation"]
)
def test_published_figures_only_grow_whoever_asks(publish: Publish, as_owner: None, change: str) -> None:
    publish()
    with (
        pytest.raises(DatabaseError, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_who_made_a_release_cannot_approve_it(propose: Publish, maker: User) -> None:
    release = propose()
    with pytest.raises(actions.NotNowError):
        actions.approve(release=release, by=maker)
    with pytest.raises(IntegrityError, match="release_approved_by_another"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(approved_by=maker)


def test_a_release_is_published_by_a_second_person(propose: Publish, approver: User, region: Area) -> None:
    release = propose()
    assert not Observation.objects.exists()
    actions.approve(release=release, by=approver)
    release.refresh_from_db()
    assert release.state == Release.State.PUBLISHED
    assert Observation.objects.filter(area=region, breakdown="total").get().value is not None


def test_a_release_waits_for_its_hour(propose: Publish, approver: User) -> None:
    release = propose()
    actions.approve(release=release, publish_at=timezone.now() + timedelta(hours=1), by=approver)
    release.refresh_from_db()
    assert release.is_scheduled
    assert not Observation.objects.exists()
    with pytest.raises(actions.NotNowError):
        actions.publish(release=release)


def test_a_later_release_replaces_the_figures_and_keeps_the_former(publish: Publish) -> None:
    first = publish()
    again = publish(supersedes=first, notes={"el": "Διορθώθηκαν τα βάρη."})
    first.refresh_from_db()
    assert first.state == Release.State.SUPERSEDED
    assert ReleasedSeries.objects.filter(is_current=True).get().release == again
    assert Observation.objects.filter(series__release=first).count() == Observation.objects.count() / 2


def test_a_correction_says_why(propose: Publish, publish: Publish) -> None:
    first = publish()
    with pytest.raises(IntegrityError, match="release_correction_says_why"), transaction.atomic():
        propose(supersedes=first)


def test_checks_hold_only_until_another_release_is_public(
    propose: Publish, publish: Publish, approver: User
) -> None:
    waiting = propose()
    publish()
    with pytest.raises(actions.NotNowError), transaction.atomic():
        actions.approve(release=waiting, by=approver)
    actions.check(release=waiting)
    actions.approve(release=waiting, by=approver)
    waiting.refresh_from_db()
    assert waiting.state == Release.State.PUBLISHED


def test_a_missing_municipality_and_a_jump_are_reported(
    publish: Publish, propose: Publish, region: Area
) -> None:
    publish()
    rows = [row for row in cells(region, period="2024") if row.area_id != Area.objects.get(code="2302").pk]
    rows[0].value = 95.37
    rows[0].ci_high = 99.0
    checks = propose(rows).checks
    assert checks["missing_count"] == 1
    assert checks["jumps_count"] == 1
    assert "95.37" not in str(checks)  # figures stay in the sealed store; numbers of areas may stand here


def counts(region: Area, period: str, persons: Mapping[str, int] = SIZES, **more: int) -> list[Candidate]:
    """Persons of a register: municipalities, their units, the region; ``more`` by area and breakdown."""
    told = {(code, "total"): number for code, number in persons.items()}
    for unit in ("22", "23"):
        told[unit, "total"] = sum(number for code, number in persons.items() if code.startswith(unit))
    told["EL61", "total"] = sum(persons.values())
    for key, number in more.items():
        code, _slash, breakdown = key.partition("/")
        told[code, breakdown] = number
    version = IndicatorVersion.objects.get(indicator__code="gmi_beneficiaries")
    areas = {area.code: area.pk for area in Area.objects.of(region)} | {region.code: region.pk}
    return [
        Candidate(
            version=version, period=period, area_id=areas[code], breakdown=breakdown, kind=Candidate.COUNT,
            value=float(number), members=number, flag="", note="",
        )
        for (code, breakdown), number in told.items()
    ]  # fmt: skip


def _office(release: Release, user: User) -> str:
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(user)
    return client.get(f"/en/office/releases/{release.pk}/").content.decode()


def test_a_first_release_without_a_municipality_names_it(
    propose: Publish, region: Area, approver: User
) -> None:
    gone = Area.objects.get(code="2302")
    rows = [row for row in counts(region, "2024-01") if row.area_id not in (gone.pk, region.pk)]
    release = propose(rows)
    version = rows[0].version.pk
    assert release.checks["absent"] == [[version, gone.pk, ["2024-01"]]]
    assert release.checks["absent_levels"] == [[version, "region", ["2024-01"]]]
    page = _office(release, approver)
    assert "The register has them and this release has not: 2" in page
    assert "nothing of “Town 2302 (Municipality)” for January 2024" in page
    assert propose(counts(region, "2024-01")).checks["absent"] == []


def test_counts_that_leap_are_named_and_chance_is_not(
    propose: Publish, publish: Publish, region: Area, approver: User
) -> None:
    few = SIZES | {"2203": 6}
    publish(counts(region, "2024-01", few))
    later = few | {"2203": 14, "2201": 150_000}
    rows = counts(region, "2024-02", later) + counts(region, "2024-03", later | {"2202": 3_000})
    release = propose(rows)
    areas = {area.pk: area.code for area in Area.objects.all()}
    found = {(areas[area], period, before) for _, period, area, _, before in release.checks["leaps"]}
    assert found == {("2201", "2024-02", "2024-01"), ("2202", "2024-03", "2024-02")}
    assert release.checks["passed"], "a person decides"
    page = _office(release, approver)
    assert "grew or shrank by more than 2 times, beyond chance: 2" in page
    assert "Town 2202 (Municipality), everybody: 3,000, in February 2024 40,000" in page
    corrected = propose(counts(region, "2024-01", few | {"2301": 9_000}))
    told = {(areas[one[2]], one[4]) for one in corrected.checks["leaps"]}
    assert told == {("2301", "2024-01")}, "a correction is held against what it corrects"


def test_totals_whose_parts_do_not_add_up_are_named(propose: Publish, region: Area) -> None:
    areas = {area.pk: area.code for area in Area.objects.all()}

    def wrong(**more: int) -> set[tuple[str, str, str]]:
        checks = propose(counts(region, "2024-01", **more)).checks
        assert checks["sums_count"] == len(checks["sums"])
        return {(areas[area], breakdown, kind) for _, _, area, breakdown, kind in checks["sums"]}

    assert wrong() == set()
    # one off in the unit: it is wrong, and with it the region
    assert wrong(**{"22/total": 130_001}) == {("22", "total", "areas"), ("EL61", "total", "areas")}
    halves = {"22/sex=female": 70_000, "22/sex=male": 60_000}
    assert wrong(**halves) == set()
    assert wrong(**halves | {"22/sex=male": 50_000}) == {("22", "total", "sex")}
    # one sex alone may be less than the whole and never more
    assert wrong(**{"2201/sex=female": 20_000}) == set()
    assert wrong(**{"2201/sex=female": 60_001}) == {("2201", "total", "sex")}
    ages = {"2201/age=0-17": 10_000, "2201/age=18-64": 40_000}
    assert wrong(**ages) == set(), "the oldest are not told"
    assert wrong(**ages | {"2201/age=65plus": 9_000}) == {("2201", "total", "age")}
    assert wrong(**ages | {"2201/age=15-24": 30_000}) == set(), "ages that overlap are no parts"
    groups = {"2201/subgroup=roma": 40_000, "2201/subgroup=homeless": 50_000}
    assert wrong(**groups) == set(), "one person may belong to both"
    assert wrong(**groups | {"2201/subgroup=roma": 60_500}) == {("2201", "total", "subgroup")}


def test_the_approving_person_reads_what_does_not_add_up(
    propose: Publish, region: Area, approver: User
) -> None:
    page = _office(propose(counts(region, "2024-01", **{"22/total": 130_001})), approver)
    assert "Totals whose published parts do not add up: 2" in page
    assert "the areas in it" in page


def test_shares_over_a_hundred_stop_a_release(propose: Publish, region: Area, approver: User) -> None:
    rows = cells(region)
    rows[0].value = rows[0].ci_high = 120.0
    release = propose(rows)
    assert not release.checks["passed"]
    with pytest.raises(actions.NotNowError):
        actions.approve(release=release, by=approver)


def test_the_role_of_statistics_reads_candidates(propose: Publish) -> None:
    release = propose()
    with sealed.role(sealed.STATISTICS):
        assert Candidate.objects.filter(release=release).exists()
