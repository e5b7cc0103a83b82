"""What is looked at before a release may be approved. The report tells places, never sealed figures."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from entaxis.indicators.models import Observation, Outcome, Release
from entaxis.indicators.suppression import Proof

SHOWN = 40
Z95 = 1.96


def report(release: Release, outcomes: Sequence[Outcome], proof: Proof) -> dict[str, Any]:
    """The checks of a release: completeness, jumps, sums, disclosure.

    Lists hold places as [version, period, area, breakdown]; ``*_count`` how many there are in all.
    """
    before = _former(release, outcomes)
    missing = _missing(outcomes, before)
    jumps = _jumps(outcomes, before)
    return {
        "figures": sum(row.value is not None for row in outcomes),
        "withheld": sum(row.value is None for row in outcomes),
        "compared_with": sorted({period for _, period in before.values()}),
        "missing": missing[:SHOWN],
        "missing_count": len(missing),
        "jumps": jumps[:SHOWN],
        "jumps_count": len(jumps),
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


def _former(release: Release, outcomes: Sequence[Outcome]) -> Former:
    """The figure in force of the same or the latest earlier period, by indicator, area and breakdown."""
    periods: dict[int, str] = defaultdict(str)
    for row in outcomes:
        periods[row.version.indicator_id] = max(periods[row.version.indicator_id], row.period)
    rows = (
        Observation.objects.filter(
            series__region=release.region_id, series__is_current=True, series__indicator__in=list(periods)
        )
        .select_related("series")
        .order_by("series__period")
    )
    found: Former = {}
    for former in rows:
        series = former.series
        if series.period <= periods[series.indicator_id]:
            found[series.indicator_id, former.area_id, former.breakdown] = (former, series.period)
    return found


def _missing(outcomes: Sequence[Outcome], before: Former) -> list[list[Any]]:
    """Places that had a row in the former release and have none in this one."""
    here = {(row.version.indicator_id, row.area_id, row.breakdown) for row in outcomes}
    return [
        [row.series.version_id, period, row.area_id, row.breakdown]
        for key, (row, period) in before.items()
        if key not in here
    ]


def _jumps(outcomes: Sequence[Outcome], before: Former) -> list[list[Any]]:
    """Figures that moved farther from the former one than both errors together allow."""
    found = []
    for row in outcomes:
        former = before.get((row.version.indicator_id, row.area_id, row.breakdown))
        if former is None or row.value is None or former[0].value is None:
            continue
        error = (row.standard_error or 0) ** 2 + (former[0].standard_error or 0) ** 2
        if error and abs(row.value - former[0].value) > 2 * Z95 * error**0.5:
            found.append([row.version_id, row.period, row.area_id, row.breakdown])
    return found


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
