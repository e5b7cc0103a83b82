"""Bodies: who answers for structures, publishes and is spoken with."""

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import coherence
from entaxis.geography.models import Area


class BodyQuerySet(models.QuerySet["Body"]):
    """Bodies, asked by whether they stand."""

    def standing(self) -> "BodyQuerySet":
        """Those that are not dissolved."""
        return self.filter(dissolved_on=None)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["last_modified"],
    app_label="accounts",
)
class Body(models.Model):
    """A body (φορέας): region, municipality, NGO … – not a structure, which is a place of service."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        REGION = "region", _("Region")
        REGIONAL_UNIT_SERVICE = "regional_unit_service", _("Service of a regional unit")
        MUNICIPALITY = "municipality", _("Municipality")
        MUNICIPAL_SOCIAL_SERVICE = "municipal_social_service", _("Social service of a municipality")
        MUNICIPAL_ENTITY = "municipal_entity", _("Legal entity of a municipality")
        STATE = "state", _("Service of the State")
        DECENTRALISED_SERVICE = "decentralised_service", _("Decentralised service")
        NGO = "ngo", _("Civil society organisation")
        CHURCH = "church", _("Church or metropolis")
        SOCIAL_PARTNER = "social_partner", _("Social partner")
        IMPLEMENTING_BODY = "implementing_body", _("Implementing body")
        MANAGING_AUTHORITY = "managing_authority", _("Managing authority")
        OTHER = "other", _("Other")

    # A municipality's own people reach these; a society that has its seat there is not the municipality's.
    MUNICIPAL_KINDS = (Kind.MUNICIPALITY, Kind.MUNICIPAL_SOCIAL_SERVICE, Kind.MUNICIPAL_ENTITY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Area, models.PROTECT, related_name="bodies")
    municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="municipal_bodies",
        verbose_name=_("municipality"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("body it belongs to"),
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    name_el = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    description_el = models.TextField(_("what it does"), blank=True)
    description_en = models.TextField(_("what it does, in English"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=32, blank=True)
    website = models.URLField(_("website"), blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    is_synthetic = models.BooleanField(_("demonstration entry"), default=False, editable=False)
    last_modified = models.DateTimeField(_("last changed"), auto_now=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        """A name stands once in a region; a municipality and a parent lie in it too (trigger)."""

        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["name_el"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name_el"], name="body_name_once"),
            models.CheckConstraint(condition=~Q(pk=F("parent")), name="body_not_its_own_parent"),
        ]
        triggers = [coherence.BODY]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        is_greek = (get_language() or "el").startswith("el")
        return self.name_el if is_greek else self.name_en or self.name_el

    @property
    def is_dissolved(self) -> bool:
        """Is no more: nobody acts for it, what it published stays."""
        return self.dissolved_on is not None

    @property
    def is_municipal(self) -> bool:
        """Belongs to a municipality, which keeps its entries and its people."""
        return self.municipality_id is not None and self.kind in self.MUNICIPAL_KINDS
