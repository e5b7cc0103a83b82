import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from entaxis.core import uploads
from tests.core.tabular import evil

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">%s</svg>'


def _check(content: bytes, *allowed: str, name: str = "file.png", **options: int) -> str:
    return uploads.check(SimpleUploadedFile(name, content), allowed=allowed, **options)


def _refusal(content: bytes, *allowed: str, **options: int) -> str:
    with pytest.raises(uploads.UploadRefusedError) as caught:
        _check(content, *allowed, **options)
    assert "%(" not in str(caught.value)
    return caught.value.problem.key


def test_the_content_counts_and_not_the_name() -> None:
    assert _check(b"%PDF-1.7 ...", "pdf") == "pdf"
    assert _check(evil.workbook(evil.sheet("")), "xlsx", "csv") == "xlsx"
    assert _check("α;β\n".encode(), "xlsx", "csv") == "csv"
    assert _check("α;β\n".encode("utf-16"), "csv") == "csv"
    assert _refusal(b"<script>alert(1)</script>", "png", "csv") == "kind"
    assert _refusal(b"MZ\x90\x00", "png") == "kind"


def test_size_and_emptiness() -> None:
    assert _refusal(b"", "csv") == "empty"
    assert _refusal(b"x" * (1024 * 1024 + 1), "csv", megabytes=1) == "too_large"


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    assert _refusal(evil.package({"a": b"\0" * 60_000_000}), "xlsx") == "inflation"
    assert _refusal(evil.package({str(n): "" for n in range(5000)}), "xlsx") == "members"
    assert _refusal(evil.workbook(evil.sheet(""))[:-30], "xlsx") == "damaged"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onclick="x()"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        '<use href="https://example.org/a.svg#b"/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="data:image/svg+xml,x"/>',
        '<rect fill="url(https://example.org/x)"/>',
        "<style>@import url(x)</style>",
        "<image href='x.png'/>",
        "<a href='javascript:x()'><rect/></a>",
        '<x:script xmlns:x="http://www.w3.org/2000/svg">x</x:script>',
    ],
)
def test_a_drawing_with_script_is_refused(inside: str) -> None:
    assert _refusal((SVG % inside).encode(), "svg") == "script"


def test_a_plain_drawing_passes_and_a_doctype_does_not() -> None:
    plain = SVG % '<defs><clipPath id="c"><path d="M0 0h9"/></clipPath></defs><g clip-path="url(#c)"/>'
    assert _check(plain.encode(), "svg") == "svg"
    assert _refusal(b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + plain.encode(), "svg") == "doctype"
    assert _refusal(b'<?xml-stylesheet href="x"?>' + plain.encode(), "svg") == "script"
    assert _refusal(plain[:-5].encode(), "svg") == "damaged"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\Δομές 2026.xlsx", "Δομές 2026.xlsx"),
        ("a\x00b\u202egnp.exe", "abgnp.exe"),
        ("...", ""),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_names_of_files_harm_nowhere(name: str, safe: str) -> None:
    assert uploads.safe_name(name) == safe
