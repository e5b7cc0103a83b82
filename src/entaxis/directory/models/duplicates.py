"""Pairs of entries that may be one structure, and what a person said of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entaxis.directory.models.structures import Structure


class Resemblance(models.Model):
    """Two entries of a region that look like one; what was decided is remembered and not asked again."""

    class Reason(models.TextChoices):
        """What they have in common."""

        TELEPHONE = "telephone", _("same telephone")
        EMAIL = "email", _("same e-mail")
        POINT = "point", _("same place")
        NAME = "name", _("similar name")
        PERSON = "person", _("an editor asks")  # nobody's finding: it waits until somebody decides

    class State(models.TextChoices):
        """What became of the question."""

        OPEN = "open", _("to be decided")
        DIFFERENT = "different", _("not the same")
        MERGED = "merged", _("joined into one")

    first = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    second = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    reasons = ArrayField(models.CharField(max_length=12, choices=Reason), verbose_name=_("in common"))
    likeness_share = models.FloatField(_("likeness of the names"))  # 0–1, of their trigrams
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        """A pair is asked about once, whichever of the two is looked at first."""

        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        indexes = [models.Index(fields=["second", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="resemblance_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="resemblance_in_order"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | Q(state__in=["different", "merged"], decided_at__isnull=False),
                name="resemblance_decided_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.words)

    @property
    def words(self) -> list[str]:
        """What the two have in common, in words."""
        return [str(self.Reason(reason).label) for reason in self.reasons]


class Merge(models.Model):
    """Two entries that a person joined into one, with what is needed to take them apart again.

    ``kept``: what the survivor said before and after, the other's status, and the keys of rights, claims,
    annexes and reports that went over.
    """

    survivor = models.ForeignKey(
        Structure, models.CASCADE, related_name="absorbed", verbose_name=_("the entry that stays")
    )
    gone = models.ForeignKey(
        Structure, models.CASCADE, related_name="merges", verbose_name=_("the entry that went")
    )
    kept = models.JSONField(default=dict)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    merged_at = models.DateTimeField(_("joined"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("taken apart"), null=True, blank=True)

    class Meta:
        """An entry goes into one other at a time."""

        verbose_name = _("joining of two entries")
        verbose_name_plural = _("joinings of entries")
        ordering = ["-merged_at"]
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="merge_gone_once"),
            models.CheckConstraint(condition=~Q(gone=F("survivor")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.survivor}"
