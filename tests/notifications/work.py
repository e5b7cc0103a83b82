"""What a test has done by a process: ``python -m tests.notifications.work queue|work|send NUMBER``."""

import sys

import django
from django.test.utils import override_settings


def queue(number: int) -> None:
    """Write to so many people, as a page does: one transaction, then a task."""
    from django.db import transaction

    from entaxis.geography.models import Area, Level
    from entaxis.notifications import actions, own_kinds

    region, _made = Area.objects.get_or_create(
        level=Level.REGION, register_year=2019, code="EL61", defaults={"name_el": "Θεσσαλία"}
    )
    with transaction.atomic():
        for turn in range(number):
            actions.write_to(
                kind=own_kinds.CONFIRM, address=f"reader{turn}@example.org", region=region, url="/el/"
            )


def work(port: int) -> None:
    """Be a worker until no task is left; mail goes to ``port`` of this machine."""
    from procrastinate.contrib.django import app

    with _mail_to(port), app.replace_connector(app.connector.get_worker_connector()):
        # one task at a time: the minute's own would send beside it, each with a mail in hand
        app.run_worker(queues=["mail"], wait=False, install_signal_handlers=False, concurrency=1)


def send(port: int) -> None:
    """Do what the task does, without waiting for one."""
    from entaxis.notifications import delivery

    with _mail_to(port):
        delivery.deliver_due()


def _mail_to(port: int) -> override_settings:
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
    )


if __name__ == "__main__":
    django.setup()
    {"queue": queue, "work": work, "send": send}[sys.argv[1]](int(sys.argv[2]))
