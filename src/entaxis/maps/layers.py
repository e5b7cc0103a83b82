"""What can be laid over the map of an indicator: kinds of structure, and where food is given."""

from typing import Final

from django.utils.translation import gettext as _

from entaxis.directory.models import Structure
from entaxis.geography.models import Area
from entaxis.vocabularies.models import Vocabulary
from entaxis.vocabularies.queries import choices

FOOD: Final = (
    ("need", Vocabulary.Name.NEEDS, "food", False),
    ("service", Vocabulary.Name.SERVICES, "fead_goods", True),
)
"""Who gives food at all, and who hands out the material aid of the European programme (FEAD)."""


def layers(region: Area) -> list[tuple[str, str]]:
    """Each layer as the map asks for it (``kind=…``) and in words. One query, and the lists.

    Confidential places are in none of them: they have no point (R12).
    """
    held = (
        Structure.objects.of(region)
        .published()
        .placed()
        .filter(point__isnull=False, kind__is_confidential=False)
        .order_by()
        .values_list("kind__key", flat=True)
        .distinct()
    )
    kinds = set(held)
    food = [
        (f"{name}={term.key}", _("%(label)s (FEAD)") % {"label": term.label} if is_fead else term.label)
        for name, among, key, is_fead in FOOD
        for term in choices(among)
        if term.key == key
    ]
    return [
        *food,
        *(
            (f"kind={term.key}", term.plural)
            for term in choices(Vocabulary.Name.STRUCTURE_KINDS)
            if term.key in kinds
        ),
    ]
