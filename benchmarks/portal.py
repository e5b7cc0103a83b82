"""The portal with 10,000 pieces of news: lists and articles alone, then 200 visitors who read and think.

Visitors walk home, lists (deep pages, narrowed ones), articles and the search, 5 to 10 seconds apart. The
peer is a static file of the same server in the same minutes. The news are synthetic, in a database of
its own that is thrown away.
"""

import random
import statistics
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError

from django.db import connection, transaction
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict
from tests import template_database
from tests.browser.server import Server, serving

from entaxis.accounts.models import Body
from entaxis.core.review import State
from entaxis.geography.models import Area
from entaxis.portal.models import NewsItem
from entaxis.strategy.publications.models import Publisher

ARTICLES, BATCH = 10_000, 2_000
ALONE = 60
VISITORS, SECONDS = 200, 60.0
THINKING_S = (5.0, 10.0)
STATIC = "/static/core/build/site.js"
WORDS = [
    *("διανομή", "τροφίμων", "στήριξη", "οικογένεια", "μαθήματα"),
    *("παιδί", "εργασία", "σύμβουλος", "φάρμακο", "κατοικία"),
    *("ημερίδα", "εθελοντής", "πρόγραμμα", "δήμος", "συνάντηση"),
    *("άνεργος", "κέντρο", "κοινότητα", "δομή", "ένταξη"),
]


def run() -> Iterator[dict[str, Any]]:
    """Fill a database, read alone, then let the visitors in."""
    template_database.prepare()
    with serving("bench", processes=2) as server:
        chance = random.Random(7)
        connection.close()
        connection.settings_dict["NAME"] = conninfo_to_dict(server.environment["DATABASE_URL"])["dbname"]
        region = Area.objects.regions().get(code="EL61")
        slugs = _fill(chance, region)
        towns = list(Area.objects.municipalities().of(region).values_list("code", flat=True))
        connection.close()
        yield from _alone(server, chance, slugs)
        yield _visitors(server, slugs, towns)


def _fill(chance: random.Random, region: Area) -> list[str]:
    """News of five years, each with four paragraphs and up to three municipalities; their addresses."""
    towns = list(Area.objects.municipalities().of(region))
    body = Body.objects.create(region=region, name_el="Φορέας", kind=Body.Kind.NGO)
    rows = [_news(chance, region, body, number) for number in range(ARTICLES)]
    through = NewsItem.municipalities.through
    places = [
        through(newsitem_id=row.pk, area_id=town.pk)
        for row in rows
        for town in chance.sample(towns, chance.randint(0, 3))
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        # the tables' owner may leave out history: what is measured is reading
        cursor.execute("ALTER TABLE portal_newsitem DISABLE TRIGGER USER")
        NewsItem.objects.bulk_create(rows, batch_size=BATCH)
        through.objects.bulk_create(places, batch_size=BATCH)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE portal_newsitem ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE portal_newsitem, portal_newsitem_municipalities")
    return [row.slug for row in rows]


def _news(chance: random.Random, region: Area, body: Body, number: int) -> NewsItem:
    def sentence(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words)).capitalize()

    is_event = number % 5 == 0
    moment = timezone.now() - timedelta(days=5 * 365 * chance.random())
    return NewsItem(
        region=region,
        body=body,
        publisher=Publisher.BODY,
        kind=NewsItem.Kind.EVENT if is_event else NewsItem.Kind.ANNOUNCEMENT,
        event_start=moment if is_event else None,
        slug=f"news-{number}",
        title_el=sentence(6),
        summary_el=sentence(20),
        text_el="\n\n".join(sentence(80) for _ in range(4)),
        needs=chance.sample(["food", "health", "work"], 1),
        state=State.PUBLISHED,
        publish_at=moment,
        announced_at=moment,
        is_synthetic=True,
    )


def _alone(server: Server, chance: random.Random, slugs: list[str]) -> Iterator[dict[str, Any]]:
    """One reader: the list, its 400th page, a narrowed one, an article, the search."""
    static = statistics.median(_taken(server, [STATIC] * ALONE))
    for name, paths, goal in (
        ("list", ["/el/news/"] * ALONE, 150),
        ("list.deep", [f"/el/news/?page={chance.randint(300, 800)}" for _ in range(ALONE)], 150),
        ("list.of_a_theme", ["/el/news/?theme=food&year=2024"] * ALONE, 150),
        ("article", [f"/el/news/{chance.choice(slugs)}/" for _ in range(ALONE)], None),
        ("search", [_search(chance) for _ in range(ALONE)], None),
    ):
        taken = _taken(server, paths)
        p95 = statistics.quantiles(taken, n=20)[18]
        yield {
            "name": f"portal.{name}.alone",
            "value": round(p95, 1),
            "unit": "ms (p95)",
            "median": round(statistics.median(taken), 1),
            "articles": ARTICLES,
            "peer": "a static file (median)",
            "peer_value": round(static, 2),
            "ratio": round(statistics.median(taken) / static, 1),
        } | ({"goal": goal} if goal else {})


def _taken(server: Server, paths: list[str]) -> list[float]:
    """Milliseconds of each of these requests, one after the other; three go before and are not counted."""
    for path in paths[:3]:
        _read(server, path)
    return [_read(server, path) for path in paths]


def _read(server: Server, path: str) -> float:
    began = time.perf_counter()
    with urllib.request.urlopen(server.url(path, "127.0.0.1")) as answer:
        answer.read()
    return 1000 * (time.perf_counter() - began)


def _search(chance: random.Random) -> str:
    return f"/el/search/?{urllib.parse.urlencode({'q': ' '.join(chance.sample(WORDS, 2))})}"


def _visitors(server: Server, slugs: list[str], towns: list[str]) -> dict[str, Any]:
    """All at once, each with thoughts of their own; every answer that is no page counts as an error."""
    walks: tuple[Callable[[random.Random], str], ...] = (
        lambda _chance: "/el/",
        lambda _chance: "/el/news/",
        lambda chance: f"/el/news/?page={chance.randint(2, 400)}",
        lambda chance: f"/el/news/?municipality={chance.choice(towns)}",
        lambda chance: f"/el/news/{chance.choice(slugs)}/",
        lambda chance: f"/el/news/{chance.choice(slugs)}/",
        _search,
    )
    taken: list[float] = []
    static: list[float] = []
    errors: list[str] = []
    until = time.perf_counter() + SECONDS

    def visit(number: int) -> None:
        chance = random.Random(number)
        time.sleep(chance.uniform(0, THINKING_S[1]))  # nobody arrives with everybody
        while time.perf_counter() < until:
            path = STATIC if number % 20 == 0 and chance.random() < 0.5 else chance.choice(walks)(chance)
            try:
                (static if path == STATIC else taken).append(_read(server, path))
            except (HTTPError, OSError) as error:
                errors.append(f"{path}: {error}")
            time.sleep(chance.uniform(*THINKING_S))

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p95, beside = statistics.quantiles(taken, n=20)[18], statistics.median(static)
    return {
        "name": "portal.visitors",
        "value": round(p95, 1),
        "unit": "ms (p95)",
        "median": round(statistics.median(taken), 1),
        "visitors": VISITORS,
        "requests": len(taken),
        "errors": len(errors),
        "first_error": errors[0] if errors else "",
        "peer": "a static file among them (median)",
        "peer_value": round(beside, 1),
        "ratio": round(statistics.median(taken) / beside, 1),
        "goal": 500,
    }
