"""Pictures of maps, drawn once for each state of a map and kept as files that every process reads.

A drawing in SVG is cheap and says everything that a picture shows: figures, lines, language, notes. Its
digest therefore names the state; the picture, which is dear, is looked for under that name and drawn
where it is missing – by one process at a time, however many people ask at once.
"""

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings

from entaxis.geography import choropleth

MOST_KEPT: Final = 400  # of some 100 KB each; the least lately drawn go first
TEMPORARY: Final = "drawing-"


def state(drawing: str) -> str:
    """The name of the state that ``drawing`` shows."""
    return hashlib.sha256(drawing.encode()).hexdigest()[:32]


def png(drawing: str, draw: Callable[[str], bytes] | None = None) -> bytes:
    """The picture of ``drawing``: read where it was drawn before, else drawn and kept."""
    kept = _folder() / f"{choropleth.PICTURE_VERSION}-{state(drawing)}.png"
    with suppress(FileNotFoundError):
        return kept.read_bytes()
    with _alone():
        with suppress(FileNotFoundError):  # somebody drew it while we waited
            return kept.read_bytes()
        picture = (draw or choropleth.png)(drawing)
        _keep(kept, picture)
        return picture


def _folder() -> Path:
    folder: Path = settings.DATA / "drawn"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _alone() -> Iterator[None]:
    with (_folder() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _keep(path: Path, picture: bytes) -> None:
    """Write whole or not at all; then let the oldest go."""
    with NamedTemporaryFile(dir=path.parent, prefix=TEMPORARY, delete=False) as file:
        file.write(picture)
    Path(file.name).replace(path)
    found = sorted(path.parent.glob("*.png"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in [*found[MOST_KEPT:], *path.parent.glob(f"{TEMPORARY}*")]:
        old.unlink(missing_ok=True)
