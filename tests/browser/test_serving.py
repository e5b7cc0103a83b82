"""The served platform: what it logs, what it refuses to serve."""

import http.client
import subprocess

from tests.browser.server import CHECKOUT, Server

SECRETS = [
    "maria@example.org",
    "6974123456",
    "κακοποίηση",
    "203.0.113.77",
    "PlantedBrowser",
    "planted-cookie",
]


def _ask(
    server: Server, method: str, path: str, body: bytes = b"", **headers: str
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(method, path, body, {"Host": f"thessaly.localhost:{server.port}", **headers})
    try:
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer


def test_what_people_send_is_not_logged(server: Server) -> None:
    headers = {
        "User-Agent": "PlantedBrowser maria@example.org",
        "Referer": "http://thessaly.localhost/?tel=6974123456",
        "X-Forwarded-For": "203.0.113.77",
        "Cookie": "sessionid=planted-cookie",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    query = "?q=%CE%BA%CE%B1%CE%BA%CE%BF%CF%80%CE%BF%CE%AF%CE%B7%CF%83%CE%B7&email=maria%40example.org"
    for path in ("/el/account/login/", "/el/nothing-here/", "/api/v1/nothing", "/health/live"):
        _ask(server, "GET", path + query, **headers)
        _ask(server, "POST", path, b"login=maria@example.org&password=6974123456", **headers)
    log = server.log.read_text(encoding="utf-8")
    assert "GET /el/account/login/ 200" in log
    assert not [secret for secret in [*SECRETS, "%CE%BA", "127.0.0.1:5"] if secret in log]


def test_production_does_not_start_on_the_demonstration(server: Server) -> None:
    server.command(
        "shell", "-v0", "-c", "from entaxis.accounts import demonstration as d; d.create_people()"
    )
    known = {name: value for name, value in server.environment.items() if "_GSIS_" not in name}
    environment = known | {
        "ENTAXIS_MODE": "production",
        "ENTAXIS_SECRET_KEY": "x" * 60,
        "ENTAXIS_PSEUDONYM_KEY": "y" * 60,
        "ENTAXIS_REGION_HOSTS": "EL61=thessaly.example.gr,EL65=peloponnese.example.gr",
        "ENTAXIS_EMAIL_URL": "smtp://user:secret@mail.example.gr:587",
        "ENTAXIS_EMAIL_FROM": "observatory@example.gr",
    }
    done = subprocess.run(
        [CHECKOUT / ".venv/bin/gunicorn", "--config=python:entaxis.config.gunicorn", "--bind=127.0.0.1:0"],
        env=environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "demonstration people" in done.stderr
