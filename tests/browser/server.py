"""The platform as it is served: gunicorn, the web's database role, collected files, demonstration data."""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from entaxis.config import cluster as clusters
from tests import template_database
from tests.accounts import gsis

CHECKOUT = Path(__file__).resolve().parents[2]


FILES = CHECKOUT / "var" / "browser-template"  # what the loaded demonstration keeps in files


@dataclass(frozen=True)
class Server:
    """A running platform."""

    port: int
    log: Path
    folder: Path  # its data: mail, media
    environment: dict[str, str]
    state: gsis.Gsis  # the small GSIS that it signs people in with

    def url(self, path: str = "/", host: str = "thessaly.localhost") -> str:
        """The address of ``path`` in a region."""
        return f"http://{host}:{self.port}{path}"

    def command(self, *arguments: str) -> str:
        """Run a management command against the same database; return what it printed."""
        return _manage(self.environment, *arguments)


@contextmanager
def serving(worker: str, *, processes: int = 1) -> Iterator[Server]:
    """Serve a fresh copy of the demonstration until the block ends."""
    database = f"test_entaxis_browser_{worker}"
    template_database.copy(loaded_template(), database)
    folder = CHECKOUT / "var" / f"browser-{worker}"
    shutil.copytree(FILES, folder, dirs_exist_ok=True)  # the demonstration's pictures and documents
    with gsis.serving() as state:
        environment = _environment(database, folder) | gsis.environment(state)
        yield from _served(database, folder, environment, state, processes)


def _served(
    database: str, folder: Path, environment: dict[str, str], state: gsis.Gsis, processes: int
) -> Iterator[Server]:
    _manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
    log = folder / "server.log"
    port = _free_port()
    environment["ENTAXIS_PUBLIC_PORT"] = str(port)  # links in mails lead here
    command = [
        str(CHECKOUT / ".venv/bin/gunicorn"),
        "--config=python:entaxis.config.gunicorn",
        f"--bind=127.0.0.1:{port}",
        f"--workers={processes}",
        "--graceful-timeout=1",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, cwd=CHECKOUT, start_new_session=True
        )
    try:
        _await(process, port, log)
        yield Server(port, log, folder, environment, state)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        if process.poll() is None:
            process.kill()
            process.wait()
        template_database.drop(database)


def loaded_template() -> str:
    """The migrated database with the demonstration in it, made once for each state of code and data."""
    lock = CHECKOUT / "var" / "demo-template.lock"
    with lock.open("w") as file:  # two workers may ask at once: one makes it, the other waits
        fcntl.flock(file, fcntl.LOCK_EX)
        return _load()


def _load() -> str:
    base = os.environ["ENTAXIS_TEST_TEMPLATE"]
    name = f"entaxis_demo_{_fingerprint(base)}"
    if template_database.exists(name) and FILES.exists():
        return name
    template_database.drop_like("entaxis_demo_%")
    making = f"making_{name}"
    template_database.copy(base, making)
    shutil.rmtree(FILES, ignore_errors=True)
    FILES.mkdir(parents=True)
    environment = _environment(making, FILES)
    _manage(environment, "load_demo")
    template_database.rename(making, name)
    return name


def _fingerprint(base: str) -> str:
    """Changes with the migrations, the demonstration's data and the code that loads it."""
    digest = hashlib.sha256(base.encode())
    for path in sorted((CHECKOUT / "src/entaxis").rglob("*")):
        is_data = "data" in path.parts or "demonstration" in str(path)
        if path.is_file() and (is_data or path.parent.name == "commands") and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _environment(database: str, folder: Path) -> dict[str, str]:
    """As `bin/demo` has it, on the test cluster."""
    cluster = clusters.find("test")
    return os.environ | {
        "ENTAXIS_MODE": "demo",
        "ENTAXIS_DATA_FOLDER": str(folder),
        "DATABASE_URL": cluster.url("entaxis_web", database),
        "OWNER_DATABASE_URL": cluster.url("entaxis_owner", database),
        "DJANGO_SETTINGS_MODULE": "entaxis.config.settings",
    }


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(
        command, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssertionError(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise AssertionError(f"The server stopped:\n{log.read_text()}")
        with suppress(URLError, OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready"):
            return
        time.sleep(0.1)
    raise AssertionError(f"The server did not become ready:\n{log.read_text()}")
