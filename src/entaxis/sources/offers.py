"""What rooms above offer to do with a file in force, and what of theirs stands on it.

They say so in their app's ``ready()``.

register(Offer(_("Propose figures from it"), "indicators:office-propose", is_editor))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from entaxis.accounts.rules import Predicate, Somebody
from entaxis.geography.models import Area
from entaxis.sources.models import SourceEdition


@dataclass(frozen=True)
class Offer:
    """Words, the page that takes a file's key, who may, and whether it is for this file."""

    title: Any  # a lazy text
    route: str
    may: Predicate
    fits: Callable[[SourceEdition], bool]


_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Offer something below every file in force that it fits."""
    if offer not in _offers:
        _offers.append(offer)


def of(edition: SourceEdition, user: Somebody, region: Area) -> list[tuple[str, str]]:
    """Words and address of what this person may do with a file."""
    if edition.state != SourceEdition.State.CURRENT:
        return []
    return [
        (str(offer.title), reverse(offer.route, args=[edition.pk]))
        for offer in _offers
        if offer.may(user, region) and offer.fits(edition)
    ]


Standing = Callable[[SourceEdition], list[tuple[str, str]]]
"""Title and address of each thing of a room that was worked out from a file."""

_standing: list[Standing] = []


def stands_on(standing: Standing) -> None:
    """Name what stands on a file before it is thrown away."""
    if standing not in _standing:
        _standing.append(standing)


def standing(edition: SourceEdition) -> list[tuple[str, str]]:
    """Title and address of everything that stands on a file."""
    return [each for of_room in _standing for each in of_room(edition)]
