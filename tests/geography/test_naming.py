"""Areas are found by what people write for them."""

import pytest

from entaxis.geography.models import Area
from entaxis.geography.naming import AreaNames, former_names
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def names() -> AreaNames:
    factories.geography()
    return AreaNames(Area.objects.municipalities().filter(region__code="EL61"))


@pytest.mark.parametrize(
    "text",
    [
        *("2201", "9100", "Λάρισα", "ΛΑΡΙΣΑΙΩΝ", "Δήμος Λαρισαίων", "ΔΗΜΟΥ ΛΑΡΙΣΑΙΩΝ", "Larissa"),
        *("dimos larisaiwn", "Larisa", " λαρισα "),
    ],
)
def test_every_way_of_writing_leads_to_the_municipality(names: AreaNames, text: str) -> None:
    assert [names.areas[pk].code for pk in names.find(text)] == ["2201"]


def test_a_former_name_leads_to_the_municipality_of_today(names: AreaNames) -> None:
    former = former_names(names.areas.values())
    assert [former.areas[pk].name_el for pk in former.find("ΚΑΛΑΜΠΑΚΑΣ")] == ["Μετέωρα"]
    assert not names.find("ΚΑΛΑΜΠΑΚΑΣ")


def test_a_split_municipality_leads_to_each_of_its_parts() -> None:
    unit = factories.regional_unit()
    parts = [factories.municipality(code, name_el=name) for code, name in (("1", "Άνω"), ("2", "Κάτω"))]
    former = factories.former_municipality("9999", "Μέση", unit=unit, became=parts)
    found = former_names(parts)
    assert found.find(former.name_el) == {part.pk for part in parts}


def test_a_typing_error_is_asked_about(names: AreaNames) -> None:
    assert not names.find("Λαρσσαίων")
    like = names.likest("Λαρσσαίων")
    assert like is not None
    assert like.code == "2201"
