"""Areas and values → a choropleth in SVG: one renderer for the page, the download and the picture.

An area whose value is not known is drawn in a pattern of its own, never as nothing; one whose value is
known in part carries the colour of what is known and a second pattern. Everything is presentation
attributes: no style, no script, nothing from elsewhere. The lines come from the outlines in force.
"""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from io import BytesIO
from typing import Final

import vl_convert
from django.template.loader import render_to_string
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from PIL import Image, ImageColor

from entaxis.geography.classes import ValueClass, value_classes
from entaxis.geography.models import BoundarySet, Level
from entaxis.geography.shapes import AreaShape, MapShapes, map_shapes


class Completeness(StrEnum):
    """How well a value is known."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AreaValue:
    """The figure of one area. ``value`` is None where nothing is known."""

    code: str
    name: str
    value: float | None
    completeness: Completeness
    label: str = ""
    """The whole sentence a pointer or screen reader gets; name and value where empty."""
    href: str = ""
    fill: str = ""
    """A colour of its own; that of its class where empty."""
    overlay: tuple[str, ...] | None = None
    """Patterns laid over it; what its completeness asks for where None."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns to draw over its colour."""
        if self.overlay is not None:
            return self.overlay
        if self.value is None:
            return ("unknown",)
        return () if self.completeness == Completeness.COMPLETE else ("partial",)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of the legend: a colour, or a pattern."""

    text: str
    fill: str
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to go to from the map: degrees, words, address."""

    longitude: float
    latitude: float
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Choropleth:
    """A map of one figure for the municipalities or regional units of a region."""

    boundary_set: BoundarySet
    level: Level
    values: Sequence[AreaValue]
    title: str
    unit: str = ""
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    digits: int = 1
    marks: Sequence[Mark] = ()
    """Laid over the areas; whoever shows the map lists them beside it as well."""
    key: tuple[LegendEntry, ...] = ()
    """The legend where the areas bring colours of their own."""
    as_tiles: bool = False
    """A square of one size for each area instead of its outline."""
    leads_to: str = ""
    """What the links of the areas open, said behind their words."""

    @property
    def classes(self) -> list[ValueClass]:
        """Natural breaks over the values as they are written, so that the legend holds them."""
        return value_classes(round(v.value, self.digits) for v in self.values if v.value is not None)

    def written(self, value: float) -> str:
        """A number in the reader's language."""
        return formats.number_format(round(value, self.digits), self.digits, force_grouping=True)

    def legend(self) -> list[LegendEntry]:
        """Colours first, then the patterns that occur."""
        if self.key:
            return list(self.key)
        entries = [LegendEntry(self._range(found), found.colour) for found in self.classes]
        if any(v.value is not None and v.completeness != Completeness.COMPLETE for v in self.values):
            entries.append(LegendEntry(_("registered in part: at least this many"), "#ffffff", "partial"))
        if any(v.value is None for v in self.values) or self._undrawn_values():
            entries.append(LegendEntry(_("not known"), "#ffffff", "unknown"))
        return entries

    def _undrawn_values(self) -> bool:
        told = {value.code for value in self.values}
        return any(shape.code not in told for shape in self.shapes().areas)

    def _range(self, found: ValueClass) -> str:
        low, high = self.written(found.low), self.written(found.high)
        return low if low == high else f"{low} – {high}"

    def shapes(self) -> MapShapes:
        """The outlines in force, or the squares that stand for them."""
        return map_shapes(self.boundary_set, self.level, as_tiles=self.as_tiles)


@dataclass(frozen=True, slots=True)
class _DrawnArea:
    """What the template writes for an area; ``name`` is empty where there is no room for it."""

    code: str
    path: str
    fill: str
    patterns: tuple[str, ...]
    label: str
    href: str
    name: str = ""
    x: int = 0
    y: int = 0


NO_COLOUR: Final = "#ffffff"

# Lettering of the download, in units of the drawing.
LETTER = 34
LINE = 46
NAME_LETTER = 27
UNIT_LETTER = 42
LETTER_WIDTH = 0.56  # of its height, on the average
NAME_OVERHANG = 1.15  # a name may reach this far beyond the circle that fits


def map_svg(
    choropleth: Choropleth,
    *,
    prefix: str = "map",
    links: bool = True,
    names: bool = True,
    in_new_window: bool = False,
) -> SafeString:
    """The map alone, to stand in a page beside its own legend; ``prefix`` keeps ids apart.

    ``in_new_window``: links leave the frame that the map may stand in.
    """
    shapes = choropleth.shapes()
    context = _context(choropleth, prefix) | {
        "width": shapes.width,
        "height": shapes.height,
        "links": links,
        "names": names,
        "in_new_window": in_new_window,
    }
    return render_to_string("geography/choropleth.svg", context)


def small_svg(choropleth: Choropleth, *, of: str = "map") -> SafeString:
    """A small map whose lines are those of the map that stands in the same page under the prefix ``of``."""
    shapes = choropleth.shapes()
    context = {
        "title": choropleth.title,
        "prefix": of,
        "width": shapes.width,
        "height": shapes.height,
        "areas": _areas(choropleth, shapes),
    }
    return render_to_string("geography/choropleth_small.svg", context)


def whole_svg(choropleth: Choropleth, *, links: bool = False) -> SafeString:
    """Title, map, legend, notes: what is downloaded or embedded; stands alone."""
    shapes = choropleth.shapes()
    title = _wrapped(choropleth.title, 62)
    subtitle = _wrapped(choropleth.subtitle, 100)
    notes = [line for note in choropleth.notes for line in _wrapped(note, 112)]
    legend = choropleth.legend()
    head = 40 + len(title) * 70 + len(subtitle) * LINE + 20
    foot = head + shapes.height + 40
    context = _context(choropleth, "whole") | {
        "furnished": True,
        "links": links,
        "names": True,
        "width": WIDTH_WHOLE,
        "height": foot + 60 + len(legend) * 56 + 30 + len(notes) * LINE + 30,
        "map_x": (WIDTH_WHOLE - shapes.width) // 2,
        "map_y": head,
        "title_lines": [(line, 80 + k * 70) for k, line in enumerate(title)],
        "subtitle_lines": [(line, 80 + len(title) * 70 + k * LINE) for k, line in enumerate(subtitle)],
        "unit_y": foot + 20,
        "legend": [(entry, foot + 46 + k * 56) for k, entry in enumerate(legend)],
        "note_lines": [
            (line, foot + 60 + len(legend) * 56 + 50 + k * LINE) for k, line in enumerate(notes)
        ],
    }
    return render_to_string("geography/choropleth.svg", context)


WIDTH_WHOLE = 2060


COLOURS: Final = 64  # of a picture: classes, patterns, ink and their softened edges
NAMED: Final = re.compile(r'"(#[0-9a-f]{3}|#[0-9a-f]{6})"')
APART: Final = 12  # of 255, in the part in which two colours differ most
PICTURE_VERSION: Final = 2  # another whenever ``png`` makes another picture of the same drawing


def png(drawing: str, *, width_px: int = 1600) -> bytes:
    """A drawing of ``whole_svg`` as a picture, by a palette: a seventh of the weight, the same to see."""
    picture: bytes = vl_convert.svg_to_png(drawing, scale=width_px / WIDTH_WHOLE)
    painted = Image.open(BytesIO(picture)).convert("RGB")
    small = BytesIO()
    by = _palette(drawing, painted)
    painted.quantize(palette=by, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def _palette(drawing: str, painted: Image.Image) -> Image.Image:
    """The colours that the drawing names, however little of each there is, then what edges need most.

    Pillow looks for the nearest of a palette by cells of 4 × 4 × 4 colours: one that lies closer to a named
    colour than that would take its place.
    """
    named = [ImageColor.getrgb(text)[:3] for text in dict.fromkeys(NAMED.findall(drawing))][: COLOURS // 2]
    parts = painted.quantize(COLOURS - len(named), dither=Image.Dither.NONE).getpalette() or []
    others = [
        one
        for one in zip(*[iter(parts)] * 3, strict=True)
        if all(max(abs(a - b) for a, b in zip(one, other, strict=True)) > APART for other in named)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in (*named, *others)[:COLOURS] for part in colour])
    return palette


def _wrapped(text: str, characters: int) -> list[str]:
    return textwrap.wrap(text, characters) if text else []


def _context(choropleth: Choropleth, prefix: str) -> dict[str, object]:
    shapes = choropleth.shapes()
    return {
        "title": choropleth.title,
        "unit": choropleth.unit,
        "leads_to": choropleth.leads_to,
        "prefix": prefix,
        "areas": _areas(choropleth, shapes),
        "inner_borders": shapes.inner_borders,
        "outer_borders": shapes.outer_borders,
        "name_letter": _name_letter(choropleth, shapes),
        "marks": [(mark, *shapes.place(mark.longitude, mark.latitude)) for mark in choropleth.marks],
    }


def _areas(choropleth: Choropleth, shapes: MapShapes) -> list[_DrawnArea]:
    values = {value.code: value for value in choropleth.values}
    classes = choropleth.classes
    letter = _name_letter(choropleth, shapes)
    return [
        replace(
            _area(choropleth, shape, values.get(shape.code), classes),
            name=_fitting(values[shape.code].name, shape.room, letter) if shape.code in values else "",
            x=shape.x,
            y=shape.y + letter // 3,
        )
        for shape in shapes.areas
    ]


def _name_letter(choropleth: Choropleth, shapes: MapShapes) -> int:
    """Larger for units than for municipalities, and on a map that stands upright and is shown smaller."""
    letter = NAME_LETTER if choropleth.level == Level.MUNICIPALITY else UNIT_LETTER
    return letter if shapes.width >= shapes.height else letter * 5 // 4


def _fitting(name: str, room: int, letter: int) -> str:
    """The name where it fits; a double name by its first part (Άργος - Μυκήνες)."""
    for text in (name, name.split(" - ", maxsplit=1)[0]):
        if len(text) * letter * LETTER_WIDTH <= 2 * room * NAME_OVERHANG:
            return text
    return ""


def _area(
    choropleth: Choropleth, shape: AreaShape, value: AreaValue | None, classes: list[ValueClass]
) -> _DrawnArea:
    if value is None:
        return _DrawnArea(shape.code, shape.path, NO_COLOUR, ("unknown",), _("not known"), "")
    return _DrawnArea(
        shape.code,
        shape.path,
        value.fill or _class_colour(choropleth, value, classes),
        value.patterns,
        value.label or _label(choropleth, value),
        value.href,
    )


def _class_colour(choropleth: Choropleth, value: AreaValue, classes: list[ValueClass]) -> str:
    if value.value is None:
        return NO_COLOUR
    shown = round(value.value, choropleth.digits)
    return next(found.colour for found in classes if found.holds(shown))


def _label(choropleth: Choropleth, value: AreaValue) -> str:
    if value.value is None:
        return f"{value.name}: {_('not known')}"
    return f"{value.name}: {choropleth.written(value.value)} {choropleth.unit}".rstrip()
