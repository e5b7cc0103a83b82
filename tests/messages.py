"""Messages as `makemessages` finds them, without writing a file; and what a catalogue answers to them."""

import re
import subprocess
from functools import cache
from pathlib import Path

from django.utils.translation.template import templatize

ROOMS = Path(__file__).resolve().parents[1] / "src" / "entaxis"
KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3",
    "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3",
)  # fmt: skip


@cache
def messages_of(*files: Path) -> frozenset[str]:
    """Every msgid in these Python files and templates."""
    source = "\n".join(_python(file) for file in files)
    found = subprocess.run(
        ["xgettext", "--language=Python", "--from-code=UTF-8", "--no-wrap", "--output=-", "-"]
        + [f"--keyword={word}" for word in KEYWORDS],
        input=source,
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(entries(found.stdout))


def _python(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    return templatize(text, origin=str(file)) if file.suffix in {".html", ".txt"} else text


def files_of(room: str) -> list[Path]:
    """The files of a room that may hold messages."""
    folder = ROOMS / room
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix in {".py", ".html", ".txt"} and "migrations" not in file.parts
    )


def entries(catalogue: str) -> dict[str, str]:
    """msgid (after its context) → msgstr of a .po text; no obsolete ones, a fuzzy one is empty."""
    found = {}
    for block in re.split(r"\n\s*\n", catalogue):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        is_fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        texts = re.findall(
            r'^(msgctxt|msgid|msgstr(?:\[0\])?) ((?:"[^\n]*"\n?)+)', "\n".join(lines) + "\n", re.MULTILINE
        )
        values = {key[:5]: _unquote(value) for key, value in texts}
        if values.get("msgid"):
            context = values["msgct"] + "\4" if "msgct" in values else ""
            found[context + values["msgid"]] = "" if is_fuzzy else values.get("msgst", "")
    return found


def _unquote(value: str) -> str:
    joined = "".join(line[1:-1] for line in value.splitlines())
    return joined.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Everything that our rooms say in a language."""
    found: dict[str, str] = {}
    for path in sorted(ROOMS.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
        found |= {k: v for k, v in entries(path.read_text(encoding="utf-8")).items() if v}
    return found
