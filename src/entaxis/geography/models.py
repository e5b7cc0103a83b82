"""Administrative areas of Greece, keyed by register year and code, and their residents."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CURRENT_REGISTER = 2019  # the municipalities in force since the law of 2019


class Level(models.TextChoices):
    """The levels of administration, widest first."""

    REGION = "region", _("Region")
    REGIONAL_UNIT = "regional_unit", _("Regional unit")
    MUNICIPALITY = "municipality", _("Municipality")
    COMMUNITY = "community", _("Community")


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas, asked by name."""

    def current(self) -> "AreaQuerySet":
        """Those of the register in force."""
        return self.filter(register_year=CURRENT_REGISTER)

    def regions(self) -> "AreaQuerySet":
        """The regions in force."""
        return self.current().filter(level=Level.REGION)

    def of(self, region: "Area") -> "AreaQuerySet":
        """Everything inside ``region``."""
        return self.filter(region=region)

    def municipalities(self) -> "AreaQuerySet":
        """The municipalities in force."""
        return self.current().filter(level=Level.MUNICIPALITY)

    def regional_units(self) -> "AreaQuerySet":
        """The regional units in force."""
        return self.current().filter(level=Level.REGIONAL_UNIT)


class Area(models.Model):
    """One area in one register: boundaries and names changed between 2011 and 2019."""

    level = models.CharField(_("level"), max_length=16, choices=Level)
    register_year = models.PositiveSmallIntegerField(_("register year"))
    code = models.CharField(_("ELSTAT code"), max_length=16)
    ypes_code = models.CharField(_("Ministry of Interior code"), max_length=8, blank=True)
    nuts_code = models.CharField(_("NUTS code"), max_length=5, blank=True)
    name_el = models.CharField(_("name"), max_length=120)
    name_el_genitive = models.CharField(_("name, genitive"), max_length=120, blank=True)
    name_official_el = models.CharField(_("official name"), max_length=160, blank=True)
    name_elot743 = models.CharField(_("name in Latin letters (ELOT 743)"), max_length=120, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    region = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="inside")
    seat_el = models.CharField(_("seat"), max_length=120, blank=True)
    seat = models.PointField(_("place of the seat"), null=True, blank=True)
    seat_quality = models.CharField(_("quality of the seat's place"), max_length=16, blank=True)
    area_km2 = models.DecimalField(_("area in km²"), max_digits=9, decimal_places=3, null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        """A code names one area of a level in a register; only a region has no region."""

        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["register_year", "code"]
        constraints = [
            models.UniqueConstraint(fields=["register_year", "level", "code"], name="area_code_once"),
            models.CheckConstraint(
                condition=Q(level=Level.REGION, region=None, parent=None)
                | ~Q(level=Level.REGION) & Q(region__isnull=False, parent__isnull=False),
                name="area_inside_a_region",
            ),
            models.CheckConstraint(condition=~Q(pk=F("parent")), name="area_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(area_km2=None) | Q(area_km2__gt=0), name="area_km2_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The everyday name in the reader's language."""
        if (get_language() or "el").startswith("el"):
            return self.name_el
        return self.name_en or self.name_elot743 or self.name_el


class Population(models.Model):
    """How many people live in an area: one census, one vintage, never mixed."""

    class Vintage(models.TextChoices):
        """How sure the census was of itself."""

        PROVISIONAL = "provisional", _("provisional")
        FINAL = "final", _("final")

    area = models.ForeignKey(Area, models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField(_("year"))
    vintage = models.CharField(_("vintage"), max_length=16, choices=Vintage)
    persons = models.PositiveIntegerField(_("usual residents"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        """One number for an area, a year and a vintage."""

        verbose_name = _("population")
        verbose_name_plural = _("populations")
        constraints = [models.UniqueConstraint(fields=["area", "year", "vintage"], name="population_once")]

    def __str__(self) -> str:
        return f"{self.area} {self.year}: {self.persons}"


class AreaCrosswalk(models.Model):
    """Which area of a later register holds what share of an earlier one."""

    source = models.ForeignKey(Area, models.CASCADE, related_name="became")
    target = models.ForeignKey(Area, models.CASCADE, related_name="came_from")
    area_share = models.DecimalField(_("share of the area (0–1)"), max_digits=6, decimal_places=5)

    class Meta:
        """A share lies above 0 and is at most 1."""

        verbose_name = _("crosswalk of areas")
        verbose_name_plural = _("crosswalks of areas")
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="area_crosswalk_once"),
            models.CheckConstraint(
                condition=Q(area_share__gt=0, area_share__lte=1), name="area_crosswalk_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class BoundarySet(models.Model):
    """The outlines of one region's municipalities as one file gave them. One set a region is in force."""

    region = models.ForeignKey(Area, models.CASCADE, related_name="boundary_sets")
    is_active = models.BooleanField(_("in force"), default=False)
    year = models.PositiveSmallIntegerField(_("year of the boundaries"))
    source = models.CharField(_("source"), max_length=200)
    licence = models.CharField(_("licence"), max_length=80)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64)
    accuracy_m = models.PositiveIntegerField(_("how far a line may lie from the true border, in metres"))
    imported_at = models.DateTimeField(_("imported at"), auto_now_add=True)
    imported_by = models.CharField(_("imported by"), max_length=120)

    class Meta:
        """The database itself sees to it that two sets are never in force for one region."""

        verbose_name = _("set of boundaries")
        verbose_name_plural = _("sets of boundaries")
        ordering = ["-imported_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["region"], condition=Q(is_active=True), name="one_active_boundary_set"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.year}: {self.source}"

    @property
    def version(self) -> str:
        """A name for addresses and caches that changes whenever the lines do."""
        return f"{self.pk}-{self.checksum[:10]}"


class Outline(models.Model):
    """One municipality's outline: in full for asking what lies in it, generalised for showing it."""

    boundary_set = models.ForeignKey(BoundarySet, models.CASCADE, related_name="outlines")
    area = models.ForeignKey(Area, models.PROTECT, related_name="outlines")
    geometry = models.MultiPolygonField(_("outline"))
    display = models.MultiPolygonField(_("outline, generalised"))

    class Meta:
        """An area is drawn once in a set."""

        verbose_name = _("outline")
        verbose_name_plural = _("outlines")
        constraints = [
            models.UniqueConstraint(fields=["boundary_set", "area"], name="outline_once"),
        ]

    def __str__(self) -> str:
        return str(self.area)


class PlaceName(models.Model):
    """A name that people type for a place, in any of its forms; the area says what it means."""

    class Kind(models.TextChoices):
        """What bears the name."""

        SEAT = "seat", _("Town")
        MUNICIPALITY = "municipality", _("Municipality")
        COMMUNITY = "community", _("Community")
        REGIONAL_UNIT = "regional_unit", _("Regional unit")

    area = models.ForeignKey(Area, models.CASCADE, related_name="place_names")
    region = models.ForeignKey(Area, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=160)
    sound = models.CharField(_("name as it sounds"), max_length=200)
    stem = models.CharField(_("name as it sounds, without endings"), max_length=200)
    point = models.PointField(_("place"), null=True, blank=True)

    class Meta:
        """A form stands once for an area and a kind; it is found by likeness of sound."""

        verbose_name = _("place name")
        verbose_name_plural = _("place names")
        constraints = [
            models.UniqueConstraint(fields=["area", "kind", "name"], name="place_name_once"),
        ]
        indexes = [
            GinIndex(fields=["sound"], name="place_name_sound", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["region", "stem"], name="place_name_stem"),
        ]

    def __str__(self) -> str:
        return self.name
