"""The functions of ``entaxis.core.greek`` written for PostgreSQL, from the same rules.

Immutable, so that indexes, generated columns and triggers may use them. A change of the
rules needs a migration that runs ``create_functions()`` again and refreshes what was
indexed with the old ones.
"""

from entaxis.core import greek

NAMES = ("entaxis_stem", "entaxis_sound", "entaxis_fold")  # dependents first


def create_functions() -> str:
    """Return the statements that create or replace the three functions."""
    return "\n".join(
        _function(name, expression)
        for name, expression in (
            ("entaxis_fold", _fold()),
            ("entaxis_sound", _sound()),
            ("entaxis_stem", stem_of("entaxis_sound(value)")),
        )
    )


def stem_of(sound: str) -> str:
    """Return the expression of the stem of a word whose sound the expression ``sound`` gives already."""
    return _rewrite(sound, greek.ENDING_RULES)


def drop_functions() -> str:
    """Return the statements that take the functions away."""
    return "\n".join(f"DROP FUNCTION IF EXISTS {name}(text);" for name in NAMES)


def _function(name: str, expression: str) -> str:
    # Schema-qualified names keep it safe and plannable under any search_path.
    return (
        f"CREATE OR REPLACE FUNCTION {name}(value text) RETURNS text\n"
        "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public\n"
        f"AS $function$ SELECT {expression} $function$;"
    )


def _fold() -> str:
    bare = f"regexp_replace(normalize(value, NFKD), '[{greek.MARKS}]', '', 'g')"
    # The collation fixes the rules of lower case, whatever the cluster was created with.
    lower = f"""replace(lower({bare} COLLATE "und-x-icu"), 'ς', 'σ')"""
    return f"btrim(regexp_replace({lower}, '[{greek.SPACES}]+', ' ', 'g'), ' ')"


def _sound() -> str:
    spaced = f"btrim(regexp_replace(entaxis_fold(value), '[{greek.NOT_WORD}]+', ' ', 'g'), ' ')"
    letters = f"translate(replace({spaced}, 'ψ', 'ps'), '{greek.LETTERS_FROM}', '{greek.LETTERS_TO}')"
    return _rewrite(letters, greek.SOUND_RULES)


def _rewrite(expression: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
        expression = f"regexp_replace({expression}, '{pattern}', '{replacement}', 'g')"
    return expression
