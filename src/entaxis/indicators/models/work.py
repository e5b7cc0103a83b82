"""What people set going: computing a figure again, bringing a survey in, leaving a table out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area
from entaxis.indicators import periods
from entaxis.indicators.models.catalogue import IndicatorVersion
from entaxis.indicators.models.releases import Edition, Observation, Release


class Recomputation(models.Model):
    """A published figure computed again from the sealed file, and whether it came out the same."""

    class State(models.TextChoices):
        """How far it is, and what was found."""

        WAITING = "waiting", _("waits for its turn")
        RUNNING = "running", _("being computed")
        SAME = "same", _("the same to the last digit")
        DIFFERS = "differs", _("another value")
        FAILED = "failed", _("could not be computed")

    OPEN = (State.WAITING, State.RUNNING)

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="recomputations")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    value = models.FloatField(_("value that came out"), null=True, blank=True)
    code_version = models.CharField(_("version of the programme"), max_length=80, blank=True)
    done = models.PositiveIntegerField(_("steps done"), default=0)
    total = models.PositiveIntegerField(_("steps in all"), default=0)
    failure = models.TextField(_("why it failed"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        """One at a time for a figure."""

        verbose_name = _("recomputation of a figure")
        verbose_name_plural = _("recomputations of figures")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["observation"],
                condition=Q(state__in=("waiting", "running")),
                name="one_recomputation_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running"), finished_at=None)
                | Q(state__in=("same", "differs", "failed"), finished_at__isnull=False),
                name="recomputation_finished",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def is_open(self) -> bool:
        """Its answer is still to come."""
        return self.state in self.OPEN


class EditionUpload(models.Model):
    """A survey's file on its way in: sealed at once, read by a worker, refused with a sentence or taken."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waits for its turn")
        READING = "reading", _("being read")
        TAKEN = "taken", _("taken")
        REFUSED = "refused", _("refused")

    region = models.ForeignKey(Area, models.PROTECT, related_name="edition_uploads")
    file_name = models.CharField(_("file"), max_length=120)
    specification = models.TextField(_("design, weights and variables (TOML)"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    refusal = models.TextField(_("why it was refused"), blank=True)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="uploads")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("came in"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        """What was taken has its edition; what was refused says why."""

        verbose_name = _("upload of a survey's file")
        verbose_name_plural = _("uploads of surveys' files")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "reading"), edition=None)
                | Q(state="taken", edition__isnull=False)
                | Q(state="refused", edition=None) & ~Q(refusal=""),
                name="edition_upload_state",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        """Its answer is still to come."""
        return self.state in (self.State.WAITING, self.State.READING)


class LeftOutTable(models.Model):
    """A person's decision that a table, which nothing can protect any more, is not in a release."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="left_out")
    version = models.ForeignKey(IndicatorVersion, models.PROTECT, related_name="+")
    period = models.CharField(_("period"), max_length=10)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        """A table is left out once."""

        verbose_name = _("table that is left out")
        verbose_name_plural = _("tables that are left out")
        constraints = [
            models.UniqueConstraint(fields=["release", "version", "period"], name="table_left_out_once")
        ]

    def __str__(self) -> str:
        return f"{self.version}, {self.period}"

    @property
    def when(self) -> str:
        """The period in the reader's language."""
        return periods.name(self.period)
