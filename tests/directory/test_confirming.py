"""Asking whether an entry is still right: the whole ladder, and the link that answers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from entaxis.accounts.models import Body
from entaxis.directory import actions, confirming, rules
from entaxis.directory.choices import Status
from entaxis.directory.freshness import freshness
from entaxis.directory.models import ConfirmationRound, ErrorReport, Structure
from entaxis.geography.models import Area
from entaxis.notifications import delivery, links
from entaxis.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)


def old(**fields: Any) -> Structure:
    made = factories.structure(assured_date=START - timedelta(days=184), **fields)
    factories.contact(made, email="structure@example.org")
    return made


def link(structure: Structure) -> str:
    structure.refresh_from_db()
    return "/en" + confirming.address(structure).removeprefix("/el").removeprefix("/en")


def told() -> list[tuple[str, str]]:
    rows = Message.objects.select_related("user").order_by("created", "pk")
    return [(row.kind.partition(".")[2], row.user.email if row.user else row.address) for row in rows]


def test_the_ladder_from_the_first_mail_to_the_municipality() -> None:
    structure = old()
    editor = factories.municipal_editor(email="town@example.org")
    rungs = {}
    for day in range(60):
        asked = confirming.ask(START + timedelta(days=day))
        if (asked.asked, asked.reminded, asked.escalated) != (0, 0, 0):
            rungs[day] = (asked.asked, asked.reminded, asked.escalated)
    assert rungs == {0: (1, 0, 0), 14: (0, 1, 0), 28: (0, 1, 0), 42: (0, 0, 1)}
    assert told() == [("confirm", "structure@example.org")] * 3 + [("unconfirmed", editor.email)]
    structure.refresh_from_db()
    assert structure.status == Status.PUBLISHED  # old, never hidden
    assert confirming.ask(START).asked == 0  # the same night again


def test_those_who_keep_it_are_asked_before_its_own_address() -> None:
    structure = old()
    keepers = [factories.clerk(structure), factories.body_member(of=structure.body)]
    factories.clerk(structure, is_active=False)
    confirming.ask(START)
    assert {address for _kind, address in told()} == {person.email for person in keepers}


def test_an_entry_without_municipality_is_told_to_the_observatory_alone() -> None:
    shelter = factories.confidential_structure(assured_date=START - timedelta(days=184), name_el="Κρυφή")
    factories.contact(shelter, telephone="", email="shelter@example.org")
    factories.municipal_editor()
    editor = factories.editor()
    for day in (0, 14, 28, 42):
        confirming.ask(START + timedelta(days=day))
    assert told()[-1] == ("unconfirmed", editor.email)
    assert not Message.objects.filter(context__name="Κρυφή").exists()


@pytest.mark.parametrize("fields", [{"status": Status.DRAFT}, {"status": Status.CLOSED}])
def test_what_readers_do_not_rely_on_is_not_asked_about(fields: dict[str, Any]) -> None:
    old(**fields)
    factories.structure(assured_date=START - timedelta(days=183))
    assert confirming.ask(START) == confirming.Asked(0, 0, 0, 0)


def test_asking_costs_as_much_for_thirty_as_for_one(queries_stay: Any) -> None:
    town = factories.municipality()
    factories.municipal_editor(town)

    def grow(number: int) -> None:
        for turn in range(number):
            old(name_el=f"Δομή {turn}")
            factories.clerk(old(name_el=f"Άλλη {turn}"))

    def ask() -> None:
        for day in (0, 14, 28, 42):
            confirming.ask(START + timedelta(days=day))
        with connection.cursor() as cursor:
            for table in ("notifications_delivery", "notifications_message", "directory_confirmationround"):
                cursor.execute(f"DELETE FROM {table}")

    queries_stay(grow=grow, read=ask)


def test_a_batch_that_fails_leaves_the_batches_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirming, "A_BATCH", 1)
    for _ in range(3):
        old()
    real, calls = confirming._write, []

    def killed(rounds: Any) -> None:
        calls.append(rounds)
        if len(calls) == 3:
            raise SystemExit  # as a worker that is killed: its transaction never stands
        real(rounds)

    monkeypatch.setattr(confirming, "_write", killed)
    with pytest.raises(SystemExit):
        confirming.ask(START)
    assert (ConfirmationRound.objects.count(), len(told())) == (2, 2)
    assert confirming.ask(START).asked == 1
    assert (ConfirmationRound.objects.count(), len(told())) == (3, 3)


def test_the_keepers_of_many_are_those_of_each() -> None:
    town = factories.municipality()
    municipal = factories.body(kind=Body.Kind.MUNICIPALITY, municipality=town)
    gone = factories.body(
        kind=Body.Kind.MUNICIPALITY, municipality=town, dissolved_on=timezone.localdate(), name_el="Παλαιός"
    )
    rows = [factories.structure(body=body) for body in (municipal, municipal, gone)]
    rows += [factories.structure(), factories.structure()]
    factories.municipal_editor(town)
    factories.municipal_editor(town, is_active=False)
    factories.body_member(of=municipal)
    factories.body_member(of=rows[3].body)
    for row in (rows[0], rows[4]):
        factories.clerk(row)
    each = {row.pk: set(rules.keepers_of(row)) for row in rows}
    assert {pk: set(people) for pk, people in rules.keepers_of_each(rows).items()} == each
    assert [len(each[row.pk]) for row in rows] == [3, 2, 0, 1, 1]


def test_who_was_away_is_not_written_to_three_times_at_once() -> None:
    old()
    confirming.ask(START)
    assert [confirming.ask(START + timedelta(days=90 + day)).reminded for day in range(3)] == [1, 1, 0]


def test_while_a_report_is_open_nobody_is_reminded() -> None:
    structure = old()
    confirming.ask(START)
    ErrorReport.objects.create(structure=structure, topic="closed")
    assert confirming.ask(START + timedelta(days=14)).reminded == 0


def test_an_answer_ends_the_round_and_the_public_figure_moves(client: Client) -> None:
    today = timezone.localdate()
    structure = factories.structure(assured_date=today - timedelta(days=400))
    factories.contact(structure, email="structure@example.org")
    region: Area = structure.region
    confirming.ask(today)
    delivery.deliver_due()
    (sent,) = mail.outbox
    url = next(word for word in str(sent.body).split() if "/structures/confirm/" in word)
    path = url[url.index("/el/") :]
    assert freshness(region, today).region.fresh == 0
    for _scanner in range(2):
        assert client.get(path).status_code == 200
    structure.refresh_from_db()
    assert structure.assured_date != today
    assert client.post(path, {"answer": "correct"}).status_code == 200
    structure.refresh_from_db()
    assert structure.assured_date == today
    assert freshness(region, today).region.fresh == 1
    assert client.post(path, {"answer": "correct"}).status_code == 410  # used
    assert confirming.ask(today).ended == 1
    assert ConfirmationRound.objects.get().ended_on == today


def test_an_old_link_confirms_no_newer_text(client: Client) -> None:
    structure = old()
    path = link(structure)
    actions.save_facts(
        structure=structure, facts={"name_el": "Άλλο"}, served_areas=[], by=factories.editor()
    )
    assert client.get(path).status_code == 410
    assert client.post(path, {"answer": "correct"}).status_code == 410
    structure.refresh_from_db()
    assert structure.assured_date == START - timedelta(days=184)


def test_forged_foreign_and_expired_links_hold_nothing(client: Client, monkeypatch: Any) -> None:
    structure = old()
    other = links.token("another.purpose", [str(structure.pk), structure.version])
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    foreign = factories.structure(region=elsewhere, municipality=None, point=None)
    for token in ("nothing", other, links.token(confirming.PURPOSE, [str(foreign.pk), foreign.version])):
        assert client.get(f"/en/structures/confirm/{token}/").status_code == 410
    path = link(structure)
    assert client.get(path).status_code == 200
    monkeypatch.setattr(confirming, "LINK_DAYS", -1)
    assert client.get(path).status_code == 410


def test_something_changed_is_a_task_or_a_working_copy(client: Client) -> None:
    structure = old()
    path = link(structure)
    assert client.post(path, {"answer": "changed", "message": ""}).status_code == 422
    client.post(path, {"answer": "changed", "message": "Νέο τηλέφωνο <script>"})
    client.post(path, {"answer": "closed"})
    topics = ErrorReport.objects.order_by("pk").values_list("topic", "message")
    assert list(topics) == [("other", "Νέο τηλέφωνο <script>"), ("closed", "")]
    client.force_login(factories.clerk(structure))
    response = client.post(path, {"answer": "changed"})
    assert response["Location"].endswith(f"/office/structures/{structure.pk}/")


def test_nothing_keeps_the_page_and_it_is_the_same_for_all_answers(client: Client) -> None:
    response = client.get(link(old()))
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in response["Cache-Control"]
    assert client.post(link(old()), {"answer": "nonsense"}).status_code == 200
    assert not ErrorReport.objects.exists()


def test_an_answer_that_something_changed_is_told_to_the_editors_and_bounded() -> None:
    structure = old()
    editor = factories.editor()
    token = links.token(confirming.PURPOSE, [str(structure.pk), structure.version])
    assert confirming.report_by_link(token=token, topic="closed", message="")
    assert told() == [("reported", editor.email)]
    for _ in range(confirming.MOST_OPEN + 5):
        assert confirming.report_by_link(token=token, topic="other", message="Άλλαξε")
    assert ErrorReport.objects.count() == confirming.MOST_OPEN


def test_each_keeper_has_a_link_in_their_own_language() -> None:
    structure = old(municipality=factories.municipality())
    factories.clerk(structure, language="en")
    factories.clerk(structure, language="el")
    factories.municipal_editor(language="en")
    for day in (0, 14, 28, 42):
        confirming.ask(START + timedelta(days=day))
    for row in Message.objects.select_related("user"):
        assert row.url.startswith(f"/{row.user.language}/"), row.kind
