"""Figures of Thessaly for maps: written as publishing writes them, by the role that alone may."""

from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from entaxis.core import sealed
from entaxis.geography.models import Area
from entaxis.indicators.models import Indicator, IndicatorVersion, Observation, Release, ReleasedSeries
from tests import factories

Facts = Mapping[str, object]
Publish = Callable[..., Release]
_numbers = count(1)


@pytest.fixture(autouse=True)
def shelves(tmp_path: Path, settings: Any) -> None:
    """What is kept for a state is kept for one test."""
    settings.DATA = tmp_path


@pytest.fixture
def thessaly(db: None) -> Area:
    factories.geography()
    factories.catalogue()
    return Area.objects.get(code="EL61")


def assert_table_first(page: str) -> None:
    """Words that are announced, the table, and then what is drawn, with a link that leads there."""
    marks = (
        'role="status" aria-live="polite"',
        'href="#map"',
        'id="map-table"',
        'id="map"',
        'class="choropleth"',
    )
    places = [page.find(mark) for mark in marks]
    assert -1 not in places
    assert places == sorted(places)


def figure(value: float | None, half: float = 2.0, **facts: object) -> Facts:
    """A figure with its interval of ± ``half``, or one that is withheld."""
    if value is None:
        return {"reason": "small_sample"} | facts
    shown = {
        "value": value,
        "standard_error": half / 1.96,
        "ci_low": value - half,
        "ci_high": value + half,
        "n": 100,
    }
    return shown | facts


@pytest.fixture
def publish(thessaly: Area) -> Publish:
    """A published release of ``arop``: code of area → figure; the region's is 20 ± 2."""
    people = {
        "created_by": factories.editor(thessaly),
        "approved_by": factories.region_administrator(thessaly),
    }

    def make(
        by_code: Mapping[str, Facts],
        *,
        period: str = "2023",
        code: str = "arop",
        breakdown: str = "total",
        region: Facts | None = None,
        has_region: bool = True,
    ) -> Release:
        version = IndicatorVersion.objects.filter(indicator__code=code).latest("number")
        told = ({"EL61": region or figure(20.0)} if has_region else {}) | dict(by_code)
        areas = {area.code: area for area in Area.objects.current().filter(code__in=told)}
        release = Release.objects.create(
            region=thessaly,
            title_el=f"Έκδοση {next(_numbers)}",
            title_en="Release",
            source_el="Έρευνα",
            source_en="Survey",
            state=Release.State.PUBLISHED,
            is_synthetic=True,
            approved_at=timezone.now(),
            publish_at=timezone.now(),
            published_at=timezone.now(),
            **people,
        )
        with sealed.role(sealed.STATISTICS):
            series = ReleasedSeries.objects.create(
                release=release,
                region=thessaly,
                indicator=version.indicator,
                version=version,
                period=period,
            )
            Observation.objects.bulk_create(
                Observation(series=series, area=areas[code], breakdown=breakdown, **facts)
                for code, facts in told.items()
            )
        return release

    return make


@pytest.fixture
def arop(thessaly: Area) -> Indicator:
    return Indicator.objects.get(code="arop")


@pytest.fixture
def three_years(publish: Publish) -> None:
    """Larissa above the region every year, Volos the same as it, Agia withheld, Elassona unreliable,
    Kileler modelled; of the others nothing.
    """
    for number, period in enumerate(("2021", "2022", "2023")):
        publish(
            {
                "2201": figure(40.0 - number),
                "2401": figure(21.0),
                "2202": figure(None),
                "2203": figure(15.0, 6.0, flag="u"),
                "2204": figure(24.0, 4.0, is_modelled=True),
                "22": figure(30.0 - number),
                "24": figure(21.0),
            },
            period=period,
        )
