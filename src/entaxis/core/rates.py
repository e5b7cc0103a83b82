"""How often somebody may: counted in the cache, who it was is never written down."""

from django.core.cache import cache
from django.utils.crypto import salted_hmac


def is_within(purpose: str, who: str, *, most: int, seconds: int = 3600) -> bool:
    """Count one act of ``who``; whether it is among the first ``most`` of this while.

    ``who`` (a network address, a mailbox) is kept as a keyed hash alone.
    """
    key = f"{purpose}-{salted_hmac(purpose, who).hexdigest()}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # its while ended between the two lines
        return True
