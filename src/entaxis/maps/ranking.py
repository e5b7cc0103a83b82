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
        """What may be said of places; nothing where a place is not told apart."""
        partial = {self.why(figure) for figure in self.without if figure.at_least}
        if not self.rows:
            none = _("The areas of this indicator cannot be ranked: its figures come without an error.")
            return [none] if self.map.indicator.adds_up or not partial else [*partial]
        said = [self._first(), self._certain(), *partial]
        return [sentence for sentence in said if sentence]

    @staticmethod
    def why(figure: Figure) -> str:
        """Why a figure has no place; empty where it has none because it has no value."""
        if figure.at_least:
            return _(
                "A figure that is only “at least” has no place: not all municipalities reported to it, so "
                "the true one may be any higher one."
            )
        if figure.is_shown and error(figure) is None:
            return _("A figure without an error has no place.")
        return ""

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
