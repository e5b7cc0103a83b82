"""Figures of counts and of recipes, computed again from what is stored, through the worker's own door."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.core import sealed
from entaxis.core.review import Step
from entaxis.geography.models import Area
from entaxis.indicators import actions, proposing, recomputing, tasks, withdrawing
from entaxis.indicators.harmonisation import actions as recipes
from entaxis.indicators.harmonisation.models import Recipe
from entaxis.indicators.models import Observation, Recomputation, Release
from entaxis.sources.importing import actions as importing
from entaxis.sources.models import PhenomenonReport, SourceEdition
from tests.indicators.conftest import Publish
from tests.indicators.harmonisation.conftest import recipe, shares
from tests.indicators.test_proposing import bring, edition, lasting_rows, moving_rows, release
from tests.indicators.test_reports import report, reports

__all__ = ["bring", "edition", "recipe", "release", "reports"]

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"
State = Recomputation.State


def again(figure: Observation, by: User) -> Recomputation:
    asked, _ = recomputing.ask(observation=figure, by=by)
    tasks.recompute_figure(recomputation=asked.pk)
    asked.refresh_from_db()
    return asked


def figures(code: str, *, is_shown: bool = True, period: str = "2024-01") -> list[Observation]:
    rows = Observation.objects.filter(
        series__indicator__code=code, series__period=period, value__isnull=not is_shown
    )
    return list(rows.order_by("pk"))


def page_of(figure: Observation, *, by: User | None = None) -> str:
    client = Client(headers={"host": HOST})
    if by:
        client.force_login(by)
    return client.get(reverse("indicators:figure", args=[figure.public_id])).content.decode()


@pytest.fixture
def counted(release: Release, approver: User) -> Release:
    """Beneficiaries of a file, published."""
    actions.approve(release=release, by=approver)
    return release


def test_a_count_comes_out_the_same_from_the_rows_under_seal(counted: Release, maker: User) -> None:
    shown = next(row for row in figures("gmi_beneficiaries") if row.breakdown.startswith("subgroup="))
    done = again(shown, maker)
    assert (done.state, done.value) == (State.SAME, shown.value)
    held = figures("gmi_beneficiaries", is_shown=False)[0]
    done = again(held, maker)
    assert (done.state, done.value) == (State.SAME, None), "withheld again, and not told"
    said = page_of(shown)
    assert "μέχρι το τελευταίο ψηφίο" in said


def test_what_is_withheld_together_is_protected_together_again(
    bring: Callable[..., SourceEdition], maker: User, approver: User
) -> None:
    made = proposing.begin(edition=bring(moving_rows()), by=maker)
    proposing.count(release=made)
    actions.approve(release=made, by=approver)
    for code in ("gmi_amount", "gmi_households", "gmi_exits"):
        for is_shown in (True, False):
            rows = Observation.objects.filter(series__indicator__code=code, value__isnull=not is_shown)
            for row in rows.order_by("pk")[:1]:
                assert again(row, maker).state == State.SAME, (code, is_shown)


def test_a_row_that_changed_under_seal_is_found(counted: Release, maker: User) -> None:
    shown = next(row for row in figures("gmi_beneficiaries") if row.area.code == "2201")
    with sealed.role(sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM sources_sealed.benefit_month WHERE (edition_id, line) IN (SELECT edition_id, line "
            "FROM sources_sealed.benefit_month WHERE month = %s AND municipality_id = %s LIMIT 1)",
            ["2024-01-01", shown.area_id],
        )
    done = again(shown, maker)
    assert (done.state, done.value) == (State.DIFFERS, (shown.value or 0) - 1)


def test_a_file_that_is_no_longer_stored_is_said_and_nobody_waits(
    counted: Release, edition: SourceEdition, maker: User
) -> None:
    shown = figures("gmi_beneficiaries")[0]
    address = f'action="{reverse("indicators:recompute", args=[shown.public_id])}"'
    assert address in page_of(shown, by=maker)
    assert "δεν φυλάσσεται" not in page_of(shown)
    waiting, _ = recomputing.ask(observation=shown, by=maker)
    importing.discard(edition=edition)
    with pytest.raises(actions.NotNowError):
        tasks.recompute_figure(recomputation=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == State.FAILED
    for by in (None, maker):
        said = page_of(shown, by=by)
        assert "δεν φυλάσσεται πια" in said
        assert address not in said
    client = Client(headers={"host": HOST})
    client.force_login(maker)
    client.post(reverse("indicators:recompute", args=[shown.public_id]))
    assert not Recomputation.objects.filter(state__in=Recomputation.OPEN).exists()


def test_a_file_of_the_year_before_counts_for_what_stands_on_it(
    bring: Callable[..., SourceEdition], maker: User, approver: User
) -> None:
    rows = lasting_rows()
    # one in ten came in January; what nobody did in a month is not told
    before = [row for row in rows if row["month"] < "2023-01"]
    before = [row for at, row in enumerate(before) if at % 10]
    for months in (before, [row for row in rows if row["month"] > "2023"]):
        made = proposing.begin(edition=bring(months), by=maker)
        proposing.count(release=made)
        actions.approve(release=made, by=approver)
    shown = Observation.objects.filter(series__indicator__code="gmi_beneficiaries", value__isnull=False)
    came = Observation.objects.filter(series__indicator__code="gmi_entries").order_by("pk")
    lasting = shown.filter(breakdown="duration=longer12").order_by("pk")[0]
    first, later = came.filter(series__period="2023-01")[0], came.filter(series__period="2023-11")[0]
    last, month = (figures("gmi_beneficiaries", period=f"2023-{month}")[0] for month in (12, 11))
    assert again(lasting, maker).state == again(first, maker).state == State.SAME
    bring(before[1:])
    for row in (lasting, first, last):  # the last month is told by duration: all of it hangs together
        assert "δεν φυλάσσεται" in recomputing.missing(row)
    for row in (later, month):
        assert recomputing.missing(row) == "", "it does not stand on that file"
    assert again(later, maker).state == State.SAME


def test_a_release_that_corrects_is_protected_as_it_was(
    counted: Release, edition: SourceEdition, maker: User, approver: User
) -> None:
    """What came after it is no reason to withhold other cells of it."""
    other = proposing.begin(edition=edition, by=maker, note="Ξανά.")
    proposing.count(release=other)
    actions.approve(release=other, by=approver)
    for made in (counted, other):
        row = made.series.get(indicator__code="gmi_beneficiaries", period="2024-01").observations.first()
        assert row is not None
        assert again(row, maker).state == State.SAME


def test_reports_are_counted_again_until_they_change(
    reports: list[PhenomenonReport], region: Area, maker: User, approver: User
) -> None:
    quarter = proposing.quarters(region)[0]
    made = proposing.propose_reports(quarter=quarter, region=region, by=maker)
    actions.approve(release=made, by=approver)
    for is_shown in (True, False):
        row = figures("reported_extreme_poverty", is_shown=is_shown, period=quarter.key)[0]
        assert again(row, maker).state == State.SAME
    later = report(region, "2302", 50)
    later.passings.create(step=Step.SUBMIT, at=timezone.now() + timedelta(seconds=1))
    assert recomputing.missing(row) == ""
    later.passings.create(step=Step.PUBLISH, at=timezone.now() + timedelta(seconds=1))
    assert "άλλαξαν από τότε" in page_of(row)


def test_a_recipe_comes_out_the_same_though_its_inputs_were_corrected(
    recipe: Recipe, publish: Publish, region: Area, maker: User, approver: User
) -> None:
    publish(shares(region))
    run = recipes.begin(recipe=recipe, region=region, period="2023", by=maker)
    recipes.compute(run=run)
    assert run.release is not None
    actions.approve(release=run.release, by=approver)
    first = Release.objects.public().earliest("published_at")
    publish(shares(region, error=2.0), supersedes=first, notes={"el": "Διορθώθηκε.", "en": "Corrected."})
    row = figures(recipe.version.indicator.code, period="2023")[0]
    done = again(row, maker)
    assert (done.state, done.value) == (State.SAME, row.value)
    recipe.steps["inputs"][0]["higher_is"] = "better"
    recipe.save()
    assert again(row, maker).state == State.DIFFERS


def test_a_figure_that_was_taken_back_is_not_computed(
    counted: Release, maker: User, approver: User
) -> None:
    made = withdrawing.begin(release=counted, note_el="Λάθος αρχείο.", note_en="", by=maker)
    actions.approve(release=made, by=approver)
    row = made.series.first().observations.first()
    with pytest.raises(actions.NotNowError):
        recomputing.ask(observation=row, by=maker)
    assert reverse("indicators:recompute", args=[row.public_id]) not in page_of(row, by=maker)


def test_a_passport_asks_as_much_however_large_the_file(
    counted: Release, maker: User, queries_stay: Callable[..., int]
) -> None:
    row = figures("gmi_beneficiaries")[0]
    client = Client(headers={"host": HOST})
    client.force_login(maker)

    def grow(count: int) -> None:
        for _ in range(count):
            Recomputation.objects.create(
                observation=row, asked_by=maker, state=State.SAME, finished_at=timezone.now()
            )

    queries_stay(grow=grow, read=lambda: client.get(reverse("indicators:figure", args=[row.public_id])))
