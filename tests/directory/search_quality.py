"""How well searches end: the labelled queries, asked of the structures of a region.

The labels were written by somebody who did not see the synonyms, and the synonyms are not written
from the labels: this prints shares, never the queries that fail.
"""

import csv
import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from entaxis.directory.schedule import ATHENS
from entaxis.directory.search import search_text
from entaxis.geography.models import Area

LABELS = Path(__file__).parents[1] / "reference/search_queries.csv"
FIRST = 5
MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=ATHENS)  # a Monday


def measure(region: Area) -> dict[tuple[str, str], list[bool]]:
    """By language and style: for each query, whether the first five hold an expected kind."""
    outcome: dict[tuple[str, str], list[bool]] = defaultdict(list)
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            expected = set(re.split(r"[|;,\s]+", row["expected_kinds"].strip()))
            found = search_text(row["query"], region=region, at=MORNING)
            kinds = {hit.document.kind for hit in found.hits[:FIRST]}
            outcome[row["language"], row["style"]].append(bool(kinds & expected))
    return outcome


def report(outcome: dict[tuple[str, str], list[bool]]) -> str:
    """A table of shares: language, style, queries, share that ended well."""
    rows = [*sorted(outcome.items())]
    rows += [((language, "all"), hits) for language, hits in by_language(outcome).items()]
    return "\n".join(
        f"{language:4} {style:12} {len(hits):4} {percent(hits):5.1f} %" for (language, style), hits in rows
    )


def by_language(outcome: dict[tuple[str, str], list[bool]]) -> dict[str, list[bool]]:
    """The same, styles taken together."""
    languages: dict[str, list[bool]] = defaultdict(list)
    for (language, _), hits in outcome.items():
        languages[language] += hits
    return dict(sorted(languages.items()))


def percent(hits: list[bool]) -> float:
    """The share that ended well."""
    return 100 * sum(hits) / len(hits)
