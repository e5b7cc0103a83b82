"""“This is ours”: asked with a paper, decided once, answered both ways; rights end with their reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from entaxis.accounts import actions as accounts
from entaxis.accounts import personal
from entaxis.accounts.dissolving import dissolve
from entaxis.accounts.models import Body, User
from entaxis.directory import claiming, rules
from entaxis.directory.claiming import ClaimError
from entaxis.directory.models import Claim, ClaimPaper, Structure, StructureGrant
from entaxis.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
QUEUE = "/en/office/structures/claims/"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def entry() -> Structure:
    return factories.structure(external_source="Πίνακας", external_id="1")


def claim(of: Structure, by: User | None = None) -> Claim:
    return claiming.ask(structure=of, text="Εργάζομαι εκεί.", paper=None, by=by or factories.user())


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_from_the_page_of_the_structure_to_the_right(entry: Structure) -> None:
    editor = factories.editor()
    person = factories.user(display_name="Άννα")
    client = signed_in(person)
    address = f"/en/structures/{entry.pk}/claim/"
    assert address in client.get(f"/en/structures/{entry.pk}/").content.decode()
    assert "login" in Client().get(address)["Location"]
    paper = SimpleUploadedFile("διορισμός.pdf", PDF, "application/pdf")
    answer = client.post(address, {"text": "Είμαι κοινωνική λειτουργός.", "paper": paper}, follow=True)
    assert "Asked." in answer.content.decode()
    made = Claim.objects.get()
    assert Message.objects.filter(user=editor, kind="directory.claimed").count() == 1
    office = signed_in(editor)
    assert str(made.pk) in office.get(QUEUE).content.decode()
    page = office.get(f"{QUEUE}{made.pk}/").content.decode()
    assert "Είμαι κοινωνική λειτουργός." in page
    file = office.get(f"{QUEUE}{made.pk}/paper/")
    assert (file.content, "no-store" in file["Cache-Control"]) == (PDF, True)
    assert "attachment" in file["Content-Disposition"]
    office.post(f"{QUEUE}{made.pk}/", {"decision": "approve", "reason": ""})
    assert rules.tends(fresh(person), entry)
    assert Message.objects.filter(user=person, kind="directory.claim_decided").count() == 1
    assert client.get(f"/en/office/structures/{entry.pk}/").status_code == 200


def test_a_refusal_has_a_reason_and_is_read(entry: Structure) -> None:
    person, office = factories.user(), signed_in(factories.editor())
    made = claim(entry, person)
    assert office.post(f"{QUEUE}{made.pk}/", {"decision": "refuse", "reason": ""}).status_code == 422
    office.post(f"{QUEUE}{made.pk}/", {"decision": "refuse", "reason": "Στείλτε τον διορισμό."})
    assert not rules.tends(fresh(person), entry)
    assert "Στείλτε τον διορισμό." in signed_in(person).get("/en/office/structures/mine/").content.decode()


def test_two_reviewers_at_once(entry: Structure) -> None:
    made = claim(entry)
    claiming.refuse(claim=made, reason="Όχι", by=factories.editor(display_name="Πρώτη"))
    late = signed_in(factories.editor()).post(f"{QUEUE}{made.pk}/", {"decision": "approve", "reason": ""})
    assert (late.status_code, "Πρώτη has decided this request meanwhile" in late.content.decode()) == (
        422,
        True,
    )
    assert not StructureGrant.objects.exists()


def test_nobody_decides_their_own_and_a_keeper_has_nothing_to_ask(entry: Structure) -> None:
    editor = factories.editor()
    made = Claim.objects.create(user=editor, structure=entry, text="Δική μου")
    with pytest.raises(ClaimError):
        claiming.approve(claim=made, by=editor)
    with pytest.raises(ClaimError):
        claim(entry, factories.clerk(entry))


def test_many_claims_are_bounded() -> None:
    person = factories.user()
    for _ in range(claiming.MOST_WAITING):
        claim(factories.structure(), person)
    with pytest.raises(ClaimError):
        claim(factories.structure(), person)
    crowded = factories.structure()
    for _ in range(claiming.MOST_OF_ONE):
        claim(crowded)
    with pytest.raises(ClaimError):
        claim(crowded)


def test_who_was_refused_does_not_ask_again_at_once(entry: Structure) -> None:
    person = factories.user()
    made = claim(entry, person)
    with pytest.raises(ClaimError), translation.override("en"):
        claim(entry, person)
    claiming.refuse(claim=made, reason="Όχι", by=factories.editor())
    with pytest.raises(ClaimError):
        claim(entry, person)
    Claim.objects.update(decided_at=timezone.now() - timedelta(days=31))
    assert claim(entry, person).state == Claim.State.OPEN


def test_a_disguised_file_is_refused_with_a_sentence(entry: Structure) -> None:
    client = signed_in(factories.user())
    paper = SimpleUploadedFile("διορισμός.pdf", b"MZ\x90\x00 program", "application/pdf")
    answer = client.post(f"/en/structures/{entry.pk}/claim/", {"text": "Εγώ", "paper": paper})
    assert (answer.status_code, Claim.objects.exists()) == (422, False)
    assert "Εγώ" in answer.content.decode()


def test_withdrawn_with_its_paper_and_only_by_its_author(entry: Structure) -> None:
    person = factories.user()
    made = claim(entry, person)
    ClaimPaper.objects.create(claim=made, name="a.pdf", kind="pdf", content=PDF)
    assert signed_in(factories.user()).post(f"{QUEUE}{made.pk}/withdraw/").status_code == 404
    signed_in(person).post(f"{QUEUE}{made.pk}/withdraw/")
    made.refresh_from_db()
    assert (made.state, ClaimPaper.objects.exists()) == (Claim.State.WITHDRAWN, False)
    with pytest.raises(ClaimError):
        claiming.approve(claim=made, by=factories.editor())


@pytest.mark.parametrize("what", ["confidential", "draft", "elsewhere"])
def test_what_one_may_not_know_is_not_claimed(what: str) -> None:
    made = {
        "confidential": factories.confidential_structure,
        "draft": lambda: factories.structure(status="draft"),
        "elsewhere": lambda: factories.structure(
            region=factories.region("EL65", name_el="Πελοπόννησος"), municipality=None
        ),
    }[what]()
    assert signed_in(factories.user()).get(f"/en/structures/{made.pk}/claim/").status_code == 404
    if what == "confidential":
        assert "/claim/" not in Client().get(f"/en/structures/{made.pk}/").content.decode()


def test_papers_are_forgotten_and_claims_told_to_their_author(entry: Structure) -> None:
    person = factories.user()
    made = claim(entry, person)
    ClaimPaper.objects.create(claim=made, name="a.pdf", kind="pdf", content=PDF)
    claiming.approve(claim=made, by=factories.editor())
    assert claiming.forget_old() == 0
    Claim.objects.update(decided_at=timezone.now() - timedelta(days=91))
    assert claiming.forget_old() == 1
    assert personal.export(person)["claims_of_structures"][0]["structure"] == entry.name_el
    accounts.erase(user=person)
    assert not Claim.objects.exists()


def test_the_queue_costs_as_much_for_thirty_as_for_one(queries_stay: Any) -> None:
    client = signed_in(factories.editor())
    queries_stay(
        grow=lambda n: [claim(factories.structure()) for _ in range(n)], read=lambda: client.get(QUEUE)
    )


# --- a right ends with its reason -------------------------------------------------------------------


def granted(person: User, of: Structure) -> None:
    StructureGrant.objects.create(user=person, structure=of, since=date(2026, 1, 1))


def test_who_leaves_a_body_keeps_none_of_its_entries(entry: Structure) -> None:
    person = factories.body_member(of=entry.body)
    other = factories.structure()
    for row in (entry, other):
        granted(person, row)
    client = signed_in(person)
    assert client.get(f"/en/office/structures/{entry.pk}/").status_code == 200
    accounts.leave(membership=person.memberships.get())
    assert client.get(f"/en/office/structures/{entry.pk}/").status_code == 404
    assert client.post(f"/en/office/structures/{entry.pk}/propose/").status_code == 404
    assert client.get(f"/en/office/structures/{other.pk}/").status_code == 200  # another body's


def test_who_leaves_a_municipality_keeps_none_of_its_bodies_entries() -> None:
    town = factories.municipality()
    body = factories.body(kind=Body.Kind.MUNICIPALITY, municipality=town)
    own, other = factories.structure(body=body), factories.structure()
    person = factories.municipal_editor(town)
    for row in (own, other):
        granted(person, row)
    accounts.end_role(membership=person.memberships.get())
    assert [rules.tends(fresh(person), row) for row in (own, other)] == [False, True]


def test_a_new_role_in_the_same_body_ends_nothing(entry: Structure) -> None:
    person = factories.body_member(of=entry.body)
    granted(person, entry)
    role = factories.Membership.Role.BODY_ADMINISTRATOR
    accounts.change_role(membership=person.memberships.get(), role=role)
    assert StructureGrant.objects.in_force().filter(user=person).exists()


def test_with_a_body_end_all_rights_on_its_entries(entry: Structure) -> None:
    person, other = factories.clerk(entry), factories.structure()
    granted(person, other)
    client = signed_in(person)
    dissolve(body=entry.body, by=factories.region_administrator(), host="testserver")
    assert client.get(f"/en/office/structures/{entry.pk}/").status_code == 404
    assert client.get(f"/en/office/structures/{other.pk}/").status_code == 200


def test_an_erased_person_keeps_nothing(entry: Structure) -> None:
    person = factories.clerk(entry)
    accounts.erase(user=person)
    assert not StructureGrant.objects.in_force().exists()
