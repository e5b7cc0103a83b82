import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.utils import translation

from entaxis.directory import hsds
from entaxis.directory.choices import Aspect, Cost, ServiceStatus, Status
from entaxis.directory.models import Eligibility, ServiceOffer, Structure
from entaxis.vocabularies.models import Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).resolve().parents[3] / "shared/standards/hsds-3.1"
TYPES: dict[str, Any] = {"string": str, "number": (int, float), "array": list, "object": dict}


@pytest.fixture(autouse=True)
def _greek() -> Any:
    with translation.override("el"):
        yield


def whole() -> tuple[Structure, ServiceOffer]:
    made = factories.structure(
        name_el="Κοινωνικό Φαρμακείο",
        name_en="Social Pharmacy",
        description_el="Δίνει φάρμακα",
        street="Ιάσονος",
        street_number="1",
        postal_code="38221",
        locality="Βόλος",
        directions_el="Λεωφορείο 2",
        languages=["el", "sq"],
        step_free="yes",
        access_features=["lift"],
        access_note_el="Πίσω είσοδος",
        external_source="file",
        external_id="7",
    )
    factories.contact(made, office_el="Γραμματεία", email="a@example.org")
    factories.hours(made, 0)
    factories.hours(made, 4, "20:00", "08:00", closes_next_day=True)
    made.served_areas.add(factories.municipality())
    offer = factories.offer(
        made,
        "medicine_supply",
        description_el="Χορηγεί φάρμακα",
        documents_el="Ταυτότητα\nΣυνταγή",
        cost=Cost.FREE,
        capacity_persons=10,
        free_places=3,
        capacity_date=date(2026, 10, 1),
    )
    offer.target_groups.add(factories.term("uninsured", inside=Vocabulary.Name.TARGET_GROUPS))
    offer.needs.add(factories.term("medicines", inside=Vocabulary.Name.NEEDS))
    Eligibility.objects.create(offer=offer, aspect=Aspect.AGE, age_from=18)
    Eligibility.objects.create(offer=offer, aspect=Aspect.CONDITION, values=["uninsured"])
    return made, offer


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


def check(value: Any, name: str, where: str = "") -> None:
    """Hold ``value`` against a schema file: fields, required ones, types, formats, lists of choices."""
    described = schema(name)
    fields = described["properties"]
    missing = [field for field in described.get("required", []) if field not in value]
    assert not missing, f"{where or name} lacks {missing}"
    unknown = value.keys() - fields.keys()
    assert not unknown, f"{where or name} has {unknown}"
    for field, content in value.items():
        _check_field(content, fields[field], f"{where or name}.{field}")


def _check_field(content: Any, described: Any, where: str) -> None:
    if "$ref" in described:
        check(content, described["$ref"], where)
        return
    assert isinstance(content, TYPES[described["type"]]), where
    if described["type"] == "array":
        for entry in content:
            check(entry, described["items"]["$ref"], where)
    if "enum" in described:
        assert content in described["enum"], where
    if described.get("format") == "uuid":
        UUID(content)
    if described.get("format") == "date-time":
        assert datetime.fromisoformat(content).tzinfo is not None, where


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the schemas of HSDS 3.1 do not lie beside the checkout")
def test_every_shape_fits_its_schema() -> None:
    made, offer = whole()
    check(hsds.organization(made.body), "organization.json")
    check(hsds.location(made), "location.json")
    check(hsds.service(made, offer), "service.json")
    check(hsds.taxonomy_term(made.kind, "structure_kinds"), "taxonomy_term.json")
    hidden = factories.confidential_structure()
    check(hsds.location(hidden), "location.json")
    check(hsds.service(hidden, factories.offer(hidden, "violence_counselling")), "service.json")


def test_a_service_says_what_a_reader_needs() -> None:
    made, offer = whole()
    told = hsds.service(made, offer)
    assert told["status"] == "active"
    assert told["minimum_age"] == 18
    assert "maximum_age" not in told
    assert "Χωρίς ασφάλιση υγείας" in told["eligibility_description"]
    assert [row["document"] for row in told["required_documents"]] == ["Ταυτότητα", "Συνταγή"]
    assert told["capacities"][0]["available"] == 3
    assert told["service_areas"][0]["extent"] == "2401"
    assert [row["byday"] for row in told["schedules"]] == ["MO", "FR"]
    assert told["schedules"][1]["notes"] == "closes on the next day"
    taxonomies = {row["taxonomy_term"]["taxonomy"] for row in told["attributes"]}
    assert taxonomies == {"services", "needs", "target_groups"}


def test_a_location_says_where_it_is() -> None:
    made, _offer = whole()
    told = hsds.location(made)
    assert (told["latitude"], told["longitude"]) == (39.366, 22.944)
    assert told["addresses"][0]["address_1"] == "Ιάσονος 1"
    assert told["addresses"][0]["country"] == "GR"
    assert told["phones"][0]["number"] == "+302421000001"
    assert told["contacts"][0]["department"] == "Γραμματεία"


@pytest.mark.parametrize(
    ("status", "told"), [(Status.SUSPENDED, "temporarily closed"), (Status.CLOSED, "defunct")]
)
def test_a_closed_structure_closes_its_services(status: str, told: str) -> None:
    made = factories.structure(status=status)
    assert hsds.service(made, factories.offer(made))["status"] == told


def test_a_stopped_service_says_so() -> None:
    made = factories.structure()
    offer = factories.offer(made, status=ServiceStatus.TEMPORARILY_CLOSED)
    assert hsds.service(made, offer)["status"] == "temporarily closed"


def test_a_confidential_structure_is_nowhere() -> None:
    hidden = factories.confidential_structure()
    hidden.point = Point(22.9, 39.3)  # even if a row were wrong
    told = hsds.location(hidden)
    assert told["location_type"] == "virtual"
    assert not told.keys() & {"latitude", "longitude", "addresses", "transportation"}


def test_ids_made_here_stay_the_same() -> None:
    made, offer = whole()
    assert hsds.service(made, offer) == hsds.service(made, offer)
    kind = hsds.taxonomy_term(made.kind, "structure_kinds")
    assert kind == hsds.taxonomy_term(made.kind, "structure_kinds")
    assert kind["id"] != hsds.taxonomy_term(offer.service, "services")["id"]
