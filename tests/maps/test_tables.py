"""Files of views: the workbook says the rows of the CSV and takes the words along."""

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
VIEWS = [
    ("ranking", "indicator=arop", "Place in the ranking"),
    ("comparison", "indicator=arop&area=2201&area=2401", "Change over the periods"),
    ("beside", "indicator=arop&with=smsd", "Note"),
    ("indicators", "indicator=arop", "Beside the region"),
    ("together", "indicator=arop&kind=community_centre", "Structures per 10,000 residents"),
]


@pytest.fixture(autouse=True)
def figures(publish: Publish) -> None:
    for code in ("arop", "smsd"):
        told = {"2201": figure(40.0, n_effective=81.26), "2401": figure(21.0), "2202": figure(None)}
        publish(told, code=code)
    factories.structure("community_centre")


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    content = client.get(f"/en/maps/{address}", **THESSALY).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


@pytest.mark.parametrize(("name", "query", "own"), VIEWS)
def test_a_workbook_holds_the_rows_of_the_csv_and_the_words(
    client: Client, name: str, query: str, own: str
) -> None:
    answer = client.get(f"/en/maps/{name}.xlsx?{query}", **THESSALY)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith('.xlsx"')
    book = load_workbook(io.BytesIO(answer.content), read_only=True)
    heading, *rows = book.worksheets[0].iter_rows(values_only=True)
    told = rows_of(client, f"{name}.csv?{query}")
    assert own in heading
    assert list(heading) == list(told[0])
    code, value = heading.index("Code"), heading.index("Value")
    assert [(row[code], row[value] is None) for row in rows] == [
        (row["Code"], not row["Value"]) for row in told
    ]
    words = [row[0] for row in book.worksheets[1].iter_rows(values_only=True)]
    assert any(text.startswith("Source: Survey.") for text in words)
    again = client.get(f"/en/maps/{name}.xlsx?{query}", HTTP_IF_NONE_MATCH=answer["ETag"], **THESSALY)
    assert again.status_code == 304


@pytest.mark.parametrize(("name", "query", "own"), VIEWS)
def test_pages_offer_both(client: Client, name: str, query: str, own: str) -> None:
    page = client.get(f"/en/maps/{name}/?{query}", **THESSALY).content.decode()
    for ending in ("csv", "xlsx"):
        assert f'href="/en/maps/{name}.{ending}?' in page
        assert f"Download {ending.upper()}" in page


def test_what_a_csv_refuses_a_workbook_refuses(client: Client) -> None:
    for query in (
        "comparison.xlsx?indicator=arop&area=9999",
        "beside.xlsx?with=nothing",
        "ranking.xlsx?mode=x",
        "together.xlsx?indicator=arop&kind=nothing",
    ):
        assert client.get(f"/en/maps/{query}", **THESSALY).status_code == 404


def test_files_of_maps_carry_the_effective_number(client: Client) -> None:
    for name, query, _own in VIEWS:
        row = next(one for one in rows_of(client, f"{name}.csv?{query}") if one["Code"] == "2201")
        assert (row["Number of persons asked"], row["Effective number"]) == ("100", "81,3")
        assert (row["Code of the indicator"], row["Indicator"]) == ("arop", "At risk of poverty")
    withheld = next(
        one for one in rows_of(client, "indicators.csv?indicator=arop") if one["Code"] == "2202"
    )
    assert withheld["Effective number"] == withheld["Number of persons asked"] == ""
