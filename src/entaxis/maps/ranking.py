"""Areas in a row, with the places that cannot be excluded for each."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from entaxis.geography.models import Area
from entaxis.indicators.queries import Figure
from entaxis.maps import writing
from entaxis.maps.classification import Ranked, ranked
from entaxis.maps.indicator_map import IndicatorMap


@dataclass(frozen=True)
class Ranking:
    """The areas of one map, highest value first; what has no value or no error takes no part."""

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
        if not self.rows:
            return [_("The areas of this indicator cannot be ranked: its figures come without an error.")]
        said = [self._first(), self._certain()]
        return [sentence for sentence in said if sentence]

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
