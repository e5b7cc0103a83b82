"""The first map: registered structures of a kind per 10,000 residents, by municipality or regional unit.

What is not known stays not known: where nothing is registered and nobody has said that there is nothing,
there is no rate. Confidential kinds have no map: nothing of theirs is told below the region (R12).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entaxis.directory.counts import Cell, Counts, counts
from entaxis.directory.models import KindCompleteness, Structure
from entaxis.geography import queries as geography
from entaxis.geography.choropleth import AreaValue, Choropleth, Completeness
from entaxis.geography.models import Area, BoundarySet, Level
from entaxis.geography.queries import Residents
from entaxis.indicators import wording
from entaxis.vocabularies.models import Term

PER: Final = 10_000
DIGITS: Final = 2
LEVELS: Final = (Level.MUNICIPALITY, Level.REGIONAL_UNIT)
NAMED = 3  # areas that the sentence names


@dataclass(frozen=True, slots=True)
class MapRow:
    """One area: what is registered, who lives there, and the rate where both are known."""

    area: Area
    cell: Cell
    persons: int | None

    @property
    def rate(self) -> float | None:
        """Structures per 10,000 residents; None where the count or the residents are not known."""
        if self.cell.count is None or not self.persons:
            return None
        return self.cell.count * PER / self.persons

    @property
    def rate_written(self) -> str:
        """The rate in the reader's language."""
        return "" if self.rate is None else written(self.rate)

    @property
    def persons_written(self) -> str:
        """The residents in the reader's language."""
        return "" if self.persons is None else formats.number_format(self.persons, 0, force_grouping=True)


@dataclass(frozen=True)
class StructureMap:
    """Everything that the page, the picture and the table of one map show."""

    region: Area
    kind: Term
    level: Level
    rows: list[MapRow]
    whole: MapRow
    residents: Residents | None
    boundary_set: BoundarySet | None
    is_synthetic: bool
    counted_on: date

    @property
    def title(self) -> str:
        """What is shown, of what, where."""
        return _("%(kind)s per 10,000 residents, %(region)s") % {
            "kind": self.kind.plural,
            "region": self.region.name,
        }

    @property
    def subtitle(self) -> str:
        """By which areas."""
        if self.level == Level.REGIONAL_UNIT:
            return _("Registered structures by regional unit")
        return _("Registered structures by municipality")

    @property
    def unit(self) -> str:
        """What a number of the legend counts."""
        return _("structures per 10,000 residents")

    @cached_property
    def sentences(self) -> list[str]:
        """What the map says, in words."""
        return [sentence for sentence in (self._whole(), self._most(), self._unknown()) if sentence]

    def _whole(self) -> str:
        if self.whole.rate is None:
            return _("%(kind)s in %(region)s: nobody has said yet how many there are.") % {
                "kind": self.kind.plural,
                "region": self.region.name,
            }
        return _("%(kind)s in %(region)s: %(number)s registered, %(rate)s per 10,000 residents.") % {
            "kind": self.kind.plural,
            "region": self.region.name,
            "number": formats.number_format(self.whole.cell.count or 0, 0, force_grouping=True),
            "rate": self.whole.rate_written,
        }

    def _most(self) -> str:
        known = sorted((row for row in self.rows if row.rate), key=lambda row: -(row.rate or 0))[:NAMED]
        if not known:
            return ""
        named = ", ".join(f"{row.area.name} ({row.rate_written})" for row in known)
        return _("Most for their residents: %(areas)s.") % {"areas": named}

    def _unknown(self) -> str:
        number = sum(row.rate is None for row in self.rows)
        if not number:
            return ""
        return ngettext(
            "For %(number)s of %(all)s areas it is not known: this does not mean that there are none.",
            "For %(number)s of %(all)s areas it is not known: this does not mean that there are none.",
            number,
        ) % {"number": number, "all": len(self.rows)}

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the numbers and the lines come from; what they are not."""
        notes = (self._counted(), *self._beside())
        return (*notes, self.demonstration) if self.is_synthetic else notes

    def _beside(self) -> Iterator[str]:
        """Where residents and outlines come from."""
        if self.residents:
            yield (
                _("Residents: census of %(year)s, %(vintage)s (%(source)s).")
                % {
                    "year": self.residents.year,
                    "vintage": self.residents.vintage_name,
                    "source": self.residents.source,
                }
            )
        if self.boundary_set:
            facts = {"source": self.boundary_set.source, "licence": self.boundary_set.licence}
            yield _("Boundaries: %(source)s, %(licence)s, generalised for display.") % facts

    @property
    def source(self) -> str:
        """All that it is made of, as a citation names it."""
        directory = directory_on(self.region, self.counted_on, is_synthetic=self.is_synthetic)
        return ". ".join((directory, *(said.removesuffix(".") for said in self._beside())))

    def citation(self, url: str) -> str:
        """How to cite it."""
        return wording.citation(name=self.title, area="", period="", source=self.source, url=url)

    def _counted(self) -> str:
        day = formats.date_format(self.counted_on, "j E Y")
        return _("Structures registered so far, counted on %(day)s.") % {"day": day}

    @property
    def demonstration(self) -> str:
        """What must be said where a real figure stands beside a synthetic one."""
        return _(
            "Demonstration data: the structures are synthetic, so the rates are too. Only names, codes, "
            "boundaries and residents of areas are real."
        )

    def choropleth(self, address: Callable[[Area], str] | None = None) -> Choropleth | None:
        """The map; None while no outlines are in force. ``address``: where an area's link leads."""
        if self.boundary_set is None:
            return None
        return Choropleth(
            boundary_set=self.boundary_set,
            level=self.level,
            values=[_value(row, address(row.area) if address else "") for row in self.rows],
            title=self.title,
            subtitle=self.subtitle,
            unit=self.unit,
            notes=self.notes,
            digits=DIGITS,
        )


def written(rate: float) -> str:
    """A rate in the reader's language."""
    return formats.number_format(round(rate, DIGITS), DIGITS)


def directory_on(region: Area, day: date, *, is_synthetic: bool) -> str:
    """The directory as it stood on a day, as citations name it: it changes every day."""
    named = _(
        "Directory of structures of the Regional Observatory of Social Inclusion, %(region)s, on %(day)s"
    )
    said = named % {"region": region.name, "day": formats.date_format(day, "j E Y")}
    return f"{said} – {_('synthetic demonstration data')}" if is_synthetic else said


def mapped_kinds(found: Counts) -> list[Term]:
    """The kinds that have a map: those that are not confidential."""
    return [kind for kind in found.kinds if not kind.is_confidential]


def structure_map(found: Counts, kind: Term, level: Level) -> StructureMap:
    """The map of one kind from the counts of a region."""
    residents = geography.residents(found.region)
    persons = residents.persons if residents else {}
    return StructureMap(
        region=found.region,
        kind=kind,
        level=level,
        rows=_rows(found, kind, level, persons),
        whole=MapRow(found.region, found.in_region(kind), sum(persons.values()) or None),
        residents=residents,
        boundary_set=geography.active_boundaries(found.region),
        is_synthetic=Structure.objects.of(found.region).filter(is_synthetic=True).exists(),
        counted_on=timezone.localdate(),
    )


def region_counts(region: Area) -> Counts:
    """The counts that every map of ``region`` starts from."""
    return counts(region)


def _rows(found: Counts, kind: Term, level: Level, persons: dict[str, int]) -> list[MapRow]:
    rows = []
    for unit in found.units:
        inside = found.inside(unit)
        if level == Level.REGIONAL_UNIT:
            rows.append(_row(unit, found.in_unit(kind, unit), inside, persons))
        else:
            rows += [_row(area, found.in_municipality(kind, area), [area], persons) for area in inside]
    return rows


def _row(area: Area, cell: Cell | None, inside: list[Area], persons: dict[str, int]) -> MapRow:
    told = [persons.get(municipality.code) for municipality in inside]
    known = [number for number in told if number is not None]
    unknown = Cell(0, KindCompleteness.State.UNKNOWN)
    return MapRow(area, cell or unknown, sum(known) if len(known) == len(told) and known else None)


def _value(row: MapRow, address: str) -> AreaValue:
    completeness = Completeness(row.cell.state)
    label = f"{row.area.name}: {_('not known')}"
    if row.rate is not None:
        facts = {"area": row.area.name, "rate": row.rate_written, "number": row.cell.count}
        label = (
            ngettext(
                "%(area)s: %(rate)s per 10,000 residents (%(number)s registered)",
                "%(area)s: %(rate)s per 10,000 residents (%(number)s registered)",
                row.cell.count or 0,
            )
            % facts
        )
        if completeness != Completeness.COMPLETE:
            label += f" – {_('at least')}"
    return AreaValue(row.area.code, row.area.name, row.rate, completeness, label, address)
