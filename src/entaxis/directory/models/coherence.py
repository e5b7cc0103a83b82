"""What a CHECK cannot see, because it lies in other tables: triggers that refuse incoherent rows.

Each refusal is a check violation with a constraint's name, as if the table itself had refused.
"""

import pgtrigger

from entaxis.geography.coherence import in_a_municipality_of_it

# Written by the database itself at every change, so that no import and no script forgets it.
VERSION = pgtrigger.Trigger(
    name="structure_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="NEW.version = OLD.version + 1; NEW.last_modified = now(); RETURN NEW;",
)

STRUCTURE = pgtrigger.Trigger(
    name="structure_coherence",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("kind", "record"), ("owner", "record")],
    func=f"""
    SELECT v.name, t.is_confidential INTO kind
      FROM vocabularies_term t JOIN vocabularies_vocabulary v ON v.id = t.vocabulary_id
      WHERE t.id = NEW.kind_id;
    IF kind.name IS DISTINCT FROM 'structure_kinds' THEN
      RAISE check_violation USING CONSTRAINT = 'structure_kind', MESSAGE = 'no kind of structure';
    END IF;
    IF kind.is_confidential AND NOT NEW.is_confidential THEN
      RAISE check_violation USING CONSTRAINT = 'structure_confidential_kind',
        MESSAGE = 'the kind is confidential';
    END IF;{in_a_municipality_of_it("structure")}
    IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM directory_structure
      WHERE id = NEW.parent_id AND region_id = NEW.region_id AND NOT is_confidential
    ) THEN
      RAISE check_violation USING CONSTRAINT = 'structure_parent',
        MESSAGE = 'no open parent in the region';
    END IF;
    SELECT region_id, municipality_id INTO owner FROM accounts_body WHERE id = NEW.body_id;
    IF owner.region_id <> NEW.region_id THEN
      RAISE check_violation USING CONSTRAINT = 'structure_body', MESSAGE = 'body of another region';
    END IF;
    IF NEW.is_confidential AND owner.municipality_id IS NOT NULL THEN
      RAISE check_violation USING CONSTRAINT = 'structure_confidential_body',
        MESSAGE = 'the body betrays the place';
    END IF;
    IF NEW.is_confidential AND (
      EXISTS (SELECT FROM directory_structure WHERE parent_id = NEW.id)
      OR EXISTS (
        SELECT FROM directory_contact WHERE structure_id = NEW.id AND starts_with(telephone, '+302')
      )
      OR EXISTS (
        SELECT FROM directory_structure_served_areas s JOIN geography_area a ON a.id = s.area_id
        WHERE s.structure_id = NEW.id AND a.level <> 'region'
      )
    ) THEN
      RAISE check_violation USING CONSTRAINT = 'structure_confidential_rest',
        MESSAGE = 'an annex, a telephone or an area served betrays the place';
    END IF;
    RETURN NEW;
    """,  # noqa: S608 – what is put in is written beside
)

SERVED_AREA = pgtrigger.Trigger(
    name="served_area_confidential",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
    IF EXISTS (SELECT FROM directory_structure WHERE id = NEW.structure_id AND is_confidential)
       AND EXISTS (SELECT FROM geography_area WHERE id = NEW.area_id AND level <> 'region') THEN
      RAISE check_violation USING CONSTRAINT = 'served_area_confidential',
        MESSAGE = 'the area served betrays the place';
    END IF;
    RETURN NEW;
    """,
)

# A geographic number (2…) names its town; a mobile or toll-free one does not.
CONTACT = pgtrigger.Trigger(
    name="contact_confidential",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    condition=pgtrigger.Q(new__telephone__startswith="+302"),
    func="""
    IF EXISTS (SELECT FROM directory_structure WHERE id = NEW.structure_id AND is_confidential) THEN
      RAISE check_violation USING CONSTRAINT = 'contact_confidential',
        MESSAGE = 'the area code betrays the place';
    END IF;
    RETURN NEW;
    """,
)

OFFER = pgtrigger.Trigger(
    name="offer_service",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
    IF NOT EXISTS (
      SELECT FROM vocabularies_term t JOIN vocabularies_vocabulary v ON v.id = t.vocabulary_id
      WHERE t.id = NEW.service_id AND v.name = 'services'
    ) THEN
      RAISE check_violation USING CONSTRAINT = 'offer_service', MESSAGE = 'no service';
    END IF;
    RETURN NEW;
    """,
)

COMPLETENESS = pgtrigger.Trigger(
    name="completeness_coherence",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
    IF NOT EXISTS (
      SELECT FROM vocabularies_term t JOIN vocabularies_vocabulary v ON v.id = t.vocabulary_id
      WHERE t.id = NEW.kind_id AND v.name = 'structure_kinds' AND NOT t.is_confidential
    ) OR NOT EXISTS (
      SELECT FROM geography_area WHERE id = NEW.municipality_id AND level = 'municipality'
    ) THEN
      RAISE check_violation USING CONSTRAINT = 'completeness_coherence',
        MESSAGE = 'completeness is of an open kind in a municipality';
    END IF;
    RETURN NEW;
    """,
)
