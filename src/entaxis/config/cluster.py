"""The private PostgreSQL cluster of a checkout: made, started, stopped, described.

    python -m entaxis.config.cluster start|stop|destroy|environment demo|test

It needs no Django, listens on a socket only, and leaves any system cluster alone. PostgreSQL refuses
to run as root, so root hands it to the system's ``postgres`` user.
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[3]
LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432.lock")  # sun_path of Linux
EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
ROLES = Path(__file__).with_name("roles.sql")

SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0777",  # who may enter is pg_hba.conf's matter (peer)
    "jit": "off",  # costs more than it saves on our short queries
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "max_connections": "80",
    "log_min_error_statement": "panic",  # a failing statement may carry a person's words
    "log_error_verbosity": "terse",  # a DETAIL repeats the row that was refused
    "log_statement": "none",
    "log_parameter_max_length_on_error": "0",
}
# A test database is thrown away: durability would only cost time.
SETTINGS_OF_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class ClusterError(Exception):
    """The cluster cannot be made or reached; the message is for a person."""


@dataclass(frozen=True)
class Cluster:
    """One private cluster: where its files lie and which system user runs it."""

    name: str
    home: Path
    user: str | None  # the system user to become; None: we are it

    @property
    def data(self) -> Path:
        """PostgreSQL's own files."""
        return self.home / f"pg-{self.name}"

    @property
    def sockets(self) -> Path:
        """Where its socket lies."""
        return self.home / f"run-{self.name}"

    @property
    def marker(self) -> Path:
        """Names this very cluster, so that stamps of an older one are not believed."""
        return CHECKOUT / "var" / f"pg-{self.name}.created"

    def url(self, role: str, database: str) -> str:
        """The address under which ``role`` reaches ``database``."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"


def find(name: str) -> Cluster:
    """The cluster of this checkout called ``name``."""
    user = _unprivileged_user()
    return Cluster(name=name, home=_home(user), user=user)


def start(cluster: Cluster) -> None:
    """Make the cluster where there is none, start it where it sleeps; return when it answers."""
    with _one_at_a_time(cluster):
        if not (cluster.data / "PG_VERSION").exists():
            _create(cluster)
        if not _answers(cluster):
            _run(
                cluster,
                "pg_ctl",
                "-D",
                cluster.data,
                "-l",
                cluster.data / "server.log",
                "-w",
                "start",
            )
        if not cluster.marker.exists():
            _furnish(cluster)
        _renew_roles(cluster)


def stop(cluster: Cluster) -> None:
    """Stop the cluster if it runs."""
    if _answers(cluster):
        _run(cluster, "pg_ctl", "-D", cluster.data, "-m", "fast", "-w", "stop")


def destroy(cluster: Cluster) -> None:
    """Stop the cluster and remove its files for good."""
    stop(cluster)
    subprocess.run(["rm", "-rf", "--", str(cluster.data), str(cluster.sockets)], check=True)
    cluster.marker.unlink(missing_ok=True)


def environment(cluster: Cluster) -> dict[str, str]:
    """The variables under which the project works on this cluster."""
    return {
        "ENTAXIS_MODE": cluster.name,
        "ENTAXIS_SECRET_KEY": _secret(),
        "DATABASE_URL": cluster.url("entaxis_web", "entaxis"),
        "OWNER_DATABASE_URL": cluster.url("entaxis_owner", "entaxis"),
        "DJANGO_SETTINGS_MODULE": "entaxis.config.settings",
    }


def _create(cluster: Cluster) -> None:
    for folder in (cluster.data, cluster.sockets):
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        if cluster.user:
            owner = pwd.getpwnam(cluster.user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
    cluster.marker.unlink(missing_ok=True)
    # Under the locale C, pg_trgm finds no Greek letter at all; ICU sorts and folds Greek properly.
    _run(
        cluster,
        "initdb",
        "-D",
        cluster.data,
        "--username=postgres",
        "--encoding=UTF8",
        "--locale-provider=icu",
        "--icu-locale=el-GR",
        "--locale=C.UTF-8",
        "--data-checksums",
        "--auth=peer",
    )
    settings = SETTINGS | {"unix_socket_directories": f"'{cluster.sockets}'"}
    if cluster.name == "test":
        settings |= SETTINGS_OF_TESTS
    lines = "\n".join(f"{key} = {value}" for key, value in settings.items())
    me = pwd.getpwuid(os.geteuid()).pw_name
    people = {me, cluster.user or me}
    identities = "".join(
        f"entaxis {person} {role}\n"
        for person in sorted(people)
        for role in ("postgres", "entaxis_owner", "entaxis_web")
    )
    _write(cluster, "postgresql.conf", "\n" + lines + "\n", append=True)
    _write(cluster, "pg_hba.conf", "local all all peer map=entaxis\n")
    _write(cluster, "pg_ident.conf", identities)


def _furnish(cluster: Cluster) -> None:
    """Extensions into template1 (test databases then need no superuser), roles, the database."""
    wanted = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)
    _psql(cluster, "template1", wanted)
    _psql(cluster, "postgres", ROLES.read_text(encoding="utf-8"))
    _psql(cluster, "postgres", "CREATE DATABASE entaxis OWNER entaxis_owner")
    cluster.marker.parent.mkdir(parents=True, exist_ok=True)
    cluster.marker.write_text(secrets.token_hex(8), encoding="utf-8")


def _renew_roles(cluster: Cluster) -> None:
    """A cluster that was made before a role was thought of gets it; the statements are safe to repeat."""
    statements = ROLES.read_text(encoding="utf-8")
    wanted = hashlib.sha256((statements + cluster.marker.read_text(encoding="utf-8")).encode()).hexdigest()
    done = cluster.marker.with_suffix(".roles")
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        _psql(cluster, "postgres", statements)
        done.write_text(wanted, encoding="utf-8")


def _psql(cluster: Cluster, database: str, statements: str) -> None:
    _run(
        cluster,
        "psql",
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        cluster.sockets,
        "-U",
        "postgres",
        "-d",
        database,
        text=statements,
    )


def _answers(cluster: Cluster) -> bool:
    command = [str(binary("pg_isready")), "-q", "-h", str(cluster.sockets)]
    return subprocess.run(command, check=False).returncode == 0


def _run(cluster: Cluster, program: str, *arguments: str | Path, text: str | None = None) -> None:
    command = [str(binary(program)), *map(str, arguments)]
    if cluster.user:
        command = ["runuser", "-u", cluster.user, "--", *command]
    # The server keeps its output open for as long as it lives: give it a file, never a pipe.
    log = CHECKOUT / "var" / f"cluster-{cluster.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        result = subprocess.run(
            command,
            input=text,
            text=True,
            stdin=None if text else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",  # a closed home folder would stop a program of another user
            check=False,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
    if result.returncode:
        raise ClusterError(f"{program} failed for the {cluster.name} cluster; see {log}")


def binary(program: str) -> Path:
    """The newest of the server's programs of this name."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}"),
        key=lambda path: int(path.parts[4]) if path.parts[4].isdigit() else 0,
    )
    if not found:
        raise ClusterError(f"PostgreSQL is not installed: {program} was not found. Run bin/setup.")
    return found[-1]


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise ClusterError("There is no system user postgres; install PostgreSQL.") from error


def _home(user: str | None) -> Path:
    """``var/`` of the checkout, or a folder under /var/tmp where that cannot serve."""
    home = CHECKOUT / "var"
    home.mkdir(exist_ok=True)
    too_long = len(os.fsencode(home / "run-demo")) > LONGEST_SOCKET_DIRECTORY
    if not too_long and (user is None or _can_enter(user, home)):
        return home
    digest = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12]
    fallback = Path("/var/tmp") / f"entaxis-{os.geteuid()}-{digest}"  # noqa: S108 – owner checked
    try:
        fallback.mkdir(mode=0o755)
    except FileExistsError:
        # /var/tmp belongs to everybody: a folder that another person laid there is not ours to trust
        if fallback.is_symlink() or fallback.stat().st_uid != os.geteuid():
            raise ClusterError(f"{fallback} belongs to somebody else; remove it.") from None
    return fallback


def _can_enter(user: str, folder: Path) -> bool:
    command = ["runuser", "-u", user, "--", "test", "-x", str(folder)]
    return subprocess.run(command, cwd="/", check=False, stderr=subprocess.DEVNULL).returncode == 0


def _write(cluster: Cluster, name: str, content: str, *, append: bool = False) -> None:
    with (cluster.data / name).open("a" if append else "w", encoding="utf-8") as file:
        file.write(content)


def _secret() -> str:
    """A secret key of this checkout alone, made once."""
    path = CHECKOUT / "var" / "secret-key"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("checkout-" + secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")


@contextmanager
def _one_at_a_time(cluster: Cluster) -> Iterator[None]:
    lock = CHECKOUT / "var" / f"pg-{cluster.name}.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """Run one command; return its exit status."""
    commands = {"start": start, "stop": stop, "destroy": destroy}
    if len(arguments) != 2 or arguments[1] not in {"demo", "test"}:
        print(__doc__, file=sys.stderr)
        return 2
    command, name = arguments
    try:
        cluster = find(name)
        if command == "environment":
            if not _answers(cluster):
                start(cluster)
            for key, value in environment(cluster).items():
                print(f"export {key}={shlex.quote(value)}")
        elif command in commands:
            commands[command](cluster)
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
