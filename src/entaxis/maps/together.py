"""Need and services in one map: three classes of the one by three of the other, each with its sign.

Need is worse or better than the region's only where the intervals do not meet, and an indicator whose
direction is not known has no need. Services are few or many beside the region's rate; where a count is
only "at least", few cannot be said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from entaxis.directory.models import KindCompleteness
from entaxis.geography.choropleth import NO_COLOUR, AreaValue, Choropleth, Completeness, LegendEntry
from entaxis.geography.models import Area, Level
from entaxis.indicators import breaking_down, wording
from entaxis.indicators.models.catalogue import Direction
from entaxis.indicators.queries import MISSING, Entry
from entaxis.maps import writing
from entaxis.maps.indicator_map import IndicatorMap, Row
from entaxis.maps.modes import patterns
from entaxis.maps.structures import MapRow, StructureMap

FEW_BELOW: Final = 2 / 3
MANY_ABOVE: Final = 3 / 2
"""Of the region's rate."""

# Rows: need better than the region, not told apart, worse; columns: few services, about as many, many.
# J. Stevens (2015), "Bivariate Choropleth Maps"; every class carries its sign in the map as well.
COLOURS: Final = (
    ("#e8e8e8", "#ace4e4", "#5ac8c8"),
    ("#dfb0d6", "#a5add3", "#5698b9"),
    ("#be64ac", "#8c62aa", "#3b4994"),
)
NEED_SIGNS: Final = "ABC"
WORSE: Final = 2


def has_need(entry: Entry) -> bool:
    """Whether an indicator says which areas are in need: a known direction, no sum, a region beside."""
    is_compared = bool(entry.trend) and not entry.indicator.adds_up
    return is_compared and entry.indicator.direction != Direction.NEUTRAL


@dataclass(frozen=True, slots=True)
class Pair:
    """One area: its need, its services, and the class of both where both are known."""

    need: Row
    services: MapRow
    region_rate: float | None
    high_is_good: bool

    @property
    def area(self) -> Area:
        """Whose they are."""
        return self.need.area

    @property
    def need_class(self) -> int | None:
        """0 better than the region, 1 not told apart from it, 2 worse; None where there is no figure."""
        figure, region = self.need.figure, self.need.region
        if figure.value is None or region.value is None:
            return None
        if not figure.differs_from(region):
            return 1
        return WORSE if (figure.value > region.value) != self.high_is_good else 0

    @property
    def services_class(self) -> int | None:
        """0 few, 1 about as many as in the region, 2 many for the residents; None where it is not known."""
        rate, region = self.services.rate, self.region_rate
        if rate is None or not region or (self.is_partial and rate < region * FEW_BELOW):
            return None
        return (rate >= region * FEW_BELOW) + (rate > region * MANY_ABOVE)

    @property
    def is_partial(self) -> bool:
        """At least so many structures."""
        return self.services.cell.state != KindCompleteness.State.COMPLETE

    @property
    def place(self) -> tuple[int, int] | None:
        """Its class of need and its class of services."""
        need, services = self.need_class, self.services_class
        return None if need is None or services is None else (need, services)

    @property
    def sign(self) -> str:
        """C1: worse than the region, few services; empty without a class."""
        return "" if self.place is None else sign(*self.place)

    @property
    def said(self) -> str:
        """The class in words, or what is missing."""
        if self.need_class is None:
            return self.need.value
        if self.services_class is None:
            return f"{need_words()[self.need_class]}; {_('services not known')}"
        return f"{need_words()[self.need_class]}; {services_words()[self.services_class]}"

    def value(self, address: str) -> AreaValue:
        """As the map draws it."""
        words = [*([self.sign] if self.sign else []), self.said, *self.need.remarks]
        fill, drawn = NO_COLOUR, _missing(self.need)
        if self.place is not None:
            fill = COLOURS[self.place[0]][self.place[1]]
            drawn = patterns(self.need.figure)
        return AreaValue(
            *(self.area.code, self.sign, None, Completeness.COMPLETE),
            label=f"{self.area.name}: {', '.join(words)}",
            href=address,
            fill=fill,
            overlay=drawn,
        )


def _missing(need: Row) -> tuple[str, ...]:
    """The pattern of an area without a class."""
    is_withheld = need.figure.value is None and need.figure.reason != MISSING
    return ("withheld",) if is_withheld else ("unknown",)


def sign(need: int, services: int) -> str:
    """Of a class: a letter for the need, a number for the services."""
    return f"{NEED_SIGNS[need]}{services + 1}"


def need_words() -> list[str]:
    """The classes of need, best first."""
    return [_("better than the region"), _("not told apart from the region"), _("worse than the region")]


def services_words() -> list[str]:
    """The classes of services, fewest first."""
    return [_("few for the residents"), _("about as many as in the region"), _("many for the residents")]


@dataclass(frozen=True)
class Together:
    """An indicator and a kind of structure over the same areas."""

    need: IndicatorMap
    services: StructureMap

    @property
    def title(self) -> str:
        """What is shown beside what."""
        return _("%(need)s, %(period)s, and %(kind)s: %(region)s") % {
            "need": self.need.period.version.name,
            "period": self.need.period.key,
            "kind": self.services.kind.plural,
            "region": self.need.region.name,
        }

    @property
    def subtitle(self) -> str:
        """By which areas, and of whom the need is; the structures are everybody's."""
        is_by_unit = self.services.level == Level.REGIONAL_UNIT
        by = _("By regional unit") if is_by_unit else _("By municipality")
        return f"{by} · {breaking_down.label(self.need.found.breakdown)}"

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every area, in the order of the indicator's table."""
        services = {row.area.code: row for row in self.services.rows}
        rate = self.services.whole.rate
        good = self.need.indicator.direction == Direction.HIGH_IS_GOOD
        return [Pair(row, services[row.area.code], rate, good) for row in self.need.rows]

    @property
    def sentences(self) -> list[str]:
        """Where need is worse and services are few; and of how many areas nothing can be said."""
        short = [pair.area for pair in self.pairs if pair.place == (WORSE, 0)]
        unknown = sum(pair.place is None for pair in self.pairs)
        said = [
            _("Worse than the region, with few structures for the residents: %(areas)s.")
            % {"areas": writing.names(short)}
            if short
            else _("Of no area can we say that it is worse than the region and has few structures.")
        ]
        if unknown:
            said.append(
                _("Of %(number)s of %(all)s areas one of the two is not known.")
                % {"number": unknown, "all": len(self.pairs)}
            )
        overlap = breaking_down.overlap(self.need.found.breakdown)
        return [*said, overlap] if overlap else said

    @property
    def legend(self) -> list[tuple[str, Sequence[tuple[str, str]]]]:
        """Rows of the legend, worst need first: words, and a sign with its colour for every class."""
        words = need_words()
        return [
            (words[need], [(sign(need, column), COLOURS[need][column]) for column in range(3)])
            for need in reversed(range(3))
        ]

    @property
    def notes(self) -> tuple[str, ...]:
        """Of both maps, each once; and what few and many mean."""
        rule = _(
            "Few: below two thirds of the region's structures per 10,000 residents; many: above one and a "
            "half times. Where a count is only “at least”, few is not said."
        )
        return tuple(dict.fromkeys((rule, *self.need.notes, *self.services.notes)))

    def citation(self, url: str) -> str:
        """How to cite both: figures with their period, structures with the day they were counted on."""
        need = f"{self.need.named}, {self.need.period.key}"
        return wording.citation(
            name=f"{_('Need and services')}: {need} – {self.services.kind.plural}",
            area=self.need.region.name,
            period="",
            source=f"{wording.sources([self.need.period])}; {self.services.source}",
            url=url,
        )

    def choropleth(self, address: Callable[[Area], str] | None = None) -> Choropleth | None:
        """Both in one drawing, each area with the sign of its class."""
        if self.need.boundary_set is None:
            return None
        values = [pair.value(address(pair.area) if address else "") for pair in self.pairs]
        return Choropleth(
            self.need.boundary_set,
            self.services.level,
            values,
            self.title,
            subtitle=self.subtitle,
            notes=self.notes,
            key=self._key(values),
        )

    def _key(self, values: Sequence[AreaValue]) -> tuple[LegendEntry, ...]:
        """A line for every class, and for the patterns that occur."""
        words = {
            "unreliable": _("unreliable or with a large error"),
            "modelled": _("from a model"),
            "withheld": _("withheld"),
            "unknown": _("one of the two is not known"),
        }
        occurring = {pattern for value in values for pattern in value.patterns}
        classes = [
            LegendEntry(f"{sign}: {need}, {services}", colour)
            for need, cells in self.legend
            for (sign, colour), services in zip(cells, services_words(), strict=True)
        ]
        patterns = [LegendEntry(text, NO_COLOUR, key) for key, text in words.items() if key in occurring]
        return (*classes, *patterns)
