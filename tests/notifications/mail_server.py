"""A mail server on a real socket that catches everything: enough of SMTP (RFC 5321) for our client."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

IDENTITY = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Caught:
    """What has arrived, in order; ``accepting`` is called before a sender is told that it did."""

    accepting: Callable[[int], None] = lambda number: None
    identities: list[str] = field(default_factory=list)
    port: int = 0

    def take(self, raw: bytes) -> None:
        """Keep a mail."""
        found = IDENTITY.search(raw)
        self.identities.append(found.group(1).decode() if found else "")
        self.accepting(len(self.identities))


@contextmanager
def catching() -> Iterator[Caught]:
    """Listen on a free port of this machine until the block ends."""
    caught = Caught()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self._say("354 go on")
                    caught.take(self._data())
                    self._say("250 taken")
                elif word == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _data(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line)
            return b"".join(lines)

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A sender that was killed leaves its line: that is what the test is about."""

    with Server(("127.0.0.1", 0), Session) as server:
        caught.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield caught
        finally:
            server.shutdown()
            thread.join()
