"""What a structure offers, and to whom. In HSDS: a service."""

import uuid
from collections.abc import Iterable

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entaxis.directory.choices import RULE_VALUES, Aspect, Cost, ServiceStatus, Strength
from entaxis.directory.models import coherence
from entaxis.directory.models.structures import Structure
from entaxis.directory.models.text import in_language
from entaxis.vocabularies.models import Term


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), app_label="directory"
)
class ServiceOffer(models.Model):
    """One service of one structure."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="offers")
    service = models.ForeignKey(Term, models.PROTECT, related_name="offers", verbose_name=_("service"))
    needs = models.ManyToManyField(
        Term,
        blank=True,
        related_name="offers_for_need",
        verbose_name=_("needs it answers"),
        help_text=_("Leave empty for the needs that this service answers everywhere."),
    )
    target_groups = models.ManyToManyField(
        Term, blank=True, related_name="offers_for_group", verbose_name=_("meant for")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=ServiceStatus, default=ServiceStatus.ACTIVE
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    description_el = models.TextField(_("description"), max_length=2000, blank=True)
    description_en = models.TextField(_("English description"), max_length=2000, blank=True)
    how_to_apply_el = models.TextField(_("how to apply"), max_length=1000, blank=True)
    how_to_apply_en = models.TextField(_("how to apply, in English"), max_length=1000, blank=True)
    documents_el = models.TextField(
        _("what to bring"), max_length=2000, blank=True, help_text=_("One document a line.")
    )
    documents_en = models.TextField(_("what to bring, in English"), max_length=2000, blank=True)
    eligibility_note_el = models.TextField(_("who it is for, in words"), max_length=1000, blank=True)
    eligibility_note_en = models.TextField(
        _("who it is for, in words, in English"), max_length=1000, blank=True
    )
    cost = models.CharField(_("cost"), max_length=16, choices=Cost, default=Cost.UNKNOWN)
    cost_note_el = models.CharField(_("note on the cost"), max_length=300, blank=True)
    cost_note_en = models.CharField(_("note on the cost, in English"), max_length=300, blank=True)
    capacity_persons = models.PositiveIntegerField(_("capacity (persons)"), null=True, blank=True)
    free_places = models.PositiveIntegerField(_("free places"), null=True, blank=True)
    capacity_date = models.DateField(_("capacity as of"), null=True, blank=True)

    class Meta:
        """A capacity has a date, and no more free places than places."""

        verbose_name = _("service offered")
        verbose_name_plural = _("services offered")
        ordering = ["order", "id"]
        triggers = [coherence.OFFER]
        constraints = [
            models.UniqueConstraint(fields=["structure", "service"], name="offer_service_once"),
            models.CheckConstraint(condition=Q(status__in=ServiceStatus.values), name="offer_status"),
            models.CheckConstraint(condition=Q(cost__in=Cost.values), name="offer_cost"),
            models.CheckConstraint(
                condition=Q(capacity_persons=None, free_places=None) | Q(capacity_date__isnull=False),
                name="offer_capacity_has_a_date",
                violation_error_message=_("Say on which date the capacity was so."),
            ),
            models.CheckConstraint(
                condition=Q(free_places=None)
                | Q(capacity_persons=None)
                | Q(free_places__lte=F("capacity_persons")),
                name="offer_free_places",
                violation_error_message=_("There cannot be more free places than places."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.service)

    @property
    def description(self) -> str:
        """What is offered, in the reader's language."""
        return in_language(self, "description")

    @property
    def how_to_apply(self) -> str:
        """How to ask for it, in the reader's language."""
        return in_language(self, "how_to_apply")

    @property
    def documents(self) -> list[str]:
        """What to bring, one entry a document, in the reader's language."""
        return [line.strip() for line in in_language(self, "documents").splitlines() if line.strip()]

    @property
    def eligibility_note(self) -> str:
        """Who it is for, in the reader's language."""
        return in_language(self, "eligibility_note")

    @property
    def cost_note(self) -> str:
        """What to know about the cost, in the reader's language."""
        return in_language(self, "cost_note")


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None, app_label="directory")
class OfferNeed(ServiceOffer.needs.through):  # type: ignore[name-defined, misc]
    """One need an offer answers, so that history sees it come and go."""

    class Meta:
        """Beside the automatic table."""

        proxy = True
        app_label = "directory"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None, app_label="directory")
class OfferTargetGroup(ServiceOffer.target_groups.through):  # type: ignore[name-defined, misc]
    """One group an offer is meant for, so that history sees it come and go."""

    class Meta:
        """Beside the automatic table."""

        proxy = True
        app_label = "directory"


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), app_label="directory"
)
class Eligibility(models.Model):
    """One rule on who may have an offer. All required rules must hold; of a rule's values, any one.

    An age rule says from/to in full years, both included; every other rule lists keys of
    ``choices.RULE_VALUES``. The answers of a person are compared in their browser only.
    """

    offer = models.ForeignKey(ServiceOffer, models.CASCADE, related_name="rules")
    aspect = models.CharField(_("asks about"), max_length=16, choices=Aspect)
    strength = models.CharField(
        _("how strictly"), max_length=8, choices=Strength, default=Strength.REQUIRED
    )
    age_from = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("age to"), null=True, blank=True)
    values = ArrayField(models.CharField(max_length=32), default=list, blank=True, verbose_name=_("any of"))

    class Meta:
        """An age rule has ages, any other has values of its list."""

        verbose_name = _("eligibility rule")
        verbose_name_plural = _("eligibility rules")
        ordering = ["aspect", "id"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "aspect", "strength"], name="rule_once"),
            models.CheckConstraint(condition=Q(strength__in=Strength.values), name="rule_strength"),
            models.CheckConstraint(
                condition=Q(age_from=None) | Q(age_to=None) | Q(age_to__gte=F("age_from")),
                name="rule_ages_in_order",
                violation_error_message=_("The age “to” is lower than the age “from”."),
            ),
            models.CheckConstraint(
                condition=(Q(age_from=None) | Q(age_from__lte=120)) & (Q(age_to=None) | Q(age_to__lte=120)),
                name="rule_ages_of_people",
                violation_error_message=_("An age is at most 120 years."),
            ),
            models.CheckConstraint(
                condition=Q(aspect=Aspect.AGE, values__len=0)
                & (Q(age_from__isnull=False) | Q(age_to__isnull=False))
                | Q(age_from=None, age_to=None, values__len__gt=0)
                & (
                    Q(aspect=Aspect.HOUSEHOLD, values__contained_by=[*RULE_VALUES[Aspect.HOUSEHOLD]])
                    | Q(
                        aspect=Aspect.INCOME_SOURCE,
                        values__contained_by=[*RULE_VALUES[Aspect.INCOME_SOURCE]],
                    )
                    | Q(aspect=Aspect.STATUS, values__contained_by=[*RULE_VALUES[Aspect.STATUS]])
                    | Q(aspect=Aspect.RESIDENCE, values__contained_by=[*RULE_VALUES[Aspect.RESIDENCE]])
                    | Q(aspect=Aspect.CONDITION, values__contained_by=[*RULE_VALUES[Aspect.CONDITION]])
                ),
                name="rule_fits_its_aspect",
            ),
        ]

    def __str__(self) -> str:
        if self.aspect == Aspect.AGE:
            return f"{self.get_aspect_display()}: {self.age_from or 0}–{self.age_to or '…'}"
        return f"{self.get_aspect_display()}: {', '.join(self.labels())}"

    def labels(self) -> Iterable[str]:
        """The values in words."""
        words = RULE_VALUES[self.aspect]
        return [str(words[value]) for value in self.values]
