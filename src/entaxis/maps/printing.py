"""Social profiles on paper: tagged PDF (PDF/UA) of the figures of the page, made once for a state.

What the paper says is written as HTML first, with its style; the digest of that names the state. The same
figures, structures, outlines and language give the same file, and whatever changes gives another one.
"""

import hashlib
from base64 import b64encode
from typing import Final

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from entaxis.core.shelves import Shelf
from entaxis.core.text import listed
from entaxis.geography import choropleth
from entaxis.maps.intervals import NARROW, intervals_svg
from entaxis.maps.profile import KeyFigure, Profile

PRINT_VERSION: Final = 1  # another whenever the same HTML gives another paper
MOST_KEPT: Final = 1000  # of some 80 KB each: thirteen regions in two languages


def written(shown: Profile) -> str:
    """What the paper says, in the active language: HTML that stands alone."""
    drawn = shown.choropleth()
    context = {
        "profile": shown,
        "map_title": drawn.title if drawn else "",
        "map": _address(choropleth.map_svg(drawn, links=False, names=False)) if drawn else "",
        "first": [(one, _trend(one), _in_words(one)) for one in shown.first],
    }
    return render_to_string("maps/profile_print.html", context)


def state(html: str) -> str:
    """The name of what is written."""
    return f"{PRINT_VERSION}-{hashlib.sha256(html.encode()).hexdigest()[:32]}"


def pdf(html: str) -> bytes:
    """The paper: read where it was made before, else made and kept."""
    return _shelf().read(state(html), lambda: _made(html))


def is_made(html: str) -> bool:
    """Whether the paper is kept already."""
    return _shelf().holds(state(html))


def _shelf() -> Shelf:
    return Shelf("profiles", "pdf", MOST_KEPT)


def _made(html: str) -> bytes:
    inside = URLFetcher(allowed_protocols=["data"])  # nothing from elsewhere, whatever a name holds
    made: bytes = HTML(string=html, url_fetcher=inside).write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=state(html).encode()
    )
    return made


def _trend(one: KeyFigure) -> str:
    points = [(point.period.key, point.figure) for point in one.points]
    drawing = intervals_svg(points, one.indicator, title=one.name, form=NARROW)
    return _address(drawing) if drawing else ""


def _in_words(one: KeyFigure) -> str:
    """What the drawing shows, for those who do not see it."""
    return listed(
        f"{point.period.key}: {value}" for point, value in zip(one.points, one.values, strict=True)
    )


def _address(drawing: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"
