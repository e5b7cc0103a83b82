"""Joining two entries of one structure into one, and taking them apart while nothing changed.

The entry that goes keeps its rows and its history; its old address leads to the survivor. Rights on it,
claims that wait, annexes and open reports go over. All of it is one transaction under the locks of both.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import pghistory
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import User
from entaxis.directory import copies, grants, kinds, rules
from entaxis.directory.choices import STANDING, Status
from entaxis.directory.duplicates import comparing, finding
from entaxis.directory.duplicates.comparing import Side
from entaxis.directory.models import (
    Claim,
    ErrorReport,
    Merge,
    Proposal,
    Resemblance,
    Structure,
    StructureGrant,
)
from entaxis.geography.models import Area
from entaxis.notifications.actions import notify
from entaxis.notifications.kinds import Words

MOST_STEPS: Final = 20  # of a way from an old address to the entry that stays at last
State = Resemblance.State


class MergingError(Exception):
    """It cannot be done; the text is a sentence for the reader."""


@dataclass(frozen=True)
class Two:
    """A pair and everything that both say."""

    first: Structure
    second: Structure

    @property
    def stamp(self) -> str:
        """Which versions somebody sees."""
        return f"{self.first.version}.{self.second.version}"

    def parts(self) -> list[comparing.Part]:
        """What the two say, part by part."""
        return comparing.parts(copies.read(self.first), copies.read(self.second))

    def may_stay(self) -> list[Side]:
        """Whose address may stay: readers never lose an entry to one that they do not see."""
        seen = [each.status in STANDING for each in (self.first, self.second)]
        sides = [Side.FIRST, Side.SECOND]
        return [side for side, is_seen in zip(sides, seen, strict=True) if is_seen or not any(seen)]


def visible(region: Area, *, to_administrator: bool) -> QuerySet[Resemblance]:
    """The pairs of a region. Which place is a shelter's twin is for the region's administrators alone."""
    rows = Resemblance.objects.filter(first__region=region).select_related(
        *(f"{side}__{name}" for side in ("first", "second") for name in ("kind", "body", "municipality"))
    )
    if to_administrator:
        return rows
    return rows.filter(first__is_confidential=False, second__is_confidential=False)


def waiting_for(entry: Structure, *, to_administrator: bool) -> list[Resemblance]:
    """The open questions about one entry."""
    rows = visible(entry.region, to_administrator=to_administrator)
    return list(rows.filter(Q(first=entry) | Q(second=entry), state=State.OPEN))


@transaction.atomic
def keep_apart(*, pair: Resemblance, by: User) -> None:
    """They are two; nobody is asked again.

    Raises:
        MergingError: somebody decided meanwhile.
    """
    _decide(_open(pair), State.DIFFERENT, by)


def merge(
    *, pair: Resemblance, survivor: Side, chosen: Mapping[str, str], seen: str, by: User
) -> Structure:
    """Join the two into one entry, made of what was chosen.

    Raises:
        MergingError: somebody decided or changed one of them meanwhile, or they cannot be one.
    """
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        held = _open(pair)
        two = Two(*_locked(held.first_id, held.second_id))
        stays, goes = (two.first, two.second) if survivor == Side.FIRST else (two.second, two.first)
        _refuse(two, stays, goes, survivor, seen)
        wholes = copies.read(two.first), copies.read(two.second)
        former = wholes[0] if survivor == Side.FIRST else wholes[1]
        whole = comparing.joined(former, *wholes, chosen)
        whole = comparing.without_place_of(whole, (stays.pk, goes.pk))
        if not whole.content.contacts and whole.content.point is None:
            raise MergingError(_("Keep a telephone or a place: nobody could reach it otherwise."))
        body = goes.body_id if whole.content.body != former.content.body else stays.body_id
        copies.write(stays, whole, body=body)
        kept = {"before": copies.to_json(former), "body": str(stays.body_id), "status": goes.status}
        kept |= _carry_over(stays, goes, by)
        stays = Structure.objects.select_related("region").get(pk=stays.pk)
        kept["after"] = _said(stays)
        Merge.objects.create(survivor=stays, gone=goes, kept=kept, merged_by=by)
        _decide(held, State.MERGED, by)
        _tell(stays, goes, by, gettext_lazy("Two entries of the directory were joined into one"))
    return stays


def take_apart(*, made: Merge, by: User) -> None:
    """Put both entries back as they were.

    Raises:
        MergingError: the entry changed since, or somebody was quicker.
    """
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        held = Merge.objects.select_for_update(of=("self",)).get(pk=made.pk)
        if held.undone_at is not None:
            raise MergingError(_("They have been taken apart already."))
        pair = sorted((held.survivor_id, held.gone_id))
        locked = {row.pk: row for row in _locked(*pair)}
        stays, goes = locked[held.survivor_id], locked[held.gone_id]
        if stays.status == Status.MERGED or _said(stays) != held.kept["after"] or _is_written_on(stays):
            raise MergingError(_("The entry was changed since they were joined: it cannot be taken apart."))
        _put_back(held, stays, goes, by)
        held.undone_by, held.undone_at = by, timezone.now()
        held.save(update_fields=["undone_by", "undone_at"])
        Resemblance.objects.filter(first=pair[0], second=pair[1]).update(
            state=State.OPEN, decided_by=None, decided_at=None
        )
        _tell(stays, goes, by, gettext_lazy("Two entries that had been joined were taken apart"))


def successor(region: Area, pk: UUID) -> Structure | None:
    """The entry that an old address leads to; None where readers never saw the old one."""
    for _step in range(MOST_STEPS):
        made = (
            Merge.objects.filter(gone=pk, gone__region=region, undone_at=None)
            .select_related("survivor")
            .first()
        )
        if made is None or made.kept["status"] == Status.DRAFT:
            return None
        if made.survivor.status != Status.MERGED:
            return made.survivor
        pk = made.survivor_id
    return None


# --- helpers ----------------------------------------------------------------------------------------


def _open(pair: Resemblance) -> Resemblance:
    held = Resemblance.objects.select_for_update(of=("self",)).filter(pk=pair.pk).first()
    if held is None:
        raise MergingError(_("The two no longer look alike: one of them was changed."))
    if held.state != State.OPEN:
        raise MergingError(
            _("%(who)s has decided this meanwhile: %(state)s.")
            % {"who": held.decided_by or _("somebody"), "state": held.get_state_display()}
        )
    return held


def _decide(held: Resemblance, state: State, by: User) -> None:
    held.state, held.decided_by, held.decided_at = state, by, timezone.now()
    held.save(update_fields=["state", "decided_by", "decided_at"])


def _locked(first: UUID, second: UUID) -> tuple[Structure, Structure]:
    """Both entries, locked in the order of their ids: two acts on one pair wait instead of dying."""
    rows = Structure.objects.select_for_update(of=("self",)).select_related("region", "body")
    found = {row.pk: row for row in rows.filter(pk__in=(first, second)).order_by("pk")}
    return found[first], found[second]


def _refuse(two: Two, stays: Structure, goes: Structure, survivor: Side, seen: str) -> None:
    if two.stamp != seen:
        raise MergingError(_("One of the two was changed meanwhile. Look at them again."))
    if survivor not in two.may_stay() or Status.MERGED in (stays.status, goes.status):
        raise MergingError(_("Readers see one of the two: that one stays."))
    if stays.is_confidential is not goes.is_confidential:
        raise MergingError(
            _("The place of one is confidential. Make the other confidential first, then join them.")
        )
    if _is_written_on(stays) or (_is_written_on(goes) and goes.status != Status.DRAFT):
        raise MergingError(_("Changes to one of the two wait for review: decide those first."))


def _is_written_on(entry: Structure) -> bool:
    return rules.proposal_of(entry) is not None


def _carry_over(stays: Structure, goes: Structure, by: User) -> dict[str, Any]:
    """Hand what belongs to the entry that goes to the one that stays; says what went, to be put back."""
    kept: dict[str, Any] = {"author": _forget_registration(goes)}
    annexes = list(goes.annexes.exclude(pk=stays.pk))
    for annex in annexes:
        annex.parent = stays
        annex.save(update_fields=["parent"])
    reports = ErrorReport.objects.filter(structure=goes, state=ErrorReport.State.OPEN)
    kept["annexes"] = [str(annex.pk) for annex in annexes]
    kept["reports"] = list(reports.values_list("pk", flat=True))
    reports.update(structure=stays)
    kept["claims"] = _pass_claims(stays, goes)
    kept["grants"] = [row.pk for row in _give(stays, goes.grants.in_force(), by)]
    source = [goes.external_source, goes.external_id]
    goes.status = Status.MERGED
    if stays.external_source is None and goes.external_source is not None:
        kept["source"] = source
        goes.external_source = goes.external_id = None
    goes.save()
    if "source" in kept:
        Structure.objects.filter(pk=stays.pk).update(external_source=source[0], external_id=source[1])
    waiting = Resemblance.objects.filter(Q(first=goes) | Q(second=goes), state=State.OPEN)
    waiting.exclude(first__in=(stays, goes), second__in=(stays, goes)).delete()
    return kept


def _give(stays: Structure, rights: Iterable[StructureGrant], by: User) -> list[StructureGrant]:
    """Rights on the survivor for those who had one on the other; rights that end, end there as well."""
    have = set(stays.grants.in_force().values_list("user_id", flat=True))
    given = []
    for right in rights:
        if right.user_id not in have:
            given.append(grants.give(user=right.user, structure=stays, by=by))
            if right.until:
                given[-1].until = right.until
                given[-1].save(update_fields=["until"])
    return given


def _pass_claims(stays: Structure, goes: Structure) -> list[str]:
    """Hand over the claims that wait; of who waits for both, the one of the survivor waits on."""
    waiting = Claim.objects.select_for_update().filter(structure=goes, state=Claim.State.OPEN)
    passed = [str(pk) for pk in waiting.values_list("pk", flat=True)]
    both = Claim.objects.filter(structure=stays, state=Claim.State.OPEN).values("user")
    Claim.objects.filter(pk__in=passed, user__in=both).update(state=Claim.State.WITHDRAWN)
    Claim.objects.filter(pk__in=passed, state=Claim.State.OPEN).update(structure=stays)
    return passed


def _forget_registration(goes: Structure) -> str | None:
    """A new entry that turned out to be known waits for nothing any more; says who wrote it."""
    proposal = rules.proposal_of(goes)
    if proposal is None:
        return None
    author = str(proposal.created_by_id) if proposal.created_by_id else ""
    proposal.delete()
    return author


def _put_back(held: Merge, stays: Structure, goes: Structure, by: User) -> None:
    kept = held.kept
    goes.status = Status(kept["status"])
    if "source" in kept:
        Structure.objects.filter(pk=stays.pk).update(external_source=None, external_id=None)
        goes.external_source, goes.external_id = kept["source"]
    goes.save()
    before = copies.of_json(kept["before"])
    content = replace(before.content, status=stays.status)
    copies.write(stays, replace(before, content=content), body=UUID(kept["body"]))
    for annex in stays.annexes.filter(pk__in=kept["annexes"]):
        annex.parent = goes
        annex.save(update_fields=["parent"])
    ErrorReport.objects.filter(pk__in=kept["reports"], structure=stays).update(structure=goes)
    passed = Q(structure=stays, state=Claim.State.OPEN) | Q(structure=goes, state=Claim.State.WITHDRAWN)
    Claim.objects.filter(passed, pk__in=kept.get("claims", [])).update(
        structure=goes, state=Claim.State.OPEN
    )
    for grant in StructureGrant.objects.filter(pk__in=kept["grants"]).in_force():
        grants.end(grant=grant, by=by)
    if kept["author"] is not None:
        author = User.objects.filter(pk=kept["author"]).first() if kept["author"] else None
        Proposal.objects.create(structure=goes, created_by=author, changed_by=author)


def _said(entry: Structure) -> str:
    """The same as long as the entry says the same; how sure that is and whether it is open do not count."""
    whole = copies.read(entry)
    bare = replace(whole, content=replace(whole.content, assured_date="", status=""))
    text = json.dumps(copies.to_json(bare), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _tell(stays: Structure, goes: Structure, by: User, about: Words) -> None:
    people = {*rules.keepers_of(stays), *rules.keepers_of(goes)} - {by}
    notify(
        kind=kinds.MERGED,
        to=sorted(people, key=lambda user: user.pk),
        region=stays.region,
        about=about,
        url=reverse_lazy("directory:office-structure", kwargs={"pk": stays.pk}),
        occasion=f"merge:{stays.pk}:{goes.pk}:{timezone.now():%Y%m%d%H%M%S}",
    )
    finding.soon(stays.region)
