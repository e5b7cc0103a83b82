"""The choropleth: complete, readable without colour, safe under a strict policy, small."""

import dataclasses
import gzip
import itertools
import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from entaxis.geography import choropleth, queries
from entaxis.geography.choropleth import AreaValue, Choropleth, Completeness
from entaxis.geography.classes import PALETTES, natural_breaks, value_classes
from entaxis.geography.models import Area, BoundarySet, Level
from entaxis.geography.shapes import map_shapes
from tests import factories

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def thessaly(db: None) -> Area:
    factories.geography()
    return Area.objects.get(code="EL61")


def outlines_of(region: Area) -> BoundarySet:
    found = queries.active_boundaries(region)
    assert found is not None
    return found


def figure(region: Area, level: Level = Level.MUNICIPALITY, **facts: object) -> Choropleth:
    """Values 0, 1, 2, …; every fifth in part, every seventh not known."""
    values = []
    for number, area in enumerate(Area.objects.current().of(region).filter(level=level)):
        state = Completeness.COMPLETE
        if number % 5 == 4:
            state = Completeness.PARTIAL
        if number % 7 == 6:
            state = Completeness.UNKNOWN
        value = None if state == Completeness.UNKNOWN else number / 4
        values.append(AreaValue(area.code, area.name, value, state, href=f"#row-{area.code}"))
    return Choropleth(
        outlines_of(region), level, values, **({"title": "Δομές", "unit": "ανά 10.000"} | facts)
    )  # type: ignore[arg-type]


def links(svg: str) -> dict[str, ET.Element]:
    return {link.attrib["href"]: link for link in ET.fromstring(svg).iter(f"{SVG}a")}


def test_every_area_is_a_labelled_link(thessaly: Area) -> None:
    found = links(choropleth.map_svg(figure(thessaly)))
    assert set(found) == {f"#row-{a.code}" for a in Area.objects.municipalities().of(thessaly)}
    volos = found["#row-2401"]
    assert volos.attrib["aria-label"].startswith("Βόλος: ")
    assert volos.findtext(f"{SVG}title") == volos.attrib["aria-label"]


def test_what_is_not_known_has_its_pattern_and_no_colour(thessaly: Area) -> None:
    shown = figure(thessaly)
    found = links(choropleth.map_svg(shown))
    colours = {entry.colour for entry in shown.classes}
    for value in shown.values:
        link = found[value.href]
        fills = [link.attrib["fill"], *(use.attrib["fill"] for use in link.iter(f"{SVG}use"))]
        if value.completeness == Completeness.UNKNOWN:
            assert fills == ["#ffffff", "url(#map-unknown)"]
        elif value.completeness == Completeness.PARTIAL:
            assert fills[0] in colours
            assert fills[1:] == ["url(#map-partial)"]
        else:
            assert len(fills) == 1
            assert fills[0] in colours


def test_an_area_without_a_value_is_not_known(thessaly: Area) -> None:
    shown = Choropleth(outlines_of(thessaly), Level.MUNICIPALITY, [], title="x")
    assert choropleth.map_svg(shown).count("url(#map-unknown)") == 25
    assert [entry.pattern for entry in shown.legend()] == ["unknown"]


def test_a_known_nought_is_drawn_as_nought(thessaly: Area) -> None:
    volos = AreaValue("2401", "Βόλος", 0.0, Completeness.COMPLETE, href="#v")
    shown = Choropleth(outlines_of(thessaly), Level.MUNICIPALITY, [volos], title="x")
    assert links(choropleth.map_svg(shown))["#v"].attrib["fill"] == PALETTES[1][0]
    assert shown.legend()[0].text == "0,0"


def test_the_legend_holds_every_class_and_only_the_patterns_that_occur(thessaly: Area) -> None:
    shown = figure(thessaly)
    assert [entry.pattern for entry in shown.legend()] == ["", "", "", "", "", "partial", "unknown"]
    known = Choropleth(
        outlines_of(thessaly),
        Level.MUNICIPALITY,
        [
            AreaValue(a.code, a.name, 1.0, Completeness.COMPLETE)
            for a in Area.objects.municipalities().of(thessaly)
        ],
        title="x",
    )
    assert [entry.pattern for entry in known.legend()] == [""]


@pytest.mark.parametrize("level", [Level.MUNICIPALITY, Level.REGIONAL_UNIT])
def test_it_stands_under_a_strict_policy_and_is_small(thessaly: Area, level: Level) -> None:
    for svg in (choropleth.map_svg(figure(thessaly, level)), choropleth.whole_svg(figure(thessaly, level))):
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=|javascript:|<image|<foreignObject", svg)
        assert not re.search(r'(href|src)="(https?:)?//', svg)
        assert len(gzip.compress(svg.encode())) < 20_000


def test_regional_units_are_drawn_from_their_municipalities(thessaly: Area) -> None:
    found = links(choropleth.map_svg(figure(thessaly, Level.REGIONAL_UNIT)))
    assert set(found) == {"#row-22", "#row-23", "#row-24", "#row-25", "#row-26"}


def test_text_is_escaped(thessaly: Area) -> None:
    evil = "<script>&\"'"
    value = AreaValue("2401", evil, 1.0, Completeness.COMPLETE, href='"><script>')
    shown = Choropleth(outlines_of(thessaly), Level.MUNICIPALITY, [value], title=evil, notes=(evil,))
    root = ET.fromstring(choropleth.whole_svg(shown, links=True))
    assert not list(root.iter(f"{SVG}script"))
    assert root.attrib["aria-label"] == evil


def test_numbers_are_written_in_the_readers_language(thessaly: Area) -> None:
    volos = AreaValue("2401", "Βόλος", 1234.56, Completeness.COMPLETE, href="#v")
    shown = Choropleth(outlines_of(thessaly), Level.MUNICIPALITY, [volos], title="x")
    with translation.override("el"):
        assert shown.legend()[0].text == "1.234,6"
    with translation.override("en"):
        assert shown.legend()[0].text == "1,234.6"


def test_a_picture_keeps_every_colour_that_the_drawing_names(thessaly: Area) -> None:
    """Also of the small swatches of a long legend."""
    colours = ("#be64ac", "#8c62aa", "#3b4994", "#5698b9", "#5ac8c8", "#ace4e4")
    key = tuple(choropleth.LegendEntry(colour, colour) for colour in colours)
    drawn = dataclasses.replace(figure(thessaly), key=key)
    picture = Image.open(BytesIO(choropleth.png(choropleth.whole_svg(drawn)))).convert("RGB")
    counted = picture.getcolors(1 << 24) or []
    painted = {colour for number, colour in counted if number > 500}
    assert {ImageColor.getrgb(colour) for colour in colours} <= painted


def test_the_picture_is_a_png_with_the_asked_width(thessaly: Area) -> None:
    picture = choropleth.png(choropleth.whole_svg(figure(thessaly, notes=("Σημείωση",))), width_px=500)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert abs(int.from_bytes(picture[16:20], "big") - 500) <= 1


def test_lines_are_made_once_for_a_version(thessaly: Area, django_assert_num_queries: object) -> None:
    outlines = outlines_of(thessaly)
    first = map_shapes(outlines, Level.MUNICIPALITY)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert map_shapes(outlines, Level.MUNICIPALITY) is first
    assert len(first.areas) == 25
    assert first.width == 2000


def test_names_stay_within_their_area(thessaly: Area) -> None:
    svg = choropleth.map_svg(figure(thessaly))
    assert ">Ελασσόνα</text>" in svg
    assert ">Σκιάθος</text>" not in svg


# --- classes --------------------------------------------------------------------------------------


def spread(values: list[int], breaks: list[tuple[float, float]]) -> float:
    groups = [[v for v in values if low <= v <= high] for low, high in breaks]
    return sum(sum((v - sum(g) / len(g)) ** 2 for v in g) for g in groups)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=9), st.integers(1, 5))
def test_breaks_are_the_best_there_are(values: list[int], count: int) -> None:
    breaks = natural_breaks(values, count)
    distinct = sorted(set(values))
    parts = min(count, len(distinct))
    best = min(
        spread(
            values,
            [(distinct[s], distinct[e - 1]) for s, e in itertools.pairwise((0, *cuts, len(distinct)))],
        )
        for cuts in itertools.combinations(range(1, len(distinct)), parts - 1)
    )
    assert spread(values, breaks) == pytest.approx(best, abs=1e-6)


@given(st.lists(st.floats(0, 1e6), max_size=60))
def test_every_value_is_in_exactly_one_class(values: list[float]) -> None:
    classes = value_classes(values)
    assert len(classes) <= 5
    assert all(sum(found.holds(value) for found in classes) == 1 for value in values)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_more_is_darker_and_neighbouring_classes_differ_in_lightness(count: int) -> None:
    lights = [luminance(colour) for colour in PALETTES[count]]
    assert lights == sorted(lights, reverse=True)
    for lighter, darker in itertools.pairwise(lights):
        assert (lighter + 0.05) / (darker + 0.05) > 1.5
