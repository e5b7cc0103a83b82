"""The catalogue: what an indicator means, in versions: a figure keeps the meaning it was made with."""

from typing import Final

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Level


class Theme(models.TextChoices):
    """The fields of exclusion that the Observatory follows (R22)."""

    POVERTY = "poverty", _("Poverty")
    INEQUALITY = "inequality", _("Income and inequality")
    DEPRIVATION = "deprivation", _("Material deprivation")
    WORK = "work", _("Work and education")
    HOUSING = "housing", _("Housing")
    DEBT = "debt", _("Debts")
    HEALTH = "health", _("Health")
    BENEFITS = "benefits", _("Benefits and support")
    POPULATION = "population", _("Population")


class Direction(models.TextChoices):
    """Which way is better."""

    LOW_IS_GOOD = "low_is_good", _("lower is better")
    HIGH_IS_GOOD = "high_is_good", _("higher is better")
    NEUTRAL = "neutral", _("neither is better")


class Unit(models.TextChoices):
    """What a value counts."""

    PERCENT = "percent", _("%")
    EURO = "euro", _("euro a year")
    EURO_PAID = "euro_paid", _("euro in the month, of everybody")
    RATIO = "ratio", _("times")
    INDEX = "index", _("points (0–100)")
    PERSONS = "persons", _("persons")
    HOUSEHOLDS = "households", _("households")
    PER_1000 = "per_1000", _("per 1,000 residents")
    PER_100_POOR = "per_100_poor", _("per 100 persons in poverty")
    MONTHS = "months", _("months")
    SCORE = "score", _("standard deviations")
    RANK = "rank", _("place (1: the worst)")


COUNTS: Final = (Unit.PERSONS, Unit.HOUSEHOLDS)
ADDITIVE: Final = (*COUNTS, Unit.EURO_PAID)
"""Units that add up over areas: a part is never compared with its whole."""


REPORTED: Final = "source:phenomena:"
"""What computes an indicator of which municipalities send reports, before the phenomenon's key."""


class Frequency(models.TextChoices):
    """How often there is a new figure."""

    ANNUAL = "annual", _("every year")
    QUARTERLY = "quarterly", _("every quarter")
    MONTHLY = "monthly", _("every month")
    CENSUS = "census", _("every census")


def in_language(greek: str, english: str) -> str:
    """The text in the reader's language, Greek where there is no other."""
    return greek if (get_language() or "el").startswith("el") else english or greek


class Indicator(models.Model):
    """Something measured, under one code for ever; what it means exactly is said by its versions."""

    code = models.SlugField(_("code"), max_length=48, unique=True)
    theme = models.CharField(_("theme"), max_length=16, choices=Theme)
    direction = models.CharField(_("which way is better"), max_length=16, choices=Direction)
    unit = models.CharField(_("unit"), max_length=16, choices=Unit)
    digits = models.PositiveSmallIntegerField(_("decimals shown"), default=1)
    responsible = models.CharField(_("who answers for it"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("place in the catalogue"), default=0)

    class Meta:
        """In the order of the catalogue."""

        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "code"]
        constraints = [models.CheckConstraint(condition=Q(digits__lte=6), name="indicator_digits")]

    def __str__(self) -> str:
        return self.code

    @property
    def adds_up(self) -> bool:
        """Whether an area's figure is the sum of those of the areas in it."""
        return self.unit in ADDITIVE


class IndicatorVersion(models.Model):
    """What an indicator means from a day on. A version that carries figures is never changed."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("in force since"))
    name_el = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name, in English"), max_length=200)
    definition_el = models.TextField(_("definition"))
    definition_en = models.TextField(_("definition, in English"))
    universe_el = models.CharField(_("about whom"), max_length=300)
    universe_en = models.CharField(_("about whom, in English"), max_length=300)
    revision_el = models.TextField(_("how it is corrected"), blank=True)
    revision_en = models.TextField(_("how it is corrected, in English"), blank=True)
    source_el = models.CharField(_("source of the definition"), max_length=300)
    source_en = models.CharField(_("source of the definition, in English"), max_length=300)
    formula = models.CharField(_("formula"), max_length=300, blank=True)
    method_page = models.CharField(_("page of the method"), max_length=64, blank=True)
    frequency = models.CharField(_("how often"), max_length=16, choices=Frequency, default=Frequency.ANNUAL)
    levels = ArrayField(models.CharField(max_length=16, choices=Level), verbose_name=_("levels of areas"))
    breakdowns = ArrayField(
        models.CharField(max_length=32), verbose_name=_("breakdowns"), default=list, blank=True
    )
    income_year_offset = models.SmallIntegerField(
        _("year that is measured, from the period (-1: the year before)"), default=0
    )
    breaks = models.JSONField(_("breaks in the series"), default=list, blank=True)
    computation = models.CharField(_("what computes it"), max_length=64, blank=True)
    change_el = models.TextField(_("what changed and why"), max_length=2000, blank=True)
    change_en = models.TextField(_("what changed and why, in English"), max_length=2000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        """A number stands once for an indicator; what carries figures keeps its meaning, whoever writes."""

        verbose_name = _("version of an indicator")
        verbose_name_plural = _("versions of indicators")
        ordering = ["indicator", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="indicator_version_number"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keeps_its_meaning",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM indicators_releasedseries WHERE version_id = OLD.id) THEN
                      RAISE EXCEPTION 'a version that carries figures is never changed';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def has_areas(self) -> bool:
        """Whether it is told of areas inside the region: what is told of the region alone has no map."""
        return set(self.levels) != {Level.REGION}

    @property
    def is_reported(self) -> bool:
        """Whether municipalities report it, each for itself: without a report nothing is known of one."""
        return self.computation.startswith(REPORTED)

    @property
    def is_shrunk(self) -> bool:
        """Whether a recipe draws every area's rate towards the mean of all. A query where none was read."""
        return self._kind_of_recipe == "shrunk_rate"

    @property
    def is_rate_of_a_count(self) -> bool:
        """Whether a recipe sets a full count beside residents: nobody was drawn into a sample.

        Its interval tells how much such a number varies by chance. A query where no recipe was read.
        """
        return self._kind_of_recipe in {"rate", "shrunk_rate"}

    @property
    def _kind_of_recipe(self) -> str:
        recipe = getattr(self, "recipe", None)
        return "" if recipe is None else str(recipe.steps["kind"])

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.name_el, self.name_en)

    @property
    def definition(self) -> str:
        """In the reader's language."""
        return in_language(self.definition_el, self.definition_en)

    @property
    def universe(self) -> str:
        """In the reader's language."""
        return in_language(self.universe_el, self.universe_en)

    @property
    def revision(self) -> str:
        """In the reader's language."""
        return in_language(self.revision_el, self.revision_en)

    @property
    def change(self) -> str:
        """In the reader's language."""
        return in_language(self.change_el, self.change_en)

    @property
    def source(self) -> str:
        """In the reader's language."""
        return in_language(self.source_el, self.source_en)
