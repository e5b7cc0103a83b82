"""Signing in for tests of pages that ask once more who it is; doing what waits in the queue."""

import time

from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from entaxis.accounts.models import User


def signed_in(person: User, **extra: str) -> Client:
    """A browser of somebody who has proved a moment ago who they are."""
    client = Client(**extra)
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def work(queue: InMemoryConnector) -> None:
    """Do what waits, in this thread and in the test's own transaction."""
    for job in queue.jobs.values():
        if job["status"] == "todo":
            job["status"] = "succeeded"
            app.tasks[job["task_name"]].func(**job["args"])
