"""What was understood and the filters → an ordered list of structures, exactly counted.

The list is made of parts, best first: structures whose names hold words left over; confidential ones,
which take no part in any order by place; kinds asked for by name; structures that answer the need. One
second door (a Community Centre, a social service) stands early in the list, the others at its end. Where
the need is not sensitive, confidential ones stand behind the others that answer it.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final, NamedTuple
from uuid import UUID

from django.contrib.gis.geos import Point
from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    Case,
    Count,
    F,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from entaxis.core import greek
from entaxis.directory import opening
from entaxis.directory.freshness import STALE_DAYS
from entaxis.directory.models import SearchDocument, Structure
from entaxis.directory.models.text import in_language
from entaxis.directory.search import store
from entaxis.directory.search.understanding import Heard, Understanding, understand
from entaxis.geography.models import Area

PAGE_SIZE: Final = 20
MOST_PAGES: Final = 500
MOST_POINTS: Final = 5000  # of a map
STALE_AFTER: Final = timedelta(days=STALE_DAYS)
STALE_COSTS_M: Final = 2000.0  # a stale entry stands where one this much farther would
FIRST_DOORS: Final = 3  # before the second doors
SECOND_DOORS: Final = 2  # that stand early in the list
SURE: Final = 0.7  # of the score of the best need
MOST_COUNTS: Final = 4096  # kept in memory


@dataclass(frozen=True)
class Wish:
    """What is looked for. Keys of terms, codes of areas; ``near`` in EPSG:4326."""

    region: Area
    text: str = ""
    need: str = ""
    service: str = ""
    kind: str = ""
    target_group: str = ""
    municipality: str = ""
    regional_unit: str = ""
    language: str = ""
    open_now: bool = False
    without: frozenset[str] = frozenset()
    """Keys of terms (or "place", "now") that the text seemed to mean and did not."""
    near: Point | None = None
    page: int = 1


class Entry(NamedTuple):
    """What a result shows of a document. Plain rows: making models would cost more than finding them."""

    pk: UUID
    kind: str
    answers: list[str]
    services: list[str]
    languages: list[str]
    municipality: str
    name_el: str
    name_en: str
    telephone: str
    locality: str
    is_confidential: bool
    assured_date: date | None
    away: float | None
    """Metres from where the person is; None without a place."""

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self, "name")


@dataclass(frozen=True)
class Hit:
    """A structure found, and how far it is from where the person is; None where that is not said."""

    document: Entry
    distance_m: float | None


@dataclass(frozen=True)
class Found:
    """A page of results, with what was understood."""

    wish: Wish
    understanding: Understanding
    count: int
    hits: Sequence[Hit]
    is_sensitive: bool
    from_place: bool
    """Distances are from the place that was typed, not from the person."""
    none_open: bool = False
    """The text asked for what is open now, and nothing is: these open later."""
    unheard: tuple[str, ...] = ()
    """Folded words, perhaps of a place, that meant nothing and stand in no name that was found."""

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return max(1, min(MOST_PAGES, -(-self.count // PAGE_SIZE)))


@dataclass(frozen=True)
class _Fit:
    """What a structure should be to fit, from text and filters together."""

    needs: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    rest_words: tuple[str, ...] = ()
    """What ``rest`` was made of: the same words, folded."""
    sounds: str = ""
    kind_order: tuple[str, ...] = ()
    is_careful: bool = False
    """A sensitive need, or a kind by its name: the doors whose place is hidden come before all others."""
    surest: tuple[str, ...] = ()
    """Where people look near a place, the needs least in doubt come before a nearer guess."""


@dataclass
class _Parts:
    """Conditions of the parts of the list: first doors in order, and second doors."""

    first: list[Q] = field(default_factory=list)
    second: list[Q] = field(default_factory=list)


def search(wish: Wish, understanding: Understanding, words: store.Words, at: datetime) -> Found:
    """Return the page of ``wish`` at the moment ``at``."""
    understanding = _corrected(understanding, wish.without)
    place = understanding.place
    from_place = wish.near is None and place is not None and place.longitude is not None
    if from_place and place is not None:
        wish = replace(wish, near=Point(place.longitude, place.latitude, srid=4326))
    if understanding.open_now and not wish.open_now:
        found = _search(replace(wish, open_now=True), understanding, words, at, from_place)
        if found.count:
            return found
        return replace(_search(wish, understanding, words, at, from_place), none_open=True)
    return _search(wish, understanding, words, at, from_place)


def _search(
    wish: Wish, understanding: Understanding, words: store.Words, at: datetime, from_place: bool
) -> Found:
    fit = _fit(wish, understanding, words)
    base = _filtered(wish, at)
    parts = _parts(fit)
    counts = _counts(base, parts, (wish, fit), words.documents)
    hits = _page(base, parts, counts, (wish, fit, at.date()))
    sensitive = any(words.is_sensitive(*term) for term in _meant(wish, understanding))
    unheard = () if understanding.is_empty or counts[0] else fit.rest_words
    return Found(wish, understanding, sum(counts), hits, sensitive, from_place, unheard=unheard)


def _meant(wish: Wish, understanding: Understanding) -> Iterator[tuple[str, str]]:
    """(list, key) of every term that was chosen, heard or taken back: an address would name them all."""
    yield from (
        ("needs", wish.need),
        ("services", wish.service),
        ("structure_kinds", wish.kind),
        ("target_groups", wish.target_group),
    )
    yield from (("needs", key) for key in understanding.hinted)
    for one in (*understanding.services, *understanding.structure_kinds, *understanding.target_groups):
        yield one.target.vocabulary, one.target.key
    lists = ("needs", "services", "structure_kinds", "target_groups")
    yield from ((name, key) for name in lists for key in wish.without)


def points(wish: Wish, words: store.Words, at: datetime, limit: int = MOST_POINTS) -> list[SearchDocument]:
    """Everything that ``wish`` finds and that has a place, for a map; second doors are left out."""
    understanding = Understanding()
    if wish.text:
        understanding = understand(wish.text, words.lexicon, words.places, region=wish.region.code)
    understanding = _corrected(understanding, wish.without)
    parts = _parts(_fit(wish, understanding, words))
    placed = _filtered(wish, at).filter(is_confidential=False, point__isnull=False)
    return list(placed.filter(reduce(or_, parts.first)).defer("words", "name_sound").order_by("pk")[:limit])


def _corrected(understanding: Understanding, without: frozenset[str]) -> Understanding:
    """What was understood, less what the person says was not meant."""
    if not without:
        return understanding

    def kept(heard: tuple[Heard, ...]) -> tuple[Heard, ...]:
        return tuple(one for one in heard if one.target.key not in without)

    return replace(
        understanding,
        needs=kept(understanding.needs),
        services=kept(understanding.services),
        structure_kinds=kept(understanding.structure_kinds),
        target_groups=kept(understanding.target_groups),
        place=None if "place" in without else understanding.place,
        open_now=understanding.open_now and "now" not in without,
    )


def nearest_centres(wish: Wish, at: datetime, limit: int = 3) -> Sequence[Hit]:
    """Community Centres for whoever found no other door: of the place that was chosen, then the nearest."""
    fallback = Wish(region=wish.region, kind="community_centre", near=wish.near)
    documents = _ordered(_filtered(fallback, at), fallback, _Fit(), at.date())
    here = _in_place(wish)
    chosen = _read(documents.filter(here), 0, limit) if wish.municipality or wish.regional_unit else []
    others = documents.exclude(pk__in=[row.pk for row in chosen])
    return [_hit(row) for row in (*chosen, *_read(others, 0, limit - len(chosen)))]


def _fit(wish: Wish, understanding: Understanding, words: store.Words) -> _Fit:
    needs = _needs(wish, understanding, words)
    services = (wish.service,) if wish.service else tuple(one.target.key for one in understanding.services)
    kinds = () if wish.kind else tuple(one.target.key for one in understanding.structure_kinds)
    scores = {one.target.key: one.score for one in understanding.needs}
    weights: dict[str, float] = dict.fromkeys(kinds, 2.0)
    for need in needs:
        for kind, weight in words.kinds_of_need.get(need, ()):
            weights[kind] = max(weights.get(kind, 0.0), weight * scores.get(need, 1.0))
    rest = tuple(dict.fromkeys(token.heard or greek.stem(token.word) for token in understanding.rest))
    return _Fit(
        needs=needs,
        services=services,
        kinds=kinds,
        rest=rest[:6],
        is_careful=any(words.is_sensitive(*term) for term in _meant(wish, understanding)),
        rest_words=tuple(dict.fromkeys(token.word for token in understanding.rest)),
        sounds=greek.sound(" ".join(token.word for token in understanding.rest))[:100],
        surest=_surest(understanding) if wish.near and not wish.need else (),
        kind_order=tuple(sorted(weights, key=lambda kind: (-weights[kind], kind))),
    )


def _surest(understanding: Understanding) -> tuple[str, ...]:
    return tuple(one.target.key for one in understanding.needs if one.score >= SURE)


def _needs(wish: Wish, understanding: Understanding, words: store.Words) -> tuple[str, ...]:
    """The needs asked for; of somebody who only said who they are, the needs of their group."""
    if wish.need:
        return (wish.need,)
    if understanding.needs or not understanding.is_empty:
        return tuple(one.target.key for one in understanding.needs)
    groups = [one.target.key for one in understanding.target_groups]
    return tuple(dict.fromkeys(need for group in groups for need in words.needs_of_group.get(group, ())))


# --- filters ------------------------------------------------------------------------------------------


def _filtered(wish: Wish, at: datetime) -> QuerySet[SearchDocument]:
    documents = SearchDocument.objects.filter(region=wish.region)
    if wish.kind:
        documents = documents.filter(kind=wish.kind)
    if wish.service:
        documents = documents.filter(services__contains=[wish.service])
    if wish.target_group:
        documents = documents.filter(target_groups__contains=[wish.target_group])
    if wish.language:
        documents = documents.filter(languages__contains=[wish.language])
    if wish.municipality or wish.regional_unit:
        documents = documents.filter(_in_place(wish))
    if wish.open_now:
        documents = documents.filter(structure__in=opening.filter_open(Structure.objects.all(), at))
    return documents


def _in_place(wish: Wish) -> Q:
    """Stands there or says it serves there. A confidential one is of the region, wherever one asks."""
    place = Q(is_confidential=True)
    if wish.municipality:
        place |= Q(municipality=wish.municipality) | Q(served__contains=[wish.municipality])
    if wish.regional_unit:
        place |= Q(regional_unit=wish.regional_unit) | Q(served__contains=[wish.regional_unit])
    return place


# --- the parts of the list ----------------------------------------------------------------------------


def _parts(fit: _Fit) -> _Parts:
    wanted = _wanted(fit)
    if wanted is None and not fit.rest:
        return _Parts(first=[Q(is_confidential=False), Q(is_confidential=True)])
    parts = _Parts()
    if fit.rest:
        stems = " & ".join(f"'{stem}':A" for stem in fit.rest)  # A: words of the name
        named = Q(words=SearchQuery(stems, config="simple", search_type="raw"))
        parts.first.append(named & wanted if wanted else named)
    if wanted is None:
        parts.first.append(Q(name_sound__trigram_word_similar=fit.sounds))
        return _apart(parts)
    hidden = wanted & Q(is_confidential=True)
    surest = _surest_part(fit)
    answering = (surest or wanted) & Q(is_confidential=False)
    parts.first += [hidden, answering] if fit.is_careful else [answering, hidden]
    if surest:
        parts.second.append(wanted)
    if fit.needs:
        parts.second.append(Q(related__overlap=list(fit.needs)))
    return _apart(parts)


def _surest_part(fit: _Fit) -> Q | None:
    """What was asked for by its own name, or least in doubt: before all else that fits."""
    if fit.kinds:
        return Q(kind__in=fit.kinds)
    if fit.surest and fit.surest != fit.needs:
        return Q(answers__overlap=list(fit.surest))
    return None


def _wanted(fit: _Fit) -> Q | None:
    wanted = Q()
    if fit.needs:
        wanted |= Q(answers__overlap=list(fit.needs))
    if fit.services:
        wanted |= Q(services__overlap=list(fit.services))
    if fit.kinds:
        wanted |= Q(kind__in=fit.kinds)
    return wanted or None


def _apart(parts: _Parts) -> _Parts:
    """Each part without those before it, so that nothing stands twice."""
    before = Q()
    apart = _Parts()
    for name in ("first", "second"):
        for part in getattr(parts, name):
            getattr(apart, name).append(part & ~before if before else part)
            before |= part
    return apart


# --- counts -------------------------------------------------------------------------------------------

_kept_counts: OrderedDict[object, list[int]] = OrderedDict()


def _counts(
    documents: QuerySet[SearchDocument], parts: _Parts, asked: tuple[Wish, _Fit], version: store.Version
) -> list[int]:
    """How many structures each part holds.

    They do not depend on where the person is: kept until a document changes, unless they hang on words
    that somebody typed (not kept anywhere) or on the clock.
    """
    wish, fit = asked
    if fit.rest or wish.open_now:
        return _count(documents, parts)
    key = (version, replace(wish, text="", near=None, page=1, region=wish.region), fit)
    counts = _kept_counts.get(key)
    if counts is None:
        counts = _kept_counts[key] = _count(documents, parts)
        while len(_kept_counts) > MOST_COUNTS:
            _kept_counts.popitem(last=False)
    return counts


def _count(documents: QuerySet[SearchDocument], parts: _Parts) -> list[int]:
    every = [*parts.first, *parts.second]
    any_part = reduce(or_, every)
    counted = documents.filter(any_part).aggregate(
        **{f"part_{number}": Count("pk", filter=part) for number, part in enumerate(every)}
    )
    return [counted[f"part_{number}"] for number in range(len(every))]


# --- the page -----------------------------------------------------------------------------------------


def _away(point: Point) -> RawSQL:
    """Metres from a document to ``point`` on the spheroid, by the operator that the index serves."""
    sql = "directory_searchdocument.point <-> ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography"
    return RawSQL(sql, (point.x, point.y), output_field=FloatField())  # noqa: S611 - nothing but two parameters


def _page(
    documents: QuerySet[SearchDocument], parts: _Parts, counts: list[int], asked: tuple[Wish, _Fit, date]
) -> list[Hit]:
    wish, _, today = asked
    every = [*parts.first, *parts.second]
    start = (wish.page - 1) * PAGE_SIZE
    runs = list(_runs(counts, len(parts.first), start, start + PAGE_SIZE))
    numbers = {number for number, _, _ in runs}  # a part that stands in two places is read once
    rows = {number: _rows(documents.filter(every[number]), runs, number, asked) for number in numbers}
    hits: list[Hit] = []
    for number, first, last in runs:
        begins, found = rows[number]
        run = [_hit(row) for row in found[first - begins : last - begins]]
        hits += _freshest_first(run, today)
    return hits


def _rows(
    documents: QuerySet[SearchDocument],
    runs: list[tuple[int, int, int]],
    number: int,
    asked: tuple[Wish, _Fit, date],
) -> tuple[int, list[Entry]]:
    """The rows of part ``number`` that a page needs, asked for once, and the place of their first."""
    begins = min(first for part, first, _ in runs if part == number)
    ends = max(last for part, _, last in runs if part == number)
    return begins, _read(_ordered(documents, *asked), begins, ends)


def _read(documents: QuerySet[SearchDocument], begins: int, ends: int) -> list[Entry]:
    return [Entry(*row) for row in documents.values_list(*Entry._fields)[begins:ends]]


def _runs(counts: list[int], firsts: int, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Which rows of which part stand at ``start`` to ``stop`` of the whole list: (part, first, last)."""
    first_total = sum(counts[:firsts])
    early, second = min(FIRST_DOORS, first_total), min(SECOND_DOORS, sum(counts[firsts:]))
    firsts_range, seconds_range = range(firsts), range(firsts, len(counts))
    place = 0
    for numbers, begin, end in (
        (firsts_range, 0, early),
        (seconds_range, 0, second),
        (firsts_range, early, first_total),
        (seconds_range, second, sum(counts[firsts:])),
    ):
        low, high = begin + max(0, start - place), begin + min(end - begin, stop - place)
        place += end - begin
        yield from _rows_of(numbers, counts, low, high)


def _rows_of(numbers: range, counts: list[int], low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """The rows ``low`` to ``high`` of some parts laid end to end."""
    place = 0
    for number in numbers:
        first, last = max(0, low - place), min(counts[number], high - place)
        if first < last:
            yield number, first, last
        place += counts[number]


def _ordered(
    documents: QuerySet[SearchDocument], wish: Wish, fit: _Fit, today: date
) -> QuerySet[SearchDocument]:
    if wish.near is not None:
        # No second key: only so the index itself brings the nearest, and the rest is never read.
        return documents.annotate(away=_away(wish.near)).order_by("away")
    # Without a place, kinds take turns, the most fitting first: five of one kind in five towns help nobody.
    stale = Case(When(assured_date__gte=today - STALE_AFTER, then=0), default=1)
    turn = Window(
        RowNumber(), partition_by=F("kind"), order_by=[stale.asc(), F("name_el").asc(), F("pk").asc()]
    )
    kinds = [When(kind=kind, then=place) for place, kind in enumerate(fit.kind_order)]
    most_fitting = [Case(*kinds, default=len(kinds), output_field=IntegerField())] if kinds else []
    ordered = documents.annotate(away=Value(None, output_field=FloatField()), turn=turn)
    return ordered.order_by("turn", *most_fitting, "name_el", "pk")


def _hit(row: Entry) -> Hit:
    return Hit(row, None if row.is_confidential else row.away)


def _freshest_first(hits: list[Hit], today: date) -> list[Hit]:
    """Entries not confirmed for long give way to others about as near; none is hidden."""

    def cost(hit: Hit) -> float:
        assured = hit.document.assured_date
        stale = assured is None or assured < today - STALE_AFTER
        return (hit.distance_m or 0.0) + (STALE_COSTS_M if stale else 0.0)

    if any(hit.distance_m is None for hit in hits):
        return hits
    return sorted(hits, key=cost)
