"""Files that came in: what each held, how far it is, and what a person had to decide."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area
from entaxis.sources.models.definitions import Mapping, Source


class SourceEdition(models.Model):
    """One file of a source. Its rows lie under seal; here stands what may be told of it."""

    class State(models.TextChoices):
        """How far it came."""

        REFUSED = "refused", _("refused: nothing of it is kept")
        READING = "reading", _("being read")
        WAITING = "waiting", _("waits for a decision on places")
        STAGED = "staged", _("ready")
        CURRENT = "current", _("in force")
        SUPERSEDED = "superseded", _("superseded")
        DISCARDED = "discarded", _("thrown away")

    HOLD_ROWS = (State.READING, State.WAITING, State.STAGED, State.CURRENT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="editions")
    mapping = models.ForeignKey(Mapping, models.PROTECT, related_name="editions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=12, choices=State)
    file_name = models.CharField(_("file"), max_length=120)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64)
    key_check = models.CharField(_("mark of the pseudonyms' key"), max_length=16, blank=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_kept = models.PositiveIntegerField(_("rows kept"), default=0)
    rows_left_out = models.PositiveIntegerField(_("rows left out"), default=0)
    pieces_done = models.PositiveIntegerField(default=0)
    pieces_total = models.PositiveIntegerField(default=0)
    report = models.JSONField(_("problems and notes"), default=dict, blank=True)
    created_at = models.DateTimeField(_("came in"), auto_now_add=True)
    in_force_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    is_synthetic = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        """Two editions in force of one source never tell the same day."""

        verbose_name = _("edition of a source")
        verbose_name_plural = _("editions of sources")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["source", "-created_at"])]
        constraints = [
            ExclusionConstraint(
                name="source_edition_one_in_force",
                expressions=[
                    ("source", RangeOperators.EQUAL),
                    (
                        Func(
                            F("since"),
                            F("until"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="current"),
            ),
            models.UniqueConstraint(
                fields=["source", "checksum"],
                condition=Q(state="reading"),
                name="source_edition_read_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["staged", "waiting", "current", "superseded"])
                | Q(since__isnull=False, until__gte=F("since")),
                name="source_edition_has_a_period",
            ),
            models.CheckConstraint(
                condition=Q(pieces_done__lte=F("pieces_total")), name="source_edition_pieces"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.file_name}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be made current or thrown away."""
        return self.state in {self.State.WAITING, self.State.STAGED, self.State.READING}

    @property
    def doubt_count(self) -> int:
        """Payments above what is guaranteed, which a person has to let stand before it is in force."""
        return int(self.report.get("doubt_count", 0))


class PlaceQuestion(models.Model):
    """A municipality as a file writes it, where a person has to say which one is meant."""

    class Reason(models.TextChoices):
        """Why it is asked."""

        UNKNOWN = "unknown", _("no municipality of the region is called so")
        SEVERAL = "several", _("several municipalities may be meant")
        ELSEWHERE = "elsewhere", _("a municipality of another region")
        SEAT = "seat", _("the name of a town, not of a municipality")

    edition = models.ForeignKey(SourceEdition, models.CASCADE, related_name="questions")
    text = models.CharField(_("as written"), max_length=80)
    form = models.CharField(max_length=120)
    reason = models.CharField(_("why it is asked"), max_length=10, choices=Reason)
    candidates = models.ManyToManyField(Area, related_name="+", blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    first_line = models.PositiveIntegerField(_("first line"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    is_left_out = models.BooleanField(_("its rows are left out"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        """A way of writing is asked once; a place and leaving out exclude each other."""

        verbose_name = _("question about a place")
        verbose_name_plural = _("questions about places")
        ordering = ["-rows", "text"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "form"], name="place_question_once"),
            models.CheckConstraint(
                condition=Q(area=None, is_left_out=False, decided_at=None)
                | Q(area__isnull=False, is_left_out=False, decided_at__isnull=False)
                | Q(area=None, is_left_out=True, decided_at__isnull=False),
                name="place_question_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.text
