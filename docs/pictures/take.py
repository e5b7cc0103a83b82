"""Takes the pictures of the README and of docs/tour.md from a served demonstration.

    bin/test --quick --version >/dev/null   # makes the test cluster
    eval "$(.venv/bin/python -m entaxis.config.cluster environment test)"
    PYTHONPATH=. .venv/bin/python docs/pictures/take.py [OFFICIAL_OUTLINES.geojson]

With a file of official outlines (codes in the property ``elstat_code`` or as named by --code-field) the
last picture shows the map drawn with them.
"""

import io
import sys
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from tests import template_database
from tests.browser.server import Server, serving

FOLDER = Path(__file__).parent
DESKTOP = {"width": 1180, "height": 860}
PHONE = {"width": 390, "height": 780}
TABLE = """Κωδικός;Ονομασία;Είδος;Δήμος;Ωράριο
Α1;Κοινωνικό Παντοπωλείο Δήμου Σκοπέλου (δείγμα);social_grocery;Σκόπελος;Δε-Πα 09:00-14:00
Α2;Κοινωνικό Παντοπωλείο Δήμου Αλοννήσου (δείγμα);social_grocery;Αλόννησος;Δε,Τε 10:00-13:00
Α3;Κοινωνικό Παντοπωλείο Δήμου Νοτίου Πηλίου (δείγμα);social_grocery;Νοτίου Πηλίου;Τρ 10:00-25:00
"""


def main(outlines: list[str]) -> None:
    """Serve, walk, take."""
    django.setup()
    from tests.browser.conftest import ARGUMENTS, CHROMIUM

    template_database.prepare()
    with serving("pictures") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, "--no-sandbox"])
        _public(browser, server)
        _office(browser, server)
        _bodies(browser, server)
        _keeping(browser, server)
        _figures(browser, server)
        if outlines:
            server.command(
                "import_boundaries", outlines[0], "--year=2019", *outlines[1:],
                "--source=geodata.gov.gr, Kallikratis municipalities", "--licence=CC BY 3.0",
            )  # fmt: skip
            _map(browser, server, "map-official-el")
        browser.close()


def _public(browser: Browser, server: Server) -> None:
    for language, words in (("el", "χρειάζομαι φάρμακα"), ("en", "I need medicines")):
        for name, size in (("", DESKTOP), ("-phone", PHONE)):
            page = browser.new_page(viewport=size, locale=language)
            page.goto(server.url(f"/{language}/"))
            save(page, f"home-{language}{name}")
            page.locator("main input[name=q]").first.fill(words)
            page.locator("main select[name=municipality]").first.select_option("2401")
            page.locator("main form[role=search] button:not([type=button])").first.click()
            page.wait_for_selector(".result")
            page.evaluate("document.querySelector('main h2').scrollIntoView()")
            save(page, f"results-{language}{name}")
            page.locator(".result a").first.click()
            page.wait_for_selector("main h1")
            save(page, f"structure-{language}{name}")
            page.close()
    page = browser.new_page(viewport=PHONE)
    page.goto(server.url("/ar/structures/"))
    save(page, "search-ar-phone")
    page.goto(server.url("/el/emergency/"))
    save(page, "emergency-el-phone")
    page.close()
    _map(browser, server, "map-el")


def _map(browser: Browser, server: Server, name: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(server.url("/el/maps/structures/?kind=social_grocery"))
    page.evaluate("document.querySelector('main figure').scrollIntoView()")
    save(page, name)
    page.close()


def _office(browser: Browser, server: Server) -> None:
    from tests.browser.people import sign_in

    page = browser.new_page(viewport=DESKTOP)
    page.goto(server.url("/el/structures/counts/"))
    save(page, "counts-before-el")
    page.goto(server.url("/el/office/imports/"))
    sign_in(page, server, "editor")
    page.goto(server.url("/el/office/imports/"))
    page.locator("input[type=file]").set_input_files(
        {"name": "pantopoleia.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp1253")}
    )
    page.locator("input[name=source]").fill("Δείγμα δήμων")
    page.locator("main form button").last.click()
    page.wait_for_selector("dl.facts")
    save(page, "import-look-el")
    page.locator("form[action*=confirm] button").click()
    page.wait_for_selector("a[href*=undo]")
    save(page, "import-done-el")
    page.goto(server.url("/el/structures/counts/"))
    save(page, "counts-after-el")
    _map(browser, server, "map-after-el")
    page.goto(server.url("/el/office/structures/"))
    save(page, "office-el")
    page.close()


def _bodies(browser: Browser, server: Server) -> None:
    """What bodies publish and how they are found."""
    for name, size in (("", DESKTOP), ("-phone", PHONE)):
        page = browser.new_page(viewport=size, locale="el")
        page.goto(server.url("/el/news/"))
        save(page, f"news-el{name}")
        page.locator("main article a, main .card a").first.click()
        page.wait_for_selector("main h1")
        save(page, f"action-el{name}")
        page.close()
    page = browser.new_page(viewport=DESKTOP, locale="el")
    for path, name in (
        ("/el/strategy/actions/", "actions-map-el"),
        ("/el/news/calendar/", "calendar-el"),
        ("/el/network/", "network-el"),
        ("/el/network/bodies/", "bodies-el"),
        ("/el/structures/freshness/", "freshness-el"),
        ("/el/observatory/organisation/", "organisation-chart-el"),
    ):
        page.goto(server.url(path))
        save(page, name)
    page.close()
    page = browser.new_page(viewport=PHONE, locale="el")
    page.goto(server.url("/el/callback/"))
    save(page, "callback-el-phone")
    page.close()


def _keeping(browser: Browser, server: Server) -> None:
    """A clerk changes an entry; the Observatory sees what differs."""
    from tests.browser.people import sign_in

    clerk = browser.new_page(viewport=DESKTOP, locale="el")
    clerk.goto(server.url("/el/account/login/"))
    sign_in(clerk, server, "clerk")
    clerk.goto(server.url("/el/office/structures/mine/"))
    clerk.locator("main table a").first.click()
    clerk.locator("form[action$='/propose/'] button").click()
    clerk.locator("a[href$='/hours/']").first.click()
    clerk.locator("main form.form input[type=text]").first.fill("09:00-15:00")
    clerk.locator("main form.form button").last.click()
    clerk.locator("form[action$='/step/'] button[value=submit]").click()
    save(clerk, "entry-submitted-el")
    clerk.close()
    page = browser.new_page(viewport=DESKTOP, locale="el")
    page.goto(server.url("/el/account/login/"))
    sign_in(page, server, "administrator")
    page.goto(server.url("/el/office/"))
    save(page, "desk-el")
    page.goto(server.url("/el/office/structures/proposals/"))
    page.locator("main table a").first.click()
    page.wait_for_selector("main h1")
    save(page, "review-el")
    page.goto(server.url("/el/office/organisation/"))
    save(page, "organisation-office-el")
    page.close()


def _figures(browser: Browser, server: Server) -> None:
    """Maps and their doubts, places in a ranking, a profile, groups, a passport, an index, a dashboard."""
    from tests.browser.people import sign_in

    page = browser.new_page(viewport=DESKTOP | {"height": 1100})
    page.goto(server.url("/el/maps/indicators/?indicator=arope"))
    page.evaluate("document.querySelector('#map').scrollIntoView()")
    save(page, "map-arope-el")
    for path, name in (
        ("maps/ranking/?indicator=arope", "ranking-el"),
        ("profiles/2601/", "profile-el"),
        ("maps/beside/?indicator=arope&with=smsd", "beside-el"),
        ("maps/together/?indicator=arope&kind=community_centre", "together-el"),
        ("maps/coverage/", "coverage-el"),
        ("vulnerable-groups/long_term_unemployed/", "group-el"),
        ("indicators/arope/", "indicator-el"),
    ):
        page.goto(server.url(f"/el/{path}"))
        if path.startswith(("maps/together", "maps/coverage")):
            page.evaluate("document.querySelector('#map').scrollIntoView()")
        else:
            _below_head(page)
        save(page, name)
    page.locator("main a[href*='/figures/']").first.click()
    page.wait_for_selector("main h1")
    _below_head(page)
    save(page, "passport-el")
    for listed, name in (("recipes", "index-el"), ("pockets", "pockets-el")):
        page.goto(server.url(f"/el/indicators/{listed}/"))
        with page.expect_navigation():
            page.locator(f"main a[href*='/{listed}/']").first.click()
        _below_head(page)
        save(page, name)
    page.goto(server.url("/el/account/login/"))
    sign_in(page, server, "writer")
    page.wait_for_url("**/office/")
    page.goto(server.url("/el/office/dashboard/"))
    _below_head(page)
    save(page, "dashboard-el")
    page.close()


def _below_head(page: Page) -> None:
    """What a page says begins at its heading."""
    page.evaluate("document.querySelector('main h1').scrollIntoView()")


def save(page: Page, name: str) -> None:
    """A picture of what is in the window, in few colours: it is for reading, not for print."""
    page.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
