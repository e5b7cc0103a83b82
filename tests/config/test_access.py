"""The matrix of `config.access` is whole, and every row of it is what really happens."""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch
from django.utils import translation

from entaxis.accounts.models import User
from entaxis.accounts.rules import Role
from entaxis.config import access
from tests import factories
from tests.config.routes import EXAMPLES, Route, walk

ROUTES = list(walk())
SINGLE = [route for route in ROUTES if access.group_of(route.written) is None]
DECLARED = [route for route in SINGLE if route.name in access.ROUTES]
# who tries the doors that are open to visitors or to everybody signed in
OPEN_TO_ALL = {"a visitor", "a person without a role", "the administrator"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def test_every_address_is_declared() -> None:
    missing = [
        f'    "{route.name}": ("GET", VISITOR),  # {route.written} → {route.view}'
        for route in SINGLE
        if route.name not in access.ROUTES
    ]
    assert not missing, (
        "These addresses are not declared, so nobody is served. Add to ROUTES in "
        "src/entaxis/config/access.py, with the methods and the lowest role that each needs "
        "(a nameless route needs a name first):\n" + "\n".join(missing)
    )


def test_everything_declared_exists() -> None:
    absent = sorted(access.ROUTES.keys() - {route.name for route in SINGLE})
    assert not absent, f"Declared in src/entaxis/config/access.py, but no address has this name: {absent}"
    idle = [prefix for prefix in access.GROUPS if not any(r.written.startswith(prefix) for r in ROUTES)]
    assert not idle, f"No address begins with these groups of src/entaxis/config/access.py: {idle}"


def test_examples_belong_to_routes() -> None:
    strange = sorted(EXAMPLES.keys() - {route.name for route in ROUTES})
    assert not strange, f"tests/config/routes.py has examples for routes that do not exist: {strange}"


@dataclass(frozen=True)
class Person:
    """Somebody who tries the doors."""

    who: str
    role: Role  # in the region whose host is asked
    cookies: dict[str, str]


def _people() -> list[Person]:
    home, away = factories.region("EL61"), factories.region("EL65", name_el="Πελοπόννησος")
    people: list[tuple[Role, str, User | None]] = [
        (Role.VISITOR, "a visitor", None),
        (Role.SIGNED_IN, "a person without a role", factories.user()),
        (Role.BODY_MEMBER, "a member of a body", factories.body_member(home)),
        (Role.BODY_MEMBER, "a body's administrator", factories.body_administrator(home)),
        (Role.BODY_MEMBER, "a municipality's editor", factories.municipal_editor()),
        (Role.BODY_MEMBER, "a municipality's administrator", factories.municipal_administrator()),
        (Role.EDITOR, "an editor", factories.editor(home)),
        (Role.REGION_ADMINISTRATOR, "a region's administrator", factories.region_administrator(home)),
        (Role.ADMINISTRATOR, "the administrator", factories.administrator()),
        (Role.SIGNED_IN, "an editor of another region", factories.editor(away)),
        (Role.SIGNED_IN, "another region's administrator", factories.region_administrator(away)),
    ]
    return [Person(who, role, _session(person)) for role, who, person in people]


def _session(person: User | None) -> dict[str, str]:
    client = Client()
    if person:
        client.force_login(person)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def test_every_row_holds(db: None) -> None:
    """Every role tries every declared method, a visitor all others: all is answered as declared."""
    people = _people()
    wrong = [
        f"{route.name}: {person.who} {method} {address}: {happened}; {expected} expected"
        for route in DECLARED
        for address in [_address(route)]
        for person in people
        if access.ROUTES[route.name][1].is_staff or person.who in OPEN_TO_ALL
        for method in METHODS
        if method in access.ROUTES[route.name][0].split() or person.role is Role.VISITOR
        for happened, expected in [_try(person, access.ROUTES[route.name], method, address)]
        if expected
    ]
    assert not wrong, "\n".join(wrong)


def _address(route: Route) -> str:
    try:
        with translation.override("el"):
            return route.address(factories.region("EL61"))
    except NoReverseMatch as error:
        pytest.fail(f"tests/config/routes.py needs EXAMPLES[{route.name!r}]: {error}")


def _try(person: Person, row: access.Row, method: str, address: str) -> tuple[str, str | None]:
    """What happened, and what should have happened where it is something else."""
    client = Client(headers={"host": "thessaly.localhost"}, raise_request_exception=False)
    client.cookies.load(person.cookies)
    with transaction.atomic():
        response = client.generic(method, address)
        transaction.set_rollback(True)
    status, target = response.status_code, response.headers.get("Location", "")
    return f"{status} {target}".strip(), _expected(person.role, row, method, status, target)


def _expected(role: Role, row: access.Row, method: str, status: int, target: str) -> str | None:
    """What the row promises, None where that is what happened."""
    if method not in access.methods(row):
        return None if status == 405 else "405"
    if role < row[1] and role is Role.VISITOR:
        return None if status == 302 and "/account/login/?next=" in target else "302 to sign in"
    if role < row[1]:
        return None if status == 404 else "404"
    sent_away = status == 302 and "/account/login/?next=" in target
    return "an answer" if status in {401, 403, 405} or status >= 500 or sent_away else None


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REGION_ADMINISTRATOR, Role.ADMINISTRATOR])
def test_a_role_of_the_staff_needs_a_second_factor(role: Role) -> None:
    assert role.is_staff


def test_an_undeclared_address_is_not_served(client: Client, db: None, monkeypatch) -> None:
    monkeypatch.delitem(access.ROUTES, "account_login")
    factories.region()
    assert client.get("/el/account/login/").status_code == 404


def test_objects_of_another_region_do_not_exist(db: None) -> None:
    """The staff of one region, on their own host, with the address of another region's object."""
    home, away = factories.region("EL61"), factories.region("EL65", name_el="Πελοπόννησος")
    client = Client(headers={"host": "thessaly.localhost"}, raise_request_exception=False)
    client.force_login(factories.region_administrator(home))
    wrong = []
    for route in DECLARED:
        if route.name not in EXAMPLES or "pk" not in route.converters:
            continue
        with translation.override("el"):
            address = route.address(away)
        for method in access.ROUTES[route.name][0].split():
            status = client.generic(method, address).status_code
            if status != 404:
                wrong.append(f"{route.name}: {method} {address}: {status}, 404 expected")
    assert not wrong, "\n".join(wrong)
