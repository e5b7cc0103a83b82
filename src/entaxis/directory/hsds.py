"""A structure in the shapes of HSDS 3.1 (Open Referral): pure functions from rows to plain values.

The mapping, field by field, stands in docs/directory.md. A structure is a location, each service it
offers a service at that location, its body the organization. A confidential structure is a virtual
location: it has no address, no coordinates and no area finer than the region.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from entaxis.accounts.models import Body
from entaxis.directory.choices import AccessFeature, Answer, Aspect, Cost, Language, Status, Strength
from entaxis.directory.models import Contact, Eligibility, OpeningHours, ServiceOffer, Structure
from entaxis.vocabularies.models import Term

Values = dict[str, Any]

VERSION: Final = "3.1"
NAMESPACE: Final = uuid5(NAMESPACE_URL, "https://openreferral.org/hsds/3.1/entaxis")  # of the ids made here
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STATUS_OF_SERVICE: Final = {
    "active": "active",
    "temporarily_closed": "temporarily closed",
    "inactive": "inactive",
    "defunct": "defunct",
}
STATUS_OF_STRUCTURE: Final = {Status.SUSPENDED: "temporarily closed", Status.CLOSED: "defunct"}


def organization(body: Body) -> Values:
    """The responsible body."""
    return _said(
        id=str(body.pk),
        name=body.name_el,
        alternate_name=body.name_en,
        description=body.description_el or body.get_kind_display(),
        email=body.email,
        website=body.website,
        legal_status=body.get_kind_display(),
        phones=[_phone(body.pk, body.telephone)] if body.telephone else [],
    )


def service(structure: Structure, offer: ServiceOffer) -> Values:
    """One service with all that belongs to it; its structure is its only location.

    Read `structure.offers` with `rules`, `hours`, `needs`, `target_groups` and `service` at hand.
    """
    ages = next((rule for rule in offer.rules.all() if _is_age(rule)), None)
    return _said(
        id=str(offer.pk),
        organization_id=str(structure.body_id),
        name=offer.service.label_el,
        alternate_name=offer.service.label_en,
        description=offer.description_el or offer.service.definition_el,
        status=STATUS_OF_STRUCTURE.get(Status(structure.status)) or STATUS_OF_SERVICE[offer.status],
        application_process=offer.how_to_apply_el,
        fees_description=_fees(offer),
        eligibility_description=_eligibility(offer),
        minimum_age=ages.age_from if ages else None,
        maximum_age=ages.age_to if ages else None,
        alert=structure.status_note_el,
        assured_date=structure.assured_date.isoformat() if structure.assured_date else None,
        last_modified=_moment(structure.last_modified),
        languages=_languages(structure),
        required_documents=_documents(offer),
        cost_options=_cost(offer),
        capacities=_capacity(offer),
        schedules=_schedules(offer.hours.all() or structure.hours.all()),
        service_areas=_served(structure, offer),
        attributes=_attributes(offer),
        organization=organization(structure.body),
        service_at_locations=[_at_location(structure, offer)],
    )


def location(structure: Structure) -> Values:
    """The place of a structure; a confidential one is nowhere."""
    point = None if structure.is_confidential else structure.point
    return _said(
        id=str(structure.pk),
        location_type="virtual" if structure.is_confidential else "physical",
        organization_id=str(structure.body_id),
        name=structure.name_el,
        alternate_name=structure.name_en,
        description=structure.description_el,
        transportation=structure.directions_el,
        latitude=round(point.y, 6) if point else None,
        longitude=round(point.x, 6) if point else None,
        external_identifier=structure.external_id,
        external_identifier_type=structure.external_source,
        languages=_languages(structure),
        addresses=_addresses(structure),
        contacts=[_contact(contact) for contact in structure.contacts.all() if contact.office_el],
        phones=[
            _phone(contact.pk, contact.telephone, contact.office_el)
            for contact in structure.contacts.all()
            if contact.telephone
        ],
        accessibility=_accessibility(structure),
        schedules=_schedules(structure.hours.all()),
        attributes=[_attribute(structure.pk, structure.kind, "location", "structure_kinds")],
    )


def taxonomy_term(term: Term, taxonomy: str) -> Values:
    """A term of one of our vocabularies."""
    return _said(
        id=_id(taxonomy, term.key),
        code=term.key,
        name=term.label_el,
        description=term.definition_el or term.label_en,
        parent_id=_id(taxonomy, term.parent.key) if term.parent else None,
        taxonomy=taxonomy,
        language="el",
    )


def _at_location(structure: Structure, offer: ServiceOffer) -> Values:
    return {
        "id": _id("service_at_location", offer.pk),
        "service_id": str(offer.pk),
        "location_id": str(structure.pk),
        "location": location(structure),
    }


def _addresses(structure: Structure) -> list[Values]:
    town = structure.municipality
    if structure.is_confidential or not structure.street or town is None:
        return []
    return [
        _said(
            id=_id("address", structure.pk),
            location_id=str(structure.pk),
            address_1=f"{structure.street} {structure.street_number}".strip(),
            city=structure.locality or town.name_el,
            region=town.name_official_el or town.name_el,
            state_province=structure.region.name_el,
            postal_code=structure.postal_code or "00000",
            country="GR",
            address_type="physical",
        )
    ]


def _contact(contact: Contact) -> Values:
    """An office; a person is never named."""
    return _said(
        id=str(contact.pk),
        location_id=str(contact.structure_id),
        department=contact.office_el,
        email=contact.email,
    )


def _phone(of: Any, number: str, description: str = "") -> Values:
    return _said(id=_id("phone", of), number=number, type="voice", description=description)


def _languages(structure: Structure) -> list[Values]:
    return [
        {"id": _id("language", structure.pk, code), "code": code, "name": str(Language(code).label)}
        for code in structure.languages
    ]


def _accessibility(structure: Structure) -> list[Values]:
    facts = [("step_free", structure.step_free), ("accessible_toilet", structure.accessible_toilet)]
    known = [f"{name}: {value}" for name, value in facts if value != Answer.UNKNOWN]
    known += [str(AccessFeature(key).value) for key in structure.access_features]
    rows = [
        {
            "id": _id("accessibility", structure.pk, fact),
            "location_id": str(structure.pk),
            "description": fact,
        }
        for fact in known
    ]
    if rows and structure.access_note_el:
        rows[0]["details"] = structure.access_note_el
    return rows


def _schedules(hours: Iterable[OpeningHours]) -> list[Values]:
    """An interval a row, every week, on the wall clock of Athens; a note tells one over midnight."""
    return [
        _said(
            id=_id("schedule", row.pk),
            freq="WEEKLY",
            wkst="MO",
            byday=DAYS[row.weekday],
            opens_at=_clock(row.opens),
            closes_at=_clock(row.closes),
            valid_from=row.valid_from.isoformat() if row.valid_from else None,
            valid_to=row.valid_to.isoformat() if row.valid_to else None,
            notes="closes on the next day" if row.closes_next_day else None,
        )
        for row in hours
    ]


def _clock(value: time) -> str:
    return f"{value:%H:%M}"


def _documents(offer: ServiceOffer) -> list[Values]:
    lines = [line.strip() for line in offer.documents_el.splitlines() if line.strip()]
    return [
        {"id": _id("document", offer.pk, number), "service_id": str(offer.pk), "document": line}
        for number, line in enumerate(lines)
    ]


def _fees(offer: ServiceOffer) -> str:
    if offer.cost == Cost.UNKNOWN:
        return offer.cost_note_el
    return ". ".join(filter(None, (str(Cost(offer.cost).label), offer.cost_note_el)))


def _cost(offer: ServiceOffer) -> list[Values]:
    if offer.cost != Cost.FREE:
        return []
    row = {"id": _id("cost", offer.pk), "service_id": str(offer.pk), "option": "free"}
    return [row | {"currency": "EUR", "amount": 0}]


def _capacity(offer: ServiceOffer) -> list[Values]:
    if offer.capacity_date is None or offer.free_places is None:
        return []
    day = datetime.combine(offer.capacity_date, time(0), tzinfo=UTC)
    return [
        _said(
            id=_id("capacity", offer.pk),
            service_id=str(offer.pk),
            unit={"id": _id("unit", "person"), "name": "person"},
            available=offer.free_places,
            maximum=offer.capacity_persons,
            updated=_moment(day),
        )
    ]


def _served(structure: Structure, offer: ServiceOffer) -> list[Values]:
    return [
        {
            "id": _id("area", offer.pk, area.code),
            "service_id": str(offer.pk),
            "name": area.name_official_el or area.name_el,
            "extent": area.code,
            "extent_type": "ELSTAT",
        }
        for area in structure.served_areas.all()
    ]


def _attributes(offer: ServiceOffer) -> list[Values]:
    terms = [(offer.service, "services")]
    terms += [(term, "needs") for term in offer.needs.all()]
    terms += [(term, "target_groups") for term in offer.target_groups.all()]
    return [_attribute(offer.pk, term, "service", taxonomy) for term, taxonomy in terms]


def _attribute(of: Any, term: Term, entity: str, taxonomy: str) -> Values:
    return {
        "id": _id("attribute", of, taxonomy, term.key),
        "link_id": str(of),
        "link_entity": entity,
        "taxonomy_term": taxonomy_term(term, taxonomy),
    }


def _eligibility(offer: ServiceOffer) -> str:
    rules = [str(rule) for rule in offer.rules.all() if rule.strength == Strength.REQUIRED]
    return ". ".join(filter(None, (*rules, offer.eligibility_note_el)))


def _is_age(rule: Eligibility) -> bool:
    return rule.aspect == Aspect.AGE and rule.strength == Strength.REQUIRED


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds")


def _id(*parts: Any) -> str:
    """An id for what has none of its own; the same parts always make the same."""
    return str(uuid5(NAMESPACE, "/".join(map(str, parts))))


def _said(**values: Any) -> Values:
    """Without what is not known: HSDS leaves it out."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}
