"""The structure: a place of service, or a service that comes to people. In HSDS: a location."""

import uuid

import pghistory
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.directory.choices import STANDING, STOPS, AccessFeature, Answer, Language, PointQuality, Status
from entaxis.directory.models import coherence
from entaxis.directory.models.text import in_language
from entaxis.geography.models import Area
from entaxis.vocabularies.models import Term


class StructureQuerySet(models.QuerySet["Structure"]):
    """Structures, asked by name."""

    def of(self, region: Area) -> "StructureQuerySet":
        """Those of ``region``."""
        return self.filter(region=region)

    def entries(self) -> "StructureQuerySet":
        """Entries of the directory, without the working copies of those who would change one."""
        return self.filter(changes=None)

    def published(self) -> "StructureQuerySet":
        """Those that count and are found."""
        return self.filter(status=Status.PUBLISHED)

    def placed(self) -> "StructureQuerySet":
        """Those whose place may be known."""
        return self.filter(is_confidential=False)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["version", "last_modified"],
    app_label="directory",
)
class Structure(models.Model):
    """A social structure (δομή) of a region.

    A confidential one has no place here at all: its municipality, point and address lie in
    ``ConfidentialPlace``, which the web's database role cannot read.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Area, models.PROTECT, related_name="structures")
    kind = models.ForeignKey(Term, models.PROTECT, related_name="structures", verbose_name=_("kind"))
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="structures", verbose_name=_("responsible body")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="annexes",
        verbose_name=_("belongs to"),
        help_text=_("For an annex: the structure it is part of."),
    )
    changes = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="working_copy",
        verbose_name=_("would change"),
    )
    name_el = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    description_el = models.TextField(_("description"), max_length=4000, blank=True)
    description_en = models.TextField(_("English description"), max_length=4000, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.DRAFT)
    status_note_el = models.CharField(_("note on the status"), max_length=300, blank=True)
    status_note_en = models.CharField(_("note on the status, in English"), max_length=300, blank=True)

    status_from = models.DateField(_("status holds from"), null=True, blank=True)
    status_until = models.DateField(_("receives people again on"), null=True, blank=True)
    # suspended or closed from a day to come; until then ``status`` stands
    coming_status = models.CharField(
        _("status to come"), max_length=16, choices=Status, blank=True, editable=False
    )

    municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="municipal_structures",
        verbose_name=_("municipality"),
    )
    point = models.PointField(_("point"), null=True, blank=True)
    point_quality = models.CharField(
        _("what the point shows"), max_length=16, choices=PointQuality, blank=True
    )
    street = models.CharField(_("street"), max_length=120, blank=True)
    street_number = models.CharField(_("number"), max_length=16, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    locality = models.CharField(_("town or village"), max_length=120, blank=True)
    directions_el = models.TextField(_("how to get there"), max_length=2000, blank=True)
    directions_en = models.TextField(_("how to get there, in English"), max_length=2000, blank=True)
    served_areas = models.ManyToManyField(
        Area,
        blank=True,
        related_name="serving_structures",
        verbose_name=_("area served"),
        help_text=_("Where the people it serves live. Empty: anywhere."),
    )

    languages = ArrayField(
        models.CharField(max_length=3, choices=Language),
        default=list,
        blank=True,
        verbose_name=_("languages spoken"),
    )
    step_free = models.CharField(
        _("step-free entrance"), max_length=8, choices=Answer, default=Answer.UNKNOWN
    )
    accessible_toilet = models.CharField(
        _("accessible toilet"), max_length=8, choices=Answer, default=Answer.UNKNOWN
    )
    access_features = ArrayField(
        models.CharField(max_length=24, choices=AccessFeature),
        default=list,
        blank=True,
        verbose_name=_("also there"),
    )
    access_note_el = models.CharField(_("note on accessibility"), max_length=500, blank=True)
    access_note_en = models.CharField(_("note on accessibility, in English"), max_length=500, blank=True)

    closed_on_public_holidays = models.BooleanField(_("closed on public holidays"), default=True)
    is_confidential = models.BooleanField(_("its place is confidential"), default=False)
    is_synthetic = models.BooleanField(_("demonstration entry"), default=False, editable=False)
    external_source = models.CharField(
        _("came from"), max_length=64, blank=True, null=True, default=None, editable=False
    )
    external_id = models.CharField(
        _("number there"), max_length=120, blank=True, null=True, default=None, editable=False
    )
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    last_modified = models.DateTimeField(_("last changed"), auto_now=True)
    assured_date = models.DateField(_("last confirmed"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = StructureQuerySet.as_manager()

    class Meta:
        """A confidential structure has no place; a place lies in Greece."""

        verbose_name = _("structure")
        verbose_name_plural = _("structures")
        ordering = ["name_el", "id"]
        triggers = [coherence.VERSION, coherence.STRUCTURE]
        indexes = [models.Index(fields=["region", "status", "kind", "municipality"])]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "external_source", "external_id"], name="structure_external_once"
            ),
            models.CheckConstraint(
                condition=Q(external_source=None, external_id=None)
                | Q(external_source__isnull=False, external_id__isnull=False)
                & ~Q(external_source="")
                & ~Q(external_id=""),
                name="structure_external_whole",
            ),
            models.CheckConstraint(condition=Q(name_el__regex=r"\S"), name="structure_has_a_name"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="structure_status"),
            models.CheckConstraint(
                condition=Q(is_confidential=False)
                | Q(
                    municipality=None,
                    point=None,
                    parent=None,
                    street="",
                    street_number="",
                    postal_code="",
                    locality="",
                    directions_el="",
                    directions_en="",
                    access_note_el="",
                    access_note_en="",
                ),
                name="structure_confidential_has_no_place",
            ),
            models.CheckConstraint(
                condition=Q(point=None, point_quality="")
                | Q(point__isnull=False) & Q(point_quality__in=PointQuality.values),
                name="structure_point_has_a_quality",
            ),
            models.CheckConstraint(
                condition=Func(
                    F("point"),
                    template="(ST_MakeEnvelope(19.2, 34.7, 29.8, 41.8, 4326) ~ %(expressions)s)",
                    output_field=BooleanField(),
                ),
                name="structure_point_in_greece",
                violation_error_message=_("The point does not lie in Greece."),
            ),
            models.CheckConstraint(
                condition=Q(postal_code="") | Q(postal_code__regex=r"^[0-9]{5}$"),
                name="structure_postal_code",
                violation_error_message=_("A postal code has five digits."),
            ),
            models.CheckConstraint(
                condition=Q(coming_status="") | Q(coming_status__in=STOPS, status_from__isnull=False),
                name="structure_coming_status_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(status_until=None) | Q(status_from=None) | Q(status_until__gt=F("status_from")),
                name="structure_comes_back_after_it_stopped",
            ),
            models.CheckConstraint(condition=~Q(pk=F("parent")), name="structure_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(changes=None) | Q(status=Status.DRAFT) & ~Q(pk=F("changes")),
                name="structure_copy_is_a_draft",
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=Language.values), name="structure_languages"
            ),
            models.CheckConstraint(
                condition=Q(access_features__contained_by=AccessFeature.values),
                name="structure_access_features",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self, "name")

    @property
    def description(self) -> str:
        """What it is, in the reader's language."""
        return in_language(self, "description")

    @property
    def stops_next(self) -> str:
        """The status that its day will bring; empty where none comes, or the entry stopped before."""
        return self.coming_status if self.status in STANDING else ""

    @property
    def status_note(self) -> str:
        """Why it is suspended or closed, in the reader's language."""
        return in_language(self, "status_note")

    @property
    def directions(self) -> str:
        """How to get there, in the reader's language."""
        return in_language(self, "directions")

    @property
    def access_note(self) -> str:
        """What else to know about accessibility, in the reader's language."""
        return in_language(self, "access_note")

    @property
    def address(self) -> str:
        """The address on one line; empty where it is unknown or confidential."""
        street = f"{self.street} {self.street_number}".strip()
        town = f"{self.postal_code} {self.locality}".strip()
        return ", ".join(part for part in (street, town) if part)


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None, app_label="directory")
class ServedArea(Structure.served_areas.through):  # type: ignore[name-defined, misc]
    """One area a structure serves, so that history sees it come and go."""

    class Meta:
        """A confidential structure serves its region: anything finer would betray the place."""

        proxy = True
        app_label = "directory"
        triggers = [coherence.SERVED_AREA]
