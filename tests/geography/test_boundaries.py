"""Official outlines replace the drawing whole, or are refused with a sentence."""

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
import shapely.affinity
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from shapely import MultiPolygon, Polygon, box
from shapely.geometry import mapping

from entaxis.geography import actions, queries
from entaxis.geography.generalise import display_outlines
from entaxis.geography.importing import reading
from entaxis.geography.importing.problems import SENTENCES, ImportRefusedError
from entaxis.geography.models import Area, BoundarySet, Outline
from entaxis.geography.projection import to_metres
from tests import factories

OFFICIAL = Path(__file__).parents[3] / "shared" / "geo"
# Four squares of about 8 × 9 km: two above, two below.
SQUARES = {
    "2401": box(22.8, 39.3, 22.9, 39.4),
    "2402": box(22.9, 39.3, 23.0, 39.4),
    "2403": box(22.8, 39.2, 22.9, 39.3),
    "2404": box(22.9, 39.2, 23.0, 39.3),
}


@pytest.fixture
def magnesia(db: None) -> Area:
    for number, code in enumerate(SQUARES):
        factories.municipality(code, name_el=f"Δήμος {code}", ypes_code=str(9104 + number))
    return factories.region()


def geojson(folder: Path, shapes: dict[Any, Any], **top: Any) -> Path:
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": mapping(shape)}
        for code, shape in shapes.items()
    ]
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **top}))
    return path


def bring(path: Path, **options: Any) -> actions.BoundariesImported:
    facts = {"code_field": "code", "year": 2021, "source": "ELSTAT", "licence": "CC BY 4.0", "by": "a test"}
    return actions.import_boundaries(path=path, **(facts | options))


def refused(path: Path, **options: Any) -> list[str]:
    before = list(BoundarySet.objects.values_list("pk", "is_active"))
    with pytest.raises(ImportRefusedError) as caught:
        bring(path, **options)
    assert list(BoundarySet.objects.values_list("pk", "is_active")) == before
    assert all(str(problem) for problem in caught.value.problems)
    return [problem.key for problem in caught.value.problems]


def write_gpkg(
    path: Path, shapes: dict[str, Any], crs: str, driver: str = "GPKG", layer: str = "a"
) -> Path:
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape) for shape in shapes.values()], dtype=object),
        [np.array(list(shapes), dtype=object)],
        ["code"],
        geometry_type="Polygon",
        crs=crs,
        driver=driver,
        layer=layer,
        append=path.exists(),
    )
    return path


def zipped_shapefile(folder: Path, shapes: dict[str, Any], crs: str) -> Path:
    inside = folder / "shape"
    inside.mkdir()
    write_gpkg(inside / "areas.shp", shapes, crs, "ESRI Shapefile", "areas")
    target = folder / "areas.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in inside.iterdir():
            archive.write(part, f"δήμοι/{part.name}")
    return target


# --- what comes in --------------------------------------------------------------------------------


def test_geojson_comes_in_and_is_in_force(magnesia: Area, tmp_path: Path) -> None:
    done = bring(geojson(tmp_path, SQUARES))
    assert done.outlines == 4
    active = queries.active_boundaries(magnesia)
    assert active is not None
    assert (active.source, active.licence, active.year, active.imported_by) == (
        "ELSTAT", "CC BY 4.0", 2021, "a test",
    )  # fmt: skip
    assert len(active.checksum) == 64


def test_geopackage_in_the_greek_grid(magnesia: Area, tmp_path: Path) -> None:
    metres = {code: to_metres(shape) for code, shape in SQUARES.items()}
    bring(write_gpkg(tmp_path / "a.gpkg", metres, "EPSG:2100"))
    found = Outline.objects.get(area__code="2401").geometry
    assert found.extent == pytest.approx((22.8, 39.3, 22.9, 39.4), abs=1e-6)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2100"])
def test_zipped_shapefile(magnesia: Area, tmp_path: Path, crs: str) -> None:
    shapes = SQUARES if crs == "EPSG:4326" else {c: to_metres(s) for c, s in SQUARES.items()}
    assert bring(zipped_shapefile(tmp_path, shapes, crs)).outlines == 4


def test_topojson_by_its_ids(magnesia: Area, tmp_path: Path) -> None:
    arcs = [[[x, y] for x, y in shape.exterior.coords] for shape in SQUARES.values()]
    geometries = [{"type": "Polygon", "id": c, "arcs": [[n]]} for n, c in enumerate(SQUARES)]
    document = {
        "type": "Topology",
        "arcs": arcs,
        "objects": {"a": {"type": "GeometryCollection", "geometries": geometries}},
    }
    path = tmp_path / "a.topojson"
    path.write_text(json.dumps(document))
    assert bring(path, code_field="id").outlines == 4


def test_metres_are_recognised_where_the_file_is_silent(magnesia: Area, tmp_path: Path) -> None:
    metres = {code: to_metres(shape) for code, shape in SQUARES.items()}
    assert bring(geojson(tmp_path, metres)).outlines == 4


def test_ministry_codes_are_accepted(magnesia: Area, tmp_path: Path) -> None:
    bring(geojson(tmp_path, dict(zip(("9104", "9105", "9106", "9107"), SQUARES.values(), strict=True))))
    assert Outline.objects.filter(area__code="2402").exists()


def test_codes_as_numbers_and_without_their_zero(db: None, tmp_path: Path) -> None:
    unit = factories.regional_unit("01", inside=factories.region("EL51", name_el="ΑΜΘ"))
    factories.municipality("0101", unit=unit)
    bring(geojson(tmp_path, {}, features=[
        {"type": "Feature", "properties": {"code": 101.0}, "geometry": mapping(SQUARES["2401"])}
    ]))  # fmt: skip
    assert Outline.objects.get().area.code == "0101"


def test_parts_given_one_by_one_become_one_outline(magnesia: Area, tmp_path: Path) -> None:
    path = geojson(tmp_path, SQUARES)
    document = json.loads(path.read_text())
    island = {
        "type": "Feature",
        "properties": {"code": "2401"},
        "geometry": mapping(box(23.1, 39, 23.2, 39.1)),
    }
    document["features"].append(island)
    path.write_text(json.dumps(document))
    bring(path)
    assert len(Outline.objects.get(area__code="2401").geometry) == 2


def test_holes_are_kept(magnesia: Area, tmp_path: Path) -> None:
    lake = box(22.83, 39.33, 22.86, 39.36)
    bring(geojson(tmp_path, SQUARES | {"2401": SQUARES["2401"].difference(lake)}))
    assert queries.municipality_at(Point(22.845, 39.345)) is None
    done = bring(geojson(tmp_path, SQUARES | {"2401": SQUARES["2401"].difference(lake)}), year=2022)
    assert [warning.key for warning in done.warnings] == ["gap"]


def test_only_one_region_of_a_file_of_several(magnesia: Area, tmp_path: Path) -> None:
    unit = factories.regional_unit("42", inside=factories.region("EL65"))
    factories.municipality("4201", unit=unit)
    shapes = SQUARES | {"4201": box(22.8, 37.8, 22.9, 37.9)}
    done = bring(geojson(tmp_path, shapes), region=magnesia)
    assert [made.region for made in done.sets] == [magnesia]
    assert [warning.key for warning in done.warnings] == ["other_region"]
    assert len(bring(geojson(tmp_path, shapes)).sets) == 2


# --- one set is in force --------------------------------------------------------------------------


def test_new_outlines_replace_the_old_ones_at_once(magnesia: Area, tmp_path: Path) -> None:
    bring(geojson(tmp_path, SQUARES))
    first = queries.active_boundaries(magnesia)
    bring(geojson(tmp_path, SQUARES | {"2401": box(22.7, 39.3, 22.9, 39.4)}))
    second = queries.active_boundaries(magnesia)
    assert first is not None
    assert second is not None
    assert first.version != second.version
    assert BoundarySet.objects.filter(is_active=True).count() == 1
    assert queries.municipality_at(Point(22.72, 39.35)) == factories.municipality("2401")


def test_the_same_file_again_changes_nothing(magnesia: Area, tmp_path: Path) -> None:
    path = geojson(tmp_path, SQUARES)
    assert bring(path).sets[0].pk == bring(path).sets[0].pk
    assert BoundarySet.objects.count() == 1


def test_a_dry_run_leaves_the_old_ones_in_force(magnesia: Area, tmp_path: Path) -> None:
    assert bring(geojson(tmp_path, SQUARES), dry_run=True).outlines == 4
    assert not BoundarySet.objects.exists()


def test_the_database_refuses_two_sets_in_force(magnesia: Area) -> None:
    facts: dict[str, Any] = {"region": magnesia, "is_active": True, "year": 2021, "accuracy_m": 1}
    BoundarySet.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        BoundarySet.objects.create(**facts)


# --- what is refused ------------------------------------------------------------------------------


def without(code: str) -> dict[str, Any]:
    return {c: shape for c, shape in SQUARES.items() if c != code}


def test_an_unknown_code(magnesia: Area, tmp_path: Path) -> None:
    assert refused(geojson(tmp_path, SQUARES | {"9999": box(23, 39, 23.1, 39.1)})) == ["unknown_code"]


def test_codes_of_two_families(magnesia: Area, tmp_path: Path) -> None:
    assert "mixed_codes" in refused(geojson(tmp_path, without("2404") | {"9107": SQUARES["2404"]}))


def test_an_outline_without_a_code(magnesia: Area, tmp_path: Path) -> None:
    assert refused(geojson(tmp_path, SQUARES | {None: box(23, 39, 23.1, 39.1)})) == ["no_code"]


def test_a_field_that_is_not_there(magnesia: Area, tmp_path: Path) -> None:
    assert refused(geojson(tmp_path, SQUARES), code_field="KALCODE") == ["code_field"]


def test_a_missing_municipality(magnesia: Area, tmp_path: Path) -> None:
    path = geojson(tmp_path, without("2403"))
    assert refused(path) == ["missing"]
    assert [warning.key for warning in bring(path, allow_missing=True).warnings] == ["missing"]


def test_a_region_that_the_file_does_not_hold(magnesia: Area, tmp_path: Path) -> None:
    other = factories.region("EL65")
    assert refused(geojson(tmp_path, SQUARES), region=other) == ["region_empty"]


def test_overlapping_areas(magnesia: Area, tmp_path: Path) -> None:
    assert refused(geojson(tmp_path, SQUARES | {"2401": box(22.8, 39.3, 22.95, 39.4)})) == ["overlap"]


def test_a_sliver_within_the_tolerance_is_cleaned_for_display(magnesia: Area, tmp_path: Path) -> None:
    wave = [(22.9 + 0.00002 * (k % 2), 39.3 + 0.1 * k / 400) for k in range(401)]
    ragged = Polygon([(22.8, 39.3), *wave, (22.8, 39.4)])
    bring(geojson(tmp_path, SQUARES | {"2401": ragged}), tolerance_km2=0.1)
    shown = [shapely.from_wkb(bytes(o.display.wkb)) for o in Outline.objects.all()]
    overlap = shown[0].intersection(shown[1]).area
    assert overlap < 1e-7


def test_a_ring_that_crosses_itself(magnesia: Area, tmp_path: Path) -> None:
    bow = Polygon([(22.8, 39.3), (22.9, 39.4), (22.9, 39.3), (22.8, 39.4)])
    path = geojson(tmp_path, SQUARES | {"2401": bow})
    assert refused(path) == ["invalid_ring"]
    assert bring(path, repair=True).outlines == 4


@pytest.mark.parametrize(
    ("geometry", "key"),
    [
        ({"type": "Point", "coordinates": [22.8, 39.3]}, "not_area"),
        ({"type": "Polygon", "coordinates": []}, "not_area"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]]]}, "not_area"),
        ({"type": "Polygon", "coordinates": [[[22.8, 39.3], [22.9, 39.3]]]}, "not_area"),
        (None, "not_area"),
        ("hello", "not_area"),
    ],
)
def test_what_is_no_area(magnesia: Area, tmp_path: Path, geometry: Any, key: str) -> None:
    path = geojson(tmp_path, without("2404"))
    document = json.loads(path.read_text())
    document["features"].append({"type": "Feature", "properties": {"code": "2404"}, "geometry": geometry})
    path.write_text(json.dumps(document))
    assert key in refused(path)


@pytest.mark.parametrize(
    ("shift", "key"),
    [((0, -20), "outside_greece"), ((17, -17), "outside_greece"), ((900, 0), "crs_unknown")],
)
def test_the_wrong_place(magnesia: Area, tmp_path: Path, shift: tuple[int, int], key: str) -> None:
    moved = {c: shapely.affinity.translate(s, *shift) for c, s in SQUARES.items()}
    assert refused(geojson(tmp_path, moved)) == [key]


def test_latitude_first(magnesia: Area, tmp_path: Path) -> None:
    swapped = {c: shapely.transform(s, lambda p: p[:, ::-1]) for c, s in SQUARES.items()}
    assert refused(geojson(tmp_path, swapped)) == ["outside_greece"]


def test_another_system_is_named(magnesia: Area, tmp_path: Path) -> None:
    assert refused(write_gpkg(tmp_path / "a.gpkg", SQUARES, "EPSG:3857")) == ["crs_other"]
    assert bring(tmp_path / "a.gpkg", crs=4326).outlines == 4


def test_several_layers_need_a_name(magnesia: Area, tmp_path: Path) -> None:
    write_gpkg(tmp_path / "a.gpkg", SQUARES, "EPSG:4326", layer="new")
    write_gpkg(tmp_path / "a.gpkg", SQUARES, "EPSG:4326", layer="old")
    assert refused(tmp_path / "a.gpkg") == ["layers"]
    assert bring(tmp_path / "a.gpkg", layer="new").outlines == 4


KML = b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml>&a;</kml>'


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        (b"   ", "format"),
        (b"hello", "format"),
        (KML, "markup"),
        (b"<html></html>", "markup"),
        (b'{"type": "FeatureCollection"}', "format"),
        (b'{"type": "FeatureCollection", "features": []}', "no_features"),
        (b'{"type": "FeatureCollection", "features": [1]}', "format"),
        (b'{"type": "Feature"}', "format"),
        (b'{"type": "FeatureCollection", "fea', "format"),
        (b"{" * 100_000, "format"),
        (b'{"a":' * 100_000, "format"),
        (
            b'{"type": "Topology", "arcs": [], "objects": {"a": {"type": "Polygon", "arcs": [[5]]}}}',
            "format",
        ),
        (b'{"type": "Topology", "arcs": 5}', "format"),
        (b"PK\x03\x04 and then nothing", "zip_damaged"),
        (b"SQLite format 3\0 and then nothing", "reading"),
        (b"\x89PNG\r\n\x1a\n", "format"),
    ],
)
def test_what_is_no_boundary_file(magnesia: Area, tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "areas.geojson"
    path.write_bytes(content)
    assert refused(path) == [key]


def test_a_file_that_is_not_there(magnesia: Area, tmp_path: Path) -> None:
    assert refused(tmp_path / "none.zip") == ["no_file"]


def test_a_zip_cut_off(magnesia: Area, tmp_path: Path) -> None:
    path = zipped_shapefile(tmp_path, SQUARES, "EPSG:4326")
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(path) == ["zip_damaged"]


def test_a_shapefile_cut_off_inside_its_zip(magnesia: Area, tmp_path: Path) -> None:
    whole = zipped_shapefile(tmp_path, SQUARES, "EPSG:4326")
    parts = {i.filename: zipfile.ZipFile(whole).read(i) for i in zipfile.ZipFile(whole).infolist()}
    cut = tmp_path / "cut.zip"
    with zipfile.ZipFile(cut, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content[:150] if name.endswith(".shp") else content)
    assert set(refused(cut)) & {"reading", "not_area", "no_features"}


def test_a_zip_without_a_shapefile_or_with_two(magnesia: Area, tmp_path: Path) -> None:
    for names in (["readme.txt"], ["a.shp", "a.shx", "b.shp"], ["a.shp"], ["../../a.shp", "../../a.dbf"]):
        path = tmp_path / "x.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        assert refused(path) == ["zip_content"], names


def test_a_zip_that_unpacks_without_end(
    magnesia: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reading.LIMITS, "unpacked_mb", 20)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in ("shp", "shx", "dbf"):
            archive.writestr(f"a.{suffix}", b"\0" * (100 * 2**20 if suffix == "shp" else 8))
    assert path.stat().st_size < 200_000
    assert refused(path) == ["zip_bomb"]


def test_a_zip_that_lies_about_its_size(
    magnesia: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reading.LIMITS, "unpacked_mb", 20)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * (60 * 2**20))
        archive.writestr("a.shx", b"x")
        archive.writestr("a.dbf", b"x")
    content = buffer.getvalue().replace(struct.pack("<I", 60 * 2**20), struct.pack("<I", 10))
    (tmp_path / "liar.zip").write_bytes(content)
    assert refused(tmp_path / "liar.zip")[0] in ("zip_bomb", "zip_damaged", "reading")


def test_a_file_that_needs_too_much_memory(
    magnesia: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reading.LIMITS, "memory_mb", 300)
    path = tmp_path / "large.geojson"
    path.write_bytes(b'{"type": "FeatureCollection", "features": [' + b"[1]," * 15_000_000 + b"[1]]}")
    assert refused(path)[0] in ("reading_memory", "reading")


def test_a_file_that_is_too_large(magnesia: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_MB", 1)
    path = tmp_path / "large.geojson"
    path.write_bytes(b"{" + b" " * 2**20)
    assert refused(path) == ["too_large"]


def test_too_many_outlines(magnesia: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reading.LIMITS, "outlines", 3)
    assert refused(geojson(tmp_path, SQUARES)) == ["too_many"]


@pytest.mark.parametrize("language", ["el", "en"])
def test_the_command_says_it_in_the_readers_language(
    magnesia: Area, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    path = geojson(tmp_path, SQUARES | {"2401": box(22.8, 39.3, 22.95, 39.4)})
    facts = {"code_field": "code", "year": 2021, "source": "x", "licence": "y", "language": language}
    with pytest.raises(CommandError):
        call_command("import_boundaries", str(path), **facts)
    said = capsys.readouterr().err
    assert ("επικαλύπτονται" in said) == (language == "el")
    assert ("overlap" in said) == (language == "en")


def test_every_sentence_names_its_facts_the_same_way_in_both_languages() -> None:
    import re

    from django.utils import translation

    for key, sentence in SENTENCES.items():
        with translation.override("el"):
            greek = str(sentence)
        with translation.override("en"):
            english = str(sentence)
        assert greek != english, key
        assert set(re.findall(r"%\((\w+)\)s", greek)) == set(re.findall(r"%\((\w+)\)s", english)), key


# --- the official file, and our own drawing -------------------------------------------------------


@pytest.fixture
def both_regions(db: None) -> None:
    factories.geography()


@pytest.mark.usefixtures("both_regions")
def test_the_official_file_replaces_the_drawing() -> None:
    path = OFFICIAL / "boundaries_th_pe_2011geom_2021codes.geojson"
    if not path.exists():
        pytest.skip("the official outlines are not beside this checkout")
    done = bring(path, code_field="ypes_2011", year=2011, source="geodata.gov.gr")
    assert (done.outlines, len(done.sets), done.warnings) == (51, 2, [])
    for made in done.sets:
        shown = [shapely.from_wkb(bytes(o.display.wkb)) for o in made.outlines.all()]
        assert shapely.get_num_coordinates(shown).sum() <= 120 * len(shown)
        assert shapely.union_all(shown).area == pytest.approx(sum(s.area for s in shown), rel=1e-6)
    assert queries.municipality_at(Point(22.9341819, 39.3639874)) == Area.objects.get(code="2401")
    call_command("load_geography", verbosity=0)
    assert set(BoundarySet.objects.filter(is_active=True).values_list("source", flat=True)) == {
        "geodata.gov.gr"
    }


@pytest.mark.usefixtures("both_regions")
def test_a_point_is_placed_by_the_drawing_and_the_sea_is_nowhere() -> None:
    places = {"2201": (22.4131, 39.6385), "2401": (22.9342, 39.364), "4401": (22.11265, 37.03913)}
    for code, (longitude, latitude) in places.items():
        assert queries.municipality_at(Point(longitude, latitude)) == Area.objects.municipalities().get(
            code=code
        )
    for longitude, latitude in ((24.6, 39.4), (23.9, 37.0), (0, 0), (22.0, 36.0)):
        assert queries.municipality_at(Point(longitude, latitude)) is None
    peloponnese = Area.objects.get(code="EL65")
    assert queries.municipality_at(Point(*places["2201"]), region=peloponnese) is None


@pytest.mark.usefixtures("both_regions")
def test_a_quay_outside_the_drawn_coast_belongs_to_its_municipality() -> None:
    kardamyli = Point(22.2310, 36.8885)
    assert queries.municipality_at(kardamyli) == Area.objects.get(code="4402")
    assert queries.may_lie_in(kardamyli, Area.objects.get(code="4402"))
    assert not queries.may_lie_in(kardamyli, Area.objects.municipalities().get(code="2201"))


def test_display_outlines_of_few_points_stay_as_they_are() -> None:
    outlines = [MultiPolygon([shape]) for shape in SQUARES.values()]
    assert display_outlines(outlines) == outlines


def test_display_outlines_keep_a_municipality_that_is_all_islets() -> None:
    islets = MultiPolygon([islet(24.0, 38.0), islet(24.1, 38.0)])
    mainland = MultiPolygon([shapely.Point(22.5, 39.5).buffer(0.2, quad_segs=400)])
    shown = display_outlines([islets, mainland])
    assert [len(shape.geoms) for shape in shown] == [1, 1]
    assert shapely.get_num_coordinates(shown).sum() <= 240


def islet(longitude: float, latitude: float) -> Polygon:
    return shapely.Point(longitude, latitude).buffer(0.001, quad_segs=100)
