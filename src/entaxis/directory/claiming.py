"""Claims of entries that came by import: asked with words and a paper, decided by the Observatory.

A body as a whole is asked for in `accounts.requesting`; here somebody asks for the entry of one structure.
"""

from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts import queries as people
from entaxis.accounts.models import User
from entaxis.accounts.requesting import EVIDENCE_KEPT
from entaxis.core.papers import Paper
from entaxis.directory import grants, kinds, rules
from entaxis.directory.models import Claim, ClaimPaper, Structure
from entaxis.geography.models import Area
from entaxis.notifications.actions import notify

State = Claim.State
MOST_WAITING: Final = 3  # claims of one person that wait at a time
MOST_OF_ONE: Final = 5  # claims of one structure that wait at a time
AGAIN_AFTER: Final = timedelta(days=30)  # the same person for the same structure, after a refusal


class ClaimError(Exception):
    """It cannot be done; the text is a sentence for the reader."""


@transaction.atomic
def ask(*, structure: Structure, text: str, paper: Paper | None, by: User) -> Claim:
    """Store the claim of ``by`` and tell the editors.

    Raises:
        ClaimError: the person keeps the entry already, too many wait, or it was refused lately.
    """
    _refuse_many(structure, by)
    try:
        with transaction.atomic():
            claim = Claim.objects.create(user=by, structure=structure, text=text)
    except IntegrityError:
        raise ClaimError(_("You have asked for this entry already; the request waits.")) from None
    if paper:
        ClaimPaper.objects.create(claim=claim, name=paper.name, kind=paper.kind, content=paper.content)
    notify(
        kind=kinds.CLAIMED,
        to=[held.user for held in people.people_of(structure.region) if held.user != by],
        region=structure.region,
        about=gettext_lazy("Somebody says that an entry of the directory is theirs"),
        url=reverse_lazy("directory:office-claim", kwargs={"pk": claim.pk}),
        occasion=f"claim:{claim.pk}",
    )
    return claim


def _refuse_many(structure: Structure, by: User) -> None:
    if rules.tends(by, structure):
        raise ClaimError(_("You keep this entry already."))
    if by.structure_claims.filter(state=State.OPEN).count() >= MOST_WAITING:
        raise ClaimError(_("You have several requests waiting. Withdraw one, or wait for an answer."))
    if structure.claims.filter(state=State.OPEN).count() >= MOST_OF_ONE:
        raise ClaimError(
            _("Several people have asked for this entry. The Observatory will answer them first.")
        )
    lately = timezone.now() - AGAIN_AFTER
    if structure.claims.filter(user=by, state=State.REFUSED, decided_at__gte=lately).exists():
        raise ClaimError(_("You were refused this entry lately. Read the reason, or ask the Observatory."))


def of_region(region: Area) -> QuerySet[Claim]:
    """The claims of a region, those that wait the longest first."""
    rows = Claim.objects.filter(structure__region=region)
    return rows.select_related("user", "structure__body", "structure__kind", "decided_by")


def approve(*, claim: Claim, by: User, reason: str = "") -> None:
    """Let the person keep the entry from today on.

    Raises:
        ClaimError: somebody decided meanwhile, or it is one's own.
    """
    with transaction.atomic():
        held = _open(claim, by)
        _decide(held, State.APPROVED, by, reason)
        grants.give(user=held.user, structure=held.structure, by=by)


def refuse(*, claim: Claim, reason: str, by: User) -> None:
    """Say no, with the reason that the person will read.

    Raises:
        ClaimError: somebody decided meanwhile, or it is one's own.
    """
    with transaction.atomic():
        _decide(_open(claim, by), State.REFUSED, by, reason)


@transaction.atomic
def withdraw(*, claim: Claim, by: User) -> None:
    """Take one's own claim back, with the paper.

    Raises:
        ClaimError: somebody decided meanwhile.
    """
    held = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk, user=by)
    _refuse_decided(held)
    held.state = State.WITHDRAWN
    held.save(update_fields=["state"])
    ClaimPaper.objects.filter(claim=held).delete()


def forget_old() -> int:
    """Delete the papers of claims decided long ago or withdrawn; how many."""
    old = Q(claim__decided_at__lt=timezone.now() - EVIDENCE_KEPT) | Q(claim__state=State.WITHDRAWN)
    return ClaimPaper.objects.filter(old).delete()[0]


def told(user: User) -> list[dict[str, Any]]:
    """What the person claimed, for the export of what is held about them."""
    rows = user.structure_claims.select_related("structure").order_by("created_at")
    return [
        {
            "structure": row.structure.name_el,
            "text": row.text,
            "asked": row.created_at,
            "state": row.state,
            "reason": row.reason,
        }
        for row in rows
    ]


def _open(claim: Claim, by: User) -> Claim:
    held = Claim.objects.select_for_update(of=("self",)).select_related("user", "structure__region")
    row = held.get(pk=claim.pk)
    _refuse_decided(row)
    if row.user == by or not rules.may_review(by, row.structure.region):
        raise ClaimError(_("You may not decide this request."))
    return row


def _refuse_decided(row: Claim) -> None:
    if row.state == State.WITHDRAWN:
        raise ClaimError(_("The person withdrew this request meanwhile."))
    if row.state != State.OPEN:
        raise ClaimError(
            _("%(who)s has decided this request meanwhile: %(state)s. %(reason)s")
            % {
                "who": row.decided_by or _("somebody"),
                "state": row.get_state_display(),
                "reason": row.reason,
            }
        )


def _decide(row: Claim, state: State, by: User, reason: str) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, by, timezone.now(), reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    notify(
        kind=kinds.CLAIM_DECIDED,
        to=[row.user],
        region=row.structure.region,
        about=gettext_lazy("Your request to keep an entry of the directory was answered"),
        url=reverse_lazy("directory:office-mine"),
        occasion=f"claim:{row.pk}:decided",
    )
