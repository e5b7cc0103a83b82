"""Searching inside 5,000 documents of the library: finding, ranking, and the pages of the ten shown.

The texts are synthetic: words of Greek letters whose frequencies fall as in real text (Zipf), 20 pages of
some 350 words each. The peer is the search that one would write first, in the same run: a pattern
(LIKE) over the stored stems of every page.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict
from tests import template_database
from tests.browser.server import serving

from entaxis.geography.models import Area
from entaxis.portal.library import finding
from entaxis.portal.library.views import A_PAGE, newest_files
from entaxis.portal.models import Study, StudyFile, StudyPage

DOCUMENTS, PAGES, WORDS = 5_000, 20, 350
VOCABULARY = 30_000
SYLLABLES = [
    *("κα", "νο", "στη", "μα", "λι", "πε", "ρο", "θε", "φι", "γω"),
    *("δα", "χρη", "βου", "σου", "ντα", "πρα", "τε", "ξι", "ζω", "ψα"),
]
ASKED, PEER_ASKED = 200, 8


def run() -> Iterator[dict[str, Any]]:
    """Fill a database, ask with one to three words, then ask the peer."""
    template_database.prepare()
    with serving("bench") as server:
        chance = random.Random(5)
        connection.close()
        connection.settings_dict["NAME"] = conninfo_to_dict(server.environment["DATABASE_URL"])["dbname"]
        words = _words(chance)
        _fill(chance, words)
        # common, middling and rare words alike: the commonest 20 stand for articles, which nobody asks for
        ranks = [int(20 * 1000 ** chance.random()) for _ in range(1000)]
        questions = [
            " ".join(words[rank] for rank in chance.sample(ranks, n % 3 + 1)) for n in range(ASKED)
        ]
        taken, found = _times(_ask, questions)
        peer, _ = _times(_scan, questions[:PEER_ASKED])
        connection.close()
    p95, scan = statistics.quantiles(taken, n=20)[18], statistics.median(peer)
    yield {
        "name": "library.search_inside",
        "value": round(p95, 1),
        "unit": "ms (p95)",
        "median": round(statistics.median(taken), 1),
        "documents": DOCUMENTS,
        "pages": DOCUMENTS * PAGES,
        "found_median": statistics.median(found),
        "found_most": max(found),
        "peer": "a pattern over the words of every page",
        "peer_value": round(scan, 1),
        "ratio": round(p95 / scan, 3),
        "goal": 200,
    }


def _words(chance: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(chance.choices(SYLLABLES, k=chance.randint(3, 5))) + "ν"] = None
    return list(found)


def _fill(chance: random.Random, words: list[str]) -> None:
    region = Area.objects.regions().get(code="EL61")
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(words))))
    known: dict[str, str] = {}
    for number in range(DOCUMENTS):
        study = Study(
            region=region,
            kind=Study.Kind.STUDY,
            title_el=" ".join(chance.choices(words, cum_weights=weights, k=8)),
            year=chance.randint(2000, 2026),
            licence=Study.Licence.CC_BY,
            status=Study.Status.PUBLISHED,
            published_at=timezone.now(),
            is_synthetic=True,
        )
        with transaction.atomic():
            study.save()
            file = StudyFile.objects.create(
                study=study,
                number=1,
                name="x.pdf",
                size_bytes=1,
                sha256=f"{number:064x}",
                page_count=PAGES,
                has_text=True,
                state=StudyFile.State.READ,
            )
            texts = [" ".join(chance.choices(words, cum_weights=weights, k=WORDS)) for _ in range(PAGES)]
            StudyPage.objects.bulk_create(
                StudyPage(
                    file=file, number=n, text=text, stems=f" {' '.join(finding.stems_of(text, known))} "
                )
                for n, text in enumerate(texts, start=1)
            )
            finding.remember_words(study)
    with connection.cursor() as cursor:
        for table in ("portal_study", "portal_studytext", "portal_studypage", "portal_studyfile"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _times(ask: Callable[[str], int], questions: list[str]) -> tuple[list[float], list[int]]:
    taken, found = [], []
    for question in questions:
        began = time.perf_counter()
        found.append(ask(question))
        taken.append(1000 * (time.perf_counter() - began))
    if not any(found):
        raise AssertionError("the benchmark found nothing")
    return taken, found


def _ask(question: str) -> int:
    """What a page of results does: count, ten documents, their pages with the words marked."""
    asked = finding.Asked(words=question)
    page = finding.page_of(Study.objects.published(), asked, number=1, size=A_PAGE)
    files = newest_files([study.pk for study in page])
    excerpts = finding.excerpts(files.values(), asked.stems)
    if page.paginator.count and not excerpts:
        raise AssertionError("a document was found without a page")
    return page.paginator.count


def _scan(question: str) -> int:
    """Documents that have a page for each word, by pattern."""
    found: set[Any] | None = None
    for stem in finding.asked_stems(question):
        pages = StudyPage.objects.filter(stems__contains=f" {stem} ")
        here = set(pages.values_list("file", flat=True))
        found = here if found is None else found & here
    return len(found or ())
