"""How fast a kept tile is, beside a static file of about its size from the same server."""

import http.client
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import template_database
from tests.browser.server import Server, serving

REQUESTS = 400
ROUNDS = 9
HOST = "thessaly.localhost"
ADDRESS = """
from entaxis.geography.models import Area
from entaxis.geography import tiles
print(tiles.address("municipalities", Area.objects.regions().get(code="EL61")))
"""
PLACES = {"z7": (7, 72, 48), "z9": (9, 288, 193)}


def run() -> Iterator[dict[str, Any]]:
    """Kept tiles of two zooms and an answer "not modified", each with its peer."""
    template_database.prepare()
    with serving("bench") as server:
        address = server.command("shell", "--no-imports", "-c", ADDRESS).strip()
        for name, (z, x, y) in PLACES.items():
            path = address.format(z=z, x=x, y=y)
            size, etag = _look(server, path)
            peer, peer_size = _static_file(server, size)
            measured = _rounds(server, path, peer)
            yield _row(f"tiles.{name}.kept", measured, f"a static file of {peer_size} bytes", size)
        measured = _rounds(server, path, peer, {"If-None-Match": etag})
        yield _row("tiles.not_modified", measured, f"a static file of {peer_size} bytes", 0)


def _look(server: Server, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path, headers={"Host": HOST})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return len(content), answer.headers["ETag"]


def _static_file(server: Server, size: int) -> tuple[str, int]:
    root = server.folder / "static"
    sizes = {
        path: path.stat().st_size
        for path in root.rglob("*.*")
        if path.is_file() and path.suffix not in {".br", ".gz"}
    }
    nearest: Path = min(sizes, key=lambda path: abs(sizes[path] - size))
    return f"/static/{nearest.relative_to(root)}", sizes[nearest]


def _rounds(
    server: Server, path: str, peer: str, headers: dict[str, str] | None = None
) -> list[tuple[float, float]]:
    """Requests a second for ``path`` and for ``peer`` in turns, the machine being shared."""
    own, plain = {"Host": HOST, **(headers or {})}, {"Host": HOST}
    return [(_rate(server, path, own), _rate(server, peer, plain)) for _ in range(ROUNDS)]


def _rate(server: Server, path: str, headers: dict[str, str]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    began = time.perf_counter()
    for _ in range(REQUESTS):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in {200, 304}:
            raise RuntimeError(f"{path}: {answer.status}")
    return REQUESTS / (time.perf_counter() - began)


def _row(name: str, measured: list[tuple[float, float]], peer: str, size: int) -> dict[str, Any]:
    """The median of the rounds' ratios, and the worst round beside it."""
    ratios = [ours / theirs for ours, theirs in measured]
    return {
        "name": name,
        "value": round(statistics.median(ours for ours, _ in measured), 1),
        "unit": "requests/s",
        "bytes": size,
        "peer": peer,
        "peer_value": round(statistics.median(theirs for _, theirs in measured), 1),
        "ratio": round(statistics.median(ratios), 2),
        "worst_ratio": round(min(ratios), 2),
        "goal": 0.4,
    }
