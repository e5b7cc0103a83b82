"""ZIP packages from outside, judged by their table of contents before anything is unpacked."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MEGABYTE = 1024 * 1024
CHUNK = 64 * 1024
FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
ENTRY = 300  # bytes of a member's entry in the table of contents, generously
SMALL = MEGABYTE  # a member below this may be as repetitive as it likes


class ArchiveRefusedError(Exception):
    """The package is refused; ``key`` is one of damaged, password, members, inflation."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be inside."""

    members: int
    inflated_bytes: int
    inflation_ratio: int


def opened(stream: BinaryIO, bounds: Bounds) -> zipfile.ZipFile:
    """The package, once its own table of contents promises to stay within ``bounds``.

    `zipfile` never hands out more of a member than that table promises, so a lying one is cut off and
    then fails its checksum.
    """
    if _contents_bytes(stream) > bounds.members * ENTRY:
        raise ArchiveRefusedError("members")
    try:
        package = zipfile.ZipFile(stream)
    except FAULTS:
        raise ArchiveRefusedError("damaged") from None
    members = package.infolist()
    if len(members) > bounds.members:
        raise ArchiveRefusedError("members")
    if any(member.flag_bits & 0x1 for member in members):
        raise ArchiveRefusedError("password")
    if sum(member.file_size for member in members) > bounds.inflated_bytes:
        raise ArchiveRefusedError("inflation")
    for member in members:
        if member.file_size > SMALL and member.file_size > bounds.inflation_ratio * max(
            member.compress_size, 1
        ):
            raise ArchiveRefusedError("inflation")
    return package


def _contents_bytes(stream: BinaryIO) -> int:
    """The size of the table of contents, which `zipfile` would read whole."""
    size = stream.seek(0, 2)
    stream.seek(max(size - 66_000, 0))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise ArchiveRefusedError("damaged")
    stream.seek(0)
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def chunks(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of one member, a piece at a time; raises `ArchiveRefusedError` where it is damaged."""
    try:
        with package.open(name) as member:
            while chunk := member.read(CHUNK):
                yield chunk
    except (KeyError, *FAULTS):
        raise ArchiveRefusedError("damaged") from None
