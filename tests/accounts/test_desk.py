"""Where those who work here begin: their doors, all of them open, and how much waits."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entaxis.accounts.models import Body, User
from tests import factories
from tests.accounts.signing import signed_in

pytestmark = pytest.mark.django_db
DESK = "/el/office/"
NEED_PAGES = {
    "/editing/",
    "/el/office/brand/",
}  # closed before the region has its pages; the browser walks them


def _municipal_editor() -> User:
    place = factories.municipality()
    factories.body(kind=Body.Kind.MUNICIPALITY, municipality=place)
    return factories.municipal_editor(place)


PEOPLE: dict[str, Callable[[], User]] = {
    "region's administrator": factories.region_administrator,
    "editor": factories.editor,
    "municipality's administrator": factories.municipal_administrator,
    "municipality's editor": _municipal_editor,
    "body's administrator": factories.body_administrator,
    "body's member": factories.body_member,
    "clerk of a structure": lambda: factories.clerk(factories.structure()),
}


def _doors(page: str) -> list[str]:
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.findall(r'<li><a href="([^"]+)"', main)


@pytest.mark.parametrize("who", PEOPLE)
def test_every_door_of_a_desk_opens(who: str) -> None:
    client = signed_in(PEOPLE[who]())
    doors = _doors(client.get(DESK).content.decode())
    assert doors
    for door in set(doors) - NEED_PAGES:
        assert client.get(door).status_code == 200, door


def test_what_is_the_administrators_is_not_on_the_desk_of_others() -> None:
    assert "/el/office/brand/" in _doors(
        signed_in(factories.region_administrator()).get(DESK).content.decode()
    )
    assert "/el/office/brand/" not in _doors(signed_in(factories.editor()).get(DESK).content.decode())


def test_somebody_without_a_role_is_shown_how_to_ask_for_one() -> None:
    factories.region()
    page = signed_in(factories.user()).get(DESK)
    assert not _doors(page.content.decode())
    assert "/el/me/requests/new/" in page.content.decode()


def test_a_desk_says_how_much_waits_and_asks_no_more_for_thirty_than_for_one() -> None:
    client = signed_in(factories.region_administrator())

    def asked() -> tuple[int, str]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(DESK).content.decode()
        return len(queries), page

    factories.access_request()
    asked()
    at_one, page = asked()
    assert "1 περιμένει" in page
    for _ in range(29):
        factories.access_request()
    at_thirty, page = asked()
    assert "30 περιμένουν" in page
    assert at_thirty == at_one <= 25
