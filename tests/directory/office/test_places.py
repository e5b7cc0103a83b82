from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from entaxis.directory import confidential
from entaxis.directory.models import Contact, ErrorReport, ImportRun, ImportSource, Structure
from tests import factories

pytestmark = pytest.mark.django_db
PURPOSE = "Έλεγχος μετά από αίτημα του ξενώνα"


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(factories.region_administrator())
    return client


def place_of(made: Structure) -> str:
    return f"/en/office/structures/{made.pk}/place/"


def test_an_editor_does_not_see_that_there_is_a_place(client: Client) -> None:
    client.force_login(factories.editor())
    hidden = factories.confidential_structure()
    assert client.get(place_of(hidden)).status_code == 404
    assert client.get(f"/en/office/structures/{hidden.pk}/hide/").status_code == 404
    assert "/place/" not in client.get(f"/en/office/structures/{hidden.pk}/").content.decode()


def test_a_place_is_written_and_read_with_a_purpose_that_is_kept(administrator: Client) -> None:
    hidden = factories.confidential_structure()
    town = factories.municipality()
    written = {
        "step": "write",
        "purpose": PURPOSE,
        "municipality": town.pk,
        "street": "Ιάσονος",
        "latitude": "39.36",
        "longitude": "22.94",
    }
    assert administrator.post(place_of(hidden), written).status_code == 302
    first = administrator.get(place_of(hidden))
    assert "Ιάσονος" not in first.content.decode()
    assert first["Cache-Control"].count("no-store")
    assert administrator.post(place_of(hidden), {"step": "read", "purpose": "short"}).status_code == 422
    opened = administrator.post(place_of(hidden), {"step": "read", "purpose": PURPOSE})
    assert "Ιάσονος" in opened.content.decode()
    acts = [(reading.act, reading.purpose) for reading in confidential.readings(hidden)]
    assert acts == [("read", PURPOSE), ("written", PURPOSE)]
    assert PURPOSE in administrator.get(place_of(hidden)).content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"municipality": ""}, {"latitude": "39.3"}, {"latitude": "22", "longitude": "39"}, {"purpose": ""}],
)
def test_a_wrong_place_is_refused(administrator: Client, changes: dict[str, Any]) -> None:
    hidden = factories.confidential_structure()
    data = {"step": "write", "purpose": PURPOSE, "municipality": factories.municipality().pk} | changes
    assert administrator.post(place_of(hidden), data).status_code == 422


def test_an_open_structure_has_no_confidential_place(administrator: Client) -> None:
    assert administrator.get(place_of(factories.structure())).status_code == 404


def test_hiding_moves_the_place_under_seal_and_forgets_it_everywhere(administrator: Client) -> None:
    made = factories.structure(
        name_el="Ξενώνας Ελπίδα", street="Ιάσονος", directions_el="απέναντι από το λιμάνι"
    )
    factories.contact(made, telephone="+302421000001")
    factories.contact(made, telephone="+306900000000")
    made.served_areas.add(factories.municipality())
    ErrorReport.objects.create(structure=made, topic="place", message="Είναι στην Ιάσονος 2")
    url = f"/en/office/structures/{made.pk}/hide/"
    assert administrator.post(url, {"purpose": PURPOSE}).status_code == 302
    made.refresh_from_db()
    assert made.is_confidential
    assert (made.municipality, made.point, made.street, made.directions_el) == (None, None, "", "")
    assert [contact.telephone for contact in made.contacts.all()] == ["+306900000000"]
    assert not made.served_areas.exists()
    assert not ErrorReport.objects.exists()
    assert not Structure.pgh_event_model.objects.filter(pgh_obj=made).exists()  # type: ignore[attr-defined]
    assert not Contact.pgh_event_model.objects.exists()  # type: ignore[attr-defined]
    person = factories.region_administrator()
    kept = confidential.read_place(structure=made, purpose=PURPOSE, by=person)
    assert kept is not None
    assert (kept.street, kept.point) == ("Ιάσονος", Point(22.944, 39.366, srid=4326))


def test_no_history_names_a_parent_that_became_confidential(administrator: Client) -> None:
    parent, other = factories.structure(name_el="Στέγη Ελπίδα"), factories.structure(name_el="Νέα έδρα")
    annex = factories.structure(parent=parent)
    source = ImportSource.objects.create(region=parent.region, name="test")
    run = ImportRun.objects.create(region=parent.region, source=source)
    row = run.rows.create(structure_id=annex.pk, line=2, act="changed", former={"parent": str(parent.pk)})
    annex.parent = other
    annex.save()
    history = f"/en/office/structures/{annex.pk}/history/"
    assert "Στέγη Ελπίδα" in administrator.get(history).content.decode()
    url = f"/en/office/structures/{parent.pk}/hide/"
    assert administrator.post(url, {"purpose": PURPOSE}).status_code == 302
    page = administrator.get(history).content.decode()
    assert "Νέα έδρα" in page
    assert "Στέγη Ελπίδα" not in page
    events = Structure.pgh_event_model.objects  # type: ignore[attr-defined]
    assert not events.filter(parent_id=parent.pk).exists()
    row.refresh_from_db()
    assert row.former == {"parent": ""}


def test_what_would_still_tell_the_place_stops_the_hiding(administrator: Client) -> None:
    town = factories.municipality()
    of_town = factories.structure(body=factories.body(municipality=town))
    with_annex = factories.structure()
    factories.structure(parent=with_annex)
    named = factories.structure(name_el="Ξενώνας Βόλου")
    for made in (of_town, with_annex, named):
        response = administrator.post(f"/en/office/structures/{made.pk}/hide/", {"purpose": PURPOSE})
        assert response.status_code == 422
        made.refresh_from_db()
        assert not made.is_confidential


def test_a_purpose_is_compulsory_below_the_pages_too() -> None:
    hidden, person = factories.confidential_structure(), factories.region_administrator()
    with pytest.raises(ValueError, match="purpose"):
        confidential.read_place(structure=hidden, purpose=" ", by=person)
    place = confidential.Place(factories.municipality().pk)
    with pytest.raises(ValueError, match="confidential"):
        confidential.write_place(structure=factories.structure(), place=place, purpose=PURPOSE, by=person)


def test_no_part_of_a_confidential_entry_names_a_place(client: Client) -> None:
    factories.municipality()
    hidden = factories.confidential_structure()
    client.force_login(factories.editor())
    url = f"/en/office/structures/{hidden.pk}/"
    page = client.get(f"{url}contacts/")
    rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "base": page.context["base"]}
    for row in (
        {"telephone": "15900", "office_el": "Γραμματεία Βόλου"},
        {"telephone": "15900", "office_en": "Volos office"},
        {"telephone": "15900", "office_el": "Γραφείο, οδός Κρυφή 5"},
        {"email": "shelter@volos.example.org"},
        {"website": "https://example.org/volos"},
    ):
        data = rows | {f"form-0-{name}": value for name, value in row.items()}
        assert "would tell where it is" in client.post(f"{url}contacts/", data).content.decode(), row
    page = client.get(f"{url}hours/")
    days = {"days-TOTAL_FORMS": 1, "days-INITIAL_FORMS": 0, "base": page.context["base"]}
    days |= {"days-0-first_day": "2026-12-06", "days-0-last_day": "2026-12-06"}
    days["days-0-reason_el"] = "Πολιούχος Βόλου"
    assert "would tell where it is" in client.post(f"{url}hours/", days).content.decode()
    for words in ("Στον Βόλο, κάθε μέρα", "Στο χωριό Κρυφοχώρι", "Τ.Κ. 38221"):
        answer = client.post(f"{url}services/new/", {"description_el": words})
        assert "would tell where it is" in answer.content.decode(), words
    note = {"status": "suspended", "note_el": "Προσωρινά στον Βόλο"}
    assert "would tell where it is" in client.post(f"{url}status/", note).content.decode()


def test_contacts_bodies_and_reasons_that_tell_the_place_stop_the_hiding(administrator: Client) -> None:
    factories.municipality()
    reached = factories.structure()
    factories.contact(reached, telephone="", website="https://volos.example.org")
    closed = factories.structure()
    closed.hours_exceptions.create(
        first_day="2026-12-06", last_day="2026-12-06", reason_el="Πολιούχος Βόλου"
    )
    owned = factories.structure(body=factories.body(name_el="Σύλλογος Γυναικών Βόλου"))
    noted = factories.structure(status_note_el="Μεταφέρθηκε στον Βόλο")
    for made in (reached, closed, owned, noted):
        response = administrator.post(f"/en/office/structures/{made.pk}/hide/", {"purpose": PURPOSE})
        assert response.status_code == 422
