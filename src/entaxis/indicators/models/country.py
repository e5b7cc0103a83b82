"""What others published of the whole country, to read a region's figures against."""

from typing import Final

import pghistory
from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.indicators.models.catalogue import Indicator, in_language

PERIOD: Final = r"^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="CountryFigureEvent",
    app_label="indicators",
)
class CountryFigure(models.Model):
    """A figure of the whole country that a named source published. Read it by `queries.of_country` alone.

    It is nobody's estimate here: no release carries it, nothing is computed of it, no error is told. The
    demonstration has synthetic ones; `queries.of_country` sets each beside figures of its own kind alone.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    period = models.CharField(_("period"), max_length=10)
    value = models.FloatField(_("value"))
    source_el = models.CharField(_("source of the figures"), max_length=300)
    source_en = models.CharField(_("source of the figures, in English"), max_length=300)
    address = models.CharField(
        _("address where it was published"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
    )
    published_on = models.DateField(_("published on"))
    is_synthetic = models.BooleanField(_("demonstration data"), default=False, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)

    class Meta:
        """One of a kind for an indicator and a period; its source is named, and a real one's address."""

        verbose_name = _("figure of the country")
        verbose_name_plural = _("figures of the country")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "period", "is_synthetic"], name="country_once"),
            models.CheckConstraint(condition=Q(period__regex=PERIOD), name="country_period"),
            models.CheckConstraint(
                condition=~Q(source_el="") & ~Q(source_en="") & (Q(is_synthetic=True) | ~Q(address="")),
                name="country_source_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"

    @property
    def source(self) -> str:
        """In the reader's language."""
        return in_language(self.source_el, self.source_en)
