"""The text of a PDF, read by poppler in a process that may die.

An uploaded PDF is a program for somebody else's interpreter. It is read outside this process, with its
memory, processor time and output limited before a byte of it is looked at.
"""

import re
import subprocess
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.utils.translation import gettext_lazy as _

from entaxis.core.problems import Problem, RefusedError, Sentences

MOST_MEGABYTES: Final = 50
MOST_PAGES: Final = 3000
MEMORY_MB: Final = 1024
SECONDS: Final = 60
TEXT_MB: Final = 64
LONGEST_PAGE: Final = 200_000  # characters: a printed page has some 3,000

SENTENCES: Sentences = {
    "damaged": _("The file says that it is a PDF, but it cannot be read: it is damaged or something else."),
    "password": _("The file is protected by a password. Save it without one and add it again."),
    "pages": _("The file has %(pages)s pages; at most %(most)s are taken. Add it in parts."),
    "heavy": _("Reading the file takes too much time or memory. Save it in a simpler form, or in parts."),
    "script": _("The file holds a script. Print it into a new PDF and add that one."),
    "gone": _("The file is no longer stored. Add it again."),
}
_BREAKS = re.compile("(?<=\\w)[\u00ad\u2010-]\n\\s*(?=[^\\W\\d_])")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class FileProblem(Problem):
    """What is wrong with a file of the library."""

    __slots__ = ()
    sentences = SENTENCES


class FileRefusedError(RefusedError):
    """The file is refused. Its text is a sentence for the editor."""

    family = FileProblem


def pages_of(path: Path, *, most_pages: int = MOST_PAGES, seconds: int = SECONDS) -> list[str]:
    """The text of each page of the PDF at ``path``; empty texts where pages are pictures.

    Raises:
        FileRefusedError: it is no PDF, damaged, locked, too long, too heavy, or carries a script.
    """
    with TemporaryDirectory(prefix="entaxis-library-") as folder:
        scratch = Path(folder)
        said = _information(path, scratch, seconds)
        count = int(said.get("Pages", "0") or 0)
        if said.get("JavaScript", "no") == "yes":
            raise FileRefusedError("script")
        if count < 1:
            raise FileRefusedError("damaged")
        if count > most_pages:
            raise FileRefusedError("pages", pages=count, most=most_pages)
        out = scratch / "text"
        _run(["pdftotext", "-enc", "UTF-8", "-eol", "unix", str(path), str(out)], scratch, seconds)
        texts = out.read_text(encoding="utf-8", errors="replace").split("\f")[:count]
    return [_plain(text) for text in texts + [""] * (count - len(texts))]


def _information(path: Path, scratch: Path, seconds: int) -> dict[str, str]:
    """What ``pdfinfo`` says, by its own labels."""
    text = _run(["pdfinfo", "-enc", "UTF-8", str(path)], scratch, seconds)
    lines = (line.partition(":") for line in text.splitlines())
    return {label.strip(): value.strip() for label, _colon, value in lines}


def _run(command: list[str], scratch: Path, seconds: int) -> str:
    """What the command writes, under limits that it cannot lift."""
    limits = [f"--as={MEMORY_MB * 2**20}", f"--cpu={seconds}", f"--fsize={TEXT_MB * 2**20}", "--core=0"]
    out, err = scratch / "out", scratch / "err"
    try:
        with out.open("wb") as written, err.open("wb") as complaints:
            done = subprocess.run(
                ["prlimit", *limits, *command],
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(scratch)},
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=complaints,
                timeout=seconds * 1.5,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise FileRefusedError("heavy") from None
    if done.returncode:
        raise FileRefusedError(_reason(done.returncode, err))
    return out.read_text(encoding="utf-8", errors="replace")


def _reason(status: int, err: Path) -> str:
    with err.open(encoding="utf-8", errors="replace") as file:
        complaint = file.read(4000)
    if "Incorrect password" in complaint:
        return "password"
    if status < 0 or status > 128 or "bad_alloc" in complaint or "Out of memory" in complaint:
        return "heavy"
    return "damaged"


def _plain(text: str) -> str:
    """Words broken at the end of a line are joined; what no text may hold is dropped."""
    composed = unicodedata.normalize("NFC", text[:LONGEST_PAGE])
    return _CONTROLS.sub(" ", _BREAKS.sub("", composed)).strip()
