"""A second step that was lost: two administrators take it away, so that a new one can be set up."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models.people import User


class Recovery(models.Model):
    """One administrator asks, another confirms or refuses; the row stays as the record of who did what."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="recoveries")
    reason = models.TextField(_("how you know that it is this person"), max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="recoveries_asked")
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="recoveries_decided"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=False)

    class Meta:
        """Two different administrators, and neither is the person; one waits at a time."""

        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(decided_at=None), name="recovery_waits_once"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user"))
                & (
                    Q(decided_by=None)
                    | ~Q(decided_by=F("user")) & (Q(is_confirmed=False) | ~Q(decided_by=F("asked_by")))
                ),
                name="recovery_by_two_others",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, is_confirmed=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="recovery_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
