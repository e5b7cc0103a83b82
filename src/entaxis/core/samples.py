"""Invented papers for the demonstration, drawn here and marked."""

import textwrap
from typing import Final

from django.utils.html import escape

WIDTH, HEIGHT = 595, 842  # points: A4
MARGIN, LINE, LETTERS_A_LINE = 56, 22, 72
MARK: Final = "ΕΠΙΔΕΙΞΗ – συνθετικό έγγραφο / DEMONSTRATION – invented document"


def pdf(title: str, paragraphs: list[str]) -> bytes:
    """A page with the mark, the title and the paragraphs; its text can be searched."""
    import vl_convert

    lines = [(12, MARK), (12, ""), *((20, line) for line in textwrap.wrap(title, 48)), (12, "")]
    for paragraph in paragraphs:
        lines += [*((14, line) for line in textwrap.wrap(paragraph, LETTERS_A_LINE)), (14, "")]
    texts = "".join(
        f'<text x="{MARGIN}" y="{MARGIN + number * LINE}" font-size="{points}">{escape(line)}</text>'
        for number, (points, line) in enumerate(lines)
        if line
    )
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    content: bytes = vl_convert.svg_to_pdf(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Noto Sans">'
        f'<rect {size} fill="white"/>{texts}</svg>'
    )
    return content
