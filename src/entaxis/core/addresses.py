"""Whose network address a request comes from, behind as many proxies as the environment names."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def of_client(request: HttpRequest) -> str:
    """The client's address, believed as far as our own proxies wrote it.

    Every proxy appends the address it was called from to X-Forwarded-For, so with ``n`` of our own the
    ``n``-th from the right was written by the outermost of them; what stands left of it may be invented.
    """
    written = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXIES
    believed = written[-proxies].strip() if 0 < proxies <= len(written) else direct
    return believed if _is_address(believed) else direct


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
