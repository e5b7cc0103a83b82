"""Changes of the code lists. A version that was published stays as it was."""

from django.db import transaction
from django.db.models import ForeignObjectRel, ManyToManyRel, ManyToOneRel, Model
from django.utils import timezone

from entaxis.vocabularies.models import Synonym, Term, TermCrosswalk, Vocabulary
from entaxis.vocabularies.source import CodeList, Link

OWN_TABLES = (Term, Synonym, TermCrosswalk)


@transaction.atomic
def publish(*, lists: list[CodeList]) -> list[Vocabulary]:
    """Publish the lists that differ from the version in force; return the new versions.

    A new version takes over the phrases that editors added to terms it still has, and
    everything that pointed at a term now points at its successor of the same key.
    """
    published = [_publish(code_list) for code_list in lists if _differs(code_list)]
    if published:
        _link(lists)
    return published


def _differs(code_list: CodeList) -> bool:
    in_force = Vocabulary.objects.filter(name=code_list.name, is_current=True)
    return not in_force.filter(checksum=code_list.checksum).exists()


def _publish(code_list: CodeList) -> Vocabulary:
    before = Vocabulary.objects.select_for_update().filter(name=code_list.name, is_current=True).first()
    if before:
        Vocabulary.objects.filter(pk=before.pk).update(is_current=False)
    version = Vocabulary.objects.create(
        name=code_list.name,
        version=before.version + 1 if before else 1,
        is_current=True,
        published_at=timezone.now(),
        checksum=code_list.checksum,
    )
    terms = _create_terms(version, code_list)
    _create_phrases(terms, code_list)
    if before:
        for former in before.terms.filter(key__in=terms).prefetch_related("synonyms"):
            _succeed(former, terms[former.key])
    return version


def _create_terms(version: Vocabulary, code_list: CodeList) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for order, row in enumerate(code_list.terms):
        terms[row.key] = Term.objects.create(
            vocabulary=version,
            key=row.key,
            parent=terms.get(row.parent),
            label_el=row.label_el,
            label_en=row.label_en,
            plural_el=row.plural_el,
            plural_en=row.plural_en,
            abbreviation_el=row.abbreviation_el,
            definition_el=row.definition_el,
            definition_en=row.definition_en,
            order=order,
            is_confidential=row.is_confidential,
            is_sensitive=row.is_sensitive,
        )
    return terms


def _create_phrases(terms: dict[str, Term], code_list: CodeList) -> None:
    Synonym.objects.bulk_create(
        [
            Synonym(
                term=terms[phrase.key],
                language=phrase.language,
                phrase=phrase.phrase,
                status=phrase.status,
            )
            for phrase in code_list.phrases
        ],
        ignore_conflicts=True,
    )


def _succeed(former: Term, term: Term) -> None:
    """Hand the editors' phrases of ``former``, and what points at it, to ``term``."""
    Synonym.objects.bulk_create(
        [
            Synonym(
                term=term,
                language=phrase.language,
                phrase=phrase.phrase,
                weight=phrase.weight,
                status=phrase.status,
            )
            for phrase in former.synonyms.all()
        ],
        update_conflicts=True,
        unique_fields=["term", "language", "phrase"],
        update_fields=["weight", "status"],
    )
    for relation in Term._meta.related_objects:
        _repoint(relation, former, term)


def _repoint(relation: ForeignObjectRel, former: Term, term: Term) -> None:
    holder: type[Model] | None = None
    name = ""
    if isinstance(relation, ManyToManyRel):
        holder, name = relation.through, relation.field.m2m_reverse_field_name()
    elif isinstance(relation, ManyToOneRel):
        holder, name = relation.related_model, relation.field.name
    if holder is not None and holder not in OWN_TABLES:
        holder._base_manager.filter(**{name: former}).update(**{name: term})


def _link(lists: list[CodeList]) -> None:
    """Join the terms in force: also those of a list that stayed to those of one that is new."""
    terms = {
        (term.vocabulary.name, term.key): term
        for term in Term.objects.filter(vocabulary__is_current=True).select_related("vocabulary")
    }
    TermCrosswalk.objects.bulk_create(
        [
            TermCrosswalk(
                source=terms[code_list.name, link.key],
                target=terms[link.target_list, link.target_key],
                relation=link.relation,
                weight=max(1 - 0.1 * place, 0.5),
            )
            for code_list in lists
            for place, link in _ranked(code_list)
        ],
        ignore_conflicts=True,
    )


def _ranked(code_list: CodeList) -> list[tuple[int, Link]]:
    """Each link with its place among the links of its term: the first named weighs most."""
    places: dict[tuple[str, str, str], int] = {}
    ranked = []
    for link in code_list.links:
        group = (link.key, link.target_list, link.relation)
        ranked.append((places.setdefault(group, 0), link))
        places[group] += 1
    return ranked
