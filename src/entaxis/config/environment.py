"""What the environment says, read once, typed, failing loudly.

Every variable is described in docs/operations.md. A wrong or missing one stops the start with a
sentence that names it; nothing has a default that could do harm in production.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parents[3]
DEMONSTRATION_HOSTS = {"thessaly.localhost": "EL61", "peloponnese.localhost": "EL65"}
DEMONSTRATION_PSEUDONYM_KEY = "demonstration-" + "0" * 40  # protects nobody: its persons are synthetic


class Environment(BaseSettings):
    """The variables of the process."""

    model_config = SettingsConfigDict(env_prefix="ENTAXIS_", frozen=True, extra="ignore")

    mode: Literal["demo", "test", "production"]
    secret_key: SecretStr
    database_url: SecretStr = Field(validation_alias="DATABASE_URL")
    owner_database_url: SecretStr | None = Field(default=None, validation_alias="OWNER_DATABASE_URL")
    database_role: Literal["web", "owner"] = "web"
    region_hosts: Annotated[dict[str, str], NoDecode] = DEMONSTRATION_HOSTS
    default_region: str = "EL61"
    data_folder: Path = CHECKOUT / "var"
    email_url: str = ""
    email_from: str = "observatory@localhost"
    email_bounces: str = ""
    public_port: int | None = Field(default=None, ge=1, le=65535)
    trusted_proxies: int = 0
    gsis_url: str = "https://oauth2.gsis.gr"
    gsis_citizen_id: str = ""
    gsis_citizen_secret: SecretStr = SecretStr("")
    gsis_civil_servant_id: str = ""
    gsis_civil_servant_secret: SecretStr = SecretStr("")
    pseudonym_key: SecretStr = SecretStr(DEMONSTRATION_PSEUDONYM_KEY)
    confirm_after_days: int = Field(default=183, ge=30, le=3650)  # then an entry's keepers are asked

    @field_validator("region_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: Any) -> Any:
        """``EL61=portal.example.gr,EL65=…`` → host → NUTS code of the region."""
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        if not pairs or any(not code.strip() or not host.strip() for code, _, host in pairs):
            raise ValueError("write it as EL61=first.example.gr,EL65=second.example.gr")
        return {host.strip().lower(): code.strip() for code, _, host in pairs}

    @field_validator("gsis_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        parts = urlsplit(value.rstrip("/"))
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            raise ValueError("write it as https://oauth2.gsis.gr")
        return f"{parts.scheme}://{parts.netloc}"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for door, (client_id, secret) in self._gsis_doors.items():
            if bool(client_id) != bool(secret):
                name = door.upper().replace("-", "_")
                raise ValueError(f"ENTAXIS_{name}_ID and ENTAXIS_{name}_SECRET go together")
        if self.default_region not in self.region_hosts.values():
            raise ValueError(f"ENTAXIS_DEFAULT_REGION {self.default_region} has no host")
        if self.mode == "production":
            self._refuse_demonstration()
        return self

    def _refuse_demonstration(self) -> None:
        secret = self.secret_key.get_secret_value()
        if len(secret) < 50 or secret.startswith("checkout-"):
            raise ValueError("ENTAXIS_SECRET_KEY must be a secret of its own, 50 characters or more")
        key = self.pseudonym_key.get_secret_value()
        if len(key) < 50 or key.startswith("demonstration-") or key == secret:
            raise ValueError("ENTAXIS_PSEUDONYM_KEY must be a secret of its own, 50 characters or more")
        if self.region_hosts == DEMONSTRATION_HOSTS or any(
            host == "localhost" or host.endswith(".localhost") for host in self.region_hosts
        ):
            raise ValueError("ENTAXIS_REGION_HOSTS must name the public hosts of the regions")
        if not self.email_url:
            raise ValueError("ENTAXIS_EMAIL_URL must name the mail server")
        if self.email_from.endswith("@localhost"):
            raise ValueError("ENTAXIS_EMAIL_FROM must be the observatory's own address")
        if self.gsis_clients:
            self._refuse_demonstration_of_gsis()

    def _refuse_demonstration_of_gsis(self) -> None:
        parts = urlsplit(self.gsis_url)
        if parts.scheme != "https" or parts.hostname in {"test.gsis.gr", "localhost", "127.0.0.1", "::1"}:
            raise ValueError("ENTAXIS_GSIS_URL must be GSIS's own server, by https, not its test server")
        if any(
            client_id.lower().startswith(("demo", "test")) for client_id, _ in self.gsis_clients.values()
        ):
            raise ValueError("ENTAXIS_GSIS_…_ID is a client of a demonstration")

    @property
    def _gsis_doors(self) -> dict[str, tuple[str, str]]:
        return {
            "gsis-citizen": (self.gsis_citizen_id, self.gsis_citizen_secret.get_secret_value()),
            "gsis-civil-servant": (
                self.gsis_civil_servant_id,
                self.gsis_civil_servant_secret.get_secret_value(),
            ),
        }

    @property
    def gsis_clients(self) -> dict[str, tuple[str, str]]:
        """Door of GSIS → id and secret of our client there; only the doors that have one."""
        return {door: client for door, client in self._gsis_doors.items() if all(client)}

    @property
    def connection(self) -> dict[str, Any]:
        """Django's description of the database, for the role this process works as."""
        url = self.database_url
        if self.database_role == "owner" or self.mode == "test":
            if self.owner_database_url is None:
                raise EnvironmentFault("OWNER_DATABASE_URL is needed to change tables.")
            url = self.owner_database_url
        parts = conninfo_to_dict(url.get_secret_value())
        return {
            "ENGINE": "django.contrib.gis.db.backends.postgis",
            "NAME": parts.get("dbname", ""),
            "USER": parts.get("user", ""),
            "PASSWORD": parts.get("password", ""),
            "HOST": parts.get("host", ""),
            "PORT": str(parts.get("port", "")),
        }


class EnvironmentFault(SystemExit):
    """The environment is wrong; the process stops with the sentence, without a traceback."""


@lru_cache(maxsize=1)
def read() -> Environment:
    """The environment of this process; stops it with a plain sentence where it is wrong."""
    try:
        return Environment()  # type: ignore[call-arg]  # its fields come from the environment
    except ValidationError as error:
        raise EnvironmentFault(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    """Name what is wrong without repeating a value: it may be a secret."""
    lines = []
    for fault in error.errors(include_input=False, include_context=False, include_url=False):
        field = str(fault["loc"][0]) if fault["loc"] else ""
        name = field if field.isupper() else f"ENTAXIS_{field.upper()}" if field else ""
        message = fault["msg"].removeprefix("Value error, ")
        lines.append(f"  {name}: {message}" if name else f"  {message}")
    return "Entaxis cannot start; the environment is not right:\n" + "\n".join(lines)
