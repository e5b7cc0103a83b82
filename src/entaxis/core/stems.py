"""Searching rows by the stems of their words: accents, endings and Greeklish are forgiven."""

from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Func, Value

MOST_WORDS: Final = 12  # of a question; what follows them is not looked for


class Stems(Func):
    """The stems of several text columns as one vector; an index of this expression serves `stem_query`."""

    template = "to_tsvector('simple', entaxis_stem(%(expressions)s))"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


def stem_query(words: str) -> SearchQuery:
    """`words` as a query for a vector of stems: every word must stand in the row."""
    few = " ".join(words.replace("\x00", "").split()[:MOST_WORDS])
    return SearchQuery(
        Func(Value(few), function="entaxis_stem", output_field=models.TextField()), config="simple"
    )
