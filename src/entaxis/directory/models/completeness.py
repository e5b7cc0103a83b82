"""How well we know what exists: counts are of structures registered so far, not of all there are."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.directory.models import coherence
from entaxis.geography.models import Area
from entaxis.vocabularies.models import Term


class KindCompleteness(models.Model):
    """Whether all structures of a kind in a municipality are registered. No row: unknown."""

    class State(models.TextChoices):
        """What a count stands for."""

        COMPLETE = "complete", _("Complete")
        PARTIAL = "partial", _("In part")
        UNKNOWN = "unknown", _("Not known")

    kind = models.ForeignKey(Term, models.CASCADE, related_name="completeness", verbose_name=_("kind"))
    municipality = models.ForeignKey(
        Area, models.CASCADE, related_name="completeness", verbose_name=_("municipality")
    )
    state = models.CharField(_("completeness"), max_length=8, choices=State, default=State.UNKNOWN)
    as_of = models.DateField(_("as of"), default=timezone.localdate)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        """One statement for a kind and a municipality; never for a confidential kind."""

        verbose_name = _("completeness")
        verbose_name_plural = _("completeness")
        triggers = [coherence.COMPLETENESS]
        constraints = [
            models.UniqueConstraint(fields=["kind", "municipality"], name="completeness_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["complete", "partial", "unknown"]), name="completeness_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} – {self.municipality}: {self.get_state_display()}"
