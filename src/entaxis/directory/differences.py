"""What differs between two versions of an entry, field by field, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, Final

from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from entaxis.directory.copies import NOT_COPIED, Days, Whole
from entaxis.directory.history import EMPTY, WORDS, Line
from entaxis.directory.importing.content import SIMPLE, ContactWay, Interval, Offer, Rule
from entaxis.directory.models import Eligibility, HoursException, ServiceOffer, Structure
from entaxis.directory.models.hours import Weekday
from entaxis.geography.models import Area
from entaxis.vocabularies.models import Vocabulary
from entaxis.vocabularies.queries import by_key

OFFER_PARTS: Final = tuple(
    field.name for field in fields(Offer) if field.name not in {"service", "rules", "order"}
)


def lines(before: Whole, after: Whole) -> list[Line]:
    """Every field that differs, in the order of the entry; nothing where nothing does."""
    words = Words()
    return [
        Line(str(capfirst(what)), was or EMPTY, now or EMPTY)
        for what, was, now in _all(before, after, words)
    ]


Difference = tuple[str, str, str]


def _all(before: Whole, after: Whole, words: "Words") -> Iterator[Difference]:
    was, now = before.content, after.content
    for name in ("body", "parent", *SIMPLE):
        old, new = getattr(was, name), getattr(now, name)
        if old != new and name not in NOT_COPIED:
            yield label_of(Structure, name), words.fact(name, old), words.fact(name, new)
    if was.served_areas != now.served_areas:
        yield (
            label_of(Structure, "served_areas"),
            words.areas(was.served_areas),
            words.areas(now.served_areas),
        )
    yield from _lists(_("contacts"), was.contacts, now.contacts, contact_said)
    yield from _lists(_("opening hours"), was.hours, now.hours, interval_said)
    yield from _lists(_("days that differ"), before.days, after.days, day_said)
    yield from _offers(before, after, words)


def _lists(what: str, was: Iterable[Any], now: Iterable[Any], said: Any) -> Iterator[Difference]:
    """Rows that went stand before, rows that came stand after."""
    old, new = [said(row) for row in was], [said(row) for row in now]
    if old != new:
        gone = [row for row in old if row not in new]
        come = [row for row in new if row not in old]
        yield what, "\n".join(gone or old), "\n".join(come or new)


def _offers(before: Whole, after: Whole, words: "Words") -> Iterator[Difference]:
    was = {offer.service: offer for offer in before.content.offers}
    now = {offer.service: offer for offer in after.content.offers}
    for key in {**was, **now}:
        name = words.term(Vocabulary.Name.SERVICES, key)
        if key not in was or key not in now:
            yield _("service"), name if key in was else "", name if key in now else ""
        if key in now:
            yield from _offer(name, was.get(key, Offer(key)), now[key], words)
            before_own, after_own = (
                [row for service, row in each.own_hours if service == key] for each in (before, after)
            )
            yield from _lists(f"{name}: {_('opening hours')}", before_own, after_own, interval_said)


def _offer(name: str, was: Offer, now: Offer, words: "Words") -> Iterator[Difference]:
    for part in OFFER_PARTS:
        old, new = getattr(was, part), getattr(now, part)
        if old != new:
            yield f"{name}: {label_of(ServiceOffer, part)}", words.part(part, old), words.part(part, new)
    yield from _lists(f"{name}: {_('conditions')}", was.rules, now.rules, rule_said)


def label_of(model: Any, name: str) -> str:
    """What a field is called."""
    return str(model._meta.get_field(name).verbose_name)


def contact_said(way: ContactWay) -> str:
    """A way to reach it, in one line."""
    said = (way.office_el, way.office_en, way.telephone, way.email, way.website)
    return ", ".join(filter(None, said))


def interval_said(row: Interval) -> str:
    """Hours of one weekday, in one line."""
    season = ""
    if row.valid_from or row.valid_to:
        season = f" ({_date(row.valid_from)} – {_date(row.valid_to)})"
    return f"{Weekday(row.weekday).label} {_span(row)}{season}"


def _span(row: Interval | Days) -> str:
    """From when to when; a whole day ends at midnight of the next (`models.hours`)."""
    if row.closes_next_day and row.opens == row.closes == "00:00":
        return _("all day and night")
    return f"{row.opens}–{row.closes}{'+' if row.closes_next_day else ''}"


def day_said(row: Days) -> str:
    """Days that differ, in one line."""
    days = " – ".join(dict.fromkeys((_date(row.first_day), _date(row.last_day))))
    hours = _span(row) if row.opens else _("closed")
    reason = HoursException(reason_el=row.reason_el, reason_en=row.reason_en).reason
    return f"{days}: {hours}" + (f" ({reason})" if reason else "")


def rule_said(row: Rule) -> str:
    """A condition, in one line."""
    return str(
        Eligibility(
            aspect=row.aspect,
            strength=row.strength,
            age_from=row.age_from,
            age_to=row.age_to,
            values=list(row.values),
        )
    )


def _date(text: str) -> str:
    day = parse_date(text)
    return str(formats.date_format(day, "j/n/Y")) if day else ""


class Words:
    """Values in words; lists that are asked are read once."""

    def __init__(self) -> None:
        self._terms: dict[str, dict[str, Any]] = {}

    def term(self, vocabulary: str, key: str) -> str:
        """The label of a term."""
        found = self._terms.get(vocabulary)
        if found is None:
            found = self._terms[vocabulary] = by_key(Vocabulary.Name(vocabulary))
        return str(found[key].label) if key in found else key

    def areas(self, keys: Iterable[str]) -> str:
        """Names of areas given as level:code."""
        codes = {key.partition(":")[2] for key in keys}
        rows = Area.objects.current().filter(code__in=codes)
        return ", ".join(sorted(area.name for area in rows if f"{area.level}:{area.code}" in set(keys)))

    def fact(self, name: str, value: Any) -> str:
        """A fact of the structure."""
        if name == "municipality" and value:
            return self.areas([f"municipality:{value}"])
        if name == "parent" and value:
            return str(Structure.objects.filter(pk=value).first() or _("gone"))
        if name == "point" and value:
            return f"{value[1]:.5f}, {value[0]:.5f}"
        return _plain(Structure, name, value)

    def part(self, name: str, value: Any) -> str:
        """A fact of a service."""
        if name in {"needs", "target_groups"}:
            return ", ".join(self.term(name, key) for key in value)
        if name == "capacity_date":
            return _date(value)
        return _plain(ServiceOffer, name, value)


def _plain(model: Any, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return ", ".join(str(WORDS.get(each, each)) for each in value)
    choices = dict(model._meta.get_field(name).flatchoices)
    return str(choices.get(value, value if value is not None else ""))
