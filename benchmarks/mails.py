"""Ten thousand mails: queued one by one, together, and as questions about as many entries.

The questions are sent through a worker that is killed half way; none is lost.

The peer of queueing is what nothing can do without: an executemany INSERT of the same rows. The mails go
to a catcher on a real socket of this machine, from processes of their own.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb
from tests import template_database
from tests.notifications.mail_server import Caught, catching

from entaxis.accounts.models import Body
from entaxis.config import cluster
from entaxis.directory import confirming
from entaxis.directory.choices import Status
from entaxis.directory.models import Contact, Structure
from entaxis.geography.models import Area
from entaxis.notifications import actions, own_kinds
from entaxis.notifications.choices import Channel, State
from entaxis.notifications.models import Delivery, Message
from entaxis.vocabularies.models import Vocabulary
from entaxis.vocabularies.queries import terms

MAILS = 10_000
DATABASE = "bench_mails"
LIMIT_SECONDS = 30


def run() -> Iterator[dict[str, Any]]:
    """Queueing beside bare rows and beside the goal; what a killed worker costs."""
    template_database.copy(template_database.prepare(), DATABASE)
    connection.close()
    connection.settings_dict["NAME"] = DATABASE
    try:
        yield from _measured()
    finally:
        connection.close()
        template_database.drop(DATABASE)


def _measured() -> Iterator[dict[str, Any]]:
    call_command("load_geography", verbosity=0)
    together = _timed(_queue_together)
    _empty()
    queued = _timed(_queue)
    bare = _timed(lambda: _insert(*_rows_of_all()))
    yield _row("mails.10000_queued", queued, "s", "executemany INSERT of the same rows", bare)
    yield _row("mails.10000_queued.of_the_goal", queued, "s", "goal", LIMIT_SECONDS)
    yield _row("mails.10000_queued_together", together, "s", "executemany INSERT of the same rows", bare)
    _empty()
    _register()
    asked = _timed(lambda: confirming.ask(timezone.localdate()))
    queued_all = Delivery.objects.filter(channel=Channel.MAIL, state=State.QUEUED).count()
    yield _row("mails.10000_confirmations.asked", asked, "s", "executemany INSERT of the same rows", bare)
    yield _row("mails.10000_confirmations.asked.of_the_goal", asked, "s", "goal", LIMIT_SECONDS)
    yield _row("mails.10000_confirmations.not_queued", MAILS - queued_all, "mails", "limit", 0)
    connection.close()
    with catching() as caught:
        began = time.perf_counter()
        _send_through_a_kill(caught)
        seconds = time.perf_counter() - began
    times = Counter(caught.identities)
    yield _row("mails.10000_confirmations.lost", MAILS - len(times), "mails", "limit", 0)
    yield _row("mails.10000_confirmations.repeated", times.total() - len(times), "mails", "limit", 1)
    yield _row("mails.10000_confirmations.with_one_worker_killed", seconds, "s", None, None)


def _queue() -> None:
    region = Area.objects.regions().get(code="EL61")
    with transaction.atomic():
        for number in range(MAILS):
            actions.write_to(**_letter(number), kind=own_kinds.CONFIRM, region=region, url="/el/")


def _queue_together() -> None:
    region = Area.objects.regions().get(code="EL61")
    letters = [_letter(number) for number in range(MAILS)]
    actions.write_to_many(kind=own_kinds.CONFIRM, letters=letters, region=region, url="/el/")


def _register() -> None:
    """Ten thousand entries that nobody confirmed for a year, each with a mailbox of its own."""
    call_command("load_vocabularies", verbosity=0)
    region = Area.objects.regions().get(code="EL61")
    body = Body.objects.create(region=region, name_el="Φορέας", kind=Body.Kind.NGO)
    kind = terms(Vocabulary.Name.STRUCTURE_KINDS).filter(is_confidential=False)[0]
    long_ago = timezone.localdate() - timedelta(days=400)
    said = {"region": region, "body": body, "kind": kind, "status": Status.PUBLISHED, "is_synthetic": True}
    rows = [Structure(name_el=f"Δομή {n}", assured_date=long_ago, **said) for n in range(MAILS)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL entaxis.documents = 'later'")  # nobody searches here
        Structure.objects.bulk_create(rows, batch_size=1000)
        Contact.objects.bulk_create(
            [Contact(structure=row, email=f"structure{n}@example.org") for n, row in enumerate(rows)],
            batch_size=1000,
        )


def _letter(number: int) -> dict[str, Any]:
    return {
        "address": f"reader{number}@example.org",
        "language": "el",
        "context": {"what": "Δήμος Βόλου"},
    }


def _empty() -> None:
    Message.objects.all().delete()


Rows = list[tuple[Any, ...]]


def _rows_of_all() -> tuple[list[str], Rows, list[str], Rows]:
    """Columns and rows of what was queued, with keys of their own."""
    found = []
    for model, made in ((Message, "id"), (Delivery, "id")):
        columns = [field.column for field in model._meta.concrete_fields if field.column != made]
        rows = model._default_manager.values_list(*columns)
        found.append(
            (columns, [tuple(Jsonb(v) if isinstance(v, dict) else v for v in row) for row in rows])
        )
    (messages, said), (deliveries, sent) = found
    return messages, said, deliveries, sent


def _insert(messages: list[str], said: Rows, deliveries: list[str], sent: Rows) -> None:
    """The same cells into bare tables of the same columns, indexes and checks."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, rows in (
            ("notifications_message", messages, said),
            ("notifications_delivery", deliveries, sent),
        ):
            bare = f"bare_{table}"
            cursor.execute(f"CREATE TEMPORARY TABLE {bare} (LIKE {table} INCLUDING ALL) ON COMMIT DROP")
            cursor.execute(f"ALTER TABLE {bare} ALTER COLUMN id SET DEFAULT gen_random_uuid()")
            names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {bare} ({names}) VALUES ({places})", rows)


def _send_through_a_kill(caught: Caught) -> None:
    first = _worker(caught.port)

    def kill(number: int) -> None:
        if number == MAILS // 2:
            first.kill()
            first.wait()

    caught.accepting = kill
    first.wait()
    if _worker(caught.port).wait():
        raise RuntimeError("the second worker failed")


def _worker(port: int) -> subprocess.Popen[bytes]:
    address = cluster.find("test")
    environment = os.environ | {
        "ENTAXIS_MODE": "demo",
        "DATABASE_URL": address.url("entaxis_web", DATABASE),
        "OWNER_DATABASE_URL": address.url("entaxis_owner", DATABASE),
    }
    command = [sys.executable, "-m", "tests.notifications.work", "send", str(port)]
    return subprocess.Popen(command, env=environment)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _row(name: str, value: float, unit: str, peer: str | None, other: float | None) -> dict[str, Any]:
    ratio = round(value / other, 2) if other else None
    shown = round(other, 3) if other is not None else None
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "peer": peer,
        "peer_value": shown,
        "ratio": ratio,
    }
