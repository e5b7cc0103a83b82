"""A backup comes back whole, with the rights of every role."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from entaxis.config import backup, cluster
from entaxis.config.backup import BackupError, Place
from tests import template_database

ADD = "INSERT INTO accounts_user (id, password, email, display_name, language, is_active, is_staff, is_superuser, is_synthetic, date_joined) VALUES (gen_random_uuid(), '', 'maria@example.org', 'Μαρία', 'el', true, false, false, false, now())"  # noqa: E501
COUNT = "SELECT count(*) FROM accounts_user WHERE display_name = 'Μαρία'"


@pytest.fixture
def places(tmp_path: Path, worker_id: str) -> Iterator[tuple[Place, Place]]:
    """A platform with one person and one file, and an empty one."""
    old, new = f"test_backup_old_{worker_id}", f"test_backup_new_{worker_id}"
    template_database.copy(os.environ["ENTAXIS_TEST_TEMPLATE"], old)
    template_database.copy("template1", new)
    server = cluster.find("test")
    pair = (
        Place(server.url("entaxis_owner", old), tmp_path / "old"),
        Place(server.url("entaxis_owner", new), tmp_path / "new"),
    )
    pair[0].media.mkdir()
    (pair[0].media / "picture.jpg").write_bytes(b"a picture")
    with psycopg.connect(pair[0].url) as connection:
        connection.execute(ADD)
    yield pair
    template_database.drop(old)
    template_database.drop(new)


def _people(place: Place, role: str = "entaxis_web") -> int:
    with psycopg.connect(place.url) as connection:
        connection.execute(f"SET ROLE {role}")
        row = connection.execute(COUNT).fetchone()
    return int(row[0]) if row else 0


def test_a_backup_comes_back_whole(places: tuple[Place, Place], tmp_path: Path) -> None:
    old, new = places
    folder = tmp_path / "backup"
    backup.write(old, folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    backup.read(new, folder)
    assert _people(new) == 1
    assert (new.media / "picture.jpg").read_bytes() == b"a picture"
    # the web still sees no sealed schema, and history still only grows
    with psycopg.connect(new.url) as connection:
        connection.execute("SET ROLE entaxis_web")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM directory_sealed.confidential_place")


def test_a_restore_throws_nothing_away_unasked(places: tuple[Place, Place], tmp_path: Path) -> None:
    old = places[0]
    folder = tmp_path / "backup"
    backup.write(old, folder)
    with psycopg.connect(old.url) as connection:
        connection.execute("UPDATE accounts_user SET display_name = 'Ελένη'")
    with pytest.raises(BackupError, match="not empty"):
        backup.read(old, folder)
    assert _people(old) == 0
    backup.read(old, folder, replace=True)
    assert _people(old) == 1


def test_a_damaged_backup_is_refused(places: tuple[Place, Place], tmp_path: Path) -> None:
    old, new = places
    folder = tmp_path / "backup"
    backup.write(old, folder)
    with (folder / backup.FILES).open("ab") as file:
        file.write(b"more")
    with pytest.raises(BackupError, match="not as it was written"):
        backup.read(new, folder)
    (folder / backup.SUMS).unlink()
    with pytest.raises(BackupError, match="no whole backup"):
        backup.read(new, folder)


def test_a_backup_overwrites_nothing(places: tuple[Place, Place], tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="exists already"):
        backup.write(places[0], tmp_path)


def test_a_missing_server_is_told(tmp_path: Path) -> None:
    nowhere = Place(f"postgresql://nobody@/nothing?host={tmp_path}", tmp_path / "media")
    with pytest.raises(BackupError, match="pg_dump failed"):
        backup.write(nowhere, tmp_path / "backup")
