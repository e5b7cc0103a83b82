"""Documents of the search listen to each word once: its stem is made from its sound."""

from django.db import migrations

from entaxis.directory.search import documents


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_hidden_parents")]
    operations = [migrations.RunSQL(documents.drop() + documents.create(), migrations.RunSQL.noop)]
