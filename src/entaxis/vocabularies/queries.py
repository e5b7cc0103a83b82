"""Reading the code lists in force."""

from django.db.models import QuerySet

from entaxis.core.kept import kept
from entaxis.vocabularies.models import Term, Vocabulary


def terms(name: str) -> QuerySet[Term]:
    """The terms of the version in force of the list ``name``, retired ones left out."""
    return Term.objects.filter(
        vocabulary__name=Vocabulary.Name(name), vocabulary__is_current=True, is_retired=False
    ).select_related("parent")


def choices(name: str) -> list[Term]:
    """The same as a list to choose from; kept for a while."""
    return kept(f"vocabularies.{name}", lambda: list(terms(name)))


def by_key(name: str) -> dict[str, Term]:
    """The same, by key."""
    return {term.key: term for term in terms(name)}
