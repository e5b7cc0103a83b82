"""What a CHECK cannot see, because it lies in other tables: triggers that refuse incoherent rows.

Each refusal is a check violation with a constraint's name, as if the table itself had refused.
"""

import pgtrigger

from entaxis.geography.coherence import in_a_municipality_of_it, in_a_region

BODY = pgtrigger.Trigger(
    name="body_coherence",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=f"""{in_a_region("body")}{in_a_municipality_of_it("body")}
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
        func=f"""{in_a_region(name)}{in_a_municipality_of_it(name)}
    IF NEW.body_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM accounts_body WHERE id = NEW.body_id AND region_id = NEW.region_id
    ) THEN
      RAISE check_violation USING CONSTRAINT = '{name}_body', MESSAGE = 'no body of the region';
    END IF;
    RETURN NEW;
    """,
    )
