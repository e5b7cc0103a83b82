"""Whom a step with a report tells: the Observatory of what came in, its writers of the answer."""

from typing import Any, Final

from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import User
from entaxis.core.review import Step
from entaxis.directory.network.queries import editors_of
from entaxis.notifications.actions import notify
from entaxis.sources import kinds
from entaxis.sources.models import PhenomenonReport

TOLD: Final = {
    Step.ASK_BACK: _("Your report was asked back"),
    Step.PUBLISH: _("Your report was validated"),
    Step.WITHDRAW: _("Your report was withdrawn"),
}


def tell_step(report: PhenomenonReport, step: Step, by: User) -> None:
    """Nobody is told of their own step, and nobody twice of one."""
    said: dict[str, Any] = {
        "region": report.region,
        "url": reverse_lazy("sources:office-phenomenon", args=[report.pk]),
        "occasion": f"{report.pk}:{report.version}:{step.value}",
    }
    if step is Step.SUBMIT:
        editors = editors_of(report.region).exclude(pk=by.pk)
        notify(kind=kinds.SUBMITTED, to=editors, about=_("A report waits for validation"), **said)
    elif step in TOLD:
        sent_in = report.passings.filter(step=Step.SUBMIT).values("by")
        writers = User.objects.filter(Q(pk=report.created_by_id) | Q(pk__in=sent_in))
        notify(kind=kinds.DECIDED, to=writers.exclude(pk=by.pk), about=TOLD[step], **said)
