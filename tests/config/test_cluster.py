"""The private cluster in places where clusters usually fail: closed homes, long paths, other users."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src/entaxis/config"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")


class Checkout:
    """A checkout that holds the cluster's module and nothing else."""

    def __init__(self, folder: Path, user: str | None = None) -> None:
        self.module = folder / "src/entaxis/config/cluster.py"
        self.user = user
        self.module.parent.mkdir(parents=True)
        for name in ("cluster.py", "roles.sql"):
            shutil.copy(SOURCE / name, self.module.parent / name)
        if user:
            owner = pwd.getpwnam(user)
            for path in (folder, *folder.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, str(self.module), command, "test"]
        if self.user:
            words = ["runuser", "-u", self.user, "--", "/usr/bin/python3", *words[1:]]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)

    def variables(self) -> dict[str, str]:
        result = self.run("environment")
        assert result.returncode == 0, result.stderr
        lines = [line.removeprefix("export ") for line in result.stdout.splitlines()]
        return {key: value.strip("'") for key, _, value in (line.partition("=") for line in lines)}


@pytest.fixture
def made() -> Iterator[list[Checkout]]:
    checkouts: list[Checkout] = []
    yield checkouts
    for checkout in checkouts:
        checkout.run("destroy")


@as_root
@pytest.mark.xdist_group("cluster")
def test_a_closed_home_and_a_long_path_find_another_place(tmp_path: Path, made: list[Checkout]) -> None:
    home = tmp_path / ("a-home-with-a-name-that-goes-on-" * 3)
    home.mkdir(mode=0o700)
    checkout = Checkout(home / "entaxis")
    made.append(checkout)
    url = checkout.variables()["OWNER_DATABASE_URL"]
    assert "%2Fvar%2Ftmp%2Fentaxis-" in url
    with psycopg.connect(url) as connection:
        connection.execute("SELECT ST_Area(ST_MakeEnvelope(0, 0, 2, 2)) = 4")
        # the point of ICU: Greek is folded and compared as Greek
        row = connection.execute("SELECT similarity('φαρμακείο', 'φαρμακειο') > 0.4").fetchone()
        assert row == (True,)


@as_root
@pytest.mark.xdist_group("cluster")
def test_an_ordinary_user_runs_a_cluster_too(made: list[Checkout], tmp_path_factory) -> None:
    folder = Path("/var/tmp") / f"entaxis-test-{os.getpid()}"
    folder.mkdir(mode=0o700)
    try:
        checkout = Checkout(folder / "entaxis", user="nobody")
        shutil.chown(folder, "nobody")
        made.append(checkout)
        assert checkout.run("start").returncode == 0
        assert checkout.run("start").returncode == 0  # a second start is no fault
        variables = checkout.variables()
        assert f"%2Fvar%2Ftmp%2F{folder.name}" in variables["DATABASE_URL"]
        assert checkout.run("stop").returncode == 0
    finally:
        for checkout in made:
            checkout.run("destroy")
        shutil.rmtree(folder)


def test_an_unknown_command_says_what_there_is(tmp_path: Path) -> None:
    result = Checkout(tmp_path / "entaxis").run("explode")
    assert result.returncode == 2
    assert "start|stop|destroy|environment" in result.stderr
