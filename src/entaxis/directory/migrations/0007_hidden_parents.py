"""The history of a former annex does not name a parent that became confidential: its own place tells it."""

from django.db import migrations

GUARDS = """
  SELECT array_agg(tgname)::text INTO guards FROM pg_trigger
    WHERE starts_with(tgname, 'pgtrigger_append_only_') AND starts_with(tgrelid::regclass::text, 'directory_');
  PERFORM set_config('pgtrigger.ignore', guards, true);"""

FORGET = f"""
CREATE OR REPLACE FUNCTION directory_sealed.forget_history(structure uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  guards text;
BEGIN{GUARDS}
  DELETE FROM directory_structureevent WHERE pgh_obj_id = structure;
  DELETE FROM directory_contactevent WHERE structure_id = structure;
  DELETE FROM directory_servedareaevent WHERE structure_id = structure;
  DELETE FROM directory_serviceofferevent WHERE structure_id = structure;
  DELETE FROM directory_openinghoursevent WHERE structure_id = structure;
  DELETE FROM directory_hoursexceptionevent WHERE structure_id = structure;
  UPDATE directory_structureevent SET parent_id = NULL WHERE parent_id = structure;
  PERFORM set_config('pgtrigger.ignore', '{{}}', true);
END $$;
DO $$
DECLARE
  guards text;
BEGIN{GUARDS}
  UPDATE directory_structureevent e SET parent_id = NULL
    FROM directory_structure s WHERE s.id = e.parent_id AND s.is_confidential;
  UPDATE directory_importedrow r SET former = jsonb_set(r.former, '{{parent}}', '""')
    FROM directory_structure s WHERE s.is_confidential AND r.former ->> 'parent' = s.id::text;
  PERFORM set_config('pgtrigger.ignore', '{{}}', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_history_by_statement")]
    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
