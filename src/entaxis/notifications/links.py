"""Whole addresses for mails, and the signed tokens in them.

A link in a mail opens a page that says what will happen; only its button (POST) does it, since scanners
of mail follow links. `core.logs` writes no token into a log.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing

from entaxis.geography.models import Area


def absolute(region: Area, path: str) -> str:
    """The whole address of ``path`` on the host that serves ``region``."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("a path of this platform begins with one slash")
    host = next((host for host, code in settings.REGION_HOSTS.items() if code == region.code), None)
    if host is None:
        raise ValueError(f"no host serves the region {region.code}")
    scheme = "https" if settings.MODE == "production" else "http"
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{scheme}://{host}{port}{path}"


def token(purpose: str, value: Any) -> str:
    """``value`` (plain: text, number, list, dict) signed for one purpose; it can be read, not forged."""
    return signing.dumps(value, salt=f"entaxis.{purpose}", compress=True)


def read(purpose: str, text: str, *, max_age_days: float | None = None) -> Any:
    """What was signed for this purpose; None where it was not, or longer ago than ``max_age_days``."""
    age = None if max_age_days is None else timedelta(days=max_age_days)
    try:
        return signing.loads(text, salt=f"entaxis.{purpose}", max_age=age)
    except signing.BadSignature:
        return None
