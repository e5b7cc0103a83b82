"""Who reaches which object through which address: own, of others, of another region, closed.

The table names who may; everybody else must be told that there is nothing (404), by every method.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts.models import Body, Membership, User
from entaxis.accounts.rules import Role as Height
from entaxis.geography.models import Area
from tests import factories
from tests.accounts.signing import signed_in

Role = Membership.Role
Place = Area | Body
TOP = {"region's administrator", "platform's administrator"}
# place → who administers its people there
PEOPLE_OF = {
    "own body": TOP | {"own body's administrator"},
    "other body": TOP,
    "municipality's body": TOP | {"municipality's administrator"},
    "municipality": TOP | {"municipality's administrator"},
    "other municipality": TOP,
    "region": TOP,
    "closed body": set(),
    "body of another region": set(),
    "municipality of another region": set(),
}
DISSOLVES = PEOPLE_OF | {"own body": TOP}
RECOVERS = PEOPLE_OF | {"closed body": {"platform's administrator"}}  # a person without a role anywhere
READS_REQUESTS = PEOPLE_OF | {"closed body": TOP}
BODIES = [place for place in PEOPLE_OF if "body" in place]


@dataclass(frozen=True)
class World:
    """Places and people of the table."""

    places: dict[str, Place]
    people: dict[str, User]


@pytest.fixture
def world(db: None) -> World:
    home = factories.region("EL61")
    away = factories.region("EL65", name_el="Πελοπόννησος")
    there = factories.municipality("4101", unit=factories.regional_unit("41", inside=away), name_el="Άργος")
    here = factories.municipality()
    municipal = {"kind": Body.Kind.MUNICIPAL_SOCIAL_SERVICE, "municipality": here}
    places: dict[str, Place] = {
        "own body": factories.body(home),
        "other body": factories.body(home),
        "municipality's body": factories.body(home, **municipal),
        "municipality": here,
        "other municipality": factories.municipality("2402", name_el="Αλμυρός"),
        "region": home,
        "closed body": factories.body(home),
        "body of another region": factories.body(away),
        "municipality of another region": there,
    }
    own, closed = places["own body"], places["closed body"]
    people = {
        "own body's member": factories.body_member(of=own),
        "own body's administrator": factories.body_administrator(of=own),
        "municipality's administrator": factories.municipal_administrator(here),
        "region's editor": factories.editor(home),
        "region's administrator": factories.region_administrator(home),
        "platform's administrator": factories.administrator(),
        "other region's administrator": factories.region_administrator(away),
    }
    factories.membership(people["own body's administrator"], Role.BODY_ADMINISTRATOR, closed)
    return World(places, people)


def _close(world: World) -> None:
    closed = world.places["closed body"]
    Body.objects.filter(pk=closed.pk).update(dissolved_on=timezone.localdate() - timedelta(days=1))


def _of_place(place: Place, page: str) -> str:
    if isinstance(place, Body):
        return reverse(f"accounts:body-{page}", args=[place.pk])
    if place.level == "region":
        return reverse(f"accounts:region-{page}")
    return reverse(f"accounts:municipality-{page}", args=[place.code])


def _membership(place: Place) -> Membership:
    lowest = {Body: Role.BODY_MEMBER}.get(type(place)) or (
        Role.EDITOR if place.level == "region" else Role.MUNICIPAL_EDITOR
    )
    person = factories.member(lowest, place, second_factor=True)
    return person.memberships.get()


def _answers(world: World, method: str, address: str) -> dict[str, int]:
    statuses = {}
    for who, person in world.people.items():
        client: Client = signed_in(person)
        statuses[who] = getattr(client, method)(address, {}).status_code
    return statuses


def _wrong(world: World, method: str, address: str, may: set[str]) -> Iterator[str]:
    for who, status in _answers(world, method, address).items():
        passes = status in {200, 302, 422}
        if passes != (who in may) or (not passes and status != 404):
            yield f"{who}: {method} {address}: {status}"


Maker = Callable[[Place], str]
PAGES: dict[str, tuple[str, dict[str, set[str]], Maker]] = {
    "people": ("get", PEOPLE_OF, lambda place: _of_place(place, "people")),
    "inviting": ("post", PEOPLE_OF, lambda place: _of_place(place, "invite")),
    "changing a role": (
        "post",
        PEOPLE_OF,
        lambda place: reverse("accounts:role", args=[_membership(place).pk]),
    ),
    "recovery-ask": (
        "get",
        PEOPLE_OF,
        lambda place: reverse("accounts:recovery-ask", args=[_membership(place).pk]),
    ),
    "recovery": (
        "get",
        RECOVERS,
        lambda place: reverse("accounts:recovery", args=[factories.recovery(_membership(place).user).pk]),
    ),
}


@pytest.mark.parametrize("page", PAGES)
def test_who_reaches_the_people_of_a_place(world: World, page: str) -> None:
    method, table, make = PAGES[page]
    addresses = {place: make(where) for place, where in world.places.items()}
    _close(world)
    wrong = [
        f"{place}: {line}"
        for place, address in addresses.items()
        for line in _wrong(world, method, address, table[place])
    ]
    assert not wrong, "\n".join(wrong)


def test_who_dissolves_a_body(world: World) -> None:
    _close(world)
    wrong = [
        f"{place}: {line}"
        for place in BODIES
        for address in [reverse("accounts:dissolve", args=[world.places[place].pk])]
        for line in _wrong(world, "post", address, DISSOLVES[place])
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", ["end", "invitation-again", "invitation-withdraw"])
def test_who_ends_a_role_and_answers_for_an_invitation(world: World, page: str, queue) -> None:
    """Each tries with an object of their own: the first who may would take it from the others."""
    _close(world)
    wrong = []
    for place, where in world.places.items():
        for who, person in world.people.items():
            row = _membership(where) if page == "end" else factories.invitation(where)
            status = signed_in(person).post(reverse(f"accounts:{page}", args=[row.pk])).status_code
            if status != (302 if who in PEOPLE_OF[place] else 404):
                wrong.append(f"{place}: {who}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", ["request", "evidence"])
def test_who_reads_a_request_and_its_evidence(world: World, page: str) -> None:
    rows = {}
    for place in BODIES:
        body = world.places[place]
        rows[place] = factories.access_request(Area.objects.get(pk=body.region_id), body=body)
    _close(world)
    wrong = [
        f"{place}: {line}"
        for place, row in rows.items()
        for line in _wrong(world, "get", reverse(f"accounts:{page}", args=[row.pk]), READS_REQUESTS[place])
    ]
    assert not wrong, "\n".join(wrong)


def test_what_is_ones_own_is_nobody_elses(world: World) -> None:
    row = factories.access_request(world.places["region"], user=world.people["own body's member"])
    own = world.people["own body's member"].memberships.get()
    ones = {"own body's member"}
    assert not list(_wrong(world, "get", reverse("accounts:leave", args=[own.pk]), ones))
    withdraw = reverse("accounts:request-withdraw", args=[row.pk])
    assert not list(_wrong(world, "post", withdraw, ones))


def test_every_address_of_the_room_with_an_object_is_in_this_table() -> None:
    """A new one is added here, or this fails."""
    from entaxis.accounts.urls import urlpatterns
    from entaxis.config.access import ROUTES

    here = {
        "people",
        "invite",
        "role",
        "end",
        "recovery-ask",
        "recovery",
        "dissolve",
        "request",
        "evidence",
    }
    here |= {"invitation-again", "invitation-withdraw", "leave", "request-withdraw"}
    with_object = {
        pattern.name.removeprefix("body-").removeprefix("municipality-")
        for pattern in urlpatterns
        if pattern.pattern.converters and ROUTES[f"accounts:{pattern.name}"][1] > Height.VISITOR
    }
    assert with_object - {"gsis-tie"} == here
