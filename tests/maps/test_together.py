"""Need beside services: classes that intervals and counts support, signs beside colours, no leaks."""

import csv
import html
import io
import re

import pytest
from django.test import Client
from django.utils import translation

from entaxis.directory.models import KindCompleteness
from entaxis.geography.models import Area, Level
from entaxis.indicators import queries
from entaxis.maps import indicator_map, structures
from entaxis.maps.modes import Mode
from entaxis.maps.together import Together
from entaxis.vocabularies.models import Term
from tests import factories
from tests.maps.conftest import Publish, assert_table_first, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
PAGE = "/en/maps/together/?indicator=arop&kind=community_centre"


@pytest.fixture
def kind(thessaly: Area) -> Term:
    """Known everywhere: two in Larissa, one in Volos, none elsewhere but Kileler, where nobody knows."""
    kind = factories.term("community_centre")
    areas = {area.code: area for area in Area.objects.municipalities().of(thessaly)}
    for code in ("2201", "2201", "2401"):
        factories.structure(kind, municipality=areas[code], point=None)
    for code, area in areas.items():
        if code != "2204":
            KindCompleteness.objects.update_or_create(
                kind=kind, municipality=area, defaults={"state": KindCompleteness.State.COMPLETE}
            )
    return kind


@pytest.fixture
def figures(publish: Publish) -> None:
    publish(
        {
            "2201": figure(40.0),
            "2401": figure(21.0),
            "2301": figure(40.0),
            "2202": figure(None),
            "2204": figure(40.0),
            "2601": figure(5.0),
        }
    )


def shown(region: Area, kind: Term, code: str = "arop") -> Together:
    entry = next(one for one in queries.catalogue(region) if one.indicator.code == code)
    need = indicator_map.indicator_map(
        entry,
        region,
        known=queries.periods(entry.indicator, region),
        period="2023",
        breakdown="total",
        level=Level.MUNICIPALITY,
        mode=Mode.HATCHED,
    )
    found = structures.region_counts(region)
    return Together(need, structures.structure_map(found, kind, Level.MUNICIPALITY))


@pytest.mark.usefixtures("figures")
def test_classes_follow_intervals_and_rates(thessaly: Area, kind: Term) -> None:
    signs = {pair.area.code: pair.sign for pair in shown(thessaly, kind).pairs}
    assert signs["2201"][0] == "C"  # worse than the region, beyond both intervals
    assert signs["2401"][0] == "B"  # 21 ± 2 beside 20 ± 2
    assert signs["2301"] == "C1"  # worse, and no structure
    assert signs["2601"] == "A1"
    assert signs["2202"] == ""  # withheld
    assert signs["2204"] == ""  # nobody knows of structures
    assert signs["2203"] == ""  # no figure


@pytest.mark.usefixtures("figures")
def test_only_what_is_worse_and_few_is_named(thessaly: Area, kind: Term) -> None:
    with translation.override("en"):
        said = shown(thessaly, kind).sentences
    assert said[0] == "Worse than the region, with few structures for the residents: Karditsa."


@pytest.mark.usefixtures("figures")
def test_at_least_so_many_is_never_few(thessaly: Area, kind: Term) -> None:
    karditsa = Area.objects.municipalities().get(code="2301")
    factories.structure(kind, municipality=karditsa, point=None)
    KindCompleteness.objects.filter(municipality=karditsa).update(state=KindCompleteness.State.PARTIAL)
    pairs = {pair.area.code: pair for pair in shown(thessaly, kind).pairs}
    assert pairs["2301"].services_class != 0


def test_where_more_is_better_need_is_below(thessaly: Area, publish: Publish, kind: Term) -> None:
    publish({"2301": figure(9000.0)}, code="median_income", region=figure(10000.0))
    pairs = {pair.area.code: pair for pair in shown(thessaly, kind, "median_income").pairs}
    assert pairs["2301"].sign == "C1"


@pytest.mark.usefixtures("figures", "kind")
@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("level", ["municipality", "regional_unit"])
def test_the_page_stands_in_both_languages(client: Client, language: str, level: str) -> None:
    answer = client.get(PAGE.replace("/en/", f"/{language}/") + f"&level={level}", **THESSALY)
    assert answer.status_code == 200
    assert client.get(f"/{language}/maps/together/", **THESSALY).status_code == 200


@pytest.mark.usefixtures("figures", "kind")
def test_words_come_first_then_the_table_then_the_maps(client: Client) -> None:
    assert_table_first(client.get(PAGE, **THESSALY).content.decode())


@pytest.mark.usefixtures("figures", "kind")
def test_a_withheld_area_has_no_sign_no_number_and_no_colour(client: Client) -> None:
    page = client.get(PAGE, **THESSALY).content.decode()
    row = page[page.index('<tr id="area-2202">') : page.index('<tr id="area-2203">')]
    words = re.sub(r"<[^>]+>", " ", row).replace("0.00", "")  # its services are public
    assert re.findall(r"\d", words) == []
    drawn = re.search(r'fill="([^"]+)" aria-label="(Agia: [^"]+)"', page)
    assert drawn
    assert drawn.group(1) == "#ffffff"
    lines = csv.DictReader(
        io.StringIO(client.get(PAGE.replace("/?", ".csv?"), **THESSALY).content.decode("utf-8-sig")),
        delimiter=";",
    )
    agia = next(line for line in lines if line["Code"] == "2202")
    numbers = (
        "Value",
        "Standard error",
        "Interval from",
        "Interval to",
        "Number of persons asked",
        "Class",
    )
    assert [agia[name] for name in numbers] == [""] * len(numbers)


@pytest.mark.usefixtures("figures", "kind")
@pytest.mark.parametrize(
    "query", ["kind=violence_women_support", "kind=nothing", "indicator=nothing", "level=x"]
)
def test_what_has_no_map_is_not_found(client: Client, query: str) -> None:
    factories.term("violence_women_support", is_confidential=True)
    assert client.get(f"/en/maps/together/?{query}", **THESSALY).status_code == 404


def test_a_region_without_figures_says_so(client: Client, thessaly: Area) -> None:
    assert "No figures yet" in client.get("/en/maps/together/", **THESSALY).content.decode()


def test_another_year_and_group_are_chosen_and_have_their_address(
    client: Client, kind: Term, publish: Publish
) -> None:
    publish({"2301": figure(40.0)}, period="2022")
    publish({"2301": figure(40.0)}, period="2023")
    page = client.get(f"{PAGE}&period=2022", **THESSALY).content.decode()
    assert re.search(r"<option selected>2022</option>", page)
    link = re.search(r'<dt>Permanent link</dt><dd class="breaks"><a href="([^"]+)"', page)
    assert link
    address = html.unescape(link.group(1))
    assert "period=2022" in address
    assert "kind=community_centre" in address
    assert client.get(address, **THESSALY).content.decode().count("<option selected>2022</option>") == 1


def test_a_group_is_chosen_and_said(client: Client, kind: Term, publish: Publish) -> None:
    publish({"2301": figure(40.0)}, period="2022")
    publish({"2301": figure(40.0)}, breakdown="sex=female")
    page = client.get(f"{PAGE}&breakdown=sex%3Dfemale", **THESSALY).content.decode()
    assert "By municipality · women" in page
    file = client.get(f"{PAGE.replace('/?', '.csv?')}&breakdown=sex%3Dfemale", **THESSALY)
    assert "women" in file.content.decode("utf-8-sig").splitlines()[1]


@pytest.mark.usefixtures("figures", "kind")
def test_the_drawing_stands_alone_with_its_classes_and_words(client: Client) -> None:
    drawing = client.get(PAGE.replace("/?", ".svg?"), **THESSALY).content.decode()
    for said in ("C1: worse than the region, few for the residents", "withheld", "Karditsa", "synthetic"):
        assert said in drawing
    picture = client.get(PAGE.replace("/?", ".png?"), **THESSALY)
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    missing = client.get(f"{PAGE.replace('/?', '.svg?')}&period=1999", **THESSALY)
    assert missing.status_code == 404
