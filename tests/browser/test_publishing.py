"""An action, from a municipality's draft to the page, the map and a reader's mailbox."""

import re
import time
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server

LOGIN = "/el/account/login/"
SPACE = "/el/office/publishing/"


def _checked(page: Page, heading: str | re.Pattern[str]) -> None:
    expect(page.locator("h1")).to_have_text(heading)
    page.wait_for_load_state()
    assert_accessible(page)
    assert_fits(page)


def _keeper(visit, server: Server) -> Page:
    """Who sees the mails that the demonstration did not send."""
    page = visit(f"{LOGIN}?next=/el/demo-mail/", width=360, height=740)
    people.keeper_signs_in(page, server)
    return page


def _mail(keeper: Page, server: Server, address: str, text: str) -> Locator:
    """The mail to ``address`` that holds ``text``, after the worker has sent what waits."""
    server.command("procrastinate", "worker", "--one-shot", "--queues", "mail")
    keeper.goto(server.url("/el/demo-mail/"))
    found = keeper.locator(".card", has_text=address).filter(has_text=text)
    expect(found).to_have_count(1)
    return found


def _follow_all(visit, server: Server, keeper: Page, address: str) -> Page:
    """Ask to hear of everything, and confirm it from the mailbox."""
    page = visit("/el/news/", width=360, height=740)
    page.locator("main a[href*='/subscribe/']").first.click()
    page.locator("#id_address").fill(address)
    page.get_by_role("button", name="Στέλνετέ μου νέα").click()
    page.wait_for_url("**/subscribe/sent/")
    link = _mail(keeper, server, address, "/subscribe/confirm/").locator("a[href*='/subscribe/confirm/']")
    page.goto(str(link.get_attribute("href")))
    page.get_by_role("button", name="Ναι").click()
    page.wait_for_load_state()
    return page


def _picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (900, 600), "#c8d7e6").save(made, "JPEG")
    return made.getvalue()


def _write(page: Page, server: Server, title: str) -> None:
    page.goto(server.url(SPACE))
    _checked(page, "Οι δημοσιεύσεις μου")
    page.get_by_role("link", name="Νέα δράση").click()
    _checked(page, "Νέα δράση")
    page.locator("#id_body").select_option(index=1)
    page.locator("#id_title_el").fill(title)
    page.locator("#id_summary_el").fill("Γραμμένο στη δοκιμή· συνθετικό.")
    page.locator("#id_starts_on").fill("2026-03-01")
    page.locator("#id_ends_on").fill("2026-02-01")
    _save(page)
    expect(page.locator("main")).to_contain_text("Τελειώνει πριν αρχίσει.")
    _checked(page, "Νέα δράση")
    page.locator("#id_ends_on").fill("2027-02-01")
    _save(page)
    _checked(page, title)


def _save(page: Page) -> None:
    page.get_by_role("button", name="Αποθήκευση").click()
    page.wait_for_load_state()


def _illustrate(page: Page) -> None:
    """A picture needs the words for those who do not see it."""
    page.get_by_role("link", name="Εικόνες και αρχεία").click()
    _checked(page, "Εικόνες και αρχεία")
    file = {"name": "place.jpg", "mimeType": "image/jpeg", "buffer": _picture()}
    page.locator("#id_picture").set_input_files(file)
    assert page.locator("#id_alt_el").get_attribute("required") is not None
    page.locator("#id_alt_el").fill("Η είσοδος του Κέντρου Κοινότητας.")
    page.get_by_role("button", name="Προσθήκη εικόνας").click()
    expect(page.locator("main")).to_contain_text("Η είσοδος του Κέντρου Κοινότητας.")
    _checked(page, "Εικόνες και αρχεία")


def _step(page: Page, name: str, *, reason: str = "") -> None:
    page.get_by_label(name).first.check()
    page.locator("#id_reason").fill(reason)
    page.get_by_role("button", name="Εκτέλεση").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Έγινε:")


def test_a_municipalitys_action_reaches_page_map_and_mailbox(visit, server: Server, watch) -> None:
    watch.forgive("422")
    title = f"Δωρεάν μαθήματα κολύμβησης {time.time_ns() % 10**6}"
    address = f"follower{time.time_ns()}@example.org"
    keeper = _keeper(visit, server)
    reader = _follow_all(visit, server, keeper, address)

    writer = visit(LOGIN, width=360, height=740)
    people.sign_in(writer, server, "municipality")
    _write(writer, server, title)
    item = writer.url
    _illustrate(writer)
    writer.goto(item)
    _step(writer, "Υποβολή για έλεγχο")

    reviewer = visit(LOGIN, width=360, height=740)
    people.sign_in(reviewer, server, "editor")
    reviewer.goto(server.url(f"{SPACE}queue/"))
    _checked(reviewer, "Περιμένουν έλεγχο")
    reviewer.locator("main").get_by_role("link", name=title).click()
    _checked(reviewer, title)
    _step(reviewer, "Επιστροφή για διόρθωση", reason="Πού γίνεται; Γράψε τον τόπο.")

    writer.goto(item)
    expect(writer.locator("main")).to_contain_text("Πού γίνεται; Γράψε τον τόπο.")
    writer.get_by_role("link", name="Συνέχεια γραφής").click()
    writer.locator("#id_place_el").fill("Κολυμβητήριο")
    writer.locator("#id_point").fill("39.640, 22.417")
    writer.locator("input[name=municipalities]").first.check()
    _save(writer)
    _step(writer, "Υποβολή για έλεγχο")

    reviewer.goto(item)
    _step(reviewer, "Δημοσίευση")

    reader.goto(server.url("/el/news/"))
    reader.locator("main").get_by_role("link", name=title).click()
    _checked(reader, title)
    picture = reader.locator("main figure img")
    assert picture.get_attribute("alt") == "Η είσοδος του Κέντρου Κοινότητας."
    for path in ("/el/strategy/actions/", "/el/maps/structures/?layer=actions"):
        reader.goto(server.url(path))
        assert_accessible(reader)
        assert_fits(reader)
        mark = reader.locator(f"svg a.choropleth__mark[aria-label^='{title}']")
        expect(mark).to_have_count(1)
        assert reader.locator("main").get_by_role("link", name=re.compile(title)).count() > 1
    _mail(keeper, server, address, title)
