"""The functions of the database say what those of Python say."""

from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entaxis.core import greek

pytestmark = pytest.mark.django_db

# The database's text knows no null byte; surrogates are no characters.
ANY = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn"]), max_size=40)
TYPED = st.text("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊΐabcdefghijklmnopqrstuvwxyz0123456789 '", max_size=40)
FUNCTIONS = [(name, getattr(greek, name)) for name in ("fold", "sound", "stem")]


def answers(name: str, texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT entaxis_{name}(t) FROM unnest(%s::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n",
            [texts],
        )
        return [row[0] for row in cursor.fetchall()]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(ANY, TYPED), min_size=1, max_size=60))
def test_sql_and_python_agree_on_any_text(texts: list[str]) -> None:
    for name, function in FUNCTIONS:
        assert answers(name, texts) == [function(text) for text in texts]


def test_sql_and_python_agree_on_the_words_of_the_project() -> None:
    folder = Path(greek.__file__).parents[1] / "vocabularies/data"
    lines = [line for path in folder.rglob("*.*") for line in path.read_text("utf-8").splitlines()]
    assert len(lines) > 500
    for name, function in FUNCTIONS:
        assert answers(name, lines) == [function(line) for line in lines]
