"""What an address asks of the maps of indicators; what does not exist is not found."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, Self

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from entaxis.accounts.http import region_of
from entaxis.geography.models import Area, Level
from entaxis.indicators import groups, queries
from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import BREAKDOWNS, TOTAL, Entry, Period
from entaxis.maps import indicator_map, writing
from entaxis.maps.indicator_map import LEVELS, IndicatorMap
from entaxis.maps.modes import Drawing, Mode

Choice = tuple[str, str, bool]
"""A key, its words, and whether it is the one that is shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One view of one indicator."""

    region: Area
    entries: list[Entry]
    """Those of the catalogue that have figures in the region."""
    entry: Entry
    periods: list[Period]
    period: str
    breakdown: str
    level: Level
    mode: Mode
    drawing: Drawing
    kinds: list[str]
    """The breakdowns that a map can show."""

    @classmethod
    def of(cls, request: HttpRequest, *, among: Callable[[Entry], bool] = bool) -> Self | None:
        """Read from the address; None where the region has no figures of those ``among``. Five queries.

        Raises:
            Http404: an indicator, period, breakdown, level or mode that does not exist here.
        """
        region = region_of(request)
        entries = [entry for entry in queries.catalogue(region) if entry.is_published and among(entry)]
        if not entries:
            return None
        asked = request.GET
        code = asked.get("indicator", entries[0].indicator.code)
        entry = next((one for one in entries if one.indicator.code == code), None)
        if entry is None:
            raise Http404
        return cls._of_entry(region, entries, entry, asked)

    @classmethod
    def _of_entry(cls, region: Area, entries: list[Entry], entry: Entry, asked: QueryDict) -> Self:
        periods = queries.periods(entry.indicator, region)
        kinds = breakdowns(entry, queries.breakdown_keys(periods))
        level = _one_of(
            asked.get("level", ""), [one.value for one in LEVELS if one in entry.version.levels]
        )
        return cls(
            region,
            entries,
            entry,
            periods,
            _one_of(asked.get("period", ""), [one.key for one in reversed(periods)]),
            _one_of(asked.get("breakdown", ""), kinds),
            Level(level),
            Mode(_one_of(asked.get("mode", ""), [one.value for one in modes(entry.indicator)])),
            Drawing(_one_of(asked.get("drawing", ""), Drawing.values)),
            kinds,
        )

    def shown(self) -> IndicatorMap:
        """The map itself."""
        return indicator_map.indicator_map(
            self.entry,
            self.region,
            known=self.periods,
            period=self.period,
            breakdown=self.breakdown,
            level=self.level,
            mode=self.mode,
            drawing=self.drawing,
        )

    def address(self, name: str, *, period: str = "") -> str:
        """Of this view under another name, or of the same in another ``period``."""
        query = {
            "indicator": self.entry.indicator.code,
            "period": period or self.period,
            "breakdown": self.breakdown,
            "level": str(self.level),
            "mode": str(self.mode),
        }
        if self.drawing != Drawing.OUTLINES:
            query["drawing"] = str(self.drawing)
        return f"{reverse(name)}?{urlencode(query)}"

    @property
    def file_name(self) -> str:
        """Of a download, without its ending."""
        breakdown = self.breakdown.replace("=", "-")
        return f"{self.entry.indicator.code}-{self.period}-{breakdown}-{self.level}-{self.region.code}"

    @property
    def breakdown_choices(self) -> list[Choice]:
        """The breakdowns that the indicator has."""
        return [(key, queries.breakdown_label(key), key == self.breakdown) for key in self.kinds]

    @property
    def level_choices(self) -> list[Choice]:
        """The levels that have a map."""
        held = [one for one in LEVELS if one in self.entry.version.levels]
        return [(one.value, str(one.label), one == self.level) for one in held]

    @property
    def mode_choices(self) -> list[Choice]:
        """The ways of drawing it."""
        return [(one.value, str(one.label), one == self.mode) for one in modes(self.entry.indicator)]

    @property
    def drawing_choices(self) -> list[Choice]:
        """What stands for an area."""
        return [(one.value, str(one.label), one == self.drawing) for one in Drawing]

    def years(self, name: str) -> list[tuple[str, str, bool]]:
        """Each period's key, address, and whether it is the one that is shown."""
        return [
            (one.key, self.address(name, period=one.key), one.key == self.period) for one in self.periods
        ]


def asked_or_404(request: HttpRequest) -> Asked:
    """The same where there must be figures.

    Raises:
        Http404: the region has none.
    """
    asked = Asked.of(request)
    if asked is None:
        raise Http404
    return asked


NO_DIFFERENCE: Final = (Mode.HATCHED, Mode.BLENDED)


def modes(indicator: Indicator) -> tuple[Mode, ...]:
    """The modes that make sense: numbers of persons are not compared with the region's sum."""
    return NO_DIFFERENCE if indicator.unit in writing.ADDITIVE else tuple(Mode)


def breakdowns(entry: Entry, published: Collection[str]) -> list[str]:
    """The keys of an indicator's breakdowns that are published of any area: everybody first."""
    kinds = entry.version.breakdowns
    known = [key for key in BREAKDOWNS if key == TOTAL or key.split("=")[0] in kinds]
    if "subgroup" in kinds:
        known += [f"{queries.SUBGROUP}{term.key}" for _, inside in groups.terms() for term in inside]
    return [key for key in known if key in published] or [TOTAL]


def _one_of(text: str, held: list[str]) -> str:
    """``text`` where it is held, the first where nothing was asked.

    Raises:
        Http404: asked for something that is not held.
    """
    if not held or (text and text not in held):
        raise Http404
    return text or held[0]
