"""The table of the cache that all processes share: counts of attempts (see CACHES in the settings)."""

from django.db import models


class CacheRow(models.Model):
    """A row as Django's cache in the database writes it, or a count of `core.rates`."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        """The name that the settings give."""

        db_table = "accounts_cache"

    def __str__(self) -> str:
        return self.cache_key
