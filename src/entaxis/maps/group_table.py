"""Beneficiaries of one area by vulnerable sub-group: the latest count of each source, never added up."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from entaxis.geography.models import Area
from entaxis.indicators import groups
from entaxis.indicators.groups import Counted
from entaxis.indicators.models import Indicator
from entaxis.indicators.queries import Figure
from entaxis.maps import writing
from entaxis.vocabularies.models import Term


@dataclass(frozen=True, slots=True)
class Cell:
    """What one source tells of one sub-group; None where it tells nothing, which is not nobody."""

    figure: Figure | None
    indicator: Indicator
    earlier: str = ""
    """The period, where the last one of the source tells nothing of this sub-group here."""

    @property
    def written(self) -> str:
        """The number, that it is withheld, or a dash."""
        if self.figure is None:
            return "–"
        if self.figure.value is None:
            return _("not given")
        return writing.number(self.figure.value, self.indicator)


@dataclass(frozen=True, slots=True)
class GroupTable:
    """A line for each sub-group of which anything is told, a cell for each source."""

    sources: Sequence[Counted]
    lines: Sequence[tuple[Term, Sequence[Cell]]]

    @property
    def is_synthetic(self) -> bool:
        """Whether any of it is demonstration data."""
        return any(source.periods[0].is_synthetic for source in self.sources)


def group_table(sources: Sequence[Counted], area: Area) -> GroupTable:
    """Of an area. One query; none where nothing is counted by sub-group."""
    told = groups.latest(sources, area) if sources else {}
    held = [source for source in sources if told[source.code]]
    lines = [
        (term, [_cell(told[source.code].get(term.key), source) for source in held])
        for _group, inside in groups.terms()
        for term in inside
        if any(term.key in told[source.code] for source in held)
    ]
    return GroupTable(held, lines)


def _cell(figure: Figure | None, source: Counted) -> Cell:
    is_earlier = figure is not None and figure.period != source.periods[0].key
    return Cell(figure, source.indicator, figure.period if figure and is_earlier else "")
