"""The first map: what it shows is counted, what is not known stays not known, nothing confidential."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from entaxis.directory.models import KindCompleteness, Structure
from entaxis.geography import choropleth, pictures
from entaxis.geography.models import Area, BoundarySet, Level, Population
from entaxis.maps import structures
from entaxis.vocabularies.models import Term
from tests import factories
from tests.maps.conftest import assert_table_first

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
PELOPONNESE = {"HTTP_HOST": "peloponnese.localhost"}
State = KindCompleteness.State
PATHS = ["structures/", *(f"structures.{ending}" for ending in ("svg", "png", "geojson", "csv", "xlsx"))]
PAGE = "/el/maps/structures/?kind=community_centre&level=municipality"


@pytest.fixture
def kind(db: None) -> Term:
    """Larissa 2 (complete), Volos 1 (in part), Agia none (complete); of the others nobody knows."""
    caches["local"].clear()
    factories.geography()
    names = {"label_el": "Κέντρο Κοινότητας", "plural_el": "Κέντρα Κοινότητας"}
    made = factories.term(
        "community_centre", **names, label_en="Community Centre", plural_en="Community Centres"
    )
    for code, number, state in (
        ("2201", 2, State.COMPLETE),
        ("2401", 1, State.PARTIAL),
        ("2202", 0, State.COMPLETE),
    ):
        municipality = Area.objects.municipalities().get(code=code)
        for _ in range(number):
            factories.structure(made, municipality=municipality, point=None)
        KindCompleteness.objects.create(kind=made, municipality=municipality, state=state)
    return made


def the_map(kind: Term, level: Level = Level.MUNICIPALITY, region: str = "EL61") -> structures.StructureMap:
    found = structures.region_counts(Area.objects.get(code=region))
    return structures.structure_map(found, kind, level)


# --- figures --------------------------------------------------------------------------------------


def test_a_rate_is_structures_per_ten_thousand_residents(kind: Term) -> None:
    rates = {row.area.code: row.rate for row in the_map(kind).rows}
    assert rates["2201"] == pytest.approx(2 * 10_000 / 164_381)
    assert rates["2401"] == pytest.approx(10_000 / 138_865)


def test_a_known_nought_is_nought_and_an_unknown_is_not(kind: Term) -> None:
    rates = {row.area.code: row.rate for row in the_map(kind).rows}
    assert rates["2202"] == 0
    assert rates["2203"] is None
    assert sum(rate is None for rate in rates.values()) == 22


def test_units_count_what_their_municipalities_count(kind: Term) -> None:
    fine, coarse = the_map(kind), the_map(kind, Level.REGIONAL_UNIT)
    assert [row.area.code for row in coarse.rows] == ["22", "23", "24", "25", "26"]
    assert sum(row.cell.registered or 0 for row in fine.rows) == 3
    assert sum(row.cell.registered or 0 for row in coarse.rows) == 3
    assert (
        sum(row.persons or 0 for row in fine.rows)
        == sum(row.persons or 0 for row in coarse.rows)
        == 687_527
    )
    magnesia = coarse.rows[2]
    assert magnesia.rate == pytest.approx(10_000 / 176_588)
    assert magnesia.cell.state == State.PARTIAL


def test_sentences_name_the_most_and_what_is_not_known(kind: Term) -> None:
    with translation.override("en"):
        said = " ".join(the_map(kind).sentences)
    assert "3 registered" in said
    assert "Larissa (0.12), Volos (0.07)" in said
    assert "For 22 of 25 areas it is not known" in said


def test_without_residents_there_is_no_rate(kind: Term) -> None:
    Population.objects.all().delete()
    shown = the_map(kind)
    assert shown.residents is None
    assert {row.rate for row in shown.rows} == {None}


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"), [("el", "ανά 10.000 κατοίκους"), ("en", "per 10,000 residents")]
)
@pytest.mark.parametrize("level", ["municipality", "regional_unit"])
def test_the_page_stands_in_both_languages(
    client: Client, kind: Term, language: str, words: str, level: str
) -> None:
    answer = client.get(f"/{language}/maps/structures/?kind=community_centre&level={level}", **THESSALY)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert ("προσωρινά στοιχεία" if language == "el" else "provisional") in page
    assert "geodata.gov.gr" in page


def test_words_come_first_then_the_table_then_the_map(client: Client, kind: Term) -> None:
    assert_table_first(client.get(PAGE, **THESSALY).content.decode())


def test_every_area_of_the_map_leads_to_its_row(client: Client, kind: Term) -> None:
    page = client.get(PAGE, **THESSALY).content.decode()
    leads = set(re.findall(r'href="#(area-\d+)"', page))
    rows = set(re.findall(r'<tr id="(area-\d+)"', page))
    assert leads == rows
    assert len(rows) == 25


def test_what_is_not_known_is_neither_drawn_nor_written_as_nought(client: Client, kind: Term) -> None:
    page = client.get(PAGE, **THESSALY).content.decode()
    row = page[page.index('<tr id="area-2203"') :].split("</tr>")[0]
    assert "δεν γνωρίζουμε" in row
    assert not re.search(r">\s*0([.,]0+)?\s*<", row)
    assert page.count("url(#map-unknown)") == 22 + 1  # the areas and the legend
    assert page.count("url(#map-partial)") == 1 + 1


def test_demonstration_data_say_so_and_real_data_do_not(client: Client, kind: Term) -> None:
    assert "Δεδομένα επίδειξης" not in client.get(PAGE, **THESSALY).content.decode()
    Structure.objects.update(is_synthetic=True)
    assert "Δεδομένα επίδειξης" in client.get(PAGE, **THESSALY).content.decode()
    for ending in ("svg", "csv"):
        content = client.get(PAGE.replace("/?", f".{ending}?"), **THESSALY).content.decode()
        assert "Δεδομένα επίδειξης" in content.replace("\n", " "), ending


def test_a_region_shows_its_own_municipalities(client: Client, kind: Term) -> None:
    page = client.get(PAGE, **PELOPONNESE).content.decode()
    assert '<tr id="area-4201"' in page
    assert '<tr id="area-2201"' not in page


def test_the_page_stands_under_the_strict_policy(client: Client, kind: Term) -> None:
    answer = client.get(PAGE, **THESSALY)
    assert "style-src 'self'" in answer["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|<style|\son\w+=", answer.content.decode())


def test_questions_to_the_database_do_not_grow_with_the_region(
    client: Client, kind: Term, django_assert_max_num_queries: object
) -> None:
    client.get(PAGE, **THESSALY)
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        client.get(PAGE, **THESSALY)


def test_the_list_of_maps_leads_to_every_kind(client: Client, kind: Term) -> None:
    factories.term("social_pharmacy", label_el="Κοινωνικό Φαρμακείο")
    page = client.get("/el/maps/", **THESSALY).content.decode()
    assert "kind=community_centre" in page
    assert "kind=social_pharmacy" in page


def test_before_anything_is_loaded_the_pages_stand(client: Client, db: None) -> None:
    factories.region()
    assert client.get("/el/maps/", **THESSALY).status_code == 200
    assert client.get("/el/maps/structures/", **THESSALY).status_code == 200


def test_without_outlines_the_table_stands_alone(client: Client, kind: Term) -> None:
    BoundarySet.objects.all().delete()
    page = client.get(PAGE, **THESSALY).content.decode()
    assert '<tr id="area-2201"' in page
    assert 'class="choropleth"' not in page
    assert client.get(PAGE.replace("/?", ".svg?"), **THESSALY).status_code == 404


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    ["kind=shelters", "kind=%00", "kind=community_centre&level=village", "kind=community_centre&level=%00"],
)
def test_a_map_that_is_not_there_is_not_found(client: Client, kind: Term, path: str, query: str) -> None:
    answer = client.get(f"/el/maps/{path}?{query}", **THESSALY)
    assert answer.status_code == (400 if "%00" in query else 404)


@pytest.mark.parametrize("path", PATHS)
def test_a_confidential_kind_has_no_map(client: Client, kind: Term, path: str) -> None:
    hidden = factories.confidential_structure()
    assert client.get(f"/el/maps/{path}?kind={hidden.kind.key}", **THESSALY).status_code == 404
    assert hidden.kind.key not in client.get("/el/maps/", **THESSALY).content.decode()
    assert hidden.kind.key not in client.get(PAGE, **THESSALY).content.decode()


# --- downloads ------------------------------------------------------------------------------------


def test_the_table_opens_in_the_local_excel(client: Client, kind: Term) -> None:
    answer = client.get(PAGE.replace("/?", ".csv?"), **THESSALY)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    by_code = {row["Κωδικός"]: row for row in rows}
    assert len(rows) == 25
    assert by_code["2201"]["Δομές ανά 10.000 κατοίκους"] == "0,122"
    assert by_code["2201"]["Έκδοση στοιχείων"] == "προσωρινά στοιχεία"
    assert (by_code["2202"]["Καταχωρισμένες δομές"], by_code["2203"]["Καταχωρισμένες δομές"]) == ("0", "")


def test_other_files_hold_the_same_and_know_nothing_of_what_is_not_known(
    client: Client, kind: Term
) -> None:
    told = client.get(PAGE.replace("/?", ".geojson?"), **THESSALY).json()
    areas = {feature["id"]: feature["properties"] for feature in told["features"]}
    assert len(areas) == 25
    assert all(feature["geometry"] for feature in told["features"])
    assert areas["2201"]["registered"] == 2
    assert areas["2202"]["per_10000"] == 0
    assert (areas["2203"]["registered"], areas["2203"]["per_10000"]) == (None, None)
    book = load_workbook(io.BytesIO(client.get(PAGE.replace("/?", ".xlsx?"), **THESSALY).content))
    rows = {str(row[0]): row for row in book.worksheets[0].values}
    assert rows["2201"][4] == 2
    assert rows["2203"][4] is None
    assert any("καταμέτρηση" in str(row[0]) for row in book.worksheets[1].values)


def test_the_drawing_stands_alone_and_the_picture_is_one(client: Client, kind: Term) -> None:
    drawing = client.get(PAGE.replace("/?", ".svg?"), **THESSALY)
    root = ET.fromstring(drawing.content)
    text = " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Κέντρα Κοινότητας ανά 10.000 κατοίκους" in text
    assert "geodata.gov.gr" in text
    assert "προσωρινά στοιχεία" in text
    picture = client.get(PAGE.replace("/?", ".png?"), **THESSALY)
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"


# --- drawn once -----------------------------------------------------------------------------------


@pytest.fixture
def drawings(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every picture that is really drawn, in a folder of the test's own."""
    settings.DATA = tmp_path
    made: list[str] = []
    draw = choropleth.png

    def counted(drawing: str) -> bytes:
        made.append(drawing)
        return draw(drawing)

    monkeypatch.setattr(choropleth, "png", counted)
    return made


PICTURE = PAGE.replace("/?", ".png?")


@pytest.mark.parametrize("ending", ["svg", "png", "csv"])
def test_a_file_that_somebody_has_is_not_sent_again(
    client: Client, kind: Term, drawings: list[str], ending: str
) -> None:
    address = PAGE.replace("/?", f".{ending}?")
    first = client.get(address, **THESSALY)
    assert "no-cache" in first["Cache-Control"]
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"], **THESSALY)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    factories.structure(kind, municipality=Area.objects.municipalities().get(code="2401"), point=None)
    changed = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"], **THESSALY)
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert changed.content != first.content
    english = client.get(address.replace("/el/", "/en/"), HTTP_IF_NONE_MATCH=changed["ETag"], **THESSALY)
    assert english.status_code == 200


def test_twenty_who_ask_at_once_have_it_drawn_once(client: Client, kind: Term, drawings: list[str]) -> None:
    drawing = choropleth.whole_svg(_drawing(kind))
    with ThreadPoolExecutor(20) as crowd:
        found = list(crowd.map(lambda _: pictures.png(drawing), range(20)))
    assert len(drawings) == 1
    assert len(set(found)) == 1


def test_one_state_is_drawn_once_and_another_anew(client: Client, kind: Term, drawings: list[str]) -> None:
    first = client.get(PICTURE, **THESSALY).content
    caches["local"].clear()  # as in another process
    assert client.get(PICTURE, **THESSALY).content == first
    assert len(drawings) == 1
    factories.structure(kind, municipality=Area.objects.municipalities().get(code="2401"), point=None)
    assert client.get(PICTURE, **THESSALY).content != first
    assert len(drawings) == 2


def test_pictures_that_are_kept_stay_few(
    kind: Term, drawings: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pictures, "MOST_KEPT", 2)
    drawing = choropleth.whole_svg(_drawing(kind))
    for number in range(4):
        pictures.png(drawing.replace("Λάρισα", f"Λάρισα {number}"))
    assert len(list((tmp_path / "drawn").glob("*.png"))) == 2


def test_a_picture_is_light(client: Client, kind: Term, drawings: list[str]) -> None:
    assert len(client.get(PICTURE, **THESSALY).content) < 200_000


def _drawing(kind: Term) -> choropleth.Choropleth:
    drawn = the_map(kind).choropleth()
    assert drawn is not None
    return drawn
