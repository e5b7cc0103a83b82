"""How fresh the directory is: a public figure, and the work that it leaves.

An entry is confirmed when somebody who knows says that all of it is right. A door whose entry is old may
still be open, so it is never hidden: it is ranked lower, called old on its page, and counted here.
Confidential structures count for the region alone, and only where they are many (see `counts`).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.directory.counts import LEAST_TOLD
from entaxis.directory.models import Structure
from entaxis.geography.models import Area, Level

FRESH_DAYS: Final = 183  # since it was confirmed; older ones are said to be old
STALE_DAYS: Final = 365  # older ones are ranked lower


class Age(TextChoices):
    """How long ago an entry was confirmed."""

    FRESH = "fresh", _("confirmed within six months")
    AGEING = "ageing", _("six months to a year ago")
    STALE = "stale", _("more than a year ago")
    NEVER = "never", _("never confirmed")


def age_of(assured: date | None, today: date) -> Age:
    """The age of an entry that was last confirmed on ``assured``."""
    if assured is None:
        return Age.NEVER
    days = (today - assured).days
    if days <= FRESH_DAYS:
        return Age.FRESH
    return Age.AGEING if days <= STALE_DAYS else Age.STALE


@dataclass(frozen=True)
class Freshness:
    """The entries of one municipality, body or region, by age."""

    name: str
    code: str  # of the area; empty for a body
    work: str = ""  # what narrows the office's list to its entries
    numbers: Counter[Age] = field(default_factory=Counter)

    @property
    def entries(self) -> int:
        """All of them."""
        return self.numbers.total()

    @property
    def fresh(self) -> int:
        """How many were confirmed lately."""
        return self.numbers[Age.FRESH]

    @property
    def fresh_percent(self) -> float | None:
        """0–100; None where nothing is registered. A count of all, so without an interval."""
        return 100 * self.fresh / self.entries if self.entries else None

    @property
    def parts(self) -> list[tuple[Age, int]]:
        """How many entries of each age."""
        return [(age, self.numbers[age]) for age in Age]


@dataclass(frozen=True)
class Report:
    """The freshness of a region, its municipalities and its bodies."""

    region: Freshness
    municipalities: list[Freshness]
    bodies: list[Freshness]


def freshness(region: Area, today: date) -> Report:
    """Read it: three queries, however large the region is."""
    inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY).order_by("name_el")
    towns = {area.pk: Freshness(area.name, area.code, f"municipality={area.code}") for area in inside}
    bodies: dict[UUID, Freshness] = {}
    names = {body.pk: body.name for body in Body.objects.filter(region=region)}
    whole = Freshness(region.name, region.code)
    hidden: Counter[Age] = Counter()
    for row in _entries(region, today):
        if row.is_confidential:
            hidden[row.age] += row.number
            continue
        whole.numbers[row.age] += row.number
        if row.municipality in towns:
            towns[row.municipality].numbers[row.age] += row.number
        bodies.setdefault(row.body, Freshness(names[row.body], "", f"body={row.body}")).numbers[
            row.age
        ] += row.number
    whole.numbers.update(hidden if hidden.total() >= LEAST_TOLD else {})
    return Report(whole, list(towns.values()), sorted(bodies.values(), key=_work_first))


@dataclass(frozen=True)
class _Entries:
    municipality: int | None
    body: UUID
    is_confidential: bool
    age: Age
    number: int


def _entries(region: Area, today: date) -> Iterator[_Entries]:
    rows = (
        Structure.objects.of(region)
        .published()
        .order_by()
        .values_list("municipality", "body", "is_confidential", "assured_date")
        .annotate(number=CountOf("pk"))
    )
    for municipality, body, is_confidential, assured, number in rows:
        yield _Entries(municipality, body, is_confidential, age_of(assured, today), number)


def _work_first(row: Freshness) -> tuple[float, str]:
    return row.fresh_percent or 0.0, row.name
