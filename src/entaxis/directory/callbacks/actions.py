"""Calls that are owed: asked for, tried, ended. The number goes the moment the call has ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import User
from entaxis.core import sealed
from entaxis.directory import kinds
from entaxis.directory.callbacks import queries
from entaxis.directory.models import Callback, CallbackNumber
from entaxis.notifications.actions import notify

State = Callback.State
KEPT: Final = timedelta(days=14)  # a call that nobody made in two weeks helps no more
LATE: Final = timedelta(days=2)  # after which the Observatory hears that nobody has tried


class EndedError(Exception):
    """The call has ended meanwhile: somebody else made it, or it was taken back."""


@dataclass(frozen=True)
class Number:
    """Whom to call, in memory only as long as a request."""

    telephone: str
    name: str


@transaction.atomic
def ask(*, callback: Callback, number: Number) -> Callback:
    """Store who wants to be called and tell those who call: the municipality, or else the Observatory."""
    callback.save(force_insert=True)
    with sealed.role(sealed.CONFIDENTIAL):
        CallbackNumber.objects.create(callback_id=callback.pk, telephone=number.telephone, name=number.name)
    _tell(callback, queries.callers_of(callback) or queries.observatory_of(callback.region_id), "asked")
    return callback


def read(*, callback: Callback) -> Number | None:
    """Whom to call; None once the call has ended."""
    with sealed.role(sealed.CONFIDENTIAL):
        row = CallbackNumber.objects.filter(callback=callback.pk).first()
    return Number(row.telephone, row.name) if row else None


@transaction.atomic
def note_attempt(*, callback: Callback, by: User) -> None:
    """Nobody picked up; the call stays owed.

    Raises:
        EndedError: it is owed no more.
    """
    held = _open(callback)
    held.attempts += 1
    held.attempted_at, held.handled_by = timezone.now(), by
    held.save()


@transaction.atomic
def end(*, callback: Callback, state: State, by: User | None) -> None:
    """The call is owed no more; the number is forgotten at once.

    Raises:
        EndedError: it had ended before.
    """
    held = _open(callback)
    held.state, held.handled_by, held.ended_at = state, by or held.handled_by, timezone.now()
    held.save()
    with sealed.role(sealed.CONFIDENTIAL):
        CallbackNumber.objects.filter(callback=held.pk).delete()


def look_after(now: datetime) -> None:
    """What a night does: the Observatory hears of calls nobody tried; those too old end, and it hears."""
    waiting = Callback.objects.filter(state=State.OPEN)
    for late in waiting.filter(created_at__lt=now - LATE, attempts=0):
        _tell(late, queries.observatory_of(late.region_id), "late")
    for old in waiting.filter(created_at__lt=now - KEPT):
        end(callback=old, state=State.EXPIRED, by=None)
        _tell(old, queries.observatory_of(old.region_id), "expired")


def _open(callback: Callback) -> Callback:
    held = Callback.objects.select_for_update().get(pk=callback.pk)
    if not held.is_open:
        raise EndedError
    return held


def _tell(callback: Callback, people: list[User], what: str) -> None:
    about = {
        "asked": gettext_lazy("Somebody asks to be called"),
        "late": gettext_lazy("Nobody has called yet: two days have passed"),
        "expired": gettext_lazy("A call was not made in two weeks"),
    }
    notify(
        kind=kinds.CALL_ASKED,
        to=people,
        region=callback.region,
        about=about[what],
        url=reverse_lazy("directory:office-callback", kwargs={"pk": callback.pk}),
        occasion=f"callback:{callback.pk}:{what}",
    )
