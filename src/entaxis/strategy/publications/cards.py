"""The picture that stands beside a link elsewhere (Open Graph), drawn here and kept by what it says."""

from typing import Final

import vl_convert
from django.http import HttpResponse
from django.template.loader import render_to_string

from entaxis.geography import pictures

WIDTH, HEIGHT = 1200, 630
ROOM: Final = 1040  # for the title
KEPT_S: Final = 24 * 3600  # by whoever shows the link
SIZES: Final = ((74, 4), (62, 5), (52, 6))  # size of the letters and how many lines of it fit
# widths of a bold sans as shares of its size, on the wide side
WIDE, UPPER, NARROW, OTHER = 1.0, 0.78, 0.36, 0.64


def png(*, title: str, kind: str, speaker: str, place: str) -> bytes:
    """The card as a picture."""
    size, lines = fitted(title)
    drawing = render_to_string(
        "strategy/card.svg",
        {
            "kind": kind,
            "size": size,
            "lines": [(line, 210 + k * round(size * 1.22)) for k, line in enumerate(lines)],
            "foot": shortened(speaker, 34),
            "place": shortened(place, 30),
        },
    )
    return pictures.png(drawing, draw=_draw)


def _draw(drawing: str) -> bytes:
    drawn: bytes = vl_convert.svg_to_png(drawing, scale=1)
    return drawn


def fitted(title: str) -> tuple[int, list[str]]:
    """The largest letters in which ``title`` fits, and its lines; a longer one ends in an ellipsis."""
    for size, most in SIZES:
        lines = wrapped(title, size)
        if len(lines) <= most:
            return size, lines
    lines = lines[:most]
    while width(f"{lines[-1]}…", size) > ROOM:
        lines[-1] = lines[-1][:-1]
    return size, [*lines[:-1], f"{lines[-1].rstrip()}…"]


def wrapped(text: str, size: int) -> list[str]:
    """Lines no wider than the room; a word that is wider by itself is cut."""
    lines = [""]
    for word in text.split():
        rest = word
        while width(rest, size) > ROOM:
            cut = next(k for k in range(len(rest), 0, -1) if width(rest[:k], size) <= ROOM)
            lines, rest = [*lines, rest[:cut]], rest[cut:]
        joined = f"{lines[-1]} {rest}".strip()
        if width(joined, size) <= ROOM:
            lines[-1] = joined
        else:
            lines.append(rest)
    return [line for line in lines if line]


def width(text: str, size: int) -> float:
    """No less than ``text`` is wide in bold letters of ``size``, in pixels."""
    return size * sum(_share(letter) for letter in text)


def _share(letter: str) -> float:
    if letter in "MWΜΩ@%—…" or ord(letter) > 0x2E80:
        return WIDE
    if letter.isupper():
        return UPPER
    return NARROW if letter in " .,;:·'!|ιίϊΐijlrt()-" else OTHER


def shortened(text: str, most: int) -> str:
    """``text`` in at most ``most`` letters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def answer(*, title: str, kind: str, speaker: str, place: str) -> HttpResponse:
    """The picture, to be kept for a day."""
    drawn = png(title=title, kind=kind, speaker=speaker, place=place)
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return HttpResponse(drawn, content_type="image/png", headers=headers)
