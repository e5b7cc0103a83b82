"""What triggers of rows that lie in a region refuse, in the database's own words.

A CHECK cannot see other tables. Each refusal is a check violation with a constraint's name, as if the table
itself had refused; ``name`` begins that of the constraint, and a test reads it.
"""


def in_a_region(name: str) -> str:
    """``region_id`` is a region."""
    return f"""
    IF NOT EXISTS (SELECT FROM geography_area WHERE id = NEW.region_id AND level = 'region') THEN
      RAISE check_violation USING CONSTRAINT = '{name}_region', MESSAGE = 'no region';
    END IF;"""


def in_a_municipality_of_it(name: str) -> str:
    """``municipality_id``, where there is one, is a municipality of the region."""
    return f"""
    IF NEW.municipality_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM geography_area
      WHERE id = NEW.municipality_id AND level = 'municipality' AND region_id = NEW.region_id
    ) THEN
      RAISE check_violation USING CONSTRAINT = '{name}_municipality',
        MESSAGE = 'no municipality of the region';
    END IF;"""
