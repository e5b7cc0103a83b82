"""How a region's figure stands to targets of strategies; what its interval leaves open is not claimed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from entaxis.indicators import wording
from entaxis.indicators.breaking_down import TOTAL
from entaxis.indicators.models import Direction, Indicator, StrategyTarget
from entaxis.indicators.queries import Figure


@dataclass(frozen=True, slots=True)
class Standing:
    """A target beside a region's last figure; ``said`` is empty where the two do not compare."""

    target: StrategyTarget
    wanted: str
    said: str


def standings(indicator: Indicator, latest: Figure | None) -> Sequence[Standing]:
    """Every target in force, the nearest year first. One query."""
    return [
        Standing(target, _wanted(target, indicator), _said(target, indicator, latest))
        for target in indicator.targets.filter(is_in_force=True)
    ]


def _wanted(target: StrategyTarget, indicator: Indicator) -> str:
    return "" if target.value is None else wording.written(target.value, indicator)


def _said(target: StrategyTarget, indicator: Indicator, latest: Figure | None) -> str:
    if target.value is None or latest is None or latest.value is None or latest.at_least:
        return ""
    if latest.breakdown != TOTAL:  # a target speaks of everybody
        return ""
    if indicator.direction == Direction.NEUTRAL:
        return ""
    low_is_good = indicator.direction == Direction.LOW_IS_GOOD
    reached = is_reached(latest, target.value, low_is_good=low_is_good)
    if reached is None:
        return _("cannot be told from this figure")
    return _("reached") if reached else _("not reached")


def is_reached(figure: Figure, wanted: float, *, low_is_good: bool) -> bool | None:
    """Whether the whole interval lies on the wanted side; None where ``wanted`` lies inside it.

    A figure without an interval was counted: it stands for itself.
    """
    low = figure.value if figure.ci_low is None else figure.ci_low
    high = figure.value if figure.ci_high is None else figure.ci_high
    if low is None or high is None:
        return None
    if low_is_good:
        low, high, wanted = -high, -low, -wanted
    if low >= wanted:
        return True
    return False if high < wanted else None
