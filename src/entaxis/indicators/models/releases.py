"""Editions of surveys, releases and the figures that they published. Published figures only grow."""

import uuid
from typing import Final

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area
from entaxis.indicators import periods
from entaxis.indicators.models.catalogue import Indicator, IndicatorVersion, in_language
from entaxis.sources.models import SourceEdition

READ_ONLY: Final = "read only to the web"
"""The comment of a table that `core.grants` takes from the web's role."""


class Edition(models.Model):
    """One frozen file of a survey. The file itself is sealed; this is what may be said of it."""

    region = models.ForeignKey(Area, models.PROTECT, related_name="editions")
    year = models.PositiveSmallIntegerField(_("year of the survey"))
    income_year = models.PositiveSmallIntegerField(_("year of the incomes"))
    title_el = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title, in English"), max_length=200)
    line_eur = models.DecimalField(_("national poverty line, euro a year"), max_digits=10, decimal_places=2)
    line_note = models.CharField(_("where the line comes from"), max_length=300)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64)
    specification = models.TextField(_("design, weights and variables (TOML)"))
    persons = models.PositiveIntegerField(_("persons"))
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    notes = models.JSONField(_("what the check noticed"), default=list, blank=True)
    is_synthetic = models.BooleanField(_("demonstration data"), default=False)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField(_("imported at"), default=timezone.now)

    class Meta:
        """The same file with the same description enters a region once."""

        verbose_name = _("edition of a survey")
        verbose_name_plural = _("editions of surveys")
        ordering = ["-year", "-imported_at"]
        constraints = [
            models.UniqueConstraint(
                F("region"), F("checksum"), MD5("specification"), name="edition_file_once"
            ),
            models.CheckConstraint(condition=Q(line_eur__gt=0), name="edition_line_positive"),
            models.CheckConstraint(
                condition=Q(income_year__lte=F("year")), name="edition_income_year_not_later"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.title_el, self.title_en)


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases, asked by how far they are."""

    def public(self) -> "ReleaseQuerySet":
        """Those whose figures are or were in force."""
        return self.filter(state__in=(Release.State.PUBLISHED, Release.State.SUPERSEDED))

    def due(self) -> "ReleaseQuerySet":
        """Approved ones whose hour has come."""
        return self.filter(state=Release.State.APPROVED, publish_at__lte=timezone.now())

    def announced(self) -> "ReleaseQuerySet":
        """Approved ones whose hour is still to come: the calendar of releases."""
        return self.filter(state=Release.State.APPROVED, publish_at__gt=timezone.now())


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["state", "note_el", "note_en", "publish_at", "approved_by", "digest"],
    model_name="ReleaseEvent",
    app_label="indicators",
)
class Release(models.Model):
    """Figures on their way to the public: made, checked, approved by another person, published."""

    class State(models.TextChoices):
        """How far it is. What is approved and has an hour in the future is scheduled."""

        PREPARING = "preparing", _("being computed")
        FAILED = "failed", _("could not be computed")
        CANDIDATE = "candidate", _("computed")
        CHECKED = "checked", _("checked")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("replaced by a later release")
        WITHDRAWN = "withdrawn", _("given up")

    BEFORE_APPROVAL = (State.PREPARING, State.FAILED, State.CANDIDATE, State.CHECKED, State.WITHDRAWN)

    region = models.ForeignKey(Area, models.PROTECT, related_name="releases")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="releases")
    title_el = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title, in English"), max_length=200)
    note_el = models.TextField(_("note"), max_length=4000, blank=True)
    note_en = models.TextField(_("note, in English"), max_length=4000, blank=True)
    source_el = models.CharField(_("source of the figures"), max_length=300)
    source_en = models.CharField(_("source of the figures, in English"), max_length=300)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PREPARING)
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    done = models.PositiveIntegerField(_("steps done"), default=0)
    total = models.PositiveIntegerField(_("steps in all"), default=0)
    failure = models.TextField(_("why it failed"), blank=True)
    code_version = models.CharField(_("version of the programme"), max_length=80, blank=True)
    seed = models.BigIntegerField(_("seed"), default=0)
    methods = models.JSONField(_("methods"), default=dict, blank=True)
    digest = models.CharField(_("SHA-256 of the figures"), max_length=64, blank=True)
    checks = models.JSONField(_("report of the checks"), default=dict, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    is_synthetic = models.BooleanField(_("demonstration data"), default=False)
    is_withdrawal = models.BooleanField(_("takes figures back"), default=False)
    source_edition = models.ForeignKey(
        SourceEdition, models.PROTECT, null=True, blank=True, related_name="releases"
    )
    files = models.JSONField(_("files that it was counted from"), default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    publish_at = models.DateTimeField(_("to be published at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        """Four eyes: nobody approves what they made. A correction says why."""

        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("created_by")),
                name="release_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("preparing", "failed", "candidate", "checked", "withdrawn"),
                    published_at=None,
                )
                | Q(
                    state="approved",
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    publish_at__isnull=False,
                    published_at=None,
                )
                | Q(
                    state__in=("published", "superseded"),
                    approved_by__isnull=False,
                    published_at__isnull=False,
                ),
                name="release_state",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(note_el=""), name="release_correction_says_why"
            ),
            models.CheckConstraint(condition=~Q(pk=F("supersedes")), name="release_not_its_own_correction"),
            models.CheckConstraint(
                condition=Q(is_withdrawal=False) | Q(supersedes__isnull=False),
                name="release_withdrawal_of_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.title_el, self.title_en)

    @property
    def note(self) -> str:
        """In the reader's language."""
        return in_language(self.note_el, self.note_en)

    @property
    def source(self) -> str:
        """In the reader's language."""
        return in_language(self.source_el, self.source_en)

    @property
    def is_scheduled(self) -> bool:
        """Approved for an hour that has not come."""
        return bool(
            self.state == self.State.APPROVED and self.publish_at and self.publish_at > timezone.now()
        )

    @property
    def is_at_work(self) -> bool:
        """A worker has still to compute or to check it."""
        return self.state in (self.State.PREPARING, self.State.CANDIDATE)


class ReleasedSeries(models.Model):
    """The figures of one indicator for one period, as one release published them."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="series")
    region = models.ForeignKey(Area, models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="series")
    version = models.ForeignKey(IndicatorVersion, models.PROTECT, related_name="series")
    period = models.CharField(_("period"), max_length=10)
    is_current = models.BooleanField(_("in force"), default=True)

    class Meta:
        """At any time one release is in force for an indicator, a region and a period."""

        verbose_name = _("published series")
        verbose_name_plural = _("published series")
        db_table_comment = READ_ONLY
        constraints = [
            models.UniqueConstraint(fields=["release", "version", "period"], name="series_once"),
            models.UniqueConstraint(
                fields=["region", "indicator", "period"],
                condition=Q(is_current=True),
                name="one_current_series",
            ),
            models.CheckConstraint(
                condition=Q(period__regex=r"^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$"), name="series_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"

    @property
    def when(self) -> str:
        """The period in the reader's language."""
        return periods.name(self.period)


class Reason(models.TextChoices):
    """Why a figure is not shown."""

    SMALL_SAMPLE = "small_sample", _("too few people were asked")
    PROTECTS = "protects", _("withheld so that another figure cannot be worked out")
    UNSURE = "unsure", _("the error would be too large")
    SMALL_COUNT = "small_count", _("too few persons, or so that a number of too few cannot be worked out")
    NOBODY_ASKED = "nobody_asked", _("nobody was asked here")
    NOT_DEFINED = "not_defined", _("it does not exist here")
    WITHDRAWN = "withdrawn", _("taken back; the release says why")
    NO_INPUT = "no_input", _("a figure that it is made of is not given here")


class Observation(models.Model):
    """One published figure, or the statement that it is withheld and why."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(_("passport"), default=uuid.uuid4, unique=True, editable=False)
    series = models.ForeignKey(ReleasedSeries, models.PROTECT, related_name="observations", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    breakdown = models.CharField(_("breakdown"), max_length=80, default="total")
    value = models.FloatField(_("value"), null=True)
    standard_error = models.FloatField(_("standard error"), null=True)
    ci_low = models.FloatField(_("lower end of the interval"), null=True)
    ci_high = models.FloatField(_("upper end of the interval"), null=True)
    n = models.PositiveIntegerField(_("persons asked"), null=True)
    n_effective = models.FloatField(_("effective number"), null=True)
    flag = models.CharField(_("flag"), max_length=2, blank=True)
    is_modelled = models.BooleanField(_("modelled"), default=False)
    reason = models.CharField(_("why it is not shown"), max_length=16, choices=Reason, blank=True)
    reported = models.PositiveSmallIntegerField(_("municipalities that reported"), null=True)
    reported_of = models.PositiveSmallIntegerField(_("of so many municipalities"), null=True)

    class Meta:
        """A figure without a value says why; a withheld one tells nothing else."""

        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        db_table_comment = READ_ONLY
        constraints = [
            models.UniqueConstraint(fields=["series", "breakdown", "area"], name="observation_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, reason="")
                | Q(
                    ~Q(reason=""),
                    value=None,
                    standard_error=None,
                    ci_low=None,
                    ci_high=None,
                    n=None,
                    n_effective=None,
                ),
                name="observation_withheld_tells_nothing",
            ),
            models.CheckConstraint(
                condition=Q(reported=None, reported_of=None)
                | Q(value__isnull=False, reported__lt=F("reported_of")),
                name="observation_at_least",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
