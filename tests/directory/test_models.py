import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
import psycopg
import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from entaxis.core import sealed
from entaxis.directory.choices import Aspect, Status
from entaxis.directory.models import (
    ConfidentialPlace,
    ConfidentialReading,
    Contact,
    Eligibility,
    HoursException,
    KindCompleteness,
    OpeningHours,
    ServiceOffer,
    Structure,
)
from entaxis.vocabularies.models import Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    cause = error.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert constraint in (cause.diag.constraint_name or "")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"name_el": "  "}, "structure_has_a_name"),
        ({"postal_code": "3822"}, "structure_postal_code"),
        ({"point": Point(2.35, 48.85)}, "structure_point_in_greece"),
        ({"point": Point(39.366, 22.944)}, "structure_point_in_greece"),
        ({"point_quality": ""}, "structure_point_has_a_quality"),
        ({"languages": ["tlh"]}, "structure_languages"),
        ({"status": "hidden"}, "structure_status"),
        ({"external_source": "a file"}, "structure_external_whole"),
    ],
)
def test_nonsense_about_a_structure_is_refused(fields: dict[str, Any], constraint: str) -> None:
    with refused(constraint):
        factories.structure(**fields)


def test_an_external_number_stands_once_in_a_region() -> None:
    factories.structure(external_source="file", external_id="7")
    factories.structure()
    factories.structure()
    with refused("structure_external_once"):
        factories.structure(external_source="file", external_id="7")


def test_a_structure_lies_in_its_own_region() -> None:
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    with refused("structure_municipality"):
        factories.structure(region=elsewhere, municipality=factories.municipality())
    with refused("structure_body"):
        factories.structure(body=factories.body(elsewhere))
    parent = factories.structure("community_centre")
    with refused("structure_parent"):
        factories.structure("roma_annex", region=elsewhere, municipality=None, parent=parent)


def test_a_kind_is_a_kind() -> None:
    need = factories.term("medicines", inside=Vocabulary.Name.NEEDS)
    with refused("structure_kind"):
        factories.structure(need)


@pytest.mark.parametrize(
    "fields",
    [
        {"point": Point(22.9, 39.3), "point_quality": "exact"},
        {"street": "Ιάσονος"},
        {"street_number": "1"},
        {"postal_code": "38221"},
        {"locality": "Βόλος"},
        {"directions_el": "απέναντι από το λιμάνι"},
        {"access_note_en": "by the harbour"},
    ],
)
def test_a_confidential_structure_has_no_place(fields: dict[str, Any]) -> None:
    with refused("structure_confidential_has_no_place"):
        factories.confidential_structure(**fields)


def test_a_confidential_structure_has_no_municipality_nor_parent() -> None:
    with refused("structure_confidential_has_no_place"):
        factories.confidential_structure(municipality=factories.municipality())
    with refused("structure_confidential_has_no_place"):
        factories.confidential_structure(parent=factories.structure())


def test_what_stands_beside_a_confidential_structure_does_not_betray_it() -> None:
    town = factories.municipality()
    with refused("structure_confidential_body"):
        factories.confidential_structure(body=factories.body(name_el="Δήμος", municipality=town))
    hidden = factories.confidential_structure()
    with refused("contact_confidential"):
        factories.contact(hidden, telephone="+302421000001")
    factories.contact(hidden, telephone="+306900000000")
    with refused("served_area_confidential"):
        hidden.served_areas.add(town)
    hidden.served_areas.add(hidden.region)


def test_a_structure_does_not_become_confidential_with_traces_left() -> None:
    shown = factories.structure(municipality=None, point=None)
    factories.contact(shown)
    with refused("structure_confidential_rest"):
        Structure.objects.filter(pk=shown.pk).update(is_confidential=True)


def test_a_confidential_kind_makes_a_confidential_structure() -> None:
    kind = factories.term("violence_women_support", is_confidential=True)
    with refused("structure_confidential_kind"):
        factories.structure(kind)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"opens": "14:00", "closes": "09:00"}, "hours_end_after_they_begin"),
        ({"opens": "09:00", "closes": "14:00", "closes_next_day": True}, "hours_end_after_they_begin"),
        ({"weekday": 7}, "hours_weekday"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "hours_valid_in_order"),
    ],
)
def test_impossible_hours_are_refused(fields: dict[str, Any], constraint: str) -> None:
    with refused(constraint):
        factories.hours(factories.structure(), **fields)


def test_hours_over_midnight_and_round_the_clock_are_possible() -> None:
    shelter = factories.structure()
    factories.hours(shelter, 0, "20:00", "08:00", closes_next_day=True)
    factories.hours(shelter, 1, "00:00", "00:00", closes_next_day=True)
    assert shelter.hours.count() == 2


def test_hours_have_one_owner() -> None:
    shown = factories.structure()
    with refused("hours_have_one_owner"):
        factories.hours(shown, offer=factories.offer(shown))
    with refused("hours_have_one_owner"):
        OpeningHours.objects.create(weekday=0, opens="09:00", closes="10:00")


def test_a_day_that_differs_is_closed_or_has_hours() -> None:
    shown = factories.structure()
    days = {"structure": shown, "first_day": "2026-12-24", "last_day": "2026-12-26"}
    HoursException.objects.create(**days)
    HoursException.objects.create(**days, opens="09:00", closes="12:00")
    with refused("exception_ends_after_it_begins"):
        HoursException.objects.create(**days, opens="09:00")
    with refused("exception_days_in_order"):
        HoursException.objects.create(**(days | {"last_day": "2026-12-01"}))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"capacity_persons": 10}, "offer_capacity_has_a_date"),
        ({"capacity_persons": -1, "capacity_date": "2026-01-01"}, "capacity_persons"),
        (
            {"capacity_persons": 5, "free_places": 6, "capacity_date": "2026-01-01"},
            "offer_free_places",
        ),
        ({"cost": "a lot"}, "offer_cost"),
    ],
)
def test_nonsense_about_an_offer_is_refused(fields: dict[str, Any], constraint: str) -> None:
    with refused(constraint):
        factories.offer(factories.structure(), **fields)


def test_a_service_is_a_service() -> None:
    with refused("offer_service"):
        ServiceOffer.objects.create(structure=factories.structure(), service=factories.term("kapi"))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"aspect": Aspect.AGE}, "rule_fits_its_aspect"),
        ({"aspect": Aspect.AGE, "age_from": 65, "age_to": 18}, "rule_ages_in_order"),
        ({"aspect": Aspect.AGE, "age_from": 650}, "rule_ages_of_people"),
        ({"aspect": Aspect.HOUSEHOLD}, "rule_fits_its_aspect"),
        ({"aspect": Aspect.HOUSEHOLD, "values": ["pension"]}, "rule_fits_its_aspect"),
        ({"aspect": Aspect.INCOME_SOURCE, "values": ["pension"], "age_from": 3}, "rule_fits_its_aspect"),
        ({"aspect": "blood", "values": ["pension"]}, "rule_fits_its_aspect"),
    ],
)
def test_a_rule_fits_its_aspect(fields: dict[str, Any], constraint: str) -> None:
    offer = factories.offer(factories.structure())
    with refused(constraint):
        Eligibility.objects.create(offer=offer, **fields)


def test_a_contact_says_a_way_and_its_number_is_one() -> None:
    shown = factories.structure()
    with refused("contact_says_a_way"):
        factories.contact(shown, telephone="")
    with refused("contact_telephone"):
        factories.contact(shown, telephone="2421 012345")
    assert factories.contact(shown, telephone="197").telephone_written == "197"
    assert factories.contact(shown, telephone="+302421012345").telephone_written == "2421 012345"
    assert factories.contact(shown, telephone="+49301234567").telephone_written == "+49 30 1234567"


def test_completeness_is_of_an_open_kind_in_a_municipality() -> None:
    kind, town = factories.term("nursery"), factories.municipality()
    KindCompleteness.objects.create(kind=kind, municipality=town, state="complete")
    with refused("completeness_coherence"):
        KindCompleteness.objects.create(kind=kind, municipality=factories.region())
    hidden = factories.term("violence_women_support", is_confidential=True)
    with refused("completeness_coherence"):
        KindCompleteness.objects.create(kind=hidden, municipality=town)


def test_the_database_counts_versions_and_dates_changes() -> None:
    shown = factories.structure()
    before = shown.last_modified
    Structure.objects.filter(pk=shown.pk).update(status=Status.SUSPENDED)
    shown.refresh_from_db()
    assert shown.version == 2
    assert shown.last_modified != before


def test_history_keeps_what_changed_and_who_did_it() -> None:
    shown = factories.structure(name_el="Φαρμακείο")
    person = factories.editor()
    with pghistory.context(user=str(person.pk)):
        Structure.objects.filter(pk=shown.pk).update(name_el="Κοινωνικό Φαρμακείο")
    events = Structure.pgh_event_model.objects.filter(pgh_obj=shown).order_by("pgh_id")
    assert [event.name_el for event in events] == ["Φαρμακείο", "Κοινωνικό Φαρμακείο"]
    assert events[1].pgh_context.metadata == {"user": str(person.pk)}


def test_history_only_grows() -> None:
    shown = factories.structure()
    with pytest.raises(DatabaseError), transaction.atomic():
        Structure.pgh_event_model.objects.filter(pgh_obj=shown).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Structure.pgh_event_model.objects.filter(pgh_obj=shown).update(name_el="")


def _hide(structure: Structure) -> None:
    with sealed.role(sealed.CONFIDENTIAL):
        ConfidentialPlace.objects.create(
            structure_id=structure.pk,
            municipality_id=structure.region_id,
            point=Point(22.9, 39.3),
            street="Ιάσονος",
        )


@pytest.mark.parametrize("model", [ConfidentialPlace, ConfidentialReading])
def test_the_web_cannot_read_a_sealed_table(model: Any) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.exists()


def test_the_web_cannot_write_a_confidential_place_without_the_second_role() -> None:
    hidden = factories.confidential_structure()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ConfidentialPlace.objects.create(structure=hidden, municipality=factories.municipality())


def test_a_confidential_place_lives_and_goes_with_its_structure() -> None:
    hidden = factories.confidential_structure()
    _hide(hidden)
    with sealed.role(sealed.CONFIDENTIAL):
        assert ConfidentialPlace.objects.get().street == "Ιάσονος"
    hidden.delete()
    with sealed.role(sealed.CONFIDENTIAL):
        assert not ConfidentialPlace.objects.exists()


def test_readings_of_confidential_places_cannot_be_removed_and_say_why() -> None:
    person = factories.region_administrator()
    reading = {"structure_id": uuid.uuid4(), "person": person, "act": "read", "at": timezone.now()}
    with sealed.role(sealed.CONFIDENTIAL):
        ConfidentialReading.objects.create(purpose="Έλεγχος της διεύθυνσης", **reading)
    with pytest.raises(DatabaseError, match="permission denied"), sealed.role(sealed.CONFIDENTIAL):
        ConfidentialReading.objects.all().delete()
    with pytest.raises(IntegrityError), sealed.role(sealed.CONFIDENTIAL):
        ConfidentialReading.objects.create(purpose="x", **reading)


def test_only_the_second_role_may_make_history_forget() -> None:
    shown = factories.structure(street="Ιάσονος")
    factories.contact(shown)
    statement = "SELECT directory_sealed.forget_history(%s)"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [shown.pk])
    with sealed.role(sealed.CONFIDENTIAL), connection.cursor() as cursor:
        cursor.execute(statement, [shown.pk])
    assert not Structure.pgh_event_model.objects.filter(pgh_obj=shown).exists()
    assert not Contact.pgh_event_model.objects.filter(structure=shown).exists()
