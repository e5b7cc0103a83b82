"""What happens every night."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from entaxis.config import tasks


@pytest.fixture
def queue() -> Iterator[InMemoryConnector]:
    connector = InMemoryConnector()
    with app.replace_connector(connector):
        yield connector


def test_the_clock_knows_every_nightly_task() -> None:
    known = app.periodic_registry.periodic_tasks.values()
    crons = {each.task.name: each.cron for each in known if each.task.name.startswith("config.")}
    assert crons == {
        "config.forget_sign_ins": "23 3 * * *",
        "config.forget_jobs": "33 3 * * *",
    }


@pytest.mark.django_db
def test_failed_sign_ins_and_ended_sessions_are_forgotten() -> None:
    for hours in (1, 30):
        attempt = AccessAttempt.objects.create(
            username=f"{hours}", ip_address="192.0.2.1", failures_since_start=1
        )
        moment = timezone.now() - timedelta(hours=hours)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=moment)
    for seconds in (-60, 60):
        session = SessionStore()
        session.set_expiry(timezone.now() + timedelta(seconds=seconds))
        session.create()
    tasks.forget_sign_ins(timestamp=0)
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["1"]
    assert Session.objects.get().expire_date > timezone.now()


def test_finished_tasks_are_forgotten_after_a_month(
    queue: InMemoryConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})  # whatever the hour, nothing is due

    def a_night() -> None:
        for days in (10, 31):
            number = app.configure_task("config.forget_sign_ins", queueing_lock=None).defer(timestamp=days)
            queue.jobs[number]["status"] = "failed"
            finished = timezone.now() - timedelta(days=days)
            queue.events[number] = [{"type": "failed", "at": finished}]
        tasks.forget_jobs.defer(timestamp=0)
        app.run_worker(wait=False, install_signal_handlers=False)

    with ThreadPoolExecutor(1) as thread:  # a browser test that came before keeps a loop in this one
        thread.submit(a_night).result()
    # the one of 31 days went; what the worker did just now leaves no row (PROCRASTINATE_WORKER_DEFAULTS)
    assert [job["args"]["timestamp"] for job in queue.jobs.values()] == [10]
