"""Who is sent where at a door."""

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from entaxis.accounts import doors
from entaxis.accounts.rules import Role
from tests import factories


@doors.require(Role.EDITOR)
def _view(request) -> HttpResponse:
    return HttpResponse("inside")


def _visit(client, person=None):
    request = RequestFactory().get("/el/office/?page=2")
    request.region = factories.region("EL61")
    request.user = person or _nobody()
    request.session = client.session
    request._messages = _Messages()
    return _view(request)


def _nobody():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


class _Messages:
    def add(self, level, message, extra_tags="") -> None:
        self.said = str(message)


@pytest.mark.django_db
def test_a_visitor_signs_in_and_comes_back(client) -> None:
    response = _visit(client)
    assert response.headers["Location"] == "/el/account/login/?next=/el/office/%3Fpage%3D2"


@pytest.mark.django_db
def test_the_editor_comes_in(client) -> None:
    assert _visit(client, factories.editor()).content == b"inside"


@pytest.mark.django_db
def test_an_editor_of_another_region_finds_nothing(client) -> None:
    with pytest.raises(Http404):
        _visit(client, factories.editor(factories.region("EL65", name_el="Πελοπόννησος")))


@pytest.mark.django_db
def test_an_editor_without_a_second_step_is_led_to_it(client) -> None:
    response = _visit(client, factories.editor(second_factor=False))
    assert response.headers["Location"] == "/el/account/2fa/"
