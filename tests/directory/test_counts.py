import csv
import io
import uuid
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entaxis.accounts.models import Body
from entaxis.directory.choices import Status
from entaxis.directory.counts import LEAST_TOLD, Counts, bodies, counts
from entaxis.directory.models import KindCompleteness
from entaxis.geography.models import Area
from entaxis.vocabularies.models import Term
from tests import factories

pytestmark = pytest.mark.django_db
State = KindCompleteness.State


@pytest.fixture
def towns() -> list[Area]:
    return [factories.municipality(), factories.municipality("2402", name_el="Αλμυρός", name_en="Almyros")]


def know(kind: Term, town: Area, state: str) -> None:
    KindCompleteness.objects.create(kind=kind, municipality=town, state=state)


def cell(found: Counts, kind: Term, town: Area) -> Any:
    return found.in_municipality(kind, town)


def test_only_what_is_published_in_this_region_counts(towns: list[Area]) -> None:
    kind = factories.term("nursery")
    factories.structure(kind, municipality=towns[0])
    for status in (Status.DRAFT, Status.SUSPENDED, Status.CLOSED):
        factories.structure(kind, municipality=towns[0], status=status)
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    factories.structure(kind, region=elsewhere, municipality=None, point=None)
    found = counts(factories.region())
    assert cell(found, kind, towns[0]).count == 1
    assert found.in_unit(kind, found.units[0]).registered == 1  # type: ignore[union-attr]
    assert found.in_region(kind).registered == 1
    assert found.registered == 1


def test_unknown_is_never_zero(towns: list[Area]) -> None:
    kind = factories.term("nursery")
    found = counts(factories.region())
    assert cell(found, kind, towns[0]).count is None
    know(kind, towns[0], State.COMPLETE)
    know(kind, towns[1], State.PARTIAL)
    found = counts(factories.region())
    assert cell(found, kind, towns[0]).count == 0
    assert cell(found, kind, towns[0]).state == State.COMPLETE
    assert cell(found, kind, towns[1]).count == 0
    factories.structure(kind, municipality=towns[1])
    assert cell(counts(factories.region()), kind, towns[1]).count == 1


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ((State.COMPLETE, State.COMPLETE), State.COMPLETE),
        ((State.COMPLETE, State.PARTIAL), State.PARTIAL),
        ((State.COMPLETE, None), State.PARTIAL),
        ((None, None), State.UNKNOWN),
        ((State.UNKNOWN, None), State.UNKNOWN),
    ],
)
def test_several_areas_are_known_as_well_as_each_of_them(
    towns: list[Area], states: tuple[str | None, ...], together: str
) -> None:
    kind = factories.term("nursery")
    for town, state in zip(towns, states, strict=True):
        if state:
            know(kind, town, state)
    found = counts(factories.region())
    in_unit = found.in_unit(kind, found.units[0])
    assert in_unit is not None
    assert in_unit.state == together == found.in_region(kind).state


def test_confidential_structures_count_at_the_region_only_and_only_when_many(towns: list[Area]) -> None:
    hidden = [factories.confidential_structure() for _ in range(LEAST_TOLD - 1)]
    kind = hidden[0].kind
    found = counts(factories.region())
    assert cell(found, kind, towns[0]) is None
    assert found.in_unit(kind, found.units[0]) is None
    assert found.in_region(kind).is_withheld
    factories.confidential_structure()
    found = counts(factories.region())
    assert found.in_region(kind).count == LEAST_TOLD
    assert [(line.municipality, line.cell.count) for line in found.lines() if line.kind == kind] == [
        (None, 3)
    ]


def test_a_lone_confidential_structure_of_an_open_kind_is_not_told(towns: list[Area]) -> None:
    kind = factories.term("homeless_support")
    factories.structure(kind, municipality=towns[0])
    factories.structure(kind, is_confidential=True)
    assert counts(factories.region()).in_region(kind).registered == 1
    for _ in range(LEAST_TOLD - 1):
        factories.structure(kind, is_confidential=True)
    assert counts(factories.region()).in_region(kind).registered == 1 + LEAST_TOLD


def test_a_mobile_unit_counts_for_the_region(towns: list[Area]) -> None:
    kind = factories.term("mobile_unit")
    factories.structure(kind, municipality=None, point=None)
    found = counts(factories.region())
    assert found.in_region(kind).count == 1
    assert [line.cell.count for line in found.lines() if line.municipality is None] == [1]


def test_the_lines_sum_to_the_region(towns: list[Area]) -> None:
    for kind, town in (("nursery", towns[0]), ("nursery", towns[1]), ("kdap", towns[0]), ("kdap", None)):
        place = {} if town else {"point": None}
        factories.structure(kind, municipality=town, **place)
    found = counts(factories.region())
    assert sum(line.cell.registered or 0 for line in found.lines()) == found.registered == 4


def test_bodies_are_counted_by_kind() -> None:
    factories.body(kind=Body.Kind.NGO)
    factories.body(kind=Body.Kind.NGO)
    factories.body(kind=Body.Kind.CHURCH)
    assert [(row.kind, row.count) for row in bodies(factories.region())] == [("ngo", 2), ("church", 1)]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_asks_as_often_for_many_as_for_one(client: Client, towns: list[Area], number: int) -> None:
    for _ in range(number):
        factories.structure(f"kind_{uuid.uuid4().hex[:6]}", municipality=towns[0])
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/el/structures/counts/").status_code == 200
    ours = [query for query in captured if "directory_" in query["sql"] or "geography_area" in query["sql"]]
    assert len(ours) == 4  # region, areas, structures, completeness


def test_the_page_tells_numbers_words_and_what_is_not_known(client: Client, towns: list[Area]) -> None:
    kind = factories.term("nursery", plural_el="Παιδικοί Σταθμοί", plural_en="Nurseries")
    factories.structure(kind, municipality=towns[0])
    know(kind, towns[0], State.PARTIAL)
    unit = f"?unit={towns[0].parent.code}"  # type: ignore[union-attr]
    page = client.get(f"/en/structures/counts/{unit}").content.decode()
    assert "count--partial" in page
    assert "count--unknown" in page
    assert "In part" in page
    assert ">0<" not in page
    assert "Παιδικοί Σταθμοί" in client.get("/el/structures/counts/").content.decode()


def test_an_unknown_unit_is_the_whole_region(client: Client, towns: list[Area]) -> None:
    for value in ("99", "x" * 300, "24'"):
        assert client.get(f"/el/structures/counts/?unit={value}").status_code == 200


def test_the_csv_opens_in_the_local_excel(client: Client, towns: list[Area]) -> None:
    kind = factories.term("nursery", plural_el="=1+1")
    factories.structure(kind, municipality=towns[0])
    content = client.get("/el/structures/counts.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:2] == ["nursery", "'=1+1"]
    assert [row[6] for row in rows[1:]] == ["1", ""]  # the other town: not known, so not zero


def test_the_workbook_says_the_same(client: Client, towns: list[Area]) -> None:
    factories.structure("nursery", municipality=towns[0])
    book = openpyxl.load_workbook(io.BytesIO(client.get("/el/structures/counts.xlsx").content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][0] == "nursery"
    assert [row[6] for row in rows[1:]] == [1, None]
    assert len(book.worksheets) == 2
