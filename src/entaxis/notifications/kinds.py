"""Kinds of message. The room that speaks declares them; this room knows none but its own.

In ``<room>/kinds.py``, imported by the room's ``AppConfig.ready``::

    REVIEW_ASKED = kinds.register(
        Kind(
            "directory.review_asked",
            label=_("An entry waits for review"),
            reason=_("you review the entries of this region"),
            template="directory/mail/review_asked",
        )
    )

Templates are ``<template>.el.txt`` and ``<template>.en.txt``: the first line is the subject, the rest the
mail's words. They see the message's context and ``title``, ``link`` (whole address), ``region_name``.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Final

from django.utils.functional import Promise

from entaxis.notifications.choices import Pace

Words = str | Promise  # lazily translated words are said in the reader's language
PLAIN: Final = "notifications/mail/plain"
NEUTRAL: Final = "notifications/mail/neutral"


@dataclass(frozen=True)
class Kind:
    """One kind of message; ``key`` is "room.what_happened"."""

    key: str
    _: KW_ONLY
    label: Words  # in the list of preferences
    reason: Words  # why somebody gets it; stands at the foot of the mail
    template: str = PLAIN  # without ".el.txt"; the plain one says title and link
    is_sensitive: bool = False  # neutral subject, nothing but a link
    is_security: bool = False  # at once, always: cannot be turned off
    may_wait: bool = True  # may be joined into a summary
    is_for_accounts: bool = True  # stands among a person's preferences
    pace: Pace = Pace.AT_ONCE  # where a person has not said otherwise

    def pace_for(self, wish: str | None) -> Pace:
        """How often somebody who wished ``wish`` (None: nothing) gets mail of this kind."""
        if self.is_security:
            return Pace.AT_ONCE
        pace = Pace(wish) if wish else self.pace
        return Pace.AT_ONCE if not self.may_wait and pace in {Pace.DAILY, Pace.WEEKLY} else pace


class UnknownKindError(LookupError):
    """Nobody declared this kind."""


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Declare a kind; the same one may be declared again, another under its key may not."""
    if _KINDS.setdefault(kind.key, kind) != kind:
        raise ValueError(f"there is another kind of message called {kind.key}")
    return kind


def get(key: str) -> Kind:
    """The kind of this key.

    Raises:
        UnknownKindError: nobody declared it.
    """
    try:
        return _KINDS[key]
    except KeyError:
        raise UnknownKindError(key) from None


def every() -> list[Kind]:
    """All kinds, by key."""
    return [_KINDS[key] for key in sorted(_KINDS)]
