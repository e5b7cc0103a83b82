"""A composite index of figures of which some come from a model says so through every door."""

import csv
import io
import re
import subprocess
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from openpyxl import load_workbook

from entaxis.directory.models import KindCompleteness
from entaxis.geography.models import Area
from entaxis.indicators.harmonisation import source
from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
INDEX = "indicator=deprivation_index"
pytestmark = pytest.mark.usefixtures("index")


@pytest.fixture
def index(publish: Publish, thessaly: Area) -> None:
    """Kileler's comes from a model, Larissa's does not."""
    source.load()
    kind = factories.term("community_centre")
    for area in Area.objects.municipalities().of(thessaly):
        KindCompleteness.objects.create(kind=kind, municipality=area, state="complete")
        factories.structure(kind, municipality=area, point=None)
    publish(
        {"2201": figure(40.0), "2204": figure(60.0, is_modelled=True)},
        code="deprivation_index",
        region=figure(30.0),
    )


def row_of(page: str, name: str) -> str:
    """What a table says in the row of an area."""
    rows = re.findall(r"<tr\b[^>]*>.*?</tr>", page, re.DOTALL)
    found = [row for row in rows if re.search(rf'scope="row"[^>]*>(<a[^>]*>)?{name}<', row)]
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", " ", row) for row in found)


@pytest.mark.parametrize(
    "address",
    [
        f"maps/indicators/?{INDEX}",
        f"maps/ranking/?{INDEX}",
        f"maps/comparison/?{INDEX}&area=2201&area=2204",
        f"maps/together/?{INDEX}",
        "indicators/deprivation_index/",
        f"indicators/tables/?{INDEX}",
    ],
)
def test_tables_of_areas_say_it_in_the_areas_row(client: Client, address: str) -> None:
    page = client.get(f"/en/{address}", **THESSALY).content.decode()
    assert re.search("from a model|modelled", row_of(page, "Kileler"))
    assert not re.search("from a model|modelled", row_of(page, "Larissa"))


@pytest.mark.parametrize(
    "address", [f"maps/indicators/?{INDEX}", f"maps/indicators/embed/?{INDEX}", f"maps/together/?{INDEX}"]
)
def test_maps_draw_it_and_their_words_and_legend_say_it(client: Client, address: str) -> None:
    page = client.get(f"/en/{address}", **THESSALY).content.decode()
    drawing = page[page.index('class="choropleth"') :]
    areas = re.findall(
        r'<(?:a|g)\b[^>]*aria-label="((?:Kileler|Larissa): [^"]*)"[^>]*>.*?</(?:a|g)>', drawing
    )
    kileler, larissa = (
        next(one for one in areas if one.startswith(name)) for name in ("Kileler", "Larissa")
    )
    assert "from a model" in kileler
    assert "from a model" not in larissa
    shapes = re.findall(r'<path id="\w+-2204"[^>]*/>(.*?)</[ag]>', drawing)
    assert shapes
    assert all("-modelled)" in shape for shape in shapes[:1])
    assert re.search(r"<span>from a model</span>|Small circles: it comes from a model", page)


def test_drawings_of_intervals_say_it(client: Client) -> None:
    page = client.get(f"/en/maps/ranking/?{INDEX}", **THESSALY).content.decode()
    marks = re.findall(r"<title>(Kileler: [^<]*|Larissa: [^<]*)</title>", page)
    assert sorted("from a model" in mark for mark in marks) == [False, True]
    assert all("Kileler" in mark for mark in marks if "from a model" in mark)


@pytest.mark.parametrize(
    "address",
    [
        f"maps/indicators.csv?{INDEX}",
        f"maps/ranking.csv?{INDEX}",
        f"maps/comparison.csv?{INDEX}&area=2201&area=2204",
        f"maps/together.csv?{INDEX}&kind=community_centre",
        f"indicators/tables/figures.csv?{INDEX}",
    ],
)
def test_files_say_it(client: Client, address: str) -> None:
    content = client.get(f"/en/{address}", **THESSALY).content.decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(content), delimiter=";")
    told = {row[heading.index("Area")]: dict(zip(heading, row, strict=True)) for row in rows}

    def says(name: str) -> bool:
        row = told[name]
        return "modelled" in row["Note"] or row.get("From a model", "").lower() in {"true", "1", "yes"}

    assert says("Kileler")
    assert not says("Larissa")


def test_workbook_drawing_and_interfaces_say_it(client: Client) -> None:
    book = load_workbook(
        io.BytesIO(client.get(f"/en/maps/indicators.xlsx?{INDEX}", **THESSALY).content), read_only=True
    )
    heading, *rows = book.worksheets[0].iter_rows(values_only=True)
    flags = {row[heading.index("Area")]: row[heading.index("From a model")] for row in rows}
    assert (bool(flags["Kileler"]), bool(flags["Larissa"])) == (True, False)
    drawing = client.get(f"/en/maps/indicators.svg?{INDEX}", **THESSALY).content.decode()
    words = "".join(ET.fromstring(drawing).itertext())
    assert "from a model" in words
    for address in (f"/en/maps/indicators.geojson?{INDEX}", f"/en/maps/indicators/areas.geojson?{INDEX}"):
        found = client.get(address, **THESSALY).json()["features"]
        told = {one["properties"]["code"]: str(one["properties"]) for one in found}
        assert re.search("'is_modelled': True|'modelled'", told["2204"])
        assert not re.search("'is_modelled': True|'modelled'", told["2201"])
    answer = client.get(f"/api/v1/observations?{INDEX}", **THESSALY).json()["results"]
    assert {row["area"] for row in answer if row["is_modelled"]} == {"2204"}


def test_profile_and_its_paper_say_it(client: Client) -> None:
    page = client.get("/en/profiles/2204/", **THESSALY).content.decode()
    assert "from a model" in row_of(page, "Composite deprivation index")
    paper = client.get("/en/profiles/2204.pdf", **THESSALY).content
    words = subprocess.run(
        ["/usr/bin/pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True
    ).stdout.decode()
    words = " ".join(words.split())  # a cell may break its words over lines
    row = words[words.index("60.0") :]
    assert "from a model" in row[: row.index("Registered structures")]
