"""The organisation chart: units of a region's Observatory, and what was done to them."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.portal.models.brand import in_language


class OrganisationUnit(models.Model):
    """A unit: what it is called, which office heads it, what it does. It names no person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Area, models.PROTECT, related_name="organisation_units", editable=False)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
        help_text=_("Empty: it stands at the top."),
    )
    order = models.PositiveSmallIntegerField(
        _("place among its neighbours"), default=0, help_text=_("Smaller numbers stand first.")
    )
    name_el = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    head_el = models.CharField(
        _("office that heads it"), max_length=120, blank=True, help_text=_("An office, no person's name.")
    )
    head_en = models.CharField(_("office that heads it, in English"), max_length=120, blank=True)
    tasks_el = models.TextField(_("what it does"), max_length=600, blank=True)
    tasks_en = models.TextField(_("what it does, in English"), max_length=600, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=32, blank=True)

    class Meta:
        """Nobody is their own superior."""

        verbose_name = _("unit of the organisation")
        verbose_name_plural = _("units of the organisation")
        ordering = ["order", "name_el", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")), name="unit_not_its_own_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the reader's language."""
        return in_language(self.name_el, self.name_en)

    @property
    def head(self) -> str:
        """The office that heads it, in the reader's language."""
        return in_language(self.head_el, self.head_en)

    @property
    def tasks(self) -> str:
        """What it does, in the reader's language."""
        return in_language(self.tasks_el, self.tasks_en)


class OrganisationStep(models.Model):
    """Something that was done to a chart, with the whole chart as it stood before."""

    class What(models.TextChoices):
        """What was done."""

        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        REMOVED = "removed", _("Taken away")
        RESTORED = "restored", _("Put back to an earlier state")

    region = models.ForeignKey(Area, models.PROTECT, related_name="organisation_steps")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=8, choices=What)
    unit_name = models.CharField(max_length=120, blank=True)
    before: Any = models.JSONField(default=list)

    class Meta:
        """The latest first."""

        verbose_name = _("step in the history of a chart")
        verbose_name_plural = _("steps in the history of charts")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.unit_name}"
