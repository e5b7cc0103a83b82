"""Whom publishing tells, and once only."""

from typing import Any

from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Membership, User
from entaxis.core.review import Step
from entaxis.notifications.actions import notify
from entaxis.strategy import kinds
from entaxis.strategy.publications import families

TOLD = {
    Step.ASK_BACK: _("Your text was asked back"),
    Step.PUBLISH: _("Your text was published"),
    Step.WITHDRAW: _("Your text was withdrawn"),
    Step.ARCHIVE: _("Your text was put into the archive"),
}


def tell_step(row: Any, step: Step, by: User, reason: str) -> None:
    """Tell the reviewers of what came in, and the writers of what was decided; nobody of their own step."""
    context = {"text": row.title_el, "reason": reason, "step": step.value}
    url = reverse_lazy("publishing:item", args=[families.of(row).key, row.pk])
    occasion = f"{row.pk}:{row.version}:{step.value}"
    said: dict[str, Any] = {"region": row.region, "url": url, "context": context, "occasion": occasion}
    if step is Step.SUBMIT:
        notify(kind=kinds.SUBMITTED, to=_reviewers(row, by), about=_("A text waits for review"), **said)
    elif step in TOLD:
        notify(kind=kinds.DECIDED, to=_writers(row, by), about=TOLD[step], **said)


def _reviewers(row: Any, by: User) -> list[User]:
    held = Membership.objects.in_force().filter(region=row.region, role__in=Membership.OF_REGION)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(pk=by.pk))


def _writers(row: Any, by: User) -> list[User]:
    """Who began it, changed it last or sent it in."""
    sent_in = row.passings.filter(step=Step.SUBMIT).values("by")
    people = User.objects.filter(
        Q(pk__in=[row.created_by_id, row.changed_by_id]) | Q(pk__in=sent_in), is_active=True
    )
    return list(people.exclude(pk=by.pk))
