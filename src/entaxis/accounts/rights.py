"""What somebody may do, and why: rooms add their rows, the page "what I may do" shows them.

A room above declares its rights in its app's ``ready()``::

    rights.register(lambda user, region: [rights.Right(what=…, where=…, through=…, until=…)])
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from entaxis.accounts.models import User
from entaxis.geography.models import Area


@dataclass(frozen=True)
class Right:
    """One thing that somebody may do: what, where, through which role or grant, until when (open: None)."""

    what: str
    where: str
    through: str
    until: date | None = None


Provider = Callable[[User, Area], Iterable[Right]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let ``provider`` tell of its room's rights; it is asked once a page, in few queries."""
    if provider not in _providers:
        _providers.append(provider)


def told_by_rooms(user: User, region: Area) -> list[Right]:
    """What the rooms above say of this person in this region."""
    return [right for provider in _providers for right in provider(user, region)]
