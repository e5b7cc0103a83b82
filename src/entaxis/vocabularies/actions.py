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

    A new version takes over what the office did to phrases of terms it still has (`_create_phrases`), and
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
        source_el=code_list.source_el,
        source_en=code_list.source_en,
    )
    terms = _create_terms(version, code_list)
    _create_phrases(terms, code_list, before)
    if before:
        for former in before.terms.filter(key__in=terms):
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
            labels={
                label.language: {"text": label.text, "is_checked": label.is_checked} for label in row.labels
            },
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


def _create_phrases(terms: dict[str, Term], code_list: CodeList, before: Vocabulary | None) -> None:
    """The phrases of the file, and what the office said of those of the version before.

    The office's own phrases, and what it took out, stay. Of a phrase that the file has again, the weight
    stays, and a check by a speaker; one that the file no longer has goes.
    """
    phrases = {
        (phrase.key, phrase.language, phrase.phrase): Synonym(
            term=terms[phrase.key],
            language=phrase.language,
            phrase=phrase.phrase,
            status=phrase.status,
            origin=Synonym.Origin.FILE,
        )
        for phrase in code_list.phrases
    }
    former = Synonym.objects.filter(term__vocabulary=before, term__key__in=terms).select_related("term")
    for phrase in former if before else ():
        key = (phrase.term.key, phrase.language, phrase.phrase)
        if key not in phrases and phrase.origin == Synonym.Origin.FILE and not phrase.is_removed:
            continue
        kept = phrases.setdefault(
            key, Synonym(term=terms[phrase.term.key], language=phrase.language, phrase=phrase.phrase)
        )
        if kept.origin == Synonym.Origin.OFFICE or phrase.status == Synonym.Status.CHECKED:
            kept.status = phrase.status
        kept.origin, kept.weight, kept.is_removed = phrase.origin, phrase.weight, phrase.is_removed
    Synonym.objects.bulk_create(phrases.values())


def _succeed(former: Term, term: Term) -> None:
    """Hand what points at ``former`` to ``term``."""
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
