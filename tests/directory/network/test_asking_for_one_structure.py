"""Whoever keeps the entry of one structure asks for volunteers for it, and for nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from entaxis.core.review import State
from entaxis.directory.models import Structure
from entaxis.directory.network.models import VolunteerRequest
from entaxis.notifications.models import Message
from entaxis.vocabularies.models import Vocabulary
from tests import factories
from tests.accounts.signing import signed_in

pytestmark = pytest.mark.django_db
OFFICE = "/en/office/network/texts/requests/"


@pytest.fixture
def structure() -> Structure:
    factories.term("food", inside=Vocabulary.Name.NEEDS)
    return factories.structure(name_el="Κοινωνικό Παντοπωλείο")


def said(structure: Structure | None, of: Structure, **fields: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=10)
    words = {"body": str(of.body_id), "title_el": "Ζητάμε βοήθεια", "text_el": "Κείμενο", "themes": "food"}
    words |= {"seen": "0", "expires_on": day.isoformat()}
    return words | ({"structure": str(structure.pk)} if structure else {}) | fields


def test_a_clerk_asks_the_observatory_publishes_and_the_body_hears(structure: Structure) -> None:
    clerk = factories.clerk(structure)
    colleague = factories.body_member(of=structure.body)
    client = signed_in(clerk)
    assert OFFICE in client.get("/en/office/").content.decode()
    assert client.post(f"{OFFICE}new/", said(structure, structure)).status_code == 302
    row = VolunteerRequest.objects.get()
    page = f"{OFFICE}{row.pk}/"
    assert client.get(OFFICE).content.decode().count(page) == 1
    assert client.get(f"{page}edit/").status_code == 200
    assert client.post(page, {"step": "publish", "seen": row.version}).status_code == 422  # not theirs
    assert client.post(page, {"step": "submit", "seen": row.version}).status_code == 302
    assert [told.user for told in Message.objects.filter(kind="network.asked")] == [colleague]
    assert signed_in(colleague).get(page).status_code == 200
    row.refresh_from_db()
    editor = signed_in(factories.editor(structure.region))
    assert editor.post(page, {"step": "publish", "seen": row.version}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.PUBLISHED
    assert clerk in {told.user for told in Message.objects.filter(kind="network.reviewed")}


def test_not_for_the_body_nor_for_another_structure(structure: Structure) -> None:
    client = signed_in(factories.clerk(structure))
    other = factories.structure(body=structure.body)
    foreign = factories.structure()
    for wrong in (said(None, structure), said(other, structure), said(foreign, foreign)):
        assert client.post(f"{OFFICE}new/", wrong).status_code == 422
    assert not VolunteerRequest.objects.exists()
    theirs = factories.volunteer_request(structure.body)
    assert client.get(f"{OFFICE}{theirs.pk}/").status_code == 404
    assert client.get(OFFICE).status_code == 200
    for sort in ("practices", "networks"):
        assert client.get(f"/en/office/network/texts/{sort}/").status_code == 404
        assert client.get(f"/en/office/network/texts/{sort}/new/").status_code == 404


def test_the_right_ends_with_the_grant_and_with_the_body(structure: Structure) -> None:
    clerk = factories.clerk(structure)
    own = factories.volunteer_request(structure.body, structure=structure, state="draft", published_at=None)
    page = f"{OFFICE}{own.pk}/edit/"
    assert signed_in(clerk).get(page).status_code == 200
    body = structure.body
    body.dissolved_on = timezone.localdate()
    body.save()
    assert signed_in(clerk).get(page).status_code == 404
    body.dissolved_on = None
    body.save()
    clerk.structure_grants.all().delete()
    assert signed_in(clerk).get(page).status_code == 404
    assert signed_in(clerk).get(OFFICE).status_code == 404


def test_somebody_without_an_entry_finds_nothing(structure: Structure) -> None:
    nobody = signed_in(factories.user())
    assert nobody.get(OFFICE).status_code == 404
    assert nobody.get(f"{OFFICE}new/").status_code == 404
