"""Names that attack – markup, formulas – in everything that leaves: pages, drawings, tables, workbooks.

Names come in with tables from outside: of structures, of kinds (vocabularies), of areas (registers).
"""

import csv
import io
import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.core.cache import caches
from django.test import Client

from entaxis.directory.models import Structure
from entaxis.geography.models import Area
from entaxis.vocabularies.models import Term
from tests import factories

HOST = {"HTTP_HOST": "thessaly.localhost"}
MARKUP = "<img src=x onerror=alert(1)>\"'</title></text><script>alert(2)</script>&lt;"
FORMULAS = ("=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\t=1")
KIND = f"=1+1{MARKUP}"
AREA = f"@SUM(A1){MARKUP}"


@pytest.fixture
def attacked(db: None) -> Structure:
    caches["local"].clear()
    factories.geography()
    kind = factories.term("community_centre")
    Term.objects.filter(pk=kind.pk).update(
        label_el=KIND, label_en=KIND, plural_el=KIND, plural_en=KIND, abbreviation_el="=1"
    )
    town = Area.objects.municipalities().get(code="2201")
    Area.objects.filter(pk=town.pk).update(name_el=AREA, name_en=AREA, name_el_genitive=AREA)
    kind.refresh_from_db()
    town.refresh_from_db()
    made = factories.structure(
        kind,
        municipality=town,
        point=town.seat,
        name_el=MARKUP,
        name_en=MARKUP,
        locality=MARKUP[:100],
        street=MARKUP[:100],
        body=factories.body(name_el=MARKUP, name_en=MARKUP),
    )
    factories.contact(made)
    return made


class _Tags(HTMLParser):
    """What a browser would make of a page: its elements, and the attributes that run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.bad += [name for name in names if name.startswith("on")]
        self.bad += [tag] if tag == "img" and names.get("src") == "x" else []
        self._inside = "" if names.get("src") or names.get("type") == "application/json" else tag

    def handle_data(self, data: str) -> None:
        if self._inside == "script" and "alert" in data:
            self.bad.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


@pytest.mark.parametrize(
    "path",
    [
        "structures/",
        "structures/counts/",
        "structures/{pk}/",
        "maps/",
        "maps/structures/",
        "maps/structures/?kind=community_centre&level=regional_unit",
        "sheet/2201/",
    ],
)
@pytest.mark.parametrize("language", ["el", "en"])
def test_a_page_shows_markup_as_text(client: Client, attacked: Structure, path: str, language: str) -> None:
    answer = client.get(f"/{language}/{path.format(pk=attacked.pk)}", **HOST)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "alert(1)" in page
    assert not _Tags(page).bad


def test_a_drawing_shows_markup_as_text(client: Client, attacked: Structure) -> None:
    answer = client.get("/el/maps/structures.svg?kind=community_centre", **HOST)
    drawing = ET.fromstring(answer.content)
    names = {node.tag.rpartition("}")[2] for node in drawing.iter()}
    assert names <= {"svg", "defs", "pattern", "path", "circle", "g", "title", "text", "use"}
    assert all(node.attrib["href"].startswith("#") for node in drawing.iter() if node.tag.endswith("}use"))
    assert not [key for node in drawing.iter() for key in node.attrib if key.lower().startswith("on")]
    assert AREA in " ".join(node.text or "" for node in drawing.iter())


def _harmful(cells: list[str]) -> list[str]:
    return [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("path", ["maps/structures.csv?kind=community_centre", "structures/counts.csv"])
def test_a_table_holds_no_formula(client: Client, attacked: Structure, path: str, formula: str) -> None:
    Term.objects.filter(pk=attacked.kind_id).update(label_el=formula, plural_el=formula)
    Area.objects.filter(code="2201").update(name_el=formula)
    text = client.get(f"/el/{path}", **HOST).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row]
    assert [cell for cell in cells if cell == f"'{formula}"]
    assert not _harmful(cells)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_workbook_holds_no_formula(client: Client, attacked: Structure, formula: str) -> None:
    Term.objects.filter(pk=attacked.kind_id).update(label_el=formula, plural_el=formula)
    Area.objects.filter(code="2201").update(name_el=formula)
    content = client.get("/el/structures/counts.xlsx", **HOST).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not _harmful([cell.value for cell in cells if isinstance(cell.value, str)])


def test_the_interface_hands_names_on_as_they_are_and_as_data(client: Client, attacked: Structure) -> None:
    answer = client.post("/api/v1/structures/points", {}, content_type="application/json", **HOST)
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    (point,) = json.loads(answer.content)["features"]
    assert point["properties"]["name"] == MARKUP
