"""Every door that takes a file: what is refused is refused with a sentence, and nothing typed is lost."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts.models import AccessRequest, User
from entaxis.core import upload_handlers
from entaxis.directory.models import Claim, ImportRun
from entaxis.directory.network.models import Notice
from entaxis.portal.models import StudyFile
from entaxis.portal.models.news import NewsFile, NewsPicture
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = "Λόγια που γράφτηκαν"


@dataclass
class Door:
    """Where a file is sent, by whom, under which name, and what is typed beside it."""

    path: str
    person: User
    field: str
    beside: dict[str, Any]
    stored: Any
    """The table that must stay empty."""


def _news(what: str) -> Door:
    person = factories.editor()
    row = factories.news(state="draft", publish_at=None, created_by=person)
    words, stored = ("alt_el", NewsPicture) if what == "picture" else ("title_el", NewsFile)
    path = reverse("publishing:media", args=["news", row.pk])
    return Door(path, person, what, {"what": what, words: WORDS}, stored)


def _library() -> Door:
    path = reverse("library:office-add-file", args=[factories.study().pk])
    return Door(path, factories.editor(), "file", {"note_el": WORDS}, StudyFile)


def _import() -> Door:
    path = reverse("directory:import")
    return Door(path, factories.editor(), "table", {"source": WORDS}, ImportRun)


def _joining() -> Door:
    body = factories.body(factories.region())
    path = reverse("accounts:ask")
    return Door(path, factories.user(), "paper", {"body": body.pk, "text": WORDS}, AccessRequest)


def _claim() -> Door:
    entry = factories.structure(external_source="Πίνακας", external_id="1")
    path = reverse("directory:claim", args=[entry.pk])
    return Door(path, factories.user(), "paper", {"text": WORDS}, Claim)


def _board() -> Door:
    body = factories.body(factories.region())
    person = factories.body_member(of=body)
    said = {"body": body.pk, "title": "Αίθουσα", "text": WORDS, "expires_on": timezone.localdate()}
    return Door(reverse("network:office-new-notice"), person, "papers", said, Notice)


DOORS: dict[str, Callable[[], Door]] = {
    "picture of news": lambda: _news("picture"),
    "document of news": lambda: _news("file"),
    "library": _library,
    "import": _import,
    "request to join a body": _joining,
    "claim of an entry": _claim,
    "notice board": _board,
}


def send(door: Door, content: bytes, name: str) -> tuple[int, str]:
    """The file goes before the words, as it stands before them in some of the forms."""
    client = Client(headers={"host": "thessaly.localhost"})
    client.force_login(door.person)
    answer = client.post(door.path, {door.field: SimpleUploadedFile(name, content)} | door.beside)
    return answer.status_code, answer.content.decode()


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it holds 900 million points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    side = (30_000).to_bytes(4, "big")
    data = zlib.compress(b"\0" * 1_000_000)
    head = chunk(b"IHDR", side + side + b"\x08\x06\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_a_file_that_is_dropped_as_it_comes_leaves_the_words(
    door: Callable[[], Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_handlers, "LARGEST_MB", 1)
    found = door()
    status, page = send(found, b"%PDF-1.7\n" + b"0" * (3 * 1024 * 1024), "large.pdf")
    assert status == 422
    assert "μεγαλύτερο από" in page
    assert WORDS in page
    assert not found.stored.objects.exists()


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize("content", [b"MZ\x90\0 program", b"\x7fELF\2\1\1", b"GIF89a\1\0"])
def test_a_disguised_file_leaves_the_words(door: Callable[[], Door], content: bytes) -> None:
    found = door()
    status, page = send(found, content, "holiday.jpg.pdf")
    assert status == 422
    assert "Δεκτά εδώ" in page
    assert WORDS in page
    assert not found.stored.objects.exists()


def test_a_bomb_of_a_picture_leaves_the_words() -> None:
    found = _news("picture")
    status, page = send(found, bomb(), "holiday.png")
    assert status == 422
    assert "εκατομμύρια" in page
    assert WORDS in page
    assert not found.stored.objects.exists()


def test_small_files_after_a_large_one_come_through() -> None:
    handler = upload_handlers.BoundedUploadHandler()
    limit = upload_handlers.LARGEST_MB * 1024 * 1024
    for size, is_dropped in ((limit + 1, True), (limit - 10, False), (20, True), (10, False)):
        handler.new_file("file", "a.pdf", "application/pdf", None)
        handler.receive_data_chunk(bytes(size), 0)
        with handler.file_complete(size) as taken:
            assert taken.size == (upload_handlers.REFUSED_BYTES if is_dropped else size)
            if is_dropped:
                with pytest.raises(RequestDataTooBig):
                    taken.read()
