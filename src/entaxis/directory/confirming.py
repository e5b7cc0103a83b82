"""Asking whoever keeps an entry whether all of it is still right, with patience and to an end.

An entry that nobody confirmed for `settings.CONFIRM_AFTER_DAYS` is asked about; after 14 and 28 days comes
a reminder; after 42 the municipality hears of it. Then it is simply old: ranked lower, counted, not hidden.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import pghistory
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from entaxis.accounts import queries as people
from entaxis.accounts.models import Membership, User
from entaxis.directory import actions, kinds
from entaxis.directory.choices import Status
from entaxis.directory.models import ConfirmationRound, ErrorReport, Structure
from entaxis.directory.rules import keepers_of
from entaxis.notifications import links
from entaxis.notifications.actions import notify, write_to

PURPOSE: Final = "directory.confirm"
LINK_DAYS: Final = 60
Rung = ConfirmationRound.Rung
DAYS: Final = {Rung.REMINDED: 14, Rung.REMINDED_AGAIN: 28, Rung.ESCALATED: 42}  # after the first asking


@dataclass(frozen=True)
class Asked:
    """What one night did."""

    asked: int
    reminded: int
    escalated: int
    ended: int


def ask(today: date) -> Asked:
    """Do what is due today, in every region; each entry in a transaction of its own. Safe to repeat."""
    ended = _end(today)
    opened = sum(_open(pk, today) for pk in list(_due(today).values_list("pk", flat=True)))
    climbed = [_climb(pk, today) for pk in list(_standing(today).values_list("pk", flat=True))]
    escalated = climbed.count(Rung.ESCALATED)
    reminded = sum(rung in {Rung.REMINDED, Rung.REMINDED_AGAIN} for rung in climbed)
    return Asked(opened, reminded, escalated, ended)


def _old(today: date) -> Q:
    limit = today - timedelta(days=settings.CONFIRM_AFTER_DAYS)
    return Q(assured_date=None) | Q(assured_date__lt=limit)


def _end(today: date) -> int:
    """A round ends when the entry was confirmed since, or readers see it no more."""
    open_ones = ConfirmationRound.objects.filter(ended_on=None)
    over = Q(structure__assured_date__gte=F("asked_on")) | ~Q(structure__status=Status.PUBLISHED)
    return open_ones.filter(over).update(ended_on=today)


def _due(today: date) -> QuerySet[Structure]:
    rounds = ConfirmationRound.objects.filter(structure=OuterRef("pk"), ended_on=None)
    return Structure.objects.published().filter(_old(today), ~Exists(rounds)).order_by("pk")


def _standing(today: date) -> QuerySet[ConfirmationRound]:
    """Rounds whose next rung has come; while a report of the entry is open, the editors are at it."""
    reports = ErrorReport.objects.filter(structure=OuterRef("structure"), state=ErrorReport.State.OPEN)
    due = Q()
    for rung, days in DAYS.items():
        due |= Q(rung=rung - 1, asked_on__lte=today - timedelta(days=days))
    return ConfirmationRound.objects.filter(due, ~Exists(reports), ended_on=None).order_by("pk")


@transaction.atomic
def _open(pk: UUID, today: date) -> bool:
    structure = Structure.objects.select_for_update(of=("self",)).get(pk=pk)
    found, is_new = ConfirmationRound.objects.get_or_create(
        structure=structure, ended_on=None, defaults={"asked_on": today}
    )
    if is_new:
        _write(found)
    return is_new


@transaction.atomic
def _climb(pk: int, today: date) -> Rung | None:
    """One rung a night: who was away for long is not written to three times at once."""
    found = ConfirmationRound.objects.select_for_update(of=("self",)).get(pk=pk)
    if found.ended_on is not None or found.rung >= Rung.ESCALATED:
        return None
    rung = Rung(found.rung + 1)
    if today < found.asked_on + timedelta(days=DAYS[rung]):
        return None
    found.rung = rung
    found.save(update_fields=["rung"])
    if rung is Rung.ESCALATED:
        _escalate(found)
    else:
        _write(found)
    return rung


def _write(found: ConfirmationRound) -> None:
    """To those who keep the entry; where nobody does, to its own address."""
    structure = found.structure
    # a mail about a confidential structure does not say which
    name = "" if structure.is_confidential else structure.name_el
    said: dict[str, Any] = {
        "kind": kinds.CONFIRM,
        "region": structure.region,
        "about": _("Is your entry in the directory still right?"),
        "url": address(structure),
        "context": {"name": name, "is_reminder": found.rung > Rung.ASKED},
        "occasion": _occasion(found),
    }
    if keepers := list(keepers_of(structure)):
        notify(to=keepers, **said)
        return
    for email in structure.contacts.exclude(email="").order_by("order").values_list("email", flat=True)[:1]:
        write_to(address=email, **said)


def _escalate(found: ConfirmationRound) -> None:
    """To the municipality's people; the Observatory's own where it has none or must not know."""
    structure = found.structure
    municipal = Membership.objects.in_force().filter(
        municipality=structure.municipality_id, role__in=Membership.OF_MUNICIPALITY
    )
    told = list(User.objects.filter(is_active=True, pk__in=municipal.values("user")))
    if structure.municipality_id is None or not told:
        told = [membership.user for membership in people.people_of(structure.region)]
    notify(
        kind=kinds.UNCONFIRMED,
        to=told,
        region=structure.region,
        about=_("An entry of the directory has been asked about three times, and nobody confirmed it"),
        url=reverse("directory:structure", kwargs={"pk": structure.pk}),
        occasion=_occasion(found),
    )


def _occasion(found: ConfirmationRound) -> str:
    return f"confirm:{found.pk}:{found.rung}"


# --- the link ---------------------------------------------------------------------------------------


def address(structure: Structure) -> str:
    """The page of a link that lets its reader answer about this version of the entry."""
    token = links.token(PURPOSE, [str(structure.pk), structure.version])
    return reverse("directory:confirm-by-mail", kwargs={"token": token})


def asked_about(token: str) -> Structure | None:
    """The entry that a link asks about; None where it is forged, old, used, or the entry changed since."""
    said = links.read(PURPOSE, token, max_age_days=LINK_DAYS)
    if said is None:
        return None
    pk, version = said
    rows = Structure.objects.published().select_related("kind", "body", "municipality", "region")
    return rows.filter(pk=pk, version=version).first()


def confirm_by_link(*, token: str) -> bool:
    """All of it is right today, says whoever has the link; False where the link holds no more."""
    with transaction.atomic(), pghistory.context(by="link"):
        structure = asked_about(token)
        if structure is None:
            return False
        held = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
        if held.version != structure.version:
            return False
        actions.assure(held)
    return True


@transaction.atomic
def report_by_link(*, token: str, topic: str, message: str) -> bool:
    """Something changed, or it has closed: a task of the editors; False where the link holds no more."""
    structure = asked_about(token)
    if structure is None:
        return False
    ErrorReport.objects.create(structure=structure, topic=topic, message=message)
    return True
