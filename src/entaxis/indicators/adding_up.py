"""Whether totals of counts are the sums of their published parts, by area and by breakdown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from entaxis.indicators.breaking_down import AGE, TOTAL
from entaxis.indicators.models import Outcome

AREAS: Final = "areas"
COVERING: Final = {
    "sex": {"sex=female", "sex=male"},
    "duration": {"duration=upto12", "duration=longer12"},
}
OLDEST: Final = 999
OVERLAPPING: Final = "subgroup"

Cell = tuple[int, str]
"""An area and a breakdown."""


class Fault(NamedTuple):
    """A total whose parts do not add up.

    Attributes:
        parted: by what.
        told: the sum of its shown parts; of overlapping ones the largest.
    """

    version: int
    period: str
    area: int
    breakdown: str
    parted: str
    total: float
    told: float


def faults(rows: Sequence[Outcome], *, parents: Mapping[int, int]) -> list[Fault]:
    """Totals whose parts do not add up.

    Parts that cover the whole (every area below it, both sexes, both durations, ages without a gap up to
    the oldest) must give it where all are shown; parts that are only some of it, or of which some are
    withheld, must not exceed it; of sub-groups, in which one person may have several places, none may.
    Ages that overlap are no parts.

    Args:
        rows: with their version and its indicator.
        parents: the area above each area of the register, within the region.
    """
    tables: dict[tuple[int, str], dict[Cell, float | None]] = defaultdict(dict)
    for row in rows:
        if row.version.indicator.adds_up:
            tables[row.version_id, row.period][row.area_id, row.breakdown] = row.value
    below: dict[int, set[int]] = defaultdict(set)
    for area, above in parents.items():
        below[above].add(area)
    return [
        Fault(*table, *whole, kind, values[whole] or 0.0, told)
        for table, values in tables.items()
        for whole, kind, parts in _families(values, parents)
        if (told := _contradicting(values, whole, kind, parts, below)) is not None
    ]


def _families(
    values: Mapping[Cell, float | None], parents: Mapping[int, int]
) -> Iterator[tuple[Cell, str, list[Cell]]]:
    """Each total with its parts of one kind."""
    found: dict[tuple[Cell, str], list[Cell]] = defaultdict(list)
    for area, breakdown in values:
        above = (parents.get(area, 0), breakdown)
        if above in values:
            found[above, AREAS].append((area, breakdown))
        conditions = breakdown.split(";") if "=" in breakdown else []
        for part in conditions:
            whole = (area, ";".join(one for one in conditions if one != part) or TOTAL)
            if whole in values:
                found[whole, part.partition("=")[0]].append((area, breakdown))
    for (whole, kind), parts in found.items():
        yield whole, kind, parts


def _contradicting(
    values: Mapping[Cell, float | None],
    whole: Cell,
    kind: str,
    parts: Sequence[Cell],
    below: Mapping[int, set[int]],
) -> float | None:
    """What the shown parts say where the total cannot be so."""
    total = values[whole]
    shown = [value for part in parts if (value := values[part]) is not None]
    if total is None or not shown:
        return None
    if kind == OVERLAPPING:
        return max(shown) if max(shown) > total else None
    own = {key for _, breakdown in parts for key in breakdown.split(";") if key.startswith(f"{kind}=")}
    if kind == "age" and _overlap(own):
        return None
    covers = {area for area, _ in parts} == below[whole[0]] if kind == AREAS else _covers(kind, own)
    told, total = round(sum(shown), 6), round(total, 6)
    is_whole = covers and len(shown) == len(parts)
    return told if told > total or (is_whole and told < total) else None


def _covers(kind: str, keys: set[str]) -> bool:
    """Whether keys of one breakdown leave nobody out."""
    if kind in COVERING:
        return keys == COVERING[kind]
    if kind != "age":
        return False
    spans = _spans(keys)
    joined = all(after[0] == before[1] + 1 for before, after in pairwise(spans))
    return bool(spans) and joined and spans[-1][1] == OLDEST


def _overlap(keys: set[str]) -> bool:
    spans = _spans(keys)
    return any(after[0] <= before[1] for before, after in pairwise(spans))


def _spans(keys: set[str]) -> list[tuple[int, int]]:
    """First and last year of each age, youngest first."""
    found = [match for key in keys if (match := AGE.fullmatch(key))]
    return sorted((int(match[1]), int(match[2]) if match[2] else OLDEST) for match in found)
