"""Words and bounds that the network's tables, forms and pages share."""

from datetime import timedelta
from typing import Final

from entaxis.vocabularies.models import Term, Vocabulary
from entaxis.vocabularies.queries import terms

# Whoever asks for these could be in danger: no address of a page may name them (R12).
SENSITIVE_GROUPS: Final = frozenset({"women_violence", "violence_victims", "trafficking_victims"})
# Whoever is with these is checked before anybody meets (R13, R34); families and young people have minors.
PROTECTED_GROUPS: Final = frozenset(
    {
        *("children", "infants", "children_at_risk", "young_people", "neets"),
        *("families", "lone_parents", "large_families"),
        *("older_people", "older_alone", "older_dependent"),
    }
)
# Who goes to these structures is with them, whatever a request says of its groups.
PROTECTED_KINDS: Final = frozenset(
    {"nursery", "kdap", "open_care_elderly", "day_care_elderly", "help_at_home"}
)
LONG: Final = 4000  # characters
DAYS_TO_CONFIRM: Final = 7
LETTER_KEPT: Final = timedelta(days=90)  # unanswered
ANSWERED_KEPT: Final = timedelta(days=30)


def themes() -> list[Term]:
    """The matters that the network speaks of: the widest needs, none that is sensitive."""
    return list(terms(Vocabulary.Name.NEEDS).filter(parent=None, is_sensitive=False))


def groups() -> list[Term]:
    """The groups that anything here may be for."""
    return list(terms(Vocabulary.Name.TARGET_GROUPS))


def labels(found: list[Term], keys: list[str]) -> list[str]:
    """The labels of ``keys``, in the order of the list; keys that a later version dropped are left out."""
    return [term.label for term in found if term.key in keys]


def with_narrower(key: str) -> list[str]:
    """A group and the groups inside it."""
    inside = terms(Vocabulary.Name.TARGET_GROUPS).filter(parent__key=key)
    return [key, *inside.values_list("key", flat=True)]
