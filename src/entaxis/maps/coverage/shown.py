"""The map of distances as page, picture and files show it: shares, what is shared, deserts – and the words.

Two assumptions stand beside each other: residents spread evenly over their municipality, and all of them
in its seat. What holds wherever in a municipality people live is said apart: all of its land, or none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import TextChoices
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entaxis.geography.choropleth import NO_COLOUR, AreaValue, Choropleth, Completeness, LegendEntry
from entaxis.geography.classes import ValueClass, value_classes
from entaxis.geography.models import Area, BoundarySet, Level, Population
from entaxis.indicators import wording
from entaxis.maps import writing
from entaxis.maps.coverage.queries import FEW
from entaxis.maps.models import CoverageRun, CoveredArea, CoveredSubject
from entaxis.maps.structures import PER, directory_on
from entaxis.vocabularies.models import Term

NO_BREAK: Final = writing.NO_BREAK


class Measure(TextChoices):
    """What a colour tells."""

    SHARE = "share", gettext_lazy("Residents who have one within the distance")
    SUPPLY = "supply", gettext_lazy("What residents share with all others within the distance")


@dataclass(frozen=True, slots=True)
class Row:
    """One area."""

    area: Area
    reach: CoveredArea

    @property
    def persons(self) -> float:
        """All residents."""
        return self.reach.within + self.reach.beyond

    @property
    def share(self) -> float:
        """Of the residents within the distance, 0–1."""
        return self.reach.within / self.persons

    @property
    def is_all(self) -> bool:
        """Wherever in it people live, one is near."""
        return self.reach.beyond == 0

    @property
    def is_none(self) -> bool:
        """Wherever in it people live, none is near."""
        return self.reach.within == 0

    @property
    def is_desert(self) -> bool:
        """No resident or few."""
        return self.share <= FEW

    @property
    def share_written(self) -> str:
        """As a percentage; nought and a hundred only where it is so."""
        return percent(self.share)

    @property
    def by_seat_written(self) -> str:
        """The same if all of a municipality lived in its seat; empty where its place is not known."""
        by_seat = self.reach.within_by_seat
        return "" if by_seat is None else percent(by_seat / self.persons)

    @property
    def persons_written(self) -> str:
        """Residents."""
        return formats.number_format(round(self.persons), 0, force_grouping=True)

    @property
    def within_written(self) -> str:
        """Residents within the distance, rounded to hundreds: no assumption is more exact."""
        return formats.number_format(round(self.reach.within, -2), 0, force_grouping=True)

    @property
    def supply(self) -> float:
        """What its residents share, per 10,000 of them."""
        return self.reach.supply * PER

    @property
    def supply_written(self) -> str:
        """The same in the reader's language."""
        return formats.number_format(round(self.supply, DIGITS), DIGITS)

    @property
    def certainty(self) -> str:
        """What holds wherever people live in it."""
        if self.is_none:
            return _("none, wherever they live")
        return _("all, wherever they live") if self.is_all else _("depends on where they live")

    @property
    def remarks(self) -> list[str]:
        """What must be said beside its numbers."""
        said = ((self.is_desert, _("desert of service")), (self.reach.is_at_least, _("at least")))
        return [text for holds, text in said if holds]


DIGITS: Final = 2


def percent(share: float) -> str:
    """A share of 0–1 as a percentage without decimals; hardly any and nearly all are not nought and all."""
    value = round(share * 100)
    if value == 0 and share > 0:
        return f"<{NO_BREAK}1{NO_BREAK}%"
    if value == 100 and share < 1:
        return f">{NO_BREAK}99{NO_BREAK}%"
    return f"{value}{NO_BREAK}%"


@dataclass(frozen=True)
class CoverageMap:
    """One kind or service within one distance, by the areas of one level."""

    region: Area
    term: Term
    subject: CoveredSubject
    run: CoverageRun
    distance_km: int
    level: Level
    measure: Measure
    rows: Sequence[Row]
    whole: Row
    boundary_set: BoundarySet | None

    @property
    def name(self) -> str:
        """Of the kind or service."""
        return self.term.plural if self.subject.what == CoveredSubject.What.KIND else self.term.label

    @property
    def title(self) -> str:
        """What is shown, where, how far."""
        return _("%(name)s within %(km)s km, %(region)s") % {
            "name": self.name,
            "km": self.distance_km,
            "region": self.region.name,
        }

    @property
    def subtitle(self) -> str:
        """By which areas, and what a colour tells."""
        by = _("By regional unit") if self.level == Level.REGIONAL_UNIT else _("By municipality")
        return f"{by} · {Measure(self.measure).label}"

    @property
    def counts_capacity(self) -> bool:
        """Whether what is shared is room for persons; otherwise structures."""
        return self.subject.usual_capacity is not None

    @property
    def supply_unit(self) -> str:
        """What is shared."""
        if self.counts_capacity:
            return _("places per 10,000 residents")
        return _("structures per 10,000 residents")

    @property
    def unit(self) -> str:
        """What a colour counts."""
        return self.supply_unit if self.measure == Measure.SUPPLY else _("% of residents")

    @property
    def is_synthetic(self) -> bool:
        """Demonstration data."""
        return self.subject.is_synthetic

    @property
    def demonstration(self) -> str:
        """What must be said where a real figure stands beside a synthetic one."""
        return _(
            "Demonstration data: the structures are synthetic, so the distances are too. Only names, "
            "codes, boundaries and residents of areas are real."
        )

    # --- in words ---------------------------------------------------------------------------------

    @cached_property
    def sentences(self) -> list[str]:
        """What the map says."""
        deserts = (self._deserts(), self._none(), self._few())
        said = (self._whole(), self._by_seat(), *deserts, self._at_least())
        return [sentence for sentence in said if sentence]

    def _whole(self) -> str:
        facts = {
            "share": self.whole.share_written,
            "km": self.distance_km,
            "region": self.region.name,
            "name": self.name,
        }
        if self.run.by_community == self.run.municipalities:
            return (
                _(
                    "%(region)s, %(name)s: %(share)s of the residents live within %(km)s km of one in a "
                    "straight line."
                )
                % facts
            )
        return (
            _(
                "%(region)s, %(name)s: if residents are spread evenly over the land of their municipality, "
                "%(share)s of them live within %(km)s km of one in a straight line."
            )
            % facts
        )

    def _by_seat(self) -> str:
        if not self.whole.by_seat_written:
            return ""
        return _(
            "If everybody lived in the seat of their municipality, it would be %(share)s. Nobody lives "
            "quite so evenly or quite so close together: these are two assumptions, not limits."
        ) % {"share": self.whole.by_seat_written}

    def _deserts(self) -> str:
        """How many areas carry the sign; which they are is said after it."""
        number = sum(row.is_desert for row in self.rows)
        if not number:
            return ""
        return ngettext(
            "%(number)s of %(all)s areas is a desert of service, with the sign of triangles on the map: at "
            "most %(few)s of its residents have a registered one within %(km)s km.",
            "%(number)s of %(all)s areas are deserts of service, with the sign of triangles on the map: at "
            "most %(few)s of their residents have a registered one within %(km)s km.",
            number,
        ) % {"number": number, "all": len(self.rows), "few": percent(FEW), "km": self.distance_km}

    def _none(self) -> str:
        found = [row.area for row in self.rows if row.is_none]
        if not found:
            return _("In every area some of the land lies within %(km)s km of one.") % {
                "km": self.distance_km
            }
        return _("Nobody has one within %(km)s km, wherever in the area they live: %(areas)s.") % {
            "km": self.distance_km,
            "areas": writing.names(found),
        }

    def _few(self) -> str:
        found = [row.area for row in self.rows if row.is_desert and not row.is_none]
        if not found:
            return ""
        return _("Few have one within %(km)s km (at most %(few)s): %(areas)s.") % {
            "km": self.distance_km,
            "few": percent(FEW),
            "areas": writing.names(found),
        }

    def _at_least(self) -> str:
        open_ended = sum(row.reach.is_at_least for row in self.rows)
        if not open_ended:
            return ""
        if open_ended == len(self.rows):
            return _(
                "Nobody has said that all are registered: one that is not may be nearer, and every share "
                "is “at least”."
            )
        return ngettext(
            "For %(number)s of %(all)s areas not all within the distance may be registered: its share is "
            "“at least”.",
            "For %(number)s of %(all)s areas not all within the distance may be registered: their shares "
            "are “at least”.",
            open_ended,
        ) % {"number": open_ended, "all": len(self.rows)}

    @property
    def supply_sentence(self) -> str:
        """What is shared, and how it was counted."""
        facts = {"km": self.distance_km, "amount": self.whole.supply_written, "unit": self.supply_unit}
        said = (
            _(
                "What residents share: every structure is divided among all who live within %(km)s km of "
                "it, and what falls to a resident is added up. In the region that is %(amount)s %(unit)s."
            )
            % facts
        )
        return f"{said} {self._capacities()}"

    def _capacities(self) -> str:
        if not self.counts_capacity:
            return _("Capacity is known for too few, so every structure counts as one, large or small.")
        missing = self.subject.structures - self.subject.capacities
        if not missing:
            return _("The capacity of every structure is known.")
        return _(
            "Capacity is known for %(known)s of %(all)s structures; the others count with the middle of "
            "these, %(usual)s persons."
        ) % {
            "known": self.subject.capacities,
            "all": self.subject.structures,
            "usual": formats.number_format(round(self.subject.usual_capacity or 0)),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, what takes no part, where everything comes from."""
        return tuple(note for note in (*self._assumptions(), *self._left_out(), *self._sources()) if note)

    def _assumptions(self) -> list[str]:
        placed = self.run.by_community
        said = [
            _(
                "Distances are in a straight line. Roads are longer; most of all along coasts and beyond "
                "mountains (Boscoe, Henry and Zdeb 2012, The Professional Geographer 64(2), 188–196)."
            ),
            _(
                "No distance crosses the sea: on an island only what stands on it counts. Bridges are not "
                "known."
            ),
        ]
        if placed < self.run.municipalities:
            said.append(
                _(
                    "Where in a municipality people live is not known here: residents are spread evenly "
                    "over %(points)s points of its land. Towns hold more of them than that."
                )
                % {"points": formats.number_format(self.run.points, force_grouping=True)}
            )
        if placed:
            said.append(
                ngettext(
                    "The residents of %(number)s of %(all)s municipalities are placed by community.",
                    "The residents of %(number)s of %(all)s municipalities are placed by community.",
                    placed,
                )
                % {"number": placed, "all": self.run.municipalities}
            )
        return said

    def _left_out(self) -> list[str]:
        without, rough = self.subject.without_point, self.subject.approximate
        counted = ngettext(
            "%(number)s published structure takes part.",
            "%(number)s published structures take part.",
            self.subject.structures,
        ) % {"number": self.subject.structures}
        said = [counted]
        if rough:
            said.append(
                ngettext(
                    "The place of %(number)s of them is that of its town, not of its door.",
                    "The places of %(number)s of them are those of their towns, not of their doors.",
                    rough,
                )
                % {"number": rough}
            )
        if without:
            said.append(
                ngettext(
                    "%(number)s more has no known place and takes no part.",
                    "%(number)s more have no known place and take no part.",
                    without,
                )
                % {"number": without}
            )
        said.append(
            _(
                "Places that are kept secret for the safety of people take no part, and neither do "
                "structures of other regions."
            )
        )
        return said

    def _sources(self) -> list[str]:
        """Of what was counted; what is not real stands after it."""
        said = self._ground()
        return [*said, self.demonstration] if self.is_synthetic else said

    def _ground(self) -> list[str]:
        """Residents and outlines that distances were computed with."""
        day = formats.date_format(timezone.localtime(self.run.computed_at), "j E Y, H:i")
        return [
            _("Residents: census of %(year)s, %(vintage)s (%(source)s).")
            % {
                "year": self.run.year,
                "vintage": Population.Vintage(self.run.vintage).label,
                "source": self.run.residents,
            },
            _("Distances computed on %(day)s with the boundaries of %(source)s.")
            % {"day": day, "source": self.run.boundaries},
        ]

    def citation(self, url: str) -> str:
        """How to cite it, with the directory of the day on which distances were computed."""
        day = timezone.localtime(self.run.computed_at).date()
        directory = directory_on(self.region, day, is_synthetic=self.is_synthetic)
        return wording.citation(
            name=f"{self.title} ({Measure(self.measure).label})",
            area="",
            period="",
            source=". ".join((directory, *(said.removesuffix(".") for said in self._ground()))),
            url=url,
        )

    # --- drawn ------------------------------------------------------------------------------------

    @property
    def has_mixed_certainty(self) -> bool:
        """Whether some shares are "at least" and some are not: only then a pattern tells anything."""
        return len({row.reach.is_at_least for row in self.rows}) > 1

    def _amount(self, row: Row) -> float:
        return row.supply if self.measure == Measure.SUPPLY else row.share * 100

    @property
    def digits(self) -> int:
        """Decimals of what a colour counts."""
        return DIGITS if self.measure == Measure.SUPPLY else 0

    @cached_property
    def classes(self) -> list[ValueClass]:
        """Natural breaks."""
        return value_classes(round(self._amount(row), self.digits) for row in self.rows)

    def choropleth(self, address: Callable[[Area], str] | None = None) -> Choropleth | None:
        """The map; None while no outlines are in force. ``address``: where an area's link leads."""
        if self.boundary_set is None:
            return None
        return Choropleth(
            boundary_set=self.boundary_set,
            level=self.level,
            values=[self._value(row, address(row.area) if address else "") for row in self.rows],
            title=self.title,
            subtitle=self.subtitle,
            unit=self.unit,
            notes=self.notes,
            digits=self.digits,
            key=self._key(),
        )

    def _key(self) -> tuple[LegendEntry, ...]:
        colours = [LegendEntry(self._range(one), one.colour) for one in self.classes]
        if any(row.is_desert for row in self.rows):
            text = _("desert of service: at most %(few)s of the residents within %(km)s km")
            facts = {"few": percent(FEW), "km": self.distance_km}
            colours.append(LegendEntry(text % facts, NO_COLOUR, "desert"))
        if self.has_mixed_certainty:
            colours.append(LegendEntry(_("at least: not all may be registered"), NO_COLOUR, "partial"))
        if len(self.rows) < self._drawn_areas():
            colours.append(LegendEntry(_("not known"), NO_COLOUR, "unknown"))
        return tuple(colours)

    def _drawn_areas(self) -> int:
        bare = Choropleth(self.boundary_set, self.level, [], "") if self.boundary_set else None
        return len(bare.shapes().areas) if bare else 0

    def _range(self, one: ValueClass) -> str:
        low, high = (formats.number_format(end, self.digits) for end in (one.low, one.high))
        return low if low == high else f"{low} – {high}"

    def _value(self, row: Row, address: str) -> AreaValue:
        said = _("%(area)s: %(share)s of residents within %(km)s km, %(supply)s %(unit)s") % {
            "area": row.area.name,
            "share": row.share_written,
            "km": self.distance_km,
            "supply": row.supply_written,
            "unit": self.supply_unit,
        }
        hatched = row.reach.is_at_least and self.has_mixed_certainty
        patterns = ("partial",) * hatched + ("desert",) * row.is_desert
        return AreaValue(
            row.area.code,
            row.area.name,
            self._amount(row),
            Completeness.COMPLETE,
            f"{said} – {', '.join(row.remarks)}" if row.remarks else said,
            address,
            overlay=patterns,
        )
