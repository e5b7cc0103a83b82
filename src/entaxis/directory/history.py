"""What changed in an entry, when and by whom, in plain words. Read from the history the database keeps."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import ForeignKey, Model, Q
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.directory.choices import RULE_VALUES, AccessFeature, Language
from entaxis.directory.models import (
    Contact,
    Eligibility,
    HoursException,
    LocalHoliday,
    OpeningHours,
    ServiceOffer,
    Structure,
)
from entaxis.directory.models.services import OfferNeed, OfferTargetGroup
from entaxis.directory.models.structures import ServedArea
from entaxis.geography.models import Area

MOST: Final = 100
EMPTY: Final = "–"
SILENT: Final = {"id", "created_at", "order", "structure", "offer", "is_synthetic", "region", "changes"} | {
    "external_source",
    "external_id",
}
WORDS: Final = {
    **{value.value: value.label for value in (*AccessFeature, *Language)},
    **{key: label for values in RULE_VALUES.values() for key, label in values.items()},
}


@dataclass(frozen=True)
class Line:
    """One thing that changed: its name, what stood before and what stands after."""

    what: str
    before: str
    after: str


@dataclass
class Change:
    """What one person changed at one moment."""

    at: datetime
    who: str
    lines: list[Line] = field(default_factory=list)


Event = Any  # rows of the models that pghistory makes
Difference = tuple[str, Any, Any, Any]  # what, column of the values or None, before, after

# Bare relations: the column that says what they point to, and the field they are known by.
RELATIONS: Final[dict[Any, tuple[str, Any, str]]] = {
    ServedArea: ("area", Structure, "served_areas"),
    OfferNeed: ("term", ServiceOffer, "needs"),
    OfferTargetGroup: ("term", ServiceOffer, "target_groups"),
}


def changes(structure: Structure) -> list[Change]:
    """The latest `MOST` changes of a structure with everything that belongs to it, latest first."""
    return _told(_events(structure))


def changes_of_holidays(region: Area) -> list[Change]:
    """The latest `MOST` changes of the holidays kept in ``region`` or in a part of it, latest first."""
    events = LocalHoliday.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        Q(area=region) | Q(area__region=region)
    )
    return _told(list(events.select_related("pgh_context", "area")))


def _told(found_events: list[Event]) -> list[Change]:
    events = sorted(found_events, key=lambda event: (event.pgh_created_at, event.pgh_id))
    lines = _lines(events)
    people = _people(events)
    found: dict[Any, Change] = {}
    for event in events:
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        key = event.pgh_context_id or event.pgh_created_at
        who = people.get(str(metadata.get("user")), _("the system"))
        change = found.setdefault(key, Change(event.pgh_created_at, who))
        change.lines.extend(lines[id(event)])
    told = [change for change in found.values() if change.lines]
    told.reverse()  # what one transaction did has one time: the later stands first
    return sorted(told, key=lambda change: change.at, reverse=True)[:MOST]


def _events(structure: Structure) -> list[Event]:
    """All events of the structure and its parts, those of parts that are gone included."""
    pk = structure.pk
    found = _read(Structure, pgh_obj=pk)
    for part in (Contact, OpeningHours, HoursException, ServedArea):
        found += _read(part, structure=pk)
    offers = _read(ServiceOffer, structure=pk)
    ids = {event.pgh_obj_id for event in offers}
    if ids:
        found += offers + _read(Eligibility, offer__in=ids) + _read(OpeningHours, offer__in=ids)
        found += _read(OfferNeed, serviceoffer__in=ids) + _read(OfferTargetGroup, serviceoffer__in=ids)
    return found


def _read(model: Any, **which: Any) -> list[Event]:
    events = model.pgh_event_model.objects.filter(**which)
    return list(events.select_related("pgh_context").order_by("pgh_id"))


def _people(events: Iterable[Event]) -> dict[str, str]:
    ids = {str(event.pgh_context.metadata.get("user")) for event in events if event.pgh_context}
    found = User.objects.in_bulk([pk for pk in ids if pk != "None"])
    return {str(pk): str(person) for pk, person in found.items()}


def _lines(events: list[Event]) -> dict[int, list[Line]]:
    """The lines of each event, by its identity in memory; the names in them are read at once."""
    names = _Names()
    raw: dict[int, list[Difference]] = {}
    former: dict[Any, Event] = {}
    for event in events:
        identity = (type(event), getattr(event, "pgh_obj_id", None) or event.pgh_id)
        raw[id(event)] = _differences(event, former.get(identity))
        former[identity] = event
        for _what, column, before, after in raw[id(event)]:
            names.want(column, before, after)
    names.read()
    return {key: [names.line(row) for row in rows] for key, rows in raw.items()}


def _differences(event: Event, former: Event | None) -> list[Difference]:
    model = event.pgh_tracked_model
    if model in RELATIONS:
        name, owner, known_as = RELATIONS[model]
        column = model._meta.get_field(name)
        row = (owner._meta.get_field(known_as).verbose_name, column, getattr(event, column.attname))
        return [_came_or_went(event, *row)]
    if model is Structure and event.pgh_label != "delete":
        return _fields(event, model, former)
    if model is ServiceOffer:
        if event.pgh_label == "update":
            return _fields(event, model, former)
        column = model._meta.get_field("service")
        return [_came_or_went(event, model._meta.verbose_name, column, event.service_id)]
    now = _sentence(event, model)
    if event.pgh_label == "update":
        before = _sentence(former, model) if former else None
        return [] if before == now else [(capfirst(model._meta.verbose_name), None, before, now)]
    return [_came_or_went(event, model._meta.verbose_name, None, now)]


def _came_or_went(event: Event, what: Any, column: Any, value: Any) -> Difference:
    came = event.pgh_label == "insert"
    return (str(capfirst(what)), column, None if came else value, value if came else None)


def _fields(event: Event, model: type[Model], former: Event | None) -> list[Difference]:
    found: list[Difference] = []
    for column in model._meta.concrete_fields:
        if column.name in SILENT or not hasattr(event, column.attname):
            continue
        after = getattr(event, column.attname)
        before = getattr(former, column.attname) if former is not None else None
        if after != before and not (former is None and after in ("", None, [], False)):
            found.append((str(capfirst(column.verbose_name)), column, before, after))
    return found


def _sentence(event: Event, model: type[Model]) -> str:
    """A small row in one line."""
    if model is LocalHoliday:
        day = formats.date_format(event.day, "j F" if event.is_yearly else "j F Y")
        return f"{event.area.name}, {day}: {LocalHoliday(name_el=event.name_el, name_en=event.name_en)}"
    columns = [column for column in model._meta.concrete_fields if column.name not in SILENT]
    values = {column.attname: getattr(event, column.attname) for column in columns}
    if model is HoursException:
        return _days(HoursException(**values))
    if model in (OpeningHours, Eligibility):
        return str(model(**values))
    return ", ".join(str(value) for value in values.values() if value not in ("", None))


def _days(row: HoursException) -> str:
    hours = f"{row.opens:%H:%M}–{row.closes:%H:%M}" if row.opens and row.closes else _("closed")
    days = " – ".join(dict.fromkeys(_written(day) for day in (row.first_day, row.last_day)))
    return f"{days}: {hours}" + (f" ({row.reason})" if row.reason else "")


class _Names:
    """Rows that relations point to, read once per table."""

    def __init__(self) -> None:
        self.wanted: dict[Any, set[Any]] = defaultdict(set)
        self.found: dict[Any, dict[Any, Any]] = {}

    def want(self, column: Any, *values: Any) -> None:
        if isinstance(column, ForeignKey):
            self.wanted[column.related_model] |= {value for value in values if value is not None}

    def read(self) -> None:
        for model, ids in self.wanted.items():
            self.found[model] = model._default_manager.in_bulk(ids)

    def line(self, row: Difference) -> Line:
        what, column, before, after = row
        return Line(what, self.word(column, before), self.word(column, after))

    def word(self, column: Any, value: Any) -> str:
        if value in ("", None, []):
            return EMPTY
        if isinstance(column, ForeignKey):
            return str(self.found[column.related_model].get(value, _("gone")))
        return _written(value, dict(column.flatchoices) if column is not None else {})


def _written(value: Any, choices: dict[Any, Any] | None = None) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ", ".join(str(WORDS.get(each, each)) for each in value)
        case date():
            return formats.date_format(value, "j/n/Y")
        case time():
            return f"{value:%H:%M}"
        case _ if hasattr(value, "coords"):
            return f"{value.y:.5f}, {value.x:.5f}"
        case _:
            return str((choices or {}).get(value, value))
