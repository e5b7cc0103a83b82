"""How often somebody may: counted in the database, so that every process sees the same.

Windows are fixed: one begins with the full hour and ends with it, however often somebody tries meanwhile.
A count that each attempt prolonged would never end for a village behind one network address.
"""

import time
from datetime import UTC, datetime
from typing import Final

from django.db import connection
from django.utils.crypto import salted_hmac

HOUR_SECONDS: Final = 3600
TABLE: Final = "accounts_cache"  # of the cache "default"; its own clean-up takes rows that have ended
_COUNT = f"""
    INSERT INTO {TABLE} (cache_key, value, expires) VALUES (%s, '1', %s)
    ON CONFLICT (cache_key) DO UPDATE SET value = ({TABLE}.value::integer + 1)::text
    RETURNING value::integer
"""  # noqa: S608 – the name stands above


def is_within(purpose: str, who: str, *, most: int, seconds: int = HOUR_SECONDS) -> bool:
    """Count one act of ``who``; whether it is among the first ``most`` of this window.

    ``who`` (a network address, a mailbox) is kept as a keyed hash alone.
    """
    return _count(purpose, who, seconds) <= most


def _count(purpose: str, who: str, seconds: int) -> int:
    """In one statement: read, add and write would lose some of those who come at once."""
    window = int(time.time()) // seconds
    digest = salted_hmac("core.rates", f"{purpose}:{who}", algorithm="sha256").hexdigest()
    ends = datetime.fromtimestamp((window + 1) * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [f"count-{seconds}-{window}-{digest}", ends])
        counted: int = cursor.fetchone()[0]
    return counted
