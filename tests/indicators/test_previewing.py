"""The second person reads the figures before they are public: as they will be, and nothing under seal."""

from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, checking, periods, source, store
from entaxis.indicators.models import IndicatorVersion, Release
from tests import factories
from tests.indicators.conftest import SIZES, Publish, cells
from tests.indicators.test_releases import counts

pytestmark = pytest.mark.django_db
FEW: Mapping[str, int] = SIZES | {"2203": 3}


@pytest.fixture
def reader(approver: User) -> Client:
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(approver)
    return client


@pytest.fixture
def waiting(propose: Publish, publish: Publish, region: Area) -> Release:
    """A month that waits, after one that is public; in one town too few."""
    publish(counts(region, "2024-01", FEW | {"2201": 59_000}))
    return propose(counts(region, "2024-01", FEW) + counts(region, "2024-02", FEW | {"2302": 90_000}))


def _read(client: Client, release: Release, page: str = "figures/") -> str:
    answer = client.get(f"/en/office/releases/{release.pk}/{page}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_figures_stand_as_they_will_be_published_beside_those_that_are(
    waiting: Release, reader: Client
) -> None:
    assert f"/en/office/releases/{waiting.pk}/figures/" in _read(reader, waiting, "")
    page = _read(reader, waiting)
    assert "Town 2302 (Municipality)" in page
    assert "February 2024" in page
    assert "90,000" in page
    assert "59,000" in page, "what is public of the month that is told again"
    assert "too few persons" in page, "why there is no number"
    units = _read(reader, waiting, "figures/?level=regional_unit&indicator=gmi_beneficiaries")
    assert "(Regional unit)" in units
    assert "(Municipality)" not in units


def test_what_is_withheld_stands_nowhere(waiting: Release, reader: Client) -> None:
    lines = _read(reader, waiting, "figures.csv").splitlines()
    assert len(lines) == 1 + len(store.outcomes(waiting))
    town = [line.split(";") for line in lines if ";2203;" in line]
    assert [line[7] for line in town] == ["", ""]
    hidden = [row for row in store.outcomes(waiting) if row.value is None]
    assert len(hidden) > 2
    assert sum(line.split(";")[7] == "" for line in lines[1:]) == len(hidden)
    town_now = next(line.split(";") for line in lines if ";2302;" in line and "2024-02" in line)
    said = town_now[7], town_now[11], town_now[12]
    assert said == ("90000,0", "", "40000,0"), "the month before is its own"


def test_what_the_checks_found_is_told_with_both_numbers(waiting: Release, reader: Client) -> None:
    page = _read(reader, waiting, "")
    assert "Town 2302 (Municipality), everybody: 90,000, in January 2024 40,000" in page
    assert "90000" not in str(waiting.checks), "numbers stay under seal until their hour"
    found = _read(reader, waiting, "checks.csv")
    assert "90,000;January 2024;40,000" in found


def test_totals_are_told_beside_the_sum_of_their_parts(
    propose: Publish, region: Area, reader: Client
) -> None:
    page = _read(reader, propose(counts(region, "2024-01", **{"22/total": 130_001})), "")
    assert "130,001, its parts 130,000 (the areas in it)" in page


def test_a_list_says_how_much_of_it_is_shown(
    propose: Publish, region: Area, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SHOWN", 1)
    wrong = {"22/total": 130_001, "23/total": 120_003}
    release = propose(counts(region, "2024-01", **wrong))
    page = _read(reader, release, "")
    assert "1 of 3 are listed." in page
    assert len(_read(reader, release, "checks.csv").splitlines()) == 1 + 3


def test_jumps_of_a_survey_tell_both_years(
    publish: Publish, propose: Publish, region: Area, reader: Client
) -> None:
    publish()
    rows = cells(region, period="2024")
    former, rows[0].value, rows[0].ci_high = rows[0].value, 95.37, 99.0
    assert f"95.4 %, in 2023 {former:.1f} %" in _read(reader, propose(rows), "")


def test_nobody_reads_here_what_is_public_or_of_another_region(
    waiting: Release, publish: Publish, region: Area, reader: Client
) -> None:
    public = publish(cells(region))
    other = factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
    client = Client(headers={"host": "peloponnese.localhost"})
    client.force_login(factories.editor(other))
    for page in ("figures/", "figures.csv", "checks.csv"):
        assert reader.get(f"/en/office/releases/{public.pk}/{page}").status_code == 404
        assert client.get(f"/en/office/releases/{waiting.pk}/{page}").status_code == 404
    assert reader.get(f"/en/office/releases/{waiting.pk}/figures/?indicator=arop").status_code == 404


def test_reading_costs_the_same_for_many_figures(
    propose: Publish, region: Area, reader: Client, queries_stay: Callable[..., int]
) -> None:
    held: list[Release] = []

    def grow(number: int) -> None:
        rows = [
            row for month in range(1, min(number, 12) + 1) for row in counts(region, f"2024-{month:02}")
        ]
        held[:] = [propose(rows)]

    queries_stay(grow=grow, read=lambda: _read(reader, held[0]))
    queries_stay(grow=grow, read=lambda: _read(reader, held[0], ""))


@pytest.mark.parametrize(
    ("key", "before"),
    [("2024", "2023"), ("2024-Q1", "2023-Q4"), ("2024-01", "2023-12"), ("2024-12", "2024-11")],
)
def test_a_period_has_one_before(key: str, before: str) -> None:
    assert periods.before(key) == before
    assert periods.after(before) == key


def test_shares_that_contradict_each_other_are_named_with_how_each_was_made(
    propose: Publish, region: Area, approver: User, reader: Client
) -> None:
    severe = cells(region, code="smsd")
    whole, severe[0].value = severe[0].value, 28.34
    least = cells(region, code="low_work_intensity")
    least[1].value = 29.25
    release = propose([*severe, *cells(region, code="arope"), *least])
    checks = release.checks
    assert checks["contradictions_count"] == 1, "low work intensity is of other people"
    assert checks["passed"], "a person decides"
    assert "28.34" not in str(checks)
    page = _read(reader, release, "")
    assert (
        f"28.3 % (direct estimate) – At risk of poverty or social exclusion (AROPE) {whole:.1f} %" in page
    )
    assert "They were published nevertheless" not in page
    assert "contradicts another figure" in _read(reader, release, "checks.csv")
    actions.approve(release=release, by=approver)
    page = _read(reader, release, "")
    assert "They were published nevertheless" in page


def test_every_inclusion_names_shares_of_the_same_people(region: Area) -> None:
    held = {one.computation: one for one in IndicatorVersion.objects.select_related("indicator")}
    assert source.inclusions()
    for pair in source.inclusions():
        part, whole = (held[name] for name in pair)
        assert part.indicator.unit == whole.indicator.unit == "percent"
        assert part.universe_en == whole.universe_en
