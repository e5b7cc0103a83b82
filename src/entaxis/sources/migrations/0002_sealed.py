"""Rows of administrative files: a schema in which the web's database role has no right at all."""

from django.db import migrations

SEALED = """
CREATE SCHEMA sources_sealed;
REVOKE ALL ON SCHEMA sources_sealed FROM PUBLIC;
GRANT USAGE ON SCHEMA sources_sealed TO entaxis_sources;

-- One person in one month, as one edition of a source tells it. No number of anybody: pseudonyms.
CREATE TABLE sources_sealed.benefit_month (
  edition_id uuid NOT NULL,
  line integer NOT NULL CHECK (line > 0),
  person uuid NOT NULL,
  household uuid NOT NULL,
  sex char(1) NOT NULL CHECK (sex IN ('f', 'm', '-')),
  birth_year smallint CHECK (birth_year BETWEEN 1880 AND 2100),
  municipality_id integer,
  question integer, -- of public.sources_placequestion, until a person has answered it
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  amount_cents integer NOT NULL DEFAULT 0 CHECK (amount_cents >= 0),
  groups varchar[] NOT NULL DEFAULT '{}',
  CHECK ((municipality_id IS NULL) <> (question IS NULL))
);
CREATE INDEX benefit_month_edition ON sources_sealed.benefit_month (edition_id, month);
GRANT SELECT, INSERT, UPDATE, DELETE ON sources_sealed.benefit_month TO entaxis_sources;
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_sources")]
    operations = [migrations.RunSQL(SEALED, reverse_sql="DROP SCHEMA sources_sealed CASCADE")]
