"""A small GSIS: a real server with both doors, for people who do not exist."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENTS = {
    "gsis-citizen": ("client-of-citizens", "secret-of-citizens"),
    "gsis-civil-servant": ("client-of-servants", "secret-of-servants"),
}
OF_PATH = {"oauth2server": "gsis-citizen", "oauth2servergov": "gsis-civil-servant"}
TAX_NUMBER = "123456783"
ANOTHER_TAX_NUMBER = "987654324"
WHOLE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<root><userinfo userid="user-of-a-test" taxid="{} " '
    'lastname="ΔΟΚΙΜΑΣΤΙΚΗ" firstname="ΕΥΤΥΧΙΑ" fathername="ΑΛΦΑ" mothername="ΒΗΤΑ" birthyear="1970"/>'
    "</root>"
)

Answer = Callable[["Handler"], None]


class Gsis(ThreadingHTTPServer):
    """What it knows, what it was asked, and what it answers instead of what it should."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.tax_number = TAX_NUMBER
        self.codes: dict[str, tuple[str, str]] = {}  # code → client, way back
        self.tokens: set[str] = set()
        self.asked: list[str] = []
        self.instead: dict[str, Answer] = {}  # last part of the address → answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """The three addresses of a door, and signing out."""

    server: Gsis
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        _, path, *rest = parts.path.split("/")
        self.client = CLIENTS[OF_PATH[path]]
        self.query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        length = int(self.headers.get("Content-Length") or 0)
        posted = self.rfile.read(length).decode()
        self.fields = {key: values[0] for key, values in parse_qs(posted).items()}
        what = rest[-1]
        self.server.asked.append(f"{path}/{'/'.join(rest)}")
        own = {"authorize": _authorize, "token": _token, "userinfo": _userinfo}
        self.server.instead.get(what, own[what])(self)

    def answer(
        self, body: bytes | str, kind: str = "application/xml;charset=UTF-8", status: int = 200
    ) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def send_back(self, **query: str) -> None:
        self.send_response(302)
        back = self.query["redirect_uri"]
        self.send_header("Location", f"{back}?{urlencode(query | {'state': self.query['state']})}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def _authorize(asked: Handler) -> None:
    assert asked.query["client_id"] == asked.client[0]
    assert asked.query["response_type"] == "code"
    assert asked.query["scope"] == "read"
    code = secrets.token_urlsafe(6)
    asked.server.codes[code] = (asked.client[0], asked.query["redirect_uri"])
    asked.send_back(code=code)


def refuse(asked: Handler) -> None:
    """The person does not consent."""
    asked.send_back(error="access_denied", error_description="User denied access")


def _token(asked: Handler) -> None:
    known = asked.server.codes.pop(asked.fields.get("code", ""), None)
    shown = (asked.fields["client_id"], asked.fields["client_secret"])
    good = known == (asked.client[0], asked.fields["redirect_uri"]) and shown == asked.client
    if not good or asked.command != "POST" or asked.fields["grant_type"] != "authorization_code":
        asked.answer('{"error":"invalid_grant"}', "application/json", 400)
        return
    token = secrets.token_urlsafe(12)
    asked.server.tokens.add(token)
    body = {"access_token": token, "token_type": "bearer", "expires_in": 3600, "scope": "read"}
    asked.answer(json.dumps(body), "application/json;charset=UTF-8")


def _userinfo(asked: Handler) -> None:
    token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in asked.server.tokens or asked.query != {"format": "xml"}:
        asked.answer('{"error":"invalid_token"}', "application/json", 401)
        return
    asked.answer(WHOLE.format(asked.server.tax_number))


def environment(server: Gsis) -> dict[str, str]:
    """The variables of a platform that is a client of both doors."""
    variables = {"ENTAXIS_GSIS_URL": server.url}
    for door, (client, secret) in CLIENTS.items():
        name = f"ENTAXIS_{door.upper().replace('-', '_')}"
        variables |= {f"{name}_ID": client, f"{name}_SECRET": secret}
    return variables


@contextmanager
def serving() -> Iterator[Gsis]:
    """The server, on a free port, until the block ends."""
    server = Gsis()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
