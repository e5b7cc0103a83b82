"""Everything a platform holds, as one folder: the database, the files people uploaded, a list of sums."""

import hashlib
import json
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from django.conf import settings

from entaxis.config.cluster import binary

DATABASE: Final = "database.dump"
FILES: Final = "media.tar"
SUMS: Final = "sums.json"
# Extensions and the schema they lie in come from the server, and only its superuser may touch them.
NOT_OURS: Final = (" EXTENSION ", " COMMENT - EXTENSION ", " SCHEMA - public ", " ACL - SCHEMA public ")
BLIND: Final = b"SELECT pg_catalog.set_config('search_path', '', false);\n"
SIGHT: Final = b"SELECT pg_catalog.set_config('search_path', 'public', false);\n"


class BackupError(Exception):
    """The backup cannot be written or read; the message is for a person."""


@dataclass(frozen=True)
class Place:
    """A database and the folder of its files."""

    url: str  # of the role that owns the tables
    media: Path


def here() -> Place:
    """The platform of this process."""
    owner = settings.ENVIRONMENT.owner_database_url
    if owner is None:
        raise BackupError("OWNER_DATABASE_URL is needed: the web's role may not read everything.")
    return Place(url=owner.get_secret_value(), media=Path(settings.MEDIA_ROOT))


def write(place: Place, folder: Path) -> None:
    """Write a backup into ``folder``, which must not be there yet; only its owner can read it.

    The database is read as it is at one instant; people may go on working.
    """
    if folder.exists():
        raise BackupError(f"{folder} exists already.")
    folder.mkdir(parents=True, mode=0o700)
    before = os.umask(0o077)
    try:
        _run(
            "pg_dump",
            "--format=custom",
            "--exclude-table-data=public.spatial_ref_sys",  # PostGIS brings its own
            f"--dbname={place.url}",
            f"--file={folder / DATABASE}",
        )
        with tarfile.open(folder / FILES, "w") as archive:
            if place.media.exists():
                archive.add(place.media, arcname=".")
        sums = {name: _sum(folder / name) for name in (DATABASE, FILES)}
        (folder / SUMS).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")
    finally:
        os.umask(before)


def read(place: Place, folder: Path, *, replace: bool = False) -> None:
    """Bring a backup back: the database in one transaction, then the files.

    Raises:
        BackupError: a file is missing or was changed, or the database holds tables and ``replace``
            was not said.
    """
    _check(folder)
    if not replace and _holds_tables(place.url):
        raise BackupError("The database is not empty. With --replace its content is thrown away.")
    listed = _run("pg_restore", "--list", str(folder / DATABASE))
    ours = [line for line in listed.splitlines() if not any(mark in line for mark in NOT_OURS)]
    contents = folder / "contents.list"
    contents.write_text("\n".join(ours) + "\n", encoding="utf-8")
    try:
        _load(place.url, folder / DATABASE, contents)
    finally:
        contents.unlink()
    place.media.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / FILES) as archive:
        _extract(archive, place.media)


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Plain files and folders only, none outside ``folder`` (Python 3.11.2 has no filter for this).

    Raises:
        ValueError: the archive holds something else; nothing of it is written.
    """
    root = folder.resolve()
    for member in archive.getmembers():
        is_inside = (root / member.name).resolve().is_relative_to(root)
        if not is_inside or not (member.isfile() or member.isdir()):
            raise ValueError(f"the backup's files are not only files: {member.name}")
    archive.extractall(root)  # noqa: S202 - every member was looked at above


def _load(url: str, dump: Path, contents: Path) -> None:
    """Run the dump as one transaction, with the schema of PostGIS in sight.

    pg_dump writes scripts that see no schema at all; there a trigger that asks whether a point
    ``IS DISTINCT FROM`` another finds no operator to compare them by.
    """
    command = [
        str(binary("pg_restore")),
        "--clean",
        "--if-exists",
        f"--use-list={contents}",
        "--file=-",
        str(dump),
    ]
    loading = [
        str(binary("psql")),
        "-X",
        "-q",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--dbname={url}",
    ]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as source,
        subprocess.Popen(
            loading, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as target,
    ):
        assert source.stdout and target.stdin and target.stderr  # noqa: S101, PT018 – asked for above
        try:
            for line in source.stdout:
                target.stdin.write(SIGHT if line == BLIND else line)
        except BrokenPipeError:
            pass  # psql stopped, and says why
        target.stdin.close()
        words = target.stderr.read().decode(errors="replace").strip()
    if target.returncode or source.returncode:
        raise BackupError(f"The backup could not be read: {words}")


def _check(folder: Path) -> None:
    try:
        sums: dict[str, str] = json.loads((folder / SUMS).read_text(encoding="utf-8"))
        wrong = [name for name in (DATABASE, FILES) if _sum(folder / name) != sums.get(name)]
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} holds no whole backup.") from error
    if wrong:
        raise BackupError(f"{', '.join(wrong)} is not as it was written.")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _holds_tables(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT to_regclass('public.django_migrations')").fetchone() != (None,)


def _run(program: str, *arguments: str) -> str:
    done = subprocess.run([str(binary(program)), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout
