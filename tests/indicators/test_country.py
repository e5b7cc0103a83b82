"""Figures of the whole country: a named source, beside figures of their own kind alone."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, country, demonstration, queries
from entaxis.indicators.models import CountryFigure, Indicator, Release
from tests.indicators.conftest import Publish, cells

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"
REAL = """
[[figure]]
indicator = "arop"
period = "2023"
value = 18.9
source_el = "Πηγή της δοκιμής"
source_en = "Source of the test"
address = "https://example.org/figures"
published_on = 2024-04-02
"""
MADE_UP = REAL.replace("18.9", "44.4").replace("of the test", "made up").replace("της δοκιμής", "πλαστή")
PAGES = (
    "/en/indicators/arop/",
    "/en/maps/comparison/?indicator=arop&area=2201",
    "/en/profiles/2201/",
    "/en/profiles/EL61/",
)


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": HOST})


@pytest.fixture
def published(region: Area, maker: User, approver: User) -> Callable[[bool], Release]:
    """A release in force, of either kind."""

    def make(is_synthetic: bool) -> Release:
        release = actions.propose(
            region=region,
            titles={"el": "Έκδοση", "en": "Release"},
            sources={"el": "Έρευνα", "en": "Survey"},
            cells=cells(region),
            is_synthetic=is_synthetic,
            by=maker,
        )
        actions.approve(release=release, by=approver)
        return release

    return make


@pytest.mark.parametrize("is_synthetic", [False, True])
def test_no_real_country_stands_beside_synthetic_figures_nor_the_other_way_about(
    published: Callable[[bool], Release], maker: User, reader: Client, is_synthetic: bool
) -> None:
    published(is_synthetic)
    shown, hidden = ("44.4", "18.9") if is_synthetic else ("18.9", "44.4")
    country.load(REAL, by=maker)
    country.load(MADE_UP, by=maker, is_synthetic=True)
    for address in PAGES:
        page = reader.get(address).content.decode()
        assert "Greece" in page
        assert f"{shown} %" in page or f">{shown}" in page
        assert hidden not in page
        assert ("Source of the test" in page) is not is_synthetic
    file = reader.get("/en/maps/comparison.csv?indicator=arop&area=2201").content.decode("utf-8-sig")
    rows = [
        row for row in csv.reader(io.StringIO(file), delimiter=";" if ";" in file else ",") if "EL" in row
    ]
    assert [row[5] for row in rows] == ["Greece"]
    assert float(rows[0][7].replace(",", ".")) == float(shown)
    assert hidden not in file
    heads = next(csv.reader(io.StringIO(file), delimiter=";" if ";" in file else ","))
    assert len(rows[0]) == len(heads)
    assert rows[0][heads.index("Release")].startswith("Source")


def test_where_only_the_other_kind_is_known_nothing_is_said(
    publish: Publish, maker: User, reader: Client
) -> None:
    publish()
    country.load(REAL, by=maker)
    for address in PAGES:
        page = reader.get(address).content.decode()
        assert "Greece" not in page.replace("Greece 2.0", "")
        assert "18.9" not in page


def test_a_part_of_the_people_has_no_country_beside_it(
    publish: Publish, maker: User, reader: Client
) -> None:
    publish()
    country.load(MADE_UP, by=maker, is_synthetic=True)
    page = reader.get(
        "/en/maps/comparison/?indicator=arop&breakdown=sex%3Dfemale&level=regional_unit&area=22"
    )
    assert page.status_code == 200
    assert "44.4" not in page.content.decode()


def test_nobody_else_reads_the_figures_of_the_country() -> None:
    """One function holds the rule; whoever asked the table past it could mix."""
    source = Path(queries.__file__).parents[1]
    asking = {
        path.name for path in source.rglob("*.py") if "CountryFigure.objects" in path.read_text("utf-8")
    }
    assert asking == {"queries.py", "country.py"}


def test_the_same_file_changes_nothing_and_a_correction_leaves_its_trace(maker: User, region: Area) -> None:
    assert country.load(REAL, by=maker) == 1
    assert country.load(REAL, by=maker) == 0
    assert country.load(REAL.replace("18.9", "19.1"), by=maker) == 1
    row = CountryFigure.objects.get()
    assert (row.value, row.entered_by, row.is_synthetic) == (19.1, maker, False)
    assert list(row.events.order_by("pgh_id").values_list("value", flat=True)) == [18.9, 19.1]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (REAL.replace("arop", "nothing"), "δεν υπάρχει τέτοιος δείκτης"),
        (REAL.replace("arop", "gmi_beneficiaries"), "ένα πλήθος της χώρας"),
        (REAL.replace("18.9", "118.9"), "η τιμή του δεν είναι δυνατή"),
        (REAL.replace("18.9", "nan"), "η τιμή του δεν είναι δυνατή"),
        (REAL.replace("18.9", '"18,9"'), "η τιμή του δεν είναι δυνατή"),
        (REAL.replace("2024-04-02", "2999-01-01"), "δεν είναι ημέρα"),
        (REAL.replace("https://example.org/figures", ""), "country_source_named"),
        (REAL.replace("https://example.org/figures", "javascript:alert(1)"), "address"),
        (REAL.replace("Source of the test", ""), "source_en"),
        (REAL.replace('"2023"', '"23"'), "country_period"),
        (REAL + "interval = 3\n", "τίποτα δεν λέγεται interval"),
        ("figure = 1", "TOML"),
        ("[[figure", "TOML"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    maker: User, region: Area, wrong: str, said: str
) -> None:
    with pytest.raises(country.CountryRefusedError, match=said.replace("(", ".")):
        country.load(
            f"{REAL.replace('2023', '2021')}{wrong}" if wrong.startswith("\n") else wrong, by=maker
        )
    assert not CountryFigure.objects.exists()


def test_the_database_wants_a_source_too(region: Area) -> None:
    arop = Indicator.objects.get(code="arop")
    said = {"indicator": arop, "period": "2023", "value": 1.0, "published_on": "2024-01-01"}
    with pytest.raises(IntegrityError, match="country_source_named"), transaction.atomic():
        CountryFigure.objects.create(**said, address="https://example.org/")
    with pytest.raises(IntegrityError, match="country_source_named"), transaction.atomic():
        CountryFigure.objects.create(**said, source_el="α", source_en="a")


def test_the_command_enters_real_ones_and_names_who_did(maker: User, region: Area, tmp_path: Path) -> None:
    file = tmp_path / "country.toml"
    file.write_text(REAL, encoding="utf-8")
    call_command("import_country_figures", str(file), by=maker.email)
    row = CountryFigure.objects.get()
    assert (row.is_synthetic, row.entered_by) == (False, maker)
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("import_country_figures", str(file), by="nobody@example.org")
    file.write_text("x", encoding="utf-8")
    with pytest.raises(CommandError, match="TOML"):
        call_command("import_country_figures", str(file), by=maker.email)


def test_the_country_of_the_demonstration_says_what_it_is(maker: User, region: Area) -> None:
    assert country.load(demonstration.of_country(), by=maker, is_synthetic=True) == 9
    row = CountryFigure.objects.get(indicator__code="median_income", period="2023")
    assert 0.6 * row.value == pytest.approx(demonstration.LINE_EUR[2023], abs=0.5)
    assert "synthetic" in row.source_en
    assert not CountryFigure.objects.filter(is_synthetic=False).exists()


def test_pages_ask_once_for_the_country_however_many_periods(
    published: Callable[[bool], Release], region: Area, django_assert_num_queries: object
) -> None:
    published(True)
    arop = Indicator.objects.get(code="arop")
    held = queries.periods(arop, region)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.of_country(held * 30)


@pytest.fixture
def keeper(approver: User) -> Client:
    """An administrator of the region."""
    client = Client(headers={"host": HOST})
    client.force_login(approver)
    return client


def _said(**changed: object) -> dict[str, object]:
    indicator = Indicator.objects.get(code="arop")
    return {
        "indicator": indicator.pk, "period": "2023", "value": "18.9", "source_el": "Πηγή της δοκιμής",
        "source_en": "Source of the test", "address": "https://example.org/figures",
        "published_on": "2024-04-02",
    } | changed  # fmt: skip


OFFICE = "/en/office/country/"
REMOVED = f"{OFFICE}removed/"


def test_the_office_enters_corrects_and_takes_away(
    published: Callable[[bool], Release], keeper: Client, reader: Client, approver: User
) -> None:
    published(False)
    assert keeper.post(OFFICE, _said()).status_code == 302
    row = CountryFigure.objects.get()
    assert (row.value, row.is_synthetic, row.entered_by) == (18.9, False, approver)
    assert "18.9 %" in keeper.get(OFFICE).content.decode()
    assert "18.9 %" in reader.get(PAGES[0]).content.decode()
    assert keeper.post(f"{OFFICE}{row.pk}/", _said(value="19.1")).status_code == 302
    assert "19.1 %" in reader.get(PAGES[0]).content.decode()
    asked = keeper.get(f"{OFFICE}{row.pk}/remove/").content.decode()
    assert "19.1 %" in asked
    assert CountryFigure.objects.exists(), "nothing goes by looking"
    assert keeper.post(f"{OFFICE}{row.pk}/remove/").status_code == 302
    assert not CountryFigure.objects.exists()
    assert "Greece" not in reader.get(PAGES[0]).content.decode().replace("Greece 2.0", "")
    events = CountryFigure.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(events.values_list("value", "pgh_label")) == [
        (18.9, "insert"),
        (19.1, "update"),
        (19.1, "delete"),
    ]


def test_what_was_taken_away_is_brought_back_as_it_was_and_its_history_goes_on(
    published: Callable[[bool], Release], maker: User, keeper: Client, reader: Client, approver: User
) -> None:
    published(False)
    country.load(REAL, by=maker)
    held = CountryFigure.objects.get()
    keeper.post(f"{OFFICE}{held.pk}/remove/")
    page = keeper.get(REMOVED).content.decode()
    assert "18.9 %" in page
    assert "Source of the test" in page
    event = re.search(r'name="figure" value="(\d+)"', page)
    assert event
    assert not CountryFigure.objects.exists(), "nothing comes back by looking"
    assert keeper.post(REMOVED, {"figure": event[1]}).status_code == 302
    row = CountryFigure.objects.get()
    for name in ("pk", "indicator", "period", "is_synthetic", *country.FIELDS):
        assert getattr(row, name) == getattr(held, name), name
    assert row.entered_by == approver
    assert "18.9 %" in reader.get(PAGES[0]).content.decode()
    labels = row.events.order_by("pgh_id").values_list("pgh_label", "entered_by")  # type: ignore[attr-defined]
    assert list(labels) == [("insert", maker.pk), ("delete", maker.pk), ("insert", approver.pk)]
    assert "18.9" not in keeper.get(REMOVED).content.decode()
    assert keeper.post(REMOVED, {"figure": event[1]}).status_code == 404, "it is back"


def test_a_value_comes_back_once_and_never_over_another(region: Area, maker: User, keeper: Client) -> None:
    country.load(REAL, by=maker)
    country.load(MADE_UP, by=maker, is_synthetic=True)
    for row in country.entered():
        keeper.post(f"{OFFICE}{row.pk}/remove/")
    assert [row.value for row in country.taken_away()] == [44.4, 18.9]
    country.load(REAL.replace("18.9", "20.0"), by=maker)
    assert [row.value for row in country.taken_away()] == [44.4], "another stands in its place"
    back = country.bring_back(removed=country.taken_away().get(), by=maker)
    back.delete()
    assert [row.value for row in country.taken_away()] == [44.4], "each once, however often it went"
    country.entered().get().delete()
    assert {row.value for row in country.taken_away()} == {44.4, 20.0, 18.9}


def test_what_cannot_be_any_more_stays_away_with_the_reason(
    region: Area, maker: User, keeper: Client
) -> None:
    country.load(REAL, by=maker)
    CountryFigure.objects.get().delete()
    Indicator.objects.filter(code="arop").update(unit="persons")
    answer = keeper.post(REMOVED, {"figure": country.taken_away().get().pgh_id}, follow=True)
    assert "It cannot be brought back: a count of the country is no measure" in answer.content.decode()
    assert not CountryFigure.objects.exists()
    for wrong in ("", "x", "0", "999999"):
        assert keeper.post(REMOVED, {"figure": wrong}).status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": "101"}, "not possible"),
        ({"value": ""}, "required"),
        ({"period": "last year"}, "a quarter (2023-Q2)"),
        ({"published_on": "2999-01-01"}, "not come yet"),
        ({"address": ""}, "required"),
        ({"address": "javascript:alert(1)"}, "valid URL"),
        ({"source_en": " "}, "required"),
    ],
)
def test_the_office_refuses_what_cannot_be(
    region: Area, keeper: Client, changed: dict[str, object], said: str
) -> None:
    answer = keeper.post(OFFICE, _said(**changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CountryFigure.objects.exists()


def test_counts_are_not_offered_and_a_value_is_entered_once(region: Area, keeper: Client) -> None:
    count = Indicator.objects.get(code="gmi_beneficiaries")
    assert keeper.post(OFFICE, _said(indicator=count.pk)).status_code == 422
    assert keeper.post(OFFICE, _said()).status_code == 302
    answer = keeper.post(OFFICE, _said(value="20"))
    assert answer.status_code == 422
    assert "put that one right" in answer.content.decode()
    assert CountryFigure.objects.get().value == 18.9


def test_a_value_of_the_demonstration_stays_one(region: Area, maker: User, keeper: Client) -> None:
    country.load(MADE_UP, by=maker, is_synthetic=True)
    row = CountryFigure.objects.get()
    assert keeper.post(f"{OFFICE}{row.pk}/", _said(value="40", address="")).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.is_synthetic) == (40.0, True)
    assert keeper.post(OFFICE, _said()).status_code == 302, "a real one beside it is another"
    assert "demonstration data" in keeper.get(OFFICE).content.decode()


def test_the_list_costs_the_same_with_more_values(
    region: Area, maker: User, keeper: Client, queries_stay: Callable[..., int]
) -> None:
    years = iter(range(1950, 2020))

    def grow(count: int) -> None:
        for _ in range(count):
            country.load(REAL.replace('"2023"', f'"{next(years)}"'), by=maker)

    queries_stay(grow=grow, read=lambda: keeper.get(OFFICE))
    CountryFigure.objects.all().delete()

    def take_away(count: int) -> None:
        grow(count)
        CountryFigure.objects.all().delete()

    queries_stay(grow=take_away, read=lambda: keeper.get(REMOVED))
