"""Values of tables of statistics: what is measured, what each table says, where two contradict."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area
from entaxis.sources.models.definitions import Source
from entaxis.sources.models.editions import SourceEdition
from entaxis.vocabularies.models import in_language


class Measure(models.Model):
    """Something that tables tell of areas: unemployed persons, a rate, beds."""

    class Unit(models.TextChoices):
        """In what it is told; it says which values are nonsense."""

        PERSONS = "persons", _("persons")
        HOUSEHOLDS = "households", _("households")
        NUMBER = "number", _("a count of other things")
        PERCENT = "percent", _("percent (0–100)")
        EURO = "euro", _("euros")
        OTHER = "other", _("another unit")

    COUNTS = (Unit.PERSONS, Unit.HOUSEHOLDS, Unit.NUMBER)

    key = models.SlugField(_("key"), max_length=64, unique=True)
    name_el = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("English name"), max_length=160)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)

    class Meta:
        """By name."""

        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["name_el"]

    def __str__(self) -> str:
        return in_language(self.name_el, self.name_en, {})

    @property
    def is_count(self) -> bool:
        """Whether its values are whole numbers that add up."""
        return self.unit in self.COUNTS


class TableValue(models.Model):
    """One cell of a table in force. Rows of an edition that is superseded go."""

    edition = models.ForeignKey(SourceEdition, models.CASCADE, related_name="cells")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="cells")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    period = models.CharField(_("period"), max_length=7)
    breakdown = models.CharField(_("breakdown"), max_length=120, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)

    class Meta:
        """A table says a thing once. Periods are written 2024, 2024-Q1 or 2024-03."""

        verbose_name = _("value of a table")
        verbose_name_plural = _("values of tables")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "measure", "area", "period", "breakdown"], name="table_value_once"
            ),
            models.CheckConstraint(
                condition=Q(period__regex=r"^[0-9]{4}(-Q[1-4]|-[0-9]{2})?$"), name="table_value_period"
            ),
        ]
        indexes = [models.Index(fields=["measure", "area", "period", "breakdown"])]

    def __str__(self) -> str:
        return f"{self.measure} {self.area} {self.period} {self.breakdown}: {self.value.normalize():f}"


class Contradiction(models.Model):
    """Two sources in force that say different things of the same cell; a person says which is believed."""

    first = models.ForeignKey(TableValue, models.CASCADE, related_name="+")
    second = models.ForeignKey(TableValue, models.CASCADE, related_name="+")
    believed = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        """Two values contradict each other once; a decision says why."""

        verbose_name = _("contradiction")
        verbose_name_plural = _("contradictions")
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="contradiction_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="contradiction_of_two"),
            models.CheckConstraint(
                condition=Q(believed=None, decided_at=None)
                | Q(believed__isnull=False, decided_at__isnull=False, reason__regex=r"\S"),
                name="contradiction_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second.value.normalize():f}"
