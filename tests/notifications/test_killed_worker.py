"""A real worker, a real mail server, and kill -9 in the middle."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from entaxis.config import cluster as clusters
from tests import template_database
from tests.notifications.mail_server import catching

CHECKOUT = Path(__file__).resolve().parents[2]
MAILS = 12
KILLED_AT = 5


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """A database of its own: what other processes do there no roll-back takes back."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    name = f"test_entaxis_mail_{worker}"
    template_database.copy(os.environ["ENTAXIS_TEST_TEMPLATE"], name)
    cluster = clusters.find("test")
    yield os.environ | {
        "ENTAXIS_MODE": "demo",
        "DATABASE_URL": cluster.url("entaxis_web", name),
        "OWNER_DATABASE_URL": cluster.url("entaxis_owner", name),
    }
    template_database.drop(name)


def _process(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.notifications.work", *arguments]
    return subprocess.Popen(command, env=environment, cwd=CHECKOUT)


def _run(environment: dict[str, str], *arguments: str) -> int:
    return _process(environment, *arguments).wait(timeout=60)


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _states(environment: dict[str, str]) -> Counter[str]:
    with psycopg.connect(make_conninfo(environment["OWNER_DATABASE_URL"])) as connection:
        return Counter(state for (state,) in connection.execute("SELECT state FROM notifications_delivery"))


def _attempts(environment: dict[str, str]) -> list[tuple[str, int, str]]:
    """What became of each attempt, for whoever reads a failure."""
    with psycopg.connect(make_conninfo(environment["OWNER_DATABASE_URL"])) as connection:
        tried = "SELECT state, attempts, fault FROM notifications_delivery WHERE attempts > 0"
        return connection.execute(tried).fetchall()


def test_a_killed_worker_loses_nothing_and_repeats_one_at_most(environment) -> None:
    assert _run(environment, "queue", str(MAILS)) == 0
    with catching() as caught:
        worker = _process(environment, "work", str(caught.port))
        # the mail is taken, its sender not told: between sending and noting
        caught.accepting = lambda number: _kill(worker) if number == KILLED_AT else None
        assert worker.wait(timeout=60) == -signal.SIGKILL
        assert len(caught.identities) == KILLED_AT
        repeated = caught.identities[-1]
        noted = {"sent": KILLED_AT - 1, "queued": MAILS - KILLED_AT + 1}
        assert _states(environment) == noted, (caught.identities, _attempts(environment))
        # what comes next wakes another worker, as the clock would within a minute
        assert _run(environment, "queue", "1") == 0
        assert _run(environment, "work", str(caught.port)) == 0
        times = Counter(caught.identities)
    assert len(times) == MAILS + 1, "none is lost"
    assert {identity for identity, number in times.items() if number > 1} == {repeated}
    assert times[repeated] == 2, "repeated once, under the same Message-ID"
    assert _states(environment) == {"sent": MAILS + 1}


def test_two_workers_at_once_send_nothing_twice(environment) -> None:
    assert _run(environment, "queue", "40") == 0
    with catching() as caught:
        workers = [_process(environment, "send", str(caught.port)) for _number in range(2)]
        assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
        assert sorted(Counter(caught.identities).values()) == [1] * 40
    assert _states(environment) == {"sent": 40}
