"""A row over what the directory has: only the columns that the table has count."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from entaxis.directory.choices import PointQuality
from entaxis.directory.importing.checking import ASPECTS, OFFERED, WAYS
from entaxis.directory.importing.content import ContactWay, Content, Offer, Rule

# column → fields of the content that it fills
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name_el",),
    "description": ("description_el",),
    "directions": ("directions_el",),
    "access_note": ("access_note_el",),
}
OF_OFFERS: dict[str, tuple[str, ...]] = {
    "eligibility_note": ("eligibility_note_el",),
    "documents": ("documents_el",),
    "how_to_apply": ("how_to_apply_el",),
}
PLACE = frozenset({"municipality", "latitude", "longitude", "locality"})
NOT_PLAIN = PLACE | OFFERED | WAYS | {"code"}


def over(former: Content, row: Content, columns: Collection[str]) -> Content:
    """``former`` with what the table's ``columns`` say in ``row``."""
    changes: dict[str, Any] = {}
    for column in set(columns) - NOT_PLAIN:
        for name in FIELDS.get(column, (column,)):
            changes[name] = getattr(row, name)
    if not row.is_confidential:
        changes |= _place(former, row, columns)
    if WAYS & set(columns):
        changes["contacts"] = tuple(_way(way, former.contacts) for way in row.contacts)
    if OFFERED & set(columns):
        changes["offers"] = _offers(former, row, columns)
    return replace(former, is_confidential=row.is_confidential, **changes)


def _place(former: Content, row: Content, columns: Collection[str]) -> dict[str, Any]:
    if not PLACE & set(columns):
        return {}
    changes: dict[str, Any] = {"municipality": row.municipality}
    if "locality" in columns:
        changes["locality"] = row.locality
    # A point that a person set is better than one that the import guessed.
    is_guess = row.point_quality != PointQuality.EXACT
    is_better = former.point_quality == PointQuality.EXACT and former.municipality == row.municipality
    if not (is_guess and is_better):
        changes |= {"point": row.point, "point_quality": row.point_quality}
    return changes


def _way(way: ContactWay, former: tuple[ContactWay, ...]) -> ContactWay:
    """The office that answers is not in the table: it stays with its number or address."""
    for known in former:
        if (known.telephone, known.email) == (way.telephone, way.email):
            return replace(way, office_el=known.office_el, office_en=known.office_en)
    return way


def _offers(former: Content, row: Content, columns: Collection[str]) -> tuple[Offer, ...]:
    known = {offer.service: offer for offer in former.offers}
    if "services" not in columns:
        return former.offers
    return tuple(
        _offer(known[offer.service], offer, columns) if offer.service in known else offer
        for offer in row.offers
    )


def _offer(former: Offer, row: Offer, columns: Collection[str]) -> Offer:
    changes: dict[str, Any] = {"order": row.order}
    for column in (OFFERED & set(columns)) - {"services", "age", *ASPECTS}:
        for name in OF_OFFERS.get(column, (column,)):
            changes[name] = getattr(row, name)
    asked = {aspect.value for column, aspect in ASPECTS.items() if column in columns}
    asked |= {"age"} if "age" in columns else set()
    kept: list[Rule] = [rule for rule in former.rules if rule.aspect not in asked]
    rules = sorted([*kept, *row.rules], key=lambda rule: (rule.aspect, rule.strength))
    return replace(former, rules=tuple(rules), **changes)
