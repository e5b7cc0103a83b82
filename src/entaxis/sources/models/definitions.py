"""Who gives us figures, how their files are read, and the amounts that the law of a benefit sets."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area
from entaxis.vocabularies.models import in_language


class Source(models.Model):
    """Somebody who gives a region figures again and again."""

    class Kind(models.TextChoices):
        """What its files hold."""

        NATIONAL_TABLE = "national_table", _("Table of statistics")
        GMI = "gmi", _("Guaranteed Minimum Income")
        FEAD = "fead", _("Food and basic material aid (FEAD)")
        SUBGROUP_COUNTS = "subgroup_counts", _("Beneficiaries by sub-group")
        PHENOMENA = "phenomena", _("Records of phenomena")

    class Frequency(models.TextChoices):
        """How often a file comes."""

        MONTHLY = "monthly", _("every month")
        QUARTERLY = "quarterly", _("every quarter")
        YEARLY = "yearly", _("every year")
        IRREGULAR = "irregular", _("now and then")

    OF_PERSONS = (Kind.GMI, Kind.FEAD)

    region = models.ForeignKey(Area, models.PROTECT, related_name="sources")
    key = models.SlugField(_("key"), max_length=64)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name_el = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    publisher = models.CharField(_("publisher"), max_length=160)
    licence = models.CharField(_("licence or terms"), max_length=200)
    frequency = models.CharField(_("how often"), max_length=12, choices=Frequency)
    website = models.URLField(_("website"), blank=True)
    is_synthetic = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        """A key stands once in a region."""

        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["kind", "name_el"]
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="source_once"),
            models.CheckConstraint(
                condition=Q(name_el__regex=r"\S", publisher__regex=r"\S", licence__regex=r"\S"),
                name="source_is_told",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_el, self.name_en or self.name_el, {})

    @property
    def holds_persons(self) -> bool:
        """Whether a row of its files is a person."""
        return self.kind in self.OF_PERSONS


class Mapping(models.Model):
    """How the files of a source are read from a day on. Never changed: another one follows."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="mappings")
    version = models.PositiveSmallIntegerField(_("version"))
    columns = models.JSONField(
        _("heading → field"), default=dict, help_text=_("An empty field: the column is left out.")
    )
    options = models.JSONField(_("how it is read"), default=dict, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        """Versions count up."""

        verbose_name = _("reading of columns")
        verbose_name_plural = _("readings of columns")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["source", "version"], name="source_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.version}"


class BenefitParameters(models.Model):
    """The amounts of a benefit from a day on, as an official text sets them.

    The office writes them down with the text they stand in; none is known to the platform by itself.
    """

    kind = models.CharField(_("benefit"), max_length=16, choices=Source.Kind)
    valid_from = models.DateField(_("in force since"))
    first_adult_euro = models.DecimalField(
        _("a month for one adult, in euros"), max_digits=8, decimal_places=2
    )
    further_adult_euro = models.DecimalField(
        _("for each further adult, in euros"), max_digits=8, decimal_places=2
    )
    minor_euro = models.DecimalField(_("for each minor, in euros"), max_digits=8, decimal_places=2)
    income_limit_months = models.PositiveSmallIntegerField(
        _("months of the amount that the income of six months may reach"), null=True, blank=True
    )
    citation = models.CharField(
        _("the official text they stand in"), max_length=300, help_text=_("Number, date, gazette.")
    )
    is_synthetic = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        """A benefit's amounts change on a day."""

        verbose_name = _("amounts of a benefit")
        verbose_name_plural = _("amounts of benefits")
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="benefit_parameters_once"),
            models.CheckConstraint(
                condition=Q(
                    first_adult_euro__gt=0,
                    further_adult_euro__gte=0,
                    minor_euro__gte=0,
                    citation__regex=r"\S",
                    kind__in=["gmi", "fead"],
                ),
                name="benefit_parameters_are_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from}"
