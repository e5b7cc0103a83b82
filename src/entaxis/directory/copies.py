"""Working copies: an entry written on beside the one that readers see.

`Whole` is everything an entry says. What an import reads and writes (`importing.store`) is most of it; days
that differ and hours of single services come to it here.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, time
from typing import Any, Final
from uuid import UUID, uuid4

from entaxis.directory import actions
from entaxis.directory.actions import EXCEPTION, HOURS
from entaxis.directory.choices import Status
from entaxis.directory.importing import store
from entaxis.directory.importing.content import Content, Interval, as_json, from_json
from entaxis.directory.models import OpeningHours, ServiceOffer, Structure

# What a working copy cannot change: editors decide on it, or it never changes.
NOT_COPIED: Final = ("kind", "status", "is_confidential", "assured_date")


@dataclass(frozen=True, slots=True)
class Days:
    """Days that differ; dates as 2026-11-22, times as 08:00, empty where it is closed."""

    first_day: str
    last_day: str
    opens: str = ""
    closes: str = ""
    closes_next_day: bool = False
    reason_el: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything an entry says; ``own_hours``: of single services, by the key of each."""

    content: Content
    days: tuple[Days, ...] = ()
    own_hours: tuple[tuple[str, Interval], ...] = ()


def read(structure: Structure) -> Whole:
    """What the entry says now."""
    content = store.contents(Structure.objects.filter(pk=structure.pk))[structure.pk]
    days = tuple(_days(row) for row in structure.hours_exceptions.order_by("first_day", "pk"))
    rows = OpeningHours.objects.filter(offer__structure=structure).select_related("offer__service")
    own = sorted(((row.offer.service.key, _interval(row)) for row in rows if row.offer), key=repr)
    return Whole(content, days, tuple(own))


def to_json(whole: Whole) -> dict[str, Any]:
    """What `of_json` makes the same from."""
    return {
        "content": as_json(whole.content),
        "days": [asdict(row) for row in whole.days],
        "own_hours": [[key, asdict(interval)] for key, interval in whole.own_hours],
    }


def of_json(stored: dict[str, Any]) -> Whole:
    """What `to_json` described."""
    return Whole(
        from_json(stored["content"]),
        tuple(Days(**row) for row in stored["days"]),
        tuple((key, Interval(**interval)) for key, interval in stored["own_hours"]),
    )


def merged(base: Whole, mine: Whole, theirs: Whole) -> Whole:
    """``theirs`` with whatever ``mine`` changed since ``base``; services and their hours one by one."""
    changes = {
        field.name: getattr(mine.content, field.name)
        for field in fields(Content)
        if field.name not in (*NOT_COPIED, "offers")
        and getattr(mine.content, field.name) != getattr(base.content, field.name)
    }
    changes["offers"] = tuple(
        _by_key(
            *([(offer.service, offer) for offer in each.content.offers] for each in (base, mine, theirs))
        )
    )
    days = mine.days if mine.days != base.days else theirs.days
    hours = _by_key(*(_grouped(each) for each in (base, mine, theirs)))
    offered = {offer.service for offer in changes["offers"]}
    own = tuple((key, interval) for key, group in hours if key in offered for interval in group)
    return Whole(replace(theirs.content, **changes), days, own)


def _grouped(whole: Whole) -> list[tuple[str, Any]]:
    groups: dict[str, list[Interval]] = {}
    for key, interval in whole.own_hours:
        groups.setdefault(key, []).append(interval)
    return [(key, (key, tuple(group))) for key, group in groups.items()]


def _by_key(base: Iterable[Any], mine: Iterable[Any], theirs: Iterable[Any]) -> list[Any]:
    """Three versions of named things into one; whoever changed, added or took one away wins it."""
    before, wanted, found = dict(base), dict(mine), dict(theirs)
    for key in {**before, **wanted}:
        if before.get(key) == wanted.get(key):
            continue
        if key in wanted:
            found[key] = wanted[key]
        else:
            found.pop(key, None)
    return list(found.values())


def make(entry: Structure) -> Structure:
    """A working copy of ``entry``, in the caller's transaction."""
    whole = read(entry)
    pk = uuid4()
    content = replace(whole.content, status=Status.DRAFT)
    store.Writer(entry.region, is_synthetic=entry.is_synthetic).create({pk: content}, {})
    Structure.objects.filter(pk=pk).update(changes=entry, body=entry.body)
    copy = Structure.objects.select_related("region", "body", "changes__body").get(pk=pk)
    _write_hours(copy, whole)
    return copy


def write(entry: Structure, whole: Whole, *, body: UUID) -> None:
    """Write ``whole`` over an entry, in the caller's transaction."""
    former = read(entry)
    store.Writer(entry.region).change({entry.pk: (former.content, whole.content)})
    # two bodies may have names that fold to one: the writer knows them by name only
    Structure.objects.filter(pk=entry.pk).exclude(body=body).update(body=body)
    _write_hours(entry, whole)


def _write_hours(structure: Structure, whole: Whole) -> None:
    days = [tuple(_read(name, getattr(row, name)) for name in EXCEPTION) for row in whole.days]
    actions.replace_rows(structure.hours_exceptions.all(), EXCEPTION, days, structure=structure)
    for offer in ServiceOffer.objects.filter(structure=structure).select_related("service"):
        own = [interval for key, interval in whole.own_hours if key == offer.service.key]
        rows = [tuple(_read(name, getattr(each, name)) for name in HOURS) for each in own]
        actions.replace_rows(offer.hours.all(), HOURS, rows, offer=offer)


def _read(name: str, value: Any) -> Any:
    """A stored word as the value of its column."""
    if name in {"opens", "closes"}:
        return time.fromisoformat(value) if value else None
    if name in {"first_day", "last_day", "valid_from", "valid_to"}:
        return date.fromisoformat(value) if value else None
    return value


def _written(value: Any) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value or "")


def _days(row: Any) -> Days:
    said = [getattr(row, name) for name in EXCEPTION]
    values: list[Any] = [value if isinstance(value, bool) else _written(value) for value in said]
    return Days(*values)


def _interval(row: Any) -> Interval:
    said = [getattr(row, name) for name in HOURS]
    values: list[Any] = [value if isinstance(value, int) else _written(value) for value in said]
    return Interval(*values)
