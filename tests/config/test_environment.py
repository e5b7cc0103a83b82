"""A wrong environment stops the start with a sentence; production takes nothing of the demonstration."""

import secrets

import pytest

from entaxis.config import environment
from entaxis.config.mail import smtp

GOOD = {
    "ENTAXIS_MODE": "production",
    "ENTAXIS_SECRET_KEY": secrets.token_urlsafe(64),
    "ENTAXIS_PSEUDONYM_KEY": secrets.token_urlsafe(64),
    "DATABASE_URL": "postgresql://entaxis_web:secret@db.example.gr/entaxis",
    "ENTAXIS_REGION_HOSTS": "EL61=observatory.example.gr",
    "ENTAXIS_EMAIL_URL": "smtp://mail.example.gr",
    "ENTAXIS_EMAIL_FROM": "observatory@example.gr",
}


GSIS = {"ENTAXIS_GSIS_CITIZEN_ID": "T4KA", "ENTAXIS_GSIS_CITIZEN_SECRET": "our secret there"}


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch):
    environment.read.cache_clear()
    for name in (*GOOD, "OWNER_DATABASE_URL", "ENTAXIS_DATABASE_ROLE", "ENTAXIS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def read(**changes: str | None) -> environment.Environment:
        for name, value in (GOOD | changes).items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return environment.read()

    yield read
    environment.read.cache_clear()


def test_a_whole_environment_is_read(say) -> None:
    read = say()
    assert read.region_hosts == {"observatory.example.gr": "EL61"}
    assert read.connection["USER"] == "entaxis_web"
    assert read.connection["HOST"] == "db.example.gr"


def test_a_door_of_the_state_is_there_once_it_has_a_client(say) -> None:
    assert say().gsis_clients == {}
    environment.read.cache_clear()
    read = say(**GSIS)
    assert read.gsis_clients == {"gsis-citizen": ("T4KA", "our secret there")}
    assert read.gsis_url == "https://oauth2.gsis.gr"
    assert "our secret" not in repr(read)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"ENTAXIS_MODE": None}, "ENTAXIS_MODE"),
        ({"ENTAXIS_MODE": "development"}, "ENTAXIS_MODE"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"ENTAXIS_SECRET_KEY": "short"}, "ENTAXIS_SECRET_KEY"),
        ({"ENTAXIS_PSEUDONYM_KEY": "short"}, "ENTAXIS_PSEUDONYM_KEY"),
        ({"ENTAXIS_PSEUDONYM_KEY": environment.DEMONSTRATION_PSEUDONYM_KEY}, "ENTAXIS_PSEUDONYM_KEY"),
        ({"ENTAXIS_SECRET_KEY": "checkout-" + "x" * 60}, "ENTAXIS_SECRET_KEY"),
        ({"ENTAXIS_REGION_HOSTS": None}, "ENTAXIS_REGION_HOSTS"),
        ({"ENTAXIS_REGION_HOSTS": "EL61=thessaly.localhost"}, "ENTAXIS_REGION_HOSTS"),
        ({"ENTAXIS_REGION_HOSTS": "nonsense"}, "ENTAXIS_REGION_HOSTS"),
        ({"ENTAXIS_DEFAULT_REGION": "EL99"}, "ENTAXIS_DEFAULT_REGION"),
        ({"ENTAXIS_EMAIL_URL": None}, "ENTAXIS_EMAIL_URL"),
        ({"ENTAXIS_EMAIL_FROM": None}, "ENTAXIS_EMAIL_FROM"),
        ({"ENTAXIS_GSIS_CITIZEN_ID": "T1"}, "ENTAXIS_GSIS_CITIZEN_SECRET"),
        ({"ENTAXIS_GSIS_CIVIL_SERVANT_SECRET": "secret"}, "ENTAXIS_GSIS_CIVIL_SERVANT_ID"),
        (GSIS | {"ENTAXIS_GSIS_CITIZEN_ID": "demo-client"}, "ENTAXIS_GSIS_"),
        (GSIS | {"ENTAXIS_GSIS_URL": "https://test.gsis.gr"}, "ENTAXIS_GSIS_URL"),
        (GSIS | {"ENTAXIS_GSIS_URL": "http://oauth2.gsis.gr"}, "ENTAXIS_GSIS_URL"),
        ({"ENTAXIS_GSIS_URL": "https://oauth2.gsis.gr/oauth2server"}, "ENTAXIS_GSIS_URL"),
        ({"ENTAXIS_GSIS_URL": "oauth2.gsis.gr"}, "ENTAXIS_GSIS_URL"),
    ],
)
def test_what_is_wrong_is_named_and_no_value_repeated(say, changes, named) -> None:
    with pytest.raises(SystemExit) as stopped:
        say(**changes)
    sentence = str(stopped.value)
    assert named in sentence
    assert "secret@" not in sentence
    assert GOOD["ENTAXIS_SECRET_KEY"] not in sentence


def test_changing_tables_wants_the_owner(say) -> None:
    with pytest.raises(SystemExit, match="OWNER_DATABASE_URL"):
        _ = say(ENTAXIS_DATABASE_ROLE="owner").connection


@pytest.mark.parametrize("url", ["", "mail.example.gr", "http://mail.example.gr", "smtp://"])
def test_a_mail_server_is_an_address(url: str) -> None:
    with pytest.raises(SystemExit, match="ENTAXIS_EMAIL_URL"):
        smtp(url)


def test_a_mail_server_keeps_its_password_whole() -> None:
    settings = smtp("smtps://observatory:p%40ss@mail.example.gr")
    assert (settings["EMAIL_PORT"], settings["EMAIL_HOST_PASSWORD"], settings["EMAIL_USE_SSL"]) == (
        465,
        "p@ss",
        True,
    )
