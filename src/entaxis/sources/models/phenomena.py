"""What municipal social services report: extreme poverty, over-indebted households and other phenomena."""

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entaxis.core.review import Passing, Reviewed, State
from entaxis.geography.models import Area

PERIOD: Final = r"^[0-9]{4}-Q[1-4]$"


class PhenomenonReport(Reviewed):
    """How far a phenomenon has spread in a municipality in a quarter; the numbers lie under seal.

    The phenomenon is a sub-group of the list of vulnerable groups. The Observatory validates a report
    ("published" of `core.review`); what is not validated is counted nowhere.
    """

    class Basis(models.TextChoices):
        """How the service knows."""

        APPLICATIONS = "applications", _("applications and files of the service")
        VISITS = "visits", _("visits at home and work in the street")
        REFERRALS = "referrals", _("referrals by others")
        ESTIMATE = "estimate", _("an estimate of the service")

    region = models.ForeignKey(Area, models.PROTECT, related_name="+", editable=False)
    municipality = models.ForeignKey(
        Area, models.PROTECT, related_name="phenomenon_reports", verbose_name=_("municipality")
    )
    phenomenon = models.SlugField(_("phenomenon"), max_length=64)
    period = models.CharField(_("quarter"), max_length=7)
    basis = models.CharField(_("how it is known"), max_length=16, choices=Basis)
    observed = models.TextField(_("what was observed"), max_length=2000, blank=True)
    is_synthetic = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        """A municipality reports a phenomenon once a quarter."""

        verbose_name = _("report of a phenomenon")
        verbose_name_plural = _("reports of phenomena")
        ordering = ["-period", "municipality_id", "phenomenon"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "phenomenon", "period"],
                condition=~Q(state=State.WITHDRAWN),
                name="phenomenon_reported_once",
            ),
            models.CheckConstraint(condition=Q(period__regex=PERIOD), name="phenomenon_quarter"),
            models.CheckConstraint(
                condition=~Q(municipality=F("region")), name="phenomenon_of_a_municipality"
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "period"])]

    def __str__(self) -> str:
        return f"{self.phenomenon} {self.municipality} {self.period}"


class PhenomenonPassing(Passing):
    """A step that was taken with a report."""

    row = models.ForeignKey(PhenomenonReport, models.CASCADE, related_name="passings")
