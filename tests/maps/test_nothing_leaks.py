"""A withheld figure is nowhere: no number beside its area, no class, no place, no colour of its own.

The database itself refuses a number beside a reason (``observation_withheld_tells_nothing``); these tests
look at what people and programmes are given.
"""

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from entaxis.core import kept
from tests.maps.conftest import Publish, figure
from tests.maps.test_printing import text_of

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
WITHHELD = "Agia"  # 2202
ASKED = "indicator=arop&level=municipality"

Read = Callable[[str], bytes]


@pytest.fixture
def read(client: Client, publish: Publish) -> Read:
    """Two years in which Agia is withheld, others are not."""
    for number, period in enumerate(("2022", "2023")):
        publish(
            {
                "2201": figure(40.0 - number),
                "2202": figure(None),
                "2401": figure(21.0),
                "2301": figure(15.0),
            },
            period=period,
        )

    def get(path: str) -> bytes:
        answer = client.get(f"/en/{path}", **THESSALY)
        assert answer.status_code == 200
        return answer.content

    return get


def numbers(text: str) -> list[str]:
    """The numbers in words that follow an area's name."""
    return re.findall(r"\d+", text.replace("2202", ""))


def test_the_table_of_the_page_says_why_and_nothing_else(read: Read) -> None:
    page = read(f"maps/indicators/?{ASKED}").decode()
    row = page[page.index('<tr id="area-2202">') : page.index('<tr id="area-2203">')]
    assert WITHHELD in row
    assert numbers(re.sub(r"<[^>]+>", " ", row.replace('colspan="3"', ""))) == []


@pytest.mark.parametrize(
    "path",
    ["maps/indicators/", "maps/indicators/embed/", "maps/indicators.svg", "maps/indicators/thumbnail.svg"],
)
@pytest.mark.parametrize("mode", ["hatched", "blended", "difference"])
def test_words_and_colours_of_the_drawing(read: Read, path: str, mode: str) -> None:
    page = read(f"{path}?{ASKED}&mode={mode}").decode()
    titles = re.findall(rf">({WITHHELD}[^<]*)<|\"({WITHHELD}[^\"]*)\"", page)
    assert titles
    assert all(numbers(one or other) == [] for one, other in titles)
    drawn = re.search(r'id="\w+-2202"[^>]*>', page)
    assert drawn
    assert "withheld" in page


def test_classes_are_those_of_what_is_shown(read: Read) -> None:
    page = read(f"maps/indicators/?{ASKED}").decode()
    legend = page[page.index('class="legend"') :]
    legend = legend[: legend.index("</ul>")]
    told = {float(one) for one in re.findall(r"<span>([\d.]+)(?: – [\d.]+)?</span>", legend)}
    assert told <= {40.0, 39.0, 21.0, 15.0}


def test_tables_to_take_away(read: Read) -> None:
    lines = csv.reader(io.StringIO(read(f"maps/indicators.csv?{ASKED}").decode("utf-8-sig")), delimiter=";")
    row = next(line for line in lines if "2202" in line)
    told = [cell for cell in row if "/en/figures/" not in cell]  # a passport's address is drawn by chance
    assert [cell for cell in told if numbers(cell)] == [
        "2023",
        "0",
    ]  # the period; no model
    sheet = load_workbook(io.BytesIO(read(f"maps/indicators.xlsx?{ASKED}"))).worksheets[0]
    cells = next(line for line in sheet.values if "2202" in [str(cell) for cell in line])
    assert [cell for cell in cells if isinstance(cell, int | float)] == [False]  # that no model made it


def test_geojson_gives_the_lines_and_the_reason(read: Read) -> None:
    found = json.loads(read(f"maps/indicators.geojson?{ASKED}"))
    agia = next(one for one in found["features"] if one["id"] == "2202")
    facts = agia["properties"]
    assert agia["geometry"]["type"] == "MultiPolygon"
    assert facts["reason"]
    assert {key for key, value in facts.items() if isinstance(value, int | float)} <= {
        "is_modelled",
        "is_synthetic",
    }
    larissa = next(one for one in found["features"] if one["id"] == "2201")["properties"]
    assert (larissa["n"], larissa["n_effective"]) == (100, None)
    assert (facts["n"], facts["n_effective"]) == (None, None)


@pytest.mark.parametrize("path", ["maps/ranking/", "maps/comparison/"])
def test_no_place_and_no_change(read: Read, path: str) -> None:
    page = read(f"{path}?{ASKED}&area=2202&area=2201").decode()
    after = page[page.index("</form>") :]
    said = [
        re.sub(r"<[^>]+>", " ", one)
        for one in re.findall(rf"<(?:tr|li|p)>.*?{WITHHELD}.*?</(?:tr|li|p)>", after, re.DOTALL)
    ]
    alone = [one for one in said if "Larissa" not in one]
    assert all(set(numbers(one)) <= {"2022", "2023"} for one in alone)


def test_the_profile_on_screen_and_on_paper(read: Read) -> None:
    page = re.sub(r"<[^>]+>", " ", read("profiles/2202/").decode())
    paper = text_of(read("profiles/2202.pdf"))
    for text in (page, paper):
        told = (
            text[text.index("All indicators") : text.index("Structures by kind")]
            if "Structures by kind" in text
            else text[text.index("All indicators") : text.index("Sources")]
        )
        row = told[told.index("At risk of poverty") :]
        assert set(numbers(row)) <= {"2023", "20", "0", "95"}  # the period and the region's own figure


def test_what_is_kept_goes_when_a_figure_is_withdrawn(client: Client, publish: Publish) -> None:
    """A file made while a figure was public is not given out once another release withheld it."""
    publish({"2202": figure(33.3), "2201": figure(20.0)})
    address = f"/en/maps/indicators.csv?{ASKED}"
    before = client.get(address, **THESSALY)
    assert "33,3" in before.content.decode("utf-8-sig") or "33.3" in before.content.decode("utf-8-sig")
    publish({"2202": figure(None), "2201": figure(20.0)}, period="2024")
    kept.forget()  # half a minute later
    after = client.get(address, headers={"if-none-match": before["ETag"]}, **THESSALY)
    assert after.status_code == 200
    assert "33" not in re.sub(r"http\S+", "", after.content.decode("utf-8-sig"))
