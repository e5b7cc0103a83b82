"""What others than the Observatory write: begun, submitted, asked back, published.

Whoever decides says which version they saw (`stamp`): of the proposal, of what it says and of the entry it
would change. What they saw is what is published, or they are told what happened meanwhile.
"""

from dataclasses import replace
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts import queries as people
from entaxis.accounts.models import User
from entaxis.core import review
from entaxis.core.review import May, Step
from entaxis.directory import actions, copies, differences, kinds, rules
from entaxis.directory.choices import Status
from entaxis.directory.duplicates import finding
from entaxis.directory.history import Line
from entaxis.directory.models import Proposal, Structure
from entaxis.notifications.actions import notify
from entaxis.notifications.kinds import Words


class NothingChangedError(review.ReviewError):
    """The working copy says what the entry says."""

    def __str__(self) -> str:
        return _("Nothing differs from what readers see: there is nothing to send.")


def begin(*, structure: Structure, by: User) -> Proposal:
    """Open a working copy of a published entry; the one that is open where there is one.

    Raises:
        NotAllowedError: the entry is not this person's, or not one that changes.
    """
    if not rules.may_propose(by, structure):
        raise review.NotAllowedError
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        entry = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
        found = rules.proposal_of(entry)
        if found is not None:
            return found
        base = copies.to_json(copies.read(entry))
        return Proposal.objects.create(
            structure=entry, copy=copies.make(entry), base=base, created_by=by, changed_by=by
        )


@transaction.atomic
def register(*, structure: Structure, by: User) -> Proposal:
    """A new entry, written by somebody outside the Observatory, begins its way."""
    return Proposal.objects.create(structure=structure, created_by=by, changed_by=by)


def stamp(proposal: Proposal) -> str:
    """Which version of everything somebody sees."""
    return f"{proposal.version}.{proposal.row.version}.{proposal.structure.version}"


def lines(proposal: Proposal) -> list[Line]:
    """What publishing would change, in words; for a new entry nothing."""
    if proposal.copy is None:
        return []
    return differences.lines(copies.read(proposal.structure), wanted(proposal))


def wanted(proposal: Proposal) -> copies.Whole:
    """The entry as it would be: with what the copy changed, and what others changed in the entry since.

    Raises:
        ValueError: the proposal has no working copy.
    """
    if proposal.copy is None or proposal.base is None:
        raise ValueError("a new entry changes nothing")
    base = copies.of_json(proposal.base)
    return copies.merged(base, copies.read(proposal.copy), copies.read(proposal.structure))


def may(proposal: Proposal, user: User) -> May[Proposal]:
    """What this person may do with it."""
    region = proposal.structure.region
    return May(write=rules.tends(user, proposal.structure), review=rules.may_review(user, region))


def steps(proposal: Proposal, user: User) -> list[Step]:
    """What this person may do with it as it stands."""
    return review.steps_for(proposal, may(proposal, user))


def submit(*, proposal: Proposal, by: User, seen: str) -> Proposal:
    """Send it to the editors.

    Raises:
        ReviewError: it may not, or nothing differs.
        NotReadyError: nobody could reach the structure.
    """
    row = proposal.row
    if not row.contacts.exists() and row.point is None:
        raise actions.NotReadyError([_("Add a telephone or a place first: nobody could reach it.")])
    if proposal.copy is not None and not lines(proposal):
        raise NothingChangedError
    with transaction.atomic():
        held = _take(proposal, Step.SUBMIT, by, seen)
        _ask_editors(held)
        finding.soon(held.structure.region)
    return held


def take_back(*, proposal: Proposal, by: User, seen: str) -> Proposal:
    """Write on it again before anybody has decided."""
    with transaction.atomic():
        return _take(proposal, Step.TAKE_BACK, by, seen)


def ask_back(*, proposal: Proposal, by: User, seen: str, reason: str) -> Proposal:
    """Let whoever wrote it write on, and say why."""
    with transaction.atomic():
        held = _take(proposal, Step.ASK_BACK, by, seen, reason)
        _tell_writers(held, by, gettext_lazy("An entry that you wrote was asked back"))
    return held


def publish(*, proposal: Proposal, by: User, seen: str) -> Structure:
    """Let readers see it. Publishing says that all of it is right today.

    Raises:
        ReviewError: it may not, or somebody was quicker.
        NotReadyError: nobody could reach a new structure.
    """
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        entry = _locked(proposal)
        held = _take(proposal, Step.PUBLISH, by, seen)
        if held.copy is None:
            actions.set_status(structure=entry, status=Status.PUBLISHED, by=by)
        else:
            _write_over(entry, held)
            finding.soon(entry.region)
        _tell_writers(held, by, gettext_lazy("An entry that you wrote was published"))
    return entry


def _locked(proposal: Proposal) -> Structure:
    """The entry, held together with its working copy: nobody writes on either until it is decided.

    Raises:
        OvertakenError: it was thrown away meanwhile.
    """
    both = [pk for pk in (proposal.structure_id, proposal.copy_id) if pk]
    rows = Structure.objects.select_for_update(of=("self",)).filter(pk__in=both).order_by("pk")
    found = {row.pk: row for row in rows}
    if proposal.structure_id not in found:
        raise review.OvertakenError("", "")
    return found[proposal.structure_id]


def set_status(*, structure: Structure, status: Status, by: User, **said: Any) -> None:
    """As `actions.set_status`, by an editor; a new entry that readers see thereby has passed its review.

    Raises:
        ReviewError: somebody was quicker.
        NotReadyError: nobody could reach a structure that is to be published.
    """
    with transaction.atomic():
        proposal = rules.proposal_of(structure)
        actions.set_status(structure=structure, status=status, by=by, **said)
        if proposal is not None and proposal.copy is None and status != Status.DRAFT:
            version, may_do = proposal.version, may(proposal, by)
            held = review.take(proposal, Step.PUBLISH, by=by, may=may_do, version=version)
            _tell_writers(held, by, gettext_lazy("An entry that you wrote was published"))


def _write_over(entry: Structure, held: Proposal) -> None:
    copy = held.copy
    if copy is None or held.base is None:
        raise ValueError("a new entry writes over nothing")
    whole = wanted(held)
    content = replace(whole.content, assured_date=timezone.localdate().isoformat())
    moved = copy.body.name_el != copies.of_json(held.base).content.body
    copies.write(entry, replace(whole, content=content), body=copy.body_id if moved else entry.body_id)
    _close(held)


def _close(held: Proposal) -> None:
    """The copy has done its work; its history stays."""
    copy, held.copy, held.base = held.copy, None, None
    held.save(update_fields=["copy", "base"])
    if copy is not None:
        copy.delete()


def discard(*, proposal: Proposal, by: User) -> None:
    """Throw away what was written and never published.

    Raises:
        ReviewError: it is not this person's, or it is under review or decided.
    """
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        held = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if not may(held, by).write and not may(held, by).review:
            raise review.NotAllowedError
        if not held.is_written_on:
            raise review.overtaken(held)
        row = held.row
        held.delete()
        if row.status == Status.DRAFT:
            row.delete()


def _take(proposal: Proposal, step: Step, by: User, seen: str, reason: str = "") -> Proposal:
    rows = Proposal.objects.select_related("structure__region", "structure__body", "copy")
    now = rows.filter(pk=proposal.pk).first()
    if now is None:  # thrown away meanwhile
        raise review.OvertakenError("", "")
    return review.take(now, step, by=by, may=may(now, by), version=_version(seen, now), reason=reason)


def _version(seen: str, now: Proposal) -> int:
    """The version of the proposal that was seen; of anything else that changed, somebody is told.

    Raises:
        OvertakenError: what it says, or the entry, is no longer what was seen.
    """
    version, _dot, rest = seen.partition(".")
    if not version.isdecimal() or rest != stamp(now).partition(".")[2]:
        raise review.overtaken(now)
    return int(version)


def _ask_editors(held: Proposal) -> None:
    region = held.structure.region
    notify(
        kind=kinds.REVIEW_ASKED,
        to=[membership.user for membership in people.people_of(region)],
        region=region,
        about=gettext_lazy("An entry waits for review"),
        url=reverse_lazy("directory:office-review", kwargs={"pk": held.structure_id}),
        occasion=f"proposal:{held.pk}:{held.version}",
    )


def _tell_writers(held: Proposal, by: User, about: Words) -> None:
    """Whoever began it, wrote it or sent it learns what became of it."""
    steps = held.passings.filter(step=Step.SUBMIT).select_related("by")
    writers = {step.by for step in steps} | {held.created_by}
    notify(
        kind=kinds.REVIEWED,
        to=[user for user in writers if user is not None and user != by],
        region=held.structure.region,
        about=about,
        url=reverse_lazy("directory:office-structure", kwargs={"pk": held.structure_id}),
        occasion=f"proposal:{held.pk}:{held.version}",
    )
