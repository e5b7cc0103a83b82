"""Cells of tables while they are staged, and small counts for good: under seal as well."""

from django.db import migrations

SEALED = """
CREATE TABLE sources_sealed.cell (
  edition_id uuid NOT NULL,
  line integer NOT NULL CHECK (line > 0),
  measure varchar(64) NOT NULL,
  municipality_id integer, -- or a regional unit, or the region
  question integer,
  period varchar(7) NOT NULL CHECK (period ~ '^[0-9]{4}(-Q[1-4]|-[0-9]{2})?$'),
  breakdown varchar(120) NOT NULL,
  value numeric(18, 4) NOT NULL CHECK (value >= 0),
  CHECK ((municipality_id IS NULL) <> (question IS NULL))
);
CREATE INDEX cell_edition ON sources_sealed.cell (edition_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON sources_sealed.cell TO entaxis_sources;
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0003_tables")]
    operations = [migrations.RunSQL(SEALED, reverse_sql="DROP TABLE sources_sealed.cell")]
