"""Telling people. Rows are written in the caller's transaction; a task sends after the commit."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.notifications import addresses, kinds, writing
from entaxis.notifications.choices import Pace, State
from entaxis.notifications.kinds import Kind, Words
from entaxis.notifications.models import Delivery, Message, Preference
from entaxis.notifications.writing import Context


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
    rows = [writing.message(known, region, user.language, user=user, **said) for user in people.values()]
    deliveries = [writing.portal(row) for row in rows]
    for row in rows:
        pace = known.pace_for(wishes.get(row.user_id))
        if pace is not Pace.NEVER:
            deliveries.append(writing.mail(row, pace))
    writing.store(rows, deliveries)
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
        writing.message(
            known, region, letter["language"], context=letter["context"], address=address, **said
        )
        for address, letter in by_address.items()
    ]
    writing.store(rows, [writing.mail(row) for row in rows])
    return rows


@dataclass(frozen=True)
class Tiding:
    """What one reader is told beside many others: their own link and words, on an occasion of their own.

    ``to``: somebody with an account, or the address of somebody without one.
    """

    to: User | str
    occasion: str
    url: Words = ""
    context: Context = None


def tell_many(*, kind: Kind | str, region: Area, about: Words, tidings: Iterable[Tiding]) -> list[Message]:
    """Tell many people at once, each something of their own: a few queries, however many they are.

    Nobody is told twice of one occasion. Returns what was written.

    Raises:
        UnknownKindError: nobody declared the kind.
        ValidationError: an address is none.
    """
    known = _kind(kind)
    wanted = {(_reader(tiding.to), tiding.occasion): tiding for tiding in tidings}
    told = Message.objects.filter(kind=known.key, occasion__in={occasion for _reader, occasion in wanted})
    for user, address, occasion in told.values_list("user_id", "address", "occasion"):
        wanted.pop((user or address, occasion), None)
    left = [row for row in wanted.values() if not isinstance(row.to, User) or row.to.is_active]
    wishes: dict[uuid.UUID | None, str] = dict(
        Preference.objects.filter(
            kind=known.key, user__in={row.to.pk for row in left if isinstance(row.to, User)}
        ).values_list("user_id", "pace")
    )
    rows = [_told(known, region, about, row) for row in left]
    deliveries = [writing.portal(row) for row in rows if row.user_id]
    for row in rows:
        pace = known.pace_for(wishes.get(row.user_id)) if row.user_id else Pace.AT_ONCE
        if pace is not Pace.NEVER:
            deliveries.append(writing.mail(row, pace))
    writing.store(rows, deliveries)
    return rows


def _reader(to: User | str) -> uuid.UUID | str:
    return to.pk if isinstance(to, User) else addresses.canonical(to)


def _told(kind: Kind, region: Area, about: Words, row: Tiding) -> Message:
    whose: dict[str, Any] = {"user": row.to} if isinstance(row.to, User) else {"address": _reader(row.to)}
    language = row.to.language if isinstance(row.to, User) else "el"
    said: dict[str, Any] = {"about": about, "url": row.url, "context": row.context}
    return writing.message(kind, region, language, occasion=row.occasion, **said, **whose)


def _kind(kind: Kind | str) -> Kind:
    return kind if isinstance(kind, Kind) else kinds.get(kind)


def mark_read(*, message: Message) -> None:
    """Note that its reader has opened it; the first time counts."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, by: User, region: Area) -> int:
    """Note that this person has seen all there is; returns how many were new."""
    return Message.objects.in_portal_of(by, region).unread().update(read_at=timezone.now())


@transaction.atomic
def set_paces(*, by: User, paces: Mapping[str, Pace]) -> None:
    """Keep how often a person wants mail of each kind; what is held follows the new wish.

    Kinds that cannot be turned off are left as they are, whatever is asked.
    """
    for key, pace in paces.items():
        kind = kinds.get(key)
        if kind.is_security or not kind.is_for_accounts:
            continue
        Preference.objects.update_or_create(user=by, kind=key, defaults={"pace": pace})
        held = Delivery.objects.filter(
            message__user=by, message__kind=key, state=State.HELD, joined_in=None
        )
        now_wished = kind.pace_for(pace)
        if now_wished is Pace.NEVER:
            held.delete()
        elif now_wished is Pace.AT_ONCE:
            held.update(state=State.QUEUED, due_at=timezone.now())
            writing.wake_on_commit()
        else:
            held.update(due_at=writing.next_digest(now_wished))


@transaction.atomic
def try_again(*, region: Area, deliveries: Iterable[uuid.UUID] | None = None) -> int:
    """Send anew what failed or came back in this region (None: all of it); returns how many.

    Who presses this says that the address is right: it is no longer held back.
    """
    found = Delivery.objects.in_trouble(region).select_for_update(of=("self",))
    if deliveries is not None:
        found = found.filter(pk__in=deliveries)
    rows = list(found.select_related("message__user"))
    for row in rows:
        addresses.release(row.message.recipient)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.QUEUED, attempts=0, fault="", due_at=timezone.now()
    )
    if rows:
        writing.wake_on_commit()
    return len(rows)
