"""Sealed: files that a worker has still to read, and how many persons stand in a share's numerator."""

from django.db import migrations

SEALED = """
ALTER TABLE indicators_sealed.candidate ADD COLUMN numerator bigint CHECK (numerator BETWEEN 0 AND members);
CREATE TABLE indicators_sealed.uploaded_file (
  upload_id bigint PRIMARY KEY REFERENCES public.indicators_editionupload (id) ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED,
  content bytea NOT NULL
);
GRANT SELECT, INSERT, DELETE ON indicators_sealed.uploaded_file TO entaxis_statistics;
GRANT SELECT ON indicators_editionupload TO entaxis_statistics;
"""
BACK = """
DROP TABLE indicators_sealed.uploaded_file;
ALTER TABLE indicators_sealed.candidate DROP COLUMN numerator;
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_work")]
    operations = [migrations.RunSQL(SEALED, reverse_sql=BACK)]
