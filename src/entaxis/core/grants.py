"""What the web's database role may do with the tables of the public schema."""

from django.db import connections

# History only grows; the web reads the list of migrations and never writes it. A table whose comment
# (`db_table_comment`) is "read only to the web" is written by the role of a sealed schema.
STATEMENTS = """
GRANT USAGE ON SCHEMA public TO entaxis_web, entaxis_confidential, entaxis_statistics;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO entaxis_web;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO entaxis_web;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO entaxis_web;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM entaxis_web;
DO $$
DECLARE history regclass;
BEGIN
  FOR history IN
    SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r'
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'pgh_label')
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM entaxis_web', history);
  END LOOP;
  FOR history IN
    SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r'
      AND obj_description(c.oid, 'pg_class') = 'read only to the web'
  LOOP
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %s FROM entaxis_web', history);
  END LOOP;
END $$;
"""


def renew(*, using: str) -> None:
    """Grant again over all tables there are; safe to repeat."""
    with connections[using].cursor() as cursor:
        cursor.execute(STATEMENTS)
