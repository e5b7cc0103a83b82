"""Three ways of drawing figures that do not hide how sure they are: colours, patterns and their legend.

Whatever the mode, a withheld figure, one that nobody has published yet and one from a model have each a
pattern of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.geography.choropleth import NO_COLOUR, LegendEntry
from entaxis.geography.classes import ValueClass
from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import MISSING, Figure, Figures
from entaxis.maps import writing
from entaxis.maps.surety import Surety, is_unsure, surety


class Mode(TextChoices):
    """What a colour tells."""

    HATCHED = "hatched", gettext_lazy("Value; unreliable areas hatched")
    BLENDED = "blended", gettext_lazy("Value, paler the less sure it is")
    DIFFERENCE = "difference", gettext_lazy("Does it differ from the region?")


class Drawing(TextChoices):
    """What stands for an area."""

    OUTLINES = "outlines", gettext_lazy("Boundaries")
    TILES = "tiles", gettext_lazy("A square of one size for every area")


# Correll, Moritz and Heer (2018), "Value-Suppressing Uncertainty Palettes", CHI '18: the less sure a
# value is, the fewer classes are told apart. Cividis; its middle steps paled towards grey.
SURE_COLOURS: Final = ("#f3db42", "#a59c74", "#636670", "#083370")
LESS_SURE_COLOURS: Final = ("#ece2b0", "#98a0ad")
UNSURE_COLOUR: Final = "#dddddd"

# Ends of PuOr (ColorBrewer): told apart by every reader, also in lightness from the grey between them.
HIGHER_COLOUR: Final = "#b35806"
LOWER_COLOUR: Final = "#8073ac"
SAME_COLOUR: Final = "#f0f0f0"


@dataclass(frozen=True, slots=True)
class Paint:
    """How one area is drawn."""

    fill: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Painting:
    """A mode for one indicator: what it paints every year, and its legend."""

    mode: Mode
    indicator: Indicator
    classes: Sequence[ValueClass]
    """Pooled over the years."""

    def paint(self, figure: Figure, region: Figure) -> Paint:
        """The colour and the patterns of an area beside the region's figure of the same year."""
        if figure.value is None:
            return Paint(NO_COLOUR, ("unknown" if figure.reason == MISSING else "withheld",))
        fill = {
            Mode.HATCHED: self._class_colour,
            Mode.BLENDED: self._blended_colour,
        }.get(self.mode, lambda one: _difference_colour(one, region))(figure)
        return Paint(fill, self._patterns(figure))

    def _patterns(self, figure: Figure) -> tuple[str, ...]:
        # where colours blend they say themselves what is unsure
        hidden = "unreliable" if self.mode == Mode.BLENDED else ""
        return tuple(pattern for pattern in patterns(figure) if pattern != hidden)

    def _place(self, figure: Figure) -> int:
        shown = round(figure.value or 0.0, self.indicator.digits)
        return next(place for place, one in enumerate(self.classes) if one.holds(shown))

    def _class_colour(self, figure: Figure) -> str:
        return self.classes[self._place(figure)].colour

    def _blended_colour(self, figure: Figure) -> str:
        return _blend(self._place(figure), len(self.classes), surety(figure))

    def legend(self, years: Iterable[Figures]) -> tuple[LegendEntry, ...]:
        """Colours first, then the patterns that occur in any year."""
        figures = [figure for year in years for figure in year]
        return (*self._colours(), *self._occurring(figures))

    def _colours(self) -> list[LegendEntry]:
        match self.mode:
            case Mode.HATCHED:
                return [LegendEntry(self._range(one.low, one.high), one.colour) for one in self.classes]
            case Mode.BLENDED:
                return self._blended_legend()
        return [
            LegendEntry(_("higher than the region"), HIGHER_COLOUR),
            LegendEntry(_("cannot be told apart from the region"), SAME_COLOUR),
            LegendEntry(_("lower than the region"), LOWER_COLOUR),
        ]

    def _blended_legend(self) -> list[LegendEntry]:
        if not self.classes:
            return []
        told = {Surety.SURE: _("sure"), Surety.LESS_SURE: _("less sure"), Surety.UNSURE: _("unsure")}
        entries: dict[str, tuple[float, float, Surety]] = {}
        for one in Surety:
            for place, held in enumerate(self.classes):
                colour = _blend(place, len(self.classes), one)
                low = entries[colour][0] if colour in entries else held.low
                entries[colour] = (low, held.high, one)
        return [
            LegendEntry(f"{self._range(low, high)}, {told[one]}", colour)
            for colour, (low, high, one) in entries.items()
        ]

    def _occurring(self, figures: Sequence[Figure]) -> list[LegendEntry]:
        shown = [figure for figure in figures if figure.is_shown]
        occurring = (
            (
                any("unreliable" in self._patterns(one) for one in shown),
                "unreliable",
                _("unreliable or with a large error"),
            ),
            (any(one.is_modelled for one in shown), "modelled", _("from a model")),
            (any(not one.is_shown and one.reason != MISSING for one in figures), "withheld", _("withheld")),
            (any(one.reason == MISSING for one in figures), "unknown", _unknown(figures)),
        )
        return [LegendEntry(text, NO_COLOUR, pattern) for occurs, pattern, text in occurring if occurs]

    def _range(self, low: float, high: float) -> str:
        first, last = writing.number(low, self.indicator), writing.number(high, self.indicator)
        return first if first == last else f"{first} – {last}"


def _unknown(figures: Sequence[Figure]) -> str:
    if any(one.is_unreported for one in figures):
        return _("no report for this period")
    return _("no figure here yet")


def patterns(figure: Figure) -> tuple[str, ...]:
    """The patterns of a published figure: unsure, from a model."""
    return ("unreliable",) * is_unsure(figure) + ("modelled",) * figure.is_modelled


def _blend(place: int, count: int, told: Surety) -> str:
    """The colour of the class at ``place`` of ``count``: four where sure, two where less so, else one."""
    if told == Surety.UNSURE:
        return UNSURE_COLOUR
    colours = SURE_COLOURS if told == Surety.SURE else LESS_SURE_COLOURS
    return colours[min(place * len(colours) // count, len(colours) - 1)]


def _difference_colour(figure: Figure, region: Figure) -> str:
    if not figure.differs_from(region):
        return SAME_COLOUR
    return HIGHER_COLOUR if (figure.value or 0.0) > (region.value or 0.0) else LOWER_COLOUR
