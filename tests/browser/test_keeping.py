"""An entry from its first word to its confirmation, and a person who leaves, in a real browser."""

import re
import time

from playwright.sync_api import Page, expect

from entaxis.accounts import demonstration
from tests.browser import people
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.server import Server

NAME = "Κοινωνικό Παντοπωλείο της δοκιμής"
REASON = "Γράψτε και το ωράριο στην περιγραφή."


def _checked(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def _go(page: Page, server: Server, path: str) -> None:
    page.goto(server.url(path))
    _checked(page)


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()
    _checked(page)


def _register(page: Page, server: Server) -> str:
    """Write a new entry with a contact and send it; its address in the office."""
    _go(page, server, "/el/office/structures/new/")
    page.locator("#id_kind").select_option(label="Κοινωνικό Παντοπωλείο")
    page.locator("#id_name_el").fill(NAME)
    page.locator("#id_body").select_option(label="Φορέας επίδειξης")
    page.locator("#id_municipality").select_option(label="Βόλος")
    _press(page, "Αποθήκευση")
    path = page.url.partition("/el/")[2]
    page.get_by_role("link", name="Αλλαγή επικοινωνίας").click()
    page.locator("#id_form-0-telephone").fill("2421000009")
    _press(page, "Αποθήκευση")
    _press(page, "Αποστολή για έλεγχο")
    return f"/el/{path}"


def _decide(page: Page, server: Server, choice: str, reason: str = "") -> None:
    _go(page, server, "/el/office/structures/proposals/")
    page.get_by_role("link", name=NAME).click()
    page.get_by_label(choice).check()
    page.locator("#id_reason").fill(reason)
    _press(page, "Απόφαση")


def _fresh(page: Page, server: Server) -> int:
    """How many entries of the body were confirmed lately, as everybody can read."""
    _go(page, server, "/el/structures/freshness/")
    row = page.locator("table", has=page.locator("#by-body")).locator("tr", has_text="Φορέας επίδειξης")
    return int(row.locator("td").nth(1).inner_text())


def _ask_about(server: Server, path: str) -> None:
    """The night comes; then half a year goes by for this entry alone, so that its mails are the newest."""
    pk = path.rstrip("/").rpartition("/")[2]
    server.command(
        "shell",
        "--command",
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from entaxis.directory import confirming\n"
        "from entaxis.directory.models import Structure\n"
        "today = timezone.localdate()\n"
        "confirming.ask(today)\n"
        f"Structure.objects.filter(pk='{pk}').update(assured_date=today - timedelta(days=200))\n"
        "confirming.ask(today)",
    )
    server.command("procrastinate", "worker", "--one-shot", "--queues", "mail")


def test_from_the_first_word_to_the_answer_by_mail(visit, server: Server) -> None:
    writer = visit("/el/account/login/", width=360, height=740)
    people.sign_in(writer, server, "body")
    path = _register(writer, server)
    editor = visit("/el/account/login/", width=360, height=740)
    people.sign_in(editor, server, "editor")
    _decide(editor, server, "Επιστροφή", REASON)

    _go(writer, server, path)
    expect(writer.locator("main")).to_contain_text(REASON)
    writer.get_by_role("link", name="Αλλαγή στοιχείων").click()
    writer.locator("#id_description_el").fill("Τρόφιμα και είδη πρώτης ανάγκης, κάθε πρωί.")
    _press(writer, "Αποθήκευση")
    _press(writer, "Αποστολή για έλεγχο")
    _decide(editor, server, "Δημοσίευση")
    reader = visit(path.replace("/office", ""), width=360, height=740)
    expect(reader.locator("h1")).to_have_text(NAME)

    _ask_about(server, path)
    figure = visit("/el/structures/freshness/", width=1280)
    before = _fresh(figure, server)
    keeper = visit("/el/account/login/?next=/el/demo-mail/", width=360)
    people.keeper_signs_in(keeper, server)
    keeper.goto(server.url("/el/demo-mail/"))
    mail = keeper.locator(".card", has_text=demonstration.address("body", "EL61")).filter(has_text=NAME)
    link = mail.locator("a", has_text=re.compile("/structures/confirm/")).first.get_attribute("href")
    assert link
    reader.goto(link)
    _checked(reader)
    assert _fresh(figure, server) == before  # looking does nothing
    _press(reader, "Όλα είναι σωστά")
    assert _fresh(figure, server) == before + 1


def _newcomer(server: Server) -> str:
    """Somebody who belongs to the demonstration's body for this journey alone."""
    address = f"leaver{time.time_ns()}@example.org"
    server.command(
        "shell",
        "--command",
        "from entaxis.accounts import actions, demonstration\n"
        "from entaxis.accounts.models import Body, Membership\n"
        "body = Body.objects.get(name_el='Φορέας επίδειξης', region__code='EL61')\n"
        f"user = actions.add_person(email='{address}', display_name='Πρόσωπο που φεύγει',"
        " password=demonstration.PASSWORD, is_synthetic=True)\n"
        "actions.give_role(user=user, role=Membership.Role.BODY_MEMBER, region=body.region, body=body)",
    )
    return address


def test_who_leaves_a_body_at_once_may_nothing(visit, server: Server, watch) -> None:
    watch.forgive("404")
    page = visit("/el/account/login/", width=360, height=740)
    page.locator("#id_login").fill(_newcomer(server))
    people.give_password(page)
    _go(page, server, "/el/office/structures/new/")
    open_form = page.context.new_page()
    watch.over(open_form)
    open_form.goto(server.url("/el/office/structures/new/"))
    _go(page, server, "/el/me/")
    page.get_by_role("link", name=re.compile("Αποχώρηση")).first.click()
    _checked(page)
    page.locator("main form.form button").first.click()
    page.wait_for_url("**/el/me/")
    open_form.locator("#id_name_el").fill("Μετά την αποχώρηση")
    open_form.get_by_role("button", name="Αποθήκευση", exact=True).click()  # opened while it was theirs
    expect(open_form.locator("h1")).not_to_have_text("Νέα δομή")
    answer = page.goto(server.url("/el/office/structures/new/"))
    assert answer is not None
    assert answer.status == 404
    _go(page, server, "/el/office/structures/mine/")
    expect(page.locator("main table")).to_have_count(0)
