"""Files from outside, judged by what they hold: neither the name nor the browser's word counts."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO, cast
from xml.parsers import expat  # every DOCTYPE is refused before an entity can exist

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from entaxis.core import archives
from entaxis.core.problems import Problem, RefusedError, Sentences

MEGABYTE = 1024 * 1024
BOUNDS = archives.Bounds(members=2000, inflated_bytes=400 * MEGABYTE, inflation_ratio=300)
NAME = 120  # characters of a file's name that are kept

KINDS: Sentences = {
    "csv": _("a CSV table"),
    "text": _("plain text"),
    "parquet": _("a Parquet table"),
    "xlsx": _("an Excel workbook (.xlsx)"),
    "xlsm": _("an Excel workbook with macros"),
    "ods": _("an OpenDocument table (.ods)"),
    "docx": _("a Word document (.docx)"),
    "odt": _("an OpenDocument text (.odt)"),
    "ole": _("an old Office document or one with a password"),
    "zip": _("a ZIP package"),
    "gzip": _("a compressed file"),
    "pdf": _("a PDF document"),
    "png": _("a PNG picture"),
    "jpeg": _("a JPEG picture"),
    "gif": _("a GIF picture"),
    "webp": _("a WebP picture"),
    "svg": _("an SVG drawing"),
    "html": _("a web page"),
    "xml": _("an XML document"),
    "program": _("a program"),
    "unknown": _("of an unknown kind"),
}
SENTENCES: Sentences = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(megabytes)s MB."),
    "kind": _("The file is %(kind)s. Accepted here: %(allowed)s."),
    "damaged": _("The file is damaged or cut off."),
    "password": _("The file is protected by a password."),
    "members": _("The file holds too many parts and was refused."),
    "inflation": _("The file unpacks to far more than its size and was refused."),
    "doctype": _("The file holds a document type declaration (DOCTYPE) and was refused."),
    "script": _("The drawing holds a script, a link or something from elsewhere and was refused."),
}
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"PAR1", "parquet"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x1f\x8b", "gzip"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
)
SVG_ELEMENTS = {
    *("svg", "g", "defs", "title", "desc", "metadata", "symbol", "use", "marker"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    *("linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"),
}


class UploadProblem(Problem):
    """A problem of an uploaded file."""

    __slots__ = ()
    sentences = SENTENCES


class UploadRefusedError(RefusedError):
    """The upload is refused. Its text is a sentence for the user."""

    family = UploadProblem


def check(upload: "UploadedFile[bytes]", *, allowed: Collection[str], megabytes: int = 20) -> str:
    """The kind of ``upload`` (a key of `KINDS`); raises `UploadRefusedError` where it is not allowed.

    Text counts as ``csv`` where that is allowed. Packages are judged before anything is unpacked.
    """
    stream = cast("BinaryIO", upload.file)
    size = upload.size or 0
    if size == 0:
        raise UploadRefusedError("empty")
    if size > megabytes * MEGABYTE:
        raise UploadRefusedError("too_large", megabytes=megabytes)
    stream.seek(0)
    kind = kind_of(stream)
    if kind == "text" and "csv" in allowed:
        kind = "csv"
    if kind not in allowed:
        names = ", ".join(str(KINDS[name]) for name in sorted(allowed))
        raise UploadRefusedError("kind", kind=str(KINDS[kind]), allowed=names)
    if kind == "svg":
        _refuse_active(stream)
    stream.seek(0)
    return kind


def kind_of(stream: BinaryIO) -> str:
    """What the content is, from its first bytes and, for packages, from what they hold."""
    head = stream.read(4096)
    stream.seek(0)
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"PK\x03\x04"):
        return _package_kind(stream)
    return _text_kind(head)


def safe_name(name: str) -> str:
    """A file's name that harms nowhere: no path, no control character, not too long."""
    bare = Path(name.replace("\\", "/")).name
    return re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\"<>|*?:]", "", bare).strip(". ")[-NAME:]


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte is the 0 of ASCII, the 3 of Greek, the 20 of dashes."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    for encoding, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        high = head[start : pairs * 2 : 2]
        if sum(high.count(byte) for byte in (0, 3, 0x20)) >= 0.9 * pairs and high.count(0) > pairs // 50:
            return encoding
    return None


def _package_kind(stream: BinaryIO) -> str:
    try:
        with archives.opened(stream, BOUNDS) as package:
            names = {name.lower() for name in package.namelist()}
            mimetype = package.read("mimetype")[:80] if "mimetype" in names else b""
    except archives.ArchiveRefusedError as fault:
        raise UploadRefusedError(fault.key) from None
    except archives.FAULTS:
        raise UploadRefusedError("damaged") from None
    finally:
        stream.seek(0)
    if any(name.endswith("vbaproject.bin") for name in names):
        return "xlsm"
    for sign, kind in (("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx")):
        if sign in names:
            return kind
    for mark, kind in ((b"opendocument.spreadsheet", "ods"), (b"opendocument.text", "odt")):
        if mark in mimetype:
            return kind
    return "zip"


def _text_kind(head: bytes) -> str:
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if bare.startswith((b"<!doctype html", b"<html", b"<script", b"<body")):
        return "html"
    if bare.startswith((b"<?xml", b"<svg", b"<!doctype", b"<!--")):
        return "svg" if b"<svg" in bare else "xml"
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or wide_encoding(head)
    controls = sum(head.count(byte) for byte in range(9))
    if wide or controls <= len(head) // 100 + 1:
        return "text"
    return "unknown"


def _refuse_active(stream: BinaryIO) -> None:
    """A drawing may hold shapes and words; no script, no style, nothing that points elsewhere."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def doctype(*_args: object) -> None:
        raise UploadRefusedError("doctype")

    def instruction(*_args: object) -> None:
        raise UploadRefusedError("script")

    def element(tag: str, attributes: dict[str, str]) -> None:
        namespace, _separator, name = tag.rpartition(" ")
        if namespace not in {"", "http://www.w3.org/2000/svg"} or name not in SVG_ELEMENTS:
            raise UploadRefusedError("script")
        for attribute, value in attributes.items():
            _refuse_attribute(attribute.rpartition(" ")[2].lower(), value.lower())

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    parser.StartElementHandler = element
    try:
        parser.Parse(stream.read(), True)
    except (expat.ExpatError, ValueError):
        raise UploadRefusedError("damaged") from None


def _refuse_attribute(name: str, value: str) -> None:
    points_away = name == "href" and not value.strip().startswith("#")
    if name.startswith("on") or points_away or re.search(r"url\(\s*['\"]?(?!#)|@import|javascript:", value):
        raise UploadRefusedError("script")
