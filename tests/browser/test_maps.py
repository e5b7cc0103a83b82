"""The social maps in a real browser: by eye, by key, without script, and after official outlines came."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import Visit
from tests.browser.server import Server

OFFICIAL = Path(__file__).parents[3] / "shared" / "geo" / "boundaries_th_pe_2011geom_2021codes.geojson"
A4_PX = 688
"""Between the margins of the printed page, at 96 to the inch."""
MAP = "/el/maps/structures/?kind=community_centre&level=municipality"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    "path",
    [
        "/el/maps/",
        MAP,
        "/en/maps/structures/?kind=community_centre&level=regional_unit",
        "/el/maps/indicators/?indicator=arope",
        "/en/maps/indicators/?indicator=arop&level=regional_unit&mode=blended",
        "/el/maps/indicators/?indicator=arop&mode=difference",
        "/el/maps/indicators/embed/?indicator=arope",
        "/el/maps/indicators/?indicator=arope&drawing=tiles",
        "/el/maps/together/?indicator=arope&kind=community_centre",
        "/el/maps/together/",
        "/el/maps/beside/?indicator=arope",
        "/el/maps/beside/?indicator=arope&with=smsd",
        "/el/maps/coverage/?kind=social_pharmacy",
        "/en/maps/coverage/?kind=nursery&distance=5&level=regional_unit&measure=supply",
        "/el/maps/ranking/?indicator=arope",
        "/en/maps/comparison/?indicator=arope&area=2601&area=2401",
        "/el/maps/comparison/?indicator=median_income&area=2601",
        "/en/indicators/median_income/",
        "/el/profiles/2601/",
    ],
)
def test_the_maps_are_accessible_and_fit(visit: Visit, path: str, width: int) -> None:
    page = visit(path, width=width)
    assert_accessible(page)
    assert_fits(page)


def test_a_key_leads_from_an_area_to_its_row(visit: Visit) -> None:
    page = visit(MAP)
    area = page.get_by_role("link", name=re.compile("^Βόλος:"))
    area.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#area-2401$"))
    expect(page.locator("#area-2401")).to_be_in_viewport()


def test_another_kind_is_chosen_without_script(visit: Visit) -> None:
    page = visit(MAP, javascript=False)
    page.get_by_label("Είδος δομής").select_option("social_pharmacy")
    page.get_by_label("Ανά", exact=True).select_option("regional_unit")
    page.get_by_role("button", name="Εμφάνιση").click()
    expect(page).to_have_url(re.compile("kind=social_pharmacy&level=regional_unit"))
    expect(page.locator("h1")).to_contain_text("Κοινωνικά Φαρμακεία")
    assert page.locator(".choropleth a").count() == 5


def test_a_download_is_the_map(visit: Visit) -> None:
    page = visit(MAP)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Λήψη PNG").click()
    assert waiting.value.suggested_filename == "community_centre-municipality-EL61.png"
    assert Path(waiting.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def drawn(page: Page) -> str:
    """The line of the municipality of Corinth."""
    return page.locator('a[href="#area-4201"] path').first.get_attribute("d") or ""


def test_official_outlines_replace_the_drawing(visit: Visit, server: Server) -> None:
    if not OFFICIAL.exists():
        pytest.skip("the official outlines are not beside this checkout")
    page = visit(MAP, host="peloponnese.localhost")
    before = drawn(page)
    said = server.command(
        *("import_boundaries", str(OFFICIAL), "--code-field", "ypes_2011", "--year", "2011"),
        *("--source", "geodata.gov.gr: official file", "--licence", "CC BY 3.0", "--region", "EL65"),
    )
    assert "Πελοπόννησος" in said
    page.reload()
    assert drawn(page) != before
    expect(page.locator("figcaption")).to_contain_text("geodata.gov.gr: official file")
    assert_accessible(page)


def test_distances_by_kind_and_kilometres_without_script(visit: Visit) -> None:
    page = visit("/el/maps/", javascript=False)
    page.get_by_role("link", name="Απόσταση και κάλυψη").click()
    page.get_by_label("Είδος δομής").select_option("social_pharmacy")
    page.get_by_role("button", name="Εμφάνιση").click()
    expect(page.locator(".lead").first).to_contain_text("Κοινωνικά Φαρμακεία σε απόσταση έως 10 χλμ.")
    page.get_by_role("navigation", name="Απόσταση").get_by_role("link", name="5 χλμ.").click()
    expect(page).to_have_url(re.compile("kind=social_pharmacy&distance=5"))
    expect(page.locator("main")).to_contain_text("έως 5 χλμ. σε ευθεία")


# --- the map to move about in, and the slider -------------------------------------------------------

AROPE = "/el/maps/indicators/?indicator=arope&period=2023"


def open_layers(page: Page) -> None:
    page.get_by_role("button", name="Άνοιγμα του διαδραστικού χάρτη").click()
    page.wait_for_selector(".layers__canvas canvas")
    expect(page.locator(".layers__canvas canvas")).to_have_attribute("aria-label", re.compile("βέλη"))


@pytest.mark.parametrize("width", [1280, 360])
def test_the_interactive_map_is_accessible_and_fits(visit: Visit, width: int) -> None:
    page = visit(AROPE, width=width)
    open_layers(page)
    page.get_by_label("Κοινωνικά Φαρμακεία").check()
    page.wait_for_selector(".find__cluster, .find__point")
    assert_accessible(page)
    assert_fits(page)


def test_layers_and_areas_by_key(visit: Visit) -> None:
    page = visit(AROPE)
    open_layers(page)
    layer = page.get_by_label("Κοινωνικά Φαρμακεία")
    layer.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-layers-count]")).to_contain_text(re.compile(r"Δομές στον χάρτη: [1-9]"))
    page.wait_for_selector(".find__cluster, .find__point")
    page.keyboard.press("Space")
    expect(page.locator(".find__cluster, .find__point")).to_have_count(0)
    page.get_by_label("Μετάβαση σε περιοχή").select_option("2401")
    said = page.locator("[data-layers-said]")
    expect(said).to_contain_text("Βόλος:")
    said.get_by_role("link", name="Κοινωνικό προφίλ").press("Enter")
    expect(page).to_have_url(re.compile("/el/profiles/2401/$"))


def test_a_click_on_an_area_leads_to_its_profile(visit: Visit) -> None:
    page = visit(AROPE)
    open_layers(page)
    page.wait_for_timeout(1000)  # until the areas are drawn
    page.locator(".layers__canvas canvas").click()
    link = page.locator(".maplibregl-popup a")
    expect(link).to_have_attribute("href", re.compile(r"^/el/profiles/\d{4}/$"))
    link.click()
    expect(page).to_have_url(re.compile(r"/el/profiles/\d{4}/$"))


def test_a_slider_goes_through_the_years(visit: Visit) -> None:
    page = visit(AROPE)
    slider = page.get_by_role("slider", name="Περίοδος")
    words = page.get_by_role("status", name="Με λόγια")
    expect(slider).to_have_attribute("aria-valuetext", "2023")
    before = words.inner_text()
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile("period=2022"))
    expect(words).to_contain_text("2022")
    expect(slider).to_be_focused()
    expect(page.locator("[aria-current=page]", has_text="2022").first).to_be_visible()
    assert "2022" in page.title()
    expect(page.locator("form.map-choice input[name=period]")).to_have_attribute("value", "2022")
    open_layers(page)
    assert "2022" in (page.locator("[data-layers]").get_attribute("data-areas") or "")
    page.go_back()
    expect(slider).to_have_attribute("aria-valuetext", "2023")
    expect(words).to_have_text(before, use_inner_text=True)
    assert_accessible(page)


def test_without_script_years_are_links_and_no_map_is_offered(visit: Visit) -> None:
    page = visit(AROPE, javascript=False)
    assert page.get_by_role("slider").count() == 0
    expect(page.locator("[data-layers]")).to_be_hidden()
    page.get_by_role("navigation", name="Περίοδος").get_by_role("link", name="2021").click()
    expect(page).to_have_url(re.compile("period=2021"))


@pytest.mark.parametrize(
    "path",
    [
        "/el/profiles/2601/",
        "/el/maps/comparison/?indicator=gmi_beneficiaries&area=2601",
        "/el/indicators/tables/",
    ],
)
def test_on_paper_every_column_of_a_table_is_there(visit: Visit, path: str) -> None:
    """Paper does not scroll: flags stand in the last column."""
    page = visit(path, width=A4_PX)
    page.emulate_media(media="print")
    beyond = page.evaluate(
        """() => {
          const end = (one) => one.getBoundingClientRect().right;
          const main = end(document.querySelector("main"));
          const shown = [...document.querySelectorAll("table")].filter((table) => table.offsetParent);
          return shown.map((table) => end(table) - main).filter((by) => by > 1);
        }"""
    )
    assert beyond == []
