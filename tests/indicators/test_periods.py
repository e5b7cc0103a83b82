"""Periods are called what they are."""

import pytest
from django.test import Client
from django.utils import translation

from entaxis.geography.models import Area
from entaxis.indicators import periods
from entaxis.indicators.models import Candidate, IndicatorVersion
from tests.indicators.conftest import Publish, cells


@pytest.mark.parametrize(
    ("keys", "greek", "english"),
    [
        (["2024-02"], "Φεβρουάριος 2024", "February 2024"),
        (["2024-Q1"], "1ο τρίμηνο 2024", "quarter 1 of 2024"),
        (["2023"], "2023", "2023"),
        (["2024-01", "2023-12"], "Δεκέμβριος 2023, Ιανουάριος 2024", "December 2023, January 2024"),
        (
            ["2023-11", "2023-12", "2024-01", "2024-03"],
            "Νοέμβριος 2023 – Ιανουάριος 2024, Μάρτιος 2024",
            "November 2023 – January 2024, March 2024",
        ),
        (["2021", "2022", "2023"], "2021 – 2023", "2021 – 2023"),
        (
            ["2023-Q3", "2023-Q4", "2024-Q1"],
            "3ο τρίμηνο 2023 – 1ο τρίμηνο 2024",
            "quarter 3 of 2023 – quarter 1 of 2024",
        ),
        ([], "", ""),
    ],
)
def test_periods_stand_in_words_inside_sentences(keys: list[str], greek: str, english: str) -> None:
    for language, said in (("el", greek), ("en", english)):
        with translation.override(language):
            assert periods.names(keys) == said


@pytest.mark.parametrize(
    ("keys", "heading", "through"),
    [
        (["2022", "2023"], "Year", "Over the years"),
        (["2023-Q1", "2023-Q2"], "Quarter", "Quarter by quarter"),
        (["2023-11", "2023-12"], "Month", "Month by month"),
        (["2023", "2023-12"], "Period", "Over the periods"),
        ([], "Period", "Over the periods"),
    ],
)
def test_a_list_of_periods_has_its_words(keys: list[str], heading: str, through: str) -> None:
    with translation.override("en"):
        assert (periods.heading(keys), periods.through(keys)) == (heading, through)


@pytest.mark.django_db
def test_a_monthly_count_is_no_survey_of_years(publish: Publish, region: Area) -> None:
    version = IndicatorVersion.objects.get(indicator__code="gmi_beneficiaries", number=1)
    for month in ("2023-11", "2023-12"):
        publish(
            [
                Candidate(
                    version=version, period=month, area_id=region.pk, breakdown="total",
                    kind=Candidate.COUNT, value=900.0, members=900, flag="", note="",
                )
            ]
        )  # fmt: skip
    publish(cells(region))
    reader = Client(headers={"host": "thessaly.localhost"})
    page = reader.get("/el/indicators/gmi_beneficiaries/").content.decode()
    assert "Ανά μήνα" in page
    assert '<label for="period">Μήνας</label>' in page
    for word in ("Έτος", "Στα χρόνια", "Ρωτήθηκαν"):
        assert word not in page
    survey = reader.get("/el/indicators/arop/").content.decode()
    for word in ("Έτος", "Στα χρόνια", "Ρωτήθηκαν"):
        assert word in survey
