"""What a CHECK cannot see, because it lies in other tables: triggers that refuse incoherent rows.

Each refusal is a check violation with a constraint's name, as if the table itself had refused.
"""

import pgtrigger

BODY = pgtrigger.Trigger(
    name="body_coherence",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
    IF NOT EXISTS (SELECT FROM geography_area WHERE id = NEW.region_id AND level = 'region') THEN
      RAISE check_violation USING CONSTRAINT = 'body_region', MESSAGE = 'no region';
    END IF;
    IF NEW.municipality_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM geography_area
      WHERE id = NEW.municipality_id AND level = 'municipality' AND region_id = NEW.region_id
    ) THEN
      RAISE check_violation USING CONSTRAINT = 'body_municipality',
        MESSAGE = 'no municipality of the region';
    END IF;
    IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM accounts_body WHERE id = NEW.parent_id AND region_id = NEW.region_id
    ) THEN
      RAISE check_violation USING CONSTRAINT = 'body_parent', MESSAGE = 'no body of the region above';
    END IF;
    RETURN NEW;
    """,
)


def scope_lies_in_region(name: str) -> pgtrigger.Trigger:
    """The municipality and the body of a row of table ``name`` lie in the row's region."""
    return pgtrigger.Trigger(
        name=f"{name}_coherence",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
    IF NOT EXISTS (SELECT FROM geography_area WHERE id = NEW.region_id AND level = 'region') THEN
      RAISE check_violation USING CONSTRAINT = '{name}_region', MESSAGE = 'no region';
    END IF;
    IF NEW.municipality_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM geography_area
      WHERE id = NEW.municipality_id AND level = 'municipality' AND region_id = NEW.region_id
    ) THEN
      RAISE check_violation USING CONSTRAINT = '{name}_municipality',
        MESSAGE = 'no municipality of the region';
    END IF;
    IF NEW.body_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM accounts_body WHERE id = NEW.body_id AND region_id = NEW.region_id
    ) THEN
      RAISE check_violation USING CONSTRAINT = '{name}_body', MESSAGE = 'no body of the region';
    END IF;
    RETURN NEW;
    """,  # noqa: S608 – the name is written in a model
    )
