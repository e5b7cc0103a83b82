"""What this room remembers: how far printing has come, and distances that a task has computed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area


class Printing(models.Model):
    """The last time that all profiles of a region were made as PDF. The files themselves are kept apart."""

    region = models.OneToOneField(Area, models.CASCADE, related_name="+")
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    done = models.PositiveIntegerField(_("files done"), default=0)
    total = models.PositiveIntegerField(_("files in all"), default=0)
    made = models.PositiveIntegerField(_("files made anew"), default=0)
    failure = models.TextField(_("why it failed"), blank=True)

    class Meta:
        """One row a region."""

        verbose_name = _("printing of profiles")
        verbose_name_plural = _("printings of profiles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="printing_done_of_total"
            )
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.done}/{self.total}"


class CoverageRun(models.Model):
    """The last time that distances to structures were computed for a region, and from what."""

    region = models.OneToOneField(Area, models.CASCADE, related_name="+")
    state = models.CharField(_("digest of what it was computed from"), max_length=64)
    computed_at = models.DateTimeField(_("computed at"), default=timezone.now)
    boundaries = models.CharField(_("boundaries"), max_length=300)
    residents = models.CharField(_("residents"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year of the census"))
    vintage = models.CharField(_("vintage"), max_length=16)
    points = models.PositiveIntegerField(_("points at which residents are taken to live"))
    by_community = models.PositiveIntegerField(_("municipalities whose residents are placed by community"))
    municipalities = models.PositiveIntegerField(_("municipalities"))

    class Meta:
        """One row a region: the next run takes its place as a whole."""

        verbose_name = _("computation of distances")
        verbose_name_plural = _("computations of distances")

    def __str__(self) -> str:
        return f"{self.region}: {self.computed_at:%Y-%m-%d %H:%M}"


class CoveredSubject(models.Model):
    """A kind of structure or a service whose distances were computed. Confidential places take no part."""

    class What(models.TextChoices):
        """By what structures are put together."""

        KIND = "kind", _("Kind of structure")
        SERVICE = "service", _("Service")

    run = models.ForeignKey(CoverageRun, models.CASCADE, related_name="subjects")
    what = models.CharField(_("what"), max_length=8, choices=What)
    key = models.SlugField(_("key"), max_length=64)
    structures = models.PositiveIntegerField(_("structures with a known place"))
    without_point = models.PositiveIntegerField(_("structures without a known place"))
    approximate = models.PositiveIntegerField(_("structures whose place is approximate"))
    capacities = models.PositiveIntegerField(_("structures whose capacity is known"))
    usual_capacity = models.FloatField(
        _("persons that the others are taken to have room for"), null=True, blank=True
    )
    is_synthetic = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        """A key stands once in a run."""

        verbose_name = _("what distances are to")
        verbose_name_plural = _("what distances are to")
        constraints = [models.UniqueConstraint(fields=["run", "what", "key"], name="covered_subject_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.key}"


class CoveredArea(models.Model):
    """Residents of an area within a distance of the nearest structure, and what they share."""

    subject = models.ForeignKey(CoveredSubject, models.CASCADE, related_name="areas")
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    distance_km = models.PositiveSmallIntegerField(_("distance (km)"))
    within = models.FloatField(_("residents within it"))
    beyond = models.FloatField(_("residents beyond it"))
    within_by_seat = models.FloatField(
        _("residents within it if all of a municipality live in its seat"), null=True, blank=True
    )
    supply = models.FloatField(_("supply that its residents share, for each of them"))
    is_at_least = models.BooleanField(_("not all structures may be registered"), default=True)

    class Meta:
        """One row an area and a distance."""

        verbose_name = _("reach in an area")
        verbose_name_plural = _("reach in areas")
        constraints = [
            models.UniqueConstraint(fields=["subject", "area", "distance_km"], name="covered_area_once"),
            models.CheckConstraint(
                condition=models.Q(within__gte=0, beyond__gte=0, supply__gte=0), name="covered_area_amounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}, {self.distance_km} km"
