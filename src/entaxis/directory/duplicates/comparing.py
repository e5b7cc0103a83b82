"""Two entries part by part, in words, and one entry made from what a person chose of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from entaxis.directory.copies import NOT_COPIED, Whole
from entaxis.directory.differences import (
    Words,
    contact_said,
    day_said,
    interval_said,
    label_of,
    rule_said,
)
from entaxis.directory.importing.content import SIMPLE, ContactWay, Content, Offer
from entaxis.directory.models import ServiceOffer, Structure
from entaxis.vocabularies.models import Vocabulary

# A street of one and a point of the other would be a place that is nowhere.
PLACE: Final = (
    *("municipality", "point", "point_quality", "street", "street_number", "postal_code", "locality"),
    *("directions_el", "directions_en"),
)
FACTS: Final = ("body", "parent", *(name for name in SIMPLE if name not in (*NOT_COPIED, *PLACE)))
SERVICE: Final = "service."
UNSAID: Final = Offer("")


class Side(StrEnum):
    """Whose version of a part stays."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


ONE: Final = (Side.FIRST, Side.SECOND)
ANY: Final = (*ONE, Side.BOTH)


@dataclass(frozen=True)
class Part:
    """One part of two entries: its name and what each says; ``sides`` says what may be chosen."""

    key: str
    label: str
    first: str
    second: str
    sides: tuple[Side, ...]

    @property
    def differs(self) -> bool:
        """Whether somebody has to choose."""
        return self.first != self.second

    @property
    def fuller(self) -> Side | None:
        """The side that says something where the other says nothing."""
        if bool(self.first) is bool(self.second):
            return None
        return Side.FIRST if self.first else Side.SECOND


def parts(first: Whole, second: Whole) -> list[Part]:
    """Every part that one of the two says, in the order of the entry."""
    words = Words()
    return [part for part in _parts(first, second, words) if part.first or part.second]


def joined(survivor: Whole, first: Whole, second: Whole, chosen: Mapping[str, str]) -> Whole:
    """``survivor``, one of the two, with what was chosen of each part; kind and status stay its own.

    ``chosen``: `Side` by key of the parts that differ; a part that is not named stays the survivor's.
    """

    def whose(key: str, default: Whole) -> Whole:
        return {Side.FIRST.value: first, Side.SECOND.value: second}.get(chosen.get(key, ""), default)

    changes: dict[str, Any] = {
        name: getattr(whose(name, survivor).content, name)
        for name in (*FACTS, "served_areas", "contacts", "hours")
    }
    changes |= {name: getattr(whose("place", survivor).content, name) for name in PLACE}
    if chosen.get("contacts") == Side.BOTH:
        changes["contacts"] = _reached(first.content.contacts + second.content.contacts)
    days = whose("days", survivor).days
    if chosen.get("days") == Side.BOTH:
        days = tuple(dict.fromkeys(first.days + second.days))
    sources = {key: whose(SERVICE + key, survivor) for key in _services(first, second)}
    offers = {key: _offer(source, key) for key, source in sources.items()}
    own = tuple(row for key, source in sources.items() for row in source.own_hours if row[0] == key)
    changes["offers"] = tuple(
        replace(offer, order=number)
        for number, offer in enumerate(offer for offer in offers.values() if offer is not None)
    )
    return Whole(replace(survivor.content, **changes), days, own)


def without_place_of(whole: Whole, ids: Iterable[UUID]) -> Whole:
    """``whole``, belonging to none of ``ids``: an entry is not part of itself."""
    if whole.content.parent in {str(pk) for pk in ids}:
        return replace(whole, content=replace(whole.content, parent=""))
    return whole


def _parts(first: Whole, second: Whole, words: Words) -> Iterator[Part]:
    def of(key: str, label: str, said: Callable[[Whole], str], sides: tuple[Side, ...] = ONE) -> Part:
        return Part(key, capfirst(label), said(first), said(second), sides)

    for name in FACTS:
        yield of(name, label_of(Structure, name), partial(_fact, name=name, words=words))
        if name == "parent":
            yield of("place", _("Place"), lambda whole: _place(whole.content, words))
    areas = label_of(Structure, "served_areas")
    yield of("served_areas", areas, lambda whole: words.areas(whole.content.served_areas))
    yield of(
        "contacts", _("contacts"), lambda whole: _lines(map(contact_said, whole.content.contacts)), ANY
    )
    yield of("hours", _("opening hours"), lambda whole: _lines(map(interval_said, whole.content.hours)))
    yield of("days", _("days that differ"), lambda whole: _lines(map(day_said, whole.days)), ANY)
    for key in _services(first, second):
        label = f"{_('service')}: {words.term(Vocabulary.Name.SERVICES, key)}"
        yield of(SERVICE + key, label, partial(_service, key=key, words=words))


def _fact(whole: Whole, *, name: str, words: Words) -> str:
    return words.fact(name, getattr(whole.content, name))


def _place(content: Content, words: Words) -> str:
    street = f"{content.street} {content.street_number}".strip()
    town = f"{content.postal_code} {content.locality}".strip()
    names = ("municipality", "point", "point_quality", "directions_el", "directions_en")
    said = {name: words.fact(name, getattr(content, name)) for name in names}
    address = ", ".join(filter(None, (street, town)))
    point = said["point"] and f"{said['point']} ({said['point_quality']})"
    return _lines([address, said["municipality"], point, said["directions_el"], said["directions_en"]])


def _service(whole: Whole, *, key: str, words: Words) -> str:
    """What one entry says of a service; its own name where it says no more than that it has it."""
    offer = _offer(whole, key)
    if offer is None:
        return ""
    said = [
        f"{label_of(ServiceOffer, field.name)}: {words.part(field.name, getattr(offer, field.name))}"
        for field in fields(Offer)
        if field.name not in {"service", "rules", "order"}
        and getattr(offer, field.name) != getattr(UNSAID, field.name)
    ]
    said += [rule_said(rule) for rule in offer.rules]
    said += [interval_said(row) for service, row in whole.own_hours if service == key]
    return _lines(said) or _("offered")


def _offer(whole: Whole, key: str) -> Offer | None:
    return next((offer for offer in whole.content.offers if offer.service == key), None)


def _services(first: Whole, second: Whole) -> list[str]:
    return list(dict.fromkeys(offer.service for each in (first, second) for offer in each.content.offers))


def _reached(ways: Iterable[ContactWay]) -> tuple[ContactWay, ...]:
    """Each way once, the first office that answers it kept."""
    found: dict[tuple[str, str, str], ContactWay] = {}
    for way in ways:
        found.setdefault((way.telephone, way.email.lower(), way.website), way)
    return tuple(found.values())


def _lines(said: Iterable[str]) -> str:
    return "\n".join(filter(None, said))
