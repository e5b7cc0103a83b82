"""The catalogue is kept by people: another indicator or version without code, and nothing is rewritten."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, cataloguing, computation
from entaxis.indicators.models import Indicator, IndicatorVersion, Release
from entaxis.indicators.problems import EditionRefusedError
from tests import factories
from tests.indicators.conftest import File, Publish

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"


@pytest.fixture
def keeper(approver: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(approver)
    return client


def _own(code: str = "internet_access") -> dict[str, Any]:
    return {
        "code": code, "theme": "deprivation", "direction": "low_is_good", "unit": "percent", "digits": 1,
        "responsible": "Παρατηρητήριο",
    }  # fmt: skip


def _said(**changed: Any) -> dict[str, Any]:
    return {
        "valid_from": "2026-01-01", "name_el": "Χωρίς διαδίκτυο", "name_en": "Without internet",
        "definition_el": "Ποσοστό όσων δεν έχουν διαδίκτυο.", "definition_en": "Share without internet.",
        "universe_el": "Άτομα 16 ετών και άνω", "universe_en": "Persons aged 16 or over",
        "source_el": "Παρατηρητήριο", "source_en": "Observatory", "frequency": "annual",
        "levels": ["region", "municipality"], "breakdowns": ["sex"], "income_year_offset": 0,
        "breaks": "2023 = Νέο ερωτηματολόγιο = New questionnaire", "computation": "no_internet",
        "formula": "", "method_page": "", "revision_el": "", "revision_en": "",
    } | changed  # fmt: skip


def test_an_indicator_is_added_without_code(keeper: Client, approver: User) -> None:
    address = reverse("indicators:office-new-indicator")
    assert keeper.get(address).status_code == 200
    answer = keeper.post(address, _own() | _said())
    assert answer.status_code == 302, answer.content.decode()
    made = IndicatorVersion.objects.get(indicator__code="internet_access")
    assert (made.number, made.written_by, made.computation) == (1, approver, "no_internet")
    assert made.breaks == [
        {"period": "2023", "note_el": "Νέο ερωτηματολόγιο", "note_en": "New questionnaire"}
    ]
    public = Client(headers={"host": HOST}).get("/el/indicators/internet_access/")
    assert "Χωρίς διαδίκτυο" in public.content.decode()
    assert made.indicator.order == max(Indicator.objects.values_list("order", flat=True))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": "Internet"}, "λατινικά"),
        ({"code": "tables"}, "λατινικά"),
        ({"code": "arop"}, "υπάρχει"),
        ({"computation": "rm -rf"}, "Τίποτε δεν υπολογίζει"),
        ({"computation": "source:table:nothing"}, "Τίποτε δεν υπολογίζει"),
        ({"computation": "arop:99999"}, "Τίποτε δεν υπολογίζει"),
        ({"breaks": "πέρυσι"}, "Δεν έγινε κατανοητό"),
        ({"method_page": "../x"}, "λατινικά"),
        ({"levels": []}, "απαραίτητο"),
        ({"name_el": ""}, "απαραίτητο"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    keeper: Client, wrong: dict[str, Any], sentence: str
) -> None:
    count = Indicator.objects.count()
    answer = keeper.post(reverse("indicators:office-new-indicator"), _own() | _said() | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Share without internet." in page
    assert Indicator.objects.count() == count


def test_another_version_leaves_the_former_and_its_figures(
    publish: Publish, keeper: Client, approver: User
) -> None:
    publish()
    first = IndicatorVersion.objects.get(indicator__code="arop")
    address = reverse("indicators:office-new-version", args=["arop"])
    page = keeper.get(address).content.decode()
    assert first.definition_el in page, "one begins from what the last one says"
    new = _said(
        name_el="Κίνδυνος φτώχειας (νέος)", name_en="Poverty (new)", computation="arop:60",
        change_el="Άλλαξε η κλίμακα.", change_en="The scale changed.",
    )  # fmt: skip
    assert keeper.post(address, new | {"valid_from": "2021-01-01"}).status_code == 422
    assert keeper.post(address, new | {"change_el": ""}).status_code == 422
    assert keeper.post(address, new).status_code == 302
    second = IndicatorVersion.objects.get(indicator__code="arop", number=2)
    assert (second.valid_from, second.written_by) == (date(2026, 1, 1), approver)
    first.refresh_from_db()
    assert first.name_el == "Κίνδυνος φτώχειας"
    public = Client(headers={"host": HOST}).get("/el/indicators/arop/").content.decode()
    assert "Άλλαξε η κλίμακα." in public
    assert "Διαφέρει από την προηγούμενη:" in public
    assert first.definition_el in public


def test_a_version_that_carries_figures_is_never_rewritten(
    publish: Publish, keeper: Client, approver: User
) -> None:
    publish()
    version = IndicatorVersion.objects.get(indicator__code="arop")
    address = reverse("indicators:office-version", args=["arop", 1])
    answer = keeper.post(address, _said(name_el="Κάτι άλλο"), follow=True)
    assert "έγιναν στοιχεία" in answer.content.decode()
    with pytest.raises(cataloguing.CarriesFiguresError):
        cataloguing.change_version(version=version, by=approver)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        IndicatorVersion.objects.filter(pk=version.pk).update(definition_el="Κάτι άλλο")
    with pytest.raises(DatabaseError), transaction.atomic():
        IndicatorVersion.objects.filter(pk=version.pk).delete()
    version.refresh_from_db()
    assert version.name_el == "Κίνδυνος φτώχειας"
    own = _own() | {"theme": "poverty", "unit": "euro"}
    answer = keeper.post(reverse("indicators:office-indicator", args=["arop"]), own)
    assert answer.status_code == 422
    assert "η μονάδα του δεν αλλάζει" in answer.content.decode()


def test_a_version_with_proposed_figures_is_fixed_too(propose: Publish, keeper: Client) -> None:
    propose()
    answer = keeper.post(reverse("indicators:office-version", args=["arop", 1]), _said(), follow=True)
    assert "έγιναν στοιχεία" in answer.content.decode()


def test_a_version_that_nothing_was_made_with_is_put_right(keeper: Client, region: Area) -> None:
    address = reverse("indicators:office-version", args=["arop", 1])
    assert keeper.post(address, _said(name_el="Με σωστό όνομα", computation="arop:60")).status_code == 302
    assert IndicatorVersion.objects.get(indicator__code="arop").name_el == "Με σωστό όνομα"


def test_a_condition_of_the_file_becomes_an_indicator(
    keeper: Client, region: Area, maker: User, approver: User, file: File
) -> None:
    """A new question of the survey reaches a published figure without a line of code."""
    keeper.post(reverse("indicators:office-new-indicator"), _own() | _said())
    IndicatorVersion.objects.exclude(indicator__code="internet_access").update(computation="")
    frame = pl.read_parquet(file[0]).with_row_index("row")
    frame = frame.with_columns(pl.when(pl.col("row") % 4 == 0).then(2).otherwise(1).alias("net")).drop(
        "row"
    )
    text = file[1].replace(
        "[covariates]",
        '[conditions.no_internet]\ncolumn = "net"\nyes = [2]\nno = [1]\nage_from = 16\n\n[covariates]',
    )
    content = computation.written(frame)
    edition = actions.import_edition(region=region, content=content, specification=text, by=maker)
    release = actions.begin(edition=edition, by=maker)
    actions.estimate(release=release)
    release.refresh_from_db()
    assert release.state == Release.State.CHECKED, release.failure
    actions.approve(release=release, by=approver)
    whole = frame.filter(pl.col("age") >= 16)
    share = 100 * whole.filter(pl.col("net") == 2)["weight"].sum() / whole["weight"].sum()
    found = Client(headers={"host": HOST}).get(
        "/api/v1/observations?indicator=internet_access&area=EL61&breakdown=total"
    )
    assert found.json()["results"][0]["value"] == pytest.approx(share)
    for wrong in ("[conditions.arop]", '[conditions.no_internet]\nscript = "x"', "[conditions.X]"):
        with pytest.raises(EditionRefusedError, match="conditions"):
            actions.import_edition(
                region=region, content=content, by=maker,
                specification=text.replace("[conditions.no_internet]", wrong),
            )  # fmt: skip


def test_editors_and_other_regions_keep_no_catalogue(region: Area, maker: User) -> None:
    client = Client(headers={"host": HOST})
    client.force_login(maker)
    for name, args in (("catalogue", []), ("new-indicator", []), ("indicator", ["arop"])):
        assert client.get(reverse(f"indicators:office-{name}", args=args)).status_code in (403, 404)


def test_pages_cost_the_same_with_more_indicators(
    region: Area, keeper: Client, queries_stay: Callable[..., int]
) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            number = Indicator.objects.count()
            made = Indicator.objects.create(
                code=f"more_{number}", theme="poverty", direction="neutral", unit="percent"
            )
            for version in (1, 2):
                IndicatorVersion.objects.create(
                    indicator=made, number=version, valid_from=date(2020 + version, 1, 1), name_el="α",
                    name_en="a", definition_el="α", definition_en="a", universe_el="α", universe_en="a",
                    source_el="α", source_en="a", levels=["region"],
                )  # fmt: skip

    assert queries_stay(grow=grow, read=lambda: keeper.get(reverse("indicators:office-catalogue"))) < 20

    def more_versions(count: int) -> None:
        first = IndicatorVersion.objects.filter(indicator__code="arop").latest("number")
        for _ in range(count):
            first.pk, first._state.adding = None, True
            first.number += 1
            first.written_by = factories.user()
            first.save()

    address = reverse("indicators:office-indicator", args=["arop"])
    assert queries_stay(grow=more_versions, read=lambda: keeper.get(address)) < 25
