"""The page of a search: what was understood, who was found, said in words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from entaxis.core import greek, help_lines, refusals
from entaxis.directory import opening
from entaxis.directory.choices import RULE_VALUES, Aspect, Language, Strength
from entaxis.directory.freshness import FRESH_DAYS
from entaxis.directory.models import Contact, Structure
from entaxis.directory.search import Found, Hit, nearest_centres, search
from entaxis.directory.search.asking import KEYS, LONGEST_TEXT, Asked, Refused, plain, wish_of
from entaxis.directory.search.retrieval import MOST_PAGES, MOST_POINTS
from entaxis.directory.search.store import Words
from entaxis.geography.models import Area

FILTERS: Final = (*KEYS, "municipality", "regional_unit", "language")
SHOWN_TERMS: Final = 0.6  # a need guessed with less is searched for, and not said to be understood
NO_PAGE: Final = MOST_PAGES + 1
FEW: Final = 5  # doors in one town: whoever has no more is shown the way to those around it
_WORD: Final = re.compile(r"[^\W_]+")
QUESTIONS: Final = (Aspect.HOUSEHOLD, Aspect.INCOME_SOURCE, Aspect.STATUS)


@dataclass(frozen=True)
class Card:
    """One result, as ``components/result.html`` takes it; ``rules`` are for the browser's questions."""

    id: str
    url_id: UUID
    title: str
    kind: str
    municipality: str
    distance: str
    telephone: str
    hours: str
    is_open: bool | None
    freshness: str
    tags: list[str]
    rules: list[list[dict[str, Any]]]


@dataclass(frozen=True)
class Chip:
    """Something understood or chosen, and what to send to take it back."""

    label: str
    drop: str


@dataclass(frozen=True)
class Option:
    """One choice of a list."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class Page:
    """All that the template shows."""

    asked: Asked
    errors: list[str]
    found: Found | None
    cards: list[Card]
    centres: list[Card]
    chips: list[Chip]
    is_private: bool
    words: Words
    region: Area
    is_astray: bool = False
    """There are results, but not on the page that was asked for; ``asked.page`` is then 0."""

    @property
    def is_first(self) -> bool:
        """Whether nothing has been asked yet."""
        return not self.errors and not any(_state(self.asked))

    @property
    def state(self) -> list[tuple[str, str]]:
        """What the next request must repeat, without the page's number."""
        return list(_state(self.asked))

    @property
    def count(self) -> int:
        """How many were found."""
        return self.found.count if self.found else 0

    @property
    def is_of_tiles(self) -> bool:
        """Whether the map takes tiles: all structures, or all of a kind, and more than points may be.

        A tile is the same for everybody, so it can be drawn once and kept; any other search is the
        reader's own, and its points stay within `MOST_POINTS`.
        """
        return self.count > MOST_POINTS and {name for name, _value in self.state} <= {"kind"}

    @property
    def numbers(self) -> list[int]:
        """The pages to offer: both ends and the neighbours."""
        if self.found is None or (self.found.pages < 2 and not self.is_astray):
            return []
        if self.is_astray:
            return sorted({1, self.found.pages})
        here, last = self.asked.page, self.found.pages
        return sorted({1, last, *range(max(1, here - 1), min(last, here + 1) + 1)})

    @property
    def help_lines(self) -> list[help_lines.Line]:
        """For whoever found nothing, or needs somebody at once."""
        return help_lines.lines(self.region)

    @property
    def places(self) -> list[tuple[str, list[Option]]]:
        """The region's municipalities, by regional unit."""
        units = [area for area in self.words.areas.values() if self._is_here(area, "regional_unit")]
        towns = [area for area in self.words.areas.values() if self._is_here(area, "municipality")]
        return [
            (
                str(unit),
                [
                    Option(town.code, str(town), town.code == self.asked.municipality)
                    for town in towns
                    if town.parent == unit.code
                ],
            )
            for unit in units
        ]

    def _is_here(self, area: Any, level: str) -> bool:
        return bool(area.level == level and area.region == self.region.code)

    @property
    def units(self) -> list[Option]:
        """The region's regional units."""
        units = (area for area in self.words.areas.values() if self._is_here(area, "regional_unit"))
        return [Option(unit.code, str(unit), unit.code == self.asked.regional_unit) for unit in units]

    @property
    def unheard(self) -> str:
        """Words that meant nothing, as they were typed: a village that we do not know stands among them."""
        unheard = set(self.found.unheard) if self.found else set()
        return " ".join(word for word in _WORD.findall(self.asked.q) if unheard & set(greek.words(word)))

    @property
    def around(self) -> list[tuple[str, str]]:
        """What to send to look around the town that was chosen, where it has few doors; empty elsewhere."""
        town = self.words.areas.get(self.asked.municipality)
        if town is None or self.asked.near or self.count >= FEW:
            return []
        text = f"{self.asked.q} {town}".strip()[:LONGEST_TEXT]
        return [
            *((name, value) for name, value in self.state if name not in ("q", "municipality")),
            ("q", text),
        ]

    @property
    def kinds(self) -> list[Option]:
        """Kinds of structure to choose from."""
        return self._options("structure_kinds", self.asked.kind)

    @property
    def services(self) -> list[Option]:
        """Services to choose from."""
        return self._options("services", self.asked.service)

    @property
    def groups(self) -> list[Option]:
        """Target groups to choose from."""
        return self._options("target_groups", self.asked.target_group)

    @property
    def languages(self) -> list[Option]:
        """Languages spoken there."""
        return [
            Option(code, str(label), code == self.asked.language)
            for code, label in Language.choices
            if code
        ]

    @property
    def first_needs(self) -> list[Option]:
        """The widest needs, to begin with."""
        needs = self.words.labels.get("needs", {}).values()
        return [Option(need.key, str(need), False) for need in needs if not need.parent]

    @property
    def questions(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """The questions whose answers stay in the browser: name, question, values."""
        return [
            (
                aspect.value,
                str(aspect.label),
                [(key, str(text)) for key, text in RULE_VALUES[aspect].items()],
            )
            for aspect in QUESTIONS
        ]

    @property
    def rules(self) -> dict[str, list[list[dict[str, Any]]]]:
        """By result: for each service, the rules on who may have it."""
        return {card.id: card.rules for card in self.cards}

    def _options(self, vocabulary: str, chosen: str) -> list[Option]:
        labels = self.words.labels.get(vocabulary, {}).values()
        return [Option(label.key, str(label), label.key == chosen) for label in labels]


def read(values: QueryDict) -> dict[str, Any]:
    """What a form or an address asks for, as ``Asked`` takes it."""
    asked: dict[str, Any] = {name: values.get(name, "") for name in ("q", *FILTERS)}
    asked["open_now"] = values.get("open_now", "") not in ("", "0", "false")
    asked["without"] = [key for key in values.getlist("without") if key]
    asked["page"] = _number(values.get("page", "1") or "1")
    if values.get("lat") and values.get("lon"):
        asked["near"] = {"lat": values["lat"], "lon": values["lon"]}
    return plain(_dropped(asked, values.get("drop", "")))


def _number(text: str) -> int:
    """The number of a page; one that no list has where ``text`` is none."""
    is_number = text.isascii() and text.isdigit() and len(text) < 9
    return min(int(text), NO_PAGE) or NO_PAGE if is_number else NO_PAGE


def _dropped(asked: dict[str, Any], drop: str) -> dict[str, Any]:
    if drop.startswith("without:"):
        asked["without"] = [*asked["without"], drop.removeprefix("without:")]
    elif drop == "near":
        asked.pop("near", None)
    elif drop in asked:
        asked[drop] = ""
    if drop:
        asked["page"] = 1
    return asked


def page(values: Mapping[str, Any], region: Area, words: Words, at: datetime) -> Page:
    """Search for what ``values`` (of ``read``) ask and put it into words; faults become sentences."""
    number = values.get("page", 1)
    try:
        asked = Asked.model_validate({**values, "page": min(number, MOST_PAGES)})
        wish = wish_of(asked, region, words)
    except ValidationError as error:
        faults = [{**fault, "loc": ("", "", *fault["loc"])} for fault in error.errors()]
        errors = [reason["message"] for reason in refusals.describe(faults)]
        return _faulty(errors, region, words)
    except Refused as refused:
        return _faulty([sentence for _field, sentence in refused.reasons], region, words)
    found = search(wish, at=at, known=words)
    is_astray = number > found.pages
    if is_astray:
        asked = asked.model_copy(update={"page": 0})
    centres: list[Hit] = [] if found.count else list(nearest_centres(found.wish, at))
    return Page(
        asked=asked,
        errors=[],
        found=found,
        cards=_cards(found.hits, found, words, at),
        centres=_cards(centres, found, words, at),
        chips=list(_chips(found, asked, words)),
        is_private=_is_private(found, asked),
        words=words,
        region=region,
        is_astray=is_astray,
    )


def _faulty(errors: list[str], region: Area, words: Words) -> Page:
    return Page(Asked(), errors, None, [], [], [], True, words, region)


def _is_private(found: Found, asked: Asked) -> bool:
    """Whether the search must leave no trace: a position, a sensitive need, or words not understood."""
    return asked.near is not None or found.is_sensitive or bool(asked.q and found.understanding.is_empty)


def _state(asked: Asked) -> Iterator[tuple[str, str]]:
    for name in ("q", *FILTERS):
        if value := getattr(asked, name):
            yield name, value
    if asked.open_now:
        yield "open_now", "1"
    for key in asked.without:
        yield "without", key
    if asked.near:
        yield "lat", str(asked.near.lat)
        yield "lon", str(asked.near.lon)


# --- what was understood ------------------------------------------------------------------------------


def _chips(found: Found, asked: Asked, words: Words) -> Iterator[Chip]:
    understood = found.understanding
    for vocabulary, terms in (
        ("needs", understood.needs),
        ("services", understood.services),
        ("structure_kinds", understood.structure_kinds),
    ):
        for one in terms:
            label = words.label(vocabulary, one.target.key)
            if label and one.score >= SHOWN_TERMS:
                yield Chip(str(label), f"without:{one.target.key}")
    if understood.place:
        yield Chip(_("near %(place)s") % {"place": understood.place.name}, "without:place")
    if understood.open_now:
        yield Chip(_("Open now"), "without:now")
    yield from _chosen(asked, words)


def _chosen(asked: Asked, words: Words) -> Iterator[Chip]:
    for name, vocabulary in KEYS.items():
        label = words.label(vocabulary, getattr(asked, name))
        if label:
            yield Chip(str(label), name)
    for name in ("municipality", "regional_unit"):
        area = words.areas.get(getattr(asked, name))
        if area:
            yield Chip(str(area), name)
    if asked.language:
        yield Chip(str(Language(asked.language).label), "language")
    if asked.open_now:
        yield Chip(_("Open now"), "open_now")
    if asked.near:
        yield Chip(_("Near me"), "near")


# --- results ------------------------------------------------------------------------------------------


def _cards(hits: Any, found: Found, words: Words, at: datetime) -> list[Card]:
    rows = list(hits)
    structures = {
        structure.pk: structure
        for structure in Structure.objects.filter(pk__in=[hit.document.pk for hit in rows])
        .select_related("municipality")
        .prefetch_related(*opening.PREFETCH, "offers__rules", "contacts")
    }
    schedules = opening.schedules(structures.values(), near=timezone.localdate(at))
    return [
        _card(
            hit, structures[hit.document.pk], opening.opening(schedules[hit.document.pk], at), found, words
        )
        for hit in rows
        if hit.document.pk in structures
    ]


def _card(hit: Hit, structure: Structure, now: opening.Opening, found: Found, words: Words) -> Card:
    document = hit.document
    contact: Contact | None = next((one for one in structure.contacts.all() if one.telephone), None)
    tags = [_("Demonstration")] if structure.is_synthetic else []
    tags += [str(Language(code).label) for code in structure.languages if code != Language.GREEK]
    return Card(
        id=str(document.pk),
        url_id=document.pk,
        title=document.name,
        kind=str(words.label("structure_kinds", document.kind) or ""),
        municipality=str(words.areas.get(document.municipality, "")),
        distance=_distance(hit, found),
        telephone=contact.telephone_written if contact else "",
        hours=_hours(now),
        is_open=now.is_open,
        freshness=_freshness(document.assured_date),
        tags=tags,
        rules=[_rules(offer) for offer in structure.offers.all()],
    )


def _distance(hit: Hit, found: Found) -> str:
    if hit.distance_m is None:
        return ""
    km = formats.number_format(round(hit.distance_m / 1000, 1), 1)
    place = found.understanding.place
    if found.from_place and place:
        return _("%(km)s km from %(place)s") % {"km": km, "place": place.name}
    return _("%(km)s km") % {"km": km}


def _hours(now: opening.Opening) -> str:
    if now.is_open is None:
        return ""
    times = ", ".join(str(interval) for interval in now.today.intervals or ())
    return _("today %(times)s") % {"times": times} if times else now.today.reason


def _freshness(assured: date | None) -> str:
    if assured is None:
        return _("Not confirmed yet: call first")
    day = formats.date_format(assured, "DATE_FORMAT")
    if (timezone.localdate() - assured).days > FRESH_DAYS:
        return _("Not confirmed since %(day)s: call first") % {"day": day}
    return _("Confirmed on %(day)s") % {"day": day}


def _rules(offer: Any) -> list[dict[str, Any]]:
    return [
        {
            "aspect": rule.aspect,
            "required": rule.strength == Strength.REQUIRED,
            "from": rule.age_from,
            "to": rule.age_to,
            "values": rule.values,
            "text": str(rule),
        }
        for rule in offer.rules.all()
    ]
