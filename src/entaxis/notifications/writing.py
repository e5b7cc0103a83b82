"""Making the rows of messages; every way of telling comes through here."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from procrastinate.exceptions import AlreadyEnqueued

from entaxis.geography.models import Area
from entaxis.notifications import addresses
from entaxis.notifications.choices import Channel, Pace, State
from entaxis.notifications.kinds import Kind, Words
from entaxis.notifications.models import Delivery, Message

DIGEST_HOUR: Final = 7  # local
MONDAY: Final = 0
A_BATCH: Final = 1000  # rows a statement
LONGEST_TITLE: Final = 200
Context = Mapping[str, Any] | None


def message(
    kind: Kind, region: Area, language: str, *, about: Words, url: Words, context: Context, **whose: Any
) -> Message:
    """A message in its reader's language, not yet stored; ``whose`` says to whom and on what occasion."""
    with translation.override(language):
        return Message(
            region=region,
            kind=kind.key,
            title=str(about)[:LONGEST_TITLE],
            url=str(url),
            context={name: _said(value) for name, value in (context or {}).items()},
            language=language,
            **whose,
        )


def _said(value: Any) -> Any:
    return str(value) if isinstance(value, Promise) else value


def portal(message: Message) -> Delivery:
    """Its place in the centre."""
    return Delivery(message=message, channel=Channel.PORTAL, state=State.SENT, sent_at=timezone.now())


def mail(message: Message, pace: Pace = Pace.AT_ONCE) -> Delivery:
    """Its mail: sent soon, or held for the next summary."""
    identity = uuid.uuid4()
    return Delivery(
        id=identity,
        message=message,
        channel=Channel.MAIL,
        state=State.QUEUED if pace is Pace.AT_ONCE else State.HELD,
        due_at=timezone.now() if pace is Pace.AT_ONCE else next_digest(pace),
        mail_identity=f"<{identity.hex}@{addresses.own_domain()}>",
    )


def next_digest(pace: Pace, after: datetime | None = None) -> datetime:
    """When the next daily or weekly (Monday's) summary goes out."""
    now = timezone.localtime(after)
    at = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    while at <= now or (pace is Pace.WEEKLY and at.weekday() != MONDAY):
        # by the calendar, so that the hour stays where the clock is changed
        at = timezone.make_aware((at + timedelta(days=1)).replace(tzinfo=None))
    return at


def store(messages: list[Message], deliveries: list[Delivery]) -> None:
    """Write it all down, all or nothing, and let a worker send after the commit."""
    # no savepoint: a refusal by the database undoes the caller's change as well, which told of it
    with transaction.atomic(savepoint=False):
        Message.objects.bulk_create(messages, batch_size=A_BATCH)
        Delivery.objects.bulk_create(deliveries, batch_size=A_BATCH)
        if any(delivery.state == State.QUEUED for delivery in deliveries):
            wake_on_commit()


def wake_on_commit() -> None:
    """Let a worker send once this transaction stands; asked once a transaction, however many mails."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake)


def _wake() -> None:
    """Queue the sending unless it is queued already; a periodic task finds what is missed."""
    from entaxis.notifications.tasks import deliver

    try:
        deliver.defer()
    except AlreadyEnqueued:
        return
