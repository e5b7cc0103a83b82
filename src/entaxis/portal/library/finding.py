"""Finding documents by the words inside them, with the places where they stand.

Greek is forgiven as everywhere (`core.greek`). A document is found when every word of the question stands
somewhere in it: one index over one row a document, however many pages it has. Only for the documents that
a page of results shows are the pages looked up. Results whose title, authors or summary hold the words
stand first, then the newest.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Page, Paginator
from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from entaxis.core import greek
from entaxis.portal.models import Study, StudyFile, StudyPage

MOST_WORDS: Final = 12  # of a question
PAGES_A_STUDY: Final = 3
WORDS_AROUND: Final = 14
LONGEST_STEM: Final = 60
MOST_BYTES: Final = 900_000  # PostgreSQL's vectors end at a megabyte
NO_STEM: Final = "_"
REMEMBER: Final = """
    INSERT INTO portal_studytext (study_id, head, words)
    VALUES (
        %s,
        setweight(to_tsvector('simple', %s), %s)
        || setweight(to_tsvector('simple', %s), %s)
        || setweight(to_tsvector('simple', %s), %s),
        array_to_tsvector(%s::text[])
    )
    ON CONFLICT (study_id) DO UPDATE SET head = EXCLUDED.head, words = EXCLUDED.words
"""
# as `core.greek` parts words, in text whose capitals still stand
_PARTS: Final = greek.NOT_WORD.replace("\\u003a-\\u0060", "\\u003a-\\u0040\\u005b-\\u0060")
_TOKEN = re.compile(f"[^\x00{_PARTS}]+")


@dataclass(frozen=True)
class Excerpt:
    """A place in a document: parts of text, each with whether it was asked for."""

    page: int
    parts: list[tuple[str, bool]]


@dataclass
class Asked:
    """What a reader wants of the library; empty values ask nothing."""

    words: str = ""
    kind: str = ""
    year: int | None = None
    theme: str = ""
    group: str = ""
    author: str = ""
    place: str = ""  # code of a municipality
    stems: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.stems = asked_stems(self.words)


def stems_of(text: str, known: dict[str, str]) -> list[str]:
    """One stem a word of ``text``; ``known`` remembers the words of a whole document."""
    found = []
    for word in _TOKEN.findall(text):
        if word not in known:
            known[word] = greek.stem(word[: LONGEST_STEM * 2]).replace(" ", "")[:LONGEST_STEM] or NO_STEM
        found.append(known[word])
    return found


def asked_stems(words: str) -> list[str]:
    """The stems of a question, words that carry nothing left out unless there are no others."""
    said = _TOKEN.findall(words)
    telling = [word for word in said if greek.fold(word) not in greek.STOP_WORDS] or said
    found = stems_of(" ".join(telling), {})
    return [stem for stem in dict.fromkeys(found) if stem != NO_STEM][:MOST_WORDS]


def studies(published: QuerySet[Study], asked: Asked) -> QuerySet[Study]:
    """The documents of ``published`` that answer, best first."""
    found = published
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.year:
        found = found.filter(year=asked.year)
    if asked.theme:
        found = found.filter(themes__contains=[asked.theme])
    if asked.group:
        found = found.filter(target_groups__contains=[asked.group])
    if asked.place:  # a document that names no municipality concerns all of them
        found = found.filter(Q(area_codes__contains=[asked.place]) | Q(area_codes=[]))
    if author := greek.fold(asked.author):
        found = found.filter(authors_fold__contains=author)
    if not asked.words:
        return found.order_by("-year", "-published_at", "pk")
    if not asked.stems:
        return found.none()
    return (
        found.filter(search_text__words=_query(asked.stems, " & "))
        .annotate(rank=SearchRank(F("search_text__head"), _query(asked.stems, " | ")))
        .order_by("-rank", "-year", "-published_at", "pk")
    )


def page_of(published: QuerySet[Study], asked: Asked, *, number: Any, size: int) -> Page[Study]:
    """One page of the documents that answer, fetched, with how many there are."""
    with _by_index():
        page = Paginator(studies(published, asked), size).get_page(number)
        page.object_list = list(page.object_list)
    return page


@contextmanager
def _by_index() -> Iterator[None]:
    """Look words up in their index, however many documents hold them.

    The planner does not count what it costs to unpack the words of each document, some 30 KB, and would
    read all of them for a common word: 170 ms instead of 2 for 5,000 documents.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")


def _query(stems: Iterable[str], joint: str) -> SearchQuery:
    """Stems are letters and digits: nothing in them is an operator."""
    return SearchQuery(joint.join(f"'{stem}'" for stem in stems), search_type="raw", config="simple")


def excerpts(files: Iterable[StudyFile], stems: list[str]) -> dict[UUID, list[Excerpt]]:
    """For each of these versions, by its id, the pages that hold most of the words, in their order."""
    ids = [file.pk for file in files]
    if not ids or not stems:
        return {}
    held: Any = sum(
        Case(When(stems__contains=f" {stem} ", then=1), default=0, output_field=IntegerField())
        for stem in stems
    )
    best = (
        StudyPage.objects.filter(file__in=ids)
        .annotate(held=held)
        .filter(held__gt=0)
        .annotate(place=Window(RowNumber(), partition_by=F("file"), order_by=[F("held").desc(), "number"]))
        .filter(place__lte=PAGES_A_STUDY)
        .order_by("number")
    )
    found: dict[UUID, list[Excerpt]] = defaultdict(list)
    for page in best:
        found[page.file_id].append(Excerpt(page.number, marked(page.text, page.stems.split(), set(stems))))
    return dict(found)


def marked(text: str, stems: list[str], wanted: set[str]) -> list[tuple[str, bool]]:
    """Some words around the first of the wanted ones, cut into parts that are wanted or not."""
    places = [match.span() for match in _TOKEN.finditer(text)]
    hits = [n for n, stem in enumerate(stems[: len(places)]) if stem in wanted]
    if not hits:
        return []
    first, last = max(hits[0] - WORDS_AROUND, 0), min(hits[0] + 2 * WORDS_AROUND, len(places) - 1)
    edges = [places[first][0], *(edge for n in hits if n <= last for edge in places[n]), places[last][1]]
    parts = [(text[a:b], bool(n % 2)) for n, (a, b) in enumerate(pairwise(edges))]
    before, after = "… " if first else "", " …" if last < len(places) - 1 else ""
    return [(part, is_hit) for part, is_hit in [(before, False), *parts, (after, False)] if part]


def remember_words(study: Study) -> None:
    """Keep what the search reads of ``study``: its own words and those of the version in force."""
    known: dict[str, str] = {}
    weighted = {
        "A": f"{study.title_el} {study.title_en}",
        "B": study.authors,
        "C": f"{study.summary_el} {study.summary_en}",
    }
    heads = [(" ".join(stems_of(text, known)), weight) for weight, text in weighted.items()]
    words = dict.fromkeys(stem for head, _weight in heads for stem in head.split())
    for page in _pages_in_force(study):
        words |= dict.fromkeys(page.split())
    values = [part for head in heads for part in head]
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, [study.pk, *values, list(_bounded(words))])


def _pages_in_force(study: Study) -> Iterator[str]:
    newest = study.files.filter(state=StudyFile.State.READ).order_by("-number").values("pk")[:1]
    pages = StudyPage.objects.filter(file__in=newest).order_by("number")
    return pages.values_list("stems", flat=True).iterator()


def _bounded(words: Iterable[str]) -> Iterator[str]:
    left = MOST_BYTES
    for word in words:
        left -= len(word.encode()) + 2
        if left < 0:
            return
        yield word
