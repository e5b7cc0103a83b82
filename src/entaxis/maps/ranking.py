"""Areas in a row, with the places that cannot be excluded for each."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from entaxis.geography.models import Area
from entaxis.indicators.queries import Figure
from entaxis.maps import writing
from entaxis.maps.classification import Ranked, ranked
from entaxis.maps.indicator_map import IndicatorMap
from entaxis.maps.surety import error


@dataclass(frozen=True)
class Ranking:
    """The areas of one map, highest value first; one without an error or "at least" has no place."""

    map: IndicatorMap

    @cached_property
    def rows(self) -> list[Ranked]:
        """Those with a place."""
        figures = [row.figure for row in self.map.rows]
        return [] if self.map.indicator.adds_up else ranked(figures)

    @property
    def without(self) -> list[Figure]:
        """Those without one."""
        placed = {row.figure.area.code for row in self.rows}
        return [row.figure for row in self.map.rows if row.figure.area.code not in placed]

    @property
    def sentences(self) -> list[str]:
        """What may be said of places, or why there is none; nothing where a place is not told apart."""
        if self.map.indicator.adds_up:
            return [_numbers()]
        partial = {self.why(figure) for figure in self.without if figure.is_shown and figure.at_least}
        places = [self._first(), self._certain()] if self.rows else [self._none()]
        return [sentence for sentence in (*places, self._bare(), *partial) if sentence]

    def why(self, figure: Figure) -> str:
        """Why a figure has no place; empty where it has none because it has no value."""
        if not figure.is_shown:
            return ""
        if self.map.indicator.adds_up:
            return _numbers()
        if figure.at_least:
            return _(
                "A figure that is only “at least” has no place: not all municipalities reported to it, so "
                "the true one may be any higher one."
            )
        return _("A figure without an error has no place.") if error(figure) is None else _alone(figure)

    def _none(self) -> str:
        """Why nothing has a place, where it is not told of each figure."""
        shown = [figure for figure in self.without if figure.is_shown]
        if not shown:
            return _("No area has a figure, so there is no ranking.")
        held = [figure for figure in shown if not figure.at_least and error(figure) is not None]
        return _alone(held[0]) if held else ""

    def _bare(self) -> str:
        """Which figures come without an error; the others are judged by theirs."""
        shown = [row.figure for row in self.map.rows if row.figure.is_shown]
        bare = [figure.area.name for figure in shown if not figure.at_least and error(figure) is None]
        if not bare:
            return ""
        if len(bare) == len(shown):
            return _("The areas of this indicator cannot be ranked: its figures come without an error.")
        return _("Without an error, and so without a place: %(areas)s.") % {"areas": ", ".join(bare)}

    def _first(self) -> str:
        could = [row.figure.area for row in self.rows if row.low == 1]
        if len(could) == 1:
            return _("The highest value is in %(area)s.") % {"area": could[0].name}
        return _("Which area is highest cannot be said: %(number)s of %(all)s may be (%(areas)s).") % {
            "number": len(could),
            "all": len(self.rows),
            "areas": writing.names(could),
        }

    def _certain(self) -> str:
        certain: list[Area] = [row.figure.area for row in self.rows if row.is_certain]
        if certain:
            return _("Only these have a place of their own: %(areas)s.") % {"areas": writing.names(certain)}
        return _("No area has a place of its own: each may stand on several.")


def _numbers() -> str:
    return _("Areas are not ranked by numbers: they are larger where more people live.")


def _alone(figure: Figure) -> str:
    named = {"area": figure.area.name}
    return _("Only one area has a figure with an error (%(area)s): alone it has no place.") % named
