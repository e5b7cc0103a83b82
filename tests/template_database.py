"""A database with every migration run, kept as the template of the test databases."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

CHECKOUT = Path(__file__).resolve().parents[1]


def prepare(*, is_first: bool = True) -> str:
    """Name the template of this state of the migrations in the environment; build it if we are first."""
    fingerprint = hashlib.sha256()
    for path in sorted((CHECKOUT / "src").rglob("migrations/*.py")):
        fingerprint.update(path.read_bytes())
    for name in ("requirements.lock", "src/entaxis/core/grants.py"):
        fingerprint.update((CHECKOUT / name).read_bytes())
    name = f"entaxis_template_{fingerprint.hexdigest()[:16]}"
    os.environ["ENTAXIS_TEST_TEMPLATE"] = name
    if is_first:
        build(name)
    return name


def build(name: str) -> None:
    """Make the template ``name`` unless it stands; drop those of older migrations."""
    owner = os.environ["OWNER_DATABASE_URL"]
    with _server() as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'entaxis_template_%'"
        ).fetchall()
        known = {row[0] for row in rows}
        if name in known:
            return
        for old in known:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        making = f"making_{name}"
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making))
        )
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
        _migrate(owner, making)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
        )


def copy(template: str, name: str) -> None:
    """Make the database ``name`` afresh from ``template``."""
    drop(name)
    with _server() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


def drop(name: str) -> None:
    """Remove the database ``name``, whoever still uses it."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with _server() as connection:
        for _ in range(100):
            try:
                connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:  # the server itself cleans up there: not for long
                time.sleep(0.1)
            else:
                return
    raise AssertionError(f"the database {name} is still in use")


def _server() -> psycopg.Connection:
    owner = os.environ["OWNER_DATABASE_URL"]
    return psycopg.connect(make_conninfo(owner, dbname="postgres"), autocommit=True)


def _migrate(owner: str, database: str) -> None:
    parts = conninfo_to_dict(owner)
    url = f"postgresql://{parts['user']}@/{database}"
    rest = {key: str(value) for key, value in parts.items() if key in {"host", "port", "password"}}
    environment = os.environ | {"OWNER_DATABASE_URL": make_conninfo(url, **rest)}
    environment.pop("ENTAXIS_TEST_TEMPLATE", None)
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        check=True,
        env=environment,
    )


def exists(name: str) -> bool:
    """Whether there is a database ``name``."""
    with _server() as connection:
        row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return row is not None


def drop_like(pattern: str) -> None:
    """Remove every database whose name fits ``pattern``, finished or not."""
    with _server() as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s OR datname LIKE %s",
            [pattern, f"making_{pattern}"],
        ).fetchall()
    for (name,) in rows:
        drop(name)


def rename(old: str, new: str) -> None:
    """Give the database ``old``, which nobody uses, the name ``new``."""
    with _server() as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
        )
