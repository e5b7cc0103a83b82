-- The database roles of Entaxis. Run once per server by a superuser (bin/setup does it for the private
-- cluster). Passwords, where the server wants them, are set by the operator: ALTER ROLE … PASSWORD.
DO $$
BEGIN
  -- owns the tables and changes them; migrations, backup, restore
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'entaxis_owner') THEN
    CREATE ROLE entaxis_owner LOGIN CREATEDB;
  END IF;
  -- pages and tasks; reads and writes rows, changes no table, sees no sealed schema
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'entaxis_web') THEN
    CREATE ROLE entaxis_web LOGIN NOINHERIT;
  END IF;
  -- may read and write confidential places; taken for one transaction by code that may (SET LOCAL ROLE)
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'entaxis_confidential') THEN
    CREATE ROLE entaxis_confidential NOLOGIN;
  END IF;
  -- may read and write the administrative files of the sources; taken in the same way
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'entaxis_sources') THEN
    CREATE ROLE entaxis_sources NOLOGIN;
  END IF;
  -- may read survey editions and unsuppressed figures, and is alone in writing published ones
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'entaxis_statistics') THEN
    CREATE ROLE entaxis_statistics NOLOGIN;
  END IF;
END $$;
GRANT entaxis_confidential, entaxis_sources, entaxis_statistics TO entaxis_web;
GRANT entaxis_web, entaxis_confidential, entaxis_sources, entaxis_statistics TO entaxis_owner;
