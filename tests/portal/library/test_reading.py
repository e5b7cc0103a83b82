"""Files of the library: read where they can be, refused with a sentence where they cannot."""

from pathlib import Path

import pytest

from entaxis.portal.library import reading
from tests.portal.library.pdfs import locked_pdf, pdf


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    return path


def test_each_page_has_its_text_and_broken_words_are_joined(tmp_path: Path) -> None:
    pages = reading.pages_of(written(tmp_path, pdf("employ-\nment of young people", "", "second text")))
    assert len(pages) == 3
    assert "employment of young people" in pages[0]
    assert pages[1] == ""
    assert pages[2] == "second text"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"%PDF-1.7\n<html><script>alert(1)</script></html>", "damaged"),
        (pdf("text")[:150], "damaged"),
        (locked_pdf(), "password"),
        (pdf("text", script="app.beep"), "script"),
        (pdf(*["text"] * 6), "pages"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, content: bytes, key: str) -> None:
    with pytest.raises(reading.FileRefusedError) as refused:
        reading.pages_of(written(tmp_path, content), most_pages=5)
    assert refused.value.problem.key == key
    assert str(refused.value).endswith(".")


def test_a_file_that_eats_time_is_stopped(tmp_path: Path) -> None:
    """Four million lines of text on one page; one second of processor."""
    bomb = pdf("\n".join(["text of a line"] * 4_000_000))
    with pytest.raises(reading.FileRefusedError) as refused:
        reading.pages_of(written(tmp_path, bomb), seconds=1)
    assert refused.value.problem.key == "heavy"
