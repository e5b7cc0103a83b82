"""Two maps side by side: two indicators, or one in two periods, over the same areas.

Of one indicator a difference is claimed where the intervals do not meet; of two indicators nothing is: maps
that look alike prove no connection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from entaxis.geography.models import Area
from entaxis.indicators import wording
from entaxis.maps import writing
from entaxis.maps.changes import Change, change
from entaxis.maps.indicator_map import IndicatorMap, Row


@dataclass(frozen=True, slots=True)
class Pair:
    """One area on both maps."""

    left: Row
    right: Row
    is_one_indicator: bool

    @property
    def area(self) -> Area:
        """Whose figures they are."""
        return self.left.area

    @property
    def change(self) -> Change | None:
        """From the left period to the right one; None of two indicators, or where one has no interval."""
        return change(self.left.figure, self.right.figure) if self.is_one_indicator else None

    @property
    def said(self) -> str:
        """What may be claimed of the two figures; empty of two indicators."""
        if self.change is None:
            return ""
        if not self.change.is_certain:
            return _("cannot be told apart")
        return _("higher on the right") if self.change.has_risen else _("lower on the right")


@dataclass(frozen=True)
class Beside:
    """Both maps and their common table."""

    left: IndicatorMap
    right: IndicatorMap

    @property
    def is_one_indicator(self) -> bool:
        """One indicator in two periods, so that figures may be held against each other."""
        return self.left.indicator == self.right.indicator

    @property
    def is_comparable(self) -> bool:
        """One indicator, and no break of its series between the two."""
        first, last = sorted((self.left.period, self.right.period), key=lambda period: period.key)
        return self.is_one_indicator and not last.breaks_since(first)

    @cached_property
    def pairs(self) -> Sequence[Pair]:
        """Every area, then the region."""
        right = {row.area.code: row for row in (*self.right.rows, self.right.whole)}
        rows = (*self.left.rows, self.left.whole)
        return [Pair(row, right[row.area.code], self.is_comparable) for row in rows]

    def citation(self, url: str) -> str:
        """How to cite both, each with its period."""
        named = [f"{one.named}, {one.period.key}" for one in (self.left, self.right)]
        return wording.citation(
            name=f"{_('Two maps side by side')}: {' – '.join(named)}",
            area=self.left.region.name,
            period="",
            source=wording.sources([self.left.period, self.right.period]),
            url=url,
        )

    @property
    def sentences(self) -> list[str]:
        """What the two maps say of each other."""
        if not self.is_one_indicator:
            return [
                _("Two maps that look alike prove no connection: much happens in one area at once."),
            ]
        if not self.is_comparable:
            return [_("The series breaks between the two periods, so they are not compared.")]
        areas = self.pairs[:-1]
        risen = [pair.area for pair in areas if pair.change and pair.change.has_risen]
        certain = [pair.area for pair in areas if pair.change and pair.change.is_certain]
        fallen = [area for area in certain if area not in risen]
        facts = {"first": self.left.period.key, "last": self.right.period.key}
        said = []
        if risen:
            text = _("Higher in %(last)s than in %(first)s: %(areas)s.")
            said.append(text % (facts | {"areas": writing.names(risen)}))
        if fallen:
            text = _("Lower in %(last)s than in %(first)s: %(areas)s.")
            said.append(text % (facts | {"areas": writing.names(fallen)}))
        if not certain:
            return [_("For no area can %(first)s and %(last)s be told apart.") % facts]
        return [*said, _("For the other areas the two cannot be told apart.")]
