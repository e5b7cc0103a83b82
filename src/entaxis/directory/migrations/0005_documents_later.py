"""Documents of the search may be made once for many statements, and each word is heard once."""

from django.db import migrations

from entaxis.directory.search import documents


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_imports")]
    operations = [migrations.RunSQL(documents.drop() + documents.create(), migrations.RunSQL.noop)]
