"""From what a person writes to the doors that may help.

``tokens``         words as keys that forgive spelling, script and endings
``lexicon``        the phrases and place names in force, indexed by those keys
``understanding``  a text → needs, services, kinds, a place, "now", and what is left
``documents``      one row a structure, made for searching, kept by the database itself
``retrieval``      what was understood and the filters → an ordered list, exactly counted
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from entaxis.directory.search import retrieval, store
from entaxis.directory.search.retrieval import Found, Hit, Wish, nearest_centres
from entaxis.directory.search.understanding import Understanding, understand
from entaxis.geography.models import Area

__all__ = ["Found", "Hit", "Understanding", "Wish", "nearest_centres", "search", "search_text", "words"]


def search(wish: Wish, *, at: datetime, known: store.Words | None = None) -> Found:
    """Return the page of structures that ``wish`` asks for, at the moment ``at``.

    ``known``: the words in force, where the caller has asked for them already.
    """
    known = known or words()
    understanding = Understanding()
    if wish.text:
        understanding = understand(wish.text, known.lexicon, known.places, region=wish.region.code)
    return retrieval.search(wish, understanding, known, at)


def search_text(text: str, *, region: Area, at: datetime, **filters: Any) -> Found:
    """``search`` for a text in a region, with any filters of ``Wish``."""
    return search(Wish(region=region, text=text, **filters), at=at)


def words() -> store.Words:
    """The words in force: labels, phrases, place names."""
    versions = store.versions()
    kept = store.words(versions.get("words", store.NOTHING))
    return replace(kept, documents=versions.get("documents", store.NOTHING))
