"""Recipes that bring figures to common criteria, their runs; studies of pockets, what was said of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area, BoundarySet
from entaxis.indicators.harmonisation.steps import Steps
from entaxis.indicators.models.catalogue import IndicatorVersion, in_language
from entaxis.indicators.models.releases import Release, ReleasedSeries


class Recipe(models.Model):
    """How the figures of a version of an indicator are made from other published figures."""

    version = models.OneToOneField(IndicatorVersion, models.PROTECT, related_name="recipe")
    purpose_el = models.TextField(_("what it is for"))
    purpose_en = models.TextField(_("what it is for, in English"))
    steps = models.JSONField(_("steps"))

    class Meta:
        """In the catalogue's order."""

        verbose_name = _("recipe")
        verbose_name_plural = _("recipes")
        ordering = ["version__indicator__order", "version__number"]

    def __str__(self) -> str:
        return self.version.name

    @property
    def purpose(self) -> str:
        """In the reader's language."""
        return in_language(self.purpose_el, self.purpose_en)

    @property
    def done(self) -> Steps:
        """The steps as they were checked on the way in."""
        return Steps.model_validate(self.steps)


class RecipeRun(models.Model):
    """A recipe applied to a region's published figures of one period; its result is a release."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("being computed")
        FAILED = "failed", _("could not be computed")
        DONE = "done", _("computed")

    recipe = models.ForeignKey(Recipe, models.PROTECT, related_name="runs")
    region = models.ForeignKey(Area, models.PROTECT, related_name="+")
    period = models.CharField(_("period"), max_length=10)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    failure = models.TextField(_("why it failed"), blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    note_en = models.TextField(_("note, in English"), max_length=4000, blank=True)
    release = models.OneToOneField(Release, models.PROTECT, null=True, related_name="recipe_run")
    inputs = models.JSONField(_("figures that went in"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    digest = models.CharField(_("SHA-256 of the figures that went in"), max_length=64, blank=True)
    code_version = models.CharField(_("version of the programme"), max_length=80, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        """What is computed is a release; what failed says why."""

        verbose_name = _("run of a recipe")
        verbose_name_plural = _("runs of recipes")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", release=None, failure="")
                | (Q(state="failed", release=None) & ~Q(failure=""))
                | Q(state="done", release__isnull=False, failure=""),
                name="recipe_run_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipe} {self.period}"


class PocketStudy(models.Model):
    """Where neighbouring areas have high or low values of a published series more than chance allows."""

    class State(models.TextChoices):
        """How far it is: municipalities see it before everybody does."""

        WAITING = "waiting", _("being computed")
        FAILED = "failed", _("could not be computed")
        COMPUTED = "computed", _("computed")
        SHOWN = "shown", _("shown to the municipalities")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("given up")

    region = models.ForeignKey(Area, models.PROTECT, related_name="pocket_studies")
    series = models.ForeignKey(ReleasedSeries, models.PROTECT, related_name="+")
    boundaries = models.ForeignKey(BoundarySet, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    failure = models.TextField(_("why it failed"), blank=True)
    seed = models.BigIntegerField(_("seed"), default=0)
    result = models.JSONField(_("result"), default=dict)
    digest = models.CharField(_("SHA-256 of the figures that went in"), max_length=64, blank=True)
    code_version = models.CharField(_("version of the programme"), max_length=80, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    comments_until = models.DateTimeField(_("municipalities may comment until"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        """Published by a second person, and never before the municipalities could comment."""

        verbose_name = _("study of pockets")
        verbose_name_plural = _("studies of pockets")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("created_by")),
                name="pockets_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(
                    approved_by__isnull=False,
                    comments_until__isnull=False,
                    published_at__gte=F("comments_until"),
                ),
                name="pockets_published_after_comments",
            ),
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(comments_until__isnull=False), name="pockets_shown_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}"

    @property
    def takes_comments(self) -> bool:
        """Municipalities see it and may still write."""
        return bool(
            self.state == self.State.SHOWN and self.comments_until and self.comments_until > timezone.now()
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One an area, as computed."""
        found: list[dict[str, Any]] = self.result.get("areas", [])
        return found

    @property
    def left_out(self) -> dict[str, str]:
        """Why municipalities took no part, by code."""
        return dict(self.result.get("left_out", []))


class PocketComment(models.Model):
    """What a municipality says of a study before it is public."""

    study = models.ForeignKey(PocketStudy, models.CASCADE, related_name="comments")
    municipality = models.ForeignKey(Area, models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        """In the order of writing."""

        verbose_name = _("comment on pockets")
        verbose_name_plural = _("comments on pockets")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="pocket_comment_says_something")]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.study}"
