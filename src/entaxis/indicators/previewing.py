"""What a second person reads before approving: the figures as they will be published, and what was found.

Read are the outcomes of suppression alone, as the role ``entaxis_statistics``; never the sealed cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from entaxis.geography.models import Area
from entaxis.indicators import checking, periods, queries, store
from entaxis.indicators.checking import Contradiction, Finding
from entaxis.indicators.models import IndicatorVersion, Observation, Outcome, Release
from entaxis.indicators.queries import Figure

OPEN: Final = (Release.State.CHECKED, Release.State.APPROVED)
"""States in which the outcomes stand and are not public yet."""


def is_open(release: Release) -> bool:
    """Whether the figures of a release wait to be read and approved, or for their hour."""
    return release.state in OPEN


def findings(release: Release) -> tuple[dict[str, list[Finding]], list[Contradiction]]:
    """All that the checks of a release find, with the numbers that are held against each other."""
    outcomes = store.outcomes(release)
    return checking.findings(release, outcomes), checking.contradictions(outcomes)


@dataclass(frozen=True, slots=True)
class Row:
    """A figure that will be published.

    Attributes:
        public: the figure in force for the same period, which this one replaces; None where there is none.
        former: the value of the period before, of the same release or in force.
    """

    version: IndicatorVersion
    figure: Figure
    public: Figure | None
    former: float | None


@dataclass(frozen=True, slots=True)
class Told:
    """The indicators and areas of which a release tells, to choose among and to name."""

    versions: dict[int, IndicatorVersion]
    areas: dict[int, Area]

    def asked(self, *, indicator: str, level: str) -> Q:
        """The rows of an indicator's code and a level; all of an empty word."""
        found = Q()
        if indicator:
            chosen = [pk for pk, one in self.versions.items() if one.indicator.code == indicator]
            found &= Q(version__in=chosen)
        if level:
            found &= Q(area_id__in=[pk for pk, area in self.areas.items() if area.level == level])
        return found


def told(release: Release) -> Told:
    """Of which indicators and areas a release tells. Two queries beside those under seal."""
    versions, areas = store.told(release)
    known = IndicatorVersion.objects.filter(pk__in=versions).select_related("indicator")
    in_order = known.order_by("indicator__order", "pk")
    return Told({one.pk: one for one in in_order}, Area.objects.in_bulk(areas))


def rows(release: Release, outcomes: Sequence[Outcome], of: Told) -> Iterator[Row]:
    """Figures beside what is public of their period, and of the period before."""
    held = _in_force(release, outcomes, of)
    own = _own_before(release, outcomes)
    for row in outcomes:
        version, before = of.versions[row.version_id], periods.before(row.period)
        now, then = (
            held.get((version.indicator_id, period, row.area_id, row.breakdown))
            for period in (row.period, before)
        )
        own_former = own.get((row.version_id, before, row.area_id, row.breakdown))
        former = own_former if own_former is not None or then is None else then.value
        area = of.areas[row.area_id]
        public = queries.figure_at(now, area, row.period) if now else None
        yield Row(version, queries.figure_at(row, area, row.period), public, former)


def _around(outcomes: Sequence[Outcome]) -> set[str]:
    """The periods of figures and those before them."""
    told = {row.period for row in outcomes}
    return told | {periods.before(period) for period in told}


def _in_force(
    release: Release, outcomes: Sequence[Outcome], of: Told
) -> dict[tuple[int, str, int, str], Observation]:
    rows = Observation.objects.filter(
        series__region=release.region_id,
        series__is_current=True,
        series__indicator__in={of.versions[row.version_id].indicator_id for row in outcomes},
        series__period__in=_around(outcomes),
        area__in={row.area_id for row in outcomes},
        breakdown__in={row.breakdown for row in outcomes},
    ).select_related("series")
    return {(row.series.indicator_id, row.series.period, row.area_id, row.breakdown): row for row in rows}


def _own_before(
    release: Release, outcomes: Sequence[Outcome]
) -> dict[tuple[int, str, int, str], float | None]:
    """Values of the release itself in the periods before."""
    asked = Q(
        version__in={row.version_id for row in outcomes},
        period__in={periods.before(row.period) for row in outcomes},
        area_id__in={row.area_id for row in outcomes},
    )
    held = store.some_outcomes(release, asked) if outcomes else []
    return {(row.version_id, row.period, row.area_id, row.breakdown): row.value for row in held}
