"""Requests for access: asked by whoever signed up for it, decided once, with private evidence."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts import links, requesting, rules
from entaxis.accounts.models import AccessRequest, Body, Evidence, Membership, User
from tests import factories
from tests.accounts.signing import signed_in, work

pytestmark = pytest.mark.django_db
State = AccessRequest.State
PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj <<>> endobj\n%%EOF"
ASK = "/el/me/requests/new/"


def _paper(content: bytes = PDF, name: str = "απόφαση.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def _ask(client: Client, **values):
    values.setdefault("text", "Είμαι κοινωνική λειτουργός.")
    return client.post(ASK, values)


def _text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def _decide(client: Client, row: AccessRequest, decision: str, reason: str = ""):
    address = reverse("accounts:request", kwargs={"pk": row.pk})
    return client.post(address, {"decision": decision, "reason": reason})


def test_from_the_first_mail_to_the_membership(queue) -> None:
    body = factories.body(factories.region(), name_el="Σύλλογος")
    boss = factories.body_administrator(of=body)
    client = Client()
    assert client.post("/el/join/", {"email": "Nea@example.org"}).status_code == 200
    work(queue)
    link = re.search(r"http\S+/join/\S+", mail.outbox[-1].body).group()
    client.get(link)
    assert not User.objects.filter(email="nea@example.org").exists()
    words = "seven small open doors"
    client.post(link, {"display_name": "Νέα", "password": words, "again": words})
    assert _ask(client, body=body.pk, paper=_paper()).status_code == 302
    work(queue)
    assert mail.outbox[-1].to == [boss.email]
    row = AccessRequest.objects.get()
    assert not rules.may_act_for(row.user, body)
    decider = signed_in(boss)
    paper = decider.get(reverse("accounts:evidence", kwargs={"pk": row.pk}))
    assert paper.content == PDF
    assert paper["Content-Disposition"].startswith("attachment")
    assert "no-store" in paper["Cache-Control"]
    assert _decide(decider, row, "approve").status_code == 302
    work(queue)
    assert mail.outbox[-1].to == ["nea@example.org"]
    membership = Membership.objects.get(user=row.user)
    assert (membership.role, membership.body) == ("body_member", body)


def test_whoever_claims_a_body_that_came_by_import_administers_it(queue) -> None:
    chief = factories.region_administrator()
    row = factories.access_request()
    _decide(signed_in(chief), row, "approve")
    assert row.user.memberships.get().role == Membership.Role.BODY_ADMINISTRATOR


def test_a_new_body_is_registered_with_the_approval(queue) -> None:
    chief, person = factories.region_administrator(), factories.user()
    client = signed_in(person)
    answer = _ask(client, name_el="Κοινωνική Υπηρεσία", kind="municipal_social_service")
    assert answer.status_code == 302
    _decide(signed_in(chief), AccessRequest.objects.get(), "approve")
    body = Body.objects.get(name_el="Κοινωνική Υπηρεσία")
    assert rules.may_administer_body(User.objects.get(pk=person.pk), body)


def test_a_name_that_is_taken_is_said_and_nothing_is_lost(queue) -> None:
    chief = factories.region_administrator()
    factories.body(name_el="Σύλλογος")
    row = factories.access_request(name_el="Σύλλογος", kind="ngo")
    answer = _decide(signed_in(chief), row, "approve")
    assert answer.status_code == 422
    assert "ήδη φορέας με αυτό το όνομα" in _text(answer)
    row.refresh_from_db()
    assert row.state == State.OPEN


def test_a_refusal_needs_a_reason_and_the_person_reads_it(queue) -> None:
    chief, row = factories.region_administrator(), factories.access_request()
    client = signed_in(chief)
    assert _decide(client, row, "refuse").status_code == 422
    _decide(client, row, "refuse", "Λείπει η απόφαση.")
    work(queue)
    assert "Λείπει η απόφαση." in mail.outbox[-1].body
    assert "Λείπει η απόφαση." in _text(signed_in(row.user).get("/el/me/"))
    assert not row.user.memberships.exists()


def test_of_two_deciders_the_second_is_told_what_the_first_did(queue) -> None:
    first = factories.region_administrator(display_name="Πρώτη")
    second, row = factories.region_administrator(), factories.access_request()
    _decide(signed_in(first), row, "refuse", "Άλλος φορέας.")
    answer = _decide(signed_in(second), row, "approve")
    assert answer.status_code == 422
    assert "Πρώτη (απορρίφθηκε). Άλλος φορέας." in _text(answer)
    assert not row.user.memberships.exists()


def test_nobody_decides_about_themselves(queue) -> None:
    chief = factories.region_administrator()
    row = factories.access_request(user=chief)
    assert not requesting.may_decide(chief, row)
    assert _decide(signed_in(chief), row, "approve").status_code == 404


WHO = {
    "region's administrator": (factories.region_administrator, True),
    "editor": (factories.editor, False),
    "municipality's administrator": (factories.municipal_administrator, True),
    "municipality's editor": (factories.municipal_editor, False),
    "administrator of another body": (factories.body_administrator, False),
    "person": (factories.user, False),
}


@pytest.mark.parametrize("who", WHO)
def test_who_decides_and_sees_the_evidence(who: str, queue) -> None:
    municipality = factories.municipality()
    kind = Body.Kind.MUNICIPAL_SOCIAL_SERVICE
    body = factories.body(municipality=municipality, kind=kind)
    rows = [
        factories.access_request(body=body),
        factories.access_request(name_el="Νέα υπηρεσία", kind=kind, municipality=municipality),
    ]
    make, may = WHO[who]
    person = make()
    client = signed_in(person)
    for row in rows:
        assert requesting.may_decide(person, row) is may
        assert (row in requesting.for_decider(person, row.region)) is may
        for page in ("request", "evidence"):
            status = client.get(reverse(f"accounts:{page}", kwargs={"pk": row.pk})).status_code
            assert status == (200 if may else 404)


def test_the_evidence_is_judged_by_what_it_holds(queue) -> None:
    body, client = factories.body(factories.region()), signed_in(factories.user())
    for content, said in (
        (b"MZ\x90 program", "πρόγραμμα"),
        (b"<html><script>alert(1)</script>", "PDF"),
        (b"", "κενό"),
        (PDF + b"0" * (5 * 1024 * 1024), "5 MB"),
    ):
        answer = _ask(client, body=body.pk, paper=_paper(content))
        assert answer.status_code == 422
        assert said in _text(answer)
    assert not AccessRequest.objects.exists()


def test_a_name_of_a_file_that_attacks_harms_nothing(queue) -> None:
    body, person = factories.body(factories.region()), factories.user()
    _ask(signed_in(person), body=body.pk, paper=_paper(name='../../"x\r\nSet-Cookie: a=b.pdf'))
    paper = Evidence.objects.get()
    answer = signed_in(factories.region_administrator()).get(
        reverse("accounts:evidence", kwargs={"pk": paper.pk})
    )
    assert "Set-Cookie" not in answer.headers
    assert "/" not in paper.name


def test_one_waits_for_a_body_and_few_for_a_person(queue) -> None:
    body, person = factories.body(factories.region()), factories.user()
    client = signed_in(person)
    _ask(client, body=body.pk)
    assert "το αίτημα περιμένει" in _text(_ask(client, body=body.pk))
    for _ in range(requesting.MOST_WAITING - 1):
        _ask(client, body=factories.body().pk)
    assert "αρκετά αιτήματα" in _text(_ask(client, body=factories.body().pk))


def test_a_body_of_another_region_or_one_dissolved_cannot_be_asked_for(queue) -> None:
    away = factories.body(factories.region("EL65", name_el="Πελοπόννησος"))
    gone = factories.body(factories.region(), dissolved_on=timezone.localdate())
    client = signed_in(factories.user())
    for body in (away, gone):
        assert _ask(client, body=body.pk).status_code == 422
    assert _ask(client).status_code == 422


def test_withdrawing_deletes_the_evidence_and_stops_the_decider(queue) -> None:
    row = factories.access_request()
    signed_in(row.user).post(reverse("accounts:request-withdraw", kwargs={"pk": row.pk}))
    assert not Evidence.objects.exists()
    answer = _decide(signed_in(factories.region_administrator()), row, "approve")
    assert "απέσυρε" in _text(answer)
    stranger = signed_in(factories.user())
    address = reverse("accounts:request-withdraw", kwargs={"pk": row.pk})
    assert stranger.post(address).status_code == 404


def test_old_evidence_is_forgotten() -> None:
    row = factories.access_request()
    assert requesting.forget_old_evidence() == 0
    AccessRequest.objects.update(state=State.APPROVED, decided_at=timezone.now() - requesting.EVIDENCE_KEPT)
    assert requesting.forget_old_evidence() == 1
    assert AccessRequest.objects.filter(pk=row.pk).exists()


def test_joining_answers_the_same_for_known_and_unknown_addresses(queue) -> None:
    known = factories.user()

    def answer(email: str) -> tuple[int, str]:
        page = Client(REMOTE_ADDR="198.51.100.3").post("/el/join/", {"email": email})
        return page.status_code, re.sub(r'value="[^"]*"', "", page.content.decode())

    assert answer(known.email) == answer("nobody@example.org")
    work(queue)
    assert [letter.to for letter in mail.outbox] == [[known.email], ["nobody@example.org"]]
    assert mail.outbox[0].subject == mail.outbox[1].subject
    assert "Υπάρχει ήδη" in mail.outbox[0].body


def test_nobody_is_flooded_with_links(queue) -> None:
    factories.region()
    client = Client()
    statuses = [client.post("/el/join/", {"email": "a@example.org"}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


@pytest.mark.parametrize("is_cut", [False, True], ids=["nonsense", "cut"])
def test_a_forged_link_opens_no_account(is_cut: bool, queue) -> None:
    factories.region()
    token = links.of_joining(links.Joining("a@example.org", "el"))[:-2] if is_cut else "nonsense"
    address = reverse("accounts:join-with", kwargs={"token": token})
    words = "seven small open doors"
    answer = Client().post(address, {"display_name": "Νέα", "password": words, "again": words})
    assert answer.status_code == 410
    assert "δεν είναι δικός μας" in _text(answer)
    assert not User.objects.exists()


def test_an_old_or_used_link_says_so(queue, monkeypatch) -> None:
    factories.region()
    address = reverse("accounts:join-with", kwargs={"token": _joining("a@example.org")})
    factories.user(email="a@example.org")
    assert "Ο λογαριασμός υπάρχει ήδη" in _text(Client().get(address))
    later = timezone.now().timestamp() + links.JOINING_HOLDS.total_seconds() + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "έληξε" in _text(Client().get(address))


def _joining(email: str) -> str:
    return links.of_joining(links.Joining(email, "el"))


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [("short", "short", "12"), ("seven small open doors", "other words of mine", "διαφέρουν")],
)
def test_a_password_that_will_not_do_is_said(password, again, said, queue) -> None:
    factories.region()
    address = reverse("accounts:join-with", kwargs={"token": _joining("a@example.org")})
    answer = Client().post(address, {"display_name": "Νέα", "password": password, "again": again})
    assert answer.status_code == 422
    assert said in _text(answer)
    assert not User.objects.exists()
