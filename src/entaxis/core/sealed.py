"""Entering a sealed schema: a second database role, for the rest of one transaction and no longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

from django.db import connection, transaction

Role = Literal["entaxis_confidential", "entaxis_sources", "entaxis_statistics"]
CONFIDENTIAL: Final[Role] = "entaxis_confidential"
SOURCES: Final[Role] = "entaxis_sources"
STATISTICS: Final[Role] = "entaxis_statistics"


@contextmanager
def role(name: Role) -> Iterator[None]:
    """Work as the database role ``name`` inside a transaction, then as before.

    The web's own role has no right on a sealed schema, so a query that does not pass here is refused
    by the database, whatever the code believes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        before = cursor.fetchone()[0]
        # Text, not psycopg's composed SQL: the keeper of history reads every statement as text.
        cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(name)}")
        yield
        # After an error the roll-back of the block takes the role back with it.
        back = "NONE" if before == "none" else connection.ops.quote_name(before)
        cursor.execute(f"SET LOCAL ROLE {back}")
