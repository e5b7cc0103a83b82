"""The network in a real browser: bodies, letters and answers, offers of help."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server
from tests.browser.walk import Walk

LOGIN = "/el/account/login/"
BODY = re.compile("Φορέας επίδειξης")


def _checked(page: Page, heading: str | re.Pattern[str]) -> None:
    """The page of this heading is there, accessible and narrow."""
    expect(page.locator("h1")).to_have_text(heading)
    page.wait_for_load_state()
    assert_accessible(page)
    assert_fits(page)


def test_somebody_finds_a_body_writes_and_the_body_answers(visit, server: Server, watch) -> None:
    watch.forgive("422")
    address = f"reader{time.time_ns()}@example.org"
    reader = visit("/el/", width=360, height=740)
    reader.locator("footer").get_by_role("link", name="Δικτύωση").click()
    _checked(reader, "Δικτύωση")
    reader.locator("main").get_by_role("link", name="Φορείς", exact=True).click()
    reader.locator("#id_q").fill("φορεας επιδειξης")
    reader.locator("main form[role=search] button").click()
    reader.wait_for_url("**q=**")
    _checked(reader, "Φορείς")
    reader.locator("main .card a", has_text=BODY).first.click()
    _checked(reader, BODY)
    reader.get_by_role("link", name="Γράψτε στον φορέα").click()
    _checked(reader, "Γράψτε στον φορέα")
    reader.get_by_role("button", name="Αποστολή").click()
    reader.wait_for_selector(".errors")
    _checked(reader, "Γράψτε στον φορέα")
    reader.locator("#id_name").fill("Ελένη")
    reader.locator("#id_address").fill(address)
    reader.locator("#id_text").fill("Πότε είστε ανοιχτά;")
    reader.get_by_role("button", name="Αποστολή").click()
    expect(reader.locator("main")).to_contain_text("Στάλθηκε")
    assert address not in server.log.read_text(encoding="utf-8")

    member = visit(LOGIN, width=360, height=740)
    people.first_step(member, "body")
    member.wait_for_url("**/office/")
    member.locator("main").get_by_role("link", name=re.compile("Μηνύματα προς φορείς")).click()
    _checked(member, "Μηνύματα προς φορείς")
    member.locator("main table tr", has_text="περιμένει").locator(
        "a"
    ).last.click()  # the demonstration's came first
    _checked(member, "Μήνυμα προς τον φορέα")
    expect(member.locator("main")).to_contain_text("Πότε είστε ανοιχτά;")
    expect(member.locator("main")).not_to_contain_text(address)
    member.locator("#id_text").fill("Κάθε πρωί.")
    member.get_by_role("button", name="Αποστολή της απάντησης").click()
    expect(member.locator("main")).to_contain_text("Η απάντηση έφυγε")


def test_the_page_where_a_body_describes_itself_is_accessible(visit, server: Server) -> None:
    page = visit(LOGIN, width=360, height=740)
    people.sign_in(page, server, "chair")
    page.goto(server.url("/el/office/network/"))
    _checked(page, "Οι φορείς σας")
    page.get_by_role("link", name=re.compile("Τι λέει ο φορέας")).first.click()
    _checked(page, "Τι λέει ο φορέας για τον εαυτό του")
    page.locator("#id_description_el").fill("Στηρίζουμε οικογένειες.")
    page.get_by_role("button", name="Αποθήκευση").click()
    expect(page.locator("main")).to_contain_text("Στηρίζουμε οικογένειες.")
    page.goto(server.url("/el/network/mine/"))
    _checked(page, "Όσα έγραψα")


REQUEST = "Διανομή τροφίμων το Σάββατο"


def _mailbox(visit, server: Server, address: str, path: str) -> str:
    """The link to ``path`` in the last mail to ``address``, read where the demonstration catches it."""
    server.command("procrastinate", "worker", "--one-shot", "--queues", "mail")
    keeper = visit("/el/account/login/?next=/el/demo-mail/", width=360)
    people.keeper_signs_in(keeper, server)
    keeper.goto(server.url("/el/demo-mail/"))
    mail = keeper.locator(".card", has_text=address).first
    link = mail.locator("a", has_text=re.compile(path)).first.get_attribute("href")
    assert link
    return link


def test_a_volunteer_finds_a_request_writes_and_the_body_answers(visit, server: Server, watch) -> None:
    watch.forgive("422")
    address = f"volunteer{time.time_ns()}@example.org"
    volunteer = visit("/el/network/", width=360, height=740)
    _checked(volunteer, "Δικτύωση")
    volunteer.locator("main").get_by_role("link", name="Εθελοντισμός").click()
    _checked(volunteer, "Εθελοντισμός")
    volunteer.locator("details summary").click()
    volunteer.locator("#id_theme").select_option("food")
    volunteer.locator("main form[role=search] button").click()
    volunteer.wait_for_url("**theme=food**")
    volunteer.get_by_role("link", name=REQUEST).click()
    _checked(volunteer, REQUEST)
    volunteer.get_by_role("link", name="Θέλω να βοηθήσω").click()
    _checked(volunteer, "Θέλω να βοηθήσω")
    volunteer.get_by_role("button", name="Αποστολή").click()
    volunteer.wait_for_selector(".errors")
    _checked(volunteer, "Θέλω να βοηθήσω")
    volunteer.locator("#id_name").fill("Μαρία")
    volunteer.locator("#id_address").fill(address)
    volunteer.locator("#id_text").fill("Μπορώ κάθε Σάββατο.")
    volunteer.locator("#id_is_adult").check()
    volunteer.get_by_role("button", name="Αποστολή").click()
    _checked(volunteer, "Ένα βήμα ακόμη")
    volunteer.goto(_mailbox(visit, server, address, "/volunteering/confirm/"))
    _checked(volunteer, "Επιβεβαιώστε όσα γράψατε")
    volunteer.get_by_role("button", name="Ναι, το έγραψα εγώ").click()
    _checked(volunteer, "Επιβεβαιώθηκε")

    member = visit(LOGIN, width=360, height=740)
    people.first_step(member, "body")
    member.wait_for_url("**/office/")
    member.locator("main").get_by_role("link", name=re.compile("Εθελοντές που έγραψαν")).click()
    _checked(member, "Εθελοντές που έγραψαν")
    member.locator("main table tr", has_text="περιμένει").get_by_role("link", name=REQUEST).last.click()
    _checked(member, "Εθελοντής ή εθελόντρια")
    expect(member.locator("main")).to_contain_text("Μπορώ κάθε Σάββατο.")
    expect(member.locator("main")).not_to_contain_text(address)
    member.locator("#id_text").fill("Ελάτε το Σάββατο στις εννέα.")
    member.get_by_role("button", name="Αποστολή της απάντησης").click()
    expect(member.locator("main")).to_contain_text("Η απάντηση έφυγε")
    forget = _mailbox(visit, server, address, "/network/forget/")
    volunteer.goto(forget)
    _checked(volunteer, "Διαγραφή όσων έγραψα")
    assert address not in server.log.read_text(encoding="utf-8")


class Workplace(Walk):
    """Stays where bodies work; the rest has walks of its own."""

    def add(self, page: Page) -> None:
        """Forget links that lead out."""
        super().add(page)
        self.waiting = [path for path in self.waiting if "/office/network/" in path]


def test_every_page_where_bodies_work_is_accessible(visit, server: Server) -> None:
    page = visit(LOGIN, width=360, height=740)
    people.sign_in(page, server, "chair")
    office = "/el/office/network/"
    pages = ("", "letters/", "volunteers/", "vetting/", "joining/", "board/", "board/new/")
    texts = [f"{office}texts/{sort}/" for sort in ("requests", "practices", "networks")]
    new = [f"{path}new/" for path in texts]
    walk = Workplace("el", [*(f"{office}{path}" for path in pages), *texts, *new], most=8)
    page.goto(server.url(office))
    assert not walk.through(page, server)
    seen = {name for name in walk.seen if name.startswith("network:office")}
    for name in ("office-piece", "office-matches", "office-members", "office-new-notice"):
        assert f"network:{name}" in seen
