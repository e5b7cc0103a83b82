"""Which encoding a text was written in: Greek files come in five."""

import codecs
from pathlib import Path
from typing import BinaryIO

from entaxis.core import uploads
from entaxis.core.tabular.problems import TableRefusedError

CHUNK = 256 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1253": "Windows-1253",
    "iso8859-7": "ISO-8859-7",
}


def detect(path: Path) -> str:
    """Python's name of the encoding of the text in ``path``.

    Raises `TableRefusedError` where none of ours reads it. A mark at the start decides; then UTF-16
    without one; then UTF-8, which other text practically never is by chance; then the two old ones.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
        for mark, encoding in MARKS:
            if head.startswith(mark):
                return _sure(stream, encoding)
        wide = uploads.wide_encoding(head)
        if wide:
            return _sure(stream, wide)
        if _first_fault(stream, "utf-8") is None:
            return "utf-8"
        return _sure(stream, _old(stream))


def named(name: str) -> str:
    """Python's name of an encoding that a person stated."""
    try:
        found = codecs.lookup(name).name
        "α".encode(found)
    except (LookupError, UnicodeError, TypeError, AttributeError):
        raise TableRefusedError("encoding_unknown", encoding=name[:40]) from None
    return found


def stated(path: Path, name: str) -> str:
    """The same for a file; raises `TableRefusedError` where the file is not written in it."""
    encoding = named(name)
    with path.open("rb") as stream:
        line = _first_fault(stream, encoding)
        if line is not None:
            raise TableRefusedError("encoding_stated", at=line, encoding=name[:40])
        stream.seek(0)
        is_marked = encoding == "utf-8" and stream.read(3) == codecs.BOM_UTF8
    return "utf-8-sig" if is_marked else encoding


def _sure(stream: BinaryIO, encoding: str) -> str:
    line = _first_fault(stream, encoding)
    if line is not None:
        raise TableRefusedError("encoding", at=line)
    return encoding


def _first_fault(stream: BinaryIO, encoding: str) -> int | None:
    """The first line that ``encoding`` cannot read, or None."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    while True:
        chunk = stream.read(CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as fault:
            return line + fault.object[: fault.start].count(b"\n")
        line += text.count("\n")
        if not chunk:
            return None


def _old(stream: BinaryIO) -> str:
    """Windows or ISO Greek: they differ in Ά, in quotation marks, and in the bytes 80–9F."""
    stream.seek(0)
    windows = iso = 0
    before = b" "
    while chunk := stream.read(CHUNK):
        if any(byte in chunk for byte in range(0x80, 0xA0)):
            return "cp1253"
        text = before + chunk
        for index in range(1, len(text) - 1):
            if text[index] in (0xA2, 0xB6) and text[index - 1] < 0x80 and text[index + 1] >= 0xC1:
                windows += text[index] == 0xA2  # Ά in Windows, ’ in ISO
                iso += text[index] == 0xB6  # Ά in ISO, ¶ in Windows
        before = chunk[-1:]
    return "iso8859-7" if iso > windows else "cp1253"
