"""The social maps in a real browser: by eye, by key, without script, and after official outlines came."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import Visit
from tests.browser.server import Server

OFFICIAL = Path(__file__).parents[3] / "shared" / "geo" / "boundaries_th_pe_2011geom_2021codes.geojson"
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
        "/el/maps/coverage/?kind=social_pharmacy",
        "/en/maps/coverage/?kind=nursery&distance=5&level=regional_unit&measure=supply",
        "/el/maps/ranking/?indicator=arope",
        "/en/maps/comparison/?indicator=arope&area=2601&area=2401",
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
