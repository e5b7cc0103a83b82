"""What every test stands on: a pre-migrated database, and the web's own database role."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_django
from django.db import connection

from tests import template_database

CHECKOUT = Path(__file__).resolve().parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Name the pre-migrated template; build it once for all workers."""
    (CHECKOUT / "var/static").mkdir(parents=True, exist_ok=True)
    template_database.prepare(is_first=not hasattr(config, "workerinput"))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[None]:
    """A copy of the template for each worker: no migration runs again."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    name = f"test_entaxis_{worker}"
    template_database.copy(os.environ["ENTAXIS_TEST_TEMPLATE"], name)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        yield
        connection.close()
    template_database.drop(name)


@pytest.fixture(autouse=True)
def _web_role(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests see the database with the rights of the web, not of the tables' owner."""
    names = {"db", "transactional_db"} & set(request.fixturenames)
    if not names and request.node.get_closest_marker("django_db") is None:
        yield
        return
    marker = request.node.get_closest_marker("django_db")
    transactional = "transactional_db" in names or (marker and marker.kwargs.get("transaction"))
    request.getfixturevalue("transactional_db" if transactional else "db")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE entaxis_web")
    yield
    if transactional:  # elsewhere the test's roll-back takes the role back
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    """For the rare test that looks at what only the owner of the tables may see."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE entaxis_web")
