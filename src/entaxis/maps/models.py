"""What this room remembers: how far the printing of a region's profiles has come."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area


class Printing(models.Model):
    """The last time that all profiles of a region were made as PDF. The files themselves are kept apart."""

    region = models.OneToOneField(Area, models.CASCADE, related_name="+")
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    done = models.PositiveIntegerField(_("files done"), default=0)
    total = models.PositiveIntegerField(_("files in all"), default=0)
    made = models.PositiveIntegerField(_("files made anew"), default=0)
    failure = models.TextField(_("why it failed"), blank=True)

    class Meta:
        """One row a region."""

        verbose_name = _("printing of profiles")
        verbose_name_plural = _("printings of profiles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="printing_done_of_total"
            )
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.done}/{self.total}"
