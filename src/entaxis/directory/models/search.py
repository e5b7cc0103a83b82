"""What searching reads: one row a published structure, written by the database itself.

Triggers on everything a row is made of (``directory.search.documents``) keep it true, whoever writes:
a form, an import, a script. A confidential structure's row has no point and no municipality, because
its structure has none.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField

from entaxis.directory.models.structures import Structure
from entaxis.directory.models.text import in_language
from entaxis.geography.models import Area


class SearchDocument(models.Model):
    """A structure as searching sees it. Keys of terms, codes of areas; nothing to join."""

    structure = models.OneToOneField(Structure, models.CASCADE, primary_key=True, related_name="document")
    region = models.ForeignKey(Area, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=64)
    answers = ArrayField(models.CharField(max_length=64), help_text="needs it answers, and their parents")
    related = ArrayField(models.CharField(max_length=64), help_text="needs for which it is a second door")
    services = ArrayField(models.CharField(max_length=64))
    target_groups = ArrayField(models.CharField(max_length=64))
    languages = ArrayField(models.CharField(max_length=3))
    municipality = models.CharField(max_length=16, blank=True)
    regional_unit = models.CharField(max_length=16, blank=True)
    served = ArrayField(models.CharField(max_length=16), help_text="codes of the areas it says it serves")
    point = models.PointField(geography=True, null=True, spatial_index=False)
    name_el = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    name_sound = models.CharField(max_length=400)
    telephone = models.CharField(max_length=20)
    locality = models.CharField(max_length=120)
    is_confidential = models.BooleanField()
    assured_date = models.DateField(null=True)
    words = SearchVectorField()

    class Meta:
        """Indexes for each way of asking."""

        indexes = [
            GistIndex(fields=["region", "point"], name="search_near"),
            GinIndex(fields=["answers"], name="search_answers"),
            GinIndex(fields=["related"], name="search_related"),
            GinIndex(fields=["services"], name="search_services"),
            GinIndex(fields=["words"], name="search_words"),
            GinIndex(fields=["name_sound"], name="search_name", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["region", "kind", "municipality"], name="search_kind"),
            models.Index(fields=["municipality"], name="search_municipality"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self, "name")


class SearchChange(models.Model):
    """One change of what searching reads: caches hold for as long as no row is added.

    Rows are only added, so that writers never wait for each other; old ones are swept.
    """

    class What(models.TextChoices):
        """Which caches end."""

        DOCUMENTS = "documents"
        WORDS = "words"

    what = models.CharField(max_length=16, choices=What)

    class Meta:
        """Counted by what changed."""

        indexes = [models.Index(fields=["what", "id"], name="search_change_what")]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"
