"""Tables that came in: where from, what each one did, and what stood there before."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.geography.models import Area


class ImportSource(models.Model):
    """Somebody who gives us tables again and again, and what their headings mean."""

    region = models.ForeignKey(Area, models.PROTECT, related_name="import_sources")
    name = models.CharField(_("name of the source"), max_length=64)
    mapping = models.JSONField(_("heading → column"), default=dict, blank=True)
    last_modified = models.DateTimeField(auto_now=True)

    class Meta:
        """A source has one name in a region."""

        verbose_name = _("source of tables")
        verbose_name_plural = _("sources of tables")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="import_source_once"),
            models.CheckConstraint(condition=models.Q(name__regex=r"\S"), name="import_source_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One table and what became of it. Its file lies in the sealed schema until it is done."""

    class State(models.TextChoices):
        """How far it came."""

        UPLOADED = "uploaded", _("to be checked")
        CHECKED = "checked", _("checked, waiting for you")
        QUEUED = "queued", _("waiting its turn")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused: nothing was changed")
        DISCARDED = "discarded", _("thrown away")
        UNDONE = "undone", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Area, models.PROTECT, related_name="import_runs")
    source = models.ForeignKey(ImportSource, models.PROTECT, related_name="runs")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="import_runs"
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UPLOADED)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    sheet = models.CharField(_("sheet"), max_length=60, blank=True)
    headings = models.JSONField(default=list, blank=True)
    picks = models.JSONField(_("points chosen on the map, by line"), default=dict, blank=True)
    accepts_valid = models.BooleanField(_("bring in the good rows only"), default=False)
    digest = models.CharField(max_length=32, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    report = models.JSONField(_("problems, warnings, notes and first rows"), default=dict, blank=True)
    new_bodies = models.ManyToManyField(Body, blank=True, related_name="+")
    is_synthetic = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        """The newest first."""

        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["region", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "uploaded",
                        "checked",
                        "queued",
                        "running",
                        "done",
                        "refused",
                        "discarded",
                        "undone",
                    ]
                ),
                name="import_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_waiting(self) -> bool:
        """Whether a task is at work or will be."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}


class ImportedRow(models.Model):
    """One structure that a run entered or changed, with what stood there before."""

    class Act(models.TextChoices):
        """What the run did."""

        CREATED = "created", _("entered")
        CHANGED = "changed", _("changed")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    structure_id = models.UUIDField()
    line = models.PositiveIntegerField(_("line"))
    act = models.CharField(max_length=8, choices=Act)
    former = models.JSONField(null=True, blank=True)
    fingerprint = models.CharField(_("fingerprint of what the run wrote"), max_length=32)

    class Meta:
        """A run touches a structure once."""

        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["run", "structure_id"], name="imported_row_once"),
            models.CheckConstraint(
                condition=models.Q(act="created", former=None)
                | models.Q(act="changed", former__isnull=False),
                name="imported_row_former",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.act}"
