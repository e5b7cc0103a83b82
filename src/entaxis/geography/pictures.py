"""Pictures of maps, drawn once for each state of a map and kept as files that every process reads.

A drawing in SVG is cheap and says everything that a picture shows: figures, lines, language, notes. Its
digest therefore names the state; the picture, which is dear, is looked for under that name and drawn
where it is missing.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from entaxis.core.shelves import Shelf
from entaxis.geography import choropleth

MOST_KEPT: Final = 400  # of some 100 KB each


def state(drawing: str) -> str:
    """The name of the state that ``drawing`` shows."""
    return hashlib.sha256(drawing.encode()).hexdigest()[:32]


def png(drawing: str, draw: Callable[[str], bytes] | None = None) -> bytes:
    """The picture of ``drawing``: read where it was drawn before, else drawn and kept."""
    shelf = Shelf("drawn", "png", MOST_KEPT)
    name = f"{choropleth.PICTURE_VERSION}-{state(drawing)}"
    return shelf.read(name, lambda: (draw or choropleth.png)(drawing))
