"""Euros paid for each euro guaranteed: counted as the file says, withheld with what it would tell."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, counting, proposing, suppression
from entaxis.indicators.models import (
    Candidate,
    IndicatorVersion,
    Observation,
    Reason,
    Recomputation,
    Release,
)
from entaxis.sources.models import BenefitParameters, SourceEdition
from tests.indicators.test_proposing import MONTHS, Bring, bring
from tests.indicators.test_recounting import again, figures, page_of
from tests.sources import files

__all__ = ["bring"]

pytestmark = pytest.mark.django_db
TOWNS = ("2201", "2202", "2301", "2302", "2303")
CODE = "gmi_paid_ratio"


def in_force(since: date = date(2023, 1, 1), **facts: Any) -> BenefitParameters:
    told = {"kind": "gmi", "valid_from": since, "citation": "Απόφαση δοκιμής 1/2023"}
    euros = {"first_adult_euro": "216", "further_adult_euro": "108", "minor_euro": "54"}
    found: BenefitParameters = BenefitParameters.objects.create(**told | euros | facts)
    return found


def household(number: int, *births: int, paid: float) -> list[dict[str, str]]:
    """In every month the same; the first member's row bears the amount."""
    return [
        files.row(
            number * 10 + at,
            household=f"H{number}",
            birth=str(born),
            municipality=TOWNS[number % len(TOWNS)],
            month=month,
            amount=f"{paid:.2f}".replace(".", ",") if not at else "",
        )
        for at, born in enumerate(births)
        for month in MONTHS
    ]


def rows_of(households: int = 120, *, minors: int = 40, parents_alone: int = 30) -> list[dict[str, str]]:
    """Couples, of whom some have a child, and parents alone with one child, of whom the child is raised."""
    rows = []
    for number in range(households):
        paid = 100 + number / 2
        if number < parents_alone:
            rows += household(number, 1980, 2015, paid=paid)
        elif number < parents_alone + minors:
            rows += household(number, 1980, 1981, 2015, paid=paid)
        else:
            rows += household(number, 1980, 1981, paid=paid)
    return rows


@pytest.fixture
def propose(bring: Bring, maker: User) -> Callable[..., Release]:
    def propose(rows: list[dict[str, str]], **facts: object) -> Release:
        made = proposing.begin(edition=bring(rows, **facts), by=maker)
        proposing.count(release=made)
        return made

    return propose


@pytest.fixture
def published(propose: Callable[..., Release], approver: User) -> Callable[..., Release]:
    def published(rows: list[dict[str, str]], **facts: object) -> Release:
        made = propose(rows, **facts)
        actions.approve(release=made, by=approver)
        return made

    return published


def test_it_is_what_the_file_says_of_each_month_of_the_region(published: Callable[..., Release]) -> None:
    in_force()
    rows = rows_of()
    published(rows)
    houses: dict[tuple[str, str], list[int]] = defaultdict(list)
    paid: dict[str, float] = defaultdict(float)
    for row in rows:
        houses[row["month"], row["household"]].append(int(row["month"][:4]) - int(row["birth"]))
        paid[row["month"]] += float(row["amount"].replace(",", ".") or 0)
    guaranteed: dict[str, float] = defaultdict(float)
    for (month, _house), ages in houses.items():
        adults = sum(age >= 18 for age in ages)
        minors = len(ages) - adults
        if adults == 1 and minors:
            adults, minors = 2, minors - 1
        guaranteed[month] += 216 + 108 * (adults - 1) + 54 * minors
    for month in MONTHS:
        (found,) = figures(CODE, period=month)
        assert found.area.code == "EL61"
        assert found.value == pytest.approx(paid[month] / guaranteed[month], abs=1e-12)


@pytest.mark.parametrize("few", [{"minors": 3}, {"parents_alone": 4}])
def test_it_is_withheld_where_it_would_tell_of_few(
    published: Callable[..., Release], few: dict[str, int]
) -> None:
    """With euros, persons and households it tells how many are paid as minors, and how many are raised."""
    in_force()
    published(rows_of(**few))
    for month in MONTHS:
        (found,) = figures(CODE, is_shown=False, period=month)
        assert found.reason == Reason.SMALL_COUNT
    assert [row for row in figures("gmi_amount") if row.area.code == "EL61"], "the others stay as they are"


def test_it_takes_nothing_from_the_others(published: Callable[..., Release]) -> None:
    rows = rows_of(minors=3)
    published(rows)
    assert not Observation.objects.filter(series__indicator__code=CODE).exists(), "no amounts in force"
    before = shown()
    assert before
    in_force()
    versions = {version.computation: version for version in IndicatorVersion.objects.all()}
    edition = SourceEdition.objects.get()
    given = counting.counted_by(edition, versions.values())
    ratio = given.pop("gmi:paid_ratio")
    without = counting.candidates(edition, given)
    with_it = [*without, *counting.candidates(edition, {"gmi:paid_ratio": ratio})]
    assert len(with_it) == len(without) + len(MONTHS)
    parents = actions._parents(edition.source.region)
    facts: dict[str, Any] = {
        "parents": parents,
        "shown_before": {},
        "together": counting.together(versions.values()),
        "following": counting.following(versions.values()),
        "moving": counting.moving(versions.values()),
    }
    first, _proof = suppression.protect(without, **facts)
    second, _proof = suppression.protect(with_it, **facts)
    assert places(first) == {
        place: value for place, value in places(second).items() if place[0] != ratio.pk
    }


def shown() -> set[tuple[str, str]]:
    rows = Observation.objects.filter(value__isnull=False)
    return set(rows.values_list("series__indicator__code", "area__code"))


def places(outcomes: Any) -> dict[tuple[int, str, int, str], float | None]:
    return {(row.version_id, row.period, row.area_id, row.breakdown): row.value for row in outcomes}


def test_it_is_withheld_where_an_age_of_the_region_is(region: Area) -> None:
    versions = {version.computation: version for version in IndicatorVersion.objects.all()}
    persons, ratio = versions["source:gmi"], versions["source:gmi:paid_ratio"]

    def protected(ages: Mapping[str, int]) -> float | None:
        cells = {"total": sum(ages.values()), **{f"age={key}": number for key, number in ages.items()}}
        rows = [cell(persons, region, key, float(number), number) for key, number in cells.items()]
        rows.append(cell(ratio, region, "total", 0.5, 20))
        facts = {
            "together": counting.together(versions.values()),
            "following": counting.following(versions.values()),
        }
        outcomes, _proof = suppression.protect(rows, parents={}, shown_before={}, **facts)
        return next(row.value for row in outcomes if row.version_id == ratio.pk)

    assert protected({"0-17": 20, "18-29": 30, "30-44": 40}) == 0.5
    assert protected({"0-17": 20, "18-29": 3, "30-44": 40}) is None


def cell(version: IndicatorVersion, area: Area, breakdown: str, value: float, members: int) -> Candidate:
    return Candidate(
        version=version, period="2024-01", area_id=area.pk, breakdown=breakdown, kind=Candidate.COUNT,
        value=value, members=members, flag="", note="",
    )  # fmt: skip


def test_nothing_is_told_without_amounts_in_force_or_of_recipients_alone(
    published: Callable[..., Release],
) -> None:
    in_force(date(2023, 12, 20))
    published(rows_of())
    assert not Observation.objects.filter(series__indicator__code=CODE, series__period="2023-11").exists()
    assert figures(CODE, period="2023-12")


def test_a_file_of_recipients_alone_has_none(published: Callable[..., Release]) -> None:
    in_force()
    published([row for number in range(120) for row in household(number, 1980, paid=150)])
    assert not Observation.objects.filter(series__indicator__code=CODE).exists()


def test_the_passport_names_the_text_and_notices_other_amounts(
    published: Callable[..., Release], maker: User
) -> None:
    in_force()
    published(rows_of())
    (found,) = figures(CODE)
    said = page_of(found)
    assert "Απόφαση δοκιμής 1/2023" in said
    assert "216,00 € για έναν ενήλικο" in said
    done = again(found, maker)
    assert (done.state, done.value) == (Recomputation.State.SAME, found.value)
    of_amounts = figures("gmi_amount")[0]
    assert "Απόφαση δοκιμής" not in page_of(of_amounts)
    in_force(date(2024, 1, 1), first_adult_euro="250")
    with pytest.raises(actions.NotNowError):
        again(found, maker)
    assert "άλλαξαν από τότε" in page_of(found)
    assert again(of_amounts, maker).state == Recomputation.State.SAME, "which stands on no amounts"


def test_amounts_of_the_demonstration_make_figures_of_synthetic_files_alone(
    bring: Bring, maker: User, approver: User
) -> None:
    in_force(is_synthetic=True)
    given = {one.computation: one for one in IndicatorVersion.objects.all()}
    wanted = {"gmi:paid_ratio": given["source:gmi:paid_ratio"]}
    edition = bring(rows_of())
    assert counting.candidates(edition, wanted) == []
    edition.is_synthetic = True
    edition.save()
    release = proposing.begin(edition=edition, by=maker)
    proposing.count(release=release)
    actions.approve(release=release, by=approver)
    assert "συνθετικά" in page_of(figures(CODE)[0])
