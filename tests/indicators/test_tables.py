import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from entaxis.geography.models import Area
from entaxis.indicators.models import Observation, Release
from tests.indicators.conftest import Publish, cells

pytestmark = pytest.mark.django_db
FILES = "/el/indicators/tables/figures."


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": "thessaly.localhost"})


def test_page_and_files_say_the_same_rows(publish: Publish, region: Area, reader: Client) -> None:
    rows = cells(region)
    next(row for row in rows if row.area_id == Area.objects.get(code="2203").pk).value = 77.7
    publish(rows)
    query = "?indicator=arop&level=municipality&breakdown=total"
    page = reader.get(f"/el/indicators/tables/{query}")
    assert page.status_code == 200
    assert "συνθετικά" in page.content.decode()
    asked = Observation.objects.filter(area__code="2201", breakdown="total").get()
    assert (asked.n, asked.n_effective) == (300, 150)
    row = page.content.decode().split("Δήμος 2201</th>")[1].split("</tr>")[0]
    assert '<td data-label="Ρωτήθηκαν">300</td>' in row
    assert ">150</td>" in row
    wanted = Observation.objects.filter(area__level="municipality", breakdown="total").count()
    assert "Για καμία περιοχή δεν μπορούμε να πούμε με βεβαιότητα" in page.content.decode()
    assert re.search(
        r"\d περιοχ(ή δεν δίνεται|ές δεν δίνονται)· ο πίνακας λέει γιατί", page.content.decode()
    )
    every = reader.get("/en/indicators/tables/?indicator=arop").content.decode()
    assert "with 95 % confidence" in every
    assert re.search(
        r"<p>\d+ (has no number; its note says|have no number; their notes say) why\.</p>", every
    )
    text = reader.get(f"{FILES}csv{query}").content
    assert text.startswith(b"\xef\xbb\xbf")
    lines = text.decode("utf-8-sig").splitlines()
    assert len(lines) == wanted + 1
    assert lines[0].startswith("Κωδικός δείκτη;Δείκτης;")
    assert ";Σήμανση;Από μοντέλο;Γιατί δεν υπάρχει τιμή;" in lines[0]
    book = load_workbook(io.BytesIO(reader.get(f"{FILES}xlsx{query}").content))
    assert book.worksheets[0].max_row == wanted + 1
    found = reader.get(f"/en/indicators/tables/figures.json{query}").json()["results"]
    assert len(found) == wanted
    hidden = next(row for row in found if row["area"] == "2203")
    assert hidden["value"] is hidden["n"] is None
    assert "too few people were asked" in hidden["note"]
    assert "too few people were asked" in hidden["reason"]
    assert (hidden["indicator"], hidden["indicator_name"]) == ("arop", "At risk of poverty")
    assert {(row["flag"], row["is_modelled"], bool(row["release"])) for row in found} <= {
        ("", False, True), ("u", False, True),
    }  # fmt: skip
    assert "77,7" not in text.decode()


def test_files_and_interface_round_alike_and_lead_to_the_region_s_host(
    publish: Publish, region: Area, reader: Client
) -> None:
    rows = cells(region)
    for row in rows:
        row.n_effective = 100.03540499835086
    publish(rows)
    elsewhere = Client(headers={"host": "localhost"})
    interface = elsewhere.get("/api/v1/observations?indicator=arop").json()["results"]
    file = elsewhere.get("/en/indicators/tables/figures.json?indicator=arop").json()["results"]
    for row in (*interface, *file):
        assert row["n_effective"] in {100.0, None}
        assert row.get("passport_url", row["passport"]).startswith("http://thessaly.localhost/")
    assert (
        {row["n_effective"] for row in interface} == {row["n_effective"] for row in file} == {100.0, None}
    )


@pytest.mark.parametrize("query", ["indicator=nothing", "period=1999", "level=village", "breakdown=x"])
def test_what_does_not_exist_is_not_found(publish: Publish, reader: Client, query: str) -> None:
    publish()
    assert reader.get(f"/el/indicators/tables/?{query}").status_code == 404
    assert reader.get("/el/indicators/tables/figures.pdf").status_code == 404


@pytest.mark.parametrize("query", ["period=2024-12", "breakdown=subgroup%3Droma"])
def test_what_only_another_indicator_has_gives_way_on_the_page(
    publish: Publish, region: Area, reader: Client, query: str
) -> None:
    publish(cells(region, code="smsd", period="2024-12"))
    publish()
    answer = reader.get(f"/el/indicators/tables/?indicator=arop&{query}")
    assert answer.status_code == 200
    assert "δεν υπάρχει τίποτα σε αυτόν τον δείκτη" in answer.content.decode()
    assert reader.get(f"{FILES}csv?indicator=arop&{query}").status_code == 404
    assert f"{FILES}csv?indicator=arop&amp;{query.split('=', maxsplit=1)[0]}=" in answer.content.decode()


def test_before_anything_is_published_the_page_says_so(region: Area, reader: Client) -> None:
    assert reader.get("/el/indicators/tables/").status_code == 200
    assert reader.get(f"{FILES}csv").status_code == 404


def test_the_page_costs_the_same_with_more_figures(
    publish: Publish, region: Area, reader: Client, queries_stay: Callable[..., int]
) -> None:
    def grow(count: int) -> None:
        for _ in range(min(count, 4)):
            publish(cells(region, period=str(2000 + Release.objects.count())))

    assert queries_stay(grow=grow, read=lambda: reader.get("/el/indicators/tables/")) < 25
