"""What an entry of the directory says, apart from the tables it is spread over.

An import makes the content of each row, compares it with the content that the directory has, and
writes what differs; undoing an import writes the former content back.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

Point = tuple[float, float]  # longitude, latitude (EPSG:4326), to the 6th decimal (0.1 m)


@dataclass(frozen=True, slots=True)
class Interval:
    """Weekly opening hours; times as 08:00."""

    weekday: int
    opens: str
    closes: str
    closes_next_day: bool = False
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class ContactWay:
    """A way to reach the structure."""

    telephone: str = ""
    email: str = ""
    website: str = ""
    office_el: str = ""
    office_en: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may have the service."""

    aspect: str
    strength: str
    age_from: int | None = None
    age_to: int | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One service; terms by their keys, dates as 2026-11-22."""

    service: str
    needs: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    status: str = "active"
    order: int = 0
    description_el: str = ""
    description_en: str = ""
    how_to_apply_el: str = ""
    how_to_apply_en: str = ""
    documents_el: str = ""
    documents_en: str = ""
    eligibility_note_el: str = ""
    eligibility_note_en: str = ""
    cost: str = "unknown"
    cost_note_el: str = ""
    cost_note_en: str = ""
    capacity_persons: int | None = None
    free_places: int | None = None
    capacity_date: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One structure. Of a confidential one every word about its place is empty."""

    kind: str
    body: str  # its name: it may be new
    name_el: str
    name_en: str = ""
    description_el: str = ""
    description_en: str = ""
    status: str = "published"
    parent: str = ""  # the structure's id
    municipality: str = ""  # ELSTAT code
    point: Point | None = None
    point_quality: str = ""
    street: str = ""
    street_number: str = ""
    postal_code: str = ""
    locality: str = ""
    directions_el: str = ""
    directions_en: str = ""
    served_areas: tuple[str, ...] = ()  # level:code
    languages: tuple[str, ...] = ()
    step_free: str = "unknown"
    accessible_toilet: str = "unknown"
    access_features: tuple[str, ...] = ()
    access_note_el: str = ""
    access_note_en: str = ""
    closed_on_public_holidays: bool = True
    is_confidential: bool = False
    assured_date: str = ""
    contacts: tuple[ContactWay, ...] = ()
    hours: tuple[Interval, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same content."""
        text = json.dumps(_values(self), default=_values, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Where a confidential structure really is; never beside its content, never in a report."""

    municipality: str
    point: Point | None = None
    street: str = ""
    street_number: str = ""
    postal_code: str = ""
    locality: str = ""


def _values(one: Any) -> dict[str, Any]:
    """What `asdict` gives, without its copy of every value: an import asks for it thousands of times."""
    return {name: getattr(one, name) for name in one.__slots__}


SIMPLE = tuple(
    field.name
    for field in fields(Content)
    if field.name not in {"contacts", "hours", "offers", "served_areas", "kind", "body", "parent"}
)


def as_json(content: Content) -> dict[str, Any]:
    """What `from_json` makes the same content from."""
    return asdict(content)


def from_json(stored: dict[str, Any]) -> Content:
    """The content that `as_json` described."""
    parts = dict(stored)
    point = parts.pop("point")
    contacts = tuple(ContactWay(**way) for way in parts.pop("contacts"))
    hours = tuple(Interval(**interval) for interval in parts.pop("hours"))
    offers = tuple(_offer(offer) for offer in parts.pop("offers"))
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in parts.items()
    }
    place = (point[0], point[1]) if point else None
    return Content(point=place, contacts=contacts, hours=hours, offers=offers, **plain)


def _offer(stored: dict[str, Any]) -> Offer:
    parts = dict(stored)
    rules = tuple(Rule(**{**rule, "values": tuple(rule["values"])}) for rule in parts.pop("rules"))
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in parts.items()
    }
    return Offer(rules=rules, **plain)
