"""Maps of indicators: nothing is claimed that the intervals do not support, nothing withheld is shown."""

import csv
import io
import re
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from entaxis.config.access import ROUTES
from entaxis.geography.models import Area, Level
from entaxis.indicators import queries
from entaxis.indicators.models import Indicator, Observation
from entaxis.maps import indicator_map as maps
from entaxis.maps.indicator_map import IndicatorMap
from entaxis.maps.modes import HIGHER_COLOUR, LOWER_COLOUR, SAME_COLOUR, UNSURE_COLOUR, Mode
from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
PAGE = "/el/maps/indicators/"


def shown(
    arop: Indicator,
    region: Area,
    *,
    period: str = "2023",
    mode: Mode = Mode.HATCHED,
    level: str = "municipality",
) -> IndicatorMap:
    entry = next(one for one in queries.catalogue(region) if one.indicator == arop)
    return maps.indicator_map(
        entry,
        region,
        known=queries.periods(arop, region),
        period=period,
        breakdown="total",
        level=Level(level),
        mode=mode,
    )


def painted(of: IndicatorMap) -> dict[str, tuple[str, tuple[str, ...]]]:
    drawn = of.choropleth()
    assert drawn
    return {value.code: (value.fill, value.patterns) for value in drawn.values}


# --- what is claimed ------------------------------------------------------------------------------


def test_a_difference_is_claimed_only_where_the_intervals_do_not_meet(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    publish({"2201": figure(30.0), "2401": figure(24.0), "2202": figure(24.1), "2301": figure(15.9)})
    with translation.override("en"):
        found = {row.area.code: row.difference for row in shown(arop, thessaly).rows}
        said = " ".join(shown(arop, thessaly).sentences)
    assert found["2201"] == "higher than the region"
    assert found["2401"] == "not told apart from the region"  # 22–26 meets 18–22
    assert found["2202"] == "higher than the region"
    assert found["2301"] == "lower than the region"
    assert "Higher than the region as a whole: Larissa, Agia." in said
    assert "Volos" not in said


def test_where_nothing_differs_nothing_is_claimed(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    publish({"2201": figure(21.0), "2401": figure(19.0)})
    with translation.override("en"):
        said = " ".join(shown(arop, thessaly).sentences)
    assert "No area can be told apart" in said
    assert "igher" not in said


def test_a_change_is_claimed_only_where_the_intervals_do_not_meet(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    for period, value in (("2021", 20.0), ("2022", 23.0), ("2023", 28.0)):
        publish({}, period=period, region=figure(value))
    with translation.override("en"):
        assert "cannot be told from chance" in " ".join(shown(arop, thessaly, period="2022").sentences)
        assert "It has risen since 2022" in " ".join(shown(arop, thessaly).sentences)
        assert "since" not in " ".join(shown(arop, thessaly, period="2021").sentences)


def test_numbers_of_persons_are_not_compared_with_their_sum(thessaly: Area, publish: Publish) -> None:
    persons = Indicator.objects.filter(unit="persons").first()
    assert persons
    publish({"2201": figure(100.0)}, code=persons.code, region=figure(1000.0))
    assert not shown(persons, thessaly).has_comparison


@pytest.mark.usefixtures("arop")
def test_a_count_by_sub_group_alone_has_a_map_that_says_that_groups_overlap(
    publish: Publish, client: Client
) -> None:
    factories.vulnerable_groups()
    of_town = {"value": 40.0}
    publish({"2201": of_town}, code="municipal_beneficiaries", breakdown="subgroup=roma", region=of_town)
    query = "?indicator=municipal_beneficiaries"
    page = client.get(f"/en/maps/indicators/{query}", **THESSALY)
    assert page.status_code == 200
    text = page.content.decode()
    assert "One person may belong to several sub-groups" in text
    file = client.get(f"/en/maps/indicators.csv{query}", **THESSALY).content.decode("utf-8-sig")
    assert all("counts people twice" in line for line in file.splitlines()[1:])
    assert "subgroup%3Droma" in text
    assert 'value="total"' not in text
    assert "municipal_beneficiaries" in client.get("/en/maps/", **THESSALY).content.decode()
    assert client.get(f"/en/maps/ranking/{query}", **THESSALY).status_code == 200
    assert client.get(f"/en/maps/comparison/{query}", **THESSALY).status_code == 200


def test_the_largest_numbers_are_named_with_the_warning_that_they_are_numbers(
    thessaly: Area, publish: Publish
) -> None:
    persons = Indicator.objects.get(code="population")
    publish({"2201": {"value": 300.0}, "2401": {"value": 200.0}, "2202": figure(None)}, code=persons.code)
    with translation.override("en"):
        said = shown(persons, thessaly).sentences
    assert "Largest of the published numbers: Larissa (300), Volos (200)." in said
    assert "These are numbers, not shares: they are larger where more people live." in said


def test_where_nothing_has_an_interval_the_mode_of_differences_says_so(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    publish({"2201": {"value": 40.0}}, region={"value": 20.0})
    with translation.override("en"):
        said = shown(arop, thessaly, mode=Mode.DIFFERENCE).sentences
        other = shown(arop, thessaly).sentences
    sentence = "No area can be set beside the region here: one of the two has no interval."
    assert sentence in said
    assert sentence not in other


def test_what_no_region_has_as_a_whole_has_a_map(thessaly: Area, publish: Publish, client: Client) -> None:
    publish({"2201": {"value": 3000.0}}, code="population", has_region=False)
    page = client.get("/en/maps/indicators/?indicator=population", **THESSALY)
    assert page.status_code == 200
    assert "There is no figure of the whole region for 2023" in page.content.decode()


# --- how it is drawn ------------------------------------------------------------------------------


@pytest.mark.usefixtures("three_years")
def test_withheld_missing_unreliable_and_modelled_have_each_their_pattern(
    arop: Indicator, thessaly: Area
) -> None:
    found = {code: patterns for code, (_, patterns) in painted(shown(arop, thessaly)).items()}
    assert found["2201"] == ()
    assert found["2202"] == ("withheld",)
    assert found["2203"] == ("unreliable",)
    assert found["2204"] == ("modelled",)
    assert found["2501"] == ("unknown",)
    drawn = shown(arop, thessaly).choropleth()
    assert drawn
    patterns = [entry.pattern for entry in drawn.legend() if entry.pattern]
    assert patterns == ["unreliable", "modelled", "withheld", "unknown"]


@pytest.mark.usefixtures("three_years")
def test_a_withheld_figure_has_no_colour_and_no_number(arop: Indicator, thessaly: Area) -> None:
    for mode in Mode:
        drawn = shown(arop, thessaly, mode=mode).choropleth()
        assert drawn
        agia = next(value for value in drawn.values if value.code == "2202")
        assert agia.fill == "#ffffff"
        assert agia.value is None
        assert not re.search(r"\d", agia.label)


@pytest.mark.usefixtures("three_years")
def test_a_colour_means_the_same_in_every_year(arop: Indicator, thessaly: Area) -> None:
    legends = {
        str(shown(arop, thessaly, period=period).choropleth().legend()) for period in ("2021", "2022")
    }  # type: ignore[union-attr]
    assert len(legends) == 1


def test_an_unreliable_value_makes_no_class_of_its_own(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    """A nought with a huge error and two others lie in the classes of the reliable ones, in every year."""
    codes = ("2201", "2202", "2301", "2302", "2401", "2402", "2501", "2502")
    values = dict(zip(codes, (18.0, 19.0, 25.0, 26.0, 33.0, 34.0, 41.0, 48.0), strict=True))
    sure = {code: figure(value) for code, value in values.items()}
    for period in ("2021", "2022"):
        publish(sure, period=period)
    before = shown(arop, thessaly, period="2022").painting.classes
    unsure = {
        "2203": figure(0.0, standard_error=0.0, ci_low=0.0, ci_high=60.0),
        "2204": figure(29.0, 40.0),
        "2403": figure(90.0, flag="u"),
    }
    publish(sure | unsure, period="2023")
    colours = {
        code: next(one.colour for one in before if one.holds(value)) for code, value in values.items()
    }
    for period in ("2021", "2023"):
        found = shown(arop, thessaly, period=period).painting.classes
        assert len(found) == len(before)
        assert (found[0].low, found[-1].high) == (0.0, 90.0), "the legend holds every value that is drawn"
        assert all(one.high < other.low for one, other in pairwise(found))
        drawn = painted(shown(arop, thessaly, period=period))
        assert {code: drawn[code][0] for code in values} == colours
    assert drawn["2203"] == (before[0].colour, ("unreliable",))
    assert drawn["2403"] == (before[-1].colour, ("unreliable",))
    assert drawn["2204"][1] == ("unreliable",)


def test_where_nothing_is_sure_there_is_one_class(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    publish({"2201": figure(10.0, flag="u"), "2401": figure(50.0, 90.0), "2202": figure(None)})
    assert [(one.low, one.high) for one in shown(arop, thessaly).painting.classes] == [(10.0, 50.0)]
    publish({}, period="2022")
    assert shown(arop, thessaly, period="2022").choropleth()


@pytest.mark.usefixtures("three_years")
def test_the_mode_of_differences_has_three_colours(arop: Indicator, thessaly: Area) -> None:
    found = {code: fill for code, (fill, _) in painted(shown(arop, thessaly, mode=Mode.DIFFERENCE)).items()}
    assert found["2201"] == HIGHER_COLOUR
    assert found["2401"] == SAME_COLOUR
    assert LOWER_COLOUR not in found.values()


def test_what_is_unsure_is_not_told_apart_by_colour(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    publish({"2201": figure(5.0, 8.0), "2401": figure(20.0, 30.0), "2301": figure(30.0, 1.0)})
    found = {code: fill for code, (fill, _) in painted(shown(arop, thessaly, mode=Mode.BLENDED)).items()}
    assert found["2201"] == found["2401"] == UNSURE_COLOUR
    assert found["2301"] != UNSURE_COLOUR


def test_a_large_error_is_hatched_and_said_even_without_a_flag(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    nought = figure(0.0, standard_error=0.0, ci_low=0.0, ci_high=33.0)
    publish({"2201": figure(20.0, 30.0), "2401": nought, "2301": figure(20.0)})
    found = shown(arop, thessaly)
    patterns = {code: patterns for code, (_, patterns) in painted(found).items()}
    assert patterns["2201"] == patterns["2401"] == ("unreliable",)
    assert patterns["2301"] == ()
    with translation.override("en"):
        said = {row.area.code: row.said for row in found.rows}
    assert said["2201"] == said["2401"] == ["large error"]
    assert painted(shown(arop, thessaly, mode=Mode.BLENDED))["2401"][0] == UNSURE_COLOUR


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("level", ["municipality", "regional_unit"])
def test_the_page_stands_in_both_languages(client: Client, language: str, mode: Mode, level: str) -> None:
    answer = client.get(
        f"/{language}/maps/indicators/?indicator=arop&mode={mode}&level={level}", **THESSALY
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.index("<table") < page.index('class="choropleth"')
    assert ("συνθετικά" if language == "el" else "synthetic") in page
    assert page.count('class="choropleth choropleth--small"') == 3
    for year in ("2021", "2022", "2023"):
        assert f"period={year}" in page


@pytest.mark.usefixtures("three_years")
def test_an_area_of_the_map_leads_to_its_profile_and_the_years_are_links(client: Client) -> None:
    page = client.get(f"{PAGE}?indicator=arop", **THESSALY).content.decode()
    for code in ("2201", "2202", "2603"):
        said = re.search(rf'<a href="/el/profiles/{code}/" fill="[^"]+" aria-label="([^"]+)"><title>', page)
        assert said
        assert said[1].endswith(" – άνοιγμα του προφίλ")
        assert f'id="area-{code}"' in page
    assert "Στα χρόνια</h2>" in page


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize(
    "query",
    [
        "indicator=nothing",
        "indicator=arop&period=1999",
        "indicator=arop&breakdown=colour%3Dred",
        "indicator=arop&level=community",
        "indicator=arop&mode=rainbow",
    ],
)
def test_what_does_not_exist_is_not_found(client: Client, query: str) -> None:
    for ending in ("/", "/embed/", ".svg", ".png", ".csv", ".xlsx", ".geojson", "/thumbnail.svg"):
        assert client.get(f"/el/maps/indicators{ending}?{query}", **THESSALY).status_code == 404


def test_a_region_without_figures_says_so(client: Client, thessaly: Area) -> None:
    answer = client.get(PAGE, **THESSALY)
    assert answer.status_code == 200
    assert "Δεν υπάρχουν ακόμη στοιχεία" in answer.content.decode()
    assert client.get("/el/maps/indicators.csv", **THESSALY).status_code == 404


@pytest.mark.usefixtures("three_years")
def test_figures_of_another_region_do_not_appear(client: Client) -> None:
    answer = client.get(PAGE, HTTP_HOST="peloponnese.localhost")
    assert "Δεν υπάρχουν ακόμη στοιχεία" in answer.content.decode()


def test_years_and_indicators_cost_no_queries(
    client: Client, publish: Publish, queries_stay: Callable[..., int]
) -> None:
    years = iter(range(1990, 2030))

    def grow(number: int) -> None:
        for _ in range(number):
            publish({"2201": figure(30.0), "2401": figure(21.0)}, period=str(next(years)))

    assert queries_stay(grow=grow, read=lambda: client.get(f"{PAGE}?indicator=arop", **THESSALY)) < 25


# --- in other sites, as files ---------------------------------------------------------------------


@pytest.mark.usefixtures("three_years")
def test_only_the_page_for_frames_may_be_framed(client: Client) -> None:
    framed = client.get("/el/maps/indicators/embed/?indicator=arop", **THESSALY)
    links = re.findall(r'<a href="/el/profiles/[^>]+>', framed.content.decode())
    assert links
    assert all('target="_blank" rel="noopener"' in link for link in links), "a profile stands in no frame"
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert not framed.cookies
    page = client.get(f"{PAGE}?indicator=arop", **THESSALY)
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "maps:indicators-embed" in ROUTES


@pytest.mark.usefixtures("three_years")
def test_the_drawing_stands_alone_and_says_that_it_is_synthetic(client: Client) -> None:
    answer = client.get("/el/maps/indicators.svg?indicator=arop", **THESSALY)
    assert ET.fromstring(answer.content.decode()).tag.endswith("svg")
    assert "συνθετικά" in answer.content.decode()
    again = client.get(
        "/el/maps/indicators.svg?indicator=arop", headers={"if-none-match": answer["ETag"]}, **THESSALY
    )
    assert again.status_code == 304


@pytest.mark.usefixtures("three_years")
def test_the_picture_is_a_picture(client: Client) -> None:
    answer = client.get("/el/maps/indicators.png?indicator=arop", **THESSALY)
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.usefixtures("three_years")
def test_tables_hold_intervals_and_reasons_and_nothing_withheld(client: Client) -> None:
    answer = client.get("/el/maps/indicators.csv?indicator=arop", **THESSALY)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    by_code = {row["Κωδικός"]: row for row in rows}
    assert len(rows) == 26
    assert by_code["2201"]["Τιμή"] == "38,0"
    assert (by_code["2201"]["Διάστημα από"], by_code["2201"]["Διάστημα έως"]) == ("36,0", "40,0")
    assert by_code["2202"]["Τιμή"] == by_code["2202"]["Άτομα που ρωτήθηκαν"] == ""
    assert by_code["2202"]["Γιατί δεν υπάρχει τιμή"]
    assert by_code["EL61"]["Τιμή"] == "20,0"
    book = load_workbook(
        io.BytesIO(client.get("/el/maps/indicators.xlsx?indicator=arop", **THESSALY).content)
    )
    assert book.worksheets[0].max_row == 27
    assert "συνθετικά" in " ".join(str(row[0].value) for row in book.worksheets[1].iter_rows())


@pytest.mark.usefixtures("three_years")
def test_squares_are_the_same_map(client: Client) -> None:
    """Every area once, in the same colour, with the same words; only its form differs."""
    outlines, squares = (
        client.get(f"/en/maps/indicators.svg?indicator=arop&drawing={name}", **THESSALY).content.decode()
        for name in ("outlines", "tiles")
    )

    def areas(drawing: str) -> list[tuple[str, str]]:
        return re.findall(r'fill="(#\w+)" aria-label="([^"]+)"', drawing)

    assert len(areas(squares)) == 25
    assert areas(squares) == areas(outlines)
    assert "size and borders are not real" in re.sub(r"<[^>]+>", " ", squares)
    assert client.get(f"{PAGE}?indicator=arop&drawing=hexagons", **THESSALY).status_code == 404


# --- ways on --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize(
    ("query", "words"), [("breakdown=sex%3Dfemale", "γυναίκες"), ("period=2022", "2022")]
)
def test_what_only_another_indicator_has_gives_way_and_is_said(
    client: Client, publish: Publish, query: str, words: str
) -> None:
    publish({"2201": figure(300.0)}, code="registered_unemployed", period="2024-12", region=figure(900.0))
    for page in ("indicators/", "ranking/", "comparison/"):
        answer = client.get(f"/el/maps/{page}?indicator=registered_unemployed&{query}", **THESSALY)
        assert answer.status_code == 200, page
        text = " ".join(answer.content.decode().split())
        assert f"Για «{words}» δεν υπάρχει τίποτα σε αυτόν τον δείκτη" in text, page
    table = f"/el/maps/indicators.csv?indicator=registered_unemployed&{query}"
    assert client.get(table, **THESSALY).status_code == 404


@pytest.mark.usefixtures("three_years")
def test_a_way_of_drawing_that_persons_do_not_have_gives_way(client: Client, publish: Publish) -> None:
    publish({"2201": figure(300.0)}, code="gmi_beneficiaries", region=figure(900.0))
    answer = client.get(f"{PAGE}?indicator=gmi_beneficiaries&mode=difference", **THESSALY)
    assert answer.status_code == 200
    assert "δεν υπάρχει τίποτα σε αυτόν τον δείκτη" in answer.content.decode()


@pytest.mark.usefixtures("three_years")
def test_every_number_leads_to_its_passport_and_the_map_to_the_definition(client: Client) -> None:
    passports = {
        f"/el/figures/{one.public_id}/"
        for one in Observation.objects.filter(series__period="2023").exclude(area__level="regional_unit")
    }
    assert passports
    content = client.get(f"{PAGE}?indicator=arop", **THESSALY).content.decode()
    assert passports == set(re.findall(r'href="(/el/figures/[^"]+)"', content))
    assert 'href="/el/indicators/arop/"' in content
    table = client.get("/el/maps/indicators.csv?indicator=arop", **THESSALY).content.decode("utf-8-sig")
    told = {row["Διαβατήριο"] for row in csv.DictReader(io.StringIO(table), delimiter=";")} - {""}
    assert told
    assert {re.sub(r"^http://thessaly\.localhost(:\d+)?", "", address) for address in told} == passports


@pytest.mark.usefixtures("three_years")
def test_an_indicator_leads_to_its_map(client: Client) -> None:
    content = client.get("/el/indicators/arop/", **THESSALY).content.decode()
    for page in ("indicators", "ranking", "comparison"):
        assert f'href="/el/maps/{page}/?indicator=arop"' in content


def test_what_is_told_of_the_region_alone_is_offered_on_no_map(publish: Publish, client: Client) -> None:
    publish({"2201": figure(21.0)})
    publish({}, code="gmi_paid_ratio", period="2023-12", region={"value": 0.9})
    for address in ("/el/maps/", "/el/maps/indicators/", "/el/indicators/gmi_paid_ratio/"):
        page = client.get(address, **THESSALY).content.decode()
        assert "maps/indicators/?indicator=gmi_paid_ratio" not in page
        assert 'value="gmi_paid_ratio"' not in page
    assert client.get("/el/maps/indicators/?indicator=gmi_paid_ratio", **THESSALY).status_code == 404
