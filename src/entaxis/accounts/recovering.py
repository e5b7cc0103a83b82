"""A lost second step: one administrator asks, another confirms; both are recorded, the person is told."""

from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts import actions, locks, rules
from entaxis.accounts.models import Recovery, User

HOLDS: Final = timedelta(days=7)  # then whoever asked must ask anew, having spoken with the person again


class RecoveringError(Exception):
    """It cannot be done; the text is a sentence for the reader."""


def may_recover(user: User, person: User) -> bool:
    """Administers the people of every place where the person has a role; nobody does it for themselves.

    The platform's administrators are recovered by their like alone.
    """
    if user == person or not person.is_active:
        return False
    if rules.is_administrator(user):
        return True
    held = rules.memberships(person)
    return (
        not person.is_superuser
        and bool(held)
        and all(rules.may_administer_people(user, membership.scope) for membership in held)
    )


def waiting_for(user: User) -> list[Recovery]:
    """What others asked for and this person may decide."""
    rows: QuerySet[Recovery] = _fresh().exclude(asked_by=user)
    return [row for row in rows.select_related("user", "asked_by") if may_recover(user, row.user)]


@transaction.atomic
def ask(*, person: User, reason: str, by: User, host: str) -> Recovery:
    """Ask another administrator to take the second step of ``person`` away.

    What was asked before and no longer counts is closed by it.

    Raises:
        RecoveringError: there is none, one waits, or ``by`` may not.
    """
    if not may_recover(by, person):
        raise RecoveringError(_("You may not do this for this person."))
    if not Authenticator.objects.filter(user=person).exists():
        raise RecoveringError(_("This person has set up no second step: there is nothing to take away."))
    _close_what_no_longer_counts(person, by)
    try:
        with transaction.atomic():
            recovery = Recovery.objects.create(user=person, reason=reason, asked_by=by)
    except IntegrityError:
        raise RecoveringError(_("Somebody has asked for this person already; it waits.")) from None
    _tell(recovery, "asked", host)
    return recovery


@transaction.atomic
def confirm(*, recovery: Recovery, by: User, host: str) -> None:
    """Take the second step away: the person sets up a new one at the next sign-in.

    Raises:
        RecoveringError: it was decided meanwhile, is too old, ``by`` asked for it or may not, or whoever
            asked may not any more: two administrators must stand for it at the same time.
    """
    row = _decide(recovery, by, is_confirmed=True)
    Authenticator.objects.filter(user=row.user).delete()
    locks.forget_failures(row.user)
    actions.end_sessions(user=row.user)
    _tell(row, "confirmed", host)


@transaction.atomic
def refuse(*, recovery: Recovery, by: User, host: str) -> None:
    """Leave the second step as it is. Whoever asked may take it back in the same way.

    Raises:
        RecoveringError: it was decided meanwhile, or ``by`` may not.
    """
    _tell(_decide(recovery, by, is_confirmed=False), "refused", host)


def _decide(recovery: Recovery, by: User, *, is_confirmed: bool) -> Recovery:
    row = (
        Recovery.objects.select_for_update(of=("self",))
        .select_related("user", "asked_by")
        .get(pk=recovery.pk)
    )
    if row.decided_at:
        raise RecoveringError(_("%(who)s has decided this meanwhile.") % {"who": row.decided_by})
    if not may_recover(by, row.user):
        raise RecoveringError(_("You may not do this for this person."))
    if is_confirmed and row.asked_by_id == by.pk:
        raise RecoveringError(_("Another administrator must confirm: you asked for it yourself."))
    if is_confirmed and not _counts(row):
        raise RecoveringError(
            _("Whoever asked may no longer decide here, or asked more than a week ago. Ask anew.")
        )
    row.decided_by, row.decided_at, row.is_confirmed = by, timezone.now(), is_confirmed
    row.save(update_fields=["decided_by", "decided_at", "is_confirmed"])
    return row


def _fresh() -> QuerySet[Recovery]:
    return Recovery.objects.filter(decided_at=None, asked_at__gt=timezone.now() - HOLDS)


def _counts(row: Recovery) -> bool:
    """It is fresh, and whoever asked still administers the person and can sign in."""
    is_fresh = row.asked_at > timezone.now() - HOLDS
    return is_fresh and row.asked_by.is_active and may_recover(row.asked_by, row.user)


def _close_what_no_longer_counts(person: User, by: User) -> None:
    rows = Recovery.objects.select_for_update(of=("self",)).filter(user=person, decided_at=None)
    for row in rows.select_related("user", "asked_by"):
        if not _counts(row):
            row.decided_by, row.decided_at = by, timezone.now()
            row.save(update_fields=["decided_by", "decided_at"])


def _tell(recovery: Recovery, step: str, host: str) -> None:
    from entaxis.accounts import tasks

    tasks.send_recovery.defer(recovery=str(recovery.pk), step=step, host=host)
