"""What a body does, part by part: a few of each on its page, all of them on a page of the part.

A room above declares its part in its app's ``ready()``::

    register(Part("actions", _("Actions"), rows=actions_of, item=lambda row: Item(…)))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.core.media import in_language
from entaxis.directory.models import Structure
from entaxis.directory.network import queries
from entaxis.directory.network.models import NetworkMember
from entaxis.geography.models import Area

FEW: Final = 5


@dataclass(frozen=True)
class Item:
    """One row as a list shows it."""

    title: str
    url: str
    said: str = ""


@dataclass(frozen=True)
class Part:
    """One sort of thing that bodies do; ``rows`` in the order of their list, what readers see alone."""

    key: str
    title: Any  # a lazy text
    rows: Callable[[Body], "QuerySet[Any]"]
    item: Callable[[Any], Item]


@dataclass(frozen=True)
class Shown:
    """A part as one body's page shows it."""

    key: str
    title: str
    items: list[Item]
    are_more: bool


_parts: list[Part] = []


def register(*parts: Part) -> None:
    """Put parts on the pages of bodies, below those that were registered before."""
    _parts.extend(part for part in parts if part not in _parts)


def of(body: Body) -> list[Shown]:
    """The parts of which this body has anything; one query each."""
    found = []
    for part in _parts:
        rows = list(part.rows(body)[: FEW + 1])
        if rows:
            items = [part.item(row) for row in rows[:FEW]]
            found.append(Shown(part.key, str(part.title), items, len(rows) > FEW))
    return found


def part_of(key: str) -> Part | None:
    """The part of this key."""
    return next((part for part in _parts if part.key == key), None)


def day(moment: Any) -> str:
    """A day as lists write it; empty where there is none."""
    here = timezone.localtime(moment) if hasattr(moment, "hour") else moment
    return formats.date_format(here, "DATE_FORMAT") if here else ""


def found_by(region: Area, words: str, few: int = FEW) -> list[Shown]:
    """Practices, networks and requests of the region that hold these words; one query."""
    rows = queries.pieces_holding(region, words, few + 1)
    titles = {"practice": _("Good practices"), "network": _("Networks of bodies")}
    titles["request"] = _("Volunteers wanted")
    shown = []
    for sort, title in titles.items():
        items = [
            Item(
                in_language(row["title_el"], row["title_en"]), reverse(f"network:{sort}", args=[row["pk"]])
            )
            for row in rows
            if row["sort"] == sort
        ]
        if items:
            shown.append(Shown(sort, str(title), items[:few], len(items) > few))
    return shown


# --- the parts of this room -------------------------------------------------------------------------


def _structures(body: Body) -> "QuerySet[Structure]":
    rows = Structure.objects.published().placed().filter(body=body).select_related("kind", "municipality")
    return rows.order_by("kind__order", "name_el", "pk")


def _structure(row: Structure) -> Item:
    said = [row.kind.label, row.municipality.name if row.municipality else ""]
    return Item(row.name, reverse("directory:structure", args=[row.pk]), " · ".join(filter(None, said)))


def _requests(body: Body) -> "QuerySet[Any]":
    """Where volunteers are checked first, nobody reads whose request it is."""
    found: QuerySet[Any] = queries.open_requests(body.region).filter(body=body, needs_vetting=False)
    return found


def _practices(body: Body) -> "QuerySet[Any]":
    found: QuerySet[Any] = queries.practices(body.region).filter(body=body)
    return found


def _networks(body: Body) -> "QuerySet[Any]":
    """Those that it coordinates or belongs to."""
    joined = NetworkMember.objects.filter(body=body, state=NetworkMember.State.MEMBER)
    found: QuerySet[Any] = queries.networks(body.region).filter(
        Q(body=body) | Q(pk__in=joined.values("network"))
    )
    return found


register(
    Part("structures", _("Its structures"), _structures, _structure),
    Part(
        "volunteering",
        _("Volunteers wanted"),
        _requests,
        lambda row: Item(row.title, reverse("network:request", args=[row.pk]), row.times),
    ),
    Part(
        "practices",
        _("Good practices"),
        _practices,
        lambda row: Item(row.title, reverse("network:practice", args=[row.pk]), row.years),
    ),
    Part(
        "networks",
        _("Networks of bodies"),
        _networks,
        lambda row: Item(row.title, reverse("network:network", args=[row.pk]), day(row.published_at)),
    ),
)
