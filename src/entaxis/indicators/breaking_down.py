"""Of whom a figure is told: keys of breakdowns (``total``, ``sex=female;age=65plus``) and their words."""

import re
from itertools import permutations
from typing import Final

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from entaxis.core.kept import kept
from entaxis.vocabularies.queries import choices

TOTAL: Final = "total"
KNOWN: Final = {
    "total": gettext_lazy("everybody"),
    "sex=female": gettext_lazy("women"),
    "sex=male": gettext_lazy("men"),
    "age=0-17": gettext_lazy("aged 0–17"),
    "age=18-29": gettext_lazy("aged 18–29"),
    "age=30-44": gettext_lazy("aged 30–44"),
    "age=45-54": gettext_lazy("aged 45–54"),
    "age=55-64": gettext_lazy("aged 55–64"),
    "age=18-64": gettext_lazy("aged 18–64"),
    "age=65plus": gettext_lazy("aged 65 or over"),
    "duration=upto12": gettext_lazy("for up to 12 months"),
    "duration=longer12": gettext_lazy("for more than 12 months without a gap"),
}
SUBGROUP: Final = "subgroup="
MOST_CROSSED: Final = 3
"""Sub-group, sex and age: no source crosses more."""
AGE: Final = re.compile(r"age=(\d+)(?:-(\d+)|plus)")
"""An age group as a key writes it: a source has its own."""


def label(key: str) -> str:
    """A breakdown's key in the reader's language; the key itself where it is of a source's own."""
    return ", ".join(_of_part(part) for part in key.split(";"))


def _of_part(part: str) -> str:
    if part in KNOWN:
        return str(KNOWN[part])
    if part.startswith(SUBGROUP):
        wanted = part.removeprefix(SUBGROUP)
        return _groups().get(wanted, wanted)
    if found := AGE.fullmatch(part):
        low, high = found[1], found[2]
        if not high:
            return _("aged %(low)s or over") % {"low": low}
        return _("aged %(low)s–%(high)s") % {"low": low, "high": high}
    return part


def _groups() -> dict[str, str]:
    """Names of sub-groups by key: kept as words, since a list of choices asks for hundreds of them."""
    return kept(
        f"breaking_down.groups.{get_language()}",
        lambda: {term.key: term.label for term in choices("vulnerable_groups")},
    )


def usual() -> list[tuple[str, str]]:
    """Keys with their words to choose from: everybody, sexes, ages, how long, every sub-group."""
    groups = [(f"{SUBGROUP}{key}", label) for key, label in _groups().items()]
    return [*((key, str(label)) for key, label in KNOWN.items()), *groups]


def overlap(key: str) -> str:
    """What must be said wherever a figure of a sub-group stands; empty of other breakdowns."""
    if not key.startswith(SUBGROUP):
        return ""
    return _(
        "One person may belong to several sub-groups: their numbers do not add up, and a sum of them "
        "counts people twice."
    )


def order(key: str) -> tuple[int, int, str]:
    """Everybody first, then sexes, ages from the youngest, how long, sub-groups by name."""
    if found := AGE.fullmatch(key):
        return len(KNOWN), int(found[1]), ""
    if key in KNOWN:
        return list(KNOWN).index(key), 0, ""
    return len(KNOWN) + 1, 0, label(key)


def orders(key: str) -> list[str]:
    """The ways of writing a crossed key: whoever asks need not know in which order its parts are stored."""
    parts = key.split(";")
    return [";".join(way) for way in permutations(parts)] if len(parts) <= MOST_CROSSED else [key]


def is_known(key: str) -> bool:
    """Whether this is a breakdown's key that any indicator may have."""
    return all(_of_part(part) != part for part in key.split(";"))
