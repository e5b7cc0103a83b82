"""Who keeps an entry beside its body, and what they would change in it before an editor has looked."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.core.review import WRITTEN_ON, Passing, Reviewed, State
from entaxis.directory.models.structures import Structure

OPEN_STATES = tuple(sorted([*WRITTEN_ON, State.SUBMITTED]))


class StructureGrantQuerySet(models.QuerySet["StructureGrant"]):
    """Grants, asked by time."""

    def in_force(self) -> "StructureGrantQuerySet":
        """Those that hold today."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), app_label="directory"
)
class StructureGrant(models.Model):
    """The right of one person to keep the entry of one structure."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="structure_grants")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="grants")
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = StructureGrantQuerySet.as_manager()

    class Meta:
        """One open right of a person on a structure."""

        verbose_name = _("right on a structure")
        verbose_name_plural = _("rights on structures")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "structure"], condition=Q(until=None), name="structure_grant_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="structure_grant_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return str(_("keeps the entry"))


class Proposal(Reviewed):
    """A new entry, or changes to a published one, on the way through review.

    ``structure`` is the entry; ``copy`` the working copy with the changes, gone once they are decided.
    A new entry has no copy: it is a draft itself. ``base`` is what the entry said when the copy was made.
    """

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="proposals")
    copy = models.OneToOneField(
        Structure, models.SET_NULL, null=True, blank=True, related_name="proposal_of_copy"
    )
    base = models.JSONField(null=True, blank=True)

    class Meta:
        """An entry has one open proposal."""

        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-changed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure"], condition=Q(state__in=OPEN_STATES), name="proposal_open_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="proposal_state"),
        ]

    def __str__(self) -> str:
        return str(self.structure)

    @property
    def row(self) -> Structure:
        """What is written on: the working copy, or the new entry itself."""
        return self.copy or self.structure

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to write on it or decide."""
        return self.state in OPEN_STATES


class ProposalStep(Passing):
    """One step of a proposal: by whom, when and why."""

    row = models.ForeignKey(Proposal, models.CASCADE, related_name="passings")
