"""What nearly every page needs and changes once a month, from the memory of this process."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.core.cache import caches

KEPT_SECONDS: Final = 30
"""So much later at most another process shows what was changed in this one."""

_MISSING: Final = object()
T = TypeVar("T")


def kept(key: str, read: Callable[[], T]) -> T:
    """What ``read`` answered under this key at most `KEPT_SECONDS` ago, as a copy of one's own.

    The key names everything on which the answer depends: region, language, host. What a person may or may
    not see is never kept.
    """
    found: Any = caches["kept"].get(key, _MISSING)
    if found is _MISSING:
        found = read()
        caches["kept"].set(key, found, KEPT_SECONDS)
    answer: T = found
    return answer


def forget() -> None:
    """Who changes such a thing sees it changed at once: everything kept here is read anew."""
    caches["kept"].clear()
