"""The forgiving Greek text of ``core.greek``, as functions of the database."""

from django.db import migrations

from entaxis.core import greek_sql


class Migration(migrations.Migration):
    """Immutable functions that indexes and generated columns use."""

    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(greek_sql.create_functions(), greek_sql.drop_functions())]
