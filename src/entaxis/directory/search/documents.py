"""The statements by which the database keeps ``SearchDocument`` true.

Statement triggers with transition tables: one refresh for a statement, however many rows it wrote,
so that an import of ten thousand rows costs a few refreshes. Whoever writes many rows in several
statements says ``SET LOCAL entaxis.documents = 'later'`` and refreshes once, at the end, in the same
transaction.
"""

from typing import Final

from entaxis.core import greek_sql

# The stem is made from the sound that stands beside it: entaxis_stem would listen to each word again.
REFRESH: Final = """
CREATE FUNCTION directory_refresh_documents(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM directory_searchdocument d WHERE d.structure_id = ANY (ids)
    AND NOT EXISTS (
      SELECT FROM directory_structure s WHERE s.id = d.structure_id AND s.status = 'published');
  INSERT INTO directory_searchdocument AS d (
    structure_id, region_id, kind, answers, related, services, target_groups, languages, municipality,
    regional_unit, served, point, name_el, name_en, name_sound, telephone, locality, is_confidential,
    assured_date, words)
  WITH terms AS MATERIALIZED (
    SELECT t.id, t.key, p.key AS parent, v.name AS list, v.is_current
    FROM vocabularies_term t JOIN vocabularies_vocabulary v ON v.id = t.vocabulary_id
    LEFT JOIN vocabularies_term p ON p.id = t.parent_id
  ), answering AS MATERIALIZED (
    SELECT target.list, target.key, c.relation, source.key AS need, source.parent
    FROM vocabularies_termcrosswalk c
    JOIN terms source ON source.id = c.source_id AND source.list = 'needs' AND source.is_current
    JOIN terms target ON target.id = c.target_id AND target.is_current
    WHERE target.list IN ('services', 'structure_kinds') AND c.relation IN ('answers', 'related')
  ), wanted AS MATERIALIZED (
    SELECT s.*, k.key AS kind_key FROM directory_structure s JOIN terms k ON k.id = s.kind_id
    WHERE s.id = ANY (ids) AND s.status = 'published'
  ), offered AS MATERIALIZED (
    SELECT o.structure_id, o.id, t.key FROM directory_serviceoffer o JOIN terms t ON t.id = o.service_id
    WHERE o.structure_id = ANY (ids) AND o.status = 'active'
  ), answered AS (
    SELECT structure_id, array_agg(DISTINCT need) AS needs FROM (
      SELECT w.id AS structure_id, unnest(ARRAY[a.need, a.parent]) AS need FROM wanted w
      JOIN answering a ON a.list = 'structure_kinds' AND a.relation = 'answers' AND a.key = w.kind_key
      UNION ALL
      SELECT o.structure_id, unnest(ARRAY[a.need, a.parent]) FROM offered o
      JOIN answering a ON a.list = 'services' AND a.relation = 'answers' AND a.key = o.key
      UNION ALL
      SELECT o.structure_id, unnest(ARRAY[t.key, t.parent]) FROM offered o
      JOIN directory_serviceoffer_needs n ON n.serviceoffer_id = o.id JOIN terms t ON t.id = n.term_id
    ) every WHERE need IS NOT NULL GROUP BY structure_id
  ), second AS (
    SELECT w.id AS structure_id, array_agg(DISTINCT a.need) AS needs FROM wanted w
    JOIN answering a ON a.list = 'structure_kinds' AND a.relation = 'related' AND a.key = w.kind_key
    GROUP BY w.id
  ), given AS (
    SELECT o.structure_id, array_agg(DISTINCT o.key) AS keys,
      string_agg(t.label_el || ' ' || t.label_en, ' ') AS labels
    FROM offered o JOIN directory_serviceoffer f ON f.id = o.id
    JOIN vocabularies_term t ON t.id = f.service_id
    GROUP BY o.structure_id
  ), meant AS (
    SELECT structure_id, array_agg(DISTINCT key) AS keys FROM (
      SELECT o.structure_id, unnest(ARRAY[t.key, t.parent]) AS key FROM offered o
      JOIN directory_serviceoffer_target_groups g ON g.serviceoffer_id = o.id
      JOIN terms t ON t.id = g.term_id
    ) every WHERE key IS NOT NULL GROUP BY structure_id
  ), serving AS (
    SELECT s.structure_id, array_agg(DISTINCT a.code) AS codes
    FROM directory_structure_served_areas s JOIN geography_area a ON a.id = s.area_id
    WHERE s.structure_id = ANY (ids) GROUP BY s.structure_id
  ), texts AS (
    SELECT w.id, t.weight, t.text FROM wanted w
    JOIN vocabularies_term k ON k.id = w.kind_id
    LEFT JOIN geography_area m ON m.id = w.municipality_id
    LEFT JOIN given ON given.structure_id = w.id
    CROSS JOIN LATERAL (VALUES
      ('A', w.name_el || ' ' || w.name_en),
      ('B', concat_ws(' ', k.label_el, k.label_en, k.abbreviation_el, given.labels, w.locality,
                      m.name_el, m.name_en)),
      ('C', left(w.description_el || ' ' || w.description_en, 4000))
    ) t (weight, text)
  ), parts AS MATERIALIZED (
    SELECT t.id, t.weight, p.word, p.place
    FROM texts t, unnest(string_to_array(entaxis_fold(t.text), ' ')) WITH ORDINALITY p (word, place)
  ), said AS MATERIALIZED ( -- each word once, however many documents say it
    SELECT word, sound, entaxis_stem_of(sound) AS stem FROM (
      SELECT word, entaxis_sound(word) AS sound FROM (SELECT DISTINCT word FROM parts) every OFFSET 0
    ) one
  ), heard AS MATERIALIZED (
    SELECT p.id, string_agg(s.sound, ' ' ORDER BY p.place) FILTER (WHERE p.weight = 'A') AS name_sound,
      setweight(to_tsvector('simple', coalesce(
        string_agg(s.stem, ' ' ORDER BY p.place) FILTER (WHERE p.weight = 'A'), '')), 'A')
      || setweight(to_tsvector('simple', coalesce(
        string_agg(s.stem, ' ' ORDER BY p.place) FILTER (WHERE p.weight = 'B'), '')), 'B')
      || setweight(to_tsvector('simple', coalesce(
        string_agg(s.stem, ' ' ORDER BY p.place) FILTER (WHERE p.weight = 'C'), '')), 'C') AS words
    FROM parts p JOIN said s ON s.word = p.word GROUP BY p.id
  )
  SELECT w.id, w.region_id, w.kind_key, coalesce(answered.needs, '{}'),
    ARRAY(SELECT unnest(second.needs) EXCEPT SELECT unnest(answered.needs)),
    coalesce(given.keys, '{}'), coalesce(meant.keys, '{}'), w.languages,
    coalesce(m.code, ''), coalesce(u.code, ''), coalesce(serving.codes, '{}'), w.point::geography,
    w.name_el, w.name_en, left(coalesce(heard.name_sound, ''), 400),
    coalesce((SELECT c.telephone FROM directory_contact c WHERE c.structure_id = w.id AND c.telephone <> ''
              ORDER BY c."order", c.id LIMIT 1), ''),
    w.locality, w.is_confidential, w.assured_date,
    coalesce(heard.words, '')
  FROM wanted w
  LEFT JOIN heard ON heard.id = w.id
  LEFT JOIN geography_area m ON m.id = w.municipality_id
  LEFT JOIN geography_area u ON u.id = m.parent_id
  LEFT JOIN answered ON answered.structure_id = w.id
  LEFT JOIN second ON second.structure_id = w.id
  LEFT JOIN given ON given.structure_id = w.id
  LEFT JOIN meant ON meant.structure_id = w.id
  LEFT JOIN serving ON serving.structure_id = w.id
  ON CONFLICT (structure_id) DO UPDATE SET
    region_id = excluded.region_id, kind = excluded.kind, answers = excluded.answers,
    related = excluded.related, services = excluded.services, target_groups = excluded.target_groups,
    languages = excluded.languages, municipality = excluded.municipality,
    regional_unit = excluded.regional_unit, served = excluded.served, point = excluded.point,
    name_el = excluded.name_el, name_en = excluded.name_en, name_sound = excluded.name_sound,
    telephone = excluded.telephone, locality = excluded.locality,
    is_confidential = excluded.is_confidential, assured_date = excluded.assured_date,
    words = excluded.words;
  PERFORM directory_note_change('documents');
END $$;
""".replace("entaxis_stem_of(sound)", greek_sql.stem_of("sound"))

# The sweep takes what nobody else is taking: it never waits.
NOTE: Final = """
CREATE FUNCTION directory_note_change(changed text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE number bigint;
BEGIN
  INSERT INTO directory_searchchange (what) VALUES (changed) RETURNING id INTO number;
  IF number % 100 = 0 THEN
    DELETE FROM directory_searchchange WHERE id IN (
      SELECT id FROM directory_searchchange WHERE id < number - 500 FOR UPDATE SKIP LOCKED);
  END IF;
END $$;
"""

# Tables a document is made of, and how their rows name the structures they touch.
SOURCES: Final = {
    "directory_structure": "SELECT id FROM {rows}",
    "directory_serviceoffer": "SELECT structure_id FROM {rows}",
    "directory_contact": "SELECT structure_id FROM {rows}",
    "directory_structure_served_areas": "SELECT structure_id FROM {rows}",
    "directory_serviceoffer_needs": (
        "SELECT o.structure_id FROM {rows} r JOIN directory_serviceoffer o ON o.id = r.serviceoffer_id"
    ),
    "directory_serviceoffer_target_groups": (
        "SELECT o.structure_id FROM {rows} r JOIN directory_serviceoffer o ON o.id = r.serviceoffer_id"
    ),
}
# A change here may touch every document: rare, and made by an administrator.
EVERYTHING: Final = ("vocabularies_termcrosswalk",)
# What the words of queries are understood by.
WORDS: Final = (
    "vocabularies_vocabulary",
    "vocabularies_term",
    "vocabularies_synonym",
    "vocabularies_termcrosswalk",
    "geography_placename",
    "geography_area",
)
_EVENTS: Final = {"INSERT": ("new",), "UPDATE": ("old", "new"), "DELETE": ("old",)}


def create() -> str:
    """Return the statements that create functions and triggers and fill the table."""
    statements = [NOTE, REFRESH]
    for table, rows in SOURCES.items():
        statements += [_refreshing(table, rows, event) for event in _EVENTS]
    statements += [_refreshing_all(table) for table in EVERYTHING]
    statements += [_noting(table) for table in WORDS]
    statements.append("SELECT directory_refresh_documents(ARRAY(SELECT id FROM directory_structure));")
    return "\n".join(statements)


def drop() -> str:
    """Return the statements that take all of it away."""
    names = [f"{table}_{event.lower()}_documents" for table in SOURCES for event in _EVENTS]
    names += [f"{table}_all_documents" for table in EVERYTHING] + [f"{table}_words" for table in WORDS]
    functions = [f"DROP FUNCTION IF EXISTS {name}() CASCADE;" for name in names]
    return "\n".join(
        [
            *functions,
            "DROP FUNCTION IF EXISTS directory_refresh_documents(uuid[]);",
            "DROP FUNCTION IF EXISTS directory_note_change(text);",
        ]
    )


def _refreshing(table: str, rows: str, event: str) -> str:
    name = f"{table}_{event.lower()}_documents"
    touched = " UNION ".join(rows.format(rows=f"{side}_rows") for side in _EVENTS[event])
    seen = " ".join(f"{side.upper()} TABLE AS {side}_rows" for side in _EVENTS[event])
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE ids uuid[];
BEGIN
  IF current_setting('entaxis.documents', true) = 'later' THEN RETURN NULL; END IF;
  ids := ARRAY({touched});
  IF cardinality(ids) > 0 THEN PERFORM directory_refresh_documents(ids); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {seen}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();"""


def _refreshing_all(table: str) -> str:
    name = f"{table}_all_documents"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM directory_refresh_documents(ARRAY(SELECT id FROM directory_structure));
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();"""  # noqa: S608 - the table's name is ours


def _noting(table: str) -> str:
    name = f"{table}_words"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM directory_note_change('words');
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();"""
