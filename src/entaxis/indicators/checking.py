"""What is looked at before a release may be approved. The report tells places, never sealed figures."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from entaxis.geography.models import Area
from entaxis.indicators import adding_up, releases, source
from entaxis.indicators.models import COUNTS, IndicatorVersion, Observation, Outcome, Release, Unit
from entaxis.indicators.suppression import Proof

SHOWN = 40
Z95 = 1.96
LEAP: Final = 2
"""A figure without an error that grew or shrank by more than this factor is looked at."""
TOLERANCE: Final = 1e-6
"""Percentage points by which a part may seem larger than its whole."""
NO_LEAP: Final = (Unit.INDEX, Unit.SCORE, Unit.RANK)
"""Units whose values have no proportion to one another."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that a person looks at, and what its number is held against.

    Attributes:
        against: the period that is compared, or by what a whole is parted.
        other: the number there; of parts their sum, of overlapping ones the largest.
    """

    version: int
    period: str
    area: int
    breakdown: str
    against: str = ""
    value: float | None = None
    other: float | None = None

    @property
    def place(self) -> list[Any]:
        """Without its numbers: a report stands outside the sealed store."""
        where = [self.version, self.period, self.area, self.breakdown]
        return [*where, self.against] if self.against else where


def findings(release: Release, outcomes: Sequence[Outcome]) -> dict[str, list[Finding]]:
    """Every place that a person must look at, by what is the matter."""
    with_versions(outcomes)
    published = _published(release, outcomes)
    before = _former(outcomes, published)
    parents = {pk: parent for pk, _level, parent in _register(release) if parent}
    return {
        "missing": _missing(outcomes, before),
        "jumps": _jumps(outcomes, before),
        "leaps": _leaps(outcomes, published),
        "sums": [Finding(*fault) for fault in adding_up.faults(outcomes, parents=parents)],
    }


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A share that is larger than another which counts the same people and more.

    Attributes:
        whole: the version of the other; its number is told by ``other``.
    """

    version: int
    period: str
    area: int
    breakdown: str
    whole: int
    value: float | None = None
    other: float | None = None
    is_modelled: bool = False
    is_whole_modelled: bool = False

    @property
    def place(self) -> list[Any]:
        """Without its numbers, as of `Finding`."""
        return [self.version, self.period, self.area, self.breakdown, self.whole]


def contradictions(outcomes: Sequence[Outcome]) -> list[Contradiction]:
    """Shares of one place that cannot both be true: models make each by itself. Rows have their version."""
    shown: dict[str, dict[tuple[str, int, str], Outcome]] = defaultdict(dict)
    for row in outcomes:
        if row.value is not None:
            shown[row.version.computation][row.period, row.area_id, row.breakdown] = row
    return [
        Contradiction(
            row.version_id,
            *at,
            other.version_id,
            row.value,
            other.value,
            row.is_modelled,
            other.is_modelled,
        )
        for part, whole in source.inclusions()
        for at, row in shown[part].items()
        if (other := shown[whole].get(at)) and (row.value or 0) > (other.value or 0) + TOLERANCE
    ]


def with_versions(outcomes: Sequence[Outcome]) -> None:
    """Give each row its version with the indicator. One query."""
    asked = {row.version_id for row in outcomes}
    versions = IndicatorVersion.objects.select_related("indicator").in_bulk(asked)
    for row in outcomes:
        row.version = versions[row.version_id]


def _register(release: Release) -> list[tuple[int, str, int | None]]:
    """Areas of the region with their level and the area above, the region last."""
    areas = Area.objects.current().of(release.region).values_list("pk", "level", "parent_id")
    return [*areas, (release.region_id, release.region.level, None)]


def absent(release: Release, outcomes: Sequence[Outcome]) -> tuple[list[list[Any]], list[list[Any]]]:
    """Areas and whole levels that the release tells nothing of, see `_absent`."""
    return _absent(outcomes, ((pk, level) for pk, level, _parent in _register(release)))


def report(release: Release, outcomes: Sequence[Outcome], proof: Proof) -> dict[str, Any]:
    """The checks of a release: completeness, jumps, sums, disclosure.

    Lists hold places as [version, period, area, breakdown]; ``*_count`` how many there are in all.
    ``corrects`` hold [release in force, the periods that this one replaces of it].
    ``jumps`` and ``leaps`` add the period that is compared, ``sums`` by what the whole is parted;
    ``contradictions`` the version that is exceeded; ``absent`` hold [version, area, periods],
    ``absent_levels`` [version, level, periods].
    """
    found: dict[str, Sequence[Finding | Contradiction]] = {**findings(release, outcomes)}
    found["contradictions"] = contradictions(outcomes)
    areas, levels = absent(release, outcomes)
    told = {(row.version.indicator_id, row.period) for row in outcomes}
    corrected = releases.in_force(release.region, told)
    return {
        "corrects": [[one.release.pk, list(one.periods)] for one in corrected],
        "figures": sum(row.value is not None for row in outcomes),
        "withheld": sum(row.value is None for row in outcomes),
        **{name: [one.place for one in places[:SHOWN]] for name, places in found.items()},
        **{f"{name}_count": len(places) for name, places in found.items()},
        "absent": areas[:SHOWN],
        "absent_count": len(areas),
        "absent_levels": levels,
        "outside": _outside(outcomes),
        "disclosure": {
            "tables": proof.tables,
            "unsafe": proof.unsafe,
            "protecting": proof.protecting,
            "modelled": proof.modelled,
            "public_before": proof.public_before,
            "whole_tables": [list(group) for group in proof.whole_tables],
        },
        "undecided": len(_undecided(release, proof)),
        "passed": bool(outcomes) and not _outside(outcomes) and not _undecided(release, proof),
    }


def _undecided(release: Release, proof: Proof) -> list[tuple[int, str]]:
    """Tables that nothing can protect any more and that nobody decided to leave out."""
    decided = set(release.left_out.values_list("version_id", "period"))
    return [group for group in proof.whole_tables if group not in decided]


Place = tuple[int, int, str]
Former = dict[Place, tuple[Observation, str]]
Published = dict[Place, list[tuple[Observation, str]]]


def _published(release: Release, outcomes: Sequence[Outcome]) -> Published:
    """The figures in force with their period, earliest first, by place. One query."""
    asked = {row.version.indicator_id for row in outcomes}
    rows = (
        Observation.objects.filter(
            series__region=release.region_id, series__is_current=True, series__indicator__in=asked
        )
        .select_related("series")
        .order_by("series__period")
    )
    found: Published = defaultdict(list)
    for row in rows:
        found[row.series.indicator_id, row.area_id, row.breakdown].append((row, row.series.period))
    return found


def _former(outcomes: Sequence[Outcome], published: Published) -> Former:
    """The figure in force of the same or the latest earlier period than the release's last."""
    last: dict[int, str] = defaultdict(str)
    for row in outcomes:
        last[row.version.indicator_id] = max(last[row.version.indicator_id], row.period)
    found: Former = {}
    for place, rows in published.items():
        until = [one for one in rows if one[1] <= last[place[0]]]
        if until:
            found[place] = until[-1]
    return found


def _missing(outcomes: Sequence[Outcome], before: Former) -> list[Finding]:
    """Places that had a row in the former release and have none in this one."""
    here = {(row.version.indicator_id, row.area_id, row.breakdown) for row in outcomes}
    return [
        Finding(row.series.version_id, period, row.area_id, row.breakdown, other=row.value)
        for key, (row, period) in before.items()
        if key not in here
    ]


def _jumps(outcomes: Sequence[Outcome], before: Former) -> list[Finding]:
    """Figures that moved farther from the former one than both errors together allow."""
    found = []
    for row in outcomes:
        former = before.get((row.version.indicator_id, row.area_id, row.breakdown))
        if former is None or row.value is None or former[0].value is None:
            continue
        error = (row.standard_error or 0) ** 2 + (former[0].standard_error or 0) ** 2
        if error and abs(row.value - former[0].value) > 2 * Z95 * error**0.5:
            found.append(_beside(row, former[1], former[0].value))
    return found


def _beside(row: Outcome, period: str, value: float) -> Finding:
    return Finding(row.version_id, row.period, row.area_id, row.breakdown, period, row.value, value)


def _leaps(outcomes: Sequence[Outcome], published: Published) -> list[Finding]:
    """Figures without an error that more than doubled or halved since the period before, or the correction.

    Counts must besides differ by more than chance allows: by twice 1.96 times the root of their sum. The
    period before is the release's own or one in force, whichever is later.
    """
    bare = [row for row in outcomes if row.value is not None and row.standard_error is None]
    bare = [row for row in bare if row.version.indicator.unit not in NO_LEAP]
    own: dict[Place, dict[str, float]] = defaultdict(dict)
    for row in bare:
        own[_place(row)][row.period] = row.value or 0.0
    found = []
    for row in bare:
        place, now = _place(row), row.period
        held = {period: old.value for old, period in published.get(place, ()) if old.value is not None}
        period = now if now in held else max((one for one in held | own[place] if one < now), default="")
        if not period or (period < now and _breaks(row)):
            continue
        former = held[now] if period == now else (held | own[place])[period]
        if _is_leap(row.value or 0.0, former, is_count=row.version.indicator.unit in COUNTS):
            found.append(_beside(row, period, former))
    return found


def _place(row: Outcome) -> Place:
    return row.version.indicator_id, row.area_id, row.breakdown


def _breaks(row: Outcome) -> bool:
    return any(str(one.get("period")) == row.period for one in row.version.breaks)


def _is_leap(value: float, former: float, *, is_count: bool) -> bool:
    low, high = sorted((value, former))
    if low < 0 or (is_count and high - low <= 2 * Z95 * math.sqrt(high + low)):
        return False
    return high > LEAP * low


def _absent(
    outcomes: Sequence[Outcome], register: Iterable[tuple[int, str]]
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Areas of the register's levels that the definition names and no row tells of, and levels without any.

    Withheld is not absent: it has a row with a reason.
    """
    every: dict[str, list[int]] = defaultdict(list)
    for pk, level in register:
        every[level].append(pk)
    told: dict[tuple[int, str], set[int]] = defaultdict(set)
    for row in outcomes:
        told[row.version_id, row.period].add(row.area_id)
    versions = {row.version_id: row.version for row in outcomes}
    areas: dict[tuple[int, int], list[str]] = defaultdict(list)
    levels: dict[tuple[int, str], list[str]] = defaultdict(list)
    for (version, period), here in sorted(told.items()):
        for level in versions[version].levels:
            gone = [pk for pk in every[level] if pk not in here]
            if gone and len(gone) == len(every[level]):
                levels[version, level].append(period)
                continue
            for pk in gone:
                areas[version, pk].append(period)
    return _listed(areas), _listed(levels)


def _listed(found: Mapping[tuple[int, Any], list[str]]) -> list[list[Any]]:
    return [[*key, periods] for key, periods in found.items()]


def _outside(outcomes: Sequence[Outcome]) -> list[list[Any]]:
    """Shares below 0 or above 100, and figures outside their own interval."""
    return [
        [row.version_id, row.period, row.area_id, row.breakdown]
        for row in outcomes
        if row.value is not None
        and (
            (row.version.indicator.unit == "percent" and not 0 <= row.value <= 100)
            or (row.ci_low is not None and row.value < row.ci_low - 1e-9)
            or (row.ci_high is not None and row.value > row.ci_high + 1e-9)
        )
    ][:SHOWN]
