"""Classes and ranks of figures: what this room asks of the statistics engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import socialstats as ss
from entaxis.geography.classes import PALETTES, ValueClass, value_classes, widened
from entaxis.indicators.queries import Figure, Figures
from entaxis.maps.surety import error, is_unsure


def pooled_classes(years: Iterable[Figures], digits: int) -> list[ValueClass]:
    """Natural breaks over the areas' values of all years as they are written: one legend for every year.

    Classes are made of figures that are sure enough; an unsure one widens the class that it lies nearest
    to, and makes none. Where no figure is sure there is one class.
    """
    shown = [figure for year in years for figure in year]
    written = [(round(one.value, digits), is_unsure(one)) for one in shown if one.value is not None]
    made_of = [value for value, unsure in written if not unsure]
    if not made_of and written:
        values = [value for value, _unsure in written]
        return [ValueClass(min(values), max(values), PALETTES[1][0])]
    return widened(value_classes(made_of), [value for value, unsure in written if unsure])


@dataclass(frozen=True, slots=True)
class Ranked:
    """A figure and its place: from 1, the highest value; ``low`` to ``high`` cannot be excluded."""

    figure: Figure
    rank: float
    low: int
    high: int

    @property
    def is_certain(self) -> bool:
        """Whether its place is told apart from every other."""
        return self.low == self.high


def ranked(figures: Sequence[Figure]) -> list[Ranked]:
    """The figures that have a value and an error, highest first, with joint rank intervals.

    All true ranks lie in their intervals together with 95 % probability (Klein, Wright and Wieczorek
    2020); figures without an error take no part, and neither do withheld ones nor those that are only
    "at least". Needs two figures.
    """
    held = [(figure, figure.value, error(figure)) for figure in figures if not figure.at_least]
    known = [
        (figure, value, size) for figure, value, size in held if value is not None and size is not None
    ]
    if len(known) < 2:
        return []
    found = ss.harmonise.ranks([value for _, value, _ in known], [size for *_, size in known])
    rows = [
        Ranked(figure, float(rank), int(low), int(high))
        for (figure, *_), rank, low, high in zip(known, found.ranks, found.low, found.high, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.rank, row.figure.area.code))
