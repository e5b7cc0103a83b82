"""What an address asks of the maps of indicators; what does not exist is not found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.geography.models import Area, Level
from entaxis.indicators import breaking_down, queries
from entaxis.indicators.breaking_down import TOTAL
from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Entry, Period
from entaxis.maps import http, indicator_map
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
    """Every breakdown that is published of any area in any period, a source's own too: everybody first."""
    gave_way: list[str]
    """What was asked for that other indicators have and this one has not, and what is shown instead."""

    @classmethod
    def of(
        cls, request: HttpRequest, *, among: Callable[[Entry], bool] = bool, is_strict: bool = False
    ) -> Self | None:
        """Read from the address; None where the region has no figures of those ``among``. Five queries.

        Who chooses another indicator keeps the rest of the form: what the new one does not have gives way,
        and the page says so. ``is_strict``: nothing gives way, for files that others point at.

        Raises:
            Http404: an indicator, period, breakdown, level or mode that does not exist here.
        """
        region = region_of(request)
        held = [one for one in queries.catalogue(region) if one.is_published and one.version.has_areas]
        entries = [entry for entry in held if among(entry)]
        if not entries:
            return None
        asked = request.GET
        code = asked.get("indicator", entries[0].indicator.code)
        entry = next((one for one in entries if one.indicator.code == code), None)
        if entry is None:
            raise Http404
        return cls._of_entry(region, entries, entry, _Answers(asked, region, is_strict=is_strict))

    @classmethod
    def _of_entry(cls, region: Area, entries: list[Entry], entry: Entry, answers: "_Answers") -> Self:
        periods = queries.periods(entry.indicator, region)
        kinds = queries.breakdown_keys(periods) or [TOTAL]
        return cls(
            region,
            entries,
            entry,
            periods,
            answers.one_of("period", [one.key for one in reversed(periods)]),
            answers.one_of("breakdown", kinds),
            Level(answers.one_of("level", [one.value for one in LEVELS if one in entry.version.levels])),
            Mode(answers.one_of("mode", [one.value for one in modes(entry.indicator)])),
            Drawing(answers.one_of("drawing", Drawing.values)),
            kinds,
            answers.gave_way,
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

    def beside(self, asked: QueryDict) -> Self:
        """Another view of the same areas: the indicator ``with`` in the period ``with_period``.

        Without an indicator, or with one that has no figures of these areas, it is the same one; without a
        period, that one's period before.

        Raises:
            Http404: an indicator or period that does not exist here.
        """
        held = [one for one in self.entries if self.level in one.version.levels]
        code = asked.get("with") or self.entry.indicator.code
        wanted = next((one for one in self.entries if one.indicator.code == code), None)
        if wanted is None:
            raise Http404
        entry = wanted if wanted in held else self.entry
        query = asked.copy()
        query["level"] = str(self.level)
        query["period"] = asked.get("with_period") or (self._before() if entry == self.entry else "")
        answers = _Answers(query, self.region, is_strict=False)
        if entry != wanted:
            facts = {"asked": wanted.name, "level": self.level.label, "shown": entry.name}
            answers.gave_way.append(
                _("“%(asked)s” has no figures at the level “%(level)s”. Shown instead: %(shown)s.") % facts
            )
        return self._of_entry(self.region, held, entry, answers)

    def _before(self) -> str:
        """The period before the one that is shown; the same where it is the first."""
        keys = [one.key for one in self.periods]
        return keys[max(keys.index(self.period) - 1, 0)]

    def query_beside(self, other: "Asked") -> dict[str, str]:
        """What an address says of this view and another one beside it."""
        return self._query() | {"with": other.entry.indicator.code, "with_period": other.period}

    @staticmethod
    def address_of(name: str, query: Mapping[str, str]) -> str:
        """Of a page with what it is asked."""
        return f"{reverse(name)}?{urlencode(query)}"

    def address(self, name: str, *, period: str = "") -> str:
        """Of this view under another name, or of the same in another ``period``."""
        return self.address_of(name, self._query() | ({"period": period} if period else {}))

    @property
    def rates(self) -> list[tuple[str, str]]:
        """Of a count: name and map of each published rate that is made of it. One query."""
        held = queries.rates_of(self.entry.indicator, self.region)
        return [
            (
                one.name,
                self.address_of(
                    "maps:indicators", {"indicator": one.indicator.code, "level": str(self.level)}
                ),
            )
            for one in self.entries
            if one.indicator.code in held
        ]

    def permanent(self, name: str) -> str:
        """Of a view that draws no map, without what only a drawing has."""
        query = self._query()
        return self.address_of(
            name, {key: query[key] for key in ("indicator", "period", "breakdown", "level")}
        )

    def _query(self) -> dict[str, str]:
        query = {
            "indicator": self.entry.indicator.code,
            "period": self.period,
            "breakdown": self.breakdown,
            "level": str(self.level),
            "mode": str(self.mode),
        }
        if self.drawing != Drawing.OUTLINES:
            query["drawing"] = str(self.drawing)
        return query

    def kept(self, *names: str) -> list[tuple[str, str]]:
        """What a form that has no fields for ``names`` carries on."""
        return [(name, value) for name, value in self._query().items() if name in names]

    @property
    def file_name(self) -> str:
        """Of a download, without its ending."""
        who = http.plain(self.breakdown)
        return f"{self.entry.indicator.code}-{self.period}-{who}-{self.level}-{self.region.code}"

    @property
    def breakdown_choices(self) -> list[Choice]:
        """The breakdowns that the indicator has."""
        return [(key, breaking_down.label(key), key == self.breakdown) for key in self.kinds]

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
    asked = Asked.of(request, is_strict=True)
    if asked is None:
        raise Http404
    return asked


class _Answers:
    """Each part of the address, against what there is."""

    def __init__(self, asked: QueryDict, region: Area, *, is_strict: bool) -> None:
        self.asked, self.region, self.is_strict = asked, region, is_strict
        self.gave_way: list[str] = []

    def one_of(self, name: str, held: list[str]) -> str:
        """What was asked where it is held, the first where nothing was or where it gives way.

        Raises:
            Http404: asked for something that no indicator has.
        """
        text = self.asked.get(name, "")
        if held and (not text or text in held):
            return text or held[0]
        if not held or self.is_strict or not self._is_known(name, text):
            raise Http404
        instead = self._instead(name, text, held)
        facts = {"asked": self._label(name, text), "shown": self._label(name, instead)}
        self.gave_way.append(
            _("Of “%(asked)s” there is nothing for this indicator. Shown instead: %(shown)s.") % facts
        )
        return instead

    @staticmethod
    def _instead(name: str, text: str, held: list[str]) -> str:
        """The first that is held; of periods, latest first, rather the first of the same year."""
        of_the_year = [key for key in held if name == "period" and key[:4] == text[:4]]
        return next(iter(of_the_year), held[0])

    def _is_known(self, name: str, text: str) -> bool:
        """Whether another indicator may have it."""
        known: dict[str, Callable[[], bool]] = {
            "period": lambda: queries.has_period(self.region, text),
            "breakdown": lambda: breaking_down.is_known(text),
            "level": lambda: text in LEVELS,
            "mode": lambda: text in Mode.values,
        }
        return name in known and known[name]()

    @staticmethod
    def _label(name: str, text: str) -> str:
        labels: dict[str, Callable[[str], str]] = {
            "breakdown": breaking_down.label,
            "level": lambda key: str(Level(key).label),
            "mode": lambda key: str(Mode(key).label),
        }
        return labels[name](text) if name in labels else text


NO_DIFFERENCE: Final = (Mode.HATCHED, Mode.BLENDED)


def modes(indicator: Indicator) -> tuple[Mode, ...]:
    """The modes that make sense: numbers of persons are not compared with the region's sum."""
    return NO_DIFFERENCE if indicator.adds_up else tuple(Mode)
