"""What bodies write for readers: review, whose it is, practices, networks and the notice board."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from entaxis.accounts.models import Body, User
from entaxis.core.review import State
from entaxis.directory.network import queries, writings
from entaxis.directory.network.models import (
    Network,
    NetworkMember,
    Notice,
    NoticeFile,
    Practice,
    VolunteerRequest,
)
from entaxis.notifications.models import Message
from entaxis.vocabularies.models import Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script>"
LONG_TEXTS = {"results_el": "Πέτυχε.", "learnt_el": "Μάθαμε πολλά."}


@pytest.fixture(autouse=True)
def _vocabularies() -> None:
    factories.term("food", inside=Vocabulary.Name.NEEDS, label_el="Φαγητό")
    factories.term("children", inside=Vocabulary.Name.TARGET_GROUPS, label_el="Παιδιά")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def said(body: Body, **fields: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=10)
    words = {
        "body": str(body.pk),
        "title_el": "Τίτλος",
        "text_el": "Κείμενο",
        "themes": "food",
        "seen": "0",
    }
    return words | LONG_TEXTS | {"expires_on": day.isoformat()} | fields


def take(
    client: Client, sort: str, row: Any, step: str, *, seen: int | None = None, reason: str = ""
) -> Any:
    row.refresh_from_db()
    words = {"step": step, "seen": row.version if seen is None else seen, "reason": reason}
    return client.post(f"/el/office/network/texts/{sort}/{row.pk}/", words)


# --- review -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "model", "public"),
    [
        ("practices", Practice, "practices"),
        ("networks", Network, "networks"),
        ("requests", VolunteerRequest, "volunteering"),
    ],
)
def test_a_body_writes_the_observatory_asks_back_and_publishes(sort: str, model: Any, public: str) -> None:
    body = factories.body()
    member, editor = factories.body_member(of=body), factories.editor()
    writer, reviewer = signed_in(member), signed_in(editor)
    assert writer.post(f"/el/office/network/texts/{sort}/new/", said(body)).status_code == 302
    row = model.objects.get()
    page = f"/el/network/{public}/{row.pk}/"
    assert Client().get(page).status_code == 404
    assert take(writer, sort, row, "publish").status_code == 422  # not theirs
    assert take(writer, sort, row, "submit").status_code == 302
    assert Message.objects.get(kind="network.review_asked").user == editor
    assert row.title_el in reviewer.get("/el/office/network/review/").content.decode()
    edit = f"/el/office/network/texts/{sort}/{row.pk}/edit/"
    assert writer.post(edit, said(body, seen="2")).status_code == 422  # it is being looked at
    assert take(reviewer, sort, row, "ask_back").status_code == 422  # without a reason
    assert take(reviewer, sort, row, "ask_back", reason="Γράψτε πού").status_code == 302
    assert "Γράψτε πού" in writer.get(f"/el/office/network/texts/{sort}/{row.pk}/").content.decode()
    row.refresh_from_db()
    assert writer.post(edit, said(body, title_el="Νέος τίτλος", seen=row.version)).status_code == 302
    take(writer, sort, row, "submit")
    late = take(reviewer, sort, row, "publish", seen=row.version - 1)
    assert late.status_code == 422
    assert take(reviewer, sort, row, "publish").status_code == 302
    assert "Νέος τίτλος" in Client().get(page).content.decode()
    assert Message.objects.filter(kind="network.reviewed", user=member).count() == 2
    assert take(writer, sort, row, "withdraw", reason="Τελείωσε").status_code == 302
    assert Client().get(page).status_code == 404


def test_whose_pieces_one_opens() -> None:
    body = factories.body()
    row = factories.practice(body, state=State.DRAFT, published_at=None)
    away = factories.region("EL65", name_el="Πελοπόννησος")
    addresses = [f"/el/office/network/texts/practices/{row.pk}/{page}" for page in ("", "edit/")]
    for person in (
        factories.body_member(of=body),
        factories.body_administrator(of=body),
        factories.editor(),
    ):
        assert [signed_in(person).get(address).status_code for address in addresses] == [200, 200]
    for person in (
        factories.user(),
        factories.body_member(),
        factories.body_administrator(),
        factories.editor(away),
        factories.body_member(away),
    ):
        client = signed_in(person)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert [client.post(address, said(body)).status_code for address in addresses] == [404, 404]
    late = factories.body_member(of=body)
    factories.membership(late, "body_member", factories.body())
    Body.objects.filter(pk=body.pk).update(dissolved_on=timezone.localdate())
    assert [signed_in(late).get(address).status_code for address in addresses] == [404, 404]


def test_nobody_writes_in_the_name_of_another_body() -> None:
    own, other = factories.body(), factories.body()
    client = signed_in(factories.body_member(of=own))
    assert client.post("/el/office/network/texts/practices/new/", said(other)).status_code == 422
    assert not Practice.objects.exists()
    structure = factories.structure(body=other)
    answer = client.post("/el/office/network/texts/requests/new/", said(own, structure=str(structure.pk)))
    assert answer.status_code == 422


def test_two_who_write_at_once_lose_nothing() -> None:
    body = factories.body()
    row = factories.practice(body, state=State.DRAFT, published_at=None)
    first, second = (signed_in(factories.body_member(of=body)) for _ in range(2))
    address = f"/el/office/network/texts/practices/{row.pk}/edit/"
    assert first.post(address, said(body, seen="1", title_el="Πρώτος")).status_code == 302
    late = second.post(address, said(body, seen="1", title_el="Δεύτερος"))
    assert late.status_code == 422
    assert "Δεύτερος" in late.content.decode()
    row.refresh_from_db()
    assert row.title_el == "Πρώτος"


def test_a_request_about_children_is_always_checked() -> None:
    body = factories.body()
    client = signed_in(factories.body_member(of=body))
    client.post("/el/office/network/texts/requests/new/", said(body, target_groups="children"))
    assert VolunteerRequest.objects.get().needs_vetting


def test_the_office_says_labels_and_days_as_people_write_them() -> None:
    body = factories.body()
    row = factories.volunteer_request(
        body, target_groups=["children"], needs_vetting=True, expires_on=timezone.localdate()
    )
    page = signed_in(factories.body_member(of=body)).get(f"/el/office/network/texts/requests/{row.pk}/")
    text = page.content.decode()
    assert "<dd>Φαγητό</dd>" in text
    assert "<dd>Παιδιά</dd>" in text
    assert f"<dd>{date_format(row.expires_on)}</dd>" in text
    assert row.expires_on.isoformat() not in text


@pytest.mark.parametrize("days", [-1, 366])
def test_a_request_ends_on_a_day_to_come(days: int) -> None:
    body = factories.body()
    day = (timezone.localdate() + timedelta(days=days)).isoformat()
    client = signed_in(factories.body_member(of=body))
    answer = client.post("/el/office/network/texts/requests/new/", said(body, expires_on=day))
    assert answer.status_code == 422


# --- reading ----------------------------------------------------------------------------------------


def test_a_practice_says_all_and_can_be_printed() -> None:
    town = factories.municipality()
    row = factories.practice(municipality=town, costs_el="Δωρεάν", years="2024", title_en="A meal")
    page = Client().get(f"/el/network/practices/{row.pk}/").content.decode()
    for words in (
        "Πέτυχε.",
        "Μάθαμε.",
        "Δωρεάν",
        "2024",
        "Βόλος",
        "Φαγητό",
        row.body.name_el,
        "data-print",
    ):
        assert words in page
    assert "A meal" in Client().get(f"/en/network/practices/{row.pk}/").content.decode()
    assert list(queries.practices(factories.region(), theme="food", municipality="2401")) == [row]
    assert not queries.practices(factories.region(), theme="home")


def test_markup_is_shown_as_text() -> None:
    body = factories.body()
    names = ("title_el", "title_en", "text_el", "text_en", "results_el", "learnt_el", "costs_el")
    fields = dict.fromkeys(names, ATTACK)
    practice = factories.practice(body, years=ATTACK, **fields)
    texts = dict.fromkeys(("title_el", "title_en", "text_el", "text_en", "basis"), ATTACK)
    network = factories.network(body, **texts)
    factories.notice(body, title=ATTACK, text=ATTACK)
    client = signed_in(factories.body_administrator(of=body))
    for page in (
        f"/el/network/practices/{practice.pk}/",
        "/en/network/practices/",
        f"/el/network/networks/{network.pk}/",
        "/en/network/networks/",
        "/el/office/network/board/",
        f"/el/office/network/members/{network.pk}/",
        "/el/office/network/joining/",
        f"/el/office/network/texts/practices/{practice.pk}/",
    ):
        answer = client.get(page)
        assert answer.status_code == 200
        assert ATTACK not in answer.content.decode()


def test_the_pages_cost_the_same_at_one_and_thirty(queries_stay) -> None:
    home = factories.region()
    network = factories.network()
    client = signed_in(factories.region_administrator(home))

    def grow(number: int) -> None:
        for _ in range(number):
            body = factories.body(home)
            factories.practice(body)
            factories.practice(body, state=State.SUBMITTED, published_at=None)
            factories.network(body)
            factories.network_member(network)
            factories.notice(body)

    for address in (
        "/el/network/practices/",
        "/el/network/networks/",
        f"/el/network/networks/{network.pk}/",
        "/el/office/network/board/",
        "/el/office/network/review/",
        f"/el/office/network/members/{network.pk}/",
    ):
        assert queries_stay(grow=grow, read=lambda address=address: client.get(address)) <= 30


# --- networks ---------------------------------------------------------------------------------------


def test_a_body_is_invited_agrees_and_leaves() -> None:
    network = factories.network()
    coordinator = signed_in(factories.body_member(of=network.body))
    guest = factories.body()
    chair = factories.body_administrator(of=guest)
    address = f"/el/office/network/members/{network.pk}/"
    assert coordinator.post(address, {"body": guest.pk}).status_code == 302
    assert Message.objects.get(kind="network.membership").user == chair
    row = NetworkMember.objects.get()
    page = f"/el/network/networks/{network.pk}/"
    assert guest.name_el not in Client().get(page).content.decode()
    step = f"/el/office/network/joining/{row.pk}/"
    stranger = signed_in(factories.body_administrator())
    for client in (coordinator, stranger, signed_in(factories.body_member(of=guest))):
        assert client.post(step, {"do": "accept"}).status_code == 404
    assert stranger.post(step, {"do": "end"}).status_code == 404
    assert signed_in(chair).post(step, {"do": "accept"}).status_code == 302
    assert guest.name_el in Client().get(page).content.decode()
    assert coordinator.post(address, {"body": guest.pk}).status_code == 422  # it is there
    assert signed_in(chair).post(step, {"do": "end"}).status_code == 302
    assert not NetworkMember.objects.exists()


def test_a_body_asks_and_the_one_that_coordinates_agrees() -> None:
    network = factories.network()
    body = factories.body()
    chair = signed_in(factories.body_administrator(of=body))
    asked = {"network": network.pk, "body": body.pk}
    assert chair.post("/el/office/network/joining/", asked).status_code == 302
    assert chair.post("/el/office/network/joining/", asked).status_code == 422
    other = factories.body()
    assert chair.post("/el/office/network/joining/", asked | {"body": other.pk}).status_code == 422
    row = NetworkMember.objects.get()
    step = f"/el/office/network/joining/{row.pk}/"
    assert chair.post(step, {"do": "accept"}).status_code == 404
    assert signed_in(factories.body_member(of=network.body)).post(step, {"do": "accept"}).status_code == 302
    row.refresh_from_db()
    assert row.state == NetworkMember.State.MEMBER
    Body.objects.filter(pk=body.pk).update(dissolved_on=timezone.localdate())
    assert queries.members_of(network) == []


def test_a_body_of_another_region_is_not_invited() -> None:
    network = factories.network()
    away = factories.body(factories.region("EL65", name_el="Πελοπόννησος"))
    client = signed_in(factories.body_member(of=network.body))
    answer = client.post(f"/el/office/network/members/{network.pk}/", {"body": away.pk})
    assert answer.status_code == 422
    assert not NetworkMember.objects.exists()


# --- the notice board -------------------------------------------------------------------------------


def notice_said(body: Body, **fields: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=5)
    return {"body": body.pk, "title": "Αίθουσα", "text": "Δανείζουμε.", "expires_on": day} | fields


def pdf(name: str = "room.pdf", content: bytes = b"%PDF-1.7 room") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_a_notice_hangs_for_members_of_bodies_alone() -> None:
    body = factories.body()
    writer = signed_in(factories.body_member(of=body))
    answer = writer.post("/el/office/network/board/new/", notice_said(body, papers=[pdf(), pdf("b.pdf")]))
    assert answer.status_code == 302
    notice = Notice.objects.get()
    file = notice.files.all()[0]
    download = f"/el/office/network/board/{notice.pk}/files/{file.pk}/"
    reader = signed_in(factories.body_member())
    assert "Δανείζουμε." in reader.get("/el/office/network/board/").content.decode()
    got = reader.get(download)
    assert got.content == b"%PDF-1.7 room"
    assert got["Content-Disposition"].startswith("attachment")
    away = factories.region("EL65", name_el="Πελοπόννησος")
    for client in (signed_in(factories.user()), signed_in(factories.body_member(away))):
        assert client.get("/el/office/network/board/").status_code == 404
        assert client.get(download).status_code == 404
    assert Client().get(download).status_code == 302
    down = f"/el/office/network/board/{notice.pk}/take-down/"
    assert reader.post(down).status_code == 404
    assert writer.post(down).status_code == 302
    assert not NoticeFile.objects.exists()


@pytest.mark.parametrize(
    "papers",
    [
        [pdf(content=b"MZ program")],
        [pdf(content=b"<html><script>alert(1)</script>")],
        [pdf(content=b"%PDF-1.7" + b"0" * (5 * 1024 * 1024))],
        [pdf(str(number)) for number in range(4)],
        [pdf(content=b"")],
    ],
)
def test_files_that_are_refused(papers: list[SimpleUploadedFile]) -> None:
    body = factories.body()
    client = signed_in(factories.body_member(of=body))
    for paper in papers:
        paper.seek(0)
    answer = client.post("/el/office/network/board/new/", notice_said(body, papers=papers))
    assert answer.status_code == 422
    assert "Δανείζουμε." in answer.content.decode()
    assert not Notice.objects.exists()


def test_a_notice_comes_down_on_its_day() -> None:
    notice = factories.notice(expires_on=timezone.localdate() - timedelta(days=1))
    member = factories.body_member()
    assert notice.title not in signed_in(member).get("/el/office/network/board/").content.decode()
    writings.sweep()
    assert not Notice.objects.exists()
