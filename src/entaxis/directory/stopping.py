"""Suspended and closed on their day, shown again on theirs: what the night does with dates of a status.

A suspended entry whose return nobody dated is asked about, every two months.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import pghistory
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.accounts import queries as people
from entaxis.directory import kinds
from entaxis.directory.choices import STANDING, Status
from entaxis.directory.models import Structure
from entaxis.directory.rules import keepers_of
from entaxis.notifications.actions import notify
from entaxis.notifications.kinds import Words

ASK_EVERY: Final = timedelta(days=60)
Turn = Callable[[Structure], Words]


def turn(today: date) -> int:
    """Do what is due today, one entry a transaction; how many changed. Safe to repeat."""
    stops = Structure.objects.filter(_stops(today))
    returns = Structure.objects.filter(_returns(today))
    turned = _each(stops, _stops(today), _stop) + _each(returns, _returns(today), _return)
    for entry in Structure.objects.entries().filter(status=Status.SUSPENDED, status_until=None):
        _ask(entry, today)
    return turned


def _stops(today: date) -> Q:
    return Q(status__in=STANDING, status_from__lte=today) & ~Q(coming_status="")


def _returns(today: date) -> Q:
    return Q(status=Status.SUSPENDED, status_until__lte=today, coming_status="")


def _each(rows: "QuerySet[Structure]", due: Q, act: Turn) -> int:
    count = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic(), pghistory.context(by="night"):
            held = Structure.objects.select_for_update(of=("self",)).filter(due, pk=pk).first()
            if held is None:  # an editor was quicker
                continue
            about = act(held)
            held.save()
            _tell(held, about, f"{held.status}:{held.status_from}")
            count += 1
    return count


def _stop(held: Structure) -> Words:
    held.status, held.coming_status = held.coming_status, ""
    return _("An entry that you keep was suspended or closed on its day")


def _return(held: Structure) -> Words:
    held.status = Status.PUBLISHED
    held.status_from, held.status_until = None, None
    held.status_note_el = held.status_note_en = ""
    return _("A suspended entry is shown again: is all of it right?")


def _ask(entry: Structure, today: date) -> None:
    since = entry.status_from or timezone.localdate(entry.last_modified)
    times = (today - since) // ASK_EVERY
    if times > 0:
        about = _("An entry has been suspended for long: does it receive people again?")
        _tell(entry, about, f"asked:{since}:{times}")


def _tell(entry: Structure, about: Words, occasion: str) -> None:
    """Those who keep it; the editors where nobody does."""
    keepers = list(keepers_of(entry)) or [held.user for held in people.people_of(entry.region)]
    notify(
        kind=kinds.STOPPED,
        to=keepers,
        region=entry.region,
        about=about,
        url=reverse_lazy("directory:office-structure", kwargs={"pk": entry.pk}),
        occasion=f"stop:{entry.pk}:{occasion}",
    )
