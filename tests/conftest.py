"""What every test stands on: a pre-migrated database, and the web's own database role."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import pytest_django
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from entaxis.core import kept
from tests import template_database

CHECKOUT = Path(__file__).resolve().parents[1]
LOADING = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the pre-migrated template; build it once for all workers."""
    (CHECKOUT / "var/static").mkdir(parents=True, exist_ok=True)
    template_database.prepare(is_first=not hasattr(config, "workerinput"))


@pytest.hookimpl(trylast=True)  # after the folders have marked theirs
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have the demonstration loaded while half of the other tests run; then come those that need it."""
    needing = [item for item in items if item.get_closest_marker("demonstration")]
    others = [item for item in items if not item.get_closest_marker("demonstration")]
    if not needing or config.option.collectonly:
        return
    half = len(others) // 2
    items[:] = others[:half] + needing + others[half:]
    if getattr(config, "workerinput", {}).get("workerid", "gw0") == "gw0":
        # whatever stops it is said by the first test that needs it, which then loads it itself
        command = [sys.executable, "-c", "from tests.browser import server; server.loaded_template()"]
        config.stash[LOADING] = subprocess.Popen(
            command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nobody waits for the demonstration any more; half of one is dropped by the next run."""
    if (loading := config.stash.get(LOADING, None)) is not None:
        loading.terminate()
        loading.wait()


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
def _own_language() -> Iterator[None]:
    """Every test begins in the platform's language, whatever a request before it asked for."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What a process keeps for a while is of the test before, whose rows are gone."""
    kept.forget()


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


@pytest.fixture
def queries_stay(db: None) -> Callable[..., int]:
    """Whether reading costs as many queries with 30 rows as with 1.

        queries_stay(grow=lambda n: [factories.structure() for _ in range(n)], read=lambda: client.get(url))

    Returns how many queries it costs.
    """

    def counted(read: Callable[[], object]) -> list[str]:
        read()  # what is kept between requests is kept now
        with CaptureQueriesContext(connection) as context:
            read()
        return [query["sql"] for query in context.captured_queries]

    def check(*, grow: Callable[[int], object], read: Callable[[], object]) -> int:
        grow(1)
        few = counted(read)
        grow(29)
        many = counted(read)
        assert len(many) <= len(few), (
            f"{len(few)} queries for 1 row, {len(many)} for 30; added:\n"
            + "\n".join(sql[:200] for sql in many if sql not in few)
        )
        return len(many)

    return check
