"""A region's administrator keeps the region's own brand, help lines and checked translations, no others."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.portal.models import HelpLine, HelpLineText, PublicityOperation, RegionBrand, TranslationReview
from tests import factories

pytestmark = pytest.mark.django_db
BRAND, LINES, CHECKS = "/en/office/brand/", "/en/office/help-lines/", "/en/office/translations/"


@pytest.fixture
def person(thessaly: Area) -> User:
    return factories.region_administrator(thessaly)


@pytest.fixture
def office(person: User) -> Client:
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(person)
    return client


def brand_sent(brand: RegionBrand, **changes: Any) -> dict[str, Any]:
    rows = list(brand.operations.all())
    sent: dict[str, Any] = {
        "name_el": "Παρατηρητήριο δοκιμής",
        "name_en": "Observatory on trial",
        "region_name_el": brand.region_name_el,
        "region_name_en": brand.region_name_en,
        "palette": "pine",
        "exit_url": "https://www.example.org/",
        "operations-TOTAL_FORMS": len(rows) + 1,
        "operations-INITIAL_FORMS": len(rows),
        "operations-0-id": "",
    }
    for number, row in enumerate([*rows, None]):
        for name in ("id", "title_el", "title_en", "mis_code", "programme_el", "programme_en"):
            sent[f"operations-{number}-{name}"] = getattr(row, name, "") or ""
    return sent | changes


def line_sent(**changes: Any) -> dict[str, Any]:
    words = {"name_el": "Γραμμή δοκιμής", "name_ru": "Пробная линия", "hours_ru": "9–14"}
    return {"number": "2410 000000", "order": 9, "source": "Δοκιμή"} | words | changes


def check_sent(**changes: Any) -> dict[str, Any]:
    sent = {"language": "ru", "part": "emergency", "checked_by": "Сообщество", "checked_on": "2026-11-01"}
    return sent | changes


def test_the_brand_of_the_region_changes_what_every_page_shows(
    office: Client, brand: RegionBrand, person: User
) -> None:
    last = brand.operations.count()
    new = {
        f"operations-{last}-title_el": "Νέα πράξη",
        f"operations-{last}-programme_el": "Πρόγραμμα",
        f"operations-{last}-mis_code": "1234567",
    }
    assert office.get(BRAND).status_code == 200
    assert office.post(BRAND, brand_sent(brand, **new)).status_code == 302
    page = office.get("/en/rights/").content.decode()
    assert "Observatory on trial" in page
    assert "Νέα πράξη" in page
    assert brand.operations.count() == last + 1
    first = brand.operations.first()
    assert first is not None
    assert office.post(BRAND, brand_sent(brand, **{"operations-0-DELETE": "on"})).status_code == 302
    assert not PublicityOperation.objects.filter(pk=first.pk).exists()
    log = ModelLogEntry.objects.filter(user=person, action="wagtail.edit")
    assert {entry.object_id for entry in log} == {str(brand.pk)}


def test_a_wrong_brand_is_refused_and_loses_nothing(office: Client, brand: RegionBrand) -> None:
    last = brand.operations.count()
    wrong = {
        "exit_url": "javascript:alert(1)",
        f"operations-{last}-title_el": "Μισή πράξη",
        f"operations-{last}-mis_code": "12",
    }
    answer = office.post(BRAND, brand_sent(brand, **wrong))
    assert answer.status_code == 422
    assert "Μισή πράξη" in answer.content.decode()
    brand.refresh_from_db()
    assert brand.name_el != "Παρατηρητήριο δοκιμής"


def test_a_line_of_the_region_stands_beside_the_national_ones_here_only(office: Client) -> None:
    assert office.post(LINES, line_sent()).status_code == 302
    line = HelpLine.objects.get(number="2410 000000")
    assert line.region is not None
    assert line.region.code == "EL61"
    emergency = office.get("/ru/emergency/").content.decode()
    assert "Пробная линия" in emergency
    assert (
        "2410 000000"
        not in Client(headers={"host": "peloponnese.localhost"}).get("/ru/emergency/").content.decode()
    )
    assert office.post(f"{LINES}{line.pk}/", line_sent(name_ru="", hours_ru="")).status_code == 302
    assert set(HelpLineText.objects.filter(line=line).values_list("language", flat=True)) == {"el"}
    assert "2410 000000" in office.get(f"{LINES}{line.pk}/").content.decode()
    assert office.post(f"{LINES}{line.pk}/remove/").status_code == 302
    assert not HelpLine.objects.filter(pk=line.pk).exists()
    actions = ModelLogEntry.objects.filter(object_id=str(line.pk)).values_list("action", flat=True)
    assert sorted(actions) == ["wagtail.create", "wagtail.delete", "wagtail.edit"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "call us"}, "Enter a valid value"),
        ({"name_el": ""}, "This field is required"),
        ({"name_ru": ""}, "Name the line in this language too"),
        ({"checked_on": "2999-01-01"}, "This day has not come yet"),
    ],
)
def test_a_wrong_line_is_refused_with_a_sentence(
    office: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = office.post(LINES, line_sent(**changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not HelpLine.objects.filter(source="Δοκιμή").exists()


def test_a_number_stands_once_in_the_region(office: Client) -> None:
    office.post(LINES, line_sent())
    answer = office.post(LINES, line_sent())
    assert answer.status_code == 422
    assert "number already" in answer.content.decode()


def test_a_checked_page_says_who_checked_it_here_only(office: Client) -> None:
    assert office.post(CHECKS, check_sent()).status_code == 302
    assert "Сообщество" in office.get("/ru/emergency/").content.decode()
    other = Client(headers={"host": "peloponnese.localhost"})
    assert "Сообщество" not in other.get("/ru/emergency/").content.decode()
    review = TranslationReview.objects.get()
    assert office.post(f"{CHECKS}{review.pk}/remove/").status_code == 302
    assert "Сообщество" not in office.get("/ru/emergency/").content.decode()


@pytest.mark.parametrize("changes", [{"language": "el"}, {"checked_on": "2999-01-01"}, {"checked_by": ""}])
def test_a_wrong_check_is_refused(office: Client, changes: dict[str, str]) -> None:
    assert office.post(CHECKS, check_sent(**changes)).status_code == 422
    assert not TranslationReview.objects.exists()


def test_what_belongs_to_another_region_or_to_all_does_not_exist_here(
    office: Client, peloponnese: Area
) -> None:
    foreign = HelpLine.objects.create(number="2710 000000", region=peloponnese, source="Αλλού")
    national = HelpLine.objects.filter(region=None).first()
    assert national is not None
    for line in (foreign, national):
        assert office.get(f"{LINES}{line.pk}/").status_code == 404
        assert office.post(f"{LINES}{line.pk}/", line_sent()).status_code == 404
        assert office.post(f"{LINES}{line.pk}/remove/").status_code == 404
    assert "2710 000000" not in office.get(LINES).content.decode()
    for region in (peloponnese, None):
        review = TranslationReview.objects.create(
            region=region, language="ru", part="rights", checked_by="X", checked_on=date(2026, 1, 1)
        )
        assert office.post(f"{CHECKS}{review.pk}/remove/").status_code == 404
    abroad = Client(headers={"host": "peloponnese.localhost"})
    abroad.force_login(factories.region_administrator(Area.objects.regions().get(code="EL61")))
    for address in (BRAND, LINES, CHECKS):
        assert abroad.get(address).status_code == 404


def test_an_editor_finds_no_door_to_these_pages(thessaly: Area, office: Client) -> None:
    editor = Client(headers={"host": "thessaly.localhost"})
    editor.force_login(factories.editor(thessaly))
    assert BRAND not in editor.get("/en/office/").content.decode()
    assert editor.get(BRAND).status_code == 404
    assert BRAND in office.get("/en/office/").content.decode()
