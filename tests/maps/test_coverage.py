"""Distances to structures: against areas of discs, over land alone, shared out, nothing confidential."""

import csv
import html
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import shapely
from django.contrib.gis.geos import Point
from django.db.models import F
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from entaxis.core import kept
from entaxis.directory.choices import PointQuality, Status
from entaxis.directory.models import KindCompleteness, Structure
from entaxis.geography import homes
from entaxis.geography.models import Area, Population
from entaxis.maps import tasks
from entaxis.maps.coverage import actions, queries
from entaxis.maps.coverage.actions import compute_coverage
from entaxis.maps.coverage.shown import percent
from entaxis.maps.models import CoverageRun, CoveredArea
from tests import factories
from tests.maps.conftest import assert_table_first

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
PAGE = "/en/maps/coverage/?kind=social_pharmacy&distance=10"
VOLOS, LARISSA = Point(22.944, 39.366), Point(22.417, 39.639)
SOUTH_PELION = Point(23.27, 39.14)  # some 15 km from Skiathos, across the sea


@pytest.fixture
def region(thessaly: Area) -> Area:
    kept.forget()
    names = {"label_el": "Κοινωνικό Φαρμακείο", "plural_el": "Κοινωνικά Φαρμακεία"}
    factories.term("social_pharmacy", **names, label_en="Social Pharmacy", plural_en="Social Pharmacies")
    return thessaly


def pharmacy(at: Point | None = VOLOS, code: str = "2401", **fields: object) -> Structure:
    municipality = Area.objects.municipalities().get(code=code)
    return factories.structure("social_pharmacy", municipality=municipality, point=at, **fields)


def reach(code: str, km: int = 10, key: str = "social_pharmacy") -> CoveredArea:
    return CoveredArea.objects.get(area__code=code, distance_km=km, subject__key=key)


def share(row: CoveredArea) -> float:
    return row.within / (row.within + row.beyond)


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("km", [5, 10, 20])
def test_evenly_spread_residents_are_the_share_of_the_land(region: Area, km: int) -> None:
    """Independent of the grid: the area of the outline inside the disc."""
    pharmacy(VOLOS)
    compute_coverage(region=region)
    ground = homes.homes(region)
    assert ground is not None
    outline = ground.outlines["2401"]
    disc = shapely.Point(homes.metres([VOLOS])[0]).buffer(km * 1000, quad_segs=64)
    exact = outline.intersection(disc).area / outline.area
    assert share(reach("2401", km)) == pytest.approx(exact, abs=0.02)


def test_units_and_the_region_add_up_their_municipalities(region: Area) -> None:
    pharmacy(VOLOS)
    compute_coverage(region=region)
    inside = CoveredArea.objects.filter(distance_km=10, area__level="municipality")
    magnesia = [row for row in inside if row.area.parent.code == "24"]
    assert reach("24").within == pytest.approx(sum(row.within for row in magnesia))
    assert reach("EL61").within == pytest.approx(sum(row.within for row in inside))
    whole = reach("EL61")
    assert whole.within + whole.beyond == pytest.approx(687_527)


def test_no_distance_crosses_the_sea(region: Area) -> None:
    """South Pelion is 20 km from Skiathos in a straight line; nobody drives there."""
    pharmacy(SOUTH_PELION, "2405")
    compute_coverage(region=region)
    skiathos = Area.objects.municipalities().get(name_el="Σκιάθος")
    assert reach(skiathos.code, 20).within == 0
    pharmacy(skiathos.seat, skiathos.code)
    compute_coverage(region=region)
    assert share(reach(skiathos.code, 20)) == 1
    assert reach(skiathos.code, 20).beyond == 0


@pytest.mark.parametrize("km", [5, 10, 20])
def test_what_is_shared_is_all_there_is(region: Area, km: int) -> None:
    for place, code in ((VOLOS, "2401"), (VOLOS, "2401"), (LARISSA, "2201")):
        pharmacy(place, code)
    compute_coverage(region=region)
    rows = CoveredArea.objects.filter(distance_km=km, area__level="municipality")
    assert sum(row.supply * (row.within + row.beyond) for row in rows) == pytest.approx(3)


def test_a_seat_is_near_or_it_is_not(region: Area) -> None:
    pharmacy(VOLOS)
    compute_coverage(region=region)
    persons = Population.objects.get(area__code="2401", year=2021).persons
    assert reach("2401", 5).within_by_seat == pytest.approx(persons)
    assert reach("2201", 5).within_by_seat == 0
    assert reach("24", 5).within_by_seat == pytest.approx(persons)


def test_capacity_counts_where_half_of_the_structures_say_it(region: Area) -> None:
    first, second, third = pharmacy(VOLOS), pharmacy(LARISSA, "2201"), pharmacy(LARISSA, "2201")
    factories.offer(first, capacity_persons=40, capacity_date="2026-01-01")
    run = compute_coverage(region=region)
    assert run is not None
    assert run.subjects.get(what="kind").usual_capacity is None  # one of three
    factories.offer(second, capacity_persons=20, capacity_date="2026-01-01")
    factories.offer(third, "clothing")
    run = compute_coverage(region=region)
    assert run is not None
    subject = run.subjects.get(what="kind")
    assert (subject.structures, subject.capacities, subject.usual_capacity) == (3, 2, 30)
    whole = reach("EL61", 20)
    assert whole.supply * 687_527 == pytest.approx(40 + 20 + 30)


# --- what takes part ------------------------------------------------------------------------------


def test_only_published_structures_with_a_place_take_part(region: Area) -> None:
    pharmacy(VOLOS)
    pharmacy(LARISSA, "2201", status=Status.DRAFT)
    pharmacy(None, "2201")
    pharmacy(LARISSA, "2201", point_quality=PointQuality.SEAT)
    peloponnese = Area.objects.municipalities().get(code="4201")
    factories.structure("social_pharmacy", municipality=peloponnese, point=Point(22.93, 37.94))
    run = compute_coverage(region=region)
    assert run is not None
    subject = run.subjects.get()
    assert (subject.structures, subject.without_point, subject.approximate) == (2, 1, 1)


def test_confidential_places_change_nothing_and_are_named_nowhere(region: Area, client: Client) -> None:
    pharmacy(VOLOS)
    compute_coverage(region=region)
    before = client.get(PAGE, **THESSALY).content
    hidden = factories.confidential_structure(region=region)
    factories.offer(hidden, "violence_shelter")
    assert not actions.is_due(region)  # not even that something has changed can be seen
    compute_coverage(region=region, anew=True)
    kept.forget()
    after = client.get(PAGE, **THESSALY).content
    plain = [
        re.sub(rb"computed on [^<]*", b"", re.sub(rb'nonce="[^"]*"', b"", page)) for page in (before, after)
    ]
    assert plain[0] == plain[1]
    assert set(CoverageRun.objects.get().subjects.values_list("key", flat=True)) == {"social_pharmacy"}
    for query in ("kind=violence_women_support", "service=violence_shelter"):
        assert client.get(f"/en/maps/coverage/?{query}", **THESSALY).status_code == 404


def test_shares_are_exact_only_where_all_near_are_known(region: Area) -> None:
    kind = pharmacy(VOLOS).kind
    for municipality in Area.objects.municipalities().of(region):
        KindCompleteness.objects.create(kind=kind, municipality=municipality, state="complete")
    compute_coverage(region=region)
    assert not CoveredArea.objects.filter(is_at_least=True).exists()
    KindCompleteness.objects.filter(municipality__code="2401").update(state="partial")
    assert actions.is_due(region)
    compute_coverage(region=region)
    assert reach("2401").is_at_least
    assert reach("24").is_at_least
    trikala = Area.objects.municipalities().get(name_el="Τρίκαλα")
    assert not reach(trikala.code, 20).is_at_least


# --- when -----------------------------------------------------------------------------------------


def test_nothing_is_computed_twice_and_every_change_is_seen(region: Area) -> None:
    structure = pharmacy(VOLOS)
    assert actions.is_due(region)
    first = compute_coverage(region=region)
    assert first is not None
    assert not actions.is_due(region)
    again = compute_coverage(region=region)
    assert again is not None
    assert again.pk == first.pk
    Structure.objects.filter(pk=structure.pk).update(point=LARISSA)
    assert actions.is_due(region)
    compute_coverage(region=region)
    Population.objects.filter(area__code="2401").update(persons=1)
    assert actions.is_due(region)
    compute_coverage(region=region)
    factories.offer(structure, "clothing")
    assert actions.is_due(region)


def test_a_region_waits_once_and_only_while_something_changed(region: Area) -> None:
    here = {"task_name": "maps.compute_coverage", "args__region": region.pk}
    waiting = ProcrastinateJob.objects.filter(status="todo", **here)
    pharmacy(VOLOS)
    tasks.compute_due(timestamp=0)
    tasks.compute_due(timestamp=0)
    assert list(waiting.values_list("args", flat=True)) == [{"region": region.pk, "anew": False}]
    tasks.compute_coverage(region=region.pk)
    assert not actions.is_due(region)
    tasks.compute_nightly(timestamp=0)
    assert waiting.count() == 1  # what waits already computes whatever there is


def test_without_residents_what_stood_there_is_forgotten(region: Area) -> None:
    pharmacy(VOLOS)
    compute_coverage(region=region)
    Population.objects.all().delete()
    assert actions.is_due(region)
    assert compute_coverage(region=region) is None
    assert not CoverageRun.objects.exists()
    assert not actions.is_due(region)


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def computed(region: Area) -> Area:
    factories.offer(pharmacy(VOLOS), "medicine_supply")
    pharmacy(LARISSA, "2201")
    compute_coverage(region=region)
    return region


@pytest.mark.usefixtures("computed")
@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize(
    "query", ["", "&level=regional_unit", "&measure=supply", "&service=medicine_supply"]
)
def test_the_page_stands_in_both_languages(client: Client, language: str, query: str) -> None:
    answer = client.get(PAGE.replace("/en/", f"/{language}/") + query, **THESSALY)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Boscoe" in page
    assert 'class="choropleth"' in page


@pytest.mark.usefixtures("computed")
@pytest.mark.parametrize(
    ("measure", "said"), [("share", "Residents who have one"), ("supply", "What residents")]
)
def test_it_is_cited_with_the_directory_the_residents_and_the_outlines(
    client: Client, measure: str, said: str
) -> None:
    CoverageRun.objects.update(computed_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    page = html.unescape(client.get(f"{PAGE}&measure={measure}", **THESSALY).content.decode())
    cited = page[page.index("<dt>How to cite</dt>") :]
    assert f"within 10 km, Thessaly ({said}" in cited
    assert (
        "Observatory of Social Inclusion, Thessaly, on 21 November 2026. Residents: census of 2021" in cited
    )
    assert "with the boundaries of " in cited
    assert f"measure={measure}</a></dd>" in cited


@pytest.mark.usefixtures("computed")
def test_sentences_say_what_was_assumed_and_where_nobody_is_near(client: Client) -> None:
    page = client.get(PAGE, **THESSALY).content.decode()
    for said in (
        "if residents are spread evenly over the land of their municipality",
        "If everybody lived in the seat of their municipality",
        "Nobody has one within 10 km, wherever in the area they live: ",
        "every share is “at least”",
        "Distances are in a straight line",
        "No distance crosses the sea",
        "Places that are kept secret for the safety of people take no part",
        "every structure counts as one",
        "2021, provisional",
    ):
        assert said in page, said
    nobody = re.search(r"Nobody has one within 10 km[^<]*", page)
    assert nobody
    assert "Volos" not in nobody.group()


@pytest.mark.usefixtures("computed")
def test_words_come_first_then_the_table_then_the_map(client: Client) -> None:
    assert_table_first(client.get(PAGE, **THESSALY).content.decode())


@pytest.mark.usefixtures("computed")
def test_every_area_of_the_map_has_its_row_and_its_words(client: Client) -> None:
    page = client.get(PAGE, **THESSALY).content.decode()
    rows = set(re.findall(r'<tr id="area-(\d+)"', page))
    drawn = set(re.findall(r'<a href="/en/profiles/(\d+)/" fill', page))
    assert rows == drawn
    assert len(rows) == 25
    assert re.search(r'aria-label="Volos: \d+\xa0% of residents within 10 km', page)


@pytest.mark.usefixtures("computed")
def test_files_hold_the_same(client: Client) -> None:
    def get(ending: str) -> bytes:
        answer = client.get(PAGE.replace("/?", f".{ending}?"), **THESSALY)
        assert answer.status_code == 200
        assert answer["ETag"]
        return bytes(answer.content)

    lines = list(csv.reader(io.StringIO(get("csv").decode("utf-8-sig")), delimiter=";"))
    volos = next(line for line in lines if line[0] == "2401")
    assert volos[5] == str(Population.objects.get(area__code="2401", year=2021).persons)
    assert lines[-1][0] == "EL61"
    book = load_workbook(io.BytesIO(get("xlsx")))
    assert [str(row[0]) for row in book.worksheets[0].values][1:] == [line[0] for line in lines[1:]]
    assert any("straight line" in str(row[0]) for row in book.worksheets[1].values)
    assert "straight line" in get("svg").decode()
    assert get("png")[:8] == b"\x89PNG\r\n\x1a\n"
    told = json.loads(get("geojson"))
    areas = {feature["id"]: feature for feature in told["features"]}
    assert {line[0] for line in lines[1:-1]} == areas.keys()
    assert areas["2401"]["properties"]["within_percent"] == float(volos[9].replace(",", "."))
    assert all(feature["geometry"] for feature in areas.values())
    assert any("straight line" in note for note in told["notes"])


@pytest.mark.usefixtures("computed")
@pytest.mark.parametrize("km", [5, 20])
def test_a_desert_has_a_sign_that_is_no_colour_everywhere(client: Client, km: int) -> None:
    """In the drawing, its label, the legend, the table, the sentence and the files; nowhere else."""
    page = client.get(PAGE.replace("=10", f"={km}"), **THESSALY).content.decode()
    deserts = {row.area.code for row in map_rows(km) if share(row) <= 0.05}
    others = {row.area.code for row in map_rows(km)} - deserts
    assert deserts
    assert others
    drawn = dict(re.findall(r'<path id="map-(\d+)"[^>]*/>(.*?)</a>', page))
    assert {code for code, patterns in drawn.items() if "#map-desert" in patterns} == deserts
    labels = dict(re.findall(r'<a href="/en/profiles/(\d+)/"[^>]*aria-label="([^"]*)"', page))
    rows = dict(re.findall(r'<tr id="area-(\d+)">(.*?)</tr>', page, re.DOTALL))
    for told in (labels, rows):
        assert {code for code, words in told.items() if "desert of service" in words} == deserts
    assert f"<span>desert of service: at most 5\xa0% of the residents within {km} km</span>" in page
    assert f"{len(deserts)} of 25 areas are deserts of service" in page
    address = PAGE.replace("=10", f"={km}").replace("/?", ".csv?")
    content = client.get(address, **THESSALY).content.decode("utf-8-sig")
    lines = [line for line in csv.DictReader(io.StringIO(content), delimiter=";") if line["Code"] in drawn]
    values = {flag: {one["Code"] for one in lines if one["Desert of service"] == flag}
              for flag in {one["Desert of service"] for one in lines}}  # fmt: skip
    assert sorted(map(sorted, values.values())) == sorted(map(sorted, (deserts, others)))


def map_rows(km: int) -> list[CoveredArea]:
    """Of the municipalities."""
    rows = CoveredArea.objects.filter(
        distance_km=km, area__level="municipality", subject__key="social_pharmacy"
    )
    return list(rows.select_related("area"))


@pytest.mark.usefixtures("computed")
def test_where_all_have_one_nearby_no_desert_is_said(client: Client, computed: Area) -> None:
    CoveredArea.objects.update(within=F("within") + F("beyond"), beyond=0)
    page = client.get(PAGE, **THESSALY).content.decode()
    assert "desert of service" not in page
    assert "url(#map-desert)" not in page


@pytest.mark.usefixtures("computed")
@pytest.mark.parametrize(
    "query",
    [
        "kind=nothing",
        "service=nothing",
        "distance=7",
        "distance=x",
        "level=community",
        "measure=x",
        "distance=5.0",
    ],
)
def test_what_does_not_exist_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/en/maps/coverage/?{query}", **THESSALY).status_code == 404
    assert client.get(f"/en/maps/coverage.csv?{query}", **THESSALY).status_code == 404


@pytest.mark.usefixtures("region")
def test_before_the_first_run_the_page_says_so(client: Client) -> None:
    assert "No distances yet" in client.get("/en/maps/coverage/", **THESSALY).content.decode()
    assert client.get("/en/maps/coverage.csv", **THESSALY).status_code == 404


def test_structures_and_kinds_cost_no_queries(
    client: Client, region: Area, queries_stay: Callable[..., int]
) -> None:
    def grow(count: int) -> None:
        for number in range(count):
            structure = factories.structure(f"kind_{number}", point=VOLOS)
            factories.offer(structure, f"service_{number}")
            pharmacy(VOLOS)
        compute_coverage(region=region)

    assert queries_stay(grow=grow, read=lambda: client.get(PAGE, **THESSALY)) < 25


@pytest.mark.usefixtures("computed")
def test_a_profile_names_the_gaps(client: Client) -> None:
    karditsa = client.get("/en/profiles/2301/", **THESSALY).content.decode()
    assert "1 kind of structure that the region has is far: no resident or few have one" in karditsa
    assert '<a href="/en/maps/coverage/?kind=social_pharmacy">Social Pharmacies</a>' in karditsa
    volos = client.get("/en/profiles/2401/", **THESSALY).content.decode()
    assert "no resident or few" not in volos


def test_a_desert_is_at_most_a_twentieth(computed: Area) -> None:
    found = queries.deserts(computed)
    rows = CoveredArea.objects.filter(distance_km=10, subject__what="kind").select_related("area")
    assert {row.area_id for row in rows if share(row) <= 0.05} == set(found)


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0 %"), (0.001, "< 1 %"), (0.5, "50 %"), (0.999, "> 99 %"), (1, "100 %")]
)
def test_hardly_any_is_not_none_and_nearly_all_not_all(value: float, said: str) -> None:
    with translation.override("en"):
        assert percent(value).replace("\xa0", " ") == said
