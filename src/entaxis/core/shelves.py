"""Files that are made once for a state and kept, to be read by every process of the machine.

Whoever names a state by a digest of everything that the file shows never gets a stale one: another state
has another name. What is dear is made by one process at a time, however many people ask at once.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings

TEMPORARY: Final = "drawing-"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder below the data folder for files of one ``ending``; the least lately made go first."""

    folder: str
    ending: str
    most: int

    def holds(self, name: str) -> bool:
        """Whether the file is there."""
        return self._path(name).exists()

    def read(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The file called ``name``: read where it was made before, else made and kept."""
        kept = self._path(name)
        with suppress(FileNotFoundError):
            return kept.read_bytes()
        with self._alone():
            with suppress(FileNotFoundError):  # somebody made it while we waited
                return kept.read_bytes()
            content = make()
            self._keep(kept, content)
            return content

    def _path(self, name: str) -> Path:
        return self._place() / f"{name}.{self.ending}"

    def _place(self) -> Path:
        place: Path = settings.DATA / self.folder
        place.mkdir(parents=True, exist_ok=True)
        return place

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._place() / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _keep(self, path: Path, content: bytes) -> None:
        """Write whole or not at all; then let the oldest go."""
        with NamedTemporaryFile(dir=path.parent, prefix=TEMPORARY, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
        kept = path.parent.glob(f"*.{self.ending}")
        found = sorted(kept, key=lambda one: one.stat().st_mtime, reverse=True)
        for old in [*found[self.most :], *path.parent.glob(f"{TEMPORARY}*")]:
            old.unlink(missing_ok=True)
