"""The editing pages: whose door, whose pages, whose files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.models import Document
from wagtail.models import Collection, Page

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.portal import actions
from entaxis.portal.models import HomePage
from tests import factories

pytestmark = pytest.mark.django_db
HOSTS = {"EL61": "thessaly.localhost", "EL65": "peloponnese.localhost"}


@pytest.fixture
def thessaly() -> Area:
    return _loaded("EL61", "Θεσσαλία")


@pytest.fixture
def peloponnese() -> Area:
    return _loaded("EL65", "Πελοπόννησος")


def _loaded(code: str, name: str) -> Area:
    region = factories.region(code, name_el=name)
    actions.load_region(region=region, host=HOSTS[code], by=None)
    return region


def _client(person: User | None, region: str = "EL61") -> Client:
    client = Client(headers={"host": HOSTS[region]})
    if person:
        client.force_login(person)
    return client


def _home(region: Area) -> Page:
    return HomePage.objects.get(slug=region.code.lower(), locale__language_code="el")


def test_a_visitor_meets_our_own_sign_in(thessaly: Area) -> None:
    for address in ("/editing/", "/editing/login/", "/editing/pages/1/", "/editing/password_reset/"):
        response = _client(None).get(address)
        assert response.status_code == 302
        assert "/account/login/?next=" in response.headers["Location"]


def test_the_region_s_staff_come_in_with_a_second_step(thessaly: Area) -> None:
    assert _client(factories.editor(thessaly)).get("/editing/").status_code == 200
    without = _client(factories.editor(thessaly, second_factor=False)).get("/editing/")
    assert without.headers["Location"].endswith("/account/2fa/")
    assert _client(factories.body_member(thessaly)).get("/editing/").status_code == 404


def test_the_staff_of_another_region_find_nothing(thessaly: Area, peloponnese: Area) -> None:
    for person in (factories.editor(peloponnese), factories.region_administrator(peloponnese)):
        assert _client(person, "EL61").get("/editing/").status_code == 404
        assert _client(person, "EL65").get("/editing/").status_code == 200


@pytest.mark.parametrize("make", [factories.editor, factories.region_administrator])
def test_pages_of_another_region_cannot_be_touched(thessaly: Area, peloponnese: Area, make) -> None:
    client = _client(make(thessaly))
    own, foreign = _home(thessaly), _home(peloponnese)
    assert client.get(f"/editing/pages/{own.pk}/edit/").status_code == 200
    before = foreign.title
    for tail in ("edit/", "delete/", "unpublish/", "move/", "copy/", "history/"):
        address = f"/editing/pages/{foreign.pk}/{tail}"
        assert client.get(address).status_code in {302, 403, 404}, address
        assert client.post(address, {"title": "taken over", "action-publish": "1"}).status_code in {
            302,
            403,
            404,
        }
    foreign.refresh_from_db()
    assert (foreign.title, foreign.live) == (before, True)


def test_files_of_another_region_cannot_be_touched(thessaly: Area, peloponnese: Area) -> None:
    theirs = Document.objects.create(
        title="Theirs",
        file=SimpleUploadedFile("theirs.pdf", b"%PDF-1.4"),
        collection=Collection.objects.get(name="EL65"),
    )
    client = _client(factories.editor(thessaly))
    assert "Theirs" not in client.get("/editing/documents/").content.decode()
    assert client.post(f"/editing/documents/delete/{theirs.pk}/").status_code in {302, 403, 404}
    assert Document.objects.filter(pk=theirs.pk).exists()
    assert client.get("/editing/documents/multiple/add/").status_code == 200


def test_people_and_settings_of_the_platform_stay_closed_to_a_region_s_staff(thessaly: Area) -> None:
    client = _client(factories.region_administrator(thessaly))
    for address in ("/editing/users/", "/editing/groups/", "/editing/sites/", "/editing/collections/"):
        assert client.get(address).status_code in {302, 403, 404}, address


def test_the_editing_pages_have_a_policy_of_their_own(thessaly: Area) -> None:
    headers = _client(factories.editor(thessaly)).get("/editing/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert "*" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize(
    "address", ["images/chooser/", "documents/chooser/", "bulk/wagtailcore/page/delete/"]
)
def test_pictures_and_documents_are_chosen_and_pages_taken_away_together(
    thessaly: Area, address: str
) -> None:
    page = _home(thessaly).get_children().first()
    assert page is not None
    client = _client(factories.editor(thessaly))
    assert client.get(f"/editing/{address}", {"id": page.pk}).status_code == 200


def test_the_address_that_signs_in_is_changed_on_our_own_pages_only(thessaly: Area) -> None:
    person = factories.editor(thessaly)
    client = _client(person)
    assert 'name="name_email-email"' not in client.get("/editing/account/").content.decode()
    data = {"name_email-first_name": "a", "name_email-last_name": "b", "name_email-email": "x@example.org"}
    client.post("/editing/account/", data)
    known = person.email
    person.refresh_from_db()
    assert person.email == known
