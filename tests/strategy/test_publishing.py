"""From a draft to a public page: who may, in which order, what is told, what is refused."""

import io
import zlib
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from entaxis.core import media, prose
from entaxis.core.review import NotAllowedError, OvertakenError, ReasonMissingError, State, Step
from entaxis.core.uploads import UploadRefusedError
from entaxis.notifications.models import Message, Subscription
from entaxis.strategy.models import Action
from entaxis.strategy.publications import actions, announcing, cards, queries
from tests import factories

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def draft(scene: SimpleNamespace, **fields: Any) -> Action:
    row = Action(
        region=scene.region,
        body=scene.body,
        title_el="Τρόφιμα στα χωριά",
        summary_el="Μια φορά την εβδομάδα.",
        starts_on=timezone.localdate(),
        **fields,
    )
    return actions.store(row=row, by=scene.writer)


def sent_in(scene: SimpleNamespace) -> Action:
    row = draft(scene)
    return actions.pass_on(row=row, step=Step.SUBMIT, by=scene.writer, version=row.version)


def test_a_text_goes_from_draft_to_public_and_everybody_is_told(scene: SimpleNamespace) -> None:
    row = sent_in(scene)
    assert not Action.objects.public().exists()
    told = Message.objects.filter(kind="strategy.submitted").values_list("user", flat=True)
    assert set(told) == {scene.editor.pk, scene.other_editor.pk}
    row = actions.pass_on(row=row, step=Step.PUBLISH, by=scene.editor, version=row.version)
    assert Action.objects.public().get() == row
    assert Message.objects.get(kind="strategy.decided").user == scene.writer
    assert [(each.step, each.by) for each in row.passings.all()] == [
        (Step.PUBLISH, scene.editor),
        (Step.SUBMIT, scene.writer),
    ]


def test_the_second_of_two_reviewers_is_told_what_the_first_did(scene: SimpleNamespace) -> None:
    row = sent_in(scene)
    seen = row.version
    actions.pass_on(row=row, step=Step.ASK_BACK, by=scene.editor, version=seen, reason="Λείπει ο τόπος.")
    with pytest.raises(OvertakenError, match="Πρώτη συντάκτρια"):
        actions.pass_on(row=row, step=Step.PUBLISH, by=scene.other_editor, version=seen)
    assert not Action.objects.public().exists()


def test_a_text_changed_under_the_reviewer_is_not_published_unseen(scene: SimpleNamespace) -> None:
    row = sent_in(scene)
    seen = row.version
    row = actions.pass_on(row=row, step=Step.TAKE_BACK, by=scene.writer, version=seen)
    row.title_el = "Άλλο"
    row = actions.store(row=row, by=scene.writer, version=row.version)
    actions.pass_on(row=row, step=Step.SUBMIT, by=scene.writer, version=row.version)
    with pytest.raises(OvertakenError):
        actions.pass_on(row=row, step=Step.PUBLISH, by=scene.editor, version=seen)


def test_asking_back_needs_a_reason(scene: SimpleNamespace) -> None:
    row = sent_in(scene)
    with pytest.raises(ReasonMissingError):
        actions.pass_on(row=row, step=Step.ASK_BACK, by=scene.editor, version=row.version, reason="  ")


def test_a_writer_publishes_nothing(scene: SimpleNamespace) -> None:
    row = sent_in(scene)
    with pytest.raises(NotAllowedError):
        actions.pass_on(row=row, step=Step.PUBLISH, by=scene.writer, version=row.version)


def test_who_leaves_the_body_may_nothing_at_once(scene: SimpleNamespace, as_person: Any) -> None:
    row = draft(scene)
    client = as_person(scene.writer)
    url = reverse("publishing:item", args=["action", row.pk])
    assert client.get(url).status_code == 200
    scene.writer.memberships.update(
        since=timezone.localdate() - timedelta(days=9), until=timezone.localdate() - timedelta(days=1)
    )
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("page", ["item", "write", "media", "step", "propose", "discard"])
def test_others_find_nothing(scene: SimpleNamespace, as_person: Any, page: str) -> None:
    """Another body, another region's editor: 404, whatever the address."""
    row = draft(scene)
    away = factories.region("EL65", name_el="Πελοπόννησος")
    url = reverse(f"publishing:{page}", args=["action", row.pk])
    method = "post" if page in {"step", "propose", "discard"} else "get"
    for person, host in (
        (factories.body_member(), "thessaly.localhost"),
        (factories.municipal_editor(), "thessaly.localhost"),
        (factories.editor(away), "peloponnese.localhost"),
        (factories.editor(away), "thessaly.localhost"),
    ):
        assert getattr(as_person(person, host), method)(url).status_code == 404


def test_a_body_cannot_speak_for_another(scene: SimpleNamespace, as_person: Any) -> None:
    other = factories.body()
    data = {
        "body": other.pk,
        "title_el": "Α",
        "summary_el": "Β",
        "starts_on": "2026-01-01",
        "status": "planned",
    }
    response = as_person(scene.writer).post(reverse("publishing:new", args=["action"]), data)
    assert response.status_code == 422
    assert not Action.objects.exists()


def test_whoever_keeps_a_structure_speaks_for_it_and_for_nothing_else(
    scene: SimpleNamespace, as_person: Any
) -> None:
    kept, other = factories.structure(body=scene.body), factories.structure(body=scene.body)
    clerk = factories.clerk(kept)
    client = as_person(clerk)
    assert client.get(reverse("publishing:space")).status_code == 200
    url = reverse("publishing:new", args=["action"])
    data = {"body": scene.body.pk, "title_el": "Α", "summary_el": "Β", "status": "planned"}
    data["starts_on"] = "2026-05-02"
    for structure in ("", other.pk):
        refused = client.post(url, data | {"structure": structure})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["structure"])
    assert client.post(url, data | {"structure": kept.pk}).status_code == 302
    row = Action.objects.get()
    assert (row.structure, row.publisher) == (kept, "structure")
    assert queries.space(clerk, scene.region) == {State.DRAFT: [row]}
    page = reverse("publishing:item", args=["action", row.pk])
    assert client.get(page).status_code == 200
    clerk.structure_grants.update(until=timezone.localdate() - timedelta(days=1), since="2020-01-01")
    assert client.get(page).status_code == 404
    assert client.get(reverse("publishing:space")).status_code == 404


def test_two_reviewers_in_the_browser_lose_no_word(scene: SimpleNamespace, as_person: Any) -> None:
    row = sent_in(scene)
    url = reverse("publishing:step", args=["action", row.pk])
    seen = row.version
    assert as_person(scene.editor).post(url, {"step": "publish", "version": seen}).status_code == 302
    back = {"step": "ask_back", "version": seen, "reason": "Πού ακριβώς;"}
    late = as_person(scene.other_editor).post(url, back)
    assert late.status_code == 409
    assert "Πρώτη συντάκτρια" in late.content.decode()
    assert "Πού ακριβώς;" in late.content.decode()


def test_a_change_of_what_is_public_waits_and_then_takes_its_place(scene: SimpleNamespace) -> None:
    public = factories.action(body=scene.body, title_el="Παλιός τίτλος")
    change = actions.propose_change(row=public, by=scene.writer)
    change.title_el = "Νέος τίτλος"
    change = actions.store(row=change, by=scene.writer, version=change.version)
    assert [(each.before, each.after) for each in queries.differences(change)] == [
        ("Παλιός τίτλος", "Νέος τίτλος")
    ]
    assert Action.objects.public().get().title_el == "Παλιός τίτλος"
    change = actions.pass_on(row=change, step=Step.SUBMIT, by=scene.writer, version=change.version)
    kept = actions.pass_on(row=change, step=Step.PUBLISH, by=scene.editor, version=change.version)
    assert (kept.pk, kept.slug) == (public.pk, public.slug)
    assert Action.objects.get().title_el == "Νέος τίτλος"


def test_what_was_withdrawn_is_gone_from_public_and_may_be_opened_again(scene: SimpleNamespace) -> None:
    row = factories.action(body=scene.body)
    url = row.get_absolute_url()
    client = Client(headers={"host": "thessaly.localhost"})
    assert client.get(url).status_code == 200
    row = actions.pass_on(
        row=row, step=Step.WITHDRAW, by=scene.writer, version=row.version, reason="Ακυρώθηκε."
    )
    assert client.get(url).status_code == 404
    row = actions.pass_on(row=row, step=Step.REOPEN, by=scene.writer, version=row.version)
    assert row.state == State.DRAFT


def test_nothing_leaks_before_its_hour_and_subscribers_hear_once(scene: SimpleNamespace) -> None:
    Subscription.objects.create(
        address="reader@example.org", region=scene.region, confirmed_at=timezone.now()
    )
    row = sent_in(scene)
    hour = timezone.now() + timedelta(hours=3)
    row = actions.pass_on(row=row, step=Step.PUBLISH, by=scene.editor, version=row.version, publish_at=hour)
    assert row.is_waiting
    assert not Action.objects.public().exists()
    assert announcing.announce_due() == 0
    Action.objects.update(publish_at=timezone.now())
    assert (announcing.announce_due(), announcing.announce_due()) == (1, 0)
    assert Message.objects.filter(kind="strategy.news").count() == 1


def test_the_place_of_a_confidential_structure_is_never_published(scene: SimpleNamespace) -> None:
    hidden = factories.structure(is_confidential=True, body=scene.body, municipality=None, point=None)
    factories.action(body=scene.body, structure=hidden)
    assert not Action.objects.public().exists()


def test_the_database_refuses_an_end_before_the_beginning(scene: SimpleNamespace) -> None:
    today = timezone.localdate()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.action(body=scene.body, starts_on=today, ends_on=today - timedelta(days=1))


def test_the_form_says_so_first(scene: SimpleNamespace, as_person: Any) -> None:
    data = {
        "body": scene.body.pk, "title_el": "Α", "summary_el": "Β", "status": "planned",
        "starts_on": "2026-05-02", "ends_on": "2026-05-01",
    }  # fmt: skip
    response = as_person(scene.writer).post(
        reverse("publishing:new", args=["action"]), data, headers={"accept-language": "el"}
    )
    assert response.status_code == 422
    assert "ends_on" in response.context["form"].errors


def test_html_and_script_in_every_text_stay_text(scene: SimpleNamespace) -> None:
    names = "title_en summary_en text_el text_en place_el place_en programme results_el results_en"
    fields = dict.fromkeys(names.split(), SCRIPT)
    row = factories.action(
        body=scene.body, title_el=SCRIPT, summary_el=SCRIPT, results_on=timezone.localdate(), **fields
    )
    for language in ("el", "en"):
        with translation.override(language):
            url = row.get_absolute_url()
        page = Client(headers={"host": "thessaly.localhost"}).get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "text", ["[x](javascript:alert(1))", "![x](https://example.org/a.png)", "[x](data:text/html,hi)"]
)
def test_a_link_leads_to_pages_only(text: str) -> None:
    shown = prose.html(text)
    assert 'href="javascript' not in shown
    assert 'href="data' not in shown
    assert "<img" not in shown


def read(response: Any) -> int:
    assert b"".join(response.streaming_content)
    for close in response._resource_closers:  # response.close() would close the connection too
        close()
    return int(response.status_code)


def picture(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200), **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **options)
    return written.getvalue()


def test_a_picture_is_made_anew_without_what_the_camera_knew() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Οδός Παραδείγματος 7"
    exif.get_ifd(0x8825)[1] = "N"
    made = media.picture(SimpleUploadedFile("a.jpg", picture(exif=exif)))
    read = Image.open(io.BytesIO(made.content.read()))
    assert (read.format, read.size, dict(read.getexif())) == ("WEBP", (1600, 800), {})


def bomb() -> bytes:
    """A PNG of 50,000 × 50,000 points in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = (50_000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(9)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [bomb(), b"<html><script>alert(1)</script>", b"%PDF-1.7 x", b"GIF89a" + bytes(40), picture()[:300],
     b"\xff\xd8\xff" + bytes(900)],
    ids=["bomb", "html", "pdf", "gif", "cut off", "nonsense"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(UploadRefusedError) as refused:
        media.picture(SimpleUploadedFile("holiday.jpg", content))
    assert len(str(refused.value)) > 10


def test_a_huge_upload_is_refused_before_it_is_read() -> None:
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    upload.size = 200 * 1024 * 1024
    with pytest.raises(UploadRefusedError, match="20"):
        media.attachment(upload)


def test_a_drafts_picture_is_for_its_writers_alone(scene: SimpleNamespace, as_person: Any) -> None:
    row = draft(scene)
    client = as_person(scene.writer)
    url = reverse("publishing:media", args=["action", row.pk])
    sent = SimpleUploadedFile("a.jpg", picture())
    assert client.post(url, {"what": "picture", "picture": sent}).status_code == 422  # no words for it
    sent = SimpleUploadedFile("a.jpg", picture())
    assert (
        client.post(url, {"what": "picture", "picture": sent, "alt_el": "Μια αίθουσα"}).status_code == 302
    )
    address = reverse("publishing:picture", args=["action", row.pictures.get().pk])
    stranger = Client(headers={"host": "thessaly.localhost"})
    assert read(client.get(address)) == 200
    assert stranger.get(address).status_code == 404
    row = actions.pass_on(row=row, step=Step.PUBLISH, by=scene.editor, version=row.version)
    assert read(stranger.get(address)) == 200


def test_every_page_of_the_office_answers(scene: SimpleNamespace, as_person: Any) -> None:
    row = sent_in(scene)
    client = as_person(scene.editor)
    for name, args in (
        ("space", []), ("queue", []), ("new", ["action"]), ("new", ["news"]), ("item", ["action", row.pk]),
        ("media", ["action", row.pk]),
    ):  # fmt: skip
        assert client.get(reverse(f"publishing:{name}", args=args)).status_code == 200, name
    url = reverse("publishing:step", args=["action", row.pk])
    late = client.post(url, {"step": "publish", "version": row.version - 1})
    assert late.status_code == 409
    assert client.post(url, {"step": "publish", "version": row.version}).status_code == 302


@pytest.mark.parametrize(
    "title",
    [
        "Α",
        "Ενημέρωση",
        "Ω" * 160,
        "Αντιμετώπιση της ακραίας φτώχειας στους ορεινούς δήμους " * 3,
        "ΜΩ " * 53,
    ],
)
def test_a_cards_title_fits(title: str) -> None:
    size, lines = cards.fitted(title[:160])
    assert all(cards.width(line, size) <= cards.ROOM for line in lines)
    assert 210 + round(size * 1.22) * (len(lines) - 1) <= 530


def test_two_with_one_title_at_once_have_two_addresses(scene: SimpleNamespace) -> None:
    """Two clicks on «Save» arrive together: the second waits until the first has its address."""
    with CaptureQueriesContext(connection) as asked:
        draft(scene)
    waits = [each["sql"] for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
    assert len(waits) == 1
    assert "geography_area" in waits[0]
