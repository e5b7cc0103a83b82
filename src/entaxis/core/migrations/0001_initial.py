"""The ground: nothing but the extensions, which a server's superuser may have made already."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CreateExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations


class Migration(migrations.Migration):
    """PostGIS, trigrams, accents, ranges."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        CreateExtension("postgis"),
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
    ]
