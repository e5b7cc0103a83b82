"""Telling people. Rows are written in the caller's transaction; a task sends after the commit."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from procrastinate.exceptions import AlreadyEnqueued

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.notifications import addresses, kinds
from entaxis.notifications.choices import Channel, Pace, State
from entaxis.notifications.kinds import Kind, Words
from entaxis.notifications.models import Delivery, Message, Preference

DIGEST_HOUR: Final = 7  # local
MONDAY: Final = 0
A_BATCH: Final = 1000  # rows a statement
LONGEST_TITLE: Final = 200
Context = Mapping[str, Any] | None


@transaction.atomic
def notify(
    *,
    kind: Kind | str,
    to: Iterable[User],
    region: Area,
    about: Words,
    url: Words = "",
    context: Context = None,
    occasion: str = "",
) -> list[Message]:
    """Tell people with an account, in the portal and as they wish by mail; returns what was written.

    ``about`` is a neutral title: no need, no name of a person. ``url`` is a path ("/el/…"). Lazy words
    (``gettext_lazy``, ``reverse_lazy``) are said in each reader's language. ``context`` holds plain
    values for the mail's template. With an ``occasion`` ("structure:…:asked back:3") nobody is told twice.

    Raises:
        UnknownKindError: nobody declared the kind.
    """
    known = _kind(kind)
    people = {user.pk: user for user in to if user.is_active}
    if occasion:
        told = Message.objects.filter(kind=known.key, occasion=occasion, user__in=people)
        for pk in told.values_list("user_id", flat=True):
            people.pop(pk, None)
    wishes: dict[uuid.UUID | None, str] = dict(
        Preference.objects.filter(kind=known.key, user__in=people).values_list("user_id", "pace")
    )
    said: dict[str, Any] = {"about": about, "url": url, "context": context, "occasion": occasion}
    rows = [_message(known, region, user.language, user=user, **said) for user in people.values()]
    Message.objects.bulk_create(rows, batch_size=A_BATCH)
    now = timezone.now()
    deliveries = [
        Delivery(message=row, channel=Channel.PORTAL, state=State.SENT, sent_at=now) for row in rows
    ]
    for row in rows:
        pace = known.pace_for(wishes.get(row.user_id))
        if pace is not Pace.NEVER:
            deliveries.append(_mail(row, pace))
    _store(deliveries)
    return rows


def write_to(
    *,
    kind: Kind | str,
    address: str,
    region: Area,
    language: str = "el",
    about: Words = "",
    url: Words = "",
    context: Context = None,
    occasion: str = "",
) -> Message | None:
    """Write a mail to somebody without an account; None where this occasion was told already.

    Raises:
        UnknownKindError: nobody declared the kind.
        ValidationError: the address is none.
    """
    letter = {"address": address, "language": language, "context": context or {}}
    written = write_to_many(
        kind=kind, letters=[letter], region=region, about=about, url=url, occasion=occasion
    )
    return written[0] if written else None


@transaction.atomic
def write_to_many(
    *,
    kind: Kind | str,
    letters: Iterable[Mapping[str, Any]],
    region: Area,
    about: Words = "",
    url: Words = "",
    occasion: str = "",
) -> list[Message]:
    """Write mails of one kind to many; each letter has address, language, context."""
    known = _kind(kind)
    by_address = {addresses.canonical(letter["address"]): letter for letter in letters}
    if occasion:
        told = Message.objects.filter(kind=known.key, occasion=occasion, address__in=by_address)
        for address in told.values_list("address", flat=True):
            by_address.pop(address, None)
    said: dict[str, Any] = {"about": about, "url": url, "occasion": occasion}
    rows = [
        _message(known, region, letter["language"], context=letter["context"], address=address, **said)
        for address, letter in by_address.items()
    ]
    Message.objects.bulk_create(rows, batch_size=A_BATCH)
    _store([_mail(row, Pace.AT_ONCE) for row in rows])
    return rows


def _kind(kind: Kind | str) -> Kind:
    return kind if isinstance(kind, Kind) else kinds.get(kind)


def _message(
    kind: Kind, region: Area, language: str, *, about: Words, url: Words, context: Context, **whose: Any
) -> Message:
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


def _mail(message: Message, pace: Pace) -> Delivery:
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


def _store(deliveries: list[Delivery]) -> None:
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
