"""How fast a kept tile is, beside a static file of about its size from the same server."""

import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import template_database
from tests.browser.server import Server, serving

REQUESTS = 400
ROUNDS = 5
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
            ours, theirs = _rates(server, path), _rates(server, peer)
            yield _row(f"tiles.{name}.kept", ours, theirs, f"a static file of {peer_size} bytes", size)
        fresh = _rates(server, path, {"If-None-Match": etag})
        yield _row("tiles.not_modified", fresh, theirs, f"a static file of {peer_size} bytes", 0)


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
    sizes = {path: path.stat().st_size for path in root.rglob("*.*") if path.is_file()}
    nearest: Path = min(sizes, key=lambda path: abs(sizes[path] - size))
    return f"/static/{nearest.relative_to(root)}", sizes[nearest]


def _rates(server: Server, path: str, headers: dict[str, str] | None = None) -> float:
    """Requests a second over one kept connection: the best of some rounds, the machine being shared."""
    return max(_rate(server, path, {"Host": HOST, **(headers or {})}) for _ in range(ROUNDS))


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


def _row(name: str, ours: float, theirs: float, peer: str, size: int) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(ours, 1),
        "unit": "requests/s",
        "bytes": size,
        "peer": peer,
        "peer_value": round(theirs, 1),
        "ratio": round(ours / theirs, 2),
        "goal": 0.4,
    }
