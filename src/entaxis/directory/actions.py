"""Changes of the directory: each one transaction, each in the name of a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Model
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts import queries as people
from entaxis.accounts.models import User
from entaxis.directory import kinds
from entaxis.directory.choices import STANDING, STOPS, Status
from entaxis.directory.duplicates import finding
from entaxis.directory.models import (
    Contact,
    Eligibility,
    ErrorReport,
    KindCompleteness,
    ServiceOffer,
    Structure,
)
from entaxis.directory.rules import keepers_of
from entaxis.geography.models import Area
from entaxis.notifications.actions import notify, write_to
from entaxis.vocabularies.models import Term


class ConflictError(Exception):
    """Somebody else changed the same thing meanwhile. ``theirs``: what stands now, by field."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        super().__init__("changed by somebody else")
        self.theirs = theirs


class NotReadyError(Exception):
    """An entry lacks what a reader needs; ``lacking`` says what, in sentences."""

    def __init__(self, lacking: list[str]) -> None:
        super().__init__("not ready")
        self.lacking = lacking


@contextmanager
def changing(structure: Structure, by: User) -> Iterator[Structure]:
    """One transaction in which the row is held, named in history, and counted as changed at the end."""
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        held = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
        yield held
        held.save()  # a new version, whatever part changed


def merged(
    *, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    """Three versions of the same fields into one: whoever changed a field wins it.

    Raises:
        ConflictError: both changed a field, each to something else.
    """
    both = {
        name: theirs[name]
        for name in mine
        if mine[name] != base[name] and theirs[name] != base[name] and mine[name] != theirs[name]
    }
    if both:
        raise ConflictError(both)
    return {name: mine[name] if mine[name] != base[name] else theirs[name] for name in mine}


# --- the structure itself -------------------------------------------------------------------------


def create_structure(*, structure: Structure, served_areas: Iterable[Area], by: User) -> Structure:
    """Store a new structure as a draft."""
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        structure.status = Status.DRAFT
        structure.save()
        structure.served_areas.set(served_areas)
        finding.soon(structure.region)
    return structure


def save_facts(
    *, structure: Structure, facts: Mapping[str, Any], served_areas: Iterable[Area], by: User
) -> None:
    """Write the facts of a structure, already merged with what stood there."""
    with changing(structure, by) as held:
        for name, value in facts.items():
            setattr(held, name, value)
        held.served_areas.set(served_areas)


def lacking(structure: Structure) -> list[str]:
    """What a reader would miss; nothing of it forbids an entry but the first."""
    found = []
    if not structure.is_confidential and structure.municipality_id is None:
        found.append(_("It has no municipality: it is found in searches of the whole region only."))
    if not structure.is_confidential and structure.point is None:
        found.append(_("It has no point: it is not found by distance."))
    if not structure.contacts.exists():
        found.append(_("It has no telephone or other contact."))
    if not structure.hours.exists():
        found.append(_("It has no opening hours."))
    if not structure.offers.exists():
        found.append(_("It has no service: it is found by its kind only."))
    return found


def set_status(
    *,
    structure: Structure,
    status: Status,
    note_el: str = "",
    note_en: str = "",
    since: date | None = None,
    until: date | None = None,
    by: User,
) -> None:
    """Publish, suspend, close or take back an entry. Publishing says that it is right today.

    ``since``: the day from which it is suspended or closed (today); until a day to come readers find it
    with a notice. ``until``: the day on which a suspended one receives people again.

    Raises:
        NotReadyError: nobody could reach a structure that is to be published.
    """
    if status == Status.PUBLISHED and not structure.contacts.exists() and structure.point is None:
        raise NotReadyError([_("Add a telephone or a place first: nobody could reach it.")])
    today = timezone.localdate()
    with changing(structure, by) as held:
        is_stop, day = status in STOPS, since or today
        is_coming = is_stop and day > today and held.status in STANDING
        held.status = Status(held.status) if is_coming else status
        held.coming_status = status if is_coming else ""
        held.status_from = day if is_stop else None
        held.status_until = until if status == Status.SUSPENDED else None
        held.status_note_el, held.status_note_en = note_el, note_en
        if status == Status.PUBLISHED:
            held.assured_date = today
            finding.soon(held.region)


def confirm(*, structure: Structure, by: User) -> None:
    """All of it is right today."""
    with changing(structure, by) as held:
        assure(held)


def assure(held: Structure) -> None:
    """Note that all of a row that is held is right today, in the caller's transaction."""
    held.assured_date = timezone.localdate()
    held.save(update_fields=["assured_date"])


# --- hours ----------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class HoursRow:
    """One interval of a week."""

    weekday: int
    opens: time
    closes: time
    closes_next_day: bool = False
    valid_from: date | None = field(default=None, compare=False)
    valid_to: date | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[Any, ...]:
        """All of it, to be compared."""
        return (self.weekday, self.opens, self.closes, self.closes_next_day, self.valid_from, self.valid_to)


@dataclass(frozen=True)
class ExceptionRow:
    """Days that differ."""

    first_day: date
    last_day: date
    opens: time | None = None
    closes: time | None = None
    closes_next_day: bool = False
    reason_el: str = ""
    reason_en: str = ""


HOURS = ("weekday", "opens", "closes", "closes_next_day", "valid_from", "valid_to")
EXCEPTION = ("first_day", "last_day", "opens", "closes", "closes_next_day", "reason_el", "reason_en")
CONTACT = ("office_el", "office_en", "telephone", "email", "website")


def save_hours(
    *,
    structure: Structure,
    hours: Sequence[HoursRow],
    exceptions: Sequence[ExceptionRow],
    closed_on_public_holidays: bool,
    by: User,
) -> None:
    """Put these hours in place of those that stand; rows that stay are not touched."""
    with changing(structure, by) as held:
        held.closed_on_public_holidays = closed_on_public_holidays
        replace_rows(held.hours.all(), HOURS, [row.key for row in hours], structure=held)
        wanted = [tuple(getattr(row, name) for name in EXCEPTION) for row in exceptions]
        replace_rows(held.hours_exceptions.all(), EXCEPTION, wanted, structure=held)


def replace_rows(
    rows: Any, names: Sequence[str], wanted: Iterable[tuple[Any, ...]], **owner: Model
) -> None:
    """Delete the rows that are no longer wanted and add the new ones; equal rows are one."""
    left = dict.fromkeys(wanted)
    model: type[Model] = rows.model
    for row in rows:
        key = tuple(getattr(row, name) for name in names)
        if key in left:
            del left[key]
        else:
            row.delete()
    for key in left:
        model(**owner, **dict(zip(names, key, strict=True))).save()


# --- contacts -------------------------------------------------------------------------------------


def save_contacts(*, structure: Structure, contacts: Sequence[Mapping[str, str]], by: User) -> None:
    """Put these ways to reach it in place of those that stand; a contact keeps its identity by order."""
    with changing(structure, by) as held:
        stored = list(held.contacts.all())
        for order, wanted in enumerate(contacts):
            row = stored[order] if order < len(stored) else Contact(structure=held)
            values = {name: wanted.get(name, "") for name in CONTACT} | {"order": order}
            if any(getattr(row, name) != value for name, value in values.items()) or row._state.adding:
                for name, value in values.items():
                    setattr(row, name, value)
                row.save()
        for row in stored[len(contacts) :]:
            row.delete()


# --- services -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleRow:
    """One condition of an offer."""

    aspect: str
    strength: str
    age_from: int | None = None
    age_to: int | None = None
    values: tuple[str, ...] = ()


def save_offer(
    *,
    offer: ServiceOffer,
    needs: Iterable[Term],
    target_groups: Iterable[Term],
    rules: Iterable[RuleRow],
    hours: Iterable[HoursRow],
    by: User,
) -> ServiceOffer:
    """Store a service with its conditions and hours of its own."""
    with changing(offer.structure, by):
        offer.save()
        offer.needs.set(needs)
        offer.target_groups.set(target_groups)
        _replace_rules(offer, list(rules))
        replace_rows(offer.hours.all(), HOURS, [row.key for row in hours], offer=offer)
    return offer


def _replace_rules(offer: ServiceOffer, rules: list[RuleRow]) -> None:
    wanted = {(row.aspect, row.strength): row for row in rules}
    for stored in offer.rules.all():
        row = wanted.pop((stored.aspect, stored.strength), None)
        if row is None:
            stored.delete()
        else:
            _change_rule(stored, row)
    for row in wanted.values():
        Eligibility.objects.create(
            offer=offer,
            aspect=row.aspect,
            strength=row.strength,
            age_from=row.age_from,
            age_to=row.age_to,
            values=list(row.values),
        )


def _change_rule(stored: Eligibility, row: RuleRow) -> None:
    wanted = (row.age_from, row.age_to, list(row.values))
    if wanted != (stored.age_from, stored.age_to, stored.values):
        stored.age_from, stored.age_to, stored.values = wanted
        stored.save()


def remove_offer(*, offer: ServiceOffer, by: User) -> None:
    """Take a service away; history keeps what it was."""
    with changing(offer.structure, by):
        offer.delete()


# --- tasks of the editors -------------------------------------------------------------------------


@transaction.atomic
def receive_report(*, report: ErrorReport) -> ErrorReport:
    """Store what a reader found wrong, and tell those who keep the entry; the editors where nobody does."""
    report.save()
    structure = report.structure
    notify(
        kind=kinds.REPORTED,
        to=list(keepers_of(structure)) or [held.user for held in people.people_of(structure.region)],
        region=report.structure.region,
        about=gettext_lazy("A reader found an error in an entry that you keep"),
        url=reverse_lazy("directory:office-report", kwargs={"pk": report.pk}),
        occasion=f"report:{report.pk}",
    )
    return report


class AnsweredError(Exception):
    """Somebody else has answered meanwhile; the text is a sentence for the reader."""


@transaction.atomic
def answer_report(*, report: ErrorReport, state: str, answer: str, by: User) -> None:
    """Close a report of an error. The answer goes to who asked for one; then their address is forgotten.

    Raises:
        AnsweredError: it is closed already.
    """
    held = (
        ErrorReport.objects.select_for_update(of=("self",))
        .select_related("structure__region")
        .get(pk=report.pk)
    )
    if held.state != ErrorReport.State.OPEN:
        raise AnsweredError(
            _("%(who)s has answered this report meanwhile.") % {"who": held.handled_by or _("somebody")}
        )
    if held.email and answer:
        # Neither subject nor text names the structure: a mail is read by whoever looks over the shoulder.
        write_to(
            kind=kinds.REPORT_ANSWERED,
            address=held.email,
            region=held.structure.region,
            about=gettext_lazy("Your message to the Observatory"),
            context={"answer": answer},
            occasion=f"report:{held.pk}",
        )
    held.state, held.answer, held.handled_by = state, answer, by
    held.handled_at = timezone.now()
    held.email = ""
    held.save()


@transaction.atomic
def state_completeness(
    *, kind: Term, states: Mapping[Area, str], as_of: date, source: str, by: User
) -> int:
    """Say for municipalities how well a kind is registered; returns how many statements changed."""
    stored = {row.municipality_id: row for row in KindCompleteness.objects.filter(kind__key=kind.key)}
    changed = 0
    for municipality, state in states.items():
        row = stored.get(municipality.pk) or KindCompleteness(kind=kind, municipality=municipality)
        is_new = row.pk is None
        if is_new and state == KindCompleteness.State.UNKNOWN:
            continue
        if is_new or row.state != state:
            row.state, row.as_of, row.source = state, as_of, source
            row.save()
            changed += 1
    return changed
