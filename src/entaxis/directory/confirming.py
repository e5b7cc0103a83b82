"""Asking whoever keeps an entry whether all of it is still right, with patience and to an end.

An entry that nobody confirmed for `settings.CONFIRM_AFTER_DAYS` is asked about; after 14 and 28 days comes
a reminder; after 42 the municipality hears of it. Then it is simply old: ranked lower, counted, not hidden.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID

import pghistory
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from entaxis.accounts import queries as people
from entaxis.accounts.models import Membership, User
from entaxis.directory import actions, kinds
from entaxis.directory.choices import Status
from entaxis.directory.models import ConfirmationRound, Contact, ErrorReport, Structure
from entaxis.directory.rules import keepers_of_each
from entaxis.geography.models import Area
from entaxis.notifications import links
from entaxis.notifications.actions import Tiding, notify, tell_many

PURPOSE: Final = "directory.confirm"
LINK_DAYS: Final = 60
A_BATCH: Final = 500  # entries a transaction
MOST_OPEN: Final = 30  # reports of one entry; the editors know by then
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
    """Do what is due today, in every region; `A_BATCH` entries a transaction. Safe to repeat.

    A worker that is killed leaves whole batches behind it: the next run goes on with the rest.
    """
    ended = _end(today)
    due = list(_due(today).values_list("pk", flat=True))
    opened = sum(_open(some, today) for some in _batches(due))
    standing = list(_standing(today).values_list("pk", flat=True))
    climbed: Counter[int] = Counter()
    for rounds in _batches(standing):
        climbed += _climb(rounds, today)
    reminded = climbed[Rung.REMINDED] + climbed[Rung.REMINDED_AGAIN]
    return Asked(opened, reminded, climbed[Rung.ESCALATED], ended)


Key = TypeVar("Key")


def _batches(rows: list[Key]) -> Iterator[list[Key]]:
    for start in range(0, len(rows), A_BATCH):
        yield rows[start : start + A_BATCH]


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
def _open(pks: list[UUID], today: date) -> int:
    """Begin a round for each of these that has none; returns how many began."""
    locked = Structure.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    asked = set(
        ConfirmationRound.objects.filter(structure__in=pks, ended_on=None).values_list(
            "structure", flat=True
        )
    )
    rows = [row for row in locked.select_related("region", "body") if row.pk not in asked]
    begun = [ConfirmationRound(structure=row, asked_on=today) for row in rows]
    _write(ConfirmationRound.objects.bulk_create(begun))
    return len(begun)


@transaction.atomic
def _climb(pks: list[int], today: date) -> "Counter[int]":
    """One rung a night: who was away for long is not written to three times at once. By rung, how many."""
    locked = ConfirmationRound.objects.select_for_update(of=("self",)).filter(pk__in=pks, ended_on=None)
    rows = []
    for row in locked.select_related("structure__region", "structure__body").order_by("pk"):
        if row.rung < Rung.ESCALATED and today >= row.asked_on + timedelta(days=DAYS[Rung(row.rung + 1)]):
            row.rung = Rung(row.rung + 1)
            rows.append(row)
    ConfirmationRound.objects.bulk_update(rows, ["rung"])
    _write([row for row in rows if row.rung < Rung.ESCALATED])
    _escalate([row for row in rows if row.rung == Rung.ESCALATED])
    return Counter(row.rung for row in rows)


def _write(rounds: list[ConfirmationRound]) -> None:
    """To those who keep the entry; where nobody does, to its own address."""
    structures = [found.structure for found in rounds]
    keepers, mailboxes = keepers_of_each(structures), _mailboxes(structures)
    tidings: dict[Area, list[Tiding]] = defaultdict(list)
    for found in rounds:
        structure = found.structure
        own = [mailboxes[structure.pk]] if structure.pk in mailboxes else []
        # a mail about a confidential structure does not say which
        name = "" if structure.is_confidential else structure.name_el
        said = {"name": name, "is_reminder": found.rung > Rung.ASKED}
        for reader in keepers[structure.pk] or own:
            url = lazy(address, str)(structure)  # in the reader's language
            tidings[structure.region].append(Tiding(reader, _occasion(found), url, said))
    for region, some in tidings.items():
        about = _("Is your entry in the directory still right?")
        tell_many(kind=kinds.CONFIRM, region=region, about=about, tidings=some)


def _mailboxes(structures: list[Structure]) -> dict[UUID, str]:
    """The first e-mail address of each entry that has one."""
    rows = Contact.objects.filter(structure__in=structures).exclude(email="").order_by("-order", "-pk")
    return dict(rows.values_list("structure", "email"))


def _escalate(rounds: list[ConfirmationRound]) -> None:
    """To the municipality's people; the Observatory's own where it has none or must not know."""
    towns = {found.structure.municipality_id for found in rounds} - {None}
    held = Membership.objects.in_force().filter(
        municipality__in=towns, role__in=Membership.OF_MUNICIPALITY, user__is_active=True
    )
    municipal: dict[int | None, set[User]] = defaultdict(set)
    for membership in held.select_related("user"):
        municipal[membership.municipality_id].add(membership.user)
    by_region: dict[Area, list[ConfirmationRound]] = defaultdict(list)
    for found in rounds:
        by_region[found.structure.region].append(found)
    for region, some in by_region.items():
        observatory = {membership.user for membership in people.people_of(region)}
        tell_many(
            kind=kinds.UNCONFIRMED,
            region=region,
            about=_("An entry of the directory has been asked about three times, and nobody confirmed it"),
            tidings=[
                Tiding(
                    reader,
                    _occasion(found),
                    reverse_lazy("directory:structure", kwargs={"pk": found.structure_id}),
                )
                for found in some
                for reader in municipal.get(found.structure.municipality_id) or observatory
            ],
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
    """Something changed, or it has closed: a task of the editors; False where the link holds no more.

    A link may be pressed again and again; beyond `MOST_OPEN` the editors know.
    """
    structure = asked_about(token)
    if structure is None:
        return False
    if structure.error_reports.filter(state=ErrorReport.State.OPEN).count() >= MOST_OPEN:
        return True
    report = ErrorReport.objects.create(structure=structure, topic=topic, message=message)
    notify(
        kind=kinds.REPORTED,
        to=[held.user for held in people.people_of(structure.region)],
        region=structure.region,
        about=_("Whoever keeps an entry says that it is no longer right"),
        url=reverse_lazy("directory:office-report", kwargs={"pk": report.pk}),
        occasion=f"report:{report.pk}",
    )
    return True
