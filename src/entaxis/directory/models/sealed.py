"""Confidential places: rows of the schema ``directory_sealed``, made by a migration.

The web's database role has no right there. ``entaxis.directory.confidential`` reads and writes these
rows inside ``entaxis.core.sealed.role``; nothing else may.
"""

from django.conf import settings
from django.contrib.gis.db import models

from entaxis.directory.models.structures import Structure
from entaxis.geography.models import Area


class ConfidentialPlace(models.Model):
    """Where a confidential structure really is. No relation leads here from the structure."""

    structure = models.OneToOneField(
        Structure, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False
    )
    municipality = models.ForeignKey(Area, models.DO_NOTHING, related_name="+", db_constraint=False)
    point = models.PointField(null=True, blank=True)
    street = models.CharField(max_length=120, blank=True)
    street_number = models.CharField(max_length=16, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    locality = models.CharField(max_length=120, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        """Kept by migration 0002, apart from everything that Django manages."""

        managed = False
        db_table = '"directory_sealed"."confidential_place"'

    def __str__(self) -> str:
        return "confidential"


class ConfidentialReading(models.Model):
    """Who looked at or changed a confidential place, when and why. It only grows."""

    class Act(models.TextChoices):
        """What was done."""

        READ = "read"
        WRITTEN = "written"

    structure_id = models.UUIDField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    act = models.CharField(max_length=8, choices=Act)
    purpose = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        """Kept by migration 0002."""

        managed = False
        db_table = '"directory_sealed"."confidential_reading"'

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d}"
