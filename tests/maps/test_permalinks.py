"""What was chosen stays chosen: every form and link of the maps carries all other choices on."""

import io
import re
from datetime import date
from html import escape, unescape
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from entaxis.core import sealed
from entaxis.directory.models import KindCompleteness
from entaxis.geography.models import Area
from entaxis.indicators import country
from entaxis.indicators.models import Observation, Release
from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
CHOICES = {
    "indicator": ("arop", "smsd"),
    "period": ("2021", "2022", "2023"),
    "breakdown": ("total", "sex=female"),
    "level": ("municipality", "regional_unit"),
    "mode": ("hatched", "blended", "difference"),
    "drawing": ("outlines", "tiles"),
}
USUAL = {"drawing": "outlines"}
"""What an address need not say."""
OF_COUNTRY = """
[[figure]]
indicator = "arop"
period = "2022"
value = 18.0
source_el = "Εθνική υπηρεσία"
source_en = "National office"
published_on = 2024-04-02
"""
PAGES = ("indicators", "ranking", "comparison", "together", "beside")
Choice = dict[str, str]


@pytest.fixture
def figures(publish: Publish, thessaly: Area) -> None:
    kind = factories.term("community_centre")
    for area in Area.objects.municipalities().of(thessaly):
        KindCompleteness.objects.create(kind=kind, municipality=area, state="complete")
    told = {code: figure(30.0) for code in ("2201", "2401", "22", "24")}
    for code in CHOICES["indicator"]:
        for period in CHOICES["period"]:
            _also_of_women(publish(told, code=code, period=period))


def _also_of_women(release: Release) -> None:
    """The same figures again of another breakdown."""
    rows = list(Observation.objects.filter(series__release=release))
    for row in rows:
        row.pk, row.public_id, row.breakdown = None, uuid4(), "sex=female"
    with sealed.role(sealed.STATISTICS):
        Observation.objects.bulk_create(rows)


def read(client: Client, address: str) -> str:
    answer = client.get(address, **THESSALY)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def form_of(page: str) -> Choice:
    """What the form of the page would send if nothing were touched."""
    form = page[page.index('<form class="map-choice') :]
    form = form[: form.index("</form>")]
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    for name, inside in re.findall(r'<select[^>]* name="(\w+)">(.*?)</select>', form, re.DOTALL):
        found = re.findall(r'<option( value="([^"]*)")?( selected)?>([^<]*)', inside)
        options = [(value if has_value else text, selected) for has_value, value, selected, text in found]
        chosen = [value for value, is_selected in options if is_selected] or [options[0][0]]
        sent[name] = chosen[0]
    return {name: unescape(value) for name, value in sent.items()}


def links_of(page: str) -> list[tuple[str, Choice]]:
    """Every address that a link of the page leads to and that asks for an indicator."""
    links = [unescape(found) for found in re.findall(r'(?:href|src|data-areas)="([^"]*)"', page)]
    asked = [(urlsplit(link).path, parse_qs(urlsplit(link).query)) for link in links]
    return [
        (path, {name: values[0] for name, values in query.items()})
        for path, query in asked
        if "indicator" in query
    ]


def permanent(page: str) -> str:
    """The permanent link, whatever the language."""
    found = re.search(r'<dd class="breaks"><a href="([^"]+)">', page)
    assert found
    return unescape(found[1])


def cited(page: str) -> tuple[str, str]:
    """How the page says that it is cited, and its permanent link."""
    said = re.search(r'<dt>How to cite</dt><dd class="breaks">(.*?)</dd>', page)
    link = re.search(r'<dt>Permanent link</dt><dd class="breaks"><a href="([^"]+)">', page)
    assert said
    assert link
    return unescape(said[1]), unescape(link[1])


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CHOICES.items()}))
def test_forms_and_links_keep_every_choice(client: Client, name: str, chosen: Choice) -> None:
    page = read(client, f"/el/maps/{name}/?{urlencode(chosen)}")
    assert chosen.items() <= (USUAL | form_of(page)).items()
    links = links_of(page.replace(f'href="{escape(permanent(page))}"', ""))
    assert len(links) > 1
    for path, told in links:
        differs = {key for key, value in chosen.items() if (USUAL | told).get(key) != value}
        assert differs <= ({"period"} if path.endswith(f"/{name}/") else set()), (path, told)
    languages = [told for path, told in links if path == f"/en/maps/{name}/"]
    assert chosen in languages


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("changed", CHOICES)
def test_changing_one_option_changes_nothing_else(client: Client, page: str, changed: str) -> None:
    start = {name: values[1] for name, values in CHOICES.items()}
    sent = form_of(read(client, f"/en/maps/{page}/?{urlencode(start)}"))
    after = form_of(read(client, f"/en/maps/{page}/?{urlencode(sent | {changed: CHOICES[changed][0]})}"))
    assert {name: (USUAL | after)[name] for name in start} == start | {changed: CHOICES[changed][0]}


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("page", ["indicators", "ranking", "comparison"])
def test_what_the_next_indicator_does_not_have_is_replaced_and_said(
    client: Client, publish: Publish, page: str
) -> None:
    """A count by month: the year becomes its last month, and what compares with the region goes."""
    for period in ("2022-11", "2022-12", "2023-01"):
        publish({"2201": figure(100.0)}, code="gmi_beneficiaries", period=period, region=figure(900.0))
    start = {"indicator": "arop", "period": "2022", "mode": "difference", "level": "regional_unit"}
    sent = form_of(read(client, f"/en/maps/{page}/?{urlencode(start)}")) | {
        "indicator": "gmi_beneficiaries"
    }
    found = read(client, f"/en/maps/{page}/?{urlencode(sent)}")
    assert form_of(found) | {"period": "2022-12", "mode": "hatched"} == form_of(found)
    assert form_of(found)["level"] == "regional_unit"
    assert "Of “2022” there is nothing for this indicator. Shown instead: 2022-12." in found


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("indicators", "At risk of poverty (women), Thessaly, 2022. "),
        ("ranking", "Ranking: At risk of poverty (women), Thessaly, 2022. "),
        ("comparison", "Comparison: At risk of poverty (women), Thessaly, 2021–2023. "),
    ],
)
def test_a_view_says_how_it_is_cited_and_its_permanent_link_shows_it_again(
    client: Client, name: str, begins: str
) -> None:
    asked = "indicator=arop&period=2022&breakdown=sex%3Dfemale&area=2401"
    page = read(client, f"/en/maps/{name}/?{asked}")
    said, link = cited(page)
    assert said.startswith(begins)
    assert said.endswith(f"Survey. {link}")
    address = link.removeprefix("http://thessaly.localhost")
    assert ("area=2401" in address) == (name == "comparison")
    table = page[page.index('<table class="map-table"') : page.index("</table>")]
    assert table in read(client, address)


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize(
    "path",
    [
        *(f"maps/{name}/?indicator=arop" for name in ("indicators", "ranking", "comparison", "beside")),
        "indicators/arop/",
        "indicators/tables/?indicator=arop",
    ],
)
def test_a_permanent_link_bears_the_host_of_its_region(client: Client, path: str) -> None:
    """A bare host gives the region that is usual today."""
    answer = client.get(f"/en/{path}", HTTP_HOST="localhost")
    said, link = cited(answer.content.decode())
    assert link.startswith(f"http://thessaly.localhost/en/{path.split('?', maxsplit=1)[0]}?")
    assert said.endswith(link)


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("name", ["ranking", "comparison"])
def test_a_view_without_a_map_speaks_of_no_colours_and_no_lines(client: Client, name: str) -> None:
    asked = "indicator=arop&period=2022&mode=blended&drawing=tiles&area=2401"
    page = read(client, f"/en/maps/{name}/?{asked}")
    told = parse_qs(urlsplit(permanent(page)).query)
    assert set(told) - {"area"} == {"indicator", "period", "breakdown", "level"}
    file = client.get(f"/en/maps/{name}.xlsx?{asked}", **THESSALY)
    words = [
        row[0] for row in load_workbook(io.BytesIO(file.content)).worksheets[1].iter_rows(values_only=True)
    ]
    for text in (page[page.index("<table") :], " ".join(map(str, words))):
        assert "Source: Survey" in text
        assert "synthetic" in text
        assert "Colours" not in text
        assert "Boundaries" not in text
        assert "square" not in text


@pytest.mark.usefixtures("figures")
def test_two_maps_are_cited_with_the_source_of_each(client: Client) -> None:
    Release.objects.filter(series__period="2021").update(source_en="Survey of 2021")
    asked = "indicator=arop&period=2022&breakdown=sex%3Dfemale"
    page = read(client, f"/en/maps/beside/?{asked}&with=smsd&with_period=2021")
    assert cited(page)[0].startswith(
        "Two maps side by side: At risk of poverty (women), 2022 – "
        "Severe material and social deprivation (women), 2021, Thessaly. Survey · Survey of 2021. http"
    )
    assert "with=smsd&with_period=2021" in cited(page)[1]
    alone = cited(read(client, f"/en/maps/beside/?{asked}&with_period=2023"))[0]
    assert alone.startswith(
        "Two maps side by side: At risk of poverty (women), 2022 – At risk of poverty (women), 2023, "
        "Thessaly. Survey. http"
    )


@pytest.mark.usefixtures("figures")
def test_a_comparison_names_the_sources_of_all_periods_that_it_shows(client: Client) -> None:
    for year in ("2021", "2022"):
        Release.objects.filter(series__period=year).update(source_en=f"Survey of {year}")
    asked = "indicator=arop&period=2022&area=2401"
    page = read(client, f"/en/maps/comparison/?{asked}")
    assert ", Thessaly, 2021–2023. Survey of 2021 · Survey of 2022 · Survey. http" in cited(page)[0]
    for year in ("Survey of 2021", "Survey of 2022", "Survey"):
        assert f"Source: {year}. Release: Release." in page
    country.load(OF_COUNTRY, by=None, is_synthetic=True)
    beside = cited(read(client, f"/en/maps/comparison/?{asked}"))[0]
    assert "Survey · National office. http" in beside
    book = load_workbook(
        io.BytesIO(client.get(f"/en/maps/comparison.xlsx?{asked}", **THESSALY).content), read_only=True
    )
    words = [row[0] for row in book.worksheets[1].iter_rows(values_only=True)]
    assert sum(text.startswith("Source: Survey of 202") for text in words) == 2


@pytest.mark.usefixtures("figures")
def test_need_and_services_name_the_survey_the_directory_with_its_day_and_the_outlines(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 20))
    page = read(client, "/en/maps/together/?indicator=arop&period=2022&kind=community_centre")
    said, link = cited(page)
    assert said.startswith("Need and services: At risk of poverty (everybody), 2022 – ")
    directory = "Directory of structures of the Regional Observatory of Social Inclusion, Thessaly, on 20 "
    assert f"Survey; {directory}November 2026. Residents: census of 2021" in said
    assert "Boundaries: " in said
    assert said.endswith(f"generalised for display. {link}")


@pytest.mark.usefixtures("figures")
def test_a_directory_of_the_demonstration_is_cited_as_synthetic(client: Client) -> None:
    said = cited(read(client, "/en/maps/structures/?kind=community_centre"))[0]
    assert "synthetic" not in said
    factories.structure("community_centre", is_synthetic=True)
    page = read(client, "/en/maps/structures/?kind=community_centre")
    assert " – synthetic demonstration data. Residents: " in cited(page)[0]
    assert cited(page)[1].endswith("/en/maps/structures/?kind=community_centre&level=municipality")


@pytest.mark.parametrize(
    ("key", "label", "file"),
    [
        ("age=15-24", "aged 15–24", "age-15-24"),
        ("sex=female;age=15-24", "women, aged 15–24", "sex-female-age-15-24"),
        ("housing=rented", "housing=rented", "housing-rented"),
    ],
)
@pytest.mark.parametrize("name", ["indicators", "ranking", "comparison", "beside", "together"])
def test_every_breakdown_that_is_published_can_be_chosen(  # noqa: PLR0917
    client: Client, figures: None, publish: Publish, name: str, key: str, label: str, file: str
) -> None:
    """A table of statistics has groups of its own, which no list here foresees."""
    publish({"2201": figure(71.5), "2401": figure(30.0)}, period="2024", breakdown=key)
    page = read(client, f"/en/maps/{name}/?indicator=arop")
    choices = re.search(r'<select id="map-breakdown".*?</select>', page, re.DOTALL)
    assert choices
    assert re.findall(r'<option value="([^"]+)"', choices[0]) == ["total", "sex=female", key]
    assert f">{label}</option>" in choices[0]
    shown = read(client, f"/en/maps/{name}/?{urlencode({'indicator': 'arop', 'breakdown': key})}")
    assert form_of(shown)["breakdown"] == key
    assert "71.5" in shown
    if name == "indicators":
        asked = urlencode({"indicator": "arop", "breakdown": key, "period": "2024"})
        answer = client.get(f"/en/maps/indicators.csv?{asked}", **THESSALY)
        assert file in answer["Content-Disposition"]
        assert ";" not in answer["Content-Disposition"].partition("filename=")[2]


def test_the_layer_of_actions_stays_in_the_permanent_link(client: Client, thessaly: Area) -> None:
    factories.structure("community_centre")
    page = read(client, "/en/maps/structures/?kind=community_centre&level=municipality&layer=actions")
    assert "kind=community_centre&amp;level=municipality&amp;layer=actions" in page
