from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entaxis.geography.models import Area, Level
from entaxis.indicators import queries
from tests.indicators.conftest import Publish, cells

pytestmark = pytest.mark.django_db


def counted(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as context:
        read()
    return len(context)


@pytest.fixture
def three_years(publish: Publish, region: Area) -> Area:
    for period in ("2021", "2022", "2023"):
        publish(cells(region, period=period) + cells(region, code="arope", period=period))
    return region


def test_the_catalogue_has_what_is_not_measured_yet_too(three_years: Area) -> None:
    entries = {entry.indicator.code: entry for entry in queries.catalogue(three_years)}
    assert [figure.period for figure in entries["arop"].trend] == ["2021", "2022", "2023"]
    assert entries["population"].latest is None
    assert counted(lambda: queries.catalogue(three_years)) == 3


@pytest.fixture
def without_region(publish: Publish, region: Area, lists: None) -> Area:
    """A count of municipalities alone, and one that is told by sub-group alone."""
    towns = [row for row in cells(region, code="population") if row.area_id != region.pk]
    groups = cells(region, code="municipal_beneficiaries")
    groups = [row for row in groups if row.breakdown == "total"]
    for row in groups:
        row.breakdown = "subgroup=roma"
    publish(towns + groups)
    return region


def test_what_no_region_has_as_a_whole_is_published_too(without_region: Area) -> None:
    entries = {entry.indicator.code: entry for entry in queries.catalogue(without_region)}
    for code in ("population", "municipal_beneficiaries"):
        assert entries[code].is_published
        assert entries[code].periods == ("2023",)
        assert entries[code].trend == ()
    assert not entries["arop"].is_published
    assert counted(lambda: queries.catalogue(without_region)) == 3


def test_breakdowns_are_told_whatever_areas_have_them(without_region: Area, publish: Publish) -> None:
    publish()

    def keys(code: str) -> list[str]:
        indicator = queries.indicator(code)
        assert indicator
        return queries.breakdown_keys(queries.periods(indicator, without_region))

    assert keys("municipal_beneficiaries") == ["subgroup=roma"]
    assert keys("arop") == ["total", "sex=female", "sex=male"]
    assert keys("gini") == []
    assert counted(lambda: queries.breakdown_keys([])) == 1


def test_every_area_of_a_level_has_a_figure_or_a_reason(three_years: Area) -> None:
    indicator = queries.indicator("arop")
    assert indicator
    found = queries.figures(indicator, three_years)
    assert found
    assert found.period.key == "2023"
    assert len(found.by_area) == 6
    assert found.by_area["2203"].reason_text
    assert found.by_area["2201"].is_shown
    assert found.region.is_shown
    assert counted(lambda: queries.figures(indicator, three_years)) == 3
    assert queries.figures(indicator, three_years, period="1999") is None


def test_an_area_that_no_release_named_is_missing(three_years: Area) -> None:
    indicator = queries.indicator("arop")
    assert indicator
    found = queries.figures(indicator, three_years, breakdown="sex=female", level=Level.MUNICIPALITY)
    assert found
    assert {figure.reason for figure in found.by_area.values()} == {queries.MISSING}


def test_a_series_has_a_point_for_every_period(three_years: Area) -> None:
    indicator = queries.indicator("arop")
    assert indicator
    unit = Area.objects.get(code="22", level=Level.REGIONAL_UNIT)
    points = queries.series(indicator, unit, breakdown="sex=male")
    assert [point.period.key for point in points] == ["2021", "2022", "2023"]
    assert all(point.figure.is_shown for point in points)
    assert counted(lambda: queries.series(indicator, unit, region=three_years)) == 2
    assert counted(lambda: queries.of_area(unit, three_years)) == 2


def test_a_passport_tells_every_release_of_its_figure(publish: Publish, region: Area) -> None:
    first = publish()
    publish(supersedes=first, notes={"el": "Διόρθωση"})
    indicator = queries.indicator("arop")
    assert indicator
    figure = queries.series(indicator, region)[0].figure
    assert figure.public_id
    found = queries.passport(figure.public_id)
    assert found
    assert found.is_current
    assert [row.series.release for row in found.history][-1] == first
    assert counted(lambda: queries.passport(figure.public_id)) == 2  # type: ignore[arg-type]


def test_figures_differ_only_where_their_intervals_do_not_meet(three_years: Area) -> None:
    indicator = queries.indicator("arop")
    assert indicator
    first, second, _ = (point.figure for point in queries.series(indicator, three_years))
    assert not first.differs_from(second)


def test_no_difference_is_claimed_on_a_figure_of_low_reliability(three_years: Area) -> None:
    indicator = queries.indicator("arop")
    assert indicator
    one = queries.series(indicator, three_years)[0].figure
    sure = replace(one, value=20.0, ci_low=19.0, ci_high=21.0, flag="")
    far = replace(one, value=40.0, ci_low=39.0, ci_high=41.0, flag="")
    assert far.differs_from(sure)
    assert not replace(far, flag="u").differs_from(sure)
    assert not far.differs_from(replace(sure, flag="u"))
