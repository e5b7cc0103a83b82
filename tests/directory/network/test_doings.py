"""What a body does, on its page: a few of each part, all of them one step further."""

import pytest
from django.test import Client

from entaxis.accounts.models import Body
from entaxis.directory.network.doings import FEW
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> Body:
    return factories.body(name_el="Φορέας που κάνει")


def _page(body: Body, part: str = "") -> str:
    tail = f"does/{part}/" if part else ""
    return Client().get(f"/en/network/bodies/{body.pk}/{tail}").content.decode()


def _fill(body: Body, number: int) -> None:
    home = body.region
    for each in range(number):
        factories.structure(body=body, region=home, name_el=f"Δομή {each}")
        factories.volunteer_request(body, title_el=f"Αίτημα {each}")
        factories.practice(body, title_el=f"Πρακτική {each}")
        factories.network(body, title_el=f"Δίκτυο {each}")
        factories.action(home, body=body, title_el=f"Δράση {each}")
        factories.news(home, body=body, title_el=f"Νέο {each}")


def test_everything_it_does_stands_there_and_nothing_of_others(body: Body) -> None:
    assert "Its structures" not in _page(body)
    _fill(body, 1)
    _fill(factories.body(body.region), 1)
    said = _page(body)
    for title in ("Δομή 0", "Αίτημα 0", "Πρακτική 0", "Δίκτυο 0", "Δράση 0", "Νέο 0"):
        assert said.count(title) == 1, title
    assert "/does/" not in said


def test_the_rest_is_one_step_further(body: Body) -> None:
    _fill(body, FEW + 1)
    said = _page(body)
    for part in ("structures", "volunteering", "practices", "networks", "actions", "news"):
        assert said.count(f"/does/{part}/") == 1
        assert _page(body, part).count("<h2><a") == FEW + 1
    assert Client().get(f"/en/network/bodies/{body.pk}/does/nothing/").status_code == 404
    foreign = factories.body(factories.region("EL65"))
    assert Client().get(f"/en/network/bodies/{foreign.pk}/does/news/").status_code == 404


def test_networks_that_it_joined_are_its_own_too(body: Body) -> None:
    other = factories.network(factories.body(body.region), title_el="Δίκτυο άλλων")
    joined = factories.network_member(other, body=body)
    assert ("Δίκτυο άλλων" in _page(body)) is (joined.state == joined.State.MEMBER)
    joined.state = joined.State.INVITED
    joined.save()
    assert "Δίκτυο άλλων" not in _page(body)


def test_what_readers_do_not_see_betrays_nothing(body: Body) -> None:
    """Nor does a request whose volunteers are checked first: nobody reads whose it is."""
    home = body.region
    factories.confidential_structure(body=body, region=home, name_el="Ξενώνας")
    factories.volunteer_request(body, title_el="Με παιδιά", needs_vetting=True)
    factories.practice(body, title_el="Πρόχειρη", state="draft", published_at=None)
    factories.news(home, body=body, title_el="Υποβλημένο", state="submitted")
    said = _page(body) + _page(body, "volunteering") + _page(body, "news")
    for title in ("Ξενώνας", "Με παιδιά", "Πρόχειρη", "Υποβλημένο"):
        assert title not in said


def test_the_queries_stay_the_same(body: Body, queries_stay) -> None:
    _fill(body, 1)
    assert queries_stay(grow=lambda number: _fill(body, number), read=lambda: _page(body)) <= 30


def test_the_queries_of_a_part_stay_the_same(body: Body, queries_stay) -> None:
    def grow(number: int) -> None:
        _fill(body, number)

    for part in ("structures", "networks", "actions"):
        assert queries_stay(grow=grow, read=lambda part=part: _page(body, part)) <= 20
