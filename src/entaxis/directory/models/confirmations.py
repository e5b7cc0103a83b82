"""Rounds of asking whether an entry is still right."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entaxis.directory.models.structures import Structure


class ConfirmationRound(models.Model):
    """Whoever keeps an entry was asked whether all of it is still right; it ends when somebody says so."""

    class Rung(models.IntegerChoices):
        """What was said last in this round."""

        ASKED = 0, _("asked")
        REMINDED = 1, _("reminded")
        REMINDED_AGAIN = 2, _("reminded twice")
        ESCALATED = 3, _("told to the municipality")

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="confirmation_rounds")
    asked_on = models.DateField(_("asked on"))
    rung = models.PositiveSmallIntegerField(_("how far"), choices=Rung, default=Rung.ASKED)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        """One round of an entry at a time."""

        verbose_name = _("request for confirmation")
        verbose_name_plural = _("requests for confirmation")
        constraints = [
            models.UniqueConstraint(
                fields=["structure"], condition=Q(ended_on=None), name="confirmation_round_once"
            ),
            models.CheckConstraint(condition=Q(rung__lte=3), name="confirmation_rung"),
        ]

    def __str__(self) -> str:
        return self.get_rung_display()
