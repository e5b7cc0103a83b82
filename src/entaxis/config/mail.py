"""The mail server, from one address."""

from typing import Any
from urllib.parse import unquote, urlsplit


def smtp(url: str) -> dict[str, Any]:
    """Django's settings for ``smtp://user:password@host:587`` or ``smtps://…:465``."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SystemExit("ENTAXIS_EMAIL_URL must look like smtp://user:password@host:587")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": 20,
    }
