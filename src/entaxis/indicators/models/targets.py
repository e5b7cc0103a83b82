"""What strategies want of an indicator: the value, the year, the document that says so."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entaxis.indicators.models.catalogue import Indicator, in_language

FIRST_YEAR, LAST_YEAR = 2000, 2100


class StrategyTarget(models.Model):
    """A target of a strategy that an indicator follows. One that ended stays, no longer in force."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    key = models.SlugField(_("key of the ready-made catalogue"), max_length=48, blank=True, editable=False)
    name_el = models.CharField(_("what is wanted"), max_length=300)
    name_en = models.CharField(_("what is wanted, in English"), max_length=300, blank=True)
    value = models.FloatField(
        _("value to be reached, in the indicator's unit"),
        null=True,
        blank=True,
        help_text=_("Empty where the target is not a value of this indicator."),
    )
    by_year = models.PositiveSmallIntegerField(_("by the year"), null=True, blank=True)
    strategy_el = models.CharField(_("strategy and document"), max_length=300)
    strategy_en = models.CharField(_("strategy and document, in English"), max_length=300, blank=True)
    url = models.URLField(_("address of the document"), max_length=500, blank=True)
    is_in_force = models.BooleanField(_("in force"), default=True)

    class Meta:
        """The nearest year first."""

        verbose_name = _("target of a strategy")
        verbose_name_plural = _("targets of strategies")
        ordering = ["indicator", models.F("by_year").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by_year=None) | Q(by_year__range=(FIRST_YEAR, LAST_YEAR)),
                name="target_year",
                violation_error_message=_("A year from 2000 to 2100."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "key"], condition=~Q(key=""), name="target_key_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name_el

    @property
    def name(self) -> str:
        """What is wanted, in the reader's language."""
        return in_language(self.name_el, self.name_en)

    @property
    def strategy(self) -> str:
        """Who wants it and where it is written, in the reader's language."""
        return in_language(self.strategy_el, self.strategy_en)
