"""Rows of the schema ``indicators_sealed``, made by a migration: files of surveys, unsuppressed figures.

The web's database role has no right there; ``store`` reads and writes them inside ``core.sealed.role``.
"""

from django.db import models

from entaxis.indicators.models.catalogue import IndicatorVersion
from entaxis.indicators.models.releases import Edition, Release
from entaxis.indicators.models.work import EditionUpload


class EditionFile(models.Model):
    """The file of an edition as it came, or as Parquet."""

    edition = models.OneToOneField(Edition, models.DO_NOTHING, primary_key=True, db_constraint=False)
    content = models.BinaryField()

    class Meta:
        """Kept by migration 0002, apart from everything that Django manages."""

        managed = False
        db_table = '"indicators_sealed"."edition_file"'

    def __str__(self) -> str:
        return "sealed"


class UploadedFile(models.Model):
    """A survey's file that a worker has still to read; gone once it was taken or refused."""

    upload = models.OneToOneField(EditionUpload, models.DO_NOTHING, primary_key=True, db_constraint=False)
    content = models.BinaryField()

    class Meta:
        """Kept by migration 0004."""

        managed = False
        db_table = '"indicators_sealed"."uploaded_file"'

    def __str__(self) -> str:
        return "sealed"


class Figure(models.Model):
    """What a candidate and its outcome have in common.

    Attributes:
        reported: of a sum over municipalities of which not all reported, how many did; else None.
        reported_of: of how many.
    """

    release = models.ForeignKey(Release, models.DO_NOTHING, related_name="+", db_constraint=False)
    version = models.ForeignKey(IndicatorVersion, models.DO_NOTHING, related_name="+", db_constraint=False)
    period = models.CharField(max_length=10)
    area_id = models.BigIntegerField()
    breakdown = models.CharField(max_length=80)
    value = models.FloatField(null=True)
    standard_error = models.FloatField(null=True)
    ci_low = models.FloatField(null=True)
    ci_high = models.FloatField(null=True)
    n = models.PositiveIntegerField(null=True)
    n_effective = models.FloatField(null=True)
    flag = models.CharField(max_length=2)
    reported = models.PositiveSmallIntegerField(null=True)
    reported_of = models.PositiveSmallIntegerField(null=True)

    class Meta:
        """Kept by migrations 0002 and 0008."""

        abstract = True


class Candidate(Figure):
    """An unsuppressed figure: direct from the sample, from a model, or a count of a register.

    Attributes:
        members: what must not be worked out when the figure is withheld: persons of the sample whom the
            figure is about, or the count itself; they add up over areas and breakdowns.
        numerator: of a share, those among the members who have what it counts; they add up as well.
    """

    DIRECT = "direct"
    MODELLED = "modelled"
    COUNT = "count"

    kind = models.CharField(max_length=8)
    members = models.PositiveBigIntegerField()
    numerator = models.PositiveBigIntegerField(null=True)
    note = models.TextField()

    class Meta:
        """Kept by migration 0002."""

        managed = False
        db_table = '"indicators_sealed"."candidate"'

    def __str__(self) -> str:
        return "sealed"


class Outcome(Figure):
    """What suppression made of the candidates: the rows that publishing copies."""

    public_id = models.UUIDField()
    is_modelled = models.BooleanField()
    reason = models.CharField(max_length=16)

    class Meta:
        """Kept by migration 0002."""

        managed = False
        db_table = '"indicators_sealed"."outcome"'

    def __str__(self) -> str:
        return "sealed"
